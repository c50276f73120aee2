//! Which unit a written name means: names as offices write them, resolved to one unit, or not at all.
//!
//! Prefixes in every usual short form, upper case, missing or decomposed marks, either tone placement, i for y, letters
//! that only look Vietnamese, numbers written several ways, "xã A, huyện B", codes. Exact, confirmed (an alias) and
//! folded are accepted; a near match is only ever a suggestion (requirements §5.2 rule 17; `ui.md` §4.8).

mod bodies;
mod gazetteer;
mod kinds;
mod letters;
mod outline;
mod reading;
mod resolve;
mod suggest;
mod words;

pub use gazetteer::{Entry, Former, Gazetteer};
pub use resolve::{Context, How, Match, Wanted, alias_key};
pub use suggest::{Unknown, Why};
