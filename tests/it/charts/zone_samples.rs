//! Small pictures of zones to test with: three communes of Chợ Mới on made-up squares, and real outlines.

use std::sync::LazyLock;

use chrono::{Days, NaiveDate, NaiveTime};
use vungxanh::charts::zone_map::{MapArea, MapNotes, ZoneMap};
use vungxanh::charts::zone_pair::{ChangedPlace, Layout, ZonePair};
use vungxanh::charts::zone_strips::{Row, Segment, ZoneStrips};
use vungxanh::charts::zone_tiles::ZoneTiles;
use vungxanh::charts::zones::{Counts, Place, SchemeChange, Window, ZoneWords};
use vungxanh::charts::zones_over_time::{Column, ZonesOverTime};
use vungxanh::charts::{Svg, Width, zone_map, zone_pair, zone_strips, zone_tiles, zones_over_time};
use vungxanh::domain::outlines::{Outlines, Polygon};
use vungxanh::domain::tiles::{Tile, TileGrid};
use vungxanh::domain::unit::UnitKind;
use vungxanh::domain::zone::Colour;

use super::samples::{WIDTHS, day, frame};

pub fn words() -> ZoneWords {
    ZoneWords {
        green: "Vùng xanh".into(),
        yellow: "Vùng vàng".into(),
        orange: "Vùng cam".into(),
        red: "Vùng đỏ".into(),
        unclassified: "Chưa phân loại".into(),
    }
}

pub fn place(code: &str, name: &str, zone: Option<Colour>) -> Place {
    let href = Some(format!("/vung/{code}"));
    Place { code: code.into(), name: name.into(), href, title: format!("Xã {name}: từ 01/09"), zone }
}

/// One of each kind: a large place, a small one, one that is not classified.
pub fn places() -> Vec<Place> {
    vec![
        place("30634", "Kiến An", Some(Colour::Yellow)),
        place("30628", "TT Chợ Mới", Some(Colour::Red)),
        place("30637", "Mỹ Hội Đông", None),
    ]
}

/// Three boxes beside each other; the middle one is small.
pub static SQUARES: LazyLock<Outlines> = LazyLock::new(|| {
    let square = |left: f64, width: f64| {
        let right = left + width;
        let outer = vec![(left, 10.0), (right, 10.0), (right, 10.1), (left, 10.1)];
        Polygon { outer, holes: Vec::new() }
    };
    let mut outlines = Outlines::default();
    outlines.add("30634", square(105.0, 0.1));
    outlines.add("30628", square(105.1, 0.004));
    outlines.add("30637", square(105.104, 0.1));
    outlines
});

pub static GRID: LazyLock<TileGrid> = LazyLock::new(|| {
    let tiles = [("30634", 0, 0), ("30628", 1, 0), ("30637", 0, 1)];
    tiles.into_iter().map(|(code, column, row)| (code.to_owned(), Tile { column, row })).collect()
});

pub fn notes() -> MapNotes {
    MapNotes {
        disclaimer: "Ranh giới giản lược, không dùng để phân định địa giới.".into(),
        credit: "Ranh giới: M. Choisy, censusVN2009 (MIT).".into(),
        without_outline: "Không có ranh giới:".into(),
    }
}

pub fn district() -> MapArea {
    MapArea::of(UnitKind::District, "893").unwrap()
}

pub fn map(places: Vec<Place>) -> ZoneMap<'static> {
    ZoneMap { frame: frame(), area: district(), places, outlines: &SQUARES, notes: notes(), words: words() }
}

pub fn tiles(places: Vec<Place>) -> ZoneTiles<'static> {
    ZoneTiles { frame: frame(), places, grid: &GRID, words: words() }
}

pub fn pair(places: Vec<Place>, layout: Layout<'static>) -> ZonePair<'static> {
    let places = places.into_iter().map(|place| ChangedPlace { place, before: Some(Colour::Yellow) }).collect();
    ZonePair {
        frame: frame(),
        before: "15/08/2021, trước đợt".into(),
        after: "25/08/2021, cuối đợt".into(),
        changed: "Đã đổi cấp độ".into(),
        places,
        layout,
        words: words(),
    }
}

pub fn map_layout() -> Layout<'static> {
    Layout::Map(district(), &SQUARES, notes())
}

pub fn segment(on: u32, zone: Colour) -> Segment {
    Segment { from: day(on).and_time(NaiveTime::MIN), zone: Some(zone), title: format!("Vùng {zone} từ {on}/9") }
}

pub fn row(name: &str, segments: Vec<Segment>) -> Row {
    Row { name: name.into(), href: Some("/xa/1".into()), title: format!("{name}: …"), segments }
}

pub fn scheme_change() -> SchemeChange {
    SchemeChange { day: day(15), label: "Nghị quyết 128".into() }
}

pub fn strips(rows: Vec<Row>) -> ZoneStrips {
    ZoneStrips {
        frame: frame(),
        first: day(1),
        last: day(30),
        rows,
        scheme_changes: vec![scheme_change()],
        window: Some(Window { first: day(6), last: day(10), label: "Đợt thi đua".into() }),
        words: words(),
    }
}

pub fn tidy_strips() -> ZoneStrips {
    strips(vec![
        row("Kiến An", vec![segment(1, Colour::Green), segment(8, Colour::Orange), segment(20, Colour::Yellow)]),
        row("TT Chợ Mới", vec![segment(12, Colour::Red)]),
    ])
}

pub fn column(on: u64, counts: Counts) -> Column {
    let first = NaiveDate::from_ymd_opt(2021, 9, 1).unwrap();
    let day = first + Days::new(on - 1);
    Column { day, name: day.format("%d/%m/%Y").to_string(), href: Some("/vung".into()), counts }
}

pub fn over_time(columns: Vec<Column>) -> ZonesOverTime {
    ZonesOverTime { frame: frame(), columns, scheme_changes: vec![scheme_change()], words: words() }
}

pub fn tidy_over_time() -> ZonesOverTime {
    let counts = |green, unclassified| Counts { green, yellow: 5, orange: 2, red: 1, unclassified };
    over_time((1..=30).map(|on| if on < 5 { column(on, counts(6, 4)) } else { column(on, counts(10, 0)) }).collect())
}

/// Every picture of zones at both widths, with a name of our choice for a place and for every word around.
pub fn every_picture(name: Option<&str>) -> Vec<(Width, Svg)> {
    let mut places = places();
    let (mut strips, mut columns) = (tidy_strips(), tidy_over_time());
    if let Some(name) = name {
        name.clone_into(&mut places[0].name);
        name.clone_into(&mut places[1].name);
        name.clone_into(&mut strips.rows[0].name);
        for label in [&mut strips.scheme_changes[0].label, &mut columns.scheme_changes[0].label] {
            name.clone_into(label);
        }
        name.clone_into(&mut columns.words.red);
    }
    let (map, tiles) = (map(places.clone()), tiles(places.clone()));
    let pairs = [Layout::Tiles(&GRID), map_layout()].map(|layout| pair(places.clone(), layout));
    let draw_at = |width| {
        let pairs = pairs.iter().map(move |pair| zone_pair::draw(pair, width));
        [
            zone_map::draw(&map, width),
            zone_tiles::draw(&tiles, width),
            zone_strips::draw(&strips, width),
            zones_over_time::draw(&columns, width),
        ]
        .into_iter()
        .chain(pairs)
        .map(move |svg| (width, svg.unwrap()))
    };
    WIDTHS.into_iter().flat_map(draw_at).collect()
}
