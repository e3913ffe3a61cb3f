//! Rule 6: a forced change is told once.

use super::story::*;
use crate::*;

fn forced(reason: &str) -> Story {
    let mut story = Story::online();
    story.after(100);
    story.moved_to("Away", reason);
    story.after(2 * INTERVAL_S);
    story
}

#[test]
fn it_is_told_once_with_both_statuses_the_reason_and_the_time() {
    let mut story = forced("AGENT_IDLE_TIMEOUT");
    let notices = story.notices();
    let [Notice::Offer(offer)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!(
        (offer.from.as_str(), offer.to.as_str(), Some(offer.at)),
        ("Online", "Away", story.desk.since)
    );
    assert!(offer.reason_in_words.contains("idle timeout"));
    assert_eq!(offer.put_back.as_ref().unwrap().name, "Online");
    let view = story.view();
    assert_eq!(
        (view.changed_by, view.previous.unwrap().name.as_str()),
        (Some(ChangedBy::Other), "Online")
    );
    story.after(3600);
    assert_eq!(story.notices(), []);
}

#[test]
fn put_me_back_sends_one_write_and_keep_sends_none() {
    let mut story = forced("AGENT_IDLE_TIMEOUT");
    story.put_back();
    story.after(60);
    assert_eq!(
        (story.writes(), story.headline().as_str()),
        (vec!["Online".to_owned()], "Online")
    );
    assert_eq!(
        (story.view().offer, story.withdrawn()),
        (None, vec![Topic::Offer])
    );

    let mut story = forced("AGENT_IDLE_TIMEOUT");
    let at = story.view().offer.unwrap().at;
    story.happens(Input::Keep { at });
    story.after(60);
    assert_eq!((story.writes(), story.view().offer), (vec![], None));
    assert_eq!(story.withdrawn(), [Topic::Offer]);
}

#[test]
fn a_click_on_an_old_offer_puts_the_agent_nowhere() {
    let mut story = forced("AGENT_IDLE_TIMEOUT");
    let old = story.view().offer.unwrap();
    story.moved_to("Offline", "AGENT_DISCONNECTED");
    story.after(60);
    let newer = story.view().offer;

    let ticket = Ticket(1000);
    story.happens(Input::PutBack {
        ticket,
        status: old.put_back.map(|status| status.id),
    });
    story.happens(Input::Keep { at: old.at });
    story.after(60);

    assert_eq!(story.outcome(ticket), Some(Err(Code::NothingToPutBack)));
    assert_eq!((story.writes(), story.view().offer), (vec![], newer));
}

#[test]
fn nothing_to_put_back_is_said() {
    let mut story = Story::online();
    let ticket = story.put_back();
    assert_eq!(story.outcome(ticket), Some(Err(Code::NothingToPutBack)));
}

#[test]
fn the_offer_is_withdrawn_when_anything_changes_again() {
    let mut story = forced("AGENT_IDLE_TIMEOUT");
    story.notices();
    story.moved_to("Online", "SWITCHER_AUTO_RECONNECT");
    story.after(60);
    assert_eq!(
        (story.view().offer, story.withdrawn()),
        (None, vec![Topic::Offer])
    );

    let mut story = forced("AGENT_IDLE_TIMEOUT");
    story.notices();
    story.moved_to("Offline", "AGENT_DISCONNECTED");
    story.after(60);
    assert_eq!(story.withdrawn(), [Topic::Offer]);
    let offer = story.view().offer.unwrap();
    assert_eq!(
        (offer.from.as_str(), offer.to.as_str()),
        ("Away", "Offline"),
        "a new one takes its place"
    );

    let mut story = forced("AGENT_IDLE_TIMEOUT");
    story.notices();
    story.click("Lunch");
    assert_eq!(
        (story.view().offer, story.withdrawn()),
        (None, vec![Topic::Offer])
    );
}

#[test]
fn a_click_on_the_status_that_was_forced_accepts_it() {
    let mut story = forced("AGENT_IDLE_TIMEOUT");
    story.click("Away");
    assert_eq!((story.view().offer, story.writes()), (None, vec![]));
}

#[test]
fn what_may_not_be_chosen_any_more_is_not_offered() {
    let mut story = Story::online();
    story.click("Training");
    for status in &mut story.desk.statuses {
        status.eligible = Some(status.name != "Training");
    }
    story.after(1800);
    story.moved_to("Away", "AGENT_IDLE_TIMEOUT");
    story.after(60);
    let notices = story.notices();
    let [Notice::Offer(offer)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!((offer.from.as_str(), &offer.put_back), ("Training", &None));
    let refused = story.put_back();
    assert_eq!(story.outcome(refused), Some(Err(Code::NotEligible)));
}

#[test]
fn what_becomes_barred_later_is_offered_no_longer() {
    let mut story = Story::online();
    story.click("Training");
    story.after(60);
    story.moved_to("Away", "AGENT_IDLE_TIMEOUT");
    story.after(60);
    assert!(story.view().offer.unwrap().put_back.is_some());
    story
        .desk
        .statuses
        .retain(|status| status.name != "Training");
    story.after(1800);
    assert_eq!(story.view().offer.unwrap().put_back, None);
}

#[test]
fn a_change_in_the_browser_moves_the_light_quietly() {
    for reason in ["AGENT_STATUS_SWITCHER", "SWITCHER_AUTO_RECONNECT"] {
        let mut story = forced(reason);
        assert_eq!(
            (story.notices(), story.headline().as_str()),
            (vec![], "Away")
        );
        assert_eq!(
            (story.view().changed_by, story.view().offer),
            (Some(ChangedBy::Unknown), None)
        );
    }
}

#[test]
fn every_other_reason_is_told_also_one_that_nobody_knows_yet() {
    for reason in [
        "PUBLIC_API",
        "UNKNOWN",
        "AGENT_LOGOUT",
        "AGENT_LOGIN",
        "\u{202e}<b>new</b>\n",
    ] {
        let mut story = forced(reason);
        assert_eq!(story.view().changed_by, Some(ChangedBy::Other), "{reason}");
        assert_eq!(story.view().reason.as_deref(), Some(reason));
        assert_eq!(story.notices().len(), 1, "{reason}");
    }
    let words = forced("\u{202e}<b>new</b>\n")
        .view()
        .reason_in_words
        .unwrap();
    assert_eq!(words, "Zendesk\u{2019}s reason: <b>new</b>.");
}

#[test]
fn a_change_without_any_reason_is_told() {
    let mut story = Story::online();
    story.moved_to("Away", "");
    (story.desk.reason, story.desk.since) = (None, None);
    story.after(60);
    assert_eq!(
        (story.view().changed_by, story.notices().len()),
        (Some(ChangedBy::Other), 1)
    );
}

#[test]
fn what_happened_before_the_start_is_shown_and_not_notified() {
    let mut story = Story::begin(Remembered::default());
    story.moved_to("Away", "AGENT_IDLE_TIMEOUT");
    story.start();
    story.after(600);
    assert_eq!(
        (story.view().changed_by, story.notices()),
        (Some(ChangedBy::Other), vec![])
    );
    assert_eq!(story.view().offer, None);
}

#[test]
fn a_forced_change_before_the_list_is_read_offers_the_way_back_once_it_is() {
    let mut story = Story::begin(Remembered::default());
    story.desk.list_fails = Some(DeskError::TimedOut);
    story.start();
    story.moved_to("Away", "AGENT_IDLE_TIMEOUT");
    story.after(40);
    assert_eq!(story.view().offer.unwrap().put_back, None);
    story.desk.list_fails = None;
    story.after(60);
    assert_eq!(story.view().offer.unwrap().put_back.unwrap().name, "Online");
}
