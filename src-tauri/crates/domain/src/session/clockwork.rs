//! What is due: requests, ends, and the moment a confirmation grows old.

use std::time::Duration;

use super::choice::Stage;
use super::{Effect, FetchUnderWay, Session};
use crate::Now;

impl Session {
    /// Does all that is due; clicks go before polls.
    pub(super) fn advance(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.end_timed(now, fx);
        self.work_on_choice(now, fx);
        // A choice that ended at once leaves its place to the next.
        self.work_on_choice(now, fx);
        self.tell_sign_out(now, fx);
        if self.due.probe.is_some_and(|at| at <= now.since_boot) && self.may_ask() && !self.requests.probe {
            self.due.probe = None;
            self.requests.probe = true;
            fx.push(Effect::Probe);
        }
        if self.link.doubted || !self.may_poll(now) {
            return;
        }
        if self.due.fetch <= now.since_boot && self.requests.fetch.is_none() && self.is_readable(now) {
            self.fetch(now, fx);
        }
        if self.due.list <= now.since_boot && !self.requests.list {
            self.requests.list = true;
            fx.push(Effect::List);
        }
    }

    /// When [`Session::handle`] wants to be called next, by the clock since boot, if nothing happens before.
    pub fn poll_timeout(&self, now: Now) -> Option<Duration> {
        let choice = self.choice.as_ref().and_then(|choice| match choice.stage {
            Stage::Due(_) | Stage::InDoubt(_) if self.requests.push || self.link.doubted => Some(choice.give_up_at),
            Stage::Due(at) | Stage::InDoubt(at) => Some(at.min(choice.give_up_at)),
            Stage::InFlight | Stage::Reading => None,
        });
        let probe = self.due.probe.filter(|_| self.may_ask() && !self.requests.probe);
        let polling = self.choice.is_none() && !self.requests.push && self.may_ask() && !self.link.doubted;
        let no_sooner = |at: Duration| self.link.hold_until.map_or(at, |until| at.max(until));
        let fetch = (polling && self.requests.fetch.is_none() && self.is_readable(now)).then(|| no_sooner(self.due.fetch));
        let list = (polling && !self.requests.list).then(|| no_sooner(self.due.list));
        // One tick later, since a confirmation holds up to and including its last moment.
        let aging = self
            .confirmed_until()
            .map(|until| until + Duration::from_millis(1))
            .filter(|at| *at > now.since_boot && !self.presence.asleep);
        let hold = self.link.hold_until.filter(|until| *until > now.since_boot);
        let timed = self.remembered.timed.as_ref().and_then(|timed| {
            let left = Duration::try_from(timed.until.duration_since(now.wall)).unwrap_or_default();
            let waits = left.is_zero();
            (!waits && !self.presence.asleep).then(|| now.since_boot + left)
        });
        [choice, probe, fetch, list, aging, hold, timed, self.sign_out_due()].into_iter().flatten().min()
    }

    /// Begins a read.
    pub(super) fn fetch(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.requests.fetch = Some(FetchUnderWay { overtaken: false });
        self.due.last_fetch = Some(now.since_boot);
        fx.push(Effect::Fetch { known: self.known.path.or(self.remembered.read_path) });
    }

    fn may_poll(&self, now: Now) -> bool {
        self.may_ask() && self.choice.is_none() && !self.requests.push && !self.link.is_held(now)
    }

    /// Nobody is asked in the agent's absence, or with credentials that are refused.
    fn may_ask(&self) -> bool {
        !self.link.signed_out && !self.presence.locked && !self.presence.asleep
    }
}
