//! Rates, in integers: what was counted, out of what base, and how far from all of it.

use serde::{Deserialize, Serialize};

/// A count out of a base, both in the same unit (people, households).
///
/// `counted` is what counts towards the base: where a surplus is possible the caller has already cut it
/// to the base, unit by unit (requirements §5.2 rule 2), except for figures that carry no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rate {
    /// How many reached it.
    pub counted: i64,
    /// Out of how many.
    pub base: i64,
}

impl Rate {
    /// `counted` out of `base`.
    pub fn new(counted: i64, base: i64) -> Self {
        Self { counted, base }
    }

    /// Tenths of a percent, truncated, so that 1999 of 2000 is 999 and only all of them is 1000
    /// (requirements §5.2 rule 4). `None` where there is nobody to count.
    ///
    /// ```
    /// use vungxanh::domain::rate::Rate;
    /// assert_eq!(Rate::new(1999, 2000).tenths(), Some(999));
    /// assert_eq!(Rate::new(0, 0).tenths(), None);
    /// ```
    pub fn tenths(self) -> Option<i64> {
        (self.base > 0).then(|| self.counted * 1000 / self.base)
    }

    /// How many are missing to all of the base; never negative.
    pub fn gap(self) -> i64 {
        (self.base - self.counted).max(0)
    }

    /// Whether everyone in a base that is not empty is counted (requirements §5.2 rule 3).
    pub fn is_full(self) -> bool {
        self.base > 0 && self.counted >= self.base
    }

    /// Whether the rate is at least `percent`, compared exactly rather than as shown.
    pub fn reaches(self, percent: u8) -> bool {
        self.base > 0 && self.counted * 100 >= self.base * i64::from(percent)
    }
}

impl std::ops::Add for Rate {
    type Output = Self;

    /// Σ counts over Σ bases: the only way rates are ever put together (requirements §5.2 rule 6).
    fn add(self, other: Self) -> Self {
        Self::new(self.counted + other.counted, self.base + other.base)
    }
}

impl std::iter::Sum for Rate {
    fn sum<I: Iterator<Item = Self>>(rates: I) -> Self {
        rates.fold(Self::default(), std::ops::Add::add)
    }
}
