//! The account while it runs: who has which status, and what changes when somebody sets one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::account::{Account, Agent, CHANNELS, CapacityRule, CustomStatus, Token};
use super::oauth::Grants;
use super::quota::Window;
use super::sample::OFFLINE;
use super::settings::Settings;
use crate::clock::Clock;

/// A default status: id, name, description, and what support, messaging and talk are set to.
///
/// <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/introduction/>. Its mapping of
/// "away" contradicts its description; the description, which the help centre confirms, is followed.
pub(super) const DEFAULTS: [(u64, &str, &str, [&str; 3]); 4] = [
    (2, "offline", "Can't receive work", ["offline"; 3]),
    (3, "online", "Can receive work", ["online"; 3]),
    (
        4,
        "away",
        "Can only receive email tickets",
        ["online", "away", "away"],
    ),
    (
        5,
        "transfers_only",
        "Can only receive work from other agents",
        ["transfers_only"; 3],
    ),
];

/// No such agent, or no such status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No such agent, or one without a status.
    #[error("the account has no agent {0} with a status")]
    Agent(u64),
    /// No such status.
    #[error("the account has no status {0}")]
    Status(u64),
    /// Not a value that the field can have.
    #[error("that is no value for this field")]
    Value,
}

/// What an agent's status is, and what the server knows about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CurrentStatus {
    /// The status.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Why it is so, as the server tells it.
    pub reason: String,
    /// Since when.
    pub updated_at: Timestamp,
    /// Counts the changes.
    pub version: u64,
    /// When the idle timer was last reset.
    /// <https://support.zendesk.com/hc/en-us/articles/5286614817562>
    pub active_at: Timestamp,
}

/// A person and their present state.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) agent: Agent,
    pub(super) status: u64,
    pub(super) reason: String,
    pub(super) updated_at: Timestamp,
    pub(super) active_at: Timestamp,
    pub(super) version: u64,
    /// Talk's own state, which counts while omnichannel routing is off.
    pub(super) talk_state: String,
    pub(super) call_status: Option<String>,
    pub(super) via: String,
}

/// The account's present state.
#[derive(Debug)]
pub(super) struct State {
    pub(super) people: BTreeMap<u64, Person>,
    pub(super) groups: BTreeMap<u64, String>,
    pub(super) statuses: BTreeMap<u64, CustomStatus>,
    pub(super) capacity_rules: Option<Vec<CapacityRule>>,
    pub(super) tokens: BTreeMap<String, Token>,
    pub(super) api_token: Option<String>,
    pub(super) settings: Settings,
    pub(super) window: Window,
    pub(super) grants: Grants,
    pub(super) clock: Clock,
}

impl State {
    pub(super) fn new(account: Account, clock: Clock) -> Self {
        let now = clock.now();
        let person = |agent: Agent| Person {
            status: agent.status,
            reason: "AGENT_STATUS_SWITCHER".to_owned(),
            updated_at: now,
            active_at: now,
            version: 1,
            talk_state: "online".to_owned(),
            call_status: None,
            via: "client".to_owned(),
            agent,
        };
        Self {
            people: account
                .agents
                .into_iter()
                .map(|agent| (agent.id, person(agent)))
                .collect(),
            statuses: account
                .statuses
                .into_iter()
                .map(|status| (status.id, status))
                .collect(),
            groups: account.groups,
            capacity_rules: account.capacity_rules,
            tokens: account.tokens,
            api_token: account.api_token,
            settings: account.settings,
            window: Window::default(),
            grants: Grants::default(),
            clock,
        }
    }

    /// A status' name.
    pub(super) fn status_name(&self, id: u64) -> Option<&str> {
        let default = DEFAULTS
            .iter()
            .find(|default| default.0 == id)
            .map(|default| default.1);
        default.or_else(|| self.statuses.get(&id).map(|status| status.name.as_str()))
    }

    /// What a status makes of a channel, in lower case.
    pub(super) fn channel_state(&self, status: u64, channel: &str) -> String {
        let default = DEFAULTS
            .iter()
            .find(|default| default.0 == status)
            .and_then(|default| {
                CHANNELS
                    .iter()
                    .zip(default.3)
                    .find(|(name, _)| **name == channel)
                    .map(|(_, state)| state.to_owned())
            });
        default
            .or_else(|| {
                self.statuses
                    .get(&status)?
                    .channels
                    .get(channel)
                    .map(|state| state.to_lowercase())
            })
            .unwrap_or_else(|| "offline".to_owned())
    }

    /// Whether these groups may use a status.
    pub(super) fn eligible(status: &CustomStatus, groups: &[u64]) -> bool {
        status.group_ids.is_empty() || status.group_ids.iter().any(|group| groups.contains(group))
    }

    /// Somebody with a status.
    pub(super) fn person_with_status(&self, agent: u64) -> Option<&Person> {
        self.people
            .get(&agent)
            .filter(|person| person.agent.role.has_status())
    }

    /// Sets an agent's status; whether it may be set is the caller's affair.
    pub(super) fn set_status(
        &mut self,
        agent: u64,
        status: u64,
        reason: &str,
    ) -> Result<(), Unknown> {
        if self.status_name(status).is_none() {
            return Err(Unknown::Status(status));
        }
        let now = self.clock.now();
        let person = self
            .people
            .get_mut(&agent)
            .filter(|person| person.agent.role.has_status())
            .ok_or(Unknown::Agent(agent))?;
        person.status = status;
        reason.clone_into(&mut person.reason);
        person.updated_at = now;
        person.version += 1;
        if reason == "PUBLIC_API" {
            // "Updates to an agent's status by the API cause the idle timer to reset."
            // https://support.zendesk.com/hc/en-us/articles/5286614817562
            person.active_at = now;
        }
        Ok(())
    }

    /// Deletes a custom status; whoever has it becomes offline, with the reason that the documentation lists for this.
    /// <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_status>
    pub(super) fn delete_status(&mut self, status: u64) -> Result<(), Unknown> {
        self.statuses
            .remove(&status)
            .ok_or(Unknown::Status(status))?;
        let holders: Vec<u64> = self
            .people
            .values()
            .filter(|person| person.status == status)
            .map(|person| person.agent.id)
            .collect();
        for agent in holders {
            self.set_status(agent, OFFLINE, "AGENT_STATUS_DELETED")?;
        }
        Ok(())
    }

    /// An agent's status, for whoever controls the simulator.
    pub(super) fn current_status(&self, agent: u64) -> Option<CurrentStatus> {
        let person = self.person_with_status(agent)?;
        Some(CurrentStatus {
            id: person.status,
            name: self
                .status_name(person.status)
                .unwrap_or_default()
                .to_owned(),
            reason: person.reason.clone(),
            updated_at: person.updated_at,
            version: person.version,
            active_at: person.active_at,
        })
    }

    /// What Talk says about an agent: inferred from the unified status, or Talk's own without omnichannel routing.
    /// <https://support.zendesk.com/hc/en-us/articles/4779964251802>
    pub(super) fn talk_state(&self, person: &Person) -> String {
        if self.settings.omnichannel {
            self.channel_state(person.status, "talk")
        } else {
            person.talk_state.clone()
        }
    }
}
