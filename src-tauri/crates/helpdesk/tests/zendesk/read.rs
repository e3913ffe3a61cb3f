//! The read chain: what is readable decides where the status is read.

use domain::{Channel, DeskError, Phone, ReadPath, Reading, Seen, StatusId, Via};

use crate::script::{Script, coded};

const ME: &str = "GET agent_availabilities/me";
const BY_ID: &str = "GET agent_availabilities/10011";
const SETTINGS: &str = "GET account/settings";
const TALK: &str = "GET channels/voice/availabilities/10011";

const LUNCH: &str = r#"{"data":{"attributes":{"agent_status":{"id":205,"name":"Lunch","reason":"PUBLIC_API","updated_at":"2026-11-21T10:00:00Z"}}}}"#;
const NO_STATUS: &str = r#"{"data":{"attributes":{"agent_id":10011,"version":3}}}"#;
const AWAY: &str = r#"{"availability":{"via":"client","agent_state":"away","call_status":null}}"#;
const ON: &str = r#"{"settings":{"agents":{"unified_agent_statuses":true}}}"#;
const OFF: &str = r#"{"settings":{"agents":{"unified_agent_statuses":false}}}"#;

fn talk_away() -> Channel {
    Channel {
        name: "talk".into(),
        state: "away".into(),
        work_items: None,
        capacity: None,
    }
}

/// Nothing is offered; each story then offers what it is about.
fn nothing_offered() -> Script {
    Script::default()
        .on(ME, 404, &coded("AgentNotFound"))
        .on(BY_ID, 403, &coded("InvalidPermissions"))
        .on(SETTINGS, 200, ON)
        .on(
            TALK,
            404,
            r#"{"error":"RecordNotFound","description":"Not found"}"#,
        )
}

fn lunch(path: ReadPath) -> Reading {
    let seen = Seen::Status {
        id: StatusId::new(205),
        name: "Lunch".into(),
        reason: Some("PUBLIC_API".into()),
        since: Some("2026-11-21T10:00:00Z".parse().unwrap()),
        channels: Vec::new(),
    };
    Reading {
        path,
        seen,
        budget: None,
        phone: None,
    }
}

/// What the sample answer of Talk tells of the phone.
fn in_the_browser() -> Phone {
    Phone {
        via: Some(Via::Client),
        call: None,
    }
}

fn nowhere() -> Reading {
    Reading {
        path: ReadPath::Nowhere,
        seen: Seen::Nothing,
        budget: None,
        phone: None,
    }
}

#[track_caller]
fn told(script: &Script, reading: &Result<Reading, DeskError>, wanted: &Reading, asked: &[&str]) {
    assert_eq!(reading.as_ref(), Ok(wanted));
    assert_eq!(script.asked(), asked);
}

#[tokio::test]
async fn the_agents_own_availability_is_best() {
    let script = nothing_offered().on(ME, 200, LUNCH);
    let reading = script.zendesk().fetch(None).await;
    told(&script, &reading, &lunch(ReadPath::Own), &[ME]);
}

#[tokio::test]
async fn every_way_to_say_no_leads_to_the_availability_by_number() {
    for status in [400, 403, 404, 422] {
        let script = nothing_offered()
            .on(ME, status, &coded("Whatever"))
            .on(BY_ID, 200, LUNCH);
        let reading = script.zendesk().fetch(None).await;
        told(&script, &reading, &lunch(ReadPath::OwnById), &[ME, BY_ID]);
    }
}

#[tokio::test]
async fn talk_mirrors_a_status_that_is_not_readable() {
    let script = nothing_offered().on(TALK, 200, AWAY);
    let reading = script.zendesk().fetch(None).await;
    let wanted = Reading {
        path: ReadPath::TalkChannel,
        seen: Seen::Channel(talk_away()),
        budget: None,
        phone: Some(in_the_browser()),
    };
    told(&script, &reading, &wanted, &[ME, BY_ID, SETTINGS, TALK]);
}

#[tokio::test]
async fn talk_is_the_status_where_unified_ones_are_off() {
    // An availability without a status says so itself: by number it would say the same.
    let script = nothing_offered()
        .on(ME, 200, NO_STATUS)
        .on(SETTINGS, 200, OFF)
        .on(TALK, 200, AWAY);
    let reading = script.zendesk().fetch(None).await;
    let seen = Seen::Status {
        id: StatusId::new("away"),
        name: "Away".into(),
        reason: None,
        since: None,
        channels: vec![talk_away()],
    };
    let wanted = Reading {
        path: ReadPath::TalkIsStatus,
        seen,
        budget: None,
        phone: Some(in_the_browser()),
    };
    told(&script, &reading, &wanted, &[ME, SETTINGS, TALK]);
}

#[tokio::test]
async fn settings_that_may_not_be_read_leave_talk_a_mirror() {
    for status in [403, 404] {
        let script = nothing_offered()
            .on(SETTINGS, status, "{}")
            .on(TALK, 200, AWAY);
        let reading = script.zendesk().fetch(None).await.unwrap();
        assert_eq!(reading.path, ReadPath::TalkChannel);
    }
}

#[tokio::test]
async fn an_agent_without_any_of_it_is_readable_nowhere() {
    for (status, body) in [
        (403, "{}"),
        (404, "{}"),
        (422, "{}"),
        (200, r#"{"availability":{"agent_state":null}}"#),
    ] {
        let script = nothing_offered().on(TALK, status, body);
        let reading = script.zendesk().fetch(None).await;
        told(&script, &reading, &nowhere(), &[ME, BY_ID, SETTINGS, TALK]);
    }
}

#[tokio::test]
async fn without_a_number_only_me_is_tried() {
    let script = nothing_offered();
    let reading = script.zendesk_of(None).fetch(None).await;
    told(&script, &reading, &nowhere(), &[ME]);
}

#[tokio::test]
async fn a_known_place_takes_one_request() {
    let script = nothing_offered().on(ME, 200, LUNCH);
    let reading = script.zendesk().fetch(Some(ReadPath::Own)).await;
    told(&script, &reading, &lunch(ReadPath::Own), &[ME]);

    let script = nothing_offered().on(BY_ID, 200, LUNCH);
    let reading = script.zendesk().fetch(Some(ReadPath::OwnById)).await;
    told(&script, &reading, &lunch(ReadPath::OwnById), &[BY_ID]);

    for path in [ReadPath::TalkIsStatus, ReadPath::TalkChannel] {
        let script = nothing_offered().on(TALK, 200, AWAY);
        let reading = script.zendesk().fetch(Some(path)).await.unwrap();
        assert_eq!(
            (reading.path, script.asked()),
            (path, vec![TALK.to_owned()])
        );
    }

    let script = Script::default();
    let reading = script.zendesk().fetch(Some(ReadPath::Nowhere)).await;
    told(&script, &reading, &nowhere(), &[]);
}

#[tokio::test]
async fn a_known_place_that_says_no_starts_the_chain_anew() {
    // The role was changed: by number no more, but `me` works.
    let script = nothing_offered().on(ME, 200, LUNCH);
    let reading = script.zendesk().fetch(Some(ReadPath::OwnById)).await;
    told(&script, &reading, &lunch(ReadPath::Own), &[BY_ID, ME]);

    // `me` went away; it is not asked a second time.
    let script = nothing_offered().on(TALK, 200, AWAY);
    let reading = script.zendesk().fetch(Some(ReadPath::Own)).await.unwrap();
    assert_eq!(reading.path, ReadPath::TalkChannel);
    assert_eq!(script.asked(), [ME, BY_ID, SETTINGS, TALK]);

    // The seat in Talk was taken away.
    let script = nothing_offered();
    let reading = script.zendesk().fetch(Some(ReadPath::TalkChannel)).await;
    told(&script, &reading, &nowhere(), &[TALK, ME, BY_ID]);

    // Unified statuses were switched off.
    let script = nothing_offered()
        .on(ME, 200, NO_STATUS)
        .on(SETTINGS, 200, OFF)
        .on(TALK, 200, AWAY);
    let reading = script.zendesk().fetch(Some(ReadPath::Own)).await.unwrap();
    assert_eq!(reading.path, ReadPath::TalkIsStatus);
    assert_eq!(script.asked(), [ME, SETTINGS, TALK]);
}

#[tokio::test]
async fn trouble_is_never_taken_for_a_place_that_is_not_offered() {
    let troubles = [
        (302, "", DeskError::Refused { status: 302 }),
        (401, "{}", DeskError::Unauthorized),
        (
            403,
            "<html>Blocked",
            DeskError::Unintelligible {
                detail: "a web page that forbids access".into(),
            },
        ),
        (
            404,
            "There is no help desk configured at this address",
            DeskError::NotFound,
        ),
        (423, "{}", DeskError::AccountLocked),
        (429, "{}", DeskError::RateLimited { retry_after: None }),
        (
            500,
            "{}",
            DeskError::Server {
                status: 500,
                retry_after: None,
            },
        ),
        (
            200,
            "<html>Sign in",
            DeskError::Unintelligible {
                detail: "a web page".into(),
            },
        ),
    ];
    let steps = [
        (ME, ReadPath::Own),
        (BY_ID, ReadPath::OwnById),
        (SETTINGS, ReadPath::Own),
        (TALK, ReadPath::TalkChannel),
    ];
    for (step, known) in steps {
        for (status, body, meaning) in &troubles {
            let script = nothing_offered().on(step, *status, body);
            for known in [None, Some(known)] {
                let reading = script.zendesk().fetch(known).await;
                assert_eq!(reading.as_ref(), Err(meaning), "{step} {status}");
            }
        }
        let script = nothing_offered().lost(step, DeskError::TimedOut);
        assert_eq!(
            script.zendesk().fetch(None).await,
            Err(DeskError::TimedOut),
            "{step}"
        );
        assert_eq!(script.asked().last().map(String::as_str), Some(step));
    }
}
