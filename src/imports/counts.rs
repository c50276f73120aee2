//! A file of counts: each row to its verdict, by rules R1 to R9.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    columns::{Column, Count, column_of},
    count::{Reading, count_of, percents_of, shown},
    grid::{Book, Cell},
    header::{Header, Wanted},
    lines::{Kind, Line},
    register::Register,
    sums::check_sums,
    table::{Request, Table, find_table},
    verdict::{Accepted, Detail, Passed, Reason, Refused, Skipped, Unrecognised, Verdicts, Warned},
};

/// Counts that refuse a row which leaves them empty, where the file has a column for them (R9).
const REQUIRED: [Count; 3] = [Count::Total, Count::Smartphone, Count::Bluezone];
/// Which count no other may exceed, in the order of the rules.
const LIMITS: [(Reason, Count, Count); 5] = [
    (Reason::BluezoneAboveSmartphone, Count::Bluezone, Count::Smartphone),
    (Reason::NcoviAboveSmartphone, Count::Ncovi, Count::Smartphone),
    (Reason::AboveTotal, Count::Smartphone, Count::Total),
    (Reason::AboveTotal, Count::Declared, Count::Total),
    (Reason::AboveTotal, Count::Tokhaiyte, Count::Total),
];
/// How far a share may lie from the recomputed one, in points of a percent (R7); and room for what a float cannot say.
const SHARE_MAY_DIFFER: f64 = 0.1 + 1e-9;

/// The counts of a row; none: not reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts([Option<i64>; Count::ALL.len()]);

impl Counts {
    /// One of them.
    pub fn get(&self, count: Count) -> Option<i64> {
        self.0.get(count as usize).copied().flatten()
    }

    fn set(&mut self, count: Count, value: i64) {
        self.0[count as usize] = Some(value);
    }

    /// Those that are reported.
    pub fn reported(&self) -> impl Iterator<Item = (Count, i64)> + '_ {
        Count::ALL.iter().filter_map(|count| Some((*count, self.get(*count)?)))
    }
}

/// What was read of a file, and what is said of each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised<T> {
    /// Name of the sheet; empty in a text file.
    pub sheet: String,
    /// Numbers of the header's rows.
    pub header_rows: Vec<usize>,
    /// The header.
    pub header: Header,
    /// What is said of each row.
    pub verdicts: Verdicts<T>,
}

/// Reads a file of counts.
pub fn read_counts(
    book: &Book,
    request: &Request,
    register: &Register<'_>,
) -> Result<Recognised<Counts>, Unrecognised> {
    let table = find_table(book, request, Wanted::Counts, register)?;
    let (wrong_totals, unnamed_totals) = check_sums(&table);
    let mut verdicts = judge(&table, &unnamed_totals, |line| counts_of(&table, line));
    verdicts.warn.extend(wrong_totals);
    let shares = shares(&table.header);
    for accepted in verdicts.accept.iter().filter(|_| !shares.is_empty()) {
        if let Some(line) = line_at(&table, accepted.row) {
            verdicts.warn.extend(shares.iter().filter_map(|share| check_share(&table, line, &accepted.value, *share)));
        }
    }
    verdicts.sort();
    Ok(recognised(table, verdicts))
}

fn line_at<'a>(table: &'a Table<'_>, row: usize) -> Option<&'a Line> {
    let at = table.lines.binary_search_by_key(&row, |line| line.row).ok()?;
    table.lines.get(at)
}

/// What was read, with its verdicts.
pub(super) fn recognised<T>(table: Table<'_>, verdicts: Verdicts<T>) -> Recognised<T> {
    let rows = table.header.rows.clone().filter_map(|at| table.sheet.rows.get(at)).map(|row| row.number).collect();
    Recognised { sheet: table.sheet.name.clone(), header_rows: rows, header: table.header, verdicts }
}

/// Puts every row of a table into one of the lists; `value` reads what it says of its unit.
pub(super) fn judge<T: PartialEq>(
    table: &Table<'_>,
    unnamed_totals: &[usize],
    value: impl Fn(&Line) -> Result<T, (Reason, Detail)>,
) -> Verdicts<T> {
    let mut out = Verdicts {
        accept: Vec::new(),
        refuse: Vec::new(),
        skip: Vec::new(),
        warn: Vec::new(),
        notices: table.notices.clone(),
    };
    for line in &table.lines {
        let row = line.row;
        let mut pass = |reason| out.skip.push(Skipped { row, reason });
        match &line.kind {
            Kind::Unit(name, unit) => {
                let code = unit.as_ref().ok().cloned();
                let verdict = unit.clone().and_then(|code| Ok((code, table.day(line)?, value(line)?)));
                match verdict {
                    Ok((code, date, value)) => {
                        out.accept.push(Accepted { row, name: name.clone(), code, date, value });
                    }
                    Err((reason, detail)) => {
                        out.refuse.push(Refused { row, name: name.clone(), code, reason, detail });
                    }
                }
            }
            Kind::Section(code) => pass(Passed::Section(code.clone())),
            Kind::Sum(super::label::Sum::Total) => pass(Passed::Total),
            Kind::Sum(super::label::Sum::Subtotal) => pass(Passed::Subtotal),
            Kind::Sum(super::label::Sum::CarriedForward) => pass(Passed::CarriedForward),
            Kind::Unnamed if unnamed_totals.contains(&row) => pass(Passed::Total),
            Kind::Unnamed => out.refuse.push(Refused {
                row,
                name: String::new(),
                code: None,
                reason: Reason::NameUnknown,
                detail: Detail::None,
            }),
            Kind::Other(reason) => pass(reason.clone()),
        }
    }
    settle_repeats(&mut out);
    out
}

/// One row for each unit and day (R5): alike, the first is taken; else none is.
fn settle_repeats<T: PartialEq>(out: &mut Verdicts<T>) {
    let mut of_unit: BTreeMap<(&str, NaiveDate), Vec<usize>> = BTreeMap::new();
    for (at, row) in out.accept.iter().enumerate() {
        of_unit.entry((&row.code, row.date)).or_default().push(at);
    }
    let mut fates: BTreeMap<usize, (bool, usize)> = BTreeMap::new();
    for rows in of_unit.into_values().filter(|rows| rows.len() > 1) {
        let row = |at: usize| out.accept.get(at);
        let Some((first, rest)) = rows.split_first().and_then(|(first, rest)| Some((row(*first)?, rest))) else {
            continue;
        };
        let are_alike = rest.iter().filter_map(|at| row(*at)).all(|other| other.value == first.value);
        if are_alike {
            fates.extend(rest.iter().map(|at| (*at, (true, first.row))));
        } else {
            let other =
                |at: usize| rows.iter().filter(|known| **known != at).find_map(|at| row(*at)).map_or(0, |o| o.row);
            fates.extend(rows.iter().map(|at| (*at, (false, other(*at)))));
        }
    }
    if fates.is_empty() {
        return;
    }
    for (at, accepted) in std::mem::take(&mut out.accept).into_iter().enumerate() {
        let row = accepted.row;
        match fates.get(&at) {
            None => out.accept.push(accepted),
            Some((true, first)) => {
                out.skip.push(Skipped { row, reason: Passed::Repeat });
                out.warn.push(Warned { row, reason: Reason::Repeated, detail: Detail::Row(*first) });
            }
            Some((false, other)) => out.refuse.push(Refused {
                row,
                name: accepted.name,
                code: Some(accepted.code),
                reason: Reason::Repeated,
                detail: Detail::Row(*other),
            }),
        }
    }
}

/// The counts of a row, or the first rule they break.
fn counts_of(table: &Table<'_>, line: &Line) -> Result<Counts, (Reason, Detail)> {
    let mut counts = Counts::default();
    let mut missing = None;
    for (at, count) in table.header.counts() {
        let is_required = REQUIRED.contains(&count);
        match count_of(table.cell(line, at)) {
            Reading::Whole(n) => counts.set(count, n),
            Reading::NotACount(text) => return Err((Reason::NotACount, Detail::Cell(count, text))),
            // A result that the file does not hold is as good as none; but it is not "not reported".
            Reading::NotComputed(text) if !is_required => return Err((Reason::NotACount, Detail::Cell(count, text))),
            Reading::NotComputed(text) => missing = missing.or(Some((count, text))),
            Reading::Blank if is_required => missing = missing.or(Some((count, String::new()))),
            Reading::Blank => {}
        }
    }
    if let Some((count, text)) = missing {
        return Err((Reason::Missing, Detail::Cell(count, text)));
    }
    if counts.reported().next().is_none() {
        let first = table.header.counts().map(|(_, count)| count).next().unwrap_or(Count::Bluezone);
        return Err((Reason::Missing, Detail::Cell(first, String::new())));
    }
    for (reason, count, limit) in LIMITS {
        if let (Some(n), Some(most)) = (counts.get(count), counts.get(limit))
            && n > most
        {
            return Err((reason, Detail::Above(count, n, limit, most)));
        }
    }
    Ok(counts)
}

/// A column of shares: where it stands, of which count in which base.
type Share = (usize, Count, Count);

/// The columns of shares. One that names no count speaks of Bluezone; of several such, each of the count before it.
fn shares(header: &Header) -> Vec<Share> {
    let percents = header.columns.iter().filter_map(|(at, column)| match column {
        Column::Percent(count) => Some((*at, *count)),
        _ => None,
    });
    let heading = |at: usize| header.headings.get(at).map_or("", String::as_str);
    let names_none = |at: usize| {
        let words = heading(at).replace('%', " ");
        !matches!(column_of(&format!("% {words}")), Some(Column::Percent(count)) if count != Count::Bluezone)
            && !words.to_lowercase().contains("bluezone")
    };
    let are_several = percents.clone().count() > 1;
    let of_population = |at: usize| {
        let key = crate::domain::text::search_key(heading(at));
        ["dan so", "tong so", "so dan", "quan so"].iter().any(|words| key.contains(words))
    };
    percents
        .map(|(at, mut count)| {
            if are_several && names_none(at) {
                let before = header.counts().filter(|(column, _)| *column < at).last();
                count = before.map_or(count, |(_, count)| count);
            }
            let has_users = header.at(Column::Count(Count::Smartphone)).is_some();
            let base = if of_population(at) || !has_users || count == Count::Smartphone {
                Count::Total
            } else {
                Count::Smartphone
            };
            (at, count, base)
        })
        .collect()
}

/// Warns of a share that is not what the counts say (R7). Shares are compared, never taken.
fn check_share(table: &Table<'_>, line: &Line, counts: &Counts, (at, count, base): Share) -> Option<Warned> {
    let cell = table.cell(line, at);
    let given = percents_of(cell);
    let share = |base: Count| {
        let (n, of) = (counts.get(count)?, counts.get(base).filter(|of| *of > 0)?);
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let share = n as f64 * 100.0 / of as f64;
        Some((share, n.saturating_mul(10_000) / of))
    };
    let (expected, hundredths) = share(base)?;
    let fits = |expected: f64| given.iter().any(|given| (given - expected).abs() <= SHARE_MAY_DIFFER);
    // Offices take the share of those who declared now in the users, now in everyone.
    let fits_other = matches!(count, Count::Declared | Count::Tokhaiyte)
        && [Count::Total, Count::Smartphone].iter().filter_map(|base| share(*base)).any(|(expected, _)| fits(expected));
    if given.is_empty() || *cell == Cell::Empty || fits(expected) || fits_other {
        return None;
    }
    Some(Warned { row: line.row, reason: Reason::WrongShare, detail: Detail::Share(shown(cell), hundredths) })
}
