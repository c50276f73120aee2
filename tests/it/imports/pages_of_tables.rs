//! Rows that are no unit's: sections, totals, pages, signatures; and totals that do not add up.

use super::support::{cho_moi, day, read, request, said, verdicts, workbook};

const HEADER: &str = "STT | Đơn vị | Tổng số | Smartphone | Bluezone";

fn of(rows: &str) -> Vec<String> {
    verdicts(&format!("{HEADER}\n{rows}"))
}

#[test]
fn totals_are_passed_over_and_compared() {
    assert_eq!(
        of("1 | Kiến An | 100 | 50 | 25\n2 | Mỹ An | 10 | 5 | 2\n | Tổng cộng | 110 | 55 | 27"),
        ["2 + 30634", "3 + 30655", "4 - total"]
    );
    assert_eq!(
        of("1 | Kiến An | 100 | 50 | 25\n2 | Mỹ An | 10 | 5 | 2\n | Tổng cộng | 111 | 55 | 27"),
        ["2 + 30634", "3 + 30655", "4 ! R8", "4 - total"]
    );
    // What is refused counts in the total all the same; what cannot be read makes it unknown.
    assert_eq!(
        of("1 | Kiến An | 100 | 50 | 25\n2 | Mỹ An | 10 | 5 | 7\nTổng cộng |  | 110 | 55 | 32"),
        ["2 + 30634", "3 R1", "4 - total"]
    );
    assert_eq!(
        of("1 | Kiến An | 100 | 50 | 25\n2 | Mỹ An | 10 | 5 | ?\nTổng cộng |  | 110 | 55 | 32"),
        ["2 + 30634", "3 R4", "4 - total"]
    );
    // A mark may stand before it; nobody is no total of somebody.
    for mark in ["A", "VI", "*", "-", "19"] {
        let rows = format!("1 | Kiến An | 100 | 50 | 25\n{mark} | Tổng cộng | 100 | 50 | 25");
        assert_eq!(of(&rows), ["2 + 30634", "3 - total"], "{mark}");
    }
    assert_eq!(of("1 | Kiến An | 100 | 50 | 25\n | ∑ | 100 | 50 | 25"), ["2 + 30634", "3 - total"]);
    assert_eq!(of("1 | Kiến An | 100 | 50 | 25\n | Tổng cộng | 0 | 0 | 0"), ["2 + 30634", "3 ! R8", "3 - total"]);
    // A total above its rows.
    assert_eq!(
        of(" | Toàn huyện | 110 | 55 | 27\n1 | Kiến An | 100 | 50 | 25\n2 | Mỹ An | 10 | 5 | 2"),
        ["2 - total", "3 + 30634", "4 + 30655"]
    );
}

#[test]
fn figures_without_a_name_are_a_total_if_they_are_one() {
    assert_eq!(
        of("1 | Kiến An | 100 | 50 | 25\n2 | Mỹ An | 10 | 5 | 2\n |  | 110 | 55 | 27"),
        ["2 + 30634", "3 + 30655", "4 - total"]
    );
    assert_eq!(
        of("1 | Kiến An | 100 | 50 | 25\n2 |  | 10 | 5 | 2\n3 | Mỹ An | 10 | 5 | 2"),
        ["2 + 30634", "3 name_unknown", "4 + 30655"]
    );
}

#[test]
fn the_district_named_above_its_communes_is_no_commune() {
    assert_eq!(of(" | HUYỆN CHỢ MỚI | | |\n1 | Kiến An | 100 | 50 | 25"), ["2 - section 893", "3 + 30634"]);
    assert_eq!(of(" | Huyện Chợ Mới | 100 | 50 | 25\n1 | Kiến An | 100 | 50 | 25"), ["2 - total", "3 + 30634"]);
    assert_eq!(of("1 | Chợ Mới | 100 | 50 | 25"), ["2 + 30628"]);
}

#[test]
fn pages_repeat_the_header_and_carry_sums_forward() {
    let rows = "1 | Kiến An | 100 | 50 | 25\n | Cộng mang sang | 100 | 50 | 25\nTrang 1/2 | | | |\nBIỂU TỔNG HỢP (tiếp theo) | | | |\n\
        STT | Đơn vị | Tổng số | Smartphone | Bluezone\n | Trang trước mang sang | 100 | 50 | 25\n2 | Mỹ An | 10 | 5 | 2\n | Tổng cộng | 110 | 55 | 27";
    assert_eq!(
        of(rows),
        [
            "2 + 30634",
            "3 - carried_forward",
            "4 - title",
            "5 - title",
            "6 - repeated_header",
            "7 - carried_forward",
            "8 + 30655",
            "9 - total"
        ]
    );
}

#[test]
fn who_signs_is_no_unit() {
    let rows = "1 | Kiến An | 100 | 50 | 25\n | Tổng cộng | 100 | 50 | 25\n |  | Chợ Mới, ngày 20 tháng 8 năm 2020 | |\n | NGƯỜI LẬP BIỂU | | | CHỦ TỊCH\n | Nguyễn Văn A | | |\n | UBND XÃ KIẾN AN | | |\nGhi chú: số liệu đến 17 giờ | | | |";
    assert_eq!(
        of(rows),
        ["2 + 30634", "3 - total", "4 - footer", "5 - footer", "6 - footer", "7 - footer", "8 - footer"]
    );
}

#[test]
fn rows_without_figures_are_refused_and_headings_are_not() {
    assert_eq!(
        of(
            "A | CÁC THỊ TRẤN | | |\n1 | TT Chợ Mới | 100 | 50 | 25\nB | CÁC XÃ | | |\n2 | Kiến An | | |\n3 | Mỹ An | 10 | 5 | 2"
        ),
        ["2 - section", "3 + 30628", "4 - section", "5 R9", "6 + 30655"]
    );
}

#[test]
fn blank_rows_inside_a_table_are_its_own() {
    assert_eq!(
        of("1 | Kiến An | 100 | 50 | 25\n\n2 | Mỹ An | 10 | 5 | 2\n\nNgười lập"),
        ["2 + 30634", "3 - blank", "4 + 30655", "6 - footer"]
    );
}

#[test]
fn sections_say_where_the_rows_under_them_lie() {
    let text = format!(
        "{HEADER}\nI | HUYỆN LONG PHÚ | | |\n1 | TT Long Phú | 100 | 50 | 25\n2 | Long Phú | 100 | 50 | 25\n | Cộng | 200 | 100 | 51\n\
        II | TP. Sóc Trăng | 100 | 50 | 25\n1 | Phường 1 | 100 | 50 | 25\nIII | Huyện Không Có | | |\n1 | Phường 1 | 100 | 50 | 25\n2 | Lai Hòa | 100 | 50 | 25\n\
        IV | Châu Thành | | |\n1 | Châu Thành | 100 | 50 | 25\n | Tổng cộng | 600 | 300 | 150"
    );
    let found = read(&workbook(&text), &request("94", day(2020, 8, 31))).unwrap();
    assert_eq!(
        said(&found),
        [
            "2 - section 946",
            "3 + 31639",
            "4 name_ambiguous",
            "5 ! R8",
            "5 - subtotal",
            "6 - section 941",
            "7 + 31513",
            "8 - section",
            "9 name_ambiguous",
            "10 + 31810",
            "11 - section 942",
            "12 + 31569",
            "13 - total"
        ]
    );
}

#[test]
fn a_section_may_say_more_than_the_district() {
    for heading in ["THỊ XÃ VĨNH CHÂU (10 xã, phường)", "Các xã, phường thuộc TX Vĩnh Châu"] {
        let text = format!("{HEADER}\nA | {heading} | | |\n1 | Phường 1 | 100 | 50 | 25");
        let found = read(&workbook(&text), &request("94", day(2020, 8, 31))).unwrap();
        assert_eq!(said(&found), ["2 - section 950", "3 + 31783"], "{heading}");
    }
}

#[test]
fn hamlets_stand_under_their_commune() {
    let text = "STT | Ấp | Tổng số | Smartphone | Bluezone\n1 | Ấp Hòa Bình | 100 | 50 | 25";
    assert_eq!(said(&read(&workbook(text), &request("30634", day(2020, 8, 20))).unwrap()).len(), 1);
    assert_eq!(said(&read(&workbook(text), &cho_moi()).unwrap()), ["2 name_unknown"]);
}

#[test]
fn agencies_are_known_like_communes() {
    assert_eq!(
        of("1 | Phòng Y tế | 9 | 8 | 7\n2 | Đài Truyền thanh huyện | 9 | 8 | 7\n3 | Phòng Nội vụ | 9 | 8 | 7"),
        ["2 + CM-P-YTE", "3 + CM-D-TRTH", "4 name_unknown"]
    );
}

#[test]
fn a_section_may_stand_in_the_column_of_numbers() {
    let text = "TT | Đơn vị | Smartphone | Bluezone\nI. TP. Sóc Trăng\n1 | P1 | 50 | 25\nCộng I | | 50 | 25\nII. TX Vĩnh Châu\n1 | P1 | 50 | 25\nCộng II | | 50 | 25\nTổng cộng (I+II) | | 100 | 50\nNgười lập biểu";
    let read = read(&workbook(text), &request("94", day(2020, 8, 20))).unwrap();
    let expected = [
        "2 - section 941",
        "3 + 31513",
        "4 - subtotal",
        "5 - section 950",
        "6 + 31783",
        "7 - subtotal",
        "8 - total",
        "9 - footer",
    ];
    assert_eq!(said(&read), expected);
}

#[test]
fn sums_so_far_are_carried_and_a_row_said_twice_counts_once() {
    let header = "STT | Đơn vị | Tổng số | Smartphone | Bluezone";
    let row = "100 | 50 | 25";
    let table = format!(
        "{header}\n1 | Kiến An | {row}\n | Lũy kế | {row}\n{header}\n | Mang sang | {row}\n2 | Mỹ An | {row}\n3 | Xã Mỹ An | {row}\n | Tổng cộng | 200 | 100 | 50"
    );
    let expected = [
        "2 + 30634",
        "3 - carried_forward",
        "4 - repeated_header",
        "5 - carried_forward",
        "6 + 30655",
        "7 ! R5",
        "7 - R5",
        "8 - total",
    ];
    assert_eq!(verdicts(&table), expected);
    let twice = table.replace("200 | 100 | 50", "300 | 150 | 75");
    assert_eq!(verdicts(&twice)[7..], ["8 ! R8", "8 - total"]);
}

#[test]
fn a_numbered_row_without_a_name_is_no_total() {
    let table = "STT | Đơn vị | Tổng số | Smartphone | Bluezone\n1 | Kiến An | 100 | 50 | 25\n2 |  | 100 | 50 | 25";
    assert_eq!(verdicts(table), ["2 + 30634", "3 name_unknown"]);
    assert_eq!(verdicts(&table.replace("\n2 |", "\n |")), ["2 + 30634", "3 - total"]);
}

#[test]
fn districts_are_sections_of_the_province_they_stand_in() {
    let text = "TT | Đơn vị | Smartphone | Bluezone\nA | TỈNH AN GIANG | 100 | 50\nI | Huyện Chợ Mới | 50 | 25\n1 | Hòa Bình | 50 | 25\nII | Huyện Phú Tân | 50 | 25\n1 | Hòa Lạc | 50 | 25\nB | TỈNH CÀ MAU\nI | Huyện Phú Tân\n1 | Phú Tân | 50 | 25";
    let read = read(&workbook(text), &request("", day(2020, 8, 20))).unwrap();
    let expected = [
        "2 - section 89",
        "3 - section 893",
        "4 + 30676",
        "5 - section 888",
        "6 + 30430",
        "7 - section 96",
        "8 - section 972",
        "9 + 32218",
    ];
    assert_eq!(said(&read), expected);
}
