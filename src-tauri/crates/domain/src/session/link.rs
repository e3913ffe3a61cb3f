//! How the account is doing, and when to ask again.

use std::time::Duration;

use super::pace::Pace;
use super::{Effect, Notice, Session};
use crate::{Agent, DeskError, Failure, Link, Listing, Now, ReadPath};

/// Failures in a row that make an account unreachable: one is a hiccup.
const FAILURES_TO_UNREACHABLE: u32 = 3;
/// Zendesk's own Ruby client waits so long when a 429 names no time.
const HOLD_WITHOUT_RETRY_AFTER: Duration = Duration::from_secs(10);
/// A second refusal so much later is no passing fault.
const BETWEEN_REFUSALS: Duration = Duration::from_secs(5);
/// Where no status is readable, so often the account is at least asked whether it lives.
const BETWEEN_PROBES: Duration = Duration::from_secs(300);

#[derive(Debug, Default)]
pub(super) struct LinkState {
    /// Failed requests since the last answer.
    pub(super) failures: u32,
    /// Why the last answer was no use.
    pub(super) trouble: Option<DeskError>,
    /// When a 401 came that waits for its confirmation.
    doubted_at: Option<Duration>,
    pub(super) signed_out: bool,
    /// The agent has not been told yet that the account is signed out.
    untold: bool,
    pub(super) account_locked: bool,
    /// No poll before this time.
    pub(super) hold_until: Option<Duration>,
    pub(super) pace: Pace,
}

impl LinkState {
    /// Whether what was read before no longer counts.
    pub(super) fn is_down(&self) -> bool {
        self.signed_out || self.account_locked || self.failures >= FAILURES_TO_UNREACHABLE
    }

    /// Whether a 401 waits for its confirmation: until then nothing else is asked.
    pub(super) fn is_doubted(&self) -> bool {
        self.doubted_at.is_some()
    }

    pub(super) fn is_held(&self, now: Now) -> bool {
        self.hold_until.is_some_and(|until| now.since_boot < until)
    }

    pub(super) fn hold(&mut self, wait: Duration, now: Now) {
        let until = now.since_boot.saturating_add(wait);
        self.hold_until = self.hold_until.max(Some(until));
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
    /// When to ask next, after so many failures in a row: jitter keeps many readers of one account apart, all the more after they were all refused.
    pub(super) fn next_try(&self, failures: u32, now: Now, chance: f64) -> Duration {
        match self.link.hold_until.filter(|until| *until > now.since_boot) {
            Some(until) => {
                // Whose light is not on yet goes before those who only look again.
                let within = match self.known.at {
                    Some(_) => self.pace(),
                    None => self.interval,
                };
                until.saturating_add(within.mul_f64(chance))
            }
            None => now.since_boot + self.back_off(failures).mul_f64(0.9 + 0.2 * chance),
        }
    }

    /// The help desk answered as it should. A sign-in in doubt stays so: the answer may be older than the 401.
    pub(super) fn answered(&mut self) {
        if self.link.signed_out {
            return;
        }
        self.link.failures = 0;
        self.link.trouble = None;
        self.link.account_locked = false;
    }

    /// The help desk did not answer as it should.
    pub(super) fn troubled(&mut self, error: &DeskError, now: Now) {
        if self.link.signed_out {
            return;
        }
        match error {
            DeskError::Unauthorized | DeskError::Anonymous => {
                self.link.doubted_at.get_or_insert(now.since_boot);
                self.due.probe = Some(now.since_boot + BETWEEN_REFUSALS);
            }
            DeskError::RateLimited { retry_after } => {
                self.link
                    .hold(retry_after.unwrap_or(HOLD_WITHOUT_RETRY_AFTER), now);
                self.link.pace.refused(*retry_after);
            }
            DeskError::AccountLocked => self.link.account_locked = true,
            other => {
                self.link.failures = self.link.failures.saturating_add(1);
                if let Some(wait) = other.retry_after() {
                    self.link.hold(wait, now);
                }
            }
        }
        self.link.trouble = Some(error.clone());
    }

    /// How long to wait after so many failures in a row: quick at first, so that three take no minute.
    pub(super) fn back_off(&self, failures: u32) -> Duration {
        match failures {
            0 => self.pace(),
            1 => Duration::from_secs(5),
            2 => Duration::from_secs(10),
            3 => Duration::from_secs(20),
            _ => Duration::from_secs(60),
        }
    }

    pub(super) fn probed(
        &mut self,
        result: Result<Agent, DeskError>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        let sent_at = self.requests.probe.take();
        let confirms = |doubted_at: Duration| {
            sent_at.is_some_and(|sent| sent >= doubted_at + BETWEEN_REFUSALS)
        };
        match result {
            Ok(_) => {
                self.link.doubted_at = None;
                self.answered();
                self.schedule_probe(now);
            }
            Err(DeskError::Unauthorized | DeskError::Anonymous)
                if self.link.doubted_at.is_some_and(confirms) =>
            {
                self.sign_out(now, fx);
            }
            Err(error) => {
                self.troubled(&error, now);
                if self.due.probe.is_none() {
                    self.due.probe = Some(now.since_boot + self.back_off(self.link.failures));
                }
            }
        }
    }

    fn sign_out(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.link.doubted_at = None;
        self.link.signed_out = true;
        self.link.trouble = Some(DeskError::Unauthorized);
        self.link.untold = true;
        self.due.probe = None;
        self.close_offer(fx);
        self.close_ear(fx);
        self.via_signed_out(now, fx);
        self.yield_after_call(None, "You were signed out.", fx);
        if let Some(newest) = self.drop_wanted(fx) {
            self.report(
                newest,
                Failure::of(self.desk, &DeskError::Unauthorized),
                now,
                fx,
            );
        }
    }

    /// Tells what had to wait until the agent may be bothered with errors.
    pub(super) fn tell_late(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if self
            .presence
            .quiet_until()
            .is_some_and(|until| now.since_boot < until)
        {
            return;
        }
        if let Some(failed) = self.failed.as_ref().filter(|_| self.failed_untold) {
            fx.push(Effect::Notify(Notice::SwitchFailed(failed.clone())));
        }
        self.failed_untold = false;
        if let Some(failed) = self.line.failed.as_ref().filter(|_| self.line.untold) {
            fx.push(Effect::Notify(Notice::ViaFailed(failed.clone())));
        }
        self.line.untold = false;
        if self.link.untold {
            self.link.untold = false;
            fx.push(Effect::Notify(Notice::SignedOut(Failure::of(
                self.desk,
                &DeskError::Unauthorized,
            ))));
        }
    }

    /// When [`Session::tell_late`] has something to tell.
    pub(super) fn late_due(&self) -> Option<Duration> {
        self.presence
            .quiet_until()
            .filter(|_| self.failed_untold || self.line.untold || self.link.untold)
    }

    pub(super) fn listed(
        &mut self,
        result: Result<Listing, DeskError>,
        now: Now,
        chance: f64,
        fx: &mut Vec<Effect>,
    ) {
        self.requests.list = false;
        match result {
            Ok(listing) => {
                self.take_list(listing.statuses, now, fx);
                // A right may have been given meanwhile: it is tried again.
                self.line.barred = None;
                self.due.list = now.since_boot + self.link.pace.stretched(self.between_lists());
                self.due.listed = Some(now.since_boot);
                self.due.list_failures = 0;
                self.answered();
                self.rename_known();
                self.yield_timed_to_channel(fx);
                let _ = self.look_for_better_path(now);
            }
            Err(error) => {
                self.troubled(&error, now);
                self.due.list_failures = self.due.list_failures.saturating_add(1);
                self.due.list = self.next_try(self.due.list_failures, now, chance);
            }
        }
    }

    pub(super) fn looked(&mut self, now: Now) {
        self.read_soon(now);
        self.read_phone_soon(now);
        if self
            .due
            .listed
            .is_some_and(|listed| now.since_boot >= listed + self.list_age_on_look())
            && self.due.list_failures == 0
        {
            self.due.list = now.since_boot;
        }
    }

    /// Where nothing is readable, the account is still asked now and then whether it lives.
    pub(super) fn schedule_probe(&mut self, now: Now) {
        if self.due.probe.is_none() && self.known.path == Some(ReadPath::Nowhere) {
            self.due.probe = Some(now.since_boot + BETWEEN_PROBES);
        }
    }
}
