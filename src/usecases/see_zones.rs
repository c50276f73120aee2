//! The zone board: which commune is green, yellow, orange or red, at any time.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use serde::Serialize;

use super::{Result, UnitRef, allowed, allowed_or_own, progress::Moment};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        plan::Words,
        text,
        unit::{Unit, UnitKind},
        zone::{self, Colour, Decision, Scheme},
    },
    store::{Conn, units, zones},
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
}

/// How many places are in each colour. Colours of different schemes are not compared, only counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneSummary {
    /// Places counted.
    pub total: usize,
    /// How many in each colour.
    pub counts: BTreeMap<Colour, usize>,
    /// Places without a decision: unclassified, never green.
    pub unclassified: usize,
    /// Places whose colour changed in the last seven days.
    pub changed_this_week: usize,
    /// The places of highest risk, worst first.
    pub worst: Vec<ZoneRow>,
}

/// A place on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneRow {
    /// The place.
    pub unit: UnitRef,
    /// Its zone; none: unclassified.
    pub state: Option<ZoneState>,
    /// Its zone seven days before.
    pub week_before: Option<ZoneState>,
}

impl ZoneRow {
    /// Levels gained since a week before, where both are of one scheme: above 0 is a higher risk.
    pub fn change(&self) -> Option<i32> {
        let (now, then) = (self.state.as_ref()?, self.week_before.as_ref()?);
        (now.decision.scheme == then.decision.scheme).then(|| now.decision.level - then.decision.level)
    }
}

/// The board of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneBoard {
    /// The place.
    pub scope: UnitRef,
    /// Its own recorded zone: never computed from its communes.
    pub own: Option<ZoneState>,
    /// The instant it speaks of.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// The distribution.
    pub summary: ZoneSummary,
    /// Each commune, in Vietnamese order.
    pub rows: Vec<ZoneRow>,
    /// Decisions that take effect after `at`.
    pub coming: Vec<Coming>,
    /// Whether the actor may record decisions here.
    pub may_decide: bool,
}

/// A decision that is not in force yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Coming {
    /// The place.
    pub unit: UnitRef,
    /// What it will be.
    pub state: ZoneState,
}

/// The board of `scope` at `at`.
pub fn see_zones(conn: &mut Conn, actor: &Actor, scope: Option<&str>, at: Instant) -> Result<ZoneBoard> {
    let place = allowed_or_own(conn, actor, Deed::See, scope)?;
    let rows = rows(conn, &place.unit, at)?;
    let own =
        zones::in_force(conn, place.unit.id, at)?.iter().find(|d| d.unit == place.unit.id).and_then(ZoneState::of);
    let units = units::subtree(conn, place.unit.id, None)?;
    let coming = zones::coming(conn, place.unit.id, at)?
        .iter()
        .filter_map(|decision| {
            let unit = units.iter().find(|unit| unit.id == decision.unit)?;
            Some(Coming { unit: UnitRef::from(unit), state: ZoneState::of(decision)? })
        })
        .collect();
    let lineage: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    Ok(ZoneBoard {
        scope: UnitRef::from(&place.unit),
        own,
        at,
        summary: summarise(&rows),
        rows,
        coming,
        may_decide: actor.may(Deed::DecideZone, &lineage),
    })
}

/// The distribution of the communes below a place.
pub(super) fn summary(conn: &mut Conn, top: &Unit, moment: Moment) -> Result<ZoneSummary> {
    Ok(summarise(&rows(conn, top, moment.as_of())?))
}

fn rows(conn: &mut Conn, top: &Unit, at: Instant) -> Result<Vec<ZoneRow>> {
    let mut communes = units::subtree(conn, top.id, Some(UnitKind::Commune))?;
    if top.kind == UnitKind::Hamlet {
        communes.push(top.clone());
    }
    communes.sort_by(|a, b| text::compare(&a.name, &b.name));
    let now = zones::in_force(conn, top.id, at)?;
    let then = zones::in_force(conn, top.id, at - Duration::days(7))?;
    let of = |decisions: &[Decision], unit: &Unit| decisions.iter().find(|d| d.unit == unit.id).and_then(ZoneState::of);
    Ok(communes
        .iter()
        .map(|unit| ZoneRow { unit: UnitRef::from(unit), state: of(&now, unit), week_before: of(&then, unit) })
        .collect())
}

fn summarise(rows: &[ZoneRow]) -> ZoneSummary {
    let mut counts: BTreeMap<Colour, usize> = Colour::ALL.iter().map(|colour| (*colour, 0)).collect();
    for state in rows.iter().filter_map(|row| row.state.as_ref()) {
        *counts.entry(state.colour).or_default() += 1;
    }
    let mut worst: Vec<&ZoneRow> =
        rows.iter().filter(|row| row.state.as_ref().is_some_and(|state| state.colour > Colour::Green)).collect();
    worst.sort_by_key(|row| std::cmp::Reverse(row.state.as_ref().map(|state| state.colour)));
    let colour = |state: &Option<ZoneState>| state.as_ref().map(|state| state.colour);
    ZoneSummary {
        total: rows.len(),
        unclassified: rows.iter().filter(|row| row.state.is_none()).count(),
        changed_this_week: rows.iter().filter(|row| colour(&row.state) != colour(&row.week_before)).count(),
        counts,
        worst: worst.into_iter().take(5).cloned().collect(),
    }
}

/// Every decision on one place, by time, with the one in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneHistory {
    /// The place.
    pub unit: UnitRef,
    /// In force now.
    pub current: Option<ZoneState>,
    /// Every decision and proposal, newest effect first.
    pub decisions: Vec<ZoneState>,
}

/// The zone history of one place.
pub fn see_zone_history(conn: &mut Conn, actor: &Actor, code: &str, at: Instant) -> Result<ZoneHistory> {
    let place = allowed(conn, actor, Deed::See, code)?;
    let decisions = zones::of(conn, place.unit.id)?;
    Ok(ZoneHistory {
        unit: UnitRef::from(&place.unit),
        current: zone::in_force(&decisions, at).and_then(ZoneState::of),
        decisions: decisions.iter().rev().filter_map(ZoneState::of).collect(),
    })
}
