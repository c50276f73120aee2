//! The seal of a file that was taken in: a hash over its reports in the audit trail, so that not one of its figures can
//! be altered, added or left out unseen, however many there are.

use crate::domain::{calendar::Instant, digest::Digest, standing::Value};

/// A report as the seal reads it.
pub(super) struct Sealed {
    /// Its number.
    pub report: i64,
    /// The row of the file.
    pub row: i32,
    /// Its unit.
    pub unit: i64,
    /// The time its figures are true at.
    pub as_of: Instant,
    /// Its figures, in any order.
    pub figures: Vec<(i64, Value)>,
}

/// SHA-256 over the reports in the order given, each of a fixed number of bytes before its figures.
pub(super) fn seal_of(reports: impl IntoIterator<Item = Sealed>) -> String {
    let mut digest = Digest::new();
    for mut report in reports {
        digest.update(report.report.to_be_bytes());
        digest.update(report.row.to_be_bytes());
        digest.update(report.unit.to_be_bytes());
        digest.update(report.as_of.timestamp_micros().to_be_bytes());
        digest.update((report.figures.len() as u64).to_be_bytes());
        report.figures.sort_by_key(|(indicator, _)| *indicator);
        for (indicator, value) in report.figures {
            digest.update(indicator.to_be_bytes());
            digest.update(value.count.to_be_bytes());
            // No base is not a base of 0.
            digest.update(value.base.unwrap_or(-1).to_be_bytes());
        }
    }
    digest.hex()
}
