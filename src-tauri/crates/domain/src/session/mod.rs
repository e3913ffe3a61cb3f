//! One account's state machine: what happened goes in, what to do comes out.
//!
//! Reads and writes are never mixed: a read that was under way when a write began is not believed, and
//! none begins before the write is answered. So every status shown as confirmed was the help desk's own
//! word, and its age is the age of that word.

mod choice;
mod clockwork;
mod known;
mod link;
mod look;
mod reading;
#[cfg(test)]
mod tests;
mod timed;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::choice::Choice;
use self::known::Known;
use self::link::LinkState;
use crate::{
    Agent, DeskError, FailedSwitch, Failure, HelpDeskName, Listing, NamedStatus, Now, Offer, ReadPath, Reading, Status,
    StatusId, Written,
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The agent chose a status.
    Choose {
        /// Who waits for the outcome.
        ticket: Ticket,
        /// Which status.
        status: StatusId,
        /// When the status before comes back.
        until: Option<Timestamp>,
    },
    /// The agent wants the status before a forced change, or the end of a timed one.
    PutBack {
        /// Who waits for the outcome.
        ticket: Ticket,
    },
    /// The agent leaves a forced change as it is.
    Keep,
    /// The answer to [`Effect::Fetch`].
    Fetched(Result<Reading, DeskError>),
    /// The answer to [`Effect::Push`].
    Pushed(Result<Written, DeskError>),
    /// The answer to [`Effect::List`].
    Listed(Result<Listing, DeskError>),
    /// The answer to [`Effect::Probe`].
    Probed(Result<Agent, DeskError>),
    /// Another program of ours wrote; this is what is on disk now.
    Recalled(Remembered),
    /// The computer is going to sleep.
    Slept,
    /// The computer woke up.
    Woke,
    /// The screen was locked.
    Locked,
    /// The screen was unlocked.
    Unlocked,
    /// The network came or went.
    NetworkChanged,
    /// Somebody looks at the menu or the window.
    Looked,
    /// The time of [`Session::poll_timeout`] has come.
    Timeout,
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read the current status; answer with [`Input::Fetched`].
    Fetch {
        /// Where it was readable the last time.
        known: Option<ReadPath>,
    },
    /// Write the status; answer with [`Input::Pushed`]. What is to be remembered comes before it.
    Push {
        /// Which status.
        status: StatusId,
    },
    /// Read the statuses on offer; answer with [`Input::Listed`].
    List,
    /// Ask who is signed in; answer with [`Input::Probed`].
    Probe,
    /// Tell the agent; a notice replaces the one on the same topic.
    Notify(Notice),
    /// Take a notice back.
    Withdraw(Topic),
    /// Keep this for the next start.
    Remember(Remembered),
    /// A choice came to its end.
    Finished {
        /// Who waits for it.
        ticket: Ticket,
        /// Whether the status is confirmed, or why not.
        result: Result<(), Failure>,
    },
}

/// Who waits for a choice's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

/// What the agent is told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Something else changed the status, or a timed status ended unseen.
    Offer(Offer),
    /// A switch failed.
    SwitchFailed(FailedSwitch),
    /// The help desk refuses the credentials.
    SignedOut(Failure),
}

/// What a notice is about; there is one at most on each topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// An offer to put something back.
    Offer,
    /// A switch that failed.
    SwitchFailed,
    /// The sign-in.
    SignedOut,
}

impl Notice {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Self::Offer(_) => Topic::Offer,
            Self::SwitchFailed(_) => Topic::SwitchFailed,
            Self::SignedOut(_) => Topic::SignedOut,
        }
    }
}

/// What outlives the program: it is read by whoever runs next, and never shown as current.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// The last write, kept before it is sent.
    pub last_write: Option<LastWrite>,
    /// The timed status under way.
    pub timed: Option<Timed>,
    /// Where the status was readable.
    pub read_path: Option<ReadPath>,
    /// How often each status was chosen.
    pub uses: BTreeMap<StatusId, u32>,
}

/// A write of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastWrite {
    /// The status that was written.
    pub status: NamedStatus,
    /// When.
    pub at: Timestamp,
    /// Whether the help desk accepted it; until its answer came, no.
    pub accepted: bool,
}

/// A status chosen for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timed {
    /// The status.
    pub status: StatusId,
    /// When it ends.
    pub until: Timestamp,
    /// What comes back then.
    pub back_to: NamedStatus,
}

/// One account's state machine.
#[derive(Debug)]
pub struct Session {
    desk: HelpDeskName,
    interval: Duration,
    remembered: Remembered,
    statuses: Vec<Status>,
    known: Known,
    previous: Option<NamedStatus>,
    offer: Option<Offer>,
    failed: Option<FailedSwitch>,
    /// The choice being worked on, and the newer one that waits for its answer.
    choice: Option<Choice>,
    next: Option<Choice>,
    /// The choice that sleep interrupted, to be reported on waking.
    interrupted: Option<Choice>,
    link: LinkState,
    requests: Requests,
    due: Due,
    presence: Presence,
}

/// The requests under way, one of a sort at most.
#[derive(Debug, Default)]
struct Requests {
    fetch: Option<FetchUnderWay>,
    push: bool,
    list: bool,
    probe: bool,
}

/// A read under way.
#[derive(Debug)]
struct FetchUnderWay {
    /// A write began after it, so its answer may be older than the write's.
    overtaken: bool,
}

/// When each sort of request is due, by the clock since boot.
#[derive(Debug, Default)]
struct Due {
    fetch: Duration,
    list: Duration,
    probe: Option<Duration>,
    /// When the last read began: looks are 5 s apart at least.
    last_fetch: Option<Duration>,
}

/// Whether the agent can be there at all.
#[derive(Debug, Default)]
struct Presence {
    locked: bool,
    asleep: bool,
    woke_at: Option<Duration>,
}

impl Session {
    /// Starts with what was remembered and a usual time between two reads.
    pub fn new(desk: HelpDeskName, interval: Duration, remembered: Remembered) -> Self {
        Self {
            desk,
            interval,
            remembered,
            statuses: Vec::new(),
            known: Known::default(),
            previous: None,
            offer: None,
            failed: None,
            choice: None,
            next: None,
            interrupted: None,
            link: LinkState::default(),
            requests: Requests::default(),
            due: Due::default(),
            presence: Presence::default(),
        }
    }

    /// Takes in what happened and says what to do. `chance` is a fresh random number from 0 up to 1.
    pub fn handle(&mut self, input: Input, now: Now, chance: f64) -> Vec<Effect> {
        let mut effects = Vec::new();
        let fx = &mut effects;
        match input {
            Input::Choose { ticket, status, until } => self.choose(ticket, &status, until, now, fx),
            Input::PutBack { ticket } => self.put_back(ticket, now, fx),
            Input::Keep => self.close_offer(fx),
            Input::Fetched(result) => self.fetched(result, now, chance, fx),
            Input::Pushed(result) => self.pushed(result, now, fx),
            Input::Listed(result) => self.listed(result, now),
            Input::Probed(result) => self.probed(result, now, fx),
            Input::Recalled(remembered) => self.remembered = remembered,
            Input::Slept => self.slept(fx),
            Input::Woke => self.woke(now, fx),
            Input::Locked => self.presence.locked = true,
            Input::Unlocked => {
                self.presence.locked = false;
                self.read_soon(now);
            }
            Input::NetworkChanged => self.read_soon(now),
            Input::Looked => self.looked(now),
            Input::Timeout => {}
        }
        self.advance(now, fx);
        effects
    }

    /// Whether a write, a read or a list is under way.
    pub fn is_busy(&self) -> bool {
        self.requests.push || self.requests.fetch.is_some() || self.requests.list || self.choice.is_some()
    }

    fn find(&self, id: &StatusId) -> Option<&Status> {
        self.statuses.iter().find(|status| status.id == *id)
    }

    /// Whether the status may be offered: it is on the list and not known to be barred.
    fn is_choosable(&self, id: &StatusId) -> bool {
        self.find(id).is_some_and(|status| status.eligible != Some(false))
    }
}
