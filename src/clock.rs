//! The time, read at the top and handed down as a value.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, Utc};

/// Where the time comes from.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A fixed instant, for tests.
    Fixed(DateTime<Utc>),
    /// An instant that a test moves on, in microseconds since 1970.
    Settable(&'static AtomicI64),
}

impl Clock {
    /// The time now, to the microsecond both databases keep.
    #[expect(clippy::disallowed_methods, reason = "the one place the machine's clock is read")]
    pub fn now(self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Fixed(at) => at,
            Self::Settable(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }
}
