//! `vungxanh account add|disable|passwd|list`
#![expect(clippy::doc_markdown, reason = "these comments are the text of --help, shown as they are")]

use std::{
    io::{self, BufRead},
    process::ExitCode,
};

use clap::{Args, Subcommand};

use super::{CliError, open, say};
use crate::{
    config::Keeping,
    domain::actor::Role,
    passwords,
    store::accounts::Listed,
    usecases::manage_accounts::{
        NewAccount, SHORTEST_PASSWORD, add_account, change_password, disable_account, list_accounts,
    },
};

/// Make, close and list accounts
#[derive(Debug, Args)]
pub struct Account {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Make an account with one role on a unit and everything below it
    Add {
        /// Sign-in name
        username: String,
        /// Name shown in histories
        #[arg(long)]
        name: Option<String>,
        /// Role: committee, consolidator, focal_point, health_staff or administrator
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// Code of the unit, for example 893 or CM-P-YTE
        #[arg(long)]
        unit: String,
        /// Read the password from the first line of standard input instead of making one
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        keeping: Keeping,
    },
    /// Close an account; its sessions end at once, its history stays
    Disable {
        /// Sign-in name
        username: String,
        #[command(flatten)]
        keeping: Keeping,
    },
    /// Set a new password; every session of the account ends
    Passwd {
        /// Sign-in name
        username: String,
        /// Read the password from the first line of standard input instead of making one
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        keeping: Keeping,
    },
    /// List accounts and their roles
    List {
        #[command(flatten)]
        keeping: Keeping,
    },
}

fn parse_role(text: &str) -> Result<Role, String> {
    let known = Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>().join(", ");
    Role::from_code(text).ok_or_else(|| format!("expected one of {known}"))
}

/// The password given on standard input, or a random one that is then said once.
fn password(from_stdin: bool) -> Result<(String, bool), CliError> {
    if !from_stdin {
        return Ok((passwords::random(), true));
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(CliError::Said(format!("the password needs at least {SHORTEST_PASSWORD} characters")));
    }
    Ok((password, false))
}

impl Account {
    pub(super) fn run(self) -> Result<ExitCode, CliError> {
        match self.deed {
            Deed::Add { username, name, role, unit, password_stdin, keeping } => {
                let (store, clock) = open(&keeping)?;
                let (password, is_random) = password(password_stdin)?;
                let password_hash = passwords::hash(&password).map_err(CliError::Said)?;
                let display_name = name.unwrap_or_else(|| username.clone());
                let new = NewAccount { username: username.clone(), display_name, password_hash, role, unit };
                store.write_now(move |conn| add_account(conn, &new, clock.now()))?;
                say(format!("Đã tạo tài khoản {username}."));
                if is_random {
                    say(format!("Mật khẩu (chỉ hiện một lần): {password}"));
                }
            }
            Deed::Disable { username, keeping } => {
                let (store, clock) = open(&keeping)?;
                let name = username.clone();
                store.write_now(move |conn| disable_account(conn, &name, clock.now()))?;
                say(format!("Đã khóa tài khoản {username}."));
            }
            Deed::Passwd { username, password_stdin, keeping } => {
                let (store, clock) = open(&keeping)?;
                let (password, is_random) = password(password_stdin)?;
                let hash = passwords::hash(&password).map_err(CliError::Said)?;
                let name = username.clone();
                store.write_now(move |conn| change_password(conn, &name, &hash, clock.now()))?;
                say(format!("Đã đổi mật khẩu của {username}."));
                if is_random {
                    say(format!("Mật khẩu (chỉ hiện một lần): {password}"));
                }
            }
            Deed::List { keeping } => {
                let (store, _) = open(&keeping)?;
                for Listed { account, roles } in store.read_now(list_accounts)? {
                    let roles =
                        roles.iter().map(|(role, unit)| format!("{role} @ {unit}")).collect::<Vec<_>>().join(", ");
                    let state = if account.is_disabled { "đã khóa" } else { "đang dùng" };
                    say(format!("{}\t{}\t{}\t{}", account.username, account.display_name, state, roles));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
