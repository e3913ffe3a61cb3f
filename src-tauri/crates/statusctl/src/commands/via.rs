//! `statusctl via`.

use domain::{AccountView, Action, Failure, Via};
use engine::Handle;
use tokio::time::Instant;

use super::switch::{PATIENCE, act, print};
use crate::ended::Ended;
use crate::output::{self, Output};
use crate::{reach, wait};

/// Lets calls ring elsewhere and shows the status after it is confirmed.
///
/// # Errors
/// The account cannot be used, has no phone, or the change was not confirmed.
pub(super) async fn via(
    via: Via,
    handle: &Handle,
    wanted: Option<&str>,
    output: Output,
) -> Result<(), Ended> {
    let account = to(via, handle, wanted).await?;
    print(&account, output)?;
    let ring = account.phone.and_then(|phone| phone.via);
    match ring.filter(|_| !output.json) {
        Some(ring) => output::line(&format!("  Calls: {}", ring.words())),
        None => Ok(()),
    }
}

async fn to(via: Via, handle: &Handle, wanted: Option<&str>) -> Result<AccountView, Failure> {
    let end = Instant::now() + PATIENCE;
    let account = reach::account(handle, wanted)?;
    let action = Action::AnswerBy {
        account: account.clone(),
        via,
    };
    let _ = act(handle, &account, action, end).await?;
    wait::until(handle, &account, wait::UNTIL_TOLD, wait::status).await
}
