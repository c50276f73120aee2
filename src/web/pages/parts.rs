//! Pieces that several pages show: rates, zone marks, statuses, choices. Strings ready to show.

use crate::{
    domain::{calendar, plan::Words, rate::Rate, standing::Standing, zone::Colour},
    store::plans::StoredPlan,
    usecases::{
        UnitRef,
        progress::FigureView,
        see_overview::{CohortProgress, MeasureProgress},
        zone_state::{ZoneMark, ZoneState},
    },
    web::{
        links,
        words::{Lang, lower_first},
    },
};

/// An address with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
}

impl Link {
    /// The page of a unit.
    pub fn to(unit: &UnitRef) -> Self {
        Self { href: links::unit(unit), label: unit.name.clone() }
    }
}

/// Where the figures of a page are read as files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloads {
    /// A workbook.
    pub xlsx: String,
    /// A table as Excel in Vietnam opens it.
    pub csv: String,
    /// For programs.
    pub json: String,
}

impl Downloads {
    /// Those of the page at `address`, with what was asked of it.
    pub fn of(address: &str, asked: &[(&str, &str)]) -> Self {
        let file = |end: &str| links::with_query(&format!("{address}.{end}"), asked);
        Self { xlsx: file("xlsx"), csv: links::with_query(&file("csv"), &[("csv", "excel")]), json: file("json") }
    }
}

/// An option of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

impl Choice {
    /// An option, chosen when it is the `current` one.
    pub fn new(value: &str, label: &str, current: Option<&str>) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), is_chosen: current == Some(value) }
    }
}

/// A box to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is ticked.
    pub is_ticked: bool,
}

/// A zone: colour, letter and word together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// End of its CSS class.
    pub class: &'static str,
    /// Letter in the mark.
    pub letter: &'static str,
    /// Its word.
    pub name: String,
    /// Whether no decision stands behind it.
    pub is_proposed: bool,
}

impl Chip {
    /// The mark of a colour; none: unclassified.
    pub fn coloured(lang: Lang, colour: Option<Colour>) -> Self {
        let class = colour.map_or("none", Colour::code);
        let letter = colour.map_or("?", Colour::letter);
        Self { class, letter, name: lang.t(&format!("zone.{class}")), is_proposed: false }
    }

    /// The mark of a zone as it stands.
    pub fn of(lang: Lang, state: Option<&ZoneState>) -> Self {
        let is_proposed = state.is_some_and(|state| !state.decision.is_official);
        Self { is_proposed, ..Self::coloured(lang, state.map(|state| state.colour)) }
    }

    /// The mark of a zone of a line: always official.
    pub fn marked(lang: Lang, mark: Option<&ZoneMark>) -> Self {
        Self::coloured(lang, mark.map(|mark| mark.colour))
    }
}

/// A status in words; the colour only repeats them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// End of its CSS class; empty for plain words.
    pub class: &'static str,
    /// Its words.
    pub words: String,
}

impl Badge {
    /// Where a unit stands.
    pub fn of(lang: Lang, standing: Standing) -> Self {
        let class = match standing {
            Standing::Met => "met",
            Standing::NotMet => "not-met",
            Standing::NotJudged => "closed",
            Standing::NobodyToCount => "nobody",
            Standing::NotReported => "not-reported",
        };
        Self { class, words: lang.t(&format!("st.{standing}")) }
    }
}

/// A rate with what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// `99,9%`; none: nobody to count.
    pub percent: Option<String>,
    /// `184/200`.
    pub counts: String,
    /// What counts, for a bar.
    pub value: i64,
    /// Everyone, for a bar.
    pub max: i64,
}

impl Share {
    /// A rate to show.
    pub fn of(lang: Lang, rate: Rate) -> Self {
        Self {
            percent: lang.rate(rate),
            counts: lang.fraction(rate),
            value: rate.counted.min(rate.base),
            max: rate.base.max(1),
        }
    }
}

/// The total of one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureLine {
    /// What is counted.
    pub name: String,
    /// How many.
    pub count: String,
    /// Its rate; none for figures without one and before the first report.
    pub share: Option<Share>,
    /// "Còn thiếu 156 người"; only where a target is set.
    pub gap: Option<String>,
    /// "vượt 3 người, không tính".
    pub surplus: Option<String>,
    /// "+1,2 điểm so tuần trước".
    pub change: Option<String>,
    /// "trên Dân số".
    pub base: Option<String>,
}

impl MeasureLine {
    fn of(lang: Lang, measure: &MeasureProgress, has_target: bool) -> Self {
        let rate = measure.rate.filter(|rate| rate.base > 0);
        let before = measure.rate_before.and_then(Rate::tenths);
        let change = rate.and_then(Rate::tenths).zip(before).map(|(now, before)| now - before);
        Self {
            name: words(lang, &measure.name).to_owned(),
            count: measure.count.map_or_else(|| lang.t("st.not_reported"), |count| lang.number(count)),
            share: measure.rate.map(|rate| Share::of(lang, rate)),
            gap: rate.filter(|rate| has_target && rate.gap() > 0).map(|rate| gap(lang, rate.gap())),
            surplus: (has_target && measure.surplus > 0)
                .then(|| lang.tr("term.surplus", &[("n", &lang.number(measure.surplus))])),
            change: change.map(|points| match points {
                0 => lang.t("change.none"),
                points => lang.tr("change.points", &[("n", &lang.change(points))]),
            }),
            base: measure
                .base_name
                .as_ref()
                .map(|base| lang.tr("term.of_base", &[("base", &lower_first(words(lang, base)))])),
        }
    }
}

/// The totals of one cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortLine {
    /// Short name: "Nhóm A".
    pub short: String,
    /// Who is counted.
    pub name: String,
    /// "2/2 đơn vị đã báo cáo".
    pub reported: String,
    /// Whether nobody has.
    pub is_silent: bool,
    /// The ranking of its units.
    pub href: String,
    /// The measures that decide, or all of them where none does.
    pub decisive: Vec<MeasureLine>,
    /// Every measure.
    pub measures: Vec<MeasureLine>,
}

impl CohortLine {
    /// A cohort's totals to show.
    pub fn of(lang: Lang, of: &CohortProgress, day: &str) -> Self {
        let has_target = of.cohort.target.is_some();
        let line = |measure: &MeasureProgress| MeasureLine::of(lang, measure, has_target);
        Self {
            short: words(lang, &of.cohort.short).to_owned(),
            name: words(lang, &of.cohort.name).to_owned(),
            reported: reported(lang, of.reported, of.obliged),
            is_silent: of.reported == 0,
            href: links::with_query("/don-vi", &[("nhom", &of.cohort.code), ("ngay", day)]),
            decisive: of.measures.iter().filter(|measure| measure.is_decisive).map(line).collect(),
            measures: of.measures.iter().map(line).collect(),
        }
    }
}

/// Words in a language of the screens.
pub fn words(lang: Lang, words: &Words) -> &str {
    words.in_lang(lang.code())
}

/// "x/y đơn vị đã báo cáo".
pub fn reported(lang: Lang, reported: i64, obliged: i64) -> String {
    lang.tr("cov.reported", &[("k", &lang.number(reported)), ("n", &lang.number(obliged))])
}

/// "Còn thiếu 156 người".
pub fn gap(lang: Lang, people: i64) -> String {
    lang.tr(if people == 1 { "term.gap_one" } else { "term.gap" }, &[("n", &lang.number(people))])
}

/// "Số cũ: 13/11", where a figure is older than the plan's cadence.
pub fn old(lang: Lang, figure: &FigureView) -> String {
    lang.tr("st.old", &[("date", &lang.short_day(calendar::day(figure.as_of)))])
}

/// The short name of a cohort of the plan.
pub fn cohort_short(lang: Lang, plan: &StoredPlan, code: &str) -> String {
    plan.plan.cohort(code).map_or_else(|| code.to_owned(), |cohort| words(lang, &cohort.short).to_owned())
}
