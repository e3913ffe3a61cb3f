//! What admins read: the team, names, capacity rules.

use std::collections::BTreeMap;

use domain::{CapacityRule, Channel, NamedStatus, Status, StatusKind, TeamAgent, reason_in_words};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::availability::{AgentStatus, channel};
use super::paging::Paging;
use super::statuses::default_kind;
use super::{Id, optional};

/// A page of `agent_availabilities`:
/// <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availabilities/>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct TeamPage {
    data: Vec<Data>,
    #[serde(default, deserialize_with = "optional")]
    included: Option<Vec<Value>>,
    #[serde(flatten)]
    pub(in crate::zendesk) paging: Paging,
}

#[derive(Deserialize)]
struct Data {
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    agent_id: Id,
    agent_status: Option<AgentStatus>,
    #[serde(default, deserialize_with = "optional")]
    group_ids: Option<Vec<Id>>,
}

/// An agent before anybody has asked for the name.
pub(in crate::zendesk) struct Member {
    pub(in crate::zendesk) id: String,
    status: Option<AgentStatus>,
    group_ids: Vec<String>,
    channels: Vec<Channel>,
}

impl TeamPage {
    /// The agents of this page, each with the channels that came along.
    pub(in crate::zendesk) fn agents(self) -> Vec<Member> {
        let mut channels: BTreeMap<String, Vec<Channel>> = BTreeMap::new();
        for included in self.included.iter().flatten() {
            // "agent_availabilities|10011|channels|messaging"
            let id = included["id"].as_str().unwrap_or_default();
            if let (Some(agent), Some(found)) = (id.split('|').nth(1), channel(included)) {
                channels.entry(agent.to_owned()).or_default().push(found);
            }
        }
        let member = |Data { attributes: it }: Data| {
            let Id(id) = it.agent_id;
            let groups = it.group_ids.unwrap_or_default().into_iter();
            Member {
                channels: channels.remove(&id).unwrap_or_default(),
                status: it.agent_status,
                group_ids: groups.map(|Id(id)| id).collect(),
                id,
            }
        };
        self.data.into_iter().map(member).collect()
    }
}

impl Member {
    /// The agent, with a name and the kind that the account's list gives the status.
    pub(in crate::zendesk) fn named(
        self,
        name: Option<String>,
        own: Option<&str>,
        statuses: &[Status],
    ) -> TeamAgent {
        let since = self.status.as_ref().and_then(AgentStatus::since);
        let reason = self.status.as_ref().and_then(AgentStatus::reason);
        let desk = domain::HelpDeskName::Zendesk;
        let status = self.status.map(|status| {
            let written = status.named();
            match statuses.iter().find(|status| status.id == written.id) {
                Some(known) => known.named(),
                // A status that is in no list any more: its default number is all that tells its kind.
                None => NamedStatus {
                    kind: default_kind(&written.id.0).unwrap_or(StatusKind::Offline),
                    custom: default_kind(&written.id.0).is_none(),
                    id: written.id,
                    name: written.name,
                },
            }
        });
        TeamAgent {
            name: name
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| format!("Agent {}", self.id)),
            you: own == Some(self.id.as_str()),
            id: self.id,
            status,
            reason_in_words: reason
                .as_deref()
                .map(|reason| reason_in_words(desk, Some(reason))),
            reason,
            since,
            channels: self.channels,
            group_ids: self.group_ids,
        }
    }
}

impl AgentStatus {
    fn since(&self) -> Option<Timestamp> {
        self.updated_at.as_ref()?.parse().ok()
    }

    fn reason(&self) -> Option<String> {
        self.reason.clone()
    }
}

/// Somebody or something with a name.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Named {
    id: Id,
    #[serde(default, deserialize_with = "optional")]
    name: Option<String>,
}

impl Named {
    pub(in crate::zendesk) fn pair(self) -> Option<(String, String)> {
        let Id(id) = self.id;
        Some((id, self.name?))
    }
}

/// `users/show_many`: <https://developer.zendesk.com/api-reference/ticketing/users/users/#show-many-users>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Users {
    pub(in crate::zendesk) users: Vec<Named>,
}

/// A page of `groups`: <https://developer.zendesk.com/api-reference/ticketing/groups/groups/#list-groups>.
#[derive(Deserialize)]
pub(in crate::zendesk) struct Groups {
    pub(in crate::zendesk) groups: Vec<Named>,
    #[serde(flatten)]
    pub(in crate::zendesk) paging: Paging,
}

/// `capacity/rules`, documented as a bare list; a client in use also takes one under `data`:
/// <https://developer.zendesk.com/api-reference/agent-availability/capacity-rules/capacity_rules_api/>.
#[derive(Deserialize)]
#[serde(untagged)]
pub(in crate::zendesk) enum CapacityRules {
    Bare(Vec<Rule>),
    Wrapped { data: Vec<Rule> },
}

#[derive(Deserialize)]
pub(in crate::zendesk) struct Rule {
    id: Id,
    #[serde(default, deserialize_with = "optional")]
    name: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    description: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    default: Option<bool>,
    #[serde(default, deserialize_with = "optional")]
    capacities: Option<BTreeMap<String, u32>>,
    #[serde(default, deserialize_with = "optional")]
    assignees: Option<Assignees>,
}

#[derive(Deserialize)]
struct Assignees {
    count: Option<u32>,
}

impl CapacityRules {
    /// The rules, the default one first.
    pub(in crate::zendesk) fn rules(self) -> Vec<CapacityRule> {
        let (Self::Bare(rules) | Self::Wrapped { data: rules }) = self;
        let rule = |it: Rule| CapacityRule {
            name: it.name.unwrap_or_else(|| format!("Rule {}", it.id.0)),
            id: it.id.0,
            description: it.description.unwrap_or_default(),
            default: it.default.unwrap_or_default(),
            agents: it.assignees.and_then(|assignees| assignees.count),
            capacities: it.capacities.unwrap_or_default(),
        };
        let mut rules: Vec<CapacityRule> = rules.into_iter().map(rule).collect();
        rules.sort_by_cached_key(|rule| (!rule.default, rule.name.to_lowercase()));
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_go_to_the_agent_that_they_name() {
        let body = r#"{"data":[
            {"attributes":{"agent_id":7,"agent_status":{"id":205,"name":"Lunch","reason":"AGENT_IDLE_TIMEOUT","updated_at":"2026-06-21T10:23:25Z"},"group_ids":[1,"2"]}},
            {"attributes":{"agent_id":"8","group_ids":null}}],
          "included":[
            {"id":"agent_availabilities|8|channels|talk","type":"channels","attributes":{"name":"talk","status":"away"}},
            {"id":"agent_availabilities|7|channels|support","type":"channels","attributes":{"name":"support","status":"online","work_item_count":2,"max_capacity":5}},
            {"id":"agent_availabilities|7|channels|support|work_items|1","type":"work_items","attributes":{}}],
          "meta":{"has_more":false}}"#;
        let page: TeamPage = serde_json::from_str(body).unwrap();
        let agents: Vec<TeamAgent> = page
            .agents()
            .into_iter()
            .map(|agent| agent.named(None, Some("8"), &[]))
            .collect();
        let [lunch, own] = &agents[..] else {
            panic!("{agents:?}");
        };
        assert_eq!(lunch.name, "Agent 7");
        assert_eq!(lunch.group_ids, ["1", "2"]);
        assert_eq!(lunch.channels[0].work_items, Some(2));
        let status = lunch.status.as_ref().unwrap();
        assert_eq!((status.name.as_str(), status.custom), ("Lunch", true));
        assert!(lunch.reason_in_words.as_ref().unwrap().contains("idle"));
        assert!(own.you && own.status.is_none());
        assert_eq!(own.channels[0].name, "talk");
    }

    #[test]
    fn capacity_rules_are_read_bare_and_wrapped() {
        let rule = r#"[{"id":"1","name":"B","capacities":{"email":2,"messaging":1,"voice":0},"assignees":{"agents_sample":[],"count":2}},
                       {"id":2,"name":"A","default":true}]"#;
        for body in [rule.to_owned(), format!(r#"{{"data":{rule}}}"#)] {
            let rules = serde_json::from_str::<CapacityRules>(&body)
                .unwrap()
                .rules();
            assert_eq!((rules[0].name.as_str(), rules[0].default), ("A", true));
            assert_eq!(rules[1].agents, Some(2));
            assert_eq!(rules[1].capacities["email"], 2);
        }
    }
}
