//! The guard and clicks of the agent that are still open when the computer is left.

use super::*;

/// An agent who is Away, with a guard to Away, and a click on Online in flight.
fn leaving_while_going_online() -> (Story, Ticket) {
    let mut story = Story::online();
    story.click("Away");
    story.after(20);
    guard(&mut story, "Away");
    story.told.clear();
    story.writes();
    story.desk.holds_writes = true;
    let online = story.click("Online");
    (story, online)
}

/// The help desk answers the click now, and what follows at once.
fn refused_with(story: &mut Story, error: DeskError) {
    story.desk.write_fails.push_back((error, Applied::No));
    story.desk.holds_writes = false;
    story.answer_write();
}

#[test]
fn a_refused_click_gets_its_word_and_a_guard_that_had_nothing_to_do_claims_nothing() {
    for error in [
        DeskError::NotEligible,
        DeskError::Forbidden,
        DeskError::Refused { status: 422 },
        limited(300),
    ] {
        let (mut story, online) = leaving_while_going_online();
        story.happens(Input::Locked);
        refused_with(&mut story, error.clone());
        story.after(60);
        story.happens(Input::Unlocked);
        story.after(400);
        let notices = story.notices();
        assert!(
            matches!(notices.as_slice(), [Notice::SwitchFailed(failed)] if failed.to.name == "Online"),
            "{error:?}: {notices:?}"
        );
        assert!(matches!(story.outcome(online), Some(Err(code)) if code != Code::Overtaken));
        assert_eq!(story.writes(), ["Online"]);
    }
}

#[test]
fn who_is_back_before_the_guards_turn_is_told_no_reason_that_is_not_so() {
    let (mut story, _) = leaving_while_going_online();
    story.happens(Input::Locked);
    story.after(1);
    story.happens(Input::Unlocked);
    story.desk.holds_writes = false;
    story.answer_write();
    story.after(60);
    let told = story.notices();
    assert!(
        told.iter()
            .all(|notice| !format!("{notice:?}").contains("slept")),
        "{told:?}"
    );
}

#[test]
fn a_break_that_is_set_while_leaving_is_the_agents_own() {
    for (away, back) in [
        (Input::Locked, Input::Unlocked),
        (Input::Slept, Input::Woke),
        (Input::ShuttingDown, Input::Woke),
    ] {
        let mut story = guarded("Away");
        story.desk.holds_writes = true;
        let ticket = story.click_for("Away", 30);
        story.happens(away);
        story.desk.holds_writes = false;
        story.answer_write();
        assert_eq!(story.outcome(ticket), Some(Ok(())));
        story.pass(std::time::Duration::from_secs(60));
        story.happens(back);
        story.after(5);
        assert_eq!(story.writes(), ["Away"]);
        assert_eq!((story.notices(), story.view().offer), (vec![], None));
        assert!(story.view().timed.is_some());
    }
}

#[test]
fn a_click_to_where_the_guard_leads_that_fails_in_sleep_is_told_as_the_agents() {
    let mut story = guarded("Away");
    story.desk.holds_writes = true;
    let away = story.click("Away");
    story.happens(Input::Slept);
    refused_with(&mut story, DeskError::Forbidden);
    story.pass(std::time::Duration::from_secs(3600));
    story.happens(Input::Woke);
    story.after(90);
    assert_eq!(story.outcome(away), Some(Err(Code::Refused)));
    let notices = story.notices();
    let [Notice::SwitchFailed(failed)] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert!(!failed.failure.message.contains("guard"), "{failed:?}");
}

#[test]
fn a_guard_for_the_lock_alone_sends_nothing_long_after_sleep_began() {
    let mut story = Story::online();
    story.session.set_guard(Some(Guard {
        to: id("Away"),
        on: [Leaving::Lock].into(),
    }));
    story
        .desk
        .write_fails
        .extend(vec![(DeskError::Conflict, Applied::No); 4]);
    story.happens(Input::Locked);
    story.happens(Input::Slept);
    story.after(4);
    story.writes();
    story.after(30);
    assert_eq!(story.writes(), Vec::<String>::new());
}

#[test]
fn a_click_that_meets_the_guards_write_after_the_return_is_tried_again() {
    let mut story = guarded("Away");
    story.desk.holds_writes = true;
    story.happens(Input::Locked);
    story.after(1);
    story.happens(Input::Unlocked);
    story.after(1);
    let away = story.click("Away");
    refused_with(&mut story, DeskError::Conflict);
    story.after(30);
    assert_eq!(story.outcome(away), Some(Ok(())));
}

#[test]
fn a_program_that_is_killed_while_it_quits_is_not_said_to_have_slept() {
    for (leaving, why) in [
        (Input::Quitting, "Statuslight ended"),
        (Input::Slept, "computer slept"),
    ] {
        let mut story = guarded("Offline");
        story.desk.holds_writes = true;
        story.happens(leaving);
        story.restart();
        guard(&mut story, "Offline");
        story.after(60);
        let told = told_failure(&mut story);
        assert!(told.contains(why), "{told}");
    }
}
