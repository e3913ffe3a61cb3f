//! An offer that is put aside, and forced changes that come in a row.

use super::story::*;
use crate::*;

const MINUTE_S: u64 = 60;

fn moved_away() -> Story {
    let mut story = Story::online();
    story.after(100);
    seen_moving(&mut story, "Away", "AGENT_IDLE_TIMEOUT");
    story
}

/// A change that somebody sees at once.
fn seen_moving(story: &mut Story, to: &str, reason: &str) {
    story.moved_to(to, reason);
    story.happens(Input::Looked);
}

fn snoozed() -> Story {
    let mut story = moved_away();
    let at = offer(&story).at;
    story.notices();
    story.happens(Input::Snooze { at });
    story
}

fn offer(story: &Story) -> Offer {
    story.view().offer.expect("nothing is offered")
}

fn told(story: &mut Story) -> Offer {
    let notices = story.notices();
    let [Notice::Offer(offer)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    offer.clone()
}

#[test]
fn a_snoozed_offer_comes_back_once_after_ten_minutes_the_same_as_before() {
    let mut story = moved_away();
    let before = offer(&story);
    story.notices();
    story.happens(Input::Snooze { at: before.at });
    assert_eq!(
        (story.view().offer, story.withdrawn()),
        (None, vec![Topic::Offer])
    );
    story.told.clear();
    story.after(10 * MINUTE_S - 1);
    assert_eq!(story.told, []);
    story.after(1);
    assert_eq!((told(&mut story), offer(&story)), (before.clone(), before));
    story.after(3600);
    assert_eq!((story.told.clone(), story.writes()), (vec![], vec![]));
}

#[test]
fn it_does_not_come_back_when_anything_changed_meanwhile() {
    let changes: [fn(&mut Story); 4] = [
        |story| {
            story.click("Lunch");
        },
        |story| {
            story.click("Away");
        },
        |story| story.moved_to("Lunch", "AGENT_STATUS_SWITCHER"),
        |story| {
            story.put_back();
        },
    ];
    for change in changes {
        let mut story = snoozed();
        story.told.clear();
        change(&mut story);
        story.after(3600);
        assert_eq!((story.told.clone(), story.view().offer), (vec![], None));
    }
}

#[test]
fn put_me_back_from_a_terminal_works_while_it_is_snoozed() {
    let mut story = snoozed();
    let back = story.put_back();
    assert_eq!(story.outcome(back), Some(Ok(())));
    assert_eq!(story.writes(), ["Online"]);
}

#[test]
fn a_snooze_for_an_older_offer_leaves_the_newer_one() {
    let mut story = moved_away();
    let old = offer(&story).at;
    story.after(60);
    story.moved_to("Offline", "AGENT_DISCONNECTED");
    story.after(60);
    let newer = offer(&story);
    story.happens(Input::Snooze { at: old });
    assert_eq!(offer(&story), newer);
}

#[test]
fn asleep_or_locked_nothing_comes_back_and_afterwards_only_what_still_holds() {
    let mut story = snoozed();
    story.happens(Input::Locked);
    story.after(30 * MINUTE_S);
    story.told.clear();
    story.happens(Input::Unlocked);
    story.after(60);
    told(&mut story);

    let mut story = snoozed();
    story.told.clear();
    story.happens(Input::Slept);
    story.pass(std::time::Duration::from_secs(3600));
    story.moved_to("Lunch", "AGENT_STATUS_SWITCHER");
    story.happens(Input::Woke);
    story.after(60);
    assert_eq!((story.notices(), story.view().offer), (vec![], None));
}

#[test]
fn it_may_be_snoozed_again() {
    let mut story = snoozed();
    story.after(10 * MINUTE_S);
    let at = told(&mut story).at;
    story.happens(Input::Snooze { at });
    story.after(10 * MINUTE_S);
    told(&mut story);
}

#[test]
fn changes_within_ten_seconds_are_one_story_with_the_way_back_to_before_the_first() {
    let mut story = moved_away();
    assert_eq!(told(&mut story).changes, 1);
    story.after(6);
    seen_moving(&mut story, "Offline", "AGENT_DISCONNECTED");
    let both = told(&mut story);
    assert_eq!(
        (both.from.as_str(), both.to.as_str(), both.changes),
        ("Online", "Offline", 2)
    );
    assert!(both.reason_in_words.contains("lost the connection"));
    assert_eq!(offer(&story), both);
    story.put_back();
    assert_eq!(story.writes(), ["Online"]);
}

#[test]
fn a_change_and_its_undoing_within_ten_seconds_leave_nothing_to_ask() {
    let mut story = moved_away();
    story.notices();
    story.after(6);
    seen_moving(&mut story, "Online", "EXPLORE_TAKE_AN_ACTION");
    assert_eq!(
        (story.withdrawn(), story.view().offer),
        (vec![Topic::Offer], None)
    );
}

#[test]
fn what_the_agent_answered_is_not_counted_again() {
    let mut story = moved_away();
    let at = offer(&story).at;
    story.notices();
    story.happens(Input::Keep { at });
    story.after(6);
    seen_moving(&mut story, "Offline", "AGENT_DISCONNECTED");
    let offer = told(&mut story);
    assert_eq!((offer.from.as_str(), offer.changes), ("Away", 1));
}

#[test]
fn later_changes_are_stories_of_their_own() {
    let mut story = moved_away();
    story.notices();
    story.after(11);
    seen_moving(&mut story, "Offline", "AGENT_DISCONNECTED");
    let offer = told(&mut story);
    assert_eq!((offer.from.as_str(), offer.changes), ("Away", 1));
}

#[test]
fn a_phone_channel_that_moved_names_the_statuses_that_would_explain_it() {
    let mut story = Story::online_reading(ReadPath::TalkChannel);
    story.click("Online");
    story.after(60);
    story.moved_to("Lunch", "EXPLORE_TAKE_AN_ACTION");
    story.after(60);
    let offer = offer(&story);
    assert_eq!(offer.because, OfferCause::PhoneMoved);
    assert!(
        offer.reason_in_words.contains("would explain it"),
        "{}",
        offer.reason_in_words
    );
    let view = story.view();
    let notice = Notice::Offer(offer).telling(&view, &jiff::tz::TimeZone::UTC);
    assert!(
        notice.title.starts_with("Your phone channel went "),
        "{}",
        notice.title
    );
    assert!(!notice.title.contains("Phone:"), "{}", notice.title);
}

#[test]
fn a_snoozed_offer_comes_back_on_time_also_between_two_reads() {
    let mut story = moved_away();
    story.after(7);
    let at = offer(&story).at;
    story.happens(Input::Snooze { at });
    story.told.clear();
    story.after(10 * MINUTE_S);
    assert_eq!(offer(&story).at, at);
}

#[test]
fn a_snoozed_offer_does_not_wake_the_computer() {
    let mut story = snoozed();
    story.happens(Input::Slept);
    assert_eq!(story.session.poll_timeout(story.now), None);
}

#[test]
fn a_change_between_two_statuses_of_one_name_is_told() {
    let mut story = Story::online();
    story.desk.statuses[5].name = "Online".to_owned();
    story.restart();
    seen_moving(&mut story, "Coffee", "AGENT_IDLE_TIMEOUT");
    story.after(60);
    let offer = told(&mut story);
    assert_eq!(
        (offer.from.as_str(), offer.to.as_str()),
        ("Online", "Online")
    );
}
