//! What is due: requests, ends, and the moment a confirmation grows old.

use std::time::Duration;

use super::{Effect, Session};
use crate::{Now, ReadPath};

/// The requests under way, one of a sort at most.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub(super) fetch: Option<FetchUnderWay>,
    pub(super) push: bool,
    pub(super) list: bool,
    /// When it was sent, by the clock since boot.
    pub(super) probe: Option<Duration>,
}

/// A read under way.
#[derive(Debug)]
pub(super) struct FetchUnderWay {
    /// A write began after it, so its answer may be older than the write's.
    pub(super) overtaken: bool,
    /// The same for where calls ring.
    pub(super) phone_overtaken: bool,
}

/// When each sort of request is due, by the clock since boot.
#[derive(Debug, Default)]
pub(super) struct Due {
    pub(super) fetch: Duration,
    pub(super) list: Duration,
    pub(super) probe: Option<Duration>,
    /// When the last read began: looks are 5 s apart at least.
    pub(super) last_fetch: Option<Duration>,
    /// When the list was last read.
    pub(super) listed: Option<Duration>,
    /// How often in a row the list could not be read.
    pub(super) list_failures: u32,
    /// The next read looks anew where the status is readable.
    pub(super) anew: bool,
    /// When that was last done.
    pub(super) looked_anew: Option<Duration>,
    /// The last read found nothing readable where something was.
    pub(super) blind: bool,
}

impl Session {
    /// Does all that is due; clicks go before polls.
    pub(super) fn advance(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.end_timed(now, fx);
        self.work_on_choice(now, fx);
        // A choice that ended at once leaves its place to the next, or to the end of a timed status.
        self.end_timed(now, fx);
        self.work_on_choice(now, fx);
        self.work_on_via(now, fx);
        self.end_idle(now);
        self.work_on_choice(now, fx);
        self.open_ear(now, fx);
        self.keep_online(now, fx);
        self.announce_end(now, fx);
        self.welcome_back(now, fx);
        self.remind(now, fx);
        self.tell_unheard(now, fx);
        self.tell_unheard_via(now);
        self.tell_late(now, fx);
        if self.link.is_held(now) {
            return;
        }
        if self.due.probe.is_some_and(|at| at <= now.since_boot) && self.may_probe() {
            self.due.probe = None;
            self.requests.probe = Some(now.since_boot);
            fx.push(Effect::Probe);
        }
        if !self.may_poll() {
            return;
        }
        if self.due.fetch <= now.since_boot && self.may_fetch() {
            self.fetch(now, fx);
        }
        if self.line.due.is_some_and(|at| at <= now.since_boot) && self.may_read_phone() {
            self.read_phone(now, fx);
        }
        if self.due.list <= now.since_boot && !self.requests.list {
            self.requests.list = true;
            fx.push(Effect::List);
        }
    }

    /// When [`Session::handle`] wants to be called next, by the clock since boot, if nothing happens before.
    ///
    /// A moment that has passed is one that [`Input::Timeout`](super::Input::Timeout) acts on at once, so
    /// whoever waits for it and hands in that input never runs in circles.
    pub fn poll_timeout(&self, now: Now) -> Option<Duration> {
        let no_sooner = |at: Duration| self.link.hold_until.map_or(at, |until| at.max(until));
        let probe = self.due.probe.filter(|_| self.may_probe()).map(no_sooner);
        let fetch = (self.may_poll() && self.may_fetch()).then(|| no_sooner(self.due.fetch));
        let list = (self.may_poll() && !self.requests.list).then(|| no_sooner(self.due.list));
        // What only changes the view: one tick late, since a confirmation holds up to its last moment.
        let aging = self
            .confirmed_until()
            .map(|until| until + Duration::from_millis(1));
        let aging = aging.filter(|at| *at > now.since_boot && !self.presence.asleep);
        let hold = self.link.hold_until.filter(|until| *until > now.since_boot);
        let [phone, phone_aging] = self.phone_due(now);
        [
            self.choice_due(),
            self.via_due(),
            phone,
            phone_aging,
            probe,
            fetch,
            list,
            aging,
            hold,
            self.timed_due(now),
            self.announcement_due(now),
            self.reminder_due(now),
            self.late_due(),
            self.listen_due(),
            self.hold_due(now),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When the choice has to be worked on, if no answer comes before.
    fn choice_due(&self) -> Option<Duration> {
        let choice = self.choice.as_ref()?;
        let waits = self.link.is_doubted();
        let due = choice.stage.due(
            choice.last_try,
            choice.report_by,
            waits || self.requests.push,
            waits || self.requests.fetch.is_some(),
        );
        Some(choice.first_word_by().map_or(due, |by| due.min(by)))
    }

    /// Begins a read.
    pub(super) fn fetch(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.requests.fetch = Some(FetchUnderWay {
            overtaken: false,
            phone_overtaken: self.line.is_writing,
        });
        self.due.last_fetch = Some(now.since_boot);
        // What was readable nowhere may be by now: once after each start that is found out.
        let remembered = self
            .remembered
            .read_path
            .filter(|path| *path != ReadPath::Nowhere);
        let known = self.known.path.or(remembered).filter(|_| !self.due.anew);
        self.due.anew = false;
        if known.is_none() {
            self.due.looked_anew = Some(now.since_boot);
        }
        fx.push(Effect::Fetch { known });
    }

    fn may_fetch(&self) -> bool {
        self.requests.fetch.is_none()
            && (self.known.path != Some(ReadPath::Nowhere) || self.due.anew)
    }

    pub(super) fn may_poll(&self) -> bool {
        self.may_ask() && !self.link.is_doubted() && self.choice.is_none() && !self.requests.push
    }

    /// A click that waits for a doubted sign-in needs the answer, whether or not the screen is locked.
    fn may_probe(&self) -> bool {
        self.requests.probe.is_none()
            && !self.link.signed_out
            && (self.may_ask() || self.choice.is_some() || self.line.choice.is_some())
    }

    /// Nobody is asked in the agent's absence, or with credentials that are refused.
    fn may_ask(&self) -> bool {
        !self.link.signed_out && !self.presence.is_away()
    }
}
