//! Which unit a row speaks of: by its code, its name, the columns and headings that say where it lies.

use super::Lines;
use crate::imports::{
    columns::Column,
    grid::Row,
    register::{Found, Near},
    verdict::{Detail, Reason},
};

impl Lines<'_> {
    /// Which unit a row speaks of.
    pub(super) fn unit(&mut self, at: usize, row: &Row, name: &str, code: &str) -> Result<String, (Reason, Detail)> {
        let within = self.within(at, row)?;
        let (scope, register) = (self.scope, self.register);
        let in_scope = |code: &String| scope.is_none_or(|scope| code != scope && register.is_in(code, scope));
        if code.is_empty() {
            return match self.find(at, name, within.as_deref()) {
                Found::Unit(unit) => Ok(unit),
                Found::Several(units) => Err((Reason::NameAmbiguous, Detail::Units(units))),
                Found::None => Err(self.unknown(name, within.as_deref())),
            };
        }
        let Some(coded) = self.register.by_code(code) else {
            // A number of the office's own says nothing against the name; a code that no unit has does.
            return match self.unit(at, row, name, "") {
                named if !is_official(code) && !name.is_empty() => named,
                _ if is_official(code) => Err((Reason::CodeAbolished, Detail::Given(code.to_owned()))),
                _ => Err((Reason::NameUnknown, Detail::Given(code.to_owned()))),
            };
        };
        if name.is_empty() {
            return if in_scope(&coded) {
                Ok(coded)
            } else {
                Err((Reason::NameUnknown, Detail::Given(code.to_owned())))
            };
        }
        // "UBND xã Kiến An" names a place too; beside the committee's code it names the committee.
        if in_scope(&coded) && self.register.is_named(&coded, name) {
            return Ok(coded);
        }
        match self.find(at, name, within.as_deref()) {
            Found::Unit(named) if named == coded => Ok(coded),
            // The code settles which of the namesakes is meant, and what a slip of the pen meant.
            Found::Several(units) if units.contains(&coded) && in_scope(&coded) => Ok(coded),
            Found::None if in_scope(&coded) && self.near(name, within.as_deref()).units.contains(&coded) => Ok(coded),
            Found::None if !in_scope(&coded) => Err(self.unknown(name, within.as_deref())),
            _ => Err((Reason::CodeNameConflict, Detail::Units(vec![coded]))),
        }
    }

    fn near(&mut self, name: &str, within: Option<&str>) -> Near {
        if self.looks == 0 {
            return Near::default();
        }
        self.looks -= 1;
        self.register.near(name, within)
    }

    fn unknown(&mut self, name: &str, within: Option<&str>) -> (Reason, Detail) {
        let Near { units, is_abolished } = self.near(name, within);
        let detail = if is_abolished {
            Detail::Abolished(units)
        } else if units.is_empty() {
            Detail::Given(name.to_owned())
        } else {
            Detail::Near(units)
        };
        (Reason::NameUnknown, detail)
    }

    /// The place a row lies in: what its own columns say, else its section, else the scope.
    fn within(&mut self, at: usize, row: &Row) -> Result<Option<String>, (Reason, Detail)> {
        let scope = self.scope.map(str::to_owned);
        if let Some(column) = self.header.at(Column::District) {
            let written = self.filled(at, row, column);
            if !written.is_empty() {
                self.district = Some(written);
            }
            if let Some(district) = &self.district {
                let province = self.header.at(Column::Province).map(|column| self.filled(at, row, column));
                let whole = match province.filter(|province| !province.is_empty()) {
                    Some(province) if self.scope.is_none() => format!("{district}, {province}"),
                    _ => district.clone(),
                };
                // The rows of a district stand together.
                let found = match &self.last_district {
                    Some((name, found)) if *name == whole => found.clone(),
                    _ => self.district_of(&whole),
                };
                self.last_district = Some((whole, found.clone()));
                return match found {
                    Some(code) => Ok(Some(code)),
                    None => Err((Reason::NameUnknown, Detail::Given(district.clone()))),
                };
            }
        }
        let section = self.section.as_ref().and_then(|(code, _)| code.clone());
        Ok(section.or_else(|| self.province.clone()).or(scope))
    }

    /// What a heading names, in the province that the rows stand in, else in the scope: "Thị xã Vĩnh Châu (10 xã, phường)",
    /// "Các xã thuộc TX Vĩnh Châu".
    pub(super) fn part(&self, name: &str) -> Found {
        let find = |name: &str| {
            let here = self.province.as_deref().map_or(Found::None, |of| self.register.find(name, Some(of)));
            if here == Found::None { self.register.find(name, self.scope) } else { here }
        };
        let plain = name.split('(').next().unwrap_or(name);
        let plain = plain.rsplit(" thuộc ").next().unwrap_or(plain);
        match find(name) {
            Found::None if plain != name => find(plain),
            found => found,
        }
    }

    fn district_of(&self, name: &str) -> Option<String> {
        if self.is_the_scope(name) {
            return self.scope.map(str::to_owned);
        }
        match self.register.find(name, self.scope) {
            Found::Unit(code) => Some(code),
            Found::Several(codes) => {
                let mut districts = codes.into_iter().filter(|code| self.is_above(code));
                districts.next().filter(|_| districts.next().is_none())
            }
            Found::None => None,
        }
    }
}

/// Whether a code has the form of an official one.
fn is_official(code: &str) -> bool {
    matches!(code.len(), 4 | 5) && code.bytes().all(|b| b.is_ascii_digit())
}
