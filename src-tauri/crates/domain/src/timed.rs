//! For how long a status is chosen, and what the agent sees of it.

use std::num::NonZeroU16;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::NamedStatus;

/// How much longer a timed status lasts with each *Extend*.
pub const EXTENSION: SignedDuration = SignedDuration::from_mins(15);

/// When a timed status is to end, as the agent says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// So many minutes after the click.
    InMinutes(#[cfg_attr(test, ts(type = "number"))] NonZeroU16),
    /// When the clock on the wall next shows this time.
    Clock(#[cfg_attr(test, ts(type = "string"))] Time),
}

/// A status that holds for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TimedView {
    /// When it ends.
    #[cfg_attr(test, ts(type = "string"))]
    pub until: Timestamp,
    /// What comes back then.
    pub back_to: NamedStatus,
}

impl Until {
    /// The moment it means when it is said at `now`; nothing where the calendar ends before.
    ///
    /// A time that the clock skips comes when it would have come; of one that it shows twice, the next counts.
    ///
    /// ```
    /// use domain::Until;
    /// use jiff::{Timestamp, civil::time, tz::TimeZone};
    /// let now: Timestamp = "2026-11-23T13:20:00Z".parse()?;
    /// let end = Until::Clock(time(14, 0, 0, 0)).moment(now, &TimeZone::UTC);
    /// assert_eq!(end, Some("2026-11-23T14:00:00Z".parse()?));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn moment(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::InMinutes(minutes) => now
                .checked_add(SignedDuration::from_mins(minutes.get().into()))
                .ok(),
            Self::Clock(time) => {
                let today = now.to_zoned(zone.clone()).date();
                // Of a skipped time both are the moment at which it would have come.
                let shown_on = |date: Date| {
                    let shown = zone.to_ambiguous_timestamp(date.to_datetime(time));
                    [shown.compatible(), shown.later()]
                };
                [Some(today), today.checked_add(1.day()).ok()]
                    .into_iter()
                    .flatten()
                    .flat_map(shown_on)
                    .flatten()
                    .find(|moment| *moment > now)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    /// What `clock` means at `now` in a zone, as the instant.
    fn until(clock: Time, now: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let moment = Until::Clock(clock).moment(now.parse().unwrap(), &zone);
        moment.unwrap().to_string()
    }

    #[test]
    fn a_time_of_day_is_the_next_one_on_the_wall() {
        let quarter_to_two = "2026-11-23T13:45:00Z";
        assert_eq!(
            until(time(14, 0, 0, 0), quarter_to_two, "UTC"),
            "2026-11-23T14:00:00Z"
        );
        assert_eq!(
            until(time(13, 45, 0, 0), quarter_to_two, "UTC"),
            "2026-11-24T13:45:00Z"
        );
        assert_eq!(
            until(time(0, 15, 0, 0), "2026-11-23T14:50:00Z", "Asia/Tokyo"),
            "2026-11-23T15:15:00Z"
        );
    }

    #[test]
    fn a_time_that_the_clock_skips_comes_when_it_would_have_come() {
        // At 02:00 the clocks go to 03:00.
        assert_eq!(
            until(time(2, 30, 0, 0), "2026-03-29T00:50:00Z", "Europe/Berlin"),
            "2026-03-29T01:30:00Z"
        );
    }

    #[test]
    fn of_a_time_that_the_clock_shows_twice_the_next_counts() {
        // At 03:00 the clocks go back to 02:00.
        let half_past_two = |now| until(time(2, 30, 0, 0), now, "Europe/Berlin");
        assert_eq!(
            half_past_two("2026-10-25T00:10:00Z"),
            "2026-10-25T00:30:00Z"
        );
        assert_eq!(
            half_past_two("2026-10-25T00:40:00Z"),
            "2026-10-25T01:30:00Z"
        );
        assert_eq!(
            half_past_two("2026-10-25T01:40:00Z"),
            "2026-10-26T01:30:00Z"
        );
    }

    #[test]
    fn minutes_are_minutes_whatever_the_clock_does() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let before_the_change = "2026-03-29T00:50:00Z".parse().unwrap();
        let half_an_hour = Until::InMinutes(NonZeroU16::new(30).unwrap());
        let moment = half_an_hour.moment(before_the_change, &berlin).unwrap();
        assert_eq!(moment.to_string(), "2026-03-29T01:20:00Z");
    }

    #[test]
    fn it_travels_as_the_agent_said_it() {
        let minutes = Until::InMinutes(NonZeroU16::new(30).unwrap());
        assert_eq!(
            serde_json::to_string(&minutes).unwrap(),
            r#"{"in_minutes":30}"#
        );
        let typed: Until = serde_json::from_str(r#"{"clock":"14:30"}"#).unwrap();
        assert_eq!(typed, Until::Clock(time(14, 30, 0, 0)));
        assert!(serde_json::from_str::<Until>(r#"{"in_minutes":0}"#).is_err());
    }
}
