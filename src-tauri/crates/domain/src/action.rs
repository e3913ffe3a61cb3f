//! All that any surface can ask.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Agent, Guard, HelpDeskName, StatusId, StatusKind, Until, Via};

/// The name of an account on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AccountId(pub String);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One agent on one help desk instance, without any secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Account {
    /// The name on this computer, which also names the keyring entry.
    pub id: AccountId,
    /// Which help desk.
    pub helpdesk: HelpDeskName,
    /// The instance's base address, without a trailing slash.
    pub url: String,
    /// Whom the help desk took the credentials for.
    pub agent: Agent,
    /// How requests are signed.
    pub sign_in: SignIn,
    /// What the agent agreed to.
    #[serde(default)]
    pub agreed: Agreed,
}

/// What the agent agreed to for an account: nothing of it is done without a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Agreed {
    /// Requests may go unencrypted over a private network.
    pub unencrypted: bool,
    /// Online is kept as long as Statuslight runs, where the help desk ends it by itself.
    pub keep_online: bool,
    /// Who leaves the computer idle or locked goes from Online to Idle, and back.
    pub away_when_idle: bool,
}

/// How an account's requests are signed; the secret itself is in the keyring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum SignIn {
    /// An OAuth access token that the agent pasted.
    AccessToken,
    /// OAuth tokens that the agent allowed in the browser, renewed by themselves.
    #[serde(rename = "oauth")]
    OAuth {
        /// The unique identifier of the company's OAuth client.
        client_id: String,
    },
    /// An API token together with the agent's e-mail address.
    ApiToken {
        /// The agent's e-mail address.
        email: String,
    },
    /// A key whose secret is kept apart from it.
    ApiKey {
        /// The key, which names the agent as an e-mail address does.
        key: String,
    },
}

/// All that any surface can ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Action {
    /// Switch to a status.
    Choose {
        /// Whose status.
        account: AccountId,
        /// Which status.
        status: StatusId,
        /// When the status before comes back.
        until: Option<Until>,
    },
    /// Let a timed status last longer.
    Extend {
        /// Whose status.
        account: AccountId,
        /// The end that the agent was shown; one that was moved since is left where it is.
        #[cfg_attr(test, ts(type = "string"))]
        until: Timestamp,
    },
    /// Go back to the status before the forced change, or before the timed status.
    PutBack {
        /// Whose status.
        account: AccountId,
        /// The status that the agent was shown; another one that is offered by now is not taken in its place.
        /// Nothing where none was named, as in a terminal.
        status: Option<StatusId>,
    },
    /// Switch to a status when the call under way ends.
    ChooseAfterCall {
        /// Whose status.
        account: AccountId,
        /// Which status.
        status: StatusId,
    },
    /// Do not switch when the call ends.
    ForgetAfterCall {
        /// Whose status.
        account: AccountId,
    },
    /// Leave a forced change as it is and stop offering to undo it.
    Keep {
        /// Whose status.
        account: AccountId,
        /// When it happened; an offer that came since stays.
        #[cfg_attr(test, ts(type = "string"))]
        at: Timestamp,
    },
    /// Be asked the same again in ten minutes, if it still applies then.
    Snooze {
        /// Whose status.
        account: AccountId,
        /// When what the agent is asked about happened; an offer that came since stays.
        #[cfg_attr(test, ts(type = "string"))]
        at: Timestamp,
    },
    /// Set another agent's status, as somebody has confirmed.
    SetAgent {
        /// By whose sign-in.
        account: AccountId,
        /// Whose status, by the help desk's identifier.
        agent: String,
        /// Which status.
        status: StatusId,
    },
    /// Let calls ring elsewhere.
    AnswerBy {
        /// Whose calls.
        account: AccountId,
        /// Where.
        via: Via,
    },
    /// Read anew, since somebody is looking.
    Look,
    /// Add or replace an account whose secret is stored already.
    AddAccount {
        /// The account.
        account: Account,
    },
    /// Forget an account and its secret.
    RemoveAccount {
        /// Which account.
        account: AccountId,
    },
    /// Switch all accounts, each to the status that stands for this kind there.
    ChooseEverywhere {
        /// Which kind.
        kind: StatusKind,
    },
    /// Say which of an account's statuses stands for a kind when all accounts are switched.
    MapEverywhere {
        /// Which account.
        account: AccountId,
        /// Which kind.
        kind: StatusKind,
        /// Which status; nothing leaves it to the help desk's own.
        status: Option<StatusId>,
    },
    /// Let an account count for the one light, or not; one always counts.
    Mark {
        /// Which account.
        account: AccountId,
        /// Whether it counts.
        relevant: bool,
    },
    /// Keep the agent Online as long as Statuslight runs, or do so no longer.
    KeepOnline {
        /// Which account.
        account: AccountId,
        /// Whether to.
        on: bool,
    },
    /// Go from Online to Idle when the computer is idle or locked, and back, or do so no longer.
    AwayWhenIdle {
        /// Which account.
        account: AccountId,
        /// Whether to.
        on: bool,
    },
    /// Let commands without an account mean this one.
    MakeDefault {
        /// Which account.
        account: AccountId,
    },
    /// Say what happens when the agent leaves the computer; nothing switches that off.
    SetGuard {
        /// Whose status.
        account: AccountId,
        /// The rule.
        guard: Option<Guard>,
    },
    /// Open the window.
    Open,
    /// Open the window ready for a status until a time of day, which a menu cannot ask for.
    OpenForATime {
        /// Whose status.
        account: AccountId,
    },
    /// End the app.
    Quit,
}
