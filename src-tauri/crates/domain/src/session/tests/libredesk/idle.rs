//! Idleness, for who asked for it.

use std::time::Duration;

use super::office::*;
use crate::*;

#[test]
fn idle_comes_and_goes_with_the_agent_who_asked_for_it() {
    let mut office = Office::idling(ONLINE);
    office.asked();
    office.happens(Input::Idle);
    assert_eq!(office.asked(), ["idle away"]);
    assert_eq!(office.headline(), "Idle");
    office.after(60);
    office.asked();
    office.happens(Input::Active);
    assert_eq!(office.asked(), ["read", "idle online"]);
    assert_eq!(office.headline(), "Online");
    assert!(
        office.offers().is_empty(),
        "the agent's own rule makes no noise"
    );
    office.happens(Input::Locked);
    assert_eq!(office.headline(), "Idle");
}

#[test]
fn idleness_never_touches_what_the_agent_chose() {
    let mut office = Office::idling(AWAY);
    office.asked();
    office.happens(Input::Idle);
    office.happens(Input::Active);
    assert!(office.asked().iter().all(|it| it == "read"));
    // And what was chosen elsewhere in between stays.
    let mut office = Office::idling(ONLINE);
    office.happens(Input::Idle);
    office.set_elsewhere(AWAY);
    office.asked();
    office.happens(Input::Active);
    assert_eq!(office.asked(), ["read"]);
    assert_eq!(
        (office.headline().as_str(), office.status.as_str()),
        ("Away", AWAY)
    );
}

#[test]
fn without_the_rule_idleness_changes_nothing() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    office.asked();
    office.happens(Input::Idle);
    office.happens(Input::Locked);
    office.happens(Input::Unlocked);
    office.happens(Input::Active);
    assert!(office.asked().iter().all(|it| it == "read"));
}

#[test]
fn a_timed_online_outlives_idleness() {
    let mut office = Office::idling(AWAY);
    office.click_for_an_hour(ONLINE);
    office.after(30);
    assert!(office.view().timed.is_some());
    office.happens(Input::Locked);
    office.after(60);
    office.happens(Input::Unlocked);
    office.after(10);
    assert_eq!(office.headline(), "Online");
    assert!(office.view().timed.is_some(), "its end is lost");
}

#[test]
fn idleness_does_not_hide_that_a_click_failed() {
    let mut office = Office::idling(ONLINE);
    office.click_unanswered(AWAY);
    office.happens(Input::Pushed(Err(DeskError::Refused { status: 405 })));
    assert!(office.view().failed.is_some());
    office.happens(Input::Locked);
    office.after(60);
    office.happens(Input::Unlocked);
    office.after(10);
    assert!(
        office.view().failed.is_some(),
        "nothing says any more that Away failed"
    );
}

#[test]
fn what_idleness_finds_is_somebody_elses() {
    let mut office = Office::idling(ONLINE);
    // Set elsewhere, not told yet (older server, proxy without websocket).
    office.set(AWAY);
    office.happens(Input::Locked);
    assert_eq!(office.headline(), "Away");
    assert_eq!(office.view().changed_by, Some(ChangedBy::Other));
}

#[test]
fn a_read_caught_by_unlocking_does_not_strand_the_click() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    office.click_unanswered(AWAY);
    office.status = AWAY.to_owned();
    office.only(Input::Pushed(Err(DeskError::TimedOut)));
    office.pass(Duration::from_millis(600));
    office.only(Input::Timeout);
    // The websocket broke with the network, as is usual.
    office.is_open = false;
    office.only(Input::Heard(Heard::Closed(Closed::Broken(
        "reset".to_owned(),
    ))));
    let answer = office.reading();
    office.happens(Input::Fetched(answer));
    office.after(60);
    assert_eq!(office.outcomes, [Ok(())]);
}
