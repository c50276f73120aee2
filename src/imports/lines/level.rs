//! The level of a table's units, where its heading or its other rows tell it: then of a district and a commune of one
//! name one is meant.

use super::{Kind, Lines, is_above_communes};
use crate::{
    domain::unit::UnitKind,
    imports::{
        columns::{Column, level_of},
        header::Header,
        register::Found,
        verdict::{Detail, Reason},
    },
};

/// The level that the heading of the names tells.
pub(super) fn told_by(header: &Header) -> Option<UnitKind> {
    level_of(header.headings.get(header.at(Column::Name)?)?)
}

impl Lines<'_> {
    /// The unit of the name in a row; of several, those of the table's level.
    pub(super) fn find(&self, at: usize, name: &str, within: Option<&str>) -> Found {
        let found = self.register.find(name, within);
        let (Found::Several(codes), Some(level)) = (&found, self.level) else { return found };
        let is_of_level = |code: &&String| self.register.kind(code) == Some(level);
        let of_level: Vec<String> = codes.iter().filter(is_of_level).cloned().collect();
        // A district without its prefix above its communes carries their sum.
        let heads = |code: &String| self.is_above(code) && self.heads_its_rows(at, code);
        let may_be_above = !is_above_communes(level) && codes.iter().any(heads);
        match of_level.as_slice() {
            [one] if !may_be_above => Found::Unit(one.clone()),
            [_, _, ..] if !may_be_above => Found::Several(of_level),
            _ => found,
        }
    }

    /// The level of districts or provinces, when every name that means one unit means one of that level and every other
    /// may.
    pub(super) fn agreed_level(&self) -> Option<UnitKind> {
        let mut agreed = None;
        let mut shared = Vec::new();
        for line in &self.read {
            let code = match &line.kind {
                Kind::Unit(_, Ok(code)) => code,
                Kind::Unit(_, Err((Reason::NameAmbiguous, Detail::Units(codes)))) => {
                    shared.push(codes);
                    continue;
                }
                Kind::Section(code) => {
                    let row = self.sheet.rows.get(line.at)?;
                    code.as_ref().filter(|_| self.has_figures(row))?
                }
                _ => continue,
            };
            let level = self.register.kind(code)?;
            if *agreed.get_or_insert(level) != level || !is_above_communes(level) {
                return None;
            }
        }
        let may_be = |codes: &&Vec<String>| codes.iter().any(|code| self.register.kind(code) == agreed);
        agreed.filter(|_| !shared.is_empty() && shared.iter().all(may_be))
    }

    pub(super) fn is_above(&self, code: &str) -> bool {
        self.register.kind(code).is_some_and(is_above_communes)
    }
}
