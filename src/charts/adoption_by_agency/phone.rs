//! The phone drawing: under each name a thin bar per measure.

use super::{AdoptionByAgency, FULL, Row};
use crate::charts::bars::{ARROW, Cell, PHONE_TARGET, Track};
use crate::charts::canvas::{Align, Area, Canvas};
use crate::charts::key::{Key, Sign};
use crate::charts::marks::Marks;
use crate::charts::page::{Page, height, widest};
use crate::charts::text::{clean, wrap};
use crate::charts::theme::Type;
use crate::charts::{ChartError, Svg, theme};

const BAR: f64 = 13.0;
const PITCH: f64 = 19.0;
const MEASURE_ROOM: f64 = 112.0;
const ROW_GAP: f64 = 12.0;
const GAP: f64 = 8.0;

/// The drawing laid out.
struct Drawing<'a> {
    chart: &'a AdoptionByAgency,
    page: &'a Page<'a>,
    letters: &'static Type,
    /// Name of the only measure, above all bars.
    heading: Vec<String>,
    key: Key,
    /// Lines of each measure's name beside its bars; none where there is only one.
    measures: Vec<Vec<String>>,
    /// Lines of each row's name, and how many people it has.
    names: Vec<(Vec<String>, String)>,
    track: Area,
}

pub(super) fn draw(chart: &AdoptionByAgency, page: &Page<'_>) -> Result<Svg, ChartError> {
    let drawing = Drawing::new(chart, page);
    let rows = drawing.names.iter().map(|(name, _)| drawing.row_height(name)).sum::<f64>();
    page.draw(drawing.rows_top() + rows, |canvas, marks| {
        drawing.head(canvas)?;
        drawing.rows(canvas, marks)
    })
}

impl<'a> Drawing<'a> {
    fn new(chart: &'a AdoptionByAgency, page: &'a Page<'a>) -> Self {
        let letters = page.letters();
        let is_alone = chart.measures.len() == 1;
        let beside =
            |name: &String| if is_alone { Vec::new() } else { wrap(&clean(name), letters.axis, MEASURE_ROOM, 2) };
        let measures: Vec<Vec<String>> = chart.measures.iter().map(beside).collect();
        let above = chart.measures.first().filter(|_| is_alone);
        let target = chart.target.iter().map(|target| (Sign::Tick(PHONE_TARGET), target.label.as_str(), letters.axis));
        Self {
            chart,
            page,
            letters,
            heading: above.map(|name| wrap(&clean(name), letters.heading, page.room(), 2)).unwrap_or_default(),
            key: Key::new(page.room(), target),
            track: track(chart, page, &measures),
            measures,
            names: names(chart, page),
        }
    }

    fn key_top(&self) -> f64 {
        self.page.top() + height(&self.heading, self.letters.heading) + if self.heading.is_empty() { 0.0 } else { 3.0 }
    }

    fn rows_top(&self) -> f64 {
        self.key_top() + self.key.height().max(self.letters.axis.line_height() + 2.0)
    }

    /// Height of what belongs to one measure.
    fn pitch(&self, measure: &[String]) -> f64 {
        (height(measure, self.letters.axis) + 2.0).max(PITCH)
    }

    fn row_height(&self, name: &[String]) -> f64 {
        let bars = self.measures.iter().map(|measure| self.pitch(measure)).sum::<f64>();
        height(name, self.letters.heading) + bars + ROW_GAP
    }

    fn head(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let heading = self.page.top() + height(&self.heading, self.letters.heading) / 2.0;
        canvas.lines((self.page.left(), heading), &self.heading, self.letters.heading, Align::Start)?;
        self.key.draw(canvas, (self.page.left(), self.key_top()))?;
        let people = (self.page.right(), self.key_top() + self.letters.axis.line_height() / 2.0);
        canvas.text(people, &self.chart.people_heading(), self.letters.axis, Align::End)
    }

    fn rows(&self, canvas: &mut Canvas<'_>, marks: &mut Marks) -> Result<(), ChartError> {
        let mut area = Area { left: self.page.left(), top: self.rows_top(), width: self.page.room(), height: 0.0 };
        for (row, (name, people)) in self.chart.rows.iter().zip(&self.names) {
            area.height = self.row_height(name);
            let top = area.top + ROW_GAP / 2.0;
            let bars_top = top + height(name, self.letters.heading);
            canvas.lines((area.left, f64::midpoint(top, bars_top)), name, self.letters.heading, Align::Start)?;
            let first_line = top + self.letters.heading.line_height() / 2.0;
            canvas.text((area.right(), first_line), people, self.letters.axis, Align::End)?;
            let tracks = self.cells(row, bars_top, canvas)?;
            marks.push(self.chart.mark(row, area, &tracks));
            area.top = area.bottom();
        }
        Ok(())
    }

    /// Draws the bars of a row from `top` on; tells where they lie.
    fn cells(&self, row: &Row, mut top: f64, canvas: &mut Canvas<'_>) -> Result<Vec<Area>, ChartError> {
        let mut tracks = Vec::new();
        for (index, measure) in self.measures.iter().enumerate() {
            let pitch = self.pitch(measure);
            let area = self.track.band(top + pitch / 2.0, BAR);
            let lettering = self.letters.axis.coloured(theme::SECOND);
            canvas.lines((self.page.left(), area.middle()), measure, lettering, Align::Start)?;
            self.cell(row.cell(index), Track { area, end: FULL }, canvas)?;
            tracks.push(area);
            top += pitch;
        }
        Ok(tracks)
    }

    fn cell(&self, cell: Cell, track: Track, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let fill = self.chart.fill(cell);
        track.draw(canvas, cell, fill)?;
        if let Some(word) = cell.word(&self.chart.words) {
            return track.word_in_middle(canvas, &word, self.letters.axis);
        }
        track.tick(canvas, self.chart.target.as_ref())?;
        let value = cell.tenths().map(|tenths| format!("{}%", self.page.locale().whole(tenths))).unwrap_or_default();
        let colour = if fill == theme::WARNING { theme::WARNING } else { theme::INK };
        let at = (self.page.right(), track.area.middle());
        canvas.text(at, &value, self.letters.value.coloured(colour), Align::End)
    }
}

fn names(chart: &AdoptionByAgency, page: &Page<'_>) -> Vec<(Vec<String>, String)> {
    let letters = page.letters();
    let count = |people: Option<i64>| people.map(|people| page.locale().count(people)).unwrap_or_default();
    let people: Vec<String> = chart.rows.iter().map(|row| count(row.people)).collect();
    let room = page.room() - widest(&people, letters.axis) - GAP;
    let names = chart.rows.iter().map(|row| wrap(&clean(&row.name), letters.heading, room, 3));
    names.zip(people).collect()
}

/// The track of every bar, between the names of the measures and the values.
fn track(chart: &AdoptionByAgency, page: &Page<'_>, measures: &[Vec<String>]) -> Area {
    let letters = page.letters();
    let highest = chart.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.tenths()).fold(FULL, i64::max);
    let values = letters.value.width(&format!("{}%", page.locale().whole(highest)));
    let names = widest(measures.iter().flatten(), letters.axis);
    let left = page.left() + if names > 0.0 { names + GAP } else { 0.0 };
    Area { left, top: 0.0, width: page.right() - values - GAP - ARROW - left, height: BAR }
}
