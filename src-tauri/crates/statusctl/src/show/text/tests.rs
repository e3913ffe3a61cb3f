use domain::{ChangedBy, Code, Failure, Offer, OfferCause};
use insta::assert_snapshot;

use super::*;
use crate::sample;

const PLAIN: Paint = Paint(false);

fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(1))
}

#[test]
fn a_status_of_our_own_choice() {
    assert_snapshot!(status(&sample::at_lunch(), &zone(), PLAIN));
}

#[test]
fn a_forced_change_says_why_and_how_to_get_back() {
    let mut account = sample::at_lunch();
    account.headline = "Away".to_owned();
    account.status = Some(sample::named("4", "Away", StatusKind::Away));
    account.changed_by = Some(ChangedBy::Other);
    account.reason_in_words =
        Some("Zendesk\u{2019}s idle timeout: it saw no activity in its browser tab.".to_owned());
    account.offer = Some(Offer {
        because: OfferCause::ForcedChange,
        put_back: Some(sample::named("3", "Online", StatusKind::Online)),
        from: "Online".to_owned(),
        to: "Away".to_owned(),
        at: sample::at("12:03:00"),
        changes: 1,
        reason_in_words: String::new(),
    });
    assert_snapshot!(status(&account, &zone(), PLAIN));
}

#[test]
fn a_status_that_cannot_be_read_says_why_once() {
    let mut account = sample::checking();
    account.headline = "Zendesk cannot be reached".to_owned();
    account.light = Light::Unreachable;
    account.trouble = Some(Failure::new(
        Code::TimedOut,
        "Zendesk did not answer in time. Your status is not confirmed. Check your network, then try again.",
    ));
    assert_snapshot!(status(&account, &zone(), PLAIN));
}

#[test]
fn where_checking_has_failed_nothing_is_being_checked() {
    let mut account = sample::checking();
    account.trouble = Some(Failure::new(
        Code::Unreachable,
        "Zendesk failed (HTTP 500). Try again.",
    ));
    let text = status(&account, &zone(), PLAIN);
    assert_eq!(text, "Not known\n  Zendesk failed (HTTP 500). Try again.");
    assert_eq!(
        line(&account, &zone(), PLAIN),
        "Not known - Zendesk failed (HTTP 500)"
    );
}

#[test]
fn an_unconfirmed_status_says_so() {
    let mut account = sample::at_lunch();
    account.light = Light::Unconfirmed(StatusKind::Away);
    account.certainty = Certainty::Assumed;
    account.headline = "Lunch (unconfirmed)".to_owned();
    account.as_of = None;
    account.channels = Vec::new();
    account.limits = Some("Zendesk does not let your role read your status.".to_owned());
    assert_snapshot!(status(&account, &zone(), PLAIN));
}

#[test]
fn a_list_marks_the_current_status_and_what_is_barred() {
    assert_snapshot!(list(&sample::at_lunch(), PLAIN));
}

#[test]
fn accounts_stand_in_columns() {
    let mut other = sample::checking();
    other.account = domain::AccountId("a-much-longer-name".to_owned());
    other.default = false;
    other.link = Link::SignedOut;
    assert_snapshot!(accounts(&[sample::at_lunch(), other]));
}

#[test]
fn a_change_starts_with_its_time() {
    let account = sample::at_lunch();
    let now = sample::at("12:31:07");
    assert_eq!(
        change(&account, false, now, &zone(), PLAIN),
        "13:31:07  Lunch (away) - since 13:03, set by you"
    );
    assert!(change(&account, true, now, &zone(), PLAIN).starts_with("13:31:07  acme  Lunch"));
}

#[test]
fn colours_are_for_terminals_alone() {
    let account = sample::at_lunch();
    assert!(line(&account, &zone(), Paint(true)).starts_with("\u{1b}[33mLunch\u{1b}[0m (away)"));
    assert!(!line(&account, &zone(), PLAIN).contains('\u{1b}'));
}

#[test]
fn foreign_names_cannot_disturb_the_terminal() {
    let mut account = sample::at_lunch();
    let nasty = "\u{1b}[31mLunch\u{202e}\r\n\u{7}";
    account.headline = nasty.to_owned();
    account.status = Some(sample::named("201", nasty, StatusKind::Away));
    account.agent.name = nasty.to_owned();
    account.reason_in_words = Some(nasty.to_owned());
    account.channels[0].name = nasty.to_owned();
    account.statuses[0].name = nasty.to_owned();
    let all = [
        status(&account, &zone(), PLAIN),
        list(&account, PLAIN),
        accounts(&[account]),
    ]
    .concat();
    assert!(
        !all.contains(['\u{1b}', '\u{202e}', '\r', '\u{7}']),
        "{all:?}"
    );
}
