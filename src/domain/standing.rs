//! Where a unit stands against its clause: met or not, and the two things that are neither.

use std::collections::BTreeMap;

use super::{coded, plan::Field, rate::Rate};

coded! {
    /// Where a unit stands. "Not reported", "nobody to count" and 0 are three different things (requirements §5.2 rule 5).
    pub enum Standing {
        /// Đạt: everyone, on every decisive measure.
        Met = "met",
        /// Chưa đạt.
        NotMet = "not_met",
        /// Reported; the plan sets no percentage, so nothing is judged.
        NotJudged = "not_judged",
        /// Không có đối tượng: reported, and there is nobody to count.
        NobodyToCount = "nobody_to_count",
        /// Chưa báo cáo.
        NotReported = "not_reported",
    }
}

/// A figure as it stands: what was counted and the base that was given with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value {
    /// What was counted, surplus included.
    pub count: i64,
    /// The base given in the same report; none for figures that have no rate.
    pub base: Option<i64>,
}

impl Value {
    /// What counts towards the base: never more than the base, so that a surplus in one unit never hides a
    /// gap in another (requirements §5.2 rule 2).
    pub fn counted(self) -> i64 {
        self.base.map_or(self.count, |base| self.count.min(base))
    }

    /// How far the count goes beyond its base.
    pub fn surplus(self) -> i64 {
        self.count - self.counted()
    }

    /// Its rate, where it has a base.
    pub fn rate(self) -> Option<Rate> {
        self.base.map(|base| Rate::new(self.counted(), base))
    }
}

/// Judges a unit's figures for one cohort by the decisive measures of its form and the clause's target.
pub fn judge(fields: &[Field], target: Option<u8>, values: &BTreeMap<&str, Value>) -> Standing {
    if values.is_empty() {
        return Standing::NotReported;
    }
    let decisive: Vec<Option<Rate>> = fields
        .iter()
        .filter(|field| field.decisive)
        .map(|field| values.get(field.measure.as_str()).and_then(|value| value.rate()))
        .collect();
    if !decisive.is_empty() && decisive.iter().all(|rate| rate.is_some_and(|rate| rate.base == 0)) {
        return Standing::NobodyToCount;
    }
    match target {
        None => Standing::NotJudged,
        Some(target) => {
            let reached = |rate: &Option<Rate>| rate.is_some_and(|rate| rate.base > 0 && rate.reaches(target));
            if !decisive.is_empty() && decisive.iter().all(reached) { Standing::Met } else { Standing::NotMet }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff_form() -> Vec<Field> {
        let field = |measure: &str, of: Option<&str>, decisive| Field {
            measure: measure.into(),
            of: of.map(Into::into),
            within: None,
            required: true,
            decisive,
            limit_is_soft: false,
        };
        vec![
            field("headcount", None, false),
            field("smartphone_users", Some("headcount"), false),
            field("bluezone_installed", Some("smartphone_users"), true),
            field("ncovi_declared", Some("smartphone_users"), true),
            field("ncovi_installed", Some("smartphone_users"), false),
        ]
    }

    fn values(bluezone: i64, declared: i64, base: i64) -> BTreeMap<&'static str, Value> {
        let value = |count| Value { count, base: Some(base) };
        [("bluezone_installed", value(bluezone)), ("ncovi_declared", value(declared)), ("ncovi_installed", value(0))]
            .into()
    }

    #[test]
    fn one_person_missing_is_not_met() {
        // Golden case G-01.
        let figures = values(1999, 2000, 2000);
        let rate = figures["bluezone_installed"].rate().unwrap();
        assert_eq!((rate.tenths(), rate.gap()), (Some(999), 1));
        assert_eq!(judge(&staff_form(), Some(100), &figures), Standing::NotMet);
    }

    #[test]
    fn both_decisive_measures_must_be_full() {
        // Golden case G-02.
        assert_eq!(judge(&staff_form(), Some(100), &values(2000, 1999, 2000)), Standing::NotMet);
        assert_eq!(judge(&staff_form(), Some(100), &values(2000, 2000, 2000)), Standing::Met);
    }

    #[test]
    fn an_empty_base_is_neither_met_nor_unmet() {
        // Golden case G-03.
        assert_eq!(judge(&staff_form(), Some(100), &values(0, 0, 0)), Standing::NobodyToCount);
    }

    #[test]
    fn no_report_is_not_zero() {
        // Golden case G-04.
        assert_eq!(judge(&staff_form(), Some(100), &BTreeMap::new()), Standing::NotReported);
        assert_eq!(judge(&staff_form(), Some(100), &values(0, 0, 10)), Standing::NotMet);
    }

    #[test]
    fn without_a_target_nothing_is_judged() {
        assert_eq!(judge(&staff_form(), None, &values(10, 10, 10)), Standing::NotJudged);
    }

    #[test]
    fn a_surplus_counts_only_up_to_the_base() {
        let surplus = Value { count: 12, base: Some(10) };
        assert_eq!((surplus.counted(), surplus.surplus()), (10, 2));
        let total: Rate = [surplus, Value { count: 8, base: Some(10) }].iter().filter_map(|v| v.rate()).sum();
        assert_eq!((total, total.gap()), (Rate::new(18, 20), 2));
    }

    #[test]
    fn an_aggregate_is_the_sum_of_counts_over_the_sum_of_bases() {
        // Golden case G-05.
        let total: Rate = [Rate::new(10, 10), Rate::new(10, 90)].into_iter().sum();
        assert_eq!(total.tenths(), Some(200));
    }
}
