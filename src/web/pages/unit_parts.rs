//! The tables of a unit's page, ready to show.

use super::parts::{self, Badge, Chip, Link, Share, words};
use crate::{
    domain::{calendar, rate::Rate},
    store::plans::StoredPlan,
    usecases::{
        progress::{FigureView, UnitProgress},
        see_unit::{ReportView, ReportedFigure, UnitView},
        zone_state::ZoneState,
    },
    web::{links, words::Lang},
};

/// The figures a unit answers for in one cohort.
pub struct Figures {
    pub id: String,
    pub name: String,
    pub section: String,
    pub badge: Badge,
    /// "Chỉ tiêu 100%".
    pub target: Option<String>,
    pub lines: Vec<FigureLine>,
}

/// One figure.
pub struct FigureLine {
    pub name: String,
    pub count: String,
    pub share: Option<Share>,
    pub gap: Option<String>,
    pub surplus: Option<String>,
    pub as_of: String,
    pub old: Option<String>,
    pub href: String,
}

impl Figures {
    /// The figures of a unit in a cohort of the plan.
    pub fn new(lang: Lang, plan: Option<&StoredPlan>, unit: &UnitProgress) -> Option<Self> {
        let cohort = plan?.plan.cohort(&unit.cohort)?;
        Some(Self {
            id: format!("nhom-{}", cohort.code),
            name: words(lang, &cohort.name).to_owned(),
            section: unit.section.clone(),
            badge: Badge::of(lang, unit.standing),
            target: unit.target.map(|percent| lang.tr("term.target_of", &[("n", &percent.to_string())])),
            lines: unit.figures.iter().map(|figure| FigureLine::new(lang, unit, figure)).collect(),
        })
    }
}

impl FigureLine {
    fn new(lang: Lang, unit: &UnitProgress, figure: &FigureView) -> Self {
        let has_target = unit.target.is_some() && figure.is_decisive;
        let gap = figure.rate.map(Rate::gap).filter(|gap| has_target && *gap > 0);
        Self {
            name: words(lang, &figure.name).to_owned(),
            count: lang.number(figure.count),
            share: figure.rate.map(|rate| Share::of(lang, rate)),
            gap: gap.map(|gap| parts::gap(lang, gap)),
            surplus: (figure.surplus > 0 && unit.target.is_some())
                .then(|| lang.tr("term.surplus", &[("n", &lang.number(figure.surplus))])),
            as_of: lang.moment(figure.as_of),
            old: unit.is_old.then(|| parts::old(lang, figure)),
            href: links::history(&unit.unit.code, &unit.cohort, &figure.measure),
        }
    }
}

/// A unit below.
pub struct Below {
    pub unit: Link,
    /// What it answers for, in the plan's order.
    pub groups: Vec<BelowGroup>,
}

/// A unit below, in one cohort.
pub struct BelowGroup {
    pub cohort: String,
    pub badge: Badge,
    /// Its rates in words: "Đã cài Bluezone 92,0% (184/200)".
    pub rates: Vec<Rated>,
    pub as_of: String,
    pub old: Option<String>,
}

/// A rate of a unit below.
pub struct Rated {
    pub name: String,
    pub percent: String,
    pub counts: String,
    pub href: String,
}

impl Below {
    /// Every obliged unit below the one shown.
    pub fn all(lang: Lang, plan: Option<&StoredPlan>, view: &UnitView) -> Vec<Self> {
        let mut out: Vec<Self> = Vec::new();
        let units = in_plan_order(plan, &view.progress);
        for unit in view.progress.iter().filter(|unit| unit.unit.code != view.unit.code) {
            let link = Link::to(&unit.unit);
            if out.iter().any(|known| known.unit == link) {
                continue;
            }
            let of_unit = units.iter().filter(|other| other.unit.code == unit.unit.code);
            out.push(Self { unit: link, groups: of_unit.map(|of| BelowGroup::new(lang, plan, of)).collect() });
        }
        out
    }
}

/// Units by the order in which the plan names their cohorts.
pub fn in_plan_order<'a>(plan: Option<&StoredPlan>, units: &'a [UnitProgress]) -> Vec<&'a UnitProgress> {
    let place = |code: &str| plan.and_then(|stored| stored.plan.cohorts.iter().position(|cohort| cohort.code == code));
    let mut units: Vec<&UnitProgress> = units.iter().collect();
    units.sort_by_key(|unit| place(&unit.cohort));
    units
}

impl BelowGroup {
    fn new(lang: Lang, plan: Option<&StoredPlan>, unit: &UnitProgress) -> Self {
        let day = unit.as_of.map(calendar::day);
        let shown = unit.figures.iter().filter(|figure| figure.is_decisive || unit.target.is_none());
        Self {
            cohort: plan.map_or_else(|| unit.cohort.clone(), |plan| parts::cohort_short(lang, plan, &unit.cohort)),
            badge: Badge::of(lang, unit.standing),
            rates: shown.map(|figure| Rated::new(lang, unit, figure)).collect(),
            as_of: day.map(|day| lang.day(day)).unwrap_or_default(),
            old: day.filter(|_| unit.is_old).map(|day| lang.tr("st.old", &[("date", &lang.short_day(day))])),
        }
    }
}

impl Rated {
    fn new(lang: Lang, unit: &UnitProgress, figure: &FigureView) -> Self {
        let nobody = || lang.t("st.nobody_to_count");
        Self {
            name: words(lang, &figure.name).to_owned(),
            percent: figure
                .rate
                .map_or_else(|| lang.number(figure.count), |rate| lang.rate(rate).unwrap_or_else(nobody)),
            counts: figure.rate.map(|rate| lang.fraction(rate)).unwrap_or_default(),
            href: links::history(&unit.unit.code, &unit.cohort, &figure.measure),
        }
    }
}

/// A decision or proposal on the zone.
pub struct ZoneLine {
    pub chip: Chip,
    pub level: String,
    pub from: String,
    pub basis: String,
    pub note: String,
    pub recorded: String,
    pub is_current: bool,
    /// Whether it was corrected or taken back since.
    pub is_out: bool,
    /// What it does to an earlier record, and why: "Đính chính: ghi nhầm xã".
    pub corrects: String,
    /// Where it can be corrected.
    pub correct: String,
    /// Whether it stands, so that there is something to correct.
    pub may_correct: bool,
}

impl ZoneLine {
    /// A line of a place's zone history.
    pub fn new(lang: Lang, state: &ZoneState, is_current: bool) -> Self {
        let decision = &state.decision;
        Self {
            chip: Chip::of(lang, Some(state)),
            level: words(lang, &state.name).to_owned(),
            from: lang.moment(decision.effective_from),
            basis: basis(lang, state),
            note: decision.note.clone(),
            recorded: lang
                .tr("unit.recorded", &[("who", &decision.recorded_by), ("when", &lang.moment(decision.recorded_at))]),
            is_current,
            is_out: false,
            corrects: match (decision.corrects, decision.is_withdrawal) {
                (None, _) => String::new(),
                (_, true) => lang.tr("unit.zone_withdrew", &[("reason", &decision.reason)]),
                (_, false) => lang.tr("unit.zone_corrected", &[("reason", &decision.reason)]),
            },
            correct: links::with_query("/vung/ghi-nhan", &[("sua", &decision.id.to_string())]),
            may_correct: !decision.is_withdrawal,
        }
    }

    /// The same, struck through where it no longer stands.
    #[must_use]
    pub fn out(self, is_out: bool) -> Self {
        Self { is_out, may_correct: self.may_correct && !is_out, ..self }
    }
}

/// "123/QĐ-UBND, UBND huyện Chợ Mới, ngày 19/11/2026", as far as it is known.
pub fn basis(lang: Lang, state: &ZoneState) -> String {
    let decision = &state.decision;
    if !decision.is_official && !decision.is_withdrawal {
        return lang.t("zone.proposed");
    }
    let date = decision.decision_date.map(|day| lang.tr("zones.dated", &[("date", &lang.day(day))]));
    [decision.decision_number.clone(), decision.decision_issuer.clone(), date]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

/// A report.
pub struct Report {
    pub unit: Link,
    pub as_of: String,
    pub recorded_at: String,
    pub recorded_by: String,
    pub channel: String,
    /// "Đính chính báo cáo số 12".
    pub corrects: Option<String>,
    /// "Lý do trả lại: …", where it was returned.
    pub returned: Option<String>,
    pub reason: String,
    pub groups: Vec<ReportGroup>,
    /// Where it is corrected.
    pub correct: String,
}

/// The figures of a report in one cohort.
pub struct ReportGroup {
    pub cohort: String,
    /// "Đã cài Bluezone 184/200; Đã khai báo NCOVI 190/200".
    pub said: String,
}

impl Report {
    /// A report of the list.
    pub fn new(lang: Lang, plan: Option<&StoredPlan>, report: &ReportView) -> Self {
        let mut cohorts: Vec<&str> = Vec::new();
        for figure in &report.figures {
            if !cohorts.contains(&figure.cohort.as_str()) {
                cohorts.push(&figure.cohort);
            }
        }
        let groups = cohorts.into_iter().map(|code| ReportGroup {
            cohort: plan.map_or_else(|| code.to_owned(), |plan| parts::cohort_short(lang, plan, code)),
            said: report
                .figures
                .iter()
                .filter(|figure| figure.cohort == code)
                .map(|figure| said(lang, figure))
                .collect::<Vec<_>>()
                .join("; "),
        });
        Self {
            unit: Link::to(&report.unit),
            as_of: lang.moment(report.as_of),
            recorded_at: lang.moment(report.recorded_at),
            recorded_by: report.recorded_by.clone(),
            channel: channel(lang, &report.channel),
            corrects: report.supersedes.map(|id| lang.tr("report.corrects", &[("id", &id.to_string())])),
            returned: report
                .returned
                .as_ref()
                .map(|review| lang.tr("report.returned_why", &[("reason", &review.reason)])),
            reason: report.reason.clone(),
            groups: groups.collect(),
            correct: links::with_query("/nhap-lieu", &[("dinh-chinh", &report.id.to_string())]),
        }
    }
}

fn said(lang: Lang, figure: &ReportedFigure) -> String {
    let counts = match figure.base {
        Some(base) => format!("{}/{}", lang.number(figure.count), lang.number(base)),
        None => lang.number(figure.count),
    };
    format!("{} {counts}", words(lang, &figure.name))
}

/// How a report came, in words.
pub fn channel(lang: Lang, code: &str) -> String {
    match code {
        "form" | "api" | "demo" | "file" => lang.t(&format!("channel.{code}")),
        other => other.to_owned(),
    }
}
