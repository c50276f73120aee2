//! Small charts to test with, and ways to read a drawing back.

use chrono::NaiveDate;
use resvg::usvg::roxmltree::{Document, Node};
use vungxanh::charts::adoption_by_agency::{self, AdoptionByAgency};
use vungxanh::charts::ranking::{self, Ranking};
use vungxanh::charts::text::Lettering;
use vungxanh::charts::trend::{self, Point, Series, Trend};
use vungxanh::charts::{Cell, Frame, Locale, Svg, Target, Width, Words, theme};
use vungxanh::domain::rate::Rate;

pub const WIDTHS: [Width; 2] = [Width::Wide, Width::Phone];
/// 60 letters and more, of the kind that does occur.
pub const LONG_NAME: &str = "Ban Quản lý Khu di tích Lưu niệm Chủ tịch Tôn Đức Thắng và các cụm di tích lịch sử tỉnh";
pub const HOSTILE_NAME: &str = "A & B <b onclick=\"x\">'c'</b> ]]> \u{7}\u{202E} 😀";

pub fn frame() -> Frame {
    Frame {
        id: "c1".into(),
        title: "1 trong 3 cơ quan đã cài Bluezone đủ 100%".into(),
        subtitle: "Tỷ lệ cán bộ, công chức, viên chức đã cài đặt, đến 15/09/2021 (%)".into(),
        footer: "Nguồn: báo cáo của các cơ quan, 15/09/2021.".into(),
        description: "Ba cơ quan, mỗi cơ quan hai tỷ lệ.".into(),
        no_data: "Chưa có báo cáo nào.".into(),
        locale: Locale::Vi,
    }
}

pub fn words() -> Words {
    Words { not_reported: "Chưa báo cáo".into(), nobody: "Không có ai".into(), counted_in: "người".into() }
}

pub fn target(percent: i64) -> Target {
    Target { tenths: percent * 10, label: format!("Chỉ tiêu {percent}%") }
}

pub fn rate(counted: i64, base: i64) -> Cell {
    Cell::Rate(Rate::new(counted, base))
}

pub fn agency(name: &str, cells: &[Cell]) -> adoption_by_agency::Row {
    adoption_by_agency::Row {
        name: name.into(),
        people: Some(85),
        href: Some("/co-quan/7".into()),
        cells: cells.to_vec(),
    }
}

pub fn adoption(rows: Vec<adoption_by_agency::Row>) -> AdoptionByAgency {
    AdoptionByAgency {
        frame: frame(),
        measures: vec!["Bluezone".into(), "NCOVI".into()],
        people_heading: "Số người".into(),
        rows,
        target: Some(target(100)),
        low_below: Some(600),
        words: words(),
    }
}

pub fn tidy_adoption() -> AdoptionByAgency {
    adoption(vec![
        agency("Phòng Nội vụ", &[rate(85, 85), rate(77, 85)]),
        agency("Phòng Lao động - Thương binh và Xã hội", &[rate(43, 85), Cell::NotReported]),
        agency("Đài Truyền thanh huyện", &[rate(0, 85), Cell::NobodyToCount]),
    ])
}

pub fn commune(rank: &str, name: &str, cell: Cell, previous: Option<Rate>) -> ranking::Row {
    ranking::Row { rank: rank.into(), name: name.into(), href: Some("/xa/1".into()), cell, previous }
}

pub fn ranking(rows: Vec<ranking::Row>) -> Ranking {
    Ranking {
        frame: frame(),
        rows,
        target: Some(target(80)),
        previous_label: "Tuần trước".into(),
        points: "điểm".into(),
        words: words(),
    }
}

pub fn tidy_ranking() -> Ranking {
    ranking(vec![
        commune("1", "Kiến Thành", rate(858, 1000), Some(Rate::new(763, 1000))),
        commune("2", "TT Mỹ Luông", rate(798, 1000), Some(Rate::new(806, 1000))),
        commune("", "Hội An", Cell::NotReported, None),
    ])
}

pub fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 9, day).unwrap_or_default()
}

pub fn point(on: u32, tenths: i64) -> Point {
    Point { day: day(on), tenths: Some(tenths), complete: true }
}

pub fn gap(on: u32) -> Point {
    Point { day: day(on), tenths: None, complete: true }
}

pub fn series(name: &str, points: &[Point]) -> Series {
    Series { name: name.into(), points: points.to_vec() }
}

pub fn trend(series: Vec<Series>) -> Trend {
    Trend { frame: frame(), series, target: Some(target(100)), incomplete: "Chưa đủ đơn vị báo cáo".into() }
}

pub fn tidy_trend() -> Trend {
    let incomplete = Point { complete: false, ..point(8, 640) };
    trend(vec![
        series("Bluezone", &[point(1, 300), incomplete, point(15, 873)]),
        series("NCOVI", &[point(1, 200), gap(5), point(8, 410), point(12, 455)]),
    ])
}

/// Every chart with a name (of a row, a measure, a series) of our choice, at both widths.
pub fn every_chart_naming(name: &str) -> Vec<(Width, Svg)> {
    let mut adoption = tidy_adoption();
    adoption.rows[0].name = name.into();
    adoption.measures[1] = name.into();
    adoption.words.not_reported = name.into();
    let mut ranking = tidy_ranking();
    ranking.rows[0].name = name.into();
    ranking.target = Some(Target { tenths: 1000, label: name.into() });
    let mut trend = tidy_trend();
    trend.series[0].name = name.into();
    trend.target = Some(Target { tenths: 1000, label: name.into() });
    for frame in [&mut adoption.frame, &mut ranking.frame, &mut trend.frame] {
        frame.title = name.into();
        frame.footer = name.into();
    }
    every_chart(&adoption, &ranking, &trend)
}

pub fn every_chart(adoption: &AdoptionByAgency, ranking: &Ranking, trend: &Trend) -> Vec<(Width, Svg)> {
    let draw_at = |width| {
        [adoption_by_agency::draw(adoption, width), ranking::draw(ranking, width), trend::draw(trend, width)]
            .into_iter()
            .flatten()
            .map(move |svg| (width, svg))
    };
    let drawn: Vec<_> = WIDTHS.into_iter().flat_map(draw_at).collect();
    assert_eq!(drawn.len(), 6, "every chart can be drawn");
    drawn
}

pub fn every_tidy_chart() -> Vec<(Width, Svg)> {
    every_chart(&tidy_adoption(), &tidy_ranking(), &tidy_trend())
}

/// The texts of a drawing in their order, tooltips left out.
pub fn shown(svg: &Svg) -> Vec<String> {
    let drawing = Document::parse(svg.as_str()).unwrap();
    drawing
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.text().map(str::to_owned))
        .collect()
}

/// The corners of the lines of the first series of a trend.
pub fn lines(svg: &Svg) -> Vec<Vec<(i32, i32)>> {
    let drawing = Document::parse(svg.as_str()).unwrap();
    let is_line = |node: &Node<'_, '_>| node.has_tag_name("polyline") && node.attribute("stroke") == Some("#0B5FA5");
    let corner = |at: &str| at.split_once(',').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
    let corners =
        |node: Node<'_, '_>| node.attribute("points").unwrap_or_default().split(' ').filter_map(corner).collect();
    drawing.descendants().filter(is_line).map(corners).collect()
}

pub fn number(node: Node<'_, '_>, attribute: &str) -> f64 {
    node.attribute(attribute).and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

/// Left, right, top and bottom of a text, in units of the drawing.
pub fn extent(node: Node<'_, '_>) -> [f64; 4] {
    let size = number(node, "font-size");
    let letters = Lettering { size, semibold: node.attribute("font-weight").is_some(), colour: theme::INK };
    let width = letters.width(node.text().unwrap_or_default());
    let before = match node.attribute("text-anchor") {
        Some("middle") => width / 2.0,
        Some("end") => width,
        _ => 0.0,
    };
    let (left, baseline) = (number(node, "x") - before, number(node, "y") + 0.35 * size);
    [left, left + width, baseline - size, baseline + 0.3 * size]
}

pub fn view_box(drawing: &Document<'_>) -> (f64, f64) {
    let numbers = drawing.root_element().attribute("viewBox").unwrap_or_default();
    let numbers: Vec<f64> = numbers.split(' ').filter_map(|number| number.parse().ok()).collect();
    (numbers[2], numbers[3])
}
