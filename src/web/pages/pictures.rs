//! Views as charts: the rows, and the finding that stands above them, built from the figures.

use chrono::NaiveDate;

use super::parts::words;
use crate::{
    charts::{self, ChartError, Frame, Locale, Svg, Target, Width, Words, png, trend},
    domain::calendar::{self, Instant},
    usecases::{
        see_overview::{CohortProgress, Overview},
        see_trend::{Trend, TrendLine},
    },
    web::{
        problem::Problem,
        words::{Lang, lower_first},
    },
};

/// Both drawings of a chart.
#[derive(Debug, Clone)]
pub struct Picture {
    /// For screens that are wide enough, and paper.
    pub wide: Svg,
    /// For phones.
    pub phone: Svg,
    /// Whether the wide one needs more room than most.
    pub is_broad: bool,
}

impl Picture {
    /// Draws both; nothing, and a line in the log, when that fails: the page goes on without.
    pub fn of(draw: impl Fn(Width) -> Result<Svg, ChartError>, is_broad: bool) -> Option<Self> {
        let both = draw(Width::Wide).and_then(|wide| Ok(Self { wide, phone: draw(Width::Phone)?, is_broad }));
        both.inspect_err(|error| tracing::error!(%error, "a chart could not be drawn")).ok()
    }
}

/// The wide drawing as a file.
pub fn file(drawing: Result<Svg, ChartError>) -> Result<Vec<u8>, Problem> {
    drawing.and_then(|svg| png::render(&svg)).map_err(|e| Problem::broken(&e))
}

/// The chart's way of writing.
pub fn locale(lang: Lang) -> Locale {
    if lang == Lang::Vi { Locale::Vi } else { Locale::En }
}

/// The words of cells.
pub fn cell_words(lang: Lang) -> Words {
    Words {
        not_reported: lang.t("st.not_reported"),
        nobody: lang.t("st.nobody_to_count"),
        counted_in: lang.t("term.people"),
    }
}

/// The line a target is drawn at.
pub fn target(lang: Lang, percent: Option<u8>) -> Option<Target> {
    let percent = i64::from(percent?);
    Some(Target { tenths: percent * 10, label: lang.tr("term.target_of", &[("n", &percent.to_string())]) })
}

/// The texts around a chart.
pub struct Texts<'a> {
    /// Prefix of ids.
    pub id: &'a str,
    /// The finding.
    pub title: String,
    /// What, where, when, unit.
    pub subtitle: String,
    /// The instant spoken of.
    pub as_of: Instant,
    /// Whether the figures are made up.
    pub is_illustrative: bool,
}

impl Texts<'_> {
    /// The frame; its footer names the source and says when figures are made up.
    pub fn frame(self, lang: Lang) -> Frame {
        let mut footer = lang.tr("chart.source", &[("asof", &lower_first(&lang.as_of(self.as_of)))]);
        if self.is_illustrative {
            footer = format!("{} {footer}", lang.t("chart.demo"));
        }
        Frame {
            id: self.id.to_owned(),
            description: self.title.clone(),
            title: self.title,
            subtitle: self.subtitle,
            footer,
            no_data: lang.t("msg.none"),
            locale: locale(lang),
        }
    }
}

/// A line of the view as a line of the chart, kept up to the day the view speaks of.
fn series(lang: Lang, line: &TrendLine, until: NaiveDate) -> trend::Series {
    let point = |day, at: &crate::usecases::see_trend::TrendPoint| trend::Point {
        day,
        tenths: at.rate.tenths(),
        complete: at.is_complete,
    };
    let mut points: Vec<trend::Point> = line.points.iter().map(|at| point(at.day, at)).collect();
    // A rate holds until the next report: the line runs on to today.
    if let Some(last) = line.points.last().filter(|last| last.day < until) {
        points.push(point(until, last));
    }
    trend::Series { name: words(lang, &line.name).to_owned(), points }
}

/// The overview's trend: a line for each cohort.
pub fn overview_trend(lang: Lang, view: &Overview) -> trend::Trend {
    let until = calendar::day(view.as_of);
    let measure = view.trend_measure.as_ref().map(|measure| words(lang, measure).to_owned()).unwrap_or_default();
    let percent = view.cohorts.iter().find_map(|cohort| cohort.cohort.target);
    let texts = Texts {
        id: "dien-bien",
        title: lowest(lang, view, percent),
        subtitle: lang.tr("trend.by_cohort", &[("measure", &measure), ("place", &view.scope.name)]),
        as_of: view.as_of,
        is_illustrative: view.plan.is_illustrative,
    };
    trend::Trend {
        frame: texts.frame(lang),
        series: view.trend.iter().map(|line| series(lang, line, until)).collect(),
        target: target(lang, percent),
        incomplete: lang.t("trend.incomplete"),
    }
}

/// "Thấp nhất là Nhóm D: 87,3%, còn 12,7 điểm đến chỉ tiêu."
fn lowest(lang: Lang, view: &Overview, percent: Option<u8>) -> String {
    let now = |of: &CohortProgress| of.measures.iter().find(|measure| measure.is_decisive)?.rate?.tenths();
    // Of all cohorts, not only of those there is room for in the chart.
    let known = view.cohorts.iter().filter_map(|of| Some((&of.cohort, now(of)?)));
    let Some((cohort, tenths)) = known.min_by_key(|(_, tenths)| *tenths) else {
        return lang.t("msg.none");
    };
    let missing = percent.map_or(0, |percent| i64::from(percent) * 10 - tenths);
    if missing <= 0 {
        return lang.t("trend.all_reached");
    }
    let (name, rate, points) = (words(lang, &cohort.short), lang.percent(tenths), lang.points(missing));
    lang.tr("trend.lowest", &[("name", name), ("rate", &rate), ("points", &points)])
}

/// The trend of one cohort: a line for each measure.
pub fn trend(lang: Lang, view: &Trend) -> trend::Trend {
    let cohort = view.cohort.as_ref();
    let name = cohort.map(|cohort| words(lang, &cohort.name).to_owned()).unwrap_or_default();
    let texts = Texts {
        id: "dien-bien",
        title: finding(lang, view),
        subtitle: lang.tr("trend.by_measure", &[("cohort", &name), ("place", &view.scope.name)]),
        as_of: view.as_of,
        is_illustrative: view.plan.is_illustrative,
    };
    trend::Trend {
        frame: texts.frame(lang),
        series: view.lines.iter().map(|line| series(lang, line, view.to)).collect(),
        target: target(lang, cohort.and_then(|cohort| cohort.target)),
        incomplete: lang.t("trend.incomplete"),
    }
}

/// "Đã cài Bluezone tăng 4,2 điểm trong 14 ngày, còn 6,6 điểm đến chỉ tiêu."
pub fn finding(lang: Lang, view: &Trend) -> String {
    let Some(line) = view.lines.iter().find(|line| !line.points.is_empty()) else { return lang.t("msg.none") };
    let known: Vec<(NaiveDate, i64)> =
        line.points.iter().filter_map(|point| Some((point.day, point.rate.tenths()?))).collect();
    let (Some((since, first)), Some((_, last))) = (known.first(), known.last()) else {
        return lang.t("st.nobody_to_count");
    };
    let key = match last - first {
        0 => "trend.same",
        1.. => "trend.rose",
        _ => "trend.fell",
    };
    let days = lang.number((view.to - *since).num_days());
    let values = [
        ("name", words(lang, &line.name)),
        ("points", &lang.points(last - first)),
        ("days", &days),
        ("rate", &lang.percent(*last)),
    ];
    let moved = lang.tr(key, &values);
    let target = view.cohort.as_ref().and_then(|cohort| cohort.target).map(|percent| i64::from(percent) * 10 - last);
    match target {
        None => format!("{moved}."),
        Some(missing) if missing > 0 => {
            format!("{moved}, {}", lang.tr("trend.to_go", &[("points", &lang.points(missing))]))
        }
        Some(_) => format!("{moved}, {}", lang.t("trend.reached")),
    }
}

/// Draws a trend at a width.
pub fn draw_trend(chart: &trend::Trend) -> impl Fn(Width) -> Result<Svg, ChartError> + '_ {
    move |width| charts::trend::draw(chart, width)
}
