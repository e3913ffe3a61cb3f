//! Idle while nobody is at the computer, for an agent who asked for it, and back.

use super::Session;
use super::choice::{Choice, Origin};
use super::hold::is;
use crate::libredesk::Availability;
use crate::{HelpDeskName, Now};

/// What is known of the agent's idleness.
#[derive(Debug, Default)]
pub(super) struct Idle {
    /// Idle was set by the agent's rule.
    set: bool,
    /// The agent is back, and what is to come back is decided by what the help desk says from then on.
    back: bool,
}

impl Session {
    /// The agent has left the computer.
    pub(super) fn left(&mut self, now: Now) {
        self.idle.back = false;
        let is_online = self
            .confirmed(now)
            .is_some_and(|status| is(&status.id, Availability::Online));
        if self.desk == HelpDeskName::Libredesk
            && self.agreed.away_when_idle
            && is_online
            && self.choice.is_none()
        {
            self.idle.set = true;
            self.want_by_idleness(Availability::Idle, now);
        }
    }

    /// Somebody is at the computer again.
    pub(super) fn came_back(&mut self, now: Now) {
        if self.presence.is_away() || self.presence.idle {
            return;
        }
        if self.idle.set {
            self.idle.back = true;
            self.read_first(now);
        }
    }

    /// Ends Idle, once the help desk has said since the return that it is still so.
    pub(super) fn end_idle(&mut self, now: Now) {
        if !self.idle.back || self.presence.untold || self.choice.is_some() || self.requests.push {
            return;
        }
        let is_idle = self
            .confirmed(now)
            .is_some_and(|status| is(&status.id, Availability::Idle));
        self.idle = Idle::default();
        if is_idle {
            self.want_by_idleness(Availability::Online, now);
        }
    }

    fn want_by_idleness(&mut self, to: Availability, now: Now) {
        self.choice = Some(Choice::by_rule(Origin::Idleness, to.named(), now));
    }
}
