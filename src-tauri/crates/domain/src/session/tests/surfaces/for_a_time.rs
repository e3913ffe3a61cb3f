//! What the agent reads of timed statuses.

use std::fmt::Write;

use super::*;

fn menu(story: &Story) -> Menu {
    let view = View {
        accounts: vec![story.view()],
        hints: Vec::new(),
    };
    Menu::of(&view, &zone())
}

/// What is behind *For…*.
fn times(story: &Story) -> Vec<Entry> {
    let menu = menu(story);
    let inside = menu.entries.into_iter().find_map(|entry| match entry {
        Entry::Submenu { label, entries, .. } if label == "For\u{2026}" => Some(entries),
        _ => None,
    });
    inside.unwrap()
}

#[test]
fn timed() {
    let mut story = Story::online();
    story.click_for("Lunch", 30);
    let mut text = head(&story);
    story.click_for("Lunch", 60 * 30);
    text.push_str(&head(&story));
    story.after(60 * 60 * 30 - 120);
    text.push_str(&told(&mut story));
    reads!("timed", text);
}

#[test]
fn two_clicks_choose_a_time_and_a_status() {
    let mut story = Story::online();
    story.desk.statuses[7].eligible = Some(false);
    story.after(1800);
    let mut text = String::new();
    lines(&times(&story), "", &mut text);
    reads!("for_a_time", text);
}

#[test]
fn of_many_statuses_the_most_used_are_there() {
    let story = with_list(many(500), "3");
    for entry in times(&story) {
        if let Entry::Submenu { entries, .. } = entry {
            assert_eq!(entries.len(), 12);
        }
    }
}

#[test]
fn nothing_of_it_moves_while_the_time_runs() {
    let mut story = Story::online();
    let usual = menu(&story).entries.len();
    story.click_for("Lunch", 60);
    story.after(10);
    let running = menu(&story);
    assert_eq!(running.entries.len(), usual);
    story.after(50 * 60);
    assert_eq!(menu(&story), running, "no countdown in an open menu");
}

#[test]
fn the_end_is_shown_by_the_clock_on_the_wall_wherever_that_is() {
    let mut story = Story::online();
    story.click_for("Lunch", 90);
    let mut text = String::new();
    // The agent travels, or the clocks change: the moment stays, its name changes.
    for zone in ["Europe/Berlin", "America/New_York", "Asia/Kolkata"] {
        let view = View {
            accounts: vec![story.view()],
            hints: Vec::new(),
        };
        let there = TimeZone::get(zone).unwrap();
        writeln!(
            text,
            "{zone}: {}",
            tooltip(&view, &there).replace('\n', " | ")
        )
        .unwrap();
    }
    reads!("timed_in_other_zones", text);
}
