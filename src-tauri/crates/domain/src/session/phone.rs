//! The agent's phone: what is known of it, and when it is read.
//!
//! Where the status itself is read from Talk, the phone comes along; elsewhere it is a request of its own.

use std::time::Duration;

use jiff::Timestamp;

use super::via::ViaChoice;
use super::{Effect, Session, Topic};
use crate::{Channel, DeskError, FailedVia, HelpDeskName, Now, Phone, PhoneView, ReadPath, Via};

/// After the first read of the status, so that whoever asks for the status alone is done before.
const AFTER_THE_STATUS: Duration = Duration::from_secs(1);
/// Where calls ring changes rarely, and so does the line while nobody calls.
const BETWEEN_READS: Duration = Duration::from_secs(180);
/// Who has no phone may get one.
const BETWEEN_SEARCHES: Duration = Duration::from_secs(1800);
/// However often somebody looks.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);
/// What was read is not shown for longer.
const OLDEST: Duration = Duration::from_secs(600);

/// The agent's phone.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) told: Option<ToldPhone>,
    /// It comes along with the status.
    pub(super) comes_along: bool,
    /// The help desk has no phone for this agent.
    pub(super) is_absent: bool,
    /// Why where calls ring cannot be changed.
    pub(super) barred: Option<String>,
    /// The change being worked on, and the newer one that waits for its answer.
    pub(super) choice: Option<ViaChoice>,
    pub(super) next: Option<ViaChoice>,
    /// The change that sleep interrupted, to be reported on waking.
    pub(super) interrupted: Option<ViaChoice>,
    /// Where calls shall ring by a click that the program before did not hear answered, until it is told what came of it.
    pub(super) unheard: Option<Via>,
    pub(super) failed: Option<FailedVia>,
    /// The agent has not been notified of it yet.
    pub(super) untold: bool,
    pub(super) is_writing: bool,
    /// A read under way, and whether a write began after it.
    pub(super) reading: Option<Overtaken>,
    /// When it is read next, by the clock since boot.
    pub(super) due: Option<Duration>,
    last_read: Option<Duration>,
    failures: u32,
}

impl Line {
    /// Nothing is known of the phone but what the program before did not hear, for which it is read at once.
    pub(super) fn new(unheard: Option<Via>) -> Self {
        Self {
            unheard,
            due: unheard.map(|_| Duration::ZERO),
            ..Self::default()
        }
    }
}

/// What was read last.
#[derive(Debug)]
pub(super) struct ToldPhone {
    pub(super) phone: Phone,
    pub(super) at: Now,
    pub(super) call_since: Option<Timestamp>,
}

/// Whether a write began after a read, so that the read may be older than the write's answer.
#[derive(Debug)]
pub(super) struct Overtaken(pub(super) bool);

impl Session {
    /// Asks for the phone where the status does not bring it along.
    pub(super) fn expect_phone(&mut self, path: ReadPath, channels: &[Channel], now: Now) {
        let may_have = match path {
            ReadPath::Own | ReadPath::OwnById if self.desk == HelpDeskName::Zendesk => {
                channels.is_empty() || channels.iter().any(|channel| channel.name == "talk")
            }
            ReadPath::Own
            | ReadPath::OwnById
            | ReadPath::TalkIsStatus
            | ReadPath::TalkChannel
            | ReadPath::Nowhere => false,
        };
        if may_have && self.line.due.is_none() {
            self.line.due = Some(now.since_boot + AFTER_THE_STATUS);
        }
    }

    /// Makes a read due at once, since somebody looks or is back.
    pub(super) fn read_phone_soon(&mut self, now: Now) {
        let soonest = self
            .line
            .last_read
            .map_or(now.since_boot, |last| last + BETWEEN_LOOKS);
        if !self.line.is_absent {
            self.line.due = self.line.due.map(|due| due.min(soonest));
        }
    }

    pub(super) fn read_phone(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.line.reading = Some(Overtaken(false));
        self.line.last_read = Some(now.since_boot);
        fx.push(Effect::FetchPhone);
    }

    pub(super) fn may_read_phone(&self) -> bool {
        self.may_poll() && self.line.reading.is_none() && !self.line.is_writing
    }

    /// When the phone is read next or what is known of it grows old.
    pub(super) fn phone_due(&self, now: Now) -> [Option<Duration>; 2] {
        let read = self.line.due.filter(|_| self.may_read_phone());
        let read = read.map(|at| self.link.hold_until.map_or(at, |until| at.max(until)));
        let aging = self
            .phone_until()
            .map(|until| until + Duration::from_millis(1));
        let aging = aging.filter(|at| *at > now.since_boot && !self.presence.asleep);
        [read, aging]
    }

    pub(super) fn phone_fetched(
        &mut self,
        result: Result<Option<Phone>, DeskError>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        let overtaken = self.line.reading.take().is_some_and(|reading| reading.0);
        match result {
            Ok(Some(phone)) => {
                self.line.failures = 0;
                if overtaken {
                    self.line.due = Some(now.since_boot);
                } else {
                    self.phone_told(phone, now, fx);
                }
            }
            Ok(None) => {
                self.line.failures = 0;
                self.line.is_absent = true;
                self.line.told = None;
                self.remember_phone(false, fx);
                self.line.due = Some(now.since_boot + BETWEEN_SEARCHES);
                self.via_unreadable(&DeskError::NotFound, now, fx);
                self.yield_after_call(None, "Your phone can no longer be read.", fx);
            }
            Err(error) => {
                self.phone_troubled(&error, now);
                self.line.failures = self.line.failures.saturating_add(1);
                let pause = self.back_off(self.line.failures);
                self.line.due = Some(now.since_boot + pause);
                self.via_unreadable(&error, now, fx);
            }
        }
    }

    /// Takes a failed request about the phone for what it says of the account: a wait that is asked for, a refused
    /// sign-in. Whether the account can be reached is for the status to tell.
    pub(super) fn phone_troubled(&mut self, error: &DeskError, now: Now) {
        match error {
            DeskError::RateLimited { .. } | DeskError::Unauthorized | DeskError::Anonymous => {
                self.troubled(error, now);
            }
            other => {
                if let Some(wait) = other.retry_after() {
                    self.link.hold(wait, now);
                }
            }
        }
    }

    /// Takes in what the help desk said of the phone, unless a change of it is under way.
    pub(super) fn phone_told(&mut self, phone: Phone, now: Now, fx: &mut Vec<Effect>) {
        if self.line.is_writing {
            return;
        }
        let call_since = self
            .line
            .told
            .as_ref()
            .filter(|told| told.phone.call == phone.call)
            .map_or(Some(now.wall), |told| told.call_since)
            .filter(|_| phone.call.is_some());
        self.line.is_absent = false;
        self.remember_phone(true, fx);
        self.line.told = Some(ToldPhone {
            phone,
            at: now,
            call_since,
        });
        let pace = if phone.call.is_some() {
            self.pace()
        } else {
            self.link.pace.stretched(BETWEEN_READS)
        };
        self.line.due = (!self.line.comes_along).then_some(now.since_boot + pace);
        if self
            .line
            .failed
            .as_ref()
            .is_some_and(|failed| Some(failed.to) == phone.via)
        {
            self.clear_failed_via(fx);
        }
        self.resolve_via(phone, now, fx);
        self.call_told(phone, now);
    }

    fn remember_phone(&mut self, has_phone: bool, fx: &mut Vec<Effect>) {
        if self.remembered.has_phone != has_phone {
            self.remembered.has_phone = has_phone;
            self.remember(fx);
        }
    }

    /// Whether a phone that was there before is yet to be read: its place is kept, so that an open menu does not grow.
    fn expects_known_phone(&self) -> bool {
        let is_awaited = self.known.path.is_none() || self.line.due.is_some();
        self.remembered.has_phone && is_awaited
    }

    /// Until when, by the clock since boot, what was read is shown.
    fn phone_until(&self) -> Option<Duration> {
        let told = self.line.told.as_ref()?;
        let limit = if told.phone.call.is_some() {
            self.pace().saturating_mul(3).min(OLDEST)
        } else {
            OLDEST
        };
        Some(told.at.since_boot + limit)
    }

    /// What was read last, while it can be relied on.
    pub(super) fn phone_now(&self, now: Now) -> Option<&ToldPhone> {
        let is_fresh = !self.link.is_down()
            && self
                .phone_until()
                .is_some_and(|until| now.since_boot <= until);
        self.line.told.as_ref().filter(|_| is_fresh)
    }

    /// The phone as every surface shows it.
    pub(super) fn phone_view(&self, now: Now) -> Option<PhoneView> {
        let line = &self.line;
        let wanted = line.next.as_ref().or(line.choice.as_ref());
        let is_shown = line.told.is_some() || wanted.is_some() || line.failed.is_some();
        if !is_shown && !self.expects_known_phone() {
            return None;
        }
        let fresh = self.phone_now(now);
        Some(PhoneView {
            // A change that nobody waits for any more may still be under way.
            via: fresh
                .filter(|_| !line.is_writing)
                .and_then(|told| told.phone.via),
            call: fresh.and_then(|told| told.phone.call),
            call_since: fresh.and_then(|told| told.call_since),
            switching_to: wanted.map(|choice| choice.to),
            failed: line.failed.clone(),
            barred: line.barred.clone(),
            after_call: self.after_call.as_ref().map(|after| after.to.clone()),
        })
    }

    pub(super) fn clear_failed_via(&mut self, fx: &mut Vec<Effect>) {
        if self.line.failed.take().is_some() && !std::mem::take(&mut self.line.untold) {
            fx.push(Effect::Withdraw(Topic::Phone));
        }
    }
}
