//! A click whose answer the program did not live to hear gets its word at the next start.

use super::phone::{phone, with_phone};
use super::story::*;
use crate::*;

/// An agent who clicked Lunch just before the program ended.
fn cut_off() -> Story {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.happens(Input::Quitting);
    story.desk.holds_writes = false;
    story
}

#[test]
fn a_click_that_was_not_applied_is_told_once_at_the_next_start() {
    let mut story = cut_off();
    story.restart();
    let Notice::SwitchFailed(failed) = story.notices().remove(0) else {
        panic!("no word on the click");
    };
    assert_eq!(failed.failure.code, Code::Ended);
    insta::assert_snapshot!(failed.failure.message, @"Statuslight ended before Zendesk answered your switch to “Lunch”. You are in Online. Choose again if you still want it.");
    assert_eq!(story.view().failed, Some(failed));
    assert_eq!(story.writes(), Vec::<String>::new(), "nothing comes back");
    story.restart();
    story.after(120);
    assert_eq!((story.notices(), story.view().failed), (vec![], None));
}

#[test]
fn a_click_that_came_about_after_the_end_makes_no_noise() {
    let mut story = cut_off();
    let _ = story.desk.write(id("Lunch"), story.now.wall);
    story.restart();
    assert_eq!((story.notices(), story.view().failed), (vec![], None));
    assert_eq!(story.headline(), "Lunch");
    story.restart();
    story.moved_to("Online", "PUBLIC_API");
    story.after(60);
    assert_eq!(story.view().failed, None, "and none is left over");
}

#[test]
fn one_that_comes_about_after_it_was_told_is_taken_back() {
    let mut story = cut_off();
    story.restart();
    assert_eq!(story.notices().len(), 1);
    let _ = story.desk.write(id("Lunch"), story.now.wall);
    story.after(31);
    assert_eq!(story.withdrawn(), [Topic::SwitchFailed]);
    assert_eq!(story.view().changed_by, Some(ChangedBy::You));
}

#[test]
fn a_kill_while_the_click_waits_for_another_try_loses_it_no_less() {
    let mut story = Story::online();
    let fails = (DeskError::Conflict, Applied::No);
    story.desk.write_fails.extend([fails.clone(), fails]);
    story.click("Lunch");
    story.restart();
    assert!(
        matches!(&story.notices()[..], [Notice::SwitchFailed(failed)] if failed.to.id == id("Lunch"))
    );
}

#[test]
fn only_the_newest_click_is_told_of() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.click("Coffee");
    story.desk.holds_writes = false;
    story.restart();
    assert!(
        matches!(&story.notices()[..], [Notice::SwitchFailed(failed)] if failed.to.id == id("Coffee"))
    );
}

#[test]
fn a_click_that_got_its_word_gets_no_other() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.click("Lunch");
    story.click("Coffee");
    story.restart();
    assert_eq!((story.notices(), story.view().failed), (vec![], None));
}

#[test]
fn a_newer_click_after_the_start_takes_its_place() {
    let mut story = cut_off();
    story.desk.holds_reads = true;
    story.restart();
    story.click("Coffee");
    story.desk.holds_reads = false;
    story.after(60);
    assert_eq!(
        (story.notices(), story.headline().as_str()),
        (vec![], "Coffee")
    );
}

#[test]
fn where_nothing_is_readable_it_is_said_that_nobody_knows() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.desk.holds_writes = false;
    story.restart();
    let Some(Notice::SwitchFailed(failed)) = story.notices().pop() else {
        panic!("no word on the click");
    };
    insta::assert_snapshot!(failed.failure.message, @"Statuslight ended before Zendesk answered your switch to “Lunch”. Zendesk does not let your role read what came of it. Choose again if you still want it.");
}

#[test]
fn the_phone_channel_alone_tells_whether_it_may_have_come_about() {
    for (applied, told) in [(false, 1), (true, 0)] {
        let mut story = Story::online_reading(ReadPath::TalkChannel);
        story.desk.holds_writes = true;
        story.click("Lunch");
        story.desk.holds_writes = false;
        if applied {
            let _ = story.desk.write(id("Lunch"), story.now.wall);
        }
        story.restart();
        assert_eq!(story.notices().len(), told, "applied: {applied}");
    }
}

/// An agent who let calls ring at a telephone just before the program ended.
fn cut_off_at_the_phone(path: ReadPath) -> Story {
    let mut story = with_phone(path);
    story.desk.holds_vias = true;
    story.answer_by(Via::Phone);
    story.happens(Input::Quitting);
    story.desk.holds_vias = false;
    story
}

#[test]
fn a_change_of_where_calls_ring_that_was_not_applied_is_told_once_at_the_next_start() {
    for path in [ReadPath::Own, ReadPath::TalkIsStatus] {
        let mut story = cut_off_at_the_phone(path);
        story.restart();
        story.after(5);
        let failed = phone(&story).failed.expect("a word on the click");
        assert_eq!((failed.to, failed.failure.code), (Via::Phone, Code::Ended));
        insta::allow_duplicates! {
            insta::assert_snapshot!(failed.failure.message, @"Statuslight ended before it was confirmed that you answer by phone. You answer in the browser. Choose again if you still want it.");
        }
        assert_eq!(story.notices(), [Notice::ViaFailed(failed)], "{path:?}");
        assert_eq!(story.vias, [Via::Phone], "nothing comes back");
        story.restart();
        story.after(120);
        assert_eq!((story.notices(), phone(&story).failed), (vec![], None));
    }
}

#[test]
fn a_change_of_where_calls_ring_that_came_about_after_the_end_makes_no_noise() {
    let mut story = cut_off_at_the_phone(ReadPath::Own);
    let _ = story.desk.answer_by(Via::Phone);
    story.restart();
    story.after(5);
    assert_eq!((story.notices(), phone(&story).failed), (vec![], None));
    story.desk.phone.as_mut().unwrap().via = Some(Via::Client);
    story.after(200);
    assert_eq!(phone(&story).failed, None, "and none is left over");
}

#[test]
fn both_clicks_that_were_cut_off_get_their_word() {
    let mut story = with_phone(ReadPath::Own);
    (story.desk.holds_writes, story.desk.holds_vias) = (true, true);
    story.click("Lunch");
    story.answer_by(Via::Phone);
    (story.desk.holds_writes, story.desk.holds_vias) = (false, false);
    story.restart();
    story.after(5);
    assert!(matches!(
        &story.notices()[..],
        [Notice::SwitchFailed(_), Notice::ViaFailed(_)]
    ));
}

#[test]
fn a_newer_change_of_where_calls_ring_takes_its_place() {
    let mut story = cut_off_at_the_phone(ReadPath::Own);
    story.desk.phone_fails = Some(DeskError::TimedOut);
    story.restart();
    story.answer_by(Via::Client);
    story.desk.phone_fails = None;
    story.after(60);
    assert_eq!((story.notices(), phone(&story).failed), (vec![], None));
}

#[test]
fn where_no_phone_is_told_of_it_is_said_that_nobody_knows() {
    for path in [ReadPath::Own, ReadPath::Nowhere] {
        let mut story = cut_off_at_the_phone(ReadPath::Own);
        story.desk.path = path;
        story.desk.phone = None;
        story.restart();
        let failed = phone(&story).failed.expect("a word on the click");
        insta::allow_duplicates! {
            insta::assert_snapshot!(failed.failure.message, @"Statuslight ended before it was confirmed that you answer by phone. Zendesk tells of no phone for you. Choose again if you still want it.");
        }
    }
}

#[test]
fn a_phone_that_cannot_be_read_now_is_waited_for() {
    let mut story = cut_off_at_the_phone(ReadPath::Own);
    story.desk.phone_fails = Some(DeskError::AccountLocked);
    story.restart();
    story.after(5);
    assert_eq!(story.notices(), []);
    story.desk.phone_fails = None;
    story.after(600);
    assert!(matches!(&story.notices()[..], [Notice::ViaFailed(_)]));
}

#[test]
fn a_change_that_was_applied_after_it_was_told_is_seen_soon() {
    let mut story = cut_off_at_the_phone(ReadPath::Own);
    story.restart();
    assert!(matches!(&story.notices()[..], [Notice::ViaFailed(_)]));
    let _ = story.desk.answer_by(Via::Phone);
    story.after(31);
    assert_eq!(phone(&story).via, Some(Via::Phone));
    assert_eq!(story.withdrawn(), [Topic::Phone]);
}

#[test]
fn a_newer_click_that_is_refused_at_once_keeps_its_word() {
    let mut story = cut_off();
    story.desk.fails = Some(DeskError::TimedOut);
    story.restart();
    story.click("Coffee");
    story.desk.fails = None;
    story.after(120);
    assert!(
        matches!(&story.notices()[..], [Notice::SwitchFailed(failed)] if failed.to.id == id("Coffee"))
    );
}

#[test]
fn a_click_is_kept_by_one_write_to_the_disk_before_it_is_sent() {
    let mut story = Story::online();
    let click = Input::Choose {
        ticket: Ticket(99),
        status: id("Lunch"),
        until: None,
    };
    let effects = story.session.handle(click, story.now, 0.5);
    assert!(
        matches!(&effects[..], [Effect::Remember(kept), Effect::Push { .. }] if kept.open_click.is_some()),
        "{effects:#?}"
    );
}
