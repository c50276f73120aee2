//! The figures in force as the table offices keep: a row for each unit, a column for each count. What goes out so can
//! come in again as a file.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Result, UnitRef, allowed_or_own,
    import_counts::is_meant,
    import_report::CountRow,
    progress::{Moment, PlanRef},
    weigh_counts::measure_of,
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar,
        unit::UnitId,
    },
    imports::columns::Count,
    store::{Conn, plans::StoredPlan, reports::InForce, units},
};

/// The figures of a cohort below a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// The plan.
    pub plan: PlanRef,
    /// A row for each unit that has reported.
    pub rows: Vec<FigureRow>,
}

/// The figures of one unit, as its last report gives them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureRow {
    /// The unit.
    pub unit: UnitRef,
    /// The cohort.
    pub cohort: String,
    /// The day they are true at.
    pub day: NaiveDate,
    /// The figures.
    #[serde(flatten)]
    pub counts: CountRow,
}

/// The figures of a cohort, or of those whose names begin alike (`staff` for `staff_a` to `staff_d`): of whoever has
/// reported, obliged or not, by unit code.
pub fn see_figures(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    scope: Option<&str>,
    cohort: &str,
    moment: Moment,
) -> Result<Figures> {
    let place = allowed_or_own(conn, actor, Deed::See, scope)?;
    let meant = plan.indicators.iter().filter(|((of, _), _)| is_meant(cohort, of));
    let indicators: Vec<i64> = meant.map(|(_, indicator)| *indicator).collect();
    let names = plan.names();
    let mut known: BTreeMap<(i64, &str), BTreeMap<&str, InForce>> = BTreeMap::new();
    for figure in moment.figures(conn, &indicators, place.unit.id)? {
        if let Some((cohort, measure)) = names.get(&figure.indicator_id) {
            known.entry((figure.unit_id, cohort)).or_default().insert(measure, figure);
        }
    }
    let reported: BTreeSet<UnitId> = known.keys().map(|(unit, _)| UnitId(*unit)).collect();
    let units = units::with_ids(conn, &reported.into_iter().collect::<Vec<_>>())?;
    let units: BTreeMap<i64, UnitRef> = units.iter().map(|unit| (unit.id.0, UnitRef::from(unit))).collect();
    let row = |((unit, cohort), figures): ((i64, &str), BTreeMap<&str, InForce>)| {
        let asked = plan.plan.cohort(cohort)?;
        let get = |count| Some(figures.get(measure_of(&plan.plan, asked, count)?)?.value().count);
        let counts = CountRow {
            total: get(Count::Total),
            smartphone: get(Count::Smartphone),
            bluezone: get(Count::Bluezone),
            ncovi: get(Count::Ncovi),
            declared: get(Count::Declared),
        };
        let day = figures.values().map(InForce::as_of).max().map(calendar::day)?;
        Some(FigureRow { unit: units.get(&unit)?.clone(), cohort: cohort.to_owned(), day, counts })
    };
    let mut rows: Vec<FigureRow> = known.into_iter().filter_map(row).collect();
    rows.sort_by(|a, b| (&a.unit.code, &a.cohort).cmp(&(&b.unit.code, &b.cohort)));
    Ok(Figures { plan: PlanRef::from(plan), rows })
}
