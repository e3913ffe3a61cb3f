//! The guard: the status that an agent who leaves the computer goes to.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Choosable, Code, Failure, NamedStatus, StatusId, StatusKind};

/// A rule that the agent switched on: on leaving the computer, go to this status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Guard {
    /// The status to go to.
    pub to: StatusId,
    /// On which ways of leaving.
    pub on: BTreeSet<Leaving>,
}

/// A way of leaving the computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// The screen is locked.
    Lock,
    /// The computer goes to sleep.
    Sleep,
    /// The computer shuts down or restarts.
    Shutdown,
    /// Statuslight is ended.
    Quit,
}

/// What the guard did or tried, until the agent is back and told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// On what.
    pub on: Leaving,
    /// The status it was to be.
    pub to: NamedStatus,
    /// The status before, where one was known.
    pub back_to: Option<NamedStatus>,
    /// When.
    pub at: Timestamp,
    /// Why it came to nothing.
    pub failure: Option<Code>,
}

impl Guard {
    /// Whether the guard needs time before the computer sleeps or shuts down.
    pub fn delays(&self) -> bool {
        self.on.contains(&Leaving::Sleep) || self.on.contains(&Leaving::Shutdown)
    }

    /// Whether a guard can be what this says, in an account with these statuses.
    ///
    /// # Errors
    /// The status is not offered, or receives as much work as any.
    pub fn check(&self, statuses: &[Choosable]) -> Result<(), Failure> {
        let Some(to) = statuses.iter().find(|status| status.id == self.to) else {
            return Err(Failure::new(
                Code::NoSuchStatus,
                "The help desk offers no such status now, so the guard was not changed. Choose another one.",
            ));
        };
        if to.kind == StatusKind::Online {
            return Err(Failure::new(
                Code::Refused,
                "A guard keeps work from you while you are away, and this status receives it. \
                 The guard was not changed. Choose another status.",
            ));
        }
        Ok(())
    }
}

impl Leaving {
    /// When that was, as the end of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Lock => "when your screen was locked",
            Self::Sleep => "when your computer went to sleep",
            Self::Shutdown => "when your computer was shut down",
            Self::Quit => "when Statuslight was quit",
        }
    }
}

impl StatusKind {
    /// Whether more work arrives in it than in another: Online, then Away and Transfers only, then Offline.
    pub(crate) fn receives_more_than(self, other: Self) -> bool {
        let rank = |kind| match kind {
            Self::Online => 2,
            Self::Away | Self::TransfersOnly => 1,
            Self::Offline => 0,
        };
        rank(self) > rank(other)
    }
}
