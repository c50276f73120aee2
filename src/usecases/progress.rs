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
        unit::UnitId,
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
    obliged: Arc<Vec<Obliged>>,
}

impl<'p> Obligations<'p> {
    /// The obligations of a plan below `top`, itself included.
    pub fn read(conn: &mut Conn, plan: &'p StoredPlan, top: UnitId) -> Result<Self> {
        Ok(Self { plan, top, obliged: plans::assignments(conn, plan.id, top)? })
    }

    /// How many units are obliged to report a cohort.
    pub fn count(&self, cohort: &str) -> usize {
        self.obliged.iter().filter(|obliged| obliged.cohort == cohort).count()
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
    let plan = obligations.plan;
    let known = Figures::read(conn, obligations, moment, wanted)?;
    let oldest_fresh = moment.as_of() - chrono::Duration::days(i64::from(plan.every_days(moment.day)));
    let view = |(obliged, fields, target, known): OfObliged<'_, '_>| {
        let figures = fields.iter().filter_map(|field| figure_view(plan, field, known)).collect::<Vec<_>>();
        let as_of = figures.iter().map(|figure| figure.as_of).max();
        UnitProgress {
            unit: UnitRef::from(&obliged.unit),
            standing: judged(fields, target, known),
            section: obliged.section.clone(),
            cohort: obliged.cohort.clone(),
            target,
            is_old: as_of.is_some_and(|at| at < oldest_fresh),
            as_of,
            figures,
        }
    };
    Ok(known.of_everyone(obligations).map(view).collect())
}

/// Where every (unit, cohort) stands that has a target, by unit code: what [`progress`] says of it, without its figures.
pub fn standings<'a>(
    conn: &mut Conn,
    obligations: &'a Obligations<'_>,
    moment: Moment,
) -> Result<Vec<(&'a str, Standing)>> {
    let known = Figures::read(conn, obligations, moment, |field| field.decisive)?;
    let of_everyone = known.of_everyone(obligations).filter(|(_, _, target, _)| target.is_some());
    let standing = |(obliged, fields, target, known): OfObliged<'a, '_>| {
        (obliged.unit.code.as_str(), judged(fields, target, known))
    };
    Ok(of_everyone.map(standing).collect())
}

/// A figure in force: its measure, its value, the time it is true at.
type Known<'a> = (&'a str, Value, Instant);

/// An obligation, the form of its cohort, its target, the figures in force of it.
type OfObliged<'o, 'k> = (&'o Obliged, &'o [Field], Option<u8>, &'k [Known<'k>]);

/// Figures in force of units and cohorts.
struct Figures<'p>(HashMap<(i64, &'p str), Vec<Known<'p>>>);

impl<'p> Figures<'p> {
    fn read(
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

    fn of_everyone<'o: 'k, 'k>(&'k self, obligations: &'o Obligations<'p>) -> impl Iterator<Item = OfObliged<'o, 'k>> {
        let plan = &obligations.plan.plan;
        obligations.obliged.iter().filter_map(move |obliged| {
            let fields = plan.fields(plan.cohort(&obliged.cohort)?);
            let known = self.0.get(&(obliged.unit.id.0, obliged.cohort.as_str())).map_or(&[][..], Vec::as_slice);
            Some((obliged, fields, plan.target(&obliged.section, &obliged.cohort), known))
        })
    }
}

fn judged(fields: &[Field], target: Option<u8>, known: &[Known<'_>]) -> Standing {
    let values = known.iter().map(|(measure, value, _)| (*measure, *value)).collect();
    standing::judge(fields, target, &values)
}

fn figure_view(plan: &StoredPlan, field: &Field, known: &[Known<'_>]) -> Option<FigureView> {
    let (_, value, as_of) = known.iter().find(|(measure, ..)| *measure == field.measure)?;
    // Where there is no hard limit there is no target either: residents may exceed their census.
    let rate = value
        .base
        .map(|base| if field.limit_is_soft { Rate::new(value.count, base) } else { Rate::new(value.counted(), base) });
    Some(FigureView {
        measure: field.measure.clone(),
        name: plan.plan.measure_name(&field.measure),
        count: value.count,
        rate,
        surplus: value.surplus(),
        is_decisive: field.decisive,
        as_of: *as_of,
    })
}
