//! Files between preview and confirmation, and what each account has said once of the files it sends. Conveniences, not
//! facts: nothing of this is history, all of it may go.

use chrono::Duration;
use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts,
    among::among,
    on_each,
    schema::{import_alias as alias, import_mapping as mapping, import_upload as upload},
};
use crate::domain::calendar::Instant;

/// How long a file waits to be confirmed.
const KEPT: Duration = Duration::days(1);
/// How many files of one account wait at once; an older one makes room.
const MOST_UPLOADS: i64 = 5;

/// A file that waits.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Upload {
    /// What it is called by in addresses.
    pub token: String,
    /// Its name, as it was sent.
    pub name: String,
    /// Hash of its content.
    pub sha256: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// Keeps a file for the account.
pub fn keep_upload(conn: &mut Conn, account_id: i64, new: &Upload, now: Instant) -> Result<(), StoreError> {
    let newest: Vec<String> = on_each!(conn, |c| upload::table
        .filter(upload::account_id.eq(account_id))
        .order((upload::uploaded_at.desc(), upload::token))
        .limit(MOST_UPLOADS - 1)
        .select(upload::token)
        .load(c))?;
    on_each!(conn, |c| diesel::delete(
        upload::table.filter(upload::account_id.eq(account_id).and(upload::token.ne_all(&newest)))
    )
    .execute(c))?;
    let row = (
        upload::token.eq(&new.token),
        upload::account_id.eq(account_id),
        upload::name.eq(&new.name),
        upload::sha256.eq(&new.sha256),
        upload::content.eq(&new.content),
        upload::uploaded_at.eq(Ts::from(now)),
    );
    on_each!(conn, |c| diesel::insert_into(upload::table).values(row).execute(c))?;
    Ok(())
}

/// The file of this account that is called so.
pub fn upload(conn: &mut Conn, account_id: i64, token: &str) -> Result<Option<Upload>, StoreError> {
    Ok(on_each!(conn, |c| upload::table
        .filter(upload::token.eq(token).and(upload::account_id.eq(account_id)))
        .select((upload::token, upload::name, upload::sha256, upload::content))
        .get_result(c)
        .optional())?)
}

/// Forgets files that nobody confirmed in time.
pub fn forget_old(conn: &mut Conn, now: Instant) -> Result<usize, StoreError> {
    let old = upload::table.filter(upload::uploaded_at.lt(Ts::from(now - KEPT)));
    Ok(on_each!(conn, |c| diesel::delete(old).execute(c))?)
}

/// A name and the unit it means to an account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Alias {
    /// What it is kept by.
    pub key: String,
    /// As it was written.
    pub name: String,
    /// Code of the unit.
    pub unit_code: String,
}

/// The names an account has confirmed inside a place.
pub fn aliases(conn: &mut Conn, account_id: i64, scope: &str) -> Result<Vec<Alias>, StoreError> {
    Ok(on_each!(conn, |c| alias::table
        .filter(alias::account_id.eq(account_id).and(alias::scope.eq(scope)))
        .order(alias::name_key)
        .select((alias::name_key, alias::name, alias::unit_code))
        .load(c))?)
}

#[derive(Insertable)]
#[diesel(table_name = alias)]
struct AliasRow<'a> {
    account_id: i64,
    scope: &'a str,
    name_key: &'a str,
    name: &'a str,
    unit_code: &'a str,
    confirmed_at: Ts,
}

/// Keeps names of an account, in place of what the same names meant before.
pub fn remember_aliases(
    conn: &mut Conn,
    account_id: i64,
    scope: &str,
    new: &[Alias],
    now: Instant,
) -> Result<(), StoreError> {
    let keys: Vec<&str> = new.iter().map(|alias| alias.key.as_str()).collect();
    forget_aliases(conn, account_id, scope, &keys)?;
    for batch in new.chunks(1000) {
        let rows: Vec<AliasRow<'_>> = batch
            .iter()
            .map(|alias| AliasRow {
                account_id,
                scope,
                name_key: &alias.key,
                name: &alias.name,
                unit_code: &alias.unit_code,
                confirmed_at: now.into(),
            })
            .collect();
        on_each!(conn, |c| diesel::insert_into(alias::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Forgets names of an account.
pub fn forget_aliases(conn: &mut Conn, account_id: i64, scope: &str, keys: &[&str]) -> Result<(), StoreError> {
    let of_scope = alias::account_id.eq(account_id).and(alias::scope.eq(scope));
    let known = of_scope.and(among(alias::name_key, keys.iter().copied()));
    on_each!(conn, |c| diesel::delete(alias::table.filter(known)).execute(c))?;
    Ok(())
}

/// What an account has said of columns: by the fingerprint of their header, as JSON.
pub fn mappings(conn: &mut Conn, account_id: i64) -> Result<Vec<(String, String)>, StoreError> {
    Ok(on_each!(conn, |c| mapping::table
        .filter(mapping::account_id.eq(account_id))
        .select((mapping::fingerprint, mapping::said))
        .load(c))?)
}

/// Keeps what an account says of the columns under a header; an empty text forgets it.
pub fn remember_mapping(
    conn: &mut Conn,
    account_id: i64,
    fingerprint: &str,
    columns: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let known = mapping::account_id.eq(account_id).and(mapping::fingerprint.eq(fingerprint));
    on_each!(conn, |c| diesel::delete(mapping::table.filter(known)).execute(c))?;
    if columns.is_empty() {
        return Ok(());
    }
    let row = (
        mapping::account_id.eq(account_id),
        mapping::fingerprint.eq(fingerprint),
        mapping::said.eq(columns),
        mapping::confirmed_at.eq(Ts::from(now)),
    );
    on_each!(conn, |c| diesel::insert_into(mapping::table).values(row).execute(c))?;
    Ok(())
}
