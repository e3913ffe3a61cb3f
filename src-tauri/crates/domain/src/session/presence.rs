//! Sleep, wake and the locked screen: whether the agent can be there at all.

use std::time::Duration;

use super::choice::{Choice, Origin, newest};
use super::outcome::{finish, overtaken};
use super::{Effect, Input, Session};
use crate::words::short;
use crate::{Code, Failure, Leaving, Now};

/// No error notification so soon after waking: the network is still coming up.
const QUIET_AFTER_WAKING: Duration = Duration::from_secs(60);

/// Whether the agent can be there at all.
#[derive(Debug, Default)]
pub(super) struct Presence {
    pub(super) locked: bool,
    pub(super) asleep: bool,
    /// Nobody touches the computer.
    pub(super) idle: bool,
    /// Nothing was told since the agent was away or nobody listened.
    pub(super) untold: bool,
    /// The computer shuts down or the program ends.
    ending: bool,
    /// When the agent came back last, by the clock since boot.
    pub(super) returned_at: Option<Duration>,
    woke_at: Option<Duration>,
}

impl Presence {
    /// Whether nobody can see what happens.
    pub(super) fn is_away(&self) -> bool {
        self.locked || self.asleep || self.ending
    }

    /// From when on, by the clock since boot, the agent may be bothered with errors.
    pub(super) fn quiet_until(&self) -> Option<Duration> {
        self.woke_at.map(|woke| woke + QUIET_AFTER_WAKING)
    }
}

impl Session {
    /// Sleep drops what is wanted: it must not come back to haunt. A guard's write is what sleep waits for.
    pub(super) fn slept(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.leave(Leaving::Sleep, now, fx);
        self.close_ear(fx);
        self.via_slept(fx);
        self.call_out_of_sight();
        if self.is_guarding() {
            return;
        }
        if let Some(newest) = self.drop_wanted(fx)
            && let Some(older) = self.interrupted.replace(newest)
        {
            finish(older, &Err(overtaken()), fx);
        }
    }

    pub(super) fn woke(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.stop_guarding(now, fx);
        self.presence.woke_at = Some(now.since_boot);
        self.link.failures = 0;
        if let Some(choice) = self
            .interrupted
            .take_if(|choice| choice.origin != Origin::Idleness)
        {
            let message = format!(
                "Your computer went to sleep before \u{201c}{}\u{201d} was confirmed. Look at your status and choose again.",
                short(&choice.to.name, 60)
            );
            self.report(choice, Failure::new(Code::Slept, message), now, fx);
        }
        self.via_woke(now, fx);
        self.read_soon(now);
        // What waits in a way that was open in sleep is about another time.
        self.close_ear(fx);
        self.listen_soon(now);
        self.hold_after_absence(now);
        self.came_back(now);
    }

    /// Reads before anything is done: what is known may be old by now, and so may a read that is under way.
    pub(super) fn read_first(&mut self, now: Now) {
        if let Some(fetch) = &mut self.requests.fetch {
            fetch.overtaken = true;
        }
        self.presence.untold = true;
        self.due.fetch = now.since_boot;
    }

    /// Takes in what says whether the agent can be there and what is agreed. Where the account cannot be asked,
    /// nothing else comes of it.
    pub fn bear_in_mind(&mut self, input: &Input) {
        let presence = &mut self.presence;
        match input {
            Input::Locked => presence.locked = true,
            Input::Unlocked => {
                presence.locked = false;
                // Whoever unlocks is there.
                presence.idle = false;
            }
            Input::Slept => presence.asleep = true,
            Input::Woke => {
                presence.asleep = false;
                presence.ending = false;
            }
            Input::ShuttingDown | Input::Quitting => presence.ending = true,
            Input::Idle => presence.idle = true,
            Input::Active => presence.idle = false,
            Input::Agreed(agreed) => self.agreed = *agreed,
            _ => {}
        }
    }

    /// Stops working on all choices and hands back the newest, which alone counts.
    pub(super) fn drop_wanted(&mut self, fx: &mut Vec<Effect>) -> Option<Choice> {
        let (older, newest) = newest(self.choice.take(), self.next.take());
        if let Some(older) = older {
            finish(older, &Err(overtaken()), fx);
        }
        newest
    }
}
