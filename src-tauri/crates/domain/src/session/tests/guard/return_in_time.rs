//! Who is back, or moves on, while the guard's write is still under way.

use super::*;

#[test]
fn a_click_that_brings_work_while_nobody_is_there_is_guarded_too() {
    let mut story = guarded("Offline");
    story.click("Offline");
    story.desk.holds_writes = true;
    story.click("Online");
    story.happens(Input::Slept);
    story.answer_write();
    story.answer_write();
    assert_eq!(story.writes(), ["Offline", "Online", "Offline"]);
}

#[test]
fn who_is_back_while_the_write_is_in_flight_is_offered_the_way_back() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    story.happens(Input::Locked);
    story.happens(Input::Unlocked);
    story.answer_write();
    story.after(60);
    assert_eq!(back(&offered(&mut story)), Some("Online"));
    assert_eq!(story.view().failed, None);
}

#[test]
fn who_is_back_while_the_write_is_in_flight_is_not_switched_by_another_try() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    story
        .desk
        .write_fails
        .push_back((DeskError::Conflict, Applied::No));
    story.happens(Input::Locked);
    story.happens(Input::Unlocked);
    story.answer_write();
    story.after(120);
    assert_eq!(story.writes(), ["Offline"]);
    assert_eq!(story.headline(), "Online");
}

#[test]
fn a_click_in_flight_is_tried_again_whoever_unlocks_meanwhile() {
    let mut story = guarded("Offline");
    story.click("Offline");
    story.writes();
    story.desk.holds_writes = true;
    story
        .desk
        .write_fails
        .push_back((DeskError::Conflict, Applied::No));
    let away = story.click("Away");
    story.happens(Input::Unlocked);
    story.answer_write();
    story.after(5);
    story.answer_write();
    assert_eq!(story.outcome(away), Some(Ok(())));
    assert_eq!(story.writes(), ["Away", "Away"]);
}

#[test]
fn what_the_guard_has_not_sent_is_not_sent_after_the_return() {
    let mut story = guarded("Offline");
    story.click("Away");
    story.desk.holds_writes = true;
    let online = story.click("Online");
    story.happens(Input::Locked);
    story.happens(Input::Unlocked);
    story.answer_write();
    story.after(60);
    assert_eq!(story.outcome(online), Some(Ok(())));
    assert_eq!(story.writes(), ["Away", "Online"]);
}

#[test]
fn a_click_that_waits_behind_the_guard_is_sent_after_the_return() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    story.happens(Input::Locked);
    let lunch = story.click("Lunch");
    story.happens(Input::Unlocked);
    story.answer_write();
    story.answer_write();
    assert_eq!(story.outcome(lunch), Some(Ok(())));
    assert_eq!(story.writes(), ["Offline", "Lunch"]);
}

#[test]
fn a_guard_that_is_changed_meanwhile_leads_back_to_before_the_first() {
    let mut story = guarded("Away");
    story.happens(Input::Locked);
    guard(&mut story, "Offline");
    story.sleep(60);
    story.happens(Input::Unlocked);
    story.after(60);
    assert_eq!(story.writes(), ["Away", "Offline"]);
    assert_eq!(back(&offered(&mut story)), Some("Online"));
}

/// The program ends by the guard, and one without it runs until the status has moved on.
fn moved_on_without_the_guard(story: &mut Story) {
    story.happens(Input::Quitting);
    story.restart();
    story.moved_to("Away", "AGENT_STATUS_SWITCHER");
    story.after(60);
    story.moved_to("Offline", "AGENT_STATUS_SWITCHER");
    story.after(60);
    story.notices();
    guard(story, "Offline");
    story.happens(Input::Unlocked);
    story.after(60);
}

#[test]
fn who_moved_on_meanwhile_is_offered_no_way_back() {
    let mut story = guarded("Offline");
    moved_on_without_the_guard(&mut story);
    assert_eq!((story.notices(), story.view().offer), (vec![], None));
}

#[test]
fn a_failure_is_told_also_to_who_moved_on_meanwhile() {
    let mut story = guarded("Offline");
    story
        .desk
        .write_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.happens(Input::Quitting);
    story.restart();
    story.moved_to("Away", "AGENT_STATUS_SWITCHER");
    story.after(60);
    story.notices();
    guard(&mut story, "Offline");
    story.happens(Input::Unlocked);
    story.after(60);
    assert!(told_failure(&mut story).contains("when Statuslight was quit"));
}

#[test]
fn what_worked_and_was_undone_by_another_hand_is_no_failure() {
    let mut story = guarded("Offline");
    story.happens(Input::Quitting);
    story.moved_to("Online", "AGENT_STATUS_SWITCHER");
    story.restart();
    guard(&mut story, "Offline");
    story.after(60);
    assert_eq!((story.notices(), story.view().failed), (vec![], None));
}

#[test]
fn a_write_that_nobody_heard_of_is_no_failure_where_the_agent_is_elsewhere() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    story.happens(Input::Quitting);
    story.moved_to("Away", "AGENT_STATUS_SWITCHER");
    story.restart();
    guard(&mut story, "Offline");
    story.after(60);
    assert_eq!(story.view().failed, None);
}
