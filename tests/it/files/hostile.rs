//! Files made to harm: they are refused or read, and nothing else happens.

use proptest::{collection::vec, prelude::*, sample::Index};
use vungxanh::imports::read::{Limits, Unreadable, read};

use super::{BINARY, OLD, OPEN, office, rezipped, zipped};

fn with_part(bytes: &[u8], changed: &str, part: &[u8]) -> Vec<u8> {
    rezipped(bytes, |name, old| if name == changed { part.to_vec() } else { old })
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let bomb = with_part(&office(), SHEET, &vec![b' '; 300 << 20]);
    assert!(bomb.len() < 1 << 20);
    for limits in [Limits::WEB, Limits::COMMAND_LINE] {
        assert_eq!(read(&bomb, &limits), Err(Unreadable::TooLarge));
    }
}

#[test]
fn entities_that_multiply_are_not_expanded() {
    let xml = br#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
        <worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;&b;</t></is></c></row></sheetData></worksheet>"#;
    if let Ok(book) = read(&with_part(&office(), SHEET, xml), &Limits::WEB) {
        assert!(format!("{book:?}").len() < 4000, "{book:?}");
    }
}

#[test]
fn a_promise_of_a_billion_texts_is_no_room_for_them() {
    let xml = br#"<sst uniqueCount="99999999999"><si><t>x</t></si></sst>"#;
    let bytes = with_part(&office(), "xl/sharedStrings.xml", xml);
    assert!(matches!(read(&bytes, &Limits::COMMAND_LINE), Err(Unreadable::Damaged(_))));
}

#[test]
fn a_cell_far_out_makes_no_room_up_to_it() {
    let sheet = |cell: &str| {
        let xml = format!(
            r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row><c r="{cell}"><v>2</v></c></row></sheetData></worksheet>"#
        );
        read(&with_part(&office(), SHEET, xml.as_bytes()), &Limits::WEB)
    };
    assert_eq!(sheet("A1048576").unwrap().sheets[0].rows.len(), 2);
    assert_eq!(sheet("XFD1"), Err(Unreadable::TooManyColumns));
}

#[test]
fn repeated_cells_of_an_open_sheet_are_counted_before_they_are_copied() {
    let xml = r#"<x><table:table table:name="a"><table:table-row table:number-rows-repeated="100000000">
        <table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>
        </table:table-row></table:table></x>"#;
    for limits in [Limits::WEB, Limits::COMMAND_LINE] {
        assert!(read(&with_part(OPEN, "content.xml", xml.as_bytes()), &limits).is_err());
    }
}

#[test]
fn a_million_columns_are_refused_in_text_and_pages() {
    let wide = "1;".repeat(1_000_000);
    assert_eq!(read(wide.as_bytes(), &Limits::COMMAND_LINE), Err(Unreadable::TooManyColumns));
    let page = format!("<table><tr>{}</table>", "<td>1".repeat(1_000_000));
    assert_eq!(read(page.as_bytes(), &Limits::COMMAND_LINE), Err(Unreadable::TooManyColumns));
}

#[test]
fn long_names_marks_of_direction_and_formulas_are_only_text() {
    let name = "Ã".repeat(5000);
    let line = format!("{name};\u{202E}=cmd|'/c calc'!A1;<script>alert(1)</script>\n");
    let book = read(line.as_bytes(), &Limits::WEB).unwrap();
    assert_eq!(book.sheets[0].rows[0].cells.len(), 3);
}

#[test]
fn an_archive_of_thousands_of_parts_is_refused() {
    let names: Vec<String> = (0..5000).map(|i| format!("xl/{i}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(read(&zipped(&parts), &Limits::COMMAND_LINE), Err(Unreadable::TooLarge));
}

/// A real file, some of its bytes changed, perhaps cut short.
fn damaged(whole: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let cut = prop::option::weighted(0.3, any::<Index>());
    (vec((any::<Index>(), any::<u8>()), 1..8), cut).prop_map(move |(changes, cut)| {
        let mut bytes = whole.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        bytes
    })
}

/// A workbook in whose parts, not in its archive, bytes are changed.
fn damaged_inside(whole: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    (any::<Index>(), vec((any::<Index>(), any::<u8>()), 1..8)).prop_map(move |(which, changes)| {
        let parts = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap();
        let chosen = parts.file_names().nth(which.index(parts.len())).unwrap().unwrap().into_owned();
        rezipped(&whole, |name, mut part| {
            for (at, byte) in changes.iter().filter(|_| name == chosen && !part.is_empty()).collect::<Vec<_>>() {
                let at = at.index(part.len());
                part[at] = *byte;
            }
            part
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn damage_never_stops_the_program(
        office_file in damaged(office()), old in damaged(OLD.to_vec()), open in damaged(OPEN.to_vec()),
        binary in damaged(BINARY.to_vec()), inner in damaged_inside(office()), inner_open in damaged_inside(OPEN.to_vec()),
        inner_binary in damaged_inside(BINARY.to_vec()),
    ) {
        for bytes in [office_file, old, open, binary, inner, inner_open, inner_binary] {
            let _ = read(&bytes, &Limits::WEB);
        }
    }

    #[test]
    fn no_bytes_stop_the_program(bytes in vec(any::<u8>(), 0..600), text in "[;,\t|\"\r\n aĐữ<>td=/\u{0}]{0,80}") {
        let _ = read(&bytes, &Limits::WEB);
        let _ = read(text.as_bytes(), &Limits::WEB);
        let _ = read(format!("<table>{text}").as_bytes(), &Limits::WEB);
    }

    #[test]
    fn every_text_field_is_read_back_with_its_line(rows in vec(vec("[a-zđữ ;\"\n]{1,6}x", 2..4), 1..6)) {
        let mut file = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
        for row in &rows {
            file.write_record(row).unwrap();
        }
        let book = read(&file.into_inner().unwrap(), &Limits::WEB).unwrap();
        let cells = |row: &vungxanh::imports::grid::Row| row.cells.iter().map(|cell| format!("{cell:?}")).collect::<Vec<_>>();
        let expected: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|field| format!("{:?}", super::text(field))).collect()).collect();
        prop_assert_eq!(book.sheets[0].rows.iter().map(cells).collect::<Vec<_>>(), expected);
        let mut line = 1;
        for (row, fields) in book.sheets[0].rows.iter().zip(&rows) {
            prop_assert_eq!(row.number, line);
            line += 1 + fields.iter().map(|field| field.matches('\n').count()).sum::<usize>();
        }
    }
}
