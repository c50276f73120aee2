//! The official report (Báo cáo) in the form of Nghị định 30/2020/NĐ-CP: a consolidated report in, Word, Excel and the
//! pieces of a page out. All of them are made of one [`Paper`], and nothing but the report goes into it, so that the same
//! report is always the same files.

mod annexes;
mod assessment;
mod compose;
mod paper;
mod pictures;
mod results;
mod sheets;
mod words;

pub use compose::compose;
pub use paper::{Align, Annex, Block, Closing, Column, Head, Paper, Picture, Row, RowKind, Table};
pub use pictures::svg;

use super::{DocumentError, docx, workbook};
use crate::domain::{calendar::Instant, consolidated::ConsolidatedReport};

/// What a report is issued with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Its version: 1 is the first of its period.
    pub version: i32,
    /// SHA-256 of its content.
    pub digest: String,
    /// When it was issued.
    pub issued_at: Instant,
}

/// The report as a Word file; without an edition a draft.
pub fn word(report: &ConsolidatedReport, edition: Option<&Edition>) -> Result<Vec<u8>, DocumentError> {
    docx::write(&compose(report, edition), |picture| pictures::png(report, picture))
}

/// The report as a workbook of six sheets.
pub fn excel(report: &ConsolidatedReport, edition: Option<&Edition>) -> Result<Vec<u8>, DocumentError> {
    let made_at = edition.map_or(report.as_of, |edition| edition.issued_at);
    Ok(workbook::of_sheets(&sheets::sheets(report, edition), made_at)?)
}

/// Both files.
pub fn files(report: &ConsolidatedReport, edition: Option<&Edition>) -> Result<(Vec<u8>, Vec<u8>), DocumentError> {
    Ok((word(report, edition)?, excel(report, edition)?))
}
