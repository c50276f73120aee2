//! Any number of cases in one database: each is undone, so that the next begins as the first did.

use std::fmt::Debug;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use vungxanh::{
    store::{Conn, Failure, Store, StoreError},
    usecases::UseCaseError,
};

/// The end of a case: always undone.
pub enum Undone {
    Fine,
    Store(StoreError),
    Wrong(String),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<UseCaseError> for Undone {
    fn from(error: UseCaseError) -> Self {
        Self::Wrong(format!("{error}: {error:?}"))
    }
}

impl Failure for Undone {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// Tries a number of cases; `play` ends with [`Undone::Fine`] when all is well.
pub fn try_cases<C: Debug + Clone + Send + 'static>(
    store: &Store,
    (cases, strategy): (u32, impl Strategy<Value = C>),
    play: impl Fn(&mut Conn, &C) -> Result<(), Undone> + Clone + Send + 'static,
) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&strategy, |case| {
            let play = play.clone();
            match store.write_now(move |conn| play(conn, &case)) {
                Err(Undone::Fine) => Ok(()),
                Err(Undone::Wrong(what)) => Err(TestCaseError::fail(what)),
                Err(Undone::Store(error)) => Err(TestCaseError::fail(error.to_string())),
                Ok(()) => Err(TestCaseError::fail("the case was not undone")),
            }
        })
        .unwrap_or_else(|e| panic!("{e}"));
}
