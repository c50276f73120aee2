//! The figures of the units of a file as they stand, row after row: what stood before each, and what each changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Effect, Row, WeighedRow, Why, cohorts_of, count_of, measure_of};
use crate::{
    domain::{
        calendar::{self, Instant},
        ledger::{self, Around},
        number::Given,
        report::{self, Fault, Rule, Warning},
        standing::Value,
        unit::UnitId,
    },
    imports::{
        columns::Count,
        verdict::{Detail, Reason},
    },
    store::{Conn, plans::StoredPlan, reports},
    usecases::Result,
};

/// One indicator of a unit: its figures in the order of their times, and the time of the newest that is recorded.
pub(super) struct Series {
    indicator: i64,
    figures: Vec<(Instant, Value)>,
    newest: Option<Instant>,
}

/// The figures of a unit as they stand, growing with each row.
pub(super) type History = Vec<Series>;

/// What the rows of the units are weighed against.
pub(super) struct Scale<'p> {
    /// The few series of each unit that has figures.
    known: HashMap<UnitId, History>,
    /// What each cohort's rows can say.
    asked: BTreeMap<&'p str, Vec<Asked<'p>>>,
}

/// A count that a cohort's form has: as a file calls it, its measure, its indicator.
type Asked<'p> = (Count, &'p str, i64);

impl<'p> Scale<'p> {
    /// The figures in force of the units, and the whole history of those that have a row behind them. The rows of a unit
    /// are in the order of their moments.
    pub(super) fn new(
        conn: &mut Conn,
        plan: &'p StoredPlan,
        by_unit: &BTreeMap<UnitId, Vec<&Row<'p>>>,
    ) -> Result<Self> {
        let cohorts = cohorts_of(by_unit.values().flatten().copied());
        let mut asked = BTreeMap::new();
        for (code, cohort) in &cohorts {
            let counts = Count::ALL.iter().filter_map(|count| Some((*count, measure_of(&plan.plan, cohort, *count)?)));
            let counts = counts.map(|(count, measure)| Ok((count, measure, plan.indicator(code, measure)?)));
            asked.insert(*code, counts.collect::<Result<Vec<_>>>()?);
        }
        let indicators: Vec<i64> = cohorts.into_keys().flat_map(|cohort| plan.indicators_of(cohort)).collect();
        let ids: Vec<UnitId> = by_unit.keys().copied().collect();
        let mut known: HashMap<UnitId, History> = HashMap::with_capacity(ids.len());
        let mut older = BTreeSet::new();
        for figure in reports::in_force_of(conn, &indicators, &ids)? {
            let (unit, at) = (UnitId(figure.unit_id), figure.as_of());
            if by_unit.get(&unit).and_then(|rows| rows.first()).is_some_and(|first| first.as_of < at) {
                older.insert(unit);
            }
            let figures = vec![(at, figure.value())];
            let series = Series { indicator: figure.indicator_id, figures, newest: Some(at) };
            known.entry(unit).or_default().push(series);
        }
        // Rows behind what is in force: only then the whole history matters.
        for unit in &older {
            known.entry(*unit).or_default().iter_mut().for_each(|series| series.figures.clear());
        }
        for figure in reports::figures_of(conn, &indicators, &older.into_iter().collect::<Vec<_>>())? {
            let history = known.entry(UnitId(figure.unit_id)).or_default();
            Series::of(history, figure.indicator_id).insert(figure.as_of(), figure.value());
        }
        Ok(Self { known, asked })
    }

    /// What stands of a unit before its first row: it is given once.
    pub(super) fn history_of(&mut self, unit: UnitId) -> History {
        self.known.remove(&unit).unwrap_or_default()
    }

    /// What a row does, and what is odd about it; the next row of its unit stands on it.
    pub(super) fn weigh(
        &self,
        plan: &StoredPlan,
        history: &mut History,
        row: &Row<'_>,
        now: Instant,
    ) -> std::result::Result<(WeighedRow, Vec<Warning>), Why> {
        if let Some(fault) = report::check_as_of(&plan.plan, row.as_of, now) {
            return Err((Reason::Date, Detail::Given(fault.given)));
        }
        let mut given: BTreeMap<&str, Given> = BTreeMap::new();
        let mut before: BTreeMap<&str, Value> = BTreeMap::new();
        let asked = self.asked.get(row.cohort.code.as_str()).map(Vec::as_slice).unwrap_or_default();
        for (count, value) in row.given.value.reported() {
            let Some((_, measure, indicator)) = asked.iter().copied().find(|(of, ..)| *of == count) else { continue };
            if let Some((_, value)) = Series::of(history, indicator).before(row.as_of) {
                before.insert(measure, value);
            }
            given.insert(measure, Given::Whole(value));
        }
        let checked = report::check_given(&plan.plan, row.cohort, &given, &before);
        if let Some(fault) = checked.faults.first() {
            return Err(said(fault));
        }
        let indicator =
            |measure: &str| asked.iter().find(|(_, of, _)| *of == measure).map(|(.., indicator)| *indicator);
        let values = checked.values.iter().filter_map(|(measure, value)| Some((indicator(measure)?, *value))).collect();
        Ok((record(history, row, values), checked.warnings))
    }
}

impl Series {
    /// The series of an indicator among those of a unit; a new one where there is none.
    fn of(history: &mut History, indicator: i64) -> &mut Self {
        let known = history.iter().position(|series| series.indicator == indicator);
        let at = known.unwrap_or_else(|| {
            history.push(Self { indicator, figures: Vec::new(), newest: None });
            history.len() - 1
        });
        &mut history[at]
    }

    fn before(&self, as_of: Instant) -> Option<(Instant, Value)> {
        self.figures.get(self.figures.partition_point(|(at, _)| *at <= as_of).checked_sub(1)?).copied()
    }

    fn around(&self, as_of: Instant) -> Around {
        let end = calendar::end_of(calendar::day(as_of));
        let at_end = self.figures.partition_point(|(at, _)| *at < end);
        Around {
            current: at_end.checked_sub(1).and_then(|at| self.figures.get(at)).copied(),
            next_day: self.figures.get(at_end).map(|(at, _)| calendar::day(*at)),
        }
    }

    /// After those of the same moment: recorded last.
    fn insert(&mut self, as_of: Instant, value: Value) {
        let place = self.figures.partition_point(|(at, _)| *at <= as_of);
        self.figures.insert(place, (as_of, value));
    }
}

/// What the figures of a row do to the series of its unit, which then hold them.
fn record(history: &mut History, row: &Row<'_>, values: Vec<(i64, Value)>) -> WeighedRow {
    let as_of = row.as_of;
    let (mut is_unchanged, mut is_changed) = (true, false);
    let mut in_force = Vec::with_capacity(values.len());
    for (indicator, value) in &values {
        let series = Series::of(history, *indicator);
        let stood = series.before(as_of);
        is_unchanged &= stood.is_some_and(|(at, old)| calendar::day(at) == calendar::day(as_of) && old == *value);
        is_changed |= stood.is_some_and(|(_, old)| old != *value);
        in_force.push(series.newest.is_none_or(|newest| newest <= as_of));
    }
    let effect = match (is_unchanged, in_force.contains(&false), is_changed) {
        (true, ..) => Effect::Unchanged,
        (_, true, _) => Effect::Older,
        (.., true) => Effect::Changed,
        _ => Effect::New,
    };
    let mut changes = Vec::new();
    for (indicator, value) in values.iter().filter(|_| effect != Effect::Unchanged) {
        let series = Series::of(history, *indicator);
        changes.extend(ledger::changes(as_of, *value, series.around(as_of)).into_iter().map(|by| (*indicator, by)));
        series.insert(as_of, *value);
        series.newest = series.newest.max(Some(as_of));
    }
    WeighedRow { row: row.given.row, unit: row.unit, as_of, effect, values, in_force, changes }
}

/// A fault of a figure as a reason of a file.
fn said(fault: &Fault) -> Why {
    let reason = match fault.rule {
        Rule::AboveLimit => Reason::AboveTotal,
        Rule::Required => Reason::Missing,
        _ => Reason::NotACount,
    };
    let detail = match (fault.given.parse(), fault.limit_name.as_deref(), fault.limit) {
        (Ok(given), Some(limit_name), Some(limit)) => {
            Detail::Above(count_of(&fault.field), given, count_of(limit_name), limit)
        }
        _ => Detail::Cell(count_of(&fault.field), fault.given.clone()),
    };
    (reason, detail)
}
