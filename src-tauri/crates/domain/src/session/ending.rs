//! The end of a timed status, announced a little before it comes, and put off.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Effect, Notice, Session, Ticket, Topic};
use crate::{Code, EXTENSION, Failure, Now, TimedView};

/// So long before the end it is announced.
const NOTICE: SignedDuration = SignedDuration::from_mins(2);
/// Whoever chose a status for no longer than this has its end in mind still.
const SHORT: SignedDuration = SignedDuration::from_mins(3);

/// Whether an end that is set now is worth a notice of its own.
pub(super) fn is_worth_a_notice(until: Timestamp, now: Now) -> bool {
    until.duration_since(now.wall) > SHORT
}

impl Session {
    /// Lets the timed status last longer, if it still ends when the agent was told it would.
    pub(super) fn extend(
        &mut self,
        ticket: Ticket,
        until: Timestamp,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        let holds = self
            .timed_view(now)
            .is_some_and(|timed| timed.until == until);
        let is_leaving = self.wanted().is_some();
        let timed = self
            .remembered
            .timed
            .as_mut()
            .filter(|_| holds && !is_leaving);
        let result = match timed {
            Some(timed) => {
                timed.until = until
                    .max(now.wall)
                    .saturating_add(EXTENSION)
                    .unwrap_or(until);
                timed.announces = is_worth_a_notice(timed.until, now);
                self.remember(fx);
                Ok(())
            }
            None => Err(nothing_to_extend()),
        };
        fx.push(Effect::Finished { ticket, result });
    }

    /// Announces the end once, and takes that back when it is not the end any more.
    pub(super) fn announce_end(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let end = self.remembered.timed.as_ref().map(|timed| timed.until);
        if self.announced.is_some() && self.announced != end {
            self.announced = None;
            fx.push(Effect::Withdraw(Topic::Ending));
        }
        if self.presence.is_away() || self.wanted().is_some() {
            return;
        }
        let Some(shown) = self.timed_view(now) else {
            return;
        };
        let left = shown.until.duration_since(now.wall);
        let is_near = left.is_positive() && left <= NOTICE;
        // Where nothing can come back, the end itself says so.
        let is_near = is_near && self.is_choosable(&shown.back_to.id);
        if let Some(timed) = self
            .remembered
            .timed
            .as_mut()
            .filter(|timed| timed.announces && is_near)
        {
            timed.announces = false;
            self.announced = Some(timed.until);
            self.remember(fx);
            fx.push(Effect::Notify(Notice::Ending(shown)));
        }
    }

    /// When the end is announced, by the clock since boot; an announcement that is late waits for something else.
    pub(super) fn announcement_due(&self, now: Now) -> Option<Duration> {
        let timed = self
            .remembered
            .timed
            .as_ref()
            .filter(|timed| timed.announces && !self.presence.asleep)?;
        let left = timed.until.duration_since(now.wall) - NOTICE;
        let left = Duration::try_from(left).ok()?;
        (!left.is_zero()).then(|| now.since_boot.saturating_add(left))
    }

    /// The timed status, where it is the one shown.
    pub(super) fn timed_view(&self, now: Now) -> Option<TimedView> {
        let timed = self.remembered.timed.as_ref()?;
        self.shown(now)
            .is_some_and(|shown| shown.id == timed.status)
            .then(|| TimedView {
                until: timed.until,
                back_to: timed.back_to.clone(),
            })
    }
}

fn nothing_to_extend() -> Failure {
    Failure::new(
        Code::NothingToExtend,
        "The time for this status is over or was changed already, so nothing was extended. \
         Look at your light; choose the status again if you need it longer.",
    )
}
