//! What an agent can be: statuses, their kinds, and who may choose them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The help desk's own identifier of a status.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct StatusId(pub String);

impl StatusId {
    /// Wraps an identifier as the help desk writes it.
    pub fn new(id: impl fmt::Display) -> Self {
        Self(id.to_string())
    }
}

impl fmt::Display for StatusId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A status's inferred colour, which is also the state of one channel.
///
/// <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>
/// calls it the "inferred status color".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum StatusKind {
    /// Receives work.
    Online,
    /// Receives e-mail tickets at most.
    Away,
    /// Receives only what other agents hand over.
    TransfersOnly,
    /// Receives nothing.
    Offline,
}

impl StatusKind {
    /// Reads a channel value, whatever its case and whether it is written with a space or an underscore.
    ///
    /// ```
    /// use domain::StatusKind;
    /// assert_eq!(StatusKind::parse("TRANSFERS ONLY"), Some(StatusKind::TransfersOnly));
    /// assert_eq!(StatusKind::parse("busy"), None);
    /// ```
    pub fn parse(value: &str) -> Option<Self> {
        match value.to_lowercase().replace(' ', "_").as_str() {
            "online" => Some(Self::Online),
            "away" => Some(Self::Away),
            "transfers_only" => Some(Self::TransfersOnly),
            "offline" => Some(Self::Offline),
            _ => None,
        }
    }

    /// The kind in an agent's words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Online => "Online",
            Self::Away => "Away",
            Self::TransfersOnly => "Transfers only",
            Self::Offline => "Offline",
        }
    }

    /// Infers a custom status's kind from its channels by Zendesk's rule.
    ///
    /// Any channel online makes it online; else two or more equal channels decide, a tie going to
    /// away, then transfers only, then offline; else it is offline. Unknown values count for nothing.
    ///
    /// ```
    /// use domain::StatusKind;
    /// let kind = |values: &[&str]| StatusKind::inferred(values.iter().copied());
    /// assert_eq!(kind(&["away", "ONLINE", "away"]), StatusKind::Online);
    /// assert_eq!(kind(&["away", "away", "offline"]), StatusKind::Away);
    /// assert_eq!(kind(&["away", "transfers_only", "offline"]), StatusKind::Offline);
    /// ```
    pub fn inferred<'a>(channels: impl Iterator<Item = &'a str>) -> Self {
        let kinds: Vec<Self> = channels.filter_map(Self::parse).collect();
        if kinds.contains(&Self::Online) {
            return Self::Online;
        }
        let count = |kind| kinds.iter().filter(|other| **other == kind).count();
        [Self::Away, Self::TransfersOnly, Self::Offline]
            .into_iter()
            .filter(|kind| count(*kind) >= 2)
            // `max_by_key` keeps the last of equals, and a tie goes to the first.
            .rev()
            .max_by_key(|kind| count(*kind))
            .unwrap_or(Self::Offline)
    }
}

/// A status that the help desk offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The help desk's identifier.
    pub id: StatusId,
    /// The name as the agent reads it.
    pub name: String,
    /// The inferred colour.
    pub kind: StatusKind,
    /// Whether the account's admin made it.
    pub custom: bool,
    /// What the admin or the help desk says it is for.
    pub description: String,
    /// What each channel does in this status, where the help desk says so.
    pub channels: BTreeMap<String, String>,
    /// The groups that may choose it; none means everybody.
    pub group_ids: Vec<String>,
    /// Whether this agent may choose it; `None` where the agent's groups could not be read.
    pub eligible: Option<bool>,
}

impl Status {
    /// The name and kind, which is all that a light needs.
    pub fn named(&self) -> NamedStatus {
        NamedStatus {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind,
            custom: self.custom,
        }
    }

    /// The state this status gives to a channel, where the help desk says so.
    pub fn mapped(&self, channel: &str) -> Option<StatusKind> {
        self.channels
            .get(channel)
            .and_then(|value| StatusKind::parse(value))
    }
}

/// A status as a light shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NamedStatus {
    /// The help desk's identifier.
    pub id: StatusId,
    /// The name as the agent reads it.
    pub name: String,
    /// The inferred colour.
    pub kind: StatusKind,
    /// Whether the account's admin made it.
    pub custom: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tie_between_channels_goes_to_away_then_transfers_only() {
        let kind = |values: &[&str]| StatusKind::inferred(values.iter().copied());
        assert_eq!(
            kind(&["offline", "offline", "away", "away"]),
            StatusKind::Away
        );
        assert_eq!(
            kind(&["offline", "offline", "transfers_only", "transfers_only"]),
            StatusKind::TransfersOnly
        );
        assert_eq!(
            kind(&["offline", "offline", "offline", "away", "away"]),
            StatusKind::Offline
        );
    }

    #[test]
    fn a_channel_value_nobody_knows_decides_nothing() {
        assert_eq!(
            StatusKind::inferred(["busy", "busy", "away"].into_iter()),
            StatusKind::Offline
        );
        assert_eq!(
            StatusKind::inferred(std::iter::empty()),
            StatusKind::Offline
        );
    }

    proptest! {
        #[test]
        fn the_order_of_channels_and_their_case_never_matter(values in prop::collection::vec(prop::sample::select(vec!["online", "Away", "TRANSFERS_ONLY", "offline", "busy"]), 0..6)) {
            let lower: Vec<String> = values.iter().rev().map(|value| value.to_lowercase()).collect();
            prop_assert_eq!(
                StatusKind::inferred(values.iter().copied()),
                StatusKind::inferred(lower.iter().map(String::as_str))
            );
        }
    }
}
