//! The parts beside the text: types, relations, styles, headers, properties.

use chrono::SecondsFormat;

use super::xml::Xml;
use crate::documents::official::Paper;

pub const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
pub const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Relations of the text that are always there; pictures follow.
pub const PAGE_NUMBERS: &str = "rId1";
pub const NO_PAGE_NUMBER: &str = "rId2";
pub const FOOT: &str = "rId3";
pub const NO_FOOT: &str = "rId4";

/// The relation of a picture, from 0.
pub fn picture(index: usize) -> String {
    format!("rId{}", index + 10)
}

/// Every part but the text, its relations and its pictures.
pub fn fixed(paper: &Paper) -> Vec<(&'static str, String)> {
    vec![
        ("[Content_Types].xml", types()),
        ("_rels/.rels", root()),
        ("docProps/core.xml", core(paper)),
        ("word/styles.xml", styles()),
        ("word/settings.xml", settings()),
        ("word/header1.xml", header("w:hdr", page_number)),
        ("word/header2.xml", header("w:hdr", |_| {})),
        ("word/footer1.xml", header("w:ftr", |xml| foot(xml, paper))),
        ("word/footer2.xml", header("w:ftr", |_| {})),
    ]
}

fn types() -> String {
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut xml = Xml::document();
    xml.element("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))], |xml| {
        for (extension, kind) in [
            ("png", "image/png"),
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
        ] {
            xml.empty("Default", &[("Extension", extension), ("ContentType", kind)]);
        }
        for (part, kind) in [
            ("/word/document.xml", "document.main"),
            ("/word/styles.xml", "styles"),
            ("/word/settings.xml", "settings"),
            ("/word/header1.xml", "header"),
            ("/word/header2.xml", "header"),
            ("/word/footer1.xml", "footer"),
            ("/word/footer2.xml", "footer"),
        ] {
            xml.empty("Override", &[("PartName", part), ("ContentType", &format!("{word}.{kind}+xml"))]);
        }
        let core = "application/vnd.openxmlformats-package.core-properties+xml";
        xml.empty("Override", &[("PartName", "/docProps/core.xml"), ("ContentType", core)]);
    });
    xml.finish()
}

fn relation(xml: &mut Xml, id: &str, kind: &str, target: &str) {
    xml.empty("Relationship", &[("Id", id), ("Type", kind), ("Target", target)]);
}

fn root() -> String {
    let mut xml = Xml::document();
    xml.element("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))], |xml| {
        relation(xml, "rId1", &format!("{RELATIONS}/officeDocument"), "word/document.xml");
        let core = format!("{PACKAGE}/relationships/metadata/core-properties");
        relation(xml, "rId2", &core, "docProps/core.xml");
    });
    xml.finish()
}

/// The relations of the text.
pub fn relations(pictures: usize) -> String {
    let mut xml = Xml::document();
    xml.element("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))], |xml| {
        for (id, kind, target) in [
            (PAGE_NUMBERS, "header", "header1.xml"),
            (NO_PAGE_NUMBER, "header", "header2.xml"),
            (FOOT, "footer", "footer1.xml"),
            (NO_FOOT, "footer", "footer2.xml"),
            ("rId5", "styles", "styles.xml"),
            ("rId6", "settings", "settings.xml"),
        ] {
            relation(xml, id, &format!("{RELATIONS}/{kind}"), target);
        }
        for index in 0..pictures {
            let target = format!("media/image{}.png", index + 1);
            relation(xml, &picture(index), &format!("{RELATIONS}/image"), &target);
        }
    });
    xml.finish()
}

fn core(paper: &Paper) -> String {
    let made_at = paper.made_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut xml = Xml::document();
    let spaces = [
        ("xmlns:cp", format!("{PACKAGE}/metadata/core-properties")),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/".to_owned()),
        ("xmlns:dcterms", "http://purl.org/dc/terms/".to_owned()),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance".to_owned()),
    ];
    let spaces: Vec<(&str, &str)> = spaces.iter().map(|(name, value)| (*name, value.as_str())).collect();
    xml.element("cp:coreProperties", &spaces, |xml| {
        xml.element("dc:title", &[], |xml| {
            xml.text(&paper.head.subject);
        });
        xml.element("dc:creator", &[], |xml| {
            xml.text(&paper.head.office);
        });
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.element(name, &[("xsi:type", "dcterms:W3CDTF")], |xml| {
                xml.text(&made_at);
            });
        }
    });
    xml.finish()
}

/// Times New Roman in every slot, 14 points, and nothing else: the text says the rest itself.
fn styles() -> String {
    let mut xml = Xml::document();
    xml.element("w:styles", &[("xmlns:w", MAIN)], |xml| {
        xml.element("w:docDefaults", &[], |xml| {
            xml.element("w:rPrDefault", &[], |xml| {
                xml.element("w:rPr", &[], |xml| {
                    let family = "Times New Roman";
                    xml.empty(
                        "w:rFonts",
                        &[("w:ascii", family), ("w:hAnsi", family), ("w:eastAsia", family), ("w:cs", family)],
                    );
                    xml.empty("w:color", &[("w:val", "000000")]);
                    xml.empty("w:sz", &[("w:val", "28")]).empty("w:szCs", &[("w:val", "28")]);
                    xml.empty("w:lang", &[("w:val", "vi-VN"), ("w:eastAsia", "vi-VN"), ("w:bidi", "ar-SA")]);
                });
            });
            xml.element("w:pPrDefault", &[], |xml| {
                xml.element("w:pPr", &[], |xml| {
                    xml.empty(
                        "w:spacing",
                        &[("w:before", "0"), ("w:after", "0"), ("w:line", "240"), ("w:lineRule", "auto")],
                    );
                });
            });
        });
        let style = |xml: &mut Xml, id: &str, name: &str, kind: &str, level: Option<&str>| {
            xml.element(
                "w:style",
                &[("w:type", kind), ("w:default", if level.is_some() { "0" } else { "1" }), ("w:styleId", id)],
                |xml| {
                    xml.empty("w:name", &[("w:val", name)]);
                    if let Some(level) = level {
                        xml.empty("w:basedOn", &[("w:val", "Normal")]).empty("w:next", &[("w:val", "Normal")]);
                        xml.empty("w:qFormat", &[]);
                        xml.element("w:pPr", &[], |xml| {
                            xml.empty("w:keepNext", &[]).empty("w:outlineLvl", &[("w:val", level)]);
                        });
                    } else if kind == "paragraph" {
                        xml.empty("w:qFormat", &[]);
                    }
                },
            );
        };
        style(xml, "Normal", "Normal", "paragraph", None);
        style(xml, "Heading1", "heading 1", "paragraph", Some("0"));
        style(xml, "Heading2", "heading 2", "paragraph", Some("1"));
        style(xml, "TableNormal", "Normal Table", "table", None);
    });
    xml.finish()
}

fn settings() -> String {
    let mut xml = Xml::document();
    xml.element("w:settings", &[("xmlns:w", MAIN)], |xml| {
        xml.empty("w:zoom", &[("w:percent", "100")]);
        xml.empty("w:defaultTabStop", &[("w:val", "720")]);
        xml.element("w:compat", &[], |xml| {
            // Word 2013 and later; without it Word opens the file in a mode for older ones.
            let of = "http://schemas.microsoft.com/office/word";
            xml.empty("w:compatSetting", &[("w:name", "compatibilityMode"), ("w:uri", of), ("w:val", "15")]);
        });
    });
    xml.finish()
}

fn header(name: &str, inside: impl FnOnce(&mut Xml)) -> String {
    let mut xml = Xml::document();
    xml.element(name, &[("xmlns:w", MAIN)], |xml| {
        xml.element("w:p", &[], inside);
    });
    xml.finish()
}

/// Arabic, centred in the top margin (Nghị định 30/2020/NĐ-CP, Phụ lục I).
fn page_number(xml: &mut Xml) {
    xml.element("w:pPr", &[], |xml| {
        xml.empty("w:jc", &[("w:val", "center")]);
    });
    for (kind, text) in [("begin", ""), ("", " PAGE "), ("separate", ""), ("2", ""), ("end", "")] {
        xml.element("w:r", &[], |xml| {
            xml.element("w:rPr", &[], |xml| {
                xml.empty("w:sz", &[("w:val", "26")]).empty("w:szCs", &[("w:val", "26")]);
            });
            match kind {
                "" => xml.element("w:instrText", &[("xml:space", "preserve")], |xml| {
                    xml.text(text);
                }),
                "2" => xml.element("w:t", &[], |xml| {
                    xml.text("2");
                }),
                kind => xml.empty("w:fldChar", &[("w:fldCharType", kind)]),
            };
        });
    }
}

fn foot(xml: &mut Xml, paper: &Paper) {
    xml.element("w:r", &[], |xml| {
        xml.element("w:rPr", &[], |xml| {
            xml.empty("w:i", &[]).empty("w:iCs", &[]);
            xml.empty("w:sz", &[("w:val", "18")]).empty("w:szCs", &[("w:val", "18")]);
        });
        xml.element("w:t", &[("xml:space", "preserve")], |xml| {
            xml.text(&paper.foot);
        });
    });
}
