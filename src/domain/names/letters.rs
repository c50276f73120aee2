//! One letter as it is compared: a plain one of `a`–`z`, and the marks it carries.

/// The marks of a letter: a shape in the low bits, a tone in the high ones.
pub(super) type Marks = u8;

const CIRCUMFLEX: Marks = 1;
const BREVE: Marks = 2;
/// The horn of ơ and ư.
pub(super) const HORN: Marks = 3;
const STROKE: Marks = 4;
const SHAPE: Marks = 0x07;
/// The tone, one of five.
pub(super) const TONE: Marks = 0x70;
/// A mark that no Vietnamese letter has, or one too many.
pub(super) const FOREIGN: Marks = 0x80;
/// On a digit: it was written as a Roman numeral.
pub(super) const ROMAN: Marks = 1;

/// A letter that is known to be lost: `?` where an encoding had none.
pub(super) const LOST: u8 = b'?';
/// A letter of another script.
pub(super) const OTHER: u8 = b'~';

/// The mark a combining character stands for. A caron is typed for a breve, an overlaid stroke for that of đ.
pub(super) fn mark(c: char) -> Marks {
    match c {
        '\u{302}' => CIRCUMFLEX,
        '\u{306}' | '\u{30C}' => BREVE,
        '\u{31B}' => HORN,
        '\u{335}' | '\u{336}' => STROKE,
        '\u{300}' => 0x10,
        '\u{301}' => 0x20,
        '\u{309}' => 0x30,
        '\u{303}' => 0x40,
        '\u{323}' => 0x50,
        _ => FOREIGN,
    }
}

/// Both marks on one letter.
pub(super) fn both(one: Marks, other: Marks) -> Marks {
    let clash = |field: Marks| one & field != 0 && other & field != 0 && one & field != other & field;
    if clash(SHAPE) || clash(TONE) { one | FOREIGN } else { one | other }
}

/// Whether `typed` leaves marks out but has none that `full` has not.
pub(super) fn is_part_of(typed: Marks, full: Marks) -> bool {
    let fits = |field: Marks| typed & field == 0 || typed & field == full & field;
    typed & FOREIGN == 0 && fits(SHAPE) && fits(TONE)
}

/// The plain letter and mark of a decomposed character; letters that look like Latin ones are taken for them
/// (requirements §5.2 rule 17 names U+00D0, the others come from keyboards of other languages).
pub(super) fn plain(c: char) -> (u8, Marks) {
    let letter = match c {
        'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ' => return (b'd', STROKE),
        'а' | 'А' | 'Α' | 'α' => b'a',
        'В' | 'Β' => b'b',
        'с' | 'С' => b'c',
        'ԁ' => b'd',
        'е' | 'Е' | 'Ε' => b'e',
        'ɡ' => b'g',
        'һ' | 'Н' | 'Η' => b'h',
        'і' | 'І' | 'ı' | 'Ι' | 'ι' => b'i',
        'ј' | 'Ј' => b'j',
        'К' | 'к' | 'Κ' | 'κ' => b'k',
        'М' | 'Μ' => b'm',
        'Ν' => b'n',
        'о' | 'О' | 'Ο' | 'ο' => b'o',
        'р' | 'Р' | 'Ρ' | 'ρ' => b'p',
        'ԛ' => b'q',
        'ѕ' | 'Ѕ' => b's',
        'Т' | 'т' | 'Τ' => b't',
        'ν' | 'ѵ' => b'v',
        'х' | 'Х' | 'Χ' => b'x',
        'у' | 'У' | 'Υ' => b'y',
        'Ζ' => b'z',
        c if c.is_ascii_alphanumeric() => u8::try_from(c.to_ascii_lowercase()).unwrap_or(OTHER),
        _ => OTHER,
    };
    (letter, 0)
}

/// Whether it is a plain vowel.
pub(super) fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// The number a Roman numeral of `i`, `v` and `x` stands for, up to 39.
pub(super) fn roman(letters: &[u8]) -> Option<u8> {
    const UNITS: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let tens = letters.iter().take_while(|letter| **letter == b'x').count();
    let rest = letters.get(tens..)?;
    let units = UNITS.iter().position(|unit| unit.as_bytes() == rest)?;
    let number = u8::try_from(tens * 10 + units).ok()?;
    (1..40).contains(&number).then_some(number)
}
