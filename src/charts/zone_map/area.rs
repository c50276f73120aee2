//! What a map may show.

use crate::charts::ChartError;
use crate::domain::unit::UnitKind;

/// A district or a province: all that a map is drawn of.
///
/// A national map is not drawn until Hoàng Sa and Trường Sa are both on it, and no outline of them is at hand. For the
/// same reason there is no map of the two provinces they belong to. A tile grid can be drawn of every area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapArea(());

/// Đà Nẵng (huyện đảo Hoàng Sa) and Khánh Hòa (huyện đảo Trường Sa), GSO codes.
const PROVINCES_WITH_ISLANDS_NOT_AT_HAND: [&str; 2] = ["48", "56"];

impl MapArea {
    /// The area of a unit, by its kind and official code.
    ///
    /// # Errors
    /// [`ChartError::NoMap`] for anything but a district or a province, and for a province whose islands could not be
    /// shown. There is no unit above a province, so that nothing larger can be asked for.
    pub fn of(kind: UnitKind, code: &str) -> Result<Self, ChartError> {
        match kind {
            UnitKind::District => Ok(Self(())),
            UnitKind::Province if !PROVINCES_WITH_ISLANDS_NOT_AT_HAND.contains(&code) => Ok(Self(())),
            _ => Err(ChartError::NoMap(code.to_owned())),
        }
    }
}
