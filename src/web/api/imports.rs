//! `/api/v1/imports`

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Data, Path, Payload, Query},
};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{
        actor::{Actor, Deed},
        calendar::{self, Instant},
        names::Gazetteer,
        report::{Fault, Rule},
    },
    imports::{counts::Counts, read::Limits, zones::Zone},
    store::{Conn, imports::Import, plans::StoredPlan},
    usecases::{
        self,
        import_counts::{self, GivenFile, Preview, ReadFile},
        import_report::{CountRow, FileFault, FileReport, ZoneRow},
        import_zones::{self, Document},
        see_import::{scope_of, see_import},
        zone_state,
    },
    web::{State, problem::Problem, session::SignedIn},
};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Counts of a cohort.
    Counts,
    /// Zone levels.
    Zones,
}

/// What is asked of a file.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `counts` or `zones`.
    #[param(inline)]
    kind: Kind,
    /// The file's name, for histories.
    #[serde(default)]
    name: String,
    /// Code of the place whose units the rows are; the top of what the account reports for by default.
    scope: Option<String>,
    /// Plan code, of counts; the current plan by default.
    plan: Option<String>,
    /// Who is counted: a cohort of the plan, or what several begin with (`staff`).
    #[serde(default)]
    cohort: String,
    /// The day the figures are true at, where no column says it.
    as_of: Option<NaiveDate>,
    /// The sheet, where several hold figures.
    sheet: Option<String>,
    /// Whether what is right is recorded; without it nothing is written.
    #[serde(default)]
    commit: bool,
    /// Numbers of the only rows to be recorded, with commas between.
    rows: Option<String>,
    /// Why figures fall, jump or are 0.
    #[serde(default)]
    reason: String,
    /// Code of the scheme of levels, of zones; the one in force on the day by default.
    scheme: Option<String>,
    /// Number of the decision, of zones; without one the levels are recorded as proposals.
    #[serde(default)]
    number: String,
    /// Who signed the decision.
    #[serde(default)]
    issuer: String,
    /// Date of the decision.
    dated: Option<NaiveDate>,
    /// Time of day from which the levels hold, `07:00`.
    from: Option<String>,
    /// Remarks on the decision.
    #[serde(default)]
    note: String,
}

/// What a file was read as.
enum Read {
    Counts(Arc<StoredPlan>, ReadFile<Counts>, Box<Preview>),
    Zones(Document, ReadFile<Zone>),
}

/// What would come of a file, or what came of it.
#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    Counts(FileReport<CountRow>),
    Zones(FileReport<ZoneRow>),
}

impl Said {
    fn import(&self) -> Option<i64> {
        match self {
            Self::Counts(report) => report.import,
            Self::Zones(report) => report.import,
        }
    }
}

/// Takes a file in: CSV, TSV, XLSX, XLS, XLSB, ODS or an HTML table, up to 10 MB and 20,000 rows, as the body of the
/// request. Says what is made of every row; with `commit`, every row that is right is recorded in one transaction.
#[utoipa::path(post, path = "/imports", tag = "imports", params(Asked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "what would come of the file, or nothing of it is new", body = serde_json::Value),
        (status = 201, description = "recorded", body = serde_json::Value),
        (status = 413, description = "the file is larger than 10 MB")))]
pub async fn create(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(asked): Query<Asked>,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let task = Task::new(&state, &asked, actor.clone(), now)?;
    let rows = task.rows.clone();
    let bytes = within_limit(body).await?;
    let given = asked.file(bytes);
    let is_commit = asked.commit;
    let (given, outcome) = state.read_file(move |conn, names| task.read(conn, names, given, is_commit)).await?;
    let read = match outcome {
        Err(fault) => return Err(refused(&fault)),
        Ok(Outcome::Seen(said)) => return Ok(HttpResponse::Ok().json(said)),
        Ok(Outcome::Read(read)) => read,
    };
    let reason = asked.reason;
    let said = state
        .store
        .write(move |conn| match &*read {
            Read::Counts(plan, read, preview) => {
                import_counts::commit(conn, &actor, plan, &given, read, preview, &reason).map(Said::Counts)
            }
            Read::Zones(document, read) => {
                import_zones::commit(conn, &actor, document, &given, read, rows.as_ref(), now).map(Said::Zones)
            }
        })
        .await?;
    let Some(import) = said.import() else { return Ok(HttpResponse::Ok().json(said)) };
    let place = (header::LOCATION, format!("/api/v1/imports/{import}"));
    Ok(HttpResponse::Created().insert_header(place).json(said))
}

/// A file that was taken in: its name, its SHA-256, who, when, and how many rows.
#[utoipa::path(get, path = "/imports/{id}", tag = "imports", params(("id" = i64, Path)),
    responses((status = 200, body = Import)))]
pub async fn show(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    let import = state.store.read(move |conn| see_import(conn, &actor, *id)).await?;
    Ok(HttpResponse::Ok().json(import))
}

/// Reads a body unless it is too large.
async fn within_limit(body: Payload) -> Result<Vec<u8>, Problem> {
    match body.to_bytes_limited(Limits::WEB.bytes).await {
        Err(_) => Err(Problem::new("file_too_large", StatusCode::PAYLOAD_TOO_LARGE)),
        Ok(Err(error)) => Err(Problem::unreadable(error)),
        Ok(Ok(bytes)) => Ok(bytes.into()),
    }
}

fn refused(fault: &FileFault) -> Problem {
    let values = vec![("code", fault.code().to_owned()), ("what", fault.to_string())];
    Problem { values, ..Problem::new("file_refused", StatusCode::UNPROCESSABLE_ENTITY) }
}

impl Asked {
    fn file(&self, bytes: Vec<u8>) -> GivenFile {
        GivenFile {
            name: self.name.clone(),
            bytes,
            limits: Limits::WEB,
            scope: self.scope.clone(),
            cohort: self.cohort.clone(),
            as_of: self.as_of,
            sheet: self.sheet.clone(),
            mapping: BTreeMap::new(),
            aliases: HashMap::new(),
        }
    }

    fn chosen(&self) -> Result<Option<BTreeSet<usize>>, Problem> {
        let Some(rows) = &self.rows else { return Ok(None) };
        let unknown = |text: &str| Problem::invalid(vec![Fault::of_report("rows", Rule::NotWhole, text, None)]);
        rows.split(',').map(|row| row.trim().parse().map_err(|_| unknown(row))).collect::<Result<_, _>>().map(Some)
    }
}

enum Outcome {
    Read(Box<Read>),
    Seen(Box<Said>),
}

enum What {
    Counts(Arc<StoredPlan>),
    Zones(Document),
}

/// What is to be done with a file.
struct Task {
    what: What,
    rows: Option<BTreeSet<usize>>,
    actor: Actor,
    now: Instant,
}

impl Task {
    fn new(state: &State, asked: &Asked, actor: Actor, now: Instant) -> Result<Self, Problem> {
        let unknown = |field: &str, given: &str, known: Vec<&str>| {
            Problem::invalid(vec![Fault::of_report(field, Rule::Unknown, given, Some(known.join(", ")))])
        };
        let rows = asked.chosen()?;
        let what = match asked.kind {
            Kind::Counts => {
                let plan = state.plan(asked.plan.as_deref())?;
                if !import_counts::has_cohort(&plan, &asked.cohort) {
                    let known = plan.plan.cohorts.iter().map(|cohort| cohort.code.as_str()).collect();
                    return Err(unknown("cohort", &asked.cohort, known));
                }
                What::Counts(plan)
            }
            Kind::Zones => {
                let day = asked.as_of.unwrap_or_else(|| calendar::day(now));
                let scheme = asked.scheme.as_deref().map_or_else(|| zone_state::scheme_on(day), zone_state::scheme);
                let known = || zone_state::schemes().iter().map(|scheme| scheme.code.as_str()).collect();
                let scheme =
                    scheme.ok_or_else(|| unknown("scheme", asked.scheme.as_deref().unwrap_or_default(), known()))?;
                let from = match asked.from.as_deref() {
                    None => NaiveTime::default(),
                    Some(text) => NaiveTime::parse_from_str(text, "%H:%M")
                        .map_err(|_| unknown("from", text, vec!["00:00", "07:30"]))?,
                };
                What::Zones(Document {
                    scheme: scheme.code.clone(),
                    number: asked.number.clone(),
                    issuer: asked.issuer.clone(),
                    dated: asked.dated,
                    from,
                    note: asked.note.clone(),
                })
            }
        };
        Ok(Self { what, rows, actor, now })
    }

    fn deed(&self) -> Deed {
        match self.what {
            What::Counts(_) => Deed::TakeFileIn,
            What::Zones(_) => Deed::DecideZone,
        }
    }

    /// The file inside a place of the actor's, and what was read of it or would come of it.
    fn read(
        self,
        conn: &mut Conn,
        names: &Gazetteer,
        mut given: GivenFile,
        is_commit: bool,
    ) -> usecases::Result<(GivenFile, Result<Outcome, FileFault>)> {
        given.scope = Some(scope_of(conn, &self.actor, self.deed(), given.scope.as_deref())?);
        let (actor, now) = (&self.actor, self.now);
        let read = match self.what {
            What::Counts(plan) => match import_counts::read_file(names, &plan, &given, now) {
                Ok(read) => {
                    let preview = import_counts::preview(conn, actor, &plan, &given, &read, self.rows, now)?;
                    Ok(Read::Counts(plan, read, Box::new(preview)))
                }
                Err(fault) => Err(fault),
            },
            What::Zones(document) => match zone_state::scheme(&document.scheme) {
                Some(scheme) => {
                    import_zones::read_file(names, scheme, &given, now).map(|read| Read::Zones(document, read))
                }
                None => return Err(usecases::UseCaseError::NotFound { kind: "scheme", name: document.scheme }),
            },
        };
        let outcome = match read {
            Err(fault) => Err(fault),
            Ok(read) if is_commit => Ok(Outcome::Read(Box::new(read))),
            Ok(Read::Counts(_, _, preview)) => Ok(Outcome::Seen(Box::new(Said::Counts(preview.report())))),
            Ok(Read::Zones(document, read)) => {
                let (report, _) = import_zones::preview(conn, actor, &document, &read, now)?;
                Ok(Outcome::Seen(Box::new(Said::Zones(report))))
            }
        };
        Ok((given, outcome))
    }
}
