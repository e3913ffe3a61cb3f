//! The authorization server, as strict as the real one, on a clock that only the test moves.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{Zendesk, sample};
use tokio::time::advance;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::client::{Reply, get, request, send};

const REDIRECT: &str = "http://127.0.0.1:47823/callback";
/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn asked(change: (&str, &str)) -> String {
    let fields = [
        ("response_type", "code"),
        ("client_id", sample::CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("scope", "read write"),
        ("state", "some-state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let changed =
        fields.map(|(name, value)| (name, if name == change.0 { change.1 } else { value }));
    Serializer::new(String::new())
        .extend_pairs(changed)
        .finish()
}

async fn consent(zendesk: &Zendesk, change: (&str, &str)) -> Reply {
    let path = format!("/oauth/authorizations/new?{}", asked(change));
    send(zendesk, request("GET", &path, "", "")).await
}

async fn decide(zendesk: &Zendesk, decision: &str) -> Url {
    let path = format!("/oauth/authorizations?{}", asked(("", "")));
    let mut pressed = request("POST", &path, "", "");
    *pressed.body_mut() = format!("decision={decision}").into_bytes();
    let reply = send(zendesk, pressed).await;
    assert_eq!(reply.status, 302);
    reply.header("location").unwrap().parse().unwrap()
}

fn parameter(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

async fn redeem(zendesk: &Zendesk, fields: &Value) -> Reply {
    let mut sent = request("POST", "/oauth/tokens", "", &fields.to_string());
    let _ = sent.headers_mut().remove("authorization");
    send(zendesk, sent).await
}

fn with_code(code: &str) -> Value {
    json!({
        "grant_type": "authorization_code",
        "client_id": sample::CLIENT_ID,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    })
}

async fn code(zendesk: &Zendesk) -> String {
    parameter(&decide(zendesk, "allow").await, "code")
}

async fn refresh(zendesk: &Zendesk, token: &Value) -> Reply {
    let fields = json!({"grant_type": "refresh_token", "client_id": sample::CLIENT_ID, "refresh_token": token});
    redeem(zendesk, &fields).await
}

fn refused(reply: &Reply) -> (u16, &str) {
    (
        reply.status,
        reply.body["error"].as_str().unwrap_or_default(),
    )
}

#[tokio::test(start_paused = true)]
async fn allowing_leads_to_tokens_with_201_that_sign_requests_until_they_end() {
    let zendesk = Zendesk::default();
    assert_eq!(consent(&zendesk, ("", "")).await.status, 200);
    let to = decide(&zendesk, "allow").await;
    assert!(to.as_str().starts_with("http://127.0.0.1:47823/callback?"));
    assert_eq!(parameter(&to, "state"), "some-state");
    let mut fields = with_code(&parameter(&to, "code"));
    fields["expires_in"] = json!(172_800);
    fields["refresh_token_expires_in"] = json!(7_776_000);
    let granted = redeem(&zendesk, &fields).await;
    assert_eq!(granted.status, 201);
    assert_eq!(
        (
            &granted.body["token_type"],
            &granted.body["scope"],
            &granted.body["expires_in"]
        ),
        (&json!("bearer"), &json!("read write"), &json!(1800)),
        "a shorter life than asked for is normal"
    );
    let access = granted.body["access_token"].as_str().unwrap();
    let me = get(&zendesk, access, "/api/v2/users/me").await;
    assert_eq!(me.body["user"]["id"], sample::ADA);
    advance(Duration::from_secs(1800)).await;
    let over = get(&zendesk, access, "/api/v2/users/me").await;
    assert_eq!(refused(&over), (401, "invalid_token"));
}

#[tokio::test(start_paused = true)]
async fn a_code_is_good_once_for_two_minutes_and_for_whom_it_was_given() {
    let zendesk = Zendesk::default();
    let spent = code(&zendesk).await;
    assert_eq!(redeem(&zendesk, &with_code(&spent)).await.status, 201);
    assert_eq!(
        refused(&redeem(&zendesk, &with_code(&spent)).await),
        (400, "invalid_grant")
    );
    for (name, value) in [
        (
            "code_verifier",
            "another-verifier-of-forty-three-characters-0",
        ),
        ("redirect_uri", "http://127.0.0.1:47824/callback"),
    ] {
        let mut fields = with_code(&code(&zendesk).await);
        fields[name] = json!(value);
        assert_eq!(
            refused(&redeem(&zendesk, &fields).await),
            (400, "invalid_grant"),
            "{name}"
        );
    }
    let late = code(&zendesk).await;
    advance(Duration::from_secs(121)).await;
    assert_eq!(
        refused(&redeem(&zendesk, &with_code(&late)).await),
        (400, "invalid_grant")
    );
    let mut stranger = with_code(&code(&zendesk).await);
    stranger["client_id"] = json!("10042");
    assert_eq!(
        refused(&redeem(&zendesk, &stranger).await),
        (401, "invalid_client")
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_wrongly_is_shown_or_sent_back_and_gives_no_code() {
    let zendesk = Zendesk::default();
    for change in [
        ("client_id", "10042"),
        ("redirect_uri", "http://127.0.0.1:47823/callback/"),
        ("redirect_uri", "http://localhost:47823/callback"),
        ("redirect_uri", "https://evil.example/callback"),
    ] {
        let page = consent(&zendesk, change).await;
        assert_eq!(
            (page.status, page.header("location")),
            (400, None),
            "{change:?}"
        );
    }
    for (change, error) in [
        (("scope", "read everything"), "invalid_scope"),
        (("scope", ""), "invalid_scope"),
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
    ] {
        let reply = consent(&zendesk, change).await;
        let to: Url = reply.header("location").unwrap().parse().unwrap();
        assert_eq!(parameter(&to, "error"), error);
        assert_eq!(parameter(&to, "code"), "");
    }
    let denied = decide(&zendesk, "deny").await;
    assert_eq!(
        (parameter(&denied, "error"), parameter(&denied, "state")),
        ("access_denied".to_owned(), "some-state".to_owned())
    );
}

#[tokio::test(start_paused = true)]
async fn each_refresh_deletes_the_pair_before() {
    let zendesk = Zendesk::default();
    let first = redeem(&zendesk, &with_code(&code(&zendesk).await))
        .await
        .body;
    let second = refresh(&zendesk, &first["refresh_token"]).await;
    assert_eq!(second.status, 201);
    let old = first["access_token"].as_str().unwrap();
    assert_eq!(get(&zendesk, old, "/api/v2/users/me").await.status, 401);
    let new = second.body["access_token"].as_str().unwrap();
    assert_eq!(get(&zendesk, new, "/api/v2/users/me").await.status, 200);
    assert_eq!(zendesk.reused_refresh_tokens(), 0);
    assert_eq!(
        refused(&refresh(&zendesk, &first["refresh_token"]).await),
        (400, "invalid_grant")
    );
    assert_eq!(zendesk.reused_refresh_tokens(), 1);
    advance(Duration::from_secs(2_592_001)).await;
    assert_eq!(
        refused(&refresh(&zendesk, &second.body["refresh_token"]).await),
        (400, "invalid_grant"),
        "after thirty days"
    );
}

#[tokio::test(start_paused = true)]
async fn lives_that_are_too_short_or_too_long_are_refused() {
    let zendesk = Zendesk::default();
    for (name, value) in [
        ("expires_in", 299),
        ("expires_in", 172_801),
        ("refresh_token_expires_in", 604_799),
        ("refresh_token_expires_in", 7_776_001),
    ] {
        let mut fields = with_code(&code(&zendesk).await);
        fields[name] = json!(value);
        assert_eq!(
            refused(&redeem(&zendesk, &fields).await),
            (400, "invalid_request"),
            "{name}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_finds_and_deletes_itself_with_its_refresh_token() {
    let zendesk = Zendesk::default();
    let granted = redeem(&zendesk, &with_code(&code(&zendesk).await))
        .await
        .body;
    let access = granted["access_token"].as_str().unwrap();
    let current = get(&zendesk, access, "/api/v2/oauth/tokens/current").await;
    let token = &current.body["token"];
    assert_eq!(
        token["token"].as_str().map(str::len),
        Some(10),
        "not the whole token"
    );
    let path = format!("/api/v2/oauth/tokens/{}", token["id"]);
    let others = send(&zendesk, request("DELETE", &path, sample::GRACE_TOKEN, "")).await;
    assert_eq!(others.status, 404);
    assert_eq!(
        send(&zendesk, request("DELETE", &path, access, ""))
            .await
            .status,
        204
    );
    assert_eq!(get(&zendesk, access, "/api/v2/users/me").await.status, 401);
    assert_eq!(
        refused(&refresh(&zendesk, &granted["refresh_token"]).await),
        (400, "invalid_grant")
    );
}
