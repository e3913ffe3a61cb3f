//! Omnichannel routing switched on or off meanwhile.

use super::story::*;
use crate::*;

/// Talk's four states, as a list of the account without omnichannel routing has them.
fn talk_states() -> Vec<Status> {
    ["online", "away", "transfers_only", "offline"]
        .map(|word| Status {
            id: StatusId::new(word),
            name: StatusKind::parse(word).unwrap().words().to_owned(),
            kind: StatusKind::parse(word).unwrap(),
            custom: false,
            ..statuses()[0].clone()
        })
        .to_vec()
}

fn switch_off(story: &mut Story, state: &str) {
    story.desk.statuses = talk_states();
    story.desk.path = ReadPath::TalkIsStatus;
    story.desk.status = StatusId::new(state);
    (story.desk.reason, story.desk.since) = (None, None);
}

fn switch_on(story: &mut Story, name: &str) {
    story.desk.statuses = statuses();
    story.desk.path = ReadPath::Own;
    story.desk.status = id(name);
}

fn changes(story: &mut Story) -> Vec<ModeChange> {
    let changes = story.notices().into_iter().map(|notice| match notice {
        Notice::ModeChanged(change) => change,
        other => panic!("{other:?}"),
    });
    changes.collect()
}

#[test]
fn routing_switched_off_is_seen_at_the_next_read_and_told_once() {
    let mut story = Story::online();
    story.click_for("Lunch", 30);
    story.after(40);
    story.writes();
    switch_off(&mut story, "away");
    story.after(60);
    assert_eq!(
        (story.headline().as_str(), story.view().certainty),
        ("Away", Certainty::Confirmed)
    );
    assert_eq!(story.view().statuses.len(), 4);
    let told = changes(&mut story);
    assert_eq!(
        told,
        [ModeChange {
            is_talk: true,
            ended_timed: true
        }]
    );
    story.after(7200);
    assert_eq!(changes(&mut story), []);
    assert_eq!(
        (story.writes(), story.view().offer),
        (vec![], None),
        "what was chosen before does not come back"
    );
}

#[test]
fn routing_switched_on_is_seen_by_the_settings_and_told_once() {
    let mut story = Story::online();
    switch_off(&mut story, "online");
    story.after(60);
    story.notices();
    switch_on(&mut story, "Lunch");
    story.after(330);
    assert_eq!(
        (story.headline().as_str(), story.view().certainty),
        ("Lunch", Certainty::Confirmed)
    );
    assert_eq!(
        changes(&mut story),
        [ModeChange {
            is_talk: false,
            ended_timed: false
        }]
    );
}

#[test]
fn who_looks_sees_the_change_sooner() {
    let mut story = Story::online();
    switch_off(&mut story, "online");
    story.after(60);
    switch_on(&mut story, "Lunch");
    story.after(70);
    story.happens(Input::Looked);
    story.after(10);
    assert_eq!(story.headline(), "Lunch");
}

#[test]
fn a_click_on_a_status_of_the_old_mode_gets_a_clear_word_and_the_new_list() {
    let mut story = Story::online();
    switch_off(&mut story, "online");
    story.after(60);
    story.notices();
    switch_on(&mut story, "Lunch");
    story
        .desk
        .write_fails
        .push_back((DeskError::NoSuchStatus, Applied::No));
    let click = story.click("away");
    assert_eq!(story.outcome(click), Some(Err(Code::NoSuchStatus)));
    story.after(10);
    assert_eq!(
        (story.headline().as_str(), story.view().statuses.len()),
        ("Lunch", 8)
    );
    let meeting = story.click("Meeting");
    assert_eq!(story.outcome(meeting), Some(Ok(())));
}

#[test]
fn while_the_new_list_cannot_be_read_nothing_old_is_confirmed_for_long_and_nothing_is_asked_in_a_hurry()
 {
    let mut story = Story::online();
    switch_off(&mut story, "away");
    story.desk.list_fails = Some(unreachable());
    story.after(20);
    story.asked.clear();
    story.after(600);
    assert_eq!(story.view().certainty, Certainty::Unknown);
    assert!(story.count("fetch") <= 40, "{}", story.count("fetch"));
    story.desk.list_fails = None;
    story.after(90);
    assert_eq!(
        (story.headline().as_str(), story.view().certainty),
        ("Away", Certainty::Confirmed)
    );
}

#[test]
fn a_start_in_either_mode_tells_nothing() {
    let mut story = Story::begin(Remembered::default());
    switch_off(&mut story, "online");
    story.start();
    story.after(60);
    assert_eq!(
        (story.headline().as_str(), story.notices()),
        ("Online", vec![])
    );
}
