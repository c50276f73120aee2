//! Text as it will really appear: cleaned, measured with the embedded font, fitted, wrapped.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef};
use plotters::style::RGBColor;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The embedded typefaces, regular then semibold.
pub(super) const FONT_FILES: [&[u8]; 2] = [
    include_bytes!("../../dashboards/fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../dashboards/fonts/NotoSans-SemiBold.ttf"),
];

static FONTS: LazyLock<Vec<FontRef<'static>>> =
    LazyLock::new(|| FONT_FILES.iter().filter_map(|file| FontRef::try_from_slice(file).ok()).collect());

/// How a piece of text is set: size in CSS pixels, weight and colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lettering {
    /// Height of the em in CSS pixels.
    pub size: f64,
    /// Weight 600 instead of 400.
    pub semibold: bool,
    /// Colour of the letters.
    pub colour: RGBColor,
}

impl Lettering {
    /// Weight 400.
    pub const fn regular(size: f64, colour: RGBColor) -> Self {
        Self { size, semibold: false, colour }
    }

    /// Weight 600.
    pub const fn semibold(size: f64, colour: RGBColor) -> Self {
        Self { size, semibold: true, colour }
    }

    /// The same letters in another colour.
    #[must_use]
    pub const fn coloured(self, colour: RGBColor) -> Self {
        Self { colour, ..self }
    }

    /// The same letters in weight 600.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { semibold: true, ..self }
    }

    /// Distance between the middles of two lines.
    pub fn line_height(self) -> f64 {
        (self.size * 1.32).round()
    }

    /// Width of `text` on one line, in CSS pixels. Kerning is left out, so it errs towards too wide.
    pub fn width(self, text: &str) -> f64 {
        text.chars().map(|letter| advance(letter, self.semibold)).sum::<f64>() * self.size
    }
}

/// Advance of a letter in ems.
fn advance(letter: char, semibold: bool) -> f64 {
    // A letter the font lacks comes from a font of the reader's: leave it a whole em.
    const UNKNOWN: f64 = 1.0;
    let Some(font) = FONTS.get(usize::from(semibold)) else {
        return UNKNOWN;
    };
    let glyph = font.glyph_id(letter);
    match font.units_per_em() {
        Some(em) if glyph.0 != 0 => f64::from(font.h_advance_unscaled(glyph) / em),
        _ => UNKNOWN,
    }
}

/// Whether the embedded font can show every letter of `text` in both weights.
pub fn has_all_glyphs(text: &str) -> bool {
    FONTS.len() == FONT_FILES.len() && FONTS.iter().all(|font| text.chars().all(|letter| font.glyph_id(letter).0 != 0))
}

/// Text fit for a picture: NFC, no control, invisible or bidirectional marks, no runs of blanks.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let is_break = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    let seen = text.chars().filter(|&letter| !is_invisible(letter));
    for letter in seen.map(|letter| if is_break(letter) { ' ' } else { letter }).nfc() {
        let after_blank = cleaned.is_empty() || cleaned.ends_with(' ');
        if !(letter == ' ' && after_blank) {
            cleaned.push(letter);
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// Letters that show nothing but reorder or join others, and the two that XML does not allow.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// `text` on one line of at most `room` pixels, its end replaced by an ellipsis where needed.
pub(super) fn fit(text: &str, lettering: Lettering, room: f64) -> String {
    if lettering.width(text) <= room {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while kept.pop().is_some() {
        let shortened = format!("{}…", trim_tail(&kept));
        if lettering.width(&shortened) <= room {
            // A whole word less reads better than half a word more, unless it takes much away.
            let whole_words =
                kept.rfind(' ').filter(|at| at * 4 >= kept.len() * 3).map(|at| format!("{}…", trim_tail(&kept[..at])));
            return whole_words.unwrap_or(shortened);
        }
    }
    String::new()
}

fn trim_tail(text: &str) -> &str {
    text.trim_end_matches([' ', ',', '-', '–', '('])
}

/// `text` on lines of at most `room` pixels; what does not go into `most` lines ends in an ellipsis.
pub(super) fn wrap(text: &str, lettering: Lettering, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.trim_start_matches(' ');
    while !rest.is_empty() {
        if lines.len() + 1 == most {
            lines.push(fit(rest, lettering, room));
            break;
        }
        let (line, remaining) = rest.split_at(break_at(rest, lettering, room));
        lines.push(line.trim_end_matches(' ').to_owned());
        rest = remaining.trim_start_matches(' ');
    }
    lines
}

/// Where the first line of `text` ends: after its last word that fits, else inside the word.
fn break_at(text: &str, lettering: Lettering, room: f64) -> usize {
    let mut after_word = 0;
    let mut after_letter = 0;
    for (start, letter) in text.char_indices() {
        let end = start + letter.len_utf8();
        if letter == ' ' {
            after_word = end;
        } else if lettering.width(&text[..end]) > room {
            return [after_word, after_letter].into_iter().find(|&at| at > 0).unwrap_or(end);
        }
        // A mark stays with the letter it stands on.
        if !text[end..].starts_with(is_combining_mark) {
            after_letter = end;
        }
        if letter == '-' || letter == '/' || letter == '–' {
            after_word = end;
        }
    }
    text.len()
}

/// `text` for use between tags and in attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}
