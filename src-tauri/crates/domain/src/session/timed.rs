//! Timed statuses: they end, survive a restart, and yield to everything else.

use jiff::{SignedDuration, Timestamp};

use super::{Effect, Session};
use crate::{Now, Offer, OfferCause, StatusId};

/// An end that passed by more than this, unseen, is offered in place of being applied.
const LATE: SignedDuration = SignedDuration::from_mins(5);

impl Session {
    /// A change that is not the timed status's own ends its time.
    pub(super) fn yield_timed(&mut self, id: &StatusId, fx: &mut Vec<Effect>) {
        if self.remembered.timed.as_ref().is_some_and(|timed| timed.status != *id) {
            self.remembered.timed = None;
            fx.push(Effect::Remember(self.remembered.clone()));
        }
    }

    /// Brings back the status before, or offers it where the agent could not have seen the end.
    pub(super) fn end_timed(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(timed) = self.remembered.timed.as_ref().filter(|timed| timed.until <= now.wall) else { return };
        let holds = self.confirmed(now).is_some_and(|status| status.id == timed.status);
        if !holds || self.choice.is_some() || self.presence.asleep {
            return;
        }
        let timed = timed.clone();
        self.remembered.timed = None;
        fx.push(Effect::Remember(self.remembered.clone()));
        if self.presence.locked || now.wall.duration_since(timed.until) > LATE {
            let from = self.confirmed(now).map_or_else(String::new, |status| status.name.clone());
            let offer = Offer {
                because: OfferCause::TimedStatusEnded,
                put_back: self.is_choosable(&timed.back_to.id).then(|| timed.back_to.clone()),
                to: from.clone(),
                from,
                at: timed.until,
                reason_in_words: "The time you set for it is over.".to_owned(),
            };
            self.offer_end(offer, fx);
        } else if self.is_choosable(&timed.back_to.id) {
            self.want(timed.back_to, None, Vec::new(), now, fx);
        }
    }

    /// When the timed status ends.
    pub(super) fn timed_until(&self, now: Now) -> Option<Timestamp> {
        let timed = self.remembered.timed.as_ref()?;
        self.shown(now).is_some_and(|shown| shown.id == timed.status).then_some(timed.until)
    }
}
