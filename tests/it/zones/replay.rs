//! Any history of decisions, and what it comes to, replayed the simple way: hour by hour, record by record.

use chrono::{Duration, NaiveDate};
use proptest::{collection::vec, prelude::*, sample::Index};
use vungxanh::domain::{
    calendar::Instant,
    unit::UnitId,
    zone::{
        Decision,
        drive::{Outcome, Window},
    },
};

use crate::harness::instant;

/// Two schemes: green is level 1 in both.
pub const SCHEMES: [&str; 2] = ["qd_2686", "nq_128_qd_4800"];
/// How many places a history is of.
pub const PLACES: usize = 4;
/// Hours that decisions are spread over, from [`first`]; the window judged lies inside.
const HOURS: i64 = 14 * 24;

/// Midnight before everything.
pub fn first() -> Instant {
    instant("2021-10-04T00:00:00+07:00")
}

/// The days judged.
pub fn window() -> Window {
    let day = |day| NaiveDate::from_ymd_opt(2021, 10, day).unwrap();
    Window::new(day(7), day(14)).unwrap()
}

/// What a decision says.
#[derive(Debug, Clone)]
pub struct Said {
    pub scheme: &'static str,
    pub level: i32,
    pub from: Instant,
    pub is_official: bool,
}

/// What somebody does.
#[derive(Debug, Clone)]
pub enum Act {
    /// Decides on some places at once.
    Decide([bool; PLACES], Said),
    /// Corrects any earlier record, if it can.
    Correct(Index, Said),
    /// Takes any earlier record back, if it can.
    Withdraw(Index),
}

/// Anything people may do one after the other.
pub fn acts() -> impl Strategy<Value = Vec<Act>> {
    // Midnights and few hours, so that times meet; mostly one scheme, so that levels can be compared.
    let hour = prop_oneof![(0..HOURS / 24).prop_map(|day| day * 24), 0..HOURS];
    let said = (prop::bool::weighted(0.12), 1..=4_i32, hour, prop::bool::weighted(0.8)).prop_map(
        |(is_new, level, hour, is_official)| Said {
            scheme: SCHEMES[usize::from(is_new)],
            level,
            from: first() + Duration::hours(hour),
            is_official,
        },
    );
    let act = prop_oneof![
        4 => (any::<[bool; PLACES]>(), said.clone()).prop_map(|(places, said)| Act::Decide(places, said)),
        2 => (any::<Index>(), said).prop_map(|(which, said)| Act::Correct(which, said)),
        2 => any::<Index>().prop_map(Act::Withdraw),
    ];
    vec(act, 1..=24)
}

/// A record as it was made.
#[derive(Debug, Clone)]
pub struct Record {
    pub id: i64,
    pub place: usize,
    pub said: Said,
    pub corrects: Option<i64>,
    pub is_withdrawal: bool,
}

impl Record {
    /// The same as the rules know it.
    pub fn decision(&self) -> Decision {
        Decision {
            id: self.id,
            unit: UnitId(i64::try_from(self.place).unwrap()),
            scheme: self.said.scheme.to_owned(),
            level: self.said.level,
            effective_from: self.said.from,
            decision_number: None,
            decision_issuer: None,
            decision_date: None,
            is_official: self.said.is_official,
            corrects: self.corrects,
            is_withdrawal: self.is_withdrawal,
            reason: String::new(),
            note: String::new(),
            recorded_at: first(),
            recorded_by: String::new(),
        }
    }
}

/// Every record, in the order made.
#[derive(Debug, Clone, Default)]
pub struct Replay(pub Vec<Record>);

impl Replay {
    /// Does what people do where it can be done, giving numbers itself.
    pub fn of(acts: &[Act]) -> Self {
        let mut replay = Self::default();
        for act in acts {
            let next = i64::try_from(replay.0.len()).unwrap() + 1;
            let records = replay.would_record(act).unwrap_or_default();
            replay.0.extend(records.into_iter().zip(next..).map(|(record, id)| Record { id, ..record }));
        }
        replay
    }

    /// What an act records, still without numbers; nothing where it corrects or takes back what does not stand.
    pub fn would_record(&self, act: &Act) -> Option<Vec<Record>> {
        let new =
            |place, said: &Said| Record { id: 0, place, said: said.clone(), corrects: None, is_withdrawal: false };
        match act {
            Act::Decide(places, said) => {
                let places = (0..PLACES).filter(|place| places[*place]);
                Some(places.filter(|place| !self.knows(*place, said)).map(|place| new(place, said)).collect())
            }
            Act::Correct(which, said) => {
                let corrected = self.target(*which).filter(|record| self.stands(record))?;
                Some(vec![Record { corrects: Some(corrected.id), ..new(corrected.place, said) }])
            }
            Act::Withdraw(which) => {
                let taken = self.target(*which).filter(|record| self.stands(record))?;
                let said = Said { is_official: false, ..taken.said.clone() };
                Some(vec![Record { corrects: Some(taken.id), is_withdrawal: true, ..new(taken.place, &said) }])
            }
        }
    }

    /// The record an act is about.
    pub fn target(&self, which: Index) -> Option<&Record> {
        (!self.0.is_empty()).then(|| which.get(&self.0))
    }

    /// Whether the same was decided before and still stands.
    fn knows(&self, place: usize, said: &Said) -> bool {
        self.0.iter().any(|record| {
            record.place == place
                && (record.said.scheme, record.said.level) == (said.scheme, said.level)
                && (record.said.from, record.said.is_official) == (said.from, said.is_official)
                && self.stands(record)
        })
    }

    /// Whether nothing that holds itself puts the record out.
    fn holds(&self, id: i64) -> bool {
        !self.0.iter().any(|later| later.corrects == Some(id) && self.holds(later.id))
    }

    /// Whether the record says something that still stands.
    pub fn stands(&self, record: &Record) -> bool {
        !record.is_withdrawal && self.holds(record.id)
    }

    /// The record in force for a place at a moment.
    pub fn in_force(&self, place: usize, at: Instant) -> Option<&Record> {
        let mut found: Option<&Record> = None;
        for record in self.0.iter().filter(|record| record.place == place) {
            let counts = record.said.is_official && record.said.from <= at && self.stands(record);
            if counts && found.is_none_or(|found| (record.said.from, record.id) > (found.said.from, found.id)) {
                found = Some(record);
            }
        }
        found
    }

    /// How a place did over a window, and its whole green days, looking at every hour.
    pub fn judged(&self, place: usize, window: Window) -> (Outcome, usize) {
        let days = window.days().count();
        let mut hours = Vec::new();
        for hour in 0..i64::try_from(days).unwrap() * 24 {
            let in_force = self.in_force(place, window.start() + Duration::hours(hour));
            hours.push(in_force.map(|record| (record.said.scheme, record.said.level)));
        }
        let green_days = hours.chunks(24).filter(|day| day.iter().all(|hour| matches!(hour, Some((_, 1))))).count();
        let (Some((scheme, start)), Some(Some((_, end)))) = (hours[0], hours.last()) else {
            return (Outcome::Unclassified, green_days);
        };
        let outcome = if hours.iter().flatten().any(|(other, _)| *other != scheme) {
            Outcome::SchemeChanged
        } else if *end != start {
            if *end < start { Outcome::Improved } else { Outcome::Worsened }
        } else if start != 1 {
            Outcome::Unchanged
        } else if green_days == days {
            Outcome::KeptGreen
        } else {
            Outcome::Dipped
        };
        (outcome, green_days)
    }
}
