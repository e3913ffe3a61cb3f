//! Time in status by day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{History, Stretch};
use crate::NamedStatus;

/// One day of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which day, where the agent is.
    pub date: Date,
    /// The stretches, cut at midnight.
    pub stretches: Vec<Stretch>,
    /// What they add up to, the most first.
    pub totals: Vec<Total>,
}

/// The time in one status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Which status.
    pub status: NamedStatus,
    /// Whether the help desk said so; what was only assumed is added up by itself.
    pub confirmed: bool,
    /// How many whole seconds.
    pub seconds: i64,
}

impl History {
    /// The days on which something is known, in their order, where the agent is in this time zone.
    pub fn days(&self, zone: &TimeZone) -> Vec<Day> {
        let mut pieces: Vec<(Date, Stretch)> = Vec::new();
        for stretch in &self.stretches {
            cut_at_midnights(stretch, zone, &mut pieces);
        }
        // Only a clock that was set back changes the order, and then within a day the order of living stays.
        pieces.sort_by_key(|(date, _)| *date);
        let mut days: Vec<Day> = Vec::new();
        for (date, stretch) in pieces {
            match days.last_mut() {
                Some(day) if day.date == date => day.stretches.push(stretch),
                _ => days.push(Day {
                    date,
                    stretches: vec![stretch],
                    totals: Vec::new(),
                }),
            }
        }
        for day in &mut days {
            day.totals = totals(&day.stretches);
        }
        days
    }
}

fn cut_at_midnights(stretch: &Stretch, zone: &TimeZone, pieces: &mut Vec<(Date, Stretch)>) {
    let mut from = stretch.from;
    loop {
        let date = from.to_zoned(zone.clone()).date();
        let midnight = end_of(date, zone).filter(|midnight| *midnight > from);
        let until = midnight.map_or(stretch.until, |midnight| midnight.min(stretch.until));
        let piece = Stretch {
            from,
            until,
            ..stretch.clone()
        };
        // What ends at midnight has no part in the day that begins.
        if from < until || from == stretch.from {
            pieces.push((date, piece));
        }
        if until >= stretch.until {
            return;
        }
        from = until;
    }
}

/// When the next day begins; some days have 23 or 25 hours.
fn end_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let tomorrow = date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
    Some(tomorrow.timestamp())
}

fn totals(stretches: &[Stretch]) -> Vec<Total> {
    let mut sums: Vec<(Total, SignedDuration)> = Vec::new();
    for stretch in stretches {
        let same = |(total, _): &&mut (Total, SignedDuration)| {
            total.status.id == stretch.status.id && total.confirmed == stretch.confirmed
        };
        match sums.iter_mut().find(same) {
            Some((total, sum)) => {
                *sum = sum.saturating_add(stretch.lasted());
                total.status.clone_from(&stretch.status);
            }
            None => sums.push((
                Total {
                    status: stretch.status.clone(),
                    confirmed: stretch.confirmed,
                    seconds: 0,
                },
                stretch.lasted(),
            )),
        }
    }
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    let whole = |(total, sum): (Total, SignedDuration)| Total {
        seconds: sum.as_secs(),
        ..total
    };
    sums.into_iter().map(whole).collect()
}
