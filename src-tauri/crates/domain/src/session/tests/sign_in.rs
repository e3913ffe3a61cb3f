//! Rule 9: one 401 is not a sign-out.

use super::story::*;
use crate::*;

#[test]
fn a_passing_401_is_asked_about_once_and_forgotten() {
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::Unauthorized);
    story.after(INTERVAL_S);
    assert_eq!(
        (story.view().link, story.light()),
        (Link::Ok, Light::Status(StatusKind::Online))
    );
    story.desk.fails = None;
    story.after(4);
    assert_eq!(story.count("probe"), 0, "not before 5 s");
    story.after(1);
    assert_eq!(story.count("probe"), 1);
    story.after(3600);
    assert_eq!((story.count("probe"), story.notices()), (1, vec![]));
    assert_eq!(story.headline(), "Online");
}

#[test]
fn a_confirmed_401_or_an_anonymous_answer_signs_out_and_is_told_once() {
    for error in [DeskError::Unauthorized, DeskError::Anonymous] {
        let mut story = Story::online();
        story.desk.fails = Some(error);
        story.after(INTERVAL_S + 5);
        assert_eq!(
            (story.view().link, story.headline().as_str()),
            (Link::SignedOut, "Signed out")
        );
        story.asked.clear();
        story.desk.fails = None;
        story.happens(Input::Looked);
        story.after(3600);
        assert_eq!(story.asked.len(), 0, "nothing is asked any more");
        let notices = story.notices();
        assert!(
            matches!(notices.as_slice(), [Notice::SignedOut(_)]),
            "{notices:?}"
        );
    }
}

#[test]
fn signed_out_ends_every_choice_and_takes_no_new_one() {
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::Unauthorized);
    story
        .desk
        .write_fails
        .push_back((DeskError::Unauthorized, Applied::No));
    let lunch = story.click("Lunch");
    story.after(5);
    assert_eq!(story.outcome(lunch), Some(Err(Code::SignedOut)));
    let coffee = story.click("Coffee");
    assert_eq!(story.outcome(coffee), Some(Err(Code::SignedOut)));
    assert_eq!(story.writes(), ["Lunch"]);
}

#[test]
fn a_click_waits_for_the_doubt_to_end_also_on_a_locked_screen() {
    for locked in [false, true] {
        let mut story = Story::online();
        if locked {
            story.happens(Input::Locked);
        }
        story
            .desk
            .write_fails
            .push_back((DeskError::Unauthorized, Applied::No));
        let lunch = story.click("Lunch");
        story.after(10);
        assert_eq!(story.outcome(lunch), Some(Ok(())));
        assert_eq!(
            (story.count("probe"), story.writes()),
            (1, vec!["Lunch".to_owned(); 2])
        );
    }
}

#[test]
fn a_probe_that_was_sent_before_the_401_does_not_confirm_it() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    story.desk.holds_probes = true;
    story.desk.fails = Some(DeskError::Unauthorized);
    story.after(300);
    assert_eq!(story.count("probe"), 1);
    story.happens(Input::Listed(Err(DeskError::Unauthorized)));
    story.answer();
    assert_eq!(story.view().link, Link::Ok);
    story.desk.fails = None;
    story.after(10);
    story.answer();
    assert_eq!((story.view().link, story.notices()), (Link::Ok, vec![]));
}

#[test]
fn an_answer_that_is_older_than_the_401_does_not_end_the_doubt() {
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::Unauthorized);
    story.after(INTERVAL_S);
    story.happens(Input::Listed(Ok(Listing {
        statuses: statuses(),
    })));
    story.asked.clear();
    story.after(5);
    assert_eq!(story.asked, ["probe"]);
    assert_eq!(story.view().link, Link::SignedOut);
}

#[test]
fn without_an_answer_to_the_probe_nobody_is_signed_out() {
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::Unauthorized);
    story.after(INTERVAL_S);
    story.desk.fails = Some(unreachable());
    story.after(600);
    assert_eq!(
        (story.view().link, story.notices()),
        (Link::Unreachable, vec![])
    );
    story.desk.fails = None;
    story.after(90);
    assert_eq!(
        (story.view().link, story.headline().as_str()),
        (Link::Ok, "Online")
    );
}

#[test]
fn where_nothing_is_readable_the_account_is_still_asked_whether_it_lives() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    story.after(1500);
    assert_eq!(story.asked, ["probe"; 5]);
    story.desk.fails = Some(unreachable());
    story.after(400);
    assert_eq!(story.light(), Light::Unreachable);
    story.desk.fails = None;
    story.happens(Input::NetworkChanged);
    story.after(5);
    assert_eq!(story.view().link, Link::Ok);
}

#[test]
fn a_late_answer_after_the_sign_out_changes_nothing() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    story.click("Lunch");
    story.happens(Input::Listed(Err(DeskError::Unauthorized)));
    story.desk.fails = Some(DeskError::Unauthorized);
    story.after(6);
    assert_eq!(story.view().link, Link::SignedOut);
    story.answer_write();
    story.after(600);
    assert_eq!(
        (story.view().link, story.view().trouble.unwrap().code),
        (Link::SignedOut, Code::SignedOut)
    );
}
