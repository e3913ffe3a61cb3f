//! The page in the agent's browser, and what pressing its buttons does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use http::request::Parts;
use url::Url;

use super::{Code, Fields, field, fields, query};
use crate::zendesk::Answer;
use crate::zendesk::state::State;

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
pub(super) fn ask(state: &State, parts: &Parts) -> Answer {
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
pub(super) fn decide(state: &mut State, parts: &Parts, body: &[u8]) -> Answer {
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
