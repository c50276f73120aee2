//! The wide drawing: one panel per measure, all beside the same names.

use super::{AdoptionByAgency, FULL, Row};
use crate::charts::bars::{ARROW, Cell, Track, letters_on};
use crate::charts::canvas::{Align, Area, Canvas, number};
use crate::charts::marks::Marks;
use crate::charts::page::{Page, height, widest};
use crate::charts::text::{clean, fit, wrap};
use crate::charts::theme::Type;
use crate::charts::{ChartError, Svg, theme};

const PITCH: f64 = 23.0;
const BAR: f64 = 15.0;
const PANEL_GAP: f64 = 26.0;
const NAME_ROOM: f64 = 256.0;
const GAP: f64 = 10.0;
/// From the target line's end to its name, and from the panels' names to the first row.
const AROUND: f64 = 4.0;
/// Share of a panel a bar must fill to hold its value.
const HOLDS_VALUE: f64 = 0.3;

/// The drawing laid out.
struct Drawing<'a> {
    chart: &'a AdoptionByAgency,
    page: &'a Page<'a>,
    letters: &'static Type,
    /// Lines of each row's name.
    names: Vec<Vec<String>>,
    /// Lines of each measure's name.
    headings: Vec<Vec<String>>,
    names_right: f64,
    people_right: f64,
    /// One per measure, from the top of the first row to the bottom of the last one.
    panels: Vec<Area>,
}

pub(super) fn draw(chart: &AdoptionByAgency, page: &Page<'_>) -> Result<Svg, ChartError> {
    let drawing = Drawing::new(chart, page);
    page.draw(drawing.bottom() + AROUND + drawing.letters.axis.line_height(), |canvas, marks| {
        drawing.headings(canvas)?;
        drawing.rows(canvas, marks)?;
        drawing.targets(canvas)
    })
}

impl<'a> Drawing<'a> {
    fn new(chart: &'a AdoptionByAgency, page: &'a Page<'a>) -> Self {
        let letters = page.letters();
        let names: Vec<_> = chart.rows.iter().map(|row| wrap(&clean(&row.name), letters.label, NAME_ROOM, 2)).collect();
        let names_right = page.left() + widest(names.iter().flatten(), letters.label);
        let people: Vec<_> =
            chart.rows.iter().filter_map(|row| row.people).map(|people| page.locale().count(people)).collect();
        let people_right = names_right + if people.is_empty() { 0.0 } else { GAP + widest(&people, letters.label) };
        let heading_right = page.left() + letters.axis.width(&chart.people_heading());
        let mut drawing = Self {
            chart,
            page,
            letters,
            names,
            headings: Vec::new(),
            names_right,
            people_right: people_right.max(heading_right),
            panels: Vec::new(),
        };
        drawing.lay_panels();
        drawing
    }

    fn lay_panels(&mut self) {
        let (chart, letters) = (self.chart, self.letters);
        let count = number(chart.measures.len());
        let left = self.people_right + GAP;
        // Room for the head of a bar that runs on past 100%.
        let right = self.page.right() - ARROW;
        let width = (right - left - PANEL_GAP * (count - 1.0)) / count;
        self.headings = chart.measures.iter().map(|name| wrap(&clean(name), letters.heading, width, 2)).collect();
        let heading = self.headings.iter().map(|lines| height(lines, letters.heading)).fold(0.0, f64::max);
        let top = self.page.top() + heading + AROUND;
        let height = self.names.iter().map(|name| self.pitch(name)).sum();
        self.panels = (0..chart.measures.len())
            .map(|index| Area { left: left + number(index) * (width + PANEL_GAP), top, width, height })
            .collect();
    }

    /// Height of the row with this name.
    fn pitch(&self, name: &[String]) -> f64 {
        (height(name, self.letters.label) + 5.0).max(PITCH)
    }

    fn top(&self) -> f64 {
        self.panels.first().map_or(self.page.top(), |panel| panel.top)
    }

    fn bottom(&self) -> f64 {
        self.panels.first().map_or(self.page.top(), |panel| panel.bottom())
    }

    fn headings(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let bottom = self.top() - AROUND + 0.5;
        let people = (self.people_right, bottom - self.letters.heading.line_height() / 2.0);
        canvas.text(people, &self.chart.people_heading(), self.letters.axis, Align::End)?;
        for (panel, lines) in self.panels.iter().zip(&self.headings) {
            let middle = bottom - height(lines, self.letters.heading) / 2.0;
            canvas.lines((panel.left, middle), lines, self.letters.heading, Align::Start)?;
        }
        Ok(())
    }

    fn rows(&self, canvas: &mut Canvas<'_>, marks: &mut Marks) -> Result<(), ChartError> {
        let mut area = Area { left: self.page.left(), top: self.top(), width: self.page.room(), height: 0.0 };
        for (row, name) in self.chart.rows.iter().zip(&self.names) {
            area.height = self.pitch(name);
            canvas.lines((self.names_right, area.middle()), name, self.letters.label, Align::End)?;
            let people = row.people.map(|people| self.page.locale().count(people)).unwrap_or_default();
            let muted = self.letters.label.coloured(theme::MUTED);
            canvas.text((self.people_right, area.middle()), &people, muted, Align::End)?;
            let tracks: Vec<Area> = self.panels.iter().map(|panel| panel.band(area.middle(), BAR)).collect();
            self.cells(row, &tracks, canvas)?;
            marks.push(self.chart.mark(row, area, &tracks));
            area.top = area.bottom();
        }
        Ok(())
    }

    fn cells(&self, row: &Row, tracks: &[Area], canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        for (index, &area) in tracks.iter().enumerate() {
            self.cell(row.cell(index), Track { area, end: FULL }, canvas)?;
        }
        Ok(())
    }

    fn cell(&self, cell: Cell, track: Track, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let fill = self.chart.fill(cell);
        let end = track.draw(canvas, cell, fill)?;
        if let Some(word) = cell.word(&self.chart.words) {
            return track.word_in_middle(canvas, &word, self.letters.axis);
        }
        let Some(tenths) = cell.tenths() else { return Ok(()) };
        let value = self.page.locale().whole(tenths);
        let (left, y) = (track.area.left, track.area.middle());
        let width = self.letters.value.width(&value);
        // A target short of the end may run through the value: it then makes way.
        let target = self.chart.target.as_ref().map(|target| track.x(canvas, target.tenths));
        let hit = |from: f64| target.filter(|x| (from - 2.0..=from + width + 2.0).contains(x));
        if end - left < track.area.width * HOLDS_VALUE {
            let beside = hit(end + 5.0).unwrap_or(end) + 5.0;
            return canvas.text((beside, y), &value, self.letters.value, Align::Start);
        }
        // The signs of a bar that runs on need its end to themselves.
        let right = if tenths > FULL { track.area.right() - 14.0 } else { end - 5.0 };
        let right = if hit(right - width).is_some() { left + 6.0 + width } else { right };
        canvas.text((right, y), &value, self.letters.value.coloured(letters_on(fill)), Align::End)
    }

    /// The target line through every panel, and its name below: in full under the last one, as a figure under the others.
    fn targets(&self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let lettering = self.letters.axis.coloured(theme::SECOND);
        let target = self.chart.target.as_ref();
        let tenths = target.map_or(FULL, |target| target.tenths);
        let figure = format!("{}%", self.page.locale().whole(tenths));
        let y = self.bottom() + AROUND + lettering.line_height() / 2.0;
        for (index, panel) in self.panels.iter().enumerate() {
            let x = Track { area: *panel, end: FULL }.x(canvas, tenths);
            if target.is_some() {
                canvas.target((x, panel.top - 5.0), (x, panel.bottom() + 3.0))?;
            }
            let is_last = index + 1 == self.panels.len();
            let name = target.filter(|_| is_last).map_or_else(|| figure.clone(), |target| clean(&target.label));
            let name = fit(&name, lettering, panel.width);
            let middle = panel.middle_for(x, lettering.width(&name));
            canvas.text((middle, y), &name, lettering, Align::Middle)?;
        }
        Ok(())
    }
}
