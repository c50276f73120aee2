//! `/don-doc/lien-he`: whom a unit is written to and called.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Form, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::Link,
    visit::{Visit, given},
};
use crate::{
    domain::report::Fault,
    store::contacts::Contact,
    usecases::{
        UnitRef, UseCaseError,
        remind::{keep_contact, see_contact},
    },
    web::{links, messages, problem::Problem, shell::Shell},
};

/// Of which unit, and where to go back to.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "ky")]
    period: Option<String>,
}

/// A contact as it was typed.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(rename = "don-vi")]
    unit: String,
    #[serde(rename = "ky", default)]
    period: String,
    #[serde(rename = "dau-moi", default)]
    name: String,
    #[serde(rename = "thu", default)]
    email: String,
    #[serde(rename = "dien-thoai", default)]
    phone: String,
}

#[derive(Template)]
#[template(path = "chase_contact.html", config = "dashboards/askama.toml")]
struct ContactPage {
    shell: Shell,
    heading: String,
    summary: Vec<Link>,
    summary_title: String,
    unit: UnitRef,
    period: String,
    back: String,
    fields: Vec<Field>,
}

struct Field {
    id: &'static str,
    label: String,
    kind: &'static str,
    value: String,
    error: Option<String>,
}

/// `GET`: the contact as it stands.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let code = given(asked.unit.as_ref()).unwrap_or_default().to_owned();
    let (unit, contact) = visit.read(move |conn, actor, _| see_contact(conn, actor, &code)).await?;
    let period = given(asked.period.as_ref()).unwrap_or_default();
    visit.page(&ContactPage::new(&visit, unit, period, contact, &[]))
}

/// `POST`: records it and goes back to the list.
pub async fn keep(visit: Visit, Form(typed): Form<Typed>) -> Result<HttpResponse, Problem> {
    let contact = Contact { name: typed.name, email: typed.email, phone: typed.phone };
    let (actor, now, given, unit) = (visit.actor.clone(), visit.now, contact.clone(), typed.unit.clone());
    let kept = visit.state.store.write(move |conn| keep_contact(conn, &actor, &unit, &given, now)).await;
    match kept {
        Ok(()) => {
            let to = links::with_query("/don-doc", &[("ky", &typed.period), ("da", "lien-he"), ("so", "1")]);
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish())
        }
        Err(UseCaseError::Invalid(faults)) => {
            let code = typed.unit;
            let (unit, _) = visit.read(move |conn, actor, _| see_contact(conn, actor, &code)).await?;
            let mut answer = visit.page(&ContactPage::new(&visit, unit, &typed.period, contact, &faults))?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
        Err(error) => Err(error.into()),
    }
}

impl ContactPage {
    fn new(visit: &Visit, unit: UnitRef, period: &str, contact: Contact, faults: &[Fault]) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("contact.title", &[("unit", &unit.name)]);
        let shell = visit.shell(&heading);
        let field = |id: &'static str, name: &str, kind: &'static str, value: String| Field {
            id,
            label: lang.t(&format!("field.{name}")),
            kind,
            value,
            error: faults.iter().find(|fault| fault.field == name).map(|fault| messages::fault(lang, None, fault)),
        };
        let fields = vec![
            field("dau-moi", "name", "text", contact.name),
            field("thu", "email", "email", contact.email),
            field("dien-thoai", "phone", "tel", contact.phone),
        ];
        let link = |field: &Field| {
            let label = field.error.clone()?;
            Some(Link { href: format!("#{}", field.id), label })
        };
        Self {
            shell: if faults.is_empty() { shell } else { shell.with_errors() },
            heading,
            summary: fields.iter().filter_map(link).collect(),
            summary_title: lang.t("err.title"),
            unit,
            period: period.to_owned(),
            back: links::with_query("/don-doc", &[("ky", period)]),
            fields,
        }
    }
}
