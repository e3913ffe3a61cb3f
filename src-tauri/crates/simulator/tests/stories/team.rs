//! The admins' list of everybody's availability.

use serde_json::json;
use simulator::{Zendesk, sample};

use crate::client::get;

async fn ids(zendesk: &Zendesk, query: &str) -> Vec<u64> {
    let reply = get(
        zendesk,
        sample::GRACE_TOKEN,
        &format!("/api/v2/agent_availabilities?{query}"),
    )
    .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let data = reply.body["data"].as_array().unwrap();
    data.iter()
        .map(|agent| agent["attributes"]["agent_id"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn only_admins_see_the_team() {
    let zendesk = Zendesk::default();
    assert_eq!(
        ids(&zendesk, "").await,
        [sample::ADA, sample::GRACE, sample::BEN]
    );
    let reply = get(&zendesk, sample::ADA_TOKEN, "/api/v2/agent_availabilities").await;
    assert_eq!(reply.refusal(), (403, "InvalidPermissions", "Forbidden"));
}

#[tokio::test]
async fn the_team_can_be_narrowed() {
    let zendesk = Zendesk::default();
    zendesk
        .force_status(sample::BEN, sample::LUNCH, "AGENT_STATUS_SWITCHER")
        .unwrap();
    let cases: [(&str, &[u64]); 8] = [
        ("filter[agent_status_id]=201", &[sample::BEN]),
        ("filter[agent_status_id]=3", &[sample::ADA, sample::GRACE]),
        (
            "filter[channel_status]=messaging:online",
            &[sample::ADA, sample::GRACE],
        ),
        ("filter%5Bchannel_status%5D=support%3Aaway", &[sample::BEN]),
        ("filter[channel_status]=talk:away", &[]),
        // Ada has 2 of 4 conversations.
        (
            "filter[remaining_capacity]=messaging:3",
            &[sample::GRACE, sample::BEN],
        ),
        ("filter[agent_id]=10011,10015", &[sample::ADA, sample::BEN]),
        (
            "filter[agent_status_id]=3&filter[agent_id]=10011&include=channels",
            &[sample::ADA],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(ids(&zendesk, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn one_channel_can_be_selected() {
    let zendesk = Zendesk::default();
    for query in ["filter[select_channel]=support", "select_channel=support"] {
        let path = format!("/api/v2/agent_availabilities?{query}");
        let body = get(&zendesk, sample::GRACE_TOKEN, &path).await.body;
        let channels = body["included"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["type"] == "channels");
        let names: Vec<_> = channels
            .map(|channel| &channel["attributes"]["name"])
            .collect();
        assert_eq!(names, ["support"; 3]);
    }
}

#[tokio::test]
async fn a_filter_that_does_not_exist_is_refused() {
    let zendesk = Zendesk::default();
    for query in [
        "filter[group_id]=360001",
        "filter[agent_status_id]=away",
        "filter[channel_status]=online",
        "select_channel=fax",
    ] {
        let path = format!("/api/v2/agent_availabilities?{query}");
        let reply = get(&zendesk, sample::GRACE_TOKEN, &path).await;
        assert_eq!(
            reply.refusal(),
            (400, "InvalidParameter", "Bad Request"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn the_team_comes_page_by_page_and_links_keep_the_filter() {
    let zendesk = Zendesk::default();
    let path = "/api/v2/agent_availabilities?page[size]=2&filter[agent_status_id]=3";
    let first = get(&zendesk, sample::GRACE_TOKEN, path).await.body;
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    assert_eq!(first["meta"], json!({"has_more": true}));
    let next = first["links"]["next"]
        .as_str()
        .unwrap()
        .strip_prefix("https://example.zendesk.test")
        .unwrap();
    assert!(next.contains("filter%5Bagent_status_id%5D=3"), "{next}");
    let second = get(&zendesk, sample::GRACE_TOKEN, next).await.body;
    assert_eq!(second["data"][0]["attributes"]["agent_id"], sample::BEN);
    assert_eq!(second["meta"], json!({"has_more": false}));
}

#[tokio::test]
async fn names_and_groups_are_for_agents() {
    let zendesk = Zendesk::default();
    let path = "/api/v2/users/show_many?ids=10011,10015,4711";
    let users = get(&zendesk, sample::ADA_TOKEN, path).await.body;
    let names: Vec<_> = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Ada Example", "Ben Billing"]);
    let path = "/api/v2/groups?page[size]=2";
    let groups = get(&zendesk, sample::ADA_TOKEN, path).await.body;
    assert_eq!(groups["groups"][0]["name"], "Support");
    assert_eq!(groups["meta"]["has_more"], true);
    let refused = get(&zendesk, sample::ERIN_TOKEN, "/api/v2/groups").await;
    assert_eq!(refused.status, 403);
    for query in ["", "?ids=", "?ids=ada"] {
        let path = format!("/api/v2/users/show_many{query}");
        assert_eq!(get(&zendesk, sample::ADA_TOKEN, &path).await.status, 400);
    }
}

#[tokio::test]
async fn capacity_rules_are_for_admins_of_accounts_that_have_them() {
    let zendesk = Zendesk::default();
    let path = "/api/v2/capacity/rules";
    let rules = get(&zendesk, sample::GRACE_TOKEN, path).await.body;
    assert_eq!(rules[0]["default"], true);
    assert_eq!(rules[1]["assignees"]["count"], 2);
    let one = format!("{path}/{}", rules[1]["id"].as_str().unwrap());
    let one = get(&zendesk, sample::GRACE_TOKEN, &one).await.body;
    assert_eq!(one["name"], "Billing desk");
    let none = get(&zendesk, sample::GRACE_TOKEN, "/api/v2/capacity/rules/x").await;
    assert_eq!(none.status, 404);
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, path).await.status, 403);

    let account = simulator::Account {
        capacity_rules: None,
        ..simulator::Account::default()
    };
    let without = Zendesk::new(account);
    assert_eq!(get(&without, sample::GRACE_TOKEN, path).await.status, 404);
}
