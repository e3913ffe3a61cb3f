//! What an account holds when the simulator starts: people, groups, statuses, tokens.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::settings::Settings;

/// A role, as far as the simulated endpoints tell roles apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An agent with a seat.
    Agent,
    /// An administrator, who is an agent too.
    Admin,
    /// An agent without a seat: `users/me` says "agent", unified statuses say no.
    /// <https://support.zendesk.com/hc/en-us/articles/4410545721114>
    Light,
    /// A customer.
    EndUser,
}

impl Role {
    /// Whether this person has a unified status.
    pub(crate) fn has_status(self) -> bool {
        matches!(self, Self::Agent | Self::Admin)
    }
}

/// A piece of work that waits for an agent in one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItem {
    /// Its id, unique in the channel.
    pub id: u64,
    /// `support`, `messaging` or `talk`.
    pub channel: String,
    /// Why the agent has it, e.g. `ASSIGNED`.
    pub reason: String,
    /// Since when.
    pub added_at: Timestamp,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The user id.
    pub id: u64,
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The role.
    pub role: Role,
    /// The groups the person belongs to.
    pub groups: Vec<u64>,
    /// Whether the person has a Talk seat.
    pub talk: bool,
    /// The unified status at the start.
    pub status: u64,
    /// The work at the start.
    pub work_items: Vec<WorkItem>,
    /// The most work items at a time, by channel.
    pub capacity: BTreeMap<String, u32>,
}

/// A status that the account's admins made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomStatus {
    /// The id, unique in the account.
    pub id: u64,
    /// The name, any text.
    pub name: String,
    /// The description, any text.
    pub description: String,
    /// What each channel is set to: `online`, `away`, `offline` or `transfers_only`, in any case.
    pub channels: BTreeMap<String, String>,
    /// The groups that may use it; empty for all.
    pub group_ids: Vec<u64>,
    /// When it was last edited.
    pub updated_at: Timestamp,
}

impl CustomStatus {
    /// A status for everybody, with its channels in the order support, messaging, talk.
    pub fn new(id: u64, name: impl Into<String>, channels: [&str; 3]) -> Self {
        Self {
            id,
            name: name.into(),
            description: String::new(),
            channels: CHANNELS
                .map(str::to_owned)
                .into_iter()
                .zip(channels.map(str::to_owned))
                .collect(),
            group_ids: Vec::new(),
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// Restricts the status to these groups.
    #[must_use]
    pub fn for_groups(mut self, groups: &[u64]) -> Self {
        self.group_ids = groups.to_vec();
        self
    }

    /// Describes the status.
    #[must_use]
    pub fn described(mut self, description: &str) -> Self {
        description.clone_into(&mut self.description);
        self
    }
}

/// The channels of an account with everything.
pub(crate) const CHANNELS: [&str; 3] = ["support", "messaging", "talk"];

/// How much work some agents can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapacityRule {
    /// The id, a text that means nothing.
    pub id: String,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Whether it holds for who is in no other rule.
    pub default: bool,
    /// The agents that it names.
    pub agents: Vec<u64>,
    /// The most work items by channel: `email`, `messaging`, `voice`.
    pub capacities: BTreeMap<String, u32>,
}

/// An OAuth access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Whose it is.
    pub agent: u64,
    /// Its scopes, separated by spaces.
    pub scope: String,
}

/// Everything that an account holds when it starts.
#[derive(Clone, Debug)]
pub struct Account {
    /// The people.
    pub agents: Vec<Agent>,
    /// The groups by id.
    pub groups: BTreeMap<u64, String>,
    /// The custom statuses.
    pub statuses: Vec<CustomStatus>,
    /// The capacity rules; none where the account's plan has no such API.
    pub capacity_rules: Option<Vec<CapacityRule>>,
    /// The OAuth access tokens.
    pub tokens: BTreeMap<String, Token>,
    /// The account's API token, which impersonates anyone
    /// (<https://developer.zendesk.com/api-reference/introduction/security-and-auth/>); none where they are switched off.
    pub api_token: Option<String>,
    /// How the server behaves.
    pub settings: Settings,
    /// The wall time at the start; none for the real one.
    pub starts_at: Option<Timestamp>,
}

impl Default for Account {
    /// The invented account of [`sample`](super::sample).
    fn default() -> Self {
        super::sample::account()
    }
}

impl Account {
    /// Adds so many custom statuses for everybody, numbered in their names, with ids from 1000 up.
    pub fn add_statuses(&mut self, count: u64) {
        let mappings = [
            ["online", "online", "online"],
            ["away", "away", "away"],
            ["offline", "offline", "offline"],
        ];
        self.statuses.extend(
            (0..count)
                .zip(mappings.iter().cycle())
                .map(|(number, channels)| {
                    CustomStatus::new(1000 + number, format!("Project {number:03}"), *channels)
                        .described("One of very many statuses")
                }),
        );
    }

    /// Adds statuses whose names try a surface: markup, emoji, right-to-left text, 300 characters, line breaks, blanks.
    pub fn add_awkward_statuses(&mut self) {
        let names = [
            "<b>Bold</b> & <script>alert(1)</script>".to_owned(),
            "Coffee ☕👩‍💻🏳️‍🌈".to_owned(),
            "استراحة الغداء".to_owned(),
            "Right\u{202e}tfel".to_owned(),
            "Long ".repeat(60),
            "Two\nlines\tand a tab".to_owned(),
            "&Ampersand _underscore %s {0}".to_owned(),
            "   ".to_owned(),
            // The same name twice, and the same as a default one: only the id tells them apart.
            "Lunch".to_owned(),
            "online".to_owned(),
        ];
        self.statuses.extend(
            (900..)
                .zip(names)
                .map(|(id, name)| CustomStatus::new(id, name, ["away"; 3])),
        );
    }
}
