//! Signing in: who am I, which groups am I in, what can this account do.

use serde_json::{Value, json};
use simulator::{Zendesk, sample};

use crate::client::{get, request, send};

#[tokio::test]
async fn everyone_learns_their_own_name_and_role() {
    let zendesk = Zendesk::default();
    for (token, id, role) in [
        (sample::ADA_TOKEN, sample::ADA, "agent"),
        (sample::GRACE_TOKEN, sample::GRACE, "admin"),
        (sample::LIAM_TOKEN, sample::LIAM, "agent"),
        (sample::ERIN_TOKEN, sample::ERIN, "end-user"),
    ] {
        for path in ["/api/v2/users/me", "/api/v2/users/me.json"] {
            let reply = get(&zendesk, token, path).await;
            assert_eq!(reply.status, 200);
            assert_eq!(
                (&reply.body["user"]["id"], &reply.body["user"]["role"]),
                (&json!(id), &json!(role))
            );
        }
    }
}

#[tokio::test]
async fn wrong_basic_credentials_are_a_200_for_an_anonymous_user() {
    let zendesk = Zendesk::default();
    let mut asking = request("GET", "/api/v2/users/me", "", "");
    asking.headers_mut().insert(
        "authorization",
        "Basic bm9ib2R5OndyaXRlcw==".parse().unwrap(),
    );
    let mut without = request("GET", "/api/v2/users/me", "", "");
    without.headers_mut().remove("authorization");
    for anonymous in [asking, without] {
        let reply = send(&zendesk, anonymous).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.body["user"]["id"], Value::Null);
        assert_eq!(reply.body["user"]["name"], "Anonymous user");
        assert_eq!(reply.body["user"]["role"], "end-user");
    }
    let mut elsewhere = request("GET", "/api/v2/account/settings", "", "");
    elsewhere.headers_mut().remove("authorization");
    assert_eq!(send(&zendesk, elsewhere).await.status, 401);
}

#[tokio::test]
async fn an_agent_reads_own_groups_page_by_page() {
    let zendesk = Zendesk::default();
    let path = "/api/v2/users/10011/group_memberships.json";
    let first = get(&zendesk, sample::ADA_TOKEN, &format!("{path}?page[size]=1")).await;
    assert_eq!(
        first.body["group_memberships"][0]["group_id"],
        sample::SUPPORT
    );
    assert_eq!(first.body["meta"]["has_more"], true);

    let next = first.body["links"]["next"]
        .as_str()
        .unwrap()
        .strip_prefix("https://example.zendesk.test")
        .unwrap();
    let second = get(&zendesk, sample::ADA_TOKEN, next).await;
    assert_eq!(
        second.body["group_memberships"][0]["group_id"],
        sample::BILLING
    );
    assert_eq!(second.body["meta"]["has_more"], false);
    assert_eq!(second.body["links"]["next"], Value::Null);

    // Without a page size the answer is the older, unpaged form.
    let all = get(&zendesk, sample::ADA_TOKEN, path).await;
    assert_eq!(
        (&all.body["count"], &all.body["next_page"]),
        (&json!(2), &Value::Null)
    );
}

#[tokio::test]
async fn only_admins_read_the_groups_of_others() {
    let zendesk = Zendesk::default();
    let path = |id: u64| format!("/api/v2/users/{id}/group_memberships");
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, &path(sample::BEN))
            .await
            .status,
        403
    );
    assert_eq!(
        get(&zendesk, sample::ERIN_TOKEN, &path(sample::ERIN))
            .await
            .status,
        403
    );
    assert_eq!(
        get(&zendesk, sample::GRACE_TOKEN, &path(sample::BEN))
            .await
            .status,
        200
    );
    let missing = get(&zendesk, sample::GRACE_TOKEN, &path(1)).await;
    assert_eq!(
        (missing.status, &missing.body["error"]),
        (404, &json!("RecordNotFound"))
    );

    zendesk.set_groups(sample::BEN, &[sample::COACHES]).unwrap();
    let moved = get(&zendesk, sample::GRACE_TOKEN, &path(sample::BEN)).await;
    assert_eq!(
        moved.body["group_memberships"][0]["group_id"],
        sample::COACHES
    );
}

#[tokio::test]
async fn the_settings_tell_whether_unified_statuses_work() {
    let zendesk = Zendesk::default();
    let path = "/api/v2/account/settings";
    for on in [true, false] {
        zendesk.set_omnichannel(on);
        let settings = get(&zendesk, sample::ADA_TOKEN, path).await.body;
        assert_eq!(settings["settings"]["agents"]["unified_agent_statuses"], on);
        assert_eq!(settings["settings"]["routing"]["enabled"], on);
        assert_eq!(settings["settings"]["voice"]["enabled"], true);
        assert_eq!(settings["settings"]["api"]["api_token_access"], "true");
    }
    assert_eq!(get(&zendesk, sample::ERIN_TOKEN, path).await.status, 403);
}
