//! The control API and the program that serves it.

use std::net::SocketAddr;
use std::process::Stdio;

use serde_json::{Value, json};
use simulator::{Control, Zendesk, sample};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::client::{exchange, on_the_wire};

/// Sends a control request with the right token and gives the status code and body.
async fn command(
    addr: SocketAddr,
    token: &str,
    method: &str,
    path: &str,
    body: &str,
) -> (u16, Value) {
    let (host, authorization) = (addr.to_string(), format!("Bearer {token}"));
    let headers = [("Host", host.as_str()), ("Authorization", &authorization)];
    let answer = exchange(addr, &on_the_wire(method, path, &headers, body))
        .await
        .unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (
        head[9..12].parse().unwrap(),
        serde_json::from_str(body).unwrap_or_default(),
    )
}

#[tokio::test]
async fn the_control_api_refuses_what_a_web_page_could_send() {
    let zendesk = Zendesk::default();
    let control = Control::start(&zendesk, 0).await.unwrap();
    let (addr, right) = (control.addr(), format!("Bearer {}", control.token()));
    let (host, localhost) = (addr.to_string(), format!("localhost:{}", addr.port()));
    let other_port = format!("127.0.0.1:{}", addr.port().wrapping_add(1));

    let cases: [(&[(&str, &str)], &str); 10] = [
        (&[("Host", &host), ("Authorization", &right)], "200"),
        (&[("Host", &localhost), ("Authorization", &right)], "200"),
        (
            &[
                ("Host", &host),
                ("Authorization", &right),
                ("Origin", "http://127.0.0.1"),
            ],
            "403",
        ),
        (
            &[
                ("Host", &host),
                ("Authorization", &right),
                ("Origin", "null"),
            ],
            "403",
        ),
        (
            &[("Host", "rebound.example.test"), ("Authorization", &right)],
            "421",
        ),
        (&[("Host", &other_port), ("Authorization", &right)], "421"),
        (&[("Host", "127.0.0.1"), ("Authorization", &right)], "421"),
        (&[("Authorization", &right)], "421"),
        (&[("Host", &host)], "401"),
        (
            &[
                ("Host", &host),
                ("Authorization", "Bearer ada-access-token"),
            ],
            "401",
        ),
    ];
    for (headers, expected) in cases {
        let answer = exchange(addr, &on_the_wire("GET", "/settings", headers, ""))
            .await
            .unwrap();
        assert_eq!(&answer[9..12], expected, "{headers:?}");
    }
    let twice = [
        ("Host", host.as_str()),
        ("Host", "evil.test"),
        ("Authorization", &right),
    ];
    assert_ne!(
        &exchange(addr, &on_the_wire("GET", "/settings", &twice, ""))
            .await
            .unwrap()[9..12],
        "200"
    );
    // Not even that a path exists is told to strangers.
    let answer = exchange(
        addr,
        &on_the_wire("GET", "/nothing", &[("Host", &host)], ""),
    )
    .await
    .unwrap();
    assert_eq!(&answer[9..12], "401");
}

#[tokio::test]
async fn a_test_in_another_process_can_do_what_the_library_does() {
    let zendesk = Zendesk::default();
    let control = Control::start(&zendesk, 0).await.unwrap();
    let send = |method, path: &'static str, body| {
        command(control.addr(), control.token(), method, path, body)
    };

    let forced = send(
        "PUT",
        "/agents/10011/status",
        r#"{"status":4,"reason":"AGENT_IDLE_TIMEOUT"}"#,
    )
    .await;
    assert_eq!(forced.0, 204);
    assert_eq!(
        zendesk.current_status(sample::ADA).unwrap().reason,
        "AGENT_IDLE_TIMEOUT"
    );
    let (status, now) = send("GET", "/agents/10011/status", "").await;
    assert_eq!((status, &now["name"]), (200, &json!("away")));
    assert_eq!(
        send("PUT", "/agents/10011/status", r#"{"status":99}"#)
            .await
            .0,
        404
    );
    assert_eq!(send("GET", "/agents/1/status", "").await.0, 404);

    let (status, settings) = send(
        "PATCH",
        "/settings",
        r#"{"omnichannel":false,"quota":{"per_minute":50}}"#,
    )
    .await;
    assert_eq!((status, &settings["omnichannel"]), (200, &json!(false)));
    assert_eq!(
        settings["quota"],
        json!({"per_minute": 50, "headers": true, "retry_after": true})
    );
    assert_eq!(
        send("PATCH", "/settings", r#"{"omnichanel":true}"#).await.0,
        400
    );
    assert!(!zendesk.settings().omnichannel);

    assert_eq!(
        send(
            "POST",
            "/faults",
            r#"{"kind":"status","code":409,"method":"PUT","times":2}"#
        )
        .await
        .0,
        204
    );
    assert_eq!(send("GET", "/faults", "").await.1[0]["code"], 409);
    assert_eq!(send("DELETE", "/faults", "").await.0, 204);
    assert!(zendesk.pending_faults().is_empty());

    assert_eq!(
        send("POST", "/agents/10011/call_status", r#""on_call""#)
            .await
            .0,
        204
    );
    assert_eq!(
        send("POST", "/agents/10011/talk_state", r#""away""#)
            .await
            .0,
        204
    );
    assert_eq!(zendesk.talk_state(sample::ADA).unwrap(), "away");
    assert_eq!(
        send("POST", "/agents/10011/groups", "[360003]").await.0,
        204
    );
    assert_eq!(send("POST", "/statuses/many", "500").await.0, 204);
    assert_eq!(send("POST", "/statuses/awkward", "").await.0, 204);
    assert_eq!(send("DELETE", "/statuses/201", "").await.0, 204);
    assert_eq!(send("DELETE", "/statuses/201", "").await.0, 404);
    assert_eq!(send("DELETE", "/tokens/ada-access-token", "").await.0, 204);
    assert_eq!(send("DELETE", "/tokens/ada-access-token", "").await.0, 404);
}

#[tokio::test]
async fn the_log_over_the_control_api_shows_no_credentials() {
    let zendesk = Zendesk::default();
    let control = Control::start(&zendesk, 0).await.unwrap();
    crate::client::get(&zendesk, sample::ADA_TOKEN, "/api/v2/users/me").await;
    let (_, requests) = command(control.addr(), control.token(), "GET", "/requests", "").await;
    assert_eq!(requests[0]["path"], "/api/v2/users/me");
    assert!(!requests.to_string().contains(sample::ADA_TOKEN));
    command(control.addr(), control.token(), "DELETE", "/requests", "").await;
    assert!(zendesk.requests().is_empty());
}

#[tokio::test]
async fn the_program_prints_where_it_listens_and_serves_both_ports() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_statuslight-simulator"))
        .args(["--port", "0", "--control-port", "0"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let started: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
    let addr = |name: &str| {
        started[name]
            .as_str()
            .unwrap()
            .strip_prefix("http://")
            .unwrap()
            .parse()
            .unwrap()
    };
    let (zendesk, control): (SocketAddr, SocketAddr) = (addr("url"), addr("control"));
    assert_ne!(zendesk.port(), control.port());

    let bearer = started["bearer"].as_str().unwrap();
    let answer = crate::client::ask(zendesk, "GET", "/api/v2/users/me", bearer, "")
        .await
        .unwrap();
    assert!(answer.contains("Ada Example"));
    let token = started["token"].as_str().unwrap();
    assert!(token.len() >= 40);
    let (status, requests) = command(control, token, "GET", "/requests", "").await;
    assert_eq!((status, requests.as_array().unwrap().len()), (200, 1));
    program.kill().await.unwrap();
}
