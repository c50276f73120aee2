//! What recognition asks of the register of units.

use crate::domain::unit::UnitKind;

/// What a name stands for inside a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// One unit.
    Unit(String),
    /// Several units, none of them more than the others.
    Ambiguous(Vec<String>),
    /// A unit that is no more, with those that took its place.
    Abolished(Vec<String>),
    /// None; with units of nearly that name, which are never taken without being asked.
    Unknown(Vec<String>),
}

/// A register of units, by code and by name.
pub trait Register {
    /// The unit of this name strictly inside `within`; anywhere without it.
    fn find(&self, name: &str, within: Option<&str>) -> Match;
    /// The unit of this code, however many leading zeros it lost, and however it is wrapped.
    fn by_code(&self, code: &str) -> Match;
    /// What the unit of an official code is.
    fn kind(&self, code: &str) -> Option<UnitKind>;
    /// Whether a unit lies inside another, or is it.
    fn is_in(&self, code: &str, within: &str) -> bool;
}
