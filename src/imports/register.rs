//! What recognition asks of the register of units, and how the register answers.

use std::collections::HashMap;

use super::{legacy, vietnamese::score};
use crate::domain::{
    names::{Context, Gazetteer, How, Match, Wanted, Why},
    text::search_key,
    unit::UnitKind,
};

/// What a name stands for inside a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// One unit, by its code.
    Unit(String),
    /// Several units, none of them more than the others.
    Several(Vec<String>),
    /// None.
    None,
}

/// Bytes beyond which a text is no name: the longest known, with its district and province, has 120.
const LONGEST_NAME: usize = 1000;

/// Which units a name that stands for none may have been meant for: never taken without being asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Near {
    /// Codes, the likeliest first.
    pub units: Vec<String>,
    /// Whether the name is of a unit that is no more, and those are what it became part of.
    pub is_abolished: bool,
}

/// The register as a file's names and codes are looked up in it.
pub struct Register<'g> {
    gazetteer: &'g Gazetteer,
    aliases: HashMap<String, String>,
    knows_agencies: bool,
}

impl<'g> Register<'g> {
    /// The register; agencies too where staff are counted. `aliases` are names that somebody has confirmed.
    pub fn new(gazetteer: &'g Gazetteer, aliases: HashMap<String, String>, knows_agencies: bool) -> Self {
        Self { gazetteer, aliases, knows_agencies }
    }

    fn context(&self, within: Option<&str>, wanted: Wanted) -> Option<Context<'_>> {
        Some(Context::new(self.gazetteer, within.unwrap_or_default(), wanted)?.with_aliases(&self.aliases))
    }

    /// The unit of this name strictly inside `within`; anywhere without it.
    pub fn find(&self, name: &str, within: Option<&str>) -> Found {
        let looked_for: &[Wanted] =
            if self.knows_agencies { &[Wanted::Places, Wanted::Agencies] } else { &[Wanted::Places] };
        for wanted in looked_for {
            let Some(context) = self.context(within, *wanted) else { continue };
            match match_unit(self.gazetteer, name, &context) {
                Match::One(code, _) if Some(code) == within => return Found::None,
                Match::One(code, _) => return Found::Unit(code.to_owned()),
                Match::Several(codes) => return Found::Several(codes.into_iter().map(str::to_owned).collect()),
                Match::Unknown => {}
            }
        }
        Found::None
    }

    /// Whether a name is that of the place itself, with its kind: "HUYỆN CHỢ MỚI".
    pub fn is_name_of(&self, name: &str, place: &str) -> bool {
        let context = self.context(Some(place), Wanted::Places);
        context.is_some_and(
            |context| matches!(match_unit(self.gazetteer, name, &context), Match::One(code, _) if code == place),
        )
    }

    /// What a name that stands for none may have been meant for. Slow beside [`Register::find`].
    pub fn near(&self, name: &str, within: Option<&str>) -> Near {
        if name.len() > LONGEST_NAME {
            return Near::default();
        }
        let explained = |wanted| Some(self.gazetteer.explain(name, &self.context(within, wanted)?));
        let places = explained(Wanted::Places);
        let has_none = places.as_ref().is_some_and(|places| places.candidates.is_empty());
        let bodies = if self.knows_agencies && has_none { explained(Wanted::Agencies) } else { None };
        let Some(unknown) = bodies.or(places) else { return Near::default() };
        Near {
            units: unknown.candidates.into_iter().map(str::to_owned).collect(),
            is_abolished: unknown.why == Why::Abolished,
        }
    }

    /// The unit of a code, however many leading zeros it lost.
    pub fn by_code(&self, code: &str) -> Option<String> {
        let code = code.trim();
        if self.gazetteer.full_name(code).is_some() {
            return Some(code.to_owned());
        }
        let context = self.context(None, Wanted::Places)?;
        match self.gazetteer.resolve(code, &context) {
            Match::One(code, How::Code) => Some(code.to_owned()),
            _ => None,
        }
    }

    /// Whether a name is that of a code's unit in full: what our own forms and tables say.
    pub fn is_named(&self, code: &str, name: &str) -> bool {
        self.gazetteer.full_name(code).is_some_and(|full| search_key(full) == search_key(name))
    }

    /// What the unit of an official code is.
    pub fn kind(&self, code: &str) -> Option<UnitKind> {
        self.gazetteer.kind(code)
    }

    /// Whether a unit lies inside another, or is it.
    pub fn is_in(&self, code: &str, place: &str) -> bool {
        code == place || self.gazetteer.stands_inside(code, place)
    }
}

/// The unit a written name means. A name that means none is read once more as text of a legacy font or of a wrong
/// encoding; then only an exact match counts, or a choice where the text makes more sense so.
pub fn match_unit<'g>(gazetteer: &'g Gazetteer, name: &str, context: &Context<'_>) -> Match<'g> {
    if name.len() > LONGEST_NAME {
        return Match::Unknown;
    }
    let found = gazetteer.resolve(name, context);
    if found != Match::Unknown || name.is_ascii() {
        return found;
    }
    let mut several = Match::Unknown;
    for restored in legacy::restored(name) {
        match gazetteer.resolve(&restored, context) {
            found @ Match::One(_, How::Exact) => return found,
            found @ Match::Several(_) if several == Match::Unknown && score(&restored) > score(name) => several = found,
            _ => {}
        }
    }
    several
}
