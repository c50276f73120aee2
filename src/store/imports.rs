//! Files that were taken in, and the reports that came with them.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Integer, Nullable, Text},
};

use super::{
    Conn, StoreError, Ts, on_each, past,
    reports::{self, IndicatorValue},
    schema::{account, import, plan, report, sql_types::UtcTimestamp, unit},
    upsert::{returning, upserts},
};
use crate::domain::{calendar::Instant, unit::UnitId};

/// A file to be taken in.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// `counts` or `zones`.
    pub kind: &'static str,
    /// The plan, of counts.
    pub plan_id: Option<i64>,
    /// The scheme of levels, of zones.
    pub scheme: Option<String>,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of its content.
    pub file_hash: String,
    /// The sheet that was read.
    pub sheet: String,
    /// The place whose units the rows are.
    pub scope: Option<UnitId>,
    /// Why figures are odd.
    pub reason: String,
    /// Rows read, accepted, unchanged, refused, skipped: the first is the sum of the others.
    pub rows: [i32; 5],
    /// When.
    pub recorded_at: Instant,
    /// Who.
    pub account_id: i64,
}

/// Records that a file is taken in. Returns its number.
pub fn insert(conn: &mut Conn, new: &NewImport) -> Result<i64, StoreError> {
    let [rows_read, accepted, unchanged, refused, skipped] = new.rows;
    let row = (
        (
            import::kind.eq(new.kind),
            import::plan_id.eq(new.plan_id),
            import::scheme.eq(&new.scheme),
            import::file_name.eq(&new.file_name),
            import::file_hash.eq(&new.file_hash),
            import::sheet.eq(&new.sheet),
            import::scope_id.eq(new.scope.map(|unit| unit.0)),
            import::reason.eq(&new.reason),
        ),
        (
            import::rows_read.eq(rows_read),
            import::accepted.eq(accepted),
            import::unchanged.eq(unchanged),
            import::refused.eq(refused),
            import::skipped.eq(skipped),
            import::recorded_at.eq(Ts::from(new.recorded_at)),
            import::account_id.eq(new.account_id),
        ),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(import::table).values(row).returning(import::id).get_result(c))?)
}

/// A file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Import {
    /// Its number.
    pub id: i64,
    /// `counts` or `zones`.
    pub kind: String,
    /// Code of the plan, of counts.
    pub plan: Option<String>,
    /// Code of the scheme, of zones.
    pub scheme: Option<String>,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of its content.
    pub file_hash: String,
    /// The sheet that was read.
    pub sheet: String,
    /// Code of the place whose units the rows are.
    pub scope: Option<String>,
    /// Why figures are odd.
    pub reason: String,
    /// Rows read: the sum of the four others.
    pub rows_read: i32,
    /// Rows recorded.
    pub accepted: i32,
    /// Rows that were recorded already.
    pub unchanged: i32,
    /// Rows not taken.
    pub refused: i32,
    /// Rows passed over.
    pub skipped: i32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Name of who took it in.
    pub recorded_by: String,
    /// Their account.
    #[serde(skip)]
    pub account_id: i64,
    #[serde(skip)]
    scope_id: Option<i64>,
}

impl Import {
    /// The place whose units the rows are; none: the whole country.
    pub fn scope_unit(&self) -> Option<UnitId> {
        self.scope_id.map(UnitId)
    }
}

type Row = (
    (i64, String, Option<String>, Option<String>, String, String, String),
    (Option<String>, String, i32, i32, i32, i32, i32),
    (Ts, String, i64, Option<i64>),
);

macro_rules! columns {
    () => {
        (
            (
                import::id,
                import::kind,
                plan::code.nullable(),
                import::scheme,
                import::file_name,
                import::file_hash,
                import::sheet,
            ),
            (
                unit::code.nullable(),
                import::reason,
                import::rows_read,
                import::accepted,
                import::unchanged,
                import::refused,
                import::skipped,
            ),
            (import::recorded_at, account::display_name, import::account_id, import::scope_id),
        )
    };
}

macro_rules! joined {
    () => {
        import::table
            .inner_join(account::table)
            .left_join(plan::table.on(plan::id.nullable().eq(import::plan_id)))
            .left_join(unit::table.on(unit::id.nullable().eq(import::scope_id)))
    };
}

fn read(row: Row) -> Import {
    let (
        (id, kind, plan, scheme, file_name, file_hash, sheet),
        (scope, reason, rows_read, accepted, unchanged, refused, skipped),
        (at, recorded_by, account_id, scope_id),
    ) = row;
    Import {
        id,
        kind,
        plan,
        scheme,
        file_name,
        file_hash,
        sheet,
        scope,
        reason,
        rows_read,
        accepted,
        unchanged,
        refused,
        skipped,
        recorded_at: at.0,
        recorded_by,
        account_id,
        scope_id,
    }
}

/// The import with this number.
pub fn find(conn: &mut Conn, id: i64) -> Result<Option<Import>, StoreError> {
    let row: Option<Row> =
        on_each!(conn, |c| joined!().filter(import::id.eq(id)).select(columns!()).get_result(c).optional())?;
    Ok(row.map(read))
}

/// The last time this account took in this very file.
pub fn last_of_file(conn: &mut Conn, account_id: i64, file_hash: &str) -> Result<Option<Import>, StoreError> {
    let row: Option<Row> = on_each!(conn, |c| joined!()
        .filter(import::file_hash.eq(file_hash).and(import::account_id.eq(account_id)))
        .order(import::id.desc())
        .select(columns!())
        .first(c)
        .optional())?;
    Ok(row.map(read))
}

/// Every import, by number.
pub fn all(conn: &mut Conn) -> Result<Vec<Import>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| joined!().order(import::id).select(columns!()).load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// A report that comes with a file.
#[derive(Debug, Clone)]
pub struct ImportedReport {
    /// The unit.
    pub unit: UnitId,
    /// The time its figures are true at.
    pub as_of: Instant,
    /// The row of the file.
    pub row: i32,
    /// Its figures, and whether each will be in force.
    pub values: Vec<(IndicatorValue, bool)>,
}

/// What all reports of a file have in common.
#[derive(Debug, Clone)]
pub struct Common {
    /// The import.
    pub import_id: i64,
    /// The plan.
    pub plan_id: i64,
    /// When they are recorded.
    pub recorded_at: Instant,
    /// Who.
    pub account_id: i64,
    /// Why figures are odd.
    pub reason: String,
}

upserts! {
    struct ReportRow -> "report" {
        unit_id: i64 => BigInt,
        plan_id: i64 => BigInt,
        as_of: Ts => UtcTimestamp,
        recorded_at: Ts => UtcTimestamp,
        account_id: i64 => BigInt,
        channel: &'static str => Text,
        reason: String => Text,
        import_id: Option<i64> => Nullable<BigInt>,
        import_row: Option<i32> => Nullable<Integer>,
    }
    "RETURNING id"
}

/// Records the reports of a file with their figures, in their order; a later one of a unit is of the same time or
/// later. Writers of the units are held off by `units::lock_all`. Returns their numbers.
pub fn insert_reports(conn: &mut Conn, common: &Common, new: &[ImportedReport]) -> Result<Vec<i64>, StoreError> {
    let rows: Vec<ReportRow> = new
        .iter()
        .map(|report| ReportRow {
            unit_id: report.unit.0,
            plan_id: common.plan_id,
            as_of: report.as_of.into(),
            recorded_at: common.recorded_at.into(),
            account_id: common.account_id,
            channel: "file",
            reason: common.reason.clone(),
            import_id: Some(common.import_id),
            import_row: Some(report.row),
        })
        .collect();
    if let Some(oldest) = new.iter().map(|report| report.as_of).min() {
        past::note(conn, oldest, common.recorded_at)?;
    }
    let ids = returning(conn, &rows)?;
    if ids.len() != new.len() {
        return Err(StoreError::Broken(format!("{} reports were recorded of {}", ids.len(), new.len())));
    }
    reports::insert_figures(conn, &ids, new)?;
    Ok(ids)
}

/// A report of a file, as its seal says it: its number, the file's row, unit, time.
pub type ReportOfFile = (i64, i64, i32, i64, Instant);

/// Every report that came with a file: (import, report, row, unit, time), by import and number.
pub fn every_report(conn: &mut Conn) -> Result<Vec<ReportOfFile>, StoreError> {
    type Row = (Option<i64>, i64, Option<i32>, i64, Ts);
    let rows: Vec<Row> = on_each!(conn, |c| report::table
        .filter(report::import_id.is_not_null())
        .order((report::import_id, report::id))
        .select((report::import_id, report::id, report::import_row, report::unit_id, report::as_of))
        .load(c))?;
    let read = |(import, id, row, unit, at): Row| (import.unwrap_or(0), id, row.unwrap_or(0), unit, at.0);
    Ok(rows.into_iter().map(read).collect())
}
