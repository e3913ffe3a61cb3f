//! The agent leaves and comes back, and the program ends and starts again.

use std::time::Duration;

use domain::{Input, Leaving, Session};

use super::{INTERVAL, Stage};
use crate::broken::Holds;

/// So long a computer goes on after it said that it goes to sleep.
const FALLS_ASLEEP_IN: Duration = Duration::from_secs(2);
/// So long it waits for a program that asked it to: logind's own limit.
const WAITS_FOR_A_GUARD: Duration = Duration::from_secs(5);
/// The program ends after so long, whatever is under way.
const LONGEST_END: Duration = Duration::from_secs(4);
/// A shutdown that somebody stopped was under way for so long.
const STOPPED_AFTER: Duration = Duration::from_secs(12);

impl Stage {
    pub(super) fn sleep(&mut self) -> Holds {
        let now = self.scene.now.since_boot;
        let guards = self.guard.as_ref().is_some_and(domain::Guard::delays);
        let falls = now
            + if guards {
                WAITS_FOR_A_GUARD
            } else {
                FALLS_ASLEEP_IN
            };
        // The system may say so twice.
        self.fell_asleep.get_or_insert(falls);
        self.scene.asleep = true;
        self.leaves(Leaving::Sleep, Input::Slept)
    }

    pub(super) fn lock(&mut self) -> Holds {
        self.scene.locked = true;
        self.leaves(Leaving::Lock, Input::Locked)
    }

    fn leaves(&mut self, on: Leaving, input: Input) -> Holds {
        self.witness.leaves(on, &self.shown, &self.scene);
        if on == Leaving::Sleep {
            self.witness.falls_asleep(&self.scene);
        }
        self.input(input)?;
        self.witness.has_left(&self.shown, &self.scene)
    }

    pub(super) fn wake(&mut self) -> Holds {
        self.fell_asleep = None;
        self.scene.asleep = false;
        self.input(Input::Woke)?;
        self.witness.is_awake()?;
        // What arrived in sleep is found now.
        self.wait(Duration::ZERO)
    }

    /// The program is to end: it does once nothing is being written, or after a little while in any case.
    pub(super) fn end(&mut self, on: Leaving, after: Duration) -> Holds {
        if self.scene.asleep {
            return Ok(());
        }
        self.scene.ending = true;
        let input = match on {
            Leaving::Shutdown => Input::ShuttingDown,
            _ => Input::Quitting,
        };
        self.leaves(on, input)?;
        let latest = self.scene.now.since_boot + LONGEST_END;
        while self.session.is_writing() && self.scene.now.since_boot < latest {
            self.wait(Duration::from_millis(100))?;
        }
        self.scene.ending = false;
        self.restart(after)
    }

    /// A shutdown that somebody stops.
    pub(super) fn stop_shutdown(&mut self) -> Holds {
        if self.scene.asleep {
            return Ok(());
        }
        self.scene.ending = true;
        self.leaves(Leaving::Shutdown, Input::ShuttingDown)?;
        self.wait(STOPPED_AFTER)?;
        self.scene.ending = false;
        self.input(Input::Woke)
    }

    pub(super) fn restart(&mut self, after: Duration) -> Holds {
        if self.scene.asleep {
            return Ok(());
        }
        // Of a program before that one, nothing arrives any more.
        self.orphans = std::mem::take(&mut self.asked);
        self.socket.close();
        self.witness.restarted();
        self.accepted = None;
        self.fell_asleep = Some(Duration::ZERO);
        let end = self.scene.now.since_boot + after;
        self.pass_until(end)?;
        self.fell_asleep = None;
        let remembered = serde_json::from_str(&self.disk).unwrap_or_default();
        let desk = self.account.helpdesk;
        self.session = Session::new(desk, INTERVAL, remembered).agreeing(self.account.agreed);
        self.session.set_guard(self.guard.clone());
        self.shown = self.session.view(&self.account, true, self.scene.now);
        self.last_input = self.scene.now.since_boot;
        self.witness.begins(&self.scene);
        if self.scene.locked {
            return self.input(Input::Locked);
        }
        self.input(Input::Timeout)
    }
}
