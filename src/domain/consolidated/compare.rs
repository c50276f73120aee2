//! What has changed between a report as it was issued and the figures as they stand now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ConsolidatedReport, Figure, Named, Zone};
use crate::domain::{rate::Rate, standing::Standing};

/// What a difference calls the units that sent a report in the period.
pub const RECEIVED: &str = "received";

/// What stood, or stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Told {
    /// Nothing: not reported, unclassified.
    Nothing,
    /// A figure.
    Figure {
        /// What was counted.
        count: i64,
        /// Its rate.
        rate: Option<Rate>,
    },
    /// A result: met, not met.
    Standing {
        /// Which.
        standing: Standing,
    },
    /// A zone, in the words of its scheme.
    Zone {
        /// Its name.
        name: String,
    },
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The unit; the report's own place for totals.
    pub unit: Named,
    /// Whether it is a total of the place rather than a unit's own figure.
    pub is_total: bool,
    /// The cohort; empty for zones.
    pub cohort: String,
    /// The measure; empty for results and zones.
    pub measure: String,
    /// As it was issued.
    pub old: Told,
    /// As it stands now.
    pub new: Told,
}

/// What is told of one thing, by unit code, cohort and measure; totals first.
type Said<'a> = BTreeMap<(bool, &'a str, &'a str, &'a str), (&'a Named, Told)>;

fn figure(figure: &Figure) -> Told {
    Told::Figure { count: figure.count, rate: figure.rate }
}

fn zone(zone: &Zone) -> Told {
    Told::Zone { name: zone.name.clone() }
}

fn said(report: &ConsolidatedReport) -> Said<'_> {
    let mut said = Said::new();
    for (of, total) in report.cohorts.iter().flat_map(|of| of.measures.iter().map(move |total| (of, total))) {
        if let Some(count) = total.count {
            let told = Told::Figure { count, rate: total.rate };
            let place = &report.scope;
            said.insert((false, place.code.as_str(), of.code.as_str(), total.measure.as_str()), (place, told));
        }
    }
    if let Some(of) = report.coverage.in_period {
        let told = Told::Figure { count: of.received, rate: None };
        said.insert((false, report.scope.code.as_str(), "", RECEIVED), (&report.scope, told));
    }
    for line in &report.lines {
        let unit = &line.unit;
        let key = |measure| (true, unit.code.as_str(), line.cohort.as_str(), measure);
        said.insert(key(""), (unit, Told::Standing { standing: line.standing }));
        for of in &line.figures {
            said.insert(key(of.measure.as_str()), (unit, figure(of)));
        }
    }
    for commune in &report.communes {
        let told = commune.zone.as_ref().map_or(Told::Nothing, zone);
        said.insert((true, commune.unit.code.as_str(), "", ""), (&commune.unit, told));
    }
    said
}

/// Every figure, result and zone that differs, totals first, then by unit code.
pub fn compare(issued: &ConsolidatedReport, now: &ConsolidatedReport) -> Vec<Difference> {
    let (old, new) = (said(issued), said(now));
    let mut keys: Vec<_> = old.keys().chain(new.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter()
        .filter_map(|key| {
            let (was, is) = (old.get(&key), new.get(&key));
            let told = |side: Option<&(&Named, Told)>| side.map_or(Told::Nothing, |(_, told)| told.clone());
            let (old, new) = (told(was), told(is));
            let (unit, _) = was.or(is)?;
            let (is_unit, _, cohort, measure) = key;
            (old != new).then(|| Difference {
                unit: (*unit).clone(),
                is_total: !is_unit,
                cohort: cohort.to_owned(),
                measure: measure.to_owned(),
                old,
                new,
            })
        })
        .collect()
}
