//! The office reminds units by letter, notes that it called, gives more time, exempts, and keeps their contacts.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::{
    Result, UnitRef, UseCaseError, area_of, audit,
    record_report::LONGEST_REASON,
    see_chase::{chosen, standings},
};
use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        chase::ReminderKind,
        report::{Fault, Rule},
        schedule::Period,
        text,
        unit::{Unit, UnitId},
    },
    store::{
        Conn,
        contacts::{self, Contact},
        plans::StoredPlan,
        reminders::{self, NewReminder},
        schedules,
    },
};

/// Units of a period that something is done about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Their codes.
    pub units: Vec<String>,
    /// The first day of the period.
    pub period: NaiveDate,
}

/// What became of a request to remind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Asked {
    /// Units whose letter is on its way.
    pub queued: Vec<UnitRef>,
    /// Units that were sent one today already.
    pub already: Vec<AlreadyReminded>,
    /// Units whose address is not known.
    pub without_address: Vec<UnitRef>,
    /// Units that have nothing to send.
    pub not_late: Vec<UnitRef>,
}

/// A unit that was sent a letter today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AlreadyReminded {
    /// The unit.
    pub unit: UnitRef,
    /// When it was queued.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
}

/// The period that begins on a day and has opened.
fn period(plan: &StoredPlan, from: NaiveDate, now: Instant) -> Result<Period> {
    let period = plan.timetable.period_of(from).filter(|period| period.from == from && period.opens <= now);
    period.ok_or_else(|| {
        let example = plan.timetable.period_at(now).map_or_else(String::new, |period| period.from.to_string());
        UseCaseError::Invalid(vec![Fault::of_report("period", Rule::NotAPeriod, from.to_string(), Some(example))])
    })
}

fn check_reason(reason: &str, is_needed: bool) -> Result<String> {
    let reason = text::clean(reason);
    let fault = if reason.chars().count() > LONGEST_REASON {
        Fault::of_report("reason", Rule::TooLong, "", Some(LONGEST_REASON.to_string()))
    } else if is_needed && reason.trim().is_empty() {
        Fault::of_report("reason", Rule::ReasonNeeded, "", None)
    } else {
        return Ok(reason);
    };
    Err(UseCaseError::Invalid(vec![fault]))
}

/// Puts a letter to each unit into the queue: one a day, unless it is asked for `again`.
pub fn remind(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    (chosen_units, again): (&Chosen, bool),
    now: Instant,
) -> Result<Asked> {
    let found = chosen(conn, actor, &chosen_units.units)?;
    let period = period(plan, chosen_units.period, now)?;
    let ids: Vec<UnitId> = found.iter().map(|unit| unit.id).collect();
    let day = calendar::day(now);
    let late: Vec<UnitId> = standings(conn, plan, area_of(plan)?, &period, now)?
        .iter()
        .filter(|standing| standing.at.state.is_open())
        .map(|standing| standing.obliged.unit.id)
        .collect();
    let contacts = contacts::of(conn, &ids)?;
    let letters = reminders::letters_on(conn, &ids, day)?;
    let mut asked =
        Asked { queued: Vec::new(), already: Vec::new(), without_address: Vec::new(), not_late: Vec::new() };
    let mut new = Vec::new();
    for unit in &found {
        let email = contacts.get(&unit.id).map(|contact| contact.email.clone()).filter(|email| !email.is_empty());
        let known = letters.get(&unit.id);
        match (late.contains(&unit.id), email, known) {
            (false, ..) => asked.not_late.push(UnitRef::from(unit)),
            (_, None, _) => asked.without_address.push(UnitRef::from(unit)),
            (_, _, Some((_, letter))) if !again => {
                asked.already.push(AlreadyReminded { unit: UnitRef::from(unit), at: letter.recorded_at });
            }
            (_, Some(email), known) => new.push(NewReminder {
                unit: unit.id,
                period_from: period.from,
                kind: ReminderKind::Asked,
                day,
                round: known.map_or(0, |(round, _)| *round),
                recipient: Some(email),
                note: String::new(),
            }),
        }
    }
    let queued = reminders::add(conn, plan.id, &new, Some(actor.account_id), now)?;
    for unit in &found {
        if queued.contains(&unit.id) {
            asked.queued.push(UnitRef::from(unit));
        } else if new.iter().any(|new| new.unit == unit.id) {
            // Another press got there first.
            asked.already.push(AlreadyReminded { unit: UnitRef::from(unit), at: now });
        }
    }
    if !asked.queued.is_empty() {
        let units: Vec<&str> = asked.queued.iter().map(|unit| unit.code.as_str()).collect();
        let detail = json!({ "plan": plan.plan.code, "period": period.from, "units": units, "again": again });
        audit(conn, actor, "reminder.asked", plan.area, detail, now)?;
    }
    Ok(asked)
}

/// Notes that these units were called. Returns how many.
pub fn note_call(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    (chosen_units, said): (&Chosen, &str),
    now: Instant,
) -> Result<usize> {
    let found = chosen(conn, actor, &chosen_units.units)?;
    let (period, note) = (period(plan, chosen_units.period, now)?, check_reason(said, false)?);
    let ids: Vec<UnitId> = found.iter().map(|unit| unit.id).collect();
    let known = reminders::last(conn, plan.id, period.from, &ids)?;
    let times = |unit: &Unit| known.get(&unit.id).map_or(0, |(_, times)| i32::try_from(*times).unwrap_or(i32::MAX));
    let calls: Vec<NewReminder> = found
        .iter()
        .map(|unit| NewReminder {
            unit: unit.id,
            period_from: period.from,
            kind: ReminderKind::Called,
            day: calendar::day(now),
            round: times(unit),
            recipient: None,
            note: note.clone(),
        })
        .collect();
    let logged = reminders::add(conn, plan.id, &calls, Some(actor.account_id), now)?;
    let units: Vec<&str> = found.iter().map(|unit| unit.code.as_str()).collect();
    let detail = json!({ "plan": plan.plan.code, "period": period.from, "units": units, "note": note });
    audit(conn, actor, "reminder.called", plan.area, detail, now)?;
    Ok(logged.len())
}

/// Gives units until `until` for a period: their report is due then, and the period stays open to them.
pub fn extend(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    (chosen_units, until, reason): (&Chosen, Instant, &str),
    now: Instant,
) -> Result<usize> {
    let found = chosen(conn, actor, &chosen_units.units)?;
    let (period, reason) = (period(plan, chosen_units.period, now)?, check_reason(reason, true)?);
    if until <= period.due || until <= now {
        let shown = |at: Instant| calendar::local(at).format("%H:%M %d/%m/%Y").to_string();
        let fault = Fault::of_report("until", Rule::BeforeStart, shown(until), Some(shown(period.due.max(now))));
        return Err(UseCaseError::Invalid(vec![fault]));
    }
    for unit in &found {
        schedules::extend(conn, plan.id, (unit.id, period.from, until), &reason, actor.account_id, now)?;
        let detail = json!({ "plan": plan.plan.code, "period": period.from, "until": until, "reason": reason });
        audit(conn, actor, "period.extended", Some(unit.id), detail, now)?;
    }
    Ok(found.len())
}

/// Exempts units from reporting, from the first day on and to the last, or without end.
pub fn exempt(
    conn: &mut Conn,
    actor: &Actor,
    plan: &StoredPlan,
    (codes, first, last, reason): (&[String], NaiveDate, Option<NaiveDate>, &str),
    now: Instant,
) -> Result<usize> {
    let found = chosen(conn, actor, codes)?;
    let reason = check_reason(reason, true)?;
    for unit in &found {
        schedules::exempt(conn, plan.id, (unit.id, first, last), &reason, actor.account_id, now)?;
        let detail = json!({ "plan": plan.plan.code, "first_day": first, "last_day": last, "reason": reason });
        audit(conn, actor, "unit.exempted", Some(unit.id), detail, now)?;
    }
    Ok(found.len())
}

/// The longest name, address and number that are kept, in characters.
const LONGEST: usize = 200;

/// Records whom a unit is written to and called: an office's contact, never a private one.
pub fn keep_contact(conn: &mut Conn, actor: &Actor, code: &str, contact: &Contact, now: Instant) -> Result<()> {
    let unit = super::allowed(conn, actor, Deed::Chase, code)?.unit;
    let contact = Contact {
        name: text::clean(&contact.name),
        email: text::clean(&contact.email),
        phone: text::clean(&contact.phone),
    };
    let mut faults = Vec::new();
    for (field, value) in [("name", &contact.name), ("email", &contact.email), ("phone", &contact.phone)] {
        if value.chars().count() > LONGEST {
            faults.push(Fault::of_report(field, Rule::TooLong, "", Some(LONGEST.to_string())));
        }
    }
    if !contact.email.is_empty() && !is_email(&contact.email) {
        faults.push(Fault::of_report("email", Rule::NotAnEmail, &contact.email, None));
    }
    if !faults.is_empty() {
        return Err(UseCaseError::Invalid(faults));
    }
    contacts::set(conn, unit.id, &contact, actor.account_id, now)?;
    // Whom it names stands in the register; the trail is read by more people.
    let detail = json!({ "has_email": !contact.email.is_empty(), "has_phone": !contact.phone.is_empty() });
    audit(conn, actor, "contact.kept", Some(unit.id), detail, now)
}

/// Whether a text can be an address: one `@`, a dot behind it, nothing that could end a header.
fn is_email(text: &str) -> bool {
    let is_plain =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !b"<>()[],;:\"\\@".contains(&b));
    text.split_once('@').is_some_and(|(name, host)| is_plain(name) && is_plain(host) && host.contains('.'))
}

/// The contact of a unit.
pub fn see_contact(conn: &mut Conn, actor: &Actor, code: &str) -> Result<(UnitRef, Contact)> {
    let unit = super::allowed(conn, actor, Deed::Chase, code)?.unit;
    let contact = contacts::of(conn, &[unit.id])?.remove(&unit.id).unwrap_or_default();
    Ok((UnitRef::from(&unit), contact))
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn what_could_end_a_header_is_no_address() {
        for text in ["vhtt@chomoi.example.vn", "a+b@x.vn"] {
            assert!(is_email(text), "{text}");
        }
        for text in ["", "a", "a@b", "@b.vn", "a@b.vn\r\nBcc: c@d.vn", "a@b.vn,c@d.vn", "Ông A <a@b.vn>", "a@b@c.vn"] {
            assert!(!is_email(text), "{text}");
        }
    }
}
