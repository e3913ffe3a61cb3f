//! `statusctl watch`: a line per change, whoever reads the help desk.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::sample;
use system_tests::command_line::{Server, Terminal};
use system_tests::desktop::{Program, eventually, wait_for};

/// Two read intervals and some load.
const SEEN: Duration = Duration::from_secs(20);

/// A `watch` in the background.
struct Watching {
    program: Program,
    read: usize,
}

impl Watching {
    fn start(terminal: &Terminal, arguments: &[&str]) -> Self {
        Self {
            program: terminal.start("watch", arguments),
            read: 0,
        }
    }

    /// The next whole line, waited for.
    #[track_caller]
    fn line(&mut self, what: &str) -> String {
        let number = self.read;
        self.read += 1;
        wait_for(what, SEEN, || {
            let output = self.program.output();
            let whole = output.rfind('\n').map_or("", |end| &output[..end]);
            whole.lines().nth(number).map(str::to_owned)
        })
    }

    /// The next line as JSON.
    #[track_caller]
    fn json(&mut self, what: &str) -> Value {
        serde_json::from_str(&self.line(what)).expect("each line is JSON")
    }

    /// The next line that tells of a status, after those that tell more of the one before.
    #[track_caller]
    fn json_of(&mut self, status: u64) -> Value {
        let status = status.to_string();
        loop {
            let line = self.json(&format!("a line about status {status}"));
            if line["status"]["id"] == status.as_str() {
                return line;
            }
        }
    }

    /// The statuses of all lines so far, each once per change.
    fn statuses(&self) -> Vec<String> {
        let lines: Vec<Value> = self
            .program
            .output()
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let mut ids: Vec<String> = lines
            .iter()
            .map(|line| line["status"]["id"].as_str().unwrap_or("none").to_owned())
            .collect();
        ids.dedup();
        ids
    }
}

fn told(line: &Value) -> Value {
    json!([
        line["status"]["name"],
        line["previous"]["name"],
        line["changed_by"],
        line["reason"]
    ])
}

#[test]
fn without_the_app_each_change_is_a_line_with_who_and_why() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    terminal.read_often();
    let mut watch = Watching::start(&terminal, &["watch", "--json"]);
    let first = watch.json("the current state");
    assert_eq!(first["account"], "local");
    assert_eq!(first["status"]["id"], "3");
    assert_eq!(first["certainty"], "confirmed");

    server.force(sample::AWAY, "AGENT_IDLE_TIMEOUT");
    let moved = watch.json("the idle timeout");
    assert_eq!(
        told(&moved),
        json!(["Away", "Online", "other", "AGENT_IDLE_TIMEOUT"])
    );

    server.force(sample::LUNCH, "AGENT_STATUS_SWITCHER");
    let switched = watch.json("the switch in the browser");
    assert_eq!(
        told(&switched),
        json!(["Lunch", "Away", "unknown", "AGENT_STATUS_SWITCHER"])
    );

    let _ = terminal.run(&["set", "Online"]).well();
    let own = watch.json_of(sample::ONLINE);
    assert_eq!(own["changed_by"], "you");
    assert_eq!(own["previous"]["name"], "Lunch");
    assert_eq!(watch.statuses(), ["3", "4", "201", "3"]);
    assert_eq!(server.writes(), [sample::ONLINE], "watching writes nothing");
}

#[test]
fn with_the_app_each_change_is_a_line_at_once() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    terminal.read_often();
    let _app = terminal.app();
    let mut watch = Watching::start(&terminal, &["watch", "--json"]);
    assert_eq!(watch.json("the current state")["status"]["id"], "3");

    let _ = terminal.run(&["set", "Lunch"]).well();
    let own = watch.json_of(sample::LUNCH);
    assert_eq!(
        (&own["changed_by"], &own["previous"]["name"]),
        (&json!("you"), &json!("Online"))
    );

    server.force(sample::AWAY, "PUBLIC_API");
    let moved = watch.json_of(sample::AWAY);
    assert_eq!(
        told(&moved),
        json!(["Away", "Lunch", "other", "PUBLIC_API"])
    );
    assert_eq!(watch.statuses(), ["3", "201", "4"]);
}

#[test]
fn watching_follows_an_app_that_appears_and_goes_on_when_it_ends() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    terminal.read_often();
    let mut watch = Watching::start(&terminal, &["watch", "--json"]);
    assert_eq!(watch.json("the current state")["status"]["id"], "3");

    // The app holds the profile for its life: whoever prints a line now has it from the app.
    let mut app = terminal.app();
    server.force(sample::AWAY, "AGENT_IDLE_TIMEOUT");
    assert_eq!(watch.json_of(sample::AWAY)["changed_by"], "other");

    app.kill();
    server.force(sample::LUNCH, "AGENT_IDLE_TIMEOUT");
    let alone = watch.json_of(sample::LUNCH);
    assert_eq!(
        told(&alone),
        json!(["Lunch", "Away", "other", "AGENT_IDLE_TIMEOUT"])
    );

    let _app = terminal.app();
    let _ = terminal.run(&["set", "Online"]).well();
    assert_eq!(watch.json_of(sample::ONLINE)["changed_by"], "you");
    assert_eq!(
        watch.statuses(),
        ["3", "4", "201", "3"],
        "no change is told twice or lost"
    );
}

#[test]
fn in_words_each_line_has_the_time_and_the_status() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    terminal.read_often();
    let mut watch = Watching::start(&terminal, &["watch"]);
    let first = watch.line("the current state");
    assert!(
        first.contains(':') && first.contains("local") && first.contains("Online"),
        "{first}"
    );
    server.force(sample::AWAY, "AGENT_IDLE_TIMEOUT");
    let second = watch.line("the idle timeout");
    assert!(second.contains("Away"), "{second}");
}

#[test]
fn all_accounts_are_watched_unless_one_is_named() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _ = terminal.login(&server.url(), sample::BEN_TOKEN).well();
    let mut all = Watching::start(&terminal, &["watch", "--json"]);
    let accounts =
        [all.json("one account"), all.json("the other")].map(|line| line["account"].clone());
    assert_eq!(accounts, ["local", "local-2"]);
    all.program.terminate(SEEN);
    drop(all);

    let mut one = Watching::start(&terminal, &["watch", "--json", "--account", "local-2"]);
    assert_eq!(one.json("its state")["agent"]["name"], "Ben Billing");
}

#[test]
fn a_help_desk_that_goes_away_and_comes_back_does_not_end_the_watch() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    terminal.read_often();
    let mut watch = Watching::start(&terminal, &["watch", "--json"]);
    assert_eq!(watch.json("the current state")["link"], "ok");
    server.zendesk.fault(simulator::Fault::status(500));
    let reads = server.zendesk.requests().len();
    wait_for("reads that fail", SEEN, || {
        (server.zendesk.requests().len() > reads + 2).then_some(())
    });
    server.zendesk.clear_faults();
    server.force(sample::LUNCH, "AGENT_IDLE_TIMEOUT");
    assert_eq!(watch.json_of(sample::LUNCH)["link"], "ok");
    assert!(watch.program.is_alive());
}

#[test]
fn an_account_that_gets_signed_out_is_a_line_and_not_the_end() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    terminal.read_often();
    let mut watch = Watching::start(&terminal, &["watch", "--json"]);
    assert_eq!(watch.json("the current state")["link"], "ok");
    server.zendesk.revoke_token(sample::ADA_TOKEN);
    let told = watch.json("the sign-out");
    assert_eq!(told["link"], "signed_out", "{told:#}");
    assert!(watch.program.is_alive());
}

#[test]
fn a_request_to_stop_ends_it_well() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for with_app in [false, true] {
        let _app = with_app.then(|| terminal.app());
        let mut watch = Watching::start(&terminal, &["watch", "--json"]);
        watch.line("the current state");
        let status = watch.program.terminate(Duration::from_secs(5));
        assert!(status.success(), "{status:?}");
    }
}

#[test]
fn a_reader_that_leaves_ends_it_well() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for with_app in [false, true] {
        let _app = with_app.then(|| terminal.app());
        let mut command = terminal.command(&["watch", "--json"]);
        let mut watch = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut reader = BufReader::new(watch.stdout.take().expect("its output is a pipe"));
        let mut line = String::new();
        reader.read_line(&mut line).expect("it prints text");
        assert!(line.starts_with('{'), "{line:?}");
        drop(reader);
        let ended = eventually(Duration::from_secs(10), || watch.try_wait().ok().flatten());
        if ended.is_none() {
            watch.kill().expect("it runs");
        }
        assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
    }
}

#[test]
fn between_its_reads_the_profile_is_free_for_others() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let mut watch = Watching::start(&terminal, &["watch", "--json"]);
    watch.line("the current state");
    for _ in 0..3 {
        let done = terminal.run(&["status"]).well();
        assert!(done.took < Duration::from_secs(4), "{done:#?}");
    }
    let settings = fs::read_to_string(terminal.settings()).expect("they are there");
    assert!(settings.contains("local"));
}
