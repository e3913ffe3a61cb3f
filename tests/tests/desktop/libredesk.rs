//! A Libredesk account on a real desktop: signed in by the window, switched, swept, put back, and told at once.

use std::time::Duration;

use simulator::libredesk::sample;
use system_tests::command_line::Office;
use system_tests::desktop::{KeyringState, Launch, Session, Window, wait_for};

use super::{SOON, lit, picture};

/// Types into the window's form what an admin gave.
fn fill_in(window: &Window, office: &Office) {
    window.click("input[name=helpdesk][value=libredesk]");
    window.type_into("input[name=address]", &office.url());
    window.type_into("input[name=key]", sample::KEY);
    window.type_into("input[type=password]", sample::SECRET);
}

#[test]
fn libredesk_is_signed_in_by_the_window_switched_swept_and_put_back() {
    let session = Session::start();
    let panel = session.panel();
    let notifications = session.notification_daemon();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let office = Office::http();
    let mut app = Launch::app().start_driven(&session);
    let window = app.window(SOON);
    fill_in(&window, &office);
    window.screenshot(&picture("libredesk-form.png"));
    // Not held here: the server's own sweep is what this story is about.
    window.click("input[name=keep-online]");
    window.click("button.main");
    window.wait_for_text(".headline", SOON, |text| text == "Online");
    assert!(!window.source().contains(sample::SECRET));
    window.wait_for_text(".now", SOON, |text| text.contains("five minutes"));
    window.screenshot(&picture("libredesk-window.png"));

    let item = app.tray_item();
    lit(&item, "Online", SOON);
    item.wait_until_listed("Away and reassign replies", SOON);
    let mut menu = panel.open_menu(&item);
    menu.highlight("Away and reassign replies");
    menu.screenshot(&picture("libredesk-menu.png"));
    menu.pick("Away and reassign replies");
    lit(&item, "Away and reassign replies", SOON);
    assert_eq!(office.status(), "away_and_reassigning");
    panel.open_menu(&item).pick("Online");
    lit(&item, "Online", SOON);
    assert_eq!(office.status(), "online");

    wait_for("the websocket", SOON, || {
        (office.desk.sockets(sample::ADA) == 1).then_some(())
    });
    office.desk.advance(Duration::from_secs(420));
    lit(&item, "Offline", SOON);
    let notice = notifications.wait_for("the notice", SOON, |_| true);
    assert_eq!(notice.summary, "You were moved to Offline");
    assert!(notice.body.contains("browser tab"), "{}", notice.body);
    window.wait_for_text(".now", SOON, |text| {
        text.contains("still receive conversations")
    });
    window.screenshot(&picture("libredesk-swept.png"));
    notifications.choose("Put me back to Online");
    lit(&item, "Online", SOON);
    assert_eq!(office.status(), "online");

    // A change by another client is told by the websocket; it is read every 90 seconds only.
    office.desk.set_in_browser(sample::ADA, "away_manual");
    lit(&item, "Away", SOON);
    assert!(app.output().is_empty() || !app.output().contains(sample::SECRET));
}

#[test]
fn who_is_kept_online_gives_presence_and_may_stop_it_in_the_window() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let office = Office::http();
    let mut app = Launch::app().start_driven(&session);
    let window = app.window(SOON);
    fill_in(&window, &office);
    window.click("button.main");
    window.wait_for_text(".now", SOON, |text| text.contains("keeps you Online"));
    wait_for("presence", SOON, || {
        (office.desk.pings(sample::ADA) > 0).then_some(())
    });
    window.screenshot(&picture("libredesk-held.png"));
    window.click(".presence summary");
    window.click(".presence input");
    window.wait_for_text(".now", SOON, |text| text.contains("five minutes"));
}
