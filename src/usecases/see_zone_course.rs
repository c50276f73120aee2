//! The course of the zones over a stretch of days: how many places in each colour, and each place's own strip.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{
    Result, UnitRef, allowed_or_own,
    judge_drive::Stretch,
    see_zones::{MOST_ROWS, Picture},
    zone_state::{ZoneMark, scheme, schemes},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        unit::{Unit, UnitKind},
        zone::{
            Colour,
            drive::{Distribution, Window},
            line::Line,
        },
    },
    store::Conn,
};

/// How many columns are counted at most; longer windows are counted every few days.
const MOST_COLUMNS: usize = 120;

/// The zones over a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ZoneCourse {
    /// The place.
    pub scope: UnitRef,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub starts_on: NaiveDate,
    /// Last day, included.
    #[schema(value_type = String, format = Date)]
    pub ends_on: NaiveDate,
    /// What is counted.
    pub kind: UnitKind,
    /// Places by colour at the end of each day, or of every few days.
    pub columns: Vec<Column>,
    /// When a scheme first decided here inside the window, after another did: nothing is compared across it.
    pub scheme_changes: Vec<SchemeChange>,
    /// Each place; empty where there are more than are listed.
    pub strips: Vec<Strip>,
}

/// Places by colour at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Column {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
    /// Places in each colour.
    pub counts: BTreeMap<Colour, usize>,
    /// Places without a decision.
    pub unclassified: usize,
}

/// A scheme takes over from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SchemeChange {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// The new scheme's code.
    pub scheme: String,
    /// The decision it comes from.
    pub decision: &'static str,
}

/// The zones of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Strip {
    /// The place.
    pub unit: UnitRef,
    /// Its zones, in order.
    pub stretches: Vec<Stretch>,
}

/// The course of the communes, or districts, below a place.
pub fn see_zone_course(
    conn: &mut Conn,
    actor: &Actor,
    scope: Option<&str>,
    window: Window,
    kind: UnitKind,
) -> Result<ZoneCourse> {
    let place = allowed_or_own(conn, actor, Deed::See, scope)?;
    let picture = Picture::take(conn, &place.unit, window.start()..window.end())?;
    let lines: Vec<(&Unit, Option<&Line>)> = picture
        .places
        .iter()
        .filter(|unit| unit.kind == kind)
        .map(|unit| (unit, picture.lines.get(&unit.id)))
        .collect();
    let strip = |(unit, line): &(&Unit, Option<&Line>)| Strip {
        unit: UnitRef::from(*unit),
        stretches: stretches(*line, window),
    };
    Ok(ZoneCourse {
        scope: UnitRef::from(&place.unit),
        starts_on: window.starts_on,
        ends_on: window.ends_on,
        kind,
        columns: columns(&lines, window),
        scheme_changes: scheme_changes(lines.iter().filter_map(|(_, line)| *line), window),
        strips: if lines.len() <= MOST_ROWS { lines.iter().map(strip).collect() } else { Vec::new() },
    })
}

fn stretches(line: Option<&Line>, window: Window) -> Vec<Stretch> {
    let unclassified = Line::default();
    let line = line.unwrap_or(&unclassified);
    let spans = line.spans(window.start(), window.end());
    spans
        .iter()
        .map(|span| Stretch { from: span.from, to: span.to, mark: span.step.and_then(|step| ZoneMark::of(line, step)) })
        .collect()
}

/// The days counted: the last of the window, and every so many before it.
fn days(window: Window) -> Vec<NaiveDate> {
    let every = window.days().count().div_ceil(MOST_COLUMNS).max(1);
    let mut days: Vec<NaiveDate> = std::iter::successors(Some(window.ends_on), |day| {
        day.checked_sub_days(Days::new(every as u64)).filter(|day| *day >= window.starts_on)
    })
    .collect();
    days.reverse();
    days
}

fn columns(lines: &[(&Unit, Option<&Line>)], window: Window) -> Vec<Column> {
    let days = days(window);
    let ends: Vec<Instant> = days.iter().map(|day| calendar::end_of(*day)).collect();
    let mut counted = vec![Distribution::default(); days.len()];
    for (_, line) in lines {
        // One walk along each line: its steps and the days both rise.
        let steps = line.map_or(&[][..], |line| line.steps.as_slice());
        let known = line.map_or_else(Vec::new, |line| line.known(schemes()));
        let (mut passed, mut in_force) = (0, None);
        for (end, column) in ends.iter().zip(&mut counted) {
            while let Some(step) = steps.get(passed).filter(|step| step.from < *end) {
                in_force = Some(step);
                passed += 1;
            }
            column.add(in_force.and_then(|step| Some(known.get(step.scheme).copied()??.level(step.level)?.colour)));
        }
    }
    let column = |(day, of): (NaiveDate, Distribution)| Column {
        day,
        counts: Colour::ALL.iter().map(|colour| (*colour, of.of(*colour))).collect(),
        unclassified: of.unclassified,
    };
    days.into_iter().zip(counted).map(column).collect()
}

/// The first step of each scheme after steps of another, where it falls inside the window.
fn scheme_changes<'a>(lines: impl Iterator<Item = &'a Line>, window: Window) -> Vec<SchemeChange> {
    let mut first: BTreeMap<&str, Instant> = BTreeMap::new();
    for line in lines {
        let mut seen = usize::MAX;
        for step in &line.steps {
            if step.scheme != seen {
                let earliest = first.entry(line.scheme(*step)).or_insert(step.from);
                *earliest = step.from.min(*earliest);
                seen = step.scheme;
            }
        }
    }
    let earliest = first.values().min().copied();
    let mut changes: Vec<SchemeChange> = first
        .into_iter()
        .filter(|(_, at)| Some(*at) != earliest && window.start() < *at && *at < window.end())
        .filter_map(|(code, at)| {
            Some(SchemeChange { at, scheme: code.to_owned(), decision: scheme(code)?.decision.as_str() })
        })
        .collect();
    changes.sort_by_key(|change| change.at);
    changes
}
