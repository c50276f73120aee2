//! Views of zones as pictures: tiles, map, strips, columns; the finding above each is built from the figures.

use chrono::NaiveDate;

use super::{parts::words, pictures::locale};
use crate::{
    charts::{
        ChartError, Frame, Svg, Width,
        zone_map::{self, MapArea, MapNotes, ZoneMap},
        zone_pair::{self, ChangedPlace, Layout, ZonePair},
        zone_strips::{self, Row, Segment, ZoneStrips},
        zone_tiles::{self, ZoneTiles},
        zones::{Counts, Place, SchemeChange, Window, ZoneWords},
        zones_over_time::{self, Column, ZonesOverTime},
    },
    domain::{
        calendar,
        outlines::Outlines,
        tiles::{TileGrid, TilePlace, arrange},
        zone::{Colour, drive::Outcome},
    },
    usecases::{
        UnitRef,
        judge_drive::{DriveResult, Stretch},
        see_zone_course::{SchemeChange as Change, ZoneCourse},
        see_zones::ZoneBoard,
        zone_state::{ZoneMark, ZoneState},
    },
    web::{
        links,
        words::{Lang, lower_first},
    },
};

/// How places are laid out in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// As equal tiles: the default, small towns are seen.
    Tiles,
    /// As a map.
    Map,
}

impl Shape {
    /// Reads `o` or `ban-do`.
    pub fn of(text: Option<&str>) -> Self {
        if text == Some("ban-do") { Self::Map } else { Self::Tiles }
    }
}

fn zone_words(lang: Lang) -> ZoneWords {
    let word = |code: &str| lang.t(&format!("zone.{code}"));
    ZoneWords {
        green: word("green"),
        yellow: word("yellow"),
        orange: word("orange"),
        red: word("red"),
        unclassified: word("none"),
    }
}

/// A name as short as it can be told from its neighbours.
fn short(unit: &UnitRef) -> String {
    let name = &unit.name;
    for (kind, short) in [("Xã ", ""), ("Thị trấn ", "TT "), ("Phường ", "P. "), ("Huyện ", ""), ("Thị xã ", "TX ")]
    {
        if let Some(rest) = name.strip_prefix(kind) {
            return format!("{short}{rest}");
        }
    }
    name.clone()
}

fn said(lang: Lang, unit: &UnitRef, mark: Option<&ZoneMark>) -> String {
    match mark {
        None => format!("{}: {}", unit.name, lower_first(&lang.t("zone.none"))),
        Some(mark) => format!(
            "{}: {} ({}), {}",
            unit.name,
            lower_first(&lang.t(&format!("zone.{}", mark.colour))),
            words(lang, &mark.name),
            lang.tr("zones.since", &[("date", &lang.moment(mark.effective_from))])
        ),
    }
}

/// Draws one of the pictures at a width.
pub type Drawing<'a> = Box<dyn Fn(Width) -> Result<Svg, ChartError> + 'a>;

/// Tiles for these places.
fn grid<'a>(outlines: &Outlines, units: impl Iterator<Item = &'a UnitRef>) -> TileGrid {
    let place =
        |unit: &UnitRef| TilePlace { code: unit.code.clone(), parent: String::new(), at: outlines.centre(&unit.code) };
    arrange(&units.map(place).collect::<Vec<_>>())
}

fn notes(lang: Lang) -> MapNotes {
    MapNotes {
        disclaimer: lang.t("map.disclaimer"),
        credit: lang.t("map.credit"),
        without_outline: lang.t("map.without_outline"),
    }
}

/// The board as tiles or as a map; no map where there must not be one.
pub fn board<'a>(lang: Lang, view: &ZoneBoard, outlines: &'a Outlines, shape: Shape) -> Option<Drawing<'a>> {
    if view.rows.len() < 2 {
        return None;
    }
    let places: Vec<Place> = view
        .rows
        .iter()
        .map(|row| {
            let mark = row.state.as_ref().and_then(ZoneState::mark);
            Place {
                code: row.unit.code.clone(),
                name: short(&row.unit),
                href: Some(links::unit(&row.unit)),
                title: said(lang, &row.unit, mark.as_ref()),
                zone: mark.map(|mark| mark.colour),
            }
        })
        .collect();
    let count = |colour| view.summary.counts.get(&colour).copied().unwrap_or(0);
    let title =
        finding(lang, count(Colour::Green), count(Colour::Orange) + count(Colour::Red), view.summary.unclassified);
    let values =
        [("n", lang.count(view.summary.total)), ("place", view.scope.name.clone()), ("when", lang.moment(view.at))];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (frame, words) = (frame(lang, "vung", title, lang.tr("map.subtitle", &values)), zone_words(lang));
    match shape {
        Shape::Tiles => {
            let grid = grid(outlines, view.rows.iter().map(|row| &row.unit));
            Some(Box::new(move |width| {
                let tiles =
                    ZoneTiles { frame: frame.clone(), places: places.clone(), grid: &grid, words: words.clone() };
                zone_tiles::draw(&tiles, width)
            }))
        }
        Shape::Map => {
            let area = MapArea::of(view.scope.kind, &view.scope.code).ok()?;
            let notes = notes(lang);
            let map = ZoneMap { frame, area, places, outlines, notes, words };
            Some(Box::new(move |width| zone_map::draw(&map, width)))
        }
    }
}

/// "12 xã, thị trấn là vùng xanh, 3 nơi là vùng cam hoặc đỏ."
fn finding(lang: Lang, green: usize, high: usize, unclassified: usize) -> String {
    let mut parts = vec![lang.tr("map.green", &[("n", &lang.count(green))])];
    if high > 0 {
        parts.push(lang.tr("map.high", &[("n", &lang.count(high))]));
    }
    if unclassified > 0 {
        parts.push(lang.tr("map.unclassified", &[("n", &lang.count(unclassified))]));
    }
    parts.join(", ")
}

fn scheme_changes(changes: &[Change]) -> Vec<SchemeChange> {
    let change = |change: &Change| SchemeChange { day: calendar::day(change.at), label: change.decision.to_owned() };
    changes.iter().map(change).collect()
}

fn whole(count: Option<&usize>) -> u32 {
    count.and_then(|count| u32::try_from(*count).ok()).unwrap_or(0)
}

/// The texts around a picture of zones. They are decisions of authorities: made-up figures are never among them.
fn frame(lang: Lang, id: &str, title: String, subtitle: String) -> Frame {
    Frame {
        id: id.to_owned(),
        description: title.clone(),
        title,
        subtitle,
        footer: lang.t("zones.source"),
        no_data: lang.t("msg.none"),
        locale: locale(lang),
    }
}

/// "Phân vùng theo thời gian, huyện Chợ Mới, 16/08/2021–25/08/2021".
fn over(lang: Lang, place: &UnitRef, from: NaiveDate, to: NaiveDate) -> String {
    lang.tr("course.subtitle", &[("from", &lang.day(from)), ("to", &lang.day(to)), ("place", &place.name)])
}

/// Stacked columns of places per zone.
pub fn columns(lang: Lang, view: &ZoneCourse) -> ZonesOverTime {
    let first = view.columns.first().map_or(0, |column| column.counts.get(&Colour::Green).copied().unwrap_or(0));
    let last = view.columns.last().map_or(0, |column| column.counts.get(&Colour::Green).copied().unwrap_or(0));
    let key = if first == last { "course.green_same" } else { "course.green_from_to" };
    let title = lang.tr(key, &[("first", &lang.count(first)), ("last", &lang.count(last))]);
    let column = |column: &crate::usecases::see_zone_course::Column| Column {
        day: column.day,
        name: lang.day(column.day),
        href: Some(links::with_query("/vung", &[("don-vi", &view.scope.code), ("tai", &lang.day_to_type(column.day))])),
        counts: Counts {
            green: whole(column.counts.get(&Colour::Green)),
            yellow: whole(column.counts.get(&Colour::Yellow)),
            orange: whole(column.counts.get(&Colour::Orange)),
            red: whole(column.counts.get(&Colour::Red)),
            unclassified: u32::try_from(column.unclassified).unwrap_or(0),
        },
    };
    ZonesOverTime {
        frame: frame(lang, "cot-vung", title, over(lang, &view.scope, view.starts_on, view.ends_on)),
        columns: view.columns.iter().map(column).collect(),
        scheme_changes: scheme_changes(&view.scheme_changes),
        words: zone_words(lang),
    }
}

fn segment(lang: Lang, stretch: &Stretch) -> Segment {
    let from = stretch.mark.as_ref().map_or(stretch.from, |mark| mark.effective_from);
    let name = stretch.mark.as_ref().map_or("none", |mark| mark.colour.code());
    Segment {
        from: calendar::local(from),
        zone: stretch.mark.as_ref().map(|mark| mark.colour),
        title: format!(
            "{} {}",
            lang.t(&format!("zone.{name}")),
            lang.tr("zones.since", &[("date", &lang.moment(from))])
        ),
    }
}

fn row(lang: Lang, unit: &UnitRef, stretches: &[Stretch]) -> Row {
    let segments: Vec<Segment> = stretches.iter().map(|stretch| segment(lang, stretch)).collect();
    let path: Vec<&str> = segments.iter().map(|segment| segment.title.as_str()).collect();
    Row {
        name: short(unit),
        href: Some(links::unit(unit)),
        title: format!("{}: {}", unit.name, path.join("; ")),
        segments,
    }
}

/// A strip for each place.
pub fn strips(lang: Lang, view: &ZoneCourse) -> ZoneStrips {
    let ever_red = view
        .strips
        .iter()
        .filter(|strip| strip.stretches.iter().any(|s| s.mark.as_ref().is_some_and(|mark| mark.colour == Colour::Red)));
    let title = lang.tr("course.ever_red", &[("n", &lang.count(ever_red.count()))]);
    ZoneStrips {
        frame: frame(lang, "dai-vung", title, over(lang, &view.scope, view.starts_on, view.ends_on)),
        first: view.starts_on,
        last: view.ends_on,
        rows: view.strips.iter().map(|strip| row(lang, &strip.unit, &strip.stretches)).collect(),
        scheme_changes: scheme_changes(&view.scheme_changes),
        window: None,
        words: zone_words(lang),
    }
}

/// The strips of one place over its window, for its page.
pub fn drive_strips(lang: Lang, view: &DriveResult) -> ZoneStrips {
    ZoneStrips {
        frame: drive_frame(lang, "dai-dot", view),
        first: view.starts_on - chrono::Days::new(1),
        last: view.ends_on + chrono::Days::new(1),
        rows: view.places.iter().map(|place| row(lang, &place.unit, &place.path)).collect(),
        scheme_changes: Vec::new(),
        window: Some(Window { first: view.starts_on, last: view.ends_on, label: lang.t("drive.window") }),
        words: zone_words(lang),
    }
}

fn drive_frame(lang: Lang, id: &str, view: &DriveResult) -> Frame {
    let count = |outcome| lang.count(view.outcomes.get(&outcome).copied().unwrap_or(0));
    let [kept, improved, worsened] = [Outcome::KeptGreen, Outcome::Improved, Outcome::Worsened].map(count);
    let title = lang.tr("drive.finding", &[("kept", &kept), ("improved", &improved), ("worsened", &worsened)]);
    frame(lang, id, title, over(lang, &view.scope, view.starts_on, view.ends_on))
}

/// The first and the last day of a drive side by side.
pub fn pair<'a>(lang: Lang, view: &DriveResult, outlines: &'a Outlines, shape: Shape) -> Option<Drawing<'a>> {
    if view.places.len() < 2 {
        return None;
    }
    let frame = drive_frame(lang, "truoc-sau", view);
    let places: Vec<ChangedPlace> = view
        .places
        .iter()
        .map(|place| ChangedPlace {
            place: Place {
                code: place.unit.code.clone(),
                name: short(&place.unit),
                href: Some(links::unit(&place.unit)),
                title: format!(
                    "{} → {}",
                    said(lang, &place.unit, place.baseline.as_ref()),
                    lower_first(
                        &place
                            .last
                            .as_ref()
                            .map_or_else(|| lang.t("zone.none"), |mark| lang.t(&format!("zone.{}", mark.colour)))
                    )
                ),
                zone: place.last.as_ref().map(|mark| mark.colour),
            },
            before: place.baseline.as_ref().map(|mark| mark.colour),
        })
        .collect();
    let grid = grid(outlines, view.places.iter().map(|place| &place.unit));
    let area = if shape == Shape::Map { Some(MapArea::of(view.scope.kind, &view.scope.code).ok()?) } else { None };
    let (before, after) = (
        lang.tr("drive.before", &[("date", &lang.day(view.starts_on))]),
        lang.tr("drive.after", &[("date", &lang.day(view.ends_on))]),
    );
    Some(Box::new(move |width| {
        let layout = match &area {
            Some(area) => Layout::Map(area.clone(), outlines, notes(lang)),
            None => Layout::Tiles(&grid),
        };
        let pair = ZonePair {
            frame: frame.clone(),
            before: before.clone(),
            after: after.clone(),
            changed: lang.t("drive.changed"),
            places: places.clone(),
            layout,
            words: zone_words(lang),
        };
        zone_pair::draw(&pair, width)
    }))
}

/// Draws strips at a width.
pub fn draw_strips(chart: &ZoneStrips) -> impl Fn(Width) -> Result<Svg, ChartError> + '_ {
    move |width| zone_strips::draw(chart, width)
}

/// Draws columns at a width.
pub fn draw_columns(chart: &ZonesOverTime) -> impl Fn(Width) -> Result<Svg, ChartError> + '_ {
    move |width| zones_over_time::draw(chart, width)
}
