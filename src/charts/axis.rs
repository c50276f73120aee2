//! Scales a reader can follow: round steps of percent, days or months.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::number::Locale;
use super::text::Lettering;

/// Tenths at the end of a scale that shows `highest`, and from one grid line to the next. Never shorter than 100%.
pub(super) fn percent_scale(highest: i64) -> (i64, i64) {
    const MOST_STEPS: i64 = 8;
    // No plan counts that far; a scale must still come out of any figure.
    let highest = highest.clamp(1000, 1_000_000_000);
    let step = [200, 500, 1000, 2000, 5000].into_iter().find(|step| highest <= step * MOST_STEPS);
    let step = step.unwrap_or_else(|| highest / MOST_STEPS / 10_000 * 10_000 + 10_000);
    ((highest + step - 1) / step * step, step)
}

/// The grid lines of a scale with their names; the last one carries the percent sign.
pub(super) fn percent_ticks((end, step): (i64, i64), locale: Locale) -> Vec<(i64, String)> {
    let count = end / step;
    (0..=count)
        .map(|index| index * step)
        .map(|at| (at, if at == end { format!("{}%", locale.whole(at)) } else { locale.whole(at) }))
        .collect()
}

/// A tick of a time axis; some go unnamed for want of room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DayTick {
    pub day: NaiveDate,
    pub label: Option<String>,
}

/// More days than this are told in months.
const LONGEST_IN_DAYS: i64 = 75;
const LABEL_GAP: f64 = 10.0;

/// Ticks from `first` to `last` on an axis `room` pixels long.
pub(super) fn day_ticks(
    first: NaiveDate,
    last: NaiveDate,
    room: f64,
    locale: Locale,
    lettering: Lettering,
) -> Vec<DayTick> {
    if (last - first).num_days() <= LONGEST_IN_DAYS {
        days(first, last, room, locale, lettering)
    } else {
        months(first, last, room, locale, lettering)
    }
}

fn days(first: NaiveDate, last: NaiveDate, room: f64, locale: Locale, lettering: Lettering) -> Vec<DayTick> {
    let label = lettering.width(&locale.short_day(last)) + LABEL_GAP;
    let span = i32::try_from((last - first).num_days()).unwrap_or(i32::MAX);
    let step = [1, 2, 7, 14, 28].into_iter().find(|&step| room * f64::from(step) / f64::from(span.max(1)) >= label);
    let step = u64::try_from(step.unwrap_or(28)).unwrap_or(28);
    walk(first, last, |day| day.checked_add_days(Days::new(step)))
        .map(|day| DayTick { day, label: Some(locale.short_day(day)) })
        .collect()
}

fn months(first: NaiveDate, last: NaiveDate, room: f64, locale: Locale, lettering: Lettering) -> Vec<DayTick> {
    let start = first.with_day(1).unwrap_or(first);
    let begin = if start < first { start.checked_add_months(Months::new(1)).unwrap_or(first) } else { start };
    let count = i32::try_from((last - first).num_days() / 30).unwrap_or(i32::MAX).max(1);
    // Two named ticks in a row may both carry the year, so that the longest label decides.
    let label = lettering.width(&locale.month(last, true)) + LABEL_GAP;
    let named_every =
        [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|&step| room * f64::from(step) / f64::from(count) >= label);
    let named_every = usize::try_from(named_every.unwrap_or(120)).unwrap_or(120);
    let ticks = walk(begin, last, |day| day.checked_add_months(Months::new(1)));
    let mut year = None;
    ticks
        .enumerate()
        .map(|(index, day)| {
            let label = index
                .is_multiple_of(named_every)
                .then(|| locale.month(day, year.replace(day.year()) != Some(day.year())));
            DayTick { day, label }
        })
        .collect()
}

fn walk(
    from: NaiveDate,
    to: NaiveDate,
    next: impl Fn(&NaiveDate) -> Option<NaiveDate>,
) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(from), next).take_while(move |day| *day <= to)
}
