//! Rule 5: own changes make no noise, whoever of ours made them.

use jiff::SignedDuration;

use super::story::*;
use crate::*;

fn lunch() -> NamedStatus {
    statuses()
        .into_iter()
        .find(|status| status.name == "Lunch")
        .unwrap()
        .named()
}

#[test]
fn a_read_after_an_own_click_tells_nothing_new() {
    let mut story = Story::online();
    story.click("Lunch");
    story.after(600);
    let view = story.view();
    assert_eq!(
        (view.changed_by, view.reason.as_deref()),
        (Some(ChangedBy::You), Some("PUBLIC_API"))
    );
    assert_eq!(
        (view.reason_in_words, view.since),
        (None, story.desk.since),
        "the time is the help desk's"
    );
    assert_eq!(view.previous.unwrap().name, "Online");
    assert_eq!(story.notices(), []);
}

#[test]
fn an_echo_of_the_old_status_just_after_the_write_is_not_believed() {
    let mut story = Story::online();
    let old = story.desk.since;
    story.click("Lunch");
    let settled = (
        story.desk.status.clone(),
        story.desk.since,
        story.desk.reason.clone(),
    );
    (story.desk.status, story.desk.since) = (id("Online"), old);
    story.after(4);
    assert!(story.count("fetch") >= 2, "it looks again soon");
    (story.desk.status, story.desk.since, story.desk.reason) = settled;
    story.after(60);
    assert_eq!(
        (story.headline().as_str(), story.notices()),
        ("Lunch", vec![])
    );
}

#[test]
fn an_echo_from_before_two_quick_clicks_is_not_believed_either() {
    for echo in ["Online", "Lunch"] {
        let mut story = Story::online();
        let old = story.desk.since;
        story.click("Lunch");
        story.pass(std::time::Duration::from_secs(1));
        story.click("Coffee");
        let settled = (story.desk.status.clone(), story.desk.since);
        let since = if echo == "Online" {
            old
        } else {
            Some(story.now.wall + SignedDuration::from_secs(1))
        };
        (story.desk.status, story.desk.since) = (id(echo), since);
        story.after(3);
        (story.desk.status, story.desk.since) = settled;
        story.after(60);
        assert_eq!(
            (story.headline().as_str(), story.notices()),
            ("Coffee", vec![]),
            "echo of {echo}"
        );
    }
}

#[test]
fn somebody_who_puts_the_old_status_back_right_after_the_click_is_no_echo() {
    let mut story = Story::online();
    story.click("Lunch");
    story.pass(std::time::Duration::from_secs(1));
    story.moved_to("Online", "MONITORING_ASSISTANT_UPDATE");
    story.after(2);
    assert_eq!(
        (story.headline().as_str(), story.notices().len()),
        ("Online", 1)
    );
}

#[test]
fn a_write_of_statusctl_before_the_start_explains_what_is_found() {
    let at = "2026-11-23T13:59:30Z".parse().unwrap();
    let disk = Remembered {
        last_write: Some(LastWrite {
            status: lunch(),
            at,
            accepted: true,
        }),
        ..Remembered::default()
    };
    let mut story = Story::begin(disk.clone());
    (story.desk.status, story.desk.reason, story.desk.since) =
        (id("Lunch"), Some("PUBLIC_API".into()), Some(at));
    story.start();
    assert_eq!(
        (story.view().changed_by, story.notices()),
        (Some(ChangedBy::You), vec![])
    );

    let mut story = Story::begin(disk);
    story.moved_to("Lunch", "PUBLIC_API");
    story.desk.since = Some(at - SignedDuration::from_hours(2));
    story.start();
    assert_eq!(
        (story.view().changed_by, story.notices()),
        (Some(ChangedBy::Other), vec![]),
        "another hand, hours before"
    );
}

#[test]
fn a_write_that_the_program_did_not_live_to_see_answered_is_still_its_own() {
    for path in [ReadPath::Own, ReadPath::TalkIsStatus] {
        let mut story = Story::online_reading(path);
        story.desk.holds_writes = true;
        story.click("Lunch");
        let _ = story.desk.write(id("Lunch"), story.now.wall);
        story.desk.holds_writes = false;
        story.pass(std::time::Duration::from_secs(20));
        story.restart();
        assert_eq!(
            (story.headline().as_str(), story.view().changed_by),
            ("Lunch", Some(ChangedBy::You))
        );
        assert_eq!(story.notices(), []);
    }
}

#[test]
fn a_write_that_was_refused_explains_nothing() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.click("Lunch");
    story.notices();
    story.moved_to("Lunch", "PUBLIC_API");
    story.after(60);
    assert_eq!(story.view().changed_by, Some(ChangedBy::Other));
    assert_eq!(story.notices().len(), 1);
}

#[test]
fn a_click_that_was_applied_late_is_still_its_own_when_the_next_one_is_refused() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.desk.write_fails.extend([
        (DeskError::TimedOut, Applied::Yes),
        (DeskError::NotEligible, Applied::No),
    ]);
    story.click("Lunch");
    story.click("Training");
    story.answer_write();
    story.answer_write();
    story.after(60);
    assert_eq!(
        (story.headline().as_str(), story.view().changed_by),
        ("Lunch", Some(ChangedBy::You))
    );
    assert!(story.view().offer.is_none());
}

#[test]
fn an_echo_that_is_never_followed_by_the_truth_confirms_nothing_for_long() {
    let mut story = Story::online();
    let old = story.desk.since;
    story.click("Lunch");
    (story.desk.status, story.desk.since) = (id("Online"), old);
    story.after(2);
    story.desk.holds_reads = true;
    story.after(2);
    assert_eq!(story.headline(), "Lunch");
    story.after(2);
    assert_eq!(story.view().certainty, Certainty::Unknown);
}

#[test]
fn a_write_in_doubt_that_came_about_is_no_echo_of_the_status_before() {
    let mut story = Story::online();
    story.after(20);
    story.click("Lunch");
    story.desk.holds_writes = true;
    story.click("Online");
    story.happens(Input::Slept);
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.answer_write();
    story.desk.since = None;
    story.happens(Input::Woke);
    assert_eq!(
        (story.headline().as_str(), story.view().certainty),
        ("Online", Certainty::Confirmed)
    );
}

#[test]
fn a_refused_click_leaves_the_one_in_doubt_before_it_on_the_disk() {
    let mut story = Story::online();
    story.desk.fails = Some(unreachable());
    story.desk.write_fails.extend([
        (DeskError::TimedOut, Applied::Yes),
        (DeskError::NotEligible, Applied::No),
    ]);
    story.click("Lunch");
    story.click("Coffee");
    let kept = story.disk.last_write.as_ref().expect("it may be applied");
    assert_eq!((kept.status.name.as_str(), kept.accepted), ("Lunch", false));
}

#[test]
fn whoever_puts_an_own_status_back_just_after_it_was_left_is_no_echo() {
    let mut story = Story::online();
    story.after(20);
    story.click("Lunch");
    story.click("Coffee");
    story.moved_to("Lunch", "EXPLORE_TAKE_AN_ACTION");
    story.after(3);
    assert_eq!(
        (story.headline().as_str(), story.view().changed_by),
        ("Lunch", Some(ChangedBy::Other))
    );
}
