//! `statusctl doctor`: what it finds well, what it finds ill, and what it says to do.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use simulator::sample;
use system_tests::command_line::{Server, Terminal};
use system_tests::desktop::{Session, wait_for};

const SOON: Duration = Duration::from_secs(30);

/// Where Ada's time in status is kept.
fn history(terminal: &Terminal) -> PathBuf {
    let home = terminal.session.home();
    home.join(".local/share/statuslight/history/local.jsonl")
}

/// The states of all checks of this name.
fn states<'a>(checks: &'a Value, name: &str) -> Vec<&'a str> {
    let checks = checks.as_array().into_iter().flatten();
    checks
        .filter(|check| check["check"] == name)
        .filter_map(|check| check["state"].as_str())
        .collect()
}

#[test]
fn a_healthy_agent_is_told_what_works_and_what_the_role_may_not() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _app = terminal.app();
    wait_for("the history to begin", SOON, || {
        history(&terminal).exists().then_some(())
    });
    let done = terminal.run(&["doctor", "--json"]);
    let checks = done.json();
    for name in [
        "settings_folder",
        "app",
        "settings",
        "session_bus",
        "keyring",
        "network",
        "sign_in",
        "clock",
        "omnichannel_routing",
        "history",
    ] {
        assert_eq!(states(&checks, name), ["ok"], "{name} in {checks:#}");
    }
    assert_eq!(
        states(&checks, "capability"),
        ["ok", "ok", "ok", "skipped", "skipped", "skipped"],
        "{checks:#}"
    );
    let text = terminal.run(&["doctor"]).out;
    assert!(
        text.contains("See the team: Zendesk lets only admins do that"),
        "{text}"
    );
    assert!(text.starts_with(" 1  ok"), "{text}");
    assert_eq!(server.puts().len(), 0);
}

#[test]
fn an_admin_has_every_capability() {
    let server = Server::http();
    let terminal = Terminal::open();
    let _ = terminal.login(&server.url(), sample::GRACE_TOKEN).well();
    let checks = terminal.run(&["doctor", "--json"]).json();
    assert_eq!(states(&checks, "capability"), ["ok"; 6], "{checks:#}");
    assert_eq!(states(&checks, "app"), ["ok"]);
}

#[test]
fn a_refused_sign_in_and_a_dead_network_are_told_apart() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    assert!(server.zendesk.revoke_token(sample::ADA_TOKEN));
    let checks = terminal.run(&["doctor", "--json"]).with_code(3).json();
    assert_eq!(states(&checks, "network"), ["ok"], "{checks:#}");
    assert_eq!(states(&checks, "sign_in"), ["failed"], "{checks:#}");

    drop(server);
    let done = terminal.run(&["doctor"]).with_code(6);
    assert!(done.out.contains("failed   network"), "{}", done.out);
    assert!(done.out.contains("Check your network"), "{}", done.out);
}

#[test]
fn without_a_keyring_the_mend_is_said() {
    let terminal = Terminal::in_session(Session::start(), None);
    let done = terminal.run(&["doctor"]).with_code(3);
    assert!(done.out.contains("GNOME Keyring"), "{}", done.out);
    assert!(done.out.contains("Nobody is signed in"), "{}", done.out);
}

#[test]
fn settings_that_cannot_be_understood_are_named() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    std::fs::write(terminal.settings(), "{").expect("own files are writable");
    let checks = terminal.run(&["doctor", "--json"]).with_code(1).json();
    assert_eq!(states(&checks, "settings"), ["failed"], "{checks:#}");
}

#[test]
fn a_proxys_password_is_not_repeated() {
    let server = Server::http();
    let mut terminal = Terminal::signed_in(&server);
    terminal.set_variable("HTTPS_PROXY", "http://ada:s3cret@127.0.0.1:9");
    let done = terminal.run(&["doctor"]);
    assert!(
        done.out.contains("A proxy is set by HTTPS_PROXY"),
        "{}",
        done.out
    );
    assert!(!done.out.contains("s3cret"), "{}", done.out);
}

#[test]
fn a_guard_is_checked_where_one_is_set_and_its_mend_is_said() {
    let server = Server::http();
    let mut terminal = Terminal::signed_in(&server);
    let checked = |terminal: &Terminal, code: u8| {
        let checks = terminal
            .run(&["doctor", "--json"])
            .with_code(code.into())
            .json();
        let states = states(&checks, "guard");
        states.first().map(|state| (*state).to_owned())
    };
    // Without a tray and a notification service, 1 is what a desktop lacks anyway.
    assert_eq!(checked(&terminal, 1), None, "no guard is set");
    terminal.session.set_guard(&["lock", "quit"]);
    assert_eq!(checked(&terminal, 1).as_deref(), Some("skipped"));
    terminal.session.set_guard(&["sleep", "quit"]);
    assert_eq!(checked(&terminal, 1).as_deref(), Some("failed"));
    let text = terminal.run(&["doctor"]).with_code(1).out;
    assert!(text.contains("Install or start logind"), "{text}");

    let _logind = terminal.session.logind();
    let (name, bus) = terminal.session.system_bus();
    terminal.set_variable(name, bus);
    assert_eq!(checked(&terminal, 1).as_deref(), Some("ok"));
    assert_eq!(server.puts().len(), 0);
}

#[test]
fn a_history_that_cannot_be_used_is_named() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let file = history(&terminal);
    drop(std::fs::remove_file(&file));
    std::fs::create_dir_all(&file).expect("own folders are writable");
    let done = terminal.run(&["doctor"]).with_code(1);
    assert!(
        done.out.contains("failed   history: local:"),
        "{}",
        done.out
    );
    assert!(done.out.contains("is not kept"), "{}", done.out);
}

#[test]
fn who_is_signed_out_has_no_history_to_check() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    assert!(server.zendesk.revoke_token(sample::ADA_TOKEN));
    let checks = terminal.run(&["doctor", "--json"]).with_code(3).json();
    assert_eq!(states(&checks, "history"), ["skipped"], "{checks:#}");
}
