//! Pictures in the text.

use super::{
    Image,
    body::{CENTRED, PAGE, Place, properties},
    parts,
    xml::Xml,
};

/// English Metric Units in a twip.
const EMU: u32 = 635;

/// As wide as the text, and no higher than half a page.
pub fn picture(xml: &mut Xml, (index, image): (usize, &Image), said: &str, width: u32) {
    let most = (width * EMU, PAGE.1 * EMU / 2);
    let (wide, high) = (u64::from(image.size.0.max(1)), u64::from(image.size.1.max(1)));
    let by_width = (u64::from(most.0), u64::from(most.0) * high / wide);
    let (x, y) =
        if by_width.1 > u64::from(most.1) { (u64::from(most.1) * wide / high, u64::from(most.1)) } else { by_width };
    let (x, y) = (x.to_string(), y.to_string());
    let (id, relation) = ((index + 1).to_string(), parts::picture(index));
    xml.element("w:p", &[], |xml| {
        properties(xml, Place { before: 60, keeps: true, ..CENTRED });
        xml.element("w:r", &[], |xml| {
            xml.element("w:drawing", &[], |xml| {
                let gaps = [("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")];
                xml.element("wp:inline", &gaps, |xml| {
                    xml.empty("wp:extent", &[("cx", &x), ("cy", &y)]);
                    xml.empty("wp:docPr", &[("id", &id), ("name", &format!("Hình {id}")), ("descr", said)]);
                    graphic(xml, (&id, &relation), (&x, &y));
                });
            });
        });
    });
}

fn graphic(xml: &mut Xml, (id, relation): (&str, &str), (x, y): (&str, &str)) {
    xml.element("a:graphic", &[], |xml| {
        let of = "http://schemas.openxmlformats.org/drawingml/2006/picture";
        xml.element("a:graphicData", &[("uri", of)], |xml| {
            xml.element("pic:pic", &[], |xml| {
                xml.element("pic:nvPicPr", &[], |xml| {
                    xml.empty("pic:cNvPr", &[("id", id), ("name", &format!("image{id}.png"))]);
                    xml.empty("pic:cNvPicPr", &[]);
                });
                xml.element("pic:blipFill", &[], |xml| {
                    xml.empty("a:blip", &[("r:embed", relation)]);
                    xml.raw("<a:stretch><a:fillRect/></a:stretch>");
                });
                xml.element("pic:spPr", &[], |xml| {
                    xml.element("a:xfrm", &[], |xml| {
                        xml.empty("a:off", &[("x", "0"), ("y", "0")]).empty("a:ext", &[("cx", x), ("cy", y)]);
                    });
                    xml.raw("<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>");
                });
            });
        });
    });
}
