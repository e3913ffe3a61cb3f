//! Talk's availability: <https://developer.zendesk.com/api-reference/voice/talk-api/availabilities/>.

use serde_json::{Map, Value, json};

use super::account::Role;
use super::auth::Caller;
use super::refusal::Refusal;
use super::route::{Call, Who};
use super::state::{Person, State};
use super::{Answer, answer};

pub(super) const STATES: [&str; 4] = ["online", "offline", "away", "transfers_only"];
pub(super) const CALL_STATUSES: [&str; 2] = ["on_call", "wrap_up"];
const VIAS: [&str; 2] = ["client", "phone"];

/// `GET channels/voice/availabilities/{id}`.
pub(super) fn show(state: &State, call: &Call<'_>, who: Who) -> Result<Answer, Refusal> {
    let id = seat(state, call, who)?;
    let person = state.people.get(&id).ok_or(Refusal::NoRecord)?;
    Ok(availability(state, person))
}

/// `PUT channels/voice/availabilities/{id}`.
pub(super) fn set(state: &mut State, call: &Call<'_>, who: Who) -> Result<Answer, Refusal> {
    let id = seat(state, call, who)?;
    let body = call
        .json()
        .ok_or(Refusal::Bad("The request body is not JSON"))?;
    let change = change(&body).ok_or(Refusal::Bad("The request body is not an availability"))?;
    // With omnichannel routing only `via` can be changed: https://support.zendesk.com/hc/en-us/articles/4779964251802
    if state.settings.omnichannel && change.keys().any(|key| key != "via") {
        return Err(Refusal::Bad(
            "agent_state can't be updated while omnichannel routing is enabled",
        ));
    }
    let person = state.people.get_mut(&id).ok_or(Refusal::NoRecord)?;
    for (key, value) in change {
        let text = value.as_str().map(str::to_owned);
        match (key.as_str(), text) {
            ("agent_state", Some(text)) => person.talk_state = text,
            ("via", Some(text)) => person.via = text,
            (_, text) => person.call_status = text,
        }
    }
    let person = state.people.get(&id).ok_or(Refusal::NoRecord)?;
    Ok(availability(state, person))
}

/// Whose availability it is, where the caller may see it and there is one.
fn seat(state: &State, call: &Call<'_>, who: Who) -> Result<u64, Refusal> {
    let Caller::Known { id: own, role, .. } = call.caller else {
        return Err(Refusal::NotSignedIn);
    };
    // Talk's pages know ids only, no `me`.
    let Who::Id(id) = who else {
        return Err(Refusal::NoRecord);
    };
    if role == Role::EndUser || (id != own && !call.caller.is_admin()) {
        return Err(Refusal::Forbidden);
    }
    let person = state.people.get(&id).ok_or(Refusal::NoRecord)?;
    if state.settings.voice && person.agent.talk {
        Ok(id)
    } else {
        Err(Refusal::NoTalk(state.settings.no_talk_seat))
    }
}

/// The fields to change: at least one, each known, each with a value that it can have.
fn change(body: &Value) -> Option<&Map<String, Value>> {
    let body = body.as_object().filter(|body| body.len() == 1)?;
    let change = body
        .get("availability")?
        .as_object()
        .filter(|change| !change.is_empty())?;
    let is_one_of = |value: &Value, allowed: &[&str]| {
        value.as_str().is_some_and(|text| allowed.contains(&text))
    };
    let valid = change.iter().all(|(key, value)| match key.as_str() {
        "agent_state" => is_one_of(value, &STATES),
        "via" => is_one_of(value, &VIAS),
        "call_status" => value.is_null() || is_one_of(value, &CALL_STATUSES),
        _ => false,
    });
    valid.then_some(change)
}

fn availability(state: &State, person: &Person) -> Answer {
    let mut availability = json!({"agent_state": state.talk_state(person), "via": person.via});
    // With omnichannel routing the samples carry a null; without, they leave the field out.
    if state.settings.omnichannel || person.call_status.is_some() {
        availability["call_status"] = json!(person.call_status);
    }
    answer(200, &json!({"availability": availability}))
}
