//! The command line: one file per subcommand.

mod account;
mod demo;
mod import;
mod seed;
mod serve;
mod units;
mod verify;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{
    clock::Clock,
    config::Keeping,
    store::{Store, StoreError},
    usecases::UseCaseError,
};

/// Vùng Xanh: per agency and per commune, how many have installed or declared, against the target of their plan
#[derive(Debug, Parser)]
#[command(name = "vungxanh", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service
    Serve(serve::Serve),
    /// Run the service with real seed data and made-up counts, to try it out
    Demo(demo::Demo),
    /// Load units, population, plans and known zone decisions; doing it again changes nothing
    Seed(seed::Seed),
    /// Recompute everything from the reports and check the audit trail; exits with 1 at the first difference
    Verify(verify::Verify),
    /// Make, close and list accounts
    Account(account::Account),
    /// Read a file that an office keeps: what is made of each row, and its figures into the record
    Import(import::Import),
    /// Match written names with units
    Units(units::Units),
}

/// What stops a command.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error("{0}")]
    Said(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Runs the command the program was started with.
pub fn run() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Seed(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Account(command) => command.run(),
        Command::Import(command) => Ok(command.run()),
        Command::Units(command) => command.run(),
    };
    outcome.unwrap_or_else(|error| {
        // Whoever started the program reads this, whatever the log does.
        let _ = writeln!(io::stderr(), "vungxanh: {error}");
        ExitCode::FAILURE
    })
}

/// Says a line to whoever started the program; a closed pipe is not an error.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(io::stdout(), "{line}");
    let _ = io::stdout().flush();
}

fn open(keeping: &Keeping) -> Result<(Store, Clock), CliError> {
    Ok((Store::open(&keeping.address()?)?, Clock::System))
}
