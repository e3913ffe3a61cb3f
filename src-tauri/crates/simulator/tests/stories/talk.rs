//! Talk's availability, with omnichannel routing and without.

use serde_json::json;
use simulator::{Unknown, Zendesk, sample};

use crate::client::{get, put, request, send};

const ADAS: &str = "/api/v2/channels/voice/availabilities/10011";

#[tokio::test]
async fn with_omnichannel_routing_talk_follows_the_unified_status() {
    let zendesk = Zendesk::default();
    for (status, talk) in [
        (sample::ONLINE, "online"),
        (sample::AWAY, "away"),
        (sample::OFFLINE, "offline"),
        (sample::TRANSFERS_ONLY, "transfers_only"),
        (sample::MEETING, "away"),
        (sample::BACK_OFFICE, "offline"),
        (sample::TRAINING, "transfers_only"),
        (sample::PHONES, "online"),
    ] {
        zendesk
            .force_status(sample::ADA, status, "AGENT_STATUS_SWITCHER")
            .unwrap();
        for path in [ADAS.to_owned(), format!("{ADAS}.json")] {
            let reply = get(&zendesk, sample::ADA_TOKEN, &path).await;
            let expected = json!({"availability": {"via": "client", "agent_state": talk, "call_status": null}});
            assert_eq!((reply.status, reply.body), (200, expected));
        }
    }
}

#[tokio::test]
async fn with_omnichannel_routing_only_via_can_be_set() {
    let zendesk = Zendesk::default();
    for body in [
        r#"{"availability": {"agent_state": "away"}}"#,
        r#"{"availability": {"agent_state": "online", "via": "phone"}}"#,
    ] {
        let reply = put(&zendesk, sample::ADA_TOKEN, ADAS, body).await;
        assert_eq!(
            (reply.status, &reply.body["error"]),
            (400, &json!("bad_request")),
            "{body}"
        );
    }
    assert_eq!(zendesk.via(sample::ADA).unwrap(), "client");

    let reply = put(
        &zendesk,
        sample::ADA_TOKEN,
        ADAS,
        r#"{"availability": {"via": "phone"}}"#,
    )
    .await;
    assert_eq!(
        (reply.status, &reply.body["availability"]["via"]),
        (200, &json!("phone"))
    );
    assert_eq!(zendesk.via(sample::ADA).unwrap(), "phone");
}

#[tokio::test]
async fn without_omnichannel_routing_talk_has_its_own_state() {
    let zendesk = Zendesk::default();
    zendesk.set_omnichannel(false);
    let body = r#"{"availability": {"agent_state": "away", "via": "phone"}}"#;
    let reply = put(&zendesk, sample::ADA_TOKEN, ADAS, body).await;
    assert_eq!(
        reply.body,
        json!({"availability": {"agent_state": "away", "via": "phone"}})
    );
    assert_eq!(zendesk.talk_state(sample::ADA).unwrap(), "away");
    assert_eq!(
        zendesk.current_status(sample::ADA).unwrap().id,
        sample::ONLINE,
        "the unified status is another matter"
    );

    zendesk
        .set_call_status(sample::ADA, Some("on_call"))
        .unwrap();
    zendesk.set_talk_state(sample::ADA, "online").unwrap();
    let reply = get(&zendesk, sample::ADA_TOKEN, ADAS).await;
    assert_eq!(reply.body["availability"]["call_status"], "on_call");
    assert_eq!(
        zendesk.set_talk_state(sample::ADA, "invisible"),
        Err(Unknown::Value)
    );
}

#[tokio::test]
async fn bodies_that_are_no_availability_are_refused() {
    let zendesk = Zendesk::default();
    zendesk.set_omnichannel(false);
    for body in [
        "",
        "{}",
        r#"{"agent_state": "away"}"#,
        r#"{"availability": {}}"#,
        r#"{"availability": {"agent_state": "invisible"}}"#,
        r#"{"availability": {"agent_state": "AWAY"}}"#,
        r#"{"availability": {"via": "fax"}}"#,
        r#"{"availability": {"agent_state": "away", "mood": "good"}}"#,
    ] {
        assert_eq!(
            put(&zendesk, sample::ADA_TOKEN, ADAS, body).await.status,
            400,
            "{body}"
        );
    }
    let mut plain = request(
        "PUT",
        ADAS,
        sample::ADA_TOKEN,
        r#"{"availability": {"agent_state": "away"}}"#,
    );
    plain
        .headers_mut()
        .insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(send(&zendesk, plain).await.status, 400);
    assert_eq!(zendesk.talk_state(sample::ADA).unwrap(), "online");
}

#[tokio::test]
async fn an_agent_without_a_talk_seat_is_refused_in_one_of_three_ways() {
    let zendesk = Zendesk::default();
    let bens = "/api/v2/channels/voice/availabilities/10015";
    let reply = get(&zendesk, sample::BEN_TOKEN, bens).await;
    assert_eq!(
        (reply.status, reply.body),
        (
            404,
            json!({"error": "RecordNotFound", "description": "Not found"})
        )
    );
    for status in [403, 422] {
        zendesk.configure(|settings| settings.no_talk_seat = status);
        assert_eq!(get(&zendesk, sample::BEN_TOKEN, bens).await.status, status);
    }
    zendesk.set_talk_seat(sample::BEN, true).unwrap();
    assert_eq!(get(&zendesk, sample::BEN_TOKEN, bens).await.status, 200);
    zendesk.configure(|settings| settings.voice = false);
    assert_eq!(get(&zendesk, sample::BEN_TOKEN, bens).await.status, 422);
}

#[tokio::test]
async fn another_agents_talk_is_for_admins() {
    let zendesk = Zendesk::default();
    assert_eq!(get(&zendesk, sample::BEN_TOKEN, ADAS).await.status, 403);
    assert_eq!(
        put(
            &zendesk,
            sample::BEN_TOKEN,
            ADAS,
            r#"{"availability": {"via": "phone"}}"#
        )
        .await
        .status,
        403
    );
    assert_eq!(get(&zendesk, sample::GRACE_TOKEN, ADAS).await.status, 200);
    assert_eq!(get(&zendesk, sample::ERIN_TOKEN, ADAS).await.status, 403);
    for nobody in ["1", "me", "ada"] {
        let path = format!("/api/v2/channels/voice/availabilities/{nobody}");
        assert_eq!(
            get(&zendesk, sample::GRACE_TOKEN, &path).await.status,
            404,
            "{nobody}"
        );
    }
}
