//! The text: head, parts, tables, pictures, sign-off, and the annexes on their side. Sizes follow Nghị định 30/2020/NĐ-CP,
//! Phụ lục I; order of properties follows the schema.

use super::{
    Image,
    parts::{self, MAIN, RELATIONS},
    picture::picture,
    table::{bare_table, table},
    xml::Xml,
};
use crate::documents::official::{Annex, Block, Closing, Head, Paper};

/// Twentieths of a point in a millimetre, times ten.
const TWIPS_TEN_MM: u32 = 567;
/// A4 and its margins: 20 above and below, 30 left, 15 right.
pub const PAGE: (u32, u32) = (11906, 16838);
const MARGINS: [(&str, u32); 4] = [("w:top", 1134), ("w:right", 851), ("w:bottom", 1134), ("w:left", 1701)];
/// Width of the text upright and on its side.
const UPRIGHT: u32 = PAGE.0 - 851 - 1701;
const ON_ITS_SIDE: u32 = PAGE.1 - 851 - 1701;

/// How text looks: size in half-points, bold, italic.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// In half-points.
    pub size: u32,
    pub bold: bool,
    pub italic: bool,
}

pub const fn plain(size: u32) -> Look {
    Look { size, bold: false, italic: false }
}

pub const fn bold(size: u32) -> Look {
    Look { size, bold: true, italic: false }
}

const fn italic(size: u32) -> Look {
    Look { size, bold: false, italic: true }
}

const TEXT: Look = plain(28);
const CELL: Look = plain(24);
/// Annexes have many columns: the smallest letters a table may have.
const SMALL_CELL: Look = plain(22);

/// How a paragraph stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a> {
    pub style: Option<&'a str>,
    pub align: &'a str,
    pub before: u32,
    pub after: u32,
    pub first: u32,
    pub sides: u32,
    pub keeps: bool,
    pub rule: bool,
}

const BODY: Place<'_> = Place { align: "both", before: 0, after: 120, first: TWIPS_TEN_MM, ..CENTRED };
pub const CENTRED: Place<'_> =
    Place { style: None, align: "center", before: 0, after: 0, first: 0, sides: 0, keeps: false, rule: false };

/// `word/document.xml`
pub fn document(paper: &Paper, images: &[Image]) -> String {
    let mut xml = Xml::document();
    let spaces = [
        ("xmlns:w", MAIN),
        ("xmlns:r", RELATIONS),
        ("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("xmlns:a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
        ("xmlns:pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"),
    ];
    xml.element("w:document", &spaces, |xml| {
        xml.element("w:body", &[], |xml| {
            head(xml, &paper.head);
            if let Some(notice) = &paper.notice {
                paragraph(xml, Place { before: 120, ..CENTRED }, bold(26), notice);
            }
            paragraph(xml, Place { before: 240, after: 240, ..CENTRED }, TEXT, &paper.head.addressee);
            // The last words stay with the signature: it never stands on a page of its own.
            let (blocks, last) = match paper.blocks.split_last() {
                Some((Block::Paragraph(last), blocks)) => (blocks, Some(last)),
                _ => (paper.blocks.as_slice(), None),
            };
            for block in blocks {
                write(xml, block, images, (UPRIGHT, CELL));
            }
            if let Some(last) = last {
                paragraph(xml, Place { keeps: true, ..BODY }, TEXT, last);
            }
            closing(xml, &paper.closing);
            if paper.annexes.is_empty() {
                section(xml, true);
                return;
            }
            xml.element("w:p", &[], |xml| {
                xml.element("w:pPr", &[], |xml| section(xml, true));
            });
            for (i, of) in paper.annexes.iter().enumerate() {
                annex(xml, of, &paper.annex_of, i > 0, images);
            }
            section(xml, false);
        });
    });
    xml.finish()
}

/// The main text stands upright and its first page has no number; annexes lie on their side.
fn section(xml: &mut Xml, is_main: bool) {
    xml.element("w:sectPr", &[], |xml| {
        let mut of = |name: &str, kind: &str, id: &str| {
            xml.empty(name, &[("w:type", kind), ("r:id", id)]);
        };
        of("w:headerReference", "default", parts::PAGE_NUMBERS);
        if is_main {
            of("w:headerReference", "first", parts::NO_PAGE_NUMBER);
            of("w:footerReference", "default", parts::NO_FOOT);
            of("w:footerReference", "first", parts::NO_FOOT);
        } else {
            of("w:footerReference", "default", parts::FOOT);
        }
        xml.empty("w:type", &[("w:val", "nextPage")]);
        let (width, height) = (PAGE.0.to_string(), PAGE.1.to_string());
        if is_main {
            xml.empty("w:pgSz", &[("w:w", &width), ("w:h", &height)]);
        } else {
            xml.empty("w:pgSz", &[("w:w", &height), ("w:h", &width), ("w:orient", "landscape")]);
        }
        let margins = MARGINS.map(|(name, twips)| (name, twips.to_string()));
        let mut margins: Vec<(&str, &str)> = margins.iter().map(|(name, twips)| (*name, twips.as_str())).collect();
        margins.extend([("w:header", "567"), ("w:footer", "454"), ("w:gutter", "0")]);
        xml.empty("w:pgMar", &margins);
        if is_main {
            xml.empty("w:titlePg", &[]);
        }
    });
}

pub fn properties(xml: &mut Xml, place: Place<'_>) {
    xml.element("w:pPr", &[], |xml| {
        if let Some(style) = place.style {
            xml.empty("w:pStyle", &[("w:val", style)]);
        }
        if place.keeps {
            xml.empty("w:keepNext", &[]);
        }
        if place.rule {
            xml.element("w:pBdr", &[], |xml| {
                let line = [("w:val", "single"), ("w:sz", "6"), ("w:space", "1"), ("w:color", "000000")];
                xml.empty("w:top", &line);
            });
        }
        let (before, after) = (place.before.to_string(), place.after.to_string());
        if place.rule {
            // Only the rule is seen of it.
            let exact = [("w:before", before.as_str()), ("w:after", &after), ("w:line", "80"), ("w:lineRule", "exact")];
            xml.empty("w:spacing", &exact);
        } else {
            xml.empty("w:spacing", &[("w:before", &before), ("w:after", &after)]);
        }
        let (sides, first) = (place.sides.to_string(), place.first.to_string());
        if place.sides > 0 {
            xml.empty("w:ind", &[("w:left", &sides), ("w:right", &sides)]);
        } else if place.first > 0 {
            xml.empty("w:ind", &[("w:firstLine", &first)]);
        }
        xml.empty("w:jc", &[("w:val", place.align)]);
    });
}

fn run(xml: &mut Xml, look: Look, text: &str) {
    xml.element("w:r", &[], |xml| {
        xml.element("w:rPr", &[], |xml| {
            if look.bold {
                xml.empty("w:b", &[]).empty("w:bCs", &[]);
            }
            if look.italic {
                xml.empty("w:i", &[]).empty("w:iCs", &[]);
            }
            let size = look.size.to_string();
            xml.empty("w:sz", &[("w:val", &size)]).empty("w:szCs", &[("w:val", &size)]);
        });
        xml.element("w:t", &[("xml:space", "preserve")], |xml| {
            xml.text(text);
        });
    });
}

pub fn paragraph(xml: &mut Xml, place: Place<'_>, look: Look, text: &str) {
    xml.element("w:p", &[], |xml| {
        properties(xml, place);
        if !text.is_empty() {
            run(xml, look, text);
        }
    });
}

/// An empty paragraph with a rule over it, `sides` in from both ends.
fn rule(xml: &mut Xml, sides: u32) {
    paragraph(xml, Place { rule: true, sides, ..CENTRED }, TEXT, "");
}

/// Letterhead and title.
fn head(xml: &mut Xml, head: &Head) {
    let widths = [4090, UPRIGHT - 4090];
    let offices = |xml: &mut Xml, column: usize| {
        if column == 0 {
            if !head.superior.is_empty() {
                paragraph(xml, CENTRED, plain(24), &head.superior);
            }
            paragraph(xml, CENTRED, bold(24), &head.office);
            // A third to a half of the line above it.
            rule(xml, 1350);
        } else {
            paragraph(xml, CENTRED, bold(24), &head.nation);
            paragraph(xml, CENTRED, bold(28), &head.motto);
            rule(xml, 1000);
        }
    };
    let numbers = |xml: &mut Xml, column: usize| {
        let below = Place { before: 60, ..CENTRED };
        if column == 0 {
            paragraph(xml, below, plain(26), &head.number);
        } else {
            paragraph(xml, below, italic(28), &head.dated);
        }
    };
    bare_table(xml, &widths, &[&offices, &numbers]);
    paragraph(xml, Place { before: 360, keeps: true, ..CENTRED }, bold(28), &head.kind);
    paragraph(xml, Place { sides: 400, keeps: true, ..CENTRED }, bold(28), &head.subject);
    rule(xml, 3600);
}

/// One piece of the text.
fn write(xml: &mut Xml, block: &Block, images: &[Image], (width, cell): (u32, Look)) {
    match block {
        Block::Part(text) => {
            let place = Place { style: Some("Heading1"), before: 120, keeps: true, ..BODY };
            paragraph(xml, place, bold(28), text);
        }
        Block::Heading(text) => {
            paragraph(xml, Place { style: Some("Heading2"), keeps: true, ..BODY }, bold(28), text);
        }
        Block::Paragraph(text) => paragraph(xml, BODY, TEXT, text),
        Block::Item(text) => paragraph(xml, BODY, TEXT, &format!("- {text}")),
        Block::Table(of) => table(xml, of, width, cell),
        Block::Picture(of, said) => {
            if let Some(index) = images.iter().position(|image| image.picture == *of) {
                picture(xml, (index, &images[index]), said, width);
                paragraph(xml, Place { after: 180, ..CENTRED }, italic(26), said);
            }
        }
    }
}

/// Who gets it on the left, who signs on the right; the place of the signature and the seal stays empty.
fn closing(xml: &mut Xml, closing: &Closing) {
    paragraph(xml, Place { before: 120, keeps: true, ..CENTRED }, plain(12), "");
    let sides = |xml: &mut Xml, column: usize| {
        if column == 0 {
            let left = Place { align: "left", ..CENTRED };
            paragraph(xml, left, Look { italic: true, ..bold(24) }, &closing.heading);
            for line in &closing.recipients {
                paragraph(xml, left, plain(22), line);
            }
            return;
        }
        let signer = &closing.signer;
        if !signer.authority.is_empty() {
            paragraph(xml, CENTRED, bold(28), &signer.authority.to_uppercase());
        }
        paragraph(xml, CENTRED, bold(28), &signer.position.to_uppercase());
        for _ in 0..5 {
            paragraph(xml, CENTRED, TEXT, "");
        }
        paragraph(xml, CENTRED, bold(28), &signer.name);
    };
    bare_table(xml, &[UPRIGHT / 2, UPRIGHT - UPRIGHT / 2], &[&sides]);
}

fn annex(xml: &mut Xml, annex: &Annex, of: &str, begins_page: bool, images: &[Image]) {
    xml.element("w:p", &[], |xml| {
        xml.element("w:pPr", &[], |xml| {
            xml.empty("w:pStyle", &[("w:val", "Heading1")]).empty("w:keepNext", &[]);
            if begins_page {
                xml.empty("w:pageBreakBefore", &[]);
            }
            xml.empty("w:jc", &[("w:val", "center")]);
        });
        run(xml, bold(28), &annex.number);
    });
    paragraph(xml, Place { keeps: true, ..CENTRED }, bold(28), &annex.title);
    paragraph(xml, Place { after: 180, keeps: true, ..CENTRED }, italic(28), of);
    for block in &annex.blocks {
        write(xml, block, images, (ON_ITS_SIDE, SMALL_CELL));
    }
}
