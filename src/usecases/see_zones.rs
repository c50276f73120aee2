//! The zone board: which commune is green, yellow, orange or red, at any time.

use std::{collections::BTreeMap, ops::RangeBounds};

use chrono::Duration;
use serde::Serialize;

use super::{
    Result, UnitRef, UseCaseError, allowed, allowed_or_own,
    progress::Moment,
    zone_state::{ZoneChange, ZoneMark, ZoneState, schemes, states},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        text,
        unit::{Unit, UnitId, UnitKind},
        zone::{self, Colour, line::Line},
    },
    store::{Conn, units, zone_lines, zones},
};

/// How many communes a board lists one by one; above that, the places below are shown with their distributions.
pub const MOST_ROWS: usize = 400;

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
    /// What changed in the seven days before `at`, newest first.
    pub changes: Vec<ZoneChange>,
    /// What takes effect after `at`, by time.
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
    let picture = Picture::take(conn, &place.unit, at - BEFORE..)?;
    let summary = picture.summary(picture.communes(), at);
    let (changes, coming) = picture.changes(at);
    let units: BTreeMap<UnitId, &Unit> = picture.places.iter().map(|unit| (unit.id, unit)).collect();
    let proposals = zones::proposals(conn, place.unit.id, &picture.lines)?
        .iter()
        .filter_map(|decision| {
            let unit = *units.get(&decision.unit)?;
            Some(Proposal { unit: UnitRef::from(unit), state: ZoneState::of(decision)? })
        })
        .collect();
    let (mut rows, mut hamlets) = (Vec::new(), Vec::new());
    if summary.total <= MOST_ROWS {
        let zoned = |unit: &&Unit| unit.kind == UnitKind::Hamlet && picture.lines.contains_key(&unit.id);
        let shown: Vec<&Unit> = picture.communes().chain(picture.places.iter().filter(zoned)).collect();
        (hamlets, rows) =
            picture.rows(conn, &shown, at)?.into_iter().partition(|row| row.unit.kind == UnitKind::Hamlet);
    }
    let lineage: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    Ok(ZoneBoard {
        own: ZoneMark::at(picture.lines.get(&place.unit.id), at),
        groups: picture.groups(conn, (&place.unit, &units), at)?,
        scope: UnitRef::from(&place.unit),
        at,
        summary,
        rows,
        hamlets,
        changes,
        coming,
        proposals,
        may_decide: actor.may(Deed::DecideZone, &lineage),
    })
}

/// The zones as the overview shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneGlance {
    /// The distribution of the communes.
    #[serde(flatten)]
    pub summary: ZoneSummary,
    /// The communes of highest risk, worst first.
    pub worst: Vec<ZoneRow>,
    /// What the committee is to be told of the last seven days, and what is coming; newest first.
    pub alerts: Vec<ZoneChange>,
}

/// How many of the worst places and of the alerts are shown beside other things.
const AT_A_GLANCE: usize = 5;

/// The zones of the communes below a place, in short.
pub(super) fn glance(conn: &mut Conn, top: &Unit, moment: Moment) -> Result<ZoneGlance> {
    let at = moment.as_of();
    let picture = Picture::take(conn, top, at - BEFORE..)?;
    let colour = |unit: &Unit| picture.lines.get(&unit.id).and_then(|line| line.colour(line.at(at)?, schemes()));
    let mut worst: Vec<(&Unit, Colour)> =
        picture.communes().filter_map(|unit| Some((unit, colour(unit).filter(|c| *c > Colour::Green)?))).collect();
    worst.sort_by_key(|(_, colour)| std::cmp::Reverse(*colour));
    let worst: Vec<&Unit> = worst.into_iter().take(AT_A_GLANCE).map(|(unit, _)| unit).collect();
    let (changes, mut alerts) = picture.changes(at);
    alerts.extend(changes.into_iter().filter(|change| change.alert.is_some()));
    alerts.truncate(AT_A_GLANCE);
    Ok(ZoneGlance { summary: picture.summary(picture.communes(), at), worst: picture.rows(conn, &worst, at)?, alerts })
}

/// How far before its moment a board looks: a week, and what was in force before that.
const BEFORE: Duration = Duration::days(8);

/// The places below one, with the lines of those that have one.
pub(super) struct Picture {
    /// Places, the communes among them in Vietnamese order.
    pub places: Vec<Unit>,
    /// Their lines.
    pub lines: BTreeMap<UnitId, Line>,
}

impl Picture {
    /// Reads them: two queries, whatever the size.
    pub fn take(conn: &mut Conn, top: &Unit, span: impl RangeBounds<Instant>) -> Result<Self> {
        let mut places = units::places(conn, top.id)?;
        if places.len() <= MOST_ROWS * 2 {
            places.sort_by(|a, b| text::compare(&a.name, &b.name));
        }
        Ok(Self { places, lines: zone_lines::below(conn, top.id, span)? })
    }

    /// The communes; of a hamlet itself, the hamlet.
    pub fn communes(&self) -> impl Iterator<Item = &Unit> {
        let lone = self.places.len() == 1;
        self.places.iter().filter(move |unit| unit.kind == UnitKind::Commune || lone)
    }

    fn summary<'a>(&self, places: impl Iterator<Item = &'a Unit>, at: Instant) -> ZoneSummary {
        let mut counts: BTreeMap<Colour, usize> = Colour::ALL.iter().map(|colour| (*colour, 0)).collect();
        let (mut total, mut unclassified, mut changed_this_week) = (0, 0, 0);
        for place in places {
            total += 1;
            let line = self.lines.get(&place.id);
            let known = |at| line.and_then(|line: &Line| line.at(at).map(|step| (step.scheme, step.level)));
            changed_this_week += usize::from(known(at) != known(at - Duration::days(7)));
            match line.and_then(|line| line.colour(line.at(at)?, schemes())) {
                Some(colour) => *counts.entry(colour).or_default() += 1,
                None => unclassified += 1,
            }
        }
        ZoneSummary { total, counts, unclassified, changed_this_week }
    }

    fn rows(&self, conn: &mut Conn, places: &[&Unit], at: Instant) -> Result<Vec<ZoneRow>> {
        let marks: Vec<(&Unit, Option<ZoneMark>)> =
            places.iter().map(|unit| (*unit, ZoneMark::at(self.lines.get(&unit.id), at))).collect();
        let ids: Vec<i64> = marks.iter().filter_map(|(_, mark)| Some(mark.as_ref()?.decision)).collect();
        let states = states(conn, &ids)?;
        Ok(marks
            .into_iter()
            .map(|(unit, mark)| ZoneRow {
                unit: UnitRef::from(unit),
                state: mark.and_then(|mark| states.get(&mark.decision).cloned()),
                week_before: ZoneMark::at(self.lines.get(&unit.id), at - Duration::days(7)),
            })
            .collect())
    }

    /// What changed in the seven days up to `at`, newest first, and what is coming, by time.
    fn changes(&self, at: Instant) -> (Vec<ZoneChange>, Vec<ZoneChange>) {
        let (mut past, mut coming) = (Vec::new(), Vec::new());
        for unit in &self.places {
            let Some(line) = self.lines.get(&unit.id) else { continue };
            let recent = line.steps.partition_point(|step| step.from <= at - Duration::days(7));
            for (step, before) in line.steps.iter().enumerate().skip(recent).map(|(i, step)| (step, i.checked_sub(1))) {
                let before = before.and_then(|i| line.steps.get(i));
                // The same level decided again is no change; most decisions are.
                if before.is_none_or(|before| (before.scheme, before.level) != (step.scheme, step.level)) {
                    let change = ZoneChange::of(&UnitRef::from(unit), line, *step, at);
                    if step.from > at { coming.extend(change) } else { past.extend(change) }
                }
            }
        }
        past.sort_by_key(|change| std::cmp::Reverse(change.to.effective_from));
        coming.sort_by_key(|change| change.to.effective_from);
        (past, coming)
    }

    /// The places right below `top` with communes of their own.
    fn groups(
        &self,
        conn: &mut Conn,
        (top, by_id): (&Unit, &BTreeMap<UnitId, &Unit>),
        at: Instant,
    ) -> Result<Vec<ZoneGroup>> {
        if matches!(top.kind, UnitKind::Commune | UnitKind::Hamlet | UnitKind::District) {
            return Ok(Vec::new());
        }
        let mut communes: BTreeMap<UnitId, Vec<&Unit>> = BTreeMap::new();
        for (group, commune) in units::below_children(conn, top.id, UnitKind::Commune)? {
            communes.entry(group).or_default().extend(by_id.get(&commune));
        }
        let mut groups: Vec<ZoneGroup> = communes
            .into_iter()
            .filter_map(|(group, communes)| {
                Some(ZoneGroup {
                    unit: UnitRef::from(*by_id.get(&group)?),
                    own: ZoneMark::at(self.lines.get(&group), at),
                    summary: self.summary(communes.into_iter(), at),
                })
            })
            .collect();
        groups.sort_by(|a, b| text::compare(&a.unit.name, &b.unit.name));
        Ok(groups)
    }
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
