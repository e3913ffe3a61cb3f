//! Rule 3: no click is lost silently, and none comes back to haunt.

use std::time::Duration;

use super::story::*;
use crate::*;

fn failed(story: &mut Story) -> Vec<(String, Code)> {
    let failed = |notice| match notice {
        Notice::SwitchFailed(failed) => Some((failed.to.name, failed.failure.code)),
        Notice::Offer(_)
        | Notice::Ending(_)
        | Notice::ViaFailed(_)
        | Notice::ModeChanged(_)
        | Notice::AfterCallDropped(_)
        | Notice::SignedOut(_) => None,
    };
    story.notices().into_iter().filter_map(failed).collect()
}

#[test]
fn a_conflict_is_retried_until_it_passes() {
    let mut story = Story::online();
    story.desk.write_fails.extend([
        (DeskError::Conflict, Applied::No),
        (DeskError::Conflict, Applied::No),
    ]);
    let lunch = story.click("Lunch");
    story.after(4);
    assert_eq!(story.outcome(lunch), Some(Ok(())));
    assert_eq!(
        (story.writes(), story.notices()),
        (vec!["Lunch".to_owned(); 3], vec![])
    );
}

#[test]
fn a_limit_is_waited_for_where_it_fits_and_reported_where_not() {
    let mut story = Story::online();
    story.desk.write_fails.push_back((limited(20), Applied::No));
    let lunch = story.click("Lunch");
    story.after(19);
    assert_eq!(
        (story.outcome(lunch), story.writes()),
        (None, vec!["Lunch".to_owned()])
    );
    story.after(1);
    assert_eq!(
        (story.outcome(lunch), story.writes()),
        (Some(Ok(())), vec!["Lunch".to_owned()])
    );

    story.desk.write_fails.push_back((limited(60), Applied::No));
    let coffee = story.click("Coffee");
    assert_eq!(story.outcome(coffee), Some(Err(Code::RateLimited)));
    assert_eq!(story.view().failed.unwrap().failure.retry_after_s, Some(60));
    story.after(600);
    assert_eq!(
        story.writes(),
        ["Coffee"],
        "what was reported as failed is not sent later"
    );
}

#[test]
fn without_a_network_it_is_reported_after_half_a_minute_and_dropped() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .extend(vec![(unreachable(), Applied::No); 99]);
    let lunch = story.click("Lunch");
    story.after(24);
    assert_eq!(story.outcome(lunch), None);
    story.after(6);
    assert_eq!(story.outcome(lunch), Some(Err(Code::Unreachable)));
    assert_eq!(
        failed(&mut story),
        [("Lunch".to_owned(), Code::Unreachable)]
    );
    story.desk.write_fails.clear();
    story.asked.clear();
    story.happens(Input::NetworkChanged);
    story.after(600);
    assert_eq!(story.writes(), Vec::<String>::new());
}

#[test]
fn a_write_that_was_applied_without_an_answer_is_not_sent_twice() {
    for error in [
        DeskError::TimedOut,
        DeskError::Server {
            status: 500,
            retry_after: None,
        },
        DeskError::Interrupted {
            detail: "reset".to_owned(),
        },
        DeskError::Unintelligible {
            detail: "HTML".to_owned(),
        },
        DeskError::TooLarge,
    ] {
        let mut story = Story::online();
        story.desk.write_fails.push_back((error, Applied::Yes));
        let lunch = story.click("Lunch");
        story.after(60);
        assert_eq!(story.outcome(lunch), Some(Ok(())));
        assert_eq!(story.writes(), ["Lunch"]);
        assert_eq!(
            (story.notices(), story.view().changed_by),
            (vec![], Some(ChangedBy::You))
        );
    }
}

#[test]
fn a_write_that_was_not_applied_is_sent_again_while_the_old_status_holds() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::No));
    let lunch = story.click("Lunch");
    story.after(5);
    assert_eq!(story.outcome(lunch), Some(Ok(())));
    assert_eq!(
        story.asked[..3],
        ["Lunch", "fetch", "Lunch"],
        "read first, then resent"
    );
}

#[test]
fn a_help_desk_that_only_fails_is_not_hammered() {
    let mut story = Story::online();
    story.desk.write_fails.extend(vec![
        (
            DeskError::Server {
                status: 500,
                retry_after: None
            },
            Applied::No
        );
        99
    ]);
    story.click("Lunch");
    story.after(30);
    assert!(story.asked.len() <= 12, "{:?}", story.asked);
}

#[test]
fn a_write_in_doubt_gives_way_to_a_supervisor() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::No));
    let lunch = story.click("Lunch");
    story.moved_to("Meeting", "EXPLORE_TAKE_AN_ACTION");
    story.after(60);
    assert_eq!(story.outcome(lunch), Some(Err(Code::ChangedMeanwhile)));
    assert_eq!(
        (story.writes(), story.headline().as_str()),
        (vec!["Lunch".to_owned()], "Meeting")
    );
    assert!(
        story.view().offer.is_some(),
        "and the supervisor's change is told"
    );
}

#[test]
fn a_newer_click_in_doubt_is_resent_when_only_the_older_one_was_applied() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.desk.write_fails.extend([
        (DeskError::TimedOut, Applied::Yes),
        (DeskError::TimedOut, Applied::No),
    ]);
    story.click("Lunch");
    let coffee = story.click("Coffee");
    story.answer_write();
    story.answer_write();
    story.after(5);
    story.answer_write();
    assert_eq!(story.outcome(coffee), Some(Ok(())));
    assert_eq!(story.writes(), ["Lunch", "Coffee", "Coffee"]);
    assert_eq!(story.notices(), []);
}

#[test]
fn a_write_that_hangs_is_reported_in_time_and_its_late_answer_still_counts() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let lunch = story.click("Lunch");
    story.after(30);
    assert_eq!(story.outcome(lunch), Some(Err(Code::TimedOut)));
    assert_eq!(
        story.light(),
        Light::NotConfirmed,
        "nobody knows what holds"
    );
    story.answer_write();
    assert_eq!(
        (story.headline().as_str(), story.view().failed),
        ("Lunch", None)
    );
    assert_eq!(story.withdrawn(), [Topic::SwitchFailed]);
}

#[test]
fn a_read_that_hangs_does_not_keep_the_click_waiting() {
    let mut story = Story::online();
    story.desk.holds_reads = true;
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::No));
    let lunch = story.click("Lunch");
    story.after(30);
    assert_eq!(story.outcome(lunch), Some(Err(Code::TimedOut)));
}

#[test]
fn a_poll_under_way_when_the_write_began_is_not_believed() {
    let mut story = Story::online();
    story.desk.holds_reads = true;
    story.after(INTERVAL_S);
    assert_eq!(story.count("fetch"), 1);
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    let lunch = story.click("Lunch");
    story.after(2);
    assert_eq!(
        story.asked,
        ["fetch", "Lunch"],
        "the read that is to decide waits for the poll's answer"
    );
    story.answer();
    assert_eq!(
        story.outcome(lunch),
        None,
        "that read may be older than the write"
    );
    story.answer();
    assert_eq!(story.outcome(lunch), Some(Ok(())));
}

#[test]
fn what_this_agent_may_not_choose_is_said_and_marked_until_the_list_is_read_again() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::NotEligible, Applied::No));
    let training = story.click("Training");
    assert_eq!(story.outcome(training), Some(Err(Code::NotEligible)));
    let eligible = |story: &Story| {
        story
            .view()
            .statuses
            .iter()
            .find(|s| s.name == "Training")
            .unwrap()
            .eligible
    };
    assert_eq!(eligible(&story), Some(false));
    let again = story.click("Training");
    assert_eq!(
        (story.outcome(again), story.writes()),
        (Some(Err(Code::NotEligible)), vec!["Training".to_owned()])
    );
    story.after(1800);
    assert_eq!(eligible(&story), Some(true));
}

#[test]
fn a_status_deleted_meanwhile_brings_a_new_list() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::NoSuchStatus, Applied::No));
    story.desk.statuses.retain(|status| status.name != "Lunch");
    let lunch = story.click("Lunch");
    assert_eq!(story.outcome(lunch), Some(Err(Code::NoSuchStatus)));
    assert!(
        !story
            .view()
            .statuses
            .iter()
            .any(|status| status.name == "Lunch")
    );
    assert_eq!(story.view().link, Link::Ok);
}

#[test]
fn another_status_than_the_one_chosen_is_shown_and_said() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let lunch = story.click("Lunch");
    let away = Written {
        id: id("Away"),
        name: "away".to_owned(),
    };
    story.happens(Input::Pushed(Ok(away)));
    assert_eq!(story.outcome(lunch), Some(Err(Code::Refused)));
    assert_eq!(story.headline(), "Away");
    assert!(
        story
            .view()
            .failed
            .unwrap()
            .failure
            .message
            .contains("Away")
    );
}

#[test]
fn a_locked_account_is_shown_as_such_until_it_answers_again() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::AccountLocked, Applied::No));
    let lunch = story.click("Lunch");
    assert_eq!(story.outcome(lunch), Some(Err(Code::AccountLocked)));
    assert_eq!(
        (story.light(), story.headline().as_str()),
        (Light::Locked, "Zendesk account locked")
    );
    story.after(INTERVAL_S * 2);
    assert_eq!(story.light(), Light::Status(StatusKind::Online));
}

#[test]
fn a_list_that_cannot_be_read_is_not_asked_for_all_the_time() {
    let mut story = Story::begin(Remembered::default());
    story.desk.list_fails = Some(DeskError::Server {
        status: 500,
        retry_after: None,
    });
    story.start();
    story.after(600);
    assert!(story.count("list") <= 14, "{}", story.count("list"));
    for _ in 0..20 {
        story.happens(Input::Looked);
        story.pass(Duration::from_millis(100));
    }
    assert!(story.count("list") <= 15, "{}", story.count("list"));
}

#[test]
fn a_doubt_that_cannot_be_resolved_is_asked_about_every_two_seconds() {
    let mut story = Story::online();
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.desk.fails = Some(unreachable());
    let lunch = story.click("Lunch");
    story.after(10);
    let reads = story.count("fetch");
    assert!((4..=6).contains(&reads), "{reads}");
    story.desk.fails = None;
    story.after(2);
    assert_eq!(story.outcome(lunch), Some(Ok(())));
}
