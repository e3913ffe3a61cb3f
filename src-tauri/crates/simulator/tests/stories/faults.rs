//! What goes wrong between a client and a server, on real sockets and in real time.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use simulator::{ConnectionReset, Fault, FaultRule, Simulator, Zendesk, sample};
use tokio::time::timeout;

use crate::client::{ask, get, put, request};

const MINE: &str = "/api/v2/agent_availabilities/agent_statuses/me";
const SET: &str = "/api/v2/agent_availabilities/agent_statuses/agents/me";

async fn server() -> (Zendesk, Simulator) {
    let zendesk = Zendesk::default();
    let server = Simulator::http(&zendesk, 0).await.unwrap();
    (zendesk, server)
}

async fn list(addr: SocketAddr) -> io::Result<String> {
    ask(addr, "GET", MINE, sample::ADA_TOKEN, "").await
}

async fn go_away(addr: SocketAddr) -> io::Result<String> {
    ask(addr, "PUT", SET, sample::ADA_TOKEN, r#"{"id":4}"#).await
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[tokio::test]
async fn a_healthy_server_answers_over_a_socket() {
    let (zendesk, server) = server().await;
    let answer = list(server.addr()).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(answer.contains("content-type: application/json"));
    let body: serde_json::Value = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(body["default"].as_array().unwrap().len(), 4);

    let paged = ask(
        server.addr(),
        "GET",
        &format!("{MINE}?page[size]=1"),
        sample::ADA_TOKEN,
        "",
    )
    .await
    .unwrap();
    assert!(
        paged.contains(&format!("{}{MINE}?page%5Bafter%5D=", server.url())),
        "links lead back here"
    );
    assert_eq!(zendesk.requests().len(), 2);
}

#[tokio::test]
async fn a_reset_connection_ends_before_any_answer() {
    let (zendesk, server) = server().await;
    zendesk.fault(FaultRule::new(Fault::Reset).times(1));
    let error = go_away(server.addr()).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(
        zendesk.current_status(sample::ADA).unwrap().id,
        sample::ONLINE,
        "nothing was applied"
    );
    assert!(
        go_away(server.addr())
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
}

#[tokio::test]
async fn a_reset_may_come_after_the_write_was_applied() {
    let (zendesk, server) = server().await;
    zendesk.fault(FaultRule::new(Fault::Reset).method("PUT").applied());
    let error = go_away(server.addr()).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(
        zendesk.current_status(sample::ADA).unwrap().id,
        sample::AWAY
    );
}

#[tokio::test]
async fn a_server_may_fail_after_the_write_was_applied() {
    let (zendesk, server) = server().await;
    zendesk.fault(FaultRule::new(Fault::status(500)).applied().times(1));
    let answer = go_away(server.addr()).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 500 "));
    assert!(answer.contains(r#""code":"InternalServerError""#));
    assert_eq!(
        zendesk.current_status(sample::ADA).unwrap().id,
        sample::AWAY
    );
}

#[tokio::test]
async fn a_server_that_hangs_holds_the_connection() {
    let (zendesk, server) = server().await;
    zendesk.fault(Fault::Hang);
    assert!(
        timeout(Duration::from_millis(200), list(server.addr()))
            .await
            .is_err()
    );

    zendesk.clear_faults();
    list(server.addr()).await.unwrap();
}

#[tokio::test]
async fn an_answer_may_be_late() {
    let (zendesk, server) = server().await;
    zendesk.fault(FaultRule::new(Fault::delay(Duration::from_millis(150))).times(1));
    let start = Instant::now();
    assert!(
        list(server.addr())
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_body_may_end_before_its_promised_length() {
    let (zendesk, server) = server().await;
    zendesk.fault(FaultRule::new(Fault::TruncatedBody).times(1));
    let answer = list(server.addr()).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let promised = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    assert_eq!(body.len(), promised.parse::<usize>().unwrap() / 2);
}

#[tokio::test]
async fn a_whole_body_may_be_half_a_document() {
    let (zendesk, server) = server().await;
    zendesk.fault(FaultRule::new(Fault::CutJson).times(1));
    let answer = list(server.addr()).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", body.len())));
    assert!(
        serde_json::from_str::<serde_json::Value>(body)
            .unwrap_err()
            .is_eof()
    );
}

#[tokio::test]
async fn a_200_may_be_a_web_page_or_nonsense() {
    let (zendesk, server) = server().await;
    zendesk.fault(FaultRule::new(Fault::Html).times(1));
    let answer = list(server.addr()).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("text/html"));
    assert!(body(&answer).starts_with("<!DOCTYPE html>"));

    zendesk.fault(FaultRule::new(Fault::NotJson).times(1));
    let answer = list(server.addr()).await.unwrap();
    assert!(answer.contains("content-type: application/json"));
    serde_json::from_str::<serde_json::Value>(body(&answer)).unwrap_err();
}

#[tokio::test]
async fn forty_megabytes_come_unannounced() {
    let (zendesk, server) = server().await;
    zendesk.fault(FaultRule::new(Fault::HugeBody).times(1));
    let answer = list(server.addr()).await.unwrap();
    assert!(answer.len() > 40_000_000);
    assert!(!answer.contains("content-length"));
}

#[tokio::test]
async fn a_redirect_names_another_address() {
    let (zendesk, server) = server().await;
    zendesk.fault(Fault::Redirect {
        to: "http://127.0.0.1:1/elsewhere".to_owned(),
    });
    let answer = list(server.addr()).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 302 "));
    assert!(answer.contains("location: http://127.0.0.1:1/elsewhere\r\n"));
}

#[tokio::test]
async fn a_stopped_server_refuses_and_a_new_one_takes_its_place() {
    let (zendesk, server) = server().await;
    let addr = server.addr();
    list(addr).await.unwrap();
    drop(server);
    tokio::task::yield_now().await;
    assert_eq!(
        list(addr).await.unwrap_err().kind(),
        io::ErrorKind::ConnectionRefused
    );

    let again = Simulator::http(&zendesk, addr.port()).await.unwrap();
    list(again.addr()).await.unwrap();
}

#[tokio::test]
async fn every_status_code_has_the_body_of_its_family() {
    let zendesk = Zendesk::default();
    for (code, name) in [
        (400, "InvalidParameter"),
        (401, "Unauthorized"),
        (403, "InvalidPermissions"),
        (404, "AgentNotFound"),
        (406, "NotAcceptable"),
        (409, "ConflictUpdate"),
        (423, "AccountLocked"),
        (429, "TooManyRequests"),
        (500, "InternalServerError"),
    ] {
        zendesk.fault(
            FaultRule::new(Fault::Status {
                code,
                retry_after: Some(7),
            })
            .times(1),
        );
        let reply = get(&zendesk, sample::ADA_TOKEN, MINE).await;
        assert_eq!((reply.status, reply.refusal().1), (code, name));
        assert_eq!(reply.header("retry-after"), Some("7"));
    }
    zendesk.fault(Fault::status(503));
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, MINE).await.status, 503);
}

#[tokio::test]
async fn a_fault_keeps_to_its_method_its_path_and_its_times() {
    let zendesk = Zendesk::default();
    zendesk.fault(
        FaultRule::new(Fault::status(500))
            .method("put")
            .path("/api/v2/agent_availabilities")
            .times(2),
    );
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, MINE).await.status, 200);
    let talk = "/api/v2/channels/voice/availabilities/10011";
    assert_eq!(
        put(
            &zendesk,
            sample::ADA_TOKEN,
            talk,
            r#"{"availability":{"via":"phone"}}"#
        )
        .await
        .status,
        200
    );
    assert_eq!(zendesk.pending_faults()[0].times, Some(2));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(
            put(&zendesk, sample::ADA_TOKEN, SET, r#"{"id":4}"#)
                .await
                .status,
        );
    }
    assert_eq!(statuses, [500, 500, 200]);
    assert!(zendesk.pending_faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn in_process_the_same_faults_need_no_socket() {
    let zendesk = Zendesk::default();
    for fault in [Fault::Reset, Fault::TruncatedBody] {
        zendesk.fault(FaultRule::new(fault).times(1));
        let broken = zendesk
            .handle(request("GET", MINE, sample::ADA_TOKEN, ""))
            .await;
        assert_eq!(broken.unwrap_err(), ConnectionReset);
    }
    zendesk.fault(FaultRule::new(Fault::Hang).times(1));
    let hanging = timeout(
        Duration::from_secs(3600),
        zendesk.handle(request("GET", MINE, sample::ADA_TOKEN, "")),
    );
    assert!(hanging.await.is_err());

    // Late, but carried out at once: the client gives up on a write that was applied.
    zendesk.fault(
        FaultRule::new(Fault::delay(Duration::from_secs(60)))
            .method("PUT")
            .applied(),
    );
    let late = zendesk.handle(request("PUT", SET, sample::ADA_TOKEN, r#"{"id":4}"#));
    assert!(timeout(Duration::from_secs(10), late).await.is_err());
    assert_eq!(
        zendesk.current_status(sample::ADA).unwrap().id,
        sample::AWAY
    );
}
