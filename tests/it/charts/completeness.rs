//! The picture of who sent what: what it looks like (snapshots: open them as pictures), and what it promises.

use vungxanh::charts::completeness::{Class, CompletenessChart, Row, draw};
use vungxanh::charts::{ChartError, Frame, Svg, Width};

use super::samples::{HOSTILE_NAME, LONG_NAME, WIDTHS, frame, shown};

const NAMES: [&str; 18] = [
    "TT Chợ Mới",
    "TT Mỹ Luông",
    "Kiến An",
    "Mỹ Hội Đông",
    "Long Điền A",
    "Tấn Mỹ",
    "Long Điền B",
    "Kiến Thành",
    "Mỹ Hiệp",
    "Mỹ An",
    "Nhơn Mỹ",
    "Long Giang",
    "Long Kiến",
    "Bình Phước Xuân",
    "An Thạnh Trung",
    "Hội An",
    "Hòa Bình",
    "Hòa An",
];

/// Any pattern that has every class in it and repeats nothing at sight.
fn class(row: usize, column: usize) -> Class {
    match (row * 31 + column * 17 + row * column) % 23 {
        0..=2 => Class::Missing,
        3 | 4 => Class::Partial,
        5..=7 => Class::Late,
        _ => Class::OnTime,
    }
}

fn row(name: &str, place: usize, periods: usize) -> Row {
    let cells: Vec<(Class, String)> = (0..periods)
        .map(|column| match (place, column) {
            (_, column) if column + 1 == periods && place % 3 == 1 => (Class::Waiting, "Chưa đến hạn".to_owned()),
            (17, 0..=3) => (Class::NotExpected, "Không phải gửi".to_owned()),
            _ => (class(place, column), format!("kỳ {column}")),
        })
        .collect();
    let full = cells.iter().filter(|(class, _)| matches!(class, Class::OnTime | Class::Late)).count();
    let tenths = i64::try_from(full * 1000 / periods.max(1)).unwrap();
    Row {
        name: name.to_owned(),
        href: Some("/don-vi/1".to_owned()),
        title: format!("{name}: {full}/{periods} kỳ đủ"),
        share: Some(tenths),
        share_label: format!("{}%", tenths / 10),
        cells,
    }
}

fn chart(names: &[&str], periods: usize) -> CompletenessChart {
    CompletenessChart {
        frame: Frame {
            title: "Kỳ 15/11 – 21/11/2021: còn 3 trong 18 đơn vị chưa gửi báo cáo".into(),
            subtitle: "Mức đầy đủ của báo cáo theo đơn vị và theo kỳ, huyện Chợ Mới".into(),
            footer: "Số liệu minh họa, không phải số liệu thật.".into(),
            ..frame()
        },
        periods: (0..periods).map(|n| format!("{:02}/{:02}", n % 28 + 1, n / 28 + 7)).collect(),
        rows: names.iter().enumerate().map(|(place, name)| row(name, place, periods)).collect(),
        share_head: "Kỳ đủ".into(),
        words: ["Chưa gửi", "Chưa đến hạn", "Gửi thiếu", "Đủ, gửi muộn", "Đủ, đúng hạn"].map(str::to_owned),
    }
}

fn count(svg: &Svg, part: &str) -> usize {
    svg.as_str().matches(part).count()
}

#[test]
fn the_picture_looks_as_it_did() {
    for (width, suffix) in WIDTHS.into_iter().zip(["wide", "phone"]) {
        insta::assert_snapshot!(format!("completeness_{suffix}"), draw(&chart(&NAMES, 26), width).unwrap());
    }
}

#[test]
fn every_cell_says_whose_it_is_and_what_it_means() {
    for width in WIDTHS {
        let svg = draw(&chart(&NAMES, 60), width).unwrap();
        assert_eq!(count(&svg, "<title>Kiến An: "), 1 + 60);
        assert_eq!(count(&svg, "<title>Hòa An: Không phải gửi"), 4);
        for words in ["Chưa gửi", "Đủ, đúng hạn", "Kỳ đủ"] {
            assert!(shown(&svg).contains(&words.to_owned()), "{words}");
        }
    }
}

#[test]
fn odd_names_few_periods_and_nothing_at_all_are_drawn() {
    for width in WIDTHS {
        let few = draw(&chart(&[LONG_NAME, HOSTILE_NAME], 2), width).unwrap();
        assert!(!few.as_str().contains("<b onclick"));
        let nothing = draw(&chart(&[], 12), width).unwrap();
        assert!(shown(&nothing).contains(&"Chưa có báo cáo nào.".to_owned()));
    }
    let names = vec!["x"; 401];
    assert!(matches!(draw(&chart(&names, 1), Width::Wide), Err(ChartError::TooMany { most: 400, .. })));
}
