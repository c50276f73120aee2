//! What is said of a file and of its rows, in the words of the screens.

use std::collections::HashMap;

use crate::{
    imports::verdict::Detail,
    usecases::import_report::{Note, SaidRow, WarnedRow},
    web::words::Lang,
};

/// Full names of units, by code.
pub type Units = HashMap<String, String>;

/// Why a row is not taken.
pub fn refusal(lang: Lang, units: &Units, row: &SaidRow) -> String {
    said(lang, units, "refused", row.reason, &row.name, &row.why)
}

/// What is odd about a row.
pub fn warning(lang: Lang, units: &Units, row: &WarnedRow) -> String {
    said(lang, units, "warned", row.reason, "", &row.why)
}

/// What should be known of the whole file.
pub fn note(lang: Lang, note: &Note) -> String {
    let of_column = || count(lang, &note.detail);
    let detail = if note.what == "column_not_asked" { of_column() } else { note.detail.clone() };
    lang.tr(&format!("file.note_{}", note.what), &[("detail", &detail)])
}

/// Why nothing of a file can be taken.
pub fn fault(lang: Lang, code: &str, detail: &str) -> String {
    known(lang, &format!("file.{code}"), &[("detail", detail)]).unwrap_or_else(|| lang.t("file.unreadable"))
}

/// The text of a key, if there is one.
fn known(lang: Lang, key: &str, values: &[(&str, &str)]) -> Option<String> {
    let text = lang.tr(key, values);
    (!text.ends_with(key)).then_some(text)
}

/// The name of what a column counts.
pub fn count(lang: Lang, code: &str) -> String {
    lang.t(&format!("column.{code}"))
}

fn said(lang: Lang, units: &Units, list: &str, reason: &str, name: &str, why: &Detail) -> String {
    let number = |n: i64| lang.number(n);
    let named = |codes: &[String]| {
        codes.iter().map(|code| units.get(code).unwrap_or(code).as_str()).collect::<Vec<_>>().join("; ")
    };
    let (kind, values): (&str, Vec<(&str, String)>) = match why {
        Detail::None => ("", Vec::new()),
        Detail::Given(text) => ("", vec![("given", text.clone())]),
        Detail::Cell(of, text) => ("", vec![("count", count(lang, of.code())), ("given", text.clone())]),
        Detail::Above(of, n, limit, most) => (
            "",
            vec![
                ("count", count(lang, of.code())),
                ("n", number(*n)),
                ("limit", count(lang, limit.code())),
                ("most", number(*most)),
            ],
        ),
        Detail::Units(codes) => ("", vec![("units", named(codes))]),
        Detail::Near(codes) => ("_near", vec![("units", named(codes))]),
        Detail::Abolished(codes) => ("_abolished", vec![("units", named(codes))]),
        Detail::Row(row) => ("", vec![("row", lang.count(*row))]),
        Detail::Share(given, hundredths) => {
            let mark = if lang == Lang::Vi { ',' } else { '.' };
            let share = format!("{}{mark}{:02}", number(hundredths / 100), hundredths % 100);
            ("", vec![("given", given.clone()), ("share", share)])
        }
        Detail::Sum(of, given, sum) => {
            ("", vec![("count", count(lang, of.code())), ("given", number(*given)), ("sum", number(*sum))])
        }
        Detail::Before(of, before, given) => {
            ("", vec![("count", count(lang, of.code())), ("before", number(*before)), ("given", number(*given))])
        }
    };
    let mut values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    values.push(("name", name));
    let key = format!("{list}.{reason}");
    known(lang, &format!("{key}{kind}"), &values)
        .or_else(|| known(lang, &key, &values))
        .unwrap_or_else(|| format!("{reason} {why}"))
}
