//! Two weeks of made-up tracing figures for the communes of a district and the hamlets known there, from a fixed seed: a
//! small outbreak that fades, days not reported, a correction. Recorded under the demo's own account and channel.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    Result,
    record_tracing::{TracingSubmission, record_tracing},
};
use crate::{
    domain::{
        actor::{Actor, Grant, Role},
        calendar::{self, Instant},
        number::Given,
        tracing::{Counts, TracingFigure as F},
        unit::{UnitId, UnitKind},
    },
    store::{Conn, contact_tracing},
};

const SEED: u64 = 3638;
const DAYS: u64 = 14;
/// A commune that reports nothing, and one that stopped five days ago.
const SILENT: &str = "30667";
const STOPPED: &str = "30673";
/// A commune whose figures of an older day are corrected.
const CORRECTED: &str = "30634";

/// Fills the places below `top` with made-up tracing figures, as `recorder`.
pub(super) fn make_tracing_demo(conn: &mut Conn, recorder: &Actor, top: UnitId, now: Instant) -> Result<()> {
    let actor = Actor { grants: vec![Grant { role: Role::HealthStaff, unit: top }], ..recorder.clone() };
    let places = contact_tracing::places(conn, top)?;
    let mut rng = StdRng::seed_from_u64(SEED);
    for (commune, _) in places.iter().filter(|(unit, _)| unit.kind == UnitKind::Commune && unit.code != SILENT) {
        let hamlets: Vec<&str> = places
            .iter()
            .filter(|(_, parent)| *parent == Some(commune.id))
            .map(|(hamlet, _)| hamlet.code.as_str())
            .collect();
        let days = if commune.code == STOPPED { DAYS - 5 } else { DAYS };
        let most = rng.random_range(0..14);
        let mut quarantined = 0;
        for back in (DAYS - days..DAYS).rev() {
            let day = calendar::day(now).checked_sub_days(Days::new(back + 1)).unwrap_or_default();
            let counts = made_up(&mut rng, most, back, &mut quarantined);
            post(conn, &actor, &commune.code, day, &counts, "", now)?;
            for (hamlet, part) in hamlets.iter().zip(shared_out(&mut rng, &counts, hamlets.len())) {
                post(conn, &actor, hamlet, day, &part, "", now)?;
            }
        }
    }
    if let Some((commune, _)) = places.iter().find(|(unit, _)| unit.code == CORRECTED) {
        let day = calendar::day(now).checked_sub_days(Days::new(8)).unwrap_or_default();
        let mut more =
            contact_tracing::standing(conn, commune.id, day)?.map(|record| record.counts).unwrap_or_default();
        more.entry(F::F1Traced).and_modify(|count| *count += 8);
        more.entry(F::F2Traced).and_modify(|count| *count += 15);
        post(conn, &actor, CORRECTED, day, &more, "Bổ sung danh sách tiếp xúc của một ca ở chợ", now)?;
    }
    Ok(())
}

/// A day, `back` days before the last: fewer cases the later it is.
fn made_up(rng: &mut StdRng, most: i64, back: u64, quarantined: &mut i64) -> Counts {
    let left = i64::try_from(back).unwrap_or_default() + 4;
    let f0 = rng.random_range(0..=most) * left / 17;
    let f1: i64 = (0..f0).map(|_| rng.random_range(3..11)).sum();
    *quarantined = *quarantined * 12 / 14 + f1;
    let central = *quarantined * 6 / 10;
    Counts::from([
        (F::F0New, f0),
        (F::F0Community, f0 * rng.random_range(0..45) / 100),
        (F::F1Traced, f1),
        (F::F2Traced, f1 * rng.random_range(15..30) / 10),
        (F::QuarantineCentral, central),
        (F::QuarantineHome, *quarantined - central),
        (F::F1ListsComplete, f0 * rng.random_range(60..=100) / 100),
    ])
}

/// A commune's counts among its hamlets, all of each: most in the first few.
fn shared_out(rng: &mut StdRng, whole: &Counts, hamlets: usize) -> Vec<Counts> {
    let mut parts = vec![Counts::new(); hamlets];
    let shares: Vec<i64> = (0..hamlets).map(|_| rng.random_range(1..9)).collect();
    let all: i64 = shares.iter().sum();
    for (figure, count) in whole {
        let mut left = *count;
        for (part, share) in parts.iter_mut().zip(&shares) {
            let given = (*count * share / all.max(1)).min(left);
            part.insert(*figure, given);
            left -= given;
        }
        // What the division leaves over falls to the first; the same first for parts and their whole.
        if let Some(first) = parts.first_mut() {
            *first.entry(*figure).or_default() += left;
        }
    }
    for part in &mut parts {
        let f0 = part.get(&F::F0New).copied().unwrap_or_default();
        for figure in [F::F0Community, F::F1ListsComplete] {
            part.entry(figure).and_modify(|count| *count = (*count).min(f0));
        }
    }
    parts
}

fn post(
    conn: &mut Conn,
    actor: &Actor,
    unit: &str,
    day: NaiveDate,
    counts: &Counts,
    reason: &str,
    now: Instant,
) -> Result<()> {
    let figures: BTreeMap<String, Given> =
        counts.iter().map(|(figure, count)| (figure.to_string(), Given::Whole(*count))).collect();
    let submission = TracingSubmission {
        op_id: None,
        unit: unit.to_owned(),
        day,
        figures,
        supersedes: None,
        reason: reason.to_owned(),
        channel: "demo",
    };
    let evening = NaiveTime::from_hms_opt(17, 0, 0).unwrap_or_default();
    let recorded_at = if reason.is_empty() { calendar::instant(day.and_time(evening)).min(now) } else { now };
    record_tracing(conn, actor, &submission, recorded_at).map(|_| ())
}
