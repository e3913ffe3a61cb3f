//! What the help desk told last, and when.

use std::time::Duration;

use jiff::Timestamp;

use super::Session;
use super::choice::Stage;
use crate::{Certainty, ChangedBy, Channel, NamedStatus, Now, ReadPath, StatusId};

/// A confirmation is too old after this, however slowly the account is read.
const OLDEST_CONFIRMATION: Duration = Duration::from_secs(600);

/// A help desk may answer with the old status for so long after it accepted a new one.
pub(super) const ECHO: Duration = Duration::from_secs(5);

/// What the help desk told last.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) what: What,
    /// When it was told.
    pub(super) at: Option<Now>,
    /// Where it is readable, as found since the start.
    pub(super) path: Option<ReadPath>,
    /// What our writes since the last read replaced: a read that still says so just after them is an echo.
    pub(super) replaced: Vec<(StatusId, Option<Timestamp>)>,
    /// A read since our last write was taken for such an echo, which can be said for a short time only.
    pub(super) echoed: bool,
    /// Writes of ours that may have been applied: nothing is confirmed before the next read.
    pub(super) in_doubt: Vec<NamedStatus>,
}

#[derive(Debug, Default)]
pub(super) enum What {
    /// Nothing since the start.
    #[default]
    Nothing,
    /// The status itself.
    Status(KnownStatus),
    /// One channel's state.
    Channel(KnownChannel),
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

#[derive(Debug)]
pub(super) struct KnownChannel {
    pub(super) channel: Channel,
    pub(super) changed_at: Option<Timestamp>,
    pub(super) changed_by: Option<ChangedBy>,
}

impl Known {
    pub(super) fn status(&self) -> Option<&KnownStatus> {
        match &self.what {
            What::Status(status) => Some(status),
            What::Nothing | What::Channel(_) => None,
        }
    }

    /// Takes in what the help desk told just now.
    pub(super) fn learn(&mut self, what: What, now: Now) {
        self.what = what;
        self.at = Some(now);
        self.in_doubt.clear();
        self.echoed = false;
    }
}

impl Session {
    /// Until when, by the clock since boot, the last word counts as confirmed.
    pub(super) fn confirmed_until(&self) -> Option<Duration> {
        let limit = if self.known.echoed {
            ECHO
        } else {
            self.pace().saturating_mul(3).min(OLDEST_CONFIRMATION)
        };
        self.known.at.map(|at| at.since_boot + limit)
    }

    fn is_fresh(&self, now: Now) -> bool {
        !self.link.is_down()
            && self.known.in_doubt.is_empty()
            && !self.has_orphaned_write()
            && self
                .confirmed_until()
                .is_some_and(|until| now.since_boot <= until)
    }

    /// Whether a write is under way that no choice waits for any more, so that nobody knows what holds.
    fn has_orphaned_write(&self) -> bool {
        self.requests.push
            && self
                .choice
                .as_ref()
                .is_none_or(|choice| choice.stage != Stage::InFlight)
    }

    /// How sure the current status is.
    pub(super) fn certainty(&self, now: Now) -> Certainty {
        let fresh = self.is_fresh(now);
        let unreadable = self.known.path == Some(ReadPath::Nowhere);
        match &self.known.what {
            What::Status(_) if fresh => Certainty::Confirmed,
            What::Channel(_) if fresh => Certainty::Projected,
            What::Nothing if unreadable && self.accepted_write().is_some() => Certainty::Assumed,
            // What was read after our last write is not what we set.
            What::Status(known) if unreadable => match self.accepted_write() {
                Some(write) if write.id == known.status.id => Certainty::Assumed,
                _ => Certainty::Unknown,
            },
            What::Status(_) | What::Channel(_) | What::Nothing => Certainty::Unknown,
        }
    }

    /// The status to show: the known one, or the last accepted write where it agrees with all that is readable.
    pub(super) fn shown(&self, now: Now) -> Option<&NamedStatus> {
        match &self.known.what {
            What::Status(known) => Some(&known.status),
            What::Channel(known) => self.accepted_write().filter(|write| {
                // What a custom status does to a channel only the list tells.
                let is_mapped = !write.custom || self.find(&write.id).is_some();
                is_mapped
                    && known
                        .channel
                        .kind()
                        .is_some_and(|kind| self.fits(write, &known.channel.name, kind))
            }),
            What::Nothing => self
                .accepted_write()
                .filter(|_| self.certainty(now) == Certainty::Assumed),
        }
    }

    /// The status as confirmed by the help desk, and by nothing less.
    pub(super) fn confirmed(&self, now: Now) -> Option<&NamedStatus> {
        self.known
            .status()
            .map(|known| &known.status)
            .filter(|_| self.certainty(now) == Certainty::Confirmed)
    }

    /// The usual time between two reads, under the account's present load.
    pub(super) fn pace(&self) -> Duration {
        self.link.pace.interval(self.interval)
    }
}
