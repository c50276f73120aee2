//! The course of the zones over a stretch of days: how many places in each colour, and each place's own strip.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{
    Result, UnitRef, allowed_or_own,
    judge_drive::Stretch,
    zone_picture::{MOST_ROWS, Names, Picture},
    zone_state::{ZoneMark, scheme, schemes},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        unit::UnitKind,
        zone::{
            Colour,
            drive::{Distribution, Window},
            line::{Span, Step},
        },
    },
    store::{
        Conn,
        zone_lines::{Detail, Place},
    },
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
    let picture = Picture::take(conn, &place.unit, window.start()..window.end(), Detail::Changes)?;
    let places: Vec<&Place> = picture.places.iter().filter(|place| place.kind == kind).collect();
    Ok(ZoneCourse {
        scope: UnitRef::from(&place.unit),
        starts_on: window.starts_on,
        ends_on: window.ends_on,
        kind,
        columns: columns(&places, window),
        scheme_changes: scheme_changes(&places, window),
        strips: if places.len() <= MOST_ROWS { strips(conn, places, window)? } else { Vec::new() },
    })
}

fn strips(conn: &mut Conn, mut places: Vec<&Place>, window: Window) -> Result<Vec<Strip>> {
    let names = Names::read(conn, places.iter().map(|place| place.unit))?;
    names.sort(&mut places);
    let strip = |Place { unit, line, .. }: &Place| {
        let spans = line.spans(window.start(), window.end());
        let mark = |step| ZoneMark::of(line, step);
        let stretch = |span: &Span| Stretch { from: span.from, to: span.to, mark: span.step.and_then(mark) };
        Some(Strip { unit: names.of(*unit)?, stretches: spans.iter().map(stretch).collect() })
    };
    Ok(places.into_iter().filter_map(strip).collect())
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

fn columns(places: &[&Place], window: Window) -> Vec<Column> {
    let days = days(window);
    let ends: Vec<i64> = days.iter().map(|day| calendar::end_of(*day).timestamp()).collect();
    let mut counted = vec![Distribution::default(); days.len()];
    for Place { line, .. } in places {
        // One walk along each line: its steps and the days both rise.
        let known = line.known(schemes());
        let colour_of = |step: &Step| Some(known.get(step.scheme).copied().flatten()?.level(step.level)?.colour);
        let mut steps = line.steps.iter().peekable();
        let mut colour = None;
        for (end, column) in ends.iter().zip(&mut counted) {
            while let Some(step) = steps.next_if(|step| step.second < *end) {
                colour = colour_of(step);
            }
            column.add(colour);
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
fn scheme_changes(places: &[&Place], window: Window) -> Vec<SchemeChange> {
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    for Place { line, .. } in places {
        for step in line.steps.chunk_by(|a, b| a.scheme == b.scheme).filter_map(|of_scheme| of_scheme.first()) {
            let earliest = first.entry(line.scheme(*step)).or_insert(step.second);
            *earliest = step.second.min(*earliest);
        }
    }
    let earliest = first.values().min().copied();
    let (start, end) = (window.start().timestamp(), window.end().timestamp());
    let mut changes: Vec<SchemeChange> = first
        .into_iter()
        .filter(|(_, second)| Some(*second) != earliest && start < *second && *second < end)
        .filter_map(|(code, second)| {
            let decision = scheme(code)?.decision.as_str();
            Some(SchemeChange { at: Instant::from_timestamp_secs(second)?, scheme: code.to_owned(), decision })
        })
        .collect();
    changes.sort_by_key(|change| change.at);
    changes
}
