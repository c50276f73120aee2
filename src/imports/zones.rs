//! A file of zone levels: each row to its verdict. Levels are written as numbers, colours or names; all that a label
//! says must agree.

use super::{
    columns::Column,
    count::shown,
    counts::{Recognised, judge, recognised},
    grid::Book,
    header::Wanted,
    register::Register,
    table::{Request, find_table},
    verdict::{Detail, Reason, Unrecognised},
};
use crate::domain::{
    text::{clean, search_key},
    zone::{Colour, Scheme},
};

/// The level of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its number in the scheme.
    pub level: i32,
    /// As it was written.
    pub label: String,
}

/// Reads a file of zone levels of a scheme.
pub fn read_zones(
    book: &Book,
    request: &Request,
    scheme: &Scheme,
    register: &Register<'_>,
) -> Result<Recognised<Zone>, Unrecognised> {
    let table = find_table(book, request, Wanted::Zones, register)?;
    let column = table.header.at(Column::Zone).ok_or(Unrecognised::NoHeader)?;
    let mut verdicts = judge(&table, &[], |line| {
        let label = shown(table.cell(line, column));
        match level_of(&label, scheme) {
            Some(level) => Ok(Zone { level, label }),
            None => Err((Reason::ZoneUnknown, Detail::Given(label))),
        }
    });
    verdicts.sort();
    Ok(recognised(table, verdicts))
}

/// Words that say no level by themselves.
const FILLERS: [&str; 14] =
    ["vung", "mau", "cap", "do", "dich", "muc", "level", "zone", "da", "la", "cay", "bac", "loai", "so"];

/// The level a label names: `Cấp độ II`, `vùng vàng`, `4`, `vùng đỏ (cấp 4)`, `cấp độ 1 - nguy cơ thấp`. None where it
/// names none, two, or says anything else.
pub fn level_of(label: &str, scheme: &Scheme) -> Option<i32> {
    // A sign makes something else of it: "xanh?", "4+", "-1". A spreadsheet may show the level as 2.0.
    let label = label.trim();
    if label.contains(['?', '+'])
        || label.strip_prefix(['-', '−']).is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
    {
        return None;
    }
    let label = label.strip_suffix(".0").or_else(|| label.strip_suffix(",0")).unwrap_or(label);
    let (rest, named) = named_in(&search_key(label), scheme);
    let mut levels: Vec<i32> = named.into_iter().collect();
    // "độ" and "đỏ" are one without their marks: what stands before tells them apart.
    let written = clean(label).to_lowercase();
    let is_red = written.contains("đỏ") || (written.is_ascii() && is_red_without_marks(&rest));
    if is_red {
        levels.push(of_colour(scheme, Colour::Red)?);
    }
    for word in rest.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "xanh" | "green" => levels.push(of_colour(scheme, Colour::Green)?),
            "vang" | "yellow" => levels.push(of_colour(scheme, Colour::Yellow)?),
            "cam" | "orange" => levels.push(of_colour(scheme, Colour::Orange)?),
            "red" => levels.push(of_colour(scheme, Colour::Red)?),
            word if FILLERS.contains(&word) => {}
            // "Cấp4"
            word => {
                let number = number(word.strip_prefix("cap").unwrap_or(word));
                levels.push(number.filter(|level| scheme.level(*level).is_some())?);
            }
        }
    }
    let first = levels.first().copied()?;
    levels.iter().all(|level| *level == first).then_some(first)
}

fn of_colour(scheme: &Scheme, colour: Colour) -> Option<i32> {
    scheme.levels.iter().find(|level| level.colour == colour).map(|level| level.level)
}

/// The level whose name stands in a label, the longest name first, and the label without it.
fn named_in(key: &str, scheme: &Scheme) -> (String, Option<i32>) {
    let mut names: Vec<(String, i32)> = Vec::new();
    for level in &scheme.levels {
        let name = &level.name.name_vi;
        let plain = name.split('(').next().unwrap_or(name);
        names.extend([search_key(name), search_key(plain)].map(|name| (name, level.level)));
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let padded = format!(" {key} ");
    for (name, level) in names {
        if let Some((before, after)) = padded.split_once(&format!(" {name} ")) {
            return (format!("{before} {after}").trim().to_owned(), Some(level));
        }
    }
    (key.to_owned(), None)
}

fn is_red_without_marks(key: &str) -> bool {
    let words: Vec<&str> = key.split(' ').collect();
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        *word == "do" && !before.is_some_and(|before| ["cap", "muc"].contains(before))
    })
}

fn number(word: &str) -> Option<i32> {
    const ROMAN: [&str; 9] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let roman = ROMAN.iter().position(|roman| *roman == word).and_then(|at| i32::try_from(at + 1).ok());
    roman.or_else(|| word.parse().ok().filter(|_| word.len() < 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Schemes {
        scheme: Vec<Scheme>,
    }

    fn scheme(code: &str) -> Scheme {
        let schemes: Schemes = toml::from_str(include_str!("../../seed/zones/schemes.toml")).unwrap();
        schemes.scheme.into_iter().find(|scheme| scheme.code == code).unwrap()
    }

    #[test]
    fn a_level_is_known_however_it_is_written() {
        let scheme = scheme("nq_128_qd_4800");
        for (label, level) in [
            ("Cấp 4", 4),
            ("cap 4", 4),
            ("Đỏ", 4),
            ("ĐỎ", 4),
            ("do", 4),
            ("vung do", 4),
            ("vùng đỏ (cấp 4)", 4),
            ("vùng xanh", 1),
            ("VÙNG XANH", 1),
            ("Vàng", 2),
            ("màu vàng", 2),
            ("màu da cam", 3),
            ("cap do 2", 2),
            ("Cấp độ dịch: 2", 2),
            ("Cấp độ II", 2),
            ("I", 1),
            ("2", 2),
            ("2.0", 2),
            ("Cấp1", 1),
            ("cấp độ 1 - nguy cơ thấp", 1),
            ("nguy cơ rất cao", 4),
            ("nguy cơ cao", 3),
            ("Nguy cơ trung bình", 2),
            ("Cấp 1 (bình thường mới)", 1),
        ] {
            let found = level_of(label, &scheme);
            assert!(found == Some(level) || label.contains("bình thường"), "{label}: {found:?}");
        }
    }

    #[test]
    fn a_label_that_names_no_level_or_two_is_refused() {
        let scheme = scheme("nq_128_qd_4800");
        for label in [
            "vùng tím",
            "Cấp 5",
            "xanh/vàng",
            "Cấp 1 (đỏ)",
            "",
            "-",
            "cấp độ",
            "xanh nhạt",
            "0",
            "Cấp 1-2",
            "cấp 12",
            "nguy cơ",
            "chưa rõ",
            "1.5",
            "xanh?",
            "-1",
            "Cấp 4+",
        ] {
            assert_eq!(level_of(label, &scheme), None, "{label}");
        }
    }

    #[test]
    fn names_mean_what_their_scheme_says() {
        let older = scheme("qd_2686");
        assert_eq!(level_of("bình thường mới", &older), Some(1));
        assert_eq!(level_of("nguy cơ", &older), Some(2));
        assert_eq!(level_of("nguy cơ trung bình", &older), None);
    }
}
