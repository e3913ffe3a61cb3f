//! Reads: when they come, where they look, and what is kept of them.

use std::time::Duration;

use super::story::*;
use crate::*;

/// What a session that remembers this asks first.
fn first_read(read_path: Option<ReadPath>) -> Effect {
    let before = Remembered {
        read_path,
        ..Remembered::default()
    };
    let mut story = Story::begin(before);
    let effects = story.session.handle(Input::Timeout, story.now, 0.5);
    let mut reads = effects
        .into_iter()
        .filter(|effect| matches!(effect, Effect::Fetch { .. }));
    reads.next().expect("it reads")
}

#[test]
fn where_the_status_was_readable_is_asked_first_after_a_restart() {
    let known = Some(ReadPath::TalkChannel);
    assert_eq!(first_read(known), Effect::Fetch { known });
    let anew = Effect::Fetch { known: None };
    assert_eq!(
        first_read(Some(ReadPath::Nowhere)),
        anew,
        "that may have changed"
    );
    let story = Story::online_reading(ReadPath::OwnById);
    assert_eq!(story.disk.read_path, Some(ReadPath::OwnById));
}

#[test]
fn after_a_list_a_better_place_is_looked_for() {
    let mut story = Story::online_reading(ReadPath::OwnById);
    story.pass(Duration::from_secs(700));
    let listing = Listing {
        statuses: statuses(),
    };
    let input = Input::Listed(Ok(listing));
    let effects = story.session.handle(input, story.now, 0.5);
    assert!(
        effects.contains(&Effect::Fetch { known: None }),
        "{effects:?}"
    );
}

#[test]
fn looks_are_five_seconds_apart() {
    let mut story = Story::online();
    story.after(20);
    story.happens(Input::Looked);
    assert_eq!(story.count("fetch"), 1);
    story.after(2);
    story.happens(Input::Looked);
    assert_eq!(story.count("fetch"), 1);
    story.after(3);
    assert_eq!(story.count("fetch"), 2);
}

#[test]
fn a_look_renews_a_list_that_is_old_and_no_other() {
    let mut story = Story::online();
    story.after(60);
    story.happens(Input::Looked);
    story.after(10);
    assert_eq!(story.count("list"), 0);
    story.after(600);
    story.happens(Input::Looked);
    assert_eq!(story.count("list"), 1);

    let mut talk = Story::begin(Remembered::default());
    for status in &mut talk.desk.statuses {
        status.id = StatusId::new(status.kind.words().to_lowercase().replace(' ', "_"));
    }
    talk.desk.statuses.truncate(4);
    talk.desk.status = StatusId::new("online");
    talk.desk.path = ReadPath::TalkIsStatus;
    talk.start();
    talk.asked.clear();
    talk.after(50);
    talk.happens(Input::Looked);
    assert_eq!(talk.count("list"), 0);
    talk.after(15);
    talk.happens(Input::Looked);
    assert_eq!(talk.count("list"), 1, "Talk's four states are one request");
}

#[test]
fn a_list_that_fails_is_not_asked_for_by_every_look() {
    let mut story = Story::online();
    story.desk.list_fails = Some(unreachable());
    story.after(1850);
    let asked = story.count("list");
    for _ in 0..5 {
        story.happens(Input::Looked);
    }
    assert_eq!(story.count("list"), asked);
}

#[test]
fn nothing_readable_is_believed_at_the_second_time() {
    let mut story = Story::online();
    story.desk.path = ReadPath::Nowhere;
    story.after(INTERVAL_S);
    assert_eq!(story.view().certainty, Certainty::Confirmed);
    assert_eq!(
        story.count("fetch"),
        1,
        "it is looked at again, not at once"
    );
    story.desk.path = ReadPath::Own;
    story.after(5);
    assert_eq!(
        (story.count("fetch"), story.headline().as_str()),
        (2, "Online")
    );

    story.desk.path = ReadPath::Nowhere;
    story.after(INTERVAL_S);
    assert_eq!(story.disk.read_path, Some(ReadPath::Own));
    story.after(5);
    assert_eq!(story.disk.read_path, Some(ReadPath::Nowhere));
}

#[test]
fn a_doubted_write_is_decided_also_where_nothing_is_readable_any_more() {
    let mut story = Story::online();
    story.desk.path = ReadPath::Nowhere;
    story
        .desk
        .write_fails
        .push_back((DeskError::TimedOut, Applied::No));
    let lunch = story.click("Lunch");
    story.after(5);
    assert_eq!(story.outcome(lunch), Some(Ok(())));
}

#[test]
fn another_place_of_the_same_kind_asks_for_no_list() {
    let mut story = Story::online();
    story.desk.path = ReadPath::OwnById;
    story.after(INTERVAL_S + 5);
    assert_eq!(story.count("list"), 0);
}

#[test]
fn a_place_that_does_not_fit_the_list_for_long_is_not_asked_in_a_hurry() {
    let mut story = Story::online();
    story.desk.path = ReadPath::TalkIsStatus;
    story.desk.status = StatusId::new("online");
    story.after(300);
    let (reads, lists) = (story.count("fetch"), story.count("list"));
    assert!(reads <= 14, "{reads} reads");
    assert!(lists <= 3, "{lists} lists");
}

#[test]
fn where_nothing_is_readable_a_look_asks_whether_the_account_lives_only_after_a_failure() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    story.after(60);
    story.happens(Input::Looked);
    story.after(10);
    assert_eq!(story.count("probe"), 0);
    story.desk.list_fails = Some(unreachable());
    story.happens(Input::Listed(Err(unreachable())));
    story.happens(Input::Looked);
    assert_eq!(story.count("probe"), 0);
    story.after(5);
    assert_eq!(story.count("probe"), 1);
}

#[test]
fn since_when_a_status_holds_is_kept_while_it_holds_and_no_longer() {
    let mut story = Story::online();
    let since = story.desk.since.take();
    story.after(2 * INTERVAL_S);
    assert_eq!(story.view().since, since);
    story.desk.status = id("Away");
    story.after(2 * INTERVAL_S);
    assert_eq!(
        (story.headline().as_str(), story.view().since),
        ("Away", None)
    );
}

#[test]
fn channels_are_shown_as_read_and_before_that_as_the_status_maps_them() {
    let shown = |story: &Story| {
        let channels = story.view().channels.into_iter();
        let channels = channels.map(|channel| format!("{} {}", channel.name, channel.state));
        channels.collect::<Vec<_>>().join(", ")
    };
    let mut story = Story::online();
    assert_eq!(shown(&story), "talk online");
    story.click("Meeting");
    assert_eq!(
        shown(&story),
        "messaging online, support away, talk offline"
    );
    story.after(5);
    assert_eq!(shown(&story), "talk offline");
}

#[test]
fn after_a_refusal_for_the_limit_readers_come_back_one_after_another() {
    let mut story = Story::online();
    story.desk.fails = Some(limited(120));
    story.after(INTERVAL_S);
    story.desk.fails = None;
    story.after(125);
    assert_eq!(story.count("fetch"), 1, "not all at the first moment");
    story.after(30);
    assert!(story.count("fetch") > 1);
}
