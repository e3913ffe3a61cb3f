//! Where calls ring: from the click to the confirmed change, by the rules of every click.

use std::time::Duration;

use super::choice::{REPORT_AFTER, Stage, TRY_FOR, can_pass, newest, pause};
use super::outcome::overtaken;
use super::phone::Overtaken;
use super::{Effect, Session, Ticket};
use crate::{Code, DeskError, FailedVia, Failure, Now, Phone, Via};

/// Where the agent wants calls to ring.
#[derive(Debug)]
pub(super) struct ViaChoice {
    pub(super) to: Via,
    tickets: Vec<Ticket>,
    /// No write begins later.
    last_try: Duration,
    /// It is given up then.
    report_by: Duration,
    stage: Stage,
    attempts: u32,
    last_error: Option<DeskError>,
}

impl ViaChoice {
    fn finish(self, result: &Result<(), Failure>, fx: &mut Vec<Effect>) {
        fx.extend(self.tickets.into_iter().map(|ticket| Effect::Finished {
            ticket,
            result: result.clone(),
        }));
    }
}

impl Session {
    pub(super) fn answer_by(&mut self, ticket: Ticket, to: Via, now: Now, fx: &mut Vec<Effect>) {
        let mut wanted = ViaChoice {
            to,
            tickets: vec![ticket],
            last_try: now.since_boot + TRY_FOR,
            report_by: now.since_boot + REPORT_AFTER,
            stage: Stage::Due(now.since_boot),
            attempts: 0,
            last_error: None,
        };
        self.clear_failed_via(fx);
        let refusal = if self.link.signed_out {
            Some(DeskError::Unauthorized)
        } else {
            self.line.is_absent.then_some(DeskError::NotFound)
        };
        if let Some(error) = refusal {
            let failure = self.via_failure(&error);
            self.report_via(wanted, failure, now, fx);
            return;
        }
        if let Some(older) = self.line.next.take() {
            older.finish(&Err(overtaken()), fx);
        }
        match self.line.choice.take() {
            Some(mut current) if current.to == to => {
                current.tickets.append(&mut wanted.tickets);
                self.line.choice = Some(current);
            }
            Some(current) if current.stage == Stage::InFlight => {
                self.line.choice = Some(current);
                self.line.next = Some(wanted);
            }
            older => {
                if let Some(older) = older {
                    older.finish(&Err(overtaken()), fx);
                }
                self.line.choice = Some(wanted);
            }
        }
    }

    /// Brings the change one step further, where its time has come.
    pub(super) fn work_on_via(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = &self.line.choice else {
            return;
        };
        let is_last_try_over =
            now.since_boot >= choice.last_try && matches!(choice.stage, Stage::Due(_));
        if is_last_try_over || now.since_boot >= choice.report_by {
            let error = choice.last_error.clone().unwrap_or(DeskError::TimedOut);
            self.fail_via(&error, now, fx);
            return;
        }
        let held_until = self.link.hold_until.filter(|until| *until > now.since_boot);
        match (choice.stage, held_until) {
            _ if self.link.is_doubted() => {}
            (Stage::Due(at), _) if at > now.since_boot || self.line.is_writing => {}
            (Stage::Due(_), None) => self.write_via(now, fx),
            (Stage::Due(_), Some(until)) if until < choice.last_try => {
                self.stage_via(Stage::Due(until));
            }
            (Stage::Due(_), Some(until)) => {
                let retry_after = Some(until.saturating_sub(now.since_boot));
                self.fail_via(&DeskError::RateLimited { retry_after }, now, fx);
            }
            (Stage::InDoubt(at), _) if at > now.since_boot || self.line.reading.is_some() => {}
            (Stage::InDoubt(_), Some(until)) => self.stage_via(Stage::InDoubt(until)),
            (Stage::InDoubt(_), None) => {
                self.stage_via(Stage::Reading);
                self.read_phone(now, fx);
            }
            (Stage::InFlight | Stage::Reading, _) => {}
        }
    }

    fn stage_via(&mut self, stage: Stage) {
        if let Some(choice) = &mut self.line.choice {
            choice.stage = stage;
        }
    }

    fn write_via(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let confirmed = self.phone_now(now).and_then(|told| told.phone.via);
        let Some(choice) = &mut self.line.choice else {
            return;
        };
        let to = choice.to;
        if confirmed == Some(to) {
            self.end_via(fx);
            return;
        }
        choice.stage = Stage::InFlight;
        choice.attempts = choice.attempts.saturating_add(1);
        self.line.is_writing = true;
        if let Some(fetch) = &mut self.requests.fetch {
            fetch.phone_overtaken = true;
        }
        if let Some(reading) = &mut self.line.reading {
            *reading = Overtaken(true);
        }
        fx.push(Effect::PushVia { via: to });
    }

    pub(super) fn via_pushed(
        &mut self,
        result: Result<Phone, DeskError>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        self.line.is_writing = false;
        let is_waited_for = self
            .line
            .choice
            .as_ref()
            .is_some_and(|choice| choice.stage == Stage::InFlight);
        match result {
            Ok(phone) => {
                self.line.barred = None;
                self.phone_told(phone, now, fx);
                if is_waited_for {
                    self.via_answered(phone, now, fx);
                }
            }
            Err(error) => self.via_refused(&error, is_waited_for, now, fx),
        }
    }

    /// Ends a change by the answer to it.
    fn via_answered(&mut self, phone: Phone, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = self.line.choice.take() else {
            return;
        };
        if phone.via == Some(choice.to) {
            choice.finish(&Ok(()), fx);
        } else {
            let message = format!(
                "{} took the change and let calls ring where they did. Choose again if you still want it.",
                self.desk.words()
            );
            self.report_via(choice, Failure::new(Code::Refused, message), now, fx);
        }
        self.line.choice = self.line.next.take();
    }

    /// Decides by a read what became of a change.
    pub(super) fn resolve_via(&mut self, phone: Phone, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = &mut self.line.choice else {
            return;
        };
        match choice.stage {
            Stage::Reading | Stage::InDoubt(_) if phone.via == Some(choice.to) => self.end_via(fx),
            // Calls ring where they did: nothing came of the write.
            Stage::Reading => choice.stage = Stage::Due(now.since_boot + pause(choice.attempts)),
            Stage::InDoubt(_) | Stage::Due(_) | Stage::InFlight => {}
        }
    }

    /// The read that a change in doubt waits for brought nothing.
    pub(super) fn via_unreadable(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = self
            .line
            .choice
            .as_mut()
            .filter(|choice| choice.stage == Stage::Reading)
        else {
            return;
        };
        choice.last_error = Some(error.clone());
        choice.stage = Stage::InDoubt(now.since_boot + Duration::from_secs(2));
        if !can_pass(error) {
            self.fail_via(error, now, fx);
        }
    }

    fn via_refused(
        &mut self,
        error: &DeskError,
        is_waited_for: bool,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        self.phone_troubled(error, now);
        if error.leaves_write_in_doubt()
            && let Some(told) = &mut self.line.told
        {
            told.phone.via = None;
        }
        // A change in doubt is read for by itself, a moment later.
        if !is_waited_for || !error.leaves_write_in_doubt() {
            self.line.due = self.line.due.map(|due| due.min(now.since_boot));
        }
        if *error == DeskError::Forbidden {
            self.line.barred = Some(format!(
                "{} does not let your role change where calls ring.",
                self.desk.words()
            ));
        }
        let Some(choice) = self.line.choice.as_mut().filter(|_| is_waited_for) else {
            return;
        };
        choice.last_error = Some(error.clone());
        if self.line.next.is_some() {
            if let Some(older) = self.line.choice.take() {
                older.finish(&Err(overtaken()), fx);
            }
            self.line.choice = self.line.next.take();
        } else if error.leaves_write_in_doubt() {
            choice.stage = Stage::InDoubt(now.since_boot + Duration::from_millis(500));
        } else if matches!(error, DeskError::RateLimited { .. }) {
            choice.stage = Stage::Due(now.since_boot);
        } else if can_pass(error) {
            choice.stage = Stage::Due(now.since_boot + pause(choice.attempts));
        } else {
            self.fail_via(error, now, fx);
        }
    }

    /// Calls ring where the agent wants them.
    fn end_via(&mut self, fx: &mut Vec<Effect>) {
        if let Some(choice) = self.line.choice.take() {
            choice.finish(&Ok(()), fx);
        }
        self.line.choice = self.line.next.take();
    }

    fn fail_via(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        let failure = self.via_failure(error);
        if let Some(choice) = self.line.choice.take() {
            self.report_via(choice, failure, now, fx);
        }
        self.line.choice = self.line.next.take();
    }

    fn report_via(&mut self, choice: ViaChoice, failure: Failure, now: Now, fx: &mut Vec<Effect>) {
        self.show_failed_via(choice.to, failure.clone(), now);
        choice.finish(&Err(failure), fx);
    }

    /// Shows a change that failed; the notification follows with all that may be due.
    pub(super) fn show_failed_via(&mut self, to: Via, failure: Failure, now: Now) {
        self.line.failed = Some(FailedVia {
            to,
            failure,
            at: now.wall,
        });
        self.line.untold = true;
    }

    fn via_failure(&self, error: &DeskError) -> Failure {
        match error {
            DeskError::NotFound | DeskError::Refused { status: 422 } => Failure::new(
                Code::Refused,
                format!(
                    "{} has no phone for you: you have no seat in Talk, or Talk is switched off. \
                     Nothing was changed. Ask an admin for a seat.",
                    self.desk.words()
                ),
            ),
            error => Failure::of(self.desk, error),
        }
    }

    /// Sleep drops a change: it must not come back to haunt.
    pub(super) fn drop_via(&mut self, fx: &mut Vec<Effect>) -> Option<ViaChoice> {
        let (older, newest) = newest(self.line.choice.take(), self.line.next.take());
        if let Some(older) = older {
            older.finish(&Err(overtaken()), fx);
        }
        newest
    }

    pub(super) fn via_slept(&mut self, fx: &mut Vec<Effect>) {
        if let Some(newest) = self.drop_via(fx)
            && let Some(older) = self.line.interrupted.replace(newest)
        {
            older.finish(&Err(overtaken()), fx);
        }
    }

    pub(super) fn via_woke(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if let Some(choice) = self.line.interrupted.take() {
            let message = format!(
                "Your computer went to sleep before it was confirmed that you answer {}. \
                 Look where calls ring and choose again.",
                choice.to.words()
            );
            self.report_via(choice, Failure::new(Code::Slept, message), now, fx);
        }
        self.read_phone_soon(now);
    }

    pub(super) fn via_signed_out(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if let Some(newest) = self.drop_via(fx) {
            let failure = Failure::of(self.desk, &DeskError::Unauthorized);
            self.report_via(newest, failure, now, fx);
        }
    }

    /// When the change has to be worked on, if no answer comes before.
    pub(super) fn via_due(&self) -> Option<Duration> {
        let choice = self.line.choice.as_ref()?;
        let waits = self.link.is_doubted();
        Some(choice.stage.due(
            choice.last_try,
            choice.report_by,
            waits || self.line.is_writing,
            waits || self.line.reading.is_some(),
        ))
    }
}
