//! Days and hours as Vietnam counts them. Instants are UTC; a day is a day in Asia/Ho_Chi_Minh.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

/// Vietnam has kept UTC+7 without summer time since 1975; plans and figures here begin in 2020.
const HOURS_EAST: i64 = 7;

/// An instant, in UTC.
pub type Instant = DateTime<Utc>;

fn east() -> Duration {
    Duration::hours(HOURS_EAST)
}

/// The clock on a wall in Vietnam; at the very end of time it stands still.
pub fn local(instant: Instant) -> NaiveDateTime {
    instant.naive_utc().checked_add_signed(east()).unwrap_or(NaiveDateTime::MAX)
}

/// The day in Vietnam.
pub fn day(instant: Instant) -> NaiveDate {
    local(instant).date()
}

/// The instant a wall clock in Vietnam shows `local`; none is before the first there is.
pub fn instant(local: NaiveDateTime) -> Instant {
    Utc.from_utc_datetime(&local.checked_sub_signed(east()).unwrap_or(NaiveDateTime::MIN))
}

/// The first instant of a day in Vietnam.
pub fn start_of(day: NaiveDate) -> Instant {
    instant(day.and_time(NaiveTime::MIN))
}

/// The first instant that is no longer this day.
pub fn end_of(day: NaiveDate) -> Instant {
    start_of(day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX))
}

/// Reads a day as people type it: `20/11/2026`, `20-11-2026` or `2026-11-20`; never US order or two-digit years.
///
/// ```
/// use vungxanh::domain::calendar::parse_day;
/// assert_eq!(parse_day("6/8/2020"), parse_day("2020-08-06"));
/// assert_eq!(parse_day("6/8/20"), None);
/// ```
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.trim().split(['/', '-', '.']).collect();
    let [a, b, c] = parts[..] else { return None };
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    if year.len() != 4 || parts.iter().any(|p| p.is_empty() || !p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Reads an hour as people type it: `16:00`, `16h`, `16h30`.
pub fn parse_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_lowercase();
    let (hour, minute) = text.split_once([':', 'h'])?;
    let minute = if minute.is_empty() { "0" } else { minute };
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_vietnam() {
        let midnight = "2021-08-25T17:00:00Z".parse::<Instant>().unwrap();
        assert_eq!(day(midnight), NaiveDate::from_ymd_opt(2021, 8, 26).unwrap());
        assert_eq!(start_of(day(midnight)), midnight);
        assert_eq!(end_of(day(midnight) - Days::new(1)), midnight);
    }

    #[test]
    fn hours_are_read_in_the_ways_people_write_them() {
        for text in ["16:30", "16h30", " 16H30 "] {
            assert_eq!(parse_time(text), NaiveTime::from_hms_opt(16, 30, 0), "{text}");
        }
        assert_eq!(parse_time("16h"), NaiveTime::from_hms_opt(16, 0, 0));
        assert_eq!(parse_time("4 giờ chiều"), None);
    }

    #[test]
    fn days_in_other_orders_are_refused() {
        for text in ["11/20/2026", "2026/13/01", "20/11/26", "", "20/11", "hôm qua", "2026-11-2O"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
