//! The agent, the agent's groups, and the company's settings.

use std::collections::BTreeMap;

use domain::{Agent, DeskError};
use serde::Deserialize;
use serde_json::Value;

use super::paging::Paging;
use super::{Id, optional};

/// `users/me`: <https://developer.zendesk.com/api-reference/ticketing/users/users/#show-self>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Me {
    user: User,
}

/// `oauth/tokens/current`: <https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct CurrentToken {
    token: Token,
}

#[derive(Deserialize)]
struct Token {
    id: Id,
}

impl CurrentToken {
    /// The token's own identifier, which is no secret.
    pub(in crate::zendesk) fn id(self) -> String {
        self.token.id.0
    }
}

#[derive(Deserialize)]
struct User {
    id: Option<Id>,
    #[serde(default, deserialize_with = "optional")]
    name: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    role: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    role_type: Option<u64>,
}

impl Me {
    /// Zendesk's word for the role.
    pub(in crate::zendesk) fn role(&self) -> Option<&str> {
        self.user.role.as_deref()
    }

    /// The agent, if it is one.
    pub(in crate::zendesk) fn agent(self) -> Result<Agent, DeskError> {
        // Wrong credentials are not refused but ignored: then nobody in particular is signed in.
        let Some(Id(id)) = self.user.id else {
            return Err(DeskError::Anonymous);
        };
        let role = self.user.role.ok_or_else(|| DeskError::Unintelligible {
            detail: "a user without a role".to_owned(),
        })?;
        // "role_type: … 1 for a light agent"; those "can't use unified agent statuses":
        // <https://support.zendesk.com/hc/en-us/articles/4410545721114>.
        if role == "agent" && self.user.role_type == Some(1) {
            return Err(DeskError::NotAnAgent {
                role: "light agent".to_owned(),
            });
        }
        if !matches!(role.as_str(), "agent" | "admin") {
            return Err(DeskError::NotAnAgent { role });
        }
        let name = self.user.name.unwrap_or_else(|| format!("Agent {id}"));
        Ok(Agent { id, name })
    }
}

/// `account/settings`, the one switch that matters here:
/// <https://developer.zendesk.com/api-reference/ticketing/account-configuration/account_settings/>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Settings {
    #[serde(default, deserialize_with = "optional")]
    settings: Option<BTreeMap<String, Value>>,
}

impl Settings {
    /// Whether unified statuses are on; so they are where nothing is said.
    pub(in crate::zendesk) fn unified_statuses(&self) -> bool {
        self.switch("agents", "unified_agent_statuses")
            .unwrap_or(true)
    }

    /// Whether something is switched on, where that is said.
    pub(in crate::zendesk) fn switch(&self, part: &str, name: &str) -> Option<bool> {
        match self.settings.as_ref()?.get(part)?.get(name)? {
            Value::Bool(on) => Some(*on),
            // Other switches of the same page are written as strings.
            Value::String(on) => Some(on != "false"),
            _ => None,
        }
    }
}

/// `users/{id}/group_memberships`:
/// <https://developer.zendesk.com/api-reference/ticketing/groups/group_memberships/>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Memberships {
    pub(in crate::zendesk) group_memberships: Vec<Membership>,
    #[serde(flatten)]
    pub(in crate::zendesk) paging: Paging,
}

#[derive(Deserialize)]
pub(in crate::zendesk) struct Membership {
    pub(in crate::zendesk) group_id: Id,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(body: &str) -> Result<Agent, DeskError> {
        serde_json::from_str::<Me>(body).unwrap().agent()
    }

    fn not_an_agent(role: &str) -> Result<Agent, DeskError> {
        Err(DeskError::NotAnAgent {
            role: role.to_owned(),
        })
    }

    #[test]
    fn an_agent_and_an_admin_are_agents() {
        let kim = Agent {
            id: "10011".into(),
            name: "Kim <b>\u{202e}\u{1f600}".into(),
        };
        let body = r#"{"user":{"id":10011,"name":"Kim <b>\u202e\ud83d\ude00","role":"agent","role_type":0,"custom_role_id":9,"authenticity_token":"x"}}"#;
        assert_eq!(agent(body).as_ref(), Ok(&kim));
        let body = r#"{"user":{"id":"7","role":"admin","role_type":4,"name":null}}"#;
        assert_eq!(
            agent(body),
            Ok(Agent {
                id: "7".into(),
                name: "Agent 7".into()
            })
        );
        let body = r#"{"user":{"id":7,"name":"Lee","role":"agent","role_type":null}}"#;
        assert_eq!(agent(body).map(|agent| agent.name), Ok("Lee".into()));
    }

    #[test]
    fn nobody_a_customer_and_a_light_agent_are_not() {
        let nobody = r#"{"user":{"id":null,"name":"Anonymous user","role":"end-user"}}"#;
        assert_eq!(agent(nobody), Err(DeskError::Anonymous));
        assert_eq!(
            agent(r#"{"user":{"name":"Anonymous user"}}"#),
            Err(DeskError::Anonymous)
        );
        let customer = r#"{"user":{"id":5,"name":"Ann","role":"end-user"}}"#;
        assert_eq!(agent(customer), not_an_agent("end-user"));
        let light = r#"{"user":{"id":5,"name":"Ann","role":"agent","role_type":1}}"#;
        assert_eq!(agent(light), not_an_agent("light agent"));
    }

    #[test]
    fn a_user_without_a_role_is_not_understood() {
        let answer = agent(r#"{"user":{"id":5,"name":"Ann"}}"#);
        assert!(
            matches!(answer, Err(DeskError::Unintelligible { .. })),
            "{answer:?}"
        );
        assert!(serde_json::from_str::<Me>("{}").is_err());
    }

    #[test]
    fn unified_statuses_are_off_only_where_it_is_said() {
        let on = |body: &str| {
            serde_json::from_str::<Settings>(body)
                .unwrap()
                .unified_statuses()
        };
        assert!(!on(
            r#"{"settings":{"agents":{"unified_agent_statuses":false}}}"#
        ));
        assert!(!on(
            r#"{"settings":{"agents":{"unified_agent_statuses":"false"}}}"#
        ));
        assert!(on(
            r#"{"settings":{"agents":{"unified_agent_statuses":true},"voice":{"enabled":true}}}"#
        ));
        assert!(on(
            r#"{"settings":{"agents":{"unified_agent_statuses":null}}}"#
        ));
        assert!(on(r#"{"settings":{"agents":{}}}"#));
        assert!(on(r#"{"settings":null}"#));
        assert!(on("{}"));
    }

    #[test]
    fn a_group_may_be_a_number_or_a_string() {
        let body = r#"{"group_memberships":[{"id":1,"group_id":20,"default":true},{"id":2,"group_id":"21"}],"meta":{"has_more":false}}"#;
        let page: Memberships = serde_json::from_str(body).unwrap();
        let groups: Vec<String> = page
            .group_memberships
            .into_iter()
            .map(|it| it.group_id.0)
            .collect();
        assert_eq!(groups, ["20", "21"]);
    }
}
