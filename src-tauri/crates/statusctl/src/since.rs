//! "Since when", as people type it.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, Zoned};

/// From when on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// A day, counted back from today.
    DaysAgo(i32),
    /// So long ago.
    Ago(SignedDuration),
    /// A time of day, or the beginning of a day, where the agent is.
    Local(DateTime),
    /// A moment.
    Moment(Timestamp),
}

/// Reads what was typed.
///
/// # Errors
/// Says how it looks.
pub(crate) fn parse(typed: &str) -> Result<Since, String> {
    let typed = typed.trim();
    let number = |unit: char| typed.strip_suffix(unit)?.parse::<u16>().ok();
    match typed.to_lowercase().as_str() {
        "today" => return Ok(Since::DaysAgo(0)),
        "yesterday" => return Ok(Since::DaysAgo(1)),
        _ => {}
    }
    if let Some(days) = number('d') {
        return Ok(Since::DaysAgo(days.into()));
    }
    if let Some(hours) = number('h') {
        return Ok(Since::Ago(SignedDuration::from_hours(hours.into())));
    }
    if let Some(minutes) = number('m') {
        return Ok(Since::Ago(SignedDuration::from_mins(minutes.into())));
    }
    if let Ok(moment) = typed.parse() {
        return Ok(Since::Moment(moment));
    }
    if let Ok(time) = typed.parse() {
        return Ok(Since::Local(time));
    }
    if let Ok(date) = typed.parse::<Date>() {
        return Ok(Since::Local(date.into()));
    }
    Err("it looks like today, yesterday, 12h, 7d, 2026-11-23 or 2026-11-23T09:00".to_owned())
}

impl Since {
    /// The moment that is meant now.
    pub(crate) fn moment(&self, now: &Zoned) -> Timestamp {
        let local = |time: DateTime| time.to_zoned(now.time_zone().clone()).ok();
        let meant = match self {
            Self::DaysAgo(days) => now
                .date()
                .checked_sub(jiff::Span::new().days(*days))
                .ok()
                .and_then(|date| local(date.into()))
                .map(|midnight| midnight.timestamp()),
            Self::Ago(duration) => now.timestamp().checked_sub(*duration).ok(),
            Self::Local(time) => local(*time).map(|time| time.timestamp()),
            Self::Moment(moment) => Some(*moment),
        };
        // What lies before all calendars is before all that is kept.
        meant.unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(typed: &str) -> String {
        let now: Zoned = "2026-11-24T15:30:00+01:00[Europe/Berlin]".parse().unwrap();
        parse(typed).unwrap().moment(&now).to_string()
    }

    #[test]
    fn days_begin_at_midnight_where_the_agent_is() {
        assert_eq!(meant("today"), "2026-11-23T23:00:00Z");
        assert_eq!(meant(" Yesterday"), "2026-11-22T23:00:00Z");
        assert_eq!(meant("0d"), meant("today"));
        assert_eq!(meant("7d"), "2026-11-16T23:00:00Z");
        assert_eq!(meant("2026-11-20"), "2026-11-19T23:00:00Z");
        // In summer time.
        assert_eq!(meant("60d"), "2026-09-24T22:00:00Z");
    }

    #[test]
    fn hours_and_minutes_are_counted_back_from_now() {
        assert_eq!(meant("12h"), "2026-11-24T02:30:00Z");
        assert_eq!(meant("90m"), "2026-11-24T13:00:00Z");
    }

    #[test]
    fn a_time_is_the_agents_own_unless_it_says_whose() {
        assert_eq!(meant("2026-11-24T09:00"), "2026-11-24T08:00:00Z");
        assert_eq!(meant("2026-11-24T09:00:00Z"), "2026-11-24T09:00:00Z");
        assert_eq!(meant("2026-11-24T09:00:00-05:00"), "2026-11-24T14:00:00Z");
    }

    #[test]
    fn anything_else_is_answered_with_what_it_looks_like() {
        for typed in ["", "d", "-3d", "soon", "99999999d", "2026-13-01", "7 d"] {
            assert!(parse(typed).unwrap_err().contains("7d"), "{typed}");
        }
    }

    #[test]
    fn what_lies_before_all_calendars_is_before_all_that_is_kept() {
        let now: Zoned = "-009999-01-03T00:00:00+00:00[UTC]".parse().unwrap();
        let before = parse("65535d").unwrap().moment(&now);
        assert_eq!(before, Timestamp::MIN);
    }
}
