//! How the account is doing, and when to ask again.

use std::time::Duration;

use super::{Effect, Notice, Session, Topic};
use crate::{Agent, Certainty, DeskError, Failure, Link, Listing, Now};

/// Failures in a row that make an account unreachable: one is a hiccup.
const FAILURES_TO_UNREACHABLE: u32 = 3;
/// Zendesk's own Ruby client waits so long when a 429 names no time.
const HOLD_WITHOUT_RETRY_AFTER: Duration = Duration::from_secs(10);
/// A second refusal so much later is no passing fault.
const BETWEEN_REFUSALS: Duration = Duration::from_secs(5);
/// No error notification so soon after waking: the network is still coming up.
const QUIET_AFTER_WAKING: Duration = Duration::from_mins(1);
/// The statuses on offer change rarely.
const BETWEEN_LISTS: Duration = Duration::from_mins(30);
/// Somebody looks, so a list older than this is read anew.
const LIST_AGE_ON_LOOK: Duration = Duration::from_mins(10);
/// Where no status is readable, so often the account is at least asked whether it lives.
const BETWEEN_PROBES: Duration = Duration::from_mins(5);
const MAX_LOAD: u32 = 8;

#[derive(Debug)]
pub(super) struct LinkState {
    /// Failed requests since the last answer.
    pub(super) failures: u32,
    /// Why the last answer was no use.
    pub(super) trouble: Option<DeskError>,
    /// A 401 waits for its confirmation.
    pub(super) doubted: bool,
    pub(super) signed_out: bool,
    /// The agent has not been told yet that the account is signed out.
    untold: bool,
    pub(super) account_locked: bool,
    /// No poll before this time.
    pub(super) hold_until: Option<Duration>,
    /// How many times slower than usual the account is read.
    pub(super) load: u32,
}

impl Default for LinkState {
    fn default() -> Self {
        Self {
            failures: 0,
            trouble: None,
            doubted: false,
            signed_out: false,
            untold: false,
            account_locked: false,
            hold_until: None,
            load: 1,
        }
    }
}

impl LinkState {
    /// Whether what was read before no longer counts.
    pub(super) fn is_down(&self) -> bool {
        self.signed_out || self.account_locked || self.failures >= FAILURES_TO_UNREACHABLE
    }

    pub(super) fn is_held(&self, now: Now) -> bool {
        self.hold_until.is_some_and(|until| now.since_boot < until)
    }

    pub(super) fn state(&self, now: Now) -> Link {
        if self.signed_out {
            Link::SignedOut
        } else if self.account_locked {
            Link::Locked
        } else if self.is_down() {
            Link::Unreachable
        } else if self.is_held(now) {
            Link::RateLimited
        } else {
            Link::Ok
        }
    }
}

impl Session {
    /// The help desk answered as it should.
    pub(super) fn answered(&mut self) {
        self.link.failures = 0;
        self.link.trouble = None;
        self.link.account_locked = false;
        self.link.doubted = false;
    }

    /// The help desk did not answer as it should.
    pub(super) fn troubled(&mut self, error: &DeskError, now: Now) {
        match error {
            DeskError::Unauthorized | DeskError::Anonymous => {
                self.link.doubted = true;
                self.due.probe = Some(now.since_boot + BETWEEN_REFUSALS);
            }
            DeskError::RateLimited { retry_after } => {
                let wait = retry_after.unwrap_or(HOLD_WITHOUT_RETRY_AFTER);
                self.link.hold_until = Some(now.since_boot + wait);
                self.link.load = (self.link.load * 2).min(MAX_LOAD);
            }
            DeskError::AccountLocked => self.link.account_locked = true,
            _ => self.link.failures += 1,
        }
        self.link.trouble = Some(error.clone());
    }

    /// How long to wait after so many failures: quick at first, so that three take no minute.
    pub(super) fn back_off(&self) -> Duration {
        match self.link.failures {
            0 => self.pace(),
            1 => Duration::from_secs(5),
            2 => Duration::from_secs(10),
            3 => Duration::from_secs(20),
            _ => Duration::from_mins(1),
        }
    }

    pub(super) fn probed(&mut self, result: Result<Agent, DeskError>, now: Now, fx: &mut Vec<Effect>) {
        self.requests.probe = false;
        match result {
            Ok(_) => {
                self.answered();
                self.due.probe = Some(now.since_boot + BETWEEN_PROBES);
            }
            Err(DeskError::Unauthorized | DeskError::Anonymous) if self.link.doubted => self.sign_out(now, fx),
            Err(error) => {
                self.troubled(&error, now);
                if self.due.probe.is_none() {
                    self.due.probe = Some(now.since_boot + self.back_off());
                }
            }
        }
    }

    fn sign_out(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.link.doubted = false;
        self.link.signed_out = true;
        self.link.trouble = Some(DeskError::Unauthorized);
        self.link.untold = true;
        self.due.probe = None;
        self.give_up_all(&DeskError::Unauthorized, now, fx);
    }

    /// Tells once that the account is signed out, a while after waking at the soonest.
    pub(super) fn tell_sign_out(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if self.link.untold && self.may_complain_at().is_none_or(|at| now.since_boot >= at) {
            self.link.untold = false;
            let failure = Failure::of(self.desk, &DeskError::Unauthorized);
            fx.push(Effect::Notify(Notice::SignedOut(failure)));
            fx.push(Effect::Withdraw(Topic::Offer));
        }
    }

    pub(super) fn sign_out_due(&self) -> Option<Duration> {
        self.may_complain_at().filter(|_| self.link.untold)
    }

    fn may_complain_at(&self) -> Option<Duration> {
        self.presence.woke_at.map(|woke| woke + QUIET_AFTER_WAKING)
    }

    pub(super) fn listed(&mut self, result: Result<Listing, DeskError>, now: Now) {
        self.requests.list = false;
        match result {
            Ok(listing) => {
                self.statuses = listing.statuses;
                self.due.list = now.since_boot + BETWEEN_LISTS;
                self.answered();
                self.rename_known();
            }
            Err(error) => {
                self.troubled(&error, now);
                self.due.list = now.since_boot + self.back_off().max(Duration::from_secs(5));
            }
        }
    }

    pub(super) fn looked(&mut self, now: Now) {
        self.read_soon(now);
        let read_at = self.due.list.saturating_sub(BETWEEN_LISTS);
        if now.since_boot >= read_at + LIST_AGE_ON_LOOK {
            self.due.list = now.since_boot;
        }
    }

    /// Where nothing is readable, the account is still asked now and then whether it lives.
    pub(super) fn schedule_probe(&mut self, now: Now) {
        if self.due.probe.is_none() && self.certainty(now) != Certainty::Confirmed {
            self.due.probe = Some(now.since_boot + BETWEEN_PROBES);
        }
    }
}
