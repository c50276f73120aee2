//! Health staff record the tracing figures of a commune or hamlet on a day, or correct them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Result, UnitRef, UseCaseError, allowed, allowed_or_own, audit,
    operation::{self, Operation},
    record_report::LONGEST_REASON,
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        number::Given,
        report::{Fault, Rule},
        text,
        tracing::{self, Counts, TracingFigure},
        unit::UnitKind,
    },
    store::{
        Conn,
        contact_tracing::{self, NewRecord},
        units,
    },
};

/// A day's figures as they are given.
#[derive(Debug, Clone)]
pub struct TracingSubmission {
    /// Chosen by the sender; the same id twice within seven days records once and gives the same answer.
    pub op_id: Option<String>,
    /// Code of the commune or hamlet.
    pub unit: String,
    /// The day.
    pub day: NaiveDate,
    /// Figure → count; what is blank or not there stays as it stands.
    pub figures: BTreeMap<String, Given>,
    /// The record the sender saw and corrects, 0: the sender saw none. Refused when another one stands by now.
    pub supersedes: Option<i64>,
    /// Why a figure of an older day is changed.
    pub reason: String,
    /// How it came: `form`, `api`, `demo`.
    pub channel: &'static str,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TracingReceipt {
    /// The record's number; that of the one that stood when nothing in it changed.
    pub record: i64,
    /// The unit's code.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// The day.
    pub day: NaiveDate,
    /// Every figure that stands now, with the one that stood before.
    pub figures: Vec<RecordedCount>,
}

/// One figure recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecordedCount {
    /// Its code.
    pub measure: String,
    /// What stood until now.
    pub before: Option<i64>,
    /// The figure.
    pub count: i64,
}

/// What is sent again must be the same.
fn said(given: &TracingSubmission) -> String {
    let TracingSubmission { unit, day, figures, supersedes, reason, .. } = given;
    format!("tracing|{unit}|{day}|{figures:?}|{supersedes:?}|{reason}")
}

/// Records a day's figures. Nothing is written unless all of it is right.
pub fn record_tracing(
    conn: &mut Conn,
    actor: &Actor,
    given: &TracingSubmission,
    now: Instant,
) -> Result<TracingReceipt> {
    let place = allowed(conn, actor, Deed::RecordTracing, &given.unit)?;
    let operation = Operation::of(actor, given.op_id.as_deref(), &said(given));
    if let Some(receipt) = operation.answer(conn)? {
        return Ok(receipt);
    }
    units::lock(conn, place.unit.id)?;
    let standing = contact_tracing::standing(conn, place.unit.id, given.day)?;
    let (stood_as, stood) = standing.map(|record| (record.id, record.counts)).unzip();
    let checked = tracing::check(&given.figures, stood.as_ref(), given.day, calendar::day(now));
    let mut faults = checked.faults;
    faults.extend(check_around(place.unit.kind, given, stood_as));
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    if given.reason.trim().is_empty() && !checked.warnings.is_empty() {
        return Err(UseCaseError::NeedsReason(checked.warnings));
    }
    let stood = stood.unwrap_or_default();
    let record = match stood_as {
        Some(id) if stood == checked.counts => id,
        _ => {
            let new = NewRecord {
                unit: place.unit.id,
                day: given.day,
                counts: checked.counts.clone(),
                recorded_at: now,
                account_id: actor.account_id,
                channel: given.channel,
                reason: text::clean(&given.reason),
                supersedes: stood_as,
            };
            contact_tracing::insert(conn, &new)?
        }
    };
    let receipt = TracingReceipt {
        record,
        unit: place.unit.code.clone(),
        unit_name: place.unit.full_name.clone(),
        day: given.day,
        figures: recorded(&checked.counts, &stood),
    };
    operation.keep(conn, &receipt, now)?;
    if stood_as == Some(record) {
        return Ok(receipt);
    }
    // The trail is read by people who may not see small counts of a hamlet: it holds neither them nor words about them.
    // Who may see them finds them with the record.
    let mut detail = json!({ "record": record, "day": given.day, "channel": given.channel, "supersedes": stood_as });
    if place.unit.kind == UnitKind::Commune {
        detail["reason"] = json!(text::clean(&given.reason));
        detail["figures"] = json!(receipt.figures);
    }
    let action = if stood_as.is_some() { "tracing.corrected" } else { "tracing.recorded" };
    audit(conn, actor, action, Some(place.unit.id), detail, now)?;
    Ok(receipt)
}

/// What is checked besides the figures.
fn check_around(kind: UnitKind, given: &TracingSubmission, stands: Option<i64>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !matches!(kind, UnitKind::Commune | UnitKind::Hamlet) {
        faults.push(Fault::of_report("unit", Rule::NotCommuneOrHamlet, &given.unit, None));
    }
    if given.supersedes.is_some_and(|seen| seen != stands.unwrap_or(0)) {
        faults.push(Fault::of_report("supersedes", Rule::Outdated, "", None));
    }
    if given.reason.chars().count() > LONGEST_REASON {
        faults.push(Fault::of_report("reason", Rule::TooLong, "", Some(LONGEST_REASON.to_string())));
    }
    faults.extend(operation::check_id(given.op_id.as_deref()));
    faults
}

fn recorded(counts: &Counts, before: &Counts) -> Vec<RecordedCount> {
    let figure = |(figure, count): (&TracingFigure, &i64)| RecordedCount {
        measure: figure.to_string(),
        before: before.get(figure).copied(),
        count: *count,
    };
    counts.iter().map(figure).collect()
}

/// What a form for tracing figures is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracingSheet {
    /// The communes one may record, each followed by its hamlets.
    pub units: Vec<UnitRef>,
    /// The one asked for.
    pub unit: Option<UnitRef>,
    /// What stands for it on the day asked for: the record and its figures.
    pub stands: Option<(i64, Counts)>,
}

/// The form of a unit and day; without a unit, only what there is to choose from.
pub fn see_tracing_sheet(conn: &mut Conn, actor: &Actor, unit: Option<&str>, day: NaiveDate) -> Result<TracingSheet> {
    let top = allowed_or_own(conn, actor, Deed::RecordTracing, None)?.unit;
    let places = contact_tracing::places(conn, top.id)?;
    let mut listed = Vec::new();
    for (place, _) in places.iter().filter(|(place, _)| place.kind == UnitKind::Commune || place.id == top.id) {
        listed.push(UnitRef::from(place));
        let hamlets = places.iter().filter(|(hamlet, parent)| *parent == Some(place.id) && hamlet.id != top.id);
        listed.extend(hamlets.map(|(hamlet, _)| UnitRef::from(hamlet)));
    }
    let mut sheet = TracingSheet { units: listed, unit: None, stands: None };
    if let Some(code) = unit {
        let place = allowed(conn, actor, Deed::RecordTracing, code)?;
        let stands = contact_tracing::standing(conn, place.unit.id, day)?;
        sheet.stands = stands.map(|record| (record.id, record.counts));
        sheet.unit = Some(UnitRef::from(&place.unit));
    }
    Ok(sheet)
}
