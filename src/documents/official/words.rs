//! Words, numbers and days as an official document writes them: in Vietnamese, by Vietnam's clocks.

use chrono::{Datelike, NaiveDate, Timelike};

use crate::domain::{
    calendar::{self, Instant},
    consolidated::choices::Period,
    number::group,
    rate::Rate,
    standing::Standing,
};

/// The text of a key of the official report.
pub fn t(key: &str) -> String {
    screen(&format!("official.{key}"))
}

/// The same with its `%{name}`s filled in.
pub fn tr(key: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(t(key), |text, (name, value)| text.replace(&format!("%{{{name}}}"), value))
}

/// A text the screens have too, so that one thing has one name.
pub fn screen(key: &str) -> String {
    rust_i18n::t!(key, locale = "vi").into_owned()
}

/// `1.234`.
pub fn number(n: i64) -> String {
    group(n, '.')
}

/// The same for what Rust counts.
pub fn count(n: usize) -> String {
    number(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Tenths of a percent: `99,9%`; all and nothing without a decimal, because they are exact.
pub fn percent(tenths: i64) -> String {
    if tenths == 0 || tenths == 1000 {
        return format!("{}%", tenths / 10);
    }
    format!("{},{}%", number(tenths / 10), tenths % 10)
}

/// A rate; in words where there is nobody to count.
pub fn rate(rate: Rate) -> String {
    rate.tenths().map_or_else(|| standing(Standing::NobodyToCount), percent)
}

/// The change of a rate in points: `+4,2`, `−0,5`, `0`; nothing where one of the two is not known.
pub fn change(before: Option<Rate>, now: Option<Rate>) -> String {
    let tenths = |rate: Option<Rate>| rate.and_then(Rate::tenths);
    let Some((before, now)) = tenths(before).zip(tenths(now)) else { return String::new() };
    match now - before {
        0 => "0".to_owned(),
        up @ 1.. => format!("+{},{}", number(up / 10), up % 10),
        down => format!("−{},{}", number(-down / 10), -down % 10),
    }
}

/// Where a unit stands.
pub fn standing(standing: Standing) -> String {
    screen(&format!("st.{standing}"))
}

/// `20/11/2020`.
pub fn day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// `ngày 02 tháng 02 năm 2020`: days below 10 and the first two months in two digits (Nghị định 30/2020/NĐ-CP, Phụ lục I).
pub fn long_day(day: NaiveDate) -> String {
    let month = if day.month() <= 2 { format!("{:02}", day.month()) } else { day.month().to_string() };
    tr("dated", &[("day", &format!("{:02}", day.day())), ("month", &month), ("year", &day.year().to_string())])
}

/// `16 giờ 00 ngày 20/11/2020`.
pub fn moment(at: Instant) -> String {
    let local = calendar::local(at);
    let (hour, minute) = (format!("{:02}", local.hour()), format!("{:02}", local.minute()));
    tr("moment", &[("hour", &hour), ("minute", &minute), ("day", &day(local.date()))])
}

/// `từ ngày 16/11/2020 đến ngày 22/11/2020`.
pub fn period(period: Period) -> String {
    tr("period", &[("from", &day(period.starts_on)), ("to", &day(period.ends_on))])
}

/// For the middle of a sentence: "Huyện Chợ Mới" → "huyện Chợ Mới"; abbreviations keep their capitals.
pub fn inner(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

/// I, II, … as annexes and parts are numbered.
pub fn roman(n: usize) -> String {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    format!("{}{}", "X".repeat(n / 10), ONES[n % 10])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_the_decree_wants_it() {
        let day = |y, m, d| long_day(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        assert_eq!(day(2020, 2, 5), "ngày 05 tháng 02 năm 2020");
        assert_eq!(day(2020, 11, 20), "ngày 20 tháng 11 năm 2020");
        assert_eq!(day(2020, 3, 9), "ngày 09 tháng 3 năm 2020");
    }

    #[test]
    fn only_all_of_them_is_a_hundred_percent() {
        assert_eq!(rate(Rate::new(1999, 2000)), "99,9%");
        assert_eq!(rate(Rate::new(2000, 2000)), "100%");
        assert_eq!(rate(Rate::new(0, 0)), "Không có đối tượng");
        assert_eq!(change(Some(Rate::new(1, 2)), Some(Rate::new(455, 1000))), "−4,5");
    }
}
