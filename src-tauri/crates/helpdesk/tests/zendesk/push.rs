//! Choosing a status: what is sent, and what each answer means.

use std::time::Duration;

use domain::{DeskError, StatusId, Written};

use crate::script::{Script, coded};

const CHOOSE: &str = r#"PUT agent_availabilities/agent_statuses/agents/me {"id":205}"#;
const TALK: &str =
    r#"PUT channels/voice/availabilities/10011 {"availability":{"agent_state":"away"}}"#;

fn status(id: &str, name: &str) -> Written {
    Written {
        id: StatusId::new(id),
        name: name.into(),
    }
}

async fn choose(script: &Script, id: &str) -> Result<Written, DeskError> {
    script.zendesk().push(&StatusId::new(id)).await
}

#[tokio::test]
async fn the_answer_says_which_status_it_is_now() {
    let answer = |now: &str| {
        format!(
            r#"{{"data":{{"attributes":{{"agent_id":10011,"agent_status":{now}}},"id":"agent_availabilities|10011"}}}}"#
        )
    };
    let lunch = Script::default().on(CHOOSE, 200, &answer(r#"{"id":205,"name":"Lunch"}"#));
    assert_eq!(choose(&lunch, "205").await, Ok(status("205", "Lunch")));
    assert_eq!(lunch.asked(), [CHOOSE]);
    // Somebody else was faster, and Zendesk says so.
    let other = Script::default().on(CHOOSE, 200, &answer(r#"{"id":"4","name":"away"}"#));
    assert_eq!(choose(&other, "205").await, Ok(status("4", "Away")));
}

#[tokio::test]
async fn every_refusal_of_a_write_has_its_meaning() {
    let rows = [
        (400, coded("InvalidParameter"), DeskError::NoSuchStatus),
        (400, "{}".into(), DeskError::Refused { status: 400 }),
        (401, coded("Unauthorized"), DeskError::Unauthorized),
        (403, coded("InvalidPermissions"), DeskError::Forbidden),
        (403, coded("NotEligibleForState"), DeskError::NotEligible),
        (403, coded("APIUnavailable"), DeskError::NoSuchStatus),
        (404, coded("AgentNotFound"), DeskError::NoSuchStatus),
        (
            404,
            "There is no help desk configured at this address".into(),
            DeskError::NotFound,
        ),
        (
            406,
            coded("NotAcceptable"),
            DeskError::Refused { status: 406 },
        ),
        (409, coded("ConflictUpdate"), DeskError::Conflict),
        (423, coded("AccountLocked"), DeskError::AccountLocked),
        (
            429,
            coded("TooManyRequests"),
            DeskError::RateLimited { retry_after: None },
        ),
        (
            500,
            coded("InternalServerError"),
            DeskError::Server {
                status: 500,
                retry_after: None,
            },
        ),
        (
            200,
            String::new(),
            DeskError::Unintelligible {
                detail: "an empty answer".into(),
            },
        ),
        (
            204,
            String::new(),
            DeskError::Unintelligible {
                detail: "an empty answer".into(),
            },
        ),
        (
            200,
            "<html>".into(),
            DeskError::Unintelligible {
                detail: "a web page".into(),
            },
        ),
        (
            200,
            r#"{"data":{"attributes":{}}}"#.into(),
            DeskError::Unintelligible {
                detail: "JSON without \u{201c}agent_status\u{201d}".into(),
            },
        ),
    ];
    for (status, body, meaning) in rows {
        let script = Script::default().on(CHOOSE, status, &body);
        assert_eq!(
            choose(&script, "205").await,
            Err(meaning),
            "{status} {body}"
        );
    }
    let script = Script::default().lost(CHOOSE, DeskError::TimedOut);
    assert_eq!(choose(&script, "205").await, Err(DeskError::TimedOut));
}

#[tokio::test]
async fn a_wait_and_a_redirect_are_read_from_the_headers() {
    let minute = Some(Duration::from_secs(60));
    let limited = Script::default().on_with(CHOOSE, 429, ("Retry-After", "60"), "{}");
    assert_eq!(
        choose(&limited, "205").await,
        Err(DeskError::RateLimited {
            retry_after: minute
        })
    );
    let down = Script::default().on_with(CHOOSE, 503, ("Retry-After", "60"), "<html>");
    assert_eq!(
        choose(&down, "205").await,
        Err(DeskError::Server {
            status: 503,
            retry_after: minute
        })
    );
    let elsewhere = ("Location", "https://elsewhere.example.com/api?x=y");
    let moved = Script::default().on_with(CHOOSE, 307, elsewhere, "");
    let target = "elsewhere.example.com".to_owned();
    assert_eq!(
        choose(&moved, "205").await,
        Err(DeskError::Redirected { target })
    );
    assert_eq!(moved.asked(), [CHOOSE]);
}

#[tokio::test]
async fn talks_words_are_chosen_in_talk() {
    let away = r#"{"availability":{"agent_state":"away","via":"client"}}"#;
    let script = Script::default().on(TALK, 200, away);
    assert_eq!(choose(&script, "away").await, Ok(status("away", "Away")));
    assert_eq!(script.asked(), [TALK]);
    let rows = [
        // Unified statuses were switched on meanwhile.
        (400, r#"{"error":"bad_request"}"#, DeskError::NoSuchStatus),
        (403, "{}", DeskError::Forbidden),
        (
            404,
            r#"{"error":"RecordNotFound"}"#,
            DeskError::NoSuchStatus,
        ),
        (422, "{}", DeskError::Refused { status: 422 }),
        (
            200,
            r#"{"availability":{}}"#,
            DeskError::Unintelligible {
                detail: "JSON without \u{201c}agent_state\u{201d}".into(),
            },
        ),
    ];
    for (status, body, meaning) in rows {
        let script = Script::default().on(TALK, status, body);
        assert_eq!(choose(&script, "away").await, Err(meaning), "{status}");
    }
}

#[tokio::test]
async fn an_identifier_that_zendesk_never_gave_out_is_not_sent() {
    let script = Script::default();
    for id in ["lunch", "", "-3", "3.5", "99999999999999999999999", "../3"] {
        assert_eq!(
            choose(&script, id).await,
            Err(DeskError::NoSuchStatus),
            "{id}"
        );
    }
    let nobody = script.zendesk_of(None).push(&StatusId::new("away")).await;
    assert_eq!(nobody, Err(DeskError::NoSuchStatus));
    assert!(script.asked().is_empty());
}
