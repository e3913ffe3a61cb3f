//! The lines of a menu that several accounts need.

use super::{Check, Entry, Item, label};
use crate::{AccountView, Action, KINDS, Light, StatusKind, View};

/// Whether an account counts for the one light; the last one that does cannot be taken out.
pub(super) fn mark(view: &View, account: &AccountView) -> Entry {
    let is_last = account.relevant && view.accounts.iter().filter(|one| one.relevant).count() == 1;
    Entry::Item(Item {
        check: if account.relevant {
            Check::Marked
        } else {
            Check::Unmarked
        },
        action: (!is_last).then(|| Action::Mark {
            account: account.account.clone(),
            relevant: !account.relevant,
        }),
        ..Item::new(label(&format!("{} counts for the light", account.account)))
    })
}

/// Switches all accounts at once; a kind that stands for nothing anywhere cannot be clicked.
pub(super) fn all(view: &View) -> Entry {
    let line = |kind: StatusKind| {
        let is_somewhere = view.accounts.iter().any(|one| one.status_for(kind).is_ok());
        Entry::Item(Item {
            light: Some(Light::Status(kind)),
            action: is_somewhere.then_some(Action::ChooseEverywhere { kind }),
            ..Item::new(kind.words())
        })
    };
    Entry::Submenu {
        label: "All accounts".to_owned(),
        entries: KINDS.map(line).into(),
        visible: true,
    }
}

/// Lets a further account take the first one’s place.
pub(super) fn make_default(account: &AccountView) -> Entry {
    let action = Action::MakeDefault {
        account: account.account.clone(),
    };
    Item::click("Make it the first account", action)
}
