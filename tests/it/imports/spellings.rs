//! Encodings, separators and spellings: the same table however an office saved it.

use proptest::prelude::*;
use vungxanh::imports::{
    columns::Count,
    read::{Limits, read},
};

use super::support::{self, cho_moi, said, verdicts};

const TABLE: &str = "STT;Tên đơn vị;Dân số;Số người sử dụng smartphone;Đã cài Bluezone;Đã cài NCOVI;Đã khai báo y tế\r\n\
    1;TT. Chợ Mới;11.318;6.238;1.484;785;2.367\r\n2;Xã Kiến An;25.444;13.170;3.571;;7.701\r\n\
    ;TỔNG CỘNG;36.762;19.408;5.055;785;10.068\r\n";

fn of(bytes: &[u8]) -> Vec<String> {
    said(&support::read(&read(bytes, &Limits::WEB).unwrap(), &cho_moi()).unwrap())
}

const SAID: [&str; 3] = ["2 + 30628", "3 + 30634", "4 - total"];

#[test]
fn a_table_is_the_same_in_every_encoding_and_with_every_separator() {
    assert_eq!(of(TABLE.as_bytes()), SAID);
    assert_eq!(of(&[b"\xEF\xBB\xBF", TABLE.as_bytes()].concat()), SAID);
    for separator in ["\t", "|", ","] {
        let numbers = if separator == "," { TABLE.replace('.', "") } else { TABLE.to_owned() };
        assert_eq!(of(numbers.replace(';', separator).as_bytes()), SAID, "{separator:?}");
    }
    let wide: Vec<u8> = TABLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(of(&[b"\xFF\xFE".as_slice(), &wide].concat()), SAID);
    let wide: Vec<u8> = TABLE.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(of(&[b"\xFE\xFF".as_slice(), &wide].concat()), SAID);
}

#[test]
fn lines_without_a_field_at_the_end_are_rows_until_there_is_no_end_of_them() {
    let table = "Tên đơn vị;Smartphone;Bluezone\r\nKiến An;50;25\r\n;;\r\n;;\r\n\r\n";
    assert_eq!(of(table.as_bytes()), ["2 + 30634", "3 - blank", "4 - blank"]);
    assert_eq!(of(format!("{table}{}", ";;\n".repeat(5000)).as_bytes()), ["2 + 30634"]);
}

#[test]
fn rows_are_numbered_by_the_lines_they_begin_on() {
    let table = "STT;Tên đơn vị;Dân số;\"Sử dụng\nsmartphone\";Đã cài Bluezone\r\n1;\"Xã\nKiến An\";100;90;80\r\n\r\n2;Xã Mỹ An;100;90;91\r\n";
    assert_eq!(of(table.as_bytes()), ["3 + 30634", "5 - blank", "6 R1"]);
}

#[test]
fn columns_are_known_without_marks_in_any_order_and_abbreviated() {
    let read = support::read(
        &support::workbook(
            "Ghi chu | BLUEZONE | To khai y te | SL DTTM | Quan so | Xa/TT | tt\n | 40 | 20 | 50 | 60 | kien an | 1",
        ),
        &cho_moi(),
    )
    .unwrap();
    let counts: Vec<(Count, i64)> = read.verdicts.accept[0].value.reported().collect();
    assert_eq!(counts, [(Count::Total, 60), (Count::Smartphone, 50), (Count::Bluezone, 40), (Count::Tokhaiyte, 20)]);
    assert_eq!(said(&read), ["2 + 30634"]);
}

#[test]
fn each_rule_has_its_word() {
    let table = "Mã | Tên đơn vị | Dân số | Smartphone | Bluezone | NCOVI | Khai báo y tế\n\
        30628 | TT Chợ Mới | 100 | 50 | 51 | 1 | 1\n\
        30631 | TT Mỹ Luông | 100 | 50 | 10 | 51 | 1\n\
        30634 | Kiến An | 100 | 101 | 10 | 1 | 1\n\
        30637 | Mỹ Hội Đông | 100 | 50 | 10 | 1 | 101\n\
        30640 | Long Điền A | 100 | 50 | -1 | 1 | 1\n\
        30643 | Tấn Mỹ | 100 | 50 | khoảng 10 | 1 | 1\n\
        30646 | Long Điền B | 100 |  | 10 | 1 | 1\n\
        30649 | Kiến Thành | 100 | 50 | 10 | x | 1\n\
        30652 | Xã Không Có | 100 | 50 | 10 | 1 | 1\n\
        30655 | Hội An | 100 | 50 | 10 | 1 | 1\n\
        39999 | Nhơn Mỹ | 100 | 50 | 10 | 1 | 1\n\
        30661 | Long Giang | 100 | 50 | 10 |  | \n\
        30664 |  | 100 | 50 | 10 | 1 | 1\n\
         | Xã Hòa Bình, huyện Phú Tân | 100 | 50 | 10 | 1 | 1\n\
        94 | Xã Hội An | 100 | 50 | 10 | 1 | 1";
    assert_eq!(
        verdicts(table),
        [
            "2 R1",
            "3 R2",
            "4 R3",
            "5 R3",
            "6 R4",
            "7 R4",
            "8 R9",
            "9 R4",
            "10 code_name_conflict",
            "11 code_name_conflict",
            "12 code_abolished",
            "13 + 30661",
            "14 + 30664",
            "15 name_unknown",
            "16 code_name_conflict"
        ]
    );
}

#[test]
fn declarations_may_exceed_the_users_of_smartphones_but_not_the_people() {
    assert_eq!(
        verdicts("Đơn vị | Tổng số | Smartphone | Bluezone | Đã khai báo\nKiến An | 60 | 50 | 40 | 60"),
        ["2 + 30634"]
    );
}

#[test]
fn formulas_without_results_are_neither_zero_nor_not_reported() {
    let table = "Đơn vị | Tổng số | Smartphone | Bluezone | NCOVI\nKiến An | 60 | 50 | =C2-1 | 4\nMỹ An | 60 | 50 | 3 | =C3\nHội An | 60 | 50 | 3 | 2\nTổng cộng | =SUM(B2:B4) | =SUM(C2:C4) | 6 | 6";
    assert_eq!(verdicts(table), ["2 R9", "3 R4", "4 + 30673", "5 - total"]);
}

#[test]
fn shares_are_compared_and_never_taken() {
    let table = "Đơn vị | Tổng số | Smartphone | Bluezone | Tỷ lệ %\n\
        Kiến An | 100 | 50 | 25 | 50%\nMỹ An | 100 | 50 | 25 | 50,05%\nHội An | 100 | 50 | 25 | 50,2%\n\
        Hòa An | 100 | 50 | 25 | 0,5\nHòa Bình | 100 | 50 | 25 | 25%\nTấn Mỹ | 100 | 0 | 0 | \nLong Kiến | 100 | 50 | 25 | #DIV/0!";
    assert_eq!(
        verdicts(table),
        ["2 + 30634", "3 + 30655", "4 ! R7", "4 + 30673", "5 + 30679", "6 ! R7", "6 + 30676", "7 + 30643", "8 + 30664"]
    );
    let two = "Đơn vị | Smartphone | Bluezone | Tỷ lệ % | NCOVI | Tỷ lệ %\nKiến An | 50 | 25 | 50% | 10 | 20%\nMỹ An | 50 | 25 | 50% | 10 | 50%";
    assert_eq!(verdicts(two), ["2 + 30634", "3 ! R7", "3 + 30655"]);
}

#[test]
fn one_row_for_each_unit_and_day() {
    let table = "Đơn vị | Tổng số | Smartphone | Bluezone\n\
        Kiến An | 100 | 50 | 25\nX. Kiến An | 100 | 50 | 25\nMỹ An | 100 | 50 | 25\nXã Mỹ An | 100 | 50 | 26\nHội An | 100 | 50 | 25";
    assert_eq!(verdicts(table), ["2 + 30634", "3 ! R5", "3 - R5", "4 R5", "5 R5", "6 + 30673"]);
    // A row that cannot be right contradicts nobody.
    let faulty = "Đơn vị | Tổng số | Smartphone | Bluezone\nKiến An | 100 | 50 | 25\nKiến An | 100 | 50 | 60";
    assert_eq!(verdicts(faulty), ["2 + 30634", "3 R1"]);
    let days = "Đơn vị | Tổng số | Smartphone | Bluezone | Ngày\nKiến An | 100 | 50 | 25 | 20/8/2020\nKiến An | 100 | 50 | 26 | 21/8/2020";
    assert_eq!(verdicts(days), ["2 + 30634", "3 + 30634"]);
}

#[test]
fn a_column_of_days_gives_each_row_its_day_and_unclear_ones_are_refused() {
    let table = "Đơn vị | Smartphone | Bluezone | Ngày báo cáo\n\
        Kiến An | 50 | 25 | 05/08/2020\nMỹ An | 50 | 25 | 08/20/2020\nHội An | 50 | 25 | 44048\n\
        Hòa An | 50 | 25 | ngày 05 tháng 8 năm 2020\nTấn Mỹ | 50 | 25 | 5/8/20\nMỹ Hiệp | 50 | 25 | 31/12/2019\n\
        Nhơn Mỹ | 50 | 25 | 01/01/2030\nLong Kiến | 50 | 25 | ";
    assert_eq!(
        verdicts(table),
        ["2 + 30634", "3 date", "4 + 30673", "5 + 30679", "6 date", "7 date", "8 date", "9 date"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_lost_and_nothing_panics(cells in prop::collection::vec(prop::collection::vec("(|Xã Kiến An|Mỹ An|Huyện Phú Tân|Tổng cộng|Cộng|STT|Đơn vị|Bluezone|Smartphone|1.234|[0-9]{0,5}|=A1|#REF!|20/8/2020|.{0,6})", 0..7), 0..25)) {
        let text: Vec<String> = cells.iter().map(|row| row.iter().map(|c| c.replace(['|', '\n'], " ")).collect::<Vec<_>>().join("|")).collect();
        let text = format!("STT | Tên đơn vị | Tổng số | Smartphone | Bluezone\n1 | Hội An | 9 | 8 | 7\n{}", text.join("\n"));
        let book = support::workbook(&text);
        let read = support::read(&book, &cho_moi()).unwrap();
        let filled = book.sheets[0].rows.iter().skip(1).filter(|row| row.cells.iter().any(|c| !matches!(c, vungxanh::imports::grid::Cell::Empty))).count();
        prop_assert!(read.verdicts.rows_read() >= filled.min(1));
        let mut rows: Vec<usize> = read.verdicts.accept.iter().map(|r| r.row).chain(read.verdicts.refuse.iter().map(|r| r.row)).chain(read.verdicts.skip.iter().map(|r| r.row)).collect();
        let all = rows.len();
        rows.sort_unstable();
        rows.dedup();
        prop_assert_eq!(rows.len(), all);
    }
}
