//! `/nhap-lieu/da-gui`: what was just recorded, before and after.

use actix_web::{HttpResponse, http::header, web::Query};
use askama::Template;
use serde::Deserialize;

use super::{
    parts::{self, words},
    visit::{Visit, given},
};
use crate::{
    store::plans::StoredPlan,
    usecases::{
        record_report::{Receipt, RecordedFigure, ReportReceipt},
        see_receipt::see_receipt,
    },
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

/// Which operation.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "thao-tac")]
    operation: Option<String>,
}

#[derive(Template)]
#[template(path = "sent.html", config = "dashboards/askama.toml")]
struct SentPage {
    shell: Shell,
    heading: String,
    as_of: String,
    reports: Vec<Recorded>,
}

struct Recorded {
    unit: String,
    href: String,
    correct: String,
    lines: Vec<Line>,
}

struct Line {
    cohort: String,
    measure: String,
    before: String,
    after: String,
    change: String,
    surplus: Option<String>,
}

/// `GET`: the confirmation.
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let plan = visit.plan()?;
    let Some(operation) = given(asked.operation.as_ref()).map(str::to_owned) else {
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/nhap-lieu")).finish());
    };
    let receipt = visit.read(move |conn, actor, _| see_receipt(conn, actor, &operation)).await?;
    visit.page(&SentPage::new(&visit, &plan, &receipt))
}

impl SentPage {
    fn new(visit: &Visit, plan: &StoredPlan, receipt: &Receipt) -> Self {
        let lang = visit.lang;
        let heading = lang.tr("msg.sent", &[("time", &lang.moment(receipt.recorded_at))]);
        Self {
            shell: visit.shell(&heading).illustrative(plan.is_illustrative),
            heading,
            as_of: lang.as_of(receipt.as_of),
            reports: receipt.reports.iter().map(|report| Recorded::new(lang, plan, report)).collect(),
        }
    }
}

impl Recorded {
    fn new(lang: Lang, plan: &StoredPlan, of: &ReportReceipt) -> Self {
        Self {
            unit: of.unit_name.clone(),
            // The unit page itself sends on to `/xa` where the unit is a place.
            href: format!("/don-vi/{}", of.unit),
            correct: links::with_query("/nhap-lieu", &[("dinh-chinh", &of.report.to_string())]),
            lines: of.figures.iter().map(|figure| Line::new(lang, plan, figure)).collect(),
        }
    }
}

impl Line {
    fn new(lang: Lang, plan: &StoredPlan, of: &RecordedFigure) -> Self {
        let measure = plan.plan.measure(&of.measure).map(|measure| words(lang, &measure.name));
        let counted_area = plan
            .plan
            .cohort(&of.cohort)
            .is_some_and(|cohort| cohort.counted_on == crate::domain::plan::CountedOn::Area);
        let key = if counted_area { "sent.above_base" } else { "sent.surplus" };
        Self {
            cohort: parts::cohort_short(lang, plan, &of.cohort),
            measure: measure.unwrap_or(&of.measure).to_owned(),
            before: of.before.map_or_else(|| lang.t("history.nothing"), |n| lang.number(n)),
            after: lang.number(of.count),
            change: match of.before {
                None => lang.t("sent.first"),
                Some(before) if before == of.count => lang.t("change.none_short"),
                Some(before) => lang.signed(of.count - before),
            },
            surplus: (of.surplus > 0).then(|| lang.tr(key, &[("n", &lang.number(of.surplus))])),
        }
    }
}
