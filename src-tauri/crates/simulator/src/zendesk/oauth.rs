//! The authorization server: <https://developer.zendesk.com/documentation/api-basics/authentication/oauth-pkce>.

mod consent;
mod tokens;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

pub(super) use self::tokens::{current, revoke};
use super::refusal::Refusal;
use super::state::State;
use super::{Answer, sample};

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
    /// Everything secret that was given out, and the PKCE verifiers that came.
    pub(super) exchanged: Vec<String>,
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
        let digest = Sha256::digest(format!("{what}-{}", self.exchanged.len()));
        let fresh = format!("{what}-{}", URL_SAFE_NO_PAD.encode(digest));
        self.exchanged.push(fresh.clone());
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
        ("GET", "/oauth/authorizations/new") => consent::ask(state, parts),
        ("POST", "/oauth/authorizations") => consent::decide(state, parts, body),
        ("POST", "/oauth/tokens") => tokens::token(state, parts, body),
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
