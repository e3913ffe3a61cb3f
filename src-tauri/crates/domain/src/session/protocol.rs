//! What goes into a session and what comes out.

use jiff::Timestamp;

use super::Remembered;
use crate::{
    Agent, Agreed, DeskError, FailedSwitch, FailedVia, Failure, Listing, NamedStatus, Offer, Phone,
    ReadPath, Reading, StatusId, TimedView, Via, Written,
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
    /// The agent wants the timed status to last longer.
    Extend {
        /// Who waits for the outcome.
        ticket: Ticket,
        /// The end that the agent was shown.
        until: Timestamp,
    },
    /// The agent wants the status before a forced change, or the end of a timed one.
    PutBack {
        /// Who waits for the outcome.
        ticket: Ticket,
        /// The status that the agent was shown, where one was named.
        status: Option<StatusId>,
    },
    /// The agent wants calls to ring elsewhere.
    AnswerBy {
        /// Who waits for the outcome.
        ticket: Ticket,
        /// Where.
        via: Via,
    },
    /// The agent wants a status when the call under way ends.
    ChooseAfterCall {
        /// Who waits to hear that it is set.
        ticket: Ticket,
        /// Which status.
        status: StatusId,
    },
    /// The agent wants it no more.
    ForgetAfterCall,
    /// The agent leaves a forced change as it is.
    Keep {
        /// When that happened; what happened since stays offered.
        at: Timestamp,
    },
    /// The agent wants to be asked again later.
    Snooze {
        /// When what the agent is asked about happened.
        at: Timestamp,
    },
    /// The answer to [`Effect::Fetch`].
    Fetched(Result<Reading, DeskError>),
    /// The answer to [`Effect::Push`].
    Pushed(Result<Written, DeskError>),
    /// The answer to [`Effect::FetchPhone`]; `None` for an agent without a phone.
    PhoneFetched(Result<Option<Phone>, DeskError>),
    /// The answer to [`Effect::PushVia`].
    ViaPushed(Result<Phone, DeskError>),
    /// The answer to [`Effect::List`].
    Listed(Result<Listing, DeskError>),
    /// The answer to [`Effect::Probe`].
    Probed(Result<Agent, DeskError>),
    /// The computer is going to sleep.
    Slept,
    /// The computer woke up.
    Woke,
    /// The computer is going to shut down; [`Input::Woke`] where it does not after all.
    ShuttingDown,
    /// The program is going to end.
    Quitting,
    /// The screen was locked.
    Locked,
    /// The screen was unlocked.
    Unlocked,
    /// Nobody has touched the computer for a while.
    Idle,
    /// Somebody touches it again.
    Active,
    /// The agent agreed to something, or does so no longer.
    Agreed(Agreed),
    /// The help desk said something by itself; see [`Effect::Listen`].
    Heard(Heard),
    /// The network came or went.
    NetworkChanged,
    /// Somebody looks at the menu or the window.
    Looked,
    /// The time of [`Session::poll_timeout`](super::Session::poll_timeout) has come.
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
    /// Write the status as one that idleness brings or ends: the help desk drops it where the agent is away by choice.
    /// Answer with [`Input::Pushed`].
    PushIdle {
        /// Which status.
        status: StatusId,
    },
    /// Open the way by which the help desk speaks by itself; answer with [`Input::Heard`], as often as it speaks.
    Listen,
    /// Close that way.
    Deafen,
    /// Say by that way that the agent is there.
    Ping,
    /// Read the agent's phone; answer with [`Input::PhoneFetched`].
    FetchPhone,
    /// Let calls ring elsewhere; answer with [`Input::ViaPushed`].
    PushVia {
        /// Where.
        via: Via,
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
    Remember(Box<Remembered>),
    /// A choice came to its end.
    Finished {
        /// Who waits for it.
        ticket: Ticket,
        /// Whether the status is confirmed, or why not.
        result: Result<(), Failure>,
    },
}

/// What a help desk says by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The way is open.
    Open {
        /// Whether every change will be told; else the way only serves to say that the agent is there.
        tells_changes: bool,
    },
    /// The agent's status is this now.
    Status(StatusId),
    /// The way is closed, or could not be opened.
    Closed(Closed),
}

/// Why a way is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The help desk closed it, since something about the agent was changed.
    Kicked,
    /// The connection broke, was closed, or fell silent.
    Broken(String),
    /// There is no such way here: an older server, or a proxy that lets none through.
    NotOffered(String),
    /// It could not be opened.
    Failed(DeskError),
}

/// Who waits for a choice's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

/// What the agent is told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Something else changed the status, or a timed status ended unseen.
    Offer(Offer),
    /// A timed status ends soon.
    Ending(TimedView),
    /// A switch failed.
    SwitchFailed(FailedSwitch),
    /// Where calls ring could not be changed.
    ViaFailed(FailedVia),
    /// What waited for the end of a call is given up.
    AfterCallDropped(DroppedAfterCall),
    /// The account has other statuses now.
    ModeChanged(ModeChange),
    /// The help desk refuses the credentials.
    SignedOut(Failure),
}

/// A status that was to come after a call and will not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedAfterCall {
    /// Which status.
    pub to: NamedStatus,
    /// Why, in plain words.
    pub because: String,
}

/// Omnichannel routing was switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeChange {
    /// Talk's states are the statuses now.
    pub is_talk: bool,
    /// A timed status ended with it.
    pub ended_timed: bool,
}

/// What a notice is about; there is one at most on each topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// An offer to put something back.
    Offer,
    /// The end of a timed status.
    Ending,
    /// A switch that failed.
    SwitchFailed,
    /// Where calls ring.
    Phone,
    /// What waits for the end of a call.
    AfterCall,
    /// What statuses there are.
    Mode,
    /// The sign-in.
    SignedOut,
}

impl Notice {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Self::Offer(_) => Topic::Offer,
            Self::Ending(_) => Topic::Ending,
            Self::SwitchFailed(_) => Topic::SwitchFailed,
            Self::ViaFailed(_) => Topic::Phone,
            Self::AfterCallDropped(_) => Topic::AfterCall,
            Self::ModeChanged(_) => Topic::Mode,
            Self::SignedOut(_) => Topic::SignedOut,
        }
    }
}
