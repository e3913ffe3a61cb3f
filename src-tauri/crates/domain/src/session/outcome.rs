//! Outcomes: what becomes of a write, and who is told.

use std::time::Duration;

use super::choice::{Choice, Origin, Stage, can_pass, pause};
use super::hold::is;
use super::known::{KnownStatus, What};
use super::{Effect, Session, Topic};
use crate::libredesk::Availability;
use crate::words::short;
use crate::{
    ChangedBy, Code, DeskError, FailedSwitch, Failure, NamedStatus, Now, ReadPath, Written,
};

/// A read so soon after a write brings what the write's answer leaves open: time, reason, channels.
const READ_AFTER_WRITE: Duration = Duration::from_secs(2);

impl Session {
    pub(super) fn pushed(
        &mut self,
        result: Result<Written, DeskError>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        self.requests.push = false;
        match result {
            Ok(written) => {
                let status = self.name_status(written.id, written.name, &[]);
                self.accepted(&status, now, fx);
            }
            Err(error) => self.refused(&error, now, fx),
        }
    }

    /// A rule for idleness found what the agent or somebody else chose meanwhile, and changed nothing.
    fn yield_idleness(&mut self, status: &NamedStatus, now: Now, fx: &mut Vec<Effect>) -> bool {
        let is_other = |choice: &mut Choice| {
            choice.origin == Origin::Idleness
                && choice.stage == Stage::InFlight
                && choice.to.id != status.id
        };
        let Some(choice) = self.choice.take_if(is_other) else {
            return false;
        };
        self.answered();
        self.forget_write(fx);
        finish(choice, &Ok(()), fx);
        self.believe_told(status.clone(), now, fx);
        self.take_up_next(now);
        true
    }

    /// The help desk has applied the last write.
    pub(super) fn accepted(&mut self, status: &NamedStatus, now: Now, fx: &mut Vec<Effect>) {
        if self.yield_idleness(status, now, fx) {
            return;
        }
        self.answered();
        if let Some(write) = &mut self.remembered.last_write {
            write.status = status.clone();
            write.accepted = true;
        }
        if let Some(listed) = self
            .statuses
            .iter_mut()
            .find(|listed| listed.id == status.id)
        {
            listed.eligible = Some(true);
        }
        let told = KnownStatus {
            status: status.clone(),
            reason: None,
            since: Some(now.wall),
            channels: Vec::new(),
            changed_by: Some(ChangedBy::You),
            written: true,
        };
        let replaced = self.known.status().map(|known| known.status.clone());
        self.known.learn(What::Status(told), now);
        let _ = self.follow_hold(&status.id, now);
        match self.known.path {
            Some(ReadPath::Own | ReadPath::OwnById | ReadPath::TalkChannel) => {
                self.due.fetch = self.due.fetch.min(now.since_boot + READ_AFTER_WRITE);
            }
            Some(ReadPath::Nowhere) => self.schedule_probe(now),
            Some(ReadPath::TalkIsStatus) | None => {}
        }
        self.close_offer(fx);
        let Some(choice) = self
            .choice
            .take_if(|choice| choice.stage == Stage::InFlight)
        else {
            // Nobody waits for it any more; still, it was the agent's own.
            if let Some(replaced) = replaced.filter(|replaced| replaced.id != status.id) {
                self.previous = Some(replaced);
            }
            self.yield_timed(Some(&status.id), fx);
            self.clear_failed_to(status, fx);
            self.remember(fx);
            return;
        };
        if let Some(before) = choice
            .before
            .as_ref()
            .filter(|before| before.id != status.id)
        {
            self.previous = Some(before.clone());
        }
        if choice.origin == Origin::Idleness {
            // Whatever time was set goes on behind it.
            self.remember(fx);
            finish(choice, &Ok(()), fx);
            self.take_up_next(now);
            return;
        }
        self.set_timed(&status.id, choice.until, choice.before.clone(), now, fx);
        if status.id == choice.to.id && choice.until.is_some() && self.remembered.timed.is_none() {
            let failure = Failure::new(
                Code::NothingToPutBack,
                "Your status is set, but without an end: the status before is not known any more, \
                 so nothing could come back. Switch back yourself when the time is over.",
            );
            self.report(choice, failure, now, fx);
        } else if status.id == choice.to.id {
            self.clear_failed(fx);
            finish(choice, &Ok(()), fx);
        } else {
            let message = format!(
                "{} set \u{201c}{}\u{201d} in place of \u{201c}{}\u{201d}. Choose again if that is not what you want.",
                self.desk.words(),
                short(&status.name, 60),
                short(&choice.to.name, 60),
            );
            self.report(choice, Failure::new(Code::Refused, message), now, fx);
        }
        self.take_up_next(now);
    }

    fn refused(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        match error {
            // A clear answer about this one write says nothing against the link.
            DeskError::NotEligible
            | DeskError::NoSuchStatus
            | DeskError::Conflict
            | DeskError::Forbidden
            | DeskError::Refused { .. } => {}
            other => self.troubled(other, now),
        }
        let written = self.remembered.last_write.as_ref();
        let written = written.map(|write| write.status.clone());
        if *error == DeskError::NotEligible
            && let Some(id) = written.as_ref().map(|status| &status.id)
            && let Some(barred) = self.statuses.iter_mut().find(|status| status.id == *id)
        {
            barred.eligible = Some(false);
        }
        if error.leaves_write_in_doubt() {
            self.known.in_doubt.extend(written);
        } else {
            self.forget_write(fx);
        }
        if matches!(
            error,
            DeskError::NoSuchStatus | DeskError::Forbidden | DeskError::Refused { .. }
        ) {
            self.due.list = now.since_boot;
        }
        let Some(choice) = self
            .choice
            .as_mut()
            .filter(|choice| choice.stage == Stage::InFlight)
        else {
            self.read_soon(now);
            return;
        };
        choice.last_error = Some(error.clone());
        if self.next.is_some() {
            let is_the_agents = choice.origin == Origin::Agent;
            let by_guard = self.is_guarding();
            if let Some(older) = self.choice.take() {
                if by_guard && is_the_agents {
                    // The agent wanted nothing newer, and left.
                    self.report(older, Failure::of(self.desk, error), now, fx);
                } else {
                    finish(older, &Err(overtaken()), fx);
                }
            }
            self.take_up_next(now);
            return;
        }
        let is_readable = self.known.path != Some(ReadPath::Nowhere);
        if error.leaves_write_in_doubt() && is_readable {
            // Read first: the write may have been applied, or a supervisor may have acted since.
            choice.stage = Stage::InDoubt(now.since_boot + Duration::from_millis(500));
        } else if matches!(error, DeskError::RateLimited { .. }) {
            choice.stage = Stage::Due(now.since_boot);
        } else if can_pass(error) {
            choice.stage = Stage::Due(now.since_boot + pause(choice.attempts));
        } else {
            self.fail(error, now, fx);
        }
    }

    /// Gives the choice up and says why.
    pub(super) fn fail(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        if let Some(choice) = self.choice.take() {
            let failure = Failure::of(self.desk, error);
            let is_sure = !error.leaves_write_in_doubt() && self.known.in_doubt.is_empty();
            let failure = if is_sure {
                failure.unchanged()
            } else {
                failure
            };
            self.report(choice, failure, now, fx);
        }
        self.due.fetch = self.due.fetch.min(now.since_boot + Duration::from_secs(1));
        self.take_up_next(now);
    }

    /// Says why a choice did not come about.
    pub(super) fn report(
        &mut self,
        choice: Choice,
        failure: Failure,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        if choice.origin == Origin::Idleness && is(&choice.to.id, Availability::Idle) {
            // Nobody is there to be told, and the light says what holds.
            return;
        }
        if choice.origin == Origin::Guard {
            self.guard_failed(failure.code, fx);
        } else {
            self.show_failed(choice.to.clone(), failure.clone(), now, fx);
        }
        finish(choice, &Err(failure), fx);
    }

    /// Shows a switch that failed; the notification follows with all that may be due.
    pub(super) fn show_failed(
        &mut self,
        to: NamedStatus,
        failure: Failure,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        // A notice of an older failure would outlive it where this one is told later.
        self.clear_failed(fx);
        self.failed = Some(FailedSwitch {
            to,
            failure,
            at: now.wall,
        });
        self.failed_untold = true;
    }

    /// Speaks of the last failure no more.
    pub(super) fn clear_failed(&mut self, fx: &mut Vec<Effect>) {
        if self.failed.take().is_some() && !std::mem::take(&mut self.failed_untold) {
            fx.push(Effect::Withdraw(Topic::SwitchFailed));
        }
    }

    /// A status that came about all the same has not failed.
    pub(super) fn clear_failed_to(&mut self, status: &NamedStatus, fx: &mut Vec<Effect>) {
        if self
            .failed
            .as_ref()
            .is_some_and(|failed| failed.to.id == status.id)
        {
            self.clear_failed(fx);
        }
    }
}

pub(super) fn finish(choice: Choice, result: &Result<(), Failure>, fx: &mut Vec<Effect>) {
    fx.extend(choice.waiting.into_iter().map(|one| Effect::Finished {
        ticket: one.ticket,
        result: result.clone(),
    }));
}

pub(super) fn overtaken() -> Failure {
    Failure::new(
        Code::Overtaken,
        "A newer choice took this one\u{2019}s place, so this one was dropped.",
    )
}
