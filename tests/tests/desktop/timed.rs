//! Statuses for a time and offers put aside, on a desktop: menu, notices with their buttons, and sleep.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulator::sample;
use system_tests::desktop::{HelpDesk, KeyringState, Launch, Session, statusctl, wait_for};

use super::{SEEN, SOON, Scene, lit};

const LOGIN: &str = "org.freedesktop.login1";
/// Between two words to an app that may not listen yet.
const AGAIN: Duration = Duration::from_millis(200);

/// What is remembered of Ada's account on this computer.
fn remembered(folder: &Path) -> Option<PathBuf> {
    let mut entries = folder.read_dir().ok()?.flatten().map(|entry| entry.path());
    entries.find_map(|path| {
        if path.is_dir() {
            return remembered(&path);
        }
        let content: Value = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
        content.get("last_write").is_some().then_some(path)
    })
}

/// Ada is at lunch, and it ends then.
fn at_lunch_until(session: &Session, end: Timestamp) {
    let set = statusctl(session, &["set", "Lunch"], "");
    assert!(set.status.success(), "{set:?}");
    let path = remembered(&session.home()).expect("the write is remembered");
    let content = std::fs::read(&path).expect("it was just found");
    let mut content: Value = serde_json::from_slice(&content).expect("it is JSON");
    content["timed"] = json!({
        "status": sample::LUNCH.to_string(),
        "until": end,
        "back_to": { "id": sample::ONLINE.to_string(), "name": "Online", "kind": "online", "custom": false },
        "announces": true,
    });
    std::fs::write(&path, content.to_string()).expect("the folder is the session's own");
}

fn in_seconds(seconds: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(seconds)
}

/// Until when the status holds, as a script reads it.
fn until(session: &Session) -> Option<Timestamp> {
    let status = statusctl(session, &["status", "--json"], "");
    let status: Value = serde_json::from_slice(&status.stdout).ok()?;
    status["until"].as_str()?.parse().ok()
}

#[test]
fn for_half_an_hour_is_one_way_through_the_menu_and_back_now_is_one_click() {
    let scene = Scene::start();
    lit(&scene.item, "Online", SOON);
    scene.item.wait_until_listed("Lunch", SOON);
    let clicked = Timestamp::now();
    scene.item.click("For\u{2026}/30 min/Lunch");
    lit(&scene.item, "Lunch", SOON);
    let end = wait_for("an end", SOON, || until(&scene.session));
    let lasts = end.duration_since(clicked);
    assert!(
        (SignedDuration::from_mins(30)..SignedDuration::from_mins(31)).contains(&lasts),
        "{lasts:?}"
    );
    scene.item.click("Back to Online now");
    lit(&scene.item, "Online", SOON);
    assert_eq!(scene.desk.writes(), [sample::LUNCH, sample::ONLINE]);
    assert_eq!(scene.notifications.all(), []);
}

#[test]
fn the_notice_before_the_end_extends_it() {
    let end = in_seconds(100);
    let scene = Scene::after(|session, _| at_lunch_until(session, end));
    let notice = scene.notifications.wait_for("the notice", SEEN, |_| true);
    assert!(
        notice.summary.starts_with("Lunch ends at "),
        "{}",
        notice.summary
    );
    assert!(notice.body.contains("Online"), "{}", notice.body);
    scene.notifications.press(notice.id, "Extend by 15 min");
    wait_for("a later end", SOON, || {
        (until(&scene.session)? == end + SignedDuration::from_mins(15)).then_some(())
    });
    assert_eq!(scene.desk.writes(), [sample::LUNCH], "nothing was written");
    assert_eq!(scene.notifications.all().len(), 1);
}

#[test]
fn snooze_puts_the_offer_aside_and_a_terminal_can_still_take_it_up() {
    let scene = Scene::start();
    lit(&scene.item, "Online", SOON);
    scene
        .desk
        .zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    let notice = scene.notifications.wait_for("the notice", SEEN, |_| true);
    let offered = ["Put me back to Online", "Keep Away", "Snooze 10 min"];
    for label in offered {
        assert!(notice.action_key(label).is_some(), "{label}");
    }
    scene
        .item
        .wait_until_menu("the same is in the menu", SOON, |menu| {
            offered
                .iter()
                .all(|label| menu.find(label).is_some_and(|entry| entry.visible))
        });
    scene.notifications.press(notice.id, "Snooze 10 min");
    scene
        .item
        .wait_until_menu("the offer is put aside", SOON, |menu| {
            offered
                .iter()
                .all(|label| menu.find(label).is_none_or(|entry| !entry.visible))
        });
    scene.desk.wait_for_reads(2, SEEN);
    assert_eq!(scene.notifications.all().len(), 1, "not before its time");
    assert_eq!(scene.desk.writes(), [0u64; 0]);
    let back = statusctl(&scene.session, &["back"], "");
    assert!(back.status.success(), "{back:?}");
    assert_eq!(scene.desk.writes(), [sample::ONLINE]);
}

#[test]
fn an_end_that_comes_in_sleep_is_acted_on_after_waking_and_not_before() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    // The session's bus stands in for the system's, with the part of logind that speaks of sleep.
    let login = session.place().connect();
    login.request_name(LOGIN).unwrap();
    let sleep = |asleep: bool| {
        login
            .emit_signal(
                None::<&str>,
                "/org/freedesktop/login1",
                "org.freedesktop.login1.Manager",
                "PrepareForSleep",
                &(asleep,),
            )
            .unwrap();
    };
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    let end = in_seconds(25);
    at_lunch_until(&session, end);
    let app = Launch::app()
        .arg("--hidden")
        .env("DBUS_SYSTEM_BUS_ADDRESS", session.place().bus_address())
        .start(&session);
    let item = app.tray_item();
    lit(&item, "Lunch", SOON);
    // It may not listen yet, and a second word changes nothing.
    wait_for(
        "the end, and a while after it",
        Duration::from_secs(60),
        || {
            sleep(true);
            std::thread::sleep(AGAIN);
            (Timestamp::now() > end + SignedDuration::from_secs(3)).then_some(())
        },
    );
    assert_eq!(desk.writes(), [sample::LUNCH], "asleep, nothing is done");
    sleep(false);
    lit(&item, "Online", SEEN);
    assert_eq!(desk.writes(), [sample::LUNCH, sample::ONLINE]);
}

#[test]
fn an_end_that_passed_long_ago_without_the_app_is_asked_about() {
    let scene = Scene::after(|session, _| at_lunch_until(session, in_seconds(-600)));
    let notice = scene.notifications.wait_for("the notice", SEEN, |_| true);
    assert!(
        notice.summary.starts_with("Your time in Lunch ended at "),
        "{}",
        notice.summary
    );
    assert_eq!(
        scene.desk.writes(),
        [sample::LUNCH],
        "nothing is done unasked"
    );
    scene
        .notifications
        .press(notice.id, "Put me back to Online");
    lit(&scene.item, "Online", SOON);
    assert_eq!(scene.desk.writes(), [sample::LUNCH, sample::ONLINE]);
}
