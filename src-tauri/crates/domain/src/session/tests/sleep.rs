//! Sleep and wake: rule 3's dropped choice and rule 10's quiet.

use super::story::*;
use crate::*;

#[test]
fn a_choice_in_flight_at_sleep_is_dropped_and_reported_on_waking() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .extend(vec![(unreachable(), Applied::No); 9]);
    let lunch = story.click("Lunch");
    story.sleep(3600);
    assert_eq!(story.outcome(lunch), Some(Err(Code::Slept)));
    assert_eq!(story.view().failed.unwrap().to.name, "Lunch");
    story.desk.write_fails.clear();
    story.writes();
    story.after(59);
    assert_eq!(story.notices(), []);
    story.after(1);
    assert!(matches!(
        story.notices().as_slice(),
        [Notice::SwitchFailed(_)]
    ));
    story.after(600);
    assert_eq!(
        (story.writes(), story.notices()),
        (vec![], vec![]),
        "it never comes back"
    );
}

#[test]
fn a_choice_that_was_applied_in_the_end_is_reported_no_longer() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let lunch = story.click("Lunch");
    story.sleep(3600);
    assert_eq!(story.outcome(lunch), Some(Err(Code::Slept)));
    story.answer_write();
    story.after(600);
    assert_eq!(
        (
            story.headline().as_str(),
            story.view().failed,
            story.notices()
        ),
        ("Lunch", None, vec![])
    );
}

#[test]
fn of_two_choices_the_newer_is_reported() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let lunch = story.click("Lunch");
    let coffee = story.click("Coffee");
    story.sleep(60);
    assert_eq!(
        (story.outcome(lunch), story.outcome(coffee)),
        (Some(Err(Code::Overtaken)), Some(Err(Code::Slept)))
    );
    story.answer_write();
    assert_eq!(story.writes(), ["Lunch"]);
}

#[test]
fn going_to_sleep_twice_loses_nobody() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let lunch = story.click("Lunch");
    story.happens(Input::Slept);
    story.happens(Input::Slept);
    story.happens(Input::Woke);
    assert_eq!(story.outcome(lunch), Some(Err(Code::Slept)));
}

#[test]
fn nothing_is_asked_in_sleep_and_at_once_on_waking() {
    let mut story = Story::online();
    story.happens(Input::Slept);
    story.after(3600);
    assert_eq!(story.asked.len(), 0);
    story.happens(Input::Woke);
    assert_eq!(story.count("fetch"), 1);
}

#[test]
fn failures_just_after_waking_are_not_notified() {
    let mut story = Story::online();
    story.desk.fails = Some(unreachable());
    story
        .desk
        .write_fails
        .extend(vec![(unreachable(), Applied::No); 99]);
    story.sleep(3600);
    story.after(10);
    let lunch = story.click("Lunch");
    story.after(49);
    assert_eq!(story.outcome(lunch), Some(Err(Code::Unreachable)));
    assert_eq!(
        (story.notices(), story.view().failed.is_some()),
        (vec![], true),
        "shown, not shouted"
    );
    story.after(1);
    assert_eq!(story.notices().len(), 1);
}

#[test]
fn a_failure_that_is_over_before_the_minute_is_never_notified() {
    let mut story = Story::online();
    story.desk.write_fails.push_back((limited(60), Applied::No));
    story.sleep(3600);
    story.click("Lunch");
    assert!(story.view().failed.is_some());
    story.after(61);
    story.notices();

    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.sleep(3600);
    story.click("Lunch");
    story.click("Lunch");
    story.after(600);
    assert_eq!(
        (story.headline().as_str(), story.notices()),
        ("Lunch", vec![])
    );
}

#[test]
fn a_sign_out_on_waking_is_told_after_a_minute() {
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::Unauthorized);
    story.sleep(3600);
    story.after(59);
    assert_eq!(
        (story.view().link, story.notices()),
        (Link::SignedOut, vec![])
    );
    story.after(1);
    assert_eq!(story.notices().len(), 1);
}

#[test]
fn a_forced_change_in_sleep_is_told_at_once() {
    let mut story = Story::online();
    story.after(60);
    story.moved_to("Offline", "AGENT_DISCONNECTED");
    story.sleep(3600);
    assert_eq!(story.notices().len(), 1);
}

#[test]
fn three_failures_on_waking_are_needed_as_ever() {
    let mut story = Story::online();
    story.desk.fails = Some(unreachable());
    story.after(INTERVAL_S + 5);
    story.sleep(3600);
    assert_eq!(story.light(), Light::NotConfirmed);
    story.after(20);
    assert_eq!(story.light(), Light::Unreachable);
}

#[test]
fn a_computer_that_sleeps_is_not_woken_for_anything() {
    let mut story = Story::online();
    story.click_for("Lunch", 30);
    story.happens(Input::Slept);
    assert_eq!(story.session.poll_timeout(story.now), None);
}
