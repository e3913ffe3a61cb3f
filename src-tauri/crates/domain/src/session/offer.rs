//! Offers: what the agent is asked after a forced change or an end that nobody saw.

use super::{Effect, Notice, Session, Ticket, Topic};
use crate::{Code, Failure, Now, Offer};

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

    pub(super) fn put_back(&mut self, ticket: Ticket, now: Now, fx: &mut Vec<Effect>) {
        let offered = self.offer.as_ref().and_then(|offer| offer.put_back.clone());
        let ended = self
            .remembered
            .timed
            .as_ref()
            .map(|timed| timed.back_to.clone());
        if let Some(to) = offered.or(ended) {
            self.choose(ticket, &to.id, None, now, fx);
        } else {
            let failure = Failure::new(
                Code::NothingToPutBack,
                "Statuslight has seen no change that it could undo. Choose the status you want instead.",
            );
            fx.push(Effect::Finished {
                ticket,
                result: Err(failure),
            });
        }
    }
}
