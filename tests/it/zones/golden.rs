//! The golden cases of the requirements on zones, G-08 to G-13.

use chrono::NaiveDate;
use vungxanh::{
    domain::{
        rate::Rate,
        unit::UnitId,
        zone::{
            Colour, Decision,
            drive::{Distribution, Judged, Outcome, Window, judge},
            line::Line,
        },
    },
    usecases::zone_state::schemes,
};

use crate::harness::instant;

const GREEN: i32 = 1;
const YELLOW: i32 = 2;
const ORANGE: i32 = 3;
const RED: i32 = 4;

/// How a place with these decisions did in the drive of plan 127.
fn drive(decided: &[(&str, i32)]) -> Judged {
    let day = |day| NaiveDate::from_ymd_opt(2021, 8, day).unwrap();
    let decisions: Vec<Decision> = decided
        .iter()
        .zip(1..)
        .map(|((from, level), id)| Decision {
            id,
            unit: UnitId(1),
            scheme: "qd_2686".to_owned(),
            level: *level,
            effective_from: instant(from),
            decision_number: Some("89/QĐ-BCĐUBND".to_owned()),
            decision_issuer: Some("Ban Chỉ đạo".to_owned()),
            decision_date: None,
            is_official: true,
            corrects: None,
            is_withdrawal: false,
            reason: String::new(),
            note: String::new(),
            recorded_at: instant(from),
            recorded_by: String::new(),
        })
        .collect();
    judge(&Line::of(&decisions), Window::new(day(16), day(25)).unwrap(), schemes())
}

#[test]
fn g_08_green_without_a_change_is_kept_green_and_shortlisted() {
    let judged = drive(&[("2021-08-15T00:00:00+07:00", GREEN)]);
    assert_eq!((judged.outcome, judged.days_green), (Outcome::KeptGreen, 10));
    assert!(judged.outcome.is_shortlisted() && judged.outcome.is_eligible());
    // Green decided once more is still green throughout.
    let again = drive(&[("2021-08-15T00:00:00+07:00", GREEN), ("2021-08-20T12:00:00+07:00", GREEN)]);
    assert_eq!((again.outcome, again.days_green), (Outcome::KeptGreen, 10));
}

#[test]
fn g_09_green_at_both_ends_but_yellow_between_has_dipped_and_is_not_shortlisted() {
    let judged = drive(&[
        ("2021-08-15T00:00:00+07:00", GREEN),
        ("2021-08-18T00:00:00+07:00", YELLOW),
        ("2021-08-22T00:00:00+07:00", GREEN),
    ]);
    // 16, 17, 22, 23, 24, 25.
    assert_eq!((judged.outcome, judged.days_green), (Outcome::Dipped, 6));
    assert!(judged.outcome.is_eligible() && !judged.outcome.is_shortlisted());
}

#[test]
fn g_10_a_lower_risk_an_hour_before_the_end_has_improved() {
    let judged = drive(&[("2021-08-15T00:00:00+07:00", RED), ("2021-08-25T23:00:00+07:00", ORANGE)]);
    assert_eq!((judged.outcome, judged.days_green), (Outcome::Improved, 0));
    assert_eq!(judged.last.map(|step| step.level), Some(ORANGE));
    assert!(judged.outcome.is_shortlisted());
}

#[test]
fn g_11_a_lower_risk_from_the_first_instant_after_the_end_has_not_improved() {
    let judged = drive(&[("2021-08-15T00:00:00+07:00", RED), ("2021-08-26T00:00:00+07:00", ORANGE)]);
    assert_eq!(judged.outcome, Outcome::Unchanged);
    assert_eq!(judged.last.map(|step| step.level), Some(RED));
    assert!(!judged.outcome.is_shortlisted());
}

#[test]
fn g_12_without_a_zone_at_the_start_a_place_is_unclassified_and_not_eligible() {
    for decided in [&[][..], &[("2021-08-16T00:01:00+07:00", GREEN)], &[("2021-09-01T00:00:00+07:00", RED)]] {
        let judged = drive(decided);
        assert_eq!((judged.outcome, judged.baseline), (Outcome::Unclassified, None), "{decided:?}");
        assert!(!judged.outcome.is_eligible() && !judged.outcome.is_shortlisted(), "{decided:?}");
    }
    // What takes effect at the very start is the baseline.
    assert_eq!(drive(&[("2021-08-16T00:00:00+07:00", GREEN)]).outcome, Outcome::KeptGreen);
}

#[test]
fn g_13_45_28_27_9_are_109_places_and_41_2_percent_green() {
    let mut places = Distribution::default();
    for (colour, how_many) in [(Colour::Green, 45), (Colour::Yellow, 28), (Colour::Orange, 27), (Colour::Red, 9)] {
        (0..how_many).for_each(|_| places.add(Some(colour)));
    }
    assert_eq!((places.total(), places.classified()), (109, 109));
    assert_eq!(Rate::new(45, 109).tenths(), Some(412));
    // A place without a zone is one more place and of no colour.
    places.add(None);
    assert_eq!((places.total(), places.of(Colour::Green), places.unclassified), (110, 45, 1));
}

#[test]
fn the_net_change_decides_whatever_the_path_between() {
    for (path, outcome) in [
        (&[RED, GREEN, ORANGE][..], Outcome::Improved),
        (&[YELLOW, GREEN, ORANGE], Outcome::Worsened),
        (&[GREEN, RED, YELLOW], Outcome::Worsened),
        (&[ORANGE, GREEN, ORANGE], Outcome::Unchanged),
        (&[YELLOW, GREEN], Outcome::Improved),
    ] {
        let times = ["2021-08-10T00:00:00+07:00", "2021-08-17T06:00:00+07:00", "2021-08-25T18:00:00+07:00"];
        let decided: Vec<(&str, i32)> = times.into_iter().zip(path.iter().copied()).collect();
        assert_eq!(drive(&decided).outcome, outcome, "{path:?}");
    }
}
