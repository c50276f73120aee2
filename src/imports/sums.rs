//! Totals of a file against the rows they sum up (rule R8).

use std::collections::HashSet;

use super::{
    columns::Count,
    count::{Reading, count_of},
    lines::{Kind, Line},
    table::Table,
    verdict::{Detail, Reason, Warned},
};

const COUNTS: usize = Count::ALL.len();

/// What the rows of units up to some point add up to: of each count the sum, and how many could not be read.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    rows: usize,
    sums: [i64; COUNTS],
    unread: [i64; COUNTS],
}

impl Tally {
    fn add(&mut self, count: Count, reading: &Reading) {
        let at = count as usize;
        match reading {
            Reading::Whole(n) => self.sums[at] = self.sums[at].saturating_add(*n),
            Reading::Blank => {}
            Reading::NotACount(_) | Reading::NotComputed(_) => self.unread[at] += 1,
        }
    }

    /// The sum of one count between two points; none where a row between them could not be read.
    fn between(from: &Self, to: &Self, count: Count) -> Option<i64> {
        let at = count as usize;
        (from.unread[at] == to.unread[at]).then(|| to.sums[at] - from.sums[at])
    }
}

/// A sum that the file states: where its line stands, and over which rows it may go, the likeliest first.
struct Stated<'a> {
    line: &'a Line,
    spans: Vec<(usize, usize)>,
}

/// Warns of every total that no reading of its rows agrees with. Returns too which unnamed rows are totals.
pub fn check_sums(table: &Table<'_>) -> (Vec<Warned>, Vec<usize>) {
    let stated = stated(&table.lines);
    if stated.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let tallies = tallies(table);
    let of = |line: &Line| -> Vec<(Count, i64)> {
        let read = |(at, count)| match count_of(table.cell(line, at)) {
            Reading::Whole(n) => Some((count, n)),
            _ => None,
        };
        table.header.counts().filter_map(read).collect()
    };
    let differs = |stated: &[(Count, i64)], (from, to): (usize, usize)| -> Option<(Count, i64, i64)> {
        let (from, to) = (tallies.get(from)?, tallies.get(to)?);
        stated.iter().find_map(|(count, given)| {
            let sum = Tally::between(from, to, *count)?;
            (sum != *given).then_some((*count, *given, sum))
        })
    };
    let (mut warned, mut totals) = (Vec::new(), Vec::new());
    for Stated { line, spans } in stated {
        let given = of(line);
        // Zeros agree with no rows at all.
        let has_rows = |(from, to): (usize, usize)| {
            tallies.get(to).is_some_and(|to| tallies.get(from).is_some_and(|from| from.rows < to.rows))
        };
        let agrees = spans.iter().any(|span| has_rows(*span) && differs(&given, *span).is_none());
        if line.kind == Kind::Unnamed {
            if agrees && !given.is_empty() {
                totals.push(line.row);
            }
        } else if let (false, Some(difference)) = (agrees, spans.first().and_then(|span| differs(&given, *span))) {
            let (count, given, sum) = difference;
            warned.push(Warned { row: line.row, reason: Reason::WrongTotal, detail: Detail::Sum(count, given, sum) });
        }
    }
    (warned, totals)
}

/// What the rows of units before each line add up to, and after the last.
fn tallies(table: &Table<'_>) -> Vec<Tally> {
    let mut tally = Tally::default();
    let mut tallies = vec![tally];
    let mut seen = HashSet::new();
    for line in &table.lines {
        if let Kind::Unit(_, unit) = &line.kind {
            let counts: Vec<Reading> = table.header.counts().map(|(at, _)| count_of(table.cell(line, at))).collect();
            // A row that only says again what another says counts once (R5).
            let said = (unit.as_ref().ok(), table.day(line).ok(), counts);
            if said.0.is_none() || !seen.contains(&said) {
                tally.rows += 1;
                for ((_, count), reading) in table.header.counts().zip(&said.2) {
                    tally.add(count, reading);
                }
                seen.insert(said);
            }
        }
        tallies.push(tally);
    }
    tallies
}

/// Every sum stated, with the stretches of lines it may be of.
fn stated(lines: &[Line]) -> Vec<Stated<'_>> {
    use super::label::Sum;
    let end = lines.len();
    let is_section = |line: &Line| matches!(line.kind, Kind::Section(_));
    let is_sum = |line: &Line| matches!(line.kind, Kind::Sum(_));
    let mut sections: Vec<usize> = vec![end; end + 1];
    // Where the next section of the same or a higher level begins: codes of provinces are shorter than those of districts.
    let (mut beyond, mut next) = (vec![end; end], [end; 6]);
    for (at, line) in lines.iter().enumerate().rev() {
        sections[at] = if is_section(line) { at } else { sections[at + 1] };
        if let Kind::Section(Some(code)) = &line.kind {
            let level = code.len().min(next.len() - 1);
            beyond[at] = next.iter().take(level + 1).copied().min().unwrap_or(end);
            next[level] = at;
        }
    }
    let (mut section, mut sum) = (0, 0);
    let mut stated = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let next_section = sections.get(at + 1).copied().unwrap_or(end);
        let spans = match &line.kind {
            Kind::Sum(Sum::Total) => vec![(0, end), (section, at), (0, at), (sum, at), (at, end), (at, next_section)],
            Kind::Sum(_) => vec![(section, at), (sum, at), (0, at), (at, next_section), (0, end)],
            Kind::Section(_) => vec![(at, next_section), (at, beyond[at])],
            Kind::Unnamed => vec![(0, end), (section, at), (sum, at), (0, at)],
            _ => Vec::new(),
        };
        if !spans.is_empty() {
            stated.push(Stated { line, spans });
        }
        if is_section(line) {
            section = at;
        }
        if is_sum(line) {
            sum = at;
        }
    }
    stated
}
