//! The figures of the units of a file as they stand, row after row: what stood before each, and what each changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Effect, Row, Target, WeighedRow, as_of, count_of, measure_of};
use crate::{
    domain::{
        calendar::{self, Instant},
        ledger::{self, Around},
        number::Given,
        plan::Cohort,
        report::{self, Fault, Rule, Warning},
        standing::Value,
        unit::UnitId,
    },
    imports::{
        columns::Count,
        counts::Counts,
        verdict::{Accepted, Detail, Reason},
    },
    store::{Conn, plans::StoredPlan, reports},
    usecases::Result,
};

type Series = HashMap<(UnitId, i64), Vec<(Instant, Value)>>;

/// The figures of the units as they stand, growing with each row.
pub(super) struct Scale<'p> {
    series: Series,
    newest: HashMap<(UnitId, i64), Instant>,
    /// What each cohort's rows can say.
    asked: BTreeMap<&'p str, Vec<Asked<'p>>>,
}

/// A count that a cohort's form has: as a file calls it, its measure, its indicator.
type Asked<'p> = (Count, &'p str, i64);

/// Why a row cannot be a report.
type Why = (Reason, Detail);

impl<'p> Scale<'p> {
    /// The figures in force of the rows' units, and the whole history of those that have a row behind them.
    pub(super) fn new(conn: &mut Conn, plan: &'p StoredPlan, rows: &[Row<'p>], now: Instant) -> Result<Self> {
        let cohorts: BTreeMap<&str, &Cohort> =
            rows.iter().map(|(_, of)| (of.cohort.code.as_str(), of.cohort)).collect();
        let mut asked = BTreeMap::new();
        for (code, cohort) in &cohorts {
            let counts = Count::ALL.iter().filter_map(|count| Some((*count, measure_of(&plan.plan, cohort, *count)?)));
            let counts = counts.map(|(count, measure)| Ok((count, measure, plan.indicator(code, measure)?)));
            asked.insert(*code, counts.collect::<Result<Vec<_>>>()?);
        }
        let indicators: Vec<i64> = cohorts.into_keys().flat_map(|cohort| plan.indicators_of(cohort)).collect();
        let mut first: BTreeMap<UnitId, Instant> = BTreeMap::new();
        for (row, target) in rows {
            let at = as_of(row, now);
            first.entry(target.unit).and_modify(|first| *first = at.min(*first)).or_insert(at);
        }
        let ids: Vec<UnitId> = first.keys().copied().collect();
        let (mut series, mut newest, mut older) = (Series::new(), HashMap::new(), BTreeSet::new());
        for known in reports::in_force_of(conn, &indicators, &ids)? {
            let key = (UnitId(known.unit_id), known.indicator_id);
            newest.insert(key, known.as_of());
            if first.get(&key.0).is_some_and(|first| *first < known.as_of()) {
                older.insert(key.0);
            }
            series.insert(key, vec![(known.as_of(), known.value())]);
        }
        // Rows behind what is in force: only then the whole history matters.
        series.retain(|(unit, _), _| !older.contains(unit));
        for figure in reports::figures_of(conn, &indicators, &older.into_iter().collect::<Vec<_>>())? {
            let of = series.entry((UnitId(figure.unit_id), figure.indicator_id)).or_default();
            insert(of, figure.as_of(), figure.value());
        }
        Ok(Self { series, newest, asked })
    }

    fn before(&self, key: (UnitId, i64), as_of: Instant) -> Option<(Instant, Value)> {
        let of = self.series.get(&key)?;
        of.get(of.partition_point(|(at, _)| *at <= as_of).checked_sub(1)?).copied()
    }

    fn around(&self, key: (UnitId, i64), as_of: Instant) -> Around {
        let Some(of) = self.series.get(&key) else { return Around::default() };
        let at_end = of.partition_point(|(at, _)| *at < calendar::end_of(calendar::day(as_of)));
        Around {
            current: at_end.checked_sub(1).and_then(|at| of.get(at)).copied(),
            next_day: of.get(at_end).map(|(at, _)| calendar::day(*at)),
        }
    }

    /// What a row does, and what is odd about it; the next row stands on it.
    pub(super) fn weigh(
        &mut self,
        plan: &StoredPlan,
        row: &Accepted<Counts>,
        target: &Target<'_>,
        as_of: Instant,
        now: Instant,
    ) -> std::result::Result<(WeighedRow, Vec<Warning>), Why> {
        let Target { unit, cohort } = target;
        if let Some(fault) = report::check_as_of(&plan.plan, as_of, now) {
            return Err((Reason::Date, Detail::Given(fault.given)));
        }
        let mut given: BTreeMap<String, Given> = BTreeMap::new();
        let mut before: BTreeMap<String, Value> = BTreeMap::new();
        let mut stood: Vec<(i64, Option<(Instant, Value)>)> = Vec::new();
        let asked = self.asked.get(cohort.code.as_str()).map(Vec::as_slice).unwrap_or_default();
        for (count, value) in row.value.reported() {
            let Some((_, measure, indicator)) = asked.iter().copied().find(|(of, ..)| *of == count) else { continue };
            let known = self.before((*unit, indicator), as_of);
            if let Some((_, value)) = known {
                before.insert(measure.to_owned(), value);
            }
            stood.push((indicator, known));
            given.insert(measure.to_owned(), Given::Whole(value));
        }
        let checked = report::check_given(&plan.plan, cohort, &given, &before);
        if let Some(fault) = checked.faults.first() {
            return Err(said(fault));
        }
        let indicator =
            |measure: &str| asked.iter().find(|(_, of, _)| *of == measure).map(|(.., indicator)| *indicator);
        let values = checked.values.iter().filter_map(|(measure, value)| Some((indicator(measure)?, *value))).collect();
        let done = self.record(*unit, row.row, as_of, values, &stood);
        Ok((done, checked.warnings))
    }

    fn record(
        &mut self,
        unit: UnitId,
        row: usize,
        as_of: Instant,
        values: Vec<(i64, Value)>,
        stood: &[(i64, Option<(Instant, Value)>)],
    ) -> WeighedRow {
        let known = |indicator: i64| stood.iter().find(|(of, _)| *of == indicator).and_then(|(_, known)| *known);
        let is_of_day = |at: Instant| calendar::day(at) == calendar::day(as_of);
        let is_unchanged =
            values.iter().all(|(of, value)| known(*of).is_some_and(|(at, old)| is_of_day(at) && old == *value));
        let in_force: Vec<bool> =
            values.iter().map(|(of, _)| self.newest.get(&(unit, *of)).is_none_or(|newest| *newest <= as_of)).collect();
        let effect = if is_unchanged {
            Effect::Unchanged
        } else if in_force.contains(&false) {
            Effect::Older
        } else if values.iter().any(|(of, value)| known(*of).is_some_and(|(_, old)| old != *value)) {
            Effect::Changed
        } else {
            Effect::New
        };
        let mut changes = Vec::new();
        for (of, value) in values.iter().filter(|_| effect != Effect::Unchanged) {
            let key = (unit, *of);
            changes.extend(ledger::changes(as_of, *value, self.around(key, as_of)).into_iter().map(|by| (*of, by)));
            insert(self.series.entry(key).or_default(), as_of, *value);
            let newest = self.newest.entry(key).or_insert(as_of);
            *newest = as_of.max(*newest);
        }
        WeighedRow { row, unit, as_of, effect, values, in_force, changes }
    }
}

/// After those of the same moment: recorded last.
fn insert(series: &mut Vec<(Instant, Value)>, as_of: Instant, value: Value) {
    let place = series.partition_point(|(at, _)| *at <= as_of);
    series.insert(place, (as_of, value));
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
