//! The authorization server: <https://developer.zendesk.com/documentation/api-basics/authentication/oauth-pkce>.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use http::request::Parts;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;
use url::form_urlencoded;

use super::account::Token;
use super::refusal::Refusal;
use super::route::Call;
use super::state::State;
use super::{Answer, answer, sample};

/// A code is good for so long.
const CODE_LIFETIME: Duration = Duration::from_secs(120);
/// What may be asked for: <https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/>.
const ACCESS_LIFETIMES_S: std::ops::RangeInclusive<u64> = 300..=172_800;
const REFRESH_LIFETIMES_S: std::ops::RangeInclusive<u64> = 604_800..=7_776_000;
const USUAL_REFRESH_LIFETIME_S: u64 = 2_592_000;

/// The account's OAuth client, a public one, and what it is granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OAuthClient {
    /// Its unique identifier.
    pub id: String,
    /// The redirect addresses as registered, each to the letter.
    pub redirects: Vec<String>,
    /// No access token lives longer, whatever is asked for.
    pub longest_access_s: u64,
    /// Whether a grant comes with a refresh token.
    pub refreshes: bool,
    /// Whose browser it is: who allows.
    pub signed_in: u64,
}

impl Default for OAuthClient {
    fn default() -> Self {
        Self {
            id: sample::CLIENT_ID.to_owned(),
            redirects: [47823, 47824, 47825]
                .map(|port| format!("http://127.0.0.1:{port}/callback"))
                .to_vec(),
            longest_access_s: 1800,
            refreshes: true,
            signed_in: sample::ADA,
        }
    }
}

/// A code that was given out and not yet redeemed.
#[derive(Debug)]
struct Code {
    at: Timestamp,
    agent: u64,
    scope: String,
    redirect: String,
    challenge: String,
}

/// A refresh token that still works.
#[derive(Debug)]
struct Refresh {
    agent: u64,
    scope: String,
    access: String,
    ends: Timestamp,
}

/// What the authorization server has given out.
#[derive(Debug, Default)]
pub(super) struct Grants {
    codes: BTreeMap<String, Code>,
    refreshes: BTreeMap<String, Refresh>,
    /// When access tokens end; the others do not.
    ends: BTreeMap<String, Timestamp>,
    ids: BTreeMap<String, u64>,
    /// Refresh tokens that were redeemed, and how often they came back.
    spent: BTreeMap<String, u32>,
    /// Everything secret that was given out.
    pub(super) given_out: Vec<String>,
}

impl Grants {
    pub(super) fn is_over(&self, access: &str, now: Timestamp) -> bool {
        self.ends.get(access).is_some_and(|ends| *ends <= now)
    }

    /// How often a refresh token came that had been redeemed before.
    pub(super) fn reused(&self) -> u32 {
        self.spent.values().sum()
    }

    /// Forgets all refresh tokens, as when an admin revokes the client's grants.
    pub(super) fn end_all(&mut self) {
        self.refreshes.clear();
    }

    pub(super) fn end_access(&mut self) {
        for ends in self.ends.values_mut() {
            *ends = Timestamp::UNIX_EPOCH;
        }
    }

    fn fresh(&mut self, what: &str) -> String {
        let digest = Sha256::digest(format!("{what}-{}", self.given_out.len()));
        let fresh = format!("{what}-{}", URL_SAFE_NO_PAD.encode(digest));
        self.given_out.push(fresh.clone());
        fresh
    }

    fn id(&mut self, access: &str) -> u64 {
        let next = 5000 + self.ids.len() as u64;
        *self.ids.entry(access.to_owned()).or_insert(next)
    }
}

/// Answers what is asked below `/oauth/`.
pub(super) fn serve(state: &mut State, parts: &Parts, body: &[u8]) -> Answer {
    match (parts.method.as_str(), parts.uri.path()) {
        ("GET", "/oauth/authorizations/new") => consent(state, parts),
        ("POST", "/oauth/authorizations") => decide(state, parts, body),
        ("POST", "/oauth/tokens") => token(state, parts, body),
        _ => Refusal::NoEndpoint.answer(),
    }
}

type Fields = BTreeMap<String, String>;

fn fields(encoded: &[u8]) -> Fields {
    form_urlencoded::parse(encoded).into_owned().collect()
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

fn query(parts: &Parts) -> Fields {
    fields(parts.uri.query().unwrap_or_default().as_bytes())
}

fn page(status: u16, text: &str) -> Answer {
    let html = format!(
        "<!DOCTYPE html><html><head><title>Zendesk</title></head><body>{text}</body></html>"
    );
    let mut answer = Answer::new(html.into_bytes());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let html = http::HeaderValue::from_static("text/html; charset=utf-8");
    answer.headers_mut().insert(CONTENT_TYPE, html);
    answer
}

/// What is wrong with a request for consent: nothing that may be redirected, or an error that must be.
fn objection(state: &State, asked: &Fields) -> Option<Result<&'static str, &'static str>> {
    let client = &state.settings.oauth;
    if field(asked, "client_id") != client.id {
        return Some(Err("Invalid client"));
    }
    if !client
        .redirects
        .iter()
        .any(|known| known == field(asked, "redirect_uri"))
    {
        return Some(Err("Invalid redirect_uri"));
    }
    if field(asked, "response_type") != "code" {
        return Some(Ok("unsupported_response_type"));
    }
    let scopes = field(asked, "scope").split(' ');
    if !scopes
        .clone()
        .all(|scope| ["read", "write"].contains(&scope))
    {
        return Some(Ok("invalid_scope"));
    }
    // A public client must use PKCE; a challenge is 32 bytes.
    let challenge = URL_SAFE_NO_PAD.decode(field(asked, "code_challenge"));
    let is_s256 = field(asked, "code_challenge_method") == "S256";
    if !is_s256 || !challenge.is_ok_and(|bytes| bytes.len() == 32) {
        return Some(Ok("invalid_request"));
    }
    None
}

/// `GET /oauth/authorizations/new`: the page in the agent's browser.
fn consent(state: &State, parts: &Parts) -> Answer {
    let asked = query(parts);
    match objection(state, &asked) {
        Some(Err(words)) => page(400, words),
        Some(Ok(error)) => back(&asked, &[("error", error), ("error_description", error)]),
        None => {
            let query = parts.uri.query().unwrap_or_default().replace('&', "&amp;");
            let button = |decision: &str| {
                format!(
                    "<form method=\"post\" action=\"/oauth/authorizations?{query}\"><button name=\"decision\" value=\"{decision}\">{decision}</button></form>"
                )
            };
            page(200, &format!("{}{}", button("allow"), button("deny")))
        }
    }
}

/// `POST /oauth/authorizations`: the agent pressed a button of that page.
fn decide(state: &mut State, parts: &Parts, body: &[u8]) -> Answer {
    let asked = query(parts);
    if objection(state, &asked).is_some() {
        return page(400, "Invalid request");
    }
    if field(&fields(body), "decision") != "allow" {
        let words = "The end-user or authorization server denied the request.";
        return back(
            &asked,
            &[("error", "access_denied"), ("error_description", words)],
        );
    }
    let code = state.grants.fresh("code");
    let issued = Code {
        at: state.clock.now(),
        agent: state.settings.oauth.signed_in,
        scope: field(&asked, "scope").to_owned(),
        redirect: field(&asked, "redirect_uri").to_owned(),
        challenge: field(&asked, "code_challenge").to_owned(),
    };
    state.grants.codes.insert(code.clone(), issued);
    back(&asked, &[("code", &code)])
}

/// Sends the browser back to the program that asked.
fn back(asked: &Fields, with: &[(&str, &str)]) -> Answer {
    let Ok(mut to) = Url::parse(field(asked, "redirect_uri")) else {
        return page(400, "Invalid redirect_uri");
    };
    to.query_pairs_mut()
        .extend_pairs(with)
        .append_pair("state", field(asked, "state"));
    let mut answer = page(302, "You are being redirected.");
    if let Ok(to) = to.as_str().parse() {
        answer.headers_mut().insert(LOCATION, to);
    }
    answer
}

/// Why no token is given.
struct Refused(u16, &'static str);

const INVALID_REQUEST: Refused = Refused(400, "invalid_request");
const INVALID_GRANT: Refused = Refused(400, "invalid_grant");

/// `POST /oauth/tokens`.
fn token(state: &mut State, parts: &Parts, body: &[u8]) -> Answer {
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
pub(super) fn current(state: &mut State, call: &Call<'_>) -> Result<Answer, Refusal> {
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
pub(super) fn revoke(
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
