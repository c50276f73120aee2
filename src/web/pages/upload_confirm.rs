//! `POST /tai-len/…/nhap`: records what the preview showed, in one transaction; then says what was recorded.

use std::collections::BTreeSet;

use actix_web::{
    HttpResponse,
    http::header,
    web::{Form, Path, Query},
};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::Link,
    upload_form::{Asked, ZONES},
    upload_preview::again,
    upload_read::{Opened, ReadFor, open},
    visit::Visit,
};
use crate::{
    imports::verdict::Verdicts,
    store::imports::Import,
    usecases::{UseCaseError, import_counts, import_zones, keep_upload::own_import},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

#[derive(Template)]
#[template(path = "upload_result.html", config = "dashboards/askama.toml")]
struct ResultPage {
    shell: Shell,
    heading: String,
    said: String,
    facts: Vec<(String, String)>,
    links: Vec<Link>,
}

/// `POST`: records every row that is right, and goes on to the result.
pub async fn create(
    visit: Visit,
    token: Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&fields);
    if !asked.faults().is_empty() {
        return again(&visit, &token, asked, Vec::new()).await;
    }
    let reason = fields.iter().find(|(name, _)| name == "ly-do").map(|(_, value)| value.clone()).unwrap_or_default();
    let left: BTreeSet<usize> =
        fields.iter().filter(|(name, _)| name == "bo").filter_map(|(_, row)| row.parse().ok()).collect();
    let Opened { file, read, .. } = open(&visit, &token, &asked).await?;
    let (actor, now) = (visit.actor.clone(), visit.now);
    let recorded = match read {
        ReadFor::Counts(plan, read) => {
            let rows = chosen(&read.rows.verdicts, &left);
            // Weighed here, so that others who write wait only for the writing.
            let look = move |conn: &mut _| {
                let preview = import_counts::preview(conn, &actor, &plan, &file, &read, rows, now)?;
                Ok::<_, UseCaseError>((actor, plan, file, read, preview))
            };
            let (actor, plan, file, read, preview) = visit.state.store.read(look).await?;
            let work = move |conn: &mut _| import_counts::commit(conn, &actor, &plan, &file, &read, &preview, &reason);
            visit.state.store.write(work).await.map(|report| report.import)
        }
        ReadFor::Zones(document, read) => {
            let rows = chosen(&read.rows.verdicts, &left);
            let work =
                move |conn: &mut _| import_zones::commit(conn, &actor, &document, &file, &read, rows.as_ref(), now);
            visit.state.store.write(work).await.map(|report| report.import)
        }
        ReadFor::Nothing(..) => Ok(None),
    };
    let path = format!("/tai-len/{token}");
    match recorded {
        Ok(Some(import)) => {
            let number = import.to_string();
            let with: Vec<(&str, &str)> = std::iter::once(("nhap", number.as_str())).chain(asked.carried()).collect();
            Ok(to(&links::with_query(&format!("{path}/ket-qua"), &with)))
        }
        // Everything was recorded already: the preview says so.
        Ok(None) => Ok(to(&asked.showing("").at(&path))),
        Err(UseCaseError::NeedsReason(_)) => {
            let said = vec![("ly-do", visit.lang.t("upload.need_reason"))];
            again(&visit, &token, asked.showing("can-xem"), said).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The rows that are right but for those left out; none: all of them.
fn chosen<T>(verdicts: &Verdicts<T>, left: &BTreeSet<usize>) -> Option<BTreeSet<usize>> {
    let rows = verdicts.accept.iter().map(|row| row.row);
    (!left.is_empty()).then(|| rows.filter(|row| !left.contains(row)).collect())
}

fn to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

/// Which import is shown.
#[derive(Debug, Deserialize)]
pub struct Which {
    #[serde(rename = "nhap")]
    import: i64,
}

/// `GET`: what was recorded.
pub async fn show(
    visit: Visit,
    token: Path<String>,
    Query(which): Query<Which>,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let import = visit.read(move |conn, actor, _| own_import(conn, actor, which.import)).await?;
    let lang = visit.lang;
    let heading = lang.t("upload.done_title");
    let mut links = Vec::new();
    if import.refused > 0 {
        let href = asked.at(&format!("/tai-len/{token}/loi.xlsx"));
        links.push(Link { href, label: lang.t("upload.error_file") });
    }
    let is_of_zones = asked.kind == ZONES;
    let (href, key) = if is_of_zones { ("/vung", "upload.see_zones") } else { ("/don-vi", "upload.see_figures") };
    links.push(Link { href: href.to_owned(), label: lang.t(key) });
    links.push(Link { href: "/tai-len".to_owned(), label: lang.t("upload.next") });
    let page = ResultPage {
        shell: visit.shell(&heading),
        heading,
        said: said(lang, &import),
        facts: vec![
            (lang.t("upload.file"), import.file_name.clone()),
            (lang.t("upload.sheet"), import.sheet.clone()),
            (lang.t("upload.recorded_at"), lang.moment(import.recorded_at)),
            (lang.t("upload.hash"), import.file_hash.clone()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect(),
        links,
    };
    visit.page(&page)
}

/// "Đã nhập 17 dòng, …": they add up to the rows read.
fn said(lang: Lang, import: &Import) -> String {
    let values = [
        ("read", import.rows_read),
        ("accepted", import.accepted),
        ("unchanged", import.unchanged),
        ("refused", import.refused),
        ("skipped", import.skipped),
    ]
    .map(|(name, n)| (name, lang.number(n.into())));
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lang.tr("upload.done", &values)
}
