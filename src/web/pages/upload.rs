//! `/tai-len`: somebody sends the file the office keeps. It waits for its preview; nothing of it is recorded here.

use actix_multipart::form::{MultipartForm, bytes::Bytes, text::Text};
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::Query,
};
use askama::Template;

use super::{
    decide_form::Errors,
    parts::{Choice, Link, words},
    upload_form::{self, Asked},
    visit::Visit,
};
use crate::{
    domain::plan::Cohort,
    imports::read::Limits,
    store::plans::StoredPlan,
    usecases::{
        UnitRef, UseCaseError,
        keep_upload::{Kind, check_scope, keep_upload, scopes, waiting},
        zone_state::schemes,
    },
    web::{problem::Problem, shell::Shell, words::Lang},
};

/// The measure every file of counts has; cohorts that do not count it are not offered.
const COUNTED: &str = "bluezone_installed";

/// What is read of a browser at most: a file somewhat too large is answered by the form, not by a broken connection.
pub const MOST_SENT: usize = 16 << 20;

/// What a browser sends.
#[derive(MultipartForm)]
pub struct Sent {
    tep: Bytes,
    #[multipart(rename = "loai")]
    kind: Option<Text<String>>,
    #[multipart(rename = "nhom")]
    cohort: Option<Text<String>>,
    #[multipart(rename = "pham-vi")]
    scope: Option<Text<String>>,
    #[multipart(rename = "ngay")]
    day: Option<Text<String>>,
    #[multipart(rename = "thang")]
    scheme: Option<Text<String>>,
    #[multipart(rename = "gio")]
    time: Option<Text<String>>,
    #[multipart(rename = "so")]
    number: Option<Text<String>>,
    #[multipart(rename = "co-quan")]
    issuer: Option<Text<String>>,
    #[multipart(rename = "ngay-qd")]
    dated: Option<Text<String>>,
}

#[derive(Template)]
#[template(path = "upload.html", config = "dashboards/askama.toml")]
struct UploadPage {
    shell: Shell,
    heading: String,
    /// The kinds of file, where there is more than one to choose from.
    kinds: Vec<Link>,
    kind: &'static str,
    asked: Asked,
    errors: Errors,
    summary: Vec<Link>,
    cohorts: Vec<Choice>,
    scopes: Vec<Choice>,
    schemes: Vec<Choice>,
}

/// `GET`: the form.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    form(&visit, asked, Errors::default(), StatusCode::OK).await
}

/// `POST`: keeps the file and goes on to its preview.
pub async fn create(
    visit: Visit,
    sent: Result<MultipartForm<Sent>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let mut errors = Errors::default();
    let sent = match sent {
        Ok(MultipartForm(sent)) => sent,
        Err(error) => {
            let is_large = error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE;
            let (key, status) = if is_large {
                ("file.too_large", StatusCode::PAYLOAD_TOO_LARGE)
            } else {
                ("upload.need_file", StatusCode::UNPROCESSABLE_ENTITY)
            };
            errors.add("tep", visit.lang.t(key));
            return form(&visit, Asked::default(), errors, status).await;
        }
    };
    let text = |text: Option<Text<String>>| text.map(|text| text.0.trim().to_owned()).unwrap_or_default();
    let asked = Asked {
        kind: text(sent.kind),
        cohort: text(sent.cohort),
        scope: text(sent.scope),
        day: text(sent.day),
        scheme: text(sent.scheme),
        time: text(sent.time),
        number: text(sent.number),
        issuer: text(sent.issuer),
        dated: text(sent.dated),
        ..Asked::default()
    };
    let kind = asked.kind(&visit).ok_or(UseCaseError::NotAllowed)?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if sent.tep.data.len() > Limits::WEB.bytes {
        errors.add("tep", visit.lang.t("file.too_large"));
        status = StatusCode::PAYLOAD_TOO_LARGE;
    } else if sent.tep.data.is_empty() {
        errors.add("tep", visit.lang.t("upload.need_file"));
    }
    for (field, key) in asked.faults() {
        errors.add(field, visit.lang.t(key));
    }
    if !errors.0.is_empty() {
        return form(&visit, asked, errors, status).await;
    }
    let name = sent.tep.file_name.unwrap_or_default();
    let upload = waiting(&name, sent.tep.data.to_vec());
    let address = asked.at(&format!("/tai-len/{}", upload.token));
    let scope = asked.scope.clone();
    let keep = visit.write(move |conn, actor, now| {
        check_scope(conn, actor, kind, &scope)?;
        keep_upload(conn, actor, &upload, now)
    });
    keep.await?;
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish())
}

async fn form(visit: &Visit, asked: Asked, errors: Errors, status: StatusCode) -> Result<HttpResponse, Problem> {
    let kind = asked.kind(visit).ok_or(UseCaseError::NotAllowed)?;
    let scope = asked.scope.clone();
    let scopes = visit.read(move |conn, actor, _| {
        check_scope(conn, actor, kind, &scope)?;
        scopes(conn, actor, kind)
    });
    let scopes = scopes.await?;
    let mut answer = visit.page(&UploadPage::new(visit, kind, asked, errors, &scopes))?;
    if status != StatusCode::OK {
        *answer.status_mut() = status;
    }
    Ok(answer)
}

impl UploadPage {
    fn new(visit: &Visit, kind: Kind, asked: Asked, errors: Errors, scopes: &[UnitRef]) -> Self {
        let lang = visit.lang;
        let heading = lang.t("upload.title");
        let shell = visit.shell(&heading);
        let may = Kind::of(&visit.actor);
        let link = |of: &Kind| Link {
            href: if *of == kind { String::new() } else { format!("/tai-len?loai={}", upload_form::code(*of)) },
            label: lang.t(&format!("upload.of_{}", if *of == Kind::Counts { "counts" } else { "zones" })),
        };
        let default_scope = scopes.first().map(|scope| scope.code.as_str());
        let scope = Some(asked.scope.as_str()).filter(|code| !code.is_empty()).or(default_scope);
        let scheme = asked.scheme(visit.now).map(|scheme| scheme.code.as_str());
        Self {
            shell: if errors.0.is_empty() { shell } else { shell.with_errors() },
            heading,
            kinds: if may.len() > 1 { may.iter().map(link).collect() } else { Vec::new() },
            kind: upload_form::code(kind),
            summary: errors
                .0
                .iter()
                .map(|(input, text)| Link { href: format!("#{input}"), label: text.clone() })
                .collect(),
            cohorts: cohorts(visit, &asked.cohort),
            scopes: scopes.iter().map(|of| Choice::new(&of.code, &of.name, scope)).collect(),
            schemes: schemes().iter().map(|of| Choice::new(&of.code, &of.decision, scheme)).collect(),
            asked,
            errors,
        }
    }
}

/// Whom a file can count: the cohorts of the actor's plans that count installations; several of one name together.
fn cohorts(visit: &Visit, current: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for stored in &visit.plans() {
        let counts = |cohort: &&Cohort| stored.plan.fields(cohort).iter().any(|field| field.measure == COUNTED);
        for cohort in stored.plan.cohorts.iter().filter(counts) {
            let (asked, label) = named(visit.lang, stored, cohort);
            let value = format!("{}:{asked}", stored.plan.code);
            if choices.iter().all(|known| known.value != value) {
                choices.push(Choice::new(&value, &label, Some(current)));
            }
        }
    }
    choices
}

/// What a cohort is asked for by: `staff` for `staff_a` to `staff_d`, of which each unit has its own.
fn named(lang: Lang, stored: &StoredPlan, cohort: &Cohort) -> (String, String) {
    let head = cohort.code.split('_').next().unwrap_or_default();
    let alike = stored.plan.cohorts.iter().filter(|other| other.code.split('_').next() == Some(head)).count();
    let (asked, name) = if alike > 1 {
        (head.to_owned(), lang.t(&format!("upload.cohort_{head}")))
    } else {
        (cohort.code.clone(), words(lang, &cohort.name).to_owned())
    };
    (asked, format!("{name} ({})", stored.plan.number))
}
