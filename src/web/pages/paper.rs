//! An official report on a page: the same pieces as in its Word file, with its charts drawn for both widths.

use super::{
    pictures,
    sheets::{moment, noted},
};
use crate::{
    documents::{
        csv::{Cell, Table},
        official::{self, Block, Edition, Paper, Picture},
    },
    domain::{
        consolidated::{ConsolidatedReport, Figure},
        rate::Rate,
    },
    usecases::progress::PlanRef,
};

/// The report, ready to show.
pub struct PaperView {
    /// Its text.
    pub paper: Paper,
    pictures: Vec<(Picture, pictures::Picture)>,
}

impl PaperView {
    /// A report as it was issued, or as a draft.
    pub fn of(report: &ConsolidatedReport, edition: Option<&Edition>) -> Self {
        let paper = official::compose(report, edition);
        let mut pictures = Vec::new();
        for block in &paper.blocks {
            let Block::Picture(of, _) = block else { continue };
            if official::svg(report, *of, crate::charts::Width::Phone).is_none() {
                continue;
            }
            let draw = |width| official::svg(report, *of, width).unwrap_or_else(|| Ok(crate::charts::Svg::default()));
            pictures.extend(pictures::Picture::of(draw, *of == Picture::Agencies).map(|drawn| (*of, drawn)));
        }
        Self { paper, pictures }
    }

    /// A chart of it, where there is something to draw.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub fn picture(&self, of: &Picture) -> Option<&pictures::Picture> {
        self.pictures.iter().find(|(known, _)| known == of).map(|(_, drawn)| drawn)
    }
}

/// Counted, base and percent.
fn rate(rate: Option<Rate>) -> [Cell; 3] {
    [
        rate.map(|rate| rate.counted).into(),
        rate.map(|rate| rate.base).into(),
        rate.and_then(Rate::tenths).map_or(Cell::Blank, Cell::Tenths),
    ]
}

/// Every figure of a report, one a row.
pub fn sheet(report: &ConsolidatedReport) -> Table {
    let columns = vec![
        "part",
        "unit_code",
        "unit_name",
        "section",
        "cohort",
        "measure",
        "count",
        "counted",
        "base",
        "percent",
        "standing",
        "rank",
        "as_of",
    ];
    let mut rows = Vec::new();
    for (of, total) in report.cohorts.iter().flat_map(|of| of.measures.iter().map(move |total| (of, total))) {
        let mut row: Vec<Cell> =
            ["total", &report.scope.code, &report.scope.name, "", &of.code, &total.measure].map(Cell::from).to_vec();
        row.push(total.count.into());
        row.extend(rate(total.rate));
        row.extend([Cell::Blank, Cell::Blank, moment(report.as_of)]);
        rows.push(row);
    }
    for line in &report.lines {
        let head = |measure: &str| -> Vec<Cell> {
            ["unit", &line.unit.code, &line.unit.name, &line.section, &line.cohort, measure].map(Cell::from).to_vec()
        };
        let tail = || -> [Cell; 3] {
            let rank = line.rank.and_then(|rank| i64::try_from(rank).ok());
            [line.standing.code().into(), rank.into(), line.as_of.map_or(Cell::Blank, moment)]
        };
        let figure = |figure: &Figure| {
            let mut row = head(&figure.measure);
            row.push(figure.count.into());
            row.extend(rate(figure.rate));
            row.extend(tail());
            row
        };
        if line.figures.is_empty() {
            let mut row = head("");
            row.extend([const { Cell::Blank }; 4]);
            row.extend(tail());
            rows.push(row);
        }
        rows.extend(line.figures.iter().map(figure));
    }
    let plan = PlanRef {
        code: report.plan.code.clone(),
        number: report.plan.number.clone(),
        issuer: report.plan.issuer.clone(),
        is_illustrative: report.plan.is_illustrative,
        notice: None,
    };
    noted(Table { columns, rows }, &plan)
}
