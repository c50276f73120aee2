//! The rows below a header, each for what it is: a unit's, a section's heading, a sum, the header again, words around.

mod level;
mod whose;

use super::{
    columns::Column,
    count::{Reading, count_of, shown},
    grid::{Area, Cell, Format, Row, Sheet},
    header::Header,
    label::{Sum, is_ordinal, names_a_commune, names_a_district, sum_of},
    register::{Found, Register},
    verdict::{Detail, Passed, Reason},
};
use crate::domain::unit::UnitKind;

/// How many unknown names of a file are explained; beyond, nobody reads them, and a list of surnames takes no minute.
const MOST_LOOKS: usize = 200;

/// What stands before the headings of last time's figures in our own forms.
const LAST_TIME: &str = "Kỳ trước:";

/// A row and what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Index of the row in the sheet.
    pub at: usize,
    /// Number of the row in the file.
    pub row: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a row is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A unit's: its name as written, and which unit it is or why that is not known.
    Unit(String, Result<String, (Reason, Detail)>),
    /// The heading of the rows under it, which may carry their sums.
    Section(Option<String>),
    /// A sum.
    Sum(Sum),
    /// Figures without a name: a sum if they are one.
    Unnamed,
    /// None of these.
    Other(Passed),
}

/// Reads the rows of a table one after the other.
pub struct Lines<'a> {
    sheet: &'a Sheet,
    header: &'a Header,
    register: &'a Register<'a>,
    /// How many unknown names are still worth a look for what may have been meant.
    looks: usize,
    scope: Option<&'a str>,
    /// Vertically merged cells of columns that say whose a row is.
    merged: Vec<Area>,
    name: Option<usize>,
    code: Option<usize>,
    /// The part the rows stand in: its code if known, its name.
    section: Option<(Option<String>, String)>,
    /// The province whose districts are the sections, where they are.
    province: Option<String>,
    district: Option<String>,
    /// The district last looked for, with its province if that is named, and its code.
    last_district: Option<(String, Option<String>)>,
    /// The level of its units, where it is known.
    level: Option<UnitKind>,
    read: Vec<Line>,
}

/// A unit that the rows below stand in; its code, where it is known.
struct Announced(Option<String>);

/// Every row of the table, in order.
pub fn lines(
    sheet: &Sheet,
    format: Format,
    header: &Header,
    register: &Register<'_>,
    scope: Option<&str>,
) -> Vec<Line> {
    let whose = |at: usize| {
        matches!(header.columns.get(&at), Some(Column::Name | Column::District | Column::Province | Column::Date))
    };
    let merged =
        sheet.merged.iter().filter(|area| area.rows.0 < area.rows.1 && whose(area.columns.0)).copied().collect();
    let mut reader = Lines {
        sheet,
        header,
        register,
        looks: MOST_LOOKS,
        scope,
        merged,
        name: header.at(Column::Name),
        code: header.at(Column::Code),
        section: None,
        province: None,
        district: None,
        last_district: None,
        level: level::told_by(header),
        read: Vec::new(),
    };
    reader.below();
    if reader.level.is_none()
        && let Some(level) = reader.agreed_level()
    {
        reader.level = Some(level);
        reader.below();
    }
    let below = std::mem::take(&mut reader.read);
    reader.above(format);
    reader.read.extend(below);
    reader.settle_words(format);
    reader.read
}

impl Lines<'_> {
    /// Every row below the header.
    fn below(&mut self) {
        self.looks = MOST_LOOKS;
        (self.section, self.province, self.district) = (None, None, None);
        self.read.clear();
        for (at, row) in self.sheet.rows.iter().enumerate().skip(self.header.rows.end) {
            let kind = self.kind(at, row);
            self.read.push(Line { at, row: row.number, kind });
        }
    }

    /// The title above the header. In a workbook, what a blank row sets apart stands outside the table.
    fn above(&mut self, format: Format) {
        let above = || self.sheet.rows.iter().enumerate().take(self.header.rows.start);
        let is_apart = |(at, row): &(usize, &Row)| {
            let next = self.sheet.rows.get(at + 1).map_or(row.number, |next| next.number);
            format != Format::Text && (is_blank(row) || next > row.number + 1)
        };
        let first = above().rfind(is_apart).map_or(0, |(at, _)| at + 1);
        for (at, row) in above().skip(first) {
            let kind = Kind::Other(if is_blank(row) { Passed::Blank } else { Passed::Title });
            self.read.push(Line { at, row: row.number, kind });
        }
    }

    /// Whether a row of a form that shows last time's figures was left as it went out.
    fn is_untouched(&self, row: &Row) -> bool {
        let is_empty = |(at, _)| matches!(row.cells.get(at), None | Some(Cell::Empty));
        self.header.headings.iter().any(|heading| heading.starts_with(LAST_TIME)) && self.header.counts().all(is_empty)
    }

    fn kind(&mut self, at: usize, row: &Row) -> Kind {
        if is_blank(row) || self.is_untouched(row) {
            return Kind::Other(Passed::Blank);
        }
        if self.header.is_repeated_by(row) || self.header.is_numbered_by(row) {
            return Kind::Other(Passed::RepeatedHeader);
        }
        let has_figures = self.has_figures(row);
        let (mut name, code) = (self.name_of(at, row), self.code_of(row));
        if name.is_empty() && code.is_empty() {
            let label = self.label(row);
            match sum_of(&label, self.section_name()) {
                Some(sum) => return Kind::Sum(sum),
                None if !has_figures => return self.heading(at, &label),
                // A row that is counted among the units has lost its name.
                None if label.is_empty() && self.is_numbered(row) => {
                    return Kind::Unit(label, Err((Reason::NameUnknown, Detail::None)));
                }
                None if label.is_empty() => return Kind::Unnamed,
                // Names may stand in merged cells that begin in the column of numbers.
                None => name = label,
            }
        }
        if !has_figures && let Some(Announced(section)) = self.section_of(at, &name) {
            return self.open_section(section, &name);
        }
        let unit = self.unit(at, row, &name, &code);
        if let Ok(found) = &unit
            && has_figures
            && self.is_above(found)
            && self.heads_its_rows(at, found)
        {
            return self.open_section(Some(found.clone()), &name);
        }
        if unit.is_err()
            && let Some(sum) = sum_of(&self.label(row), self.section_name())
        {
            return Kind::Sum(sum);
        }
        if unit.is_err() && has_figures && self.is_the_scope(&name) {
            return Kind::Sum(Sum::Total);
        }
        // Inside a section a district of the scope that carries its own sums is the next section.
        if unit.is_err()
            && has_figures
            && self.section.is_some()
            && let Found::Unit(found) = self.part(&name)
            && self.is_above(&found)
            && self.heads_its_rows(at, &found)
        {
            return self.open_section(Some(found), &name);
        }
        if unit.is_err() && !has_figures && !self.is_numbered(row) && !names_a_commune(&name) {
            return Kind::Other(Passed::Footer);
        }
        Kind::Unit(if name.is_empty() { code } else { name }, unit)
    }

    /// Whether a row has a number in the column of numbers.
    fn is_numbered(&self, row: &Row) -> bool {
        let ordinal = self.text(row, Column::Ordinal);
        !ordinal.is_empty() && ordinal.bytes().all(|b| b.is_ascii_digit())
    }

    /// Words before the column of names, without figures: a district whose rows follow, or none of the table's.
    fn heading(&mut self, at: usize, label: &str) -> Kind {
        match self.section_of(at, label) {
            Some(Announced(section)) if names_a_district(label) => self.open_section(section, label),
            _ => Kind::Other(Passed::Footer),
        }
    }

    fn open_section(&mut self, code: Option<String>, name: &str) -> Kind {
        if let Some(code) = code.as_ref().filter(|code| self.register.kind(code) == Some(UnitKind::Province)) {
            self.province = Some(code.clone());
        }
        self.section = Some((code.clone(), name.to_owned()));
        self.district = None;
        Kind::Section(code)
    }

    fn section_name(&self) -> Option<&str> {
        self.section.as_ref().map(|(_, name)| name.as_str())
    }

    /// The unit that a row without figures announces: a district, or a commune whose hamlets follow.
    fn section_of(&self, at: usize, name: &str) -> Option<Announced> {
        if sum_of(name, self.section_name()).is_some() {
            return None;
        }
        let is_district = |code: &String| self.is_above(code);
        match self.part(name) {
            Found::Unit(code) if is_district(&code) || self.heads_its_rows(at, &code) => Some(Announced(Some(code))),
            Found::Unit(_) => None,
            Found::Several(codes) => {
                let districts: Vec<String> = codes.into_iter().filter(is_district).collect();
                match districts.as_slice() {
                    [one] => Some(Announced(Some(one.clone()))),
                    _ => names_a_district(name).then_some(Announced(None)),
                }
            }
            Found::None if self.is_the_scope(name) => Some(Announced(self.scope.map(str::to_owned))),
            Found::None => names_a_district(name).then_some(Announced(None)),
        }
    }

    /// Whether a name is the scope's own: "HUYỆN CHỢ MỚI" above the communes of that district.
    fn is_the_scope(&self, name: &str) -> bool {
        self.scope.is_some_and(|scope| self.register.is_name_of(name, scope))
    }

    /// Whether the next row that names a unit names one strictly inside this place.
    fn heads_its_rows(&self, at: usize, code: &str) -> bool {
        let kind = self.register.kind(code);
        // Units of a table's own level stand beside one another: Thái Bình is no ward of Hòa Bình.
        if !kind.is_some_and(UnitKind::is_place) || kind == self.level {
            return false;
        }
        let below = self.sheet.rows.iter().enumerate().skip(at + 1).filter(|(_, row)| !is_blank(row));
        let next = below
            .map(|(at, row)| (self.name_of(at, row), self.code_of(row)))
            .find(|(name, code)| !name.is_empty() || !code.is_empty());
        let Some((next, next_code)) = next else { return false };
        if next.is_empty() {
            let next = self.register.by_code(&next_code);
            return next.is_some_and(|unit| unit != code && self.register.is_in(&unit, code));
        }
        // A name that fits inside fits better than one that also fits beside it: communes seldom follow their namesake.
        self.register.find(&next, Some(code)) != Found::None
            && !matches!(self.register.find(&next, self.scope), Found::Unit(unit) if !self.register.is_in(&unit, code))
    }

    fn text(&self, row: &Row, column: Column) -> String {
        self.header.at(column).and_then(|at| row.cells.get(at)).map(shown).unwrap_or_default()
    }

    fn code_of(&self, row: &Row) -> String {
        self.code.and_then(|at| row.cells.get(at)).map(shown).unwrap_or_default()
    }

    /// The name of a row's unit; where names stand in the column of numbers (a merged cell), there.
    fn name_of(&self, at: usize, row: &Row) -> String {
        self.name.map(|column| self.filled(at, row, column)).unwrap_or_default()
    }

    /// What stands in a column, taken from the first cell where rows are merged.
    fn filled(&self, at: usize, row: &Row, column: usize) -> String {
        match row.cells.get(column) {
            None | Some(Cell::Empty) => cell_above(self.sheet, &self.merged, at, column).map(shown).unwrap_or_default(),
            Some(cell) => shown(cell),
        }
    }

    /// The first words of a row that stand before its figures, what counts the rows ("A", "IV.", "*") aside.
    fn label(&self, row: &Row) -> String {
        let first = self.header.first_figure().max(self.name.map_or(0, |name| name + 1));
        let is_word = |cell: &&Cell| matches!(cell, Cell::Text(text) if !text.trim().is_empty());
        let words: Vec<String> = row.cells.iter().take(first).filter(is_word).map(shown).collect();
        words.into_iter().find(|word| !is_ordinal(word)).unwrap_or_default()
    }

    fn has_figures(&self, row: &Row) -> bool {
        self.header.columns.iter().any(|(at, column)| match (column, row.cells.get(*at)) {
            (Column::Count(_), Some(cell)) => matches!(count_of(cell), Reading::Whole(_) | Reading::NotComputed(_)),
            (Column::Zone, Some(cell)) => *cell != Cell::Empty,
            _ => false,
        })
    }

    /// Words are a title where the header comes again after them, a footer where no unit follows, else a heading.
    /// Blank rows are the table's own where rows of it stand on both sides.
    fn settle_words(&mut self, format: Format) {
        let is_body =
            |kind: &Kind| matches!(kind, Kind::Unit(..) | Kind::Sum(_) | Kind::Unnamed | Kind::Section(Some(_)));
        // "UBND XÃ KIẾN AN" below the total is who signs.
        let last_sum = self.read.iter().rposition(|line| matches!(line.kind, Kind::Sum(Sum::Total)));
        for line in self.read.iter_mut().skip(last_sum.map_or(usize::MAX, |sum| sum + 1)) {
            if matches!(line.kind, Kind::Unit(..)) && is_signature(self.sheet, self.header, line) {
                line.kind = Kind::Other(Passed::Footer);
            }
        }
        let last = self.read.iter().rposition(|line| is_body(&line.kind)).unwrap_or(0);
        let mut header_follows = false;
        for (index, line) in self.read.iter_mut().enumerate().rev() {
            let is_after = index > last;
            match &line.kind {
                Kind::Other(Passed::RepeatedHeader) => header_follows = true,
                Kind::Other(Passed::Footer) if !is_after => {
                    let words = if header_follows { Passed::Title } else { Passed::Section(None) };
                    line.kind = Kind::Other(words);
                }
                Kind::Section(None) if is_after => line.kind = Kind::Other(Passed::Footer),
                Kind::Other(_) => {}
                _ => header_follows = false,
            }
        }
        if format != Format::Text {
            let mut index = 0;
            self.read.retain(|line| {
                index += 1;
                index - 1 <= last || line.kind != Kind::Other(Passed::Blank)
            });
        }
    }
}

/// The cell of a vertically merged area that a row's empty cell belongs to.
pub(super) fn cell_above<'a>(sheet: &'a Sheet, merged: &[Area], at: usize, column: usize) -> Option<&'a Cell> {
    let number = sheet.rows.get(at)?.number;
    let covers = |area: &&Area| {
        (area.rows.0..=area.rows.1).contains(&number) && (area.columns.0..=area.columns.1).contains(&column)
    };
    let area = merged.iter().find(covers)?;
    let first = sheet.rows.binary_search_by_key(&area.rows.0, |row| row.number).ok()?;
    sheet.rows.get(first)?.cells.get(area.columns.0)
}

fn is_signature(sheet: &Sheet, header: &Header, line: &Line) -> bool {
    let Some(row) = sheet.rows.get(line.at) else { return false };
    let has_count =
        header.counts().any(|(at, _)| row.cells.get(at).is_some_and(|c| matches!(count_of(c), Reading::Whole(_))));
    let has_zone = header.at(Column::Zone).and_then(|at| row.cells.get(at)).is_some_and(|cell| *cell != Cell::Empty);
    !has_count && !has_zone
}

fn is_above_communes(kind: UnitKind) -> bool {
    matches!(kind, UnitKind::Province | UnitKind::District)
}

fn is_blank(row: &Row) -> bool {
    row.cells.iter().all(|cell| match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty(),
        _ => false,
    })
}
