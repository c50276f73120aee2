//! The tables, by hand, in types both databases have. `tests/it/store.rs` reads each of them on both.
#![expect(missing_docs, reason = "columns are described in the migrations")]

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

/// SQL types of our own.
pub mod sql_types {
    use diesel::{query_builder::QueryId, sql_types::SqlType};

    /// An instant: `TIMESTAMPTZ` on PostgreSQL, microseconds since 1970 on SQLite.
    #[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185))]
    #[diesel(sqlite_type(name = "Long"))]
    pub struct UtcTimestamp;

    impl diesel::sql_types::SqlOrd for UtcTimestamp {}
}

macro_rules! tables {
    ($($name:ident ($($key:ident),+) { $($column:ident -> $type:ty,)+ })+) => {
        $(table! {
            use diesel::sql_types::*;
            use super::sql_types::UtcTimestamp;
            $name ($($key),+) { $($column -> $type,)+ }
        })+
        allow_tables_to_appear_in_same_query!($($name),+);

        /// Reads no row of every table with every column: fails where a database's table differs from this file.
        pub fn probe(conn: &mut super::Conn) -> Result<(), super::StoreError> {
            use diesel::prelude::*;
            $(super::on_each!(conn, |c| $name::table.limit(0).select($name::all_columns).execute(c))?;)+
            Ok(())
        }
    };
}

tables! {
    unit (id) {
        id -> BigInt, code -> Text, kind -> Text, name -> Text, full_name -> Text, search_key -> Text,
        is_class -> Bool, parent_id -> Nullable<BigInt>, valid_from -> Nullable<Date>, valid_to -> Nullable<Date>,
    }
    unit_closure (ancestor_id, unit_id) {
        ancestor_id -> BigInt, unit_id -> BigInt, depth -> Integer,
    }
    population (unit_id, as_of) {
        unit_id -> BigInt, as_of -> Date, persons -> Integer, households -> Integer, source -> Text,
    }
    plan (id) {
        id -> BigInt, code -> Text, area_id -> Nullable<BigInt>, definition -> Text, is_illustrative -> Bool,
        assigned -> BigInt,
    }
    indicator (id) {
        id -> BigInt, plan_id -> BigInt, cohort -> Text, measure -> Text,
    }
    assignment (plan_id, unit_id, cohort) {
        plan_id -> BigInt, unit_id -> BigInt, cohort -> Text, section -> Text,
    }
    account (id) {
        id -> BigInt, username -> Text, display_name -> Text, password_hash -> Text, is_disabled -> Bool,
        token_epoch -> Integer, created_at -> UtcTimestamp,
    }
    role_grant (id) {
        id -> BigInt, account_id -> BigInt, role -> Text, unit_id -> BigInt,
    }
    session (id) {
        id -> BigInt, account_id -> BigInt, family -> Text, token_hash -> Text, created_at -> UtcTimestamp,
        expires_at -> UtcTimestamp, used_at -> Nullable<UtcTimestamp>, ended_at -> Nullable<UtcTimestamp>,
    }
    report (id) {
        id -> BigInt, unit_id -> BigInt, plan_id -> BigInt, as_of -> UtcTimestamp, recorded_at -> UtcTimestamp,
        account_id -> BigInt, channel -> Text, reason -> Text, supersedes_id -> Nullable<BigInt>,
        import_id -> Nullable<BigInt>, import_row -> Nullable<Integer>,
    }
    import (id) {
        id -> BigInt, kind -> Text, plan_id -> Nullable<BigInt>, scheme -> Nullable<Text>, file_name -> Text,
        file_hash -> Text, sheet -> Text, scope_id -> Nullable<BigInt>, reason -> Text, rows_read -> Integer,
        accepted -> Integer, unchanged -> Integer, refused -> Integer, skipped -> Integer,
        recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    figure (unit_id, as_of, report_id, indicator_id) {
        report_id -> BigInt, unit_id -> BigInt, indicator_id -> BigInt, as_of -> UtcTimestamp, count -> Integer,
        base -> Nullable<Integer>,
    }
    latest (unit_id, indicator_id) {
        unit_id -> BigInt, indicator_id -> BigInt, report_id -> BigInt, as_of -> UtcTimestamp, count -> Integer,
        base -> Nullable<Integer>,
    }
    tally (unit_id, indicator_id, day, slot) {
        unit_id -> BigInt, indicator_id -> BigInt, day -> Date, slot -> Integer, count -> Integer,
        counted -> Integer, base -> Integer, units -> Integer,
    }
    zone_decision (id) {
        id -> BigInt, unit_id -> BigInt, scheme -> Text, level -> Integer, effective_from -> UtcTimestamp,
        decision_number -> Nullable<Text>, decision_issuer -> Nullable<Text>, decision_date -> Nullable<Date>,
        is_official -> Bool, note -> Text, recorded_at -> UtcTimestamp, account_id -> BigInt,
        corrects_id -> Nullable<BigInt>, is_withdrawal -> Bool, reason -> Text, import_id -> Nullable<BigInt>,
        import_row -> Nullable<Integer>,
    }
    zone_line (unit_id) {
        unit_id -> BigInt, newest_id -> BigInt, recent_since -> BigInt, recent -> Binary, changes -> Binary,
    }
    zone_history (unit_id) {
        unit_id -> BigInt, steps -> Binary,
    }
    published_zone_total (unit_id, kind, effective_from, level) {
        unit_id -> BigInt, kind -> Text, effective_from -> UtcTimestamp, scheme -> Text, level -> Integer,
        places -> Integer, source -> Text, source_url -> Text,
    }
    award_mark (id) {
        id -> BigInt, unit_id -> BigInt, starts_on -> Date, ends_on -> Date, state -> Text, reason -> Text,
        recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    tracing_record (id) {
        id -> BigInt, unit_id -> BigInt, day -> Date, f0_new -> Nullable<Integer>, f0_community -> Nullable<Integer>,
        f1_traced -> Nullable<Integer>, f2_traced -> Nullable<Integer>, quarantine_central -> Nullable<Integer>,
        quarantine_home -> Nullable<Integer>, f1_lists_complete_24h -> Nullable<Integer>,
        recorded_at -> UtcTimestamp, account_id -> BigInt, channel -> Text, reason -> Text,
        supersedes_id -> Nullable<BigInt>,
    }
    difficulty (id) {
        id -> BigInt, plan_id -> BigInt, unit_id -> BigInt, category -> Text, body -> Text,
        recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    difficulty_step (id) {
        id -> BigInt, difficulty_id -> BigInt, state -> Text, note -> Text, recorded_at -> UtcTimestamp,
        account_id -> BigInt,
    }
    own_document (id) {
        id -> BigInt, plan_id -> BigInt, unit_id -> BigInt, is_issued -> Bool, number -> Text,
        issued_on -> Nullable<Date>, recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    report_setting (id) {
        id -> BigInt, plan_id -> BigInt, unit_id -> BigInt, letter -> Text, recorded_at -> UtcTimestamp,
        account_id -> BigInt,
    }
    report_draft (id) {
        id -> BigInt, plan_id -> BigInt, unit_id -> BigInt, starts_on -> Date, ends_on -> Date, choices -> Text,
        content -> Text, due_at -> Nullable<UtcTimestamp>, recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    issued_report (id) {
        id -> BigInt, plan_id -> BigInt, unit_id -> BigInt, starts_on -> Date, ends_on -> Date, version -> Integer,
        as_of -> UtcTimestamp, content -> Text, digest -> Text, docx -> Binary, xlsx -> Binary,
        recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    schedule (id) {
        id -> BigInt, plan_id -> BigInt, valid_from -> Date, rules -> Text, is_assumed -> Bool, reason -> Text,
        recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    extension (id) {
        id -> BigInt, plan_id -> BigInt, unit_id -> BigInt, period_from -> Date, until -> UtcTimestamp,
        reason -> Text, recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    exemption (id) {
        id -> BigInt, plan_id -> BigInt, unit_id -> BigInt, first_day -> Date, last_day -> Nullable<Date>,
        reason -> Text, recorded_at -> UtcTimestamp, account_id -> BigInt,
    }
    review (id) {
        id -> BigInt, report_id -> BigInt, outcome -> Text, reason -> Text, recorded_at -> UtcTimestamp,
        account_id -> BigInt,
    }
    received (plan_id, period_from, unit_id) {
        plan_id -> BigInt, period_from -> Date, unit_id -> BigInt, first_at -> Nullable<UtcTimestamp>,
        last_report_id -> BigInt, given -> BigInt, counted -> BigInt,
    }
    unit_contact (id) {
        id -> BigInt, unit_id -> BigInt, name -> Text, email -> Text, phone -> Text, recorded_at -> UtcTimestamp,
        account_id -> BigInt,
    }
    reminder (id) {
        id -> BigInt, plan_id -> BigInt, unit_id -> BigInt, period_from -> Date, kind -> Text, day -> Date,
        round -> Integer, channel -> Text, recipient -> Text, state -> Text, attempts -> Integer,
        next_at -> UtcTimestamp, answer -> Text, note -> Text, recorded_at -> UtcTimestamp,
        sent_at -> Nullable<UtcTimestamp>, account_id -> Nullable<BigInt>,
    }
    job_run (job, due_at) {
        job -> Text, due_at -> UtcTimestamp, claimed_at -> UtcTimestamp, finished_at -> Nullable<UtcTimestamp>,
        outcome -> Text,
    }
    operation (account_id, op_id) {
        account_id -> BigInt, op_id -> Text, request_hash -> Text, recorded_at -> UtcTimestamp, answer -> Text,
    }
    import_upload (token) {
        token -> Text, account_id -> BigInt, name -> Text, sha256 -> Text, content -> Binary,
        uploaded_at -> UtcTimestamp,
    }
    import_alias (account_id, scope, name_key) {
        account_id -> BigInt, scope -> Text, name_key -> Text, name -> Text, unit_code -> Text,
        confirmed_at -> UtcTimestamp,
    }
    import_mapping (account_id, fingerprint) {
        account_id -> BigInt, fingerprint -> Text, said -> Text, confirmed_at -> UtcTimestamp,
    }
    audit_chain (chain) {
        chain -> Integer, seq -> BigInt, hash -> Text, past_changes -> BigInt,
    }
    audit_event (id) {
        id -> BigInt, chain -> Integer, seq -> BigInt, at -> UtcTimestamp, account_id -> Nullable<BigInt>,
        actor -> Text, action -> Text, unit_id -> Nullable<BigInt>, detail -> Text, previous_hash -> Text,
        hash -> Text,
    }
}

joinable!(assignment -> unit (unit_id));
joinable!(role_grant -> unit (unit_id));
joinable!(role_grant -> account (account_id));
joinable!(report -> account (account_id));
joinable!(report -> unit (unit_id));
joinable!(import -> account (account_id));
joinable!(report -> import (import_id));
joinable!(zone_decision -> import (import_id));
joinable!(figure -> indicator (indicator_id));
joinable!(figure -> report (report_id));
joinable!(latest -> indicator (indicator_id));
joinable!(latest -> unit (unit_id));
joinable!(tally -> indicator (indicator_id));
joinable!(zone_decision -> unit (unit_id));
joinable!(zone_decision -> account (account_id));
joinable!(zone_line -> unit (unit_id));
joinable!(published_zone_total -> unit (unit_id));
joinable!(award_mark -> unit (unit_id));
joinable!(award_mark -> account (account_id));
joinable!(tracing_record -> account (account_id));
joinable!(tracing_record -> unit (unit_id));
joinable!(difficulty -> unit (unit_id));
joinable!(difficulty -> account (account_id));
joinable!(difficulty_step -> difficulty (difficulty_id));
joinable!(difficulty_step -> account (account_id));
joinable!(own_document -> unit (unit_id));
joinable!(own_document -> account (account_id));
joinable!(report_draft -> account (account_id));
joinable!(issued_report -> unit (unit_id));
joinable!(issued_report -> account (account_id));
joinable!(received -> unit (unit_id));
joinable!(review -> report (report_id));
joinable!(review -> account (account_id));
joinable!(extension -> account (account_id));
joinable!(schedule -> account (account_id));
joinable!(reminder -> unit (unit_id));
joinable!(session -> account (account_id));
