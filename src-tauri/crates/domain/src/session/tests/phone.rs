//! The phone: rules of a click for where calls ring, and what is shown of the line.

use super::story::*;
use crate::*;

/// An agent with a phone that rings in the browser.
pub(super) fn with_phone(path: ReadPath) -> Story {
    let mut story = Story::begin(Remembered::default());
    story.desk.path = path;
    story.desk.phone = Some(Phone {
        via: Some(Via::Client),
        call: None,
    });
    story.start();
    story.after(5);
    story.told.clear();
    story
}

pub(super) fn phone(story: &Story) -> PhoneView {
    story.view().phone.expect("a phone")
}

#[test]
fn where_calls_ring_is_known_in_both_modes_and_changes_by_a_click() {
    for path in [ReadPath::Own, ReadPath::TalkIsStatus, ReadPath::TalkChannel] {
        let mut story = with_phone(path);
        assert_eq!(phone(&story).via, Some(Via::Client), "{path:?}");
        let click = story.answer_by(Via::Phone);
        assert_eq!(story.outcome(click), Some(Ok(())));
        assert_eq!(
            (phone(&story).via, story.vias.clone()),
            (Some(Via::Phone), vec![Via::Phone])
        );
        story.after(3600);
        assert_eq!(phone(&story).via, Some(Via::Phone));
        assert_eq!(
            (story.vias.len(), story.notices(), story.writes()),
            (1, vec![], vec![])
        );
    }
}

#[test]
fn the_phone_costs_no_request_where_it_comes_along_or_is_not_there() {
    let mut along = with_phone(ReadPath::TalkIsStatus);
    along.after(3600);
    assert_eq!(along.phone_reads, 0);
    let mut without = Story::online();
    without.after(3600);
    assert!(without.phone_reads <= 3, "{}", without.phone_reads);
    assert_eq!(without.view().phone, None);
    let refused = without.answer_by(Via::Phone);
    assert_eq!(without.outcome(refused), Some(Err(Code::Refused)));
    assert!(
        without
            .view()
            .phone
            .is_some_and(|phone| phone.failed.is_some())
    );
    assert_eq!(without.vias, []);
}

#[test]
fn what_is_confirmed_already_is_not_written() {
    let mut story = with_phone(ReadPath::Own);
    let click = story.answer_by(Via::Client);
    assert_eq!((story.outcome(click), story.vias.len()), (Some(Ok(())), 0));
}

#[test]
fn the_last_click_wins_and_one_change_is_in_flight() {
    let mut story = with_phone(ReadPath::Own);
    story.desk.holds_vias = true;
    let first = story.answer_by(Via::Phone);
    assert_eq!(
        (phone(&story).via, phone(&story).switching_to),
        (None, Some(Via::Phone))
    );
    let second = story.answer_by(Via::Client);
    let third = story.answer_by(Via::Phone);
    let last = story.answer_by(Via::Client);
    assert_eq!(story.vias, [Via::Phone]);
    story.answer_via();
    assert_eq!(story.vias, [Via::Phone, Via::Client]);
    story.answer_via();
    assert_eq!(
        [first, second, third, last].map(|click| story.outcome(click)),
        [
            Some(Ok(())),
            Some(Err(Code::Overtaken)),
            Some(Ok(())),
            Some(Ok(()))
        ]
    );
    assert_eq!(phone(&story).via, Some(Via::Client));
}

#[test]
fn a_change_in_doubt_is_read_before_it_is_sent_again() {
    for applied in [Applied::Yes, Applied::No] {
        let mut story = with_phone(ReadPath::Own);
        let reads = story.phone_reads;
        story
            .desk
            .via_fails
            .push_back((DeskError::TimedOut, applied));
        let click = story.answer_by(Via::Phone);
        assert_eq!((story.outcome(click), phone(&story).via), (None, None));
        story.after(10);
        assert_eq!(story.outcome(click), Some(Ok(())), "{applied:?}");
        let sent = if applied == Applied::Yes { 1 } else { 2 };
        assert_eq!(story.vias.len(), sent);
        assert!(story.phone_reads > reads);
    }
}

#[test]
fn a_failed_change_is_reported_and_never_sent_later() {
    let mut story = with_phone(ReadPath::Own);
    for _ in 0..20 {
        story.desk.via_fails.push_back((unreachable(), Applied::No));
    }
    let click = story.answer_by(Via::Phone);
    story.after(40);
    assert_eq!(story.outcome(click), Some(Err(Code::Unreachable)));
    let failed = phone(&story).failed.expect("it is shown");
    assert_eq!(failed.to, Via::Phone);
    assert!(matches!(story.notices().as_slice(), [Notice::ViaFailed(_)]));
    let sent = story.vias.len();
    story.after(3600);
    assert_eq!((story.vias.len(), story.writes()), (sent, vec![]));
    story.desk.via_fails.clear();
    story.answer_by(Via::Phone);
    assert_eq!(phone(&story).failed, None);
    assert_eq!(story.withdrawn(), [Topic::Phone]);
}

#[test]
fn a_role_that_may_not_is_told_so_and_why() {
    let mut story = with_phone(ReadPath::Own);
    story
        .desk
        .via_fails
        .push_back((DeskError::Forbidden, Applied::No));
    let click = story.answer_by(Via::Phone);
    assert_eq!(story.outcome(click), Some(Err(Code::Refused)));
    assert!(phone(&story).barred.unwrap().contains("role"));
}

#[test]
fn sleep_drops_a_change_and_waking_reports_it() {
    let mut story = with_phone(ReadPath::Own);
    story.desk.holds_vias = true;
    let click = story.answer_by(Via::Phone);
    story.sleep(600);
    assert_eq!(story.outcome(click), Some(Err(Code::Slept)));
    story.answer_via();
    story.after(100);
    assert_eq!(
        (story.vias.len(), phone(&story).via),
        (1, Some(Via::Phone)),
        "it was applied all the same"
    );
}

#[test]
fn a_click_on_the_phone_and_one_on_a_status_do_not_wait_for_each_other() {
    let mut story = with_phone(ReadPath::Own);
    story.desk.holds_vias = true;
    story.answer_by(Via::Phone);
    let lunch = story.click("Lunch");
    assert_eq!(
        (story.outcome(lunch), story.writes()),
        (Some(Ok(())), vec!["Lunch".to_owned()])
    );
    assert_eq!(phone(&story).switching_to, Some(Via::Phone));
}

#[test]
fn a_call_is_seen_while_it_lasts_and_not_shown_when_it_can_no_longer_be_known() {
    let mut story = with_phone(ReadPath::Own);
    story.desk.phone.as_mut().unwrap().call = Some(CallStatus::OnCall);
    story.after(180);
    let began = phone(&story).call_since;
    assert_eq!(phone(&story).call, Some(CallStatus::OnCall));
    story.after(120);
    assert_eq!(phone(&story).call_since, began);
    story.desk.phone.as_mut().unwrap().call = Some(CallStatus::WrapUp);
    story.after(INTERVAL_S);
    assert_eq!(phone(&story).call, Some(CallStatus::WrapUp));
    story.happens(Input::Locked);
    story.after(200);
    assert_eq!((phone(&story).call, phone(&story).call_since), (None, None));
}

#[test]
fn a_change_by_another_hand_is_shown() {
    let mut story = with_phone(ReadPath::Own);
    story.desk.phone.as_mut().unwrap().via = Some(Via::Phone);
    story.happens(Input::Looked);
    story.after(10);
    assert_eq!(phone(&story).via, Some(Via::Phone));
}

#[test]
fn a_change_counts_as_being_written_until_nothing_is_under_way() {
    let mut story = with_phone(ReadPath::Own);
    story
        .desk
        .via_fails
        .push_back((DeskError::Conflict, Applied::No));
    story.answer_by(Via::Phone);
    assert!(story.session.is_writing(), "it is tried again in a moment");
    story.after(10);
    assert!(!story.session.is_writing());
    story.desk.holds_vias = true;
    story.answer_by(Via::Client);
    story.sleep(5);
    assert!(story.session.is_writing(), "nobody waits, yet it is sent");
}

#[test]
fn looks_at_the_phone_are_ten_seconds_apart() {
    let mut story = with_phone(ReadPath::Own);
    story.after(20);
    let reads = story.phone_reads;
    story.happens(Input::Looked);
    story.after(3);
    story.happens(Input::Looked);
    assert_eq!(story.phone_reads, reads + 1);
    story.after(8);
    assert_eq!(story.phone_reads, reads + 2);
}

#[test]
fn a_change_that_worked_withdraws_nothing() {
    let mut story = with_phone(ReadPath::Own);
    story.answer_by(Via::Phone);
    story.answer_by(Via::Client);
    assert_eq!(story.told, []);
}

#[test]
fn a_failure_that_nobody_was_told_is_not_withdrawn() {
    let mut story = with_phone(ReadPath::Own);
    story.sleep(60);
    story
        .desk
        .via_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.answer_by(Via::Phone);
    story.answer_by(Via::Phone);
    assert_eq!(story.told, []);
}

#[test]
fn while_the_sign_in_is_doubted_no_change_is_sent() {
    let mut story = with_phone(ReadPath::Own);
    story.happens(Input::Fetched(Err(DeskError::Unauthorized)));
    story.answer_by(Via::Phone);
    assert_eq!(story.vias, []);
    story.after(10);
    assert_eq!(story.vias, [Via::Phone]);
}

#[test]
fn a_limit_is_waited_for_where_it_fits_and_reported_where_not() {
    let mut story = with_phone(ReadPath::Own);
    story.happens(Input::Listed(Err(limited(10))));
    let click = story.answer_by(Via::Phone);
    assert_eq!((story.outcome(click), story.vias.len()), (None, 0));
    story.after(10);
    assert_eq!((story.outcome(click), story.vias.len()), (Some(Ok(())), 1));
    for seconds in [25, 40] {
        story.happens(Input::Listed(Err(limited(seconds))));
        let click = story.answer_by(Via::Client);
        assert_eq!(story.outcome(click), Some(Err(Code::RateLimited)));
    }
    assert_eq!(story.vias.len(), 1);
}

#[test]
fn a_doubt_is_resolved_by_the_first_read_and_another_try_waits_a_second() {
    let mut story = with_phone(ReadPath::Own);
    story
        .desk
        .via_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    let click = story.answer_by(Via::Phone);
    story.after(1);
    assert_eq!(story.outcome(click), Some(Ok(())));
    story
        .desk
        .via_fails
        .push_back((DeskError::TimedOut, Applied::No));
    story.answer_by(Via::Client);
    story.after(1);
    assert_eq!(story.vias.len(), 2);
    story.after(1);
    assert_eq!(story.vias.len(), 3);
}

#[test]
fn a_doubt_that_cannot_be_resolved_is_asked_about_every_two_seconds() {
    let mut story = with_phone(ReadPath::Own);
    story
        .desk
        .via_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.desk.fails = Some(unreachable());
    let reads = story.phone_reads;
    let click = story.answer_by(Via::Phone);
    story.after(10);
    let reads = story.phone_reads - reads;
    assert!((4..=6).contains(&reads), "{reads}");
    story.desk.fails = None;
    story.after(2);
    assert_eq!(story.outcome(click), Some(Ok(())));
}

#[test]
fn after_a_refusal_it_is_read_where_calls_ring() {
    let mut story = with_phone(ReadPath::Own);
    let reads = story.phone_reads;
    story
        .desk
        .via_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.answer_by(Via::Phone);
    story.after(1);
    assert_eq!(story.phone_reads, reads + 1);
}

#[test]
fn a_phone_that_was_there_keeps_its_place_in_the_menu_after_a_restart_and_claims_nothing() {
    let mut story = with_phone(ReadPath::Own);
    let in_menu = |story: &Story| {
        let view = View {
            accounts: vec![story.view()],
            hints: Vec::new(),
        };
        let menu = Menu::of(&view, &jiff::tz::TimeZone::UTC);
        menu.entries.iter().any(|entry| {
            matches!(entry, Entry::Submenu { label, visible: true, .. } if label.starts_with("Phone"))
        })
    };
    assert!(in_menu(&story));
    story.restart();
    let held = phone(&story);
    assert_eq!((held.via, held.call), (None, None), "nothing was read yet");
    assert!(in_menu(&story));
    story.after(5);
    assert_eq!(phone(&story).via, Some(Via::Client));

    story.desk.phone = None;
    story.after(3600);
    assert_eq!(story.view().phone, None, "it was taken away");
    story.restart();
    assert_eq!(story.view().phone, None);
}

#[test]
fn where_no_phone_can_be_read_any_more_its_place_is_not_kept() {
    let mut story = with_phone(ReadPath::Own);
    story.desk.path = ReadPath::Nowhere;
    story.restart();
    assert_eq!(story.view().phone, None);
}
