//! Pictures of zones: what they look like (snapshots: open them as pictures), and what they promise.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use vungxanh::charts::zone_map::MapArea;
use vungxanh::charts::zone_pair::Layout;
use vungxanh::charts::zones::Counts;
use vungxanh::charts::{ChartError, Svg, Width, zone_map, zone_pair, zone_strips, zone_tiles, zones_over_time};
use vungxanh::domain::outlines::Outlines;
use vungxanh::domain::tiles::{TileGrid, TilePlace, arrange};
use vungxanh::domain::unit::UnitKind;
use vungxanh::domain::zone::Colour;
use vungxanh::imports;

use super::samples::{WIDTHS, shown};
use super::zone_samples::*;

#[test]
fn pictures_of_zones_look_as_they_did() {
    for (width, suffix) in WIDTHS.into_iter().zip(["wide", "phone"]) {
        insta::assert_snapshot!(format!("zone_map_{suffix}"), zone_map::draw(&map(places()), width).unwrap());
        insta::assert_snapshot!(format!("zone_tiles_{suffix}"), zone_tiles::draw(&tiles(places()), width).unwrap());
        insta::assert_snapshot!(format!("zone_strips_{suffix}"), zone_strips::draw(&tidy_strips(), width).unwrap());
        let columns = zones_over_time::draw(&tidy_over_time(), width).unwrap();
        insta::assert_snapshot!(format!("zones_over_time_{suffix}"), columns);
        let pair = zone_pair::draw(&pair(places(), map_layout()), width).unwrap();
        insta::assert_snapshot!(format!("zone_pair_{suffix}"), pair);
    }
}

fn count(svg: &Svg, part: &str) -> usize {
    svg.as_str().matches(part).count()
}

#[test]
fn a_place_not_classified_is_hatched_and_never_green() {
    let mut unknown = places();
    for place in &mut unknown {
        place.zone = None;
    }
    for width in WIDTHS {
        let pictures = [zone_map::draw(&map(unknown.clone()), width), zone_tiles::draw(&tiles(unknown.clone()), width)];
        for svg in pictures.map(Result::unwrap) {
            // The chip of the key is the only green.
            let green = format!("fill=\"{}\"", "#2B9B83");
            let key = count(&zone_map::draw(&map(places()), width).unwrap(), &green);
            assert_eq!(count(&svg, &green), key, "no place of the sample is green either");
            assert!(count(&svg, "-hatch)\"") >= unknown.len());
            assert!(shown(&svg).contains(&"Chưa phân loại".to_owned()));
        }
    }
}

#[test]
fn every_place_is_linked_and_titled_once() {
    for width in WIDTHS {
        let pictures = [
            zone_map::draw(&map(places()), width),
            zone_tiles::draw(&tiles(places()), width),
            zone_pair::draw(&pair(places(), Layout::Tiles(&GRID)), width),
            zone_pair::draw(&pair(places(), map_layout()), width),
        ];
        for svg in pictures.map(Result::unwrap) {
            for place in places() {
                let link = format!("<a href=\"/vung/{}\"><title>{}</title>", place.code, place.title);
                assert_eq!(count(&svg, &link), 1, "{link}");
            }
        }
    }
}

#[test]
fn a_map_says_what_its_borders_are_worth_and_what_is_not_on_it() {
    let mut more = places();
    more.push(place("29512", "P. 1", Some(Colour::Green)));
    for width in WIDTHS {
        let said = shown(&zone_map::draw(&map(more.clone()), width).unwrap()).join(" ");
        for words in ["không dùng để phân định địa giới", "censusVN2009 (MIT)", "Không có ranh giới: P. 1."]
        {
            assert!(said.contains(words), "{said}");
        }
        let said = shown(&zone_map::draw(&map(places()), width).unwrap()).join(" ");
        assert!(!said.contains("Không có ranh giới"), "all are on it");
    }
}

#[test]
fn no_map_is_drawn_of_more_than_a_province_nor_of_one_without_its_islands() {
    for (kind, code) in [(UnitKind::District, "893"), (UnitKind::Province, "89"), (UnitKind::District, "490")] {
        assert!(MapArea::of(kind, code).is_ok(), "{code}");
    }
    for (kind, code) in
        [(UnitKind::Province, "48"), (UnitKind::Province, "56"), (UnitKind::Commune, "30628"), (UnitKind::Hamlet, "1")]
    {
        assert!(matches!(MapArea::of(kind, code), Err(ChartError::NoMap(of)) if of == code), "{code}");
    }
}

#[test]
fn a_place_without_a_tile_comes_below_and_is_not_lost() {
    let mut more = places();
    more.push(place("99999", "Xã mới", Some(Colour::Green)));
    for width in WIDTHS {
        assert!(zone_tiles::draw(&tiles(more.clone()), width).unwrap().as_str().contains("/vung/99999"));
    }
}

#[test]
fn only_what_changed_stands_out_in_a_pair() {
    let heavy = "stroke=\"#1A1A1A\" stroke-width=\"26\"";
    for layout in [Layout::Tiles(&GRID), map_layout()] {
        for width in WIDTHS {
            let changed = zone_pair::draw(&pair(places(), layout.clone()), width).unwrap();
            // All were yellow before: two of three changed, at both moments, and the key says what that means.
            assert_eq!(count(&changed, heavy), 5);
            assert!(shown(&changed).contains(&"Đã đổi cấp độ".to_owned()));
            let still = vec![place("30634", "Kiến An", Some(Colour::Yellow))];
            let still = zone_pair::draw(&pair(still, layout.clone()), width).unwrap();
            assert_eq!(count(&still, heavy), 0);
            assert!(!shown(&still).contains(&"Đã đổi cấp độ".to_owned()));
        }
    }
}

#[test]
fn what_is_before_the_first_decision_is_hatched_in_a_strip() {
    for width in WIDTHS {
        let late = strips(vec![row("Kiến An", vec![segment(12, Colour::Red)])]);
        assert!(count(&zone_strips::draw(&late, width).unwrap(), "-hatch)\"") > 0);
        let whole = strips(vec![row("Kiến An", vec![segment(1, Colour::Red)])]);
        let svg = zone_strips::draw(&whole, width).unwrap();
        assert_eq!(count(&svg, "-hatch)\""), 0);
        assert!(!shown(&svg).contains(&"Chưa phân loại".to_owned()));
    }
}

#[test]
fn a_change_of_scheme_is_a_line_with_its_name_and_a_drive_is_shaded() {
    for width in WIDTHS {
        for svg in [zone_strips::draw(&tidy_strips(), width), zones_over_time::draw(&tidy_over_time(), width)] {
            let svg = svg.unwrap();
            assert!(shown(&svg).contains(&"Nghị quyết 128".to_owned()), "{:?}", shown(&svg));
            assert_eq!(count(&svg, "stroke=\"#1A1A1A\" stroke-dasharray"), 1);
        }
        let svg = zone_strips::draw(&tidy_strips(), width).unwrap();
        assert!(shown(&svg).contains(&"Đợt thi đua".to_owned()) && count(&svg, "fill=\"#DCE8F4\"") == 1);
        let mut plain = tidy_strips();
        plain.window = None;
        assert_eq!(count(&zone_strips::draw(&plain, width).unwrap(), "fill=\"#DCE8F4\""), 0);
    }
}

#[test]
fn columns_stack_red_at_the_bottom_and_tell_the_last_counts() {
    let svg = zones_over_time::draw(&tidy_over_time(), Width::Wide).unwrap();
    for said in ["Vùng xanh 10", "Vùng vàng 5", "Vùng cam 2", "Vùng đỏ 1", "Chưa phân loại 0", "18"] {
        assert!(shown(&svg).contains(&said.to_owned()), "{said}: {:?}", shown(&svg));
    }
    assert!(
        svg.as_str().contains("<title>01/09/2021: Chưa phân loại 4, Vùng xanh 6, Vùng vàng 5, Vùng cam 2, Vùng đỏ 1<")
    );
}

#[test]
fn nothing_to_show_is_said_in_pictures_of_zones_too() {
    for width in WIDTHS {
        let nothing = [
            zone_map::draw(&map(vec![]), width),
            zone_map::draw(&map(vec![place("99999", "Không có ranh giới", None)]), width),
            zone_tiles::draw(&tiles(vec![]), width),
            zone_strips::draw(&strips(vec![]), width),
            zones_over_time::draw(&over_time(vec![]), width),
            zones_over_time::draw(&over_time(vec![column(1, Counts::default())]), width),
            zone_pair::draw(&pair(vec![], Layout::Tiles(&GRID)), width),
            zone_pair::draw(&pair(vec![], map_layout()), width),
        ];
        for svg in nothing.map(Result::unwrap) {
            assert!(shown(&svg).contains(&"Chưa có báo cáo nào.".to_owned()), "{:?}", shown(&svg));
        }
    }
}

fn seed(file: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("seed").join(file)).unwrap()
}

/// Communes by their district, districts by their province, as the seed has them.
fn communes_by_district() -> BTreeMap<String, (String, Vec<String>)> {
    let units = seed("units/vietnam-2021.csv");
    let mut reader = csv::Reader::from_reader(units.as_slice());
    let units: Vec<(String, String, String, String, String)> = reader.deserialize().map(Result::unwrap).collect();
    let provinces: BTreeMap<&str, &str> = units.iter().map(|unit| (unit.0.as_str(), unit.4.as_str())).collect();
    let mut districts: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for (code, _, _, _, parent) in units.iter().filter(|unit| unit.1 == "commune") {
        let province = provinces[parent.as_str()].to_owned();
        districts.entry(parent.clone()).or_insert((province, Vec::new())).1.push(code.clone());
    }
    districts
}

fn grid<'c>(communes: impl Iterator<Item = (&'c String, &'c String)>, outlines: &Outlines) -> (usize, TileGrid) {
    let place = |(code, parent): (&String, &String)| TilePlace {
        code: code.clone(),
        parent: parent.clone(),
        at: outlines.centre(code),
    };
    let places: Vec<TilePlace> = communes.map(place).collect();
    (places.len(), arrange(&places))
}

#[test]
fn every_district_of_the_four_provinces_and_each_of_them_has_a_tile_grid() {
    let outlines = imports::outlines::read(&seed("maps/communes-2021.topojson")).unwrap();
    let districts = communes_by_district();
    let is_whole = |(count, grid): (usize, TileGrid)| {
        count > 0 && grid.len() == count && grid.values().collect::<BTreeSet<_>>().len() == count
    };
    for (province, communes, with_outline) in [("89", 156, 156), ("94", 109, 109), ("12", 106, 106), ("84", 106, 104)] {
        let own: Vec<_> = districts.iter().filter(|(_, (of, _))| of == province).collect();
        for (district, (_, codes)) in &own {
            let (known, at) =
                (codes.iter().any(|code| outlines.get(code).is_some()), codes.iter().zip(std::iter::repeat(*district)));
            assert!(known && is_whole(grid(at, &outlines)), "{district}");
        }
        let all = || own.iter().flat_map(|(district, (_, codes))| codes.iter().zip(std::iter::repeat(*district)));
        assert_eq!(all().count(), communes);
        assert_eq!(all().filter(|(code, _)| outlines.get(code).is_some()).count(), with_outline);
        assert!(is_whole(grid(all(), &outlines)), "{province}");
    }
}
