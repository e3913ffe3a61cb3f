//! Libredesk as it was seen to behave: refusals, availabilities, the sweep, the websocket, older releases.

mod socket;

use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use simulator::libredesk::sample;
use simulator::{Fault, FaultRule, Libredesk};

const ME: &str = "/api/v1/agents/me";
const SET: &str = "/api/v1/agents/me/availability";

struct Reply {
    status: u16,
    headers: http::HeaderMap,
    text: String,
    body: Value,
}

fn basic(key: &str, secret: &str) -> String {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{key}:{secret}"));
    format!("Basic {pair}")
}

fn adas() -> String {
    basic(sample::KEY, sample::SECRET)
}

async fn send(
    desk: &Libredesk,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let mut request = http::Request::builder()
        .method(method)
        .uri(format!("https://help.example.com{path}"))
        .header("host", "help.example.com");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.as_bytes().to_vec()).unwrap();
    let (parts, body) = desk.handle(request).await.unwrap().into_parts();
    Reply {
        status: parts.status.as_u16(),
        headers: parts.headers,
        text: String::from_utf8_lossy(&body).into_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}

async fn get(desk: &Libredesk, path: &str) -> Reply {
    send(desk, "GET", path, &[("authorization", &adas())], "").await
}

async fn put(desk: &Libredesk, body: &str) -> Reply {
    let adas = adas();
    let headers = [
        ("authorization", adas.as_str()),
        ("content-type", "application/json"),
    ];
    send(desk, "PUT", SET, &headers, body).await
}

/// Status code, type and message of a refusal.
fn refusal(reply: &Reply) -> (u16, &str, &str) {
    assert!(reply.body["data"].is_null(), "{}", reply.text);
    (
        reply.status,
        reply.body["error_type"].as_str().unwrap_or("-"),
        reply.body["message"].as_str().unwrap_or("-"),
    )
}

const CREDENTIAL: (u16, &str, &str) = (401, "GeneralException", "Invalid credential");
const SESSION: (u16, &str, &str) = (401, "GeneralException", "Invalid or expired session");
const FORGERY: (u16, &str, &str) = (403, "PermissionException", "CSRF token mismatch");
const WRONG: (u16, &str, &str) = (500, "GeneralException", "Something went wrong");
const DENIED: (u16, &str, &str) = (403, "PermissionException", "Permission denied");

#[tokio::test(start_paused = true)]
async fn a_wrong_a_revoked_and_a_disabled_key_are_refused_alike() {
    let desk = Libredesk::default();
    let wrong = basic(sample::KEY, "wrong");
    let reply = send(&desk, "GET", ME, &[("authorization", &wrong)], "").await;
    assert_eq!(refusal(&reply), CREDENTIAL);
    assert!(reply.headers.get("set-cookie").is_none());
    desk.revoke_key(sample::ADA);
    assert_eq!(refusal(&get(&desk, ME).await), CREDENTIAL);
    desk.disable(sample::BEN);
    let bens = basic(sample::BEN_KEY, sample::BEN_SECRET);
    let reply = send(&desk, "GET", ME, &[("authorization", &bens)], "").await;
    assert_eq!(refusal(&reply), CREDENTIAL);
}

#[tokio::test(start_paused = true)]
async fn while_the_database_is_down_a_good_key_is_refused_and_only_health_is_well() {
    let desk = Libredesk::default();
    desk.database_down(true);
    let reply = get(&desk, ME).await;
    assert_eq!(refusal(&reply), (401, WRONG.1, WRONG.2));
    let health = send(&desk, "GET", "/health", &[], "").await;
    assert_eq!((health.status, &health.body["data"]), (200, &json!(true)));
    let config = send(&desk, "GET", "/api/v1/config", &[], "").await;
    assert_eq!(
        refusal(&config),
        (500, "GeneralException", "Error fetching settings")
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_no_usable_key_is_taken_for_a_browser() {
    let desk = Libredesk::default();
    let good = adas();
    let spoilt = [
        None,
        Some(good.replace("Basic", "basic")),
        Some(format!("Token {}:{}", sample::KEY, sample::SECRET)),
        Some(format!("Bearer {}", sample::SECRET)),
        Some("Basic !!".to_owned()),
        Some(basic(sample::KEY, "")),
    ];
    for value in &spoilt {
        let headers: Vec<(&str, &str)> = value
            .iter()
            .map(|value| ("authorization", value.as_str()))
            .collect();
        let read = send(&desk, "GET", ME, &headers, "").await;
        assert_eq!(refusal(&read), SESSION, "{value:?}");
        assert!(read.headers.get("set-cookie").is_some(), "{value:?}");
        for method in ["PUT", "POST", "DELETE"] {
            let path = if method == "PUT" {
                SET
            } else {
                "/api/v1/agents/2/api-key"
            };
            let write = send(&desk, method, path, &headers, "{}").await;
            assert_eq!(refusal(&write), FORGERY, "{method} {value:?}");
        }
    }
    let token = format!("token {}:{}", sample::KEY, sample::SECRET);
    let reply = send(&desk, "GET", ME, &[("authorization", &token)], "").await;
    assert_eq!(reply.status, 200);
}

#[tokio::test(start_paused = true)]
async fn words_that_the_database_does_not_know_are_a_failure_of_the_server() {
    let desk = Libredesk::default();
    for body in [
        r#"{"status":"available"}"#,
        r#"{"status":"busy"}"#,
        r#"{"status":""}"#,
        r#"{"status":null}"#,
        r#"{"status":"ONLINE"}"#,
        "{}",
    ] {
        assert_eq!(refusal(&put(&desk, body).await), WRONG, "{body}");
    }
    for body in ["", "{", "[]", r#""away""#, r#"{"status":5}"#] {
        let parsing = (400, "InputException", "Error parsing request");
        assert_eq!(refusal(&put(&desk, body).await), parsing, "{body}");
    }
    let adas = adas();
    let untyped = [("authorization", adas.as_str())];
    let reply = send(&desk, "PUT", SET, &untyped, r#"{"status":"away"}"#).await;
    assert_eq!(
        refusal(&reply),
        WRONG,
        "JSON without its type is an empty form"
    );
    let reply = send(&desk, "PUT", SET, &untyped, "status=away_manual").await;
    assert_eq!(reply.body["data"]["availability_status"], "away_manual");
    assert_eq!(desk.status(sample::ADA).as_deref(), Some("away_manual"));
}

#[tokio::test(start_paused = true)]
async fn each_word_is_taken_and_answered_with_the_whole_agent() {
    let desk = Libredesk::default();
    for word in [
        "away",
        "away_manual",
        "away_and_reassigning",
        "offline",
        "online",
    ] {
        let reply = put(&desk, &json!({ "status": word }).to_string()).await;
        assert_eq!(reply.status, 200);
        let agent = &reply.body["data"];
        assert_eq!(agent["availability_status"], word);
        assert_eq!(
            (&agent["id"], &agent["api_key"]),
            (&json!(2), &json!(sample::KEY))
        );
        assert!(agent["custom_attributes"].is_null());
        let me = get(&desk, ME).await;
        assert_eq!(me.body["data"]["availability_status"], word);
    }
}

#[tokio::test(start_paused = true)]
async fn idleness_yields_to_who_is_away_by_choice() {
    let desk = Libredesk::default();
    for chosen in ["away_manual", "away_and_reassigning"] {
        put(&desk, &json!({ "status": chosen }).to_string()).await;
        let reply = put(&desk, r#"{"status":"away","source":"idle"}"#).await;
        assert_eq!(reply.body["data"]["availability_status"], chosen);
    }
    desk.set_version("v2.1.0");
    let reply = put(&desk, r#"{"status":"away","source":"idle"}"#).await;
    assert_eq!(
        reply.body["data"]["availability_status"], "away",
        "before 2.2.0"
    );
}

#[tokio::test(start_paused = true)]
async fn who_was_not_seen_for_five_minutes_is_swept_unless_away_by_choice() {
    let desk = Libredesk::default();
    put(&desk, r#"{"status":"away"}"#).await;
    assert!(desk.set_in_browser(sample::BEN, "away_manual"));
    tokio::time::sleep(Duration::from_secs(310)).await;
    assert_eq!(desk.status(sample::ADA).as_deref(), Some("away"), "not yet");
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(desk.status(sample::ADA).as_deref(), Some("offline"));
    assert_eq!(desk.status(sample::BEN).as_deref(), Some("away_manual"));
    // Online by a write alone lasts until the next sweep.
    put(&desk, r#"{"status":"online"}"#).await;
    desk.advance(Duration::from_secs(60));
    assert_eq!(desk.status(sample::ADA).as_deref(), Some("offline"));
}

#[tokio::test(start_paused = true)]
async fn unknown_routes_wrong_methods_and_untidy_paths() {
    let desk = Libredesk::default();
    let reply = get(&desk, "/api/v1/nothing").await;
    assert_eq!(
        refusal(&reply),
        (404, "GeneralException", "Route not found")
    );
    for (method, path) in [
        ("POST", SET),
        ("PATCH", SET),
        ("HEAD", "/health"),
        ("PUT", ME),
    ] {
        let reply = send(&desk, method, path, &[("authorization", &adas())], "").await;
        assert_eq!(
            refusal(&reply),
            (405, "GeneralException", "Request method not allowed"),
            "{method} {path}"
        );
    }
    for (method, path, status) in [
        ("GET", "/api/v1/agents/me/", 301),
        ("GET", "//api/v1/agents/me", 301),
        ("PUT", "/api/v1/agents/me/availability/", 308),
    ] {
        let reply = send(&desk, method, path, &[("authorization", &adas())], "").await;
        assert_eq!(reply.status, status, "{path}");
        let target = reply.headers["location"].to_str().unwrap();
        assert!(!target.ends_with('/') && target.starts_with("https://help.example.com/api"));
    }
}

#[tokio::test(start_paused = true)]
async fn only_who_manages_users_gets_at_records_and_keys() {
    let desk = Libredesk::default();
    let adas = adas();
    let headers = [("authorization", adas.as_str())];
    for (method, path) in [
        ("GET", "/api/v1/agents"),
        ("GET", "/api/v1/agents/2"),
        ("PUT", "/api/v1/agents/2"),
        ("POST", "/api/v1/agents/2/api-key"),
    ] {
        let reply = send(&desk, method, path, &headers, "{}").await;
        assert_eq!(refusal(&reply), DENIED, "{method} {path}");
    }
    let admin = basic(sample::ADMIN_KEY, sample::ADMIN_SECRET);
    let headers = [("authorization", admin.as_str())];
    let made = send(&desk, "POST", "/api/v1/agents/2/api-key", &headers, "").await;
    assert!(made.body["data"]["api_secret"].is_string());
    assert_eq!(
        refusal(&get(&desk, ME).await),
        CREDENTIAL,
        "the old key is dead"
    );
}

#[tokio::test(start_paused = true)]
async fn replacing_a_record_loses_what_is_missing_and_says_two_things_at_once() {
    let desk = Libredesk::default();
    let admin = basic(sample::ADMIN_KEY, sample::ADMIN_SECRET);
    let headers = [("authorization", admin.as_str())];
    let path = "/api/v1/agents/2";
    let reply = send(&desk, "PUT", path, &headers, r#"{"first_name":"Ada"}"#).await;
    assert_eq!(refusal(&reply), WRONG, "without an availability");
    let body = r#"{"availability_status":"away_manual"}"#;
    let reply = send(&desk, "PUT", path, &headers, body).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.is_null() && reply.text.matches("\"status\":").count() == 2);
    assert_eq!(
        refusal(&get(&desk, ME).await),
        CREDENTIAL,
        "Ada is disabled now"
    );
}

#[tokio::test(start_paused = true)]
async fn signing_in_by_password_is_limited_and_that_refusal_has_a_shape_of_its_own() {
    let desk = Libredesk::default();
    let login = async |password: &str| {
        let body = json!({"email": sample::ADA_EMAIL, "password": password}).to_string();
        send(&desk, "POST", "/api/v1/auth/login", &[], &body).await
    };
    assert_eq!(login(sample::PASSWORD).await.status, 200);
    let wrong = login("wrong").await;
    assert_eq!(refusal(&wrong).0, 400);
    let mut last = None;
    for _ in 0..30 {
        last = Some(login("wrong").await);
    }
    let limited = last.unwrap();
    assert_eq!(limited.status, 429);
    assert_eq!(limited.headers["retry-after"], "60");
    assert_eq!(
        limited.body,
        json!({"status": "error", "message": "Rate limit exceeded"})
    );
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert_eq!(login(sample::PASSWORD).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn what_tells_a_libredesk_and_its_release() {
    let desk = Libredesk::default();
    let config = send(&desk, "GET", "/api/v1/config", &[], "").await;
    assert!(config.body["data"]["app.sso_providers"].is_array());
    let settings = get(&desk, "/api/v1/settings/general").await;
    assert_eq!(settings.body["data"]["app.version"], "v2.7.0");
    let team = get(&desk, "/api/v1/agents/compact").await;
    let types: Vec<&Value> = team.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|agent| &agent["type"])
        .collect();
    assert_eq!(types, ["agent", "agent", "agent", "ai_assistant"]);
    desk.set_version("v2.2.0");
    let team = get(&desk, "/api/v1/agents/compact").await;
    assert!(team.body["data"][0].get("availability_status").is_none());
    desk.set_version("v0.7.3");
    let config = send(&desk, "GET", "/api/v1/config", &[], "").await;
    assert_eq!(config.status, 404);
    let written = put(&desk, r#"{"status":"away_manual"}"#).await;
    assert_eq!(written.body["data"], true);
    desk.set_version("v0.6.0");
    assert_eq!(refusal(&get(&desk, ME).await), SESSION, "keys came later");
}

#[tokio::test(start_paused = true)]
async fn it_speaks_the_languages_of_its_settings_and_may_be_behind_a_path() {
    let desk = Libredesk::default();
    desk.set_language("de-DE");
    let reply = put(&desk, r#"{"status":"busy"}"#).await;
    assert_eq!(refusal(&reply).2, "Etwas ist schiefgelaufen");
    desk.set_prefix(Some("/desk"));
    assert_eq!(get(&desk, "/desk/api/v1/agents/me").await.status, 200);
    let outside = get(&desk, ME).await;
    assert!(outside.text.starts_with("<!DOCTYPE html>"));
}

#[tokio::test(start_paused = true)]
async fn faults_are_met_here_too() {
    let desk = Libredesk::default();
    desk.fault(FaultRule::new(Fault::status(503)).path(ME).times(1));
    assert_eq!(get(&desk, ME).await.status, 503);
    assert_eq!(get(&desk, ME).await.status, 200);
    let seen = desk
        .wait_for_request(|request| request.path == ME, Duration::ZERO)
        .await;
    assert_eq!(seen.unwrap().status, Some(503));
}
