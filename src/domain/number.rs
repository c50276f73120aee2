//! Whole numbers as people in Vietnam write them: a dot between groups of three.

/// A number as it was given, before it is known to be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// A whole number that came as one (from a program).
    Whole(i64),
    /// Text a person typed.
    Typed(String),
    /// Something that came as another kind of value than a whole number, as it was written (`1.5`, `true`).
    Other(String),
}

impl Given {
    /// Nothing was given: the figure is not part of the report. A blank is not 0.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Typed(text) if text.trim().is_empty())
    }

    /// The whole number, if it is one; negative ones included.
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(n) => Some(*n),
            Self::Typed(text) => parse_whole(text),
            Self::Other(_) => None,
        }
    }
}

impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(n) => write!(f, "{n}"),
            Self::Typed(text) | Self::Other(text) => f.write_str(text.trim()),
        }
    }
}

/// Reads `1234`, `1.234`, `1 234` (also with a no-break space). Groups must be exactly three digits, so that
/// `1.5` is refused rather than read as 15.
///
/// ```
/// use vungxanh::domain::number::parse_whole;
/// assert_eq!(parse_whole("1.234"), Some(1234));
/// assert_eq!(parse_whole("1.5"), None);
/// ```
pub fn parse_whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let groups: Vec<&str> = digits.split(['.', ' ', '\u{a0}', '\u{202f}']).collect();
    let separators = digits.chars().filter(|c| !c.is_ascii_digit());
    let one_separator = separators.collect::<std::collections::BTreeSet<_>>().len() <= 1;
    let digits_only = groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()));
    // "0.500" is a half.
    let first_group = |group: &str| group.len() <= 3 && !group.starts_with('0');
    let grouped = groups.len() == 1 || (first_group(groups[0]) && groups[1..].iter().all(|g| g.len() == 3));
    if !(digits_only && grouped && one_separator) {
        return None;
    }
    groups.concat().parse::<i64>().ok().map(|n| sign * n)
}

/// Writes a whole number with a separator between groups of three: `group(1234, '.')` is `1.234`.
pub fn group(n: i64, separator: char) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_a_whole_number_is_refused() {
        for text in
            ["1.5", "1,5", "12.34", "1.2345", "1..234", ".123", "1.234 567", "0.500", "mười", "", "--1", "1e3", "٣"]
        {
            assert_eq!(parse_whole(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_written_is_the_number_read(n in -999_999_999_999_i64..999_999_999_999, s in prop::sample::select(vec!['.', ' ', '\u{a0}'])) {
            prop_assert_eq!(parse_whole(&group(n, s)), Some(n));
        }

        #[test]
        fn reading_never_panics(text in ".{0,40}") {
            let _ = parse_whole(&text);
        }
    }
}
