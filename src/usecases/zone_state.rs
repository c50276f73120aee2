//! What every view of zones shares: the schemes, a zone in the words of its scheme, a change from one to another.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Result, UnitRef};
use crate::{
    domain::{
        calendar::Instant,
        coded,
        plan::Words,
        zone::{
            Colour, Decision, Scheme,
            line::{Line, Step},
        },
    },
    store::{Conn, zones},
};

/// The official schemes, compiled in: levels, names, colours.
pub fn schemes() -> &'static [Scheme] {
    static SCHEMES: std::sync::LazyLock<Vec<Scheme>> = std::sync::LazyLock::new(|| {
        #[derive(serde::Deserialize)]
        struct File {
            scheme: Vec<Scheme>,
        }
        // A test reads the file; a broken one would leave no scheme to choose rather than stop the service.
        toml::from_str::<File>(include_str!("../../seed/zones/schemes.toml"))
            .map(|file| file.scheme)
            .unwrap_or_default()
    });
    &SCHEMES
}

/// The scheme with this code.
pub fn scheme(code: &str) -> Option<&'static Scheme> {
    schemes().iter().find(|scheme| scheme.code == code)
}

/// The scheme in force on a day.
pub fn scheme_on(day: NaiveDate) -> Option<&'static Scheme> {
    schemes().iter().find(|scheme| day >= scheme.valid_from && scheme.valid_to.is_none_or(|last| day <= last))
}

/// A zone of a line in the words of its scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneMark {
    /// Colour.
    pub colour: Colour,
    /// Letter beside the colour.
    pub letter: &'static str,
    /// Name of the level in its scheme.
    pub name: Words,
    /// The scheme's code.
    pub scheme: &'static str,
    /// The level in that scheme.
    pub level: i32,
    /// The hour it takes effect.
    #[schema(value_type = String, format = DateTime)]
    pub effective_from: Instant,
    /// Record number of the decision.
    pub decision: i64,
}

impl ZoneMark {
    /// A level of a scheme from a moment on; none when scheme or level is not known.
    pub fn new(code: &str, level: i32, effective_from: Instant, decision: i64) -> Option<Self> {
        let scheme = scheme(code)?;
        let known = scheme.level(level)?;
        Some(Self {
            colour: known.colour,
            letter: known.colour.letter(),
            name: known.words(),
            scheme: &scheme.code,
            level,
            effective_from,
            decision,
        })
    }

    /// A step of a line.
    pub fn of(line: &Line, step: Step) -> Option<Self> {
        Self::new(line.scheme(step), step.level, step.from(), step.decision)
    }

    /// What was in force at a moment.
    pub fn at(line: &Line, at: Instant) -> Option<Self> {
        Self::of(line, line.at(at)?)
    }
}

/// A zone as it stands: the decision in force with the words of its scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneState {
    /// Colour.
    pub colour: Colour,
    /// Letter beside the colour.
    pub letter: &'static str,
    /// Name of the level in its scheme.
    pub name: Words,
    /// The decision.
    #[serde(flatten)]
    pub decision: Decision,
}

impl ZoneState {
    /// A decision in the words of its scheme; none when the scheme or level is not known.
    pub fn of(decision: &Decision) -> Option<Self> {
        let level = scheme(&decision.scheme)?.level(decision.level)?;
        Some(Self {
            colour: level.colour,
            letter: level.colour.letter(),
            name: level.words(),
            decision: decision.clone(),
        })
    }

    /// The zone alone, without what stands behind it.
    pub fn mark(&self) -> Option<ZoneMark> {
        let Decision { id, level, effective_from, .. } = self.decision;
        ZoneMark::new(&self.decision.scheme, level, effective_from, id)
    }
}

coded! {
    /// What the committee is to be told of (requirements R-ST-15).
    pub enum Alert {
        /// A green place is green no more.
        LeftGreen = "left_green",
        /// The risk rose.
        Worsened = "worsened",
        /// A decision that is not in force yet.
        Coming = "coming",
    }
}

/// A place goes from one zone to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneChange {
    /// The place.
    pub unit: UnitRef,
    /// What was in force before; none: unclassified.
    pub from: Option<ZoneMark>,
    /// What took, or takes, effect.
    pub to: ZoneMark,
    /// Whether the committee is to be told, and of what.
    pub alert: Option<Alert>,
}

impl ZoneChange {
    /// A step of a place's line against what was in force just before. Levels of different schemes are not compared.
    pub fn of(unit: &UnitRef, line: &Line, step: Step, now: Instant) -> Option<Self> {
        let to = ZoneMark::of(line, step)?;
        let from = ZoneMark::at(line, step.from() - chrono::Duration::seconds(1));
        let rose = from.as_ref().is_some_and(|from| from.scheme == to.scheme && to.level > from.level);
        let was_green = from.as_ref().is_some_and(|from| from.colour == Colour::Green);
        let alert = match (step.from() > now, rose, was_green) {
            (true, ..) => Some(Alert::Coming),
            (_, true, true) => Some(Alert::LeftGreen),
            (_, true, false) => Some(Alert::Worsened),
            _ => None,
        };
        Some(Self { unit: unit.clone(), from, to, alert })
    }

    /// Whether it is a change at all, and not the same level decided again.
    pub fn is_change(&self) -> bool {
        self.from.as_ref().is_none_or(|from| (from.scheme, from.level) != (self.to.scheme, self.to.level))
    }
}

/// The decisions behind marks, in the words of their schemes, by record number.
pub(super) fn states(conn: &mut Conn, ids: &[i64]) -> Result<BTreeMap<i64, ZoneState>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let decisions = zones::with_ids(conn, ids)?;
    Ok(decisions.iter().filter_map(|decision| Some((decision.id, ZoneState::of(decision)?))).collect())
}
