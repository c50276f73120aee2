//! `/tai-len/…/cot`: somebody says what the columns of their file hold; kept for the next file with the same header.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Form, Path, Query},
};
use askama::Template;

use super::{
    parts::Choice,
    upload_form::Asked,
    upload_read::{Seen, see},
    upload_said,
    visit::Visit,
};
use crate::{
    imports::{
        header::Mapping,
        mapping::{OF_COUNTS, OF_ZONES, code_of, column_of},
    },
    usecases::{
        UseCaseError,
        keep_upload::{Kind, see_upload},
        look_at_file::SeenColumn,
        remember_import::remember_columns,
    },
    web::{problem::Problem, shell::Shell, words::Lang},
};

/// What stands for "not to be taken".
const NOTHING: &str = "khong";

#[derive(Template)]
#[template(path = "upload_columns.html", config = "dashboards/askama.toml")]
struct ColumnsPage {
    shell: Shell,
    heading: String,
    path: String,
    fingerprint: String,
    hidden: Vec<(&'static str, String)>,
    columns: Vec<ColumnLine>,
    back: String,
}

struct ColumnLine {
    at: usize,
    heading: String,
    sample: String,
    /// What it was taken for; blank where that was said before.
    was: String,
    choices: Vec<Choice>,
}

/// `GET`: each column with what it is taken for.
pub async fn show(visit: Visit, token: Path<String>, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let seen = see(&visit, &token, &asked).await?;
    let lang = visit.lang;
    let heading = lang.t("upload.columns");
    let path = format!("/tai-len/{token}");
    visit.page(&ColumnsPage {
        shell: visit.shell(&heading),
        heading,
        fingerprint: seen.look.fingerprint.clone().unwrap_or_default(),
        hidden: asked.hidden(&[]),
        columns: seen.look.columns.iter().map(|column| line(lang, &seen, column)).collect(),
        back: asked.at(&path),
        path,
    })
}

/// `POST`: keeps what was said, and shows the preview again.
pub async fn create(
    visit: Visit,
    token: Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&fields);
    let kind = asked.kind(&visit).ok_or(UseCaseError::NotAllowed)?;
    let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let fingerprint = field("van-tay").unwrap_or_default();
    let said = if field("quen").is_some() { Mapping::new() } else { said(&fields) };
    let name = token.clone();
    visit
        .write(move |conn, actor, now| {
            see_upload(conn, actor, kind, &name)?;
            remember_columns(conn, actor, &fingerprint, &said, now)
        })
        .await?;
    let address = asked.at(&format!("/tai-len/{token}"));
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish())
}

fn line(lang: Lang, seen: &Seen, column: &SeenColumn) -> ColumnLine {
    let columns: &[_] = if seen.kind == Kind::Counts { &OF_COUNTS } else { &OF_ZONES };
    let taken = column.column.map(code_of).filter(|code| !code.is_empty()).unwrap_or(NOTHING);
    let nothing = Choice::new(NOTHING, &lang.t("upload.no_column"), Some(taken));
    let choice = |of: &crate::imports::columns::Column| {
        Choice::new(code_of(*of), &upload_said::count(lang, code_of(*of)), Some(taken))
    };
    let sample: Vec<&str> = column.sample.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    ColumnLine {
        at: column.at,
        heading: if column.heading.is_empty() {
            lang.tr("upload.column_number", &[("n", &lang.count(column.at + 1))])
        } else {
            column.heading.clone()
        },
        was: if seen.look.said.contains_key(&column.at) { String::new() } else { taken.to_owned() },
        sample: sample.join(" · "),
        choices: std::iter::once(nothing).chain(columns.iter().map(choice)).collect(),
    }
}

/// The columns that were said, now or before: `cot-3=bluezone`. What is as it was recognised is left to recognition.
fn said(fields: &[(String, String)]) -> Mapping {
    let of_column = |(name, value): &(String, String)| {
        let at = name.strip_prefix("cot-")?;
        let was = format!("cu-{at}");
        let is_as_it_was = fields.iter().any(|(name, before)| *name == was && before == value);
        let column = column_of(value);
        let is_said = (column.is_some() || value == NOTHING) && !is_as_it_was;
        is_said.then_some((at.parse().ok()?, column))
    };
    fields.iter().filter_map(of_column).collect()
}
