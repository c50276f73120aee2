//! How a drive to keep and widen green zones came out: who kept green, who moved to a lower risk, and what stands
//! behind it. The shortlist proposes; a person decides (requirements R-ST-03…07, §5.2 rules 13–15).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Result, UnitRef, allowed_or_own,
    zone_picture::{MOST_ROWS, Names, Picture},
    zone_state::{ZoneMark, ZoneState, schemes, states},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        rate::Rate,
        text,
        unit::{Unit, UnitKind},
        zone::{
            Colour,
            drive::{self, AwardState, Distribution, Judged, Outcome, Window},
            line::Step,
        },
    },
    store::{
        Conn, zone_drives,
        zone_lines::{Detail, Place},
    },
};

/// What is asked: where, which days, which level of places.
#[derive(Debug, Clone)]
pub struct Question {
    /// Unit code; the top of what the actor sees by default.
    pub scope: Option<String>,
    /// The days.
    pub window: Window,
    /// Communes or districts: both compete (plan 127 §II.2).
    pub kind: UnitKind,
}

/// A drive's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DriveResult {
    /// The place whose communes or districts are judged.
    pub scope: UnitRef,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub starts_on: NaiveDate,
    /// Last day, included.
    #[schema(value_type = String, format = Date)]
    pub ends_on: NaiveDate,
    /// What was judged.
    pub kind: UnitKind,
    /// Zones at 00:00 of the first day.
    pub baseline: Tally,
    /// Zones at the end of the last day.
    pub last: Tally,
    /// More green places than at the start, or fewer: mở rộng vùng xanh.
    pub green: Growth,
    /// More red places than at the start, or fewer: thu hẹp vùng đỏ.
    pub red: Growth,
    /// How many places came out how.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// Totals published by an issuer in force during the window.
    pub published: Vec<Published>,
    /// The places; empty where there are more than are listed.
    pub places: Vec<DrivePlace>,
    /// Whether the actor may mark who is proposed, appraised, awarded.
    pub may_mark: bool,
}

/// Places by colour at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Tally {
    /// Every place.
    pub total: usize,
    /// Places in each colour.
    pub counts: BTreeMap<Colour, usize>,
    /// The share of each colour in all places.
    pub shares: BTreeMap<Colour, Rate>,
    /// Places without a known decision: they are of no colour.
    pub unclassified: usize,
}

impl Tally {
    fn of(distribution: &Distribution) -> Self {
        let each = |of: fn(&Distribution, Colour) -> usize| {
            Colour::ALL.iter().map(move |colour| (*colour, of(distribution, *colour))).collect::<BTreeMap<_, _>>()
        };
        let counts = each(Distribution::of);
        let shares = counts.iter().map(|(colour, count)| (*colour, rate(*count, distribution.total()))).collect();
        Self { total: distribution.total(), shares, counts, unclassified: distribution.unclassified }
    }
}

/// Places gained or lost over the window, among those that can be judged: one whose zone only becomes known is no gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Growth {
    /// Places more, or fewer.
    pub places: i64,
    /// The same in tenths of a percentage point of the places that can be judged, truncated; none where there is none.
    pub tenths: Option<i64>,
}

/// A total as an issuer published it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Published {
    /// When it took effect.
    #[schema(value_type = String, format = DateTime)]
    pub effective_from: Instant,
    /// The scheme's code.
    pub scheme: String,
    /// Places in each colour.
    pub counts: BTreeMap<Colour, usize>,
    /// All of them.
    pub total: usize,
    /// The document.
    pub source: String,
    /// Where it was read.
    pub source_url: String,
}

/// A place over the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DrivePlace {
    /// The place.
    pub unit: UnitRef,
    /// How it did.
    pub outcome: Outcome,
    /// Whether it is on the shortlist.
    pub is_shortlisted: bool,
    /// In force at the start.
    pub baseline: Option<ZoneMark>,
    /// In force at the end.
    pub last: Option<ZoneMark>,
    /// Its zones through the window, in order: the path.
    pub path: Vec<Stretch>,
    /// Days green from 00:00 to 24:00.
    pub days_green: usize,
    /// Days of the window.
    pub days: usize,
    /// The decisions behind a place of the shortlist.
    pub evidence: Vec<ZoneState>,
    /// The marks people made on it, oldest first; the last is in force.
    pub marks: Vec<AwardMark>,
}

/// A stretch of a place's path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Stretch {
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// The first instant after it.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// The zone; none: unclassified.
    pub mark: Option<ZoneMark>,
}

/// A person's mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AwardMark {
    /// Where the nomination stands.
    pub state: AwardState,
    /// Why.
    pub reason: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// By whom.
    pub recorded_by: String,
}

/// Judges every commune, or every district, below a place over a window.
pub fn judge_drive(conn: &mut Conn, actor: &Actor, asked: &Question) -> Result<DriveResult> {
    let place = allowed_or_own(conn, actor, Deed::See, asked.scope.as_deref())?;
    let window = asked.window;
    let picture = Picture::take(conn, &place.unit, window.start()..window.end(), Detail::Decisions)?;
    let places = picture.places.iter().filter(|place| place.kind == asked.kind);
    let judged: Vec<(&Place, Judged)> =
        places.map(|place| (place, drive::judge(&place.line, window, schemes()))).collect();
    let (mut baseline, mut last) = (Distribution::default(), Distribution::default());
    let mut outcomes: BTreeMap<Outcome, usize> = Outcome::ALL.iter().map(|outcome| (*outcome, 0)).collect();
    for (Place { line, .. }, judged) in &judged {
        baseline.add(judged.baseline.and_then(|step| line.colour(step, schemes())));
        last.add(judged.last.and_then(|step| line.colour(step, schemes())));
        *outcomes.entry(judged.outcome).or_default() += 1;
    }
    let [green, red] = [Colour::Green, Colour::Red].map(|colour| growth(&judged, colour));
    let places = if judged.len() <= MOST_ROWS { told(conn, &place.unit, window, judged)? } else { Vec::new() };
    let lineage: Vec<_> = place.lineage.iter().map(|unit| unit.id).collect();
    Ok(DriveResult {
        starts_on: window.starts_on,
        ends_on: window.ends_on,
        kind: asked.kind,
        green,
        red,
        baseline: Tally::of(&baseline),
        last: Tally::of(&last),
        outcomes,
        published: published(conn, &place.unit, asked.kind, window)?,
        places,
        may_mark: actor.may(Deed::MarkAward, &lineage),
        scope: UnitRef::from(&place.unit),
    })
}

fn rate(count: usize, total: usize) -> Rate {
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Rate::new(whole(count), whole(total))
}

fn growth(judged: &[(&Place, Judged)], colour: Colour) -> Growth {
    let (mut places, mut eligible) = (0, 0);
    for (Place { line, .. }, judged) in judged.iter().filter(|(_, judged)| judged.outcome.is_eligible()) {
        let is = |step: Option<Step>| i64::from(step.and_then(|step| line.colour(step, schemes())) == Some(colour));
        places += is(judged.last) - is(judged.baseline);
        eligible += 1;
    }
    Growth { places, tenths: (eligible > 0).then(|| places * 1000 / eligible) }
}

/// The places one by one, by outcome and in Vietnamese order.
fn told(conn: &mut Conn, top: &Unit, window: Window, judged: Vec<(&Place, Judged)>) -> Result<Vec<DrivePlace>> {
    let names = Names::read(conn, judged.iter().map(|(place, _)| place.unit))?;
    let of_shortlist = judged.iter().filter(|(_, judged)| judged.outcome.is_shortlisted());
    let ids: Vec<i64> =
        of_shortlist.flat_map(|(_, judged)| judged.spans.iter().filter_map(|s| Some(s.step?.decision))).collect();
    let evidence = states(conn, &ids)?;
    let mut marks: BTreeMap<_, Vec<AwardMark>> = BTreeMap::new();
    for mark in zone_drives::marks(conn, top.id, window)? {
        let zone_drives::Mark { unit, state, reason, recorded_at, recorded_by, .. } = mark;
        marks.entry(unit).or_default().push(AwardMark { state, reason, recorded_at, recorded_by });
    }
    let days = window.days().count();
    let mut places: Vec<DrivePlace> = judged
        .into_iter()
        .filter_map(|(Place { unit, line, .. }, judged)| {
            let mark = |step| ZoneMark::of(line, step);
            let is_shortlisted = judged.outcome.is_shortlisted();
            let behind = judged.spans.iter().filter(|_| is_shortlisted).filter_map(|span| Some(span.step?.decision));
            Some(DrivePlace {
                unit: names.of(*unit)?,
                outcome: judged.outcome,
                is_shortlisted,
                baseline: judged.baseline.and_then(mark),
                last: judged.last.and_then(mark),
                evidence: behind.filter_map(|id| evidence.get(&id).cloned()).collect(),
                path: judged
                    .spans
                    .iter()
                    .map(|span| Stretch { from: span.from, to: span.to, mark: span.step.and_then(mark) })
                    .collect(),
                days_green: judged.days_green,
                days,
                marks: marks.remove(unit).unwrap_or_default(),
            })
        })
        .collect();
    places.sort_by(|a, b| a.outcome.cmp(&b.outcome).then_with(|| text::compare(&a.unit.name, &b.unit.name)));
    Ok(places)
}

/// The totals in force at the start of the window and those that took effect inside it.
fn published(conn: &mut Conn, top: &Unit, kind: UnitKind, window: Window) -> Result<Vec<Published>> {
    let rows = zone_drives::totals(conn, top.id, kind)?;
    let mut totals: Vec<Published> = rows
        .chunk_by(|a, b| a.effective_from == b.effective_from)
        .filter_map(|levels| {
            let first = levels.first()?;
            let scheme = super::zone_state::scheme(&first.scheme)?;
            let counts: BTreeMap<Colour, usize> = levels
                .iter()
                .filter_map(|row| Some((scheme.level(row.level)?.colour, usize::try_from(row.places).ok()?)))
                .collect();
            Some(Published {
                effective_from: first.effective_from.0,
                scheme: first.scheme.clone(),
                total: counts.values().sum(),
                counts,
                source: first.source.clone(),
                source_url: first.source_url.clone(),
            })
        })
        .filter(|total| total.effective_from < window.end())
        .collect();
    let in_force = totals.partition_point(|total| total.effective_from <= window.start());
    Ok(totals.split_off(in_force.saturating_sub(1)))
}
