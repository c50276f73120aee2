//! Which parts of the sheet are land, in small squares: enough to find a place for a label beside it.

use super::ground::Ground;
use super::room::edges;
use crate::charts::canvas::Area;

/// Side of a square in pixels.
const SIDE: f64 = 4.0;

/// The squares, row by row.
pub(super) struct Raster {
    columns: usize,
    land: Vec<bool>,
}

impl Raster {
    pub fn new(ground: &Ground) -> Self {
        let columns = place(ground.width) + 1;
        let rows = place(ground.height) + 1;
        let mut land = vec![false; columns * rows];
        for ring in ground.lands.iter().flatten().filter_map(|piece| piece.rings.first()) {
            let top = ring.iter().map(|at| at.1).fold(f64::INFINITY, f64::min);
            let bottom = ring.iter().map(|at| at.1).fold(0.0, f64::max);
            for row in place(top)..=place(bottom).min(rows - 1) {
                let y = (number(row) + 0.5) * SIDE;
                let mut crossings: Vec<f64> = edges(ring)
                    .filter(|(a, b)| (a.1 > y) != (b.1 > y))
                    .map(|(a, b)| a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1))
                    .collect();
                crossings.sort_by(f64::total_cmp);
                for pair in crossings.chunks_exact(2) {
                    let squares = row * columns + place(pair[0])..=row * columns + place(pair[1]).min(columns - 1);
                    if let Some(squares) = land.get_mut(squares) {
                        squares.fill(true);
                    }
                }
            }
        }
        Self { columns, land }
    }

    /// Whether any of `area` is land.
    pub fn has_land(&self, area: Area) -> bool {
        let columns = place(area.left)..=place(area.right()).min(self.columns - 1);
        let mut rows = place(area.top)..=place(area.bottom());
        rows.any(|row| {
            columns.clone().any(|column| self.land.get(row * self.columns + column).is_some_and(|land| *land))
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates; a sheet is small")]
fn place(pixels: f64) -> usize {
    (pixels / SIDE) as usize
}

fn number(place: usize) -> f64 {
    crate::charts::canvas::number(place)
}
