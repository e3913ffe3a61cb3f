//! What the light showed becomes time; what it did not show does not.

use super::*;
use crate::ChangedBy::{Other, Unknown, You};

#[test]
fn a_day_of_switching_is_told_stretch_by_stretch() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", Some("08:55:00"), Unknown);
    diary.read_until("12:00:00");
    diary.pass(10);
    diary.set("Lunch");
    diary.read_until("12:20:10");
    diary.pass(20);
    diary.read("Offline", Some("12:20:20"), Other);
    assert_eq!(
        diary.told(),
        [
            "08:55:00-12:00:10 Online by unknown",
            "12:00:10-12:20:20 Lunch by you",
            "12:20:20-12:20:30 Offline by other"
        ]
    );
    let reasons: Vec<_> = diary.history().stretches;
    let reasons: Vec<_> = reasons.iter().map(|it| it.reason.as_deref()).collect();
    assert_eq!(reasons, [None, None, Some("AGENT_IDLE_TIMEOUT")]);
}

#[test]
fn time_without_a_word_is_not_claimed() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", None, You);
    diary.read_until("10:00:00");
    diary.pass(90);
    diary.dark();
    diary.until("11:00:00");
    diary.read("Online", None, You);
    diary.read_until("11:10:00");
    assert_eq!(
        diary.told(),
        [
            "09:00:00-10:00:00 Online by you",
            "11:00:00-11:10:00 Online by you"
        ]
    );
}

#[test]
fn a_light_that_is_on_claims_no_more_than_was_read() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", None, You);
    diary.pass(80);
    diary.look();
    assert_eq!(diary.told(), ["09:00:00-09:00:00 Online by you"]);
}

#[test]
fn who_locks_the_screen_over_lunch_was_at_lunch_as_the_help_desk_says() {
    let mut diary = Diary::begin("12:00:00");
    diary.set("Lunch");
    diary.pass(2);
    diary.read("Lunch", Some("12:00:01"), You);
    diary.pass(90);
    diary.dark();
    diary.until("13:00:00");
    diary.read("Lunch", Some("12:00:01"), You);
    assert_eq!(diary.told(), ["12:00:00-13:00:00 Lunch by you"]);
}

#[test]
fn what_came_in_between_is_not_guessed() {
    let mut diary = Diary::begin("12:00:00");
    diary.set("Lunch");
    diary.pass(90);
    diary.dark();
    diary.until("13:00:00");
    // Somebody came back before and went again.
    diary.read("Lunch", Some("12:40:00"), Other);
    assert_eq!(
        diary.told(),
        [
            "12:00:00-12:00:00 Lunch by you",
            "12:40:00-13:00:00 Lunch by other"
        ]
    );
}

#[test]
fn who_was_away_and_back_between_two_reads_is_not_said_to_have_stayed() {
    let mut diary = Diary::begin("12:00:00");
    diary.read("Online", Some("11:00:00"), You);
    diary.pass(30);
    diary.read("Online", Some("12:00:20"), You);
    diary.pass(30);
    diary.read("Online", Some("12:00:20"), You);
    assert_eq!(
        diary.told(),
        [
            "11:00:00-12:00:00 Online by you",
            "12:00:20-12:01:00 Online by you"
        ]
    );
}

#[test]
fn a_help_desk_whose_clock_is_ahead_makes_no_gap() {
    let mut diary = Diary::begin("12:00:00");
    diary.set("Lunch");
    diary.pass(2);
    diary.read("Lunch", Some("12:00:25"), You);
    diary.pass(30);
    diary.read("Lunch", Some("12:00:25"), You);
    assert_eq!(diary.told(), ["12:00:00-12:00:32 Lunch by you"]);
}

#[test]
fn our_own_date_of_a_write_vouches_for_nothing_later() {
    let mut diary = Diary::begin("12:00:00");
    diary.set("Lunch");
    diary.pass(90);
    diary.dark();
    diary.until("13:00:00");
    // This help desk tells no times, so the view still has the write's.
    diary.read("Lunch", Some("12:00:00"), You);
    diary.pass(30);
    diary.light_is(Certainty::Confirmed);
    assert_eq!(
        diary.told(),
        [
            "12:00:00-12:00:00 Lunch by you",
            "13:00:00-13:00:30 Lunch by you"
        ]
    );
}

#[test]
fn sleep_is_not_claimed_even_if_nothing_was_noticed_before_the_next_word() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", None, You);
    diary.until("10:00:00");
    diary.read("Online", None, You);
    assert_eq!(
        diary.told(),
        [
            "09:00:00-09:00:00 Online by you",
            "10:00:00-10:00:00 Online by you"
        ]
    );
}

#[test]
fn what_nobody_confirms_is_kept_apart_and_ends_with_the_program() {
    let mut diary = Diary::begin("09:00:00");
    diary.set("Online");
    for _ in 0..10 {
        diary.pass(30);
        diary.view.certainty = Certainty::Assumed;
        diary.look();
    }
    diary.restart();
    diary.until("10:00:00");
    diary.view.status = Some(named("Online"));
    diary.view.certainty = Certainty::Assumed;
    diary.look();
    diary.pass(30);
    diary.look();
    let told = diary.told();
    assert_eq!(told[0], "09:00:00-09:00:00 Online by you");
    // Killed within the minute between two writes.
    assert_eq!(told[1], "09:00:00-09:04:30 Online unconfirmed by you");
    assert_eq!(told[2], "10:00:00-10:00:30 Online unconfirmed by you");
}

#[test]
fn a_clock_set_back_makes_an_hour_that_is_lived_twice_count_twice() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", Some("08:00:00"), You);
    diary.read_until("09:30:00");
    diary.set_clock("08:30:00");
    diary.pass(30);
    diary.read("Online", Some("08:00:00"), You);
    diary.read_until("08:40:30");
    assert_eq!(
        diary.told(),
        [
            "08:00:00-09:30:00 Online by you",
            "08:30:30-08:40:30 Online by you"
        ]
    );
}

#[test]
fn a_clock_set_ahead_makes_no_time() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", None, You);
    diary.read_until("09:30:00");
    diary.set_clock("11:30:00");
    diary.pass(30);
    diary.read("Online", None, You);
    diary.read_until("11:40:30");
    assert_eq!(
        diary.told(),
        [
            "09:00:00-09:30:00 Online by you",
            "11:30:30-11:40:30 Online by you"
        ]
    );
}

#[test]
fn a_clock_set_back_while_the_program_was_closed_is_noticed_too() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", Some("08:00:00"), You);
    diary.read_until("09:30:00");
    diary.restart();
    diary.set_clock("08:30:00");
    diary.read("Online", Some("08:00:00"), You);
    diary.read_until("08:31:00");
    assert_eq!(
        diary.told(),
        [
            "08:00:00-09:30:00 Online by you",
            "08:30:00-08:31:00 Online by you"
        ]
    );
}

#[test]
fn a_restart_goes_on_where_the_help_desk_says_that_nothing_changed() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", Some("08:00:00"), You);
    diary.read_until("09:30:00");
    diary.restart();
    diary.until("10:30:00");
    // A new start cannot know any more that it was the agent.
    diary.read("Online", Some("08:00:00"), Unknown);
    assert_eq!(diary.told(), ["08:00:00-10:30:00 Online by you"]);
}

#[test]
fn a_killed_program_loses_a_minute_at_most() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", None, You);
    diary.read_until("09:59:30");
    let kept = diary.history().stretches;
    assert_eq!(kept.len(), 1);
    assert!(kept[0].until >= at("09:58:30"), "{kept:?}");
    assert!(diary.handed_out.len() < 70, "once a minute is enough");
}

#[test]
fn what_could_not_be_kept_is_handed_out_again() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Online", None, You);
    diary.handed_out.clear();
    diary.recorder.not_kept();
    diary.pass(60);
    diary.light_is(Certainty::Confirmed);
    assert_eq!(diary.told(), ["09:00:00-09:01:00 Online by you"]);
}

#[test]
fn a_status_that_gets_its_name_later_is_told_again_by_it() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Lunch", None, You);
    diary.view.status = Some(NamedStatus {
        name: "Lunch break".to_owned(),
        ..named("Lunch")
    });
    diary.pass(30);
    diary.light_is(Certainty::Confirmed);
    assert_eq!(diary.handed_out.len(), 2, "at once");
    assert_eq!(diary.told(), ["09:00:00-09:00:30 Lunch break by you"]);
}

#[test]
fn the_clocks_of_help_desk_and_computer_may_differ_a_little() {
    let mut diary = Diary::begin("12:00:00");
    diary.set("Lunch");
    diary.restart();
    diary.pass(60);
    // By the help desk's clock the write came a moment later.
    diary.read("Lunch", Some("12:00:04"), You);
    assert_eq!(diary.told(), ["12:00:00-12:01:00 Lunch by you"]);
    diary.pass(30);
    // And this began in the future.
    diary.read("Away", Some("12:05:00"), Other);
    assert_eq!(
        diary.told(),
        [
            "12:00:00-12:01:30 Lunch by you",
            "12:01:30-12:01:30 Away by other"
        ]
    );
}

#[test]
fn a_status_older_than_the_history_is_kept_for_no_longer_than_the_rest() {
    let mut diary = Diary::begin("09:00:00");
    diary.read("Offline", Some("09:00:00"), Unknown);
    diary.view.since = Some("2025-01-01T00:00:00Z".parse().unwrap());
    diary.recorder = Recorder::default();
    diary.handed_out.clear();
    diary.light_is(Certainty::Confirmed);
    let kept = diary.history().stretches;
    assert_eq!(kept[0].lasted(), SignedDuration::from_hours(90 * 24));
}

#[test]
fn foreign_texts_are_kept_short_and_on_one_line() {
    let mut diary = Diary::begin("09:00:00");
    diary.view.reason = Some("LINE\nBREAK\u{202e}".repeat(100));
    diary.view.changed_by = Some(Other);
    diary.view.status = Some(NamedStatus {
        name: "=cmd\n".repeat(1000),
        ..named("Lunch")
    });
    diary.light_is(Certainty::Confirmed);
    let kept = diary.history().stretches;
    let reason = kept[0].reason.as_deref().unwrap();
    for text in [kept[0].status.name.as_str(), reason] {
        assert!(text.chars().count() <= 200, "{text}");
        assert!(!text.contains(['\n', '\u{202e}']), "{text}");
    }
}
