//! The agent's phone: where calls ring, and whether one is under way.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Failure, NamedStatus};

/// Where an agent's calls ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// In the browser.
    Client,
    /// At a telephone.
    Phone,
}

impl Via {
    /// How the agent answers then.
    pub fn words(self) -> &'static str {
        match self {
            Self::Client => "in the browser",
            Self::Phone => "by phone",
        }
    }
}

/// What keeps an agent's line busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum CallStatus {
    /// A call.
    OnCall,
    /// The work after a call.
    WrapUp,
    /// Something that the help desk has a word for which is not known here.
    Busy,
}

impl CallStatus {
    /// The same in an agent's words.
    pub fn words(self) -> &'static str {
        match self {
            Self::OnCall => "On a call",
            Self::WrapUp => "Wrapping up",
            Self::Busy => "Busy on the phone",
        }
    }
}

/// One read of an agent's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Where calls ring, if that was told.
    pub via: Option<Via>,
    /// What keeps the line busy.
    pub call: Option<CallStatus>,
}

/// The agent's phone as every surface shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PhoneView {
    /// Where calls ring, while that is confirmed.
    pub via: Option<Via>,
    /// What keeps the line busy, while that is confirmed.
    pub call: Option<CallStatus>,
    /// Since when it was seen to be so.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub call_since: Option<Timestamp>,
    /// Where a change under way leads.
    pub switching_to: Option<Via>,
    /// The last change that failed, until the next one succeeds.
    pub failed: Option<FailedVia>,
    /// The status that comes when the call ends.
    pub after_call: Option<NamedStatus>,
    /// Why where calls ring cannot be changed, where it cannot.
    pub barred: Option<String>,
}

/// A change of where calls ring that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FailedVia {
    /// Where calls were to ring.
    pub to: Via,
    /// Why they do not.
    pub failure: Failure,
    /// When it was given up.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
}
