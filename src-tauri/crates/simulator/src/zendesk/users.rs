//! Who am I, which groups am I in, what can the account do.

use serde_json::{Value, json};

use super::account::Role;
use super::auth::Caller;
use super::page::{Cursors, page};
use super::refusal::Refusal;
use super::route::{Call, Who};
use super::state::State;
use super::{Answer, answer, whole_seconds};

/// `GET users/me`, open to anonymous callers, who get an anonymous user.
/// <https://developer.zendesk.com/api-reference/ticketing/users/users/#show-self>
pub(super) fn me(state: &State, call: &Call<'_>) -> Answer {
    let Some(agent) = call
        .caller
        .id()
        .and_then(|id| state.people.get(&id))
        .map(|person| &person.agent)
    else {
        let user = json!({
            "id": null,
            "url": format!("{}/api/v2/users/.json", call.base),
            "name": "Anonymous user",
            "email": "invalid@example.com",
            "role": "end-user",
            "role_type": null,
            "verified": false,
            "active": true,
            "default_group_id": null,
            "authenticity_token": "simulated",
        });
        return answer(200, &json!({"user": user}));
    };
    let (role, role_type) = match agent.role {
        Role::Agent => ("agent", json!(0)),
        Role::Light => ("agent", json!(1)),
        Role::Admin => ("admin", json!(4)),
        Role::EndUser => ("end-user", Value::Null),
    };
    let user = json!({
        "id": agent.id,
        "url": format!("{}/api/v2/users/{}.json", call.base, agent.id),
        "name": agent.name,
        "email": agent.email,
        "role": role,
        "role_type": role_type,
        "time_zone": "Copenhagen",
        "iana_time_zone": "Europe/Copenhagen",
        "locale": "en-GB",
        "verified": true,
        "active": true,
        "suspended": false,
        "default_group_id": agent.groups.first(),
        "authenticity_token": "simulated",
    });
    answer(200, &json!({"user": user}))
}

/// `GET users/{id}/group_memberships`: an agent's own; anyone's for admins. By pages where a page is asked for.
/// <https://developer.zendesk.com/api-reference/ticketing/groups/group_memberships/>
pub(super) fn memberships(state: &State, call: &Call<'_>, who: Who) -> Result<Answer, Refusal> {
    let own = agent_only(call)?;
    let id = match who {
        Who::Id(id) => id,
        Who::Me => own,
        Who::Unreadable => return Err(Refusal::NoRecord),
    };
    if id != own && !call.caller.is_admin() {
        return Err(Refusal::Forbidden);
    }
    let person = state.people.get(&id).ok_or(Refusal::NoRecord)?;
    let since = whole_seconds(person.active_at);
    let memberships: Vec<(u64, Value)> = (1..)
        .zip(&person.agent.groups)
        .map(|(number, group)| {
            let membership = id * 100 + number;
            let shown = json!({
                "id": membership,
                "url": format!("{}/api/v2/group_memberships/{membership}.json", call.base),
                "user_id": id,
                "group_id": group,
                "default": number == 1,
                "created_at": since,
                "updated_at": since,
            });
            (membership, shown)
        })
        .collect();
    let shown = |rows: &[(u64, Value)]| rows.iter().map(|(_, row)| row.clone()).collect::<Vec<_>>();
    if !call.query.iter().any(|(name, _)| name.starts_with("page[")) {
        let body = json!({
            "group_memberships": shown(&memberships),
            "next_page": null,
            "previous_page": null,
            "count": memberships.len(),
        });
        return Ok(answer(200, &body));
    }
    let page = page(&memberships, |(id, _)| *id, Cursors::Opaque, call)?;
    let body =
        json!({"group_memberships": shown(page.items), "links": page.links, "meta": page.meta});
    Ok(answer(200, &body))
}

/// `GET account/settings`, for agents: <https://developer.zendesk.com/api-reference/ticketing/account-configuration/account_settings/>.
pub(super) fn settings(state: &State, call: &Call<'_>) -> Result<Answer, Refusal> {
    agent_only(call)?;
    let settings = &state.settings;
    let body = json!({"settings": {
        "agents": {
            "agent_workspace": true,
            "aw_self_serve_migration_enabled": true,
            "focus_mode": false,
            "idle_timeout_enabled": true,
            "unified_agent_statuses": settings.omnichannel,
        },
        // A string, as the published schema has it.
        "api": {"api_token_access": state.api_token.is_some().to_string()},
        "routing": {"enabled": settings.omnichannel},
        "voice": {"enabled": settings.voice, "agent_wrap_up_after_calls": true},
    }});
    Ok(answer(200, &body))
}

fn agent_only(call: &Call<'_>) -> Result<u64, Refusal> {
    match call.caller {
        Caller::Known { id, role, .. } if role != Role::EndUser => Ok(id),
        _ => Err(Refusal::Forbidden),
    }
}
