//! How the time was spent, from a terminal: lived under the app and without it, and as it was kept before.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use simulator::sample;
use system_tests::command_line::{Server, Terminal};

use crate::shapes::redacted;

/// Two read intervals: what the help desk changed is known by then.
const SEEN: Duration = Duration::from_secs(15);

/// What was lived since the test began, also where midnight is in between.
const RECENT: [&str; 4] = ["history", "--since", "2h", "--json"];

/// A day as an earlier Statuslight kept it, with texts that a help desk could send.
const KEPT: &str = concat!(
    r#"{"from":"2026-11-23T08:00:00Z","until":"2026-11-23T09:00:00Z","status":{"id":"3","name":"Online","kind":"online","custom":false},"confirmed":true,"changed_by":"you","reason":null}"#,
    "\n",
    r#"{"from":"2026-11-23T08:00:00Z","until":"2026-11-23T11:00:00Z","status":{"id":"3","name":"Online","kind":"online","custom":false},"confirmed":true,"changed_by":"you","reason":null}"#,
    "\n",
    r#"{"from":"2026-11-23T11:00:00Z","until":"2026-11-23T11:45:00Z","status":{"id":"201","name":"=HYPERLINK(\"x\"),\nLunch","kind":"away","custom":true},"confirmed":true,"changed_by":"you","reason":null}"#,
    "\n",
    r#"{"from":"2026-11-23T11:45:00Z","until":"2026-11-23T12:00:00Z","status":{"id":"2","name":"Offline","kind":"offline","custom":false},"confirmed":true,"changed_by":"other","reason":"AGENT_IDLE_TIMEOUT"}"#,
    "\n",
    r#"{"from":"2026-11-23T13:00:00Z","until":"2026-11-24T02:00:00Z","status":{"id":"3","name":"Online","kind":"online","custom":false},"confirmed":true,"changed_by":"unknown","reason":"AGENT_STATUS_SWITCHER"}"#,
    "\n",
    r#"{"from":"2026-11-24T02:00:00Z","until":"2026-11-24T0"#,
);

fn file(terminal: &Terminal) -> PathBuf {
    let home = terminal.session.place().home();
    home.join(".local/share/statuslight/history/local.jsonl")
}

/// A terminal in which Ada is signed in and lived this before.
fn with_kept(server: &Server, kept: &str) -> Terminal {
    let mut terminal = Terminal::signed_in(server);
    terminal.set_variable("TZ", "Europe/Berlin");
    let file = file(&terminal);
    fs::create_dir_all(file.parent().expect("it has a folder")).expect("the folder can be made");
    fs::write(file, kept).expect("the file can be written");
    terminal
}

/// What was lived, as the statuses' names and who changed them.
fn lived(terminal: &Terminal) -> Vec<(String, String)> {
    let json = terminal.run(&RECENT).well().json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let stretches = json["stretches"].as_array().into_iter().flatten();
    stretches
        .map(|one| (text(&one["status"]["name"]), text(&one["changed_by"])))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, by): &(&str, &str)| ((*name).to_owned(), (*by).to_owned());
    expected.iter().map(owned).collect()
}

#[test]
fn a_day_of_switching_is_kept_stretch_by_stretch() {
    let server = Server::http();
    let terminal = Terminal::open();
    terminal.read_often();
    terminal.sign_in(&server);
    let app = terminal.app();
    let _ = terminal.run(&["set", "Lunch"]).well();
    server.force(sample::AWAY, "AGENT_IDLE_TIMEOUT");
    terminal.wait_for_status("the move to be seen", SEEN, |now| {
        now["status"]["id"] == "4"
    });
    let _ = terminal.run(&["back"]).well();
    let day = [
        ("Online", "unknown"),
        ("Lunch", "you"),
        ("Away", "other"),
        ("Lunch", "you"),
    ];
    assert_eq!(lived(&terminal), pairs(&day));
    let json = terminal.run(&RECENT).well().json();
    assert_eq!(json["stretches"][2]["reason"], "AGENT_IDLE_TIMEOUT");
    assert_eq!(json["account"], "local");
    assert_eq!(json["unreadable"], 0);
    let text = terminal.run(&RECENT[..3]).well().out;
    assert!(text.contains("Lunch (away) - set by you"), "{text}");
    assert!(text.contains("not set by you: Zendesk"), "{text}");

    let requests = server.zendesk.requests().len();
    drop(app);
    let alone = lived(&terminal);
    assert_eq!(alone, pairs(&day), "the same without the app");
    assert_eq!(
        server.zendesk.requests().len(),
        requests,
        "what is on this computer is not asked of the help desk"
    );
    let kept = fs::read_to_string(file(&terminal)).expect("it is kept");
    assert!(!kept.contains(sample::ADA_TOKEN));
    let mode = fs::metadata(file(&terminal)).map(|found| found.permissions().mode() & 0o777);
    assert_eq!(mode.ok(), Some(0o600));
}

#[test]
fn an_app_that_is_killed_leaves_its_history_and_the_next_one_goes_on() {
    let server = Server::http();
    let terminal = Terminal::open();
    terminal.read_often();
    terminal.sign_in(&server);
    let mut app = terminal.app();
    let _ = terminal.run(&["set", "Lunch"]).well();
    let _ = terminal.run(&["set", "Away"]).well();
    app.kill();
    let lived_so_far = lived(&terminal);
    let day = [("Online", "unknown"), ("Lunch", "you"), ("Away", "you")];
    assert_eq!(lived_so_far, pairs(&day));

    // As if it had been killed while it wrote.
    let mut kept = fs::read(file(&terminal)).expect("it is kept");
    kept.extend_from_slice(b"{\"from\":\"2026-11-2");
    fs::write(file(&terminal), kept).expect("it can be written");
    let _app = terminal.app();
    let _ = terminal.run(&["set", "Lunch"]).well();
    let later = lived(&terminal);
    assert_eq!(later[..3], lived_so_far);
    assert_eq!(later[3..], pairs(&[("Lunch", "you")]));
    let kept = fs::read_to_string(file(&terminal)).expect("it is kept");
    assert!(
        kept.lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok())
    );
}

#[test]
fn commands_without_the_app_keep_it_too() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _ = terminal.run(&["set", "Lunch"]).well();
    let _ = terminal.run(&["status"]).well();
    let _ = terminal.run(&["set", "Away"]).well();
    let names: Vec<String> = lived(&terminal).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Online", "Lunch", "Away"]);
    assert_eq!(
        lived(&terminal)[1..],
        pairs(&[("Lunch", "you"), ("Away", "you")])
    );
}

#[test]
fn what_was_kept_is_shown_to_people_spreadsheets_and_scripts() {
    let server = Server::http();
    let terminal = with_kept(&server, KEPT);
    let since = ["history", "--since", "2026-11-23"];
    assert_snapshot!("history_text", terminal.run(&since).well().out);
    let csv = terminal.run(&[&since[..], &["--csv"]].concat()).well();
    assert_snapshot!("history_csv", csv.out);
    let json = terminal.run(&[&since[..], &["--json"]].concat()).well();
    assert_snapshot!("history_json", redacted(&json.json()));
    // Three hours before lunch, and ten from 14:00 until midnight.
    let online = &json.json()["days"][0]["totals"][0];
    assert_eq!(online["seconds"], json!(13 * 60 * 60));
}

#[test]
fn since_when_is_the_askers_choice() {
    let server = Server::http();
    let terminal = with_kept(&server, KEPT);
    let afternoon = ["history", "--json", "--since", "2026-11-23T12:30"];
    let json = terminal.run(&afternoon).well().json();
    assert_eq!(json["stretches"].as_array().map(Vec::len), Some(3));
    assert_eq!(json["stretches"][0]["from"], "2026-11-23T11:30:00Z");
    let later = ["history", "--since", "2100-01-01"];
    let done = terminal.run(&later).well();
    assert!(done.out.starts_with("Nothing is known since 1 Jan 2100"));
    for wrong in [&["--since", "soon"][..], &["--csv", "--json"]] {
        let _ = terminal.run(&[&["history"], wrong].concat()).with_code(2);
    }
}

#[test]
fn an_account_without_a_history_has_an_empty_one_and_another_account_is_named() {
    let server = Server::http();
    let terminal = Terminal::open();
    let _ = terminal
        .run(&["history"])
        .with_code(3)
        .saying(&["statusctl login"]);
    terminal.sign_in(&server);
    let json = terminal.run(&["history", "--json"]).well().json();
    assert_eq!(json["stretches"], json!([]));
    assert_eq!(json["days"], json!([]));
    let text = terminal.run(&["history"]).well().out;
    assert!(text.starts_with("Nothing is known since"), "{text}");
    let elsewhere = ["history", "--account", "elsewhere"];
    let _ = terminal.run(&elsewhere).with_code(3).saying(&["local"]);
}

#[test]
fn what_cannot_be_read_is_told_plainly() {
    let server = Server::http();
    let terminal = with_kept(&server, &format!("{{\"from\n{KEPT}"));
    let partly = terminal.run(&["history", "--since", "2026-11-23"]).well();
    assert!(partly.err.contains("1 entry"), "{partly:#?}");
    assert!(partly.out.contains("Offline"), "{partly:#?}");

    let file = file(&terminal);
    fs::remove_file(&file).expect("it was there");
    fs::create_dir(&file).expect("something that is no file is in its place");
    let done = terminal.run(&["history", "--json"]).with_code(1);
    assert_eq!(done.error_code(), "history");
    let _ = terminal
        .run(&["history"])
        .with_code(1)
        .saying(&["local.jsonl", "not affected"]);
    // The light goes on without it.
    let _ = terminal.run(&["set", "Lunch"]).well();
    assert_eq!(server.current(), sample::LUNCH);
}

#[test]
fn signing_out_deletes_the_history() {
    let server = Server::http();
    let terminal = with_kept(&server, KEPT);
    let _ = terminal.run(&["logout", "local"]).well();
    assert!(!file(&terminal).exists());
    terminal.sign_in(&server);
    let json = ["history", "--json", "--since", "2026-11-01"];
    assert_eq!(terminal.run(&json).well().json()["stretches"], json!([]));
}

#[test]
fn nothing_of_the_history_needs_the_keyring() {
    let server = Server::http();
    let mut terminal = with_kept(&server, KEPT);
    terminal.keyring = None;
    let done = terminal.run(&["history", "--since", "2026-11-23"]).well();
    assert!(done.out.contains("Offline"), "{done:#?}");
}
