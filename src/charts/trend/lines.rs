//! The lines of a trend: steps, gaps, and points where there is room for them.

use super::plane::Plane;
use super::{Point, Series, Trend};
use crate::charts::canvas::{Canvas, Stroke};
use crate::charts::key::{Marker, Shape};
use crate::charts::{ChartError, canvas, theme};

/// How one series is told from the others: by colour, dash and shape of its points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub stroke: Stroke,
    shape: Shape,
}

const WIDTH: f64 = 2.2;
/// Where not everyone has reported.
const THIN: f64 = 1.2;
/// Where points are nearer to each other than this, some are left out.
const CROWDED: f64 = 11.0;
/// Distance of the points that are then kept.
const SPARSE: f64 = 90.0;
const RADIUS: f64 = 4.0;

/// More points than this are drawn as whole lines: dashes of daily steps are only noise.
const MOST_DASHED: usize = 60;

impl Trend {
    /// The look of the series in this place.
    pub(super) fn look(&self, index: usize) -> Look {
        let is_long = self.series.iter().any(|series| series.points.len() > MOST_DASHED);
        look(index, !is_long)
    }
}

fn look(index: usize, is_dashed: bool) -> Look {
    const DASHES: [&[u8]; 4] = [&[], &[8, 3], &[3, 3], &[9, 3, 2, 3]];
    const SHAPES: [Shape; 4] = [Shape::Disc, Shape::Square, Shape::Triangle, Shape::Diamond];
    let index = index % theme::SERIES.len();
    Look {
        stroke: Stroke {
            colour: theme::SERIES[index],
            width: WIDTH,
            dash: if is_dashed { DASHES[index] } else { &[] },
        },
        shape: SHAPES[index],
    }
}

impl Look {
    /// A point of the series.
    pub fn marker(self, complete: bool) -> Marker {
        Marker { shape: self.shape, radius: RADIUS, colour: self.stroke.colour, is_hollow: !complete }
    }
}

/// Draws one series.
pub(super) fn draw(series: &Series, look: Look, plane: &Plane<'_>, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
    let mut run = Run { look, points: Vec::new(), is_thin: false };
    let mut previous: Option<(canvas::Point, bool)> = None;
    for point in &series.points {
        let Some(tenths) = point.tenths else {
            run.end(canvas)?;
            previous = None;
            continue;
        };
        let here = plane.at(point.day, tenths);
        if let Some((before, was_complete)) = previous {
            run.step(canvas, before, here, !was_complete)?;
        }
        previous = Some((here, point.complete));
    }
    run.end(canvas)?;
    points(series, look, plane, canvas)
}

/// A stretch of line of one thickness.
struct Run {
    look: Look,
    points: Vec<canvas::Point>,
    is_thin: bool,
}

impl Run {
    /// From one report to the next: the old rate holds until the new one is known.
    fn step(
        &mut self,
        canvas: &mut Canvas<'_>,
        from: canvas::Point,
        to: canvas::Point,
        is_thin: bool,
    ) -> Result<(), ChartError> {
        if is_thin != self.is_thin {
            self.end(canvas)?;
            self.is_thin = is_thin;
        }
        if self.points.is_empty() {
            self.points.push(from);
        }
        self.points.push((to.0, from.1));
        if (to.1 - from.1).abs() > f64::EPSILON {
            self.points.push(to);
        }
        Ok(())
    }

    fn end(&mut self, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
        let points = std::mem::take(&mut self.points);
        if points.is_empty() {
            return Ok(());
        }
        let width = if self.is_thin { THIN } else { WIDTH };
        canvas.line(&points, Stroke { width, ..self.look.stroke })
    }
}

/// The points; only some of them where they would crowd, but the last one and those that stand alone always.
fn points(series: &Series, look: Look, plane: &Plane<'_>, canvas: &mut Canvas<'_>) -> Result<(), ChartError> {
    let known: Vec<_> =
        series.points.iter().filter_map(|point| Some((point, plane.at(point.day, point.tenths?)))).collect();
    let is_crowded = known.windows(2).any(|pair| pair[1].1.0 - pair[0].1.0 < CROWDED);
    let Some(&(last, end)) = known.last() else {
        return Ok(());
    };
    let mut drawn = known.first().map_or(end.0, |(_, first)| first.0 - SPARSE / 2.0);
    for (point, place) in known {
        let is_clear = !is_crowded || (place.0 - drawn >= SPARSE && end.0 - place.0 >= SPARSE / 2.0);
        if is_clear || point.day == last.day || series.is_alone(point) {
            look.marker(point.complete).draw(canvas, place)?;
            drawn = place.0;
        }
    }
    Ok(())
}

impl Series {
    /// Whether neither the point before nor the one after is known, so that no line leads to this one.
    fn is_alone(&self, point: &Point) -> bool {
        let Some(index) = self.points.iter().position(|other| other.day == point.day) else {
            return true;
        };
        let is_gap = |index: Option<usize>| {
            index.and_then(|index| self.points.get(index)).is_none_or(|other| other.tenths.is_none())
        };
        is_gap(index.checked_sub(1)) && is_gap(Some(index + 1))
    }
}
