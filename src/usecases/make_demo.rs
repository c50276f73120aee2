//! Six weeks of made-up counts for a plan, from a fixed seed: growth, late units, a correction, a fall, a surplus, a
//! unit that never reports and one with nobody to count; two weeks of tracing figures. Marked as illustrative for good.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveTime};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    Result, UseCaseError,
    make_tracing_demo::make_tracing_demo,
    record_report::{Part, Submission, record_report},
};
use crate::{
    domain::{
        actor::{Actor, Grant, Role},
        calendar::{self, Instant},
        number::Given,
        plan::{Cohort, CountedOn},
        report::Oddity,
        unit::{Unit, UnitId, UnitKind},
    },
    store::{
        Conn, accounts,
        plans::{self, StoredPlan},
        units,
    },
};

const SEED: u64 = 1677;
const WEEKS: u64 = 6;
/// The account made-up counts are recorded under; nobody can sign in with it.
const RECORDER: (&str, &str) = ("minh-hoa", "Số liệu minh họa");

/// Bodies that never report, bodies that stopped two weeks ago, and a cohort with nobody in it.
const SILENT: [&str; 3] = ["CM-P-KTHT", "CM-X-30667", "CM-X-30679"];
const STOPPED: [&str; 3] = ["CM-S-TCKTCN", "CM-X-30655", "CM-X-30673"];
const NOBODY: (&str, &str) = ("CM-P-TCKH", "members_c");
/// Bodies that reach all of their people.
const FULL: [&str; 8] =
    ["CM-P-VHTT", "CM-P-YTE", "CM-T-VHTT", "CM-D-VPHU", "CM-X-30631", "CM-X-30634", "CM-X-30649", "CM-X-30661"];

/// Fills the plan with made-up counts, once: returns how many reports were made.
pub fn make_demo(conn: &mut Conn, plan: &StoredPlan, now: Instant) -> Result<usize> {
    if plan.is_illustrative {
        return Ok(0);
    }
    let area = plan.area.ok_or_else(|| UseCaseError::NotFound { kind: "unit", name: String::new() })?;
    let actor = recorder(conn, area, now)?;
    let obliged = plans::obliged(conn, plan.id, area)?;
    let census = units::populations(conn, area)?;
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut made = 0;
    let last = last_day(calendar::day(now));
    for of in obliged.iter() {
        let unit = &of.unit;
        let persons = match census.get(&unit.id) {
            Some(census) => i64::from(census.persons),
            None => rng.random_range(900..2400),
        };
        let cohorts = of.cohorts.iter().filter_map(|(_, cohort)| plan.plan.cohort(cohort));
        let people: Vec<Made> = cohorts.map(|cohort| Made::up(&mut rng, unit, cohort, persons)).collect();
        if SILENT.contains(&unit.code.as_str()) {
            continue;
        }
        let weeks = if STOPPED.contains(&unit.code.as_str()) { WEEKS - 2 } else { WEEKS };
        for week in 0..=weeks {
            let day = last - Days::new(7 * (WEEKS - week));
            let hour = NaiveTime::from_hms_opt(rng.random_range(8..16), rng.random_range(0..60), 0).unwrap_or_default();
            let as_of = calendar::instant(day.and_time(hour));
            // One in eight comes days after the time it speaks of.
            let delay =
                if rng.random_ratio(1, 8) { Duration::days(2) } else { Duration::minutes(rng.random_range(2..50)) };
            let lines = people.iter().map(|made| (made.cohort.clone(), made.figures(week))).collect();
            let parts = vec![Part { unit: unit.code.clone(), lines }];
            post(conn, &actor, plan, as_of, (as_of + delay).min(now), parts, None)?;
            made += 1;
        }
    }
    made += correct_and_fall(conn, &actor, plan, now)?;
    make_tracing_demo(conn, &actor, area, now)?;
    plans::mark_illustrative(conn, plan.id)?;
    Ok(made)
}

/// The day of the last week's reports: yesterday, or the Thursday before it once the week's reports were due (Friday), so
/// that a demo made on a Sunday is not one of latecomers. Today's reports are the special ones.
fn last_day(today: NaiveDate) -> NaiveDate {
    let yesterday = today - Days::new(1);
    yesterday - Days::new(yesterday.weekday().num_days_from_monday().saturating_sub(3).into())
}

fn recorder(conn: &mut Conn, area: UnitId, now: Instant) -> Result<Actor> {
    let (username, display_name) = RECORDER;
    let account_id = accounts::recorder(conn, username, display_name, now)?;
    Ok(Actor {
        account_id,
        username: username.to_owned(),
        display_name: display_name.to_owned(),
        grants: vec![Grant { role: Role::FocalPoint, unit: area }],
    })
}

fn post(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    as_of: Instant,
    recorded_at: Instant,
    parts: Vec<Part>,
    correction: Option<(i64, &str)>,
) -> Result<i64> {
    let mut submission = Submission {
        op_id: None,
        as_of,
        channel: "demo",
        reason: correction.map(|(_, reason)| reason.to_owned()).unwrap_or_default(),
        supersedes: correction.map(|(report, _)| report),
        parts,
    };
    let receipt = match record_report(conn, actor, plan, &submission, recorded_at) {
        Err(UseCaseError::NeedsReason(odd)) => {
            let has_jump = odd.iter().any(|warning| warning.oddity == Oddity::Jump);
            let reason = if has_jump {
                "Tổ chức cài đặt tập trung trong tuần"
            } else {
                "Một người đổi điện thoại, chưa cài lại"
            };
            reason.clone_into(&mut submission.reason);
            record_report(conn, actor, plan, &submission, recorded_at)?
        }
        other => other?,
    };
    Ok(receipt.reports.first().map_or(0, |report| report.report))
}

/// A correction of today's figures, a surplus (someone without a smartphone declared) and a fall (someone changed
/// phones), each in a body of its own.
fn correct_and_fall(conn: &mut Conn, actor: &Actor, plan: &StoredPlan, now: Instant) -> Result<usize> {
    let part = |unit: &str, counts: [i64; 4]| {
        let measures = ["headcount", "smartphone_users", "bluezone_installed", "ncovi_declared"];
        let figures = measures.into_iter().zip(counts).map(|(m, count)| (m.to_owned(), Given::Whole(count))).collect();
        vec![Part { unit: unit.to_owned(), lines: BTreeMap::from([("staff_b".to_owned(), figures)]) }]
    };
    let hours_ago = |hours| now - Duration::hours(hours);
    let wrong = post(conn, actor, plan, hours_ago(3), hours_ago(3), part("CM-T-YTE", [268, 251, 250, 249]), None)?;
    let reason = "Cộng nhầm hai trạm y tế, đã đối chiếu danh sách";
    let right = part("CM-T-YTE", [268, 251, 243, 238]);
    post(conn, actor, plan, hours_ago(3), hours_ago(2), right, Some((wrong, reason)))?;
    post(conn, actor, plan, hours_ago(4), hours_ago(4), part("CM-D-TRTH", [14, 11, 10, 12]), None)?;
    post(conn, actor, plan, hours_ago(5), hours_ago(5), part("CM-T-VHTT", [24, 22, 22, 22]), None)?;
    post(conn, actor, plan, hours_ago(1), hours_ago(1), part("CM-T-VHTT", [24, 22, 21, 22]), None)?;
    Ok(5)
}

/// Made-up people of one cohort of one unit.
struct Made {
    cohort: String,
    form: String,
    /// Everyone, and the base rates are taken of.
    people: i64,
    base: i64,
    households: i64,
    /// Tenths of a percent reached in the first and in the last week, of the slower measure.
    from: i64,
    to: i64,
}

impl Made {
    fn up(rng: &mut StdRng, unit: &Unit, cohort: &Cohort, persons: i64) -> Self {
        let people = match unit.kind {
            _ if (unit.code.as_str(), cohort.code.as_str()) == NOBODY => 0,
            _ if cohort.counted_on == CountedOn::Area => persons,
            UnitKind::CommuneCommittee => rng.random_range(60..190),
            UnitKind::HealthFacility => 268,
            UnitKind::FrontMassOrg | UnitKind::PartyBody if cohort.code == "members_c" => rng.random_range(80..320),
            UnitKind::School => rng.random_range(60..110),
            _ => rng.random_range(8..34),
        };
        let users = people * rng.random_range(86..98) / 100;
        let is_full = FULL.contains(&unit.code.as_str());
        let residents = cohort.counted_on == CountedOn::Area;
        Self {
            cohort: cohort.code.clone(),
            form: cohort.form.clone(),
            people,
            base: users,
            households: persons * 10 / rng.random_range(36..43),
            from: if residents { rng.random_range(40..90) } else { rng.random_range(380..620) },
            to: if is_full {
                1000
            } else if residents {
                rng.random_range(180..420)
            } else {
                rng.random_range(760..995)
            },
        }
    }

    /// The figures of a week: fast at first, slower later.
    fn figures(&self, week: u64) -> BTreeMap<String, Given> {
        let week = i64::try_from(week).unwrap_or(0);
        let weeks = i64::try_from(WEEKS).unwrap_or(1);
        let left = (weeks - week) * (weeks - week);
        let tenths = self.to - (self.to - self.from) * left / (weeks * weeks);
        let of = |base: i64, tenths: i64| base * tenths.clamp(0, 1000) / 1000;
        let staff = || {
            vec![
                ("headcount", self.people),
                ("smartphone_users", self.base),
                ("bluezone_installed", of(self.base, tenths)),
                ("ncovi_declared", of(self.base, if tenths >= 1000 { 1000 } else { tenths - 35 })),
                ("ncovi_installed", of(self.base, tenths - 90)),
                ("tokhaiyte_declared", of(self.base, tenths / 3)),
            ]
        };
        let figures = match self.form.as_str() {
            "staff" => staff(),
            "residents" => vec![
                ("population", self.people),
                ("bluezone_installed", of(self.people, tenths)),
                ("ncovi_declared", of(self.people, tenths - 20)),
            ],
            "households" => vec![
                ("households", self.households),
                ("households_visited", of(self.households, (tenths * 2).min(970))),
            ],
            "relatives" => vec![("relatives_helped", of(self.people, tenths) * 2)],
            "neighbours" => vec![("neighbours_guided", of(self.people, tenths))],
            "pupils" => vec![("pupils_reached", 120 + week * 95)],
            _ => Vec::new(),
        };
        figures.into_iter().map(|(measure, count)| (measure.to_owned(), Given::Whole(count))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weeks_of_a_demo_made_on_any_day_were_reported_before_friday() {
        for (today, last) in [
            ("2026-11-16", "2026-11-12"), // a Monday
            ("2026-11-17", "2026-11-16"),
            ("2026-11-20", "2026-11-19"),
            ("2026-11-21", "2026-11-19"),
            ("2026-11-22", "2026-11-19"),
        ] {
            assert_eq!(last_day(today.parse().unwrap()).to_string(), last, "{today}");
        }
    }
}
