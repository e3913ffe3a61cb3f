//! What outlives the program.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Effect, Session};
use crate::{NamedStatus, Now, ReadPath, StatusId};

/// What outlives the program: it is read by whoever runs next, and never shown as current.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// The last write, kept before it is sent.
    pub last_write: Option<LastWrite>,
    /// The timed status under way.
    pub timed: Option<Timed>,
    /// Where the status was readable.
    pub read_path: Option<ReadPath>,
    /// How often each status was chosen.
    pub uses: BTreeMap<StatusId, u32>,
}

/// A write of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastWrite {
    /// The status that was written.
    pub status: NamedStatus,
    /// When.
    pub at: Timestamp,
    /// Whether the help desk accepted it; until its answer came, no.
    pub accepted: bool,
}

/// A status chosen for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timed {
    /// The status.
    pub status: StatusId,
    /// When it ends.
    pub until: Timestamp,
    /// What comes back then.
    pub back_to: NamedStatus,
    /// Its end is still to be announced.
    #[serde(default)]
    pub announces: bool,
}

impl Session {
    pub(super) fn remember(&self, fx: &mut Vec<Effect>) {
        fx.push(Effect::Remember(self.remembered.clone()));
    }

    /// Our last write that the help desk accepted.
    pub(super) fn accepted_write(&self) -> Option<&NamedStatus> {
        self.remembered
            .last_write
            .as_ref()
            .filter(|write| write.accepted)
            .map(|write| &write.status)
    }

    /// Keeps a write before it is sent, so that whoever runs next can explain the change.
    pub(super) fn remember_write(&mut self, status: NamedStatus, now: Now, fx: &mut Vec<Effect>) {
        if self.known.in_doubt.is_empty() {
            self.settled_write.clone_from(&self.remembered.last_write);
        }
        self.remembered.last_write = Some(LastWrite {
            status,
            at: now.wall,
            accepted: false,
        });
        self.remember(fx);
    }

    /// Goes back to the write before one that was not applied: that one still explains the status.
    pub(super) fn forget_write(&mut self, fx: &mut Vec<Effect>) {
        if self.known.in_doubt.is_empty() && self.remembered.last_write != self.settled_write {
            self.remembered.last_write.clone_from(&self.settled_write);
            self.remember(fx);
        }
    }
}
