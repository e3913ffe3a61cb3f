//! Rule 1: the light never lies.

use super::story::*;
use crate::*;

const ONLINE: Light = Light::Status(StatusKind::Online);
const AWAY: Light = Light::Status(StatusKind::Away);

#[test]
fn at_the_start_nothing_remembered_is_shown_as_current() {
    let mut before = Story::online();
    before.click("Lunch");
    let mut story = Story::begin(before.disk.clone());
    story.desk.holds_reads = true;
    story.start();
    assert_eq!(
        (story.headline().as_str(), story.light()),
        ("Checking\u{2026}", Light::NotConfirmed)
    );
    assert_eq!(
        (story.view().status, story.view().certainty),
        (None, Certainty::Unknown)
    );
    assert_eq!(story.view().changed_by, None);
}

#[test]
fn a_confirmation_grows_old_after_three_intervals_without_a_read() {
    let mut story = Story::online();
    story.desk.holds_reads = true;
    story.after(3 * INTERVAL_S);
    assert_eq!(story.light(), ONLINE);
    story.after(1);
    assert_eq!(
        (story.headline().as_str(), story.light()),
        ("Was Online, not confirmed", Light::NotConfirmed)
    );
    assert_eq!(story.view().certainty, Certainty::Unknown);
}

#[test]
fn however_slow_the_polling_ten_minutes_are_too_long() {
    let mut story = Story::begin(Remembered::default());
    story.session = Session::new(
        HelpDeskName::Zendesk,
        std::time::Duration::from_secs(300),
        Remembered::default(),
    );
    story.start();
    story.desk.holds_reads = true;
    story.after(600);
    assert_eq!(story.light(), ONLINE);
    story.after(1);
    assert_eq!(story.light(), Light::NotConfirmed);
}

#[test]
fn three_failures_in_a_row_and_no_fewer_make_it_unreachable() {
    let mut story = Story::online();
    story.desk.fails = Some(unreachable());
    story.after(INTERVAL_S);
    assert_eq!(
        (story.light(), story.view().link),
        (ONLINE, Link::Ok),
        "one failure is a hiccup"
    );
    story.after(20);
    assert_eq!(
        (story.light(), story.view().link),
        (Light::Unreachable, Link::Unreachable)
    );
    story.desk.fails = None;
    story.after(30);
    assert_eq!((story.light(), story.view().link), (ONLINE, Link::Ok));
}

#[test]
fn a_switch_under_way_shows_as_switching() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.click("Lunch");
    assert_eq!(
        (story.headline().as_str(), story.light()),
        ("Switching to Lunch\u{2026}", Light::Switching)
    );
    story.answer_write();
    assert_eq!((story.headline().as_str(), story.light()), ("Lunch", AWAY));
    assert_eq!(story.view().certainty, Certainty::Confirmed);
}

#[test]
fn the_old_status_is_not_confirmed_once_a_write_may_have_replaced_it() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.desk.fails = Some(DeskError::Refused { status: 418 });
    let lunch = story.click("Lunch");
    story.after(1);
    assert_eq!(story.outcome(lunch), Some(Err(Code::Refused)));
    assert_eq!(story.light(), Light::NotConfirmed);
    story.desk.fails = None;
    story.after(40);
    assert_eq!(
        (story.headline().as_str(), story.view().changed_by),
        ("Lunch", Some(ChangedBy::You))
    );
    assert_eq!(story.view().failed, None, "it came about after all");
}

#[test]
fn a_refused_write_leaves_the_old_status_confirmed() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.click("Lunch");
    assert_eq!(
        (story.headline().as_str(), story.light()),
        ("Online", ONLINE)
    );
}

#[test]
fn after_sleep_the_status_from_before_is_not_confirmed() {
    let mut story = Story::online();
    story.desk.holds_reads = true;
    story.sleep(3600);
    assert_eq!(story.light(), Light::NotConfirmed);
    story.answer();
    assert_eq!(story.light(), ONLINE);
}

#[test]
fn where_nothing_is_readable_the_own_write_is_shown_with_a_mark_and_never_as_forced() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    assert_eq!(
        (story.headline().as_str(), story.light()),
        ("Not known", Light::NotConfirmed)
    );
    assert_eq!(story.view().status, None);
    story.click("Lunch");
    assert_eq!(
        story.light(),
        AWAY,
        "the answer to a write is the help desk's word"
    );
    story.moved_to("Offline", "AGENT_LOGOUT");
    story.after(600);
    assert_eq!(
        (story.headline().as_str(), story.light()),
        ("Lunch (unconfirmed)", Light::Unconfirmed(StatusKind::Away))
    );
    assert_eq!(
        (story.view().certainty, story.view().changed_by),
        (Certainty::Assumed, Some(ChangedBy::You))
    );
    assert_eq!(story.notices(), []);
    assert_eq!(story.count("fetch"), 0, "what is not readable is not read");
    story.restart();
    assert_eq!(
        (story.headline().as_str(), story.count("fetch")),
        ("Lunch (unconfirmed)", 1),
        "each start looks again"
    );
}

#[test]
fn where_nothing_is_readable_a_refused_click_leaves_what_was_set() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    story.click("Lunch");
    story.after(600);
    story
        .desk
        .write_fails
        .push_back((DeskError::NotEligible, Applied::No));
    story.click("Training");
    assert_eq!(story.headline(), "Lunch (unconfirmed)");
    story
        .desk
        .write_fails
        .extend(vec![(DeskError::TimedOut, Applied::No); 9]);
    story.click("Coffee");
    story.after(31);
    assert_eq!(
        story.view().certainty,
        Certainty::Unknown,
        "nobody knows whether that one was applied"
    );
}

#[test]
fn a_name_that_comes_with_a_later_list_is_taken_over() {
    let mut story = Story::begin(Remembered::default());
    story.desk.status = id("Meeting");
    story.desk.list_fails = Some(DeskError::TimedOut);
    story.start();
    assert_eq!(
        story.light(),
        Light::Status(StatusKind::Offline),
        "told by its one channel"
    );
    story.desk.list_fails = None;
    story.after(20);
    assert_eq!(story.light(), ONLINE, "told by the rule over all channels");
}

#[test]
fn where_nothing_is_readable_the_late_answer_to_a_write_still_counts() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.after(30);
    assert!(story.view().failed.is_some());
    story.answer_write();
    assert_eq!(
        (story.headline().as_str(), story.view().failed),
        ("Lunch", None)
    );
}

#[test]
fn what_was_read_is_sure_while_a_click_is_in_flight_and_not_once_nobody_waits_for_it() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.click("Lunch");
    assert_eq!(story.view().certainty, Certainty::Confirmed);
    story.after(30);
    assert_eq!(story.view().certainty, Certainty::Unknown);
}
