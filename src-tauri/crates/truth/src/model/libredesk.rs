//! Libredesk's own rules: what presence and its absence do, whom idleness may move, and what those who listen are told.
//!
//! Written from what release 2.7.0 does: a sweep each minute makes Offline of Online and Idle five minutes after the last
//! presence, presence makes Online of any Offline and tells nobody, and who is away by choice stays so.

use std::time::Duration;

use super::{By, Change, Model};
use crate::story::Name;

/// Libredesk looks so often who was not seen for long.
const BETWEEN_SWEEPS: Duration = Duration::from_secs(60);
/// The first of those looks.
const FIRST_SWEEP: Duration = Duration::from_secs(23);
/// Who was not seen for longer is Offline.
const UNSEEN: Duration = Duration::from_secs(300);

impl Model {
    /// Libredesk hears that the agent is there.
    pub(crate) fn presence(&mut self, by: By, at: Duration) {
        self.last_active = at;
        if self.now() == Name::Offline {
            self.change(Name::Online, by, at);
        }
    }

    /// Changes the status and tells all who listen, unless it is so already.
    pub(crate) fn tell_change(&mut self, to: Name, by: By, at: Duration) {
        if self.now() != to {
            self.change(to, by, at);
            self.untold.push(self.latest());
        }
    }

    /// A write for the sake of idleness, which does nothing to who is away by choice.
    pub(super) fn change_by_idleness(&mut self, to: Name, by: By, at: Duration) {
        if !matches!(self.now(), Name::Away | Name::Reassigning) {
            self.tell_change(to, by, at);
        }
    }

    /// When the next sweep finds the agent, if nobody is seen before.
    pub(crate) fn sweep_due(&self) -> Option<Duration> {
        if !self.readable.is_libredesk() || !matches!(self.now(), Name::Online | Name::Idle) {
            return None;
        }
        let unseen = (self.last_active + UNSEEN).max(self.latest().at);
        let sweeps = unseen.saturating_sub(FIRST_SWEEP).as_secs() / BETWEEN_SWEEPS.as_secs() + 1;
        Some(FIRST_SWEEP + BETWEEN_SWEEPS * u32::try_from(sweeps).unwrap_or(u32::MAX))
    }

    pub(crate) fn sweep(&mut self, at: Duration) {
        self.tell_change(Name::Offline, By::Sweep, at);
    }

    /// What those who listen are to be told now.
    pub(crate) fn take_untold(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.untold)
    }
}
