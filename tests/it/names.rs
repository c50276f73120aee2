//! Which unit a written name means: the sample of how offices write, more of each kind in other places, and what holds
//! for every unit there is.

use std::{collections::HashMap, sync::LazyLock};

use proptest::prelude::*;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use vungxanh::{
    domain::names::{Context, Gazetteer, How, Match, Wanted, Why, alias_key},
    usecases::match_units::{match_unit, seeded_gazetteer},
};

use crate::harness::{
    TestDatabase, database_tests,
    program::{run, vungxanh},
};

static NAMES: LazyLock<Gazetteer> = LazyLock::new(|| seeded_gazetteer().unwrap());

fn context(scope: &str, wanted: Wanted) -> Context<'static> {
    Context::new(&NAMES, scope, wanted).unwrap()
}

/// The code, `ambiguous` or `unknown`, and the candidates.
fn answer(name: &str, scope: &str, wanted: Wanted) -> (String, Vec<&'static str>) {
    let context = context(scope, wanted);
    match match_unit(&NAMES, name, &context) {
        Match::One(code, _) => (code.to_owned(), Vec::new()),
        Match::Several(codes) => ("ambiguous".to_owned(), codes),
        Match::Unknown => ("unknown".to_owned(), NAMES.explain(name, &context).candidates),
    }
}

fn means(cases: &[(&str, &str, &str)], wanted: Wanted) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(name, scope, expected)| (name, scope, expected, answer(name, scope, wanted)))
        .filter(|(_, _, expected, (result, _))| result != **expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_sample_comes_out_exactly() {
    let mut sample = csv::Reader::from_reader(include_bytes!("../assets/name-variants-sample.csv").as_slice());
    let mut wrong = Vec::new();
    for row in sample.records() {
        let row = row.unwrap();
        let (result, candidates) = answer(&row[1], &row[2], Wanted::Places);
        let is_right = result == row[3] && (result != "ambiguous" || candidates.join(";") == row[4]);
        if !is_right && &row[6] != "either" {
            wrong.push(format!("{} {:?}: {result} {candidates:?}", &row[0], &row[1]));
        }
        // What is not known must at least be found again by whoever has to choose.
        if result == "unknown" && !row[4].is_empty() && !candidates.contains(&&row[4]) {
            wrong.push(format!("{} {:?}: {candidates:?} lacks {}", &row[0], &row[1], &row[4]));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn kinds_are_known_in_every_usual_form() {
    means(
        &[
            ("UBND xã Kiến An", "893", "30634"),
            ("Uỷ ban nhân dân xã Kiến An", "893", "30634"),
            ("HĐND - UBND TT. Chợ Mới", "893", "30628"),
            ("T.T Mỹ Luông", "893", "30631"),
            ("TTMỹ Luông", "893", "30631"),
            ("Chợ Mới (thị trấn)", "893", "30628"),
            ("Chợ Mới TT", "893", "30628"),
            ("Xã Chợ Mới", "893", "unknown"),
            ("Xa Dung", "101", "03373"),
            ("xa xa dung", "101", "03373"),
            ("TP. Sóc Trăng", "94", "941"),
            ("T. Sóc Trăng", "", "94"),
            ("TP Cần Thơ", "", "92"),
            ("H.Mỹ Xuyên", "94", "947"),
            ("Huyện Chợ Mới", "893", "893"),
            ("UBND huyện Chợ Mới", "893", "unknown"),
            ("T.Trấn Chợ Mới", "893", "30628"),
            ("T. trấn Mỹ Luông", "893", "30631"),
            ("TTrấn Mỹ Luông", "893", "30631"),
            ("Th.trấn Mỹ Luông", "893", "30631"),
            ("Phg. 10", "941", "31525"),
            ("T.xã Vĩnh Châu", "94", "950"),
            ("T.Phố Sóc Trăng", "94", "941"),
            ("Kiến An, xã", "893", "30634"),
            ("Mỹ Luông - TT", "893", "30631"),
            ("Kiến An - TT", "893", "unknown"),
            ("HĐND và UBND xã Kiến An", "893", "30634"),
            ("Đảng ủy và UBND xã Kiến An", "893", "30634"),
            ("UB xã Kiến An", "893", "30634"),
            ("Địa bàn xã Kiến An", "893", "30634"),
            ("UBMTTQ xã Kiến An", "893", "unknown"),
        ],
        Wanted::Places,
    );
}

#[test]
fn a_short_kind_is_not_read_as_one_word_with_the_name() {
    let cases = [("P. Hương Sơ", "474", "19804"), ("X. A Dơi", "465", "19483"), ("TTr. An Phú", "886", "30337")];
    means(&cases, Wanted::Places);
}

#[test]
fn a_full_name_is_its_unit_whoever_is_called_nearly_so() {
    means(&[("Xã Quý Quân", "", "01432"), ("xã quí quân", "", "02431"), ("Xã Ea Bar", "", "24250")], Wanted::Places);
}

#[test]
fn numbers_are_known_in_every_usual_form() {
    means(
        &[
            ("Phường Một", "941", "31513"),
            ("Phường số 1", "941", "31513"),
            ("P.01", "941", "31513"),
            ("phuong 10", "941", "31525"),
            ("Phường 1", "930", "31318"),
            ("Phường 3", "930", "31321"),
            ("P.1, Q.3", "79", "27160"),
            ("Phường 1 Quận 3 TP Hồ Chí Minh", "", "27160"),
            ("Q1", "79", "760"),
            ("TX Ngã 5", "94", "948"),
            ("Hòa Tú 2", "947", "31729"),
            ("Hòa Tú I", "947", "31717"),
            ("Đắk PXi", "615", "23503"),
            ("1.1", "941", "unknown"),
            ("1 - 2", "941", "unknown"),
            ("01/01", "941", "unknown"),
            ("I", "941", "unknown"),
            ("II. 1", "941", "unknown"),
            ("2 (phường)", "941", "31510"),
            ("2, P.", "941", "31510"),
        ],
        Wanted::Places,
    );
}

#[test]
fn what_surrounds_a_name_is_no_part_of_it() {
    means(
        &[
            ("1. Xã Kiến An", "893", "30634"),
            ("a) Kiến An", "893", "30634"),
            ("3 - Xã Kiến An;", "893", "30634"),
            ("* Kiến An (1)", "893", "30634"),
            ("Long Điền (A)", "893", "30640"),
            ("Xã Mỹ Hội (Đông)", "893", "30637"),
            ("Phường 1 (2)", "672", "24784"),
            ("\u{feff}Kiến\u{a0}\u{200b}An…", "893", "30634"),
            ("ＸÃ ＫＩẾＮ ＡＮ", "893", "30634"),
            ("Хã Kiến Аn", "893", "30634"),
            ("KiếnAn", "893", "30634"),
            ("Kiến An (cũ)", "893", "unknown"),
            ("Phöôøng 2", "94", "ambiguous"),
            ("Ph\u{AD}êng 2", "94", "ambiguous"),
            ("Xaõ Nhôn Myõ", "893", "30658"),
            ("Má»¹ Há»\u{99}i Ä\u{90}Ã´ng", "893", "30637"),
            ("a. Xã Kiến An", "893", "30634"),
            ("B. Thị trấn Mỹ Luông", "893", "30631"),
            ("b/ Xã Kiến An", "893", "30634"),
            ("III - Xã Kiến An", "893", "30634"),
            ("1.1. Xã Kiến An", "893", "30634"),
            ("1.2 Xã Kiến An", "893", "30634"),
            ("o Xã Kiến An", "893", "30634"),
            ("A. Hòa Bình", "893", "unknown"),
            ("L. Điền A", "893", "unknown"),
        ],
        Wanted::Places,
    );
}

#[test]
fn codes_are_known_as_spreadsheets_spoil_them_and_must_not_contradict_the_name() {
    means(
        &[
            ("'30634", "893", "30634"),
            ("30634.00", "893", "30634"),
            ("30634,0", "893", "30634"),
            ("Mã 30634", "893", "30634"),
            ("Mã xã: 30634 - Xã Kiến An", "893", "30634"),
            ("Xã Kiến An (mã 30634)", "893", "30634"),
            ("Xã Kiến An (mã 30637)", "893", "unknown"),
            ("30.634", "893", "unknown"),
            ("3386", "12", "03386"),
            ("30634 - Xã Kiến An", "893", "30634"),
            ("Xã Kiến An (30634)", "893", "30634"),
            ("30637 - Xã Kiến An", "893", "unknown"),
            ("03386", "893", "unknown"),
            ("1", "893", "unknown"),
            ("2020", "893", "unknown"),
        ],
        Wanted::Places,
    );
    assert_eq!(NAMES.explain("30637 - Xã Kiến An", &context("893", Wanted::Places)).why, Why::CodeAndName);
}

#[test]
fn the_units_above_decide_or_contradict() {
    means(
        &[
            ("Xã Kiến An - Huyện Chợ Mới - Tỉnh An Giang", "", "30634"),
            ("An Giang/Chợ Mới/Kiến An", "", "30634"),
            ("Huyện Chợ Mới, xã Kiến An", "89", "30634"),
            ("Xã Kiến An huyện Chợ Mới", "89", "30634"),
            ("TP Vũng Tàu, Bà Rịa - Vũng Tàu", "", "747"),
            ("Phường Thắng Tam, thành phố Vũng Tàu, tỉnh Bà Rịa - Vũng Tàu", "", "26508"),
            ("Chợ Mới, An Giang", "", "893"),
            ("Xã Kiến An, huyện Phú Tân", "893", "unknown"),
            ("Xã Kiến An thuộc huyện Chợ Mới", "89", "30634"),
            ("P1 Ngã Năm", "94", "31732"),
            ("Phường 1 Ngã Năm", "94", "31732"),
            ("phuong 1 nga nam", "94", "31732"),
            ("P.1 thị xã Ngã Năm", "", "31732"),
            ("Phường 1 Kế Sách", "94", "unknown"),
            ("Thị trấn Cầu Quan huyện Tiểu Cần", "84", "29344"),
            ("Phường 4 thành phố Sóc Trăng", "94", "31516"),
            ("Phường Thống Nhất thành phố Buôn Ma Thuột", "66", "24127"),
            ("xa quan ba huyen quan ba", "02", "00898"),
            ("thi tran cau quan huyen tieu can", "84", "29344"),
            ("Xã Vũ Bản huyện Bình Lục", "", "13543"),
            ("Thị xã Đức Phổ tỉnh Quảng Ngãi", "", "534"),
            ("Xã Thân Thuộc huyện Tân Uyên", "12", "03604"),
            ("P.1, Q.3, TP.HCM", "", "27160"),
            ("TPHCM", "", "79"),
            ("Bà Rịa - Vũng Tàu", "", "77"),
        ],
        Wanted::Places,
    );
}

#[test]
fn what_is_no_unit_of_the_scope_is_not_taken_for_one() {
    means(
        &[
            ("Ấp Hòa Bình xã Kiến An", "893", "unknown"),
            ("Cộng huyện Chợ Mới", "893", "unknown"),
            ("Trường THPT Chợ Mới", "893", "unknown"),
            ("Trạm Y tế xã Kiến An", "893", "unknown"),
            ("Xã, thị trấn", "893", "unknown"),
            ("Kiến Ann", "893", "unknown"),
            ("Nhơn Mỷ", "893", "unknown"),
            ("Phường 11", "941", "unknown"),
            ("Ấp Hòa Bình", "30634", "30634-04"),
        ],
        Wanted::Places,
    );
    let why = |name, scope| NAMES.explain(name, &context(scope, Wanted::Places)).why;
    assert_eq!(why("Ma Li Chải", "109"), Why::Abolished);
    assert_eq!(NAMES.explain("Quận 2", &context("79", Wanted::Places)).candidates, ["769"]);
    assert_eq!(why("Sùng Phài", "106"), Why::Elsewhere);
    assert_eq!(why("Thị trấn Kiến An", "893"), Why::OtherKind);
    assert_eq!(why("Mỹ Luôn", "893"), Why::Near);
    assert_eq!(why("Tổng cộng", "893"), Why::NoSuchName);
}

#[test]
fn bodies_are_known_by_initials() {
    means(
        &[
            ("Phòng VH&TT", "893", "CM-P-VHTT"),
            ("P. Văn hóa – Thông tin", "893", "CM-P-VHTT"),
            ("Phòng VHTT huyện Chợ Mới", "893", "CM-P-VHTT"),
            ("VP HĐND-UBND", "893", "CM-V-HDUB"),
            ("Đài TT huyện", "893", "CM-D-TRTH"),
            ("TTYT huyện", "893", "CM-T-YTE"),
            ("PGD&ĐT", "893", "CM-P-GDDT"),
            ("Phòng KT-HT", "893", "CM-P-KTHT"),
            ("TTVH-TT", "893", "CM-T-VHTT"),
            ("Xã Kiến An", "893", "CM-X-30634"),
            ("UBND X. Kiến An", "893", "CM-X-30634"),
            ("Phòng Nội vụ", "893", "unknown"),
            ("Văn phòng Hội đồng nhân dân và Ủy ban nhân dân huyện", "893", "CM-V-HDUB"),
            ("1. Phòng Văn hóa và Thông tin", "893", "CM-P-VHTT"),
            ("Trung tâm Y tế Chợ Mới", "893", "CM-T-YTE"),
            ("Đài TT huyện Chợ Mới", "893", "CM-D-TRTH"),
            ("Trung tâm Y tế Phú Tân", "893", "unknown"),
            ("MTTQ huyện", "893", "CM-M-MTTQ"),
            ("Mặt trận Tổ quốc huyện", "893", "CM-M-MTTQ"),
            ("CM-P-VHTT", "893", "CM-P-VHTT"),
            ("Phòng Giáo dục", "893", "unknown"),
        ],
        Wanted::Agencies,
    );
    let meant = |name| answer(name, "893", Wanted::Agencies).1;
    assert_eq!(meant("Phòng Giáo dục và Đào tạp"), ["CM-P-GDDT"]);
    assert_eq!(meant("Phòng Giáo dục"), ["CM-P-GDDT"]);
    assert_eq!(meant("Phòng Nội vụ"), [""; 0]);
}

#[test]
fn a_confirmed_name_is_known_in_its_scope_only() {
    let aliases = HashMap::from([(alias_key("BP Xuân"), "30667".to_owned())]);
    let here = context("893", Wanted::Places).with_aliases(&aliases);
    assert_eq!(NAMES.resolve("bp xuân", &here), Match::One("30667", How::Alias));
    let there = context("94", Wanted::Places).with_aliases(&aliases);
    assert_eq!(NAMES.resolve("bp xuân", &there), Match::Unknown);
}

/// Code, full name and parent of every place of the country.
static PLACES: LazyLock<Vec<[String; 3]>> = LazyLock::new(|| {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/seed/units/vietnam-2021.csv");
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.records().map(Result::unwrap).map(|row| [0, 3, 4].map(|field| row[field].to_owned())).collect()
});

#[test]
fn every_unit_is_known_by_its_full_name_among_its_neighbours() {
    for [code, name, parent] in PLACES.iter() {
        let context = context(parent, Wanted::Places);
        let ways =
            [name.clone(), name.to_uppercase(), name.to_lowercase(), name.nfd().collect(), format!(" + {name} ;")];
        for way in ways {
            assert_eq!(NAMES.resolve(&way, &context), Match::One(code, How::Exact), "{way} in {parent}");
        }
    }
}

#[test]
fn a_name_without_marks_is_its_unit_or_a_choice_with_it() {
    for [code, name, parent] in PLACES.iter() {
        let plain = vungxanh::domain::text::search_key(&name.replace(['\'', '’'], ""));
        match NAMES.resolve(&plain, &context(parent, Wanted::Places)) {
            Match::One(found, _) => assert_eq!(found, code, "{plain}"),
            Match::Several(codes) => assert!(codes.contains(&code.as_str()), "{plain}: {codes:?}"),
            Match::Unknown => panic!("{plain} in {parent}"),
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_answered_inside_the_scope(text in "\\PC{0,60}|(xã|TT\\.|P|huyện|[A-Zđơư ,.\\-()0-9?]){1,12}") {
        let (result, _) = answer(&text, "893", Wanted::Places);
        let is_inside = PLACES.iter().any(|[code, _, parent]| *code == result && (parent == "893" || code == "893"));
        prop_assert!(is_inside || result == "ambiguous" || result == "unknown", "{text}: {result}");
        answer(&text, "893", Wanted::Agencies);
    }
}

fn the_command_answers_each_line(database: &TestDatabase) {
    let ask = ["units", "match", "--scope", "893", "--json"];
    let output = run(vungxanh(database, &ask), "Xã Kiến An\r\n\nMỹ Luôn\n  TT Chợ Mới  ");
    assert!(output.status.success(), "{output:?}");
    let said: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let row = |name: &str, result: &str, candidates: &[&str]| json!({ "name": name, "result": result, "candidates": candidates });
    let expected = [
        row("Xã Kiến An", "30634", &[]),
        row("", "unknown", &[]),
        row("Mỹ Luôn", "unknown", &["30631"]),
        row("  TT Chợ Mới  ", "30628", &[]),
    ];
    assert_eq!(said, expected);
    let table = run(vungxanh(database, &ask[..4]), "Kiến An\n");
    assert_eq!(String::from_utf8(table.stdout).unwrap(), "Kiến An\t30634 Xã Kiến An\t\n");
    let nowhere = run(vungxanh(database, &["units", "match", "--scope", "000"]), "");
    assert_eq!(nowhere.status.code(), Some(1));
}

database_tests!(the_command_answers_each_line);
