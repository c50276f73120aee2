//! Whatever file comes in: what is read from it, why it is refused, and that none of them harms.

mod forms;
mod hostile;
mod twins;

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format as Look, Formula, Workbook};
use vungxanh::imports::{
    grid::{Area, Book, Cell, Format, Sheet},
    read::{Limits, Unreadable, read},
};

const OLD: &[u8] = include_bytes!("../assets/imports/old.xls");
const EPOCH_1904: &[u8] = include_bytes!("../assets/imports/epoch_1904.xls");
const OPEN: &[u8] = include_bytes!("../assets/imports/open.ods");
const BINARY: &[u8] = include_bytes!("../assets/imports/binary.xlsb");

fn book(bytes: &[u8]) -> Book {
    read(bytes, &Limits::WEB).unwrap()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(value: f64) -> Cell {
    Cell::Number { value, shows_percent: false }
}

fn percent(value: f64) -> Cell {
    Cell::Number { value, shows_percent: true }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().into()
}

/// The row with that number.
fn row(sheet: &Sheet, number: usize) -> (bool, &[Cell]) {
    let row = sheet.rows.iter().find(|row| row.number == number).unwrap();
    (row.is_hidden, &row.cells)
}

/// The workbook that the tests of Office Open XML read: like the others, and a formula without a value.
fn office() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Tuần 34").unwrap();
    sheet.merge_range(0, 0, 0, 3, "BÁO CÁO", &Look::new()).unwrap();
    sheet.write(1, 0, "Đơn vị").unwrap().write(1, 1, "Tổng số").unwrap();
    sheet.write(2, 0, "Xã Kiến An").unwrap().write(2, 1, 25444).unwrap();
    sheet.write_with_format(2, 2, 0.271, &Look::new().set_num_format("0.0%")).unwrap();
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2020, 8, 20).unwrap();
    sheet.write_with_format(2, 3, &date, &Look::new().set_num_format("dd/mm/yyyy")).unwrap();
    sheet.write(3, 0, "Xã Hòa An").unwrap();
    sheet.write_formula(3, 1, Formula::new("=SUM(B3:B3)").set_result("")).unwrap();
    sheet.set_row_hidden(3).unwrap();
    let font = Look::new().set_font_name(".VnTime");
    sheet.write_with_format(4, 0, "x· KiÕn Thµnh, huyÖn Chî Míi", &font).unwrap();
    workbook.add_worksheet().set_name("Ẩn").unwrap().set_hidden(true).write(0, 0, "x").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn workbooks_of_each_format_are_read_alike() {
    for (bytes, format) in
        [(office().as_slice(), Format::Xlsx), (OLD, Format::Xls), (OPEN, Format::Ods), (BINARY, Format::Xlsb)]
    {
        let book = book(bytes);
        assert_eq!(book.format, format);
        let sheet = &book.sheets[0];
        assert_eq!((sheet.name.as_str(), sheet.is_hidden), ("Tuần 34", false), "{format:?}");
        assert_eq!(sheet.merged, [Area { rows: (1, 1), columns: (0, 3) }], "{format:?}");
        assert_eq!(row(sheet, 1), (false, [text("BÁO CÁO")].as_slice()), "{format:?}");
        let first = if format == Format::Ods { 5 } else { 3 };
        let expected = [text("Xã Kiến An"), number(25444.0), percent(0.271), Cell::Date(day(2020, 8, 20))];
        assert_eq!(row(sheet, first), (false, expected.as_slice()), "{format:?}");
        let (is_hidden, cells) = row(sheet, first + 1);
        assert_eq!((is_hidden, &cells[0]), (true, &text("Xã Hòa An")), "{format:?}");
        if let Some(hidden) = book.sheets.get(1) {
            assert_eq!((hidden.name.as_str(), hidden.is_hidden), ("Ẩn", true), "{format:?}");
        }
    }
}

#[test]
fn a_formula_without_a_value_and_an_error_are_broken_cells() {
    let broken = |text: &str| Cell::Broken(text.to_owned());
    assert_eq!(row(&book(OPEN).sheets[0], 6).1[1..], [broken("of:=SUM([.B5])"), broken("#DIV/0!")]);
    assert_eq!(row(&book(BINARY).sheets[0], 4).1[1], broken("#DIV/0!"));
    let unsaved = rezipped(&office(), |name, part| {
        if name != "xl/worksheets/sheet1.xml" {
            return part;
        }
        let xml = String::from_utf8(part).unwrap();
        let (before, cell) = xml.split_once(r#"<c r="B4""#).unwrap();
        let (_, after) = cell.split_once("</c>").unwrap();
        format!(r#"{before}<c r="B4"><f>SUM(B3:B3)</f><v></v></c>{after}"#).into_bytes()
    });
    assert_eq!(row(&book(&unsaved).sheets[0], 4).1[1], broken("=SUM(B3:B3)"));
}

#[test]
fn text_in_an_old_font_is_read_in_workbooks() {
    for bytes in [office().as_slice(), OLD] {
        let book = book(bytes);
        assert_eq!(row(&book.sheets[0], 5).1[0], text("xã Kiến Thành, huyện Chợ Mới"));
        assert_eq!(book.encoding, Some("tcvn3"));
    }
}

#[test]
fn an_old_font_is_known_by_its_text_where_the_file_does_not_tell_it() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "Ñôn vò").unwrap().write(0, 1, "Toång soá").unwrap().write(1, 0, "xaõ Kieán An").unwrap();
    let book = book(&workbook.save_to_buffer().unwrap());
    assert_eq!(row(&book.sheets[0], 1).1, [text("Đơn vị"), text("Tổng số")]);
    assert_eq!(row(&book.sheets[0], 2).1, [text("xã Kiến An")]);
    assert_eq!(book.encoding, Some("vni"));
}

#[test]
fn days_of_the_macintosh_count_from_1904() {
    let book = book(EPOCH_1904);
    assert_eq!(row(&book.sheets[0], 1).1, [Cell::Date(day(2020, 8, 20))]);
}

#[test]
fn decomposed_text_and_nuls_become_what_can_be_kept() {
    let book = book("Xa\u{303} Kie\u{302}\u{301}n\0 An;1\n".as_bytes());
    assert_eq!(row(&book.sheets[0], 1).1, [text("Xã Kiến An"), text("1")]);
}

#[test]
fn a_page_named_as_a_workbook_is_a_table() {
    let page = "<html><head><meta charset=utf-8></head><table><tr><td>Xã Kiến An<td>1.234</table></html>";
    let book = book(page.as_bytes());
    assert_eq!((book.format, book.encoding), (Format::Html, Some("utf-8")));
    assert_eq!(row(&book.sheets[0], 1).1, [text("Xã Kiến An"), text("1.234")]);
}

#[test]
fn what_cannot_be_read_says_why() {
    let refused = |bytes: &[u8]| read(bytes, &Limits::WEB).unwrap_err();
    assert_eq!(refused(b""), Unreadable::Empty);
    assert_eq!(refused(&vec![b'a'; (10 << 20) + 1]), Unreadable::TooLarge);
    assert_eq!(refused(b"%PDF-1.7\n"), Unreadable::OtherKind("pdf"));
    assert_eq!(refused(&zipped(&[("word/document.xml", b"<w/>")])), Unreadable::OtherKind("docx"));
    assert_eq!(refused(&zipped(&[("a.txt", b"a")])), Unreadable::OtherKind("zip"));
    let office = office();
    assert_eq!(refused(&office[..office.len() / 2]).code(), "damaged");
    assert_eq!(refused(&"x\n".repeat(20_001).into_bytes()), Unreadable::TooManyRows { most: 20_000 });
    assert!(read(&"x\n".repeat(20_001).into_bytes(), &Limits::COMMAND_LINE).is_ok());
}

#[test]
fn a_password_is_seen_in_every_format() {
    use std::io::{Cursor, Write};
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    container.create_stream("EncryptedPackage").unwrap().write_all(&[7; 5000]).unwrap();
    let xlsx = container.into_inner().into_inner();
    let ods = rezipped(OPEN, |name, part| {
        if name.ends_with("manifest.xml") { b"<m><manifest:encryption-data/></m>".to_vec() } else { part }
    });
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let records = [0x09, 0x08, 4, 0, 0, 6, 5, 0, 0x2F, 0, 2, 0, 1, 0, 0x0A, 0, 0, 0];
    container.create_stream("Workbook").unwrap().write_all(&records).unwrap();
    let xls = container.into_inner().into_inner();
    for bytes in [xlsx, ods, xls] {
        assert_eq!(read(&bytes, &Limits::WEB), Err(Unreadable::Protected));
    }
}

/// An archive of these parts.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(part).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The archive with each part changed.
fn rezipped(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    use std::io::{Cursor, Read};
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).unwrap();
        let (name, mut content) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut content).unwrap();
        parts.push((name.clone(), change(&name, content)));
    }
    zipped(&parts.iter().map(|(name, part)| (name.as_str(), part.as_slice())).collect::<Vec<_>>())
}
