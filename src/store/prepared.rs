//! Statements prepared once for each connection, where Diesel would prepare them anew every time.

use std::marker::PhantomData;

use diesel::{
    QueryResult, RunQueryDsl,
    backend::Backend,
    query_builder::{AstPass, QueryFragment, QueryId},
};

/// A statement worth keeping prepared. Diesel takes every update and upsert for one whose text may differ from call to
/// call; of these we know better. `Id` tells one that always reads the same from all others; without it, `()`, the text
/// does.
pub(super) struct Prepared<Id, Q, const IS_ONE_TEXT: bool> {
    query: Q,
    id: PhantomData<Id>,
}

impl<Id, Q, const IS_ONE_TEXT: bool> Prepared<Id, Q, IS_ONE_TEXT> {
    /// See [`prepared!`].
    pub fn new(query: Q) -> Self {
        Self { query, id: PhantomData }
    }
}

impl<Id: 'static, Q, const IS_ONE_TEXT: bool> QueryId for Prepared<Id, Q, IS_ONE_TEXT> {
    type QueryId = Id;
    const HAS_STATIC_QUERY_ID: bool = IS_ONE_TEXT;
}

impl<Id, Q: QueryFragment<DB>, DB: Backend, const IS_ONE_TEXT: bool> QueryFragment<DB>
    for Prepared<Id, Q, IS_ONE_TEXT>
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Id, Q, C, const IS_ONE_TEXT: bool> RunQueryDsl<C> for Prepared<Id, Q, IS_ONE_TEXT> {}

/// Marks a statement, at the place where it is written, as one whose text is always the same.
macro_rules! prepared {
    ($query:expr) => {{
        enum Here {}
        $crate::store::prepared::Prepared::<Here, _, true>::new($query)
    }};
}
pub(super) use prepared;

/// The most rows in a statement: bounds how many texts a connection keeps.
pub(super) const MOST_ROWS: usize = 64;

/// Inserts rows, `$statement!(rows)` being the statement: one by one on SQLite, which then copies no page to be able
/// to undo half a statement; many at once on PostgreSQL, where each statement is a round trip.
macro_rules! insert_rows {
    ($conn:expr, $rows:expr, $statement:ident) => {
        match &mut $conn.backend {
            $crate::store::connection::Backend::Sqlite(c) => {
                for row in $rows {
                    $crate::store::prepared::prepared!($statement!(row)).execute(c)?;
                }
            }
            $crate::store::connection::Backend::Postgres(c) => {
                for rows in $rows.chunks($crate::store::prepared::MOST_ROWS) {
                    $crate::store::prepared::Prepared::<(), _, false>::new($statement!(rows)).execute(c)?;
                }
            }
        }
    };
}
pub(super) use insert_rows;
