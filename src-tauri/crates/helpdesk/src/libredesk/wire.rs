//! What Libredesk writes, as far as it is read here.
//!
//! Every answer is wrapped: `{"status":"success","data":…}`. Unknown fields are skipped; what a light cannot do
//! without must be there.

use std::collections::BTreeMap;

use domain::{Agent, Availability, Choosable, DeskError, Status, TeamAgent, error_word};
use serde::Deserialize;
use serde_json::Value;

/// The wrapping of every answer.
#[derive(Deserialize)]
pub(super) struct Wrapped<T> {
    #[serde(default)]
    status: Option<String>,
    pub(super) data: T,
}

/// `agents/me` and the answer to a write of the availability: an agent, with many nulls.
#[derive(Deserialize)]
pub(super) struct Me {
    id: u64,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default, rename = "type")]
    sort: Option<String>,
    availability_status: String,
    #[serde(default)]
    roles: Option<Vec<String>>,
}

impl Me {
    pub(super) fn id(&self) -> String {
        self.id.to_string()
    }

    /// The agent, if it is one.
    pub(super) fn agent(&self) -> Result<Agent, DeskError> {
        match self.sort.as_deref() {
            None | Some("agent") => Ok(Agent {
                id: self.id(),
                name: name(
                    self.first_name.as_deref(),
                    self.last_name.as_deref(),
                    self.email.as_deref(),
                    self.id,
                ),
            }),
            Some(other) => Err(DeskError::NotAnAgent {
                role: other.to_owned(),
            }),
        }
    }

    /// The first of the roles, as the server names it; an agent may have none.
    pub(super) fn role(&self) -> String {
        let roles = self.roles.iter().flatten();
        roles
            .map(String::as_str)
            .next()
            .unwrap_or("none")
            .to_owned()
    }

    pub(super) fn availability(&self) -> Result<Availability, DeskError> {
        availability(&self.availability_status)
    }
}

/// The answer to a write of the availability: an agent, and nothing but `true` before release 0.7.4.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Written {
    Agent(Box<Me>),
    Done(bool),
}

/// Reads the server's word for an availability.
pub(super) fn availability(word: &str) -> Result<Availability, DeskError> {
    Availability::parse(word).ok_or_else(|| DeskError::Unintelligible {
        detail: format!(
            "the unknown availability \u{201c}{}\u{201d}",
            error_word(word)
        ),
    })
}

/// `config`: settings for anybody, by dotted names.
pub(super) type Config = Wrapped<BTreeMap<String, Value>>;

/// `health`.
pub(super) type Health = Wrapped<bool>;

impl Health {
    /// Whether this is what a Libredesk answers that lives.
    pub(super) fn is_libredesk(&self) -> bool {
        self.data && self.status.as_deref() == Some("success")
    }
}

impl Config {
    /// Whether this is what a Libredesk answers.
    pub(super) fn is_libredesk(&self) -> bool {
        ["app.site_name", "app.lang", "app.sso_providers"]
            .iter()
            .any(|name| self.data.contains_key(*name))
    }
}

/// `settings/general`: settings for any agent, by dotted names.
#[derive(Deserialize)]
pub(super) struct Settings {
    #[serde(rename = "app.version", default)]
    pub(super) version: Option<String>,
}

/// `agents/compact`: all agents, and the assistants among them.
#[derive(Deserialize)]
pub(super) struct Compact {
    id: u64,
    #[serde(default, rename = "type")]
    sort: Option<String>,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    availability_status: Option<String>,
}

impl Compact {
    /// The agent of a team; nothing for an assistant and for who is disabled.
    pub(super) fn agent(self, own: Option<&str>) -> Option<TeamAgent> {
        let is_person = matches!(self.sort.as_deref(), None | Some("agent"));
        if !is_person || self.enabled == Some(false) {
            return None;
        }
        let id = self.id.to_string();
        Some(TeamAgent {
            name: name(
                self.first_name.as_deref(),
                self.last_name.as_deref(),
                self.email.as_deref(),
                self.id,
            ),
            you: own == Some(id.as_str()),
            id,
            status: self
                .availability_status
                .as_deref()
                .and_then(Availability::parse)
                .map(Availability::named),
            reason: None,
            reason_in_words: None,
            since: None,
            channels: Vec::new(),
            group_ids: Vec::new(),
        })
    }
}

fn name(first: Option<&str>, last: Option<&str>, email: Option<&str>, id: u64) -> String {
    let whole = [first, last].into_iter().flatten().map(str::trim);
    let whole: Vec<&str> = whole.filter(|part| !part.is_empty()).collect();
    match (whole.is_empty(), email) {
        (false, _) => whole.join(" "),
        (true, Some(email)) => email.to_owned(),
        (true, None) => format!("Agent {id}"),
    }
}

/// What the websocket says, of which only this matters here; anything else reads as no such thing.
#[derive(Deserialize)]
#[serde(tag = "type", content = "data")]
pub(super) enum Said {
    #[serde(rename = "agent_availability_update")]
    Availability {
        agent_id: u64,
        availability_status: String,
    },
}

/// All availabilities, as a team has them.
pub(super) fn statuses() -> Vec<Status> {
    Availability::ALL
        .into_iter()
        .map(Availability::status)
        .collect()
}

/// The statuses of a team as a surface shows them.
pub(super) fn choosable(statuses: &[Status]) -> Vec<Choosable> {
    statuses.iter().map(Choosable::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = r#"{"status":"success","data":{"id":2,"created_at":"2026-11-21T00:54:50.349422Z","updated_at":"2026-11-21T00:54:50.616177Z","first_name":"alice","last_name":"X","email":"alice@example.com","type":"agent","availability_status":"away_manual","phone_number":null,"avatar_url":null,"enabled":true,"last_active_at":null,"roles":["Agent"],"permissions":null,"custom_attributes":null,"teams":[],"api_key":"k3y","api_key_last_used_at":null}}"#;

    #[test]
    fn an_agent_is_read_with_all_its_nulls() {
        let me: Wrapped<Me> = serde_json::from_str(ALICE).unwrap();
        let agent = me.data.agent().unwrap();
        assert_eq!((agent.id.as_str(), agent.name.as_str()), ("2", "alice X"));
        assert_eq!(me.data.availability().unwrap(), Availability::Away);
        assert_eq!(me.data.role(), "Agent");
    }

    #[test]
    fn a_write_answers_with_an_agent_or_in_old_releases_with_true() {
        let read = |body: &str| serde_json::from_str::<Wrapped<Written>>(body).map(|it| it.data);
        assert!(matches!(read(ALICE), Ok(Written::Agent(_))));
        let done = read(r#"{"status":"success","data":true}"#);
        assert!(matches!(done, Ok(Written::Done(true))));
        assert!(read(r#"{"status":"success","data":null}"#).is_err());
        // Two answers in one body, as a failed validation of the whole record gives.
        assert!(read(&format!("{ALICE}{ALICE}")).is_err());
    }

    #[test]
    fn an_availability_that_nobody_knows_is_no_status() {
        let error = availability("lunch\u{1b}[2J").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the answer is not understood: the unknown availability \u{201c}lunch2J\u{201d}"
        );
    }

    #[test]
    fn of_the_websocket_only_availabilities_matter() {
        let said = |text: &str| serde_json::from_str::<Said>(text);
        assert!(matches!(
            said(
                r#"{"type":"agent_availability_update","data":{"agent_id":2,"availability_status":"away"}}"#
            ),
            Ok(Said::Availability { agent_id: 2, .. })
        ));
        for other in [
            r#"{"type":"new_message","data":{"x":[1]}}"#,
            "pong",
            "{",
            "[]",
        ] {
            assert!(said(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_team_has_neither_assistants_nor_who_left() {
        let body = r#"[{"id":1,"type":"agent","first_name":"Ada","last_name":null,"email":null,"enabled":true,"availability_status":"offline"},
            {"id":2,"type":"ai_assistant","first_name":"Bot","availability_status":"online"},
            {"id":3,"type":"agent","first_name":"","last_name":"","email":"ben@example.com","enabled":true},
            {"id":4,"type":"agent","first_name":"Gone","enabled":false}]"#;
        let all: Vec<Compact> = serde_json::from_str(body).unwrap();
        let team: Vec<String> = all
            .into_iter()
            .filter_map(|one| one.agent(Some("1")))
            .map(|agent| {
                let status = agent.status.map_or("-".to_owned(), |status| status.name);
                format!("{} {status} {}", agent.name, agent.you)
            })
            .collect();
        assert_eq!(team, ["Ada Offline true", "ben@example.com - false"]);
    }
}
