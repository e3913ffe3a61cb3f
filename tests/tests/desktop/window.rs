//! The window on a real desktop: the day as a strip, and the way from the menu to a time of day.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulator::sample;
use system_tests::desktop::{HelpDesk, KeyringState, Launch, Session, Window, wait_for};

use super::{SEEN, SOON, lit, picture};

/// Within the first minute of a day there is no strip yet.
const UNTIL_A_STRIP: Duration = Duration::from_secs(100);
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const LEFT: &str = "\u{e012}";

/// An entry of the history: Ada was Online until just now.
fn the_last_half_hour(session: &Session) {
    let (now, half_an_hour) = (Timestamp::now(), SignedDuration::from_mins(30));
    let stretch = json!({
        "from": now - half_an_hour,
        "until": now,
        "status": { "id": sample::ONLINE.to_string(), "name": "Online", "kind": "online", "custom": false },
        "confirmed": true,
        "changed_by": "you",
        "reason": null,
    });
    let folder = session.home().join(".local/share/statuslight/history");
    std::fs::create_dir_all(&folder).expect("the folder is the session's own");
    std::fs::write(folder.join("local.jsonl"), format!("{stretch}\n"))
        .expect("the folder is the session's own");
}

/// How many statuses are in sight as a whole, without scrolling list or page.
#[track_caller]
fn statuses_in_sight(window: &Window) -> u64 {
    let script = "const list = document.querySelector('.list').getBoundingClientRect(); \
                  const end = Math.min(list.bottom, innerHeight); \
                  return [...document.querySelectorAll('[data-status]')].filter((one) => { \
                    const { top, bottom } = one.getBoundingClientRect(); \
                    return top >= list.top && bottom <= end; \
                  }).length;";
    window.js(script).as_u64().unwrap_or_default()
}

#[test]
fn the_strip_of_today_tells_a_click_and_a_forced_change_with_its_reason() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    the_last_half_hour(&session);
    let mut app = Launch::app().arg("--hidden").start_driven(&session);
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    item.wait_until_listed("Lunch", SOON);
    item.click("Lunch");
    lit(&item, "Lunch", SOON);
    desk.zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .expect("Ada is an agent");
    lit(&item, "Away", SEEN);

    item.activate();
    let window = app.window(SOON);
    wait_for("both changes in the strip", UNTIL_A_STRIP, || {
        (window.count(".strip .amber") >= 2).then_some(())
    });
    window.wait_for_text(".phone summary", SOON, |text| {
        text.contains("in the browser")
    });
    let in_sight = statuses_in_sight(&window);
    assert!(in_sight >= 6, "{in_sight} beside offer, strip and phone");
    window.screenshot(&picture("window-forced.png"));
    window.click(".today .opener");
    let last = ".today li:last-child";
    window.wait_for_text(last, SOON, |text| {
        ["Away", "not set by you", "idle timeout"]
            .iter()
            .all(|part| text.contains(part))
    });
    window.wait_for_text(".today li:nth-last-child(2)", SOON, |text| {
        text.contains("Lunch") && text.contains("set by you")
    });

    window.press_keys(TAB);
    window.wait_for_text(".told", SOON, |text| text.contains("idle timeout"));
    window.screenshot(&picture("window-today.png"));
    window.press_keys(LEFT);
    window.wait_for_text(".told", SOON, |text| {
        text.contains("Lunch") && !text.contains("idle timeout")
    });
    assert_eq!(desk.writes(), [sample::LUNCH], "looking writes nothing");
}

/// Waits until what is typed goes to the time of day, which is typed over.
#[track_caller]
fn wait_for_the_time_of_day(window: &Window) {
    let selected = "const at = document.activeElement; \
                    return at.className === 'clock' && at.value !== '' && at.selectionEnd === at.value.length;";
    wait_for("the time of day to be at hand", SOON, || {
        (window.js(selected) == Value::Bool(true)).then_some(())
    });
}

#[test]
fn until_in_the_menu_opens_the_window_with_the_time_at_hand() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    let mut app = Launch::app().arg("--hidden").start_driven(&session);
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    item.wait_until_listed("Lunch", SOON);
    item.click("For\u{2026}/Until\u{2026}");
    let window = app.window(SOON);
    wait_for_the_time_of_day(&window);
    let in_sight = statuses_in_sight(&window);
    assert!(in_sight >= 6, "{in_sight} below the time of day");
    window.screenshot(&picture("window-until.png"));
    assert!(desk.writes().is_empty(), "nothing is chosen yet");

    window.press_keys("23:59");
    window.press_keys(ENTER);
    window.click(&format!("[data-status='{}']", sample::LUNCH));
    lit(&item, "Lunch", SOON);
    window.wait_for_text(".timed", SOON, |text| text.contains("23:59"));
    assert_eq!(desk.writes(), [sample::LUNCH]);

    // The window is there already, and is asked for the same once more.
    item.click("For\u{2026}/Until\u{2026}");
    wait_for_the_time_of_day(&window);
    assert_eq!(desk.writes(), [sample::LUNCH]);
}
