//! How far every obliged unit below a place has come: what overview, league and unit page are made of.

use std::{collections::HashMap, sync::Arc};

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{Result, UnitRef};
use crate::{
    domain::{
        calendar::{self, Instant},
        plan::{Cohort, Field, Words},
        rate::Rate,
        standing::{self, Standing, Value},
        unit::{Unit, UnitId},
    },
    store::{
        Conn,
        plans::{self, Obliged, StoredPlan},
        reports::{self, InForce},
    },
};

/// When a view speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day asked for.
    pub day: NaiveDate,
    /// The time on the wall when it was asked.
    pub now: Instant,
}

impl Moment {
    /// Today, or an earlier day; a day to come is today.
    pub fn new(day: Option<NaiveDate>, now: Instant) -> Self {
        let today = calendar::day(now);
        Self { day: day.map_or(today, |day| day.min(today)), now }
    }

    /// Whether it is today.
    pub fn is_today(self) -> bool {
        self.day == calendar::day(self.now)
    }

    /// The end of the day, or nothing for today: everything recorded so far.
    pub fn until(self) -> Option<Instant> {
        (!self.is_today()).then(|| calendar::end_of(self.day))
    }

    /// The instant views say they are "as of".
    pub fn as_of(self) -> Instant {
        self.until().map_or(self.now, |end| end - chrono::Duration::minutes(1))
    }

    /// The figures in force then of these indicators of every unit below `top`.
    pub(super) fn figures(self, conn: &mut Conn, indicators: &[i64], top: UnitId) -> Result<Vec<InForce>> {
        Ok(match self.until() {
            None => reports::in_force(conn, indicators, top)?,
            Some(until) => reports::in_force_before(conn, indicators, top, until, self.now)?,
        })
    }

    /// The same a week earlier, for "so với tuần trước".
    #[must_use]
    pub fn week_before(self) -> Self {
        Self { day: self.day - Days::new(7), now: self.now }
    }
}

/// A plan as views name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PlanRef {
    /// Code in addresses.
    pub code: String,
    /// Number on the document.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Whether made-up counts are in it: then every page and file says so.
    pub is_illustrative: bool,
    /// The words it is said with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
}

/// What every page and file with made-up counts says, in every language: the words people look for.
pub const ILLUSTRATIVE: &str = "Số liệu minh họa";

impl From<&StoredPlan> for PlanRef {
    fn from(stored: &StoredPlan) -> Self {
        Self {
            code: stored.plan.code.clone(),
            number: stored.plan.number.clone(),
            issuer: stored.plan.issuer.clone(),
            is_illustrative: stored.is_illustrative,
            notice: stored.is_illustrative.then_some(ILLUSTRATIVE),
        }
    }
}

/// A cohort as views name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CohortRef {
    /// Its code.
    pub code: String,
    /// Who is counted.
    pub name: Words,
    /// The same, short enough for a chart.
    pub short: Words,
    /// Percent asked of it anywhere in the plan; none: never judged.
    pub target: Option<u8>,
}

impl CohortRef {
    /// A plan's cohort. Its target is the plan's: no two clauses ask different shares of one cohort.
    pub fn of(plan: &StoredPlan, cohort: &Cohort) -> Self {
        let asked = plan.plan.clauses.iter().flat_map(|clause| &clause.asks).find(|asked| asked.cohort == cohort.code);
        Self {
            code: cohort.code.clone(),
            name: cohort.name.clone(),
            short: cohort.short.clone(),
            target: asked.and_then(|asked| asked.target),
        }
    }
}

/// A unit's figure in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FigureView {
    /// Measure code.
    pub measure: String,
    /// Its name.
    pub name: Words,
    /// What was counted, surplus included.
    pub count: i64,
    /// Counted towards the base, and the base; none for figures without a rate.
    pub rate: Option<Rate>,
    /// How far the count goes beyond its base.
    pub surplus: i64,
    /// Whether it decides "met".
    pub is_decisive: bool,
    /// The time it is true at.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
}

/// How far one unit has come with one cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnitProgress {
    /// The unit.
    pub unit: UnitRef,
    /// The clause that obliges it.
    pub section: String,
    /// Cohort code.
    pub cohort: String,
    /// Percent asked.
    pub target: Option<u8>,
    /// Where it stands.
    pub standing: Standing,
    /// Its figures, in the order of the form; empty when it has not reported.
    pub figures: Vec<FigureView>,
    /// The time of its newest figure.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Instant>,
    /// Whether that is longer ago than the plan's cadence.
    pub is_old: bool,
}

impl UnitProgress {
    /// The figure of a measure.
    pub fn figure(&self, measure: &str) -> Option<&FigureView> {
        self.figures.iter().find(|figure| figure.measure == measure)
    }

    /// The rate of a measure.
    pub fn rate(&self, measure: &str) -> Option<Rate> {
        self.figure(measure).and_then(|figure| figure.rate)
    }

    /// People still missing on the decisive measure that lags most.
    pub fn gap(&self) -> i64 {
        self.figures.iter().filter(|f| f.is_decisive).filter_map(|f| f.rate).map(Rate::gap).max().unwrap_or(0)
    }
}

/// Who is obliged to what below a place: read once for everything a view says of it.
pub struct Obligations<'p> {
    /// The plan.
    pub plan: &'p StoredPlan,
    /// The top of what is looked at.
    pub top: UnitId,
    obliged: Arc<Vec<Arc<Obliged>>>,
}

impl<'p> Obligations<'p> {
    /// The obligations of a plan below `top`, itself included.
    pub fn read(conn: &mut Conn, plan: &'p StoredPlan, top: UnitId) -> Result<Self> {
        Ok(Self { plan, top, obliged: plans::obliged(conn, plan.id, top)? })
    }

    /// How many units are obliged to report a cohort.
    pub fn count(&self, cohort: &str) -> i64 {
        self.each().map(|(.., of)| i64::from(of == cohort)).sum()
    }

    /// Each unit with each section and cohort of its obligations.
    fn each(&self) -> impl Iterator<Item = Obligation<'_>> {
        self.obliged.iter().flat_map(|of| of.each())
    }
}

/// Every obliged (unit, cohort), by unit code, with the figures of the fields that are `wanted`: one query, however
/// many units.
pub fn progress(
    conn: &mut Conn,
    obligations: &Obligations<'_>,
    moment: Moment,
    wanted: impl Fn(&Field) -> bool,
) -> Result<Vec<UnitProgress>> {
    let figures = Figures::read(conn, obligations, moment, wanted)?;
    Ok(figures.judged(obligations).map(|judged| judged.progress(obligations.plan, moment)).collect())
}

/// A figure in force: its measure, its value, the time it is true at.
type Known<'a> = (&'a str, Value, Instant);

/// A unit, the section and the cohort of an obligation of it.
type Obligation<'o> = (&'o Unit, &'o str, &'o str);

/// Figures in force of units and cohorts.
pub(super) struct Figures<'p>(HashMap<(i64, &'p str), Vec<Known<'p>>>);

impl<'p> Figures<'p> {
    /// Those of the fields that are `wanted`, of everyone obliged.
    pub(super) fn read(
        conn: &mut Conn,
        obligations: &Obligations<'p>,
        moment: Moment,
        wanted: impl Fn(&Field) -> bool,
    ) -> Result<Self> {
        let plan = obligations.plan;
        let names = plan.names();
        let indicators = plan
            .plan
            .indicators()
            .filter(|(_, field)| wanted(field))
            .map(|(cohort, field)| plan.indicator(&cohort.code, &field.measure))
            .collect::<std::result::Result<Vec<i64>, _>>()?;
        let mut known: HashMap<(i64, &str), Vec<Known<'_>>> = HashMap::new();
        for figure in moment.figures(conn, &indicators, obligations.top)? {
            if let Some((cohort, measure)) = names.get(&figure.indicator_id) {
                known.entry((figure.unit_id, cohort)).or_default().push((measure, figure.value(), figure.as_of()));
            }
        }
        Ok(Self(known))
    }

    /// Where every obliged (unit, cohort) stands, by unit code.
    pub(super) fn judged<'o: 'k, 'k>(
        &'k self,
        obligations: &'o Obligations<'p>,
    ) -> impl Iterator<Item = Judged<'o, 'k>> {
        let plan = &obligations.plan.plan;
        obligations.each().filter_map(move |(unit, section, cohort)| {
            let fields = plan.fields(plan.cohort(cohort)?);
            let target = plan.target(section, cohort);
            let known = self.0.get(&(unit.id.0, cohort)).map_or(&[][..], Vec::as_slice);
            let values = known.iter().map(|(measure, value, _)| (*measure, *value)).collect();
            let standing = standing::judge(fields, target, &values);
            Some(Judged { unit, target, standing, section, cohort, fields, known })
        })
    }
}

/// Where a unit stands with one cohort: what a view counts before it shows any.
pub(super) struct Judged<'o, 'k> {
    pub unit: &'o Unit,
    pub target: Option<u8>,
    pub standing: Standing,
    section: &'o str,
    cohort: &'o str,
    fields: &'o [Field],
    known: &'k [Known<'k>],
}

impl Judged<'_, '_> {
    /// People still missing on the decisive measure that lags most.
    pub(super) fn gap(&self) -> i64 {
        let decisive = self.fields.iter().filter(|field| field.decisive);
        decisive.filter_map(|field| rate(field, self.figure(field)?.1)).map(Rate::gap).max().unwrap_or(0)
    }

    fn figure(&self, field: &Field) -> Option<&Known<'_>> {
        self.known.iter().find(|(measure, ..)| *measure == field.measure)
    }

    /// The same with its figures, as views show it.
    pub(super) fn progress(&self, plan: &StoredPlan, moment: Moment) -> UnitProgress {
        let view = |field| Some(figure_view(plan, field, self.figure(field)?));
        let figures: Vec<FigureView> = self.fields.iter().filter_map(view).collect();
        let as_of = figures.iter().map(|figure| figure.as_of).max();
        let oldest_fresh = moment.as_of() - chrono::Duration::days(i64::from(plan.every_days(moment.day)));
        UnitProgress {
            unit: UnitRef::from(self.unit),
            section: self.section.to_owned(),
            cohort: self.cohort.to_owned(),
            target: self.target,
            standing: self.standing,
            is_old: as_of.is_some_and(|at| at < oldest_fresh),
            as_of,
            figures,
        }
    }
}

/// The rate of a figure. Where there is no hard limit there is no target either: residents may exceed their census.
fn rate(field: &Field, value: Value) -> Option<Rate> {
    let base = value.base?;
    Some(if field.limit_is_soft { Rate::new(value.count, base) } else { Rate::new(value.counted(), base) })
}

fn figure_view(plan: &StoredPlan, field: &Field, (_, value, as_of): &Known<'_>) -> FigureView {
    FigureView {
        measure: field.measure.clone(),
        name: plan.plan.measure_name(&field.measure),
        count: value.count,
        rate: rate(field, *value),
        surplus: value.surplus(),
        is_decisive: field.decisive,
        as_of: *as_of,
    }
}
