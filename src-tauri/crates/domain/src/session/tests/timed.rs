//! Rule 7: timed statuses.

use super::story::*;
use crate::*;

fn on_lunch_for(minutes: i64) -> Story {
    let mut story = Story::online();
    story.click_for("Lunch", minutes);
    story.after(60);
    assert_eq!(
        story.view().timed.map(|timed| timed.until),
        Some(story.disk.timed.as_ref().unwrap().until)
    );
    story.asked.clear();
    story
}

fn offered(story: &mut Story) -> Offer {
    let notices = story.notices();
    let [Notice::Offer(offer)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!(offer.because, OfferCause::TimedStatusEnded);
    offer.clone()
}

#[test]
fn at_its_end_the_status_before_comes_back() {
    for path in [
        ReadPath::Own,
        ReadPath::TalkIsStatus,
        ReadPath::TalkChannel,
        ReadPath::Nowhere,
    ] {
        let mut story = Story::online_reading(path);
        story.click("Online");
        story.after(10);
        story.click_for("Lunch", 30);
        story.writes();
        story.after(30 * 60 - 1);
        assert_eq!(story.writes(), Vec::<String>::new(), "{path:?}");
        story.after(1);
        assert_eq!(story.writes(), ["Online"], "{path:?}");
        story.notices();
        story.after(3600);
        assert_eq!((story.writes(), story.disk.timed.clone()), (vec![], None));
        assert_eq!(story.notices(), []);
    }
}

#[test]
fn it_survives_a_restart_and_a_nap() {
    let mut story = on_lunch_for(30);
    story.restart();
    assert!(story.view().timed.is_some());
    story.sleep(60);
    story.after(30 * 60);
    assert_eq!(story.writes(), ["Online"]);
}

#[test]
fn after_a_restart_its_end_waits_for_the_list() {
    let mut story = on_lunch_for(30);
    story.pass(std::time::Duration::from_secs(30 * 60));
    story.desk.list_fails = Some(unreachable());
    story.restart();
    assert_eq!((story.writes(), story.disk.timed.is_some()), (vec![], true));
    story.desk.list_fails = None;
    story.after(30);
    assert_eq!(story.writes(), ["Online"]);
}

#[test]
fn an_end_that_passed_long_ago_is_offered_and_not_applied() {
    let mut story = on_lunch_for(30);
    let end = story.view().timed.unwrap().until;
    story.sleep(3600);
    story.after(120);
    let offer = offered(&mut story);
    assert_eq!((story.writes(), offer.at), (vec![], end));
    assert_eq!(offer.put_back.unwrap().name, "Online");
    story.put_back();
    assert_eq!(story.writes(), ["Online"]);

    let mut closed = on_lunch_for(30);
    closed.pass(std::time::Duration::from_secs(3600));
    closed.restart();
    closed.after(120);
    assert_eq!(
        (offered(&mut closed).from.as_str(), closed.writes()),
        ("Lunch", vec![])
    );
}

#[test]
fn an_end_that_passed_just_now_in_sleep_is_applied() {
    let mut story = on_lunch_for(30);
    story.after(28 * 60);
    story.sleep(3 * 60);
    story.after(10);
    assert_eq!(story.writes(), ["Online"]);
}

#[test]
fn an_end_on_a_locked_screen_is_offered_even_when_it_is_unlocked_soon() {
    let mut story = on_lunch_for(30);
    story.happens(Input::Locked);
    story.after(30 * 60);
    story.happens(Input::Unlocked);
    story.after(60);
    assert_eq!(
        (offered(&mut story).to.as_str(), story.writes()),
        ("Lunch", vec![])
    );
}

#[test]
fn it_yields_to_a_click_and_to_a_forced_change() {
    let mut story = on_lunch_for(30);
    story.click("Coffee");
    assert_eq!(
        (story.disk.timed.clone(), story.writes()),
        (None, vec!["Coffee".to_owned()])
    );
    story.after(3600);
    assert_eq!(story.writes(), Vec::<String>::new());

    let mut story = on_lunch_for(30);
    story.moved_to("Offline", "AGENT_DISCONNECTED");
    story.after(3600);
    assert_eq!((story.disk.timed.clone(), story.writes()), (None, vec![]));

    let mut talk = Story::online_reading(ReadPath::TalkChannel);
    talk.click("Online");
    talk.click_for("Lunch", 30);
    talk.after(60);
    talk.moved_to("Offline", "AGENT_DISCONNECTED");
    talk.after(60);
    assert_eq!(talk.disk.timed, None, "also after a restart");
}

#[test]
fn it_yields_to_a_forced_change_while_the_program_was_closed() {
    let mut story = on_lunch_for(30);
    story.moved_to("Offline", "AGENT_DISCONNECTED");
    story.restart();
    story.after(3600);
    assert_eq!((story.disk.timed.clone(), story.writes()), (None, vec![]));
}

#[test]
fn a_click_that_fails_does_not_end_it() {
    let mut story = on_lunch_for(30);
    story
        .desk
        .write_fails
        .push_back((DeskError::NotEligible, Applied::No));
    story.click("Training");
    assert!(story.disk.timed.is_some());
    story.after(30 * 60);
    assert_eq!(story.writes(), ["Training", "Online"]);
}

#[test]
fn put_me_back_ends_it_early() {
    let mut story = on_lunch_for(30);
    story.put_back();
    assert_eq!(
        (story.writes(), story.disk.timed.clone()),
        (vec!["Online".to_owned()], None)
    );
}

#[test]
fn another_time_for_the_same_status_keeps_what_comes_back() {
    let mut story = on_lunch_for(30);
    story.restart();
    let longer = story.click_for("Lunch", 60);
    assert_eq!(
        (story.outcome(longer), story.writes()),
        (Some(Ok(())), vec![]),
        "the status itself holds already"
    );
    story.after(59 * 60);
    assert_eq!(story.writes(), Vec::<String>::new());
    story.after(60);
    assert_eq!(story.writes(), ["Online"]);
}

#[test]
fn a_plain_click_on_the_timed_status_makes_it_last() {
    let mut story = on_lunch_for(30);
    story.click("Lunch");
    assert_eq!((story.disk.timed.clone(), story.writes()), (None, vec![]));
}

#[test]
fn a_time_is_refused_where_nothing_could_come_back() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    let lunch = story.click_for("Lunch", 30);
    assert_eq!(story.outcome(lunch), Some(Err(Code::NothingToPutBack)));
    assert_eq!(story.writes(), Vec::<String>::new());
}

#[test]
fn a_status_that_may_not_come_back_any_more_is_said_to_be_over_and_no_more() {
    let mut story = Story::online();
    story.click("Training");
    story.after(10);
    story.click_for("Lunch", 60);
    story
        .desk
        .statuses
        .retain(|status| status.name != "Training");
    story.writes();
    story.after(3600);
    assert_eq!(
        (offered(&mut story).put_back, story.writes()),
        (None, vec![])
    );
}

#[test]
fn an_end_while_nothing_is_confirmed_waits_for_the_next_read() {
    let mut story = on_lunch_for(30);
    story.after(27 * 60);
    story.desk.fails = Some(unreachable());
    story.after(3 * 60);
    assert_eq!((story.writes(), story.disk.timed.is_some()), (vec![], true));
    story.desk.fails = None;
    story.after(90);
    assert_eq!(story.writes(), ["Online"]);
}

#[test]
fn a_time_for_what_is_not_sure_any_more_leads_back_to_the_status_before() {
    let mut story = Story::online();
    story.click("Lunch");
    story.after(10);
    story.desk.holds_reads = true;
    story.after(3 * INTERVAL_S + 1);
    story.click_for("Lunch", 30);
    let timed = story.view().timed.expect("it is for a time");
    assert_eq!(timed.back_to.name, "Online");
}

#[test]
fn an_end_does_not_overrule_a_click_that_is_being_tried() {
    let mut story = Story::online();
    story.click_for("Lunch", 1);
    story.after(55);
    story
        .desk
        .write_fails
        .extend(vec![(DeskError::Conflict, Applied::No); 4]);
    let coffee = story.click("Coffee");
    story.after(25);
    assert_eq!(story.outcome(coffee), Some(Ok(())));
    assert_eq!(story.headline(), "Coffee");
}

#[test]
fn an_end_that_comes_while_the_computer_goes_to_sleep_waits_for_its_return() {
    let mut story = Story::online();
    story.click_for("Lunch", 1);
    story.happens(Input::Slept);
    story.pass(std::time::Duration::from_secs(65));
    story.happens(Input::Timeout);
    assert_eq!(story.writes(), ["Lunch"]);
    story.happens(Input::Woke);
    story.after(10);
    assert_eq!(story.writes(), ["Online"]);
}
