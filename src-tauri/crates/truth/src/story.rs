//! Stories: what happens to one agent, step by step.

use serde::{Deserialize, Serialize};

/// What happens to one agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// What the agent's role lets Statuslight read.
    pub readable: Readable,
    /// Where the session's chance begins.
    pub chance: u64,
    /// What happens, one after the other; time passes in [`Step::Wait`] and in what says so.
    pub steps: Vec<Step>,
}

/// What a role lets Statuslight read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readable {
    /// The status itself.
    Status,
    /// Talk's agent state, where Talk's states are the statuses.
    TalkState,
    /// Only the phone channel.
    PhoneChannel,
    /// Nothing.
    Nothing,
    /// The status on a Libredesk, which also speaks by itself.
    Libredesk,
}

/// A status of the model account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Name {
    Offline,
    Online,
    Away,
    TransfersOnly,
    Lunch,
    Coffee,
    Meeting,
    Training,
    /// Libredesk's "away and reassign replies".
    Reassigning,
    /// Libredesk's "away", which nobody chooses.
    Idle,
}

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The agent chooses a status on some surface.
    Click(Name),
    /// The agent chooses one for so many minutes.
    ClickFor(Name, u32),
    /// *Put me back*, as it is shown now.
    PutBack,
    /// *Put me back* in a terminal, where nothing is named.
    PutBackByName,
    /// *Put me back* on the first offer that was ever shown.
    PutBackOfOld,
    /// *Keep*.
    Keep,
    /// *Remind me later*.
    Snooze,
    /// *Extend*, on the end that is shown now.
    Extend,
    /// *Extend* on the first notice of an end that was ever shown.
    ExtendOfOld,
    /// The agent sets a guard: to this status, on lock, sleep, shutdown and quit as it says.
    Guards(Name, [bool; 4]),
    /// The agent sets no guard any more.
    GuardsNoMore,
    /// The agent wants to be kept Online; and to be Idle while nobody is at the computer.
    Agrees(bool, bool),
    /// Something else changes the status.
    Moved(Name, Why),
    /// An admin changes it in the agent's record, of which Libredesk tells nobody, and lets nobody listen on.
    Edited(Name),
    /// A browser tab of the agent tells Libredesk that somebody is there.
    TabPings,
    /// What becomes of the next opening of the websocket.
    Opening(Opening),
    /// How the next word on the websocket travels.
    Pushed(Travel),
    /// The websocket breaks.
    SocketBreaks,
    /// Nothing passes the websocket any more, and nobody says so.
    SocketFallsSilent,
    /// Others use so much of what the account may ask, in percent; nothing where the answers do not say.
    Load(Option<u32>),
    /// An admin bars a status for this agent, or allows it again.
    Barred(Name, bool),
    /// What becomes of the next read of the status.
    Read(Fate),
    /// What becomes of the next write.
    Write(Fate),
    /// What becomes of the next read of the list.
    List(Fate),
    /// What becomes of the next question who is signed in.
    Probe(Fate),
    /// What becomes of the next read of the phone.
    ReadPhone(Fate),
    /// What becomes of the next change of where calls ring.
    WritePhone(Fate),
    /// The computer goes to sleep.
    Slept,
    /// The computer wakes.
    Woke,
    /// It sleeps for so many seconds, and nothing told before.
    SleptUnseen(u32),
    /// The screen is locked.
    Locked,
    /// The screen is unlocked.
    Unlocked,
    /// Nobody touches the computer.
    Idle,
    /// Somebody touches it again.
    Active,
    /// The system says that the network changed.
    NetworkChanged,
    /// Somebody looks at the menu.
    Looked,
    /// The network is gone, or back.
    Network(bool),
    /// The help desk refuses the credentials from now on.
    Revoked,
    /// Somebody sets the clock, by so many seconds.
    ClockSet(i32),
    /// Time passes, in milliseconds.
    Wait(u32),
    /// The program is killed, and started again so many seconds later.
    Restarted(u32),
    /// The agent quits the program, and starts it again so many seconds later.
    Quit(u32),
    /// The computer shuts down, and runs again so many seconds later.
    ShutDown(u32),
    /// The computer is about to shut down, and does not.
    ShutDownStopped,
    /// The agent lets calls ring by phone, or else in the browser.
    AnswerByPhone(bool),
    /// The agent chooses what comes after the call.
    AfterCall(Name),
    /// Somebody else lets calls ring by phone, or else in the browser.
    RingsByPhone(bool),
    /// A call begins, or the last one ends.
    OnCall(bool),
}

/// Why something else changed the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The help desk saw no activity.
    Idle,
    /// The agent, in the browser.
    InTheBrowser,
    /// Another program, or an admin by one.
    ByProgram,
    /// A word that nobody knows yet.
    NewWord,
}

impl Why {
    /// The help desk's word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Idle => "AGENT_IDLE_TIMEOUT",
            Self::InTheBrowser => "AGENT_STATUS_SWITCHER",
            Self::ByProgram => "PUBLIC_API",
            Self::NewWord => "MOON_PHASE",
        }
    }
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fate {
    /// How long until the help desk handles it, in milliseconds.
    pub there_ms: u32,
    /// How long its answer takes, in milliseconds.
    pub back_ms: u32,
    /// How it ends.
    pub end: End,
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// With what was asked for.
    Fine,
    /// A read just after a write brings the status before it.
    Echo,
    /// A read finds nothing that may be read.
    Blind,
    /// It is handled, and the answer gets lost.
    AnswerLost,
    /// It never arrives.
    RequestLost,
    /// The connection breaks after it was handled, or before.
    Broken(bool),
    /// The answer is cut off after it was handled.
    Cut,
    /// The answer is larger than any true one.
    TooLarge,
    /// Another program's page comes instead; it was not handled.
    Strange,
    /// No connection.
    Unreachable,
    /// 401
    Refused401,
    /// 200, as to an anonymous visitor.
    Anonymous,
    /// 403
    Forbidden,
    /// 409
    Conflict,
    /// 422
    Wrong,
    /// 423
    AccountLocked,
    /// 429, with the seconds to wait if it tells them.
    Limited(Option<u32>),
    /// 5xx after it was handled, or before; with the seconds to wait if it tells them.
    Failed(bool, Option<u32>),
}

/// What becomes of the opening of a websocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// It opens after so many milliseconds.
    Opens(u32),
    /// It opens on an older Libredesk, which tells no changes.
    Mute,
    /// There is none here.
    NotOffered,
    /// No connection.
    Unreachable,
    /// 401
    Refused401,
    /// 429, with the seconds to wait if it tells them.
    Limited(Option<u32>),
}

/// How a word travels on the websocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Travel {
    /// How long it takes, in milliseconds.
    pub ms: u32,
    /// It comes twice.
    pub twice: bool,
}

impl Readable {
    /// Whether a read tells why and since when a status holds.
    pub(crate) fn tells_reasons(self) -> bool {
        self == Self::Status
    }

    pub(crate) fn is_libredesk(self) -> bool {
        self == Self::Libredesk
    }
}

impl Step {
    /// What becomes of the next request, and of which sort it is.
    pub(crate) fn fate(self) -> Option<(usize, Fate)> {
        Some(match self {
            Self::Read(fate) => (0, fate),
            Self::Write(fate) => (1, fate),
            Self::List(fate) => (2, fate),
            Self::Probe(fate) => (3, fate),
            Self::ReadPhone(fate) => (4, fate),
            Self::WritePhone(fate) => (5, fate),
            _ => return None,
        })
    }

    /// Whether it is about a phone.
    pub(crate) fn is_of_phone(self) -> bool {
        matches!(
            self,
            Self::AnswerByPhone(_)
                | Self::AfterCall(_)
                | Self::RingsByPhone(_)
                | Self::OnCall(_)
                | Self::ReadPhone(_)
                | Self::WritePhone(_)
        )
    }

    /// Whether it cannot happen on a computer that sleeps.
    pub(crate) fn needs_the_computer(self) -> bool {
        match self {
            Self::Click(_)
            | Self::ClickFor(..)
            | Self::PutBack
            | Self::PutBackByName
            | Self::PutBackOfOld
            | Self::Keep
            | Self::Snooze
            | Self::Extend
            | Self::ExtendOfOld
            | Self::Guards(..)
            | Self::GuardsNoMore
            | Self::Agrees(..)
            | Self::Idle
            | Self::Active
            | Self::Quit(_)
            | Self::ShutDown(_)
            | Self::ShutDownStopped
            | Self::Slept
            | Self::SleptUnseen(_)
            | Self::Locked
            | Self::Unlocked
            | Self::NetworkChanged
            | Self::Looked
            | Self::Restarted(_)
            | Self::AnswerByPhone(_)
            | Self::AfterCall(_) => true,
            Self::Moved(..)
            | Self::Edited(_)
            | Self::TabPings
            | Self::Opening(_)
            | Self::Pushed(_)
            | Self::SocketBreaks
            | Self::SocketFallsSilent
            | Self::Load(_)
            | Self::Barred(..)
            | Self::Read(_)
            | Self::Write(_)
            | Self::List(_)
            | Self::Probe(_)
            | Self::ReadPhone(_)
            | Self::WritePhone(_)
            | Self::Woke
            | Self::Network(_)
            | Self::Revoked
            | Self::ClockSet(_)
            | Self::Wait(_)
            | Self::RingsByPhone(_)
            | Self::OnCall(_) => false,
        }
    }
}

impl Fate {
    /// What becomes of a request when nothing goes wrong.
    pub const FINE: Self = Self {
        there_ms: 60,
        back_ms: 60,
        end: End::Fine,
    };
}

impl Travel {
    /// How a word travels when nothing holds it up.
    pub const FINE: Self = Self {
        ms: 60,
        twice: false,
    };
}

impl Story {
    /// The story as a file keeps it: one step a line.
    pub fn to_text(&self) -> String {
        let steps: Vec<String> = self
            .steps
            .iter()
            .map(|step| format!("    {}", line(step)))
            .collect();
        format!(
            "{{\n  \"readable\": {},\n  \"chance\": {},\n  \"steps\": [\n{}\n  ]\n}}\n",
            line(&self.readable),
            self.chance,
            steps.join(",\n")
        )
    }
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
