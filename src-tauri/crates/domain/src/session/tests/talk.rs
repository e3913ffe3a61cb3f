//! Where only the phone channel is readable: rules 1, 5 and 6 by what it shows.

use super::story::*;
use crate::*;

fn talk_only() -> Story {
    Story::online_reading(ReadPath::TalkChannel)
}

#[test]
fn without_an_own_write_the_channel_is_shown_as_no_more_than_that() {
    let story = talk_only();
    assert_eq!(
        (story.headline().as_str(), story.light()),
        ("Phone: Online", Light::Status(StatusKind::Online))
    );
    assert_eq!(
        (story.view().certainty, story.view().status),
        (Certainty::Projected, None)
    );
    assert_eq!(story.view().changed_by, None);
}

#[test]
fn the_own_write_is_shown_while_the_channel_agrees_with_its_mapping() {
    let mut story = talk_only();
    story.click("Meeting");
    story.after(60);
    assert_eq!(
        (story.headline().as_str(), story.light()),
        ("Meeting", Light::Status(StatusKind::Online))
    );
    assert_eq!(
        (story.view().certainty, story.view().changed_by),
        (Certainty::Projected, Some(ChangedBy::You))
    );
    assert_eq!(story.notices(), []);
}

#[test]
fn a_channel_that_moves_away_from_the_own_write_is_a_forced_change() {
    let mut story = talk_only();
    story.click("Lunch");
    story.after(60);
    story.writes();
    story.moved_to("Online", "EXPLORE_TAKE_AN_ACTION");
    story.after(60);
    assert_eq!(story.headline(), "Phone: Online");
    let view = story.view();
    assert_eq!(
        (view.status, view.changed_by),
        (None, Some(ChangedBy::Other))
    );
    assert_eq!(view.previous.unwrap().name, "Lunch");
    let notices = story.notices();
    let [Notice::Offer(offer)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!(
        (offer.from.as_str(), offer.to.as_str()),
        ("Lunch", "Phone: Online")
    );
    story.put_back();
    story.after(60);
    assert_eq!(
        (story.writes(), story.headline().as_str()),
        (vec!["Lunch".to_owned()], "Lunch")
    );
    assert_eq!(story.notices(), []);
}

#[test]
fn a_channel_that_comes_back_by_another_hand_is_not_said_to_be_the_agents_doing() {
    let mut story = talk_only();
    story.click("Lunch");
    story.after(60);
    story.moved_to("Online", "EXPLORE_TAKE_AN_ACTION");
    story.after(60);
    story.moved_to("Coffee", "EXPLORE_TAKE_AN_ACTION");
    story.after(60);
    assert_eq!(story.view().changed_by, Some(ChangedBy::Other));
}

#[test]
fn what_zendesk_makes_of_its_own_away_is_no_forced_change() {
    for talk in ["away", "offline"] {
        let mut story = talk_only();
        let away = story
            .desk
            .statuses
            .iter_mut()
            .find(|status| status.name == "Away")
            .unwrap();
        away.channels = [("talk".to_owned(), talk.to_owned())].into();
        story.click("Away");
        // The list that the agent gets has no channels for the default ones.
        story.after(60);
        assert_eq!(
            (story.headline().as_str(), story.notices()),
            ("Away", vec![]),
            "{talk}"
        );
    }
}

#[test]
fn a_channel_that_is_slow_to_follow_the_own_write_makes_no_noise() {
    let mut story = talk_only();
    story.click("Lunch");
    let lunch = std::mem::replace(&mut story.desk.status, id("Online"));
    story.after(4);
    story.desk.status = lunch;
    story.after(60);
    assert_eq!(
        (story.headline().as_str(), story.notices()),
        ("Lunch", vec![])
    );
}

#[test]
fn a_write_in_doubt_is_decided_by_the_channel_where_it_can_tell() {
    let mut story = talk_only();
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    let online = story.click("Online");
    story.after(5);
    assert_eq!(story.outcome(online), Some(Ok(())));
    assert_eq!(
        story.writes(),
        ["Online", "Online"],
        "the channel was online before: that tells nothing"
    );

    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    let lunch = story.click("Lunch");
    story.after(5);
    assert_eq!(
        (story.outcome(lunch), story.writes()),
        (Some(Ok(())), vec!["Lunch".to_owned()])
    );
    assert_eq!(
        (story.headline().as_str(), story.view().certainty),
        ("Lunch", Certainty::Projected)
    );
}

#[test]
fn a_write_that_is_seen_only_after_it_was_given_up_is_still_the_agents_own() {
    let mut story = talk_only();
    story.click("Online");
    story.after(60);
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.after(30);
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.notices();
    story.answer_write();
    story.after(60);
    assert_eq!(
        (story.headline().as_str(), story.view().changed_by),
        ("Lunch", Some(ChangedBy::You))
    );
    assert_eq!((story.view().failed, story.view().offer), (None, None));
}

#[test]
fn a_refused_click_leaves_the_own_write_shown() {
    let mut story = talk_only();
    story.click("Lunch");
    story.after(60);
    story
        .desk
        .write_fails
        .push_back((DeskError::NotEligible, Applied::No));
    story.click("Training");
    story.after(60);
    assert_eq!(story.headline(), "Lunch");
}

#[test]
fn a_channel_state_that_nobody_knows_confirms_nothing() {
    let mut story = talk_only();
    let online = story
        .desk
        .statuses
        .iter_mut()
        .find(|status| status.name == "Online")
        .unwrap();
    online.channels = [("talk".to_owned(), "on_break".to_owned())].into();
    story.after(100);
    assert_eq!(
        (story.light(), story.headline().as_str()),
        (Light::NotConfirmed, "Phone was Online, not confirmed")
    );
}

#[test]
fn a_stale_channel_is_shown_as_stale() {
    let mut story = talk_only();
    story.click("Lunch");
    story.after(10);
    story.desk.holds_reads = true;
    story.after(100);
    assert_eq!(
        (story.light(), story.headline().as_str()),
        (Light::NotConfirmed, "Was Lunch, not confirmed")
    );
}

#[test]
fn a_write_that_is_seen_late_leaves_the_status_before_it_as_the_one_before() {
    let mut story = talk_only();
    story.click("Lunch");
    story.desk.holds_writes = true;
    story.click("Online");
    story.after(30);
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.answer_write();
    story.after(60);
    let view = story.view();
    assert_eq!(
        (view.headline.as_str(), view.previous.unwrap().name.as_str()),
        ("Online", "Lunch")
    );
}

#[test]
fn at_most_four_statuses_are_named_that_would_explain_the_phone() {
    let mut story = talk_only();
    let coffee = story.desk.statuses[5].clone();
    for number in 1..=3 {
        let mut another = coffee.clone();
        another.id = StatusId::new(format!("2{number}"));
        another.name = format!("Break {number}");
        story.desk.statuses.push(another);
    }
    story.restart();
    story.moved_to("Coffee", "EXPLORE_TAKE_AN_ACTION");
    story.after(60);
    let offer = story.view().offer.unwrap();
    assert_eq!(offer.because, OfferCause::PhoneMoved);
    assert!(
        offer
            .reason_in_words
            .starts_with("Away, Lunch, Coffee, Break 1 or 2 more would explain it. "),
        "{}",
        offer.reason_in_words
    );
}

#[test]
fn after_a_restart_the_own_write_that_the_channel_agrees_with_has_its_time() {
    let mut story = talk_only();
    story.click("Lunch");
    let clicked = story.now.wall;
    story.after(60);
    story.restart();
    assert_eq!(story.view().since, Some(clicked));
}

#[test]
fn a_click_on_what_the_program_before_left_unanswered_is_not_forgotten_with_it() {
    let mut story = talk_only();
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.restart();
    story.desk.holds_writes = false;
    story.click("Lunch");
    story.after(120);
    assert_eq!(story.headline(), "Lunch");
}

/// Lunch was clicked and given up, and its write was not applied, as nobody knows yet.
fn lunch_in_doubt() -> Story {
    let mut story = talk_only();
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.after(31);
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::No));
    story.notices();
    story
}

#[test]
fn a_channel_that_refutes_a_write_in_doubt_leaves_nothing_of_it_on_the_disk() {
    let mut story = lunch_in_doubt();
    story.answer_write();
    story.after(60);
    assert_eq!(story.disk.last_write, None);
}

#[test]
fn a_write_in_doubt_does_not_explain_what_its_status_does_not_do() {
    let mut story = lunch_in_doubt();
    story.answer_write();
    story.moved_to("Offline", "EXPLORE_TAKE_AN_ACTION");
    story.after(60);
    assert_eq!(story.view().changed_by, Some(ChangedBy::Other));
}
