//! The browser sign-in: what is asked, and what every answer means.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::DeskError;
use helpdesk::{Authorization, BaseUrl, GrantError, Transport, Upgraded, renew};
use http::{Request, Response};
use secrecy::ExposeSecret;
use url::Url;
use url::form_urlencoded::parse;

use crate::script::Script;

const REDIRECT: &str = "http://127.0.0.1:47823/callback";
const PAIR: &str = r#"{"access_token":"s3cret-access","refresh_token":"s3cret-refresh","token_type":"bearer",
    "scope":"read write","expires_in":1800,"refresh_token_expires_in":7776000,"other":1}"#;

/// Gives one answer to whatever is asked, and keeps the question.
#[derive(Clone)]
struct Always {
    answer: Result<(u16, &'static str), DeskError>,
    asked: Arc<Mutex<Option<Request<Vec<u8>>>>>,
}

impl Always {
    fn new(status: u16, body: &'static str) -> Self {
        Self {
            answer: Ok((status, body)),
            asked: Arc::default(),
        }
    }

    /// What was asked: method, address, and the form's fields.
    fn asked(&self) -> (String, String, BTreeMap<String, String>) {
        let asked = self.asked.lock().unwrap().take().unwrap();
        let fields = parse(asked.body()).into_owned().collect();
        (asked.method().to_string(), asked.uri().to_string(), fields)
    }
}

impl Transport for Always {
    async fn upgrade(&self, _: Request<Vec<u8>>) -> Result<Upgraded, DeskError> {
        unreachable!("Zendesk speaks no other protocol")
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, DeskError> {
        *self.asked.lock().unwrap() = Some(request);
        let (status, body) = self.answer.clone()?;
        let response = Response::builder().status(status);
        Ok(response.body(body.into()).unwrap())
    }
}

fn base() -> BaseUrl {
    "https://acme.zendesk.com".parse().unwrap()
}

fn begun() -> Authorization {
    Authorization::begin(&base(), "statuslight", REDIRECT).unwrap()
}

async fn redeemed(transport: &Always) -> Result<helpdesk::Granted, GrantError> {
    begun().redeem(&"s3cret-code".into(), transport).await
}

fn parameters(authorization: &Authorization) -> BTreeMap<String, String> {
    let address: Url = authorization.address().parse().unwrap();
    assert_eq!(address.path(), "/oauth/authorizations/new");
    address.query_pairs().into_owned().collect()
}

#[test]
fn the_page_is_asked_for_what_a_public_client_must_say_and_no_two_are_alike() {
    let (one, other) = (begun(), begun());
    let asked = parameters(&one);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "statuslight"),
        ("redirect_uri", REDIRECT),
        ("scope", "read write"),
        ("code_challenge_method", "S256"),
        ("state", one.state().expose_secret()),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    assert_eq!(asked["code_challenge"].len(), 43);
    assert!(asked["state"].len() >= 16);
    let others = parameters(&other);
    assert_ne!(asked["state"], others["state"]);
    assert_ne!(asked["code_challenge"], others["code_challenge"]);
}

#[tokio::test]
async fn a_code_is_redeemed_with_the_same_redirect_and_the_verifier() {
    let transport = Always::new(201, PAIR);
    let granted = redeemed(&transport).await.unwrap();
    assert_eq!(granted.access.expose_secret(), "s3cret-access");
    assert_eq!(granted.refresh.unwrap().expose_secret(), "s3cret-refresh");
    assert_eq!(granted.lifetime, Some(Duration::from_secs(1800)));
    let (method, address, fields) = transport.asked();
    assert_eq!(
        (&*method, &*address),
        ("POST", "https://acme.zendesk.com/oauth/tokens")
    );
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("client_id", "statuslight"),
        ("code", "s3cret-code"),
        ("redirect_uri", REDIRECT),
        ("expires_in", "172800"),
        ("refresh_token_expires_in", "7776000"),
    ] {
        assert_eq!(fields[name], value, "{name}");
    }
    assert!(fields["code_verifier"].len() >= 43);
    assert!(!fields.contains_key("client_secret"));
}

#[tokio::test]
async fn a_refresh_token_brings_the_next_pair() {
    let transport = Always::new(200, PAIR);
    let refresh = "s3cret-old".into();
    let granted = renew(&base(), "statuslight", &refresh, &transport)
        .await
        .unwrap();
    assert_eq!(granted.access.expose_secret(), "s3cret-access");
    let (_, _, fields) = transport.asked();
    assert_eq!(
        (
            &*fields["grant_type"],
            &*fields["refresh_token"],
            &*fields["client_id"]
        ),
        ("refresh_token", "s3cret-old", "statuslight")
    );
}

#[tokio::test]
async fn every_refusal_has_its_meaning() {
    let unintelligible = |detail: &str| {
        GrantError::Desk(DeskError::Unintelligible {
            detail: detail.into(),
        })
    };
    for (status, body, meaning) in [
        (400, r#"{"error":"invalid_grant"}"#, GrantError::Over),
        (
            401,
            r#"{"error":"invalid_grant","error_description":"…"}"#,
            GrantError::Over,
        ),
        (
            401,
            r#"{"error":"invalid_client"}"#,
            GrantError::NoSuchClient,
        ),
        (
            400,
            r#"{"error":"unauthorized_client"}"#,
            GrantError::NoSuchClient,
        ),
        (400, r#"{"error":"invalid_scope"}"#, GrantError::Scope),
        (
            400,
            r#"{"error":"<b>odd</b>_one"}"#,
            GrantError::Refused {
                error: "boddb_one".into(),
            },
        ),
        (
            201,
            r#"{"access_token":"s3cret-access","token_type":"bearer"}"#,
            GrantError::NoRefreshToken,
        ),
        (
            200,
            "<html>",
            unintelligible("no answer of an authorization server"),
        ),
        (
            200,
            r#"{"access_token":"s3cret-access"}"#,
            unintelligible("no answer of an authorization server"),
        ),
        (
            404,
            "There is no help desk configured at this address",
            DeskError::NotFound.into(),
        ),
        (
            429,
            "{}",
            DeskError::RateLimited { retry_after: None }.into(),
        ),
        (
            503,
            "",
            DeskError::Server {
                status: 503,
                retry_after: None,
            }
            .into(),
        ),
    ] {
        let refused = redeemed(&Always::new(status, body)).await.unwrap_err();
        assert_eq!(refused, meaning, "{status} {body}");
    }
}

#[tokio::test]
async fn what_lies_between_is_told_as_it_is() {
    let transport = Always {
        answer: Err(DeskError::TimedOut),
        asked: Arc::default(),
    };
    let lost = renew(&base(), "statuslight", &"s3cret".into(), &transport).await;
    assert_eq!(lost.unwrap_err(), GrantError::Desk(DeskError::TimedOut));
}

#[tokio::test]
async fn no_text_shows_a_secret() {
    let granted = redeemed(&Always::new(201, PAIR)).await.unwrap();
    let authorization = begun();
    let shown = format!("{granted:?} {authorization:?}");
    assert!(!shown.contains("s3cret"), "{shown}");
    let broken = redeemed(&Always::new(200, r#"{"access_token":"s3cret-access"}"#)).await;
    assert!(!format!("{broken:?}").contains("s3cret"));
}

#[tokio::test]
async fn signing_out_revokes_the_token_by_its_own_number() {
    let script = Script::default()
        .on(
            "GET oauth/tokens/current",
            200,
            r#"{"token":{"id":77,"token":"s3cret-tok"}}"#,
        )
        .on("DELETE oauth/tokens/77", 204, "");
    assert_eq!(script.zendesk().revoke().await, Ok(()));
    let refused = Script::default().on("GET oauth/tokens/current", 403, "{}");
    assert_eq!(refused.zendesk().revoke().await, Err(DeskError::Forbidden));
}
