//! Rates day by day against a target.
//!
//! A rate holds until the next report, so that lines run in steps; where nothing is known there is no line.

mod labels;
mod lines;
mod plane;

use chrono::NaiveDate;

use self::plane::{Plane, Span, TO_NAMES};
use super::axis::{percent_scale, percent_ticks};
use super::bars::Target;
use super::canvas::{Area, TARGET_STROKE};
use super::frame::{Frame, Width};
use super::key::{Key, Marker, Sign};
use super::page::{Page, widest};
use super::text::Lettering;
use super::{ChartError, Svg, theme};

/// The chart's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// The texts around it.
    pub frame: Frame,
    /// One to four lines.
    pub series: Vec<Series>,
    /// What is aimed at; `None` draws no line.
    pub target: Option<Target>,
    /// What a hollow point means: "Chưa đủ đơn vị báo cáo".
    pub incomplete: String,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// What it shows: "Bluezone".
    pub name: String,
    /// Its points, earliest first.
    pub points: Vec<Point>,
}

/// What is known as of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The day.
    pub day: NaiveDate,
    /// Tenths of a percent; `None` breaks the line.
    pub tenths: Option<i64>,
    /// Whether everyone obliged has reported; if not the point is hollow and its line thin.
    pub complete: bool,
}

const MOST_SERIES: usize = theme::SERIES.len();

/// Draws the chart.
pub fn draw(chart: &Trend, width: Width) -> Result<Svg, ChartError> {
    if chart.series.len() > MOST_SERIES {
        return Err(ChartError::TooMany { what: "series", most: MOST_SERIES, given: chart.series.len() });
    }
    let page = Page::new(&chart.frame, width, theme::WIDE);
    let Some(span) = Span::of(chart) else {
        return page.empty();
    };
    let key = Key::new(page.room(), chart.entries(&page, width));
    let labels = labels::plan(chart, &page, width);
    let scale = percent_scale(chart.highest());
    let percents: Vec<String> = percent_ticks(scale, page.locale()).into_iter().map(|(_, name)| name).collect();
    let left = page.left() + widest(&percents, page.letters().axis) + TO_NAMES;
    let area = Area {
        left,
        top: page.top() + if key.height() > 0.0 { key.height() + 14.0 } else { 6.0 },
        width: page.right() - labels.width - left,
        height: if width == Width::Wide { 280.0 } else { 240.0 },
    };
    page.draw(area.bottom() + TO_NAMES + page.letters().axis.line_height() + 2.0, |canvas, marks| {
        key.draw(canvas, (page.left(), page.top() - 2.0))?;
        let plane = Plane::new(canvas, area, span, scale);
        plane.percent_grid(&page, canvas)?;
        plane.day_axis(&page, canvas)?;
        plane.target(chart, canvas)?;
        for (index, series) in chart.series.iter().enumerate() {
            lines::draw(series, chart.look(index), &plane, canvas)?;
        }
        labels.draw(chart, &plane, canvas)?;
        plane.mark_days(chart, marks);
        Ok(())
    })
}

impl Trend {
    /// The points something is known of.
    fn known(&self) -> impl Iterator<Item = (&Point, i64)> {
        self.series.iter().flat_map(|series| &series.points).filter_map(|point| Some((point, point.tenths?)))
    }

    /// The highest figure to be shown.
    fn highest(&self) -> i64 {
        let target = self.target.iter().map(|target| target.tenths);
        self.known().map(|(_, tenths)| tenths).chain(target).fold(0, i64::max)
    }

    /// The key: on a phone the names of the lines, at every width what is hollow.
    fn entries<'t>(&'t self, page: &Page<'_>, width: Width) -> Vec<(Sign, &'t str, Lettering)> {
        let letters = page.letters();
        let mut entries = Vec::new();
        if width == Width::Phone {
            for (index, series) in self.series.iter().enumerate() {
                let look = self.look(index);
                let sign = Sign::Line(look.stroke, Some(look.marker(true)));
                entries.push((sign, series.name.as_str(), letters.value.coloured(look.stroke.colour)));
            }
            entries.extend(
                self.target.iter().map(|target| (Sign::Line(TARGET_STROKE, None), target.label.as_str(), letters.axis)),
            );
        }
        if self.known().any(|(point, _)| !point.complete) {
            let hollow = Marker { colour: theme::SECOND, ..self.look(0).marker(false) };
            entries.push((Sign::Marker(hollow), self.incomplete.as_str(), letters.axis));
        }
        entries
    }
}

impl Series {
    /// The last point something is known of.
    fn last_known(&self) -> Option<(&Point, i64)> {
        self.points.iter().rev().find_map(|point| Some((point, point.tenths?)))
    }
}
