//! `statusctl set` and `statusctl back`.

use std::time::Duration;

use domain::{AccountId, AccountView, Action, Code, Failure, Until};
use engine::Handle;
use jiff::tz::TimeZone;
use tokio::time::{Instant, timeout_at};

use super::status::no_list;
use crate::ended::Ended;
use crate::output::{self, Output};
use crate::reach::Reached;
use crate::show::{json, text};
use crate::{pick, reach, wait};

/// No switch is waited for any longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(35);
/// The status is asked for together with the list.
const UNTIL_READ: Duration = Duration::from_secs(2);

/// Switches to the status of that id or name, and back at a time where one is given.
///
/// # Errors
/// There is no such status, the account cannot be used, the switch was not confirmed, or no running app could end it.
pub(super) async fn set(
    status: &str,
    until: Option<Until>,
    reached: &Reached,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    if until.is_some() && reached.own.is_some() {
        return Err(Failure::new(
            Code::NothingToPutBack,
            "Only Statuslight\u{2019}s app can end a status in time, and it is not running. Nothing was changed. \
             Start it, or choose the status without a time.",
        )
        .into());
    }
    print(&to(status, until, &reached.handle, wanted).await?, output)
}

/// Sets a status to come when the call under way ends.
///
/// # Errors
/// There is no such status, no call, or no running app that could wait for its end.
pub(super) async fn after_call(
    status: &str,
    reached: &Reached,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    if reached.own.is_some() {
        return Err(Failure::new(
            Code::NotOnACall,
            "Only Statuslight\u{2019}s app can wait for the end of a call, and it is not running. Nothing was set. \
             Start it, or choose after the call.",
        )
        .into());
    }
    let account = listed(&reached.handle, wanted).await?;
    let chosen = pick::status_of(&account, status)?.id.clone();
    let action = Action::ChooseAfterCall {
        account: account.account.clone(),
        status: chosen,
    };
    let end = Instant::now() + PATIENCE;
    let account = act(&reached.handle, &account.account, action, end).await?;
    if output.json {
        return print(&account, output);
    }
    output::line(&text::status(&account, &TimeZone::system(), output.paint))
}

/// Goes back to the status before a forced change.
///
/// # Errors
/// There is nothing to put back, the account cannot be used, or the switch was not confirmed.
pub(super) async fn back(
    reached: &Reached,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    let account = put_back(&reached.handle, wanted).await.map_err(|failure| {
        if failure.code == Code::NothingToPutBack && reached.own.is_some() {
            Failure::new(
                Code::NothingToPutBack,
                "There is nothing to put back: what your status was before is known only to Statuslight\u{2019}s app, \
                 which is not running. Choose with \u{201c}statusctl set\u{201d}.",
            )
        } else {
            failure
        }
    })?;
    print(&account, output)
}

async fn to(
    status: &str,
    until: Option<Until>,
    handle: &Handle,
    wanted: Option<&str>,
) -> Result<AccountView, Failure> {
    let end = Instant::now() + PATIENCE;
    let account = listed(handle, wanted).await?;
    let chosen = pick::status_of(&account, status)?.id.clone();
    let action = Action::Choose {
        account: account.account.clone(),
        status: chosen,
        until,
    };
    act(handle, &account.account, action, end).await
}

async fn put_back(handle: &Handle, wanted: Option<&str>) -> Result<AccountView, Failure> {
    let end = Instant::now() + PATIENCE;
    let account = listed(handle, wanted).await?.account;
    let action = Action::PutBack {
        account: account.clone(),
        status: None,
    };
    act(handle, &account, action, end).await
}

/// The account once its statuses are known: before, nothing can be chosen. What it is now is waited for a moment: it may
/// be what is chosen, and a time leads back to it.
async fn listed(handle: &Handle, wanted: Option<&str>) -> Result<AccountView, Failure> {
    let id = reach::account(handle, wanted)?;
    let account = wait::until(handle, &id, wait::UNTIL_TOLD, wait::list_with_patience).await?;
    wait::signed_in(&account)?;
    if account.statuses.is_empty() {
        let why = account.trouble.map_or_else(no_list, wait::for_one_try);
        return Err(why.unchanged());
    }
    wait::until(handle, &id, UNTIL_READ, wait::status).await
}

/// Does what is asked and gives the account with what came of it.
///
/// # Errors
/// It was not confirmed in time, or says why it was not done.
pub(super) async fn act(
    handle: &Handle,
    account: &AccountId,
    action: Action,
    end: Instant,
) -> Result<AccountView, Failure> {
    timeout_at(end, handle.act(action)).await.unwrap_or_else(|_| {
        Err(Failure::new(
            Code::TimedOut,
            "The switch was not confirmed within 35 seconds; it may have been made all the same. \
             Look at your status before you try again.",
        ))
    })?;
    let view = handle.view().borrow().clone();
    view.account(account)
        .cloned()
        .ok_or_else(|| wait::gone(account))
}

pub(super) fn print(account: &AccountView, output: Output) -> Result<(), Ended> {
    if output.json {
        return output::json(&json::Current::from(account));
    }
    output::line(&text::line(account, &TimeZone::system(), output.paint))
}

#[cfg(test)]
mod tests;
