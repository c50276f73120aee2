//! The audit trail: an event for every write, in its transaction, each sealed with the hash of the one before.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Integer, Text},
};

use super::{
    Conn, StoreError, Ts, on_each, pending,
    schema::{audit_chain, audit_event as e, unit, unit_closure},
    upsert::{upsert, upserts},
};
use crate::domain::{calendar::Instant, digest::Digest, unit::UnitId};

/// What happened, by whom, to which unit.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// When.
    pub at: Instant,
    /// The account, where somebody was signed in.
    pub account_id: Option<i64>,
    /// Name of who acted.
    pub actor: String,
    /// `report.recorded`, `zone.decided`, `account.added`, …
    pub action: &'static str,
    /// The unit it concerns.
    pub unit: Option<UnitId>,
    /// What exactly, as JSON.
    pub detail: serde_json::Value,
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Event {
    /// Number in the trail.
    pub id: i64,
    /// Chain it is sealed in.
    pub chain: i32,
    /// Place in the chain.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Name of who acted.
    pub actor: String,
    /// What kind of act.
    pub action: String,
    /// Code of the unit it concerns.
    pub unit_code: Option<String>,
    /// Name of the unit it concerns.
    pub unit_name: Option<String>,
    /// What exactly, as JSON text.
    pub detail: String,
    /// Seal.
    pub hash: String,
    #[serde(skip)]
    account_id: Option<i64>,
    #[serde(skip)]
    unit_id: Option<i64>,
    #[serde(skip)]
    previous_hash: String,
}

impl Event {
    /// Whether the seal fits what the event says and the seal before it.
    pub fn is_sealed_after(&self, previous_hash: &str) -> bool {
        let micros = self.at.timestamp_micros();
        self.previous_hash == previous_hash
            && self.hash
                == seal(&[
                    previous_hash,
                    &self.chain.to_string(),
                    &self.seq.to_string(),
                    &micros.to_string(),
                    &self.account_id.map_or_else(String::new, |id| id.to_string()),
                    &self.actor,
                    &self.action,
                    &self.unit_id.map_or_else(String::new, |id| id.to_string()),
                    &self.detail,
                ])
    }
}

/// SHA-256 over the parts, each preceded by its length so that no two lists of parts are alike.
fn seal(parts: &[&str]) -> String {
    let mut digest = Digest::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.hex()
}

/// Where a chain ends: its length and last seal.
#[derive(Debug, Clone)]
pub(super) struct Head {
    seq: i64,
    hash: String,
}

/// Appends an event. Call it last in a transaction: on PostgreSQL it holds this connection's chain until the commit,
/// which also writes the chain's new head.
pub fn append(conn: &mut Conn, new: &NewEvent) -> Result<(), StoreError> {
    let chain = conn.chain();
    let Head { seq, hash: previous } = head(conn)?;
    let seq = seq + 1;
    let at = Ts::from(new.at);
    let detail = new.detail.to_string();
    let hash = seal(&[
        &previous,
        &chain.to_string(),
        &seq.to_string(),
        &at.0.timestamp_micros().to_string(),
        &new.account_id.map_or_else(String::new, |id| id.to_string()),
        &new.actor,
        new.action,
        &new.unit.map_or_else(String::new, |id| id.0.to_string()),
        &detail,
    ]);
    let row = (
        e::chain.eq(chain),
        e::seq.eq(seq),
        e::at.eq(at),
        e::account_id.eq(new.account_id),
        e::actor.eq(&new.actor),
        e::action.eq(new.action),
        e::unit_id.eq(new.unit.map(|unit| unit.0)),
        e::detail.eq(&detail),
        e::previous_hash.eq(&previous),
        e::hash.eq(&hash),
    );
    on_each!(conn, |c| diesel::insert_into(e::table).values(row).execute(c))?;
    conn.pending_mut()?.head = Some(Head { seq, hash });
    Ok(())
}

/// The end of this connection's chain, as this transaction left it or found it.
fn head(conn: &mut Conn) -> Result<Head, StoreError> {
    if let Some(head) = conn.pending().iter().rev().find_map(|level| level.head.as_ref()) {
        return Ok(head.clone());
    }
    let head = audit_chain::table.find(conn.chain()).select((audit_chain::seq, audit_chain::hash));
    let (seq, hash) = match &mut conn.backend {
        super::connection::Backend::Sqlite(c) => head.get_result(c)?,
        super::connection::Backend::Postgres(c) => head.for_update().get_result(c)?,
    };
    Ok(Head { seq, hash })
}

upserts! {
    struct HeadRow -> "audit_chain" {
        chain: i32 => Integer,
        seq: i64 => BigInt,
        hash: String => Text,
        past_changes: i64 => BigInt,
    }
    "ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, \
     past_changes = audit_chain.past_changes + excluded.past_changes"
}

/// Writes the head of this connection's chain, where it moved, and counts a change of the past, where there is one.
pub(super) fn write_head(conn: &mut Conn, moved: Option<&Head>, changes_past: bool) -> Result<(), StoreError> {
    let Head { seq, hash } = moved.cloned().map_or_else(|| head(conn), Ok)?;
    upsert(conn, &[HeadRow { chain: conn.chain(), seq, hash, past_changes: changes_past.into() }])
}

type Row = (
    (i64, i32, i64, Ts),
    (Option<i64>, String, String, Option<i64>, String),
    (String, String),
    (Option<String>, Option<String>),
);

macro_rules! columns {
    () => {
        (
            (e::id, e::chain, e::seq, e::at),
            (e::account_id, e::actor, e::action, e::unit_id, e::detail),
            (e::previous_hash, e::hash),
            (unit::code.nullable(), unit::full_name.nullable()),
        )
    };
}

fn read(row: Row) -> Event {
    let (
        (id, chain, seq, at),
        (account_id, actor, action, unit_id, detail),
        (previous_hash, hash),
        (unit_code, unit_name),
    ) = row;
    Event {
        id,
        chain,
        seq,
        at: at.0,
        actor,
        action,
        unit_code,
        unit_name,
        detail,
        hash,
        account_id,
        unit_id,
        previous_hash,
    }
}

/// Events on units below `top`, newest first, at most `limit`; those before event `before` if given.
pub fn below(conn: &mut Conn, top: UnitId, before: Option<i64>, limit: i64) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| e::table
        .left_join(unit::table.on(unit::id.nullable().eq(e::unit_id)))
        .filter(diesel::dsl::exists(
            unit_closure::table
                .filter(unit_closure::ancestor_id.eq(top.0).and(unit_closure::unit_id.nullable().eq(e::unit_id)))
        ))
        .filter(e::id.lt(before.unwrap_or(i64::MAX)))
        .order(e::id.desc())
        .limit(limit)
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// A stretch of a chain after place `after`, in order.
pub fn chain(conn: &mut Conn, chain: i32, after: i64, limit: i64) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = on_each!(conn, |c| e::table
        .left_join(unit::table.on(unit::id.nullable().eq(e::unit_id)))
        .filter(e::chain.eq(chain).and(e::seq.gt(after)))
        .order(e::seq)
        .limit(limit)
        .select(columns!())
        .load(c))?;
    Ok(rows.into_iter().map(read).collect())
}

/// How many events all chains hold: what was read of the database when there were as many still stands, because every
/// write adds one. A transaction of its own counts what it has added itself, without writing it before its time as
/// [`heads`] does.
pub fn length(conn: &mut Conn) -> Result<i64, StoreError> {
    let rows: Vec<(i32, i64)> =
        on_each!(conn, |c| audit_chain::table.select((audit_chain::chain, audit_chain::seq)).load(c))?;
    let own = conn.chain();
    let ahead = conn.pending().iter().rev().find_map(|level| level.head.as_ref()).map(|head| head.seq);
    Ok(rows.into_iter().map(|(chain, seq)| if chain == own { ahead.unwrap_or(seq) } else { seq }).sum())
}

/// Every chain with its head: number, length, last seal.
pub fn heads(conn: &mut Conn) -> Result<Vec<(i32, i64, String)>, StoreError> {
    pending::settle(conn)?;
    Ok(on_each!(conn, |c| audit_chain::table
        .order(audit_chain::chain)
        .select((audit_chain::chain, audit_chain::seq, audit_chain::hash))
        .load(c))?)
}
