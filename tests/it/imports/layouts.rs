//! Where the table is: titles, headers of several rows, several sheets, hidden ones; and when there is none.

use vungxanh::imports::{
    grid::{Book, Format},
    table::Request,
    verdict::{Notice, Unrecognised},
};

use super::support::{cho_moi, day, merge, read, request, said, sheet, verdicts, workbook};

const PLAIN: &str = "STT | Đơn vị | Tổng số | Smartphone | Bluezone\n1 | Kiến An | 100 | 50 | 25";

#[test]
fn a_header_of_two_rows_is_read_with_and_without_merged_cells() {
    let text = "BÁO CÁO BLUEZONE\n\nSTT | Đơn vị | Tổng số | Đã cài |  | Chưa cài |  | Tỷ lệ (%) | \n |  |  | Bluezone | NCOVI | Bluezone | NCOVI | Bluezone | NCOVI\n1 | Kiến An | 100 | 25 | 10 | 75 | 90 | 25% | 10%";
    let mut book = workbook(text);
    let alone = read(&book, &cho_moi()).unwrap();
    assert_eq!(alone.header_rows, [3, 4]);
    for columns in [(3, 4), (5, 6), (7, 8)] {
        merge(&mut book, (3, 3), columns);
    }
    for column in 0..3 {
        merge(&mut book, (3, 4), (column, column));
    }
    let merged = read(&book, &cho_moi()).unwrap();
    assert_eq!(merged.verdicts, alone.verdicts);
    assert_eq!(said(&merged), ["5 + 30634"]);
    let counts: Vec<i64> = merged.verdicts.accept[0].value.reported().map(|(_, n)| n).collect();
    assert_eq!(counts, [100, 25, 10]);
}

#[test]
fn a_second_row_that_says_which_column_is_the_count_belongs_to_the_header() {
    for (under, last) in [("Chưa cài | Đã cài", 25), ("Tuần trước | Tuần này", 25), ("Kế hoạch | Thực hiện", 25)]
    {
        let text = format!(
            "STT | Đơn vị | Tổng số | Smartphone | Bluezone\n | | | | {under}\n1 | Kiến An | 100 | 50 | 40 | {last}"
        );
        let mut book = workbook(&text);
        for is_merged in [false, true] {
            if is_merged {
                merge(&mut book, (1, 1), (4, 5));
            }
            let found = read(&book, &cho_moi()).unwrap();
            assert_eq!((&found.header_rows[..], said(&found)), (&[1, 2][..], vec!["3 + 30634".to_owned()]), "{under}");
            let counts: Vec<i64> = found.verdicts.accept[0].value.reported().map(|(_, n)| n).collect();
            assert_eq!(counts, [100, 50, last], "{under}");
        }
    }
    let text =
        "STT | Đơn vị | Tổng số | Smartphone | Bluezone\n | | | | Đã cài | Chưa cài\n1 | Kiến An | 100 | 50 | 25 | 40";
    assert_eq!(read(&workbook(text), &cho_moi()).unwrap().header_rows, [1, 2]);
    // Words that change nothing are a row like others.
    let text = "STT | Đơn vị | Tổng số | Smartphone | Bluezone\n | | | | (người)\n1 | Kiến An | 100 | 50 | 40";
    assert_eq!(read(&workbook(text), &cho_moi()).unwrap().header_rows, [1]);
}

#[test]
fn a_header_may_stand_far_down_but_not_farther_than_thirty_rows() {
    let title = |rows: usize| format!("{}{PLAIN}", "Biểu số 2\n".repeat(rows));
    assert_eq!(read(&workbook(&title(25)), &cho_moi()).unwrap().header_rows, [26]);
    assert_eq!(read(&workbook(&title(30)), &cho_moi()).unwrap_err(), Unrecognised::NoHeader);
}

#[test]
fn rows_that_number_the_columns_belong_to_the_header() {
    let text = "STT | Đơn vị | Tổng số | Smartphone | Bluezone | Tỷ lệ\n(1) | (2) | (3) | (4) | (5) | (6=5/4)\n1 | Kiến An | 100 | 50 | 25 | 50%";
    assert_eq!(verdicts(text), ["2 - repeated_header", "3 + 30634"]);
    let text = "STT | Đơn vị | Tổng số | Smartphone | Bluezone | Tỷ lệ\n(1) | (2) | (3) | (4) | (5) | (6)=(5)/(4)\n1 | Kiến An | 100 | 50 | 25 | 50%";
    assert_eq!(verdicts(text), ["2 - repeated_header", "3 + 30634"]);
    let text = "STT | Đơn vị | Tổng số | Smartphone | Bluezone\nA | B | 1 | 2 | 3\n1 | Kiến An | 100 | 50 | 25";
    assert_eq!(verdicts(text), ["2 - repeated_header", "3 + 30634"]);
}

#[test]
fn the_title_says_the_day_where_nobody_else_does() {
    let text = format!("BÁO CÁO (Tính đến ngày 31/8/2020)\n{PLAIN}");
    let mut asked = cho_moi();
    asked.as_of = None;
    let found = read(&workbook(&text), &asked).unwrap();
    assert_eq!(found.verdicts.accept[0].date, day(2020, 8, 31));
    assert_eq!(read(&workbook(PLAIN), &asked).unwrap_err(), Unrecognised::NoDate);
    let given = read(&workbook(&text), &cho_moi()).unwrap();
    assert_eq!(given.verdicts.accept[0].date, day(2020, 8, 20));
    assert_eq!(given.verdicts.notices, [Notice::TitleSaysAnotherDay(day(2020, 8, 31))]);
}

fn book(sheets: &[(&str, &str, bool)]) -> Book {
    let sheets = sheets.iter().map(|(name, text, is_hidden)| {
        let mut sheet = sheet(name, text);
        sheet.is_hidden = *is_hidden;
        sheet
    });
    Book { format: Format::Xlsx, encoding: None, delimiter: None, sheets: sheets.collect() }
}

#[test]
fn the_sheet_with_figures_is_taken_and_of_several_one_must_be_named() {
    let help = ("Hướng dẫn", "Điền số liệu vào sheet Tuần 47", false);
    let one = book(&[help, ("Tuần 47", PLAIN, false), ("Danh mục", "Mã | Tên\n1 | Kiến An", false)]);
    assert_eq!(read(&one, &cho_moi()).unwrap().sheet, "Tuần 47");
    let two = book(&[help, ("Tuần 46", PLAIN, false), ("Tuần 47", PLAIN, false)]);
    let weeks = vec!["Tuần 46".to_owned(), "Tuần 47".to_owned()];
    assert_eq!(read(&two, &cho_moi()).unwrap_err(), Unrecognised::ManySheets(weeks));
    let mut asked = cho_moi();
    asked.sheet = Some("Tuần 46".into());
    assert_eq!(read(&two, &asked).unwrap().sheet, "Tuần 46");
    asked.sheet = Some("Tuần 1".into());
    assert_eq!(read(&two, &asked).unwrap_err(), Unrecognised::NoSheet("Tuần 1".into()));
}

#[test]
fn what_the_office_hid_is_said() {
    let mut hidden = book(&[("Mới", PLAIN, false), ("Cũ", PLAIN, true)]);
    hidden.sheets[0].rows[1].is_hidden = true;
    let found = read(&hidden, &cho_moi()).unwrap();
    assert_eq!((found.sheet.as_str(), said(&found)), ("Mới", vec!["2 + 30634".to_owned()]));
    assert_eq!(found.verdicts.notices, [Notice::HiddenSheet("Cũ".into()), Notice::HiddenRows(vec![2])]);
    let only = book(&[("Ghi chú", "không có gì", false), ("Số liệu", PLAIN, true)]);
    assert_eq!(read(&only, &cho_moi()).unwrap().sheet, "Số liệu");
}

#[test]
fn a_file_without_a_table_is_refused_as_what_it_is() {
    let of = |text: &str| read(&workbook(text), &cho_moi()).unwrap_err();
    assert_eq!(of("Kính gửi: UBND huyện | \nSố: 123/UBND"), Unrecognised::NoHeader);
    assert_eq!(of("Kiến An | 100 | 50 | 25\nMỹ An | 100 | 50 | 25"), Unrecognised::NoHeader);
    assert_eq!(of("STT | Đơn vị | Tổng số | Smartphone | Bluezone"), Unrecognised::NoData);
    assert_eq!(of("STT | Đơn vị | Tổng số | Smartphone | Bluezone\n\nNgười lập biểu"), Unrecognised::NoData);
    let empty = Book { sheets: vec![sheet("", "")], ..workbook("") };
    assert_eq!(read(&Book { sheets: vec![], ..empty }, &cho_moi()).unwrap_err(), Unrecognised::NoData);
}

#[test]
fn two_columns_of_one_count_are_asked_about_and_a_part_of_it_is_not_the_count() {
    let twice = "Đơn vị | Smartphone | Cài Bluezone đợt 1 | Cài Bluezone đợt 2\nKiến An | 50 | 25 | 30";
    assert!(matches!(read(&workbook(twice), &cho_moi()), Err(Unrecognised::ManyColumns(_))));
    let part = "Đơn vị | Smartphone | Bluezone trong tuần | Bluezone lũy kế | Bluezone tăng so với kỳ trước\nKiến An | 50 | 5 | 30 | 5";
    let found = read(&workbook(part), &cho_moi()).unwrap();
    let counts: Vec<i64> = found.verdicts.accept[0].value.reported().map(|(_, n)| n).collect();
    assert_eq!(counts, [50, 30]);
}

#[test]
fn numbers_of_telephones_are_never_read() {
    let text = "Đơn vị | Smartphone | Bluezone | Số điện thoại\nKiến An | 50 | 25 | 0912345678";
    let found = read(&workbook(text), &cho_moi()).unwrap();
    assert_eq!(found.verdicts.notices, [Notice::PersonalColumn("Số điện thoại".into())]);
    assert_eq!(said(&found), ["2 + 30634"]);
}

#[test]
fn a_district_column_says_where_a_commune_lies() {
    let text = "STT | Huyện | Xã | Smartphone | Bluezone\n1 | Chợ Mới | Kiến An | 50 | 25\n2 |  | Hòa Bình | 50 | 25\n3 | Phú Tân | Hòa Lạc | 50 | 25\n4 | Phú Tân | Kiến An | 50 | 25";
    let found = read(&workbook(text), &request("89", day(2020, 8, 20))).unwrap();
    assert_eq!(said(&found), ["2 + 30634", "3 + 30676", "4 + 30430", "5 name_unknown"]);
}

#[test]
fn a_file_of_districts_is_of_districts() {
    let text = "STT | Huyện, thị xã, thành phố | Dân số | Smartphone | Bluezone\n1 | H. Chợ Mới | 100 | 50 | 25\n2 | Phú Tân | 100 | 50 | 25\n3 | TP Long Xuyên | 100 | 50 | 25\n | Toàn tỉnh | 300 | 150 | 75";
    let found = read(&workbook(text), &request("89", day(2020, 8, 20))).unwrap();
    assert_eq!(said(&found), ["2 + 893", "3 + 888", "4 + 883", "5 - total"]);
}

#[test]
fn the_level_of_a_table_tells_districts_from_communes_of_the_same_name() {
    let soc_trang = |text: &str| said(&read(&workbook(text), &request("94", day(2020, 8, 20))).unwrap());
    let counts = "Smartphone | Bluezone";
    let rows = "\n1 | Châu Thành | 50 | 25\n2 | Mỹ Xuyên | 50 | 25";
    // The heading says it.
    assert_eq!(soc_trang(&format!("TT | Huyện, thị xã, TP | {counts}{rows}")), ["2 + 942", "3 + 947"]);
    assert_eq!(soc_trang(&format!("TT | Tên xã, thị trấn | {counts}{rows}")), ["2 + 31569", "3 + 31684"]);
    // Or the other rows do.
    let among_districts = format!("TT | Đơn vị | {counts}{rows}\n3 | TP Sóc Trăng | 50 | 25\n | Cộng | 150 | 75");
    assert_eq!(soc_trang(&among_districts), ["2 + 942", "3 + 947", "4 + 941", "5 - total"]);
    let among_communes = format!("TT | Đơn vị | {counts}{rows}\n3 | Hòa Tú 1 | 50 | 25");
    assert_eq!(soc_trang(&among_communes), ["2 name_ambiguous", "3 name_ambiguous", "4 + 31717"]);
    // Two communes of a district share the name; and a district's sum may stand above its communes.
    let rows = "\n1 | Long Phú | 50 | 25\n2 | Mỹ Xuyên | 99 | 50\n3 | Hòa Tú 1 | 99 | 50";
    let above = soc_trang(&format!("TT | Tên xã, thị trấn | {counts}{rows}"));
    assert_eq!(above, ["2 name_ambiguous", "3 name_ambiguous", "4 + 31717"]);
    let provinces = "TT | Tỉnh, thành phố | Smartphone | Bluezone\n1 | Hòa Bình | 50 | 25\n2 | Thái Bình | 50 | 25\n3 | TP.HCM | 50 | 25\n | Cả nước | 150 | 75";
    let country = said(&read(&workbook(provinces), &request("", day(2020, 8, 20))).unwrap());
    assert_eq!(country, ["2 + 17", "3 + 34", "4 + 79", "5 - total"]);
}

#[test]
fn a_sheet_is_found_however_its_name_is_typed() {
    let two = book(&[("Tuần 46", PLAIN, false), ("Tuần 47", PLAIN, false)]);
    let asked = |name: &str| read(&two, &Request { sheet: Some(name.into()), ..cho_moi() }).map(|read| read.sheet);
    assert_eq!(asked("tuan 47").unwrap(), "Tuần 47");
    assert_eq!(asked("tuần"), Err(Unrecognised::NoSheet("tuần".into())));
}
