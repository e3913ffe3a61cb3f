//! Keeps what an account shows as time in status, and tells it to whoever asks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{AccountId, AccountView, Certainty, Failure, History, Now, Recorder, Stretch};
use jiff::Timestamp;

use crate::ports::Histories;

/// So often what is too old is dropped.
const BETWEEN_TIDYINGS: Duration = Duration::from_secs(24 * 60 * 60);
/// A history that cannot be read now may be readable soon.
const BETWEEN_TRIES: Duration = Duration::from_secs(60);

/// One account's history, while the account runs.
pub(crate) struct Recording {
    account: AccountId,
    histories: Arc<dyn Histories>,
    state: Mutex<State>,
}

enum State {
    /// Nothing was shown yet that could be kept, or the history could not be read.
    Unopened {
        /// By the clock since boot.
        not_before: Duration,
    },
    Open {
        recorder: Box<Recorder>,
        /// By the clock since boot.
        tidied: Duration,
    },
    /// The account is gone, and nothing may come after it.
    Closed,
}

impl Recording {
    pub(crate) fn new(account: AccountId, histories: Arc<dyn Histories>) -> Self {
        Self {
            account,
            histories,
            state: Mutex::new(State::Unopened {
                not_before: Duration::ZERO,
            }),
        }
    }

    /// Keeps what the account shows now. A history that cannot be kept is logged: the light goes on.
    pub(crate) fn observe(&self, view: &AccountView, now: Now) {
        let mut state = self.state();
        if let State::Unopened { not_before } = *state {
            if view.certainty == Certainty::Unknown || now.since_boot < not_before {
                return;
            }
            *state = self.open(now);
        }
        let State::Open { recorder, tidied } = &mut *state else {
            return;
        };
        let stretches = recorder.observe(view, now);
        self.keep(recorder, &stretches);
        if now.since_boot >= tidied.saturating_add(BETWEEN_TIDYINGS) {
            *tidied = now.since_boot;
            if let Err(error) = self.histories.resume(&self.account, now.wall) {
                tracing::error!(account = %self.account, %error, "the history cannot be tidied");
            }
        }
    }

    /// The time in status since a moment, up to the help desk's last word.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(crate) fn since(&self, moment: Timestamp, now: Now) -> Result<History, Failure> {
        let mut state = self.state();
        self.catch_up(&mut state, now);
        let history = self.histories.read(&self.account)?;
        Ok(history.since(moment))
    }

    /// Keeps all that is known by now, since the program ends.
    pub(crate) fn end(&self, now: Now) {
        self.catch_up(&mut self.state(), now);
    }

    fn catch_up(&self, state: &mut State, now: Now) {
        if let State::Open { recorder, .. } = state {
            let rest = recorder.flush(now);
            self.keep(recorder, rest.as_slice());
        }
    }

    /// Deletes all that was kept and keeps nothing from now on.
    ///
    /// # Errors
    /// Says what is left; then it goes on as before.
    pub(crate) fn delete(&self) -> Result<(), Failure> {
        // Held, so that nothing is kept in between.
        let mut state = self.state();
        self.histories.forget(&self.account)?;
        *state = State::Closed;
        Ok(())
    }

    /// Keeps nothing from now on.
    pub(crate) fn close(&self) {
        *self.state() = State::Closed;
    }

    fn open(&self, now: Now) -> State {
        match self.histories.resume(&self.account, now.wall) {
            Ok(last) => State::Open {
                recorder: Box::new(Recorder::after(last)),
                tidied: now.since_boot,
            },
            Err(error) => {
                tracing::error!(account = %self.account, %error, "the history cannot be kept");
                State::Unopened {
                    not_before: now.since_boot.saturating_add(BETWEEN_TRIES),
                }
            }
        }
    }

    fn keep(&self, recorder: &mut Recorder, stretches: &[Stretch]) {
        if stretches.is_empty() {
            return;
        }
        if let Err(error) = self.histories.keep(&self.account, stretches) {
            tracing::error!(account = %self.account, %error, "a part of the history is not kept");
            recorder.not_kept();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A holder that panicked left a state that is whole: each is put in place by one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
