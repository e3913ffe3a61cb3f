//! What the agent reads: icon, tooltip and menu for every state a person can meet.

macro_rules! reads {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

mod for_a_time;
mod phone;
mod several;
mod trouble;

use std::fmt::Write;
use std::time::Duration;

use jiff::tz::{TimeZone, offset};

use super::story::*;
use crate::*;

fn zone() -> TimeZone {
    TimeZone::fixed(offset(1))
}

/// Icon, tooltip and menu as text; what is not visible is left out.
fn shown(view: &View) -> String {
    let mut text = format!(
        "icon: {}\ntooltip: {}\n",
        view.light().picture(),
        tooltip(view, &zone()).replace('\n', " | ")
    );
    lines(&Menu::of(view, &zone()).entries, "", &mut text);
    text
}

fn lines(entries: &[Entry], indent: &str, text: &mut String) {
    for entry in entries {
        match entry {
            Entry::Item(item) if !item.visible => {}
            Entry::Item(item) => {
                let check = match item.check {
                    Check::None => "",
                    Check::Off => "( ) ",
                    Check::On => "(*) ",
                    Check::Unmarked => "[ ] ",
                    Check::Marked => "[x] ",
                };
                let light = item
                    .light
                    .map(|light| format!("<{}> ", light.picture()))
                    .unwrap_or_default();
                let disabled = if item.action.is_none() {
                    "  -- no click"
                } else {
                    ""
                };
                writeln!(text, "{indent}{check}{light}{}{disabled}", item.label).unwrap();
            }
            Entry::Submenu { visible: false, .. } => {}
            // The same in nearly every state; it has a story of its own.
            Entry::Submenu { label, .. } if label == "For\u{2026}" => {
                writeln!(text, "{indent}{label} >").unwrap();
            }
            Entry::Submenu { label, entries, .. } => {
                writeln!(text, "{indent}{label} >").unwrap();
                lines(entries, &format!("{indent}    "), text);
            }
            Entry::Separator => writeln!(text, "{indent}----").unwrap(),
        }
    }
}

fn one(story: &Story) -> String {
    shown(&View {
        accounts: vec![story.view()],
        hints: Vec::new(),
    })
}

/// The lines above the statuses, which are all that differs from state to state.
fn head(story: &Story) -> String {
    let text = one(story);
    text.split("----").next().unwrap().to_owned()
}

/// What the notifications said.
fn told(story: &mut Story) -> String {
    let mut text = String::new();
    for notice in story.notices() {
        let Telling {
            title,
            body,
            buttons,
        } = notice.telling(&story.view(), &zone());
        let buttons: Vec<String> = buttons
            .into_iter()
            .map(|button| format!(" [{}]", button.label))
            .collect();
        writeln!(text, "notice: {title} | {body}{}", buttons.concat()).unwrap();
    }
    text
}

fn with_list(statuses: Vec<Status>, current: &str) -> Story {
    let mut story = Story::begin(Remembered::default());
    story.desk.status = StatusId::new(current);
    story.desk.statuses = statuses;
    story.start();
    story
}

fn many(count: usize) -> Vec<Status> {
    let mut all = statuses();
    let model = all[4].clone();
    all.truncate(4);
    all.extend((4..count).map(|n| Status {
        id: StatusId::new(100 + n),
        name: format!("Custom {n}"),
        ..model.clone()
    }));
    all
}

#[test]
fn no_account() {
    reads!("no_account", shown(&View::default()));
}

#[test]
fn checking() {
    let story = Story::begin(Remembered::default());
    reads!("checking", one(&story));
}

#[test]
fn confirmed_in_each_kind() {
    let mut text = String::new();
    for name in ["Online", "Away", "Transfers only", "Offline", "Lunch"] {
        let mut story = Story::online();
        story.moved_to(name, "AGENT_STATUS_SWITCHER");
        story.after(60);
        text.push_str(&head(&story));
    }
    reads!("confirmed_in_each_kind", text);
}

#[test]
fn confirmed_with_all_statuses() {
    let mut story = Story::online();
    story.desk.statuses[7].eligible = Some(false);
    story.after(1800);
    story.click("Lunch");
    story.after(10);
    reads!("confirmed_with_all_statuses", one(&story));
}

#[test]
fn set_by_somebody() {
    let mut text = String::new();
    for (by, reason) in [
        ("unknown", "SWITCHER_AUTO_RECONNECT"),
        ("other, at the start", "WFM_STATUS_UPDATE"),
    ] {
        let mut story = Story::begin(Remembered::default());
        story.moved_to("Away", reason);
        story.start();
        write!(text, "changed by {by}\n{}", head(&story)).unwrap();
    }
    let mut story = Story::online();
    story.desk.since = None;
    story.happens(Input::Looked);
    story.restart();
    write!(text, "without a time\n{}", head(&story)).unwrap();
    reads!("set_by_somebody", text);
}

#[test]
fn talk_only() {
    let mut story = Story::online_reading(ReadPath::TalkChannel);
    let mut text = format!("nothing set yet\n{}", head(&story));
    story.click("Lunch");
    story.after(60);
    write!(text, "set and agreeing\n{}", head(&story)).unwrap();
    story.moved_to("Online", "EXPLORE_TAKE_AN_ACTION");
    story.after(60);
    write!(text, "not agreeing, forced\n{}", head(&story)).unwrap();
    text.push_str(&told(&mut story));
    let at = story.view().offer.unwrap().at;
    story.happens(Input::Keep { at });
    story.desk.holds_reads = true;
    story.after(120);
    writeln!(
        text,
        "stale\n{}limits: {}",
        head(&story),
        story.view().limits.unwrap()
    )
    .unwrap();
    reads!("talk_only", text);
}

#[test]
fn nothing_readable() {
    let mut story = Story::online_reading(ReadPath::Nowhere);
    let mut text = format!("nothing set yet\n{}", head(&story));
    story.click("Lunch");
    write!(text, "just set\n{}", head(&story)).unwrap();
    story.after(600);
    write!(text, "later\n{}", head(&story)).unwrap();
    story.pass(Duration::from_secs(86_400));
    story.restart();
    writeln!(
        text,
        "the day after\n{}limits: {}",
        head(&story),
        story.view().limits.unwrap()
    )
    .unwrap();
    reads!("nothing_readable", text);
}

#[test]
fn forced_change() {
    let mut story = Story::online();
    story.after(100);
    story.moved_to("Away", "AGENT_IDLE_TIMEOUT");
    story.after(60);
    let mut text = head(&story);
    text.push_str(&told(&mut story));
    story.desk.statuses[1].eligible = Some(false);
    story.after(1800);
    write!(text, "no way back\n{}", head(&story)).unwrap();
    reads!("forced_change", text);
}

#[test]
fn every_reason_in_words() {
    let reasons = [
        "UNKNOWN",
        "AGENT_STATUS_SWITCHER",
        "AGENT_LOGOUT",
        "AGENT_STATUS_DELETED",
        "AGENT_DISCONNECTED",
        "AGENT_IDLE_TIMEOUT",
        "SWITCHER_AUTO_RECONNECT",
        "OMNICHANNEL_ROUTING_ENABLED",
        "PUBLIC_API",
        "INTERNAL_TEST",
        "EXPLORE_TAKE_AN_ACTION",
        "WFM_STATUS_UPDATE",
        "MONITORING_ASSISTANT_UPDATE",
        "AGENT_LOGIN",
    ];
    let words = |reason| {
        format!(
            "{reason}: {}\n",
            reason_in_words(HelpDeskName::Zendesk, Some(reason))
        )
    };
    reads!("every_reason_in_words", reasons.map(words).concat());
}

#[test]
fn timed_end_offered() {
    let mut story = Story::online();
    story.click_for("Lunch", 30);
    story.sleep(3600);
    let mut text = head(&story);
    text.push_str(&told(&mut story));
    reads!("timed_end_offered", text);
}

#[test]
fn two_accounts() {
    let first = Story::online();
    let mut second = Story::online();
    second.moved_to("Away", "AGENT_IDLE_TIMEOUT");
    second.after(60);
    let other = Account {
        id: AccountId("globex".to_owned()),
        ..account()
    };
    let accounts = vec![first.view(), second.session.view(&other, false, second.now)];
    reads!(
        "two_accounts",
        shown(&View {
            accounts,
            hints: Vec::new()
        })
    );
}

#[test]
fn twelve_statuses_are_at_the_top_and_of_more_the_most_used() {
    let mut text = one(&with_list(many(12), "3"));
    let mut story = with_list(many(13), "3");
    story.click("112");
    text.push_str(&one(&story));
    reads!("twelve_and_thirteen_statuses", text);
}

#[test]
fn five_hundred_statuses() {
    let text = one(&with_list(many(500), "3"));
    assert_eq!(
        text.lines()
            .filter(|line| line.contains("( )") || line.contains("(*)"))
            .count(),
        500
    );
    reads!(
        "five_hundred_statuses",
        text.lines().take(25).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn strange_names() {
    let names = [
        "<b>Lunch</b> & <i>more</i>",
        "\u{1f35c} Lunch \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{5d4}\u{5e4}\u{5e1}\u{5e7}\u{5d4}",
        "\u{202e}evil\u{2066}",
        "line\nbreak\r\nand\ttab",
        "_under_score",
        " \n ",
        &"long ".repeat(60),
    ];
    let mut list = many(4);
    let model = statuses()[4].clone();
    list.extend((90..).zip(names).map(|(id, name)| Status {
        id: StatusId::new(id),
        name: name.to_owned(),
        ..model.clone()
    }));
    let mut text = one(&with_list(list.clone(), "97"));
    let mut story = with_list(list, "97");
    story.moved_to("92", "AGENT_IDLE_TIMEOUT");
    story.after(60);
    text.push_str(&head(&story));
    reads!("strange_names", text);
}

#[test]
fn a_menu_does_not_change_with_a_poll() {
    for path in [
        ReadPath::Own,
        ReadPath::TalkChannel,
        ReadPath::Nowhere,
        ReadPath::TalkIsStatus,
    ] {
        let mut story = Story::online_reading(path);
        story.click("Lunch");
        story.after(200);
        let before = one(&story);
        for _ in 0..20 {
            story.after(INTERVAL_S);
            assert_eq!(one(&story), before);
        }
    }
}

#[test]
fn the_layout_stays_put_in_every_state() {
    fn layout(story: &Story) -> usize {
        Menu::of(
            &View {
                accounts: vec![story.view()],
                hints: Vec::new(),
            },
            &zone(),
        )
        .entries
        .len()
    }
    let mut story = Story::online();
    let usual = layout(&story);
    story.moved_to("Away", "AGENT_IDLE_TIMEOUT");
    story.after(60);
    assert_eq!(layout(&story), usual);
    story
        .desk
        .write_fails
        .push_back((DeskError::Forbidden, Applied::No));
    story.click("Lunch");
    assert_eq!(layout(&story), usual);
    story.desk.fails = Some(DeskError::Unauthorized);
    story.after(60);
    assert_eq!(
        (layout(&story), story.headline().as_str()),
        (usual, "Signed out")
    );
}
