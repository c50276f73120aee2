//! The drawing: one stack per column, and beside the last one what it counts.

use chrono::{Datelike as _, NaiveDate};

use super::{Column, ZonesOverTime};
use crate::charts::canvas::{Align, Area, Canvas, Stroke, number};
use crate::charts::frame::Width;
use crate::charts::key::{CHIP, Key, chip};
use crate::charts::marks::Mark;
use crate::charts::page::{Page, widest};
use crate::charts::scheme_lines::SchemeLines;
use crate::charts::spread::{Wish, spread};
use crate::charts::text::{Lettering, clean, fit};
use crate::charts::zone_look::{self, FROM_RED};
use crate::charts::{ChartError, Svg, theme};
use crate::domain::zone::Colour;

/// From the plot to the names of its axes, and to the chips at its right.
const TO_NAMES: f64 = 8.0;
const TO_CHIPS: f64 = 12.0;
const CHIP_GAP: f64 = 6.0;
/// A word beside a chip is cut where it is longer.
const WORD_ROOM: f64 = 150.0;
/// More days than this are told in months.
const LONGEST_IN_DAYS: i64 = 75;
const LABEL_GAP: f64 = 12.0;

/// The drawing laid out.
pub(super) struct Drawing<'a> {
    chart: &'a ZonesOverTime,
    page: &'a Page<'a>,
    area: Area,
    highest: u32,
    /// Names of the zones, on a phone.
    key: Key,
    /// Each zone that is shown, with what stands beside its chip.
    chips: Vec<(Option<Colour>, String)>,
    last: &'a Column,
    lines: SchemeLines,
}

impl<'a> Drawing<'a> {
    pub fn new(chart: &'a ZonesOverTime, page: &'a Page<'a>, width: Width, last: &'a Column) -> Self {
        let letters = page.letters();
        let zones = FROM_RED.into_iter().filter(|zone| zone.is_some() || chart.has_unclassified());
        let chips: Vec<_> = zones.map(|zone| (zone, beside_chip(chart, page, width, last, zone))).collect();
        let entries = zone_look::entries(&chart.words, chart.has_unclassified(), letters.axis.coloured(theme::INK));
        let key = Key::new(page.room(), entries.into_iter().filter(|_| width == Width::Phone));
        let highest = chart.highest();
        let counts: Vec<String> = count_ticks(highest).iter().map(|&tick| page.locale().count(tick.into())).collect();
        let left = page.left() + widest(&counts, letters.axis) + TO_NAMES;
        let words = widest(chips.iter().map(|(_, said)| said), letters.heading);
        let right = page.right() - TO_CHIPS - CHIP.0 - CHIP_GAP - words;
        let step = (right - left) / number(chart.columns.len());
        let changes = chart.scheme_changes.iter().filter_map(|change| {
            let place = chart.columns.iter().position(|column| column.day >= change.day)?;
            Some((left + step * number(place), change.label.as_str()))
        });
        let lines = SchemeLines::new((page.left(), page.right()), letters.axis.coloured(theme::INK), changes);
        let top = page.top() + if key.height() > 0.0 { key.height() + 8.0 } else { 0.0 } + lines.height() + 4.0;
        let height = if width == Width::Wide { 270.0 } else { 240.0 };
        let area = Area { left, top, width: right - left, height };
        Self { chart, page, area, highest, key, chips, last, lines }
    }

    pub fn draw(&self) -> Result<Svg, ChartError> {
        let axis = self.page.letters().axis;
        self.page.draw(self.area.bottom() + TO_NAMES + axis.line_height() + 2.0, |canvas, marks| {
            self.key.draw(canvas, (self.page.left(), self.page.top() - 4.0))?;
            self.counts(canvas)?;
            for (place, column) in self.chart.columns.iter().enumerate() {
                self.stack(column, self.column(place), canvas)?;
                marks.push(self.mark(column, self.column(place)));
            }
            self.days(canvas)?;
            let names =
                Area { height: self.lines.height(), top: self.area.top - 4.0 - self.lines.height(), ..self.area };
            self.lines.draw(canvas, names, self.area.bottom())?;
            self.chips(canvas)
        })
    }

    /// The box of a column, the full height of the plot.
    fn column(&self, place: usize) -> Area {
        let width = self.area.width / number(self.chart.columns.len());
        Area { left: self.area.left + width * number(place), width, ..self.area }
    }

    fn y(&self, count: u32) -> f64 {
        self.area.bottom() - self.area.height * f64::from(count) / f64::from(self.highest)
    }

    fn counts(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let lettering = self.page.letters().axis;
        for tick in count_ticks(self.highest) {
            let y = self.y(tick);
            canvas.line(&[(self.area.left, y), (self.area.right(), y)], Stroke::solid(theme::GRID, 1.0))?;
            let name = self.page.locale().count(tick.into());
            canvas.text((self.area.left - TO_NAMES, y), &name, lettering, Align::End)?;
        }
        Ok(())
    }

    fn stack(&self, column: &Column, area: Area, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        // White between columns as long as they are wide enough to spare it.
        let gap = if area.width >= 5.0 { 1.2 } else { 0.0 };
        let mut counted = 0;
        for (zone, count) in FROM_RED.into_iter().map(|zone| (zone, column.counts.of(zone))).filter(|(_, n)| *n > 0) {
            let bottom = self.y(counted);
            counted += count;
            let top = self.y(counted);
            let piece = Area { top, height: bottom - top, width: area.width - gap, ..area };
            canvas.rect(piece, zone_look::fill(zone))?;
        }
        Ok(())
    }

    /// The axis: days, or the first column of each month.
    fn days(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let lettering = self.page.letters().axis;
        let whole = Area { left: self.page.left(), width: self.page.room(), ..self.area };
        let y = self.area.bottom();
        canvas.line(&[(self.area.left, y), (self.area.right(), y)], Stroke::solid(theme::AXIS, 1.0))?;
        for (place, label) in self.day_names() {
            let column = self.column(place);
            let x = column.left + column.width / 2.0;
            canvas.line(&[(x, y), (x, y + 5.0)], Stroke::solid(theme::AXIS, 1.0))?;
            let middle = whole.middle_for(x, lettering.width(&label));
            canvas.text((middle, y + TO_NAMES + lettering.line_height() / 2.0), &label, lettering, Align::Middle)?;
        }
        Ok(())
    }

    /// The columns that are named below the axis, no name reaching into the next.
    fn day_names(&self) -> Vec<(usize, String)> {
        let locale = self.page.locale();
        let days: Vec<NaiveDate> = self.chart.columns.iter().map(|column| column.day).collect();
        let span = days.first().zip(days.last()).map_or(0, |(first, last)| (*last - *first).num_days());
        let named: Vec<(usize, String)> = if span <= LONGEST_IN_DAYS {
            days.iter().map(|&day| locale.short_day(day)).enumerate().collect()
        } else {
            let month = |place: usize| days.get(place).map(|day| (day.year(), day.month()));
            let first_of_month = |place: &usize| *place == 0 || month(*place) != month(place - 1);
            (0..days.len())
                .filter(first_of_month)
                .filter_map(|place| Some((place, locale.month(*days.get(place)?, true))))
                .collect()
        };
        every_that_fits(named, self.area.width / number(days.len()), self.page.letters().axis)
    }

    fn chips(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let letters = self.page.letters();
        let mut counted = 0;
        let wishes: Vec<Wish> = self
            .chips
            .iter()
            .enumerate()
            .map(|(place, (zone, _))| {
                let count = self.last.counts.of(*zone);
                // Zones without a place share a height: the hair keeps them in the order of the stack.
                let y = f64::midpoint(self.y(counted), self.y(counted + count)) - number(place) * 0.01;
                counted += count;
                Wish { y, height: CHIP.1 + 5.0 }
            })
            .collect();
        let middles = spread(&wishes, self.area.top - 4.0, self.area.bottom() + 4.0);
        let left = self.area.right() + TO_CHIPS;
        for ((zone, said), middle) in self.chips.iter().zip(middles) {
            zone_look::chip(canvas, chip(left, middle), *zone)?;
            canvas.text((left + CHIP.0 + CHIP_GAP, middle), said, letters.heading, Align::Start)?;
        }
        Ok(())
    }

    fn mark(&self, column: &Column, area: Area) -> Mark {
        let counts = FROM_RED.into_iter().rev().map(|zone| (zone, column.counts.of(zone)));
        let shown = counts.filter(|(zone, count)| zone.is_some() || *count > 0);
        let said: Vec<String> = shown
            .map(|(zone, count)| format!("{} {}", self.chart.words.of(zone), self.page.locale().count(count.into())))
            .collect();
        Mark {
            href: column.href.clone(),
            title: format!("{}: {}", column.name, said.join(", ")),
            hit: area.into(),
            parts: Vec::new(),
        }
    }
}

/// "Xanh 15"; on a phone, where the names stand above, only the count.
fn beside_chip(chart: &ZonesOverTime, page: &Page<'_>, width: Width, last: &Column, zone: Option<Colour>) -> String {
    let count = page.locale().count(last.counts.of(zone).into());
    let word = fit(&clean(chart.words.of(zone)), page.letters().heading, WORD_ROOM);
    if width == Width::Phone || word.is_empty() { count } else { format!("{word} {count}") }
}

/// Round counts from 0 to `highest`, and that one.
fn count_ticks(highest: u32) -> Vec<u32> {
    const MOST: u32 = 4;
    let steps = (0..9).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u32.pow(power)));
    let step = steps.into_iter().find(|step| highest / step <= MOST).unwrap_or(highest).max(1);
    // A round count too near to the highest one would touch it.
    let mut ticks: Vec<u32> =
        (0..=highest / step).map(|place| place * step).filter(|tick| (highest - tick) * 2 > step).collect();
    ticks.push(highest);
    ticks
}

/// Every first, second, … of `named`, so that no name reaches into the next.
fn every_that_fits(named: Vec<(usize, String)>, step: f64, lettering: Lettering) -> Vec<(usize, String)> {
    let width = widest(named.iter().map(|(_, label)| label), lettering) + LABEL_GAP;
    let fits = |every: &usize| {
        let kept: Vec<usize> = named.iter().step_by(*every).map(|(place, _)| *place).collect();
        kept.windows(2).all(|pair| step * number(pair[1] - pair[0]) >= width)
    };
    let every = [1, 2, 3, 4, 7, 14, 28, 56].into_iter().find(fits).unwrap_or(named.len().max(1));
    named.into_iter().step_by(every).collect()
}
