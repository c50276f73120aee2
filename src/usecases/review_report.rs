//! The office that consolidates accepts a report or returns it. It never alters a figure: what is returned leaves every
//! total, stays in history, and counts again only as the report the unit sends instead.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::{Result, UseCaseError, allowed, audit, record_report::LONGEST_REASON};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::Instant,
        ledger::{self, Amount, Change},
        report::{Fault, Rule},
        review::Outcome,
        standing::Value,
        text,
    },
    store::{
        Conn,
        plans::StoredPlan,
        received,
        reports::{self, InForce},
        reviews, series, tallies, units,
    },
};

/// What was said of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reviewed {
    /// The report.
    pub report: i64,
    /// The unit it speaks of.
    pub unit: String,
    /// Accepted or returned.
    pub outcome: Outcome,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
}

/// Accepts a report or returns it with a reason; what was returned stays so.
pub fn review_report(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    (report, outcome, reason): (i64, Outcome, &str),
    now: Instant,
) -> Result<Reviewed> {
    let unknown = || UseCaseError::NotFound { kind: "report", name: report.to_string() };
    let Some((unit, plan_id, as_of)) = reports::find(conn, report)? else {
        return Err(if actor.may_somewhere(Deed::Review) { unknown() } else { UseCaseError::NotAllowed });
    };
    let code = units::get(conn, unit)?.code;
    let place = allowed(conn, actor, Deed::Review, &code)?;
    if plan_id != plan.id {
        return Err(unknown());
    }
    let reason = text::clean(reason);
    let is_return = outcome == Outcome::Returned;
    if is_return && reason.trim().is_empty() {
        return Err(UseCaseError::Invalid(vec![Fault::of_report("reason", Rule::ReasonNeeded, "", None)]));
    }
    if reason.chars().count() > LONGEST_REASON {
        let fault = Fault::of_report("reason", Rule::TooLong, "", Some(LONGEST_REASON.to_string()));
        return Err(UseCaseError::Invalid(vec![fault]));
    }
    units::lock(conn, unit)?;
    if !reviews::returned(conn, Some(&[report]))?.is_empty() {
        return Err(UseCaseError::Invalid(vec![Fault::of_report("report", Rule::Returned, report.to_string(), None)]));
    }
    if is_return {
        // What stands with it, before it is said that it does not.
        let standing = series::series_of(conn, unit, report)?;
        reviews::add(conn, report, outcome, &reason, actor.account_id, now)?;
        let mut changes = Vec::new();
        for (indicator, series) in by_indicator(&standing) {
            let (with, without) = (history(&series, None), history(&series, Some(report)));
            changes.extend(difference(&with, &without).into_iter().map(|change| (indicator, change)));
            let in_force = series.iter().filter(|figure| figure.report_id != report);
            let in_force = in_force.max_by_key(|figure| (figure.as_of(), figure.report_id)).copied().copied();
            reports::set_latest(conn, (unit, indicator), in_force)?;
        }
        tallies::add(conn, place.above(), &changes)?;
        if let Some(period) = plan.timetable.period_at(as_of) {
            received::review(conn, plan, unit, &period)?;
        }
    } else {
        reviews::add(conn, report, outcome, &reason, actor.account_id, now)?;
    }
    let action = if is_return { "review.returned" } else { "review.accepted" };
    let detail = json!({ "plan": plan.plan.code, "report": report, "as_of": as_of, "reason": reason });
    audit(conn, actor, action, Some(unit), detail, now)?;
    Ok(Reviewed { report, unit: code, outcome, at: now })
}

/// What was said of a report, in the order it was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Review {
    /// Accepted or returned.
    pub outcome: Outcome,
    /// Why it was returned.
    pub reason: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// By whom.
    pub by: String,
}

impl From<reviews::Review> for Review {
    fn from(review: reviews::Review) -> Self {
        let reviews::Review { outcome, reason, recorded_at: at, recorded_by: by, .. } = review;
        Self { outcome, reason, at, by }
    }
}

/// What was said of a report of a unit that the actor may see.
pub fn see_reviews(conn: &mut Conn, actor: &Actor, unit: &str, report: i64) -> Result<Vec<Review>> {
    allowed(conn, actor, Deed::See, unit)?;
    Ok(reviews::of(conn, &[report])?.into_iter().map(Review::from).collect())
}

/// Which of these reports were returned, when and why.
pub(super) fn returns(conn: &mut Conn, reports: &[i64]) -> Result<BTreeMap<i64, Review>> {
    let said = reviews::of(conn, reports)?.into_iter().filter(|review| review.outcome == Outcome::Returned);
    Ok(said.map(|review| (review.report, review.into())).collect())
}

fn by_indicator(figures: &[InForce]) -> BTreeMap<i64, Vec<&InForce>> {
    let mut series: BTreeMap<i64, Vec<&InForce>> = BTreeMap::new();
    for figure in figures {
        series.entry(figure.indicator_id).or_default().push(figure);
    }
    series
}

/// A series in record order, without the figures of one report.
fn history(series: &[&InForce], without: Option<i64>) -> BTreeMap<NaiveDate, Amount> {
    let kept = series.iter().filter(|figure| Some(figure.report_id) != without);
    let history: Vec<(Instant, Value)> = kept.map(|figure| (figure.as_of(), figure.value())).collect();
    ledger::recompute(&history)
}

/// What turns one ledger into another.
fn difference(before: &BTreeMap<NaiveDate, Amount>, after: &BTreeMap<NaiveDate, Amount>) -> Vec<Change> {
    let days: BTreeSet<NaiveDate> = before.keys().chain(after.keys()).copied().collect();
    let at = |ledger: &BTreeMap<NaiveDate, Amount>, day| ledger.get(&day).copied().unwrap_or_default();
    let change = |day| Change { day, by: at(after, day) - at(before, day) };
    days.into_iter().map(change).filter(|change| !change.by.is_zero()).collect()
}
