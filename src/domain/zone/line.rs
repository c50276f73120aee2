//! The line of a place: what counts of its decisions, by the time it takes effect.

use super::{Colour, Decision, Scheme, standing};
use crate::domain::calendar::Instant;

/// The zone of one place over all time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Codes of the schemes its steps are of.
    pub schemes: Vec<String>,
    /// Its steps, by rising time; never two at one time.
    pub steps: Vec<Step>,
    /// Numbers of the proposals that stand and that nobody has decided on since, in the order recorded. They never count.
    pub open: Vec<i64>,
}

/// A zone takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When, in Unix seconds: a country has a million steps, and an [`Instant`] takes ten times as long to make.
    pub second: i64,
    /// The decision behind it.
    pub decision: i64,
    /// Which of the line's schemes its level is of.
    pub scheme: usize,
    /// The level.
    pub level: i32,
}

/// A stretch of time with one zone, or with none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first instant.
    pub from: Instant,
    /// The first instant that is no longer in it.
    pub to: Instant,
    /// What was in force; none: unclassified.
    pub step: Option<Step>,
}

impl Step {
    /// When it takes effect.
    pub fn from(self) -> Instant {
        // A second that is no time was never one of an `Instant`.
        Instant::from_timestamp_secs(self.second).unwrap_or_default()
    }

    /// Whether it puts a place into the zone of another step of the same line: the same level decided again.
    pub fn is_as(self, other: Self) -> bool {
        (self.scheme, self.level) == (other.scheme, other.level)
    }
}

impl Line {
    /// The line of one place's decisions: official ones that stand; of several at one time the last recorded.
    pub fn of(decisions: &[Decision]) -> Self {
        let (mut official, proposals): (Vec<&Decision>, Vec<&Decision>) =
            standing(decisions).partition(|decision| decision.is_official);
        official.sort_by_key(|decision| (decision.effective_from, decision.id));
        let last_decided = official.iter().map(|decision| decision.id).max();
        let mut open: Vec<i64> = proposals.into_iter().map(|decision| decision.id).collect();
        open.retain(|id| Some(*id) > last_decided);
        open.sort_unstable();
        let mut line = Self { open, ..Self::default() };
        for decision in official {
            let second = decision.effective_from.timestamp();
            if line.steps.last().is_some_and(|step| step.second == second) {
                line.steps.pop();
            }
            let known = line.schemes.iter().position(|code| *code == decision.scheme);
            let scheme = known.unwrap_or_else(|| {
                line.schemes.push(decision.scheme.clone());
                line.schemes.len() - 1
            });
            line.steps.push(Step { second, decision: decision.id, scheme, level: decision.level });
        }
        line
    }

    /// The line without the steps that decide the same level again.
    #[must_use]
    pub fn changes(&self) -> Self {
        let changes = self.steps.chunk_by(|a, b| a.is_as(*b)).filter_map(|same| same.first()).copied();
        Self { steps: changes.collect(), ..self.clone() }
    }

    /// What is in force at `at`; none before the first step: unclassified, never green (requirements §5.2 rule 12).
    pub fn at(&self, at: Instant) -> Option<Step> {
        let after = self.steps.partition_point(|step| step.second <= at.timestamp());
        self.steps[..after].last().copied()
    }

    /// The steps that take effect after `from` and before `to`, both at whole seconds.
    fn within(&self, from: Instant, to: Instant) -> &[Step] {
        let first = self.steps.partition_point(|step| step.second <= from.timestamp());
        let end = self.steps.partition_point(|step| step.second < to.timestamp());
        self.steps.get(first..end).unwrap_or_default()
    }

    /// The time between `from` and `to`, cut where a zone takes effect.
    pub fn spans(&self, from: Instant, to: Instant) -> Vec<Span> {
        let mut spans = vec![Span { from, to, step: self.at(from) }];
        for step in self.within(from, to) {
            if let Some(last) = spans.last_mut() {
                last.to = step.from();
            }
            spans.push(Span { from: step.from(), to, step: Some(*step) });
        }
        spans
    }

    /// The code of a step's scheme.
    pub fn scheme(&self, step: Step) -> &str {
        self.schemes.get(step.scheme).map_or("", String::as_str)
    }

    /// The schemes of the line in its own order, found once for many steps; none where one is not known.
    pub fn known<'a>(&self, schemes: &'a [Scheme]) -> Vec<Option<&'a Scheme>> {
        self.schemes.iter().map(|code| schemes.iter().find(|scheme| scheme.code == *code)).collect()
    }

    /// The colour of a step; none where the scheme or its level is not known.
    pub fn colour(&self, step: Step, schemes: &[Scheme]) -> Option<Colour> {
        let code = self.scheme(step);
        schemes.iter().find(|scheme| scheme.code == code)?.level(step.level).map(|level| level.colour)
    }
}
