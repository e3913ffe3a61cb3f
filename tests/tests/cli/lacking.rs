//! What the computer may lack: readable settings, a keyring, a bus, a place to write.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use simulator::sample;
use system_tests::command_line::{Server, Terminal};
use system_tests::desktop::{KeyringState, Session};

use crate::secrets::found_below;

/// How many secrets of ours the session's keyring holds.
#[track_caller]
pub(crate) fn kept_secrets(terminal: &Terminal) -> usize {
    let mut search = terminal.session.command("secret-tool");
    let found = search
        .args(["search", "--all", "service", "Statuslight"])
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&found.stdout) + String::from_utf8_lossy(&found.stderr);
    text.lines().filter(|line| line.starts_with("[/")).count()
}

fn settings_beside(terminal: &Terminal) -> Vec<PathBuf> {
    let folder = terminal
        .settings()
        .parent()
        .map(PathBuf::from)
        .unwrap_or_default();
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    entries
        .filter(|path| *path != terminal.settings() && path.is_file())
        .collect()
}

#[test]
fn settings_that_are_broken_are_told_and_kept_byte_for_byte() {
    for broken in [
        &b"{\"version\":1,\"accounts\":[{"[..],
        b"\xff\xfe not text",
        b"",
        b"[]",
        b"{\"accounts\":7}",
    ] {
        let server = Server::http();
        let terminal = Terminal::signed_in(&server);
        fs::write(terminal.settings(), broken).expect("they are the session's own");
        let told = terminal.run(&["status"]);
        assert_ne!(told.code, 0, "{told:#?}");
        let told = told.saying(&["settings", "kept as"]);
        let beside = settings_beside(&terminal);
        let [kept] = &beside[..] else {
            panic!("{beside:?} for {broken:?}")
        };
        assert_eq!(fs::read(kept).expect("it is there"), broken);
        let name = kept
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a plain name");
        assert!(told.err.contains(name), "{name} is named in {told:#?}");

        let _ = terminal.run(&["status"]).with_code(3).saying(&["sign in"]);
        terminal.sign_in(&server);
        let _ = terminal.run(&["set", "Lunch"]).well();
        assert_eq!(fs::read(kept).expect("it is there"), broken, "it stays");
    }
}

#[test]
fn signing_in_over_broken_settings_says_so_and_keeps_them() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    fs::write(terminal.settings(), "not settings").expect("they are the session's own");
    let login = terminal.login(&server.url(), sample::ADA_TOKEN).well();
    let _ = login.saying(&["settings", "kept as"]);
    let beside = settings_beside(&terminal);
    assert_eq!(beside.len(), 1, "{beside:?}");
    assert_eq!(fs::read(&beside[0]).expect("it is there"), b"not settings");
    let _ = terminal.run(&["set", "Lunch"]).well();
}

#[test]
fn settings_of_a_newer_version_are_kept_and_not_overwritten() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let newer = br#"{"version":99,"accounts":{"acme":{}}}"#;
    fs::write(terminal.settings(), newer).expect("they are the session's own");
    let told = terminal.run(&["list", "--json"]);
    assert_ne!(told.code, 0, "{told:#?}");
    assert_eq!(told.error_code(), "settings");
    let all: Vec<PathBuf> = settings_beside(&terminal)
        .into_iter()
        .chain([terminal.settings()])
        .collect();
    assert!(
        all.iter()
            .any(|path| fs::read(path).is_ok_and(|bytes| bytes == newer)),
        "{all:?}"
    );
}

#[test]
fn fields_of_others_survive_signing_in_and_out() {
    let server = Server::http();
    let terminal = Terminal::open();
    terminal.read_often();
    let mut settings: serde_json::Value =
        serde_json::from_slice(&fs::read(terminal.settings()).expect("they are there"))
            .expect("JSON");
    settings["colour_of_the_moon"] = "silver".into();
    fs::write(terminal.settings(), settings.to_string()).expect("they are the session's own");
    terminal.sign_in(&server);
    let _ = terminal.run(&["logout", "local"]).well();
    let after: serde_json::Value =
        serde_json::from_slice(&fs::read(terminal.settings()).expect("they are there"))
            .expect("JSON");
    assert_eq!(after["colour_of_the_moon"], "silver");
    assert_eq!(after["poll_interval_s"], 5);
}

/// Signing in ends with 3, points to the window and leaves nothing.
#[track_caller]
fn cannot_be_kept(terminal: &Terminal, server: &Server) {
    let done = terminal
        .login(&server.url(), sample::ADA_TOKEN)
        .with_code(3);
    assert!(done.took < Duration::from_secs(20), "{done:#?}");
    let _ = done.saying(&["keyring", "window"]);
    let url = server.url();
    let done = terminal.login_json(&url, sample::ADA_TOKEN).with_code(3);
    assert_eq!(done.error_code(), "no_secret_store");
    assert_eq!(
        terminal.run(&["accounts", "--json"]).well().json(),
        json!([])
    );
    assert_eq!(found_below(&terminal.session.home()), [""; 0]);
    assert_eq!(found_below(&terminal.session.runtime_dir()), [""; 0]);
}

#[test]
fn without_a_keyring_signing_in_points_to_the_window_and_leaves_nothing() {
    let server = Server::http();
    cannot_be_kept(&Terminal::in_session(Session::start(), None), &server);
}

#[test]
fn without_a_bus_signing_in_points_to_the_window_and_leaves_nothing() {
    let server = Server::http();
    cannot_be_kept(&Terminal::in_session(Session::without_bus(), None), &server);
}

#[test]
fn with_a_locked_keyring_signing_in_points_to_the_window_and_leaves_nothing() {
    let server = Server::http();
    for state in [KeyringState::Locked, KeyringState::LockedNobodyAnswers] {
        cannot_be_kept(
            &Terminal::in_session(Session::start(), Some(state)),
            &server,
        );
    }
}

#[test]
fn a_keyring_that_goes_away_is_not_taken_for_a_sign_out() {
    let server = Server::http();
    let mut terminal = Terminal::signed_in(&server);
    if let Some(keyring) = &mut terminal.keyring {
        keyring.stop();
    }
    for arguments in [
        &["status", "--json"][..],
        &["list", "--json"],
        &["set", "Lunch", "--json"],
    ] {
        let done = terminal.run(arguments).with_code(3);
        assert_eq!(done.error_code(), "no_secret_store", "{arguments:?}");
    }
    let _ = terminal.run(&["status"]).with_code(3).saying(&["keyring"]);
    let _ = terminal
        .run(&["logout", "local"])
        .with_code(3)
        .saying(&["keyring"]);
    let accounts = terminal.run(&["accounts", "--json"]).well().json();
    assert_eq!(accounts[0]["account"], "local", "the account stays");
    assert_eq!(server.writes(), [0_u64; 0]);

    if let Some(keyring) = &mut terminal.keyring {
        keyring.restart();
    }
    let _ = terminal.run(&["set", "Lunch"]).well();
    assert_eq!(server.writes(), [sample::LUNCH]);
}

#[test]
fn without_a_place_to_write_it_says_so() {
    let server = Server::http();
    let mut terminal = Terminal::open();
    terminal.set_variable("HOME", "");
    terminal.set_variable("XDG_CONFIG_HOME", "/proc/nowhere");
    terminal.set_variable("XDG_DATA_HOME", "/proc/nowhere");
    let done = terminal.login(&server.url(), sample::ADA_TOKEN);
    assert_eq!(done.code, 1, "{done:#?}");
    let _ = done.saying(&["folder"]);
    assert_eq!(kept_secrets(&terminal), 0);
}

#[test]
fn what_is_written_is_the_users_alone() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _ = terminal.run(&["set", "Lunch"]).well();
    let home = terminal.session.home();
    let mut checked = 0;
    let mut folders = vec![
        home.join(".config/statuslight"),
        home.join(".local/share/statuslight"),
    ];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder)
            .expect("it is there")
            .flatten()
            .map(|entry| entry.path())
        {
            let mode = fs::metadata(&path)
                .expect("it is there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o077, 0, "{} can be read by others", path.display());
            checked += 1;
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    assert!(checked >= 3, "settings, lock and what is remembered");
}
