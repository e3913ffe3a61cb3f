//! What is asked, and the answer to it.

use http::header::{CONTENT_TYPE, HOST, LOCATION, ORIGIN, SET_COOKIE, UPGRADE};
use http::{HeaderValue, Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::answer::{Answer, refusal, success, too_many, went_wrong};
use super::instance::WebsocketMode;
use super::state::State;
use super::{auth, record};

/// Requests to the routes for signing in, by the minute.
const SIGN_INS: usize = 30;

/// Answers a request.
pub(super) fn answer(
    state: &mut State,
    scheme: &str,
    parts: &http::request::Parts,
    body: &[u8],
) -> Answer {
    let path = parts.uri.path();
    let path = match &state.prefix {
        Some(prefix) => match path.strip_prefix(prefix.as_str()) {
            Some(rest) => rest.to_owned(),
            None => return page(),
        },
        None => path.to_owned(),
    };
    if let Some(tidy) = untidy(&path) {
        return moved(scheme, parts, &tidy);
    }
    let names: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let method = parts.method.as_str();
    match (method, names.as_slice()) {
        ("GET", ["health"]) => success(&json!(true)),
        ("GET", ["api", "v1", "config"]) => config(state),
        ("POST", ["api", "v1", "auth", "login"]) => login(state, body),
        ("GET", ["ws"]) => websocket(state, parts),
        (_, ["api", "v1", rest @ ..]) if is_route(rest) => {
            let known = methods(rest);
            if !known.contains(&method) {
                return wrong_method(state);
            }
            match auth::agent(state, parts) {
                Ok(agent) => signed(state, agent, parts, rest, body),
                Err(refused) => *refused,
            }
        }
        (_, ["health" | "ws"] | ["api", "v1", "config"] | ["api", "v1", "auth", "login"]) => {
            wrong_method(state)
        }
        _ => refusal(state, 404, "GeneralException", "Route not found"),
    }
}

fn is_route(rest: &[&str]) -> bool {
    !methods(rest).is_empty()
}

fn methods(rest: &[&str]) -> &'static [&'static str] {
    match rest {
        ["settings", "general"]
        | ["agents" | "teams", "compact"]
        | ["agents"]
        | ["agents", "me"]
        | ["agents", "me", "teams"] => &["GET"],
        ["agents", "me", "availability"] => &["PUT"],
        ["agents", id] if id.parse::<u64>().is_ok() => &["GET", "PUT"],
        ["agents", id, "api-key"] if id.parse::<u64>().is_ok() => &["POST", "DELETE"],
        _ => &[],
    }
}

fn signed(
    state: &mut State,
    agent: u64,
    parts: &http::request::Parts,
    rest: &[&str],
    body: &[u8],
) -> Answer {
    if state.database_down {
        return went_wrong(state, 500);
    }
    match rest {
        ["settings", "general"] => success(&json!({
            "app.version": state.version, "app.site_name": "Example Desk",
            "app.root_url": "http://localhost:9000", "app.lang": state.language,
        })),
        ["agents", "me"] => success(&record::whole(state, agent)),
        ["agents", "me", "teams"] => success(&json!([])),
        ["teams", "compact"] => success(&json!([{"id": 1, "name": "Front", "emoji": null}])),
        ["agents", "compact"] => success(&record::compact(state)),
        ["agents", "me", "availability"] => availability(state, agent, parts, body),
        _ if !state.agent(agent).is_some_and(|one| one.is_admin) => {
            refusal(state, 403, "PermissionException", "Permission denied")
        }
        ["agents"] => success(&record::compact(state)),
        ["agents", id] => {
            let id = id.parse().unwrap_or_default();
            if parts.method == Method::GET {
                success(&record::whole(state, id))
            } else {
                record::replace(state, id, body)
            }
        }
        ["agents", id, "api-key"] => new_key(state, id.parse().unwrap_or_default(), parts),
        _ => refusal(state, 404, "GeneralException", "Route not found"),
    }
}

/// `PUT agents/me/availability`: nothing is checked before the database does so.
fn availability(
    state: &mut State,
    agent: u64,
    parts: &http::request::Parts,
    body: &[u8],
) -> Answer {
    let Ok((status, source)) = asked(parts, body) else {
        return refusal(state, 400, "InputException", "Error parsing request");
    };
    match state.set(agent, &status, source == "idle") {
        None => went_wrong(state, 500),
        Some(_) if !state.is_at_least((0, 7, 4)) => success(&json!(true)),
        Some(_) => success(&record::whole(state, agent)),
    }
}

/// Status and source: of JSON where the type says so, else of a form.
fn asked(parts: &http::request::Parts, body: &[u8]) -> Result<(String, String), ()> {
    let says = parts.headers.get(CONTENT_TYPE);
    let is_json = says
        .and_then(|says| says.to_str().ok())
        .is_some_and(|says| says.contains("json"));
    if !is_json {
        let of = |name: &str| {
            url::form_urlencoded::parse(body)
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        return Ok((of("status"), of("source")));
    }
    let body: Value = serde_json::from_slice(body).map_err(drop)?;
    if !body.is_object() {
        return Err(());
    }
    let of = |name: &str| match &body[name] {
        Value::Null => Ok(String::new()),
        Value::String(value) => Ok(value.clone()),
        _ => Err(()),
    };
    Ok((of("status")?, of("source")?))
}

fn config(state: &State) -> Answer {
    if !state.is_at_least((0, 7, 4)) {
        return refusal(state, 404, "GeneralException", "Route not found");
    }
    if state.database_down {
        return refusal(state, 500, "GeneralException", "Error fetching settings");
    }
    success(&json!({
        "app.favicon_url": "http://localhost:9000/favicon.ico", "app.lang": state.language,
        "app.logo_url": "http://localhost:9000/logo.png", "app.site_name": "Example Desk",
        "app.sso_providers": [],
    }))
}

fn login(state: &mut State, body: &[u8]) -> Answer {
    let now = state.now();
    let minute = SignedDuration::from_secs(60);
    state.sign_ins.retain(|at| now.duration_since(*at) < minute);
    state.sign_ins.push(now);
    if state.sign_ins.len() > SIGN_INS {
        return too_many();
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let is_it = |agent: &&super::LibredeskAgent| {
        let has =
            |field: &Value, own: &Option<String>| own.is_some() && field.as_str() == own.as_deref();
        has(&body["email"], &agent.email) && has(&body["password"], &agent.password)
    };
    let Some(agent) = state.agents.iter().find(is_it) else {
        let message = "Invalid email or password.";
        return refusal(state, 400, "InputException", message);
    };
    if !agent.enabled {
        return refusal(state, 500, "GeneralException", "Your account is disabled.");
    }
    let id = agent.id;
    state.made += 1;
    let (cookie, token) = (
        format!("session-{}", state.made),
        format!("csrf-{}", state.made),
    );
    let mut answer = success(&record::whole(state, id));
    for set in [
        format!("libredesk_session={cookie}; HttpOnly; SameSite=Lax; max-age=32400"),
        format!("csrf_token={token}; SameSite=Lax"),
    ] {
        if let Ok(set) = HeaderValue::from_str(&set) {
            answer.headers_mut().append(SET_COOKIE, set);
        }
    }
    state.sessions.push((cookie, token, id));
    answer
}

fn new_key(state: &mut State, id: u64, parts: &http::request::Parts) -> Answer {
    state.made += 1;
    let (key, secret) = (
        format!("NewInventedKey{:018}", state.made),
        format!("NewInventedSecret{:047}", state.made),
    );
    let is_new = parts.method == Method::POST;
    let Some(agent) = state.agent_mut(id) else {
        return refusal(state, 404, "NotFoundException", "Not found");
    };
    agent.key = is_new.then(|| (key.clone(), secret.clone()));
    if is_new {
        success(&json!({"api_key": key, "api_secret": secret}))
    } else {
        success(&json!(true))
    }
}

/// The upgrade: the key first, then the origin, whose refusal is a 200 with nothing in it.
fn websocket(state: &mut State, parts: &http::request::Parts) -> Answer {
    if state.websocket == WebsocketMode::NoRoute {
        return page();
    }
    if let Err(refused) = auth::agent(state, parts) {
        return *refused;
    }
    let header = |name: http::HeaderName| parts.headers.get(name)?.to_str().ok();
    let key = header(http::header::SEC_WEBSOCKET_KEY);
    let asks = header(UPGRADE).is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
    let (Some(key), true, WebsocketMode::Works) = (key, asks, state.websocket) else {
        return refusal(state, 400, "GeneralException", "Bad Request");
    };
    let host = state
        .host
        .as_deref()
        .or(header(HOST))
        .or_else(|| parts.uri.authority().map(http::uri::Authority::as_str));
    if state.is_at_least((2, 1, 0)) && !is_origin_taken(header(ORIGIN), host) {
        return Answer::default();
    }
    let mut answer = Answer::default();
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = answer.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(
        http::header::CONNECTION,
        HeaderValue::from_static("Upgrade"),
    );
    if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        headers.insert(http::header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    answer
}

/// `localhost` always; else https and the very host and port of the request.
fn is_origin_taken(origin: Option<&str>, host: Option<&str>) -> bool {
    let Some((scheme, rest)) = origin.and_then(|origin| origin.split_once("://")) else {
        return false;
    };
    let name = rest.split(':').next().unwrap_or_default();
    name == "localhost" || (scheme == "https" && Some(rest) == host)
}

fn wrong_method(state: &State) -> Answer {
    refusal(state, 405, "GeneralException", "Request method not allowed")
}

/// A proxy's own page.
fn page() -> Answer {
    let mut page = Answer::new(b"<!DOCTYPE html><html><title>Not found</title></html>".to_vec());
    *page.status_mut() = StatusCode::NOT_FOUND;
    page.headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    page
}

/// The path as it should be, where slashes are doubled or trail.
fn untidy(path: &str) -> Option<String> {
    let names = path.split('/').filter(|name| !name.is_empty());
    let tidy = format!("/{}", names.collect::<Vec<_>>().join("/"));
    (tidy != path && path != "/").then_some(tidy)
}

fn moved(scheme: &str, parts: &http::request::Parts, tidy: &str) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = if parts.method == Method::GET {
        StatusCode::MOVED_PERMANENTLY
    } else {
        StatusCode::PERMANENT_REDIRECT
    };
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let target = format!("{scheme}://{}{tidy}", host.unwrap_or("localhost"));
    if let Ok(target) = HeaderValue::from_str(&target) {
        answer.headers_mut().insert(LOCATION, target);
    }
    answer
}
