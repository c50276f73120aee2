//! Zones: the risk of a place by an official scheme, and which decision is in force when.

pub mod drive;
pub mod line;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{calendar::Instant, coded, plan::Words, unit::UnitId};

coded! {
    /// The colour of a level, ordered by risk: green < yellow < orange < red (requirements §5.2 rule 11).
    pub enum Colour {
        /// vùng xanh (green: "xanh" also means blue)
        Green = "green",
        /// vùng vàng
        Yellow = "yellow",
        /// vùng cam
        Orange = "orange",
        /// vùng đỏ
        Red = "red",
    }
}

impl Colour {
    /// The letter that stands beside the colour, so that colour never stands alone.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Green => "X",
            Self::Yellow => "V",
            Self::Orange => "C",
            Self::Red => "Đ",
        }
    }
}

/// An official scale of levels. Levels of different schemes are never compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// `nq_128_qd_4800`.
    pub code: String,
    /// The decision it comes from.
    pub decision: String,
    /// First day it is in force.
    pub valid_from: NaiveDate,
    /// Last day, when it was replaced.
    pub valid_to: Option<NaiveDate>,
    /// Its levels, by rising risk.
    #[serde(rename = "level")]
    pub levels: Vec<Level>,
}

/// A level of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// 1 is the lowest risk.
    pub level: i32,
    /// Its name in the decision.
    #[serde(flatten)]
    pub name: LevelName,
    /// Its colour.
    pub colour: Colour,
}

/// A level's name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelName {
    /// Vietnamese.
    pub name_vi: String,
    /// English.
    pub name_en: String,
}

impl Level {
    /// The name as words of the screens' languages.
    pub fn words(&self) -> Words {
        Words { vi: self.name.name_vi.clone(), en: self.name.name_en.clone() }
    }
}

impl Scheme {
    /// The level with this number.
    pub fn level(&self, level: i32) -> Option<&Level> {
        self.levels.iter().find(|l| l.level == level)
    }
}

/// A decision on a place's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Record number: later ones win among equal moments.
    pub id: i64,
    /// The place.
    #[serde(skip)]
    pub unit: UnitId,
    /// The scheme's code.
    pub scheme: String,
    /// The level in that scheme.
    pub level: i32,
    /// The hour it takes effect; may lie ahead.
    pub effective_from: Instant,
    /// Number of the document; without one it is only a proposal.
    pub decision_number: Option<String>,
    /// Who signed it.
    pub decision_issuer: Option<String>,
    /// Its date.
    pub decision_date: Option<NaiveDate>,
    /// Whether it counts. A proposal never does (requirements A-12).
    pub is_official: bool,
    /// The decision it replaces, or withdraws.
    pub corrects: Option<i64>,
    /// Whether it only takes back the one it corrects.
    pub is_withdrawal: bool,
    /// Why it corrects another.
    pub reason: String,
    /// Remarks.
    pub note: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Who recorded it.
    pub recorded_by: String,
}

/// What still stands of a history, proposals included: a record that corrects another puts it out, one that is taken
/// back puts out nothing.
pub fn standing(decisions: &[Decision]) -> impl Iterator<Item = &Decision> {
    // Records correct earlier ones only, so the newest are settled first.
    let mut newest_first: Vec<&Decision> = decisions.iter().collect();
    newest_first.sort_by_key(|decision| std::cmp::Reverse(decision.id));
    let mut out = BTreeSet::new();
    for decision in newest_first {
        if !out.contains(&decision.id) {
            out.extend(decision.corrects);
        }
    }
    decisions.iter().filter(move |decision| !decision.is_withdrawal && !out.contains(&decision.id))
}

/// The official decision in force at `at`: the last effective one that stands, ties to the one recorded last. None
/// before the first: unclassified, never green (requirements §5.2 rule 12).
pub fn in_force(decisions: &[Decision], at: Instant) -> Option<&Decision> {
    standing(decisions)
        .filter(|decision| decision.is_official && decision.effective_from <= at)
        .max_by_key(|decision| (decision.effective_from, decision.id))
}
