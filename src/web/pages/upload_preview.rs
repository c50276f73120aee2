//! `/tai-len/…`: what would come of a file, every problem with its remedy; nothing is recorded before it is confirmed.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Path, Query},
};
use askama::Template;

use super::{
    decide_form::Errors,
    parts::{Badge, Chip, Choice, Link, words},
    upload_form::{self, Asked},
    upload_read::{Rows, Seen, Taken, see},
    upload_said,
    visit::Visit,
};
use crate::{
    documents::csv::Cell,
    usecases::{decide_zones::Effect, import_report::SaidRow},
    web::{problem::Problem, shell::Shell, words::Lang},
};

/// How many rows of each list are shown; a longer list is read in the workbook.
const MOST_SHOWN: usize = 200;
/// How many names are asked for at once.
const MOST_NAMES: usize = 30;

/// The lists of rows, as addresses call them, the most urgent first.
const LISTS: [(&str, &str); 3] = [("loi", "upload.refused"), ("can-xem", "upload.odd"), ("nhap-duoc", "upload.taken")];

/// What is odd enough to be explained.
const NEED_REASON: [&str; 3] = ["fall", "jump", "zero"];

#[derive(Template)]
#[template(path = "upload_preview.html", config = "dashboards/askama.toml")]
struct PreviewPage {
    shell: Shell,
    heading: String,
    /// Where this file's pages are.
    path: String,
    /// Said where the same file was taken in before.
    already: Option<String>,
    may_confirm: bool,
    asks_reason: bool,
    reason: String,
    confirm: String,
    kind: &'static str,
    asked: Asked,
    errors: Errors,
    summary: Vec<Link>,
    facts: Vec<(String, String)>,
    /// Why nothing can be taken.
    fault: Option<String>,
    /// Sheets to choose from, where it is not clear which is meant.
    sheets: Vec<Choice>,
    /// Whether the day must be said.
    asks_day: bool,
    /// Where the columns are said; none where there is nothing to say.
    columns: Option<String>,
    notes: Vec<String>,
    said: String,
    cards: Vec<(String, String)>,
    tabs: Vec<(Link, bool)>,
    names: Vec<NameAsked>,
    others: Vec<Choice>,
    lines: Vec<ProblemLine>,
    headings: Vec<String>,
    taken: Vec<TakenLine>,
    more: Option<String>,
    remembered: Vec<Remembered>,
    refused_href: Option<String>,
    hidden: Vec<(&'static str, String)>,
    hidden_for_day: Vec<(&'static str, String)>,
    hidden_for_sheet: Vec<(&'static str, String)>,
    back: String,
}

/// A name that stands for no unit, or for several.
struct NameAsked {
    /// Its place in the form.
    at: usize,
    name: String,
    /// Numbers of its rows.
    rows: String,
    said: String,
    options: Vec<Choice>,
}

/// A row and what is said of it.
struct ProblemLine {
    row: String,
    unit: String,
    said: String,
    /// Whether the row is taken all the same, unless somebody leaves it out.
    is_taken: bool,
}

/// A row that can be taken in.
struct TakenLine {
    row: String,
    unit: String,
    date: String,
    cells: Vec<(String, String)>,
    chips: Option<(Chip, Chip)>,
    effect: Badge,
}

/// A name confirmed before.
struct Remembered {
    name: String,
    unit: String,
}

/// `GET`: the preview.
pub async fn show(visit: Visit, token: Path<String>, Query(asked): Query<Asked>) -> Result<HttpResponse, Problem> {
    let seen = see(&visit, &token, &asked).await?;
    visit.page(&PreviewPage::new(&visit, &token, asked, &seen, Errors::default()))
}

/// The preview again, with what keeps it from being recorded.
pub async fn again(
    visit: &Visit,
    token: &str,
    asked: Asked,
    said: Vec<(&'static str, String)>,
) -> Result<HttpResponse, Problem> {
    let seen = see(visit, token, &asked).await?;
    let mut answer = visit.page(&PreviewPage::new(visit, token, asked, &seen, Errors(said)))?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

impl PreviewPage {
    fn new(visit: &Visit, file: &str, mut asked: Asked, seen: &Seen, mut errors: Errors) -> Self {
        let lang = visit.lang;
        let Seen { upload, rows, look, .. } = seen;
        let heading = lang.tr("upload.preview_of", &[("name", &upload.name)]);
        let path = format!("/tai-len/{file}");
        let code = rows.file_level.unwrap_or_default();
        upload_form::code(seen.kind).clone_into(&mut asked.kind);
        let typed = asked.faults();
        let is_day_wrong = !typed.is_empty();
        for (field, key) in typed {
            errors.add(field, lang.t(key));
        }
        let fault = rows.file_level.map(|code| upload_said::fault(lang, code, &rows.file_detail));
        let many_sheets = ["many_sheets", "no_sheet"].contains(&code) || look.sheets.len() > 1;
        let sheet = if rows.sheet.is_empty() { &look.sheet } else { &rows.sheet };
        let shown = shown(&asked, rows);
        let (names, others) = if shown == "loi" { names(lang, seen) } else { Default::default() };
        let (lines, mut left) = match shown {
            "loi" => refused(lang, seen, &names),
            "can-xem" => odd(lang, seen),
            _ => Default::default(),
        };
        let filled = filled(rows);
        let mut taken = Vec::new();
        if shown == "nhap-duoc" {
            let line = |row| TakenLine::new(lang, seen, row, &filled, asked.number.is_empty());
            taken.extend(rows.taken.iter().take(MOST_SHOWN).map(line));
            left = rows.taken.len().saturating_sub(MOST_SHOWN);
        }
        let has_faults = fault.is_some() || !errors.0.is_empty();
        let shell = visit.shell(&heading).illustrative(seen.plan.as_ref().is_some_and(|plan| plan.is_illustrative));
        let remembered = seen.names.iter().map(|alias| Remembered {
            name: alias.name.clone(),
            unit: seen.units.get(&alias.unit_code).unwrap_or(&alias.unit_code).clone(),
        });
        let remedy = match code {
            "no_date" => "#ngay",
            "many_sheets" | "no_sheet" => "#trang",
            _ if look.columns.is_empty() => "#tom-tat",
            _ => "#doi-cot",
        };
        let fault_link = fault.iter().map(|text| Link { href: remedy.to_owned(), label: text.clone() });
        let error_links = errors.0.iter().map(|(input, text)| Link { href: format!("#{input}"), label: text.clone() });
        Self {
            shell: if has_faults { shell.with_errors() } else { shell },
            summary: fault_link.chain(error_links).collect(),
            facts: facts(lang, &asked, seen, sheet),
            sheets: if many_sheets {
                look.sheets.iter().map(|name| Choice::new(name, name, Some(sheet))).collect()
            } else {
                Vec::new()
            },
            asks_day: code == "no_date" || is_day_wrong,
            columns: (!look.columns.is_empty()).then(|| asked.at(&format!("{path}/cot"))),
            notes: rows.notes.iter().map(|note| upload_said::note(lang, note)).collect(),
            said: counted(lang, rows),
            already: seen
                .already
                .as_ref()
                .map(|known| lang.tr("upload.already", &[("at", &lang.moment(known.recorded_at))])),
            may_confirm: rows.counts.accepted > 0,
            asks_reason: rows.warned.iter().any(|row| NEED_REASON.contains(&row.reason)),
            reason: String::new(),
            confirm: lang.tr("upload.confirm", &[("n", &lang.count(rows.counts.accepted))]),
            cards: cards(lang, rows),
            tabs: tabs(lang, &path, &asked, rows, shown),
            more: (left > 0).then(|| lang.tr("upload.more", &[("n", &lang.count(left))])),
            headings: filled.iter().map(|(_, column)| upload_said::count(lang, column)).collect(),
            refused_href: (!rows.refused.is_empty()).then(|| asked.at(&format!("{path}/loi.xlsx"))),
            hidden: asked.hidden(&[]),
            hidden_for_day: asked.hidden(&["ngay", "gio"]),
            hidden_for_sheet: asked.hidden(&["trang", "xem"]),
            back: asked.showing("").at("/tai-len"),
            kind: upload_form::code(seen.kind),
            remembered: remembered.collect(),
            names,
            others,
            lines,
            taken,
            errors,
            fault,
            heading,
            path,
            asked,
        }
    }
}

impl TakenLine {
    fn new(lang: Lang, seen: &Seen, row: &Taken, filled: &[(usize, &str)], is_proposal: bool) -> Self {
        let cells = filled.iter().map(|(at, column)| {
            let cell = row.cells.get(*at).map(|cell| shown_cell(lang, cell)).unwrap_or_default();
            (upload_said::count(lang, column), cell)
        });
        let effect = seen.effects.get(&(row.code.clone(), row.date));
        let chips = effect.map(|Effect { before, after, .. }| {
            let after = Chip { is_proposed: is_proposal, ..Chip::marked(lang, Some(after)) };
            (Chip::marked(lang, before.as_ref()), after)
        });
        let effect = if effect.is_some_and(|effect| effect.is_known) { "unchanged" } else { row.effect };
        Self {
            row: row.row.to_string(),
            unit: seen.units.get(&row.code).unwrap_or(&row.code).clone(),
            date: lang.day(row.date),
            cells: cells.collect(),
            chips,
            effect: Badge {
                words: lang.t(&format!("upload.{effect}")),
                class: match effect {
                    "new" => "met",
                    "changed" => "late",
                    _ => "closed",
                },
            },
        }
    }
}

/// The columns that any row fills: their place and code.
fn filled(rows: &Rows) -> Vec<(usize, &'static str)> {
    let is_filled = |at: usize| rows.taken.iter().any(|row| !matches!(row.cells.get(at), None | Some(Cell::Blank)));
    rows.columns.iter().copied().enumerate().filter(|(at, code)| *code != "level" && is_filled(*at)).collect()
}

fn shown_cell(lang: Lang, cell: &Cell) -> String {
    match cell {
        Cell::Number(n) => lang.number(*n),
        Cell::Text(text) => text.clone(),
        Cell::Day(day) => lang.day(*day),
        Cell::Blank | Cell::Tenths(_) | Cell::Moment(_) => String::new(),
    }
}

/// The list that is asked for, else the first that holds anything.
fn shown(asked: &Asked, rows: &Rows) -> &'static str {
    let lengths = lengths(rows);
    let named = LISTS.iter().map(|(name, _)| *name).find(|name| *name == asked.shown);
    let first = || LISTS.iter().zip(lengths).find(|(_, length)| *length > 0).map(|((name, _), _)| *name);
    named.or_else(first).unwrap_or("nhap-duoc")
}

fn lengths(rows: &Rows) -> [usize; 3] {
    [rows.refused.len(), rows.warned.len(), rows.taken.len()]
}

fn tabs(lang: Lang, path: &str, asked: &Asked, rows: &Rows, shown: &str) -> Vec<(Link, bool)> {
    let tab = |((name, key), length): (&(&str, &str), usize)| {
        let link = Link { href: asked.showing(name).at(path), label: lang.tr(key, &[("n", &lang.count(length))]) };
        (link, *name == shown)
    };
    LISTS.iter().zip(lengths(rows)).map(tab).collect()
}

/// What became of the rows.
fn counts(lang: Lang, rows: &Rows) -> [(&'static str, String); 5] {
    let of = rows.counts;
    let counts = [of.accepted, of.unchanged, of.refused, of.skipped, of.read].map(|n| lang.count(n));
    let [accepted, unchanged, refused, skipped, read] = counts;
    [("accepted", accepted), ("unchanged", unchanged), ("refused", refused), ("skipped", skipped), ("read", read)]
}

/// "Đã đọc 24 dòng: 19 nhập được, …": they add up.
fn counted(lang: Lang, rows: &Rows) -> String {
    let counts = counts(lang, rows);
    lang.tr("upload.counted", &counts.each_ref().map(|(name, n)| (*name, n.as_str())))
}

fn cards(lang: Lang, rows: &Rows) -> Vec<(String, String)> {
    counts(lang, rows).into_iter().map(|(name, n)| (lang.t(&format!("upload.card_{name}")), n)).collect()
}

fn facts(lang: Lang, asked: &Asked, seen: &Seen, sheet: &str) -> Vec<(String, String)> {
    let rows = &seen.rows;
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push((lang.t(key), value));
        }
    };
    if let Some(plan) = &seen.plan {
        let code = asked.cohort.split_once(':').map_or(asked.cohort.as_str(), |(_, cohort)| cohort);
        let name = plan.plan.cohort(code).map(|cohort| words(lang, &cohort.name).to_owned());
        let name = name.unwrap_or_else(|| lang.t(&format!("upload.cohort_{code}")));
        fact("upload.cohort", format!("{name} ({})", plan.plan.number));
    } else {
        let basis = [asked.number.as_str(), asked.issuer.as_str()];
        let basis = basis.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        fact("term.basis", if asked.number.is_empty() { lang.t("zone.proposed") } else { basis });
    }
    fact("upload.sheet", sheet.to_owned());
    fact("upload.header", rows.header.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    // Said only where it may explain strange letters.
    let encoding = rows.encoding.filter(|code| !code.starts_with("utf-8"));
    fact("upload.encoding", encoding.map(|code| lang.t(&format!("upload.encoding_{code}"))).unwrap_or_default());
    facts
}

/// Whether a row waits for somebody to say which unit its name means; the name that is asked for.
fn asked_name(row: &SaidRow) -> Option<&str> {
    use crate::imports::verdict::Detail;
    let is_name = ["name_unknown", "name_ambiguous"].contains(&row.reason);
    let name = match &row.why {
        // The name of a district beside it, of which nothing is known.
        Detail::Given(given) => given.as_str(),
        _ => row.name.as_str(),
    };
    let is_code = name.bytes().all(|byte| byte.is_ascii_digit());
    Some(name).filter(|name| is_name && !name.is_empty() && !is_code)
}

/// Names to be asked for, and the units that may be chosen beside those that come near.
fn names(lang: Lang, seen: &Seen) -> (Vec<NameAsked>, Vec<Choice>) {
    let mut names: Vec<(NameAsked, Vec<usize>)> = Vec::new();
    for row in &seen.rows.refused {
        let Some(name) = asked_name(row) else { continue };
        if let Some((_, rows)) = names.iter_mut().find(|(known, _)| known.name == name) {
            rows.push(row.row);
            continue;
        }
        if names.len() == MOST_NAMES {
            break;
        }
        let option = |code: &String| Choice::new(code, seen.units.get(code).unwrap_or(code), None);
        let said = upload_said::refusal(lang, &seen.units, row);
        let options = row.why.units().iter().map(option).collect();
        let asked = NameAsked { at: names.len(), name: name.to_owned(), rows: String::new(), said, options };
        names.push((asked, vec![row.row]));
    }
    let others = seen.choices.iter().map(|unit| Choice::new(&unit.code, &unit.name, None)).collect();
    let told = |(asked, rows): (NameAsked, Vec<usize>)| NameAsked {
        rows: rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        ..asked
    };
    (names.into_iter().map(told).collect(), others)
}

/// The other rows that are refused, and how many more there are.
fn refused(lang: Lang, seen: &Seen, names: &[NameAsked]) -> (Vec<ProblemLine>, usize) {
    let is_asked = |row: &&SaidRow| asked_name(row).is_some_and(|name| names.iter().any(|asked| asked.name == name));
    let rows: Vec<&SaidRow> = seen.rows.refused.iter().filter(|row| !is_asked(row)).collect();
    let line = |row: &&SaidRow| ProblemLine {
        row: row.row.to_string(),
        unit: row.name.clone(),
        said: upload_said::refusal(lang, &seen.units, row),
        is_taken: false,
    };
    (rows.iter().take(MOST_SHOWN).map(line).collect(), rows.len().saturating_sub(MOST_SHOWN))
}

fn odd(lang: Lang, seen: &Seen) -> (Vec<ProblemLine>, usize) {
    let rows = &seen.rows;
    let unit_of = |row: usize| {
        let taken = rows.taken.binary_search_by_key(&row, |taken| taken.row).ok().and_then(|at| rows.taken.get(at));
        taken.and_then(|taken| seen.units.get(&taken.code)).cloned().unwrap_or_default()
    };
    let line = |row: &crate::usecases::import_report::WarnedRow| ProblemLine {
        row: row.row.to_string(),
        unit: unit_of(row.row),
        said: upload_said::warning(lang, &seen.units, row),
        is_taken: rows.taken.binary_search_by_key(&row.row, |taken| taken.row).is_ok(),
    };
    (rows.warned.iter().take(MOST_SHOWN).map(line).collect(), rows.warned.len().saturating_sub(MOST_SHOWN))
}
