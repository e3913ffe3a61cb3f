//! The phone in the menu, from call to call.

use std::fmt::Write;

use super::super::story::*;
use super::{one, told};
use crate::*;

/// The lines of the menu about the phone.
fn phone(story: &Story) -> String {
    let text = one(story);
    let from = text.find("Phone").expect("there is a phone");
    text[from..].split("----\nOpen").next().unwrap().to_owned()
}

#[test]
fn a_phone_from_call_to_call() {
    let mut story = Story::begin(Remembered::default());
    story.desk.phone = Some(Phone {
        via: Some(Via::Client),
        call: None,
    });
    story.start();
    story.after(5);
    let mut text = format!("at rest\n{}", phone(&story));
    for call in [CallStatus::OnCall, CallStatus::WrapUp, CallStatus::Busy] {
        story.desk.phone.as_mut().unwrap().call = Some(call);
        story.after(200);
        write!(text, "{call:?}\n{}", phone(&story)).unwrap();
    }
    story.desk.holds_vias = true;
    story.answer_by(Via::Phone);
    write!(text, "switching\n{}", phone(&story)).unwrap();
    story
        .desk
        .via_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.answer_via();
    write!(text, "refused\n{}", phone(&story)).unwrap();
    text.push_str(&told(&mut story));
    story.desk.holds_reads = true;
    story.happens(Input::Locked);
    story.after(700);
    write!(text, "not confirmed\n{}", phone(&story)).unwrap();
    reads!("phone_from_call_to_call", text);
}

#[test]
fn what_follows_a_call_and_what_becomes_of_it() {
    fn lunch_after_a_call() -> Story {
        let mut story = Story::begin(Remembered::default());
        story.desk.phone = Some(Phone {
            via: Some(Via::Client),
            call: Some(CallStatus::OnCall),
        });
        story.start();
        story.after(5);
        story.click_after_call("Lunch");
        story
    }
    let mut story = lunch_after_a_call();
    let mut text = format!("waiting\n{}", phone(&story));
    story.moved_to("Offline", "EXPLORE_TAKE_AN_ACTION");
    story.after(40);
    write!(text, "forced meanwhile\n{}", told(&mut story)).unwrap();
    let mut story = lunch_after_a_call();
    story.click("Coffee");
    write!(text, "another choice\n{}", told(&mut story)).unwrap();
    let mut story = lunch_after_a_call();
    story.happens(Input::Locked);
    story.desk.phone.as_mut().unwrap().call = None;
    story.after(600);
    story.happens(Input::Unlocked);
    story.after(30);
    write!(
        text,
        "ended unseen\n{}{}",
        super::head(&story),
        told(&mut story)
    )
    .unwrap();
    reads!("what_follows_a_call", text);
}

#[test]
fn routing_switched_in_words() {
    let mut text = String::new();
    for (is_talk, ended_timed) in [(true, true), (false, false)] {
        let change = ModeChange {
            is_talk,
            ended_timed,
        };
        let telling = Notice::ModeChanged(change).telling(&Story::online().view(), &super::zone());
        writeln!(text, "{} | {}", telling.title, telling.body).unwrap();
    }
    reads!("routing_switched", text);
}

#[test]
fn a_call_that_begins_or_ends_moves_no_line_of_an_open_menu() {
    fn lines(entries: &[Entry]) -> usize {
        let below = |entry: &Entry| match entry {
            Entry::Submenu { entries, .. } => lines(entries),
            Entry::Item(_) | Entry::Separator => 0,
        };
        entries.len() + entries.iter().map(below).sum::<usize>()
    }
    let layout = |story: &Story| {
        let view = View {
            accounts: vec![story.view()],
            hints: Vec::new(),
        };
        lines(&Menu::of(&view, &super::zone()).entries)
    };
    let mut story = Story::online();
    let before_the_phone_is_known = layout(&story);
    story.desk.phone = Some(Phone {
        via: Some(Via::Client),
        call: Some(CallStatus::OnCall),
    });
    story.after(3700);
    assert_eq!(story.view().phone.unwrap().call, Some(CallStatus::OnCall));
    assert_eq!(layout(&story), before_the_phone_is_known);
    story.click_after_call("Lunch");
    story.desk.phone.as_mut().unwrap().call = None;
    story.after(60);
    assert_eq!(layout(&story), before_the_phone_is_known);
}
