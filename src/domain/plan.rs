//! A plan (kế hoạch) as data: who is asked to reach what. Read from `seed/plans/*.toml`; a new campaign needs no Rust.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{coded, letter::Letter, schedule::Rules, unit::UnitKind};

/// A plan: its clauses, whom they count and what is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Short code in addresses, `cho-moi-1677`.
    pub code: String,
    /// Number on the document, `1677/KH-UBND`.
    pub number: String,
    /// Title on the document.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// Date on the document.
    pub issued_on: NaiveDate,
    /// Code of the unit whose subtree the plan speaks of; the whole country without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// First day figures can be true at.
    pub starts_on: NaiveDate,
    /// Last day, if the plan names one.
    pub ends_on: Option<NaiveDate>,
    /// Documents it rests on, as cited.
    #[serde(default)]
    pub legal_bases: Vec<String>,
    /// How often units are expected to report.
    pub schedule: Schedule,
    /// What can be counted, in the order people read it.
    pub measures: Vec<Measure>,
    /// Sets of figures asked together, by name.
    pub forms: BTreeMap<String, Vec<Field>>,
    /// Who is counted, in the order people read it.
    pub cohorts: Vec<Cohort>,
    /// What is asked of whom.
    pub clauses: Vec<Clause>,
    /// The drive on zones the plan calls for, over its days, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive: Option<Drive>,
    /// Letterhead, recipients and signers of its consolidated report, until the office sets its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<Letter>,
}

/// A drive to keep and widen green zones, judged over the days of its plan (plan 127/KH-UBND of Sóc Trăng §IV).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drive {
    /// Its theme.
    pub theme: Words,
    /// Which places compete: communes, districts.
    pub kinds: Vec<UnitKind>,
}

/// How often units are expected to report. Plan 1677 names no cadence: an assumption of ours (requirements A-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Days between two reports; an older figure is marked as old.
    pub every_days: u32,
    /// Whether the cadence is ours and not the plan's.
    pub assumed: bool,
    /// The timetable the plan begins with; none: it asks for no reports. Once loaded, the office changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
}

/// The same words in the two languages of the screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The words in `lang`; Vietnamese unless it is `en`.
    pub fn in_lang(&self, lang: &str) -> &str {
        if lang == "en" { &self.en } else { &self.vi }
    }
}

/// Something that is counted, cumulative up to a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// `bluezone_installed`.
    pub code: String,
    /// "Đã cài Bluezone".
    pub name: Words,
}

/// One figure of a form and the rules it obeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The measure counted.
    pub measure: String,
    /// The measure its rate is taken of; also its limit when no `within` is given.
    pub of: Option<String>,
    /// The measure it can never exceed, where that is wider than `of`: what lies between is a surplus.
    pub within: Option<String>,
    /// Whether a report without it is refused.
    #[serde(default)]
    pub required: bool,
    /// Whether it decides "met" (requirements §5.2 rule 3).
    #[serde(default)]
    pub decisive: bool,
    /// Whether going above the limit is only warned of (residents counted on a census, §5.2 rule 2).
    #[serde(default)]
    pub limit_is_soft: bool,
}

impl Field {
    /// The measure this one is limited by, if any.
    pub fn limit(&self) -> Option<&str> {
        self.within.as_deref().or(self.of.as_deref())
    }
}

coded! {
    /// Where a cohort is counted.
    pub enum CountedOn {
        /// On the reporting body: its staff and members.
        Body = "body",
        /// On the area it answers for: residents and households, by hamlet where hamlets are known.
        Area = "area",
    }
}

/// Who is counted. Cohorts overlap, so they are never added together (requirements §5.2 rule 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cohort {
    /// `staff_a`.
    pub code: String,
    /// "Cán bộ, công chức, người lao động".
    pub name: Words,
    /// A name short enough for a chart: "Nhóm A".
    pub short: Words,
    /// Staff profile letter of requirements §2.4, where it is one.
    pub profile: Option<String>,
    /// Identifiers of the classes of people in it (requirements §4.2).
    #[serde(default)]
    pub classes: Vec<String>,
    /// The form its figures are given on.
    pub form: String,
    /// Where it is counted.
    pub counted_on: CountedOn,
}

coded! {
    /// Whether the plan orders or requests: chosen for the wording of reminders (requirements A-11).
    pub enum Directive {
        /// giao, yêu cầu
        Order = "order",
        /// đề nghị
        Request = "request",
    }
}

/// What a clause asks of a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The cohort.
    pub cohort: String,
    /// Percent asked for; none where the plan names none, and then nothing is ever judged.
    pub target: Option<u8>,
}

/// A clause of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// `III.1`.
    pub section: String,
    /// Order or request.
    pub directive: Directive,
    /// The bodies in the plan's words.
    pub bodies: String,
    /// Codes of the bodies obliged. Classes stay out: they are headings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// Kinds of units all of which are obliged, in the plan's area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<UnitKind>,
    /// What is asked of them.
    pub asks: Vec<Asked>,
}

/// The most cohorts of a plan: each is a bit of a whole number.
const MOST_COHORTS: usize = 62;

/// Why a plan file cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{plan}: {place} names {name}, which the plan does not define")]
pub struct PlanError {
    /// The plan's code.
    pub plan: String,
    /// Where in the file.
    pub place: String,
    /// The name that leads nowhere.
    pub name: String,
}

impl Plan {
    /// The plan, once every name in it leads somewhere.
    pub fn checked(self) -> Result<Self, PlanError> {
        let measures: BTreeSet<&str> = self.measures.iter().map(|m| m.code.as_str()).collect();
        let error = |place: String, name: &str| PlanError { plan: self.code.clone(), place, name: name.to_owned() };
        for (form, fields) in &self.forms {
            let mut seen = BTreeSet::new();
            for field in fields {
                if !measures.contains(field.measure.as_str()) {
                    return Err(error(format!("forms.{form}"), &field.measure));
                }
                // A base stands before what is counted of it: reports are checked in this order.
                for base in [&field.of, &field.within].into_iter().flatten() {
                    if !seen.contains(base.as_str()) {
                        return Err(error(format!("forms.{form}.{}", field.measure), base));
                    }
                }
                seen.insert(field.measure.as_str());
            }
        }
        for cohort in &self.cohorts {
            if !self.forms.contains_key(&cohort.form) {
                return Err(error(format!("cohorts.{}", cohort.code), &cohort.form));
            }
        }
        for clause in &self.clauses {
            if let Some(asked) = clause.asks.iter().find(|asked| self.cohort(&asked.cohort).is_none()) {
                return Err(error(format!("clauses.{}", clause.section), &asked.cohort));
            }
        }
        if self.cohorts.len() > MOST_COHORTS {
            return Err(error("cohorts".to_owned(), "one too many"));
        }
        for section in self.schedule.rules.iter().flat_map(|rules| &rules.sections) {
            if self.clause(section).is_none() {
                return Err(error("schedule.rules.sections".to_owned(), section));
            }
        }
        if let Some(fault) = self.schedule.rules.as_ref().and_then(|rules| rules.check().err()) {
            return Err(error("schedule.rules".to_owned(), fault.code()));
        }
        Ok(self)
    }

    /// The cohort with this code.
    pub fn cohort(&self, code: &str) -> Option<&Cohort> {
        self.cohorts.iter().find(|cohort| cohort.code == code)
    }

    /// Where a cohort stands among the plan's: its bit in what is said of a period (`store::received`). New cohorts are
    /// added at the end of a plan's list, so that it stays.
    pub fn cohort_bit(&self, code: &str) -> Option<u32> {
        self.cohorts.iter().position(|cohort| cohort.code == code).and_then(|i| u32::try_from(i).ok())
    }

    /// The measure with this code.
    pub fn measure(&self, code: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.code == code)
    }

    /// What a measure is called.
    pub fn measure_name(&self, code: &str) -> Words {
        let unnamed = || Words { vi: code.to_owned(), en: code.to_owned() };
        self.measure(code).map_or_else(unnamed, |measure| measure.name.clone())
    }

    /// The fields of a cohort's form, in order.
    pub fn fields(&self, cohort: &Cohort) -> &[Field] {
        self.forms.get(&cohort.form).map_or(&[], Vec::as_slice)
    }

    /// The clause with this section.
    pub fn clause(&self, section: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.section == section)
    }

    /// Every cohort asked for, with the section of the clause that asks.
    pub fn asked(&self) -> impl Iterator<Item = (&str, &str)> {
        self.clauses
            .iter()
            .flat_map(|clause| clause.asks.iter().map(|asked| (clause.section.as_str(), asked.cohort.as_str())))
    }

    /// Whether a unit and a part of it can both be obliged: each of them may then report the whole or leave it to its
    /// parts.
    pub fn is_nested(&self) -> bool {
        self.clauses.iter().any(|clause| !clause.kinds.is_empty())
    }

    /// The target a clause sets for a cohort, in percent.
    pub fn target(&self, section: &str, cohort: &str) -> Option<u8> {
        self.clause(section)?.asks.iter().find(|asked| asked.cohort == cohort)?.target
    }

    /// Every (cohort, measure) of the plan: its indicators.
    pub fn indicators(&self) -> impl Iterator<Item = (&Cohort, &Field)> {
        self.cohorts.iter().flat_map(|cohort| self.fields(cohort).iter().map(move |field| (cohort, field)))
    }
}

#[cfg(test)]
mod tests;
