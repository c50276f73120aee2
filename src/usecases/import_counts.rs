//! A file of counts into reports: preview and commit.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    Result,
    import_report::{CountRow, FileFault, FileReport},
};
use crate::{
    domain::{
        calendar::{self, Instant},
        names::Gazetteer,
    },
    imports::{
        counts::{Counts, Recognised, read_counts},
        grid::Book,
        header::Mapping,
        read::{Limits, read},
        register::Register,
        table::Request,
    },
    store::plans::StoredPlan,
};

/// The first day of any campaign.
const EARLIEST: Option<NaiveDate> = NaiveDate::from_ymd_opt(2020, 1, 1);

/// A file and what is asked of it.
#[derive(Debug, Clone)]
pub struct GivenFile {
    /// Its name; nothing is concluded from it.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// How large it may be.
    pub limits: Limits,
    /// Code of the place whose units the rows are; the whole country without it.
    pub scope: Option<String>,
    /// The cohort, or what several begin with: `staff` for `staff_a` to `staff_d`.
    pub cohort: String,
    /// The day the figures are true at, where neither a column nor a title says it.
    pub as_of: Option<NaiveDate>,
    /// The sheet meant, where there are several.
    pub sheet: Option<String>,
    /// What somebody said of columns.
    pub mapping: Mapping,
    /// Names that somebody has confirmed, by their key, with the code of the unit.
    pub aliases: HashMap<String, String>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFile<T> {
    /// Its sheets.
    pub book: Book,
    /// Its rows.
    pub rows: Recognised<T>,
}

impl GivenFile {
    /// What recognition is asked, on a day.
    pub(super) fn request(&self, plan_starts: Option<NaiveDate>, now: Instant) -> Request {
        Request {
            sheet: self.sheet.clone(),
            scope: self.scope.clone(),
            as_of: self.as_of,
            earliest: plan_starts.max(EARLIEST).unwrap_or_default(),
            today: calendar::day(now),
            mapping: self.mapping.clone(),
        }
    }
}

/// Reads a file: pure, nothing is written and nothing of the figures recorded so far is looked at.
pub fn read_file(
    gazetteer: &Gazetteer,
    plan: &StoredPlan,
    file: &GivenFile,
    now: Instant,
) -> std::result::Result<ReadFile<Counts>, FileFault> {
    let book = read(&file.bytes, &file.limits)?;
    let counts_bodies = plan.plan.cohorts.iter().any(|cohort| {
        is_meant(&file.cohort, &cohort.code) && cohort.counted_on == crate::domain::plan::CountedOn::Body
    });
    let register = Register::new(gazetteer, file.aliases.clone(), counts_bodies);
    let rows = read_counts(&book, &file.request(Some(plan.plan.starts_on), now), &register)?;
    Ok(ReadFile { book, rows })
}

/// Whether a cohort is the one asked for: itself, or one of those whose name goes on.
pub(super) fn is_meant(asked: &str, cohort: &str) -> bool {
    cohort.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// What would come of a file. Writes nothing.
pub fn preview(
    gazetteer: &Gazetteer,
    plan: &StoredPlan,
    file: &GivenFile,
    now: Instant,
) -> Result<FileReport<CountRow>> {
    Ok(match read_file(gazetteer, plan, file, now) {
        Ok(ReadFile { book, rows }) => FileReport::read(&book, &rows),
        Err(fault) => FileReport::refused(&fault, None),
    })
}
