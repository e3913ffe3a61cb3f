//! Accounts with Talk on a real desktop: its states as statuses, calls, and where they ring.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use simulator::sample;
use system_tests::desktop::{HelpDesk, KeyringState, Launch, Session, TrayItem, statusctl};

const SOON: Duration = Duration::from_secs(20);

fn picture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("desktop")
        .join(name)
}

fn lit(item: &TrayItem, status: &str) {
    item.wait_until(&format!("the light says {status}"), SOON, |now| {
        now.tool_tip.title.starts_with(status)
    });
}

/// What was written, oldest first.
fn puts(desk: &HelpDesk) -> Vec<serde_json::Value> {
    let requests = desk.zendesk.requests();
    let puts = requests.iter().filter(|request| request.method == "PUT");
    puts.map(|put| put.json()["availability"].clone()).collect()
}

#[test]
fn a_talk_only_account_is_switched_and_answered_from_the_real_menu() {
    let session = Session::start();
    let panel = session.panel();
    let _notifications = session.notification_daemon();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.zendesk.set_omnichannel(false);
    desk.sign_in(&session);
    let mut app = Launch::app().arg("--hidden").start_driven(&session);
    let item = app.tray_item();
    lit(&item, "Online");
    let menu = item.wait_until_menu("statuses and phone are listed", SOON, |menu| {
        menu.find("Away").is_some() && menu.find("Phone: in the browser").is_some()
    });
    let names: Vec<&str> = menu
        .children
        .iter()
        .filter(|entry| entry.toggle.is_some() && entry.visible)
        .map(|entry| entry.label.as_str())
        .collect();
    assert_eq!(names, ["Online", "Away", "Transfers only", "Offline"]);

    panel.open_menu(&item).pick("Away");
    lit(&item, "Away");
    assert_eq!(
        desk.zendesk.talk_state(sample::ADA).as_deref(),
        Some("away")
    );

    let mut menu = panel.open_menu(&item);
    menu.highlight("Phone: in the browser/Answer by phone");
    menu.screenshot(&picture("phone-menu.png"));
    menu.close();
    panel
        .open_menu(&item)
        .pick("Phone: in the browser/Answer by phone");
    item.wait_until_menu("calls ring at the phone", SOON, |menu| {
        menu.find("Phone: by phone").is_some()
    });
    assert_eq!(desk.zendesk.via(sample::ADA).as_deref(), Some("phone"));
    assert_eq!(
        puts(&desk),
        [json!({"agent_state": "away"}), json!({"via": "phone"})]
    );

    desk.zendesk
        .set_call_status(sample::ADA, Some("on_call"))
        .expect("Ada is an agent");
    item.wait_until_menu("the call is shown", SOON, |menu| {
        menu.find("Phone: on a call").is_some()
    });
    panel.left_click(&item);
    let window = app.window(SOON);
    window.wait_for_text(".phone", SOON, |text| {
        text.contains("Phone: by phone, on a call since")
    });
    window.screenshot(&picture("phone-window.png"));
    assert_eq!(puts(&desk).len(), 2, "looking writes nothing");

    let path = "Phone: on a call/Transfers only";
    let set = ["set", "Transfers only", "--after-call"];
    let output = statusctl(&session, &set, "");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Transfers only after the call"), "{said}");
    item.wait_until_menu("it waits for the call", SOON, |menu| {
        menu.find("Phone: on a call, then Transfers only").is_some()
    });
    item.click("Phone: on a call, then Transfers only/Stay as I am");
    item.wait_until_menu("nothing waits any more", SOON, |menu| {
        menu.find(path).is_some_and(|entry| !entry.is_on())
    });
    item.click(path);
    item.wait_until_menu("it waits again", SOON, |menu| {
        menu.find("Phone: on a call, then Transfers only").is_some()
    });
    desk.zendesk
        .set_call_status(sample::ADA, None)
        .expect("Ada is an agent");
    lit(&item, "Transfers only");
    assert_eq!(puts(&desk).len(), 3, "one write, when the call was over");
}

#[test]
fn routing_that_is_switched_off_and_on_again_is_told_and_the_real_menu_follows() {
    let session = Session::start();
    let _watcher = session.watcher();
    let notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    let app = Launch::app().arg("--hidden").start(&session);
    let item = app.tray_item();
    lit(&item, "Online");
    item.wait_until_listed("Lunch", SOON);

    desk.zendesk
        .set_talk_state(sample::ADA, "away")
        .expect("Ada is an agent");
    desk.zendesk.set_omnichannel(false);
    lit(&item, "Away");
    item.wait_until_menu("Talk's states are the statuses", SOON, |menu| {
        menu.find("Lunch").is_none() && menu.chosen() == ["Away"]
    });
    let off = notifications.wait_for("the first word", SOON, |_| true);
    assert!(off.body.contains("switched off"), "{off:?}");
    item.click("Transfers only");
    lit(&item, "Transfers only");

    desk.zendesk
        .force_status(sample::ADA, sample::LUNCH, "AGENT_STATUS_SWITCHER")
        .expect("Ada is an agent");
    desk.zendesk.set_omnichannel(true);
    item.click("Online");
    item.wait_until_menu("the click got a clear word", SOON, |menu| {
        menu.to_string().contains("Not switched to Online")
    });
    lit(&item, "Lunch");
    item.wait_until_menu("the statuses are back", SOON, |menu| {
        menu.chosen() == ["Lunch"]
    });
    notifications.wait_for("the second word", SOON, |notice| {
        notice.body.contains("switched on")
    });
    item.click("Online");
    lit(&item, "Online");
    assert_eq!(
        desk.zendesk.current_status(sample::ADA).map(|now| now.id),
        Some(sample::ONLINE)
    );
}
