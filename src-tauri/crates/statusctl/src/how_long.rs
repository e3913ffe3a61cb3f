//! For how long a status is chosen, as it is typed.

use std::num::NonZeroU16;

use domain::Until;
use jiff::civil::Time;

/// A day: whoever means longer means no timed status.
const LONGEST_MIN: u16 = 24 * 60;

/// Reads `30m`, `1h`, `1h30m`, or minutes alone.
///
/// # Errors
/// What it should look like.
pub(crate) fn minutes(typed: &str) -> Result<Until, String> {
    let (hours, rest) = match typed.split_once('h') {
        Some((hours, rest)) => (number(hours), rest),
        None => (Some(0), typed),
    };
    let rest = rest.strip_suffix('m').unwrap_or(rest);
    let minutes = if rest.is_empty() && typed.ends_with('h') {
        Some(0)
    } else {
        number(rest)
    };
    hours
        .zip(minutes)
        .and_then(|(hours, minutes)| hours.checked_mul(60)?.checked_add(minutes))
        .filter(|all| *all <= LONGEST_MIN)
        .and_then(NonZeroU16::new)
        .map(Until::InMinutes)
        .ok_or_else(|| "it looks like 30m, 1h or 1h30m, and is a day at most".to_owned())
}

/// Reads a time of day such as `14:00`.
///
/// # Errors
/// What it should look like.
pub(crate) fn clock(typed: &str) -> Result<Until, String> {
    typed
        .split_once(':')
        .and_then(|(hour, minute)| {
            let minute = number(minute).filter(|_| minute.len() == 2)?;
            let [hour, minute] = [number(hour)?, minute].map(|part| i8::try_from(part).ok());
            Time::new(hour?, minute?, 0, 0).ok()
        })
        .map(Until::Clock)
        .ok_or_else(|| "it looks like 14:00".to_owned())
}

/// Digits and nothing else: a number may not bring a sign of its own.
fn number(typed: &str) -> Option<u16> {
    typed
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| typed.parse().ok())?
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn hours_and_minutes_are_understood() {
        for (typed, expected) in [
            ("30m", 30),
            ("30", 30),
            ("1h", 60),
            ("1h30m", 90),
            ("1h30", 90),
            ("24h", 1440),
        ] {
            let expected = Until::InMinutes(NonZeroU16::new(expected).unwrap());
            assert_eq!(minutes(typed), Ok(expected), "{typed}");
        }
        for wrong in [
            "", "0m", "m", "h", "25h", "-5m", "+5", "1d", "half", "1h61x", "99999",
        ] {
            assert!(minutes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_of_day_is_understood() {
        assert_eq!(clock("14:00"), Ok(Until::Clock(time(14, 0, 0, 0))));
        assert_eq!(clock("9:05"), Ok(Until::Clock(time(9, 5, 0, 0))));
        for wrong in [
            "", "14", "24:00", "12:60", "-1:00", "14:0", "2pm", "14:00:30",
        ] {
            assert!(clock(wrong).is_err(), "{wrong}");
        }
    }
}
