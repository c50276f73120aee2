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
}

/// A zone takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub from: Instant,
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

impl Line {
    /// The line of one place's decisions: official ones that stand; of several at one time the last recorded.
    pub fn of(decisions: &[Decision]) -> Self {
        let mut official: Vec<&Decision> = standing(decisions).filter(|decision| decision.is_official).collect();
        official.sort_by_key(|decision| (decision.effective_from, decision.id));
        let mut line = Self::default();
        for decision in official {
            if line.steps.last().is_some_and(|step| step.from == decision.effective_from) {
                line.steps.pop();
            }
            let known = line.schemes.iter().position(|code| *code == decision.scheme);
            let scheme = known.unwrap_or_else(|| {
                line.schemes.push(decision.scheme.clone());
                line.schemes.len() - 1
            });
            let Decision { id, level, effective_from, .. } = *decision;
            line.steps.push(Step { from: effective_from, decision: id, scheme, level });
        }
        line
    }

    /// What is in force at `at`; none before the first step: unclassified, never green (requirements §5.2 rule 12).
    pub fn at(&self, at: Instant) -> Option<Step> {
        let after = self.steps.partition_point(|step| step.from <= at);
        self.steps[..after].last().copied()
    }

    /// The steps that take effect after `from` and before `to`.
    pub fn within(&self, from: Instant, to: Instant) -> &[Step] {
        let first = self.steps.partition_point(|step| step.from <= from);
        let end = self.steps.partition_point(|step| step.from < to);
        self.steps.get(first..end).unwrap_or_default()
    }

    /// The time between `from` and `to`, cut where a zone takes effect.
    pub fn spans(&self, from: Instant, to: Instant) -> Vec<Span> {
        let mut spans = vec![Span { from, to, step: self.at(from) }];
        for step in self.within(from, to) {
            if let Some(last) = spans.last_mut() {
                last.to = step.from;
            }
            spans.push(Span { from: step.from, to, step: Some(*step) });
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
