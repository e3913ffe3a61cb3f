//! One owner at a time: commands beside each other, beside an app that starts, and killed in the middle.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use simulator::{Fault, FaultRule, sample};
use system_tests::command_line::{Done, Server, Terminal};
use system_tests::desktop::wait_for;

const SOON: Duration = Duration::from_secs(20);
const SLOW: Duration = Duration::from_millis(300);

fn slow_writes(server: &Server) {
    server
        .zendesk
        .fault(FaultRule::new(Fault::delay(SLOW)).method("PUT"));
}

/// Sets five statuses at once.
fn five_at_once(terminal: &Terminal) -> Vec<Done> {
    let typed = ["Lunch", "Away", "In a meeting", "Back office", "Training"];
    thread::scope(|scope| {
        let set = |status| scope.spawn(move || terminal.run(&["set", status, "--json"]));
        let running: Vec<_> = typed.map(set).into_iter().collect();
        running
            .into_iter()
            .map(|one| one.join().expect("it ran to its end"))
            .collect()
    })
}

/// No write arrived before the one before it was answered.
#[track_caller]
fn one_after_the_other(server: &Server) {
    let puts = server.puts();
    for pair in puts.windows(2) {
        let apart = pair[1].elapsed.saturating_sub(pair[0].elapsed);
        assert!(apart >= SLOW, "two writes in flight: {puts:#?}");
    }
}

/// The next write is answered when nobody waits for it any more.
fn held_write() -> FaultRule {
    FaultRule::new(Fault::delay(Duration::from_secs(60)))
        .method("PUT")
        .times(1)
}

#[test]
fn five_at_once_write_one_after_the_other() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    slow_writes(&server);
    let all = five_at_once(&terminal);
    let mut well = 0;
    for done in &all {
        match done.code {
            0 => {
                assert_eq!(done.json()["certainty"], "confirmed");
                well += 1;
            }
            6 => assert_eq!(done.error_code(), "busy"),
            _ => panic!("neither done nor a clear word: {done:#?}"),
        }
    }
    assert!(well >= 1, "{all:#?}");
    assert_eq!(server.writes().len(), well, "one write per success");
    one_after_the_other(&server);
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["status"]["id"], server.current().to_string());
    assert_eq!(status["changed_by"], "you");
}

#[test]
fn five_at_once_through_the_app_end_with_the_last_one() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _app = terminal.app();
    slow_writes(&server);
    let all = five_at_once(&terminal);
    for done in &all {
        match done.code {
            0 => {}
            5 => assert_eq!(done.error_code(), "overtaken"),
            _ => panic!("neither done nor a clear word: {done:#?}"),
        }
    }
    one_after_the_other(&server);
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["status"]["id"], server.current().to_string());
    assert_eq!(server.writes().last(), Some(&server.current()));
    let last = all.iter().filter(|done| done.code == 0);
    assert!(last.clone().count() >= 1, "{all:#?}");
}

#[test]
fn an_app_that_starts_during_a_switch_waits_for_it() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let late = FaultRule::new(Fault::delay(Duration::from_secs(2)))
        .method("PUT")
        .times(1);
    server.zendesk.fault(late);
    let mut set = terminal.start("set", &["set", "Lunch", "--json"]);
    server.wait_for_put(SOON);
    let app = terminal.app();
    let status = set.wait_exit(SOON);
    assert!(status.success(), "{}{}", set.output(), set.errors());
    assert_eq!(server.writes(), [sample::LUNCH], "neither lost nor doubled");

    let told = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(told["status"]["id"], "201");
    assert_eq!(told["changed_by"], "you");
    assert!(app.is_running());
    let _ = terminal.run(&["set", "Online"]).well();
    assert_eq!(server.writes(), [sample::LUNCH, sample::ONLINE]);
}

#[test]
fn a_command_killed_after_its_write_arrived_leaves_it_explained() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.fault(held_write().applied());
    let mut set = terminal.start("set", &["set", "Lunch"]);
    server.wait_for_put(SOON);
    set.kill();
    assert_eq!(server.current(), sample::LUNCH, "it was applied");

    let told = terminal.run(&["status", "--json"]).well();
    assert_eq!(told.err, "", "what came about makes no noise");
    let told = told.json();
    assert_eq!(told["status"]["id"], "201");
    assert_eq!(told["changed_by"], "you");
    let _ = terminal.run(&["set", "Online"]).well();
    assert_eq!(server.writes(), [sample::LUNCH, sample::ONLINE]);
}

#[test]
fn a_command_killed_before_its_write_was_applied_claims_nothing() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.fault(held_write());
    let mut set = terminal.start("set", &["set", "Lunch"]);
    server.wait_for_put(SOON);
    set.kill();

    let told = terminal.run(&["status", "--json"]).well();
    let told = told.saying(&[
        "ended before Zendesk answered",
        "Lunch",
        "You are in Online",
    ]);
    assert_eq!(told.json()["status"]["id"], "3");
    assert_eq!(told.json()["certainty"], "confirmed");
    let again = terminal.run(&["status"]).well();
    assert_eq!(again.err, "", "it is said once");
    let _ = terminal.run(&["set", "Lunch"]).well();
    assert_eq!(server.current(), sample::LUNCH);
}

#[test]
fn the_same_is_said_of_where_calls_ring() {
    for omnichannel in [true, false] {
        let server = Server::http();
        server.zendesk.set_omnichannel(omnichannel);
        let terminal = Terminal::signed_in(&server);
        server.zendesk.fault(held_write());
        let mut via = terminal.start("via", &["via", "phone"]);
        server.wait_for_put(SOON);
        via.kill();

        let _ = terminal.run(&["status", "--json"]).well().saying(&[
            "ended before it was confirmed that you answer by phone",
            "You answer in the browser",
        ]);
        let again = terminal.run(&["status"]).well();
        assert_eq!(again.err, "", "it is said once");
    }
}

#[test]
fn an_app_killed_during_a_command_leaves_a_clear_word_and_the_profile_free() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let mut app = terminal.app();
    server.zendesk.fault(held_write());
    let mut set = terminal.start("set", &["set", "Lunch", "--json"]);
    server.wait_for_put(SOON);
    app.kill();
    let status = set.wait_exit(SOON);
    assert!(!status.success(), "nobody confirmed it: {}", set.output());
    assert!(set.output().contains("\"error\""), "{}", set.output());
    let _ = terminal.run(&["set", "Away"]).well();
    assert_eq!(server.current(), sample::AWAY);
}

/// Whether every thread of a process is stopped: the signal takes its time to reach them all.
fn is_stopped(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    threads
        .filter_map(|thread| fs::read_to_string(thread.path().join("stat")).ok())
        .all(|stat| {
            stat.rsplit(')')
                .next()
                .is_some_and(|rest| rest.trim_start().starts_with('T'))
        })
}

#[test]
fn an_app_that_hangs_is_named_and_not_waited_for_long() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let app = terminal.app();
    let _ = terminal.run(&["list"]).well();
    let pid = i32::try_from(app.pid()).ok().and_then(Pid::from_raw);
    let pid = pid.expect("the app has a process");
    kill_process(pid, Signal::STOP).expect("it is ours");
    wait_for("the app to stand still", SOON, || {
        is_stopped(app.pid()).then_some(())
    });
    let busy = terminal.run(&["set", "Lunch", "--json"]).with_code(6);
    assert_eq!(busy.error_code(), "busy");
    assert!(busy.took < Duration::from_secs(15), "{busy:#?}");
    kill_process(pid, Signal::CONT).expect("it is ours");
    let _ = terminal.run(&["set", "Away"]).well();
    assert_eq!(
        server.writes(),
        [sample::AWAY],
        "what was given up is not made up for"
    );
}

#[test]
fn looking_while_somebody_switches_is_answered() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    slow_writes(&server);
    let switched = AtomicBool::new(false);
    thread::scope(|scope| {
        let set = scope.spawn(|| {
            let done = terminal.run(&["set", "Lunch"]);
            switched.store(true, Ordering::Release);
            done
        });
        let mut looks = 0;
        while !switched.load(Ordering::Acquire) || looks == 0 {
            let status = terminal.run(&["status", "--json"]).well().json();
            assert!(
                ["3", "201"].contains(&status["status"]["id"].as_str().unwrap_or_default()),
                "{status:#}"
            );
            looks += 1;
        }
        let _ = set.join().expect("it ran to its end").well();
    });
    assert_eq!(server.writes(), [sample::LUNCH]);
}
