//! Listing statuses: pages, order, who may choose what.

use domain::{DeskError, Status, StatusKind};
use serde_json::{Value, json};

use crate::script::{Script, coded};

const SETTINGS: &str = "GET account/settings";
const FIRST: &str = "GET agent_availabilities/agent_statuses/me?page[size]=100";
const GROUPS: &str = "GET users/10011/group_memberships?page[size]=100";

fn after(first: &str, cursor: impl std::fmt::Display) -> String {
    format!("{first}&page[after]={cursor}")
}

fn default() -> Value {
    json!([
        {"id": 4, "type": "agent_status", "attributes": {"name": "away", "description": "Can only receive email tickets"}},
        {"id": 2, "type": "agent_status", "attributes": {"name": "offline", "description": "Can't receive work"}},
        {"id": 3, "type": "agent_status", "attributes": {"name": "online", "description": "Can receive work"}},
        {"id": 5, "type": "agent_status", "attributes": {"name": "transfers_only", "description": null}},
    ])
}

fn custom(id: u64, groups: &[u64]) -> Value {
    json!({"id": id, "type": "agent_status", "updated_at": "2026-07-21T17:32:28Z", "attributes": {
        "name": format!("Status {id}"), "description": "", "group_ids": groups,
        "channels": {"messaging": "away", "support": "away", "talk": "offline"}}})
}

fn page(custom: &[Value], next: Option<&str>) -> String {
    let link = next.map(|cursor| format!("https://acme.zendesk.com/api/v2/agent_availabilities/agent_statuses?page%5Bafter%5D={cursor}"));
    json!({"default": default(), "custom": custom, "links": {"next": link, "prev": null}, "meta": {"has_more": next.is_some()}}).to_string()
}

fn memberships(groups: &[u64], next: Option<&str>) -> String {
    let rows: Vec<Value> = groups
        .iter()
        .map(|group| json!({"id": group + 1, "group_id": group}))
        .collect();
    json!({"group_memberships": rows, "meta": {"has_more": next.is_some(), "after_cursor": next}, "links": {}}).to_string()
}

fn unified() -> Script {
    Script::default().on(
        SETTINGS,
        200,
        r#"{"settings":{"agents":{"unified_agent_statuses":true}}}"#,
    )
}

fn ids(statuses: &[Status]) -> Vec<&str> {
    statuses.iter().map(|status| status.id.0.as_str()).collect()
}

#[tokio::test]
async fn default_statuses_come_first_and_each_status_once() {
    let script = unified()
        .on(
            FIRST,
            200,
            &page(&[custom(205, &[]), custom(206, &[])], Some("206")),
        )
        .on(
            &after(FIRST, 206),
            200,
            &page(&[custom(206, &[]), custom(201, &[])], None),
        );
    let listing = script.zendesk().list().await.unwrap();
    assert_eq!(
        ids(&listing.statuses),
        ["4", "2", "3", "5", "205", "206", "201"]
    );
    let names: Vec<&str> = listing
        .statuses
        .iter()
        .map(|status| status.name.as_str())
        .collect();
    assert_eq!(
        names[..5],
        ["Away", "Offline", "Online", "Transfers only", "Status 205"]
    );
    assert_eq!(listing.statuses[4].kind, StatusKind::Away);
    assert!(
        listing
            .statuses
            .iter()
            .all(|status| status.eligible == Some(true))
    );
    // No status names a group, so nobody asks for the agent's.
    assert_eq!(
        script.asked(),
        [SETTINGS.to_owned(), FIRST.to_owned(), after(FIRST, 206)]
    );
}

#[tokio::test]
async fn five_hundred_statuses_on_five_pages_are_all_there() {
    let mut script = unified();
    for number in 0..5_u64 {
        let statuses: Vec<Value> = (0..100)
            .map(|n| custom(1000 + number * 100 + n, &[]))
            .collect();
        let cursor = (number + 1).to_string();
        let asked = if number == 0 {
            FIRST.to_owned()
        } else {
            after(FIRST, number)
        };
        script = script.on(
            &asked,
            200,
            &page(&statuses, (number < 4).then_some(&cursor)),
        );
    }
    assert_eq!(script.zendesk().list().await.unwrap().statuses.len(), 504);
    assert_eq!(script.asked().len(), 6);
}

#[tokio::test]
async fn groups_decide_who_may_choose() {
    let script = unified()
        .on(
            FIRST,
            200,
            &page(
                &[custom(205, &[7, 8]), custom(206, &[9]), custom(207, &[])],
                None,
            ),
        )
        .on(GROUPS, 200, &memberships(&[1], Some("eyJv")))
        .on(&after(GROUPS, "eyJv"), 200, &memberships(&[8], None));
    let listing = script.zendesk().list().await.unwrap();
    let eligible: Vec<_> = listing.statuses[4..]
        .iter()
        .map(|status| status.eligible)
        .collect();
    assert_eq!(eligible, [Some(true), Some(false), Some(true)]);
}

#[tokio::test]
async fn groups_that_are_not_readable_leave_it_open() {
    let listed = || {
        unified().on(
            FIRST,
            200,
            &page(&[custom(205, &[7]), custom(207, &[])], None),
        )
    };
    let eligible = async |script: Script, agent| {
        let listing = script.zendesk_of(agent).list().await.unwrap();
        listing.statuses[4..]
            .iter()
            .map(|status| status.eligible)
            .collect::<Vec<_>>()
    };
    for status in [400, 403, 404, 422] {
        let script = listed().on(GROUPS, status, "{}");
        assert_eq!(eligible(script, Some("10011")).await, [None, Some(true)]);
    }
    assert_eq!(eligible(listed(), None).await, [None, Some(true)]);
    // Old pages, which are not turned: what is on the first one still counts.
    let more = r#"{"group_memberships":[{"group_id":1}],"next_page":"https://acme.zendesk.com/api/v2/x?page=2"}"#;
    assert_eq!(
        eligible(listed().on(GROUPS, 200, more), Some("10011")).await,
        [None, Some(true)]
    );
    let more = more.replace(":1}", ":7}");
    assert_eq!(
        eligible(listed().on(GROUPS, 200, &more), Some("10011")).await,
        [Some(true), Some(true)]
    );
    let script = listed().on(GROUPS, 500, "{}");
    let error = script.zendesk().list().await;
    assert_eq!(
        error,
        Err(DeskError::Server {
            status: 500,
            retry_after: None
        })
    );
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_list() {
    let script = unified()
        .on(FIRST, 200, &page(&[custom(205, &[])], Some("205")))
        .on(
            &after(FIRST, 205),
            200,
            &page(&[custom(206, &[])], Some("205")),
        );
    let listing = script.zendesk().list().await.unwrap();
    assert_eq!(ids(&listing.statuses[4..]), ["205", "206"]);
    assert_eq!(script.asked().len(), 3);
}

#[tokio::test]
async fn a_list_without_end_is_left_after_fifty_pages() {
    let mut script = unified().on(FIRST, 200, &page(&[custom(1000, &[])], Some("1")));
    for number in 1..60_u64 {
        let next = (number + 1).to_string();
        script = script.on(
            &after(FIRST, number),
            200,
            &page(&[custom(1000 + number, &[])], Some(&next)),
        );
    }
    assert_eq!(script.zendesk().list().await.unwrap().statuses.len(), 54);
    assert_eq!(script.asked().len(), 51);
}

#[tokio::test]
async fn more_pages_that_nobody_can_find_end_the_list() {
    let body = json!({"default": default(), "custom": [], "meta": {"has_more": true}}).to_string();
    let script = unified().on(FIRST, 200, &body);
    assert_eq!(script.zendesk().list().await.unwrap().statuses.len(), 4);
}

#[tokio::test]
async fn where_unified_statuses_are_off_talks_states_are_the_statuses() {
    let off = r#"{"settings":{"agents":{"unified_agent_statuses":false}}}"#;
    let script = Script::default().on(SETTINGS, 200, off);
    let listing = script.zendesk().list().await.unwrap();
    assert_eq!(
        ids(&listing.statuses),
        ["online", "away", "transfers_only", "offline"]
    );
    assert_eq!(listing.statuses[2].name, "Transfers only");
    assert!(
        listing
            .statuses
            .iter()
            .all(|status| !status.custom && status.eligible == Some(true))
    );
    assert_eq!(script.asked(), [SETTINGS]);
}

#[tokio::test]
async fn trouble_while_listing_is_named() {
    let rows = [
        (401, coded("Unauthorized"), DeskError::Unauthorized),
        (403, coded("InvalidPermissions"), DeskError::Forbidden),
        (423, coded("AccountLocked"), DeskError::AccountLocked),
        (
            200,
            "{}".into(),
            DeskError::Unintelligible {
                detail: "JSON without statuses".into(),
            },
        ),
        (
            200,
            r#"{"default":[{"#.into(),
            DeskError::Unintelligible {
                detail: "JSON that is cut off".into(),
            },
        ),
    ];
    for (status, body, meaning) in rows {
        let script = unified().on(FIRST, status, &body);
        assert_eq!(
            script.zendesk().list().await,
            Err(meaning),
            "{status} {body}"
        );
    }
    // Settings that may not be read are no trouble; settings that cannot be read are.
    let script = Script::default()
        .on(SETTINGS, 403, "{}")
        .on(FIRST, 200, &page(&[], None));
    assert_eq!(script.zendesk().list().await.unwrap().statuses.len(), 4);
    let script = Script::default().lost(SETTINGS, DeskError::TimedOut);
    assert_eq!(script.zendesk().list().await, Err(DeskError::TimedOut));
}
