//! The guard at work: one write on leaving, told and offered to be undone on coming back.

use std::time::Duration;

use super::choice::{Choice, Origin, Stage};
use super::{Effect, Session};
use crate::words::{UNKNOWN_STATUS, short};
use crate::{
    Certainty, Code, Failure, Guard, Leaving, Left, NamedStatus, Now, Offer, OfferCause, ReadPath,
    StatusKind,
};

/// A computer that sleeps or shuts down waits no longer, nor does whoever quits.
const REPORT_AFTER: Duration = Duration::from_secs(4);
/// A try that begins later is not answered in time.
const TRY_FOR: Duration = Duration::from_secs(3);

impl Session {
    /// Says what the guard does from now on; nothing switches it off.
    pub fn set_guard(&mut self, guard: Option<Guard>) {
        self.guard = guard;
    }

    /// Whether something is being written or waits to be, so that who ends now may lose it.
    pub fn is_writing(&self) -> bool {
        self.requests.push
            || self.choice.is_some()
            || self.line.is_writing
            || self.line.choice.is_some()
    }

    /// The agent leaves: goes to the guard's status where one is set for that and less work arrives in it.
    pub(super) fn leave(&mut self, on: Leaving, now: Now, fx: &mut Vec<Effect>) {
        self.hurry_guard(on, now);
        let Some(guard) = self.guard.clone().filter(|guard| guard.on.contains(&on)) else {
            return;
        };
        if let Some(newest) = self.next.as_mut().or(self.choice.as_mut())
            && newest.origin == Origin::Agent
            && newest.to.id == guard.to
        {
            // The agent goes there without the guard; only sleep would not wait for it.
            if on == Leaving::Sleep {
                newest.origin = Origin::Awaited;
                self.hurry_guard(on, now);
            }
            return;
        }
        let Some(to) = self.find(&guard.to).map(crate::Status::named) else {
            // Nothing is known before the list; a status that is gone from it is told on return.
            if !self.statuses.is_empty() {
                let to = self.name_of(&guard.to);
                self.note_leaving(on, to, now, Some(Code::NoSuchStatus));
                self.remember(fx);
            }
            return;
        };
        if !self.receives_more_than(&to, now) {
            return;
        }
        if let Err(failure) = self.may_choose(&to.id, None, now) {
            self.note_leaving(on, to, now, Some(failure.code));
            self.remember(fx);
            return;
        }
        self.note_leaving(on, to.clone(), now, None);
        self.yield_after_call(Some(&to.id), "You left your computer meanwhile.", fx);
        self.take_up(Choice::by_rule(Origin::Guard, to, now), fx);
        self.hurry_guard(on, now);
    }

    /// Whether more work arrives now, or will by a click under way, than in a status of this kind.
    ///
    /// What was known last decides, even where it is not sure any more; where nothing is known, nothing is done.
    /// A time off that the agent set is left alone: its end is offered anyway.
    fn receives_more_than(&self, to: &NamedStatus, now: Now) -> bool {
        let (current, is_timed) = match self.newest() {
            Some(choice) => (Some(choice.to.kind), choice.until.is_some()),
            None => (
                self.shown(now)
                    .map(|status| status.kind)
                    .or_else(|| self.channel_kind()),
                self.timed_view(now).is_some(),
            ),
        };
        current.is_some_and(|current| {
            current.receives_more_than(to.kind) && !(is_timed && current != StatusKind::Online)
        })
    }

    /// Notes what the guard does, for the return.
    fn note_leaving(&mut self, on: Leaving, to: NamedStatus, now: Now, failure: Option<Code>) {
        // Who left before and is not back yet goes back to the status before that.
        let earlier = self
            .remembered
            .left
            .as_ref()
            .and_then(|left| left.back_to.as_ref());
        let current = self.wanted().or_else(|| self.shown(now));
        let is_left = |status: &NamedStatus| {
            self.remembered
                .left
                .as_ref()
                .is_some_and(|left| left.to.id == status.id)
        };
        let back_to = match current {
            Some(current) if is_left(current) => earlier.or(Some(current)),
            current => current,
        };
        self.remembered.left = Some(Left {
            on,
            back_to: back_to.cloned(),
            to,
            at: now.wall,
            failure,
        });
    }

    /// Gives a guard's write under way the little time that there is.
    fn hurry_guard(&mut self, on: Leaving, now: Now) {
        if on == Leaving::Lock {
            return;
        }
        for choice in self.choice.iter_mut().chain(&mut self.next) {
            if choice.origin.is_waited_for() {
                choice.last_try = choice.last_try.min(now.since_boot + TRY_FOR);
                choice.report_by = choice.report_by.min(now.since_boot + REPORT_AFTER);
            }
        }
    }

    /// Whether the newest of what is wanted is the guard's.
    pub(super) fn is_guarding(&self) -> bool {
        self.newest()
            .is_some_and(|choice| choice.origin.is_waited_for())
    }

    /// The agent is back: what the guard did not get sent is not sent any more.
    pub(super) fn stop_guarding(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.presence.returned_at = Some(now.since_boot);
        if self.is_guarding()
            && let Some(in_flight) = &mut self.choice
        {
            // Whether it is the guard's or a click before it.
            in_flight.try_no_more(now);
        }
        let is_guards = |choice: &mut Choice| choice.origin.is_waited_for();
        let stopped = match (self.next.take_if(is_guards), &mut self.choice) {
            (Some(next), _) => Some(next),
            (None, Some(choice)) if choice.stage == Stage::InFlight => None,
            (None, _) => self.choice.take_if(is_guards),
        };
        if let Some(choice) = stopped {
            let failure = match &choice.last_error {
                Some(error) => Failure::of(self.desk, error),
                None => Failure::new(
                    self.why_unheard(),
                    "What was under way before was not answered in time.",
                ),
            };
            self.report(choice, failure, now, fx);
        }
    }

    /// Why a write that waits for its turn is given up on the return.
    fn why_unheard(&self) -> Code {
        let left = self.remembered.left.as_ref();
        match left.map(|left| left.on) {
            Some(Leaving::Lock | Leaving::Quit) => Code::TimedOut,
            Some(Leaving::Sleep | Leaving::Shutdown) | None => Code::Slept,
        }
    }

    /// Notes why the guard's write came to nothing, to be told on return.
    pub(super) fn guard_failed(&mut self, why: Code, fx: &mut Vec<Effect>) {
        if let Some(left) = &mut self.remembered.left {
            left.failure = Some(why);
            self.remember(fx);
        }
    }

    /// A change to another status than the guard's ends the matter; what failed is still told.
    pub(super) fn yield_guard(&mut self, to: &crate::StatusId, fx: &mut Vec<Effect>) {
        let is_over = |left: &mut Left| left.to.id != *to && left.failure.is_none();
        if self.remembered.left.take_if(is_over).is_some() {
            self.remember(fx);
        }
    }

    /// Tells once, as soon as the status was read after the return, what the guard did, and offers to undo it.
    pub(super) fn welcome_back(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let is_told = self.guard.is_some()
            && self.remembered.left.is_some()
            && !self.presence.is_away()
            && !self.is_writing()
            && !self.link.signed_out
            && !self.statuses.is_empty()
            && self.was_read_since_return()
            && self.certainty(now) != Certainty::Unknown;
        let Some(left) = self.remembered.left.take_if(|_| is_told) else {
            return;
        };
        self.remember(fx);
        let shown = self.shown(now);
        let is_there = shown.is_some_and(|shown| shown.id == left.to.id);
        let was_applied = self
            .accepted_write()
            .is_some_and(|write| write.id == left.to.id);
        let is_as_before =
            shown.map(|shown| &shown.id) == left.back_to.as_ref().map(|before| &before.id);
        let wrote_since = self
            .remembered
            .last_write
            .as_ref()
            .is_some_and(|write| write.at >= left.at);
        let was_never_sent = matches!(
            left.failure,
            Some(Code::SignedOut | Code::NotEligible | Code::NoSuchStatus)
        );
        let may_be_its = was_applied && wrote_since && !was_never_sent;
        if is_there && left.failure.is_some() && !may_be_its {
            // Something else led there, and nothing is left to tell.
            return;
        }
        if is_there {
            let from = left.back_to.as_ref();
            let offer = Offer {
                because: OfferCause::Guarded,
                from: from.map_or_else(|| UNKNOWN_STATUS.to_owned(), |from| from.name.clone()),
                put_back: left.back_to,
                to: left.to.name,
                changes: 1,
                at: left.at,
                reason_in_words: format!("Your guard switched {}.", left.on.words()),
            };
            self.make_offer(offer, fx);
            return;
        }
        // The program may have ended before it heard of an answer.
        let unheard = if left.on == Leaving::Sleep {
            Code::Slept
        } else {
            Code::Ended
        };
        let unheard = (is_as_before && !was_applied).then_some(unheard);
        if let Some(why) = left.failure.or(unheard) {
            self.tell_guard_failed(left.to, left.on, why, now, fx);
        }
    }

    fn tell_guard_failed(
        &mut self,
        to: NamedStatus,
        on: Leaving,
        why: Code,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        let message = format!(
            "Your guard could not switch you to \u{201c}{}\u{201d} {}, so work may have come in meanwhile ({}). \
             Look at your status.",
            short(&to.name, 60),
            on.words(),
            why.words()
        );
        self.show_failed(to, Failure::new(why, message), now, fx);
    }

    fn was_read_since_return(&self) -> bool {
        if self.known.path == Some(ReadPath::Nowhere) {
            return true;
        }
        let read_at = self.known.at.map(|at| at.since_boot);
        read_at.is_some_and(|read_at| self.presence.returned_at.is_none_or(|at| read_at >= at))
    }
}
