//! The consolidated report (báo cáo tổng hợp) as one value: everything its documents show. Frozen when it is issued, so
//! that it can be opened and written again, the same for ever.

pub mod choices;
pub mod compare;
mod parts;

use serde::{Deserialize, Serialize};

pub use parts::*;

use super::{
    calendar::Instant,
    letter::{Letter, Signer},
};
use choices::{Period, Section, Texts};

/// The shape of this value; a later one reads earlier ones.
pub const FORMAT: u32 = 1;

/// A consolidated report. Names are Vietnamese: the report is an official document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsolidatedReport {
    /// [`FORMAT`] when it was made.
    pub format: u32,
    /// The plan it reports on.
    pub plan: PlanHead,
    /// The place it speaks of.
    pub scope: Named,
    /// The period.
    pub period: Period,
    /// The instant its figures are as of.
    pub as_of: Instant,
    /// Letterhead, recipients.
    pub letter: Letter,
    /// Who is to sign.
    pub signer: Signer,
    /// The parts that are in it, in order.
    pub sections: Vec<Section>,
    /// What people wrote.
    pub texts: Texts,
    /// Who reported.
    pub coverage: Coverage,
    /// What forms ask, by name.
    pub forms: Vec<Form>,
    /// Totals, cohort by cohort.
    pub cohorts: Vec<CohortTotal>,
    /// The clauses that oblige somebody here.
    pub clauses: Vec<ClauseHead>,
    /// Every obliged (unit, cohort).
    pub lines: Vec<Line>,
    /// The communes with their hamlets.
    pub communes: Vec<Commune>,
    /// Documents the bodies issued of their own.
    pub documents: Vec<OwnDocument>,
    /// Zones of the communes.
    pub zones: Zones,
    /// Tracing figures of the period; none where nothing was reported.
    pub tracing: Vec<TracingTotal>,
    /// The decisive measure over time, a line a cohort.
    pub trend: Vec<TrendLine>,
    /// Name of that measure.
    pub trend_measure: String,
    /// The difficulties chosen.
    pub difficulties: Vec<Difficulty>,
    /// The report issued last before this one.
    pub previous: Option<Previous>,
}

impl ConsolidatedReport {
    /// Whether a part is in it.
    pub fn has(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    /// The cohort with this code.
    pub fn cohort(&self, code: &str) -> Option<&CohortTotal> {
        self.cohorts.iter().find(|cohort| cohort.code == code)
    }

    /// The figures a cohort's form asks.
    pub fn fields(&self, cohort: &CohortTotal) -> &[FormField] {
        self.forms.iter().find(|form| form.code == cohort.form).map_or(&[], |form| form.fields.as_slice())
    }

    /// Every obliged (unit, cohort) of a cohort.
    pub fn lines_of<'a>(&'a self, cohort: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.cohort == cohort)
    }

    /// The report without what changes by the mere passing of time.
    fn timeless(&self) -> Self {
        let mut report = Self { as_of: Instant::UNIX_EPOCH, ..self.clone() };
        report.lines.iter_mut().for_each(|line| line.is_old = false);
        report
    }

    /// Whether both say the same, apart from the hour they were made at.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.timeless() == other.timeless()
    }
}
