//! An agent's day: sign in, look, switch, be moved, go back, sign out.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::json;
use simulator::sample;
use system_tests::command_line::{Server, Terminal};

use crate::shapes::{redacted, redacted_text};

/// Two read intervals: what the help desk changed is known by then.
const SEEN: Duration = Duration::from_secs(15);

/// What every command prints about an agent who has just signed in, whoever answers.
fn look_around(terminal: &Terminal) {
    let accounts = terminal.run(&["accounts"]).well();
    assert_snapshot!("accounts_text", redacted_text(&accounts.out));
    let accounts = terminal.run(&["accounts", "--json"]).well();
    assert_snapshot!("accounts_json", redacted(&accounts.json()));
    let list = terminal.run(&["list"]).well();
    assert_snapshot!("list_text", redacted_text(&list.out));
    let list = terminal.run(&["list", "--json"]).well();
    assert_snapshot!("list_json", redacted(&list.json()));
    let status = terminal.run(&["status"]).well();
    // An app reads the phone a little later than the status, and may have done so by now.
    let told = status.out.replace("  Calls: in the browser\n", "");
    assert_snapshot!("status_text", redacted_text(&told));
    let status = terminal.run(&["status", "--json"]).well();
    assert_snapshot!("status_json", redacted(&status.json()));
    for done in [&accounts, &list, &status] {
        assert_eq!(done.out.lines().count(), 1, "a line per result: {done:#?}");
        assert_eq!(done.err, "", "nothing to tell beside the result");
    }
}

#[test]
fn without_the_app_every_command_works_by_itself() {
    let server = Server::http();
    let terminal = Terminal::open();
    let nobody = terminal.run(&["accounts"]).well();
    assert!(nobody.out.contains("statusctl login"), "{nobody:#?}");
    assert_eq!(
        terminal.run(&["accounts", "--json"]).well().json(),
        json!([])
    );

    let login = terminal.login(&server.url(), sample::ADA_TOKEN).well();
    assert_snapshot!("login_text", redacted_text(&login.out));
    look_around(&terminal);
    assert_eq!(server.writes(), [0_u64; 0], "looking writes nothing");

    let set = terminal.run(&["set", "Lunch"]).well();
    assert_snapshot!("set_alone_text", redacted_text(&set.out));
    let set = terminal.run(&["set", "away", "--json"]).well();
    assert_snapshot!("set_alone_json", redacted(&set.json()));
    assert_eq!(server.writes(), [sample::LUNCH, sample::AWAY]);
    let status = terminal.run(&["status", "--json"]).well();
    assert_snapshot!("status_after_set_alone_json", redacted(&status.json()));

    let logout = terminal.run(&["logout", "local"]).well();
    assert_snapshot!("logout_text", redacted_text(&logout.out));
    assert_eq!(
        terminal.run(&["accounts", "--json"]).well().json(),
        json!([])
    );
    let _ = terminal.run(&["status"]).with_code(3).saying(&["sign in"]);
}

#[test]
fn with_the_app_the_same_commands_say_the_same() {
    let server = Server::http();
    let terminal = Terminal::open();
    terminal.read_often();
    let app = terminal.app();
    let login = terminal.login(&server.url(), sample::ADA_TOKEN).well();
    assert_snapshot!("login_text", redacted_text(&login.out));
    look_around(&terminal);
    assert_eq!(server.writes(), [0_u64; 0], "looking writes nothing");

    let set = terminal.run(&["set", "Lunch"]).well();
    assert_snapshot!("set_app_text", redacted_text(&set.out));
    let set = terminal.run(&["set", "away", "--json"]).well();
    assert_snapshot!("set_app_json", redacted(&set.json()));
    assert_eq!(server.writes(), [sample::LUNCH, sample::AWAY]);

    let logout = terminal.run(&["logout", "local"]).well();
    assert_snapshot!("logout_text", redacted_text(&logout.out));
    assert_eq!(
        terminal.run(&["accounts", "--json"]).well().json(),
        json!([])
    );
    let _ = terminal.run(&["status"]).with_code(3).saying(&["sign in"]);
    assert!(app.is_running());
}

#[test]
fn json_of_signing_in_and_out_is_the_account() {
    let server = Server::http();
    let terminal = Terminal::open();
    let url = server.url();
    let login = terminal.login_json(&url, sample::ADA_TOKEN).well();
    assert_snapshot!("login_json", redacted(&login.json()));
    let logout = terminal.run(&["logout", "local", "--json"]).well();
    assert_snapshot!("logout_json", redacted(&logout.json()));
}

#[test]
fn who_was_moved_goes_back_by_one_command_and_one_write() {
    let server = Server::http();
    let terminal = Terminal::open();
    terminal.read_often();
    terminal.sign_in(&server);
    let _app = terminal.app();
    let nothing = terminal.run(&["back", "--json"]).with_code(4);
    assert_eq!(nothing.error_code(), "nothing_to_put_back");
    let _ = terminal.run(&["set", "Lunch"]).well();

    server.force(sample::AWAY, "AGENT_IDLE_TIMEOUT");
    let moved = terminal.wait_for_status("the move to be seen", SEEN, |now| {
        now["status"]["id"] == "4"
    });
    assert_eq!(moved["changed_by"], "other");
    assert_eq!(moved["reason"], "AGENT_IDLE_TIMEOUT");
    assert_eq!(moved["previous"]["name"], "Lunch");
    let told = terminal.run(&["status"]).well();
    assert!(told.out.contains("statusctl back"), "{told:#?}");

    let back = terminal.run(&["back", "--json"]).well().json();
    assert_eq!(back["status"]["id"], "201");
    assert_eq!(back["certainty"], "confirmed");
    assert_eq!(back["changed_by"], "you");
    assert_eq!(server.writes(), [sample::LUNCH, sample::LUNCH]);
    assert_eq!(server.current(), sample::LUNCH);
    let _ = terminal.run(&["back"]).with_code(4).saying(&["no change"]);
    assert_eq!(
        server.writes().len(),
        2,
        "there is nothing left to put back"
    );
}

#[test]
fn without_the_app_nobody_knows_what_to_put_back() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _ = terminal.run(&["set", "Lunch"]).well();
    server.force(sample::AWAY, "AGENT_IDLE_TIMEOUT");
    let done = terminal.run(&["back", "--json"]).with_code(4);
    assert_eq!(done.error_code(), "nothing_to_put_back");
    let _ = terminal
        .run(&["back"])
        .with_code(4)
        .saying(&["app", "not running", "statusctl set"]);
    assert_eq!(server.writes(), [sample::LUNCH]);
}

#[test]
fn the_help_names_every_command_and_the_exit_codes() {
    let terminal = Terminal::open();
    let help = terminal.run(&["--help"]).well().out;
    for word in [
        "accounts",
        "login",
        "logout",
        "list",
        "status",
        "set",
        "back",
        "watch",
        "history",
        "Exit codes",
    ] {
        assert!(help.contains(word), "{word} in {help}");
    }
    let version = terminal.run(&["--version"]).well().out;
    assert_eq!(
        version.trim(),
        format!("statusctl {}", env!("CARGO_PKG_VERSION"))
    );
}
