//! Libredesk: pushes, presence, idleness and trouble, over the real client and an in-memory connection.

use std::time::Duration;

use domain::{
    Action, Agreed, Availability, Certainty, ChangedBy, Code, Has, Light, Link, Notice, StatusKind,
};
use engine::Event;
use simulator::libredesk::sample;
use simulator::{Fault, FaultRule, Libredesk, WebsocketMode};
use system_tests::office::{Office, account};
use system_tests::scenario::pass;
use tokio::time::Instant;

use super::{secs, truth};

const HELD: Agreed = Agreed {
    unencrypted: false,
    keep_online: true,
    away_when_idle: false,
};

fn pings(office: &Office) -> u64 {
    office.desk.pings(sample::ADA)
}

#[tokio::test(start_paused = true)]
async fn a_change_in_the_browser_is_told_at_once_and_can_be_put_back() {
    let office = Office::open(Agreed::default()).await;
    office.until_listening().await;
    // A word that follows another one within 5 s may be the older one, and is read.
    tokio::time::sleep(secs(6)).await;
    let reads = office.desk.requests().len();
    let began = Instant::now();
    office.desk.set_in_browser(sample::ADA, "away_manual");
    let ada = office.until_headline("Away").await;
    assert!(began.elapsed() < secs(1), "{:?}", began.elapsed());
    assert_eq!(
        (ada.certainty, ada.changed_by),
        (Certainty::Confirmed, Some(ChangedBy::Other))
    );
    assert_eq!(
        office.desk.requests().len(),
        reads,
        "nothing had to be asked"
    );
    assert_eq!(office.offers(), [("Online".to_owned(), "Away".to_owned())]);
    let put_back = Action::PutBack {
        account: ada.account,
        status: None,
    };
    office.act(put_back).await.unwrap();
    assert_eq!(office.status(), "online");
}

#[tokio::test(start_paused = true)]
async fn a_click_is_one_write_and_its_echo_makes_no_noise() {
    let office = Office::open(Agreed::default()).await;
    office.until_listening().await;
    office
        .click(Availability::AwayAndReassigning)
        .await
        .unwrap();
    pass(secs(300)).await;
    assert_eq!(office.writes(), [r#"{"status":"away_and_reassigning"}"#]);
    assert_eq!(office.ada().light, Light::Status(StatusKind::Away));
    assert_eq!(office.ada().changed_by, Some(ChangedBy::You));
    assert_eq!(office.notices(), []);
}

#[tokio::test(start_paused = true)]
async fn online_is_held_for_an_hour_while_the_websocket_is_dropped_every_few_minutes() {
    let office = Office::open(HELD).await;
    office.until_listening().await;
    let began = Instant::now();
    // As good as random, and the same every time.
    let mut dice: u64 = 20_261_127;
    let mut longest = Duration::ZERO;
    let mut offline_since = None;
    let mut drop_at = began;
    while began.elapsed() < secs(3600) {
        if Instant::now() >= drop_at {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            match (dice >> 33) % 3 {
                0 => office.desk.close_sockets(1001, "going away"),
                1 => {
                    office.desk.silence_sockets(true);
                    pass(secs(20)).await;
                    office.desk.silence_sockets(false);
                }
                _ => office.desk.drop_sockets(),
            }
            drop_at = Instant::now() + secs(60 + (dice >> 40) % 240);
        }
        pass(secs(1)).await;
        match (office.status() == "offline", offline_since) {
            (true, None) => offline_since = Some(Instant::now()),
            (false, Some(since)) => {
                longest = longest.max(Instant::now() - since);
                offline_since = None;
            }
            _ => {}
        }
    }
    assert_eq!(office.status(), "online");
    assert!(longest <= secs(60), "offline for {longest:?}");
    assert_eq!(office.writes(), [""; 0], "holding writes nothing");
    assert_eq!(office.notices(), []);
    assert!((90..=130).contains(&pings(&office)), "{}", pings(&office));
}

#[tokio::test(start_paused = true)]
async fn after_eight_hours_of_sleep_nothing_pings_before_the_click() {
    let office = Office::open(HELD).await;
    office.until_listening().await;
    pass(secs(65)).await;
    office.happens(Event::Slept).await;
    pass(secs(1)).await;
    let before = pings(&office);
    pass(secs(8 * 3600)).await;
    assert_eq!(pings(&office), before, "none in sleep");
    assert_eq!(office.desk.sockets(sample::ADA), 0, "and no websocket");
    office.happens(Event::Woke).await;
    office.until_headline("Offline").await;
    pass(secs(600)).await;
    assert_eq!(pings(&office), before, "none before the click");
    assert_eq!(office.status(), "offline");
    assert_eq!(
        office.offers(),
        [("Online".to_owned(), "Offline".to_owned())]
    );
    office.click(Availability::Online).await.unwrap();
    pass(secs(900)).await;
    assert_eq!(office.status(), "online", "held from the click on");
    assert!(pings(&office) > before + 20);
}

#[tokio::test(start_paused = true)]
async fn behind_a_locked_screen_nothing_pings_and_offline_is_told() {
    let office = Office::open(HELD).await;
    office.until_listening().await;
    pass(secs(65)).await;
    office.happens(Event::Locked).await;
    pass(secs(1)).await;
    let before = pings(&office);
    pass(secs(500)).await;
    assert_eq!(
        (pings(&office), office.status()),
        (before, "offline".into())
    );
    assert_eq!(office.ada().headline, "Offline", "told by the websocket");
    office.happens(Event::Unlocked).await;
    pass(secs(300)).await;
    assert_eq!(
        (pings(&office), office.status()),
        (before, "offline".into())
    );
    assert_eq!(office.offers().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_is_not_held_is_swept_and_told_why() {
    let office = Office::open(Agreed::default()).await;
    office.until_listening().await;
    let note = office.ada().note.unwrap();
    assert!(note.contains("five minutes"), "{note}");
    let ada = office.until_headline("Offline").await;
    assert_eq!(pings(&office), 0);
    let offer = ada.offer.unwrap();
    assert_eq!(offer.put_back.unwrap().name, "Online");
    assert!(offer.reason_in_words.contains("browser tab"));
    assert!(ada.note.unwrap().contains("still receive"));
}

#[tokio::test(start_paused = true)]
async fn the_agent_may_agree_to_be_held_and_take_it_back() {
    let office = Office::open(Agreed::default()).await;
    office.until_listening().await;
    let keep = |on| Action::KeepOnline {
        account: account(HELD).id,
        on,
    };
    office.act(keep(true)).await.unwrap();
    pass(secs(900)).await;
    assert_eq!(office.status(), "online");
    office.act(keep(false)).await.unwrap();
    office.until_headline("Offline").await;
}

#[tokio::test(start_paused = true)]
async fn an_admins_edit_closes_the_websocket_and_is_read() {
    let office = Office::open(HELD).await;
    office.until_listening().await;
    let began = Instant::now();
    office.desk.edit_as_admin(sample::ADA, "away_manual");
    office.until_headline("Away").await;
    assert!(began.elapsed() < secs(2), "{:?}", began.elapsed());
    office.until_listening().await;
    pass(secs(600)).await;
    assert_eq!(office.status(), "away_manual", "the admin's word stays");
}

#[tokio::test(start_paused = true)]
async fn a_silent_websocket_is_opened_anew() {
    let office = Office::open(Agreed::default()).await;
    office.until_listening().await;
    office.desk.silence_sockets(true);
    office
        .until("it is noticed", |ada| {
            ada.presence.as_ref().unwrap().tells_at_once != Has::Yes
        })
        .await;
    office.desk.silence_sockets(false);
    office.until_listening().await;
    office.desk.set_in_browser(sample::ADA, "away");
    office.until_headline("Idle").await;
}

#[tokio::test(start_paused = true)]
async fn without_a_websocket_the_status_is_read_every_ninety_seconds() {
    let desk = Libredesk::default();
    desk.set_websocket(WebsocketMode::Stripped);
    let office = Office::with(desk, Agreed::default(), false).await;
    office
        .until("it is said", |ada| {
            matches!(ada.presence.as_ref().unwrap().tells_at_once, Has::No(_))
        })
        .await;
    office.desk.clear_requests();
    pass(secs(900)).await;
    let me = |request: &simulator::Request| request.path == "/api/v1/agents/me";
    let reads = office.desk.requests().iter().filter(|it| me(it)).count();
    assert!((9..=12).contains(&reads), "{reads}");
    office.desk.set_in_browser(sample::ADA, "away_manual");
    let began = Instant::now();
    office.until_headline("Away").await;
    assert!(began.elapsed() <= secs(100), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_down_signs_nobody_out_and_a_revoked_key_does() {
    let office = Office::open(Agreed::default()).await;
    office.until_listening().await;
    office.desk.database_down(true);
    office.desk.drop_sockets();
    let ada = office
        .until("three failures", |ada| ada.link == Link::Unreachable)
        .await;
    assert_ne!(ada.light, Light::SignedOut);
    office.desk.database_down(false);
    office.until("it answers", |ada| ada.link == Link::Ok).await;
    let signed_out = |notice: &Notice| matches!(notice, Notice::SignedOut(_));
    assert!(!office.notices().iter().any(signed_out));
    office.desk.revoke_key(sample::ADA);
    office
        .until("signed out", |ada| ada.link == Link::SignedOut)
        .await;
    pass(secs(600)).await;
    let told = office.notices().iter().filter(|it| signed_out(it)).count();
    assert_eq!(told, 1);
    assert_eq!(
        office.desk.sockets(sample::ADA),
        0,
        "nobody listens any more"
    );
}

#[tokio::test(start_paused = true)]
async fn idle_comes_with_the_lock_and_goes_without_it_and_never_over_a_choice() {
    let idle = Agreed {
        away_when_idle: true,
        ..HELD
    };
    let office = Office::open(idle).await;
    office.until_listening().await;
    office.happens(Event::Locked).await;
    office.until_headline("Idle").await;
    office.happens(Event::Unlocked).await;
    office.until_headline("Online").await;
    assert_eq!(
        office.writes(),
        [
            r#"{"source":"idle","status":"away"}"#,
            r#"{"source":"idle","status":"online"}"#
        ]
    );
    office.happens(Event::Idle).await;
    office.until_headline("Idle").await;
    office.desk.set_in_browser(sample::ADA, "away_manual");
    office.until_headline("Away").await;
    office.happens(Event::Active).await;
    pass(secs(300)).await;
    assert_eq!(office.status(), "away_manual");
    assert_eq!(office.writes().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_zendesk_and_a_libredesk_are_set_together_and_one_that_fails_is_named() {
    let office = Office::beside_zendesk(HELD).await;
    office.until_listening().await;
    let away = Action::ChooseEverywhere {
        kind: StatusKind::Away,
    };
    office.act(away.clone()).await.unwrap();
    assert_eq!(
        (truth(&office.zendesk), office.status()),
        ("away".to_owned(), "away_manual".to_owned())
    );
    let online = Action::ChooseEverywhere {
        kind: StatusKind::Online,
    };
    let rule = FaultRule::new(Fault::status(400)).method("PUT");
    office.desk.fault(rule);
    let failure = office.act(online).await.unwrap_err();
    assert!(
        failure
            .message
            .starts_with("1 of 2 accounts were switched. help: "),
        "{}",
        failure.message
    );
    assert_ne!(failure.code, Code::Internal);
    assert_eq!(
        (truth(&office.zendesk), office.status()),
        ("online".to_owned(), "away_manual".to_owned())
    );
    assert!(office.ada().failed.is_some(), "the account says its own");
    office.desk.clear_faults();
    office
        .zendesk
        .fault(FaultRule::new(Fault::status(403)).method("PUT"));
    let failure = office.act(away).await.unwrap_err();
    assert!(failure.message.contains("acme: "), "{}", failure.message);
}
