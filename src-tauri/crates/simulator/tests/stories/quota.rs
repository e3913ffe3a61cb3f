//! The account's requests a minute, on a clock that only the test moves.

use std::time::Duration;

use simulator::{Quota, Zendesk, sample};
use tokio::time::advance;

use crate::client::get;

const MINE: &str = "/api/v2/agent_availabilities/agent_statuses/me";

#[tokio::test(start_paused = true)]
async fn two_hundred_requests_a_minute_for_the_whole_account() {
    let zendesk = Zendesk::default();
    let first = get(&zendesk, sample::ADA_TOKEN, MINE).await;
    assert_eq!(
        (
            first.header("x-rate-limit"),
            first.header("x-rate-limit-remaining")
        ),
        (Some("200"), Some("199"))
    );

    advance(Duration::from_millis(20_500)).await;
    for _ in 1..200 {
        // Whoever asks, and whatever the answer: one bucket.
        assert_eq!(get(&zendesk, sample::LIAM_TOKEN, MINE).await.status, 403);
    }
    let refused = get(&zendesk, sample::ADA_TOKEN, MINE).await;
    assert_eq!(
        refused.refusal(),
        (429, "TooManyRequests", "Too Many Requests")
    );
    assert_eq!(
        refused.header("retry-after"),
        Some("40"),
        "39.5 s, rounded up"
    );
    assert_eq!(refused.header("x-rate-limit-remaining"), Some("0"));
    assert_eq!(refused.header("ratelimit-reset"), Some("40"));
    // The rest of the API has limits of its own.
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, "/api/v2/users/me")
            .await
            .status,
        200
    );

    advance(Duration::from_millis(39_499)).await;
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, MINE).await.status, 429);
    advance(Duration::from_millis(1)).await;
    let again = get(&zendesk, sample::ADA_TOKEN, MINE).await;
    assert_eq!(
        (again.status, again.header("x-rate-limit-remaining")),
        (200, Some("199"))
    );
}

#[tokio::test(start_paused = true)]
async fn strangers_do_not_use_up_the_account() {
    let zendesk = Zendesk::default();
    zendesk.set_quota(Quota {
        per_minute: 1,
        ..Quota::default()
    });
    for _ in 0..5 {
        assert_eq!(get(&zendesk, "nonsense", MINE).await.status, 401);
    }
    assert_eq!(get(&zendesk, sample::ADA_TOKEN, MINE).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_gives_neither_headers_nor_a_time_to_wait() {
    let zendesk = Zendesk::default();
    zendesk.set_quota(Quota {
        per_minute: 1,
        headers: false,
        retry_after: false,
    });
    assert_eq!(
        get(&zendesk, sample::ADA_TOKEN, MINE)
            .await
            .header("x-rate-limit"),
        None
    );
    let refused = get(&zendesk, sample::ADA_TOKEN, MINE).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, None));
    assert_eq!(refused.header("x-rate-limit-remaining"), None);
}
