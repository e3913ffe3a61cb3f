//! Setting a status: the one click that all is about.

use std::time::Duration;

use http::HeaderValue;
use serde_json::json;
use simulator::{Fault, FaultRule, Unknown, Zendesk, sample};

use crate::client::{put, request, send};

const MINE: &str = "/api/v2/agent_availabilities/agent_statuses/agents/me";
const BENS: &str = "/api/v2/agent_availabilities/agent_statuses/agents/10015";

#[tokio::test(start_paused = true)]
async fn an_agent_goes_to_a_meeting() {
    let zendesk = Zendesk::default();
    let before = zendesk.current_status(sample::ADA).unwrap();
    tokio::time::advance(Duration::from_secs(90)).await;

    let reply = put(&zendesk, sample::ADA_TOKEN, MINE, r#"{"id": 205}"#).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.body,
        json!({"data": {
            "attributes": {"agent_id": 10011, "agent_status": {"id": 205, "name": "In a meeting"}},
            "id": "agent_availabilities|10011",
            "type": "agent_availabilities",
        }})
    );
    let after = zendesk.current_status(sample::ADA).unwrap();
    assert_eq!(
        (after.id, after.reason.as_str()),
        (sample::MEETING, "PUBLIC_API")
    );
    assert_eq!(after.version, before.version + 1);
    assert_eq!(
        after.updated_at.duration_since(before.updated_at).as_secs(),
        90
    );
    assert_eq!(
        after.active_at, after.updated_at,
        "a write resets the idle timer"
    );
}

#[tokio::test]
async fn writing_the_same_status_again_resets_the_idle_timer_all_the_same() {
    let zendesk = Zendesk::default();
    put(&zendesk, sample::ADA_TOKEN, MINE, r#"{"id": 3}"#).await;
    let now = zendesk.current_status(sample::ADA).unwrap();
    assert_eq!((now.version, now.active_at), (2, now.updated_at));
}

#[tokio::test]
async fn the_id_may_be_a_number_or_a_numeric_string() {
    let zendesk = Zendesk::default();
    for (body, id) in [(r#"{"id": 4}"#, 4), (r#"{"id": "3"}"#, 3)] {
        assert_eq!(
            put(&zendesk, sample::ADA_TOKEN, MINE, body).await.status,
            200,
            "{body}"
        );
        assert_eq!(zendesk.current_status(sample::ADA).unwrap().id, id);
    }
}

#[tokio::test]
async fn any_other_body_is_an_invalid_parameter_and_changes_nothing() {
    let zendesk = Zendesk::default();
    let bodies = [
        "",
        "{",
        "4",
        "[]",
        "{}",
        r#"{"id": null}"#,
        r#"{"id": -4}"#,
        r#"{"id": 4.5}"#,
        r#"{"id": "four"}"#,
        r#"{"id": 4} trailing"#,
        r#"{"id": 4, "reason": "BREAK"}"#,
        r#"{"status_id": 4}"#,
        r#"{"id": 424242}"#,
    ];
    for body in bodies {
        let reply = put(&zendesk, sample::ADA_TOKEN, MINE, body).await;
        assert_eq!(
            reply.refusal(),
            (400, "InvalidParameter", "Bad Request"),
            "{body}"
        );
    }
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
    ] {
        let mut wrong = request("PUT", MINE, sample::ADA_TOKEN, r#"{"id": 4}"#);
        wrong.headers_mut().remove("content-type");
        if let Some(content_type) = content_type {
            wrong
                .headers_mut()
                .insert("content-type", HeaderValue::from_static(content_type));
        }
        assert_eq!(send(&zendesk, wrong).await.status, 400, "{content_type:?}");
    }
    assert_eq!(zendesk.current_status(sample::ADA).unwrap().version, 1);
}

#[tokio::test]
async fn a_status_of_another_group_is_refused_until_the_agent_joins_it() {
    let zendesk = Zendesk::default();
    let reply = put(&zendesk, sample::ADA_TOKEN, MINE, r#"{"id": 206}"#).await;
    assert_eq!(reply.refusal(), (403, "NotEligibleForState", "Forbidden"));

    zendesk.set_groups(sample::ADA, &[sample::COACHES]).unwrap();
    assert_eq!(
        put(&zendesk, sample::ADA_TOKEN, MINE, r#"{"id": 206}"#)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn without_omnichannel_routing_there_is_nothing_to_set() {
    let zendesk = Zendesk::default();
    zendesk.set_omnichannel(false);
    let reply = put(&zendesk, sample::ADA_TOKEN, MINE, r#"{"id": 4}"#).await;
    assert_eq!(
        reply.refusal(),
        (403, "APIUnavailable", "API is unavailable for this account")
    );
}

#[tokio::test]
async fn a_light_agent_and_an_end_user_cannot_switch() {
    let zendesk = Zendesk::default();
    for token in [sample::LIAM_TOKEN, sample::ERIN_TOKEN] {
        let reply = put(&zendesk, token, MINE, r#"{"id": 4}"#).await;
        assert_eq!(reply.refusal(), (403, "InvalidPermissions", "Forbidden"));
    }
}

#[tokio::test]
async fn only_an_admin_sets_another_agents_status_and_the_agents_groups_count() {
    let zendesk = Zendesk::default();
    let reply = put(&zendesk, sample::ADA_TOKEN, BENS, r#"{"id": 4}"#).await;
    assert_eq!(reply.refusal(), (403, "InvalidPermissions", "Forbidden"));
    // The by-id endpoint is the admins', even for one's own id.
    let own = "/api/v2/agent_availabilities/agent_statuses/agents/10011";
    assert_eq!(
        put(&zendesk, sample::ADA_TOKEN, own, r#"{"id": 4}"#)
            .await
            .status,
        403
    );

    assert_eq!(
        put(&zendesk, sample::GRACE_TOKEN, BENS, r#"{"id": 4}"#)
            .await
            .status,
        200
    );
    assert_eq!(
        zendesk.current_status(sample::BEN).unwrap().id,
        sample::AWAY
    );
    // Grace may use it herself; Ben may not.
    let reply = put(&zendesk, sample::GRACE_TOKEN, BENS, r#"{"id": 206}"#).await;
    assert_eq!(reply.refusal().1, "NotEligibleForState");

    for nobody in ["1", "10014", "10013"] {
        let path = format!("/api/v2/agent_availabilities/agent_statuses/agents/{nobody}");
        let reply = put(&zendesk, sample::GRACE_TOKEN, &path, r#"{"id": 4}"#).await;
        assert_eq!(
            reply.refusal(),
            (404, "AgentNotFound", "Not Found"),
            "{nobody}"
        );
    }
    let path = "/api/v2/agent_availabilities/agent_statuses/agents/ben";
    assert_eq!(
        put(&zendesk, sample::GRACE_TOKEN, path, r#"{"id": 4}"#)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_previous_update_that_is_still_pending_is_a_conflict() {
    let zendesk = Zendesk::default();
    zendesk.fault(FaultRule::new(Fault::status(409)).method("PUT").times(1));
    let reply = put(&zendesk, sample::ADA_TOKEN, MINE, r#"{"id": 4}"#).await;
    assert_eq!(
        reply.refusal(),
        (
            409,
            "ConflictUpdate",
            "The current agent state could not be updated because a previous update is still pending"
        )
    );
    assert_eq!(
        zendesk.current_status(sample::ADA).unwrap().id,
        sample::ONLINE
    );
    assert_eq!(
        put(&zendesk, sample::ADA_TOKEN, MINE, r#"{"id": 4}"#)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn forcing_what_does_not_exist_is_an_error_of_the_test() {
    let zendesk = Zendesk::default();
    assert_eq!(
        zendesk.force_status(1, 4, "UNKNOWN"),
        Err(Unknown::Agent(1))
    );
    assert_eq!(
        zendesk.force_status(sample::LIAM, 4, "UNKNOWN"),
        Err(Unknown::Agent(sample::LIAM))
    );
    assert_eq!(
        zendesk.force_status(sample::ADA, 99, "UNKNOWN"),
        Err(Unknown::Status(99))
    );
}
