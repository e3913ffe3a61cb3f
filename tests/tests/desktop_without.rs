//! The product where something is missing: it starts, says once what is missing, and works with what is left.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use simulator::{Fault, FaultRule, sample};
use system_tests::desktop::{
    HelpDesk, KeyringState, Launch, Session, TrayItem, Window, statusctl, wait_for,
};

const SOON: Duration = Duration::from_secs(10);
/// Two read intervals: what the help desk changed is known by then.
const SEEN: Duration = Duration::from_secs(15);
/// The app is there by then, whatever is missing.
const START: Duration = Duration::from_secs(2);

fn lit(item: &TrayItem, status: &str, limit: Duration) {
    item.wait_until(&format!("the light says {status}"), limit, |now| {
        now.tool_tip.title.starts_with(status)
    });
}

fn says(window: &Window, words: &str) {
    window.wait_for_text("body", SOON, |text| text.contains(words));
}

/// How often the window says it.
fn count(window: &Window, words: &str) -> usize {
    window.text("body").matches(words).count()
}

/// Signs Ada in by the window's form, as a person would.
fn sign_in_by_form(window: &Window, desk: &HelpDesk, token: &str) {
    window.js(
        "for (const field of document.querySelectorAll('input[name=address]')) field.value = ''",
    );
    window.click("input[name=by][value=access_token]");
    window.type_into("input[name=address]", &desk.url());
    window.type_into("input[type=password]", token);
    window.click("form button[type=submit]");
}

#[test]
fn without_a_tray_the_window_opens_and_explains_and_a_late_panel_gets_the_light() {
    let session = Session::start();
    let mut app = Launch::app()
        .arg("--demo")
        .arg("--hidden")
        .start_driven(&session);
    let window = app.window(SOON);
    says(&window, "Nothing on this desktop shows tray icons");
    window.wait_for_text(".headline", SOON, |text| text == "Online");
    assert_eq!(count(&window, "shows tray icons"), 1, "said once");

    let mut panel = session.panel();
    let item = app.tray_item();
    panel.wait_for_icon(&item, SOON);
    window.wait_for_text("body", SOON, |text| !text.contains("shows tray icons"));
    panel.restart();
    panel.wait_for_icon(&app.tray_item(), SOON);
}

#[test]
fn a_watcher_without_a_panel_is_no_tray_either() {
    let session = Session::start();
    let _watcher = session.watcher_without_host();
    let mut app = Launch::app()
        .arg("--demo")
        .arg("--hidden")
        .start_driven(&session);
    says(
        &app.window(SOON),
        "Nothing on this desktop shows tray icons",
    );
}

#[test]
fn without_a_bus_signing_in_and_switching_work_and_the_terminal_reaches_the_app() {
    let session = Session::without_bus();
    let desk = HelpDesk::start();
    let begun = Instant::now();
    let mut app = Launch::app().start_driven(&session);
    let window = app.window(SOON);
    says(&window, "Nothing on this desktop shows tray icons");
    assert!(begun.elapsed() < SOON);
    sign_in_by_form(&window, &desk, sample::ADA_TOKEN);
    says(&window, "kept only until Statuslight ends");
    wait_for("the statuses in the window", SOON, || {
        (window.count("[data-status]") > 0).then_some(())
    });
    let switched = statusctl(&session, &["set", "Lunch"], "");
    assert!(switched.status.success(), "{switched:?}");
    assert_eq!(desk.writes(), [sample::LUNCH]);
    says(&window, "Since");
    assert!(app.is_running());
}

#[test]
fn without_a_notification_service_the_light_and_the_menu_tell() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    let mut app = Launch::app().arg("--hidden").start_driven(&session);
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    desk.zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    lit(&item, "Away", SEEN);
    item.wait_until_menu("the offer is in the menu", SOON, |menu| {
        menu.find("Put me back to Online")
            .is_some_and(|entry| entry.visible)
    });
    item.activate();
    let window = app.window(SOON);
    says(&window, "This desktop shows no notifications");
    item.click("Put me back to Online");
    lit(&item, "Online", SOON);
    assert_eq!(desk.writes(), [sample::ONLINE]);
}

#[test]
fn without_a_keyring_the_session_is_kept_in_memory_and_the_window_says_so() {
    let session = Session::start();
    let watcher = session.watcher();
    let desk = HelpDesk::start();
    let mut app = Launch::app().start_driven(&session);
    assert!(app.time_to_tray(&watcher) < START);
    let window = app.window(SOON);
    sign_in_by_form(&window, &desk, sample::ADA_TOKEN);
    says(&window, "kept only until Statuslight ends");
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    item.wait_until_listed("Lunch", SOON);
    item.click("Lunch");
    lit(&item, "Lunch", SOON);
}

#[test]
fn a_locked_keyring_that_nobody_unlocks_is_no_sign_out_and_an_answer_lights_the_light() {
    let session = Session::start();
    let watcher = session.watcher();
    let mut keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    keyring.lock(true);
    let app = Launch::app().arg("--hidden").start(&session);
    assert!(app.time_to_tray(&watcher) < START);
    let item = app.tray_item();
    lit(&item, "Waiting for the keyring", SOON);
    keyring.wait_for_question(SOON);
    assert!(app.is_running());
    keyring.answer_question();
    lit(&item, "Online", Duration::from_secs(30));
}

#[test]
fn a_keyring_that_was_restarted_serves_the_running_app() {
    let session = Session::start();
    let _watcher = session.watcher();
    let mut keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    let app = Launch::app().arg("--hidden").start(&session);
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    keyring.restart();
    let out = statusctl(&session, &["logout", "local"], "");
    assert!(out.status.success(), "{out:?}");
    lit(&item, "Not signed in", SOON);
    desk.sign_in(&session);
    lit(&item, "Online", SOON);
}

#[test]
fn broken_settings_are_kept_aside_and_told() {
    let session = Session::start();
    let folder = session.home().join(".config/statuslight");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("settings.json"), b"{ \"accounts\": [").unwrap();
    let _watcher = session.watcher();
    let mut app = Launch::app().start_driven(&session);
    let window = app.window(SOON);
    says(&window, "settings.unreadable");
    let kept = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("unreadable"))
        .expect("the broken file is kept");
    assert_eq!(fs::read(kept).unwrap(), b"{ \"accounts\": [");
}

#[test]
fn no_secret_is_left_anywhere_after_signing_in_failing_and_signing_out() {
    let session = Session::start();
    let _watcher = session.watcher();
    let notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    let mut app = Launch::app().start_driven(&session);
    let window = app.window(SOON);
    let mut seen = Vec::new();

    let wrong = "wrong-token-7f3a9c";
    sign_in_by_form(&window, &desk, wrong);
    says(&window, "did not accept this token");
    seen.push(("the window after a failed sign-in", everything_in(&window)));

    sign_in_by_form(&window, &desk, sample::ADA_TOKEN);
    wait_for("the statuses in the window", SOON, || {
        (window.count("[data-status]") > 0).then_some(())
    });
    seen.push(("the window after signing in", everything_in(&window)));
    let socket = overhear(&session);

    let item = app.tray_item();
    item.wait_until_listed("Lunch", SOON);
    item.click("Lunch");
    lit(&item, "Lunch", SOON);
    desk.zendesk
        .fault(FaultRule::new(Fault::status(500)).method("PUT").times(1));
    item.click("Away");
    lit(&item, "Away", SOON);
    desk.zendesk.lock_account(true);
    item.click("Online");
    notifications.wait_for("the failed switch is told", SOON, |_| true);
    desk.zendesk.lock_account(false);
    for process in app.processes() {
        let folder = Path::new("/proc").join(process.pid.to_string());
        for part in ["cmdline", "environ"] {
            let text = fs::read(folder.join(part)).unwrap_or_default();
            seen.push(("a process", String::from_utf8_lossy(&text).into_owned()));
        }
    }
    let out = statusctl(&session, &["logout", "local"], "");
    assert!(out.status.success(), "{out:?}");
    lit(&item, "Not signed in", SOON);
    seen.push(("the window after signing out", everything_in(&window)));
    seen.push(("the app's output", app.output()));
    seen.push((
        "the local socket",
        socket.join().expect("the socket was overheard"),
    ));
    let told = notifications.all();
    seen.push(("notifications", format!("{told:?}")));
    files_below(&session.home(), &mut seen);
    files_below(&session.runtime_dir(), &mut seen);
    files_below(&session.logs(), &mut seen);

    assert!(
        seen.iter()
            .any(|(place, text)| *place == "the local socket" && text.contains("Lunch"))
    );
    for (place, text) in &seen {
        for secret in [wrong, sample::ADA_TOKEN] {
            assert!(!text.contains(secret), "{place} holds a secret: {text}");
        }
    }
}

/// The page's source and what stands in its fields.
fn everything_in(window: &Window) -> String {
    let fields = window
        .js("return [...document.querySelectorAll('input')].map(field => field.value).join('|')");
    format!("{}{fields}", window.source())
}

/// Reads all that the app sends over its local socket until the account is gone.
fn overhear(session: &Session) -> std::thread::JoinHandle<String> {
    use std::io::{BufRead as _, BufReader};
    let folder = session.runtime_dir().join("statuslight");
    let path = wait_for("the local socket", SOON, || {
        let entries = folder.read_dir().ok()?.flatten();
        entries
            .map(|entry| entry.path())
            .find(|path| path.extension().is_none_or(|end| end != "lock"))
    });
    let stream = std::os::unix::net::UnixStream::connect(path).expect("the app listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a limit");
    std::thread::spawn(move || {
        let mut heard = String::new();
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { break };
            heard.push_str(&line);
            if line.contains("\"accounts\":[]") {
                break;
            }
        }
        heard
    })
}

/// All files below `folder` but the keyring's own.
fn files_below(folder: &Path, seen: &mut Vec<(&'static str, String)>) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if path.ends_with("keyrings") {
            continue;
        }
        if kind.is_dir() {
            files_below(&path, seen);
        } else if kind.is_file() {
            let text = fs::read(&path).unwrap_or_default();
            seen.push((
                "a file",
                format!("{} {}", path.display(), String::from_utf8_lossy(&text)),
            ));
        }
    }
}

#[test]
fn settings_pointed_at_another_address_find_no_secret_to_send_there() {
    let session = Session::start();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let (desk, other) = (HelpDesk::start(), HelpDesk::start());
    desk.sign_in(&session);
    let path = session.home().join(".config/statuslight/settings.json");
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(&path, settings.replace(&desk.url(), &other.url())).unwrap();
    let asked = statusctl(&session, &["status"], "");
    assert_eq!(asked.status.code(), Some(3), "{asked:?}");
    assert_eq!(other.zendesk.requests().len(), 0);
}

#[test]
fn whatever_is_missing_the_app_is_there_within_two_seconds() {
    for session in [Session::start(), Session::without_bus()] {
        let app = Launch::app().arg("--hidden").start(&session);
        let socket = session.runtime_dir().join("statuslight/socket");
        wait_for("the app to be there", SOON, || {
            socket.exists().then_some(())
        });
        let took = app.started().elapsed();
        assert!(took < START, "{took:?}");
        assert!(app.is_running());
    }
}
