//! Libredesk from the terminal, and the running app that listens to it.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::libredesk::sample;
use simulator::{Fault, FaultRule, WebsocketMode};
use system_tests::command_line::{Office, Server, Terminal};
use system_tests::desktop::wait_for;

const SOON: Duration = Duration::from_secs(20);

fn named(status: &Value) -> &str {
    status["status"]["name"].as_str().unwrap_or_default()
}

/// The check of that name in what `doctor` found, and how it ended.
fn check(terminal: &Terminal, name: &str) -> (String, String) {
    let found = terminal.run(&["doctor", "--json"]).json();
    let all = found.as_array().cloned().unwrap_or_default();
    let one = all.iter().find(|one| one["check"] == name);
    let text = |field: &str| {
        one.and_then(|one| one[field].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    (text("state"), text("message"))
}

#[test]
fn a_day_with_libredesk_in_the_words_that_people_know() {
    let office = Office::http();
    let terminal = Terminal::open();
    let login = terminal
        .login_libredesk(&office.url(), &format!("{}\n", sample::SECRET), &[])
        .well();
    assert!(login.out.contains("as Ada Example"), "{login:#?}");
    let list = terminal.run(&["list", "--json"]).well().json();
    let ids: Vec<&Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["id"])
        .collect();
    assert_eq!(ids, ["online", "away_manual", "away_and_reassigning"]);
    for (typed, word, name) in [
        ("busy", "away_manual", "Away"),
        ("Available", "online", "Online"),
        (
            "away and reassign replies",
            "away_and_reassigning",
            "Away and reassign replies",
        ),
        ("away_manual", "away_manual", "Away"),
    ] {
        let set = terminal.run(&["set", typed, "--json"]).well().json();
        assert_eq!(
            (named(&set), office.status().as_str()),
            (name, word),
            "{typed}"
        );
    }
    for word in ["offline", "idle"] {
        let refused = terminal.run(&["set", word, "--json"]).with_code(4);
        assert_eq!(refused.error_code(), "no_such_status");
        let _ = terminal
            .run(&["set", word])
            .with_code(4)
            .saying(&["still receives conversations", "choose away"]);
    }
    assert_eq!(office.status(), "away_manual");
    office.desk.set_in_browser(sample::ADA, "offline");
    let status = terminal.run(&["status"]).well();
    assert!(
        status.out.contains("you still receive conversations"),
        "{status:#?}"
    );
    let json = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(
        (
            &json["helpdesk"],
            &json["status"]["kind"],
            &json["certainty"]
        ),
        (&json!("libredesk"), &json!("offline"), &json!("confirmed"))
    );
    let logout = terminal.run(&["logout", "local"]).well();
    assert!(logout.out.contains("revoked in Libredesk"), "{logout:#?}");
}

#[test]
fn the_team_can_be_seen_by_any_agent_and_set_by_nobody() {
    let office = Office::http();
    let terminal = Terminal::open();
    let _ = terminal
        .login_libredesk(&office.url(), sample::SECRET, &[])
        .well();
    office.desk.set_in_browser(sample::BEN, "away");
    let team = terminal.run(&["team"]).well();
    assert!(
        team.out.contains("Ben Example") && team.out.contains("Idle"),
        "{team:#?}"
    );
    let refused = terminal
        .run(&["team", "set", "Ben Example", "Away", "--yes"])
        .with_code(5);
    assert!(refused.err.contains("Libredesk"), "{refused:#?}");
    assert_eq!(office.desk.status(sample::BEN).as_deref(), Some("away"));
    let put = |request: &simulator::Request| request.method == "PUT";
    assert!(!office.desk.requests().iter().any(put));
}

#[test]
fn a_wrong_secret_and_a_wrong_address_are_named_and_nothing_is_kept() {
    let office = Office::http();
    let terminal = Terminal::open();
    let _ = terminal
        .login_libredesk(&office.url(), "wrong", &[])
        .with_code(3)
        .saying(&["did not accept this key and secret", "not signed in"]);
    let zendesk = Server::http();
    let _ = terminal
        .login_libredesk(&zendesk.url(), sample::SECRET, &[])
        .with_code(6)
        .saying(&["not Libredesk (a Zendesk)"]);
    let site = Office::http();
    site.desk.set_prefix(Some("/elsewhere"));
    let _ = terminal
        .login_libredesk(&site.url(), sample::SECRET, &[])
        .with_code(6)
        .saying(&["not Libredesk (a web page)"]);
    site.desk.fault(FaultRule::new(Fault::Redirect {
        to: "https://portal.example.com/login".to_owned(),
    }));
    let _ = terminal
        .login_libredesk(&site.url(), sample::SECRET, &[])
        .with_code(6)
        .saying(&["portal.example.com", "were not sent there"]);
    for requests in [zendesk.zendesk.requests(), site.desk.requests()] {
        assert!(
            requests
                .iter()
                .all(|one| one.header("authorization").is_none())
        );
    }
    let accounts = terminal.run(&["accounts", "--json"]).well().json();
    assert_eq!(accounts, json!([]));
}

#[test]
fn an_unencrypted_address_on_a_network_wants_a_yes() {
    let terminal = Terminal::open();
    let _ = terminal
        .login_libredesk("http://10.255.255.1:9", sample::SECRET, &[])
        .with_code(6)
        .saying(&["not encrypted", "agree to that"]);
    let _ = terminal
        .login_libredesk("http://help.example.com", sample::SECRET, &["--allow-http"])
        .with_code(6)
        .saying(&["only https"]);
}

#[test]
fn the_running_app_hears_of_changes_at_once_and_says_where_it_cannot() {
    let office = Office::http();
    let terminal = Terminal::open();
    let _ = terminal
        .login_libredesk(&office.url(), sample::SECRET, &["--keep-online"])
        .well();
    assert_eq!(
        check(&terminal, "push").0,
        "skipped",
        "nobody listens without the app"
    );
    let _app = terminal.app();
    wait_for("the app to listen", SOON, || {
        (office.desk.sockets(sample::ADA) == 1).then_some(())
    });
    office.desk.set_in_browser(sample::ADA, "away_manual");
    let heard = |status: &Value| named(status) == "Away";
    // It is read every 90 seconds only.
    terminal.wait_for_status("the change in the browser", SOON, heard);
    assert_eq!(check(&terminal, "push").0, "ok");
    let _ = terminal.run(&["set", "available"]).well();
    wait_for("presence", SOON, || {
        (office.desk.pings(sample::ADA) > 0).then_some(())
    });
    office.desk.set_websocket(WebsocketMode::Stripped);
    office.desk.drop_sockets();
    wait_for("doctor to say that there is no push", SOON, || {
        let (state, message) = check(&terminal, "push");
        (state == "failed" && message.contains("every 90 seconds")).then_some(())
    });
}

#[test]
fn the_websocket_goes_through_the_companys_proxy_and_trusts_its_authority() {
    const HOST: &str = "help.libredesk.test";
    let office = Office::https();
    let proxy = office.behind_proxy(&format!("{HOST}:443"));
    let mut terminal = Terminal::open();
    terminal.set_variable("HTTPS_PROXY", proxy.url());
    let url = format!("https://{HOST}");
    let _ = terminal
        .login_libredesk(&url, sample::SECRET, &[])
        .with_code(6)
        .saying(&["certificate of help.libredesk.test"]);
    let pem = terminal.session.folder().join("company.pem");
    fs::write(&pem, office.ca_pem()).unwrap();
    let settings = terminal.settings();
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    let text = json!({"version": 1, "ca_file": pem}).to_string();
    fs::write(&settings, text).unwrap();
    let _ = terminal.login_libredesk(&url, sample::SECRET, &[]).well();
    let before = proxy.connects();
    let app = terminal.app();
    wait_for("the app to listen", SOON, || {
        (office.desk.sockets(sample::ADA) == 1).then_some(())
    });
    assert!(proxy.connects() > before);
    assert!(
        proxy
            .targets()
            .iter()
            .all(|it| *it == format!("{HOST}:443"))
    );
    office.desk.set_in_browser(sample::ADA, "away");
    let heard = |status: &Value| named(status) == "Idle";
    terminal.wait_for_status("a push through the proxy", SOON, heard);
    drop(app);
    fs::write(&pem, "no certificate").unwrap();
    let refused = terminal.run(&["status", "--json"]).with_code(1);
    assert_eq!(refused.error_code(), "settings");
    let _ = terminal
        .run(&["status"])
        .with_code(1)
        .saying(&["ca_file", "no certificate in the file"]);
}
