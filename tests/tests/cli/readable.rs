//! What an agent is told whose role may not read the own status.

use serde_json::json;
use simulator::{MeRefusal, Readability, sample};
use system_tests::command_line::{Server, Terminal};

/// Ada may read nothing of her own but her phone channel, where she has one.
fn unreadable(has_talk: bool) -> (Server, Terminal) {
    let server = Server::http();
    let talk = server.zendesk.set_talk_seat(sample::ADA, has_talk);
    talk.expect("Ada is there");
    server
        .zendesk
        .set_readability(Readability::Nothing, MeRefusal::NotFound);
    let terminal = Terminal::signed_in(&server);
    (server, terminal)
}

#[test]
fn a_status_that_is_readable_by_the_own_number_is_confirmed() {
    for refusal in [
        MeRefusal::BadRequest,
        MeRefusal::NotFound,
        MeRefusal::Forbidden,
    ] {
        let server = Server::http();
        server.zendesk.set_readability(Readability::OwnId, refusal);
        let terminal = Terminal::signed_in(&server);
        let status = terminal.run(&["status", "--json"]).well().json();
        assert_eq!(status["status"]["id"], "3", "{refusal:?}");
        assert_eq!(status["certainty"], "confirmed", "{refusal:?}");
    }
}

#[test]
fn where_nothing_is_readable_the_last_own_write_is_assumed_and_marked() {
    let (server, terminal) = unreadable(false);
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["status"], json!(null), "nothing was written yet");
    assert_eq!(status["certainty"], "unknown");

    let set = terminal.run(&["set", "Lunch", "--json"]).well().json();
    assert_eq!(set["status"]["id"], "201");
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["status"]["id"], "201");
    assert_eq!(status["certainty"], "assumed");
    assert_eq!(status["changed_by"], "you");
    let told = terminal.run(&["status"]).well();
    assert!(told.out.contains("unconfirmed"), "{told:#?}");

    server.force(sample::AWAY, "AGENT_IDLE_TIMEOUT");
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["certainty"], "assumed", "nobody can see the change");
    assert_ne!(status["changed_by"], "other");
}

#[test]
fn where_the_phone_is_readable_the_last_own_write_is_projected_while_it_agrees() {
    let (server, terminal) = unreadable(true);
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["certainty"], "projected");
    assert_eq!(status["channels"][0]["name"], "talk");
    assert_eq!(status["channels"][0]["state"], "online");

    let _ = terminal.run(&["set", "Lunch"]).well();
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["status"]["id"], "201");
    assert_eq!(status["certainty"], "projected");

    server.force(sample::ONLINE, "PUBLIC_API");
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["status"], json!(null), "Lunch is contradicted");
    assert_eq!(status["channels"][0]["state"], "online");
    let told = terminal.run(&["status"]).well();
    assert!(told.out.contains("Phone: Online"), "{told:#?}");
}

#[test]
fn without_unified_statuses_the_phones_states_are_the_statuses() {
    let server = Server::http();
    server.zendesk.set_omnichannel(false);
    let terminal = Terminal::signed_in(&server);
    let list = terminal.run(&["list", "--json"]).well().json();
    let names: Vec<_> = list
        .as_array()
        .into_iter()
        .flatten()
        .map(|status| status["name"].clone())
        .collect();
    for name in ["Online", "Away", "Transfers only", "Offline"] {
        assert!(names.contains(&json!(name)), "{name} in {names:?}");
    }
    let set = terminal.run(&["set", "away", "--json"]).well().json();
    assert_eq!(set["status"]["name"], "Away");
    assert_eq!(set["certainty"], "confirmed");
    assert_eq!(
        server.zendesk.talk_state(sample::ADA).as_deref(),
        Some("away")
    );
    assert_eq!(server.puts().len(), 1);
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["status"]["name"], "Away");
    let _ = terminal
        .run(&["set", "Lunch"])
        .with_code(4)
        .saying(&["Lunch"]);
}

#[test]
fn calls_ring_where_the_agent_says_and_the_status_is_printed_after_it() {
    for omnichannel in [true, false] {
        let server = Server::http();
        server.zendesk.set_omnichannel(omnichannel);
        let terminal = Terminal::signed_in(&server);
        let via = terminal.run(&["via", "phone", "--json"]).well().json();
        assert_eq!(via["status"]["name"], "Online");
        assert_eq!(via["certainty"], "confirmed");
        assert_eq!(server.zendesk.via(sample::ADA).as_deref(), Some("phone"));
        assert_eq!(server.puts().len(), 1, "nothing but where calls ring");
        let told = terminal.run(&["via", "client"]).well();
        assert!(told.out.contains("Online"), "{told:#?}");
        assert!(told.out.contains("Calls: in the browser"), "{told:#?}");
        assert_eq!(server.zendesk.via(sample::ADA).as_deref(), Some("client"));
    }
    let server = Server::http();
    server.zendesk.set_talk_seat(sample::ADA, false).unwrap();
    let terminal = Terminal::signed_in(&server);
    let _ = terminal
        .run(&["via", "phone"])
        .with_code(5)
        .saying(&["Talk", "seat"]);
    let _ = terminal.run(&["via", "fax"]).with_code(2).saying(&["fax"]);
}

#[test]
fn after_the_call_is_for_the_running_app_to_do() {
    let server = Server::http();
    server
        .zendesk
        .set_call_status(sample::ADA, Some("on_call"))
        .unwrap();
    let terminal = Terminal::signed_in(&server);
    let refused = terminal
        .run(&["set", "Lunch", "--after-call", "--json"])
        .with_code(4);
    assert!(refused.out.contains("not_on_a_call"), "{refused:#?}");
    assert_eq!(server.puts().len(), 0);
}
