//! Any history of decisions, proposals, corrections and withdrawals comes to what a simple replay says, by the rules
//! alone and through the store of both databases.

use std::collections::BTreeMap;

use chrono::Duration;
use proptest::prelude::*;
use vungxanh::{
    domain::{
        actor::{Actor, Role},
        calendar::Instant,
        unit::{Unit, UnitId, UnitKind},
        zone::{
            self, Decision,
            drive::{Outcome, judge},
            line::Line,
        },
    },
    store::{
        Conn, StoreError, units,
        zone_lines::{self, Detail},
    },
    usecases::{
        UseCaseError,
        decide_zones::{Ruled, Ruling, decide_zones},
        judge_drive::{Question, judge_drive},
        see_zones::see_zones,
        verify::verify,
        withdraw_zones::withdraw_zones,
        zone_state::schemes,
    },
};

use super::replay::{Act, PLACES, Replay, Said, acts, first, window};
use crate::harness::{
    NOW, TestDatabase, database_tests, instant,
    reporting::actor,
    undone::{Undone, try_cases},
};

/// A district whose communes have no seeded decisions.
const DISTRICT: &str = "890";

/// Moments at, just before and between decisions.
fn moments(replay: &Replay) -> Vec<Instant> {
    let at_records = replay.0.iter().flat_map(|record| [record.said.from - Duration::minutes(1), record.said.from]);
    at_records.chain([first() - Duration::days(1), window().start(), window().end(), instant(NOW)]).collect()
}

/// What a line says is in force: record, scheme, level.
fn at(line: &Line, at: Instant) -> Option<(i64, &str, i32)> {
    line.at(at).map(|step| (step.decision, line.scheme(step), step.level))
}

/// What the replay says is in force.
fn simply_at(replay: &Replay, place: usize, at: Instant) -> Option<(i64, &'static str, i32)> {
    replay.in_force(place, at).map(|record| (record.id, record.said.scheme, record.said.level))
}

fn decisions(replay: &Replay, place: usize) -> Vec<Decision> {
    replay.0.iter().filter(|record| record.place == place).map(super::replay::Record::decision).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_zone_at_any_time_is_that_of_a_simple_replay(acts in acts()) {
        let replay = Replay::of(&acts);
        for place in 0..PLACES {
            let decisions = decisions(&replay, place);
            let line = Line::of(&decisions);
            for moment in moments(&replay) {
                let simply = simply_at(&replay, place, moment);
                prop_assert_eq!(at(&line, moment), simply, "place {} at {}", place, moment);
                let in_force = zone::in_force(&decisions, moment).map(|d| (d.id, d.scheme.as_str(), d.level));
                prop_assert_eq!(in_force, simply, "place {} at {}", place, moment);
            }
            prop_assert!(line.steps.is_sorted_by(|a, b| a.second < b.second), "{:?}", line);
        }
    }

    #[test]
    fn a_drive_judged_by_stretches_is_one_judged_hour_by_hour(acts in acts()) {
        let replay = Replay::of(&acts);
        for place in 0..PLACES {
            let line = Line::of(&decisions(&replay, place));
            let judged = judge(&line, window(), schemes());
            prop_assert_eq!((judged.outcome, judged.days_green), replay.judged(place, window()), "place {}", place);
            // The spans are the window, cut.
            let (start, end) = (window().start(), window().end());
            let cut: Vec<Instant> = judged.spans.iter().map(|span| span.from).chain([end]).collect();
            let closed: Vec<Instant> = [start].into_iter().chain(judged.spans.iter().map(|span| span.to)).collect();
            prop_assert_eq!(cut, closed);
        }
    }

    #[test]
    fn every_eligible_place_is_kept_dipped_improved_worsened_or_unchanged(acts in acts()) {
        let replay = Replay::of(&acts);
        let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
        for place in 0..PLACES {
            *outcomes.entry(judge(&Line::of(&decisions(&replay, place)), window(), schemes()).outcome).or_default() += 1;
        }
        // Eligible: has a zone at the start and stays in its scheme.
        let is_eligible = |place: &usize| {
            let start = replay.in_force(*place, window().start()).map(|record| record.said.scheme);
            let hours = (window().end() - window().start()).num_hours();
            let is_of_it = |hour| {
                let record = replay.in_force(*place, window().start() + Duration::hours(hour));
                record.map(|record| record.said.scheme) == start
            };
            start.is_some() && (0..hours).all(is_of_it)
        };
        let of = |wanted: &[Outcome]| wanted.iter().filter_map(|outcome| outcomes.get(outcome)).sum::<usize>();
        let eligible = (0..PLACES).filter(is_eligible).count();
        let parts =
            [Outcome::KeptGreen, Outcome::Dipped, Outcome::Improved, Outcome::Worsened, Outcome::Unchanged];
        prop_assert_eq!(of(&parts), eligible);
        prop_assert_eq!(of(Outcome::ALL), PLACES);
    }
}

/// The histories that are hard: without them the properties above would say little.
#[test]
fn the_histories_tried_have_every_outcome_and_take_corrections_back() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..400 {
        let acts = proptest::strategy::ValueTree::current(&acts().new_tree(&mut runner).unwrap());
        let replay = Replay::of(&acts);
        for place in 0..PLACES {
            *seen.entry(replay.judged(place, window()).0.to_string()).or_default() += 1;
        }
        let of = |id: i64| replay.0.iter().find(|record| record.id == id);
        for record in &replay.0 {
            let taken = record.corrects.and_then(of).filter(|_| record.is_withdrawal);
            if taken.is_some_and(|taken| taken.corrects.is_some()) {
                *seen.entry("a correction taken back".to_owned()).or_default() += 1;
            }
        }
    }
    let rarest = seen.values().min().copied();
    assert!(seen.len() == Outcome::ALL.len() + 1 && rarest >= Some(5), "{seen:?}");
}

/// Who plays, and where.
#[derive(Clone)]
struct Stage {
    who: Actor,
    top: UnitId,
    places: Vec<Unit>,
}

fn play(conn: &mut Conn, stage: &Stage, acts: &[Act]) -> Result<(), Undone> {
    let mut replay = Replay::default();
    for act in acts {
        let expected = replay.would_record(act);
        let Some(recorded) = perform(conn, stage, &replay, act)? else { continue };
        let records = expected.unwrap_or_default();
        if recorded.len() != records.len() {
            return Err(Undone::Wrong(format!("{act:?} recorded {recorded:?}, expected {records:?}")));
        }
        replay.0.extend(records.into_iter().zip(recorded).map(|(record, id)| super::replay::Record { id, ..record }));
    }
    if let Some(difference) = verify(conn)?.difference {
        return Err(Undone::Wrong(difference));
    }
    compare_states(conn, stage, &replay)?;
    compare_drive(conn, stage, &replay)?;
    Err(Undone::Fine)
}

/// Does it through the use cases; the numbers of the new records, none when there was nothing to ask for.
fn perform(conn: &mut Conn, stage: &Stage, replay: &Replay, act: &Act) -> Result<Option<Vec<i64>>, Undone> {
    let now = instant(NOW);
    let ruling = |places: Vec<&Unit>, said: &Said, corrects| Ruling {
        places: places
            .into_iter()
            .map(|unit| Ruled { unit: unit.code.clone(), level: said.level, seen: None })
            .collect(),
        scheme: said.scheme.to_owned(),
        effective_from: said.from,
        decision_number: if said.is_official { "15/QĐ-UBND".to_owned() } else { String::new() },
        decision_issuer: "Ủy ban nhân dân".to_owned(),
        corrects,
        reason: "ghi nhầm".to_owned(),
        ..Ruling::default()
    };
    let done = match act {
        Act::Decide(places, said) => {
            let places: Vec<&Unit> =
                stage.places.iter().zip(places).filter_map(|(unit, is)| is.then_some(unit)).collect();
            if places.is_empty() {
                return Ok(None);
            }
            decide_zones(conn, &stage.who, &ruling(places, said, None), now)
        }
        Act::Correct(which, said) => {
            let Some(record) = replay.target(*which) else { return Ok(None) };
            decide_zones(conn, &stage.who, &ruling(vec![&stage.places[record.place]], said, Some(record.id)), now)
        }
        Act::Withdraw(which) => {
            let Some(record) = replay.target(*which) else { return Ok(None) };
            withdraw_zones(conn, &stage.who, &[record.id], "ghi nhầm", now)
        }
    };
    match done {
        Ok(decided) => Ok(Some(decided.decisions)),
        // Refused where the replay records nothing either.
        Err(UseCaseError::Invalid(_)) => Ok(Some(Vec::new())),
        Err(error) => Err(error.into()),
    }
}

fn compare_states(conn: &mut Conn, stage: &Stage, replay: &Replay) -> Result<(), Undone> {
    let lines: BTreeMap<_, _> = zone_lines::below(conn, stage.top, .., Detail::Decisions)?
        .into_iter()
        .map(|place| (place.unit, place.line))
        .collect();
    let unclassified = Line::default();
    for moment in moments(replay) {
        let board = see_zones(conn, &stage.who, Some(DISTRICT), moment)?;
        for (place, unit) in stage.places.iter().enumerate() {
            let simply = simply_at(replay, place, moment);
            let kept = at(lines.get(&unit.id).unwrap_or(&unclassified), moment);
            let row = board.rows.iter().find(|row| row.unit.code == unit.code);
            let shown = row.and_then(|row| row.state.as_ref());
            let shown = shown.map(|state| (state.decision.id, state.decision.scheme.as_str(), state.decision.level));
            if kept != simply || shown != simply {
                let what = format!("{} at {moment}", unit.full_name);
                return Err(Undone::Wrong(format!("{what}: kept {kept:?}, shown {shown:?}, replayed {simply:?}")));
            }
        }
        let classified = (0..PLACES).filter(|place| replay.in_force(*place, moment).is_some()).count();
        if board.summary.total - board.summary.unclassified != classified {
            return Err(Undone::Wrong(format!("{:?} at {moment}, replayed {classified}", board.summary)));
        }
    }
    Ok(())
}

fn compare_drive(conn: &mut Conn, stage: &Stage, replay: &Replay) -> Result<(), Undone> {
    let asked = Question { scope: Some(DISTRICT.to_owned()), window: window(), kind: UnitKind::Commune };
    let drive = judge_drive(conn, &stage.who, &asked)?;
    if drive.outcomes.values().sum::<usize>() != drive.baseline.total || drive.places.len() != drive.baseline.total {
        return Err(Undone::Wrong(format!("{:?} of {}", drive.outcomes, drive.baseline.total)));
    }
    for shown in drive.places {
        let place = stage.places.iter().position(|unit| unit.code == shown.unit.code);
        let simply = place.map_or((Outcome::Unclassified, 0), |place| replay.judged(place, window()));
        let is_shortlisted = matches!(simply.0, Outcome::KeptGreen | Outcome::Improved);
        if (shown.outcome, shown.days_green) != simply || shown.is_shortlisted != is_shortlisted {
            return Err(Undone::Wrong(format!("{shown:?}, replayed {simply:?}")));
        }
    }
    Ok(())
}

fn any_history_through_the_store_is_that_of_a_simple_replay(database: &TestDatabase) {
    let store = database.store();
    let who = actor(&store, Role::HealthStaff, DISTRICT);
    let found: Result<_, StoreError> = store.read_now(|conn| {
        let top = units::find(conn, DISTRICT)?.ok_or(StoreError::NotFound)?.id;
        Ok((top, units::subtree(conn, top, Some(UnitKind::Commune))?))
    });
    let (top, mut places) = found.unwrap();
    places.truncate(PLACES);
    assert_eq!(places.len(), PLACES);
    let stage = Stage { who, top, places };
    try_cases(&store, (24, acts()), move |conn, acts| play(conn, &stage, acts));
}

database_tests!(any_history_through_the_store_is_that_of_a_simple_replay);
