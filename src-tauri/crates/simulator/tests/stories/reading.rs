//! Reading one's own availability, as far as the help desk allows it.

use serde_json::{Value, json};
use simulator::{MeRefusal, Readability, Zendesk, sample};

use crate::client::get;

const ME: &str = "/api/v2/agent_availabilities/me";
const BY_ID: &str = "/api/v2/agent_availabilities/10011";

#[tokio::test]
async fn the_document_shows_status_channels_and_work() {
    let zendesk = Zendesk::default();
    zendesk
        .force_status(sample::ADA, sample::MEETING, "EXPLORE_TAKE_AN_ACTION")
        .unwrap();
    let body = get(&zendesk, sample::ADA_TOKEN, ME).await.body;

    let data = &body["data"];
    assert_eq!(data["id"], "agent_availabilities|10011");
    assert_eq!(data["type"], "agent_availabilities");
    assert_eq!(
        data["links"]["self"],
        "https://example.zendesk.test/api/v2/agent_availabilities/10011"
    );
    let status = &data["attributes"]["agent_status"];
    assert_eq!(
        (&status["id"], &status["name"]),
        (&json!(205), &json!("In a meeting"))
    );
    assert_eq!(status["reason"], "EXPLORE_TAKE_AN_ACTION");
    let updated_at = status["updated_at"].as_str().unwrap();
    assert!(
        updated_at.ends_with('Z') && updated_at.len() == "2022-06-21T10:23:25.583732Z".len(),
        "{updated_at}"
    );
    assert_eq!(data["attributes"]["version"], 2);
    assert_eq!(
        data["relationships"]["channels"]["data"][1],
        json!({"id": "agent_availabilities|10011|channels|messaging", "type": "channels"})
    );

    let included = body["included"].as_array().unwrap();
    let channels: Vec<_> = included
        .iter()
        .filter(|item| item["type"] == "channels")
        .collect();
    let states: Vec<_> = channels
        .iter()
        .map(|channel| {
            (
                &channel["attributes"]["name"],
                &channel["attributes"]["status"],
            )
        })
        .collect();
    let expected = [
        ("support", "online"),
        ("messaging", "away"),
        ("talk", "away"),
    ]
    .map(|(n, s)| (json!(n), json!(s)));
    assert_eq!(
        states,
        expected.iter().map(|(n, s)| (n, s)).collect::<Vec<_>>()
    );
    assert_eq!(channels[0]["attributes"]["work_item_count"], 5);
    assert_eq!(channels[0]["attributes"]["max_capacity"], 10);
    let item = included
        .iter()
        .find(|item| item["type"] == "work_items")
        .unwrap();
    assert_eq!(
        item["id"],
        "agent_availabilities|10011|channels|support|work_items|201"
    );
    assert_eq!(item["attributes"]["reason"], "ASSIGNED");
}

#[tokio::test]
async fn more_work_than_the_document_shows_is_behind_its_link() {
    let zendesk = Zendesk::default();
    let body = get(&zendesk, sample::ADA_TOKEN, ME).await.body;
    let work = &body["included"][0]["relationships"]["work_items"];
    assert_eq!(work["data"].as_array().unwrap().len(), 3);
    assert_eq!(work["meta"]["has_more"], true);

    // The link goes by id, which a plain agent can follow only where reading by id is allowed.
    let next = work["links"]["next"]
        .as_str()
        .unwrap()
        .strip_prefix("https://example.zendesk.test")
        .unwrap();
    assert!(next.ends_with("/10011/channels/support/relationships/work_items?page%5Bafter%5D=203"));
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, next).await.status, 403);
    let rest = get(&zendesk, sample::ADA_TOKEN, &next.replace("10011", "me"))
        .await
        .body;
    assert_eq!(rest["data"].as_array().unwrap().len(), 2);
    assert_eq!(rest["meta"]["has_more"], false);
}

#[tokio::test]
async fn where_me_can_be_read_the_own_id_is_still_for_admins() {
    let zendesk = Zendesk::default();
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, ME).await.status, 200);
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, BY_ID).await.refusal(),
        (403, "InvalidPermissions", "Forbidden")
    );
    assert_eq!(get(&zendesk, sample::GRACE_TOKEN, BY_ID).await.status, 200);
}

#[tokio::test]
async fn where_only_the_own_id_can_be_read_me_is_not_there() {
    let zendesk = Zendesk::default();
    zendesk.set_readability(Readability::OwnId, MeRefusal::BadRequest);
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, ME).await.refusal(),
        (400, "InvalidParameter", "Bad Request")
    );
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, BY_ID).await.status, 200);
    assert_eq!(get(&zendesk, sample::BEN_TOKEN, BY_ID).await.status, 403);
}

#[tokio::test]
async fn where_nothing_can_be_read_each_way_has_its_refusal() {
    let zendesk = Zendesk::default();
    for (me_refusal, status) in [
        (MeRefusal::NotFound, 404),
        (MeRefusal::BadRequest, 400),
        (MeRefusal::Forbidden, 403),
    ] {
        zendesk.set_readability(Readability::Nothing, me_refusal);
        assert_eq!(get(&zendesk, sample::ADA_TOKEN, ME).await.status, status);
        assert_eq!(get(&zendesk, sample::ADA_TOKEN, BY_ID).await.status, 403);
        // Admins lose `me` with the others; their own way stays.
        assert_eq!(get(&zendesk, sample::GRACE_TOKEN, ME).await.status, status);
        assert_eq!(get(&zendesk, sample::GRACE_TOKEN, BY_ID).await.status, 200);
    }
}

#[tokio::test]
async fn people_without_a_status_have_no_availability() {
    let zendesk = Zendesk::default();
    for token in [sample::LIAM_TOKEN, sample::ERIN_TOKEN] {
        assert_eq!(
            get(&zendesk, token, ME).await.refusal().1,
            "InvalidPermissions"
        );
    }
    for nobody in ["1", "10013"] {
        let reply = get(
            &zendesk,
            sample::GRACE_TOKEN,
            &format!("/api/v2/agent_availabilities/{nobody}"),
        )
        .await;
        assert_eq!(reply.refusal(), (404, "AgentNotFound", "Not Found"));
    }
    let reply = get(
        &zendesk,
        sample::GRACE_TOKEN,
        "/api/v2/agent_availabilities/ada",
    )
    .await;
    assert_eq!(reply.refusal(), (400, "InvalidParameter", "Bad Request"));
}

#[tokio::test]
async fn without_omnichannel_routing_the_document_has_no_status() {
    let zendesk = Zendesk::default();
    zendesk.set_omnichannel(false);
    let body = get(&zendesk, sample::ADA_TOKEN, ME).await.body;
    assert_eq!(body["data"]["attributes"].get("agent_status"), None);
    assert_ne!(body["data"]["attributes"]["version"], Value::Null);
}

#[tokio::test]
async fn without_a_talk_seat_there_is_no_talk_channel() {
    let zendesk = Zendesk::default();
    let body = get(&zendesk, sample::BEN_TOKEN, ME).await.body;
    assert_eq!(
        body["data"]["relationships"]["channels"]["data"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}
