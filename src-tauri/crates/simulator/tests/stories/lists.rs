//! The statuses that an agent may choose, page by page.

use serde_json::{Value, json};
use simulator::{Account, DefaultsOn, ListMode, Zendesk, sample};

use crate::client::{Reply, get};

const MINE: &str = "/api/v2/agent_availabilities/agent_statuses/me";
const ALL: &str = "/api/v2/agent_availabilities/agent_statuses";

fn names(reply: &Reply) -> Vec<&str> {
    let custom = reply.body["custom"].as_array().unwrap();
    custom
        .iter()
        .map(|status| status["attributes"]["name"].as_str().unwrap())
        .collect()
}

fn link<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    reply.body["links"][name]
        .as_str()
        .map(|link| link.strip_prefix("https://example.zendesk.test").unwrap())
}

/// Follows `next` to the end and gives every page.
async fn pages(zendesk: &Zendesk, bearer: &str, start: &str) -> Vec<Reply> {
    let mut pages = vec![get(zendesk, bearer, start).await];
    while let Some(next) = link(&pages[pages.len() - 1], "next").map(str::to_owned) {
        pages.push(get(zendesk, bearer, &next).await);
    }
    pages
}

#[tokio::test]
async fn an_agent_sees_the_defaults_and_what_own_groups_may_use_sorted_by_name() {
    let zendesk = Zendesk::default();
    let reply = get(&zendesk, sample::ADA_TOKEN, MINE).await;
    assert_eq!(
        names(&reply),
        [
            "Back office",
            "In a meeting",
            "Lunch",
            "Phones only",
            "Training"
        ]
    );
    assert_eq!(
        reply.body["default"],
        json!([
            {"attributes": {"description": "Can't receive work", "name": "offline"}, "id": 2, "type": "agent_status"},
            {"attributes": {"description": "Can receive work", "name": "online"}, "id": 3, "type": "agent_status"},
            {"attributes": {"description": "Can only receive email tickets", "name": "away"},
             "id": 4, "type": "agent_status"},
            {"attributes": {"description": "Can only receive work from other agents", "name": "transfers_only"},
             "id": 5, "type": "agent_status"},
        ])
    );
    assert_eq!(
        reply.body["custom"][1]["attributes"]["channels"],
        json!({"messaging": "away", "support": "online", "talk": "away"})
    );
    assert_eq!(
        reply.body["custom"][1]["attributes"]["group_ids"],
        json!([sample::SUPPORT, sample::BILLING])
    );
    assert_eq!(reply.body["meta"], json!({"has_more": false}));
    assert_eq!(reply.body["links"], json!({"next": null, "prev": null}));
}

#[tokio::test]
async fn an_unfiltered_list_shows_what_the_agent_may_not_use() {
    let zendesk = Zendesk::default();
    zendesk.configure(|settings| settings.list_mode = ListMode::All);
    assert!(names(&get(&zendesk, sample::ADA_TOKEN, MINE).await).contains(&"Coaching"));
}

#[tokio::test]
async fn five_hundred_statuses_come_on_pages_without_gap_or_repeat() {
    let mut account = Account::default();
    account.add_statuses(500);
    let zendesk = Zendesk::new(account);

    let default_size = get(&zendesk, sample::ADA_TOKEN, MINE).await;
    assert_eq!(names(&default_size).len(), 20);

    let pages = pages(
        &zendesk,
        sample::ADA_TOKEN,
        &format!("{MINE}?page%5Bsize%5D=100"),
    )
    .await;
    assert_eq!(pages.len(), 6);
    let all: Vec<&str> = pages.iter().flat_map(names).collect();
    assert_eq!(all.len(), 505);
    assert!(all.is_sorted());
    assert!(
        pages
            .iter()
            .all(|page| page.body["default"].as_array().unwrap().len() == 4)
    );
    assert!(
        pages[..5]
            .iter()
            .all(|page| page.body["meta"]["has_more"] == true)
    );
    assert_eq!(pages[5].body["meta"]["has_more"], false);

    let back = get(
        &zendesk,
        sample::ADA_TOKEN,
        link(&pages[2], "prev").unwrap(),
    )
    .await;
    assert_eq!(names(&back), names(&pages[1]));
}

#[tokio::test]
async fn the_defaults_may_come_on_the_first_page_alone() {
    let zendesk = Zendesk::default();
    zendesk.configure(|settings| settings.defaults_on = DefaultsOn::FirstPage);
    let pages = pages(&zendesk, sample::ADA_TOKEN, &format!("{MINE}?page[size]=2")).await;
    let defaults: Vec<usize> = pages
        .iter()
        .map(|page| page.body["default"].as_array().unwrap().len())
        .collect();
    assert_eq!(defaults, [4, 0, 0]);
}

#[tokio::test]
async fn bad_page_parameters_are_refused_by_name() {
    let zendesk = Zendesk::default();
    for size in ["0", "101", "-1", "ten", ""] {
        let reply = get(
            &zendesk,
            sample::ADA_TOKEN,
            &format!("{MINE}?page[size]={size}"),
        )
        .await;
        let title = format!("page[size] must be a positive integer <= 100; got {size}");
        assert_eq!(
            reply.refusal(),
            (400, "InvalidPaginationParameter", title.as_str())
        );
    }
    for query in [
        "page[after]=201&page[before]=205",
        "page[after]=x",
        "page[before]=1.5",
        "page[after]=424242",
    ] {
        let reply = get(&zendesk, sample::ADA_TOKEN, &format!("{MINE}?{query}")).await;
        assert_eq!(
            (reply.status, reply.refusal().1),
            (400, "InvalidPaginationParameter"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn light_agents_and_end_users_have_no_statuses() {
    let zendesk = Zendesk::default();
    for token in [sample::LIAM_TOKEN, sample::ERIN_TOKEN] {
        assert_eq!(
            get(&zendesk, token, MINE).await.refusal(),
            (403, "InvalidPermissions", "Forbidden")
        );
    }
}

#[tokio::test]
async fn only_admins_list_the_whole_account() {
    let zendesk = Zendesk::default();
    assert!(names(&get(&zendesk, sample::GRACE_TOKEN, ALL).await).contains(&"Coaching"));
    for token in [sample::ADA_TOKEN, sample::LIAM_TOKEN, sample::ERIN_TOKEN] {
        assert_eq!(
            get(&zendesk, token, ALL).await.refusal(),
            (403, "InvalidPermissions", "Forbidden")
        );
    }
}

#[tokio::test]
async fn awkward_names_arrive_unchanged() {
    let mut account = Account::default();
    account.add_awkward_statuses();
    let zendesk = Zendesk::new(account);
    let reply = get(&zendesk, sample::ADA_TOKEN, MINE).await;
    let names = names(&reply);
    assert!(names.contains(&"<b>Bold</b> & <script>alert(1)</script>"));
    assert!(names.contains(&"استراحة الغداء"));
    assert!(names.iter().any(|name| name.len() == 300));
    assert_eq!(names.iter().filter(|name| **name == "Lunch").count(), 2);
}

#[tokio::test]
async fn a_deleted_status_is_gone_and_takes_its_holders_offline() {
    let zendesk = Zendesk::default();
    zendesk
        .force_status(sample::ADA, sample::LUNCH, "AGENT_STATUS_SWITCHER")
        .unwrap();
    zendesk.delete_status(sample::LUNCH).unwrap();
    zendesk.delete_status(sample::LUNCH).unwrap_err();

    assert!(!names(&get(&zendesk, sample::ADA_TOKEN, MINE).await).contains(&"Lunch"));
    let now = zendesk.current_status(sample::ADA).unwrap();
    assert_eq!(
        (now.id, now.reason.as_str()),
        (sample::OFFLINE, "AGENT_STATUS_DELETED")
    );
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, "/api/v2/users/me")
            .await
            .body["errors"],
        Value::Null
    );
}
