//! Choices: from the click to the confirmed change or the clear word.

use std::time::Duration;

use jiff::Timestamp;

use super::known::{KnownStatus, What};
use super::{Effect, LastWrite, Notice, Session, Ticket, Timed, Topic};
use crate::{
    ChangedBy, Code, DeskError, FailedSwitch, Failure, NamedStatus, Now, OfferCause, ReadPath, Seen, StatusId, Written,
};

/// No try begins later than this after the click; the last one may take 10 s more.
const GIVE_UP_AFTER: Duration = Duration::from_secs(25);

/// A status that the agent wants.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) to: NamedStatus,
    until: Option<Timestamp>,
    tickets: Vec<Ticket>,
    pub(super) give_up_at: Duration,
    pub(super) stage: Stage,
    attempts: u32,
    /// The status it replaces: a write in doubt is sent again only while this one still holds.
    before: Option<NamedStatus>,
    last_error: Option<DeskError>,
}

/// How far a choice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// To be written at this time.
    Due(Duration),
    /// The write is under way.
    InFlight,
    /// The write may have been applied: to be read at this time.
    InDoubt(Duration),
    /// That read is under way.
    Reading,
}

impl Session {
    pub(super) fn choose(
        &mut self,
        ticket: Ticket,
        id: &StatusId,
        until: Option<Timestamp>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        match self.may_choose(id) {
            Ok(to) => self.want(to, until, vec![ticket], now, fx),
            Err(failure) => fx.push(Effect::Finished { ticket, result: Err(failure) }),
        }
    }

    fn may_choose(&self, id: &StatusId) -> Result<NamedStatus, Failure> {
        if self.link.signed_out {
            return Err(Failure::of(self.desk, &DeskError::Unauthorized));
        }
        match self.find(id) {
            Some(status) if status.eligible == Some(false) => Err(Failure::of(self.desk, &DeskError::NotEligible)),
            Some(status) => Ok(status.named()),
            None => Err(self.link.trouble.as_ref().filter(|_| self.statuses.is_empty()).map_or_else(
                || Failure::of(self.desk, &DeskError::NoSuchStatus),
                |trouble| Failure::of(self.desk, trouble),
            )),
        }
    }

    pub(super) fn put_back(&mut self, ticket: Ticket, now: Now, fx: &mut Vec<Effect>) {
        let offered = self.offer.as_ref().and_then(|offer| offer.put_back.clone());
        let ended = self.remembered.timed.as_ref().map(|timed| timed.back_to.clone());
        match offered.or(ended) {
            Some(to) => self.choose(ticket, &to.id, None, now, fx),
            None => {
                let failure = Failure::new(
                    Code::NothingToPutBack,
                    "Nothing has changed your status since you chose it. There is nothing to put back.",
                );
                fx.push(Effect::Finished { ticket, result: Err(failure) });
            }
        }
    }

    /// Takes up a choice in the place of all older ones.
    pub(super) fn want(
        &mut self,
        to: NamedStatus,
        until: Option<Timestamp>,
        tickets: Vec<Ticket>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        self.failed = None;
        let mut wanted = Choice {
            to,
            until,
            tickets,
            give_up_at: now.since_boot + GIVE_UP_AFTER,
            stage: Stage::Due(now.since_boot),
            attempts: 0,
            before: None,
            last_error: None,
        };
        if let Some(older) = self.next.take() {
            finish(older, Err(overtaken()), fx);
        }
        match self.choice.take() {
            Some(mut current) if current.to.id == wanted.to.id => {
                current.tickets.append(&mut wanted.tickets);
                current.until = wanted.until;
                self.choice = Some(current);
            }
            Some(current) if self.requests.push => {
                self.choice = Some(current);
                self.next = Some(wanted);
            }
            Some(older) => {
                finish(older, Err(overtaken()), fx);
                self.choice = Some(wanted);
            }
            // A write that sleep interrupted may still be under way: the new one waits its turn.
            None => self.choice = Some(wanted),
        }
    }

    /// Brings the choice one step further, where its time has come.
    pub(super) fn work_on_choice(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = &self.choice else { return };
        let overdue = now.since_boot >= choice.give_up_at;
        match choice.stage {
            Stage::Due(_) | Stage::InDoubt(_) if overdue => {
                let error = choice.last_error.clone().unwrap_or(DeskError::TimedOut);
                self.fail(&error, now, fx);
            }
            Stage::Due(at) if at <= now.since_boot && !self.requests.push && !self.link.doubted => {
                self.write(now, fx);
            }
            Stage::InDoubt(at) if at <= now.since_boot && self.requests.fetch.is_none() && !self.link.doubted => {
                if let Some(choice) = &mut self.choice {
                    choice.stage = Stage::Reading;
                }
                self.fetch(now, fx);
            }
            Stage::Due(_) | Stage::InDoubt(_) | Stage::InFlight | Stage::Reading => {}
        }
    }

    fn write(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let held_until = self.link.hold_until.filter(|until| *until > now.since_boot);
        let shown = self.shown(now).cloned();
        let confirmed = self.confirmed(now).map(|status| status.id.clone());
        let Some(choice) = &mut self.choice else { return };
        if confirmed.as_ref() == Some(&choice.to.id) && choice.attempts == 0 {
            self.take_as_done(now, fx);
            return;
        }
        if let Some(until) = held_until {
            if until < choice.give_up_at {
                choice.stage = Stage::Due(until);
            } else {
                let wait = Some(until.saturating_sub(now.since_boot));
                self.fail(&DeskError::RateLimited { retry_after: wait }, now, fx);
            }
            return;
        }
        choice.stage = Stage::InFlight;
        choice.attempts += 1;
        if choice.attempts == 1 {
            choice.before = shown;
        }
        let to = choice.to.clone();
        if choice.attempts == 1 {
            *self.remembered.uses.entry(to.id.clone()).or_default() += 1;
        }
        self.known.replaced = self.known.status().map(|known| (known.status.id.clone(), known.since));
        self.remembered.last_write = Some(LastWrite { status: to.clone(), at: now.wall, accepted: false });
        if let Some(fetch) = &mut self.requests.fetch {
            fetch.overtaken = true;
        }
        self.requests.push = true;
        fx.push(Effect::Remember(self.remembered.clone()));
        fx.push(Effect::Push { status: to.id });
    }

    /// The status is confirmed already, so nothing is written; a click still ends what was offered or timed.
    fn take_as_done(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = self.choice.take() else { return };
        let back_to = self.previous.clone();
        self.set_timed(&choice.to.id, choice.until, back_to, fx);
        self.close_offer(fx);
        finish(choice, Ok(()), fx);
        self.take_up_next(now);
    }

    pub(super) fn pushed(&mut self, result: Result<Written, DeskError>, now: Now, fx: &mut Vec<Effect>) {
        self.requests.push = false;
        match result {
            Ok(written) => self.accepted(written, now, fx),
            Err(error) => self.refused(&error, now, fx),
        }
    }

    fn accepted(&mut self, written: Written, now: Now, fx: &mut Vec<Effect>) {
        self.answered();
        let status = self.name_status(written.id, written.name, &[]);
        if let Some(write) = &mut self.remembered.last_write {
            write.status = status.clone();
            write.accepted = true;
        }
        let before = self.shown_before_write();
        self.settle(status.clone(), now);
        self.known.what = What::Status(KnownStatus {
            status: status.clone(),
            reason: None,
            since: Some(now.wall),
            channels: Vec::new(),
            changed_by: Some(ChangedBy::You),
            written: true,
        });
        if matches!(self.known.path, Some(ReadPath::Own | ReadPath::OwnById)) {
            // The answer to a write says nothing of the channels.
            self.due.fetch = self.due.fetch.min(now.since_boot + Duration::from_secs(2));
        } else if self.known.path == Some(ReadPath::Nowhere) {
            self.schedule_probe(now);
        }
        self.close_offer(fx);
        let Some(choice) = self.choice.take_if(|choice| choice.stage == Stage::InFlight) else {
            self.yield_timed(&status.id, fx);
            fx.push(Effect::Remember(self.remembered.clone()));
            return;
        };
        if before.as_ref().is_some_and(|before| before.id != status.id) {
            self.previous.clone_from(&before);
        }
        self.set_timed(&status.id, choice.until, before, fx);
        if status.id == choice.to.id {
            self.failed = None;
            fx.push(Effect::Withdraw(Topic::SwitchFailed));
            finish(choice, Ok(()), fx);
        } else {
            let message = format!(
                "{} set \u{201c}{}\u{201d} in place of \u{201c}{}\u{201d}. Choose again if that is not what you want.",
                self.desk.words(),
                status.name,
                choice.to.name
            );
            self.report(choice, Failure::new(Code::Refused, message), now, fx);
        }
        self.take_up_next(now);
    }

    /// The status that the write in flight replaces.
    fn shown_before_write(&self) -> Option<NamedStatus> {
        self.choice.as_ref().and_then(|choice| choice.before.clone())
    }

    fn settle(&mut self, status: NamedStatus, now: Now) {
        self.known.at = Some(now);
        self.link.load = self.link.load.max(1);
        if let Some(listed) = self.statuses.iter_mut().find(|listed| listed.id == status.id) {
            listed.eligible = Some(true);
        }
    }

    fn refused(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        match error {
            DeskError::NotEligible | DeskError::NoSuchStatus | DeskError::Conflict => {}
            other => self.troubled(other, now),
        }
        let Some(choice) = self.choice.as_mut().filter(|choice| choice.stage == Stage::InFlight) else {
            self.read_soon(now);
            return;
        };
        choice.last_error = Some(error.clone());
        let pause = Duration::from_secs(1 << choice.attempts.min(3));
        let readable = self.known.path != Some(ReadPath::Nowhere);
        if error.leaves_write_in_doubt() && readable {
            // Read first: the write may have been applied, or a supervisor may have acted since.
            choice.stage = Stage::InDoubt(now.since_boot + Duration::from_millis(500));
        } else if self.next.is_some() {
            self.give_way(now, fx);
        } else if let DeskError::RateLimited { .. } = error {
            choice.stage = Stage::Due(now.since_boot);
        } else if error.is_retryable() || *error == DeskError::Unauthorized {
            choice.stage = Stage::Due(now.since_boot + pause);
        } else {
            if *error == DeskError::NotEligible {
                let id = choice.to.id.clone();
                if let Some(status) = self.statuses.iter_mut().find(|status| status.id == id) {
                    status.eligible = Some(false);
                }
            } else {
                self.due.list = now.since_boot;
            }
            self.fail(error, now, fx);
        }
        if self.next.is_some() && self.choice.as_ref().is_some_and(|choice| matches!(choice.stage, Stage::InDoubt(_))) {
            self.give_way(now, fx);
        }
    }

    /// Lets the newer choice go in the place of the one that failed.
    fn give_way(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if let Some(older) = self.choice.take() {
            finish(older, Err(overtaken()), fx);
        }
        self.take_up_next(now);
    }

    fn take_up_next(&mut self, now: Now) {
        if let Some(mut next) = self.next.take() {
            next.stage = Stage::Due(now.since_boot);
            self.choice = Some(next);
        }
    }

    /// Decides by a read what became of a write in doubt; whether that was the read's purpose.
    pub(super) fn resolve_doubt(&mut self, seen: &Seen, now: Now, fx: &mut Vec<Effect>) -> bool {
        let Some(choice) = self.choice.as_ref().filter(|choice| choice.stage == Stage::Reading) else { return false };
        let verdict = match seen {
            Seen::Status { id, .. } if *id == choice.to.id => Verdict::Applied,
            Seen::Status { id, .. } => Verdict::of(choice.before.as_ref().is_none_or(|before| before.id == *id)),
            Seen::Channel(channel) => {
                let wanted = self.channel_in(&choice.to, &channel.name);
                let before = choice.before.as_ref().and_then(|before| self.channel_in(before, &channel.name));
                if channel.kind() == wanted && before != wanted {
                    Verdict::Applied
                } else {
                    Verdict::of(before.is_none() || channel.kind() == before)
                }
            }
            Seen::Nothing => Verdict::Unapplied,
        };
        match verdict {
            Verdict::Applied => {
                let written = Written { id: choice.to.id.clone(), name: choice.to.name.clone() };
                if let Some(choice) = &mut self.choice {
                    choice.stage = Stage::InFlight;
                }
                self.accepted(written, now, fx);
                if let Seen::Channel(channel) = seen {
                    // One channel agrees: that is no confirmation of the status itself.
                    self.known.what = What::Channel { channel: channel.clone(), changed_at: Some(now.wall) };
                }
                true
            }
            Verdict::Unapplied => {
                if let Some(choice) = &mut self.choice {
                    choice.stage = Stage::Due(now.since_boot);
                }
                true
            }
            Verdict::Overruled => {
                if let Some(choice) = self.choice.take() {
                    let message = format!(
                        "Something else changed your status before \u{201c}{}\u{201d} was applied. Choose again if you still want it.",
                        choice.to.name
                    );
                    self.report(choice, Failure::new(Code::ChangedMeanwhile, message), now, fx);
                    self.take_up_next(now);
                }
                false
            }
        }
    }

    /// A read that was to resolve a doubt failed: try again, or end on the error that tells more.
    pub(super) fn read_failed(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = self.choice.as_mut().filter(|choice| choice.stage == Stage::Reading) else { return };
        choice.last_error = Some(error.clone());
        let held = self.link.hold_until.filter(|until| *until > now.since_boot);
        let again = held.unwrap_or(now.since_boot + Duration::from_secs(2));
        choice.stage = Stage::InDoubt(again);
        if !error.is_retryable() && *error != DeskError::Unauthorized || again >= choice.give_up_at {
            self.fail(error, now, fx);
        }
    }

    /// Gives the choice up and says why.
    fn fail(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        if let Some(choice) = self.choice.take() {
            let failure = Failure::of(self.desk, error);
            self.report(choice, failure, now, fx);
        }
        self.due.fetch = self.due.fetch.min(now.since_boot + Duration::from_secs(1));
        self.take_up_next(now);
    }

    /// Gives up all that is wanted: nothing can be written any more.
    pub(super) fn give_up_all(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        if let Some(next) = self.next.take() {
            finish(next, Err(Failure::of(self.desk, error)), fx);
        }
        self.fail(error, now, fx);
    }

    fn report(&mut self, choice: Choice, failure: Failure, now: Now, fx: &mut Vec<Effect>) {
        let failed = FailedSwitch { to: choice.to.clone(), failure: failure.clone(), at: now.wall };
        self.failed = Some(failed.clone());
        fx.push(Effect::Notify(Notice::SwitchFailed(failed)));
        finish(choice, Err(failure), fx);
    }

    /// Sleep drops what is wanted: it must not come back to haunt.
    pub(super) fn slept(&mut self, fx: &mut Vec<Effect>) {
        self.presence.asleep = true;
        self.interrupted = self.choice.take();
        if let Some(next) = self.next.take() {
            if let Some(older) = self.interrupted.replace(next) {
                finish(older, Err(overtaken()), fx);
            }
        }
    }

    pub(super) fn woke(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.presence.asleep = false;
        self.presence.woke_at = Some(now.since_boot);
        if let Some(choice) = self.interrupted.take() {
            let message = format!(
                "Your computer went to sleep before \u{201c}{}\u{201d} was confirmed. Look at your status and choose again.",
                choice.to.name
            );
            self.report(choice, Failure::new(Code::Slept, message), now, fx);
        }
        self.link.failures = 0;
        self.read_soon(now);
    }

    /// Starts the time of a timed status, or ends one that the agent replaced.
    fn set_timed(&mut self, id: &StatusId, until: Option<Timestamp>, before: Option<NamedStatus>, fx: &mut Vec<Effect>) {
        self.remembered.timed = until
            .zip(before.filter(|before| before.id != *id))
            .map(|(until, back_to)| Timed { status: id.clone(), until, back_to });
        fx.push(Effect::Remember(self.remembered.clone()));
    }

    /// The offer's cause, where one is open.
    pub(super) fn offered_because(&self) -> Option<OfferCause> {
        self.offer.as_ref().map(|offer| offer.because)
    }
}

/// What a read says of a write in doubt.
enum Verdict {
    Applied,
    /// The status before still holds.
    Unapplied,
    /// Something else acted since.
    Overruled,
}

impl Verdict {
    fn of(before_still_holds: bool) -> Self {
        if before_still_holds { Self::Unapplied } else { Self::Overruled }
    }
}

fn finish(choice: Choice, result: Result<(), Failure>, fx: &mut Vec<Effect>) {
    fx.extend(choice.tickets.into_iter().map(|ticket| Effect::Finished { ticket, result: result.clone() }));
}

fn overtaken() -> Failure {
    Failure::new(Code::Overtaken, "A newer choice took this one's place.")
}
