//! What a picture of zones costs: the map, the tile grid, the pair, the strips and the columns of Sóc Trăng's communes.

use std::{fs, path::Path, time::Instant};

use chrono::{Days, NaiveDate, NaiveTime};
use vungxanh::{
    charts::{
        ChartError, Frame, Svg, Width,
        zone_map::{self, MapArea, MapNotes, ZoneMap},
        zone_pair::{self, ChangedPlace, Layout, ZonePair},
        zone_strips::{self, Row, Segment, ZoneStrips},
        zone_tiles::{self, ZoneTiles},
        zones::{Counts, Place, ZoneWords},
        zones_over_time::{self, Column, ZonesOverTime},
    },
    domain::{
        outlines::Outlines,
        tiles::{TileGrid, TilePlace, arrange},
        unit::UnitKind,
        zone::Colour,
    },
    imports,
};

use crate::{
    Options, Outcome,
    table::{Must, heading, median, reach},
};

/// Sóc Trăng: 109 communes.
const PROVINCE: &str = "94";
/// Most milliseconds a map or a tile grid may take; the others are shown beside them.
const MOST: f64 = 5.0;
/// Pictures drawn in a round.
const EACH: usize = 20;

/// Draws one picture.
type Draw<'a> = &'a dyn Fn(Width) -> Result<Svg, ChartError>;

/// Measures every picture at both widths.
pub fn measure(options: &Options) -> Outcome<()> {
    heading("pictures: milliseconds for one SVG, 109 communes");
    let outlines = imports::outlines::read(&fs::read(seed("maps/communes-2021.topojson"))?)?;
    let units = communes()?;
    let tiles: Vec<TilePlace> = units
        .iter()
        .map(|(code, parent, _)| TilePlace { code: code.clone(), parent: parent.clone(), at: outlines.centre(code) })
        .collect();
    let grid = arrange(&tiles);
    let places: Vec<Place> =
        units.iter().zip((0..4).cycle()).map(|((code, _, name), zone)| place(code, name, zone)).collect();
    let area = MapArea::of(UnitKind::Province, PROVINCE)?;
    let (frame, words) = (Frame::default(), ZoneWords::default());
    let map = ZoneMap {
        frame: frame.clone(),
        area: area.clone(),
        places: places.clone(),
        outlines: &outlines,
        notes: MapNotes::default(),
        words: words.clone(),
    };
    let board = ZoneTiles { frame: frame.clone(), places: places.clone(), grid: &grid, words: words.clone() };
    let pair = pair(&places, area, &outlines, &words);
    let (strips, columns) = (strips(&places, &words), columns(&words));
    let bounded: [(&str, Draw<'_>); 2] =
        [("map", &|width| zone_map::draw(&map, width)), ("tiles", &|width| zone_tiles::draw(&board, width))];
    // Other names every time: no plan that was kept fits.
    let turn = std::cell::Cell::new(0);
    let anew = |width| {
        turn.set(turn.get() + 1);
        let places = map
            .places
            .iter()
            .map(|place| Place { name: format!("{} {}", place.name, turn.get() % 90), ..place.clone() });
        zone_map::draw(&ZoneMap { places: places.collect(), ..map.clone() }, width)
    };
    let others: [(&str, Draw<'_>); 4] = [
        ("map for the first time", &anew),
        ("two maps", &|width| zone_pair::draw(&pair, width)),
        ("strips, 104 weeks", &|width| zone_strips::draw(&strips, width)),
        ("columns, 104 weeks", &|width| zones_over_time::draw(&columns, width)),
    ];
    let widths = [(Width::Wide, "wide"), (Width::Phone, "phone")];
    for (name, draw) in bounded {
        for (width, suffix) in widths {
            let took = took(options.rounds, || draw(width).map(drop))?;
            reach(&format!("{name}, {suffix}"), &Must::AtMost(MOST), took, "ms");
        }
    }
    for (name, draw) in others {
        for (width, suffix) in widths {
            let took = took(options.rounds, || draw(width).map(drop))?;
            println!("  {:<62} {took:>27.2} ms", format!("{name}, {suffix}"));
        }
    }
    let took = took(options.rounds, || {
        drop::<TileGrid>(arrange(&tiles));
        Ok(())
    })?;
    println!("  {:<62} {took:>27.2} ms", "finding the tiles of 109 communes");
    Ok(())
}

/// Median over rounds of the mean of a round; the first round is not counted.
fn took(rounds: usize, draw: impl Fn() -> Result<(), ChartError>) -> Outcome<f64> {
    let mut of_rounds = Vec::new();
    for _ in 0..=rounds {
        let start = Instant::now();
        for _ in 0..EACH {
            draw()?;
        }
        of_rounds.push(start.elapsed().as_secs_f64() * 1000.0 / f64::from(u32::try_from(EACH)?));
    }
    Ok(median(of_rounds.into_iter().skip(1)))
}

fn seed(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seed").join(file)
}

/// Code, district and name of the province's communes.
fn communes() -> Outcome<Vec<(String, String, String)>> {
    let mut reader = csv::Reader::from_path(seed("units/vietnam-2021.csv"))?;
    let units = reader.deserialize().collect::<Result<Vec<(String, String, String, String, String)>, _>>()?;
    let is_district = |code: &str| units.iter().any(|unit| unit.0 == code && unit.4 == PROVINCE);
    let communes = units.iter().filter(|unit| unit.1 == "commune" && is_district(&unit.4));
    Ok(communes.map(|unit| (unit.0.clone(), unit.4.clone(), unit.2.clone())).collect())
}

fn place(code: &str, name: &str, zone: usize) -> Place {
    Place {
        code: code.to_owned(),
        name: name.to_owned(),
        href: Some(format!("/vung/{code}")),
        title: format!("{name}: vùng cam từ 18/11/2021"),
        zone: Colour::ALL.get(zone).copied(),
    }
}

fn pair<'a>(places: &[Place], area: MapArea, outlines: &'a Outlines, words: &ZoneWords) -> ZonePair<'a> {
    ZonePair {
        frame: Frame::default(),
        before: "15/08/2021".into(),
        after: "25/08/2021".into(),
        changed: "Đã đổi cấp độ".into(),
        places: places.iter().map(|place| ChangedPlace { place: place.clone(), before: Some(Colour::Green) }).collect(),
        layout: Layout::Map(area, outlines, MapNotes::default()),
        words: words.clone(),
    }
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 6, 1).unwrap_or_default()
}

fn strips(places: &[Place], words: &ZoneWords) -> ZoneStrips {
    let segments: Vec<Segment> = (0..104)
        .zip(Colour::ALL.iter().cycle())
        .map(|(week, zone)| Segment {
            from: (first_day() + Days::new(week * 7)).and_time(NaiveTime::MIN),
            zone: Some(*zone),
            title: "Vùng cam từ 18/11/2021".into(),
        })
        .collect();
    let row = |place: &Place| Row {
        name: place.name.clone(),
        href: place.href.clone(),
        title: place.title.clone(),
        segments: segments.clone(),
    };
    ZoneStrips {
        frame: Frame::default(),
        first: first_day(),
        last: first_day() + Days::new(728),
        rows: places.iter().map(row).collect(),
        scheme_changes: Vec::new(),
        window: None,
        words: words.clone(),
    }
}

fn columns(words: &ZoneWords) -> ZonesOverTime {
    let counts = Counts { green: 45, yellow: 28, orange: 27, red: 9, unclassified: 0 };
    let column = |week: u64| Column { day: first_day() + Days::new(week * 7), name: String::new(), href: None, counts };
    ZonesOverTime {
        frame: Frame::default(),
        columns: (0..104).map(column).collect(),
        scheme_changes: Vec::new(),
        words: words.clone(),
    }
}
