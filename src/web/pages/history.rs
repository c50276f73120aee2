//! `/lich-su/{unit}/{cohort}/{measure}`: every version of one figure.

use actix_web::{HttpResponse, web::Path};
use askama::Template;

use super::{
    parts::{Downloads, Link, words},
    sheets,
    unit_parts::channel,
    visit::Visit,
};
use crate::{
    store::history::Origin,
    usecases::see_history::{FigureHistory, FigureVersion, see_history},
    web::{links, problem::Problem, shell::Shell, words::Lang},
};

#[derive(Template)]
#[template(path = "history.html", config = "dashboards/askama.toml")]
struct HistoryPage {
    shell: Shell,
    heading: String,
    unit: Link,
    cohort: String,
    versions: Vec<VersionLine>,
    downloads: Downloads,
}

struct VersionLine {
    as_of: String,
    recorded_at: String,
    recorded_by: String,
    channel: String,
    old: String,
    new: String,
    base: Option<String>,
    corrects: Option<String>,
    reason: String,
    /// The file it came from, with the place in it.
    origin: Option<String>,
    is_in_force: bool,
    /// Whether a later report corrected it.
    is_superseded: bool,
    /// "Lý do trả lại: …", where its report was returned.
    returned: Option<String>,
}

/// `GET`: the history, last recorded first.
pub async fn show(visit: Visit, path: Path<(String, String, String)>) -> Result<HttpResponse, Problem> {
    let (plan, (unit, cohort, measure)) = (visit.plan()?, path.into_inner());
    let view = visit.read(move |conn, actor, _| see_history(conn, actor, &plan, &unit, &cohort, &measure)).await?;
    visit.answer(&view, sheets::history, |view| HistoryPage::new(&visit, view))
}

impl HistoryPage {
    fn new(visit: &Visit, view: &FigureHistory) -> Self {
        let lang = visit.lang;
        let measure = words(lang, &view.measure_name);
        let heading = lang.tr("history.title", &[("measure", measure), ("unit", &view.unit.name)]);
        let address = links::history(&view.unit.code, &view.cohort, &view.measure);
        Self {
            shell: visit.shell(&heading).illustrative(view.plan.is_illustrative),
            heading,
            unit: Link::to(&view.unit),
            cohort: words(lang, &view.cohort_name).to_owned(),
            versions: view.versions.iter().map(|version| VersionLine::new(lang, view, version)).collect(),
            downloads: Downloads::of(&address, &[]),
        }
    }
}

impl VersionLine {
    fn new(lang: Lang, view: &FigureHistory, of: &FigureVersion) -> Self {
        Self {
            as_of: lang.moment(of.as_of),
            recorded_at: lang.moment(of.recorded_at),
            recorded_by: of.recorded_by.clone(),
            channel: channel(lang, &of.channel),
            old: of.old.map_or_else(|| lang.t("history.nothing"), |old| lang.number(old)),
            new: lang.number(of.new),
            base: of.base.map(|base| lang.number(base)),
            corrects: of.supersedes.map(|id| lang.tr("report.corrects", &[("id", &id.to_string())])),
            reason: of.reason.clone(),
            origin: of.origin.as_ref().map(|of| origin(lang, of)),
            is_in_force: of.is_in_force,
            returned: of.returned.as_ref().map(|review| lang.tr("report.returned_why", &[("reason", &review.reason)])),
            is_superseded: view.versions.iter().any(|other| other.supersedes == Some(of.report)),
        }
    }
}

/// "Tệp “tháng 8.xlsx”, trang tính “Bao cao”, dòng 9; SHA-256 3f2a…".
fn origin(lang: Lang, of: &Origin) -> String {
    let key = if of.sheet.is_empty() { "history.from_file" } else { "history.from_sheet" };
    let values =
        [("file", of.file_name.as_str()), ("sheet", &of.sheet), ("row", &of.row.to_string()), ("hash", &of.file_hash)];
    lang.tr(key, &values)
}
