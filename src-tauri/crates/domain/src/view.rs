//! All that any surface can show.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Agent, Capability, Channel, Everywhere, Failure, Guard, Has, HelpDeskName,
    NamedStatus, PhoneView, Status, StatusId, StatusKind, TimedView,
};

/// All that any surface can show.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct View {
    /// The accounts, the default one first.
    pub accounts: Vec<AccountView>,
    /// What this computer lacks, each a sentence for the agent.
    pub hints: Vec<Hint>,
}

/// Something that this computer lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Hint {
    /// What it is about, so that the same thing is said once.
    pub topic: HintTopic,
    /// What is missing, what it means, what to do.
    pub message: String,
}

/// What a hint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum HintTopic {
    /// Nothing on this desktop shows tray icons.
    Tray,
    /// Nothing on this desktop shows notifications.
    Notifications,
    /// The keyring is missing, locked or silent.
    Keyring,
    /// The settings were unreadable and set aside.
    Settings,
    /// Nothing waits for a guard before the computer sleeps or shuts down.
    Guard,
}

/// How sure the current status is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Read from the help desk, or its answer to our write just now.
    Confirmed,
    /// Guessed from the one channel that is readable.
    Projected,
    /// Our last accepted write; nothing is readable.
    Assumed,
    /// Not known, or not confirmed for too long.
    Unknown,
}

/// How an account is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// The help desk answers.
    Ok,
    /// Three tries in a row failed.
    Unreachable,
    /// The help desk asked to wait.
    RateLimited,
    /// The credentials are refused.
    SignedOut,
    /// The help desk account is locked.
    Locked,
}

/// Who changed the status last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum ChangedBy {
    /// A write of ours explains it.
    You,
    /// The help desk, a supervisor, another program.
    Other,
    /// Probably the agent in the browser.
    Unknown,
}

/// What the light looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "shape", content = "kind")]
pub enum Light {
    /// The status's own light.
    Status(StatusKind),
    /// The status's own light with a mark: nothing confirms it.
    Unconfirmed(StatusKind),
    /// A switch is under way.
    Switching,
    /// The status is not known, or not confirmed for too long.
    NotConfirmed,
    /// The help desk does not answer.
    Unreachable,
    /// The help desk account is locked.
    Locked,
    /// The credentials are refused, or there is no account.
    SignedOut,
}

/// One account as every surface shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AccountView {
    /// The account's name on this computer.
    pub account: AccountId,
    /// Which help desk.
    pub helpdesk: HelpDeskName,
    /// The instance's base address.
    pub url: String,
    /// The OAuth client that the agent signed in with, where one was.
    pub client_id: Option<String>,
    /// The agent.
    pub agent: Agent,
    /// Whether commands without an account mean this one.
    pub default: bool,
    /// Whether it counts for the one light.
    pub relevant: bool,
    /// How the account is doing.
    pub link: Link,
    /// What the light looks like.
    pub light: Light,
    /// The status in a few words, without times: "Lunch", "Checking…", "Phone: Away".
    pub headline: String,
    /// The current status, where one is known.
    pub status: Option<NamedStatus>,
    /// How sure it is.
    pub certainty: Certainty,
    /// When the help desk last told.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub as_of: Option<Timestamp>,
    /// Since when it holds.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub since: Option<Timestamp>,
    /// When it ends and what comes back then, for a timed status.
    pub timed: Option<TimedView>,
    /// The status before.
    pub previous: Option<NamedStatus>,
    /// Who changed it last.
    pub changed_by: Option<ChangedBy>,
    /// The help desk's word for why.
    pub reason: Option<String>,
    /// The same in plain words.
    pub reason_in_words: Option<String>,
    /// What each channel does now, as far as known.
    pub channels: Vec<Channel>,
    /// The agent's phone, for an agent who has one.
    pub phone: Option<PhoneView>,
    /// The status that a switch under way leads to.
    pub switching_to: Option<NamedStatus>,
    /// The statuses to choose from.
    pub statuses: Vec<Choosable>,
    /// What the agent is asked.
    pub offer: Option<Offer>,
    /// The last switch that failed, until the next one succeeds.
    pub failed: Option<FailedSwitch>,
    /// Why the help desk's last answer was no use.
    pub trouble: Option<Failure>,
    /// What each kind means here, when it is chosen for all accounts.
    pub everywhere: Vec<Everywhere>,
    /// What happens when the agent leaves the computer, where the agent switched that on.
    pub guard: Option<Guard>,
    /// What this role cannot do here, and why.
    pub limits: Option<String>,
    /// What the account lets this agent do, each with why it does not.
    pub capabilities: Vec<Capability>,
    /// What the status means for work and how long it lasts, where its name does not say so.
    pub note: Option<String>,
    /// What the agent agreed to about presence, on a help desk that asks for it.
    pub presence: Option<PresenceView>,
}

/// What the agent agreed to about presence, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PresenceView {
    /// Online is kept as long as Statuslight runs.
    pub keep_online: bool,
    /// The status is Idle while the computer is idle or locked.
    pub away_when_idle: bool,
    /// Whether the help desk tells of changes at once.
    pub tells_at_once: Has,
}

/// A status to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Choosable {
    /// The help desk's identifier.
    pub id: StatusId,
    /// The name as the agent reads it.
    pub name: String,
    /// The inferred colour.
    pub kind: StatusKind,
    /// Whether the account's admin made it.
    pub custom: bool,
    /// Whether this agent may choose it; unknown is tried.
    pub eligible: Option<bool>,
    /// What it is for.
    pub description: String,
    /// What each channel does in it.
    pub channels: std::collections::BTreeMap<String, String>,
    /// The groups that may choose it; none means everybody.
    pub group_ids: Vec<String>,
    /// How often the agent chose it here.
    pub uses: u32,
}

impl From<&Status> for Choosable {
    /// A status that nobody has chosen here.
    fn from(status: &Status) -> Self {
        Self {
            id: status.id.clone(),
            name: status.name.clone(),
            kind: status.kind,
            custom: status.custom,
            eligible: status.eligible,
            description: status.description.clone(),
            channels: status.channels.clone(),
            group_ids: status.group_ids.clone(),
            uses: 0,
        }
    }
}

/// What the agent is asked after a forced change or a missed end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Offer {
    /// Why the agent is asked.
    pub because: OfferCause,
    /// What *Put me back* leads to; nothing while that status cannot be chosen.
    pub put_back: Option<NamedStatus>,
    /// What the status was, in a few words.
    pub from: String,
    /// What the status is, in a few words.
    pub to: String,
    /// When it happened.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
    /// How many changes within a few seconds it sums up, this one included.
    pub changes: u32,
    /// Why, in plain words.
    pub reason_in_words: String,
}

/// Why the agent is asked something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum OfferCause {
    /// Something else changed the status.
    ForcedChange,
    /// Something else changed the phone channel, which is all that is readable.
    PhoneMoved,
    /// A timed status ended while nobody could see it.
    TimedStatusEnded,
    /// The call that a status was to follow ended while nobody could see it.
    CallEnded,
    /// The guard switched when the agent left.
    Guarded,
}

/// A switch that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FailedSwitch {
    /// The status that was chosen.
    pub to: NamedStatus,
    /// Why it did not come about.
    pub failure: Failure,
    /// When it was given up.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
}

impl Choosable {
    /// Its name and kind without the rest.
    pub fn named(&self) -> NamedStatus {
        NamedStatus {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind,
            custom: self.custom,
        }
    }
}

impl Light {
    /// Whether this light is worse than another: the worst of several accounts is shown.
    fn rank(self) -> u8 {
        match self {
            Self::SignedOut => 0,
            Self::Locked => 1,
            Self::Unreachable => 2,
            Self::NotConfirmed => 3,
            Self::Switching => 4,
            Self::Status(kind) | Self::Unconfirmed(kind) => match kind {
                StatusKind::Offline => 5,
                StatusKind::Away => 6,
                StatusKind::TransfersOnly => 7,
                StatusKind::Online => 8,
            },
        }
    }

    /// The name of its picture.
    pub fn picture(self) -> &'static str {
        match self {
            Self::Status(StatusKind::Online) => "online",
            Self::Status(StatusKind::Away) => "away",
            Self::Status(StatusKind::TransfersOnly) => "transfers_only",
            Self::Status(StatusKind::Offline) => "offline",
            Self::Unconfirmed(StatusKind::Online) => "online-unconfirmed",
            Self::Unconfirmed(StatusKind::Away) => "away-unconfirmed",
            Self::Unconfirmed(StatusKind::TransfersOnly) => "transfers_only-unconfirmed",
            Self::Unconfirmed(StatusKind::Offline) => "offline-unconfirmed",
            Self::Switching => "switching",
            Self::NotConfirmed => "not_confirmed",
            Self::Unreachable => "unreachable",
            Self::Locked => "locked",
            Self::SignedOut => "signed_out",
        }
    }
}

impl View {
    /// The account whose light is the worst of those that count, which the one tray light speaks for.
    pub fn worst(&self) -> Option<&AccountView> {
        self.accounts
            .iter()
            .filter(|account| account.relevant)
            .min_by_key(|account| account.light.rank())
    }

    /// The one light for all accounts.
    pub fn light(&self) -> Light {
        self.worst()
            .map_or(Light::SignedOut, |account| account.light)
    }

    /// Whether a guard may have something to write before the computer sleeps or shuts down.
    pub fn guard_delays(&self) -> bool {
        let mut guards = self.accounts.iter().filter_map(|one| one.guard.as_ref());
        guards.any(Guard::delays)
    }

    /// The account of that name.
    pub fn account(&self, id: &AccountId) -> Option<&AccountView> {
        self.accounts.iter().find(|account| account.account == *id)
    }
}
