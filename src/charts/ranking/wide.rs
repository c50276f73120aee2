//! The wide drawing: rank, name, bar on a common scale, change.

use super::{PREVIOUS, Ranking, Row};
use crate::charts::axis::percent_ticks;
use crate::charts::bars::{ARROW, Track, letters_on};
use crate::charts::canvas::{Align, Area, Canvas, Stroke};
use crate::charts::key::{Key, Sign};
use crate::charts::marks::Marks;
use crate::charts::page::{Page, height, widest};
use crate::charts::text::{clean, fit, wrap};
use crate::charts::theme::Type;
use crate::charts::{ChartError, Svg, theme};

const PITCH: f64 = 25.0;
const BAR: f64 = 17.0;
const NAME_ROOM: f64 = 230.0;
const GAP: f64 = 9.0;
/// From the plot to what stands above and below it.
const AROUND: f64 = 4.0;
/// How far a tick stands out over its bar.
const OUT: f64 = 2.5;

/// The drawing laid out.
struct Drawing<'a> {
    chart: &'a Ranking,
    page: &'a Page<'a>,
    letters: &'static Type,
    /// Lines of each row's name.
    names: Vec<Vec<String>>,
    ranks_right: f64,
    names_left: f64,
    /// From the top of the first row to the bottom of the last one.
    plot: Area,
    scale: (i64, i64),
    key: Key,
}

pub(super) fn draw(chart: &Ranking, page: &Page<'_>) -> Result<Svg, ChartError> {
    let drawing = Drawing::new(chart, page);
    page.draw(drawing.bottom(), |canvas, marks| {
        drawing.grid(canvas)?;
        drawing.rows(canvas, marks)?;
        drawing.target(canvas)?;
        for (row, area) in drawing.areas() {
            drawing.value(row, drawing.track(area.middle()), canvas)?;
        }
        drawing.key.draw(canvas, (page.left(), drawing.plot.bottom() + AROUND))
    })
}

impl<'a> Drawing<'a> {
    fn new(chart: &'a Ranking, page: &'a Page<'a>) -> Self {
        let letters = page.letters();
        let names: Vec<_> =
            chart.rows.iter().map(|row| wrap(&clean(&row.name), letters.heading, NAME_ROOM, 2)).collect();
        let ranks: Vec<String> = chart.rows.iter().map(|row| clean(&row.rank)).collect();
        let ranks_right = page.left() + widest(&ranks, letters.label);
        let names_left = ranks_right + if ranks_right > page.left() { GAP } else { 0.0 };
        let changes: Vec<String> =
            chart.rows.iter().filter_map(|row| chart.change(row)).map(|(said, _)| said).collect();
        let changes = widest(&changes, letters.axis);
        let left = names_left + widest(names.iter().flatten(), letters.heading) + 2.0 * GAP;
        // Room for half of the scale's last number, and for the head of a bar that runs on.
        let right = page.right() - if changes > 0.0 { changes + 2.0 * GAP } else { 2.0 * ARROW };
        let top = page.top() + letters.axis.line_height() + AROUND;
        let height = names.iter().map(|name| pitch(name, letters)).sum();
        let has_ticks = chart.rows.iter().any(|row| row.previous.is_some());
        let entry = (Sign::Tick(PREVIOUS), chart.previous_label.as_str(), letters.axis);
        Self {
            chart,
            page,
            letters,
            names,
            ranks_right,
            names_left,
            plot: Area { left, top, width: right - left, height },
            scale: chart.scale(),
            key: Key::new(left - page.left() - GAP, has_ticks.then_some(entry)),
        }
    }

    fn bottom(&self) -> f64 {
        let target = self.chart.target.as_ref().map_or(0.0, |_| self.letters.value.line_height());
        self.plot.bottom() + AROUND + target.max(self.key.height())
    }

    /// Rows and where they lie.
    fn areas(&self) -> impl Iterator<Item = (&'a Row, Area)> {
        let mut area = Area { left: self.page.left(), top: self.plot.top, width: self.page.room(), height: 0.0 };
        self.chart.rows.iter().zip(&self.names).map(move |(row, name)| {
            area = Area { top: area.bottom(), height: pitch(name, self.letters), ..area };
            (row, area)
        })
    }

    fn track(&self, middle: f64) -> Track {
        Track { area: self.plot.band(middle, BAR), end: self.scale.0 }
    }

    fn grid(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let track = self.track(self.plot.top);
        let y = self.plot.top - AROUND - self.letters.axis.line_height() / 2.0;
        for (tenths, name) in percent_ticks(self.scale, self.page.locale()) {
            let x = track.x(canvas, tenths);
            canvas.line(&[(x, self.plot.top - 3.0), (x, self.plot.bottom())], Stroke::solid(theme::GRID, 1.0))?;
            canvas.text((x, y), &name, self.letters.axis, Align::Middle)?;
        }
        Ok(())
    }

    fn rows(&self, canvas: &mut Canvas<'_>, marks: &mut Marks) -> Result<(), ChartError> {
        for ((row, area), name) in self.areas().zip(&self.names) {
            let middle = area.middle();
            let muted = self.letters.label.coloured(theme::MUTED);
            canvas.text((self.ranks_right, middle), &clean(&row.rank), muted, Align::End)?;
            let label = if self.chart.has_reached(row) { self.letters.heading } else { self.letters.label };
            canvas.lines((self.names_left, middle), name, label, Align::Start)?;
            self.track(middle).draw_on_grid(canvas, row.cell, self.chart.fill(row))?;
            if let Some((said, colour)) = self.chart.change(row) {
                canvas.text((area.right(), middle), &said, self.letters.axis.coloured(colour), Align::End)?;
            }
            marks.push(self.chart.mark(row, area));
        }
        Ok(())
    }

    /// The target line over the bars, its name below.
    fn target(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let Some(target) = &self.chart.target else { return Ok(()) };
        let lettering = self.letters.value.coloured(theme::SECOND);
        let x = self.track(self.plot.top).x(canvas, target.tenths);
        canvas.target((x, self.plot.top - 3.0), (x, self.plot.bottom() + AROUND))?;
        let name = fit(&clean(&target.label), lettering, self.plot.width);
        let y = self.plot.bottom() + AROUND + 1.0 + lettering.line_height() / 2.0;
        canvas.text((self.plot.middle_for(x, lettering.width(&name)), y), &name, lettering, Align::Middle)
    }

    /// The value at the start of its bar and the tick of the time before, neither on the other.
    fn value(&self, row: &Row, track: Track, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let tick = row.before().map(|tenths| track.x(canvas, tenths));
        let word = row.cell.word(&self.chart.words);
        let value = row.cell.tenths().map(|tenths| self.page.locale().tenths(tenths)).unwrap_or_default();
        let width = match &word {
            Some(word) => self.letters.axis.width(word),
            None => self.letters.value.width(&value),
        };
        let is_hit = |x: f64| move |tick: &f64| (x - 5.0..=x + width + 5.0).contains(tick);
        let clear_of_tick = |x: f64| tick.filter(is_hit(x)).map_or(x, |tick| tick + 6.0);
        let inside = clear_of_tick(track.area.left + 7.0);
        if let Some(word) = &word {
            track.word_at(canvas, inside, word, self.letters.axis)?;
        }
        if let Some(x) = tick {
            canvas.line(&[(x, track.area.top - OUT), (x, track.area.bottom() + OUT)], PREVIOUS)?;
        }
        let end = row.cell.tenths().map_or(track.area.left, |tenths| track.x(canvas, tenths));
        if inside + width + 4.0 <= end {
            let lettering = self.letters.value.coloured(letters_on(self.chart.fill(row)));
            return canvas.text((inside, track.area.middle()), &value, lettering, Align::Start);
        }
        canvas.text((clear_of_tick(end + 6.0), track.area.middle()), &value, self.letters.value, Align::Start)
    }
}

/// Height of the row with this name.
fn pitch(name: &[String], letters: &Type) -> f64 {
    (height(name, letters.label) + 6.0).max(PITCH)
}
