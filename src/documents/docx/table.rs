//! Tables: those of figures, whose header row is repeated on every page, and those without lines that only place text.

use super::{
    body::{CENTRED, Look, Place, bold, paragraph, plain},
    xml::Xml,
};
use crate::documents::official::{Align, Row, RowKind, Table};

/// Space left and right of what stands in a cell, in twips: a millimetre.
const CELL_MARGIN: u32 = 57;

/// Writes the cell of a column.
type WriteCell<'a> = dyn Fn(&mut Xml, usize) + 'a;

/// A table without lines, of one row for each pair of cells.
pub fn bare_table(xml: &mut Xml, widths: &[u32], rows: &[&WriteCell<'_>]) {
    let total: u32 = widths.iter().sum();
    xml.element("w:tbl", &[], |xml| {
        table_properties(xml, total, false);
        grid(xml, widths);
        for row in rows {
            xml.element("w:tr", &[], |xml| {
                xml.element("w:trPr", &[], |xml| {
                    xml.empty("w:cantSplit", &[]);
                });
                for (i, width) in widths.iter().enumerate() {
                    xml.element("w:tc", &[], |xml| {
                        xml.element("w:tcPr", &[], |xml| {
                            xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
                        });
                        row(xml, i);
                    });
                }
            });
        }
    });
}

fn table_properties(xml: &mut Xml, width: u32, has_lines: bool) {
    xml.element("w:tblPr", &[], |xml| {
        xml.empty("w:tblW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
        xml.empty("w:jc", &[("w:val", "center")]);
        if has_lines {
            xml.element("w:tblBorders", &[], |xml| {
                for side in ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"] {
                    xml.empty(side, &[("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "000000")]);
                }
            });
        }
        xml.empty("w:tblLayout", &[("w:type", "fixed")]);
        // Where text is only placed every millimetre counts.
        let margin = if has_lines { CELL_MARGIN } else { 0 };
        xml.element("w:tblCellMar", &[], |xml| {
            for side in ["w:left", "w:right"] {
                xml.empty(side, &[("w:w", &margin.to_string()), ("w:type", "dxa")]);
            }
        });
    });
}

fn grid(xml: &mut Xml, widths: &[u32]) {
    xml.element("w:tblGrid", &[], |xml| {
        for width in widths {
            xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
        }
    });
}

/// A heading stands in at most this many lines where there is room.
const LINES: usize = 4;
/// Longer words of cells may break.
const LONGEST_WORD: usize = 12;

/// How wide a column must be for no word in it to break, in twips; a letter is about half its size wide, a bold one and a
/// mark a little more.
fn least(table: &Table, column: usize, look: Look) -> u32 {
    let longest = |text: &str| text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or_default();
    let title = table.columns.get(column).map(|column| column.title.as_str()).unwrap_or_default();
    let title = longest(title).max(title.chars().count().div_ceil(LINES));
    let rows = table.rows.iter().filter(|row| row.kind != RowKind::Group);
    let cells = rows.filter_map(|row| row.cells.get(column)).map(|text| longest(text)).max().unwrap_or_default();
    let letters = title.max(cells.min(LONGEST_WORD));
    u32::try_from(letters).unwrap_or_default() * look.size * 11 / 2 + 2 * CELL_MARGIN
}

/// The widths of the columns, filling the width of the text: in proportion, but none narrower than its words where the
/// others can give.
fn widths(table: &Table, width: u32, look: Look) -> Vec<u32> {
    let all: u32 = table.columns.iter().map(|column| column.width).sum::<u32>().max(1);
    let mut widths: Vec<u32> = table.columns.iter().map(|column| width * column.width / all).collect();
    let least: Vec<u32> = (0..table.columns.len()).map(|column| least(table, column, look)).collect();
    let spare: Vec<u32> = widths.iter().zip(&least).map(|(width, least)| width.saturating_sub(*least)).collect();
    let wanted: u32 = widths.iter().zip(&least).map(|(width, least)| least.saturating_sub(*width)).sum();
    let all_spare: u32 = spare.iter().sum();
    if wanted > 0 && all_spare > wanted {
        for ((width, least), spare) in widths.iter_mut().zip(&least).zip(&spare) {
            *width = if spare > &0 { *width - wanted * spare / all_spare } else { *least };
        }
    }
    let used: u32 = widths.iter().sum();
    if let Some(widest) = widths.iter_mut().max() {
        *widest = (*widest + width).saturating_sub(used);
    }
    widths
}

/// A table of figures, as wide as the text.
pub fn table(xml: &mut Xml, table: &Table, width: u32, look: Look) {
    if !table.caption.is_empty() {
        paragraph(xml, Place { before: 60, after: 60, keeps: true, ..CENTRED }, bold(26), &table.caption);
    }
    let widths = widths(table, width, look);
    xml.element("w:tbl", &[], |xml| {
        table_properties(xml, width, true);
        grid(xml, &widths);
        row_of(xml, true, |xml| {
            for (column, width) in table.columns.iter().zip(&widths) {
                cell(xml, (*width, 1), "center", bold_of(look), &column.title);
            }
        });
        for row in &table.rows {
            row_of(xml, false, |xml| cells(xml, table, row, &widths, look));
        }
    });
    paragraph(xml, Place { after: 60, ..CENTRED }, plain(12), "");
}

fn bold_of(look: Look) -> Look {
    Look { bold: true, ..look }
}

fn row_of(xml: &mut Xml, is_head: bool, inside: impl FnOnce(&mut Xml)) {
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| {
            xml.empty("w:cantSplit", &[]);
            if is_head {
                xml.empty("w:tblHeader", &[]);
            }
        });
        inside(xml);
    });
}

fn cells(xml: &mut Xml, table: &Table, row: &Row, widths: &[u32], look: Look) {
    if row.kind == RowKind::Group {
        let text = row.cells.first().map(String::as_str).unwrap_or_default();
        cell(xml, (widths.iter().sum(), widths.len()), "left", bold_of(look), text);
        return;
    }
    let look = if row.kind == RowKind::Total { bold_of(look) } else { look };
    for ((column, width), text) in table.columns.iter().zip(widths).zip(&row.cells) {
        let align = match column.align {
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        };
        // Words among numbers are read from the left.
        let is_words = text.starts_with(char::is_alphabetic);
        let align = if is_words && column.align == Align::Right { "left" } else { align };
        cell(xml, (*width, 1), align, look, text);
    }
}

fn cell(xml: &mut Xml, (width, span): (u32, usize), align: &str, look: Look, text: &str) {
    xml.element("w:tc", &[], |xml| {
        xml.element("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
            if span > 1 {
                xml.empty("w:gridSpan", &[("w:val", &span.to_string())]);
            }
            xml.empty("w:vAlign", &[("w:val", "center")]);
        });
        // The heading of a group is never the last line of a page.
        paragraph(xml, Place { align, before: 20, after: 20, keeps: span > 1, ..CENTRED }, look, text);
    });
}
