//! Timed statuses: they end, survive a restart, and yield to everything else.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::ending::is_worth_a_notice;
use super::{Effect, Session, Timed};
use crate::{Certainty, NamedStatus, Now, Offer, OfferCause, StatusId};

/// An end that passed by more than this, unseen, is offered in place of being applied.
const LATE: SignedDuration = SignedDuration::from_mins(5);

impl Session {
    /// Starts the time of a timed status, or ends one that the agent replaced.
    pub(super) fn set_timed(
        &mut self,
        id: &StatusId,
        until: Option<Timestamp>,
        before: Option<NamedStatus>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        let back_to = before
            .filter(|before| before.id != *id)
            .map(|before| {
                Some(self.before_idle(before.clone()))
                    .filter(|earlier| earlier.id != *id)
                    .unwrap_or(before)
            })
            .or_else(|| self.back_from(id));
        self.remembered.timed = until.zip(back_to).map(|(until, back_to)| Timed {
            status: id.clone(),
            until,
            back_to,
            announces: is_worth_a_notice(until, now),
        });
        self.remember(fx);
    }

    /// What comes back after a status that holds already.
    pub(super) fn back_from(&self, id: &StatusId) -> Option<NamedStatus> {
        let timed = self
            .remembered
            .timed
            .as_ref()
            .filter(|timed| timed.status == *id);
        let previous = || self.previous.clone().filter(|previous| previous.id != *id);
        timed.map(|timed| timed.back_to.clone()).or_else(previous)
    }

    /// A change to anything but the timed status itself ends its time.
    pub(super) fn yield_timed(&mut self, id: Option<&StatusId>, fx: &mut Vec<Effect>) {
        if self
            .remembered
            .timed
            .as_ref()
            .is_some_and(|timed| Some(&timed.status) != id)
        {
            self.remembered.timed = None;
            self.remember(fx);
        }
    }

    /// Brings back the status before, or offers it where the agent could not have seen the end.
    pub(super) fn end_timed(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(timed) = self
            .remembered
            .timed
            .clone()
            .filter(|timed| timed.until <= now.wall)
        else {
            return;
        };
        if self.presence.locked {
            self.unseen_end = Some(timed.until);
        }
        let Some(current) = self
            .shown(now)
            .filter(|current| current.id == timed.status)
            .cloned()
        else {
            return;
        };
        // What comes back is on the list, so that has to be known too.
        let is_sure = self.certainty(now) != Certainty::Unknown && !self.statuses.is_empty();
        if !is_sure || self.choice.is_some() || self.presence.asleep || self.link.signed_out {
            return;
        }
        self.remembered.timed = None;
        self.remember(fx);
        let is_unseen = self.unseen_end.take() == Some(timed.until)
            || now.wall.duration_since(timed.until) > LATE;
        if is_unseen || !self.is_choosable(&timed.back_to.id) {
            let offer = Offer {
                because: OfferCause::TimedStatusEnded,
                put_back: Some(timed.back_to),
                from: current.name.clone(),
                to: current.name,
                at: timed.until,
                changes: 1,
                reason_in_words: "The time you set for it is over.".to_owned(),
            };
            self.make_offer(offer, fx);
        } else {
            self.want(timed.back_to, None, Vec::new(), now, fx);
        }
    }

    /// When the timed status ends, by the clock since boot; one that has ended waits for something else.
    pub(super) fn timed_due(&self, now: Now) -> Option<Duration> {
        let timed = self
            .remembered
            .timed
            .as_ref()
            .filter(|_| !self.presence.asleep)?;
        let left = Duration::try_from(timed.until.duration_since(now.wall)).ok()?;
        (!left.is_zero()).then(|| now.since_boot.saturating_add(left))
    }
}
