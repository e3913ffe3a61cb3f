//! `statusctl set`: what is meant, what is written, what is refused.

use std::time::Duration;

use simulator::{CustomStatus, Fault, FaultRule, sample};
use system_tests::command_line::{Server, Terminal};

fn on_put(fault: Fault) -> FaultRule {
    FaultRule::new(fault).method("PUT")
}

#[test]
fn a_status_is_chosen_by_its_id_or_its_name_in_any_case_and_written_once() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for (typed, id) in [
        ("Lunch", sample::LUNCH),
        ("TRANSFERS only", sample::TRANSFERS_ONLY),
        ("205", sample::MEETING),
        ("back OFFICE", sample::BACK_OFFICE),
        ("3", sample::ONLINE),
    ] {
        server.zendesk.clear_requests();
        let set = terminal.run(&["set", typed, "--json"]).well().json();
        assert_eq!(set["status"]["id"], id.to_string(), "{typed}");
        assert_eq!(set["certainty"], "confirmed");
        assert_eq!(set["changed_by"], "you");
        assert_eq!(server.writes(), [id], "{typed} is written once");
        assert_eq!(server.current(), id);
    }
}

#[test]
fn choosing_the_status_that_is_confirmed_writes_nothing() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let set = terminal.run(&["set", "Online", "--json"]).well().json();
    assert_eq!(set["status"]["id"], "3");
    assert_eq!(server.writes(), [0_u64; 0]);
}

#[test]
fn a_status_for_a_time_says_until_when_and_back_ends_it() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _ = terminal
        .run(&["set", "Lunch", "--for", "30m"])
        .with_code(4)
        .saying(&["not running", "Nothing was changed"]);
    assert_eq!(server.writes(), [0_u64; 0], "nobody would end it");

    let _app = terminal.app();
    let until = |set: &[&str]| {
        let set = terminal.run(set).well().json();
        assert_eq!(set["status"]["name"], "Lunch");
        let until: jiff::Timestamp = set["until"].as_str().unwrap().parse().unwrap();
        until.duration_since(jiff::Timestamp::now()).as_secs()
    };
    let half_an_hour = until(&["set", "Lunch", "--for", "30m", "--json"]);
    assert!((29 * 60..=30 * 60).contains(&half_an_hour));
    let far_from_now = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(12);
    let at = far_from_now.strftime("%H:%M").to_string();
    let half_a_day = until(&["set", "Lunch", "--until", &at, "--json"]);
    assert!((12 * 3600 - 90..=12 * 3600).contains(&half_a_day));
    let back = terminal.run(&["back", "--json"]).well().json();
    assert_eq!(
        (&back["status"]["name"], back["until"].is_null()),
        (&"Online".into(), true)
    );
    assert_eq!(server.writes(), [sample::LUNCH, sample::ONLINE]);
}

#[test]
fn what_cannot_be_chosen_is_named_and_not_written() {
    for with_app in [false, true] {
        let server = Server::http();
        server
            .zendesk
            .add_status(CustomStatus::new(301, "lunch", ["away"; 3]));
        let terminal = Terminal::signed_in(&server);
        let _app = with_app.then(|| terminal.app());
        let _ = terminal
            .run(&["set", "Siesta"])
            .with_code(4)
            .saying(&["Siesta", "statusctl list"]);
        let _ = terminal.run(&["set", "Lun"]).with_code(4).saying(&["Lun"]);
        let _ = terminal
            .run(&["set", "4711"])
            .with_code(4)
            .saying(&["4711"]);
        let _ = terminal
            .run(&["set", "LUNCH"])
            .with_code(4)
            .saying(&["201", "301"]);
        let ambiguous = terminal.run(&["set", "Lunch", "--json"]).with_code(4);
        assert_eq!(ambiguous.error_code(), "ambiguous_status");
        let barred = terminal.run(&["set", "206", "--json"]).with_code(4);
        assert!(
            ["not_eligible", "no_such_status"].contains(&&*barred.error_code()),
            "{barred:#?}"
        );
        assert_eq!(server.writes(), [0_u64; 0], "nothing was written");
        let _ = terminal.run(&["set", "301"]).well();
        assert_eq!(server.writes(), [301]);
    }
}

#[test]
fn a_status_of_other_groups_is_listed_as_such_and_not_written() {
    let server = Server::http();
    server
        .zendesk
        .configure(|settings| settings.list_mode = simulator::ListMode::All);
    let terminal = Terminal::signed_in(&server);
    let list = terminal.run(&["list", "--json"]).well().json();
    let eligible = |id: &str| {
        let mut listed = list.as_array().into_iter().flatten();
        listed
            .find(|status| status["id"] == id)
            .map(|status| status["eligible"].clone())
    };
    assert_eq!(eligible("206"), Some(false.into()));
    assert_eq!(eligible("205"), Some(true.into()));
    let barred = terminal.run(&["set", "Coaching", "--json"]).with_code(4);
    assert_eq!(barred.error_code(), "not_eligible");
    assert_eq!(server.writes(), [0_u64; 0]);
}

#[test]
fn a_status_that_was_deleted_meanwhile_is_said_to_be_gone() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _app = terminal.app();
    let _ = terminal.run(&["list"]).well();
    server
        .zendesk
        .delete_status(sample::LUNCH)
        .expect("it is there");
    let gone = terminal.run(&["set", "Lunch", "--json"]).with_code(4);
    assert_eq!(gone.error_code(), "no_such_status");
    assert_eq!(server.current(), sample::ONLINE);
}

#[test]
fn the_help_desks_own_refusals_end_with_four_or_five() {
    for with_app in [false, true] {
        let server = Server::http();
        let terminal = Terminal::open();
        let _ = terminal.login(&server.url(), sample::ADA_READ_TOKEN).well();
        let _app = with_app.then(|| terminal.app());
        let forbidden = terminal.run(&["set", "Lunch", "--json"]).with_code(5);
        assert_eq!(forbidden.error_code(), "refused");
        let _ = terminal
            .run(&["set", "Lunch"])
            .with_code(5)
            .saying(&["nothing was changed"]);

        server.zendesk.lock_account(true);
        let locked = terminal.run(&["set", "Lunch", "--json"]).with_code(5);
        assert_eq!(locked.error_code(), "account_locked");
        let _ = terminal
            .run(&["set", "Lunch"])
            .with_code(5)
            .saying(&["locked", "admin"]);
        assert_eq!(server.current(), sample::ONLINE);
    }
}

#[test]
fn a_conflict_or_a_short_wait_is_tried_again_until_it_is_done() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let wait = Fault::Status {
        code: 429,
        retry_after: Some(2),
    };
    for (fault, typed, id) in [
        (Fault::status(409), "Lunch", sample::LUNCH),
        (wait, "Away", sample::AWAY),
    ] {
        server.zendesk.clear_requests();
        server.zendesk.fault(on_put(fault).times(1));
        let set = terminal.run(&["set", typed, "--json"]).well().json();
        assert_eq!(set["status"]["id"], id.to_string());
        assert_eq!(server.writes(), [id, id], "refused once, then done");
    }
}

#[test]
fn a_long_wait_is_told_with_its_length_and_not_waited_for() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.fault(on_put(Fault::Status {
        code: 429,
        retry_after: Some(120),
    }));
    let limited = terminal.run(&["set", "Lunch", "--json"]).with_code(6);
    assert_eq!(limited.error_code(), "rate_limited");
    let wait = limited.json()["error"]["retry_after_s"].as_u64();
    assert!(
        wait.is_some_and(|wait| (100..=120).contains(&wait)),
        "{limited:#?}"
    );
    assert!(limited.took < Duration::from_secs(20), "{limited:#?}");
    assert_eq!(server.writes(), [sample::LUNCH], "asked once");
}

#[test]
fn a_write_that_was_applied_though_its_answer_was_lost_is_not_sent_again() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for (fault, typed, id) in [
        (Fault::status(500), "Lunch", sample::LUNCH),
        (Fault::Reset, "Away", sample::AWAY),
        (Fault::TruncatedBody, "205", sample::MEETING),
        (Fault::CutJson, "Training", sample::TRAINING),
    ] {
        server.zendesk.clear_requests();
        server.zendesk.fault(on_put(fault).applied().times(1));
        let set = terminal.run(&["set", typed, "--json"]).well().json();
        assert_eq!(set["status"]["id"], id.to_string());
        assert_eq!(set["changed_by"], "you");
        assert_eq!(server.writes(), [id], "{typed} is written once");
    }
}

#[test]
fn a_write_that_was_lost_is_sent_again() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    for (fault, typed, id) in [
        (Fault::status(503), "Lunch", sample::LUNCH),
        (Fault::Reset, "Away", sample::AWAY),
    ] {
        server.zendesk.clear_requests();
        server.zendesk.fault(on_put(fault).times(1));
        let _ = terminal.run(&["set", typed]).well();
        assert_eq!(server.writes(), [id, id]);
        assert_eq!(server.current(), id);
    }
}

#[test]
fn a_write_that_is_never_answered_is_given_up_in_time() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.fault(on_put(Fault::Hang));
    let given_up = terminal.run(&["set", "Lunch", "--json"]).with_code(6);
    assert_eq!(given_up.error_code(), "timed_out");
    assert!(given_up.took < Duration::from_secs(37), "{given_up:#?}");

    server.zendesk.clear_faults();
    let _ = terminal.run(&["set", "Away"]).well();
    assert_eq!(server.current(), sample::AWAY);
}

#[test]
fn where_nobody_answers_it_is_said_that_nothing_was_changed() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    drop(server);
    let _ = terminal
        .run(&["set", "Lunch"])
        .with_code(6)
        .saying(&["cannot be reached", "Nothing was changed"]);
}
