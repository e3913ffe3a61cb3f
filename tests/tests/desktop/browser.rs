//! Signing in from the app's button: the browser that opens, and the light that follows.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use simulator::sample;
use system_tests::consent;
use system_tests::desktop::{
    Chromium, DrivenApp, HelpDesk, KeyringState, Launch, Session, Window, has_chromium,
    required_bin, statusctl, wait_for,
};

use super::{SOON, lit, picture};

/// The three ports belong to the whole computer: a sign-in beside this one may take its time.
const LONG: Duration = Duration::from_secs(30);

#[test]
fn the_windows_button_opens_the_browser_and_allowing_there_lights_the_light() {
    let session = Session::start();
    let _watcher = session.watcher();
    let notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    let path = catch_addresses(&session);
    let mut app = Launch::app().env("PATH", path).start_driven(&session);
    let window = app.window(SOON);
    press_the_button(&window, &desk);
    window.wait_for_text("form", SOON, |text| {
        text.contains("Allow Statuslight there")
    });
    window.screenshot(&picture("browser-waiting.png"));
    let address = caught(&session);
    let mut texts = shown_by_processes(&app);
    let page = consent::decide(&address, "allow");
    assert!(page.contains("go back to Statuslight"), "{page}");
    window.wait_for_text(".headline", SOON, |text| text == "Online");
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    item.wait_until_listed("Lunch", SOON);
    desk.zendesk.end_access_tokens();
    item.click("Lunch");
    lit(&item, "Lunch", SOON);
    window.screenshot(&picture("browser-signed-in.png"));

    let source = window.source();
    let out = statusctl(&session, &["logout", "local"], "");
    assert!(out.status.success(), "{out:?}");
    let requests = desk.zendesk.requests();
    assert!(requests.iter().any(|request| request.method == "DELETE"));
    texts.extend(shown_by_processes(&app));
    texts.extend([source, app.output(), format!("{:?}", notifications.all())]);
    texts_below(&session.home(), &mut texts);
    texts_below(&session.logs(), &mut texts);
    for secret in desk.zendesk.exchanged() {
        assert!(
            texts.iter().all(|text| !text.contains(&secret)),
            "a secret stayed behind"
        );
    }
}

/// In a real browser, where the distribution has one: from the window's button, and from a terminal.
#[test]
fn a_real_browser_signs_in_from_the_window_and_from_the_terminal() {
    if !has_chromium() {
        return;
    }
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    let browser = Chromium::start(&session);
    let path = catch_addresses(&session);
    let mut app = Launch::app().env("PATH", path).start_driven(&session);
    let window = app.window(SOON);
    press_the_button(&window, &desk);
    browser.open(&caught(&session));
    browser.click("button[value=allow]");
    browser.says("go back to Statuslight");
    window.wait_for_text(".headline", LONG, |text| text == "Online");
    let out = statusctl(&session, &["logout", "local"], "");
    assert!(out.status.success(), "{out:?}");

    let url = desk.url();
    let login = [
        "login",
        "zendesk",
        "--url",
        &url,
        "--client-id",
        sample::CLIENT_ID,
    ];
    let mut login = session.run(
        "login",
        required_bin("STATUSCTL_BIN"),
        &[&login[..], &["--no-browser"]].concat(),
    );
    let address = consent::printed_address(&login, LONG);
    browser.open(&address);
    browser.click("button[value=allow]");
    browser.says("go back to Statuslight");
    assert!(login.wait_exit(LONG).success(), "{}", login.errors());
    window.wait_for_text(".headline", LONG, |text| text == "Online");
}

/// Fills in the window's form and presses its button.
fn press_the_button(window: &Window, desk: &HelpDesk) {
    window.type_into("input[name=address]", &desk.url());
    window.type_into("input[name=client-id]", sample::CLIENT_ID);
    window.click("form button[type=submit]");
}

/// Puts a program in the browser's place that writes down what it is to show; the search path with it.
fn catch_addresses(session: &Session) -> String {
    let programs = session.home().join("programs");
    fs::create_dir_all(&programs).expect("own folders are writable");
    let browser = programs.join("xdg-open");
    let script = format!("#!/bin/sh\necho \"$1\" > '{}'\n", shown(session).display());
    fs::write(&browser, script).expect("own folders are writable");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).expect("it is ours");
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{}:{path}", programs.display())
}

fn shown(session: &Session) -> std::path::PathBuf {
    session.home().join("shown")
}

/// The address that the browser was to show.
fn caught(session: &Session) -> String {
    wait_for("the browser to be opened", LONG, || {
        let address = fs::read_to_string(shown(session)).ok()?;
        address.ends_with('\n').then(|| address.trim().to_owned())
    })
}

/// What everybody may read of the app's processes.
fn shown_by_processes(app: &DrivenApp) -> Vec<String> {
    let processes = app.processes();
    assert!(processes.len() > 1, "the app and its window");
    let parts = processes.into_iter().flat_map(|process| {
        let folder = std::path::Path::new("/proc").join(process.pid.to_string());
        ["cmdline", "environ"].map(|part| folder.join(part))
    });
    let read = parts.map(|part| fs::read(part).unwrap_or_default());
    read.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

fn texts_below(folder: &std::path::Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts_below(&path, texts);
        } else if let Ok(bytes) = fs::read(&path) {
            texts.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}
