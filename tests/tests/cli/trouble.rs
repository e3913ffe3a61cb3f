//! A help desk that answers badly once the agent is signed in.

use std::time::Duration;

use serde_json::json;
use simulator::{Fault, FaultRule, Quota, sample};
use system_tests::command_line::{Server, Terminal};

/// What can come instead of an answer, and the code under which scripts find it.
fn troubles() -> [(Fault, &'static str); 8] {
    let redirect = Fault::Redirect {
        to: "https://elsewhere.example/".to_owned(),
    };
    [
        (Fault::status(500), "unreachable"),
        (Fault::Reset, "unreachable"),
        (Fault::TruncatedBody, "unreachable"),
        (Fault::CutJson, "not_this_help_desk"),
        (Fault::NotJson, "not_this_help_desk"),
        (Fault::Html, "not_this_help_desk"),
        (Fault::HugeBody, "not_this_help_desk"),
        (redirect, "not_this_help_desk"),
    ]
}

#[test]
fn each_trouble_has_its_code_for_scripts() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for (fault, code) in troubles() {
        server.zendesk.fault(fault.clone());
        let list = terminal.run(&["list", "--json"]).with_code(6);
        assert_eq!(list.error_code(), code, "{fault:?}");
        assert_eq!(list.err, "", "scripts read it on standard output");
        server.zendesk.clear_faults();
    }
    let _ = terminal.run(&["list"]).well();
}

#[test]
fn people_read_on_standard_error_what_happened_and_what_to_do() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for (fault, words) in [
        (Fault::Html, ["web page", "proxy"]),
        (Fault::status(500), ["Zendesk failed", "try again"]),
    ] {
        server.zendesk.fault(fault);
        let list = terminal.run(&["list"]).with_code(6).saying(&words);
        assert_eq!(list.out, "");
        let set = terminal.run(&["set", "Lunch"]).with_code(6).saying(&words);
        assert_eq!(set.out, "");
        assert!(set.took < Duration::from_secs(37), "{set:#?}");
        server.zendesk.clear_faults();
    }
    assert_eq!(server.writes(), [0_u64; 0]);
}

#[test]
fn a_status_that_cannot_be_read_is_unknown_and_no_failure() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for (fault, _) in troubles() {
        server.zendesk.fault(fault.clone());
        let status = terminal.run(&["status", "--json"]).well().json();
        assert_eq!(status["certainty"], "unknown", "{fault:?}");
        assert_eq!(status["status"], json!(null), "{fault:?}");
        server.zendesk.clear_faults();
    }
    server.zendesk.fault(Fault::Html);
    let told = terminal.run(&["status"]).well();
    assert!(told.out.contains("web page"), "{told:#?}");
    assert!(!told.out.contains("Online"), "{told:#?}");
    server.zendesk.clear_faults();
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["certainty"], "confirmed");
}

#[test]
fn a_switch_waits_out_a_short_trouble() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server
        .zendesk
        .fault(FaultRule::new(Fault::status(500)).times(2));
    let _ = terminal.run(&["set", "Lunch"]).well();
    assert_eq!(server.writes(), [sample::LUNCH]);
}

#[test]
fn a_help_desk_that_is_not_there_is_unreachable() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    drop(server);
    let list = terminal.run(&["list", "--json"]).with_code(6);
    assert_eq!(list.error_code(), "unreachable");
    let set = terminal.run(&["set", "Lunch", "--json"]).with_code(6);
    assert_eq!(set.error_code(), "unreachable");
    assert!(set.took < Duration::from_secs(37), "{set:#?}");
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["certainty"], "unknown");
    let accounts = terminal.run(&["accounts", "--json"]).well().json();
    assert_eq!(accounts[0]["account"], "local");
}

#[test]
fn a_help_desk_that_never_answers_is_given_up_in_time() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.fault(Fault::Hang);
    let list = terminal.run(&["list", "--json"]).with_code(6);
    assert_eq!(list.error_code(), "timed_out");
    assert!(list.took < Duration::from_secs(20), "{list:#?}");
    let set = terminal.run(&["set", "Lunch", "--json"]).with_code(6);
    assert_eq!(set.error_code(), "timed_out");
    assert!(set.took < Duration::from_secs(37), "{set:#?}");
    let status = terminal.run(&["status", "--json"]).well();
    assert_eq!(status.json()["certainty"], "unknown");
    assert!(status.took < Duration::from_secs(20), "{status:#?}");
}

#[test]
fn a_used_up_request_limit_is_told_with_the_wait() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.set_quota(Quota {
        per_minute: 0,
        headers: true,
        retry_after: true,
    });
    for arguments in [&["list", "--json"][..], &["set", "Lunch", "--json"]] {
        let limited = terminal.run(arguments).with_code(6);
        assert_eq!(limited.error_code(), "rate_limited");
        let wait = limited.json()["error"]["retry_after_s"].as_u64();
        assert!(wait.is_some_and(|wait| wait <= 60), "{limited:#?}");
    }
    let _ = terminal
        .run(&["list"])
        .with_code(6)
        .saying(&["too many requests"]);
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["link"], "rate_limited");
}

#[test]
fn a_locked_account_is_called_locked() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.lock_account(true);
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["link"], "locked");
    let list = terminal.run(&["list", "--json"]).with_code(5);
    assert_eq!(list.error_code(), "account_locked");
    let accounts = terminal.run(&["accounts", "--json"]).well().json();
    assert_eq!(accounts[0]["link"], "locked");
}

#[test]
fn the_running_app_tells_the_same_troubles() {
    let server = Server::http();
    server
        .zendesk
        .fault(FaultRule::new(Fault::status(500)).path("/api/v2/agent_"));
    let terminal = Terminal::signed_in(&server);
    let _app = terminal.app();
    let list = terminal.run(&["list", "--json"]).with_code(6);
    assert_eq!(list.error_code(), "unreachable");
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["certainty"], "unknown");
    let _ = terminal.run(&["set", "Lunch"]).with_code(6);
    assert_eq!(server.writes(), [0_u64; 0]);
}
