//! `/nhap-lieu/bieu-mau.xlsx`: a blank form for a spreadsheet, with the rows of whoever asks.

use std::sync::Arc;

use actix_web::{HttpResponse, web::Query};
use serde::Deserialize;

use super::visit::{Visit, taken};
use crate::{
    documents::form::{Form, FormRow},
    domain::calendar,
    usecases::{enter_figures::see_entry_sheet, make_form::make_form},
    web::problem::Problem,
};

/// What may be asked of the form.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "nhom")]
    cohort: Option<String>,
}

/// `GET`: the form, ready to be filled in.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let plan = visit.plan()?;
    let cohort = taken(asked.cohort.as_ref()).unwrap_or_else(|| "staff".to_owned());
    let (of, unit) = (Arc::clone(&plan), taken(asked.unit.as_ref()));
    let sheet = visit.read(move |conn, actor, now| see_entry_sheet(conn, actor, &of, unit.as_deref(), now)).await?;
    let blank = make_form(&sheet, &cohort);
    if blank.rows.is_empty() {
        return Err(Problem::not_found("cohort", &cohort));
    }
    let lang = visit.lang;
    let rows = blank.rows.into_iter().map(|(code, name, last)| FormRow { code, name, last });
    let form = Form {
        sheet: lang.t("form.sheet"),
        title: lang.tr("form.title", &[("plan", &plan.plan.number)]),
        as_of: lang.tr("form.as_of", &[("day", &lang.day(calendar::day(visit.now)))]),
        note: lang.t("form.note"),
        fixed: [lang.t("form.number"), lang.t("form.code"), lang.t("form.unit")],
        counts: blank.counts.iter().map(|name| name.in_lang(lang.code()).to_owned()).collect(),
        last_time: lang.t("form.last_time"),
        refusal: (lang.t("form.refused"), lang.t("form.refused_why")),
        rows: rows.collect(),
    };
    Ok(visit.workbook(form.to_workbook().map_err(|error| Problem::broken(&error))?))
}
