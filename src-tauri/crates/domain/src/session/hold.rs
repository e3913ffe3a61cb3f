//! Keeping an agent Online, who asked for it, on a help desk that ends Online by itself.
//!
//! Libredesk turns Online into Offline when it has heard no presence for five minutes, which else only a browser tab
//! gives; and what gives it also turns Offline into Online. So it is given only while Online is what the agent has,
//! as the help desk itself said since the last gap, or had until nothing but that rule ended it.

use std::time::Duration;

use super::belief::Change;
use super::listen::Ear;
use super::{Effect, Session};
use crate::libredesk::Availability;
use crate::{Now, PresenceView, StatusId};

/// A browser tab gives its presence so often.
const BETWEEN_PINGS: Duration = Duration::from_secs(30);
/// Libredesk ends Online after so long without presence.
const UNTIL_SWEPT: Duration = Duration::from_secs(300);
/// The same, for two clocks and what lies between them.
const ABOUT_UNTIL_SWEPT: Duration = Duration::from_secs(285);
/// A word of the help desk that is not older may be acted on where later changes are not told.
const JUST_READ: Duration = Duration::from_secs(3);
/// Where presence has not made Online of Offline by then, the agent is told.
const PATIENCE: Duration = Duration::from_secs(10);
/// Nobody tells what presence did, so it is read.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// A word of Offline so soon after presence may have crossed it on the way.
const CROSSED: Duration = Duration::from_secs(5);

/// What is known of the wish to be Online.
#[derive(Debug, Default)]
pub(super) struct Hold {
    /// Online was confirmed, and nothing but the help desk's own rule has ended it.
    wanted: bool,
    /// When presence was given last, by the clock since boot.
    last_ping: Option<Duration>,
    /// The agent was away for so long that Offline is told and not undone.
    was_away: bool,
    /// When presence was given to end Offline.
    restoring: Option<Duration>,
    /// What is told where that does not end it.
    untold: Option<(Change, Duration)>,
    /// When the status was first told, by the clock since boot: before, others may have given presence.
    began: Option<Duration>,
}

impl Session {
    /// Gives presence, where that is due.
    pub(super) fn keep_online(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if !self.may_ping(now) || self.ping_due() > now.since_boot {
            return;
        }
        self.hold.last_ping = Some(now.since_boot);
        let is_offline = self
            .confirmed(now)
            .is_some_and(|status| is(&status.id, Availability::Offline));
        if is_offline {
            // Nobody is told of what presence does to Offline.
            self.hold.restoring = Some(now.since_boot);
            self.due.fetch = now.since_boot + Duration::from_secs(1);
        }
        fx.push(Effect::Ping);
    }

    /// When presence is due, by the clock since boot.
    pub(super) fn hold_due(&self, now: Now) -> Option<Duration> {
        self.may_ping(now).then(|| self.ping_due())
    }

    fn ping_due(&self) -> Duration {
        self.hold
            .last_ping
            .map_or(Duration::ZERO, |last| last + BETWEEN_PINGS)
    }

    fn may_ping(&self, now: Now) -> bool {
        let Ear::Open { tells_changes, .. } = self.listening.ear else {
            return false;
        };
        let Some(told_at) = self.known.at.map(|at| at.since_boot) else {
            return false;
        };
        self.agreed.keep_online
            && self.hold.wanted
            && !self.presence.is_away()
            && self.choice.is_none()
            && !self.requests.push
            && !self.presence.untold
            && (tells_changes || now.since_boot <= told_at + JUST_READ)
            && self.confirmed(now).is_some_and(|status| {
                is(&status.id, Availability::Online) || is(&status.id, Availability::Offline)
            })
    }

    /// After an absence the help desk is read before anything is done; after a long one, Offline is the agent's to undo.
    pub(super) fn hold_after_absence(&mut self, now: Now) {
        if self.listens() {
            self.read_first(now);
        }
        if self.is_unseen_for(UNTIL_SWEPT, now) {
            self.hold.was_away = true;
        }
    }

    fn is_unseen_for(&self, time: Duration, now: Now) -> bool {
        self.hold
            .last_ping
            .or(self.hold.began)
            .is_none_or(|last| now.since_boot >= last + time)
    }

    /// Keeps a change to itself, since presence is about to undo it.
    pub(super) fn hold_back(&mut self, change: Change, now: Now) {
        self.hold.untold = Some((change, now.since_boot + PATIENCE));
        self.due.fetch = self.due.fetch.min(now.since_boot + LOOK_AGAIN);
    }

    /// The status is what it was: looks again while presence may take effect, then tells.
    pub(super) fn still_held(&mut self, status: &StatusId, now: Now, fx: &mut Vec<Effect>) {
        if is(status, Availability::Online) {
            self.hold.was_away = false;
        }
        let is_over = |until: Duration| now.since_boot >= until;
        // Presence that has changed nothing by now will not.
        let is_offline = is(status, Availability::Offline);
        self.hold
            .restoring
            .take_if(|given| is_offline && is_over(*given + CROSSED));
        if let Some((change, _)) = self.hold.untold.take_if(|(_, until)| is_over(*until)) {
            self.follow_change(change, now, fx);
        } else if self.hold.untold.is_some() {
            self.due.fetch = self.due.fetch.min(now.since_boot + LOOK_AGAIN);
        }
    }

    /// The agent leaves Offline as it is, so nothing undoes it.
    pub(super) fn let_go(&mut self) {
        self.hold.wanted = false;
    }

    /// Takes in what the status has become; whether it is the help desk's own rule that is about to be undone.
    pub(super) fn follow_hold(&mut self, status: &StatusId, now: Now) -> bool {
        self.hold.untold = None;
        // Presence that was given just before may take effect just after.
        let may_restore = self.may_cross(status, now);
        self.hold.restoring = self.hold.last_ping.filter(|_| may_restore);
        self.hold.began.get_or_insert(now.since_boot);
        if is(status, Availability::Online) {
            self.hold.wanted = true;
            self.hold.was_away = false;
            return false;
        }
        let is_swept = self.listens()
            && is(status, Availability::Offline)
            && self.hold.wanted
            && self.agreed.keep_online
            && !self.hold.was_away
            && !self.presence.is_away()
            && self.is_unseen_for(ABOUT_UNTIL_SWEPT, now);
        self.hold.wanted = is_swept;
        is_swept && !self.is_way_missing()
    }

    /// Whether presence explains that the status is Online: it was given since Offline was told.
    pub(super) fn is_restored(&self, status: &StatusId) -> bool {
        is(status, Availability::Online) && self.hold.restoring.is_some()
    }

    /// Whether a word of Offline may have crossed presence on the way, which undoes it and tells nobody.
    pub(super) fn may_cross(&self, status: &StatusId, now: Now) -> bool {
        let pinged = self.hold.last_ping;
        is(status, Availability::Offline) && pinged.is_some_and(|at| now.since_boot < at + CROSSED)
    }

    /// What the agent agreed to and what comes of it; nothing for a help desk without such rules.
    pub(super) fn presence_view(&self) -> Option<PresenceView> {
        Some(PresenceView {
            keep_online: self.agreed.keep_online,
            away_when_idle: self.agreed.away_when_idle,
            tells_at_once: self.tells_at_once()?,
        })
    }

    /// What the status means for the agent's work and how long it lasts, where its name does not say so.
    pub(super) fn note(&self, now: Now) -> Option<String> {
        let known = self.confirmed(now)?;
        let desk = self.tells_at_once().map(|_| self.desk.words())?;
        let status = Availability::parse(&known.id.0)?;
        Some(match status {
            Availability::Online if !self.agreed.keep_online => format!(
                "{desk} turns Online into Offline five minutes after it last saw a browser tab of yours."
            ),
            Availability::Online if matches!(self.listening.ear, Ear::Open { .. }) => {
                "Statuslight keeps you Online while it runs and your screen is unlocked.".to_owned()
            }
            Availability::Online => format!(
                "Statuslight cannot keep you Online now, since no websocket to {desk} is open."
            ),
            Availability::Away
            | Availability::AwayAndReassigning
            | Availability::Idle
            | Availability::Offline => status.meaning().to_owned(),
        })
    }
}

/// Whether a status is this one.
pub(super) fn is(id: &StatusId, one: Availability) -> bool {
    id.0 == one.word()
}
