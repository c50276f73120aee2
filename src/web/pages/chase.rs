//! `/don-doc`: who is late, and what is done about it.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    chase_form::{Typed, confirmation, table},
    completeness::period_name,
    parts::{Badge, Choice, Downloads, Link},
    visit::{Visit, given, taken},
};
use crate::{
    domain::{
        calendar,
        chase::{ChaseState, ReminderState},
        plan::Directive,
        report::{Fault, Rule},
    },
    usecases::{
        UseCaseError,
        remind::{self, Chosen},
        see_chase::{Asked as ListAsked, ChaseList, ChaseRow, ROWS, Reminded, see_chase},
    },
    web::{links, messages, problem::Problem, shell::Shell, words::Lang},
};

/// What may be asked of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    /// The first day of the period.
    #[serde(rename = "ky")]
    period: Option<String>,
    /// Only units that stand so.
    #[serde(rename = "trang-thai")]
    state: Option<String>,
    #[serde(rename = "trang")]
    page: Option<String>,
    /// What was just done, and to how many.
    #[serde(rename = "da")]
    pub done: Option<String>,
    #[serde(rename = "so")]
    pub count: Option<String>,
    /// Units left out because they were reminded today, have no address, or have nothing to send.
    #[serde(rename = "da-nhac")]
    pub already: Option<String>,
    #[serde(rename = "khong-dia-chi")]
    pub without_address: Option<String>,
    #[serde(rename = "khong-can")]
    pub not_late: Option<String>,
}

#[derive(Template)]
#[template(path = "chase.html", config = "dashboards/askama.toml")]
struct ChasePage {
    shell: Shell,
    heading: String,
    as_of: String,
    assumed: bool,
    made_up: Option<String>,
    confirmation: Vec<String>,
    summary: Vec<Link>,
    summary_title: String,
    unit: String,
    period: String,
    periods: Vec<Choice>,
    states: Vec<StateLink>,
    rows: Vec<Row>,
    empty: Option<String>,
    pages: Vec<Link>,
    may_chase: bool,
    has_mail: bool,
    message: String,
    typed: Typed,
    errors: Vec<(String, String)>,
    full: String,
    downloads: Downloads,
}

struct StateLink {
    link: Link,
    is_here: bool,
}

struct Row {
    code: String,
    unit: Link,
    asks: Option<String>,
    badge: Badge,
    due: String,
    contact: String,
    phone: Option<(String, String)>,
    email: String,
    contact_href: String,
    contact_words: String,
    /// Whether its due time is not that of the others.
    is_extended: bool,
    reminded: String,
    review: Option<String>,
    is_ticked: bool,
}

/// `GET`: the list.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit, &asked).await?;
    visit.answer(&view, table, |view| ChasePage::new(&visit, view, &asked, &Typed::default(), Vec::new()))
}

async fn view(visit: &Visit, asked: &Asked) -> Result<ChaseList, Problem> {
    let plan = visit.plan()?;
    let list = ListAsked {
        scope: taken(asked.unit.as_ref()),
        period: visit.day(asked.period.as_ref())?,
        state: given(asked.state.as_ref()).and_then(ChaseState::from_code),
        page: given(asked.page.as_ref()).and_then(|text| text.parse().ok()).unwrap_or(1),
    };
    visit.read(move |conn, actor, now| see_chase(conn, actor, &plan, &list, now)).await
}

/// `POST`: reminds, notes a call, gives more time; then back to the list.
pub async fn act(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<HttpResponse, Problem> {
    let typed = Typed::of(fields);
    let refused = match carry_out(&visit, &typed).await {
        Ok(said) => {
            let mut query = vec![("don-vi", typed.scope.as_str()), ("ky", typed.period.as_str())];
            query.extend(said.iter().map(|(name, value)| (*name, value.as_str())));
            let to = links::with_query("/don-doc", &query);
            return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish());
        }
        Err(UseCaseError::Invalid(faults)) => faults,
        Err(error) => return Err(error.into()),
    };
    let said = |fault: &Fault| (fault.field.clone(), messages::fault(visit.lang, None, fault));
    let errors: Vec<(String, String)> = refused.iter().map(said).collect();
    let asked = Asked {
        unit: Some(typed.scope.clone()),
        period: Some(typed.period.clone()).filter(|text| calendar::parse_day(text).is_some()),
        ..Asked::default()
    };
    let view = view(&visit, &asked).await?;
    let mut answer = visit.page(&ChasePage::new(&visit, &view, &asked, &typed, errors))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

type Said = Vec<(&'static str, String)>;

/// Does what a button says; tells what became of it.
async fn carry_out(visit: &Visit, typed: &Typed) -> Result<Said, UseCaseError> {
    let invalid = |fault: Fault| UseCaseError::Invalid(vec![fault]);
    let nothing_chosen = || invalid(Fault::of_report("units", Rule::Required, "", None));
    let plan = visit.plan().map_err(|_| UseCaseError::NotFound { kind: "plan", name: String::new() })?;
    let example = || plan.timetable.period_at(visit.now).map(|period| period.from.to_string());
    let unknown = || invalid(Fault::of_report("period", Rule::NotAPeriod, &typed.period, example()));
    let period = calendar::parse_day(&typed.period).ok_or_else(unknown)?;
    let (actor, now, deed) = (visit.actor.clone(), visit.now, typed.deed.clone());
    if typed.units.is_empty() {
        return Err(nothing_chosen());
    }
    let chosen = Chosen { units: typed.units.clone(), period };
    let until = if deed == "gia-han" { Some(typed.until().map_err(invalid)?) } else { None };
    let (again, note, reason) = (typed.again, typed.note.clone(), typed.reason.clone());
    let work = move |conn: &mut crate::store::Conn| -> Result<Said, UseCaseError> {
        match (deed.as_str(), until) {
            ("goi", _) => {
                let logged = remind::note_call(conn, &actor, &plan, (&chosen, &note), now)?;
                Ok(vec![("da", "goi".to_owned()), ("so", logged.to_string())])
            }
            ("gia-han", Some(until)) => {
                let extended = remind::extend(conn, &actor, &plan, (&chosen, until, &reason), now)?;
                Ok(vec![("da", "gia-han".to_owned()), ("so", extended.to_string())])
            }
            _ => {
                let asked = remind::remind(conn, &actor, &plan, (&chosen, again), now)?;
                let some = |n: usize| if n == 0 { String::new() } else { n.to_string() };
                Ok(vec![
                    ("da", "nhac".to_owned()),
                    ("so", asked.queued.len().to_string()),
                    ("da-nhac", some(asked.already.len())),
                    ("khong-dia-chi", some(asked.without_address.len())),
                    ("khong-can", some(asked.not_late.len())),
                ])
            }
        }
    };
    visit.state.store.write(work).await
}

fn badge(lang: Lang, row: &ChaseRow) -> Badge {
    let class = match row.state {
        ChaseState::Overdue | ChaseState::Never | ChaseState::Returned => "not-met",
        ChaseState::DueToday | ChaseState::Partial | ChaseState::Zero => "late",
        ChaseState::Waiting => "not-reported",
        ChaseState::Received => "met",
    };
    let words = match row.overdue_since.zip(row.days_overdue) {
        Some((since, days)) if row.state == ChaseState::Overdue && days > 0 => {
            let (day, n) = (lang.day(calendar::day(since)), lang.number(days));
            // A report of an earlier period is missing too.
            let key = if since < row.due { "chase.overdue_earlier" } else { "chase.overdue_days" };
            lang.tr(key, &[("n", &n), ("day", &day)])
        }
        _ => lang.t(&format!("chase.state.{}", row.state)),
    };
    Badge { class, words }
}

/// "08:10, thư (2)".
fn reminded(lang: Lang, reminded: Option<&Reminded>) -> String {
    let Some(last) = reminded else { return lang.t("chase.not_reminded") };
    let how = lang.t(&format!("chase.reminder.{}", last.state));
    let when = lang.moment(last.at);
    let times = lang.count(last.times);
    let said = lang.tr("chase.reminded", &[("when", &when), ("how", &how), ("n", &times)]);
    let note = match (last.state, last.note.as_str()) {
        (_, "") => return said,
        (ReminderState::Failed, code @ ("interrupted" | "not_needed")) => lang.t(&format!("chase.letter.{code}")),
        (_, note) => note.to_owned(),
    };
    format!("{said}: {note}")
}

impl Row {
    fn new(lang: Lang, list: &ChaseList, row: &ChaseRow, typed: &Typed) -> Self {
        let contact = row.contact.clone().unwrap_or_default();
        let digits: String = contact.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        let period = list.period.map(|period| period.from.to_string()).unwrap_or_default();
        let extended = if row.is_extended { lang.t("chase.extended") } else { String::new() };
        Self {
            unit: Link::to(&row.unit),
            asks: (row.directive == Directive::Request).then(|| lang.t("chase.request")),
            badge: badge(lang, row),
            due: format!("{} {extended}", lang.moment(row.due)).trim_end().to_owned(),
            contact_words: lang.t(if row.contact.is_some() { "chase.edit_contact" } else { "chase.add_contact" }),
            is_extended: row.is_extended,
            contact: contact.name,
            phone: (!digits.is_empty()).then(|| (format!("tel:{digits}"), contact.phone)),
            email: contact.email,
            contact_href: links::with_query("/don-doc/lien-he", &[("don-vi", &row.unit.code), ("ky", &period)]),
            reminded: reminded(lang, row.reminded.as_ref()),
            review: row.report.map(|id| links::with_query("/duyet", &[("bao-cao", &id.to_string())])),
            is_ticked: typed.units.contains(&row.unit.code),
            code: row.unit.code.clone(),
        }
    }
}

/// The message for Zalo: units, never people.
fn message(visit: &Visit, list: &ChaseList) -> String {
    let lang = visit.lang;
    let Some(period) = list.period else { return String::new() };
    let open: Vec<&ChaseRow> = list.rows.iter().filter(|row| row.state.is_open()).collect();
    let names: Vec<&str> = open.iter().map(|row| row.unit.name.as_str()).collect();
    let (now, count) = (lang.moment(list.as_of), lang.count(open.len()));
    let public = visit.state.mailer.get().map(crate::web::mail::Mailer::public_url).unwrap_or_default();
    let url = format!("{}/nhap-lieu", public.trim_end_matches('/'));
    let where_to =
        if public.is_empty() { lang.t("chase.message_soon") } else { lang.tr("chase.message_where", &[("url", &url)]) };
    let (span, due, names) = (period_name(lang, &period), lang.moment(period.due), names.join("; "));
    let values = [
        ("now", now.as_str()),
        ("n", &count),
        ("period", &span),
        ("due", &due),
        ("units", &names),
        ("where", &where_to),
    ];
    lang.tr(if open.is_empty() { "chase.message_none" } else { "chase.message" }, &values)
}

impl ChasePage {
    fn new(visit: &Visit, view: &ChaseList, asked: &Asked, typed: &Typed, errors: Vec<(String, String)>) -> Self {
        let lang = visit.lang;
        let heading = view.period.map_or_else(
            || lang.t("nav.chase"),
            |period| {
                let (span, due) = (period_name(lang, &period), lang.moment(period.due));
                lang.tr("chase.title", &[("period", &span), ("due", &due)])
            },
        );
        let unit = given(asked.unit.as_ref()).unwrap_or_default();
        let period = view.period.map(|period| period.from.to_string()).unwrap_or_default();
        let state = given(asked.state.as_ref()).unwrap_or_default();
        let filters = [("don-vi", unit), ("ky", period.as_str()), ("trang-thai", state)];
        let shell = visit.shell(&heading).illustrative(view.plan.is_illustrative);
        let id = |field: &str| match field {
            "until" => "ngay",
            "time" => "gio",
            "reason" => "ly-do",
            "units" => "danh-sach",
            _ => "ky",
        };
        let expected = lang.count(view.expected);
        Self {
            shell: if errors.is_empty() { shell } else { shell.with_errors() },
            as_of: lang.as_of(view.as_of),
            assumed: view.is_assumed,
            made_up: view.made_up.as_ref().map(|run| {
                let (due, ran) = (lang.moment(run.due_at), lang.moment(run.ran_at));
                lang.tr("chase.made_up", &[("due", &due), ("ran", &ran)])
            }),
            confirmation: confirmation(lang, asked),
            summary: errors.iter().map(|(f, said)| Link { href: format!("#{}", id(f)), label: said.clone() }).collect(),
            summary_title: lang.t("err.title"),
            periods: view
                .periods
                .iter()
                .rev()
                .map(|of| Choice::new(&of.from.to_string(), &period_name(lang, of), Some(&period)))
                .collect(),
            states: states(lang, view, (unit, &period, state)),
            empty: view.rows.is_empty().then(|| match view.period {
                None => lang.t("full.no_schedule"),
                Some(_) => lang.t("chase.nobody"),
            }),
            rows: view.rows.iter().map(|row| Row::new(lang, view, row, typed)).collect(),
            pages: (1..=view.total.div_ceil(ROWS))
                .filter(|_| view.total > ROWS)
                .map(|page| {
                    let number = page.to_string();
                    let query = [filters[0], filters[1], filters[2], ("trang", number.as_str())];
                    let href = links::with_query("/don-doc", &query);
                    Link { href, label: lang.tr("chase.page", &[("n", &lang.count(page))]) }
                })
                .collect(),
            may_chase: visit.actor.may_somewhere(crate::domain::actor::Deed::Chase),
            has_mail: visit.state.mailer.get().is_some(),
            message: message(visit, view),
            typed: typed.clone(),
            errors: errors.into_iter().map(|(field, said)| (id(&field).to_owned(), said)).collect(),
            full: lang.tr("chase.all_of", &[("n", &expected)]),
            downloads: Downloads::of("/don-doc", &filters),
            unit: unit.to_owned(),
            period,
            heading,
        }
    }

    /// What is wrong with a field.
    fn error(&self, id: &str) -> Option<&str> {
        self.errors.iter().find(|(of, _)| of == id).map(|(_, said)| said.as_str())
    }
}

fn states(lang: Lang, view: &ChaseList, (unit, period, state): (&str, &str, &str)) -> Vec<StateLink> {
    let link = |code: &str, label: String| StateLink {
        link: Link {
            href: links::with_query("/don-doc", &[("don-vi", unit), ("ky", period), ("trang-thai", code)]),
            label,
        },
        is_here: state == code,
    };
    let all = link("", lang.tr("chase.all", &[("n", &lang.count(view.expected))]));
    let counted = view.counts.iter().map(|(of, n)| {
        let words = lang.t(&format!("chase.state.{of}"));
        link(of.code(), format!("{words}: {}", lang.count(*n)))
    });
    std::iter::once(all).chain(counted).collect()
}
