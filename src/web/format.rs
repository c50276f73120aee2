//! Numbers, days and hours as the two languages write them, in Vietnam's time: the only place that decides it.

use chrono::{Datelike, NaiveDate, Timelike};

use super::words::Lang;
use crate::domain::{
    calendar::{self, Instant},
    number::group,
    rate::Rate,
};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Lang {
    /// A whole number: `1.234`, `1,234`.
    pub fn number(self, n: i64) -> String {
        group(n, if self == Self::Vi { '.' } else { ',' })
    }

    /// The same for what Rust counts.
    pub fn count(self, n: usize) -> String {
        self.number(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// Tenths without a sign: `12,3`, `12.3`.
    fn tenths(self, tenths: i64) -> String {
        let mark = if self == Self::Vi { ',' } else { '.' };
        format!("{}{mark}{}", self.number(tenths / 10), tenths % 10)
    }

    /// Tenths of a percent: `99,9%`; all and nothing without a decimal, because they are exact.
    pub fn percent(self, tenths: i64) -> String {
        if tenths == 0 || tenths == 1000 { format!("{}%", tenths / 10) } else { format!("{}%", self.tenths(tenths)) }
    }

    /// The rate's percentage; nothing when there is nobody to count.
    pub fn rate(self, rate: Rate) -> Option<String> {
        rate.tenths().map(|tenths| self.percent(tenths))
    }

    /// `184/200`.
    pub fn fraction(self, rate: Rate) -> String {
        format!("{}/{}", self.number(rate.counted), self.number(rate.base))
    }

    /// A number with its sign: `+2`, `−3`, `0`.
    pub fn signed(self, n: i64) -> String {
        if n > 0 { format!("+{}", self.number(n)) } else { self.number(n) }
    }

    /// A difference of rates in points, without its sign: `4,2`.
    pub fn points(self, tenths: i64) -> String {
        self.tenths(tenths.abs())
    }

    /// A difference of rates with its sign: `+4,2`.
    pub fn change(self, tenths: i64) -> String {
        match tenths {
            0 => "0".to_owned(),
            1.. => format!("+{}", self.tenths(tenths)),
            _ => format!("−{}", self.tenths(-tenths)),
        }
    }

    /// `20/11/2026`, `20 Nov 2026`.
    pub fn day(self, day: NaiveDate) -> String {
        match self {
            Self::Vi => day.format("%d/%m/%Y").to_string(),
            Self::En => format!("{} {} {}", day.day(), month(day), day.year()),
        }
    }

    /// A day as inputs take it, in both languages: `20/11/2026`.
    pub fn day_to_type(self, day: NaiveDate) -> String {
        Self::Vi.day(day)
    }

    /// `20/11`, `20 Nov`.
    pub fn short_day(self, day: NaiveDate) -> String {
        match self {
            Self::Vi => day.format("%d/%m").to_string(),
            Self::En => format!("{} {}", day.day(), month(day)),
        }
    }

    /// The hour of an instant: `16:00`.
    pub fn time(self, at: Instant) -> String {
        let local = calendar::local(at);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// `16:00 20/11/2026`, kept on one line.
    pub fn moment(self, at: Instant) -> String {
        format!("{}\u{a0}{}", self.time(at), self.day(calendar::day(at)))
    }

    /// "Tính đến 16:00 ngày 20/11/2026".
    pub fn as_of(self, at: Instant) -> String {
        self.tr("time.asof", &[("time", &self.time(at)), ("date", &self.day(calendar::day(at)))])
    }
}

fn month(day: NaiveDate) -> &'static str {
    MONTHS[day.month0() as usize % MONTHS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_of_them_is_a_hundred_percent() {
        assert_eq!(Lang::Vi.rate(Rate::new(1999, 2000)).unwrap(), "99,9%");
        assert_eq!(Lang::Vi.rate(Rate::new(2000, 2000)).unwrap(), "100%");
        assert_eq!(Lang::En.rate(Rate::new(905, 1000)).unwrap(), "90.5%");
        assert_eq!(Lang::Vi.rate(Rate::new(0, 0)), None);
    }

    #[test]
    fn hours_and_days_are_vietnams() {
        let at = "2026-11-19T17:05:00Z".parse::<Instant>().unwrap();
        assert_eq!(Lang::Vi.moment(at), "00:05\u{a0}20/11/2026");
        assert_eq!(Lang::En.moment(at), "00:05\u{a0}20 Nov 2026");
    }

    #[test]
    fn changes_carry_their_sign() {
        let shown = [42, -42, 0].map(|tenths| Lang::Vi.change(tenths));
        assert_eq!(shown, ["+4,2", "−4,2", "0"]);
    }
}
