//! What a help desk answers, in words that hold for every help desk.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Phone, Status, StatusId, StatusKind};

/// Which help desk an account is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum HelpDeskName {
    /// Zendesk, by its agent availability and unified status interfaces.
    Zendesk,
    /// Libredesk, by its agents' availability.
    Libredesk,
}

impl HelpDeskName {
    /// The name as its maker writes it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Zendesk => "Zendesk",
            Self::Libredesk => "Libredesk",
        }
    }
}

/// The signed-in agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Agent {
    /// The help desk's identifier.
    pub id: String,
    /// The agent's name.
    pub name: String,
}

/// Where an account's current status can be read, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadPath {
    /// The agent's own availability by `me`.
    Own,
    /// The agent's own availability by number, as for any agent.
    OwnById,
    /// Talk's agent state, where Talk's states are the statuses.
    TalkIsStatus,
    /// Talk's agent state, which only mirrors one channel of the status.
    TalkChannel,
    /// Nowhere: only our own writes are known.
    Nowhere,
}

/// One read of the current status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Where it was read.
    pub path: ReadPath,
    /// What was read.
    pub seen: Seen,
    /// How much of the account's requests are left, where the answer says so.
    pub budget: Option<Budget>,
    /// The agent's phone, where it came along.
    pub phone: Option<Phone>,
}

/// How much of its requests of a minute an account has left, whoever made them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many there are.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// How long until there are all again, where it is known.
    pub resets_in: Option<Duration>,
}

/// What a read can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The status itself.
    Status {
        /// Its identifier.
        id: StatusId,
        /// Its name, for a status that is in no list.
        name: String,
        /// The help desk's word for why the status is what it is.
        reason: Option<String>,
        /// When it became so, by the help desk's clock.
        since: Option<Timestamp>,
        /// What each channel does now.
        channels: Vec<Channel>,
    },
    /// One channel's state, from which the status can only be guessed.
    Channel(Channel),
    /// Nothing is readable for this agent.
    Nothing,
}

/// One channel of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Channel {
    /// `support`, `messaging`, `talk`, or what else the help desk names.
    pub name: String,
    /// Its state in the help desk's word.
    pub state: String,
    /// How many work items the agent has in it.
    pub work_items: Option<u32>,
    /// How many work items the agent can have in it.
    pub capacity: Option<u32>,
}

impl Channel {
    /// The state as a kind, where it is one.
    pub fn kind(&self) -> Option<StatusKind> {
        StatusKind::parse(&self.state)
    }
}

/// The statuses that an account offers to this agent.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Listing {
    /// Default statuses first, then custom ones, each part in the help desk's order.
    pub statuses: Vec<Status>,
}

/// The help desk's answer to an accepted write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The status that the agent has now.
    pub id: StatusId,
    /// Its name.
    pub name: String,
}

/// Why a help desk did not do what was asked, by meaning.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeskError {
    /// The credentials were refused (401).
    #[error("the credentials were refused")]
    Unauthorized,
    /// The credentials were ignored and the answer was about nobody.
    #[error("the help desk answered as to an anonymous visitor")]
    Anonymous,
    /// The signed-in person is no agent.
    #[error("the role `{role}` is not an agent's")]
    NotAnAgent {
        /// The help desk's word for the role.
        role: String,
    },
    /// The role may not do this (403).
    #[error("the help desk does not let this role do that")]
    Forbidden,
    /// The agent's groups may not choose this status (403 `NotEligibleForState`).
    #[error("the agent's groups may not choose this status")]
    NotEligible,
    /// The status does not exist (any more).
    #[error("there is no such status")]
    NoSuchStatus,
    /// Nothing is at this address, or the interface is missing (404).
    #[error("the help desk does not know this address")]
    NotFound,
    /// The request was refused as wrong (other 4xx).
    #[error("the request was refused with HTTP status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// An earlier change is still pending (409); nothing was changed.
    #[error("an earlier change is still pending")]
    Conflict,
    /// The account is locked (423).
    #[error("the account is locked")]
    AccountLocked,
    /// The account's request limit is used up (429).
    #[error("too many requests")]
    RateLimited {
        /// How long the help desk asks to wait.
        retry_after: Option<Duration>,
    },
    /// The help desk failed (5xx); a write may or may not have been applied.
    #[error("the help desk failed with HTTP status {status}")]
    Server {
        /// The HTTP status.
        status: u16,
        /// How long the help desk asks to wait.
        retry_after: Option<Duration>,
    },
    /// The request never left: no network, no such host, connection refused.
    #[error("no connection: {detail}")]
    Unreachable {
        /// The technical cause, free of secrets.
        detail: String,
    },
    /// The connection broke after the request was sent; a write may or may not have been applied.
    #[error("the connection broke: {detail}")]
    Interrupted {
        /// The technical cause, free of secrets.
        detail: String,
    },
    /// No answer came in time; a write may or may not have been applied.
    #[error("no answer came in time")]
    TimedOut,
    /// The sign-in needs to be renewed and cannot be just now; nothing was asked.
    #[error("the sign-in cannot be renewed: {detail}")]
    Unrenewed {
        /// Why, free of secrets.
        detail: String,
    },
    /// The server's certificate is not to be trusted.
    #[error("the certificate of {host} is not trusted: {detail}")]
    Certificate {
        /// The host that showed it.
        host: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The answer points to another address, which is not followed with credentials.
    #[error("the answer redirects to {target}")]
    Redirected {
        /// The host it points to.
        target: String,
    },
    /// The answer is not what the help desk documents: cut off, another format, a proxy's page.
    #[error("the answer is not understood: {detail}")]
    Unintelligible {
        /// What was found in its place.
        detail: String,
    },
    /// The answer is larger than any true one.
    #[error("the answer is larger than 1 MiB")]
    TooLarge,
}

impl DeskError {
    /// Whether the same request may succeed soon: conflicts, limits, failures of the server or the network.
    ///
    /// An answer that is cut off or in another format counts too: it is a proxy's or a moment's doing.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Conflict
                | Self::RateLimited { .. }
                | Self::Server { .. }
                | Self::Unreachable { .. }
                | Self::Unrenewed { .. }
                | Self::Interrupted { .. }
                | Self::TimedOut
                | Self::Unintelligible { .. }
        )
    }

    /// Whether a write that ended so may have been applied all the same.
    pub fn leaves_write_in_doubt(&self) -> bool {
        matches!(
            self,
            Self::Server { .. }
                | Self::Interrupted { .. }
                | Self::TimedOut
                | Self::Unintelligible { .. }
                | Self::TooLarge
        )
    }

    /// How long the help desk asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Server { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
