//! `vungxanh import counts|zones`

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{CliError, open};
use crate::{
    config::Keeping,
    documents::csv::Style,
    domain::{
        calendar::{self, Instant, parse_day},
        names::Gazetteer,
        report::Warning,
        zone::Scheme,
    },
    imports::{read::Limits, zones::Zone},
    store::{Store, plans},
    usecases::{
        UseCaseError,
        act_locally::{local_actor, local_reader},
        import_counts::{self, GivenFile, ReadFile},
        import_report::{AsCells, CountRow, FileReport, ZoneRow},
        import_zones::{self, Document},
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
    /// Says what is made of every row; with --commit, every row that is right is recorded. Exits with
    /// 0 when every row is accepted, 1 when some are refused, 2 when nothing of the file can be taken
    /// or figures are odd and no reason is given. A file of zone levels is shown for what it is.
    Counts {
        #[command(flatten)]
        file: Given,
        /// Why figures fall, jump or are 0: needed where they do
        #[arg(long, value_name = "TEXT", default_value_t)]
        reason: String,
        /// Code of the plan
        #[arg(long, value_name = "CODE")]
        plan: String,
        /// Who is counted: a cohort of the plan, or what several begin with (staff)
        #[arg(long, value_name = "COHORT")]
        cohort: String,
    },
    /// Zone levels, a row for each place
    ///
    /// Says what is made of every row; with --commit, every row that is right is recorded: as a
    /// decision with --number and --issuer, as a proposal without. Exits like counts.
    Zones {
        #[command(flatten)]
        file: Given,
        /// Code of the scheme of levels [default: the one in force on the day]
        #[arg(long, value_name = "CODE")]
        scheme: Option<String>,
        /// Number of the decision
        #[arg(long, value_name = "NUMBER", default_value_t)]
        number: String,
        /// Who signed the decision
        #[arg(long, value_name = "NAME", default_value_t)]
        issuer: String,
        /// Date of the decision
        #[arg(long, value_name = "DATE", value_parser = parse_date)]
        dated: Option<NaiveDate>,
        /// Time of day from which the levels hold
        #[arg(long, value_name = "HH:MM", value_parser = parse_time, default_value = "00:00")]
        from: NaiveTime,
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
    /// Record what is right; without it nothing is written
    #[arg(long)]
    commit: bool,
    /// Account to act for, with its rights [default: whoever runs this machine, on every unit]
    #[arg(long, value_name = "USERNAME")]
    account: Option<String>,
    #[command(flatten)]
    keeping: Keeping,
}

fn parse_date(text: &str) -> Result<NaiveDate, String> {
    parse_day(text).ok_or_else(|| "expected a day such as 2020-08-20 or 20/8/2020".to_owned())
}

fn parse_time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| "expected a time of day such as 07:00".to_owned())
}

impl Given {
    fn read(&self, cohort: &str) -> Result<GivenFile, CliError> {
        let bytes =
            std::fs::read(&self.file).map_err(|error| CliError::Said(format!("{}: {error}", self.file.display())))?;
        let name = self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        step(format_args!("reading {name} ({} KB)", bytes.len().div_ceil(1024)));
        Ok(GivenFile {
            name,
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

/// The steps of a file after it was read.
const WEIGHING: &str = "weighing it against the record";
const RECORDING: &str = "recording what is right, in one transaction";

/// What a long file is at, for a person who waits: nothing where the output goes into another program or a file.
fn step(text: impl std::fmt::Display) {
    if io::stderr().is_terminal() {
        let _ = writeln!(io::stderr(), "vungxanh: {text} …");
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
            Deed::Counts { file, reason, plan, cohort } => {
                let (given, (store, clock)) = (file.read(&cohort)?, open(&file.keeping)?);
                let (names, plans) =
                    store.read_now(|conn| Ok::<_, UseCaseError>((gazetteer(conn)?, plans::all(conn)?)))?;
                let known = || plans.iter().map(|stored| stored.plan.code.as_str()).collect::<Vec<_>>().join(", ");
                let stored = plans.iter().find(|stored| stored.plan.code == plan).cloned();
                let stored =
                    stored.ok_or_else(|| CliError::Said(format!("--plan {plan}: expected one of {}", known())))?;
                check_scope(&names, &given)?;
                if !import_counts::has_cohort(&stored, &cohort) {
                    let known = stored.plan.cohorts.iter().map(|cohort| cohort.code.as_str()).collect::<Vec<_>>();
                    return Err(CliError::Said(format!("--cohort {cohort}: expected one of {}", known.join(", "))));
                }
                let (now, account) = (clock.now(), file.account.clone());
                let read = match import_counts::read_file(&names, &stored, &given, now) {
                    Ok(read) => read,
                    Err(fault) => {
                        let zones = zones_instead(&store, &names, &given, account.as_deref(), now)?;
                        return match zones {
                            Some(zones) if !file.commit => answer(&zones, file.json),
                            Some(_) => Err(CliError::Said(OF_ZONES.to_owned())),
                            None => answer(&FileReport::<CountRow>::refused(&fault), file.json),
                        };
                    }
                };
                step(WEIGHING);
                let preview = store.read_now(|conn| {
                    let actor = local_reader(conn, account.as_deref())?;
                    import_counts::preview(conn, &actor, &stored, &given, &read, None, now)
                });
                let preview = preview.map_err(odd)?;
                if !file.commit {
                    return answer(&preview.report(), file.json);
                }
                step(RECORDING);
                let report = store.write_now(move |conn| {
                    let actor = local_actor(conn, account.as_deref(), now)?;
                    import_counts::commit(conn, &actor, &stored, &given, &read, &preview, &reason)
                });
                answer(&report.map_err(odd)?, file.json)
            }
            Deed::Zones { file, scheme, number, issuer, dated, from } => {
                let (given, (store, clock)) = (file.read("")?, open(&file.keeping)?);
                let names = store.read_now(gazetteer)?;
                check_scope(&names, &given)?;
                let (now, account) = (clock.now(), file.account.clone());
                let scheme = scheme_meant(scheme.as_deref(), file.as_of.unwrap_or_else(|| calendar::day(now)))?;
                let read = match import_zones::read_file(&names, scheme, &given, now) {
                    Ok(read) => read,
                    Err(fault) => return answer(&FileReport::<ZoneRow>::refused(&fault), file.json),
                };
                step(if file.commit { RECORDING } else { WEIGHING });
                let document =
                    Document { scheme: scheme.code.clone(), number, issuer, dated, from, note: String::new() };
                let report = if file.commit {
                    store.write_now(move |conn| {
                        let actor = local_actor(conn, account.as_deref(), now)?;
                        import_zones::commit(conn, &actor, &document, &given, &read, None, now)
                    })
                } else {
                    look_at_zones(&store, &document, &read, account.as_deref(), now)
                };
                answer(&report?, file.json)
            }
        }
    }
}

/// What is said of a file of zone levels that was given to be recorded as counts.
const OF_ZONES: &str = "this is a file of zone levels: it is recorded by `import zones`";

/// What a file without counts would change as one of zone levels, if it is one.
fn zones_instead(
    store: &Store,
    names: &Gazetteer,
    given: &GivenFile,
    account: Option<&str>,
    now: Instant,
) -> Result<Option<FileReport<ZoneRow>>, CliError> {
    let scheme = scheme_meant(None, given.as_of.unwrap_or_else(|| calendar::day(now)))?;
    let Ok(read) = import_zones::read_file(names, scheme, given, now) else { return Ok(None) };
    let document = Document { scheme: scheme.code.clone(), ..Document::default() };
    Ok(Some(look_at_zones(store, &document, &read, account, now)?))
}

fn look_at_zones(
    store: &Store,
    document: &Document,
    read: &ReadFile<Zone>,
    account: Option<&str>,
    now: Instant,
) -> Result<FileReport<ZoneRow>, UseCaseError> {
    store.read_now(|conn| {
        let actor = local_reader(conn, account)?;
        import_zones::preview(conn, &actor, document, read, now).map(|(report, _)| report)
    })
}

/// The scheme named, or the one in force on a day.
fn scheme_meant(code: Option<&str>, day: NaiveDate) -> Result<&'static Scheme, CliError> {
    let known = || zone_state::schemes().iter().map(|scheme| scheme.code.as_str()).collect::<Vec<_>>().join(", ");
    let scheme = code.map_or_else(|| zone_state::scheme_on(day), zone_state::scheme);
    scheme.ok_or_else(|| CliError::Said(format!("--scheme: expected one of {}", known())))
}

/// Says which figures are odd, so that a reason can be given.
fn odd(error: UseCaseError) -> CliError {
    let UseCaseError::NeedsReason(warnings) = error else { return error.into() };
    let said = |w: &Warning| format!("{} {}: {} -> {} ({})", w.unit, w.field, w.before, w.given, w.oddity);
    let lines = warnings.iter().map(said).collect::<Vec<_>>().join("\n  ");
    CliError::Said(format!("nothing was recorded: say why with --reason\n  {lines}"))
}

fn check_scope(names: &Gazetteer, given: &GivenFile) -> Result<(), CliError> {
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
