//! What the help desk told last, and when.

use std::time::Duration;

use jiff::Timestamp;

use super::Session;
use crate::{Certainty, ChangedBy, Channel, NamedStatus, Now, ReadPath, StatusId, StatusKind};

/// A confirmation is too old after this, however slowly the account is read.
const OLDEST_CONFIRMATION: Duration = Duration::from_mins(10);

/// What the help desk told last.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) what: What,
    /// When it was told.
    pub(super) at: Option<Now>,
    /// Where it is readable, as found since the start.
    pub(super) path: Option<ReadPath>,
    /// What our last write replaced: a read that still says so just after it is an echo.
    pub(super) replaced: Option<(StatusId, Option<Timestamp>)>,
}

#[derive(Debug, Default)]
pub(super) enum What {
    /// Nothing since the start.
    #[default]
    Nothing,
    /// The status itself.
    Status(KnownStatus),
    /// One channel's state.
    Channel { channel: Channel, changed_at: Option<Timestamp> },
}

#[derive(Debug)]
pub(super) struct KnownStatus {
    pub(super) status: NamedStatus,
    pub(super) reason: Option<String>,
    pub(super) since: Option<Timestamp>,
    pub(super) channels: Vec<Channel>,
    pub(super) changed_by: Option<ChangedBy>,
    /// It is the answer to a write, not a read.
    pub(super) written: bool,
}

impl Known {
    pub(super) fn status(&self) -> Option<&KnownStatus> {
        match &self.what {
            What::Status(status) => Some(status),
            What::Nothing | What::Channel { .. } => None,
        }
    }

    pub(super) fn path_shows_status(&self) -> bool {
        matches!(self.path, Some(ReadPath::Own | ReadPath::OwnById | ReadPath::TalkIsStatus))
    }
}

impl Session {
    /// Until when, by the clock since boot, the last word counts as confirmed.
    pub(super) fn confirmed_until(&self) -> Option<Duration> {
        let limit = (self.pace() * 3).min(OLDEST_CONFIRMATION);
        self.known.at.map(|at| at.since_boot + limit)
    }

    fn is_fresh(&self, now: Now) -> bool {
        !self.link.is_down() && self.confirmed_until().is_some_and(|until| now.since_boot <= until)
    }

    /// How sure the current status is.
    pub(super) fn certainty(&self, now: Now) -> Certainty {
        let fresh = self.is_fresh(now);
        let unreadable = self.known.path == Some(ReadPath::Nowhere);
        match &self.known.what {
            What::Status(_) if fresh => Certainty::Confirmed,
            What::Channel { .. } if fresh => Certainty::Projected,
            What::Status(_) | What::Nothing if unreadable && self.accepted_write().is_some() => Certainty::Assumed,
            What::Status(_) | What::Channel { .. } | What::Nothing => Certainty::Unknown,
        }
    }

    /// The status to show: the known one, or the last accepted write where it agrees with all that is readable.
    pub(super) fn shown(&self, now: Now) -> Option<&NamedStatus> {
        match &self.known.what {
            What::Status(known) => Some(&known.status),
            What::Channel { channel, .. } => {
                self.accepted_write().filter(|write| self.channel_in(write, &channel.name) == channel.kind())
            }
            What::Nothing => self.accepted_write().filter(|_| self.certainty(now) == Certainty::Assumed),
        }
    }

    /// The status as confirmed by the help desk, and by nothing less.
    pub(super) fn confirmed(&self, now: Now) -> Option<&NamedStatus> {
        self.known.status().map(|known| &known.status).filter(|_| self.certainty(now) == Certainty::Confirmed)
    }

    /// Our last write that the help desk accepted.
    pub(super) fn accepted_write(&self) -> Option<&NamedStatus> {
        self.remembered.last_write.as_ref().filter(|write| write.accepted).map(|write| &write.status)
    }

    /// The state that a status gives to a channel, by the list where it is there.
    pub(super) fn channel_in(&self, status: &NamedStatus, channel: &str) -> Option<StatusKind> {
        Some(self.find(&status.id).map_or(status.kind, |listed| listed.channel(channel)))
    }

    /// The usual time between two reads, under the account's present load.
    pub(super) fn pace(&self) -> Duration {
        self.interval * self.link.load
    }
}
