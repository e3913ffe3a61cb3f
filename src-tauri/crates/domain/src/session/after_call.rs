//! "After this call": a status that is chosen now and comes when the call ends.
//!
//! It yields to everything else that happens to the status, and where nobody could see the call end it is offered.

use std::time::Duration;

use jiff::SignedDuration;

use super::{Effect, Notice, Session, Ticket, Topic};
use crate::words::{UNKNOWN_STATUS, short};
use crate::{
    Certainty, Code, DroppedAfterCall, Failure, NamedStatus, Now, Offer, OfferCause, Phone,
    StatusId,
};

/// So often the phone is read while a status waits for the end of a call.
const BETWEEN_READS: Duration = Duration::from_secs(10);
/// A call that was last seen longer ago may have ended at any time since.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// A status that waits for the end of a call.
#[derive(Debug)]
pub(super) struct AfterCall {
    pub(super) to: NamedStatus,
    /// The screen was locked or the computer asleep since the call was last seen.
    is_unseen: bool,
    /// When the call was last seen.
    seen: Now,
    /// The call is over: what is left is to read whether something else changed the status meanwhile.
    is_over: bool,
}

impl Session {
    pub(super) fn choose_after_call(
        &mut self,
        ticket: Ticket,
        id: &StatusId,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        let seen = self
            .phone_now(now)
            .filter(|told| told.phone.call.is_some())
            .map(|told| told.at);
        let result = self.may_choose(id, None, now).and_then(|to| {
            let seen = seen.ok_or_else(not_on_a_call)?;
            Ok(AfterCall {
                to,
                is_unseen: false,
                seen,
                is_over: false,
            })
        });
        let result = result.map(|after| {
            self.after_call = Some(after);
            fx.push(Effect::Withdraw(Topic::AfterCall));
            self.watch_call(now);
        });
        fx.push(Effect::Finished { ticket, result });
    }

    /// Nobody can see the call end now.
    pub(super) fn call_out_of_sight(&mut self) {
        if let Some(after) = &mut self.after_call {
            after.is_unseen = true;
        }
    }

    /// Reads often while something waits for the call: the status itself where the phone comes along with it.
    pub(super) fn watch_call(&mut self, now: Now) {
        let Some(after) = &self.after_call else {
            return;
        };
        let soon = now.since_boot + BETWEEN_READS;
        if after.is_over {
            self.due.fetch = self.due.fetch.min(now.since_boot);
        } else if self.line.comes_along {
            self.due.fetch = self.due.fetch.min(soon);
        } else {
            self.line.due = Some(self.line.due.map_or(soon, |due| due.min(soon)));
        }
    }

    /// Notes whether the call goes on. The status is read before anything follows it: it may have been changed.
    pub(super) fn call_told(&mut self, phone: Phone, now: Now) {
        let is_away = self.presence.is_away();
        if let Some(after) = &mut self.after_call {
            after.is_over = phone.call.is_none();
            if !after.is_over {
                after.is_unseen = is_away;
                after.seen = now;
            }
        }
        self.watch_call(now);
    }

    /// Switches once the call is over and the status was read, or offers to where the end was not seen.
    pub(super) fn follow_call(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let is_away = self.presence.is_away();
        let Some(after) = self.after_call.take_if(|after| after.is_over) else {
            self.watch_call(now);
            return;
        };
        let is_late = now.wall.duration_since(after.seen.wall) > LATE;
        let is_sure = self.certainty(now) != Certainty::Unknown;
        if !after.is_unseen && !is_away && !is_late && is_sure {
            self.choose_for(Vec::new(), &after.to.id, None, now, fx);
            return;
        }
        if self
            .confirmed(now)
            .is_some_and(|status| status.id == after.to.id)
        {
            return;
        }
        let current = self
            .shown(now)
            .map_or_else(|| UNKNOWN_STATUS.to_owned(), |status| status.name.clone());
        let offer = Offer {
            because: OfferCause::CallEnded,
            put_back: Some(after.to),
            from: current.clone(),
            to: current,
            at: now.wall,
            changes: 1,
            reason_in_words: "Your call ended while that could not be seen.".to_owned(),
        };
        self.make_offer(offer, fx);
    }

    /// Gives up what waits for the end of a call, and says so, unless it is what came about.
    pub(super) fn yield_after_call(
        &mut self,
        to: Option<&StatusId>,
        because: &str,
        fx: &mut Vec<Effect>,
    ) {
        let Some(after) = self.after_call.take() else {
            return;
        };
        if Some(&after.to.id) != to {
            fx.push(Effect::Notify(Notice::AfterCallDropped(DroppedAfterCall {
                to: after.to,
                because: because.to_owned(),
            })));
        }
    }
}

fn not_on_a_call() -> Failure {
    Failure::new(
        Code::NotOnACall,
        "You are not on a call, as far as is known. Nothing was set. Choose the status itself.",
    )
}

impl DroppedAfterCall {
    /// What was given up, as a title.
    pub(crate) fn title(&self) -> String {
        format!("{} will not follow your call", short(&self.to.name, 40))
    }
}
