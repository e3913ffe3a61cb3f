//! `statusctl status` and `statusctl list`.

use domain::{Code, Failure};
use engine::Handle;
use jiff::tz::TimeZone;

use crate::ended::Ended;
use crate::output::{self, Output};
use crate::show::{json, text};
use crate::{reach, wait};

/// Shows the current status; one that is not known is no failure.
///
/// # Errors
/// The account is signed out or the keyring does not give its secret.
pub(super) async fn status(
    handle: &Handle,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    let id = reach::account(handle, wanted)?;
    let account = wait::until(handle, &id, wait::UNTIL_TOLD, wait::status).await?;
    wait::signed_in(&account)?;
    if output.json {
        return output::json(&json::Current::from(&account));
    }
    output::line(&text::status(&account, &TimeZone::system(), output.paint))
}

/// Lists the statuses to choose from.
///
/// # Errors
/// The account is signed out, the keyring does not give its secret, or the list cannot be read.
pub(super) async fn list(
    handle: &Handle,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    let id = reach::account(handle, wanted)?;
    let account = wait::until(handle, &id, wait::UNTIL_TOLD, wait::list).await?;
    wait::signed_in(&account)?;
    if account.statuses.is_empty() {
        return Err(account
            .trouble
            .map_or_else(no_list, wait::for_one_try)
            .into());
    }
    if output.json {
        let listed: Vec<json::Listed<'_>> =
            account.statuses.iter().map(json::Listed::from).collect();
        return output::json(&listed);
    }
    output::line(&text::list(&account, output.paint))
}

/// Says that the statuses did not arrive in time.
pub(super) fn no_list() -> Failure {
    Failure::new(
        Code::TimedOut,
        "The statuses to choose from did not arrive in time. Nothing was changed. Check your network, then try again.",
    )
}
