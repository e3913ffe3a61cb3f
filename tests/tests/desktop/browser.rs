//! Signing in from the app's button: the browser that opens, and the light that follows.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use simulator::sample;
use system_tests::consent;
use system_tests::desktop::{HelpDesk, KeyringState, Launch, Session, statusctl, wait_for};

use super::{SOON, lit, picture};

#[test]
fn the_windows_button_opens_the_browser_and_allowing_there_lights_the_light() {
    let session = Session::start();
    let _watcher = session.watcher();
    let _notifications = session.notification_mock();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    // In the place of a browser: it writes down what it is to show.
    let programs = session.home().join("programs");
    let shown = session.home().join("shown");
    fs::create_dir_all(&programs).expect("own folders are writable");
    let browser = programs.join("xdg-open");
    fs::write(
        &browser,
        format!("#!/bin/sh\necho \"$1\" > '{}'\n", shown.display()),
    )
    .expect("own folders are writable");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).expect("it is ours");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut app = Launch::app()
        .env("PATH", format!("{}:{path}", programs.display()))
        .start_driven(&session);
    let window = app.window(SOON);
    window.type_into("input[name=address]", &desk.url());
    window.type_into("input[name=client-id]", sample::CLIENT_ID);
    window.click("form button[type=submit]");
    window.wait_for_text("form", SOON, |text| {
        text.contains("Allow Statuslight there")
    });
    window.screenshot(&picture("browser-waiting.png"));
    let address = wait_for("the browser to be opened", SOON, || {
        let address = fs::read_to_string(&shown).ok()?;
        address.ends_with('\n').then(|| address.trim().to_owned())
    });
    let page = consent::decide(&address, "allow");
    assert!(page.contains("go back to Statuslight"), "{page}");
    window.wait_for_text(".headline", SOON, |text| text == "Online");
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    item.wait_until_menu("the statuses are listed", SOON, |menu| {
        menu.find("Lunch").is_some()
    });
    desk.zendesk.end_access_tokens();
    item.click("Lunch");
    lit(&item, "Lunch", SOON);
    window.screenshot(&picture("browser-signed-in.png"));

    let source = window.source();
    let out = statusctl(&session, &["logout", "local"], "");
    assert!(out.status.success(), "{out:?}");
    let requests = desk.zendesk.requests();
    assert!(requests.iter().any(|request| request.method == "DELETE"));
    let mut texts = vec![source, app.output()];
    texts_below(&session.home(), &mut texts);
    texts_below(&session.logs(), &mut texts);
    for secret in desk.zendesk.given_out() {
        assert!(
            texts.iter().all(|text| !text.contains(&secret)),
            "a secret stayed behind"
        );
    }
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
