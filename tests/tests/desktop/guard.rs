//! A guard on a real desktop: a login service is asked to wait, and quitting waits.

use std::time::{Duration, Instant};

use simulator::{Fault, FaultRule, sample};
use system_tests::desktop::{
    App, HelpDesk, Keyring, KeyringState, Launch, Logind, NotificationMock, Session, TrayItem,
    Watcher, wait_for,
};

use super::{SOON, lit, picture};

/// Four seconds, and what a loaded machine adds to them; a request itself may take ten.
const AT_MOST: Duration = Duration::from_secs(8);
const FOUR_SECONDS: Duration = Duration::from_secs(4);

/// The guard is for these ways of leaving.
const WAYS: [&str; 3] = ["sleep", "shutdown", "quit"];

/// Ada signed in, with or without a guard that goes Offline, on a computer with a login service.
struct Desk {
    app: App,
    item: TrayItem,
    logind: Logind,
    notifications: NotificationMock,
    zendesk: HelpDesk,
    _keyring: Keyring,
    _watcher: Watcher,
    _session: Session,
}

impl Desk {
    fn start(is_guarded: bool) -> Self {
        let session = Session::start();
        let watcher = session.watcher();
        let notifications = session.notification_mock();
        let keyring = session.keyring(KeyringState::Unlocked);
        let logind = session.logind();
        let zendesk = HelpDesk::start();
        zendesk.sign_in(&session);
        if is_guarded {
            session.set_guard(&WAYS);
        }
        let (name, bus) = session.system_bus();
        let app = Launch::app().arg("--hidden").env(name, bus).start(&session);
        let item = app.tray_item();
        lit(&item, "Online", SOON);
        Self {
            app,
            item,
            logind,
            notifications,
            zendesk,
            _keyring: keyring,
            _watcher: watcher,
            _session: session,
        }
    }

    fn wait_for_write(&self) {
        wait_for("a write", SOON, || self.zendesk.writes().first().copied());
    }
}

#[test]
fn sleep_waits_until_the_guard_has_switched_and_waking_offers_the_way_back() {
    let at = Desk::start(true);
    let held = at.logind.wait_until_held(1, SOON);
    assert_eq!(
        (held.what.as_str(), held.who.as_str(), held.mode.as_str()),
        ("sleep:shutdown", "Statuslight", "delay")
    );
    assert_eq!(held.released, None);

    at.logind.sleep(true);
    at.logind.wait_until_released(1, SOON);
    let requests = at.zendesk.zendesk.requests();
    let put = requests.iter().find(|request| request.method == "PUT");
    let answered = put.and_then(|put| put.status);
    assert_eq!(answered, Some(200), "the answer comes before the release");
    assert_eq!(at.zendesk.writes(), [sample::OFFLINE]);

    at.logind.sleep(false);
    let offer = at
        .notifications
        .wait_for("the way back is offered", SOON, |notice| {
            notice.summary == "Welcome back: you are in Offline"
        });
    at.logind.wait_until_held(2, SOON);
    at.notifications.press(offer.id, "Back to Online");
    lit(&at.item, "Online", SOON);
    assert_eq!(at.zendesk.writes(), [sample::OFFLINE, sample::ONLINE]);
}

#[test]
fn a_help_desk_that_hangs_holds_a_shutdown_up_for_four_seconds() {
    let at = Desk::start(true);
    at.logind.wait_until_held(1, SOON);
    at.zendesk
        .zendesk
        .fault(FaultRule::new(Fault::Hang).method("PUT"));
    let begun = Instant::now();
    at.logind.shut_down(true);
    let released = at.logind.wait_until_released(1, SOON);
    let held_up = released.duration_since(begun);
    assert!(held_up < AT_MOST, "{held_up:?}");
    assert_eq!(at.zendesk.writes(), [sample::OFFLINE]);
}

#[test]
fn without_a_guard_nobody_is_held_up_and_quitting_waits_for_a_click_under_way() {
    let mut at = Desk::start(false);
    at.zendesk
        .zendesk
        .fault(FaultRule::new(Fault::Hang).method("PUT"));
    at.item.click("Lunch");
    at.wait_for_write();
    let begun = Instant::now();
    at.item.click("Quit");
    assert!(at.app.wait_exit(SOON).success());
    let waited = begun.elapsed();
    assert!(waited < AT_MOST, "{waited:?}");
    assert!(waited > FOUR_SECONDS / 2, "{waited:?}");
    assert!(at.logind.taken().is_empty());
    assert_eq!(at.zendesk.writes(), [sample::LUNCH]);
}

#[test]
fn the_end_of_the_session_is_a_way_of_leaving() {
    let mut at = Desk::start(true);
    assert!(at.app.terminate(SOON).success());
    assert_eq!(at.zendesk.writes(), [sample::OFFLINE]);
}

#[test]
fn where_nothing_can_be_asked_to_wait_the_window_says_so_as_long_as_a_guard_is_set() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let zendesk = HelpDesk::start();
    zendesk.sign_in(&session);
    session.set_guard(&WAYS);
    // A system bus, and no logind on it.
    let (name, bus) = session.system_bus();
    let app = Launch::app().arg("--hidden").env(name, bus);
    let mut app = app.start_driven(&session);
    app.tray_item().activate();
    let window = app.window(SOON);
    window.wait_for_text(".note", SOON, |text| text.contains("logind"));
    window.screenshot(&picture("guard-without-logind.png"));
    let rule = window.wait_for_text(".guard summary", SOON, |text| text.contains("Offline"));
    assert!(rule.contains("on sleep, shutdown, quitting"), "{rule}");

    window.click(".guard summary");
    window.click(".guard input");
    window.wait_for_text(".guard summary", SOON, |text| text.contains("stay as I am"));
    wait_for("the hint to go", SOON, || {
        (window.count("main > .note") == 0).then_some(())
    });
}
