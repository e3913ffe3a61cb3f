//! The part of the menu about the phone.
//!
//! All of it is there from the start and hidden where it does not apply: an open menu stays as it is when a call
//! comes, and a click finds the line it was meant for.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Check, Choosable, Entry, Item, label, split};
use crate::words::{clock, short};
use crate::{AccountView, Action, Light, Link, PhoneView, Via};

/// What an agent with a phone finds below the statuses.
pub(super) fn submenu(account: &AccountView, zone: &TimeZone) -> Entry {
    let phone = account.phone.as_ref();
    let today = account.as_of.unwrap_or(Timestamp::UNIX_EPOCH);
    let call = phone.and_then(|phone| {
        let call = phone.call?;
        Some(match phone.call_since {
            Some(since) => format!("{} since {}", call.words(), clock(since, today, zone)),
            None => call.words().to_owned(),
        })
    });
    let barred = phone.and_then(|phone| phone.barred.as_deref());
    let mut entries = vec![
        line(call),
        line(phone.and_then(failed)),
        line(barred.map(label)),
    ];
    entries.extend([Via::Client, Via::Phone].map(|via| answer(account, via)));
    entries.extend(after_call(account));
    Entry::Submenu {
        label: phone.map_or_else(|| "Phone".to_owned(), headline),
        entries,
        visible: phone.is_some(),
    }
}

/// A line to read, where there is something to say.
fn line(text: Option<String>) -> Entry {
    Entry::Item(Item {
        visible: text.is_some(),
        ..Item::new(text.unwrap_or_default())
    })
}

fn headline(phone: &PhoneView) -> String {
    match (phone.switching_to, phone.call, phone.via) {
        (Some(_), _, _) => "Phone: switching\u{2026}".to_owned(),
        (None, Some(call), _) => {
            let then = phone
                .after_call
                .as_ref()
                .map_or_else(String::new, |status| {
                    format!(", then {}", short(&status.name, 30))
                });
            format!("Phone: {}{then}", call.words().to_lowercase())
        }
        (None, None, Some(via)) => format!("Phone: {}", via.words()),
        (None, None, None) => "Phone".to_owned(),
    }
}

fn failed(phone: &PhoneView) -> Option<String> {
    let failed = phone.failed.as_ref()?;
    Some(format!(
        "Not switched to answering {}: {}",
        failed.to.words(),
        failed.failure.code.words()
    ))
}

fn check(is_on: bool) -> Check {
    if is_on { Check::On } else { Check::Off }
}

fn answer(account: &AccountView, via: Via) -> Entry {
    let phone = account.phone.as_ref();
    let can_switch = !matches!(account.link, Link::SignedOut | Link::Locked)
        && phone.is_some_and(|phone| phone.barred.is_none());
    Entry::Item(Item {
        check: check(phone.is_some_and(|phone| phone.via == Some(via))),
        action: can_switch.then(|| Action::AnswerBy {
            account: account.account.clone(),
            via,
        }),
        ..Item::new(format!("Answer {}", via.words()))
    })
}

/// During a call, what is to follow it: the statuses that are used most; the window has all.
fn after_call(account: &AccountView) -> Vec<Entry> {
    let phone = account.phone.as_ref();
    let set = phone.and_then(|phone| phone.after_call.as_ref());
    let visible = set.is_some() || phone.is_some_and(|phone| phone.call.is_some());
    let stay = Item {
        check: check(set.is_none()),
        action: Some(Action::ForgetAfterCall {
            account: account.account.clone(),
        }),
        ..Item::new("Stay as I am")
    };
    let follow = |status: &Choosable| Item {
        light: Some(Light::Status(status.kind)),
        check: check(set.is_some_and(|set| set.id == status.id)),
        action: (status.eligible != Some(false)).then(|| Action::ChooseAfterCall {
            account: account.account.clone(),
            status: status.id.clone(),
        }),
        ..Item::new(label(&status.name))
    };
    let (top, _) = split(&account.statuses);
    [Item::new("After this call:"), stay]
        .into_iter()
        .chain(top.into_iter().map(follow))
        .map(|item| Entry::Item(Item { visible, ..item }))
        .collect()
}
