//! What the office says of reports: accepted, or returned with a reason; append-only. A returned report leaves totals and
//! figures in force for good: what the unit sends again is a report of its own.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts,
    among::among,
    on_each, past,
    schema::{account, review},
};
use crate::domain::{calendar::Instant, review::Outcome};

/// A review as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The report.
    pub report: i64,
    /// Accepted or returned.
    pub outcome: Outcome,
    /// Why it was returned.
    pub reason: String,
    /// When.
    pub recorded_at: Instant,
    /// By whom.
    pub recorded_by: String,
}

/// Records what is said of a report. [`StoreError::Exists`]: it was returned already.
pub fn add(
    conn: &mut Conn,
    report: i64,
    outcome: Outcome,
    reason: &str,
    account_id: i64,
    now: Instant,
) -> Result<i64, StoreError> {
    let row = (
        review::report_id.eq(report),
        review::outcome.eq(outcome.code()),
        review::reason.eq(reason),
        review::recorded_at.eq(Ts::from(now)),
        review::account_id.eq(account_id),
    );
    if outcome == Outcome::Returned {
        past::note_change(conn)?;
    }
    Ok(on_each!(conn, |c| diesel::insert_into(review::table).values(row).returning(review::id).get_result(c))?)
}

/// Which reports were returned: of these, or of all.
pub fn returned(conn: &mut Conn, of: Option<&[i64]>) -> Result<BTreeSet<i64>, StoreError> {
    let returned = review::outcome.eq(Outcome::Returned.code());
    let ids: Vec<i64> = match of {
        None => on_each!(conn, |c| review::table.filter(returned).select(review::report_id).load(c))?,
        Some(ids) => on_each!(conn, |c| review::table
            .filter(returned.and(among(review::report_id, ids.iter().copied())))
            .select(review::report_id)
            .load(c))?,
    };
    Ok(ids.into_iter().collect())
}

/// What was said of these reports, in the order it was said.
pub fn of(conn: &mut Conn, reports: &[i64]) -> Result<Vec<Review>, StoreError> {
    let rows: Vec<(i64, String, String, Ts, String)> = on_each!(conn, |c| review::table
        .inner_join(account::table)
        .filter(among(review::report_id, reports.iter().copied()))
        .order(review::id)
        .select((review::report_id, review::outcome, review::reason, review::recorded_at, account::display_name))
        .load(c))?;
    rows.into_iter()
        .map(|(report, outcome, reason, recorded_at, recorded_by)| {
            let outcome = Outcome::from_code(&outcome)
                .ok_or_else(|| StoreError::Broken(format!("report {report} has outcome {outcome}")))?;
            Ok(Review { report, outcome, reason, recorded_at: recorded_at.0, recorded_by })
        })
        .collect()
}
