//! `vungxanh import counts|zones`

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{CliError, open};
use crate::{
    config::Keeping,
    documents::csv::Style,
    domain::calendar::{self, parse_day},
    imports::read::Limits,
    store::plans,
    usecases::{
        import_counts::{self, GivenFile},
        import_report::{AsCells, FileReport},
        import_zones,
        match_units::gazetteer,
        zone_state,
    },
};

/// Read a file that an office keeps
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Counts of installations and declarations, a row for each unit
    ///
    /// Says what is made of every row; nothing is recorded yet. Exits with 0 when every row is
    /// accepted, 1 when some are refused, 2 when nothing of the file can be taken.
    Counts {
        #[command(flatten)]
        file: Given,
        /// Code of the plan
        #[arg(long, value_name = "CODE")]
        plan: String,
        /// Who is counted: a cohort of the plan, or what several begin with (staff)
        #[arg(long, value_name = "COHORT")]
        cohort: String,
    },
    /// Zone levels, a row for each place
    Zones {
        #[command(flatten)]
        file: Given,
        /// Code of the scheme of levels [default: the one in force on the day]
        #[arg(long, value_name = "CODE")]
        scheme: Option<String>,
    },
}

#[derive(Debug, Args)]
struct Given {
    /// The file: CSV, TSV, XLSX, XLS, XLSB, ODS or an HTML table
    file: PathBuf,
    /// Code of the place whose units the rows are, for example 893 [default: the whole country]
    #[arg(long, value_name = "CODE")]
    scope: Option<String>,
    /// The day the figures are true at, where no column says it [default: what the title says]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<NaiveDate>,
    /// The sheet, where several hold figures
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Answer with one JSON object instead of CSV
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    keeping: Keeping,
}

fn parse_date(text: &str) -> Result<NaiveDate, String> {
    parse_day(text).ok_or_else(|| "expected a day such as 2020-08-20 or 20/8/2020".to_owned())
}

impl Given {
    fn read(&self, cohort: &str) -> Result<GivenFile, CliError> {
        let bytes =
            std::fs::read(&self.file).map_err(|error| CliError::Said(format!("{}: {error}", self.file.display())))?;
        Ok(GivenFile {
            name: self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            bytes,
            limits: Limits::COMMAND_LINE,
            scope: self.scope.clone().filter(|code| !code.is_empty()),
            cohort: cohort.to_owned(),
            as_of: self.as_of,
            sheet: self.sheet.clone(),
            mapping: std::collections::BTreeMap::new(),
            aliases: std::collections::HashMap::new(),
        })
    }
}

impl Import {
    pub(super) fn run(self) -> ExitCode {
        self.answer().unwrap_or_else(|error| {
            // Whoever started the program reads this; 1 would say that rows were refused.
            let _ = writeln!(io::stderr(), "vungxanh: {error}");
            ExitCode::from(2)
        })
    }

    fn answer(self) -> Result<ExitCode, CliError> {
        match self.deed {
            Deed::Counts { file, plan, cohort } => {
                let given = file.read(&cohort)?;
                let (store, clock) = open(&file.keeping)?;
                let (names, plans) = store
                    .read_now(|conn| Ok::<_, crate::usecases::UseCaseError>((gazetteer(conn)?, plans::all(conn)?)))?;
                let known = || plans.iter().map(|stored| stored.plan.code.as_str()).collect::<Vec<_>>().join(", ");
                let stored = plans.iter().find(|stored| stored.plan.code == plan);
                let stored =
                    stored.ok_or_else(|| CliError::Said(format!("--plan {plan}: expected one of {}", known())))?;
                check_scope(&names, &given)?;
                let report = import_counts::preview(&names, stored, &given, clock.now())?;
                answer(&report, file.json)
            }
            Deed::Zones { file, scheme } => {
                let given = file.read("")?;
                let (store, clock) = open(&file.keeping)?;
                let names = store.read_now(gazetteer)?;
                check_scope(&names, &given)?;
                let now = clock.now();
                let day = file.as_of.unwrap_or_else(|| calendar::day(now));
                let scheme = scheme.as_deref().map_or_else(|| zone_state::scheme_on(day), zone_state::scheme);
                let known =
                    || zone_state::schemes().iter().map(|scheme| scheme.code.as_str()).collect::<Vec<_>>().join(", ");
                let scheme = scheme.ok_or_else(|| CliError::Said(format!("--scheme: expected one of {}", known())))?;
                answer(&import_zones::preview(&names, scheme, &given, now), file.json)
            }
        }
    }
}

fn check_scope(names: &crate::domain::names::Gazetteer, given: &GivenFile) -> Result<(), CliError> {
    match &given.scope {
        Some(code) if names.full_name(code).is_none() => {
            Err(CliError::Said(format!("--scope {code}: there is no unit with this code; an example is 893")))
        }
        _ => Ok(()),
    }
}

/// Says what was made of the file; a closed pipe is not an error.
fn answer<T: Serialize + AsCells>(report: &FileReport<T>, as_json: bool) -> Result<ExitCode, CliError> {
    let text = if as_json {
        let mut text = serde_json::to_vec(report).map_err(|error| CliError::Said(error.to_string()))?;
        text.push(b'\n');
        text
    } else {
        report.table().to_csv(Style::Marked).map_err(|error| CliError::Said(error.to_string()))?
    };
    match io::stdout().lock().write_all(&text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    Ok(match report {
        FileReport { file_level: Some(_), .. } => ExitCode::from(2),
        FileReport { refuse, .. } if !refuse.is_empty() => ExitCode::from(1),
        _ => ExitCode::SUCCESS,
    })
}
