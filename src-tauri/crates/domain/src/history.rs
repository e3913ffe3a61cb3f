//! Time in status: what is kept of an account, and what it adds up to.
//!
//! The light never lies, and its history does not either: time counts as far as the help desk's own words reach,
//! and what nobody told is not known.

mod days;
mod recorder;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::days::{Day, Total};
pub use self::recorder::Recorder;
use crate::{ChangedBy, HelpDeskName, NamedStatus, reason_in_words};

/// So long time in status is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A clock that was set far ahead by mistake must not make everything look old.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Some time in one status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Stretch {
    /// When it began.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Timestamp,
    /// Up to when it is known to have lasted.
    #[cfg_attr(test, ts(type = "string"))]
    pub until: Timestamp,
    /// The status.
    pub status: NamedStatus,
    /// Whether the help desk said so; else it is what was set last, seen through one channel or not at all.
    pub confirmed: bool,
    /// Who brought it about.
    pub changed_by: ChangedBy,
    /// The help desk's word for why, unless it was the agent.
    pub reason: Option<String>,
}

impl Stretch {
    /// How long it lasted.
    pub fn lasted(&self) -> SignedDuration {
        self.until.duration_since(self.from)
    }

    /// Whether both tell of the same time, one of them later.
    fn is_told_again_by(&self, other: &Self) -> bool {
        self.from == other.from
            && self.status.id == other.status.id
            && self.confirmed == other.confirmed
    }
}

/// An account's time in status, in the order in which it was lived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct History {
    /// The stretches; what lies between two of them is not known.
    pub stretches: Vec<Stretch>,
    /// Entries that could not be read, whose time is missing.
    pub unreadable: u32,
    /// The help desk's words for why, each in plain words.
    #[serde(default)]
    pub reasons: BTreeMap<String, String>,
}

impl History {
    /// Takes in the next stretch, which may be the last one told again.
    pub fn add(&mut self, stretch: Stretch) {
        if stretch.until < stretch.from {
            self.unreadable = self.unreadable.saturating_add(1);
            return;
        }
        match self.stretches.last_mut() {
            Some(last) if last.is_told_again_by(&stretch) => *last = stretch,
            _ => self.stretches.push(stretch),
        }
    }

    /// Says in plain words what the help desk's words for why mean.
    #[must_use]
    pub fn explained(mut self, desk: HelpDeskName) -> Self {
        let reasons = self
            .stretches
            .iter()
            .filter_map(|stretch| stretch.reason.clone());
        self.reasons = reasons
            .map(|reason| {
                let words = reason_in_words(desk, Some(&reason));
                (reason, words)
            })
            .collect();
        self
    }

    /// Drops what is too old to be kept.
    pub fn drop_old(&mut self, now: Timestamp) {
        let latest = self.stretches.iter().map(|stretch| stretch.until).max();
        let today = latest.map_or(now, |latest| now.min(later(latest, FURTHEST_AHEAD)));
        let oldest = earlier(today, KEPT);
        self.stretches.retain(|stretch| stretch.until >= oldest);
    }

    /// What is left of it after a moment.
    #[must_use]
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.stretches.retain(|stretch| stretch.until >= moment);
        for stretch in &mut self.stretches {
            stretch.from = stretch.from.max(moment);
        }
        self
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}
