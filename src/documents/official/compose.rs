//! The report as a person would write it: head, parts, sign-off, annexes.

use super::{
    Annex, Block, Closing, Edition, Head, Paper, annexes, assessment, results,
    words::{count, day, inner, long_day, moment, period, roman, screen, t, tr},
};
use crate::domain::{
    calendar,
    consolidated::{ConsolidatedReport, choices::Section},
};

/// The report, ready to print; without an edition it says that it is a draft.
pub fn compose(report: &ConsolidatedReport, edition: Option<&Edition>) -> Paper {
    let made_at = edition.map_or(report.as_of, |edition| edition.issued_at);
    let mut blocks = vec![Block::Paragraph(introduction(report))];
    let parts = report.sections.iter().filter(|section| **section != Section::Annexes);
    for (i, section) in parts.enumerate() {
        blocks.push(Block::Part(format!("{}. {}", roman(i + 1), t(&format!("part.{section}")))));
        blocks.extend(match section {
            Section::Direction => direction(report),
            Section::Results => results::results(report),
            Section::Assessment => assessment::assessment(report),
            Section::Difficulties => difficulties(report),
            Section::Recommendations => recommendations(report),
            Section::Annexes => Vec::new(),
        });
    }
    blocks.push(Block::Paragraph(tr("conclusion", &[("addressee", &report.letter.addressee)])));
    let annexes = if report.has(Section::Annexes) { annexes::annexes(report) } else { Vec::new() };
    Paper {
        head: head(report, made_at),
        notice: report.plan.is_illustrative.then(|| screen("demo.notice")),
        blocks,
        closing: closing(report),
        annexes: numbered(annexes),
        annex_of: annex_of(report, made_at),
        foot: foot(report, edition),
        made_at,
    }
}

fn numbered(annexes: Vec<(String, Vec<Block>)>) -> Vec<Annex> {
    let annex = |(i, (title, blocks)): (usize, (String, Vec<Block>))| Annex {
        number: tr("annex", &[("n", &roman(i + 1))]),
        title,
        blocks,
    };
    annexes.into_iter().enumerate().map(annex).collect()
}

fn annex_of(report: &ConsolidatedReport, made_at: calendar::Instant) -> String {
    let letter = &report.letter;
    let dated = long_day(calendar::day(made_at));
    tr("annex_of", &[("symbol", &letter.symbol), ("dated", &dated), ("office", &letter.office)])
}

fn head(report: &ConsolidatedReport, made_at: calendar::Instant) -> Head {
    let letter = &report.letter;
    let subject = format!("{} ({})", letter.subject, period(report.period));
    Head {
        superior: letter.superior.to_uppercase(),
        office: letter.office.to_uppercase(),
        number: tr("number", &[("symbol", &letter.symbol)]),
        nation: t("nation"),
        motto: t("motto"),
        dated: format!("{}, {}", letter.place, long_day(calendar::day(made_at))),
        kind: t("kind"),
        subject,
        addressee: tr("addressee", &[("addressee", &letter.addressee)]),
    }
}

fn closing(report: &ConsolidatedReport) -> Closing {
    let letter = &report.letter;
    let mut recipients: Vec<String> = letter.recipients.iter().map(|line| format!("- {line};")).collect();
    if !letter.archive.is_empty() {
        recipients.push(tr("archive", &[("archive", &letter.archive)]));
    }
    Closing { heading: t("recipients"), recipients, signer: report.signer.clone() }
}

/// Which edition the figures are of, and that nobody has changed them.
pub(super) fn foot(report: &ConsolidatedReport, edition: Option<&Edition>) -> String {
    let as_of = moment(report.as_of);
    match edition {
        None => tr("foot.draft", &[("asof", &as_of)]),
        Some(of) => {
            let values = [
                ("version", of.version.to_string()),
                ("issued", moment(of.issued_at)),
                ("asof", as_of),
                ("digest", of.digest.clone()),
            ];
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            tr("foot.issued", &values)
        }
    }
}

fn introduction(report: &ConsolidatedReport) -> String {
    let plan = &report.plan;
    let values = [
        ("plan", plan.number.as_str()),
        ("date", &day(plan.issued_on)),
        ("issuer", &plan.issuer),
        ("office", &report.letter.office),
        ("place", &inner(&report.scope.name)),
        ("period", &period(report.period)),
        ("asof", &moment(report.as_of)),
    ];
    tr("introduction", &values)
}

/// What people wrote, a paragraph a line.
pub(super) fn written(text: &str) -> impl Iterator<Item = Block> {
    text.lines().map(|line| Block::Paragraph(line.to_owned())).collect::<Vec<_>>().into_iter()
}

fn direction(report: &ConsolidatedReport) -> Vec<Block> {
    let said = |is: Option<bool>| report.documents.iter().filter(|of| of.is_issued == is).count();
    let sections: Vec<&str> = report.clauses.iter().map(|clause| clause.section.as_str()).collect();
    let values = [
        ("plan", report.plan.number.clone()),
        ("n", count(report.documents.len())),
        ("clauses", count(sections.len())),
        ("sections", sections.join(", ")),
        ("issued", count(said(Some(true)))),
        ("not_issued", count(said(Some(false)))),
        ("unsaid", count(said(None))),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut blocks =
        vec![Block::Paragraph(tr("direction.assigned", &values)), Block::Paragraph(tr("direction.documents", &values))];
    blocks.extend(written(&report.texts.direction));
    blocks
}

fn difficulties(report: &ConsolidatedReport) -> Vec<Block> {
    if report.difficulties.is_empty() {
        return vec![Block::Paragraph(t("difficulties.none"))];
    }
    let mut blocks = vec![Block::Paragraph(tr("difficulties.said", &[("n", &count(report.difficulties.len()))]))];
    for one in &report.difficulties {
        let matter = screen(&format!("matter.{}", one.category));
        let text = one.text.replace('\n', " ");
        let state = inner(&screen(&format!("difficulty.{}", one.state)));
        let state = if one.note.is_empty() { state } else { format!("{state}: {}", one.note.replace('\n', " ")) };
        let text = text.trim_end_matches('.');
        blocks.push(Block::Item(format!("{} ({}): {text} ({state}).", one.unit.name, inner(&matter))));
    }
    blocks
}

fn recommendations(report: &ConsolidatedReport) -> Vec<Block> {
    if report.texts.recommendations.is_empty() {
        return vec![Block::Paragraph(tr("recommendations.none", &[("addressee", &report.letter.addressee)]))];
    }
    written(&report.texts.recommendations).collect()
}
