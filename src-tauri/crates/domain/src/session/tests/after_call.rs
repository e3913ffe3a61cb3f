//! "After this call": set while a call lasts, done when it ends, yielding to everything else.

use super::story::*;
use crate::*;

/// An agent on a call that the session knows of, with Lunch to follow it.
fn lunch_after_a_call(path: ReadPath) -> Story {
    let mut story = Story::begin(Remembered::default());
    story.desk.path = path;
    story.desk.phone = Some(Phone {
        via: Some(Via::Client),
        call: Some(CallStatus::OnCall),
    });
    story.start();
    story.after(5);
    story.told.clear();
    story.writes();
    let lunch = story.click_after_call("Lunch");
    assert_eq!(story.outcome(lunch), Some(Ok(())), "{path:?}");
    story
}

fn pending(story: &Story) -> Option<String> {
    let after = story.view().phone?.after_call?;
    Some(after.name)
}

fn call(story: &mut Story, call: Option<CallStatus>) {
    story.desk.phone.as_mut().unwrap().call = call;
}

fn dropped(story: &mut Story) -> Vec<String> {
    let because = |notice| match notice {
        Notice::AfterCallDropped(dropped) => Some(dropped.because),
        Notice::Offer(_) => None,
        other => panic!("{other:?}"),
    };
    story.notices().into_iter().filter_map(because).collect()
}

#[test]
fn it_waits_through_the_wrap_up_and_comes_within_seconds_of_the_end() {
    for path in [ReadPath::Own, ReadPath::TalkIsStatus, ReadPath::TalkChannel] {
        let mut story = lunch_after_a_call(path);
        assert_eq!(pending(&story).as_deref(), Some("Lunch"));
        story.after(60);
        call(&mut story, Some(CallStatus::WrapUp));
        story.after(60);
        assert_eq!((story.writes(), pending(&story).is_some()), (vec![], true));
        call(&mut story, None);
        story.after(11);
        assert_eq!(story.writes(), ["Lunch"], "{path:?}");
        story.after(60);
        assert_eq!(
            (pending(&story), story.headline().as_str(), story.notices()),
            (None, "Lunch", vec![])
        );
    }
}

#[test]
fn the_phone_is_read_often_only_while_something_waits_for_the_call() {
    let mut story = lunch_after_a_call(ReadPath::TalkIsStatus);
    story.after(60);
    let reads = story.count("fetch");
    assert!((5..=7).contains(&reads), "{reads}");
    story.happens(Input::ForgetAfterCall);
    story.after(20);
    story.asked.clear();
    story.after(600);
    let reads = story.count("fetch");
    assert!((19..=21).contains(&reads), "{reads}");
    assert_eq!(story.phone_reads, 0);
    call(&mut story, None);
    story.after(60);
    assert_eq!((story.writes(), story.notices()), (vec![], vec![]));
}

#[test]
fn without_a_call_it_is_refused_and_nothing_is_set() {
    let mut story = lunch_after_a_call(ReadPath::Own);
    call(&mut story, None);
    story.after(30);
    story.writes();
    let click = story.click_after_call("Coffee");
    assert_eq!(story.outcome(click), Some(Err(Code::NotOnACall)));
    assert_eq!(pending(&story), None);
    let mut without = Story::online();
    let click = without.click_after_call("Lunch");
    assert_eq!(without.outcome(click), Some(Err(Code::NotOnACall)));
}

#[test]
fn the_last_choice_for_it_counts() {
    let mut story = lunch_after_a_call(ReadPath::Own);
    story.click_after_call("Coffee");
    call(&mut story, None);
    story.after(30);
    assert_eq!(
        (story.writes(), dropped(&mut story)),
        (vec!["Coffee".to_owned()], vec![])
    );
}

#[test]
fn it_yields_to_a_click_and_says_so() {
    let mut story = lunch_after_a_call(ReadPath::Own);
    story.click("Coffee");
    assert_eq!(dropped(&mut story).len(), 1);
    call(&mut story, None);
    story.after(60);
    assert_eq!(story.writes(), ["Coffee"]);

    let mut story = lunch_after_a_call(ReadPath::Own);
    story.click("Lunch");
    call(&mut story, None);
    story.after(60);
    assert_eq!(
        (story.writes(), dropped(&mut story)),
        (vec!["Lunch".to_owned()], vec![]),
        "it came about already"
    );
}

#[test]
fn it_yields_to_a_forced_change_and_says_so() {
    for path in [ReadPath::Own, ReadPath::TalkChannel] {
        let mut story = lunch_after_a_call(path);
        story.moved_to("Offline", "EXPLORE_TAKE_AN_ACTION");
        story.after(40);
        assert_eq!(dropped(&mut story).len(), 1, "{path:?}");
        call(&mut story, None);
        story.after(60);
        assert_eq!((story.writes(), pending(&story)), (vec![], None));
    }
}

#[test]
fn a_forced_change_just_before_the_end_of_the_call_is_seen_first() {
    for path in [ReadPath::Own, ReadPath::TalkIsStatus, ReadPath::TalkChannel] {
        let mut story = lunch_after_a_call(path);
        story.after(15);
        story.moved_to("Offline", "EXPLORE_TAKE_AN_ACTION");
        call(&mut story, None);
        story.after(120);
        assert_eq!(
            (story.writes(), pending(&story)),
            (Vec::<String>::new(), None),
            "{path:?}"
        );
        assert_eq!(dropped(&mut story).len(), 1);
    }
}

#[test]
fn an_end_that_nobody_could_see_is_offered() {
    let stories: [fn(&mut Story); 3] = [
        |story| story.happens(Input::Locked),
        |story| story.happens(Input::Slept),
        |story| story.desk.fails = Some(unreachable()),
    ];
    for unseen in stories {
        let mut story = lunch_after_a_call(ReadPath::Own);
        unseen(&mut story);
        call(&mut story, None);
        story.after(600);
        story.desk.fails = None;
        story.happens(Input::Unlocked);
        story.happens(Input::Woke);
        story.after(120);
        assert_eq!((story.writes(), pending(&story)), (vec![], None));
        let offer = story.view().offer.expect("it is offered");
        assert_eq!(offer.because, OfferCause::CallEnded);
        assert_eq!(offer.put_back.unwrap().name, "Lunch");
        story.put_back();
        assert_eq!(story.writes(), ["Lunch"]);
    }
}

#[test]
fn a_locked_screen_during_the_call_is_forgotten_once_the_call_is_seen_again() {
    let mut story = lunch_after_a_call(ReadPath::Own);
    story.happens(Input::Locked);
    story.after(60);
    story.happens(Input::Unlocked);
    story.after(30);
    call(&mut story, None);
    story.after(30);
    assert_eq!(
        (story.writes(), story.notices()),
        (vec!["Lunch".to_owned()], vec![])
    );
}

#[test]
fn a_status_that_is_gone_by_then_is_reported() {
    let mut story = lunch_after_a_call(ReadPath::Own);
    story
        .desk
        .write_fails
        .push_back((DeskError::NotEligible, Applied::No));
    call(&mut story, None);
    story.after(30);
    assert!(matches!(
        story.notices().as_slice(),
        [Notice::SwitchFailed(_)]
    ));
    assert_eq!(story.view().failed.unwrap().to.name, "Lunch");
}

#[test]
fn it_ends_with_the_program() {
    let mut story = lunch_after_a_call(ReadPath::Own);
    story.restart();
    story.after(30);
    call(&mut story, None);
    story.after(60);
    assert_eq!((story.writes(), pending(&story)), (vec![], None));
}

#[test]
fn the_end_of_a_timed_status_does_not_undo_it() {
    let mut story = Story::begin(Remembered::default());
    story.desk.phone = Some(Phone {
        via: Some(Via::Client),
        call: Some(CallStatus::OnCall),
    });
    story.start();
    story.click_for("Meeting", 2);
    story.after(20);
    story.click_after_call("Lunch");
    story.after(120);
    assert_eq!(story.writes(), ["Meeting", "Online"]);
    assert_eq!(pending(&story).as_deref(), Some("Lunch"));
    call(&mut story, None);
    story.after(30);
    assert_eq!(story.writes(), ["Lunch"]);
}

#[test]
fn an_end_that_nobody_could_see_is_offered_however_short_the_absence() {
    for (away, back) in [
        (Input::Locked, Input::Unlocked),
        (Input::Slept, Input::Woke),
    ] {
        let mut story = lunch_after_a_call(ReadPath::Own);
        story.happens(away);
        call(&mut story, None);
        story.pass(std::time::Duration::from_secs(20));
        story.happens(back);
        story.after(30);
        assert_eq!(story.writes(), Vec::<String>::new());
        let offer = story.view().offer.expect("it is offered");
        assert_eq!(offer.because, OfferCause::CallEnded);
    }
}
