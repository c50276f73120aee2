//! The zone board: which commune is green, yellow, orange or red, at any time.

use std::collections::BTreeMap;

use chrono::Duration;
use serde::Serialize;

use super::{
    Result, UnitRef, UseCaseError, allowed, allowed_or_own,
    progress::Moment,
    zone_picture::{Changes, Groups, MOST_ROWS, Names, Picture, WEEK},
    zone_state::{ZoneChange, ZoneMark, ZoneState, schemes, states},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        text,
        unit::{Unit, UnitId, UnitKind},
        zone::{self, Colour},
    },
    store::{
        Conn, units,
        zone_lines::{Detail, Place},
        zones,
    },
};

/// How many places are in each colour. Colours of different schemes are not compared, only counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneSummary {
    /// Places counted.
    pub total: usize,
    /// How many in each colour.
    pub counts: BTreeMap<Colour, usize>,
    /// Places without a decision: unclassified, never green.
    pub unclassified: usize,
    /// Places whose zone changed in the last seven days.
    pub changed_this_week: usize,
}

/// A place on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneRow {
    /// The place.
    pub unit: UnitRef,
    /// Its zone; none: unclassified.
    pub state: Option<ZoneState>,
    /// Its zone seven days before.
    pub week_before: Option<ZoneMark>,
}

impl ZoneRow {
    /// Levels gained since a week before, where both are of one scheme: above 0 is a higher risk.
    pub fn change(&self) -> Option<i32> {
        let (now, then) = (self.state.as_ref()?, self.week_before.as_ref()?);
        (now.decision.scheme == then.scheme).then(|| now.decision.level - then.level)
    }
}

/// A place between the board's own and its communes, with its recorded zone and its communes' distribution beside it:
/// the one is never computed from the other (requirements §5.2 rule 16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneGroup {
    /// The place.
    pub unit: UnitRef,
    /// Its own recorded zone.
    pub own: Option<ZoneMark>,
    /// Its communes.
    pub summary: ZoneSummary,
}

/// The board of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneBoard {
    /// The place.
    pub scope: UnitRef,
    /// Its own recorded zone: never computed from its communes.
    pub own: Option<ZoneMark>,
    /// The instant it speaks of.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// The distribution of its communes.
    pub summary: ZoneSummary,
    /// Each commune, in Vietnamese order; empty where there are more than the board lists.
    pub rows: Vec<ZoneRow>,
    /// Hamlets that are zoned by themselves.
    pub hamlets: Vec<ZoneRow>,
    /// The places right below that have communes of their own.
    pub groups: Vec<ZoneGroup>,
    /// What changed in the seven days before `at`, newest first; of a very large place the newest two hundred.
    pub changes: Vec<ZoneChange>,
    /// What takes effect after `at`, by time; the next two hundred.
    pub coming: Vec<ZoneChange>,
    /// Proposals nobody has decided on yet; they never count.
    pub proposals: Vec<Proposal>,
    /// Whether the actor may record decisions here.
    pub may_decide: bool,
}

/// A zone somebody proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Proposal {
    /// The place.
    pub unit: UnitRef,
    /// What is proposed.
    pub state: ZoneState,
}

/// The board of `scope` at `at`.
pub fn see_zones(conn: &mut Conn, actor: &Actor, scope: Option<&str>, at: Instant) -> Result<ZoneBoard> {
    let place = allowed_or_own(conn, actor, Deed::See, scope)?;
    let picture = Picture::take(conn, &place.unit, at - BEFORE.., Detail::Decisions)?;
    let summary = summary(picture.communes(), at);
    let is_zoned_hamlet = |place: &&Place| place.kind == UnitKind::Hamlet && !place.line.steps.is_empty();
    let mut listed: Vec<&Place> = picture.communes().chain(picture.places.iter().filter(is_zoned_hamlet)).collect();
    if summary.total > MOST_ROWS {
        listed.clear();
    }
    let changes = Changes::of(&picture, at);
    let proposed: Vec<&Place> = picture.places.iter().filter(|place| !place.line.open.is_empty()).collect();
    let groups = picture.groups(&place.unit);
    let shown = listed.iter().copied().chain(changes.places()).chain(proposed).map(|place| place.unit);
    let names = Names::read(conn, shown.chain(groups.keys().copied()))?;
    names.sort(&mut listed);
    let (hamlets, rows) =
        rows(conn, &names, &listed, at)?.into_iter().partition(|row| row.unit.kind == UnitKind::Hamlet);
    let (changes, coming) = changes.told(&names, at);
    let lineage: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    Ok(ZoneBoard {
        own: picture.of(place.unit.id).and_then(|place| ZoneMark::at(&place.line, at)),
        groups: told_groups(groups, &names, at),
        proposals: proposals(conn, &picture, &names)?,
        scope: UnitRef::from(&place.unit),
        at,
        summary,
        rows,
        hamlets,
        changes,
        coming,
        may_decide: actor.may(Deed::DecideZone, &lineage),
    })
}

/// The proposals nobody has decided on, newest first.
fn proposals(conn: &mut Conn, picture: &Picture, names: &Names) -> Result<Vec<Proposal>> {
    let made: Vec<(UnitId, i64)> =
        picture.places.iter().flat_map(|place| place.line.open.iter().map(|id| (place.unit, *id))).collect();
    let states = states(conn, &made.iter().map(|(_, id)| *id).collect::<Vec<_>>())?;
    let mut proposals: Vec<Proposal> = made
        .into_iter()
        .filter_map(|(unit, id)| Some(Proposal { unit: names.of(unit)?, state: states.get(&id)?.clone() }))
        .collect();
    proposals.sort_by_key(|proposal| std::cmp::Reverse(proposal.state.decision.id));
    Ok(proposals)
}

/// The zones as the overview shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneGlance {
    /// The distribution of the communes.
    #[serde(flatten)]
    pub summary: ZoneSummary,
    /// The communes of highest risk, worst first.
    pub worst: Vec<ZoneRow>,
    /// What the committee is to be told of the last seven days, newest first, then what is coming, by time.
    pub alerts: Vec<ZoneChange>,
}

/// How many of the worst places, of the alerts and of what is coming are shown beside other things.
const AT_A_GLANCE: usize = 5;

/// The zones of the communes below a place, in short.
pub(super) fn glance(conn: &mut Conn, top: &Unit, moment: Moment) -> Result<ZoneGlance> {
    let at = moment.as_of();
    let picture = Picture::take(conn, top, at - BEFORE.., Detail::Decisions)?;
    let risk =
        |place: &Place| place.line.colour(place.line.at(at)?, schemes()).filter(|colour| *colour > Colour::Green);
    let mut worst: Vec<(&Place, Colour)> = picture.communes().filter_map(|place| Some((place, risk(place)?))).collect();
    worst.sort_by_key(|(_, colour)| std::cmp::Reverse(*colour));
    let worst: Vec<&Place> = worst.into_iter().take(AT_A_GLANCE).map(|(place, _)| place).collect();
    let changes = Changes::of(&picture, at);
    let names =
        Names::read(conn, worst.iter().map(|place| place.unit).chain(changes.places().map(|place| place.unit)))?;
    let (changes, mut coming) = changes.told(&names, at);
    let mut alerts: Vec<ZoneChange> = changes.into_iter().filter(|change| change.alert.is_some()).collect();
    alerts.truncate(AT_A_GLANCE);
    coming.truncate(AT_A_GLANCE);
    alerts.append(&mut coming);
    Ok(ZoneGlance { summary: summary(picture.communes(), at), worst: rows(conn, &names, &worst, at)?, alerts })
}

/// How far before its moment a board looks: a week, and what was in force before that.
const BEFORE: Duration = Duration::days(8);

fn summary<'a>(places: impl Iterator<Item = &'a Place>, at: Instant) -> ZoneSummary {
    let mut counts: BTreeMap<Colour, usize> = Colour::ALL.iter().map(|colour| (*colour, 0)).collect();
    let (mut total, mut unclassified, mut changed_this_week) = (0, 0, 0);
    for Place { line, .. } in places {
        total += 1;
        let (now, then) = (line.at(at), line.at(at - WEEK));
        changed_this_week += usize::from(match (now, then) {
            (Some(now), Some(then)) => !now.is_as(then),
            (now, then) => now != then,
        });
        match now.and_then(|step| line.colour(step, schemes())) {
            Some(colour) => *counts.entry(colour).or_default() += 1,
            None => unclassified += 1,
        }
    }
    ZoneSummary { total, counts, unclassified, changed_this_week }
}

fn rows(conn: &mut Conn, names: &Names, places: &[&Place], at: Instant) -> Result<Vec<ZoneRow>> {
    let marks: Vec<(&Place, Option<ZoneMark>)> =
        places.iter().map(|place| (*place, ZoneMark::at(&place.line, at))).collect();
    let ids: Vec<i64> = marks.iter().filter_map(|(_, mark)| Some(mark.as_ref()?.decision)).collect();
    let states = states(conn, &ids)?;
    let row = |(place, mark): (&Place, Option<ZoneMark>)| {
        Some(ZoneRow {
            unit: names.of(place.unit)?,
            state: mark.and_then(|mark| states.get(&mark.decision).cloned()),
            week_before: ZoneMark::at(&place.line, at - WEEK),
        })
    };
    Ok(marks.into_iter().filter_map(row).collect())
}

/// Places with communes of their own, each with their distribution, in Vietnamese order.
fn told_groups(groups: Groups<'_>, names: &Names, at: Instant) -> Vec<ZoneGroup> {
    let group = |(group, communes): (&Place, Vec<&Place>)| {
        let own = ZoneMark::at(&group.line, at);
        Some(ZoneGroup { unit: names.of(group.unit)?, own, summary: summary(communes.into_iter(), at) })
    };
    let mut groups: Vec<ZoneGroup> = groups.into_values().filter_map(group).collect();
    groups.sort_by(|a, b| text::compare(&a.unit.name, &b.unit.name));
    groups
}

/// Every decision on one place, by time, with the one in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneHistory {
    /// The place.
    pub unit: UnitRef,
    /// In force now.
    pub current: Option<ZoneState>,
    /// Every decision, proposal and correction, newest effect first.
    pub decisions: Vec<ZoneState>,
    /// Numbers of the records that were corrected or taken back since.
    pub out: Vec<i64>,
    /// Whether the actor may correct them.
    pub may_decide: bool,
}

/// The zone history of one place.
pub fn see_zone_history(conn: &mut Conn, actor: &Actor, code: &str, at: Instant) -> Result<ZoneHistory> {
    let place = allowed(conn, actor, Deed::See, code)?;
    let decisions = zones::of(conn, place.unit.id)?;
    let standing: Vec<i64> = zone::standing(&decisions).map(|decision| decision.id).collect();
    let lineage: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    Ok(ZoneHistory {
        may_decide: actor.may(Deed::DecideZone, &lineage),
        out: decisions.iter().filter(|d| !d.is_withdrawal && !standing.contains(&d.id)).map(|d| d.id).collect(),
        unit: UnitRef::from(&place.unit),
        current: zone::in_force(&decisions, at).and_then(ZoneState::of),
        decisions: decisions.iter().rev().filter_map(ZoneState::of).collect(),
    })
}

/// One record with its place.
pub fn see_decision(conn: &mut Conn, actor: &Actor, id: i64) -> Result<(UnitRef, ZoneState)> {
    let not_found = || UseCaseError::NotFound { kind: "decision", name: id.to_string() };
    let decision = zones::with_ids(conn, &[id])?.pop().ok_or_else(not_found)?;
    let code = units::get(conn, decision.unit)?.code;
    let place = allowed(conn, actor, Deed::See, &code)?;
    Ok((UnitRef::from(&place.unit), ZoneState::of(&decision).ok_or_else(not_found)?))
}
