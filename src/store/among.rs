//! Whether a column is one of many values, all given in one parameter. A statement with a parameter for each value is
//! another statement for every number of them: prepared anew each time, which costs more than carrying it out.

use std::cell::OnceCell;

use diesel::{
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::{Error, QueryResult},
    serialize::ToSql,
    sql_types::{Array, Bool, HasSqlType, SingleValue, Text},
    sqlite::Sqlite,
};
use serde::Serialize;

/// See [`among`].
#[derive(Debug, Clone)]
pub(super) struct Among<E, T> {
    column: E,
    values: Vec<T>,
    /// The values as SQLite takes them.
    json: OnceCell<String>,
}

/// That `column` is one of `values`; like Diesel's `eq_any`, for lists that may be long.
pub(super) fn among<E: Expression, T>(column: E, values: impl IntoIterator<Item = T>) -> Among<E, T> {
    Among { column, values: values.into_iter().collect(), json: OnceCell::new() }
}

impl<E: Expression, T> Expression for Among<E, T> {
    type SqlType = Bool;
}
impl<E: AppearsOnTable<Q>, T, Q> AppearsOnTable<Q> for Among<E, T> {}
impl<E: SelectableExpression<Q>, T, Q> SelectableExpression<Q> for Among<E, T> {}
impl<E: ValidGrouping<G>, T, G> ValidGrouping<G> for Among<E, T> {
    type IsAggregate = E::IsAggregate;
}

impl<E: QueryId, T> QueryId for Among<E, T> {
    type QueryId = Among<E::QueryId, ()>;
    const HAS_STATIC_QUERY_ID: bool = E::HAS_STATIC_QUERY_ID;
}

impl<E: QueryFragment<Sqlite>, T: Serialize> QueryFragment<Sqlite> for Among<E, T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        if self.json.get().is_none() {
            let json = serde_json::to_string(&self.values).map_err(|error| Error::SerializationError(error.into()))?;
            // Set by nobody else: it was empty.
            let _set = self.json.set(json);
        }
        out.push_sql(" IN (SELECT value FROM json_each(");
        out.push_bind_param::<Text, _>(self.json.get_or_init(String::new))?;
        out.push_sql("))");
        Ok(())
    }
}

impl<E, T> QueryFragment<Pg> for Among<E, T>
where
    E: Expression + QueryFragment<Pg>,
    E::SqlType: SingleValue,
    Pg: HasSqlType<E::SqlType>,
    Vec<T>: ToSql<Array<E::SqlType>, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<E::SqlType>, _>(&self.values)?;
        out.push_sql(")");
        Ok(())
    }
}
