//! Who asks: by a key, else by a browser's cookie.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use http::{HeaderValue, Method};

use super::answer::{Answer, refusal, went_wrong};
use super::state::State;

/// Whose key a request bears; nothing where it bears none that can be used.
fn agent_of_key(state: &State, parts: &http::request::Parts) -> Option<u64> {
    let (key, secret) = pair(parts)?;
    let agents = state.agents.iter().filter(|agent| agent.enabled);
    let mut owners = agents.filter(|agent| {
        agent
            .key
            .as_ref()
            .is_some_and(|(known, its)| *known == key && *its == secret)
    });
    owners.next().map(|agent| agent.id)
}

/// The key and secret of a request, in one of two forms whose spelling matters; half a pair is none.
fn pair(parts: &http::request::Parts) -> Option<(String, String)> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let pair = if let Some(encoded) = value.strip_prefix("Basic ") {
        String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?
    } else {
        value.strip_prefix("token ")?.to_owned()
    };
    let (key, secret) = pair.split_once(':')?;
    (!key.is_empty() && !secret.is_empty()).then(|| (key.to_owned(), secret.to_owned()))
}

/// Who asks.
///
/// A key that cannot be used is no wrong key: the browser's way is tried then, and a write without its token is taken
/// for a forgery.
///
/// # Errors
///
/// The refusal.
pub(super) fn agent(state: &mut State, parts: &http::request::Parts) -> Result<u64, Box<Answer>> {
    if pair(parts).is_some() && state.is_at_least((0, 7, 0)) {
        if state.database_down {
            return Err(Box::new(went_wrong(state, 401)));
        }
        return agent_of_key(state, parts).ok_or_else(|| {
            Box::new(refusal(
                state,
                401,
                "GeneralException",
                "Invalid credential",
            ))
        });
    }
    let cookies = parts.headers.get(COOKIE).and_then(|it| it.to_str().ok());
    let cookie = |name: &str| {
        let all = cookies.unwrap_or_default().split(';').map(str::trim);
        all.filter_map(|one| one.split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.to_owned())
    };
    if parts.method != Method::GET {
        let given = parts
            .headers
            .get("x-csrftoken")
            .and_then(|it| it.to_str().ok());
        if given.is_none() || given.map(str::to_owned) != cookie("csrf_token") {
            let forgery = refusal(state, 403, "PermissionException", "CSRF token mismatch");
            return Err(Box::new(forgery));
        }
    }
    let session = cookie("libredesk_session");
    let known = state
        .sessions
        .iter()
        .find(|(cookie, _, _)| Some(cookie) == session.as_ref())
        .map(|(_, _, agent)| *agent);
    known.ok_or_else(|| {
        let mut answer = refusal(state, 401, "GeneralException", "Invalid or expired session");
        // Everybody without a session gets one.
        state.made += 1;
        let cookie = format!("libredesk_session=nobody-{}; HttpOnly", state.made);
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().insert(SET_COOKIE, cookie);
        }
        Box::new(answer)
    })
}
