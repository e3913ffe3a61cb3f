//! Rules 2 and 4: the last click wins, and nothing is ever re-asserted.

use super::story::*;
use crate::*;

#[test]
fn a_newer_click_waits_for_the_answer_and_is_sent_last() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let lunch = story.click("Lunch");
    let coffee = story.click("Coffee");
    assert_eq!(story.writes(), ["Lunch"], "one write in flight at most");
    story.answer_write();
    assert_eq!(story.outcome(lunch), Some(Ok(())));
    assert_eq!(story.writes(), ["Coffee"]);
    story.answer_write();
    assert_eq!(story.outcome(coffee), Some(Ok(())));
    assert_eq!(story.headline(), "Coffee");
}

#[test]
fn of_many_quick_clicks_only_the_first_and_the_last_are_sent() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let tickets = ["Lunch", "Coffee", "Away", "Meeting"].map(|name| story.click(name));
    story.answer_write();
    story.answer_write();
    assert_eq!(story.writes(), ["Lunch", "Meeting"]);
    let overtaken = Some(Err(Code::Overtaken));
    assert_eq!(
        tickets.map(|t| story.outcome(t)),
        [Some(Ok(())), overtaken, overtaken, Some(Ok(()))]
    );
    assert_eq!(
        story.notices(),
        [],
        "a click that a newer one replaced has not failed"
    );
}

#[test]
fn a_newer_click_replaces_one_that_is_being_retried() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::Conflict, Applied::No));
    let lunch = story.click("Lunch");
    let coffee = story.click("Coffee");
    story.after(60);
    assert_eq!(story.writes(), ["Lunch", "Coffee"]);
    assert_eq!(
        (story.outcome(lunch), story.outcome(coffee)),
        (Some(Err(Code::Overtaken)), Some(Ok(())))
    );
}

#[test]
fn a_newer_click_goes_on_when_the_one_in_flight_fails() {
    for error in [
        DeskError::TimedOut,
        DeskError::NotEligible,
        DeskError::Conflict,
        limited(3),
        unreachable(),
    ] {
        let mut story = Story::online();
        story.desk.holds_writes = true;
        story.desk.write_fails.push_back((error, Applied::No));
        let lunch = story.click("Lunch");
        let coffee = story.click("Coffee");
        story.answer_write();
        story.after(5);
        story.answer_write();
        assert_eq!(story.writes(), ["Lunch", "Coffee"]);
        assert_eq!(
            (story.outcome(lunch), story.outcome(coffee)),
            (Some(Err(Code::Overtaken)), Some(Ok(())))
        );
    }
}

#[test]
fn clicking_the_same_again_sends_nothing_more() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let first = story.click("Lunch");
    let coffee = story.click("Coffee");
    let again = story.click("Lunch");
    story.answer_write();
    story.after(1);
    assert_eq!(story.writes(), ["Lunch"]);
    assert_eq!(story.outcome(coffee), Some(Err(Code::Overtaken)));
    assert_eq!(
        (story.outcome(first), story.outcome(again)),
        (Some(Ok(())), Some(Ok(())))
    );
}

#[test]
fn behind_a_write_that_sleep_cut_off_only_the_newest_click_waits() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.sleep(5);
    let coffee = story.click("Coffee");
    let meeting = story.click("Meeting");
    assert_eq!(story.writes(), ["Lunch"]);
    assert_eq!(story.outcome(coffee), Some(Err(Code::Overtaken)));
    story.answer_write();
    story.answer_write();
    assert_eq!(story.writes(), ["Meeting"]);
    assert_eq!(story.outcome(meeting), Some(Ok(())));
}

#[test]
fn choosing_what_is_confirmed_reads_and_writes_nothing() {
    let mut story = Story::online();
    let online = story.click("Online");
    assert_eq!(
        (story.outcome(online), story.asked.len()),
        (Some(Ok(())), 0)
    );
    assert_eq!(story.told, []);
}

#[test]
fn choosing_what_is_not_confirmed_is_written() {
    let mut story = Story::online();
    story.desk.holds_reads = true;
    story.after(3 * INTERVAL_S + 1);
    story.click("Online");
    assert_eq!(story.writes(), ["Online"]);
    let mut projected = Story::online_reading(ReadPath::TalkChannel);
    projected.click("Online");
    assert_eq!(
        projected.writes(),
        ["Online"],
        "a channel that agrees is no confirmation"
    );
}

#[test]
fn going_back_while_the_write_that_left_is_in_doubt_is_written() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.click("Lunch");
    let online = story.click("Online");
    assert_eq!(story.writes(), ["Lunch", "Online"]);
    assert_eq!(story.outcome(online), Some(Ok(())));
    assert_eq!(story.desk.name(&story.desk.status), "Online");
}

#[test]
fn no_status_is_ever_put_back_by_itself() {
    let mut story = Story::online();
    story.click("Online");
    story.moved_to("Away", "AGENT_IDLE_TIMEOUT");
    story.after(3600);
    story.happens(Input::Locked);
    story.sleep(3600);
    story.happens(Input::Unlocked);
    story.happens(Input::NetworkChanged);
    story.after(3600);
    assert_eq!(story.writes(), Vec::<String>::new());
}

#[test]
fn a_locked_screen_stops_polls_and_not_a_click() {
    let mut story = Story::online();
    story.happens(Input::Locked);
    story.after(600);
    assert_eq!(story.asked.len(), 0);
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    let lunch = story.click("Lunch");
    story.after(1);
    assert_eq!(story.outcome(lunch), Some(Ok(())));
    assert_eq!(
        story.asked,
        ["Lunch", "fetch"],
        "the doubt is resolved, and nothing else is asked"
    );
    story.happens(Input::Unlocked);
    story.after(5);
    assert_eq!(story.count("fetch"), 2);
}

#[test]
fn a_click_that_cannot_even_begin_is_reported() {
    let mut story = Story::begin(Remembered::default());
    let early = story.click("Lunch");
    assert_eq!(
        story.outcome(early),
        Some(Err(Code::Unreachable)),
        "no list yet"
    );
    story.after(1);
    let gone = story.click("4711");
    assert_eq!(story.outcome(gone), Some(Err(Code::NoSuchStatus)));
    assert_eq!(story.notices().len(), 2);
    assert_eq!(story.writes(), Vec::<String>::new());
}

#[test]
fn a_newer_click_that_cannot_be_ends_the_older_one_all_the_same() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::Conflict, Applied::No));
    let retried = story.click("Lunch");
    let gone = story.click("4711");
    story.after(60);
    assert_eq!(
        story.writes(),
        ["Lunch"],
        "the older one is not tried again"
    );
    assert_eq!(
        (story.outcome(retried), story.outcome(gone)),
        (Some(Err(Code::Overtaken)), Some(Err(Code::NoSuchStatus)))
    );

    let mut story = Story::online();
    story.desk.holds_writes = true;
    let in_flight = story.click("Lunch");
    let waiting = story.click("Coffee");
    story.click("4711");
    assert_eq!(story.outcome(waiting), Some(Err(Code::Overtaken)));
    story.answer_write();
    story.after(60);
    assert_eq!(story.outcome(in_flight), Some(Ok(())));
    assert_eq!(story.writes(), ["Lunch"], "and what waited is not sent");
}

#[test]
fn clicking_the_same_again_while_it_is_retried_is_the_same_click() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::Conflict, Applied::No));
    let first = story.click("Lunch");
    let again = story.click("Lunch");
    story.after(5);
    assert_eq!(
        (story.outcome(first), story.outcome(again)),
        (Some(Ok(())), Some(Ok(())))
    );
    assert_eq!(story.writes(), ["Lunch", "Lunch"]);
}

#[test]
fn what_was_accepted_may_be_chosen_and_nothing_else_is_learned_from_it() {
    let mut story = Story::online();
    for status in &mut story.desk.statuses {
        status.eligible = None;
    }
    story.restart();
    story.click("Lunch");
    let eligible: Vec<_> = story
        .view()
        .statuses
        .into_iter()
        .filter(|status| status.eligible == Some(true))
        .map(|status| status.name)
        .collect();
    assert_eq!(eligible, ["Lunch"]);
}

#[test]
fn a_second_click_on_the_same_has_a_time_of_its_own_and_the_first_gets_its_word_in_time() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .extend(vec![(unreachable(), Applied::No); 20]);
    let first = story.click("Lunch");
    story.after(24);
    let second = story.click("Lunch");
    story.after(6);
    assert_eq!(
        (story.outcome(first), story.outcome(second)),
        (Some(Err(Code::Unreachable)), None)
    );
    story.desk.write_fails.clear();
    story.after(15);
    assert_eq!(story.outcome(second), Some(Ok(())));
}
