//! Waiting for the view to tell what a command needs, and for no longer than that makes sense.

use std::time::Duration;

use domain::{AccountId, AccountView, Code, Failure, Link};
use engine::Handle;
use tokio::time::{Instant, timeout_at};

/// How long an account may take to tell its status or its list.
pub(crate) const UNTIL_TOLD: Duration = Duration::from_secs(15);
/// After one request failed, another one under way may still bring what is needed.
const AFTER_TROUBLE: Duration = Duration::from_secs(2);

/// Whether a view of an account tells what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It does, or it will not.
    All,
    /// Something failed, and something else may still be under way.
    Trouble,
    /// Not yet.
    Nothing,
}

/// Waits until an account tells what is needed, or for as long as that makes sense.
///
/// # Errors
/// The account or the app is gone.
pub(crate) async fn until(
    handle: &Handle,
    id: &AccountId,
    limit: Duration,
    told: impl Fn(&AccountView) -> Told,
) -> Result<AccountView, Failure> {
    let mut views = handle.view();
    let end = Instant::now() + limit;
    let mut troubled_until = None;
    loop {
        let account = views.borrow_and_update().account(id).cloned();
        let Some(account) = account else {
            return Err(gone(id));
        };
        let until = match told(&account) {
            Told::All => return Ok(account),
            Told::Trouble => {
                *troubled_until.get_or_insert_with(|| end.min(Instant::now() + AFTER_TROUBLE))
            }
            Told::Nothing => {
                troubled_until = None;
                end
            }
        };
        match timeout_at(until, views.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(app_ended()),
            Err(_) => return Ok(account),
        }
    }
}

/// Whether the current status is known, or why not.
pub(crate) fn status(account: &AccountView) -> Told {
    let read = account.as_of.is_some() || account.limits.is_some();
    let listed = !account.statuses.is_empty();
    match (read, listed) {
        _ if is_closed(account) => Told::All,
        _ if is_doubted(account) => Told::Nothing,
        (true, true) => Told::All,
        // Whichever succeeded would have cleared the trouble, so it is the other one's.
        (true, false) | (false, true) if account.trouble.is_some() => Told::All,
        (false, false) if account.trouble.is_some() => Told::Trouble,
        _ => Told::Nothing,
    }
}

/// Whether it is known where calls ring, or what became of a change of that.
pub(crate) fn phone(account: &AccountView) -> Told {
    let told = account
        .phone
        .as_ref()
        .is_some_and(|phone| phone.via.is_some() || phone.failed.is_some());
    if told || is_closed(account) {
        Told::All
    } else {
        Told::Nothing
    }
}

/// Whether the statuses to choose from are known, or why not.
pub(crate) fn list(account: &AccountView) -> Told {
    if is_doubted(account) {
        Told::Nothing
    } else if account.statuses.is_empty() {
        status(account)
    } else {
        Told::All
    }
}

/// The same for who can wait for another try.
pub(crate) fn list_with_patience(account: &AccountView) -> Told {
    let passing = account
        .trouble
        .as_ref()
        .is_some_and(|trouble| match trouble.code {
            Code::Unreachable | Code::TimedOut | Code::NotThisHelpDesk => true,
            Code::RateLimited => trouble
                .retry_after_s
                .is_none_or(|wait| wait < UNTIL_TOLD.as_secs()),
            _ => false,
        });
    let closed = matches!(account.link, Link::SignedOut | Link::Locked);
    if account.statuses.is_empty() && passing && !closed {
        return Told::Nothing;
    }
    list(account)
}

/// Whether it is known how the account is doing.
pub(crate) fn link(account: &AccountView) -> Told {
    match &account.trouble {
        _ if is_closed(account) => Told::All,
        Some(_) if is_doubted(account) => Told::Nothing,
        Some(_) => Told::Trouble,
        None if has_answered(account) => Told::All,
        None => Told::Nothing,
    }
}

/// Whether the help desk has answered anything since the start.
pub(crate) fn has_answered(account: &AccountView) -> bool {
    account.as_of.is_some() || account.limits.is_some() || !account.statuses.is_empty()
}

/// Whether nothing is going to be told for now.
fn is_closed(account: &AccountView) -> bool {
    matches!(
        account.link,
        Link::SignedOut | Link::Locked | Link::Unreachable
    ) || has_no_secret(account)
}

/// Whether the keyring keeps the account from being asked.
pub(crate) fn has_no_secret(account: &AccountView) -> bool {
    account
        .trouble
        .as_ref()
        .is_some_and(|trouble| trouble.code == Code::NoSecretStore)
}

/// Whether one refusal waits for its confirmation.
fn is_doubted(account: &AccountView) -> bool {
    account
        .trouble
        .as_ref()
        .is_some_and(|trouble| trouble.code == Code::SignedOut)
}

/// Why an account that is needed cannot be used at all.
///
/// # Errors
/// It is signed out, or the keyring does not give its secret.
pub(crate) fn signed_in(account: &AccountView) -> Result<(), Failure> {
    let closed = account.link == Link::SignedOut || has_no_secret(account) || is_doubted(account);
    match &account.trouble {
        Some(trouble) if closed => Err(for_one_try(trouble.clone())),
        _ if account.link == Link::SignedOut => Err(Failure::new(
            Code::SignedOut,
            format!("{} is signed out. Sign in again.", account.account),
        )),
        _ => Ok(()),
    }
}

/// What failed, for who does not try again.
pub(crate) fn for_one_try(mut failure: Failure) -> Failure {
    failure.message = failure.message.replace("; it is tried again by itself", "");
    failure
}

/// Says that an account that is needed is no longer there.
pub(crate) fn gone(id: &AccountId) -> Failure {
    Failure::new(
        Code::NoSuchAccount,
        format!("{id} was signed out meanwhile. Sign in again."),
    )
}

/// Says that the app ended before it told what was needed.
pub(crate) fn app_ended() -> Failure {
    Failure::new(
        Code::Internal,
        "Statuslight ended before it answered. Try again.",
    )
}

/// Says that the app is of another version, whatever it greeted with.
pub(crate) fn another_answer() -> Failure {
    Failure::new(
        Code::Internal,
        "Statuslight answered something else than it was asked. Restart it and try again.",
    )
}

#[cfg(test)]
mod tests;
