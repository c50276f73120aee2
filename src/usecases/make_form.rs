//! A blank form for a spreadsheet, with the units somebody reports and last time's figures.

use super::enter_figures::{EntryField, EntrySheet};
use super::import_counts::is_meant;
use crate::domain::plan::Words;

/// What a form asks of a set of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankForm {
    /// What is counted, in the plan's order: a column each.
    pub counts: Vec<Words>,
    /// A row for each unit: code, name, last time's figures.
    pub rows: Vec<(String, String, Vec<Option<i64>>)>,
}

/// The form of a cohort, or of those whose names begin alike (`staff` for `staff_a` to `staff_d`), out of all that the
/// actor may report. Without a row where the actor reports no such cohort.
pub fn make_form(sheet: &EntrySheet, cohort: &str) -> BlankForm {
    let sections: Vec<_> = sheet
        .bodies
        .iter()
        .chain(&sheet.areas)
        .flat_map(|form| form.sections.iter().map(move |section| (&form.unit, section)))
        .filter(|(_, section)| is_meant(cohort, &section.cohort.code))
        .collect();
    let mut counts: Vec<&EntryField> = Vec::new();
    for field in sections.iter().flat_map(|(_, section)| &section.fields) {
        if counts.iter().all(|known| known.measure != field.measure) {
            counts.push(field);
        }
    }
    let last = |fields: &[EntryField], measure: &str| fields.iter().find(|field| field.measure == measure)?.previous;
    let row = |unit: &super::UnitRef, fields: &[EntryField]| {
        let figures = counts.iter().map(|count| last(fields, &count.measure)).collect();
        (unit.code.clone(), unit.name.clone(), figures)
    };
    BlankForm {
        rows: sections.iter().map(|(unit, section)| row(unit, &section.fields)).collect(),
        counts: counts.iter().map(|field| field.name.clone()).collect(),
    }
}
