//! What a surface can ask beside the view, and the answers.
//!
//! An answer is fetched when it is asked for and kept by nobody: what it costs the help desk's request limit, it
//! costs only while somebody looks. The history costs nothing: it is kept on this computer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Capability, CapacityRule, History, Narrowed, Team};

/// What a surface can ask beside the view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum Question {
    /// Who of the team is in which status?
    Team {
        /// By whose sign-in.
        account: AccountId,
        /// Which agents.
        narrowed: Narrowed,
    },
    /// How much work can agents have?
    CapacityRules {
        /// By whose sign-in.
        account: AccountId,
    },
    /// Does the account work, and what does it allow?
    Checkup {
        /// Which account.
        account: AccountId,
    },
    /// How was the time spent? The help desk is not asked.
    History {
        /// Whose time.
        account: AccountId,
        /// From when on.
        #[cfg_attr(test, ts(type = "string"))]
        since: Timestamp,
    },
}

/// The answer to a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The team.
    Team(Team),
    /// The capacity rules.
    CapacityRules(Vec<CapacityRule>),
    /// How the account was found.
    Checkup(Checkup),
    /// How the time was spent.
    History(History),
}

/// How an account was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Checkup {
    /// What it lets the agent do.
    pub capabilities: Vec<Capability>,
    /// The help desk's word for the agent's role.
    pub role: String,
    /// Whether statuses go over all channels; unknown where the agent may not read it.
    pub unified_statuses: Option<bool>,
    /// Seconds by which this computer's clock is ahead of the help desk's, where it sent a time.
    pub clock_ahead_s: Option<i32>,
}

impl Question {
    /// Whom it is about.
    pub fn account(&self) -> &AccountId {
        match self {
            Self::Team { account, .. }
            | Self::CapacityRules { account }
            | Self::Checkup { account }
            | Self::History { account, .. } => account,
        }
    }
}
