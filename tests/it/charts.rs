//! Charts: what they look like (snapshots: open them as pictures) and what they promise whatever they are given.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod completeness;
mod samples;
mod zone_samples;
mod zones;

use std::collections::BTreeSet;

use resvg::usvg::roxmltree::{Document, Node};
use unicode_normalization::UnicodeNormalization as _;
use vungxanh::charts::text::has_all_glyphs;
use vungxanh::charts::trend::Trend;
use vungxanh::charts::{Cell, ChartError, Locale, Svg, Width, adoption_by_agency, png, ranking, theme, trend};

use self::samples::*;

#[test]
fn charts_look_as_they_did() {
    for (width, suffix) in WIDTHS.into_iter().zip(["wide", "phone"]) {
        let adoption = adoption_by_agency::draw(&tidy_adoption(), width).unwrap();
        insta::assert_snapshot!(format!("adoption_by_agency_{suffix}"), adoption);
        let ranking = ranking::draw(&tidy_ranking(), width).unwrap();
        insta::assert_snapshot!(format!("ranking_{suffix}"), ranking);
        let trend = trend::draw(&tidy_trend(), width).unwrap();
        insta::assert_snapshot!(format!("trend_{suffix}"), trend);
    }
}

#[test]
fn a_name_gives_the_same_picture_composed_or_decomposed() {
    let decomposed: String = LONG_NAME.nfd().collect();
    assert_ne!(decomposed, LONG_NAME);
    assert_eq!(every_chart_naming(&decomposed), every_chart_naming(LONG_NAME));
}

#[test]
fn no_text_leaves_the_drawing() {
    let unbroken = LONG_NAME.replace(' ', "");
    for name in [LONG_NAME, HOSTILE_NAME, unbroken.as_str()] {
        for (_, svg) in every_chart_naming(name).into_iter().chain(zone_samples::every_picture(Some(name))) {
            let drawing = Document::parse(svg.as_str()).unwrap();
            let (width, height) = view_box(&drawing);
            for text in drawing.descendants().filter(|node| node.has_tag_name("text")) {
                let [left, right, top, bottom] = extent(text);
                let is_inside = left >= 0.0 && right <= width && top >= 0.0 && bottom <= height;
                assert!(is_inside, "{:?} at {left}…{right}, {top}…{bottom} of {width} × {height}", text.text());
            }
        }
    }
}

#[test]
fn no_text_covers_another() {
    let zones = [None, Some(LONG_NAME)].into_iter().flat_map(zone_samples::every_picture);
    for (_, svg) in every_tidy_chart().into_iter().chain(every_chart_naming(LONG_NAME)).chain(zones) {
        let drawing = Document::parse(svg.as_str()).unwrap();
        let texts: Vec<_> = drawing.descendants().filter(|node| node.has_tag_name("text")).collect();
        for (index, &text) in texts.iter().enumerate() {
            let [left, right, ..] = extent(text);
            for &other in &texts[index + 1..] {
                let [other_left, other_right, ..] = extent(other);
                let apart = (number(text, "y") - number(other, "y")).abs();
                let needed = number(text, "font-size").min(number(other, "font-size")) * 0.9;
                let is_clear = right <= other_left || other_right <= left || apart >= needed;
                assert!(is_clear, "{:?} and {:?}", text.text(), other.text());
            }
        }
    }
}

#[test]
fn names_cannot_break_out_of_the_markup() {
    for (_, svg) in every_chart_naming(HOSTILE_NAME).into_iter().chain(zone_samples::every_picture(Some(HOSTILE_NAME)))
    {
        let drawing = Document::parse(svg.as_str()).unwrap();
        let allowed = [
            "svg", "title", "desc", "g", "a", "rect", "line", "polyline", "polygon", "circle", "text", "defs",
            "pattern",
        ];
        for element in drawing.descendants().filter(Node::is_element) {
            assert!(allowed.contains(&element.tag_name().name()), "<{}>", element.tag_name().name());
            let is_harmless = |name: &str| name != "style" && !name.starts_with("on");
            assert!(element.attributes().all(|attribute| is_harmless(attribute.name())));
        }
        assert!(!svg.as_str().contains(['\u{7}', '\u{202E}']));
    }
}

#[test]
fn a_link_cannot_break_out_of_its_attribute() {
    let mut chart = tidy_adoption();
    chart.rows[0].href = Some("/co-quan/7?a=1&b=\"><script>".into());
    let svg = adoption_by_agency::draw(&chart, Width::Wide).unwrap();
    assert!(svg.as_str().contains("href=\"/co-quan/7?a=1&amp;b=&quot;&gt;&lt;script&gt;\""));
}

#[test]
fn nothing_to_show_is_said_in_the_frame() {
    for (_, svg) in every_chart(&adoption(vec![]), &ranking(vec![]), &trend(vec![series("Bluezone", &[gap(1)])])) {
        let texts = shown(&svg);
        assert!(texts.contains(&"Chưa có báo cáo nào.".to_owned()), "{texts:?}");
        assert!(svg.as_str().contains("role=\"img\""));
    }
}

#[test]
fn one_report_is_a_dot_with_its_label() {
    for width in WIDTHS {
        let svg = trend::draw(&trend(vec![series("Bluezone", &[point(15, 873)])]), width).unwrap();
        assert!(svg.as_str().contains("<circle"));
        let is_on_phone_key = usize::from(width == Width::Phone);
        assert_eq!(lines(&svg).len(), is_on_phone_key, "no line leads anywhere");
        assert!(!svg.as_str().contains("NaN"));
        let texts = shown(&svg);
        assert!(texts.iter().any(|text| text.ends_with("87,3%")), "{texts:?}");
        assert!(texts.contains(&"15/09".to_owned()), "{texts:?}");
    }
}

#[test]
fn a_gap_in_the_reports_is_a_gap_in_the_line() {
    let whole = trend(vec![series("Bluezone", &[point(1, 100), point(2, 200), point(3, 300), point(4, 400)])]);
    let broken = trend(vec![series("Bluezone", &[point(1, 100), point(2, 200), gap(3), point(4, 400), point(5, 500)])]);
    let count = |chart: &Trend| lines(&trend::draw(chart, Width::Wide).unwrap()).len();
    assert_eq!(count(&whole), 1);
    assert_eq!(count(&broken), 2);
}

#[test]
fn a_rate_holds_until_the_next_report() {
    let svg = trend::draw(&trend(vec![series("Bluezone", &[point(1, 100), point(3, 500)])]), Width::Wide).unwrap();
    let [line] = lines(&svg).try_into().unwrap();
    let [start, corner, end] = line.try_into().unwrap();
    assert!(start.1 == corner.1 && corner.0 == end.0, "across, then up");
}

#[test]
fn a_day_not_everyone_reported_on_is_hollow_and_explained() {
    let whole = trend(vec![series("Bluezone", &[point(1, 300), point(8, 640)])]);
    let mut partly = whole.clone();
    partly.series[0].points[0].complete = false;
    for width in WIDTHS {
        assert!(!shown(&trend::draw(&whole, width).unwrap()).contains(&whole.incomplete));
        let svg = trend::draw(&partly, width).unwrap();
        assert!(shown(&svg).contains(&partly.incomplete));
        assert!(svg.as_str().contains("Bluezone 30,0% (Chưa đủ đơn vị báo cáo)"));
    }
}

#[test]
fn more_than_everyone_runs_past_the_end_with_its_true_value() {
    for width in WIDTHS {
        let full =
            adoption_by_agency::draw(&adoption(vec![agency("X", &[rate(100, 100), rate(1, 2)])]), width).unwrap();
        let over =
            adoption_by_agency::draw(&adoption(vec![agency("X", &[rate(115, 100), rate(1, 2)])]), width).unwrap();
        assert!(!full.as_str().contains("<polygon"), "no arrow at 100%");
        assert!(over.as_str().contains("<polygon"), "an arrow past 100%");
        assert!(shown(&over).iter().any(|text| text.starts_with("115")));
        let ranked = ranking::draw(&ranking(vec![commune("1", "X", rate(1150, 1000), None)]), width).unwrap();
        assert!(shown(&ranked).iter().any(|text| text.starts_with("115,0")));
        let line = trend::draw(&trend(vec![series("X", &[point(1, 900), point(2, 1150)])]), width).unwrap();
        assert!(shown(&line).contains(&"120%".to_owned()), "the scale goes on");
    }
}

#[test]
fn only_everyone_is_a_hundred() {
    for (counted, whole, tenths) in [(1999, "99", "99,9"), (2000, "100", "100,0")] {
        for width in WIDTHS {
            let percent = if width == Width::Phone { "%" } else { "" };
            let svg = adoption_by_agency::draw(&adoption(vec![agency("X", &[rate(counted, 2000)])]), width).unwrap();
            assert!(shown(&svg).contains(&format!("{whole}{percent}")), "{:?}", shown(&svg));
            let svg = ranking::draw(&ranking(vec![commune("1", "X", rate(counted, 2000), None)]), width).unwrap();
            assert!(shown(&svg).contains(&format!("{tenths}{percent}")), "{:?}", shown(&svg));
        }
    }
}

#[test]
fn almost_at_the_target_is_not_at_the_target() {
    let draw =
        |counted| ranking::draw(&ranking(vec![commune("1", "X", rate(counted, 10_000), None)]), Width::Wide).unwrap();
    assert!(draw(8000).as_str().contains("fill=\"#0B5FA5\""));
    assert!(!draw(7999).as_str().contains("fill=\"#0B5FA5\""));
    assert!(shown(&draw(7999)).contains(&"79,9".to_owned()));
}

#[test]
fn missing_nobody_and_zero_are_three_things() {
    for width in WIDTHS {
        let adoption =
            |cell| adoption_by_agency::draw(&adoption(vec![agency("X", &[cell, rate(1, 2)])]), width).unwrap();
        let ranking = |cell| ranking::draw(&ranking(vec![commune("1", "X", cell, None)]), width).unwrap();
        for draw in [&adoption as &dyn Fn(Cell) -> Svg, &ranking] {
            let [missing, nobody, zero] = [Cell::NotReported, Cell::NobodyToCount, rate(0, 85)].map(draw);
            let hatch = "-hatch)\"";
            assert!(missing.as_str().contains(hatch) && shown(&missing).contains(&"Chưa báo cáo".to_owned()));
            assert!(!nobody.as_str().contains(hatch) && shown(&nobody).contains(&"Không có ai".to_owned()));
            assert!(!zero.as_str().contains(hatch) && shown(&zero).iter().any(|text| text.starts_with('0')));
            assert_eq!(draw(rate(0, 0)), nobody, "a base of nobody is nobody to count");
        }
    }
}

#[test]
fn figures_are_written_as_the_reader_writes_them() {
    let mut chart = tidy_ranking();
    chart.rows[0].cell = rate(10_603, 12_000);
    let vietnamese = ranking::draw(&chart, Width::Wide).unwrap();
    assert!(vietnamese.as_str().contains("88,3% (10.603/12.000 người), +12,0 điểm"));
    chart.frame.locale = Locale::En;
    let english = ranking::draw(&chart, Width::Wide).unwrap();
    assert!(english.as_str().contains("88.3% (10,603/12,000 người), +12.0 điểm"));
    assert!(english.as_str().contains("lang=\"en\""));
}

#[test]
fn a_fall_is_said_in_the_warning_colour() {
    let svg = ranking::draw(&tidy_ranking(), Width::Wide).unwrap();
    let drawing = Document::parse(svg.as_str()).unwrap();
    let colour = |said: &str| {
        let text = drawing.descendants().find(|node| node.has_tag_name("text") && node.text() == Some(said));
        text.and_then(|node| node.attribute("fill")).map(str::to_owned)
    };
    assert_eq!(colour("\u{2212}0,8 điểm").as_deref(), Some("#B4471F"));
    assert_eq!(colour("+9,5 điểm").as_deref(), Some("#4A4A4A"));
}

#[test]
fn rows_with_links_are_a_list_and_others_a_picture() {
    for width in WIDTHS {
        let linked = ranking::draw(&tidy_ranking(), width).unwrap();
        assert!(linked.as_str().contains("role=\"group\""));
        assert_eq!(linked.as_str().matches("role=\"listitem\"><a href=\"/xa/1\"><title>").count(), 3);
        let mut chart = tidy_ranking();
        for row in &mut chart.rows {
            row.href = None;
        }
        let plain = ranking::draw(&chart, width).unwrap();
        assert!(plain.as_str().contains("role=\"img\"") && !plain.as_str().contains("<a "));
    }
}

#[test]
fn ids_begin_with_the_id_of_the_frame() {
    for (_, svg) in every_tidy_chart() {
        let drawing = Document::parse(svg.as_str()).unwrap();
        let mut ids = drawing.descendants().filter_map(|node| node.attribute("id"));
        assert!(ids.all(|id| id.starts_with("c1-")));
    }
}

#[test]
fn both_drawings_of_a_chart_may_stand_on_one_page() {
    let ids = |width| {
        let svg = ranking::draw(&tidy_ranking(), width).unwrap();
        let drawing = Document::parse(svg.as_str()).unwrap();
        drawing.descendants().filter_map(|node| node.attribute("id").map(str::to_owned)).collect::<BTreeSet<_>>()
    };
    let (wide, phone) = (ids(Width::Wide), ids(Width::Phone));
    assert_eq!((wide.len(), phone.len()), (3, 3));
    assert!(wide.is_disjoint(&phone));
}

#[test]
fn on_a_phone_every_text_is_at_least_11_pixels_high() {
    let shrunk = theme::NARROWEST_SCREEN / theme::PHONE;
    let zones = zone_samples::every_picture(Some(LONG_NAME));
    for (width, svg) in every_tidy_chart().into_iter().chain(every_chart_naming(LONG_NAME)).chain(zones) {
        let drawing = Document::parse(svg.as_str()).unwrap();
        let scale = if width == Width::Phone { shrunk } else { 1.0 };
        for text in drawing.descendants().filter(|node| node.has_tag_name("text")) {
            assert!(number(text, "font-size") / 10.0 * scale >= 11.0, "{:?}", text.text());
        }
    }
}

#[test]
fn the_embedded_font_has_every_letter_we_write() {
    let vowels = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ";
    assert!(has_all_glyphs(vowels) && has_all_glyphs(&vowels.to_uppercase()));
    assert!(has_all_glyphs("0123456789%.,/()+\u{2212}…–—•·×°\u{A0}\u{202F}\u{300}\u{301}\u{303}\u{309}\u{323}"));
    for (_, svg) in every_tidy_chart() {
        for text in shown(&svg) {
            assert!(has_all_glyphs(&text), "{text}");
        }
    }
    assert!(!has_all_glyphs("😀"));
}

#[test]
fn too_much_for_a_chart_is_refused() {
    let mut chart = tidy_adoption();
    chart.measures = vec!["A".into(), "B".into(), "C".into(), "D".into()];
    let refused = adoption_by_agency::draw(&chart, Width::Wide);
    assert!(matches!(refused, Err(ChartError::TooMany { most: 3, given: 4, .. })));
    let lines = vec![series("A", &[point(1, 1)]); 5];
    assert!(matches!(trend::draw(&trend(lines), Width::Wide), Err(ChartError::TooMany { most: 4, given: 5, .. })));
}

#[test]
fn the_png_is_twice_as_large_and_made_for_print() {
    for (_, svg) in every_tidy_chart().into_iter().chain(zone_samples::every_picture(None)) {
        let file = png::render(&svg).unwrap();
        let picture = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let (width, height) = view_box(&Document::parse(svg.as_str()).unwrap());
        let info = picture.info();
        assert_eq!((f64::from(info.width), f64::from(info.height)), (width / 5.0, height / 5.0));
        assert_eq!(info.color_type, ::png::ColorType::Rgb);
        assert_eq!(info.pixel_dims.map(|size| (size.xppu, size.unit)), Some((7559, ::png::Unit::Meter)));
    }
}

#[test]
fn a_picture_too_large_for_the_memory_is_refused() {
    let rows = vec![agency("Phòng Nội vụ", &[rate(1, 2)]); 2000];
    let svg = adoption_by_agency::draw(&adoption(rows), Width::Wide).unwrap();
    assert!(matches!(png::render(&svg), Err(ChartError::TooLarge(..))));
}
