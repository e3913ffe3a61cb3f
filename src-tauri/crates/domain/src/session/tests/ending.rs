//! The end of a timed status is announced once, and can be put off.

use super::story::*;
use crate::*;

const MINUTE_S: u64 = 60;

/// Lunch for half an hour, two minutes before its end.
fn nearly_over() -> Story {
    let mut story = Story::online();
    story.click_for("Lunch", 30);
    story.after(28 * MINUTE_S - 1);
    assert_eq!(story.notices(), []);
    story.after(1);
    story.asked.clear();
    story
}

fn announced(story: &mut Story) -> TimedView {
    let notices = story.notices();
    let [Notice::Ending(ending)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    ending.clone()
}

#[test]
fn two_minutes_before_the_end_it_is_told_once_what_comes_back() {
    let mut story = nearly_over();
    let ending = announced(&mut story);
    assert_eq!(
        (ending.until, ending.back_to.name.as_str()),
        (story.end(), "Online")
    );
    story.after(119);
    assert_eq!((story.told.clone(), story.writes()), (vec![], vec![]));
    story.after(1);
    assert_eq!(story.withdrawn(), [Topic::Ending]);
    assert_eq!(story.writes(), ["Online"]);
}

#[test]
fn extend_moves_the_end_by_a_quarter_of_an_hour_and_it_is_announced_anew() {
    let mut story = nearly_over();
    let end = announced(&mut story).until;
    let extended = story.extend(end);
    assert_eq!(story.outcome(extended), Some(Ok(())));
    assert_eq!(story.withdrawn(), [Topic::Ending]);
    assert_eq!(story.end(), end + EXTENSION);
    story.told.clear();
    story.after(15 * MINUTE_S);
    assert_eq!(
        (story.writes(), announced(&mut story).until),
        (vec![], end + EXTENSION)
    );
    story.after(2 * MINUTE_S);
    assert_eq!(story.writes(), ["Online"], "back where it was before");
}

#[test]
fn a_second_click_on_the_same_notice_extends_nothing() {
    let mut story = nearly_over();
    let end = story.end();
    story.extend(end);
    let again = story.extend(end);
    assert_eq!(story.outcome(again), Some(Err(Code::NothingToExtend)));
    assert_eq!(story.end(), end + EXTENSION);
}

#[test]
fn what_is_over_is_not_extended() {
    let mut story = nearly_over();
    let end = story.end();
    story.after(3 * MINUTE_S);
    let late = story.extend(end);
    assert_eq!(story.outcome(late), Some(Err(Code::NothingToExtend)));
    assert_eq!(story.disk.timed, None);

    let mut leaving = nearly_over();
    leaving.desk.holds_writes = true;
    leaving.click("Coffee");
    let end = leaving.disk.timed.as_ref().unwrap().until;
    let click = leaving.extend(end);
    assert_eq!(leaving.outcome(click), Some(Err(Code::NothingToExtend)));
}

#[test]
fn an_end_that_waits_for_the_help_desk_is_extended_from_now() {
    let mut story = nearly_over();
    let end = story.end();
    story.desk.fails = Some(unreachable());
    story.after(4 * MINUTE_S);
    story.extend(end);
    assert_eq!(story.end(), story.now.wall + EXTENSION);
    story.desk.fails = None;
    story.after(60);
    assert_eq!(
        (story.writes(), story.headline().as_str()),
        (vec![], "Lunch")
    );
}

#[test]
fn whoever_chose_a_status_for_a_moment_is_not_told_of_its_end() {
    for minutes in [1, 2, 3] {
        let mut story = Story::online();
        story.click_for("Lunch", minutes);
        story.after(10 * MINUTE_S);
        assert_eq!(
            (story.told.clone(), story.disk.timed.clone()),
            (vec![], None)
        );
    }
    let mut story = Story::online();
    story.click_for("Lunch", 4);
    story.after(2 * MINUTE_S);
    announced(&mut story);
}

#[test]
fn the_notice_is_taken_back_when_the_status_changes_first() {
    let mut clicked = nearly_over();
    clicked.told.clear();
    clicked.click("Coffee");
    assert_eq!(clicked.withdrawn(), [Topic::Ending]);

    let mut forced = nearly_over();
    forced.told.clear();
    forced.moved_to("Offline", "AGENT_DISCONNECTED");
    forced.after(60);
    assert_eq!(forced.withdrawn(), [Topic::Ending]);

    let mut back = nearly_over();
    back.told.clear();
    back.put_back();
    assert_eq!(
        (back.withdrawn(), back.writes()),
        (vec![Topic::Ending], vec!["Online".to_owned()])
    );

    let mut longer = nearly_over();
    longer.told.clear();
    longer.click_for("Lunch", 60);
    assert_eq!(longer.withdrawn(), [Topic::Ending]);
}

#[test]
fn nothing_is_announced_to_a_locked_screen_and_what_is_left_on_unlocking_is() {
    let mut story = Story::online();
    story.click_for("Lunch", 30);
    story.happens(Input::Locked);
    story.after(29 * MINUTE_S);
    assert_eq!(story.told, []);
    story.happens(Input::Unlocked);
    announced(&mut story);
}

#[test]
fn a_restart_neither_forgets_the_announcement_nor_repeats_it() {
    let mut story = Story::online();
    story.click_for("Lunch", 30);
    story.after(20 * MINUTE_S);
    story.restart();
    story.after(8 * MINUTE_S);
    announced(&mut story);
    story.restart();
    story.after(90);
    assert_eq!(story.notices(), []);
}

#[test]
fn an_end_slept_through_is_not_announced_but_offered() {
    let mut story = Story::online();
    story.click_for("Lunch", 30);
    story.sleep(3600);
    story.after(120);
    let notices = story.notices();
    assert!(
        matches!(notices.as_slice(), [Notice::Offer(offer)] if offer.because == OfferCause::TimedStatusEnded),
        "{notices:?}"
    );
}

#[test]
fn back_now_leads_to_the_status_before_also_while_something_else_is_offered() {
    let mut story = Story::online();
    story.desk.phone = Some(Phone {
        via: Some(Via::Client),
        call: Some(CallStatus::OnCall),
    });
    story.happens(Input::Looked);
    story.after(60);
    story.click_for("Lunch", 60);
    story.click_after_call("Training");
    story.desk.phone = Some(Phone {
        via: Some(Via::Client),
        call: None,
    });
    story.sleep(600);
    story.after(60);
    let view = story.view();
    assert_eq!(
        view.offer.and_then(|offer| offer.put_back).unwrap().name,
        "Training"
    );
    story.writes();
    story.happens(Input::PutBack {
        ticket: Ticket(1000),
        status: Some(view.timed.unwrap().back_to.id),
    });
    assert_eq!(story.writes(), ["Online"]);
}
