//! What tests stand on: a database of their own, a real server on a free port, clients that are signed in.

mod app;
mod database;
pub mod program;
pub mod reporting;
pub mod undone;

pub use app::{Client, PASSWORD, Reply, TestApp};
pub use database::{Kind, TestDatabase, files_below, plan};

use vungxanh::domain::calendar::Instant;

/// When tests begin: a Saturday morning in Chợ Mới, with every seeded zone decision in force.
pub const NOW: &str = "2021-11-20T09:00:00+07:00";

/// An instant as programs write it.
pub fn instant(text: &str) -> Instant {
    text.parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

/// Makes each function that takes a `&TestApp` a test on SQLite and a test on PostgreSQL.
macro_rules! app_tests {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            use crate::harness::{Kind, TestApp};
            #[test]
            fn sqlite() { TestApp::run(Kind::Sqlite, super::$name); }
            #[test]
            fn postgres() { TestApp::run(Kind::Postgres, super::$name); }
        })+
    };
}
pub(crate) use app_tests;

/// Makes each function that takes a `&TestDatabase` a test on SQLite and a test on PostgreSQL.
macro_rules! database_tests {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            use crate::harness::{Kind, TestDatabase};
            fn on(kind: Kind) {
                if kind.is_here() {
                    super::$name(&TestDatabase::seeded(kind));
                }
            }
            #[test]
            fn sqlite() { on(Kind::Sqlite); }
            #[test]
            fn postgres() { on(Kind::Postgres); }
        })+
    };
}
pub(crate) use database_tests;
