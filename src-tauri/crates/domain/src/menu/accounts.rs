//! The lines of a menu that several accounts need.

use super::{Check, Entry, Item, label};
use crate::{AccountView, Action, View};

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

/// Lets a further account take the first one’s place.
pub(super) fn make_default(account: &AccountView) -> Entry {
    let action = Action::MakeDefault {
        account: account.account.clone(),
    };
    Item::click("Make it the first account", action)
}
