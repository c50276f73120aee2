//! A drive to keep and widen green zones (đợt thi đua giữ vững và mở rộng "vùng xanh", plan 127/KH-UBND of Sóc Trăng):
//! how a place did over a window of days (requirements §5.2 rules 13–15).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    Colour, Scheme,
    line::{Line, Span, Step},
};
use crate::domain::{
    calendar::{self, Instant},
    coded,
};

/// The days of a drive, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window {
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

impl Window {
    /// The longest window that is judged, in days: a little more than three years.
    pub const LONGEST: i64 = 1100;

    /// The window, when its days are in order, not too many, and of years that people write with four digits.
    pub fn new(starts_on: NaiveDate, ends_on: NaiveDate) -> Option<Self> {
        let days = (ends_on - starts_on).num_days() + 1;
        let is_in_time = [starts_on, ends_on].iter().all(|day| (1000..=9999).contains(&day.year()));
        (is_in_time && (1..=Self::LONGEST).contains(&days)).then_some(Self { starts_on, ends_on })
    }

    /// The moment of the baseline: 00:00 of the first day (requirements §5.2 rule 13).
    pub fn start(self) -> Instant {
        calendar::start_of(self.starts_on)
    }

    /// 00:00 after the last day: what takes effect then is no longer inside.
    pub fn end(self) -> Instant {
        calendar::end_of(self.ends_on)
    }

    /// Its days.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.starts_on.iter_days().take_while(move |day| *day <= self.ends_on)
    }
}

coded! {
    /// How a place did. Every place has exactly one.
    pub enum Outcome {
        /// Green at the start and throughout: giữ vững (requirements A-14).
        KeptGreen = "kept_green",
        /// Green at both ends, not throughout.
        Dipped = "dipped",
        /// A lower risk at the end than at the start, by whatever path.
        Improved = "improved",
        /// A higher risk at the end.
        Worsened = "worsened",
        /// The same level at both ends, other than green.
        Unchanged = "unchanged",
        /// Unclassified at the start.
        Unclassified = "unclassified",
        /// Its scheme changed inside the window: levels of two schemes are not compared.
        SchemeChanged = "scheme_changed",
    }
}

impl Outcome {
    /// Whether the place can be judged at all.
    pub fn is_eligible(self) -> bool {
        !matches!(self, Self::Unclassified | Self::SchemeChanged)
    }

    /// Whether the place is on the shortlist; a person decides (requirements §5.2 rule 15).
    pub fn is_shortlisted(self) -> bool {
        matches!(self, Self::KeptGreen | Self::Improved)
    }
}

/// A place over a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// How it did.
    pub outcome: Outcome,
    /// In force at the start.
    pub baseline: Option<Step>,
    /// In force at the end.
    pub last: Option<Step>,
    /// The window, cut where a zone took effect.
    pub spans: Vec<Span>,
    /// Days that were green from 00:00 to 24:00.
    pub days_green: usize,
}

/// Judges one place over a window.
pub fn judge(line: &Line, window: Window, schemes: &[Scheme]) -> Judged {
    let spans = line.spans(window.start(), window.end());
    let is_green = |step: Step| line.colour(step, schemes) == Some(Colour::Green);
    let baseline = spans.first().and_then(|span| span.step);
    let last = spans.last().and_then(|span| span.step);
    let outcome = match (baseline, last) {
        (Some(first), Some(_)) if spans.iter().any(|span| span.step.is_some_and(|s| s.scheme != first.scheme)) => {
            Outcome::SchemeChanged
        }
        (Some(first), Some(last)) if last.level < first.level => Outcome::Improved,
        (Some(first), Some(last)) if last.level > first.level => Outcome::Worsened,
        (Some(first), Some(_)) if !is_green(first) => Outcome::Unchanged,
        (Some(_), Some(_)) if spans.iter().all(|span| span.step.is_some_and(is_green)) => Outcome::KeptGreen,
        (Some(_), Some(_)) => Outcome::Dipped,
        _ => Outcome::Unclassified,
    };
    let days_green = days_green(&spans, |span| span.step.is_some_and(is_green));
    Judged { outcome, baseline, last, spans, days_green }
}

/// Whole days inside green stretches; green spans that touch are one stretch.
fn days_green(spans: &[Span], is_green: impl Fn(&Span) -> bool) -> usize {
    let mut stretches: Vec<(Instant, Instant)> = Vec::new();
    for span in spans.iter().filter(|span| is_green(span)) {
        match stretches.last_mut() {
            Some(last) if last.1 == span.from => last.1 = span.to,
            _ => stretches.push((span.from, span.to)),
        }
    }
    let whole_days = |(from, to): (Instant, Instant)| {
        let day = calendar::day(from);
        let first = if calendar::start_of(day) == from { from } else { calendar::end_of(day) };
        usize::try_from((calendar::day(to) - calendar::day(first)).num_days()).unwrap_or(0)
    };
    stretches.into_iter().map(whole_days).sum()
}

/// Places in each colour at one moment, of all the places there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Distribution {
    /// How many of each colour, in the order of [`Colour::ALL`].
    pub by_colour: [usize; 4],
    /// How many without a zone.
    pub unclassified: usize,
}

impl Distribution {
    /// Counts one place.
    pub fn add(&mut self, colour: Option<Colour>) {
        match colour.and_then(|colour| self.by_colour.get_mut(colour as usize)) {
            Some(count) => *count += 1,
            None => self.unclassified += 1,
        }
    }

    /// How many are of a colour.
    pub fn of(&self, colour: Colour) -> usize {
        self.by_colour.get(colour as usize).copied().unwrap_or(0)
    }

    /// Every place.
    pub fn total(&self) -> usize {
        self.classified() + self.unclassified
    }

    /// Places with a zone.
    pub fn classified(&self) -> usize {
        self.by_colour.iter().sum()
    }
}

coded! {
    /// Where a nomination stands. A person moves it; nothing is awarded by itself (requirements R-ST-07, R-ST-12).
    pub enum AwardState {
        /// đề nghị
        Proposed = "proposed",
        /// đã thẩm định
        Appraised = "appraised",
        /// được khen
        Awarded = "awarded",
        /// không khen
        Declined = "declined",
    }
}

impl AwardState {
    /// Whether a mark may follow `before`: proposed, then appraised, then awarded; declined at any time, proposed again
    /// after that.
    pub fn may_follow(self, before: Option<Self>) -> bool {
        match self {
            Self::Proposed => matches!(before, None | Some(Self::Declined)),
            Self::Appraised => before == Some(Self::Proposed),
            Self::Awarded => before == Some(Self::Appraised),
            Self::Declined => before.is_some_and(|before| before != Self::Declined),
        }
    }
}
