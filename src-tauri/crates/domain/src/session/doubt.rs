//! Writes in doubt: a read decides what became of them.

use std::time::Duration;

use super::choice::{Choice, Stage, can_pass, pause};
use super::known::{KnownChannel, What};
use super::{Effect, Session};
use crate::words::short;
use crate::{ChangedBy, Channel, Code, DeskError, Failure, Now, Seen};

/// What a read says of a write in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Applied,
    /// The status before still holds.
    Unapplied,
    /// Something else acted since.
    Overruled,
}

impl Session {
    /// Begins the read that a write in doubt waits for, unless the help desk asked to wait.
    pub(super) fn read_for_choice(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let held_until = self.link.hold_until.filter(|until| *until > now.since_boot);
        let Some(choice) = &mut self.choice else {
            return;
        };
        if let Some(until) = held_until {
            choice.stage = Stage::InDoubt(until);
            if until >= choice.report_by {
                let error = choice.last_error.clone().unwrap_or(DeskError::TimedOut);
                self.fail(&error, now, fx);
            }
            return;
        }
        choice.stage = Stage::Reading;
        self.fetch(now, fx);
    }

    /// The status may be another by now: a write that was in doubt is not sent again before the next read.
    pub(super) fn doubt_again(&mut self, now: Now) {
        if let Some(choice) = &mut self.choice
            && let Stage::Due(at) = choice.stage
            && choice
                .last_error
                .as_ref()
                .is_some_and(DeskError::leaves_write_in_doubt)
        {
            choice.stage = Stage::InDoubt(at.max(now.since_boot));
        }
    }

    /// Decides by a read what became of a write in doubt; whether nothing else is to be learned from it.
    pub(super) fn resolve_doubt(&mut self, seen: &Seen, now: Now, fx: &mut Vec<Effect>) -> bool {
        let Some(choice) = self
            .choice
            .as_ref()
            .filter(|choice| choice.stage == Stage::Reading)
        else {
            return false;
        };
        match self.judge(choice, seen) {
            Verdict::Applied => {
                let status = choice.to.clone();
                if let Some(choice) = &mut self.choice {
                    choice.stage = Stage::InFlight;
                }
                self.accepted(&status, now, fx);
                if let Seen::Channel(channel) = seen {
                    self.show_channel(channel, now);
                    return true;
                }
            }
            Verdict::Unapplied => {
                let may_hold = match seen {
                    Seen::Status { .. } => false,
                    Seen::Channel(channel) => channel
                        .kind()
                        .is_none_or(|kind| self.fits(&choice.to, &channel.name, kind)),
                    Seen::Nothing => true,
                };
                let holds = match seen {
                    Seen::Status {
                        id, name, channels, ..
                    } => Some(self.name_status(id.clone(), name.clone(), channels)),
                    Seen::Channel(_) | Seen::Nothing => None,
                };
                // What is read may still be the doing of an older write in doubt, and so the agent's own.
                let older = choice.or_before.clone();
                let pause = pause(choice.attempts);
                if !may_hold {
                    self.known.in_doubt.clear();
                    self.forget_write(fx);
                    self.known.in_doubt = older;
                }
                if let Some(choice) = &mut self.choice {
                    choice.stage = Stage::Due(now.since_boot + pause);
                    choice.before = holds.or(choice.before.take());
                }
            }
            Verdict::Overruled => {
                if let Some(choice) = self.choice.take() {
                    let message = format!(
                        "Something else changed your status before \u{201c}{}\u{201d} was applied. \
                         Choose again if you still want it.",
                        short(&choice.to.name, 60)
                    );
                    self.report(
                        choice,
                        Failure::new(Code::ChangedMeanwhile, message),
                        now,
                        fx,
                    );
                    self.take_up_next(now);
                }
            }
        }
        false
    }

    fn judge(&self, choice: &Choice, seen: &Seen) -> Verdict {
        let mut befores = choice.before.iter().chain(&choice.or_before);
        let still_holds = match seen {
            Seen::Status { id, .. } if *id == choice.to.id => return Verdict::Applied,
            Seen::Status { id, .. } => {
                choice.before.is_none() || befores.any(|before| before.id == *id)
            }
            Seen::Channel(channel) => {
                let Some(kind) = channel.kind() else {
                    return Verdict::Unapplied;
                };
                let fits = |status| self.fits(status, &channel.name, kind);
                let fitted_before = choice.or_before.iter().any(fits)
                    || match choice.before_on_channel {
                        Some(before) => before == kind,
                        None => choice.before.as_ref().is_some_and(fits),
                    };
                let knew_before = choice.before.is_some() || choice.before_on_channel.is_some();
                if self.fits(&choice.to, &channel.name, kind) && knew_before && !fitted_before {
                    return Verdict::Applied;
                }
                !knew_before || fitted_before
            }
            Seen::Nothing => true,
        };
        if still_holds {
            Verdict::Unapplied
        } else {
            Verdict::Overruled
        }
    }

    /// One channel agrees with our write: that is no confirmation of the status itself.
    fn show_channel(&mut self, channel: &Channel, now: Now) {
        let known = KnownChannel {
            channel: channel.clone(),
            changed_at: Some(now.wall),
            changed_by: Some(ChangedBy::You),
        };
        self.known.learn(What::Channel(known), now);
    }

    /// A read that was to resolve a doubt failed: try again, or end on the error that tells more.
    pub(super) fn read_failed(&mut self, error: &DeskError, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = self
            .choice
            .as_mut()
            .filter(|choice| choice.stage == Stage::Reading)
        else {
            return;
        };
        choice.last_error = Some(error.clone());
        choice.stage = Stage::InDoubt(now.since_boot + Duration::from_secs(2));
        if !can_pass(error) {
            self.fail(error, now, fx);
        }
    }
}
