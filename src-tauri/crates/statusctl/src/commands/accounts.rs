//! `statusctl accounts`.

use domain::{AccountView, Action};
use engine::Handle;

use crate::ended::Ended;
use crate::output::{self, Output};
use crate::show::{json, text};
use crate::{reach, wait};

/// Lets commands without an account mean this one.
///
/// # Errors
/// There is no such account, or the settings cannot be kept.
pub(super) async fn make_default(handle: &Handle, name: &str) -> Result<(), Ended> {
    let account = reach::account(handle, Some(name))?;
    Ok(handle.act(Action::MakeDefault { account }).await?)
}

/// Shows every account once it is known how it is doing.
///
/// # Errors
/// The app ended, or nobody reads the output.
pub(super) async fn accounts(handle: &Handle, output: Output) -> Result<(), Ended> {
    let ids: Vec<_> = handle
        .view()
        .borrow()
        .accounts
        .iter()
        .map(|account| account.account.clone())
        .collect();
    let mut accounts: Vec<AccountView> = Vec::with_capacity(ids.len());
    for id in ids {
        // They are asked all at once, so the wait for one is a wait for all.
        accounts.push(wait::until(handle, &id, wait::UNTIL_TOLD, wait::link).await?);
    }
    if output.json {
        let accounts: Vec<json::SignedIn<'_>> = accounts.iter().map(json::SignedIn::from).collect();
        return output::json(&accounts);
    }
    if accounts.is_empty() {
        return output::line(
            "Nobody is signed in. Sign in with \u{201c}statusctl login zendesk\u{201d} or in Statuslight\u{2019}s window.",
        );
    }
    output::line(&text::accounts(&accounts))
}
