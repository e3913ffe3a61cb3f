//! Unified statuses: lists, and setting an agent's.
//! <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>

use serde_json::{Value, json};

use super::account::CustomStatus;
use super::page::{Cursors, page};
use super::refusal::Refusal;
use super::route::{Call, Who};
use super::settings::{DefaultsOn, ListMode};
use super::state::{DEFAULTS, State};
use super::{Answer, answer, whole_seconds};

/// `GET agent_statuses`: the account's, for admins.
pub(super) fn all(state: &State, call: &Call<'_>) -> Result<Answer, Refusal> {
    if !call.caller.is_admin() {
        return Err(Refusal::permissions());
    }
    list(state, call, state.statuses.values().collect())
}

/// `GET agent_statuses/me`: the agent's own, for agents.
pub(super) fn mine(state: &State, call: &Call<'_>) -> Result<Answer, Refusal> {
    let agent = call.agent()?;
    let groups = state
        .people
        .get(&agent)
        .map(|person| person.agent.groups.as_slice())
        .unwrap_or_default();
    let unfiltered = state.settings.list_mode == ListMode::All;
    let statuses = state
        .statuses
        .values()
        .filter(|status| unfiltered || State::eligible(status, groups));
    list(state, call, statuses.collect())
}

fn list(state: &State, call: &Call<'_>, mut custom: Vec<&CustomStatus>) -> Result<Answer, Refusal> {
    // Lexicographical, as documented; the id settles equal names, so that pages do not overlap.
    custom.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    let page = page(&custom, |status| status.id, Cursors::Integer, call)?;
    let custom: Vec<Value> = page
        .items
        .iter()
        .map(|status| {
            json!({
                "attributes": {
                    "channels": status.channels,
                    "description": status.description,
                    "group_ids": status.group_ids,
                    "name": status.name,
                },
                "id": status.id,
                "type": "agent_status",
                "updated_at": whole_seconds(status.updated_at),
            })
        })
        .collect();
    let with_defaults = page.first || state.settings.defaults_on == DefaultsOn::EveryPage;
    let default: Vec<Value> = DEFAULTS
        .iter()
        .filter(|_| with_defaults)
        .map(|(id, name, description, _)| {
            json!({"attributes": {"description": description, "name": name}, "id": id, "type": "agent_status"})
        })
        .collect();
    let body =
        json!({"custom": custom, "default": default, "links": page.links, "meta": page.meta});
    Ok(answer(200, &body))
}

/// `PUT agent_statuses/agents/me` for agents, `PUT agent_statuses/agents/{id}` for admins.
pub(super) fn set(state: &mut State, call: &Call<'_>, who: Who) -> Result<Answer, Refusal> {
    let own = call.agent()?;
    let agent = match who {
        Who::Me => own,
        _ if !call.caller.is_admin() => return Err(Refusal::permissions()),
        Who::Id(id) => id,
        Who::Unreadable => return Err(Refusal::invalid_parameter()),
    };
    if !state.settings.omnichannel {
        return Err(Refusal::api_unavailable());
    }
    let status = wanted(call).ok_or_else(Refusal::invalid_parameter)?;
    let person = state
        .person_with_status(agent)
        .ok_or_else(Refusal::no_agent)?;
    if state
        .statuses
        .get(&status)
        .is_some_and(|status| !State::eligible(status, &person.agent.groups))
    {
        return Err(Refusal::not_eligible());
    }
    state
        .set_status(agent, status, "PUBLIC_API")
        .map_err(|_| Refusal::invalid_parameter())?;
    let body = json!({"data": {
        "attributes": {
            "agent_id": agent,
            "agent_status": {"id": status, "name": state.status_name(status)},
        },
        "id": format!("agent_availabilities|{agent}"),
        "type": "agent_availabilities",
    }});
    Ok(answer(200, &body))
}

/// The status that the body asks for: `{"id": 123}` or `{"id": "123"}` (both are documented) and nothing besides.
fn wanted(call: &Call<'_>) -> Option<u64> {
    let body = call.json()?;
    let body = body.as_object().filter(|body| body.len() == 1)?;
    match body.get("id")? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
