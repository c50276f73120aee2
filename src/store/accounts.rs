//! Accounts and the roles they hold.

use diesel::prelude::*;

use super::{
    Conn, StoreError, Ts, on_each,
    schema::{account, role_grant, unit},
};
use crate::domain::{
    actor::{Actor, Grant, Role},
    calendar::Instant,
    unit::UnitId,
};

/// An account as sign-in needs it.
#[derive(Debug, Clone, Queryable)]
pub struct Account {
    /// Identity.
    pub id: i64,
    /// Sign-in name.
    pub username: String,
    /// Name shown in histories.
    pub display_name: String,
    /// argon2id hash with its parameters.
    pub password_hash: String,
    /// Closed accounts cannot sign in; their history stays.
    pub is_disabled: bool,
    /// Counts up when every session must end.
    pub token_epoch: i32,
}

macro_rules! columns {
    () => {
        (
            account::id,
            account::username,
            account::display_name,
            account::password_hash,
            account::is_disabled,
            account::token_epoch,
        )
    };
}

/// The account with this sign-in name.
pub fn find(conn: &mut Conn, username: &str) -> Result<Option<Account>, StoreError> {
    Ok(on_each!(conn, |c| account::table
        .filter(account::username.eq(username))
        .select(columns!())
        .get_result(c)
        .optional())?)
}

/// An account with the roles it holds.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Its roles, each with the code of the unit it is held on.
    pub roles: Vec<(Role, String)>,
}

/// Every account, by sign-in name.
pub fn all(conn: &mut Conn) -> Result<Vec<Listed>, StoreError> {
    let accounts: Vec<Account> =
        on_each!(conn, |c| account::table.order(account::username).select(columns!()).load(c))?;
    let grants: Vec<(i64, String, String)> = on_each!(conn, |c| role_grant::table
        .inner_join(unit::table)
        .order(role_grant::id)
        .select((role_grant::account_id, role_grant::role, unit::code))
        .load(c))?;
    accounts
        .into_iter()
        .map(|account| {
            let roles = grants
                .iter()
                .filter(|(of, ..)| *of == account.id)
                .map(|(_, role, unit)| Ok((read_role(role)?, unit.clone())))
                .collect::<Result<_, StoreError>>()?;
            Ok(Listed { account, roles })
        })
        .collect()
}

fn read_role(code: &str) -> Result<Role, StoreError> {
    Role::from_code(code).ok_or_else(|| StoreError::Broken(format!("there is no role {code}")))
}

/// Who the holder of a token is now: nobody when the account is closed, its tokens were ended, or the session was.
pub fn actor(conn: &mut Conn, account_id: i64, epoch: i32, family: &str) -> Result<Option<Actor>, StoreError> {
    use super::schema::session;
    type Row = (String, String, Option<String>, Option<i64>);
    // One round trip for the account, its session and its roles.
    let rows: Vec<Row> = on_each!(conn, |c| account::table
        .left_join(role_grant::table)
        .filter(account::id.eq(account_id).and(account::is_disabled.eq(false)).and(account::token_epoch.eq(epoch)))
        .filter(diesel::dsl::exists(session::table.filter(session::family.eq(family).and(session::ended_at.is_null()))))
        .order(role_grant::id)
        .select((account::username, account::display_name, role_grant::role.nullable(), role_grant::unit_id.nullable()))
        .load(c))?;
    let Some((username, display_name, ..)) = rows.first().cloned() else { return Ok(None) };
    let grants = rows
        .into_iter()
        .filter_map(|(_, _, role, unit)| role.zip(unit))
        .map(|(role, unit)| Ok(Grant { role: read_role(&role)?, unit: UnitId(unit) }))
        .collect::<Result<_, StoreError>>()?;
    Ok(Some(Actor { account_id, username, display_name, grants }))
}

/// What an account holds, in the order granted.
pub fn grants(conn: &mut Conn, account_id: i64) -> Result<Vec<Grant>, StoreError> {
    let rows: Vec<(String, i64)> = on_each!(conn, |c| role_grant::table
        .filter(role_grant::account_id.eq(account_id))
        .order(role_grant::id)
        .select((role_grant::role, role_grant::unit_id))
        .load(c))?;
    rows.into_iter().map(|(role, unit)| Ok(Grant { role: read_role(&role)?, unit: UnitId(unit) })).collect()
}

/// Makes an account with one role; [`StoreError::Exists`] when the name is taken.
pub fn insert(
    conn: &mut Conn,
    username: &str,
    display_name: &str,
    password_hash: &str,
    now: Instant,
) -> Result<i64, StoreError> {
    let row = (
        account::username.eq(username),
        account::display_name.eq(display_name),
        account::password_hash.eq(password_hash),
        account::is_disabled.eq(false),
        account::token_epoch.eq(1),
        account::created_at.eq(Ts::from(now)),
    );
    Ok(on_each!(conn, |c| diesel::insert_into(account::table).values(row).returning(account::id).get_result(c))?)
}

/// The account that facts from elsewhere are recorded under, made at first use; nobody can sign in with it.
pub fn recorder(conn: &mut Conn, username: &str, display_name: &str, now: Instant) -> Result<i64, StoreError> {
    if let Some(known) = find(conn, username)? {
        return Ok(known.id);
    }
    // "!" is no hash: no password fits it.
    let id = insert(conn, username, display_name, "!", now)?;
    disable(conn, id)?;
    Ok(id)
}

/// Gives a role on a unit's subtree.
pub fn grant(conn: &mut Conn, account_id: i64, grant: Grant) -> Result<(), StoreError> {
    let row = (
        role_grant::account_id.eq(account_id),
        role_grant::role.eq(grant.role.code()),
        role_grant::unit_id.eq(grant.unit.0),
    );
    on_each!(conn, |c| diesel::insert_into(role_grant::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Closes an account and ends its sessions.
pub fn disable(conn: &mut Conn, account_id: i64) -> Result<(), StoreError> {
    on_each!(conn, |c| diesel::update(account::table.find(account_id))
        .set((account::is_disabled.eq(true), account::token_epoch.eq(account::token_epoch + 1)))
        .execute(c))?;
    Ok(())
}

/// Changes the password and ends every access token of before.
pub fn set_password(conn: &mut Conn, account_id: i64, password_hash: &str) -> Result<(), StoreError> {
    on_each!(conn, |c| diesel::update(account::table.find(account_id))
        .set((account::password_hash.eq(password_hash), account::token_epoch.eq(account::token_epoch + 1)))
        .execute(c))?;
    Ok(())
}
