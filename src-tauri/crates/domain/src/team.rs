//! The team: all agents of an account, for who leads them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Channel, Choosable, Code, Failure, NamedStatus, Status, StatusId, short};

/// As much of a name as a sentence has room for.
const NAME: usize = 60;

/// All agents of an account, or those that were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Team {
    /// The agents, by name.
    pub agents: Vec<TeamAgent>,
    /// The account's groups, by name; none where they cannot be read.
    pub groups: Vec<Group>,
    /// All statuses of the account.
    pub statuses: Vec<Choosable>,
    /// When it was read.
    #[cfg_attr(test, ts(type = "string"))]
    pub as_of: Timestamp,
}

/// An agent of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TeamAgent {
    /// The help desk's identifier.
    pub id: String,
    /// The agent's name.
    pub name: String,
    /// Whether it is the signed-in agent.
    pub you: bool,
    /// The current status; none where statuses over all channels are switched off.
    pub status: Option<NamedStatus>,
    /// The help desk's word for why.
    pub reason: Option<String>,
    /// The same in plain words.
    pub reason_in_words: Option<String>,
    /// Since when it holds.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub since: Option<Timestamp>,
    /// What each channel does now.
    pub channels: Vec<Channel>,
    /// The agent's groups.
    pub group_ids: Vec<String>,
}

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Group {
    /// The help desk's identifier.
    pub id: String,
    /// The group's name.
    pub name: String,
}

/// Which agents of a team are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Narrowed {
    /// Those in this status, by its id or its name.
    pub status: Option<String>,
    /// Those in this group, by its id.
    pub group: Option<String>,
    /// Only this channel of each.
    pub channel: Option<NarrowedChannel>,
}

/// Which channel of each agent is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NarrowedChannel {
    /// `support`, `messaging`, `talk`.
    pub name: String,
    /// Only agents whose channel is in this state.
    pub state: Option<String>,
}

/// What a help desk is asked for: as [`Narrowed`], with the status found.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TeamFilter {
    /// Those in this status.
    pub status: Option<StatusId>,
    /// Only this channel of each.
    pub channel: Option<NarrowedChannel>,
}

/// How much work agents can have at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CapacityRule {
    /// The help desk's identifier.
    pub id: String,
    /// The rule's name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether it holds for agents that no other rule names.
    pub default: bool,
    /// How many agents it names, where the help desk tells.
    pub agents: Option<u32>,
    /// How many work items by channel, in the help desk's words.
    pub capacities: BTreeMap<String, u32>,
}

/// Which of the statuses is meant: by its exact id, else by its name in any case.
///
/// # Errors
/// None fits, or several do.
pub fn find_status<'a>(statuses: &'a [Status], wanted: &str) -> Result<&'a Status, Failure> {
    if let Some(found) = statuses.iter().find(|status| status.id.0 == wanted) {
        return Ok(found);
    }
    let named = |status: &&Status| plain(&status.name) == plain(wanted);
    let found: Vec<&Status> = statuses.iter().filter(named).collect();
    let ids = found.iter().map(|status| status.id.0.as_str());
    one(&found, ids, wanted, "status", Code::NoSuchStatus)
}

impl Team {
    /// Which of the agents is meant: by exact id, else by name in any case.
    ///
    /// # Errors
    /// None fits, or several do.
    pub fn agent(&self, wanted: &str) -> Result<&TeamAgent, Failure> {
        if let Some(found) = self.agents.iter().find(|agent| agent.id == wanted) {
            return Ok(found);
        }
        let named = |agent: &&TeamAgent| plain(&agent.name) == plain(wanted);
        let found: Vec<&TeamAgent> = self.agents.iter().filter(named).collect();
        let ids = found.iter().map(|agent| agent.id.as_str());
        one(&found, ids, wanted, "agent", Code::NoSuchAgent)
    }
}

impl TeamAgent {
    /// Whether this agent's groups may use a status.
    pub fn may_use(&self, status: &Choosable) -> bool {
        let groups = &status.group_ids;
        groups.is_empty() || groups.iter().any(|group| self.group_ids.contains(group))
    }
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

fn one<'a, T>(
    found: &[&'a T],
    ids: impl Iterator<Item = &'a str>,
    wanted: &str,
    what: &str,
    none: Code,
) -> Result<&'a T, Failure> {
    let wanted = short(wanted, NAME);
    match found {
        [found] => Ok(found),
        [] => Err(Failure::new(
            none,
            format!(
                "There is no {what} \u{201c}{wanted}\u{201d} in this account. Nothing was changed. Check the spelling."
            ),
        )),
        _ => {
            let ids: Vec<&str> = ids.collect();
            Err(Failure::new(
                Code::AmbiguousStatus,
                format!(
                    "\u{201c}{wanted}\u{201d} is the name of more than one {what}. Nothing was changed. \
                     Choose one by its id: {}.",
                    ids.join(", ")
                ),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(id: &str, name: &str, groups: &[&str]) -> TeamAgent {
        TeamAgent {
            id: id.to_owned(),
            name: name.to_owned(),
            you: false,
            status: None,
            reason: None,
            reason_in_words: None,
            since: None,
            channels: Vec::new(),
            group_ids: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }

    fn team(agents: Vec<TeamAgent>) -> Team {
        Team {
            agents,
            groups: Vec::new(),
            statuses: Vec::new(),
            as_of: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_agent_is_meant_by_id_before_any_name_and_never_by_a_part_of_it() {
        let team = team(vec![
            agent("7", "Ada", &[]),
            agent("8", "7", &[]),
            agent("9", "ada ", &[]),
        ]);
        assert_eq!(team.agent("7").unwrap().name, "Ada");
        assert_eq!(team.agent("8").unwrap().name, "7");
        let failure = team.agent("ADA").unwrap_err();
        assert!(failure.message.ends_with("7, 9."), "{}", failure.message);
        assert_eq!(team.agent("Ad").unwrap_err().code, Code::NoSuchAgent);
    }

    #[test]
    fn a_status_is_for_agents_of_its_groups() {
        let status = |groups: &[&str]| {
            let groups = agent("", "", groups).group_ids;
            serde_json::from_value::<Choosable>(serde_json::json!({
                "id": "1", "name": "Lunch", "kind": "away", "custom": true, "eligible": null, "description": "",
                "channels": {}, "group_ids": groups, "uses": 0,
            }))
            .unwrap()
        };
        let ada = agent("7", "Ada", &["1", "2"]);
        assert!(ada.may_use(&status(&[])));
        assert!(ada.may_use(&status(&["2", "3"])));
        assert!(!ada.may_use(&status(&["3"])));
    }
}
