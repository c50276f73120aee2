//! `/bao-cao/the-thuc`: letterhead, recipients and signers of the official report.

use std::collections::BTreeMap;

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
    domain::letter::{Letter, Signer},
    usecases::{
        UseCaseError,
        set_letter::{LetterView, see_letter, set_letter},
    },
    web::{messages, problem::Problem, shell::Shell},
};

/// The inputs of one line, in order, with their fields.
const LINES: [(&str, &str); 7] = [
    ("chu-quan", "superior"),
    ("co-quan", "office"),
    ("ky-hieu", "symbol"),
    ("dia-danh", "letter_place"),
    ("kinh-gui", "addressee"),
    ("trich-yeu", "subject"),
    ("luu", "archive"),
];
/// The inputs of several.
const LISTS: [(&str, &str); 2] = [("noi-nhan", "recipients"), ("nguoi-ky", "signers")];

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "da-ghi")]
    done: Option<String>,
}

/// What was typed, by name of the input.
type Typed = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "report_letter.html", config = "dashboards/askama.toml")]
struct LetterPage {
    shell: Shell,
    heading: String,
    scope: String,
    done: bool,
    is_default: bool,
    summary: Vec<Link>,
    summary_title: String,
    lines: Vec<Input>,
    lists: Vec<Input>,
}

struct Input {
    id: &'static str,
    label: String,
    text: String,
    error: Option<String>,
}

fn of_letter(letter: &Letter) -> Typed {
    let signers: Vec<String> = letter.signers.iter().map(Signer::line).collect();
    let texts = [
        ("chu-quan", letter.superior.clone()),
        ("co-quan", letter.office.clone()),
        ("ky-hieu", letter.symbol.clone()),
        ("dia-danh", letter.place.clone()),
        ("kinh-gui", letter.addressee.clone()),
        ("trich-yeu", letter.subject.clone()),
        ("luu", letter.archive.clone()),
        ("noi-nhan", letter.recipients.join("\n")),
        ("nguoi-ky", signers.join("\n")),
    ];
    texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

fn to_letter(typed: &Typed) -> Letter {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    Letter {
        superior: text("chu-quan"),
        office: text("co-quan"),
        symbol: text("ky-hieu"),
        place: text("dia-danh"),
        addressee: text("kinh-gui"),
        subject: text("trich-yeu"),
        recipients: text("noi-nhan").lines().map(str::to_owned).collect(),
        archive: text("luu"),
        signers: text("nguoi-ky").lines().map(Signer::of_line).collect(),
    }
}

/// `GET`: what is in force.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let view = view(&visit).await?;
    let done = given(asked.done.as_ref()).is_some();
    visit.page(&LetterPage::new(&visit, &view, &of_letter(&view.letter), &[], done))
}

async fn view(visit: &Visit) -> Result<LetterView, Problem> {
    let plan = visit.plan()?;
    visit.read(move |conn, actor, _| see_letter(conn, actor, &plan, None)).await
}

/// `POST`: sets it from now on.
pub async fn create(visit: Visit, Form(typed): Form<Typed>) -> Result<HttpResponse, Problem> {
    let (plan, letter) = (visit.plan()?, to_letter(&typed));
    let (actor, now) = (visit.actor.clone(), visit.now);
    match visit.state.store.write(move |conn| set_letter(conn, &actor, &plan, None, letter.clone(), now)).await {
        Ok(_) => Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/bao-cao/the-thuc?da-ghi=1")).finish()),
        Err(UseCaseError::Invalid(faults)) => {
            let input =
                |field: &str| LINES.iter().chain(&LISTS).find(|(_, of)| *of == field).map_or("co-quan", |(id, _)| id);
            let errors: Vec<(&str, String)> =
                faults.iter().map(|f| (input(&f.field), messages::fault(visit.lang, None, f))).collect();
            let view = view(&visit).await?;
            let mut answer = visit.page(&LetterPage::new(&visit, &view, &typed, &errors, false))?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
        Err(error) => Err(error.into()),
    }
}

impl LetterPage {
    fn new(visit: &Visit, view: &LetterView, typed: &Typed, errors: &[(&str, String)], done: bool) -> Self {
        let lang = visit.lang;
        let heading = lang.t("consolidated.to_letter");
        let shell = visit.shell(&heading);
        let input = |(id, field): &(&'static str, &str)| Input {
            id,
            label: lang.t(&format!("field.{field}")),
            text: typed.get(*id).cloned().unwrap_or_default(),
            error: errors.iter().find(|(of, _)| of == id).map(|(_, said)| said.clone()),
        };
        Self {
            shell: if errors.is_empty() { shell } else { shell.with_errors() },
            heading,
            scope: view.scope.name.clone(),
            done,
            is_default: view.is_default,
            summary: errors.iter().map(|(id, said)| Link { href: format!("#{id}"), label: said.clone() }).collect(),
            summary_title: lang.t("err.title"),
            lines: LINES.iter().map(input).collect(),
            lists: LISTS.iter().map(input).collect(),
        }
    }
}
