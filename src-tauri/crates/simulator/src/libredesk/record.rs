//! An agent's record, and what becomes of it when it is replaced.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, refusal, success, went_wrong};
use super::state::State;

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// The whole record, with its many nulls.
pub(super) fn whole(state: &State, id: u64) -> Value {
    let Some(agent) = state.agent(id) else {
        return Value::Null;
    };
    let role = if agent.is_admin { "Admin" } else { "Agent" };
    let permissions: &[&str] = if agent.is_admin {
        &["users:manage", "conversations:read"]
    } else {
        &["conversations:read"]
    };
    json!({
        "id": agent.id, "created_at": "2026-01-05T08:00:00.000000Z", "updated_at": "2026-01-05T08:00:00.000000Z",
        "first_name": agent.first_name, "last_name": agent.last_name, "email": agent.email, "type": "agent",
        "availability_status": agent.status, "phone_number_country_code": null, "phone_number": null,
        "avatar_url": null, "enabled": agent.enabled, "last_active_at": agent.last_active_at.map(time),
        "last_login_at": null, "roles": [role], "permissions": permissions, "country": null, "meta": null,
        "custom_attributes": null, "external_user_id": null, "teams": [],
        "api_key": agent.key.as_ref().map(|(key, _)| key), "api_key_last_used_at": time(state.now()),
    })
}

/// All agents in short, the assistants among them.
pub(super) fn compact(state: &State) -> Value {
    let tells = state.is_at_least((2, 3, 0));
    let all = state.agents.iter().map(|agent| {
        let sort = if agent.is_assistant { "ai_assistant" } else { "agent" };
        let mut one = json!({
            "id": agent.id, "type": sort, "first_name": agent.first_name, "last_name": agent.last_name,
            "email": agent.email, "enabled": agent.enabled, "avatar_url": null, "external_user_id": null,
            "created_at": "2026-01-05T08:00:00.000000Z", "updated_at": "2026-01-05T08:00:00.000000Z",
        });
        if tells {
            one["availability_status"] = json!(agent.status);
        }
        one
    });
    all.collect()
}

/// `PUT agents/{id}`: replaces the record. What is missing is gone, and a failed check does not stop it: two answers
/// come in one body then.
pub(super) fn replace(state: &mut State, id: u64, body: &[u8]) -> Answer {
    let Ok(given) = serde_json::from_slice::<Value>(body) else {
        return refusal(state, 400, "InputException", "Error parsing request");
    };
    let text = |name: &str| given[name].as_str().unwrap_or_default().to_owned();
    let is_checked = !text("email").is_empty() && !text("first_name").is_empty();
    let failed = refusal(state, 400, "InputException", "Invalid email");
    if !state.edit(id, &text("availability_status")) {
        return went_wrong(state, 500);
    }
    if let Some(agent) = state.agent_mut(id) {
        agent.first_name = text("first_name");
        agent.last_name = text("last_name");
        agent.email = Some(text("email")).filter(|email| !email.is_empty());
        agent.enabled = given["enabled"].as_bool().unwrap_or_default();
    }
    let mut answer = success(&whole(state, id));
    if !is_checked {
        let second = std::mem::take(answer.body_mut());
        let mut both = failed.into_body();
        both.extend(second);
        *answer.body_mut() = both;
    }
    answer
}
