//! `statusctl doctor`: what Statuslight needs, one check after the other, each with the mend.

mod account;
mod computer;
mod kept;

use domain::{AccountId, Code, Failure, short};
use platform::{Desktop, Files};
use serde::Serialize;
use tokio::sync::OnceCell;

use crate::ended::{Ended, exit_code};
use crate::output::{self, Output};
use crate::{reach, wait};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    Failed,
    Skipped,
}

/// One check; the shape is a promise.
#[derive(Debug, Serialize)]
struct Finding {
    number: usize,
    check: &'static str,
    account: Option<AccountId>,
    state: State,
    /// What was found and, where it is no good, what mends it.
    message: String,
    /// What to branch on where it failed.
    code: Option<Code>,
}

#[derive(Debug, Default)]
struct Checks {
    done: Vec<Finding>,
    account: Option<AccountId>,
}

impl Checks {
    fn note(&mut self, check: &'static str, state: State, code: Option<Code>, message: String) {
        self.done.push(Finding {
            number: self.done.len() + 1,
            check,
            account: self.account.clone(),
            state,
            message,
            code,
        });
    }

    fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.note(check, State::Ok, None, message.into());
    }

    fn skipped(&mut self, check: &'static str, why: impl Into<String>) {
        self.note(check, State::Skipped, None, why.into());
    }

    fn failed(&mut self, check: &'static str, failure: Failure) {
        let failure = wait::for_one_try(failure);
        self.note(check, State::Failed, Some(failure.code), failure.message);
    }
}

/// Checks everything that Statuslight needs.
///
/// # Errors
/// A check failed; what was found is printed all the same.
pub(super) async fn doctor(wanted: Option<&str>, output: Output) -> Result<(), Ended> {
    let mut checks = Checks::default();
    examine(&mut checks, wanted).await?;
    if output.json {
        output::json(&checks.done)?;
    } else {
        let lines: Vec<String> = checks.done.iter().map(line).collect();
        output::line(&lines.join("\n"))?;
    }
    // What keeps a status from being read or switched counts before what only a desktop lacks.
    let mut failed = checks.done.iter().filter_map(|check| check.code);
    let gravest = failed.clone().find(|code| *code != Code::Lacking);
    match gravest.or_else(|| failed.next()) {
        Some(code) => Err(Ended::Told(exit_code(code))),
        None => Ok(()),
    }
}

fn line(check: &Finding) -> String {
    let state = match check.state {
        State::Ok => "ok",
        State::Failed => "failed",
        State::Skipped => "skipped",
    };
    let account = check.account.as_ref();
    let account = account.map_or_else(String::new, |account| format!("{account}: "));
    format!(
        "{:2}  {state:7}  {}: {account}{}",
        check.number,
        check.check.replace('_', " "),
        short(&check.message, 400)
    )
}

async fn examine(checks: &mut Checks, wanted: Option<&str>) -> Result<(), Failure> {
    let profile = match reach::profile() {
        Ok(profile) => profile,
        Err(failure) => {
            checks.failed("settings_folder", failure);
            return Ok(());
        }
    };
    computer::folder(checks, &profile);
    let reached = computer::owner(checks, &profile).await;
    let shown = reached
        .as_ref()
        .map(|reached| reached.handle.view().borrow().clone());
    let mut accounts = shown
        .as_ref()
        .map_or_else(Vec::new, |view| view.accounts.clone());
    if let (Some(wanted), Some(reached)) = (wanted, &reached) {
        let wanted = reach::account(&reached.handle, Some(wanted))?;
        accounts.retain(|account| account.account == wanted);
    }
    computer::desktop(checks, Desktop::look().await);
    computer::keyring(checks, &profile, &accounts, shown.as_deref()).await;
    let Some(reached) = reached else {
        return Ok(());
    };
    if accounts.is_empty() {
        checks.skipped(
            "sign_in",
            "Nobody is signed in. Sign in with \u{201c}statusctl login zendesk\u{201d} or in Statuslight\u{2019}s window.",
        );
    }
    // An engine of our own has none: what a guard does is the app's.
    let guards = Files::new(&profile).load().config.guards;
    let waits = OnceCell::new();
    for account in accounts {
        checks.account = Some(account.account.clone());
        let account = account::works(checks, &reached.handle, account).await;
        kept::guard(checks, guards.get(&account.account), &waits).await;
        kept::history(checks, &profile, &account);
    }
    Ok(())
}
