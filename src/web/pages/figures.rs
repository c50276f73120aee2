//! `/nhap-lieu/so-lieu.xlsx`, `.csv`, `.json`: the figures in force, laid out as files of counts are.

use std::sync::Arc;

use actix_web::{HttpResponse, web::Query};
use serde::Deserialize;

use super::{
    sheets,
    visit::{Visit, taken},
};
use crate::{usecases::see_figures::see_figures, web::problem::Problem};

/// Of whom.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "don-vi")]
    unit: Option<String>,
    #[serde(rename = "nhom")]
    cohort: Option<String>,
    #[serde(rename = "ngay")]
    day: Option<String>,
}

/// `GET`: the file.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let (plan, moment) = (visit.plan()?, visit.moment(asked.day.as_ref())?);
    let cohort = taken(asked.cohort.as_ref()).unwrap_or_else(|| "staff".to_owned());
    let (of, unit) = (Arc::clone(&plan), taken(asked.unit.as_ref()));
    let read = move |conn: &mut _, actor: &_, _| see_figures(conn, actor, &of, unit.as_deref(), &cohort, moment);
    visit.data(&visit.read(read).await?, sheets::figures)
}
