//! The guard: one write on leaving, by a rule that the agent switched on, and an offer on return.

mod return_in_time;
mod with_clicks;

use super::story::*;
use crate::*;

/// An agent who is online, with a guard that goes to `to` on every way of leaving.
fn guarded(to: &str) -> Story {
    let mut story = Story::online();
    guard(&mut story, to);
    story
}

fn guard(story: &mut Story, to: &str) {
    story.session.set_guard(Some(Guard {
        to: id(to),
        on: [
            Leaving::Lock,
            Leaving::Sleep,
            Leaving::Shutdown,
            Leaving::Quit,
        ]
        .into(),
    }));
}

/// The one notice since this was last asked, which offers to undo what the guard did.
fn offered(story: &mut Story) -> Offer {
    let notices = story.notices();
    let [Notice::Offer(offer)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!(offer.because, OfferCause::Guarded);
    offer.clone()
}

fn back(offer: &Offer) -> Option<&str> {
    offer.put_back.as_ref().map(|status| status.name.as_str())
}

/// The one failure told since this was last asked.
fn told_failure(story: &mut Story) -> String {
    let notices = story.notices();
    let [Notice::SwitchFailed(failed)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    failed.failure.message.clone()
}

#[test]
fn without_a_guard_leaving_writes_nothing() {
    let mut story = Story::online();
    for input in [Input::Locked, Input::Unlocked, Input::ShuttingDown] {
        story.happens(input);
    }
    story.happens(Input::Woke);
    story.sleep(3600);
    story.happens(Input::Quitting);
    assert_eq!((story.writes(), story.notices()), (vec![], vec![]));
}

#[test]
fn locking_goes_to_the_guards_status_and_unlocking_offers_the_way_back_once() {
    let mut story = guarded("Away");
    story.happens(Input::Locked);
    assert_eq!(story.writes(), ["Away"]);
    story.after(3600);
    assert_eq!((story.writes(), story.notices()), (vec![], vec![]));
    story.happens(Input::Unlocked);
    let offer = offered(&mut story);
    assert_eq!(back(&offer), Some("Online"));
    story.after(3600);
    assert_eq!(
        (story.writes(), story.notices()),
        (vec![], vec![]),
        "it is told once, and nothing goes back by itself"
    );
    assert_eq!(story.view().offer.unwrap().because, OfferCause::Guarded);
    story.put_back();
    assert_eq!(story.writes(), ["Online"]);
    assert_eq!(story.view().offer, None);
}

#[test]
fn a_way_of_leaving_that_is_not_ticked_writes_nothing() {
    let mut story = Story::online();
    story.session.set_guard(Some(Guard {
        to: id("Offline"),
        on: [Leaving::Sleep].into(),
    }));
    story.happens(Input::Locked);
    story.happens(Input::Unlocked);
    story.happens(Input::ShuttingDown);
    story.happens(Input::Woke);
    assert_eq!(story.writes(), Vec::<String>::new());
    story.sleep(3600);
    assert_eq!(story.writes(), ["Offline"]);
}

#[test]
fn sleep_waits_for_the_answer_and_waking_offers_the_way_back() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    story.happens(Input::Slept);
    assert!(story.session.is_writing());
    story.after(2);
    story.answer_write();
    assert!(!story.session.is_writing());
    story.after(3600);
    story.happens(Input::Woke);
    assert_eq!(story.writes(), ["Offline"]);
    assert_eq!(back(&offered(&mut story)), Some("Online"));
}

#[test]
fn a_help_desk_that_hangs_holds_sleep_up_for_four_seconds_and_is_told_on_return() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    story.happens(Input::Slept);
    story.after(4);
    // The write itself may still come through, so whoever waits does so to its limit.
    assert!(story.view().switching_to.is_none());
    story.pass(std::time::Duration::from_secs(3600));
    story.happens(Input::Pushed(Err(DeskError::TimedOut)));
    story.happens(Input::Woke);
    assert_eq!(story.notices(), [], "quiet just after waking");
    story.after(60);
    insta::assert_snapshot!(
        told_failure(&mut story),
        @"Your guard could not switch you to “Offline” when your computer went to sleep, so work may have come in meanwhile (no answer). Look at your status."
    );
    story.after(3600);
    assert_eq!(
        (story.writes(), story.notices()),
        (vec!["Offline".to_owned()], vec![])
    );
}

#[test]
fn a_write_that_sleep_cut_short_is_told_on_waking() {
    let mut story = guarded("Offline");
    story
        .desk
        .write_fails
        .push_back((unreachable(), Applied::No));
    story.sleep(3600);
    story.after(60);
    assert_eq!(story.writes(), ["Offline"], "not tried again on return");
    assert!(told_failure(&mut story).contains("when your computer went to sleep"));
    assert_eq!(story.view().failed.unwrap().to.name, "Offline");
}

#[test]
fn an_answer_that_got_lost_is_no_failure_where_the_status_holds_on_return() {
    let mut story = guarded("Offline");
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.desk.fails = Some(unreachable());
    story.sleep(3600);
    story.desk.fails = None;
    story.after(120);
    assert_eq!(back(&offered(&mut story)), Some("Online"));
    assert_eq!(story.view().failed, None);
}

#[test]
fn who_is_there_already_or_receives_less_is_left_alone() {
    for (status, to) in [
        ("Offline", "Offline"),
        ("Offline", "Away"),
        ("Lunch", "Away"),
        ("Transfers only", "Away"),
    ] {
        let mut story = guarded(to);
        story.click(status);
        story.after(60);
        story.writes();
        story.sleep(3600);
        story.happens(Input::Locked);
        story.happens(Input::Unlocked);
        assert_eq!(story.writes(), Vec::<String>::new(), "{status}, {to}");
        assert_eq!(story.notices(), []);
    }
}

#[test]
fn who_receives_a_little_goes_to_nothing() {
    let mut story = guarded("Offline");
    story.click("Coffee");
    story.writes();
    story.sleep(60);
    assert_eq!(story.writes(), ["Offline"]);
    assert_eq!(back(&offered(&mut story)), Some("Coffee"));
}

#[test]
fn time_off_that_the_agent_set_is_left_alone_and_time_online_is_not() {
    let mut story = guarded("Offline");
    story.click_for("Coffee", 30);
    story.after(10);
    story.writes();
    story.happens(Input::Locked);
    story.happens(Input::Unlocked);
    assert_eq!(story.writes(), Vec::<String>::new());
    assert!(story.view().timed.is_some());

    let mut story = guarded("Offline");
    story.click("Coffee");
    story.click_for("Online", 30);
    story.after(10);
    story.writes();
    story.happens(Input::Locked);
    assert_eq!(
        (story.writes(), story.view().timed),
        (vec!["Offline".to_owned()], None)
    );
}

#[test]
fn before_anything_is_known_nothing_is_done() {
    let mut story = Story::begin(Remembered::default());
    story.desk.holds_reads = true;
    guard(&mut story, "Offline");
    story.start();
    story.happens(Input::Locked);
    story.sleep(60);
    assert_eq!(story.writes(), Vec::<String>::new());
}

#[test]
fn what_is_not_sure_any_more_is_guarded_by_what_was_known_last() {
    let mut story = guarded("Offline");
    story.desk.fails = Some(unreachable());
    story.after(600);
    story.writes();
    story.happens(Input::Locked);
    assert_eq!(story.writes(), ["Offline"]);
}

#[test]
fn a_newer_click_is_never_overwritten() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    story.happens(Input::Locked);
    let lunch = story.click("Lunch");
    story.answer_write();
    story.answer_write();
    assert_eq!(story.outcome(lunch), Some(Ok(())));
    assert_eq!(story.writes(), ["Offline", "Lunch"]);
    story.happens(Input::Unlocked);
    story.after(60);
    assert_eq!(
        (story.headline().as_str(), story.notices()),
        ("Lunch", vec![])
    );
}

#[test]
fn an_older_click_in_flight_comes_first_and_is_what_is_offered() {
    let mut story = guarded("Offline");
    story.click("Away");
    story.desk.holds_writes = true;
    let online = story.click("Online");
    story.happens(Input::Slept);
    story.answer_write();
    assert_eq!(story.outcome(online), Some(Ok(())));
    story.answer_write();
    story.happens(Input::Woke);
    assert_eq!(story.writes(), ["Away", "Online", "Offline"]);
    assert_eq!(back(&offered(&mut story)), Some("Online"));
}

#[test]
fn a_click_to_the_same_status_is_the_guards_too() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    let offline = story.click("Offline");
    story.happens(Input::Slept);
    story.answer_write();
    assert_eq!(story.outcome(offline), Some(Ok(())));
    assert_eq!(story.writes(), ["Offline"]);
}

#[test]
fn locked_then_asleep_is_one_leaving_and_one_way_back() {
    let mut story = guarded("Away");
    story.happens(Input::Locked);
    story.sleep(3600);
    assert_eq!(story.notices(), [], "the screen is still locked");
    story.happens(Input::Unlocked);
    assert_eq!(story.writes(), ["Away"]);
    assert_eq!(back(&offered(&mut story)), Some("Online"));
}

#[test]
fn a_forced_change_meanwhile_is_told_in_place_of_the_way_back() {
    let mut story = guarded("Away");
    story.happens(Input::Locked);
    story.after(60);
    story.moved_to("Offline", "AGENT_IDLE_TIMEOUT");
    story.happens(Input::Unlocked);
    let notices = story.notices();
    let [Notice::Offer(offer)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!(offer.because, OfferCause::ForcedChange);
    assert_eq!(
        (story.writes(), story.disk.left.clone()),
        (vec!["Away".to_owned()], None)
    );
}

#[test]
fn a_forced_change_while_the_write_is_in_doubt_is_not_overruled() {
    let mut story = guarded("Away");
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::No));
    story.happens(Input::Locked);
    story.moved_to("Offline", "AGENT_IDLE_TIMEOUT");
    story.after(120);
    assert_eq!(story.writes(), ["Away"]);
    story.happens(Input::Unlocked);
    story.after(60);
    assert_eq!(
        (story.writes(), story.headline().as_str()),
        (vec![], "Offline")
    );
}

#[test]
fn who_is_back_before_it_was_sent_keeps_the_status() {
    let mut story = guarded("Offline");
    story.desk.write_fails.push_back((limited(10), Applied::No));
    story.happens(Input::Locked);
    story.after(1);
    story.happens(Input::Unlocked);
    story.after(120);
    assert_eq!(story.writes(), ["Offline"], "refused, and not tried again");
    assert_eq!(story.headline(), "Online");
}

#[test]
fn the_way_back_survives_the_end_of_the_program() {
    let mut story = guarded("Offline");
    story.happens(Input::Quitting);
    assert_eq!(story.writes(), ["Offline"]);
    story.pass(std::time::Duration::from_secs(15 * 3600));
    story.restart();
    assert_eq!(
        story.notices(),
        [],
        "whoever runs without the rule leaves it alone"
    );
    guard(&mut story, "Offline");
    story.after(60);
    assert_eq!(back(&offered(&mut story)), Some("Online"));
    story.restart();
    guard(&mut story, "Offline");
    story.after(60);
    assert_eq!(story.notices(), []);
}

#[test]
fn an_end_that_came_before_the_answer_is_told_at_the_next_start() {
    let mut story = guarded("Offline");
    story.desk.holds_writes = true;
    story.happens(Input::Quitting);
    story.after(4);
    story.restart();
    guard(&mut story, "Offline");
    story.after(60);
    assert!(told_failure(&mut story).contains("when Statuslight was quit"));
}

#[test]
fn a_shutdown_that_does_not_come_about_offers_the_way_back() {
    let mut story = guarded("Offline");
    story.happens(Input::ShuttingDown);
    story.happens(Input::Woke);
    assert_eq!(story.writes(), ["Offline"]);
    assert_eq!(back(&offered(&mut story)), Some("Online"));
}

#[test]
fn a_status_that_is_gone_or_barred_is_told_on_return() {
    for to in ["Nap", "Lunch"] {
        let mut story = Story::online();
        story.desk.statuses[4].eligible = Some(false);
        story.restart();
        guard(&mut story, to);
        story.happens(Input::Locked);
        assert_eq!(story.writes(), Vec::<String>::new(), "{to}");
        story.happens(Input::Unlocked);
        story.after(60);
        assert!(told_failure(&mut story).contains("when your screen was locked"));
    }
}

#[test]
fn what_waits_for_the_end_of_a_call_is_given_up() {
    let mut story = Story::online();
    story.desk.phone = Some(Phone {
        via: Some(Via::Client),
        call: Some(CallStatus::OnCall),
    });
    story.after(120);
    guard(&mut story, "Offline");
    story.click_after_call("Lunch");
    story.notices();
    story.happens(Input::Locked);
    assert!(matches!(
        story.notices().as_slice(),
        [Notice::AfterCallDropped(_)]
    ));
}

#[test]
fn where_nothing_is_readable_the_last_write_is_guarded() {
    for path in [ReadPath::Nowhere, ReadPath::TalkChannel] {
        let mut story = Story::online_reading(path);
        guard(&mut story, "Offline");
        story.click("Online");
        story.after(10);
        story.writes();
        story.told.clear();
        story.sleep(3600);
        assert_eq!(story.writes(), ["Offline"], "{path:?}");
        assert_eq!(back(&offered(&mut story)), Some("Online"), "{path:?}");
    }
}

#[test]
fn it_counts_as_the_agents_own_change_but_not_as_a_favourite() {
    let mut story = guarded("Offline");
    story.sleep(60);
    assert_eq!(story.view().changed_by, Some(ChangedBy::You));
    let offline = story
        .view()
        .statuses
        .into_iter()
        .find(|status| status.id == id("Offline"));
    assert_eq!(offline.unwrap().uses, 0);
}

#[test]
fn the_way_back_reads_like_an_offer() {
    let mut story = guarded("Offline");
    story.sleep(3600);
    let notice = Notice::Offer(offered(&mut story));
    let telling = notice.telling(&story.view(), &jiff::tz::TimeZone::UTC);
    let labels: Vec<_> = telling
        .buttons
        .iter()
        .map(|button| button.label.as_str())
        .collect();
    insta::assert_snapshot!(format!("{}\n{}\n{}", telling.title, telling.body, labels.join(" | ")), @"
    Welcome back: you are in Offline
    At 14:00, from Online to Offline. Your guard switched when your computer went to sleep.
    Back to Online | Keep Offline | Snooze 10 min
    ");
}
