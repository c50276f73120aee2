//! Time across a strip, and a row as pieces of it.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use super::{Row, ZoneStrips};
use crate::charts::canvas::{Area, number};
use crate::domain::zone::Colour;

/// A time axis from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time {
    start: NaiveDateTime,
    end: NaiveDateTime,
    left: f64,
    width: f64,
}

/// A piece of a strip: one zone, from one place on the axis to another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece<'a> {
    pub left: f64,
    pub right: f64,
    pub zone: Option<Colour>,
    /// Its tooltip; none before the first decision.
    pub title: Option<&'a str>,
}

impl Time {
    /// The axis of `chart` from `left` to `right`.
    pub fn new(chart: &ZoneStrips, left: f64, right: f64) -> Self {
        let [start, end] = [chart.first, after(chart.last)].map(midnight);
        Self { start, end, left, width: right - left }
    }

    /// Where a moment stands; what lies outside stands at the edge.
    pub fn x(self, moment: NaiveDateTime) -> f64 {
        let minutes = |from: NaiveDateTime, to: NaiveDateTime| number((to - from).num_minutes());
        let share = minutes(self.start, moment) / minutes(self.start, self.end).max(1.0);
        self.left + self.width * share.clamp(0.0, 1.0)
    }

    /// Where a day begins.
    pub fn day(self, day: NaiveDate) -> f64 {
        self.x(midnight(day))
    }

    /// Where a day ends.
    pub fn end_of(self, day: NaiveDate) -> f64 {
        self.x(midnight(after(day)))
    }

    /// Where the shown part of a row's path changes, and to what.
    pub fn pieces(self, row: &Row) -> Vec<Piece<'_>> {
        let mut pieces = vec![Piece { left: self.left, right: self.left, zone: None, title: None }];
        for segment in row.segments.iter().filter(|segment| segment.from < self.end) {
            let left = self.x(segment.from);
            if let Some(before) = pieces.last_mut() {
                before.right = left;
            }
            pieces.push(Piece { left, right: left, zone: segment.zone, title: Some(&segment.title) });
        }
        if let Some(last) = pieces.last_mut() {
            last.right = self.left + self.width;
        }
        pieces.retain(|piece| piece.right > piece.left);
        pieces
    }
}

impl Piece<'_> {
    /// Its box on a strip.
    pub fn area(&self, strip: Area) -> Area {
        Area { left: self.left, width: self.right - self.left, ..strip }
    }
}

fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

fn after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}
