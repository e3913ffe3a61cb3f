//! What a team's leader reads besides statuses: names, groups, capacity rules.

use serde_json::{Value, json};

use super::account::CapacityRule;
use super::auth::Caller;
use super::page::{Cursors, page};
use super::refusal::Refusal;
use super::route::Call;
use super::state::State;
use super::{Answer, answer, whole_seconds};

/// At most so many users at a time.
const MOST_USERS: usize = 100;

/// `GET users/show_many?ids=1,2`, for agents:
/// <https://developer.zendesk.com/api-reference/ticketing/users/users/#show-many-users>.
pub(super) fn users(state: &State, call: &Call<'_>) -> Result<Answer, Refusal> {
    agent(call)?;
    let ids: Option<Vec<u64>> = call.query("ids").and_then(|ids| {
        ids.split(',')
            .map(|id| id.trim().parse().ok())
            .collect::<Option<_>>()
    });
    let ids = ids.ok_or(Refusal::Bad("ids must be a comma-separated list"))?;
    if ids.len() > MOST_USERS {
        return Err(Refusal::Bad("at most 100 users at a time"));
    }
    let known = ids.iter().filter_map(|id| state.people.get(id));
    let users: Vec<Value> = known
        .map(|person| {
            let agent = &person.agent;
            json!({
                "id": agent.id,
                "url": format!("{}/api/v2/users/{}.json", call.base, agent.id),
                "name": agent.name,
                "email": agent.email,
                "active": true,
            })
        })
        .collect();
    let body =
        json!({"users": users, "next_page": null, "previous_page": null, "count": users.len()});
    Ok(answer(200, &body))
}

/// `GET groups`, for agents, by pages where a page is asked for:
/// <https://developer.zendesk.com/api-reference/ticketing/groups/groups/#list-groups>.
pub(super) fn groups(state: &State, call: &Call<'_>) -> Result<Answer, Refusal> {
    agent(call)?;
    let created = whole_seconds(state.clock.now());
    let groups: Vec<(u64, Value)> = state
        .groups
        .iter()
        .map(|(id, name)| {
            let shown = json!({
                "id": id,
                "url": format!("{}/api/v2/groups/{id}.json", call.base),
                "name": name,
                "description": "",
                "default": false,
                "deleted": false,
                "is_public": true,
                "created_at": created,
                "updated_at": created,
            });
            (*id, shown)
        })
        .collect();
    let page = page(&groups, |(id, _)| *id, Cursors::Opaque, call)?;
    let shown: Vec<&Value> = page.items.iter().map(|(_, shown)| shown).collect();
    let body = json!({"groups": shown, "links": page.links, "meta": page.meta});
    Ok(answer(200, &body))
}

/// `GET capacity/rules` and `GET capacity/rules/{id}`, for admins, where the account has them:
/// <https://developer.zendesk.com/api-reference/agent-availability/capacity-rules/capacity_rules_api/>.
pub(super) fn capacity_rules(
    state: &State,
    call: &Call<'_>,
    id: Option<&str>,
) -> Result<Answer, Refusal> {
    if !call.caller.is_admin() {
        return Err(Refusal::permissions());
    }
    let rules = state.capacity_rules.as_ref().ok_or(Refusal::NoEndpoint)?;
    let Some(id) = id else {
        let rules: Vec<Value> = rules.iter().map(|rule| shown(state, rule)).collect();
        return Ok(answer(200, &Value::Array(rules)));
    };
    let rule = rules.iter().find(|rule| rule.id == id);
    let rule = rule.ok_or(Refusal::NoRecord)?;
    Ok(answer(200, &shown(state, rule)))
}

fn shown(state: &State, rule: &CapacityRule) -> Value {
    let sample = rule.agents.iter().filter_map(|id| state.people.get(id));
    let sample: Vec<Value> = sample
        .map(|person| json!({"id": person.agent.id, "name": person.agent.email}))
        .collect();
    json!({
        "assignees": {"agents_sample": sample, "count": rule.agents.len()},
        "capacities": rule.capacities,
        "created_at": "2022-01-01T00:00:00.000Z",
        "default": rule.default,
        "description": rule.description,
        "id": rule.id,
        "last_updated_at": "2023-01-01T00:00:00.000Z",
        "name": rule.name,
    })
}

fn agent(call: &Call<'_>) -> Result<(), Refusal> {
    match &call.caller {
        Caller::Known { role, .. } if *role != super::account::Role::EndUser => Ok(()),
        _ => Err(Refusal::Forbidden),
    }
}
