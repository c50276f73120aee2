//! What a consolidated report is made of.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::choices::Period;
use crate::domain::{
    calendar::Instant,
    difficulty::{DifficultyState, Matter},
    plan::{CountedOn, Directive},
    rate::Rate,
    standing::Standing,
    tracing::TracingFigure,
    unit::UnitKind,
    zone::Colour,
};

/// The plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanHead {
    /// Code in addresses.
    pub code: String,
    /// Number on the document.
    pub number: String,
    /// Title on the document.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// Date on the document.
    pub issued_on: NaiveDate,
    /// Whether made-up counts are in it.
    pub is_illustrative: bool,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Named {
    /// Official code.
    pub code: String,
    /// Full name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
}

/// Who reported: at all, which is what the figures rest on, and in the period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Bodies with a target.
    pub expected: usize,
    /// Those that reported.
    pub received: usize,
    /// The period by the plan's timetable; none: the report is of other days than a period's.
    pub in_period: Option<InPeriod>,
    /// Those that met their target with every cohort.
    pub met: usize,
    /// Those that have nobody to count.
    pub without_anyone: usize,
    /// Those that did not report: in the period, where the timetable knows it, or else at all.
    pub unreported: Vec<Unreported>,
}

/// What came in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InPeriod {
    /// Units a report is expected of.
    pub expected: i64,
    /// Those that sent one.
    pub received: i64,
    /// Those that sent one on time.
    pub on_time: i64,
    /// Those that sent every required figure.
    pub complete: i64,
}

/// A body that did not report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreported {
    /// The body.
    pub unit: Named,
    /// The clause that obliges it.
    pub section: String,
    /// Whether the clause orders or requests.
    pub directive: Directive,
}

/// What a form asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its name in the plan.
    pub code: String,
    /// Its figures, in order.
    pub fields: Vec<FormField>,
}

/// A figure of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// The measure.
    pub measure: String,
    /// Its name.
    pub name: String,
    /// The measure its rate is taken of.
    pub of: Option<String>,
    /// Whether it decides "met".
    pub is_decisive: bool,
}

/// The totals of a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CohortTotal {
    /// Its code.
    pub code: String,
    /// Who is counted.
    pub name: String,
    /// The same, short.
    pub short: String,
    /// Percent asked; none: never judged.
    pub target: Option<u8>,
    /// The form it is given on.
    pub form: String,
    /// Where it is counted.
    pub counted_on: CountedOn,
    /// Units that reported it.
    pub reported: i64,
    /// Units obliged to.
    pub obliged: i64,
    /// Its measures, in the order of the form.
    pub measures: Vec<Total>,
}

/// The total of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// The measure.
    pub measure: String,
    /// What was counted, surplus included; none: nobody reported it.
    pub count: Option<i64>,
    /// Σ counted ÷ Σ base.
    pub rate: Option<Rate>,
    /// Counted beyond the base.
    pub surplus: i64,
    /// The rate in the report issued before.
    pub before: Option<Rate>,
}

/// A clause that obliges somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseHead {
    /// `III.1`.
    pub section: String,
    /// Order or request.
    pub directive: Directive,
    /// The bodies in the plan's words.
    pub bodies: String,
}

/// How far one unit has come with one cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The unit.
    pub unit: Named,
    /// The commune it lies in or serves; none for bodies of the district.
    pub commune: Option<String>,
    /// The clause that obliges it.
    pub section: String,
    /// The cohort.
    pub cohort: String,
    /// Percent asked.
    pub target: Option<u8>,
    /// Where it stands.
    pub standing: Standing,
    /// Its rank within the cohort, by the first decisive measure.
    pub rank: Option<usize>,
    /// Whether others share the rank.
    pub is_tied: bool,
    /// Its figures; empty when it has not reported.
    pub figures: Vec<Figure>,
    /// The time of its newest figure.
    pub as_of: Option<Instant>,
    /// Whether that is longer ago than the plan's cadence.
    pub is_old: bool,
    /// Where it stood in the report issued before.
    pub before: Option<Before>,
}

/// A figure in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The measure.
    pub measure: String,
    /// What was counted, surplus included.
    pub count: i64,
    /// Counted towards the base, and the base.
    pub rate: Option<Rate>,
}

/// Where a unit stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Its rank.
    pub rank: Option<usize>,
    /// Its rate by the first decisive measure.
    pub rate: Option<Rate>,
}

/// A commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commune {
    /// The commune.
    pub unit: Named,
    /// Its zone; none: unclassified.
    pub zone: Option<Zone>,
    /// Its hamlets that report, by name.
    pub hamlets: Vec<Named>,
    /// Totals of the cohorts counted on its area.
    pub totals: Vec<AreaTotal>,
}

/// What a commune adds up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaTotal {
    /// The cohort.
    pub cohort: String,
    /// Areas that reported.
    pub reported: usize,
    /// Areas obliged to.
    pub obliged: usize,
    /// Its figures.
    pub figures: Vec<Figure>,
}

/// A zone in the words of its scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Colour.
    pub colour: Colour,
    /// Name of the level.
    pub name: String,
    /// Since when.
    pub since: Instant,
    /// Number of the decision.
    pub decision_number: Option<String>,
    /// Who issued it.
    pub decision_issuer: Option<String>,
}

/// The zones of the communes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zones {
    /// Communes.
    pub total: usize,
    /// How many in each colour.
    pub counts: Vec<ColourCount>,
    /// Communes without a decision.
    pub unclassified: usize,
    /// Communes whose zone changed in the last seven days.
    pub changed_this_week: usize,
}

/// Communes of a colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColourCount {
    /// The colour.
    pub colour: Colour,
    /// Communes.
    pub places: usize,
}

/// A document a body issued of its own to carry out the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDocument {
    /// The body.
    pub unit: Named,
    /// Whether it issued one; none: it has not said.
    pub is_issued: Option<bool>,
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
}

/// A tracing figure of the whole place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracingTotal {
    /// Which.
    pub figure: TracingFigure,
    /// The count; none: not reported.
    pub count: Option<i64>,
}

/// A line of the trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendLine {
    /// The cohort.
    pub cohort: String,
    /// Its name.
    pub name: String,
    /// Days with a change, in order.
    pub points: Vec<TrendPoint>,
}

/// A day on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// The day.
    pub day: NaiveDate,
    /// Tenths of a percent.
    pub tenths: Option<i64>,
    /// Whether all obliged units had reported.
    pub is_complete: bool,
}

/// A difficulty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difficulty {
    /// Its number.
    pub id: i64,
    /// Whose it is.
    pub unit: Named,
    /// What it is about.
    pub category: Matter,
    /// Its words.
    pub text: String,
    /// Where it stands.
    pub state: DifficultyState,
    /// What was said of that.
    pub note: String,
}

/// A report issued before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// Its number in the record.
    pub id: i64,
    /// Its period.
    pub period: Period,
    /// Its version.
    pub version: i32,
    /// The instant its figures are as of.
    pub as_of: Instant,
}

impl Line {
    /// The figure of a measure.
    pub fn figure(&self, measure: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.measure == measure)
    }

    /// The rate of a measure.
    pub fn rate(&self, measure: &str) -> Option<Rate> {
        self.figure(measure).and_then(|figure| figure.rate)
    }

    /// People still missing on the decisive measure that lags most.
    pub fn gap(&self, fields: &[FormField]) -> i64 {
        let decisive = fields.iter().filter(|field| field.is_decisive);
        decisive.filter_map(|field| self.rate(&field.measure)).map(Rate::gap).max().unwrap_or(0)
    }
}
