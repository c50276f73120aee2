//! Which days, of which places: what the pages on the course of zones and on a drive are asked.

use serde::Deserialize;

use super::visit::{Visit, given, taken};
use crate::{
    domain::{
        calendar,
        report::{Fault, Rule},
        unit::UnitKind,
        zone::drive::Window,
    },
    web::problem::Problem,
};

/// The filters of both pages.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Unit code.
    #[serde(rename = "don-vi")]
    pub unit: Option<String>,
    /// First day.
    #[serde(rename = "tu")]
    pub from: Option<String>,
    /// Last day.
    #[serde(rename = "den")]
    pub to: Option<String>,
    /// `commune` or `district`.
    #[serde(rename = "cap")]
    pub kind: Option<String>,
    /// `o` or `ban-do`.
    #[serde(rename = "kieu")]
    pub shape: Option<String>,
    /// The mark just made.
    #[serde(rename = "da-ghi")]
    pub marked: Option<String>,
}

impl Asked {
    /// The unit asked for.
    pub fn unit(&self) -> Option<String> {
        taken(self.unit.as_ref())
    }

    /// Communes, unless districts are asked for.
    pub fn kind(&self) -> UnitKind {
        given(self.kind.as_ref()).and_then(UnitKind::from_code).unwrap_or(UnitKind::Commune)
    }

    /// The days asked for; the usual ones where nothing is.
    pub fn window(&self, visit: &Visit, usual: Window) -> Result<Window, Problem> {
        let from = visit.day(self.from.as_ref())?.unwrap_or(usual.starts_on);
        let to = visit.day(self.to.as_ref())?.unwrap_or(usual.ends_on);
        let lang = visit.lang;
        let fault = || {
            let range = format!("{}–{}", lang.day(from), lang.day(from + chrono::Days::new(1099)));
            Fault::of_report("ends_on", Rule::OutOfRange, lang.day(to), Some(range))
        };
        Window::new(from, to).ok_or_else(|| Problem::invalid(vec![fault()]))
    }

    /// The filters again, for the twins and other shapes of the page.
    pub fn filters(&self, visit: &Visit, window: Window) -> [(&'static str, String); 4] {
        let day = |day| visit.lang.day_to_type(day);
        [
            ("don-vi", self.unit().unwrap_or_default()),
            ("tu", day(window.starts_on)),
            ("den", day(window.ends_on)),
            ("cap", self.kind().code().to_owned()),
        ]
    }
}

/// The last `days` days.
pub fn last_days(visit: &Visit, days: u64) -> Window {
    let today = calendar::day(visit.now);
    Window { starts_on: today - chrono::Days::new(days.saturating_sub(1)), ends_on: today }
}
