//! What is said of a file besides the file itself: of what kind it is, whom it counts, where, when; carried from step to
//! step in the address.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::visit::{Visit, given};
use crate::{
    domain::{
        calendar::{self, Instant},
        zone::Scheme,
    },
    imports::header::Wanted,
    store::plans::StoredPlan,
    usecases::{
        import_zones::Document,
        keep_upload::Kind,
        zone_state::{scheme, scheme_on},
    },
    web::{links, problem::Problem},
};

/// The kinds of file in addresses.
pub const COUNTS: &str = "so-lieu";
pub const ZONES: &str = "phan-vung";

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Asked {
    #[serde(rename = "loai")]
    pub kind: String,
    /// `PLAN:COHORT`.
    #[serde(rename = "nhom")]
    pub cohort: String,
    #[serde(rename = "pham-vi")]
    pub scope: String,
    #[serde(rename = "ngay")]
    pub day: String,
    #[serde(rename = "trang")]
    pub sheet: String,
    #[serde(rename = "thang")]
    pub scheme: String,
    #[serde(rename = "gio")]
    pub time: String,
    #[serde(rename = "so")]
    pub number: String,
    #[serde(rename = "co-quan")]
    pub issuer: String,
    #[serde(rename = "ngay-qd")]
    pub dated: String,
    /// Which rows are shown.
    #[serde(rename = "xem")]
    pub shown: String,
}

impl Asked {
    /// The fields of a form, where it has other fields too.
    pub fn of(fields: &[(String, String)]) -> Self {
        let mut asked = Self::default();
        for (name, value) in fields {
            if let Some(field) = asked.field(name) {
                value.trim().clone_into(field);
            }
        }
        asked
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "loai" => &mut self.kind,
            "nhom" => &mut self.cohort,
            "pham-vi" => &mut self.scope,
            "ngay" => &mut self.day,
            "trang" => &mut self.sheet,
            "thang" => &mut self.scheme,
            "gio" => &mut self.time,
            "so" => &mut self.number,
            "co-quan" => &mut self.issuer,
            "ngay-qd" => &mut self.dated,
            "xem" => &mut self.shown,
            _ => return None,
        })
    }

    /// The fields again: hidden inputs or a query; blank ones are left out.
    pub fn carried(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("loai", self.kind.as_str()),
            ("nhom", &self.cohort),
            ("pham-vi", &self.scope),
            ("ngay", &self.day),
            ("trang", &self.sheet),
            ("thang", &self.scheme),
            ("gio", &self.time),
            ("so", &self.number),
            ("co-quan", &self.issuer),
            ("ngay-qd", &self.dated),
            ("xem", &self.shown),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The same to own, without the fields that a form asks for itself.
    pub fn hidden(&self, but: &[&str]) -> Vec<(&'static str, String)> {
        let carried = self.carried().into_iter().filter(|(name, _)| !but.contains(name));
        carried.map(|(name, value)| (name, value.to_owned())).collect()
    }

    /// An address with these fields.
    pub fn at(&self, path: &str) -> String {
        links::with_query(path, &self.carried())
    }

    /// The same with other rows shown.
    pub fn showing(&self, shown: &str) -> Self {
        Self { shown: shown.to_owned(), ..self.clone() }
    }

    /// What the file holds; the only kind the actor may send where it is not said.
    pub fn kind(&self, visit: &Visit) -> Option<Kind> {
        let may = Kind::of(&visit.actor);
        let said = match self.kind.as_str() {
            COUNTS => Some(Kind::Counts),
            ZONES => Some(Kind::Zones),
            _ => None,
        };
        said.or(may.first().copied()).filter(|kind| may.contains(kind))
    }

    /// The plan and the cohort that are counted.
    pub fn counted(&self, visit: &Visit) -> Result<(Arc<StoredPlan>, String), Problem> {
        match self.cohort.split_once(':') {
            Some((plan, cohort)) => Ok((visit.state.plan(Some(plan))?, cohort.to_owned())),
            None => Ok((visit.plan()?, self.cohort.clone())),
        }
    }

    /// The day its figures are true at, as typed.
    pub fn day(&self) -> Option<NaiveDate> {
        calendar::parse_day(&self.day)
    }

    /// The hour at which its levels take effect: midnight unless another is typed.
    pub fn time(&self) -> Option<NaiveTime> {
        if self.time.is_empty() { Some(NaiveTime::MIN) } else { calendar::parse_time(&self.time) }
    }

    /// The scheme of its levels: the one in force on its day unless another is chosen.
    pub fn scheme(&self, now: Instant) -> Option<&'static Scheme> {
        let on_its_day = || scheme_on(self.day().unwrap_or_else(|| calendar::day(now)));
        scheme(&self.scheme).or_else(on_its_day)
    }

    /// The document that decides its levels.
    pub fn document(&self, scheme: &Scheme) -> Document {
        Document {
            scheme: scheme.code.clone(),
            number: self.number.clone(),
            issuer: self.issuer.clone(),
            dated: calendar::parse_day(&self.dated),
            from: self.time().unwrap_or_default(),
            note: String::new(),
        }
    }

    /// What is wrong with what was typed: the field and the key of its words.
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        if !self.day.is_empty() && self.day().is_none() {
            faults.push(("ngay", "upload.bad_day"));
        }
        if self.time().is_none() {
            faults.push(("gio", "upload.bad_time"));
        }
        if !self.dated.is_empty() && calendar::parse_day(&self.dated).is_none() {
            faults.push(("ngay-qd", "upload.bad_day"));
        }
        if !self.number.is_empty() && self.issuer.is_empty() {
            faults.push(("co-quan", "decide.need_issuer"));
        }
        faults
    }

    /// The sheet that is meant, where one is named.
    pub fn sheet(&self) -> Option<String> {
        given(Some(&self.sheet)).map(str::to_owned)
    }
}

/// What a table of this kind must hold.
pub fn wanted(kind: Kind) -> Wanted {
    match kind {
        Kind::Counts => Wanted::Counts,
        Kind::Zones => Wanted::Zones,
    }
}

/// The kind in addresses.
pub fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Counts => COUNTS,
        Kind::Zones => ZONES,
    }
}
