//! Offers: what the agent is asked after a forced change or an end that nobody saw.

use std::time::Duration;

use jiff::Timestamp;

use super::{Effect, Notice, Session, Ticket, Topic};
use crate::{Certainty, Code, Failure, NamedStatus, Now, Offer, StatusId};

/// So long an offer is put aside.
const SNOOZE: Duration = Duration::from_secs(600);
/// Forced changes that follow each other so soon are one story.
const BURST: Duration = Duration::from_secs(10);

/// An offer, and whether it waits.
#[derive(Debug)]
pub(super) struct Offered {
    pub(super) offer: Offer,
    /// Put aside: when it comes back, by the clock since boot.
    again_at: Option<Duration>,
}

/// A forced change that was told just now.
#[derive(Debug)]
pub(super) struct Burst {
    offer: Offer,
    at: Duration,
}

impl Session {
    pub(super) fn make_offer(&mut self, offer: Offer, fx: &mut Vec<Effect>) {
        self.offer = Some(Offered {
            offer,
            again_at: None,
        });
        self.tell_offer(fx);
    }

    fn tell_offer(&self, fx: &mut Vec<Effect>) {
        fx.extend(
            self.offer_now()
                .map(|offer| Effect::Notify(Notice::Offer(offer))),
        );
    }

    /// What is to be offered after a forced change that came with others: the way back to before the first.
    ///
    /// Nothing where the last of them led back there.
    pub(super) fn join_burst(
        &mut self,
        earlier: Option<Burst>,
        offer: Offer,
        now: Now,
    ) -> Option<Offer> {
        let earlier = earlier.filter(|burst| now.since_boot <= burst.at + BURST);
        let offer = match earlier {
            Some(Burst { offer: first, .. }) => Offer {
                from: first.from,
                put_back: first.put_back,
                changes: first.changes.saturating_add(1),
                ..offer
            },
            None => offer,
        };
        if offer.changes > 1 && offer.from == offer.to {
            return None;
        }
        self.burst = Some(Burst {
            offer: offer.clone(),
            at: now.since_boot,
        });
        Some(offer)
    }

    /// Puts the offer aside for a while.
    pub(super) fn snooze(&mut self, at: Timestamp, now: Now, fx: &mut Vec<Effect>) {
        let offered = self.offer.as_mut().filter(|offered| offered.offer.at == at);
        if let Some(offered) = offered {
            offered.again_at = Some(now.since_boot + SNOOZE);
            self.let_go();
            self.burst = None;
            fx.push(Effect::Withdraw(Topic::Offer));
        }
    }

    /// Brings back what was put aside, once it is known that nothing changed since.
    pub(super) fn remind(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let can_be_told = !self.presence.is_away() && self.certainty(now) != Certainty::Unknown;
        let Some(offered) = self.offer.as_mut().filter(|offered| {
            can_be_told && offered.again_at.is_some_and(|at| at <= now.since_boot)
        }) else {
            return;
        };
        offered.again_at = None;
        self.tell_offer(fx);
    }

    /// When an offer comes back, by the clock since boot; one that is late waits for something else.
    pub(super) fn reminder_due(&self, now: Now) -> Option<Duration> {
        self.offer
            .as_ref()?
            .again_at
            .filter(|at| *at > now.since_boot && !self.presence.asleep)
    }

    /// The offer as it can be taken up now: what cannot be chosen is not offered.
    pub(super) fn offer_now(&self) -> Option<Offer> {
        let offered = self.offer.as_ref()?;
        let mut offer = offered.again_at.is_none().then(|| offered.offer.clone())?;
        offer.put_back = offer
            .put_back
            .filter(|status| self.is_choosable(&status.id));
        Some(offer)
    }

    /// Stops offering to put something back.
    pub(super) fn close_offer(&mut self, fx: &mut Vec<Effect>) {
        self.burst = None;
        if let Some(offered) = self.offer.take()
            && offered.again_at.is_none()
        {
            fx.push(Effect::Withdraw(Topic::Offer));
        }
    }

    /// Leaves what happened then as it is; what happened since is another question.
    pub(super) fn keep(&mut self, at: Timestamp, fx: &mut Vec<Effect>) {
        let offered = self.offer.as_ref();
        if offered.is_some_and(|offered| offered.offer.at == at) {
            self.let_go();
            self.close_offer(fx);
        }
    }

    pub(super) fn put_back(
        &mut self,
        ticket: Ticket,
        named: Option<&StatusId>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        let offered = self.offer.as_ref();
        let offered = offered.and_then(|offered| offered.offer.put_back.clone());
        let ended = self
            .remembered
            .timed
            .as_ref()
            .map(|timed| timed.back_to.clone());
        let is_meant = |to: &NamedStatus| named.is_none_or(|named| *named == to.id);
        let ways_back = [offered, ended];
        if let Some(to) = ways_back.iter().flatten().find(|to| is_meant(to)) {
            return self.choose(ticket, &to.id, None, now, fx);
        }
        let message = if ways_back.iter().any(Option::is_some) {
            "Your status changed again since that was offered, so you were not put back. Nothing was changed. \
             Look at your light and choose the status you want."
        } else {
            "Statuslight has seen no change that it could undo. Choose the status you want instead."
        };
        fx.push(Effect::Finished {
            ticket,
            result: Err(Failure::new(Code::NothingToPutBack, message)),
        });
    }
}
