//! Inserts of several rows that stay prepared: Diesel prepares an insert of many rows, and every upsert and update, anew
//! each time, which costs more than carrying it out.

use diesel::{
    RunQueryDsl,
    pg::Pg,
    query_builder::{Query, QueryFragment, QueryId},
    sql_types::BigInt,
    sqlite::Sqlite,
};

use super::{Conn, StoreError, on_each};

/// The most rows in a statement: a connection keeps a statement for each number of rows.
const MOST_ROWS: usize = 32;

/// Rows of one table; [`upserts!`] says how they are written. `FULL`: as many as a statement takes, so that the text of
/// the statement is that of its type.
pub(super) struct Upsert<'a, R, const FULL: bool>(pub &'a [R]);

impl<R: 'static> QueryId for Upsert<'_, R, true> {
    type QueryId = Upsert<'static, R, true>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<R> QueryId for Upsert<'_, R, false> {
    type QueryId = ();
    /// The number of rows decides the text, and Diesel keeps statements by their text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<R, C, const FULL: bool> RunQueryDsl<C> for Upsert<'_, R, FULL> {}

/// What rows answer with that are written with `RETURNING id`.
impl<R, const FULL: bool> Query for Upsert<'_, R, FULL> {
    type SqlType = BigInt;
}

/// Writes rows, many in a statement.
pub(super) fn upsert<R: 'static>(conn: &mut Conn, rows: &[R]) -> Result<(), StoreError>
where
    for<'a> Upsert<'a, R, true>: QueryFragment<Sqlite> + QueryFragment<Pg>,
    for<'a> Upsert<'a, R, false>: QueryFragment<Sqlite> + QueryFragment<Pg>,
{
    let (full, rest) = rows.as_chunks::<MOST_ROWS>();
    for rows in full {
        on_each!(conn, |c| Upsert::<R, true>(rows).execute(c))?;
    }
    if !rest.is_empty() {
        on_each!(conn, |c| Upsert::<R, false>(rest).execute(c))?;
    }
    Ok(())
}

/// Writes rows, many in a statement, and returns their numbers in the same order.
pub(super) fn returning<R: 'static>(conn: &mut Conn, rows: &[R]) -> Result<Vec<i64>, StoreError>
where
    for<'a> Upsert<'a, R, true>: QueryFragment<Sqlite> + QueryFragment<Pg>,
    for<'a> Upsert<'a, R, false>: QueryFragment<Sqlite> + QueryFragment<Pg>,
{
    let mut ids = Vec::with_capacity(rows.len());
    let (full, rest) = rows.as_chunks::<MOST_ROWS>();
    for rows in full {
        ids.extend(on_each!(conn, |c| Upsert::<R, true>(rows).load::<i64>(c))?);
    }
    if !rest.is_empty() {
        ids.extend(on_each!(conn, |c| Upsert::<R, false>(rest).load::<i64>(c))?);
    }
    Ok(ids)
}

/// Declares a row, the table it goes to with the types of its columns, and what follows the values.
macro_rules! upserts {
    ($(#[$meta:meta])* struct $row:ident -> $table:literal { $($field:ident: $rust:ty => $sql:ty,)+ } $after:literal) => {
        $(#[$meta])*
        struct $row { $($field: $rust,)+ }
        // `OR FAIL`: SQLite need not be able to undo half a statement, for which it would copy every page it changes;
        // whoever sees one fail rolls back to a savepoint.
        $crate::store::upsert::upserts!(
            @ diesel::sqlite::Sqlite, "INSERT OR FAIL INTO ", $row, $table, [$($field => $sql,)+], $after
        );
        $crate::store::upsert::upserts!(
            @ diesel::pg::Pg, "INSERT INTO ", $row, $table, [$($field => $sql,)+], $after
        );
    };
    (
        @ $backend:ty, $insert:literal, $row:ident, $table:literal, [$($field:ident => $sql:ty,)+], $after:literal
    ) => {
        impl<const FULL: bool> diesel::query_builder::QueryFragment<$backend>
            for $crate::store::upsert::Upsert<'_, $row, FULL>
        {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, $backend>,
            ) -> diesel::QueryResult<()> {
                let columns = [$(stringify!($field)),+];
                out.push_sql(concat!($insert, $table, " ("));
                for (place, column) in columns.iter().enumerate() {
                    out.push_sql(if place == 0 { "" } else { ", " });
                    out.push_sql(column);
                }
                let mut before = ") VALUES (";
                for row in self.0 {
                    $(
                        out.push_sql(before);
                        out.push_bind_param::<$sql, _>(&row.$field)?;
                        before = ", ";
                    )+
                    let _ = before;
                    before = "), (";
                }
                out.push_sql(concat!(") ", $after));
                Ok(())
            }
        }
    };
}
pub(super) use upserts;
