//! Tokens: what is given for a code or a refresh token, and how they end.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Fields, Refresh, field, fields};
use crate::zendesk::account::Token;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::route::Call;
use crate::zendesk::state::State;
use crate::zendesk::{Answer, answer};

/// A code is good for so long.
const CODE_LIFETIME: Duration = Duration::from_secs(120);
/// What may be asked for: <https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/>.
const ACCESS_LIFETIMES_S: std::ops::RangeInclusive<u64> = 300..=172_800;
const REFRESH_LIFETIMES_S: std::ops::RangeInclusive<u64> = 604_800..=7_776_000;
const USUAL_REFRESH_LIFETIME_S: u64 = 2_592_000;

/// Why no token is given.
struct Refused(u16, &'static str);

const INVALID_REQUEST: Refused = Refused(400, "invalid_request");
const INVALID_GRANT: Refused = Refused(400, "invalid_grant");

/// `POST /oauth/tokens`.
pub(super) fn token(state: &mut State, parts: &Parts, body: &[u8]) -> Answer {
    match redeem(state, parts, body) {
        Ok(granted) => answer(201, &granted),
        Err(Refused(status, error)) => answer(
            status,
            &json!({"error": error, "error_description": "The request was refused."}),
        ),
    }
}

fn redeem(state: &mut State, parts: &Parts, body: &[u8]) -> Result<Value, Refused> {
    let content_type = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    let asked = match essence.trim() {
        "application/x-www-form-urlencoded" => fields(body),
        "application/json" => {
            let sent: BTreeMap<String, Value> =
                serde_json::from_slice(body).map_err(|_| INVALID_REQUEST)?;
            let text = |value: Value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            };
            sent.into_iter()
                .map(|(name, value)| (name, text(value)))
                .collect()
        }
        _ => return Err(INVALID_REQUEST),
    };
    if field(&asked, "client_id") != state.settings.oauth.id {
        return Err(Refused(401, "invalid_client"));
    }
    let access_s = lifetime(&asked, "expires_in", ACCESS_LIFETIMES_S)?;
    let refresh_s = lifetime(&asked, "refresh_token_expires_in", REFRESH_LIFETIMES_S)?;
    let now = state.clock.now();
    let (agent, scope) = match field(&asked, "grant_type") {
        "authorization_code" => {
            // Whoever asks, a code is gone afterwards.
            let code = state
                .grants
                .codes
                .remove(field(&asked, "code"))
                .ok_or(INVALID_GRANT)?;
            let verifier = field(&asked, "code_verifier");
            state.grants.exchanged.push(verifier.to_owned());
            let is_ours = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == code.challenge
                && (43..=128).contains(&verifier.len())
                && field(&asked, "redirect_uri") == code.redirect;
            let in_time = now.duration_since(code.at).unsigned_abs() <= CODE_LIFETIME;
            if !is_ours || !in_time {
                return Err(INVALID_GRANT);
            }
            (code.agent, code.scope)
        }
        "refresh_token" => {
            let presented = field(&asked, "refresh_token").to_owned();
            if let Some(times) = state.grants.spent.get_mut(&presented) {
                *times += 1;
                return Err(INVALID_GRANT);
            }
            let old = state
                .grants
                .refreshes
                .remove(&presented)
                .ok_or(INVALID_GRANT)?;
            // Each refresh deletes the pair before.
            state.grants.spent.insert(presented, 0);
            state.tokens.remove(&old.access);
            if old.ends <= now {
                return Err(INVALID_GRANT);
            }
            (old.agent, old.scope)
        }
        _ => return Err(Refused(400, "unsupported_grant_type")),
    };
    let longest = state.settings.oauth.longest_access_s;
    let access_s = access_s.unwrap_or(longest).min(longest);
    Ok(give(
        state,
        agent,
        scope,
        access_s,
        refresh_s.unwrap_or(USUAL_REFRESH_LIFETIME_S),
    ))
}

fn lifetime(
    asked: &Fields,
    name: &str,
    allowed: std::ops::RangeInclusive<u64>,
) -> Result<Option<u64>, Refused> {
    let Some(text) = asked.get(name) else {
        return Ok(None);
    };
    let seconds = text.parse().map_err(|_| INVALID_REQUEST)?;
    allowed
        .contains(&seconds)
        .then_some(Some(seconds))
        .ok_or(INVALID_REQUEST)
}

fn give(state: &mut State, agent: u64, scope: String, access_s: u64, refresh_s: u64) -> Value {
    let now = state.clock.now();
    let after = |seconds: u64| {
        let wait = SignedDuration::try_from(Duration::from_secs(seconds)).unwrap_or_default();
        now.checked_add(wait).unwrap_or(Timestamp::MAX)
    };
    let access = state.grants.fresh("access");
    state.grants.ends.insert(access.clone(), after(access_s));
    let token = Token {
        agent,
        scope: scope.clone(),
    };
    state.tokens.insert(access.clone(), token);
    let mut granted = json!({
        "access_token": access,
        "token_type": "bearer",
        "scope": scope,
        "expires_in": access_s,
    });
    if state.settings.oauth.refreshes {
        let refresh = state.grants.fresh("refresh");
        granted["refresh_token"] = json!(refresh);
        granted["refresh_token_expires_in"] = json!(refresh_s);
        let kept = Refresh {
            agent,
            scope,
            access,
            ends: after(refresh_s),
        };
        state.grants.refreshes.insert(refresh, kept);
    }
    granted
}

/// `GET oauth/tokens/current`: <https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/>.
pub(in crate::zendesk) fn current(state: &mut State, call: &Call<'_>) -> Result<Answer, Refusal> {
    let access = call.bearer().ok_or(Refusal::NotSignedIn)?.to_owned();
    let id = state.grants.id(&access);
    let scope = state.tokens.get(&access).map(|token| token.scope.clone());
    let scopes: Vec<String> = scope
        .iter()
        .flat_map(|scope| scope.split(' '))
        .map(str::to_owned)
        .collect();
    let shown: String = access.chars().take(10).collect();
    let token = json!({"id": id, "user_id": call.caller.id(), "token": shown, "scopes": scopes});
    Ok(answer(200, &json!({ "token": token })))
}

/// `DELETE oauth/tokens/{id}`, with everything that belongs to the token.
pub(in crate::zendesk) fn revoke(
    state: &mut State,
    call: &Call<'_>,
    id: Option<u64>,
) -> Result<Answer, Refusal> {
    let access = state
        .grants
        .ids
        .iter()
        .find(|(_, known)| Some(**known) == id);
    let access = access
        .map(|(access, _)| access.clone())
        .ok_or(Refusal::NoRecord)?;
    let owner = state.tokens.get(&access).map(|token| token.agent);
    if owner.is_none() || owner != call.caller.id() {
        return Err(Refusal::NoRecord);
    }
    state.tokens.remove(&access);
    state
        .grants
        .refreshes
        .retain(|_, refresh| refresh.access != access);
    let mut gone = Answer::default();
    *gone.status_mut() = StatusCode::NO_CONTENT;
    Ok(gone)
}
