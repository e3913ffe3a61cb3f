//! What is refused before any endpoint looks at a request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use simulator::{Zendesk, sample};

use crate::client::{get, put, request, send};

const MY_STATUSES: &str = "/api/v2/agent_availabilities/agent_statuses/me";
const SET_MINE: &str = "/api/v2/agent_availabilities/agent_statuses/agents/me";

#[tokio::test]
async fn a_wrong_subdomain_has_no_help_desk() {
    let zendesk = Zendesk::default();
    zendesk.set_exists(false);
    for path in ["/api/v2/users/me", MY_STATUSES, "/anything"] {
        let reply = get(&zendesk, sample::ADA_TOKEN, path).await;
        assert_eq!(
            (reply.status, reply.text.as_str()),
            (404, "There is no help desk configured at this address")
        );
    }
}

#[tokio::test]
async fn unknown_paths_are_not_found() {
    let zendesk = Zendesk::default();
    for path in [
        "/",
        "/api/v2",
        "/api/v2/tickets",
        "/api/v2/users/me/",
        "/api/v2/agent_availabilities_more",
        "/api/v2/agent_availabilities/agent_statuses/me/more",
    ] {
        let reply = get(&zendesk, sample::ADA_TOKEN, path).await;
        assert_eq!(
            (reply.status, &reply.body["description"]),
            (404, &"Not found".into()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let zendesk = Zendesk::default();
    let cases = [
        ("POST", "/api/v2/users/me", "GET"),
        ("PUT", MY_STATUSES, "GET"),
        ("GET", SET_MINE, "PUT"),
        ("PATCH", SET_MINE, "PUT"),
        (
            "DELETE",
            "/api/v2/channels/voice/availabilities/10011",
            "GET, PUT",
        ),
    ];
    for (method, path, allowed) in cases {
        let reply = send(&zendesk, request(method, path, sample::ADA_TOKEN, "")).await;
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, Some(allowed)),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn whoever_does_not_take_json_gets_nothing() {
    let zendesk = Zendesk::default();
    let mut forgot = request("GET", MY_STATUSES, sample::ADA_TOKEN, "");
    forgot.headers_mut().remove("accept");
    assert_eq!(
        send(&zendesk, forgot).await.refusal(),
        (406, "NotAcceptable", "Not Acceptable")
    );

    for (accept, status) in [
        ("text/html", 406),
        ("application/xml, text/*", 406),
        ("*/*", 200),
        ("text/html, application/json;q=0.9", 200),
        ("application/*", 200),
    ] {
        let mut asking = request("GET", MY_STATUSES, sample::ADA_TOKEN, "");
        asking
            .headers_mut()
            .insert("accept", HeaderValue::from_static(accept));
        assert_eq!(send(&zendesk, asking).await.status, status, "{accept}");
    }
}

#[tokio::test]
async fn a_bad_token_is_unauthorized_in_the_words_of_each_family() {
    let zendesk = Zendesk::default();
    for path in [
        "/api/v2/users/me",
        "/api/v2/account/settings",
        "/api/v2/channels/voice/availabilities/10011",
    ] {
        let reply = get(&zendesk, "nonsense", path).await;
        assert_eq!(
            (reply.status, &reply.body["error"]),
            (401, &"invalid_token".into()),
            "{path}"
        );
        assert!(reply.body["error_description"].is_string());
    }
    let reply = get(&zendesk, "nonsense", MY_STATUSES).await;
    assert_eq!(reply.refusal(), (401, "Unauthorized", "Unauthorized"));
    let reply = put(&zendesk, "nonsense", SET_MINE, r#"{"id":4}"#).await;
    assert_eq!(
        reply.refusal(),
        (401, "Unauthorized", "Authentication error")
    );
}

#[tokio::test]
async fn a_revoked_token_stops_working_at_once() {
    let zendesk = Zendesk::default();
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, MY_STATUSES).await.status,
        200
    );
    assert!(zendesk.revoke_token(sample::ADA_TOKEN));
    assert!(!zendesk.revoke_token(sample::ADA_TOKEN));
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, MY_STATUSES).await.status,
        401
    );

    zendesk.add_token("another", sample::ADA, "read write");
    assert_eq!(get(&zendesk, "another", MY_STATUSES).await.status, 200);
}

#[tokio::test]
async fn a_token_that_may_only_read_cannot_switch() {
    let zendesk = Zendesk::default();
    assert_eq!(
        get(&zendesk, sample::ADA_READ_TOKEN, MY_STATUSES)
            .await
            .status,
        200
    );
    let reply = put(&zendesk, sample::ADA_READ_TOKEN, SET_MINE, r#"{"id":4}"#).await;
    assert_eq!(reply.status, 403);
    assert!(
        reply
            .text
            .contains("missing the following required scopes: write")
    );
    assert_eq!(
        zendesk.current_status(sample::ADA).unwrap().id,
        sample::ONLINE
    );
}

#[tokio::test]
async fn an_api_token_impersonates_whoever_is_named_until_it_is_switched_off() {
    let zendesk = Zendesk::default();
    let basic = |user: &str, secret: &str| {
        let mut asking = request("GET", MY_STATUSES, "", "");
        let credentials = format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")));
        asking
            .headers_mut()
            .insert("authorization", credentials.parse().unwrap());
        asking
    };
    assert_eq!(
        send(&zendesk, basic("ada@example.test/token", sample::API_TOKEN))
            .await
            .status,
        200
    );
    assert_eq!(
        send(
            &zendesk,
            basic("GRACE@example.test/token", sample::API_TOKEN)
        )
        .await
        .status,
        200
    );

    for (user, secret) in [
        ("ada@example.test/token", "wrong"),
        ("nobody@example.test/token", sample::API_TOKEN),
        // Passwords are gone, and so this is none.
        ("ada@example.test", sample::API_TOKEN),
    ] {
        assert_eq!(
            send(&zendesk, basic(user, secret)).await.status,
            401,
            "{user}"
        );
    }
    zendesk.set_api_token(None);
    assert_eq!(
        send(&zendesk, basic("ada@example.test/token", sample::API_TOKEN))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a_locked_account_locks_the_family_and_nothing_else() {
    let zendesk = Zendesk::default();
    zendesk.lock_account(true);
    for path in [
        MY_STATUSES,
        "/api/v2/agent_availabilities/me",
        "/api/v2/agent_availabilities",
    ] {
        let reply = get(&zendesk, sample::GRACE_TOKEN, path).await;
        assert_eq!(
            reply.refusal(),
            (423, "AccountLocked", "Account is locked"),
            "{path}"
        );
    }
    assert_eq!(
        put(&zendesk, sample::ADA_TOKEN, SET_MINE, r#"{"id":4}"#)
            .await
            .status,
        423
    );
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, "/api/v2/users/me")
            .await
            .status,
        200
    );

    zendesk.lock_account(false);
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, MY_STATUSES).await.status,
        200
    );
}
