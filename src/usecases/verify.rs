//! Is everything as it was recorded? Recomputes the ledger and the figures in force from the reports, checks the seals
//! of the audit trail, and that every report says what its audit event says.

use std::collections::{BTreeMap, HashMap};

use super::{
    Result,
    record_report::{CORRECTED, RECORDED, RecordedFigure},
    seal_import::{Sealed, seal_of},
};
use crate::{
    domain::{
        calendar::Instant,
        ledger::{self, Amount},
        standing::Value,
    },
    store::{
        Conn, audit,
        imports::{self, Import, ReportOfFile},
        plans, received,
        reports::InForce,
        reviews, series, tallies, units, zone_lines,
    },
};

/// What was looked at, and the first difference if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Reports.
    pub reports: i64,
    /// Figures.
    pub figures: usize,
    /// Ledger rows, slots summed.
    pub ledger_rows: usize,
    /// Audit events.
    pub events: i64,
    /// The first thing that is not as it was recorded.
    pub difference: Option<String>,
}

/// How many audit events are looked at together.
const EVENTS: i64 = 1000;

/// Checks everything; stops at the first difference.
pub fn verify(conn: &mut Conn) -> Result<Verified> {
    let figures = series::every_figure(conn)?;
    let mut found = Verified { reports: series::count(conn)?, figures: figures.len(), ..Verified::default() };
    let returned = reviews::returned(conn, None)?;
    let series = series(figures.iter().filter(|figure| !returned.contains(&figure.report_id)));
    let stray = series::first_stray(conn)?;
    found.difference = stray.map(|report| format!("a figure of report {report} says another unit or time than it"));
    if found.difference.is_none() {
        found.difference = check_latest(conn, &series)?;
    }
    if found.difference.is_none() {
        found.difference = check_ledger(conn, &series, &mut found.ledger_rows)?;
    }
    if found.difference.is_none() {
        let line = zone_lines::first_difference(conn)?;
        found.difference = line.map(|(unit, said)| format!("zones of unit {}: {said}", unit.0));
    }
    if found.difference.is_none() {
        found.difference = check_received(conn)?;
    }
    if found.difference.is_none() {
        found.difference = check_audit(conn, &figures, &mut found.events)?;
    }
    Ok(found)
}

type Series<'a> = BTreeMap<(i64, i64), Vec<&'a InForce>>;

/// Figures that stand by (unit, indicator), in record order.
fn series<'a>(figures: impl Iterator<Item = &'a InForce>) -> Series<'a> {
    let mut series: Series<'a> = BTreeMap::new();
    for figure in figures {
        series.entry((figure.unit_id, figure.indicator_id)).or_default().push(figure);
    }
    series
}

fn check_latest(conn: &mut Conn, series: &Series<'_>) -> Result<Option<String>> {
    let kept: BTreeMap<(i64, i64), InForce> =
        series::every_latest(conn)?.into_iter().map(|row| ((row.unit_id, row.indicator_id), row)).collect();
    for (key, figures) in series {
        let in_force = figures.iter().max_by_key(|figure| (figure.as_of(), figure.report_id));
        if kept.get(key) != in_force.copied() {
            return Ok(Some(format!(
                "the figure in force of unit {}, indicator {}, is not its latest one",
                key.0, key.1
            )));
        }
    }
    let extra = kept.keys().find(|key| !series.contains_key(key));
    Ok(extra.map(|key| format!("unit {}, indicator {}, has a figure in force that nobody reported", key.0, key.1)))
}

fn check_ledger(conn: &mut Conn, series: &Series<'_>, rows: &mut usize) -> Result<Option<String>> {
    let above = units::above_reporting(conn)?;
    let mut expected: BTreeMap<tallies::RowKey, Amount> = BTreeMap::new();
    for ((unit, indicator), figures) in series {
        let history: Vec<(Instant, Value)> = figures.iter().map(|figure| (figure.as_of(), figure.value())).collect();
        for (day, by) in ledger::recompute(&history) {
            for ancestor in above.get(unit).into_iter().flatten() {
                *expected.entry((*ancestor, *indicator, day)).or_default() += by;
            }
        }
    }
    expected.retain(|_, amount| !amount.is_zero());
    let kept = tallies::everything(conn)?;
    *rows = kept.len();
    let mut kept: BTreeMap<_, _> = kept.into_iter().collect();
    kept.retain(|_, amount| !amount.is_zero());
    for (key @ (unit, indicator, day), amount) in &expected {
        let stored = kept.get(key).copied().unwrap_or_default();
        if stored != *amount {
            return Ok(Some(format!(
                "ledger of unit {unit}, indicator {indicator}, {day}: kept {stored:?}, recomputed {amount:?}"
            )));
        }
    }
    let extra = kept.keys().find(|key| !expected.contains_key(key));
    Ok(extra.map(|(unit, indicator, day)| {
        format!("ledger of unit {unit}, indicator {indicator}, {day}: nothing was reported then")
    }))
}

/// What is said to have been received of each period is what the reports that stand say.
fn check_received(conn: &mut Conn) -> Result<Option<String>> {
    for plan in plans::all(conn)? {
        if let Some((unit, period)) = received::first_difference(conn, &plan)? {
            let unit = unit.0;
            return Ok(Some(format!("what unit {unit} sent of the period from {period} is not what its reports say")));
        }
    }
    Ok(None)
}

fn check_audit(conn: &mut Conn, figures: &[InForce], events: &mut i64) -> Result<Option<String>> {
    let mut reported: HashMap<i64, Vec<(i64, Value)>> = HashMap::new();
    for figure in figures {
        reported.entry(figure.report_id).or_default().push((figure.indicator_id, figure.value()));
    }
    let plans = plans::all(conn)?;
    let mut files = Files::new(conn)?;
    for (chain, length, head) in audit::heads(conn)? {
        let (mut seq, mut seal) = (0, String::new());
        loop {
            let stretch = audit::chain(conn, chain, seq, EVENTS)?;
            if stretch.is_empty() {
                break;
            }
            for event in stretch {
                if event.seq != seq + 1 || !event.is_sealed_after(&seal) {
                    return Ok(Some(format!(
                        "audit event {} (chain {chain}, place {}): its seal does not fit",
                        event.id, event.seq
                    )));
                }
                let of_file = files.check(&event, &mut reported);
                if let Some(difference) = of_file.or_else(|| check_event(&event, &plans, &mut reported)) {
                    return Ok(Some(difference));
                }
                *events += 1;
                seq = event.seq;
                seal = event.hash;
            }
        }
        if seq != length || seal != head {
            return Ok(Some(format!("audit chain {chain} has {seq} events; its head says {length}")));
        }
    }
    if let Some(import) = files.imports.keys().next() {
        return Ok(Some(format!("import {import} has no audit event")));
    }
    let unaudited = reported.keys().min();
    Ok(unaudited.map(|report| format!("report {report} has no audit event")))
}

/// A report's figures are what its audit event says, no more and no less.
fn check_event(
    event: &audit::Event,
    plans: &[plans::StoredPlan],
    reported: &mut HashMap<i64, Vec<(i64, Value)>>,
) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Detail {
        plan: String,
        report: i64,
        figures: Vec<RecordedFigure>,
    }
    // The consolidated report is drafted and issued under names that begin alike.
    if ![RECORDED, CORRECTED].contains(&event.action.as_str()) {
        return None;
    }
    let Ok(detail) = serde_json::from_str::<Detail>(&event.detail) else {
        return Some(format!("audit event {} does not say what was reported", event.id));
    };
    let plan = plans.iter().find(|stored| stored.plan.code == detail.plan);
    let mut said: Vec<(Option<i64>, Value)> = detail
        .figures
        .into_iter()
        .map(|f| {
            let indicator = plan.and_then(|plan| plan.indicator(&f.cohort, &f.measure).ok());
            (indicator, Value { count: f.count, base: f.base })
        })
        .collect();
    let mut kept: Vec<(Option<i64>, Value)> =
        reported.remove(&detail.report).unwrap_or_default().into_iter().map(|(id, value)| (Some(id), value)).collect();
    said.sort_by_key(|(id, _)| *id);
    kept.sort_by_key(|(id, _)| *id);
    (said != kept).then(|| format!("report {} is not what its audit event {} says", detail.report, event.id))
}

/// The files that were taken in, and their reports.
struct Files {
    imports: BTreeMap<i64, Import>,
    reports: HashMap<i64, Vec<ReportOfFile>>,
}

impl Files {
    fn new(conn: &mut Conn) -> Result<Self> {
        // Files of zone levels are told of by the events of their decisions.
        let of_counts = imports::all(conn)?.into_iter().filter(|import| import.kind == "counts");
        let imports = of_counts.map(|import| (import.id, import)).collect();
        let mut reports: HashMap<i64, Vec<ReportOfFile>> = HashMap::new();
        for report in imports::every_report(conn)? {
            reports.entry(report.0).or_default().push(report);
        }
        Ok(Self { imports, reports })
    }

    /// A file's reports are those that its audit event seals.
    fn check(&mut self, event: &audit::Event, reported: &mut HashMap<i64, Vec<(i64, Value)>>) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Detail {
            import: i64,
            sha256: String,
            seal: String,
        }
        if event.action != "import.recorded" {
            return None;
        }
        let Ok(detail) = serde_json::from_str::<Detail>(&event.detail) else {
            return Some(format!("audit event {} does not say what was taken in", event.id));
        };
        let of_file = self.reports.remove(&detail.import).unwrap_or_default();
        let sealed = of_file.into_iter().map(|(_, report, row, unit, as_of)| Sealed {
            report,
            row,
            unit,
            as_of,
            figures: reported.remove(&report).unwrap_or_default(),
        });
        let is_same = seal_of(sealed) == detail.seal
            && self.imports.remove(&detail.import).is_some_and(|import| import.file_hash == detail.sha256);
        (!is_same).then(|| format!("import {} is not what its audit event {} says", detail.import, event.id))
    }
}
