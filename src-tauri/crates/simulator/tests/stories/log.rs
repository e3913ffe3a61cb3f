//! The log of requests, and waiting for one.

use std::time::Duration;

use simulator::{Fault, FaultRule, Zendesk, sample};

use crate::client::{get, put, request};

const MINE: &str = "/api/v2/agent_availabilities/agent_statuses/me";
const SET: &str = "/api/v2/agent_availabilities/agent_statuses/agents/me";

#[tokio::test(start_paused = true)]
async fn the_log_keeps_what_was_sent_and_when() {
    let zendesk = Zendesk::default();
    tokio::time::advance(Duration::from_secs(7)).await;
    get(&zendesk, sample::ADA_TOKEN, &format!("{MINE}?page[size]=5")).await;
    put(&zendesk, sample::ADA_TOKEN, SET, r#"{"id":4}"#).await;

    let requests = zendesk.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        (requests[0].method.as_str(), requests[0].path.as_str()),
        ("GET", MINE)
    );
    assert_eq!(
        (requests[0].query.as_str(), requests[0].status),
        ("page[size]=5", Some(200))
    );
    assert_eq!(requests[0].elapsed, Duration::from_secs(7));
    assert_eq!(requests[1].json()["id"], 4);
    assert_eq!(requests[1].header("content-type"), Some("application/json"));

    zendesk.clear_requests();
    assert!(zendesk.requests().is_empty());
    get(&zendesk, sample::ADA_TOKEN, MINE).await;
    assert_eq!(
        zendesk.requests()[0].number,
        2,
        "numbers are never used twice"
    );
}

#[tokio::test(start_paused = true)]
async fn one_can_wait_for_a_request_that_is_still_to_come() {
    let zendesk = Zendesk::default();
    let waiting = zendesk.clone();
    let seen = tokio::spawn(async move {
        waiting
            .wait_for_request(
                |request| request.status == Some(200),
                Duration::from_secs(5),
            )
            .await
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    get(&zendesk, sample::ADA_TOKEN, MINE).await;
    assert_eq!(seen.await.unwrap().unwrap().path, MINE);

    let past = zendesk
        .wait_for_request(|request| request.method == "GET", Duration::ZERO)
        .await;
    assert!(past.is_some());
    let never = zendesk
        .wait_for_request(|request| request.method == "PUT", Duration::from_secs(5))
        .await;
    assert_eq!(never, None);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_hangs_is_seen_when_it_arrives() {
    let zendesk = Zendesk::default();
    zendesk.fault(FaultRule::new(Fault::Hang).times(1));
    let asking = zendesk.clone();
    let hanging = tokio::spawn(async move {
        asking
            .handle(request("GET", MINE, sample::ADA_TOKEN, ""))
            .await
    });
    let seen = zendesk
        .wait_for_request(|_| true, Duration::from_secs(5))
        .await
        .unwrap();
    assert_eq!(seen.status, None);
    hanging.abort();
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, MINE).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn the_wall_clock_follows_the_paused_one() {
    let zendesk = Zendesk::default();
    let before = zendesk.now();
    tokio::time::advance(Duration::from_secs(3600)).await;
    assert_eq!(zendesk.now().duration_since(before).as_secs(), 3600);
}
