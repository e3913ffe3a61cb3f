//! Offers: what the agent is asked after a forced change or an end that nobody saw.

use jiff::Timestamp;

use super::{Effect, Notice, Session, Ticket, Topic};
use crate::{Code, Failure, NamedStatus, Now, Offer, StatusId};

impl Session {
    pub(super) fn make_offer(&mut self, offer: Offer, fx: &mut Vec<Effect>) {
        self.offer = Some(offer);
        fx.extend(
            self.offer_now()
                .map(|offer| Effect::Notify(Notice::Offer(offer))),
        );
    }

    /// The offer as it can be taken up now: what cannot be chosen is not offered.
    pub(super) fn offer_now(&self) -> Option<Offer> {
        let mut offer = self.offer.clone()?;
        offer.put_back = offer
            .put_back
            .filter(|status| self.is_choosable(&status.id));
        Some(offer)
    }

    /// Stops offering to put something back.
    pub(super) fn close_offer(&mut self, fx: &mut Vec<Effect>) {
        if self.offer.take().is_some() {
            fx.push(Effect::Withdraw(Topic::Offer));
        }
    }

    /// Leaves what happened then as it is; what happened since is another question.
    pub(super) fn keep(&mut self, at: Timestamp, fx: &mut Vec<Effect>) {
        if self.offer.as_ref().is_some_and(|offer| offer.at == at) {
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
        let offered = self.offer.as_ref().and_then(|offer| offer.put_back.clone());
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
