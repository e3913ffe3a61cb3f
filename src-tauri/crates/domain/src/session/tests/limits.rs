//! Rule 8: Retry-After wins.

use std::time::Duration;

use super::story::*;
use crate::*;

#[test]
fn after_a_429_nothing_is_asked_before_its_time() {
    let mut story = Story::online();
    story.desk.fails = Some(limited(120));
    story.after(INTERVAL_S);
    assert_eq!(
        (story.asked.len(), story.view().link),
        (1, Link::RateLimited)
    );
    story.desk.fails = None;
    for _ in 0..23 {
        story.happens(Input::Looked);
        story.happens(Input::NetworkChanged);
        story.happens(Input::Unlocked);
        story.happens(Input::Woke);
        story.after(5);
    }
    assert_eq!(story.asked.len(), 1);
    story.after(10);
    assert_eq!((story.count("fetch"), story.view().link), (2, Link::Ok));
}

#[test]
fn a_probe_waits_too() {
    let mut story = Story::online();
    story.desk.fails = Some(limited(60));
    story.after(INTERVAL_S);
    story.happens(Input::Fetched(Err(DeskError::Unauthorized)));
    story.after(50);
    assert_eq!(story.count("probe"), 0);
    story.desk.fails = None;
    story.after(20);
    assert_eq!(story.count("probe"), 1);
}

#[test]
fn a_click_waits_where_the_time_fits_and_fails_at_once_where_not() {
    let mut story = Story::online();
    story.happens(Input::Listed(Err(limited(10))));
    let lunch = story.click("Lunch");
    assert_eq!((story.outcome(lunch), story.writes()), (None, vec![]));
    story.after(10);
    assert_eq!(
        (story.outcome(lunch), story.writes()),
        (Some(Ok(())), vec!["Lunch".to_owned()])
    );
    story.happens(Input::Listed(Err(limited(40))));
    let coffee = story.click("Coffee");
    assert_eq!(
        (story.outcome(coffee), story.writes()),
        (Some(Err(Code::RateLimited)), vec![])
    );
}

#[test]
fn a_click_goes_before_the_polls_that_waited_with_it() {
    let mut story = Story::online();
    story.happens(Input::Listed(Err(limited(20))));
    story.after(10);
    story.click("Lunch");
    story.desk.holds_writes = true;
    story.after(15);
    assert_eq!(story.asked, ["Lunch"]);
}

#[test]
fn a_read_that_is_to_resolve_a_doubt_waits_too() {
    let mut story = Story::online();
    story.desk.holds_writes = true;
    let lunch = story.click("Lunch");
    story.happens(Input::Listed(Err(limited(10))));
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::Yes));
    story.answer_write();
    story.after(9);
    assert_eq!(story.asked, ["Lunch"]);
    story.after(1);
    assert_eq!(
        (story.outcome(lunch), story.count("fetch")),
        (Some(Ok(())), 1)
    );
}

#[test]
fn without_a_time_ten_seconds_are_waited() {
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::RateLimited { retry_after: None });
    story.happens(Input::Looked);
    story.after(20);
    story.asked.clear();
    story.happens(Input::Fetched(Err(DeskError::RateLimited {
        retry_after: None,
    })));
    story.after(9);
    assert_eq!(story.asked.len(), 0);
}

#[test]
fn a_server_error_that_names_a_time_is_obeyed_as_well() {
    let mut story = Story::online();
    story.desk.fails = Some(DeskError::Server {
        status: 503,
        retry_after: Some(Duration::from_secs(90)),
    });
    story.after(INTERVAL_S);
    story.desk.fails = None;
    story.after(89);
    assert_eq!(story.asked.len(), 1);
    story.after(30);
    assert_eq!(story.headline(), "Online");
}

#[test]
fn a_shorter_wait_does_not_cut_a_longer_one() {
    let mut story = Story::online();
    story.happens(Input::Listed(Err(limited(60))));
    story.happens(Input::Fetched(Err(limited(1))));
    story.after(59);
    assert_eq!(story.asked.len(), 0);
}

#[test]
fn an_absurd_time_is_survived() {
    let mut story = Story::online();
    story.happens(Input::Fetched(Err(DeskError::RateLimited {
        retry_after: Some(Duration::MAX),
    })));
    let lunch = story.click("Lunch");
    assert_eq!(story.outcome(lunch), Some(Err(Code::RateLimited)));
    story.after(3600);
    assert_eq!(story.asked.len(), 0);
}

#[test]
fn a_loaded_account_is_read_more_slowly_until_it_has_recovered() {
    let mut story = Story::online();
    let budget = |remaining| {
        Some(Budget {
            limit: 200,
            remaining,
            resets_in: Some(Duration::from_secs(30)),
        })
    };
    story.desk.budget = budget(0);
    story.after(600);
    story.asked.clear();
    story.after(10 * INTERVAL_S);
    let loaded = story.count("fetch");
    assert!(loaded < 6, "slower than usual: {loaded}");
    story.desk.budget = budget(195);
    story.after(3600);
    story.asked.clear();
    story.after(10 * INTERVAL_S);
    assert_eq!(story.count("fetch"), 10, "as usual");
}

#[test]
fn after_a_refusal_the_next_read_is_not_at_the_very_moment_when_all_others_ask_again() {
    let mut story = Story::online();
    story.happens(Input::Fetched(Err(limited(20))));
    story.after(20);
    assert_eq!(story.count("fetch"), 0);
    story.after(2 * INTERVAL_S);
    assert!(story.count("fetch") > 0);
}

#[test]
fn a_limit_that_ends_with_the_last_try_does_not_fit() {
    let mut story = Story::online();
    story.desk.write_fails.push_back((limited(25), Applied::No));
    let lunch = story.click("Lunch");
    assert_eq!(story.outcome(lunch), Some(Err(Code::RateLimited)));
}
