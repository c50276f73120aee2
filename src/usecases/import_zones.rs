//! A file of zone levels into decisions: preview and commit.

use super::{
    import_counts::GivenFile,
    import_report::{FileFault, FileReport, ZoneRow},
};
use crate::{
    domain::{calendar::Instant, names::Gazetteer, zone::Scheme},
    imports::{read::read, register::Register, zones::read_zones},
};

/// What would come of a file of levels of a scheme. Writes nothing.
pub fn preview(gazetteer: &Gazetteer, scheme: &Scheme, file: &GivenFile, now: Instant) -> FileReport<ZoneRow> {
    let book = match read(&file.bytes, &file.limits) {
        Ok(book) => book,
        Err(fault) => return FileReport::refused(&FileFault::from(fault), None),
    };
    let register = Register::new(gazetteer, file.aliases.clone(), false);
    match read_zones(&book, &file.request(None, now), scheme, &register) {
        Ok(rows) => FileReport::read(&book, &rows),
        Err(fault) => FileReport::refused(&FileFault::from(fault), Some(&book)),
    }
}
