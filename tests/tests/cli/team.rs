//! The team from a terminal: by an admin, and by an agent who may not; with the app running and without.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;
use simulator::{Account, Zendesk, sample};
use system_tests::command_line::{Server, Terminal};
use system_tests::desktop::required_bin;

/// A terminal in which Grace, an admin, is signed in.
#[track_caller]
fn grace(server: &Server) -> Terminal {
    let terminal = Terminal::open();
    let _ = terminal.login(&server.url(), sample::GRACE_TOKEN).well();
    terminal
}

#[track_caller]
fn status_of(server: &Server, agent: u64) -> u64 {
    let current = server.zendesk.current_status(agent);
    current.expect("the agent is there").id
}

fn names(team: &Value) -> Vec<&str> {
    let agents = team.as_array().into_iter().flatten();
    agents.filter_map(|agent| agent["name"].as_str()).collect()
}

#[test]
fn an_admin_sees_the_team_and_narrows_it() {
    let server = Server::http();
    let lunch = server
        .zendesk
        .force_status(sample::BEN, sample::LUNCH, "AGENT_IDLE_TIMEOUT");
    lunch.expect("Ben and the status are there");
    let terminal = grace(&server);
    let text = terminal.run(&["team"]).well().out;
    assert_eq!(text.lines().count(), 3, "{text}");
    let ada = text.lines().find(|line| line.contains("Ada Example"));
    let ada = ada.unwrap_or_else(|| panic!("no Ada in {text}"));
    assert!(
        ada.contains("online") && ada.contains("support online (5 of 10)"),
        "{ada}"
    );
    assert!(text.contains("Ben Billing - Lunch"), "{text}");

    let json = |arguments: &[&str]| {
        let arguments = [&["team", "--json"], arguments].concat();
        terminal.run(&arguments).well().json()
    };
    let all = json(&[]);
    assert_eq!(names(&all), ["Ada Example", "Ben Billing", "Grace Sample"]);
    assert_eq!(all[1]["reason"], "AGENT_IDLE_TIMEOUT");
    assert_eq!(all[1]["status"]["name"], "Lunch");
    assert_eq!(all[2]["you"], true);
    assert_eq!(names(&json(&["--status", "lunch"])), ["Ben Billing"]);
    assert_eq!(
        names(&json(&["--group", "360001"])),
        ["Ada Example", "Grace Sample"]
    );
    let online = json(&["--channel", "messaging:online"]);
    assert_eq!(names(&online), ["Ada Example", "Grace Sample"]);
    assert_eq!(online[0]["channels"].as_array().map(Vec::len), Some(1));
    let _ = terminal
        .run(&["team", "--status", "Nap"])
        .with_code(4)
        .saying(&["Nap"]);
    let _ = terminal.run(&["team", "--channel", ":"]).with_code(2);
    let _ = terminal
        .run(&["team", "--channel", "tlak"])
        .with_code(2)
        .saying(&["tlak", "support, messaging, talk"]);
    let groups = terminal.run(&["team", "groups"]).well().out;
    assert!(groups.contains("360002  Billing"), "{groups}");
    assert_eq!(server.puts().len(), 0, "looking writes nothing");
}

#[test]
fn an_admin_sets_another_agents_status_after_a_yes() {
    let server = Server::http();
    let terminal = grace(&server);
    let _ = terminal
        .run(&["team", "set", "Ben Billing", "Lunch"])
        .with_code(2)
        .saying(&["--yes"]);
    assert_eq!(server.puts().len(), 0);

    let done = terminal.run(&["team", "set", "ben billing", "lunch", "--yes"]);
    assert_eq!(done.well().out, "Ben Billing is Lunch (away).\n");
    assert_eq!(status_of(&server, sample::BEN), sample::LUNCH);
    assert_eq!(
        status_of(&server, sample::GRACE),
        sample::ONLINE,
        "the own status stays"
    );

    let again = terminal
        .run(&["team", "set", "10015", "201", "--yes", "--json"])
        .well();
    assert_eq!(again.json()["agent"]["name"], "Ben Billing");
    assert_eq!(again.json()["status"]["id"], "201");
    assert_eq!(
        server.puts().len(),
        1,
        "who has it already is not set again"
    );

    let coaching = ["team", "set", "Ben Billing", "Coaching", "--yes"];
    let _ = terminal.run(&coaching).with_code(4).saying(&["groups"]);
    let nobody = ["team", "set", "Nobody", "Lunch", "--yes"];
    let _ = terminal.run(&nobody).with_code(4).saying(&["Nobody"]);
    assert_eq!(server.puts().len(), 1);
}

#[test]
fn agents_of_one_name_are_told_apart_by_their_ids() {
    let mut account = Account::default();
    for agent in &mut account.agents {
        if agent.id == sample::BEN {
            agent.name = "ADA example".to_owned();
        }
    }
    let server = Server::of(Zendesk::new(account));
    let terminal = grace(&server);
    let set = ["team", "set", "Ada Example", "Lunch", "--yes"];
    let _ = terminal.run(&set).with_code(4).saying(&["10011", "10015"]);
    assert_eq!(server.puts().len(), 0);
    let _ = terminal
        .run(&["team", "set", "10015", "Lunch", "--yes"])
        .well();
    assert_eq!(status_of(&server, sample::BEN), sample::LUNCH);
}

#[test]
fn the_running_app_does_the_same_and_its_own_light_stays() {
    let server = Server::http();
    let terminal = grace(&server);
    let _app = terminal.app();
    let json = terminal.run(&["team", "--json"]).well().json();
    assert_eq!(names(&json), ["Ada Example", "Ben Billing", "Grace Sample"]);
    let _ = terminal
        .run(&["team", "set", "Ada Example", "Away", "--yes"])
        .well();
    assert_eq!(status_of(&server, sample::ADA), sample::AWAY);
    let own = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(own["status"]["name"], "Online");

    // The own row is one's own choice.
    let _ = terminal
        .run(&["team", "set", "Grace Sample", "Away", "--yes"])
        .well();
    let own = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(
        (&own["status"]["name"], &own["changed_by"]),
        (&"Away".into(), &"you".into())
    );
}

#[test]
fn a_plain_agent_is_told_that_the_team_is_for_admins() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for arguments in [
        &["team"][..],
        &["team", "set", "Ben Billing", "Lunch", "--yes"],
        &["team", "rules"],
    ] {
        let _ = terminal.run(arguments).with_code(5).saying(&["admins"]);
    }
    let json = terminal.run(&["team", "--json"]).with_code(5);
    assert_eq!(json.error_code(), "refused");
    assert_eq!(server.puts().len(), 0);
}

#[test]
fn capacity_rules_are_listed_and_shown_where_the_account_has_them() {
    let server = Server::http();
    let terminal = grace(&server);
    let rules = terminal.run(&["team", "rules"]).well().out;
    assert_eq!(rules.lines().count(), 2, "{rules}");
    assert!(
        rules.contains("Everybody (default) - email 10, messaging 4, voice 1"),
        "{rules}"
    );
    let one = terminal
        .run(&["team", "rules", "billing DESK", "--json"])
        .well()
        .json();
    assert_eq!(
        (&one[0]["agents"], one.as_array().map(Vec::len)),
        (&2.into(), Some(1))
    );
    let _ = terminal.run(&["team", "rules", "None"]).with_code(4);

    let account = Account {
        capacity_rules: None,
        ..Account::default()
    };
    let without = Server::of(Zendesk::new(account));
    let terminal = grace(&without);
    let _ = terminal
        .run(&["team", "rules"])
        .with_code(5)
        .saying(&["plan"]);
}

#[test]
fn at_a_terminal_a_person_is_asked_and_only_a_yes_sets() {
    let server = Server::http();
    let terminal = grace(&server);
    let statusctl = required_bin("STATUSCTL_BIN");
    let typed = format!("'{}' team set 'Ben Billing' Lunch", statusctl.display());
    for (answer, code, writes) in [("n\n", 2, 0), ("\n", 2, 0), ("y\n", 0, 1)] {
        // It runs what is typed in a terminal of its own.
        let mut child = terminal
            .session
            .command("script")
            .args(["--quiet", "--return", "--command", &typed, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("script starts");
        let mut keys = child.stdin.take().expect("its input is a pipe");
        keys.write_all(answer.as_bytes()).expect("it reads");
        let done = child.wait_with_output().expect("it ends");
        drop(keys);
        let said = String::from_utf8_lossy(&done.stdout);
        assert_eq!(done.status.code(), Some(code), "{answer:?}: {said}");
        let question = "Set Ben Billing from Online to Lunch (away)? [y/N]";
        assert!(said.contains(question), "{answer:?}: {said}");
        assert_eq!(server.puts().len(), writes, "{answer:?}");
    }
}
