//! Tables: those of figures, whose header row is repeated on every page, and those without lines that only place text.

use super::{
    body::{CENTRED, Look, Place, bold, paragraph, plain},
    xml::Xml,
};
use crate::documents::official::{Align, Row, RowKind, Table};

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
        xml.element("w:tblCellMar", &[], |xml| {
            for side in ["w:left", "w:right"] {
                xml.empty(side, &[("w:w", "57"), ("w:type", "dxa")]);
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

/// The widths of the columns, filling the width of the text.
fn widths(table: &Table, width: u32) -> Vec<u32> {
    let all: u32 = table.columns.iter().map(|column| column.width).sum::<u32>().max(1);
    let mut widths: Vec<u32> = table.columns.iter().map(|column| width * column.width / all).collect();
    let used: u32 = widths.iter().sum();
    if let Some(last) = widths.last_mut() {
        *last += width - used;
    }
    widths
}

/// A table of figures, as wide as the text.
pub fn table(xml: &mut Xml, table: &Table, width: u32, look: Look) {
    if !table.caption.is_empty() {
        paragraph(xml, Place { before: 60, after: 60, keeps: true, ..CENTRED }, bold(26), &table.caption);
    }
    let widths = widths(table, width);
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
        paragraph(xml, Place { align, before: 20, after: 20, ..CENTRED }, look, text);
    });
}
