//! The part of the menu about timed statuses.
//!
//! First the time, then the status: the times are few, so that the way is short and the same for every status.

use std::num::NonZeroU16;

use super::{Choosable, Entry, Item, name_of, split};
use crate::words::{extend_in_words, short};
use crate::{AccountView, Action, Light, Link, Until};

/// The times on offer; any other is chosen in the window.
const MINUTES: [NonZeroU16; 3] = [
    NonZeroU16::new(15).unwrap(),
    NonZeroU16::new(30).unwrap(),
    NonZeroU16::new(60).unwrap(),
];

/// The statuses that are used most, each for a time; the window has all.
pub(super) fn submenu(account: &AccountView) -> Entry {
    let (top, _) = split(&account.statuses);
    let for_minutes = |minutes: NonZeroU16| Entry::Submenu {
        label: format!("{minutes} min"),
        entries: top
            .iter()
            .map(|status| choose(account, status, minutes))
            .collect(),
        visible: true,
    };
    let mut entries: Vec<Entry> = MINUTES.map(for_minutes).into();
    let account = account.account.clone();
    entries.push(Item::click(
        "Until\u{2026}",
        Action::OpenForATime { account },
    ));
    Entry::Submenu {
        label: "For\u{2026}".to_owned(),
        entries,
        visible: true,
    }
}

fn choose(account: &AccountView, status: &Choosable, minutes: NonZeroU16) -> Entry {
    let can_switch = !matches!(account.link, Link::SignedOut | Link::Locked);
    Entry::Item(Item {
        light: Some(Light::Status(status.kind)),
        action: (can_switch && status.eligible != Some(false)).then(|| Action::Choose {
            account: account.account.clone(),
            status: status.id.clone(),
            until: Some(Until::InMinutes(minutes)),
        }),
        ..Item::new(name_of(status))
    })
}

/// Ends the timed status now.
pub(super) fn back(account: &AccountView) -> Entry {
    let back_to = account.timed.as_ref().map(|timed| &timed.back_to);
    Entry::Item(Item {
        visible: back_to.is_some(),
        action: back_to.map(|status| Action::PutBack {
            account: account.account.clone(),
            status: Some(status.id.clone()),
        }),
        ..Item::new(back_to.map_or_else(String::new, |status| {
            format!("Back to {} now", short(&status.name, 40))
        }))
    })
}

/// Lets the timed status last longer.
pub(super) fn extend(account: &AccountView) -> Entry {
    let timed = account.timed.as_ref();
    Entry::Item(Item {
        visible: timed.is_some(),
        action: timed.map(|timed| Action::Extend {
            account: account.account.clone(),
            until: timed.until,
        }),
        ..Item::new(extend_in_words())
    })
}
