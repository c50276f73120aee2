//! Tile grids: every place of an area as one equal tile, near where it really lies.

use std::collections::BTreeMap;

use super::outlines::LonLat;

/// Where a tile stands, from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// From 0, westmost.
    pub column: u16,
    /// From 0, northmost.
    pub row: u16,
}

/// The tiles of an area's places by official code; no two places share one.
pub type TileGrid = BTreeMap<String, Tile>;

/// A place to be given a tile.
#[derive(Debug, Clone, PartialEq)]
pub struct TilePlace {
    /// Its official code.
    pub code: String,
    /// The code of what it belongs to: a place whose position is not known is put among its siblings.
    pub parent: String,
    /// Its middle, where that is known.
    pub at: Option<LonLat>,
}

/// Rows and columns of a grid with about this many tiles for each place keep the shape of the area and few holes.
const TILES_PER_PLACE: f64 = 1.2;
/// Rounds of improvement; a few are enough, and the bound keeps any input short.
const MOST_ROUNDS: usize = 60;

/// Gives every place a tile of its own, the sum of squared distances from where it lies as small as swapping two places
/// and moving single ones makes it. Places of which nothing is known come last, in rows below the others. The same
/// places in the same order give the same grid.
///
/// Reckoned when it is wanted instead of kept in a file: outlines that a province brings get tiles like ours, and no
/// second list of places has to follow when places are merged.
pub fn arrange(places: &[TilePlace]) -> TileGrid {
    let positions: Vec<Option<LonLat>> = places.iter().map(|place| position(place, places)).collect();
    let known: Vec<(usize, LonLat)> =
        positions.iter().enumerate().filter_map(|(place, at)| Some((place, (*at)?))).collect();
    let (columns, rows, wishes) = wishes(&known.iter().map(|(_, at)| *at).collect::<Vec<_>>());
    let taken = assign(&wishes, columns, rows);
    let first_column = taken.iter().map(|cell| cell % columns).min().unwrap_or_default();
    let first_row = taken.iter().map(|cell| cell / columns).min().unwrap_or_default();
    let last_row = taken.iter().map(|cell| cell / columns).max();
    let below = last_row.map_or(0, |last| last + 1 - first_row);
    let columns_below = if known.is_empty() { side_of(places.len()) } else { columns };
    let mut grid = TileGrid::new();
    for ((place, _), cell) in known.iter().zip(&taken) {
        put(&mut grid, places, *place, (cell % columns - first_column, cell / columns - first_row));
    }
    let unknown = positions.iter().enumerate().filter(|(_, at)| at.is_none());
    for (index, (place, _)) in unknown.enumerate() {
        put(&mut grid, places, place, (index % columns_below, below + index / columns_below));
    }
    grid
}

fn put(grid: &mut TileGrid, places: &[TilePlace], place: usize, (column, row): (usize, usize)) {
    let [column, row] = [column, row].map(|at| u16::try_from(at).unwrap_or(u16::MAX));
    if let Some(place) = places.get(place) {
        grid.insert(place.code.clone(), Tile { column, row });
    }
}

/// Where a place lies; if that is not known, the middle of those that belong to the same.
fn position(place: &TilePlace, places: &[TilePlace]) -> Option<LonLat> {
    let is_finite = |at: &LonLat| at.0.is_finite() && at.1.is_finite();
    if let Some(at) = place.at.filter(is_finite) {
        return Some(at);
    }
    let siblings = places.iter().filter(|other| other.parent == place.parent).filter_map(|other| other.at);
    let (count, x, y) = siblings.filter(is_finite).fold((0.0, 0.0, 0.0), |(n, x, y), at| (n + 1.0, x + at.0, y + at.1));
    (count > 0.0).then(|| (x / count, y / count))
}

/// The size of a grid for these points, and where on it each would like to be, in tiles from the top left one.
fn wishes(points: &[LonLat]) -> (usize, usize, Vec<(f64, f64)>) {
    let middle = points.iter().map(|at| at.1).sum::<f64>() / count(points.len().max(1));
    // Degrees of longitude are shorter than degrees of latitude; rows are counted southwards.
    let flat: Vec<(f64, f64)> = points.iter().map(|at| (at.0 * middle.to_radians().cos(), -at.1)).collect();
    let least = |axis: fn(&(f64, f64)) -> f64| flat.iter().map(axis).fold(f64::INFINITY, f64::min);
    let most = |axis: fn(&(f64, f64)) -> f64| flat.iter().map(axis).fold(f64::NEG_INFINITY, f64::max);
    let (left, top) = (least(|at| at.0), least(|at| at.1));
    let (width, height) = (most(|at| at.0) - left, most(|at| at.1) - top);
    let wanted = count(points.len()) * TILES_PER_PLACE;
    // Places on a line, or all in one point, still get a grid that has two sides.
    let ratio = if width > 0.0 && height > 0.0 { (width / height).clamp(0.1, 10.0) } else { 1.0 };
    let mut columns = whole((wanted * ratio).sqrt()) + 1;
    let rows = whole((wanted / ratio).sqrt()) + 1;
    while columns * rows < points.len() {
        columns += 1;
    }
    let share = |at: f64, from: f64, span: f64| if span > 0.0 { (at - from) / span } else { 0.5 };
    let wish =
        |at: &(f64, f64)| (share(at.0, left, width) * count(columns - 1), share(at.1, top, height) * count(rows - 1));
    (columns, rows, flat.iter().map(wish).collect())
}

/// A cell for every wish: first the nearest free one, then whatever exchange brings all of them nearer.
fn assign(wishes: &[(f64, f64)], columns: usize, rows: usize) -> Vec<usize> {
    let cost = |wish: (f64, f64), cell: usize| {
        let (x, y) = (wish.0 - count(cell % columns), wish.1 - count(cell / columns));
        x * x + y * y
    };
    let mut free: Vec<usize> = (0..columns * rows).collect();
    let mut cells: Vec<usize> = Vec::with_capacity(wishes.len());
    for &wish in wishes {
        let nearest = (0..free.len()).min_by(|&a, &b| cost(wish, free[a]).total_cmp(&cost(wish, free[b])));
        // There are at least as many cells as wishes.
        cells.extend(nearest.map(|nearest| free.swap_remove(nearest)));
    }
    for _ in 0..MOST_ROUNDS {
        let mut is_better = false;
        for (place, &wish) in wishes.iter().enumerate() {
            for cell in &mut free {
                if cost(wish, *cell) + 1e-9 < cost(wish, cells[place]) {
                    std::mem::swap(cell, &mut cells[place]);
                    is_better = true;
                }
            }
            for other in place + 1..cells.len() {
                let (mine, theirs) = (cells[place], cells[other]);
                let before = cost(wish, mine) + cost(wishes[other], theirs);
                if cost(wish, theirs) + cost(wishes[other], mine) + 1e-9 < before {
                    cells.swap(place, other);
                    is_better = true;
                }
            }
        }
        if !is_better {
            break;
        }
    }
    cells
}

/// A side of a square of about this many tiles.
fn side_of(places: usize) -> usize {
    whole(count(places).sqrt().ceil()).max(1)
}

fn count(places: usize) -> f64 {
    u32::try_from(places).map_or(f64::MAX, f64::from)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates; no grid is that large")]
fn whole(number: f64) -> usize {
    number.round() as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn place(code: usize, at: Option<LonLat>) -> TilePlace {
        TilePlace { code: format!("{code:05}"), parent: format!("{}", code % 3), at }
    }

    fn at(grid: &TileGrid, code: usize) -> (u16, u16) {
        let tile = grid[&format!("{code:05}")];
        (tile.column, tile.row)
    }

    #[test]
    fn north_is_above_and_east_is_right() {
        let corners = [(105.0, 11.0), (106.0, 11.0), (105.0, 10.0), (106.0, 10.0)];
        let places: Vec<_> = corners.into_iter().enumerate().map(|(code, at)| place(code, Some(at))).collect();
        let grid = arrange(&places);
        let [north_west, north_east, south_west, south_east] = [0, 1, 2, 3].map(|code| at(&grid, code));
        assert_eq!(north_west, (0, 0));
        assert!(north_east.0 > 0 && north_east.1 == 0 && south_west.0 == 0 && south_west.1 > 0);
        assert_eq!(south_east, (north_east.0, south_west.1));
    }

    #[test]
    fn a_place_not_on_the_map_is_put_among_its_siblings() {
        // 0, 3, 6 and 9 belong together and lie in the west; where 9 lies is not known.
        let mut places: Vec<_> =
            (0..9_u8).map(|i| place(i.into(), Some((105.0 + f64::from(i % 3), 10.0 + f64::from(i / 3))))).collect();
        places.push(place(9, None));
        let grid = arrange(&places);
        let last_column = grid.values().map(|tile| tile.column).max().unwrap();
        assert!(at(&grid, 9).0 < last_column, "{grid:?}");
    }

    #[test]
    fn without_any_position_the_tiles_stand_in_rows() {
        let places: Vec<_> = (0..5).map(|code| place(code, None)).collect();
        let grid = arrange(&places);
        assert_eq!([0, 1, 2, 3, 4].map(|code| at(&grid, code)), [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]);
        assert!(arrange(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn every_place_has_a_tile_of_its_own(
            points in prop::collection::vec(prop::option::of((-180.0..180.0_f64, -80.0..80.0_f64)), 0..60),
            is_one_point in any::<bool>(),
        ) {
            let places: Vec<_> = points
                .into_iter()
                .enumerate()
                .map(|(code, at)| place(code, at.map(|at| if is_one_point { (105.0, 10.0) } else { at })))
                .collect();
            let grid = arrange(&places);
            prop_assert_eq!(grid.len(), places.len());
            prop_assert_eq!(grid.values().collect::<BTreeSet<_>>().len(), places.len());
        }
    }
}
