//! What is shown of tracing figures, and to whom: small counts of a hamlet are for the health staff of its district only
//! (requirements §6.8). Counts become [`Cell`]s first and everything else (sums, ratios, tables, files) is made of
//! cells, so that no surface can show more than another.
//!
//! Protected: a hamlet's count under 5, against reading it, against subtracting the other hamlets of that day from the
//! commune's count, and against subtracting one period from another. Not protected: what the commune's own count says by
//! itself (0 F0 in the commune are 0 in each hamlet; of a commune with one reporting hamlet the commune's count may be
//! the hamlet's), what somebody knows from elsewhere, and what two people with different rights tell each other.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{
    coded,
    rate::Rate,
    tracing::{Counts, TracingFigure, quarantine_since},
};

/// Counts below this are small.
pub const SMALL: i64 = 5;

/// A count as somebody is shown it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nobody reported it: never 0.
    #[default]
    NotReported,
    /// The count.
    Count(i64),
    /// Under 5; which is not said.
    UnderFive,
    /// Kept back, because it would give a small count away.
    Withheld,
}

impl Cell {
    /// `reported`, `under_5`, …: stable, for programs.
    pub fn state(self) -> &'static str {
        match self {
            Self::NotReported => "not_reported",
            Self::Count(_) => "reported",
            Self::UnderFive => "under_5",
            Self::Withheld => "withheld",
        }
    }

    /// The count, where it is shown.
    pub fn count(self) -> Option<i64> {
        if let Self::Count(count) = self { Some(count) } else { None }
    }

    /// Whether there is a count that is not shown.
    pub fn is_hidden(self) -> bool {
        matches!(self, Self::UnderFive | Self::Withheld)
    }

    /// Puts counts together. Of several, one that is hidden hides the sum: what is shown of two periods must not differ
    /// by a small count.
    pub fn sum(cells: impl IntoIterator<Item = Self>) -> Self {
        cells.into_iter().fold(Self::NotReported, |sum, cell| match (sum, cell) {
            (Self::NotReported, other) | (other, Self::NotReported) => other,
            (Self::Count(a), Self::Count(b)) => Self::Count(a + b),
            _ => Self::Withheld,
        })
    }
}

impl From<Option<&i64>> for Cell {
    fn from(count: Option<&i64>) -> Self {
        count.map_or(Self::NotReported, |count| Self::Count(*count))
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_struct("Cell", 2)?;
        object.serialize_field("state", self.state())?;
        object.serialize_field("count", &self.count())?;
        object.end()
    }
}

/// The figures of one place on one day, as they are shown.
pub type Cells = BTreeMap<TracingFigure, Cell>;

/// A day's figures where nothing needs protection.
pub fn open(counts: &Counts) -> Cells {
    TracingFigure::ALL.iter().map(|figure| (*figure, Cell::from(counts.get(figure)))).collect()
}

/// A day's figures of the hamlets of one commune, for people who may not see small counts; `whole` is the commune's own.
pub fn guarded(hamlets: &[&Counts], whole: Option<&Counts>) -> Vec<Cells> {
    let mut out = vec![Cells::new(); hamlets.len()];
    for figure in TracingFigure::ALL {
        let counts: Vec<Option<i64>> = hamlets.iter().map(|counts| counts.get(figure).copied()).collect();
        let total = whole.and_then(|whole| whole.get(figure).copied());
        for (cells, cell) in out.iter_mut().zip(guard(&counts, total)) {
            cells.insert(*figure, cell);
        }
    }
    out
}

/// One figure of one day. Small counts are "<5"; where the counts beside them and the commune's total would narrow that
/// down, all of them are withheld.
fn guard(counts: &[Option<i64>], total: Option<i64>) -> Vec<Cell> {
    let reported = counts.iter().flatten();
    let small = i64::try_from(reported.clone().filter(|count| **count < SMALL).count()).unwrap_or(i64::MAX);
    let shown: i64 = reported.clone().filter(|count| **count >= SMALL).sum();
    let is_alone = reported.count() < 2;
    // What is left for the small ones. If they are all there is besides, each could be anything from 0 to 4 only while
    // the others can make up the rest; beyond their reach they are plainly not all there is, and nothing follows.
    let is_safe = total.is_none_or(|total| {
        let rest = total - shown;
        let most = SMALL - 1;
        rest >= most.min(total) && (rest <= most * (small - 1) || rest > most * small)
    });
    let cell = |count: &Option<i64>| match count {
        None => Cell::NotReported,
        Some(_) if small > 0 && !is_alone && !is_safe => Cell::Withheld,
        Some(count) if *count < SMALL => Cell::UnderFive,
        Some(count) => Cell::Count(*count),
    };
    counts.iter().map(cell).collect()
}

/// The days of one place.
pub type Days = BTreeMap<NaiveDate, Cells>;

/// A figure of several places over a period: flows are summed, of a stock each place's last day counts.
pub fn total<'a>(
    figure: TracingFigure,
    places: impl IntoIterator<Item = &'a Days>,
    from: NaiveDate,
    to: NaiveDate,
) -> Cell {
    Cell::sum(places.into_iter().map(|days| {
        let mut cells = days.range(from..=to).filter_map(|(_, cells)| cells.get(&figure).copied());
        if figure.is_stock() {
            cells.rfind(|cell| *cell != Cell::NotReported).unwrap_or_default()
        } else {
            Cell::sum(cells)
        }
    }))
}

coded! {
    /// Ratios by which contact tracing is judged, after WHO "Contact tracing in the context of COVID-19" (interim
    /// guidance, 1 February 2021), "Public health criteria to adjust public health and social measures" (12 May 2020)
    /// and the process indicators of the Resolve to Save Lives contact tracing playbook. None is a target of the plan.
    pub enum TracingRatio {
        /// Speed: new F0 whose list of F1 was complete within 24 hours, of new F0.
        ListsIn24h = "lists_in_24h",
        /// Reach: new F0 found in the community, of new F0. The rest were known contacts: low is good.
        CommunityShare = "community_share",
        /// Depth: F1 traced for each new F0.
        F1PerF0 = "f1_per_f0",
        /// Depth: F2 traced for each F1.
        F2PerF1 = "f2_per_f1",
        /// Effect: people in quarantine (centralised and at home) on the last day, to the F1 traced in the 14 days up to
        /// the end of the period. People other than F1 are in quarantine too: it can exceed 100 %.
        InQuarantine = "in_quarantine",
    }
}

impl TracingRatio {
    /// Whether it is read as "so many for each" rather than as a percentage.
    pub fn is_multiple(self) -> bool {
        matches!(self, Self::F1PerF0 | Self::F2PerF1)
    }

    /// Numerator and denominator of a place over a period, from the days on which both were reported.
    fn parts(self, days: &Days, from: NaiveDate, to: NaiveDate) -> Option<(Cell, Cell)> {
        use TracingFigure as F;
        let (of, to_all) = match self {
            Self::ListsIn24h => (F::F1ListsComplete, F::F0New),
            Self::CommunityShare => (F::F0Community, F::F0New),
            Self::F1PerF0 => (F::F1Traced, F::F0New),
            Self::F2PerF1 => (F::F2Traced, F::F1Traced),
            Self::InQuarantine => return in_quarantine(days, to),
        };
        let both = days.range(from..=to).filter_map(|(_, cells)| {
            let (a, b) = (cells.get(&of).copied()?, cells.get(&to_all).copied()?);
            (a != Cell::NotReported && b != Cell::NotReported).then_some((a, b))
        });
        put_together(both)
    }

    /// The ratio of several places over a period: Σ numerators over Σ denominators of those that reported both.
    pub fn of<'a>(self, places: impl IntoIterator<Item = &'a Days>, from: NaiveDate, to: NaiveDate) -> RatioShown {
        match put_together(places.into_iter().filter_map(|days| self.parts(days, from, to))) {
            None => RatioShown::NotReported,
            Some((Cell::Count(counted), Cell::Count(base))) => RatioShown::Known(Rate::new(counted, base)),
            Some(_) => RatioShown::Withheld,
        }
    }
}

fn put_together(pairs: impl Iterator<Item = (Cell, Cell)>) -> Option<(Cell, Cell)> {
    pairs.reduce(|(a, b), (c, d)| (Cell::sum([a, c]), Cell::sum([b, d])))
}

fn in_quarantine(days: &Days, to: NaiveDate) -> Option<(Cell, Cell)> {
    let since = quarantine_since(to);
    let stock = [TracingFigure::QuarantineCentral, TracingFigure::QuarantineHome]
        .map(|figure| total(figure, [days], since, to));
    let traced = total(TracingFigure::F1Traced, [days], since, to);
    let is_known = stock.iter().chain([&traced]).all(|cell| *cell != Cell::NotReported);
    is_known.then(|| (Cell::sum(stock), traced))
}

/// A ratio as somebody is shown it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatioShown {
    /// Numerator or denominator was not reported.
    NotReported,
    /// One of them is a hidden count.
    Withheld,
    /// Both; a denominator of 0 is "không có đối tượng".
    Known(Rate),
}

impl RatioShown {
    /// `reported`, `nobody_to_count`, …: stable, for programs.
    pub fn state(self) -> &'static str {
        match self {
            Self::NotReported => "not_reported",
            Self::Withheld => "withheld",
            Self::Known(rate) if rate.base == 0 => "nobody_to_count",
            Self::Known(_) => "reported",
        }
    }

    /// Numerator and denominator, where they are shown.
    pub fn rate(self) -> Option<Rate> {
        if let Self::Known(rate) = self { Some(rate) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn guarded_cells(counts: &[i64], total: i64) -> Vec<Cell> {
        guard(&counts.iter().copied().map(Some).collect::<Vec<_>>(), Some(total))
    }

    /// Every way the hamlets can add up to the commune (or, if none does, stay within it), by somebody who knows what
    /// is shown; what each hamlet can be.
    fn possible(cells: &[Cell], total: i64) -> Vec<std::collections::BTreeSet<i64>> {
        let range = |cell: &Cell| match cell {
            Cell::Count(count) => *count..=*count,
            Cell::UnderFive => 0..=SMALL - 1,
            Cell::NotReported => 0..=0,
            Cell::Withheld => 0..=total,
        };
        let mut ways: Vec<Vec<i64>> = vec![Vec::new()];
        for cell in cells {
            ways = ways
                .into_iter()
                .flat_map(|way| range(cell).map(move |n| way.iter().copied().chain([n]).collect::<Vec<_>>()))
                .filter(|way| way.iter().sum::<i64>() <= total)
                .collect();
        }
        let exact: Vec<&Vec<i64>> = ways.iter().filter(|way| way.iter().sum::<i64>() == total).collect();
        let ways: Vec<&Vec<i64>> = if exact.is_empty() { ways.iter().collect() } else { exact };
        (0..cells.len()).map(|i| ways.iter().map(|way| way[i]).collect()).collect()
    }

    proptest! {
        #[test]
        fn no_small_count_can_be_subtracted_out_of_the_commune(
            counts in prop::collection::vec(0i64..9, 2..5), elsewhere in 0i64..12
        ) {
            let total = counts.iter().sum::<i64>() + elsewhere;
            let cells = guarded_cells(&counts, total);
            for ((count, cell), possible) in counts.iter().zip(&cells).zip(possible(&cells, total)) {
                if *count < SMALL {
                    prop_assert!(cell.is_hidden());
                    // Nothing but what the commune's own count says: at most as many as there are.
                    for n in 0..=total.min(SMALL - 1) {
                        prop_assert!(possible.contains(&n), "{:?} of {}: {:?}", cells, total, possible);
                    }
                }
            }
        }

        #[test]
        fn a_sum_is_shown_only_if_all_of_it_is(counts in prop::collection::vec(0i64..9, 2..6)) {
            let cells: Vec<Cell> = counts.iter().flat_map(|count| guard(&[Some(*count)], None)).collect();
            let expected = if counts.iter().all(|count| *count >= SMALL) {
                Cell::Count(counts.iter().sum())
            } else {
                Cell::Withheld
            };
            prop_assert_eq!(Cell::sum(cells), expected);
        }
    }

    #[test]
    fn small_counts_read_under_five_and_others_as_they_are() {
        let cells = guarded_cells(&[7, 0, 4, 2, 1], 14);
        assert_eq!(cells[0], Cell::Count(7));
        assert!(cells[1..].iter().all(|cell| *cell == Cell::UnderFive));
        // The commune's 6 less the 5 beside it would say that there is 1.
        assert_eq!(guarded_cells(&[5, 1], 6), [Cell::Withheld, Cell::Withheld]);
        assert_eq!(guard(&[None, Some(3)], Some(3)), [Cell::NotReported, Cell::UnderFive]);
        assert_eq!(guarded_cells(&[5, 9], 14), [Cell::Count(5), Cell::Count(9)]);
    }

    #[test]
    fn ratios_take_the_days_that_reported_both_and_never_a_hidden_count() {
        use TracingFigure::*;
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (from, to) = (day("2021-11-01"), day("2021-11-03"));
        let days = |days: &[(&str, &[(TracingFigure, i64)])]| -> Days {
            days.iter().map(|(of, counts)| (day(of), open(&counts.iter().copied().collect()))).collect()
        };
        let some = days(&[
            ("2021-11-01", &[(F0New, 2000), (F1ListsComplete, 1999)]),
            ("2021-11-02", &[(F0New, 50)]),
            ("2021-11-03", &[(F0New, 0), (F1ListsComplete, 0), (F1Traced, 0)]),
        ]);
        let ratio = |ratio: TracingRatio, days: &Days| ratio.of([days], from, to);
        assert_eq!(ratio(TracingRatio::ListsIn24h, &some), RatioShown::Known(Rate::new(1999, 2000)));
        assert_eq!(ratio(TracingRatio::F1PerF0, &some).state(), "nobody_to_count");
        assert_eq!(ratio(TracingRatio::CommunityShare, &some), RatioShown::NotReported);
        let mut hidden = some;
        hidden.entry(from).or_default().insert(F0New, Cell::UnderFive);
        assert_eq!(ratio(TracingRatio::ListsIn24h, &hidden), RatioShown::Withheld);
    }

    #[test]
    fn of_a_stock_the_last_day_counts_and_a_flow_is_summed() {
        use TracingFigure::*;
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let of = |f1, home| open(&Counts::from([(F1Traced, f1), (QuarantineCentral, 0), (QuarantineHome, home)]));
        let days = Days::from([(day("2021-11-01"), of(10, 30)), (day("2021-11-02"), of(5, 12))]);
        let (from, to) = (day("2021-11-01"), day("2021-11-05"));
        assert_eq!(total(F1Traced, [&days], from, to), Cell::Count(15));
        assert_eq!(total(QuarantineHome, [&days], from, to), Cell::Count(12));
        // 12 in quarantine, 15 traced in the 14 days.
        assert_eq!(TracingRatio::InQuarantine.of([&days], from, to), RatioShown::Known(Rate::new(12, 15)));
    }
}
