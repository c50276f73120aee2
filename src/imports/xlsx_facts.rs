//! What calamine does not tell of an Office Open XML sheet: hidden rows, merged areas, formulas without a value.

use std::collections::{HashMap, HashSet};

use memchr::memmem;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{
    archive::{Archive, Part},
    facts::{Facts, Place},
    read::Unreadable,
};

/// Letters without which a part holds nothing that [`read`] looks for, however it is written: formulas, merged areas,
/// hidden rows, heights of rows. Before the name of an attribute stands a blank or the end of its prefix.
const SIGNS: [&str; 9] = ["<f", ":f", "mergeCell", "hidden", " ht", "\tht", "\nht", "\rht", ":ht"];
/// One letter less than the longest sign: as much may stand before the end of a piece.
const TAIL: usize = 8;

/// Parts that hold a sign, seen while they are unpacked: most sheets hold none, and need not be read for them.
#[derive(Default)]
pub(super) struct Signs {
    tails: HashMap<String, Vec<u8>>,
    found: HashSet<String>,
}

impl Signs {
    /// Looks at the next piece of a part; names are in small letters.
    pub(super) fn see(&mut self, name: &str, piece: &[u8]) {
        if self.found.contains(name) {
            return;
        }
        // A sign may stand across two pieces.
        let tail = self.tails.entry(name.to_owned()).or_default();
        tail.extend_from_slice(piece.get(..TAIL).unwrap_or(piece));
        let is_in = |text: &[u8]| SIGNS.iter().any(|sign| memmem::find(text, sign.as_bytes()).is_some());
        let is_found = is_in(tail) || is_in(piece);
        if piece.len() > TAIL {
            tail.clear();
            tail.extend_from_slice(piece.get(piece.len() - TAIL..).unwrap_or_default());
        }
        tail.drain(..tail.len().saturating_sub(TAIL));
        if is_found {
            self.found.insert(name.to_owned());
        }
    }

    fn are_in(&self, path: &str) -> bool {
        self.found.contains(&path.to_ascii_lowercase())
    }
}

/// Sheet name → its part.
pub(super) struct Paths(HashMap<String, String>);

impl Paths {
    /// By the relationships of the workbook.
    pub(super) fn of(archive: &mut Archive<'_>) -> Result<Self, Unreadable> {
        let main = relationships(archive, "_rels/.rels")?;
        let is_main = |(kind, _): &&(String, String)| kind.ends_with("/officeDocument");
        let workbook = main.values().find(is_main).map_or("xl/workbook.xml", |(_, target)| target.as_str());
        let workbook = workbook.trim_start_matches('/');
        let (folder, name) = workbook.rsplit_once('/').map_or(("", workbook), |(folder, name)| (folder, name));
        let targets = relationships(archive, &format!("{folder}/_rels/{name}.rels"))?;
        let mut paths = HashMap::new();
        let mut seen = HashSet::new();
        each_element(archive, workbook, |tag| {
            if tag.local_name().as_ref() == "sheet"
                && let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "id"))
                && let Some((_, target)) = targets.get(&id)
            {
                let path = if target.starts_with('/') || target.starts_with(&format!("{folder}/")) {
                    target.trim_start_matches('/').to_owned()
                } else {
                    format!("{folder}/{target}")
                };
                if !seen.insert(path.clone()) {
                    return Err(Unreadable::Damaged("two sheets are one part".to_owned()));
                }
                paths.insert(name, path);
            }
            Ok(())
        })?;
        Ok(Self(paths))
    }

    /// The part of a sheet.
    pub(super) fn get(&self, sheet: &str) -> Option<&str> {
        self.0.get(sheet).map(String::as_str)
    }
}

/// Identifier → kind and target; none when there is no such part.
pub(super) fn relationships(
    archive: &mut Archive<'_>,
    path: &str,
) -> Result<HashMap<String, (String, String)>, Unreadable> {
    let mut targets = HashMap::new();
    each_element(archive, path, |tag| {
        if let (Some(id), Some(kind), Some(target)) =
            (attribute(tag, "Id"), attribute(tag, "Type"), attribute(tag, "Target"))
        {
            targets.insert(id, (kind, target));
        }
        Ok(())
    })?;
    Ok(targets)
}

/// The value of an attribute by its name without prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut sound = attributes.with_checks(false).filter_map(Result::ok);
    let found = sound.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(
        quick_xml::escape::unescape(&found.value)
            .map_or_else(|_| found.value.to_string(), std::borrow::Cow::into_owned),
    )
}

/// A reader of a part that lets damage pass as far as it can.
pub(super) fn xml<'a, 'b>(part: Part<'a, 'b>) -> Reader<Part<'a, 'b>> {
    let mut reader = Reader::from_reader(part);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    reader
}

fn each_element(
    archive: &mut Archive<'_>,
    path: &str,
    mut see: impl FnMut(&BytesStart<'_>) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let Some(part) = archive.part(path) else { return Ok(()) };
    let (mut reader, mut buffer) = (xml(part), Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| Unreadable::damaged(&e))? {
            Event::Start(tag) => see(&tag)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The facts of the sheet in the part.
pub(super) fn read(archive: &mut Archive<'_>, path: &str, signs: &Signs) -> Result<Facts, Unreadable> {
    let mut facts = Facts::default();
    let Some(part) = archive.part(path).filter(|_| signs.are_in(path)) else { return Ok(facts) };
    let (mut reader, mut buffer) = (xml(part), Vec::new());
    let mut cursor = Cursor::default();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| Unreadable::damaged(&e))? {
            Event::Start(tag) => cursor.start(&tag, &mut facts),
            Event::Text(text) => cursor.text(&text.xml10_content()),
            Event::GeneralRef(_) => cursor.text("?"),
            Event::End(tag) => cursor.end(tag.local_name().as_ref(), &mut facts),
            Event::Eof => return Ok(facts),
            _ => {}
        }
    }
}

/// Where in a sheet the reader is.
#[derive(Default)]
struct Cursor {
    next: Place,
    cell: Option<Open>,
    inside: Inside,
}

/// A cell whose end is not seen yet.
struct Open {
    place: Place,
    formula: Option<String>,
    has_value: bool,
}

#[derive(Default)]
enum Inside {
    Formula,
    Value,
    #[default]
    Other,
}

impl Cursor {
    fn start(&mut self, tag: &BytesStart<'_>, facts: &mut Facts) {
        match tag.local_name().as_ref() {
            "row" => {
                if let Some(number) = attribute(tag, "r").and_then(|number| number.trim().parse::<u32>().ok()) {
                    self.next.0 = number.saturating_sub(1);
                }
                let is_hidden = attribute(tag, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true")
                    || attribute(tag, "ht").is_some_and(|height| height.parse() == Ok(0.0));
                if is_hidden {
                    facts.hidden.insert(self.next.0 as usize + 1);
                }
            }
            "c" => {
                let place = attribute(tag, "r").and_then(|name| place_of(&name)).unwrap_or(self.next);
                self.next.1 = place.1.saturating_add(1);
                // Text that a formula gives may be none.
                let has_value = attribute(tag, "t").is_some_and(|kind| kind == "str");
                self.cell = Some(Open { place, formula: None, has_value });
            }
            "f" => {
                self.inside = Inside::Formula;
                if let Some(cell) = &mut self.cell {
                    cell.formula = Some("=".to_owned());
                }
            }
            "v" | "is" => self.inside = Inside::Value,
            "mergeCell" => {
                let area = attribute(tag, "ref");
                if let Some((first, last)) = area.as_deref().and_then(|area| area.split_once(':'))
                    && let (Some(first), Some(last)) = (place_of(first), place_of(last))
                {
                    facts.merge(first, last);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match (&self.inside, &mut self.cell) {
            (Inside::Formula, Some(Open { formula: Some(formula), .. })) if formula.len() < 200 => {
                formula.push_str(text);
            }
            (Inside::Value, Some(cell)) => cell.has_value |= !text.is_empty(),
            _ => {}
        }
    }

    fn end(&mut self, tag: &str, facts: &mut Facts) {
        match tag {
            "row" => self.next = (self.next.0.saturating_add(1), 0),
            "f" | "v" | "is" => self.inside = Inside::Other,
            "c" => {
                if let Some(Open { place, formula: Some(formula), has_value: false }) = self.cell.take() {
                    facts.uncalculated.insert(place, formula);
                }
            }
            _ => {}
        }
    }
}

/// `B3` → (2, 1).
fn place_of(name: &str) -> Option<Place> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = name.split_at_checked(digits)?;
    let column = letters.trim_start_matches('$').trim_end_matches('$').chars().try_fold(0_u32, |column, letter| {
        let value = u32::from(letter.to_ascii_uppercase()).checked_sub(u32::from('A'))?;
        (value < 26).then_some(column.checked_mul(26)?.checked_add(value + 1)?)
    })?;
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_seen_across_the_pieces_of_a_part() {
        let part = |sign: &str| format!("<sheetData><row{sign}\"><c r=\"A1\"/></row></sheetData>");
        for sign in SIGNS {
            let text = part(sign);
            for cut in 0..=text.len() {
                let mut signs = Signs::default();
                let (first, rest) = text.as_bytes().split_at(cut);
                let (second, third) = rest.split_at(rest.len() / 2);
                for piece in [first, second, third] {
                    signs.see("xl/sheet1.xml", piece);
                }
                assert!(signs.are_in("xl/Sheet1.xml"), "{sign} cut at {cut}");
            }
        }
        let mut signs = Signs::default();
        signs.see("xl/sheet1.xml", part(" customHeight=\"0").as_bytes());
        assert!(!signs.are_in("xl/sheet1.xml"));
    }

    #[test]
    fn cells_are_found_by_their_names() {
        for (name, place) in
            [("A1", (0, 0)), ("B3", (2, 1)), ("AA10", (9, 26)), ("$C$2", (1, 2)), ("XFD1048576", (1_048_575, 16_383))]
        {
            assert_eq!(place_of(name), Some(place), "{name}");
        }
        for name in ["", "A", "1", "A0", "É1", "ZZZZZZZZ1", "A99999999999"] {
            assert_eq!(place_of(name), None, "{name}");
        }
    }
}
