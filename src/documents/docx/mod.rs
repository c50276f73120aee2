//! A Word file (Office Open XML, ECMA-376) of an official report: parts of XML in an archive. Written here rather than by a
//! library, so that header rows repeat and the same report is always the same bytes.

mod body;
mod parts;
mod picture;
mod table;
mod xml;

use std::io::{Cursor, Write};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    DocumentError,
    official::{Block, Paper, Picture},
};
use crate::charts::ChartError;

/// A picture of the document: its bytes and its size in pixels.
struct Image {
    picture: Picture,
    png: Vec<u8>,
    size: (u32, u32),
}

/// Width and height from the header of a PNG.
fn size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
    Some((number(16)?, number(20)?))
}

/// The paper as a file; `draw` gives the pictures it names, or nothing where there is nothing to draw.
pub fn write(
    paper: &Paper,
    draw: impl Fn(Picture) -> Option<Result<Vec<u8>, ChartError>>,
) -> Result<Vec<u8>, DocumentError> {
    let mut images: Vec<Image> = Vec::new();
    let blocks = paper.blocks.iter().chain(paper.annexes.iter().flat_map(|annex| &annex.blocks));
    for block in blocks {
        let Block::Picture(picture, _) = block else { continue };
        let Some(png) = draw(*picture).transpose()? else { continue };
        if let Some(size) = size(&png) {
            images.push(Image { picture: *picture, png, size });
        }
    }
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    // The first moment an archive knows: the time of making would make every file another.
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let packed = options.compression_method(CompressionMethod::Deflated);
    for (name, content) in parts::fixed(paper) {
        file.start_file(name, packed)?;
        file.write_all(content.as_bytes())?;
    }
    file.start_file("word/_rels/document.xml.rels", packed)?;
    file.write_all(parts::relations(images.len()).as_bytes())?;
    file.start_file("word/document.xml", packed)?;
    file.write_all(body::document(paper, &images).as_bytes())?;
    for (i, image) in images.iter().enumerate() {
        // A PNG is packed already.
        file.start_file(
            format!("word/media/image{}.png", i + 1),
            options.compression_method(CompressionMethod::Stored),
        )?;
        file.write_all(&image.png)?;
    }
    Ok(file.finish()?.into_inner())
}
