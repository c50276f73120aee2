//! `vungxanh units match`

use std::{
    io::{self, BufRead, BufWriter, Write},
    process::ExitCode,
};

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{CliError, open};
use crate::{
    config::Keeping,
    domain::names::{Context, Gazetteer, Match, Wanted, Why},
    usecases::match_units::{gazetteer, match_unit, seeded_gazetteer},
};

/// Ask the register of units
#[derive(Debug, Args)]
pub struct Units {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Read names from standard input, one a line, and say which unit each means
    Match {
        /// Code of the unit to look inside, for example 893; the whole country when empty
        #[arg(long, default_value = "", value_name = "CODE", hide_default_value = true)]
        scope: String,
        /// What the names are names of
        #[arg(long, value_enum, default_value_t, value_name = "KIND")]
        of: Of,
        /// Answer each name with a line of JSON: name, result (a code, "ambiguous" or "unknown"), candidates
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        keeping: Keeping,
    },
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Of {
    #[default]
    Places,
    Hamlets,
    Agencies,
}

impl From<Of> for Wanted {
    fn from(of: Of) -> Self {
        match of {
            Of::Places => Self::Places,
            Of::Hamlets => Self::Hamlets,
            Of::Agencies => Self::Agencies,
        }
    }
}

/// The answer to one name.
#[derive(Serialize)]
struct Answer<'a> {
    name: &'a str,
    result: &'a str,
    candidates: Vec<&'a str>,
}

impl Units {
    pub(super) fn run(self) -> Result<ExitCode, CliError> {
        let Deed::Match { scope, of, json, keeping } = self.deed;
        let names = read_register(&keeping)?;
        let context = Context::new(&names, &scope, of.into())
            .ok_or_else(|| CliError::Said(format!("--scope {scope}: there is no unit with this code")))?;
        let mut out = BufWriter::new(io::stdout().lock());
        let mut input = io::stdin().lock();
        let mut line = Vec::new();
        loop {
            line.clear();
            if input.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let line = String::from_utf8_lossy(&line);
            let name = line.trim_end_matches(['\r', '\n']);
            let written = if json {
                let (answer, _) = answer(&names, name, &context);
                serde_json::to_writer(&mut out, &answer).map_err(io::Error::from).and_then(|()| writeln!(out))
            } else {
                write_row(&mut out, &names, name, &context)
            };
            match written {
                // Whoever reads has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
                written => written?,
            }
        }
        match out.flush() {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        }
    }
}

/// The database's units; those that come with the program where there is no database, or nothing in it.
fn read_register(keeping: &Keeping) -> Result<Gazetteer, CliError> {
    if keeping.exists() {
        let (store, _) = open(keeping)?;
        let names = store.read_now(gazetteer)?;
        if !names.is_empty() {
            return Ok(names);
        }
    }
    Ok(seeded_gazetteer()?)
}

fn answer<'a>(names: &'a Gazetteer, name: &'a str, context: &Context<'_>) -> (Answer<'a>, Option<Why>) {
    let (result, candidates, why) = match match_unit(names, name, context) {
        Match::One(code, _) => (code, Vec::new(), None),
        Match::Several(codes) => ("ambiguous", codes, None),
        Match::Unknown => {
            let unknown = names.explain(name, context);
            ("unknown", unknown.candidates, Some(unknown.why))
        }
    };
    (Answer { name, result, candidates }, why)
}

/// A line for people: the name, the unit, what else it may be and why it is not accepted.
fn write_row(out: &mut impl Write, names: &Gazetteer, name: &str, context: &Context<'_>) -> io::Result<()> {
    let (Answer { name, result, candidates }, why) = answer(names, name, context);
    let full_name = |code: &str| names.full_name(code).map_or_else(String::new, |name| format!("{code} {name}"));
    let said = match why {
        None if result == "ambiguous" => "trùng tên, cần chọn".to_owned(),
        None => full_name(result),
        Some(Why::NoSuchName) => "không có đơn vị này".to_owned(),
        Some(Why::OtherKind) => "có đơn vị tên này nhưng là loại khác".to_owned(),
        Some(Why::Near) => "không đúng hẳn; có thể là".to_owned(),
        Some(Why::Elsewhere) => "thuộc nơi khác".to_owned(),
        Some(Why::Abolished) => "đơn vị không còn; nay thuộc".to_owned(),
        Some(Why::CodeAndName) => "mã và tên không khớp".to_owned(),
    };
    let candidates: Vec<String> = candidates.into_iter().map(full_name).collect();
    writeln!(out, "{name}\t{said}\t{}", candidates.join("; "))
}
