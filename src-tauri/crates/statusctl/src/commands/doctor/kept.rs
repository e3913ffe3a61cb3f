//! What Statuslight does and keeps for an account by itself: the guard, and the history.

use domain::{AccountView, Code, Failure, Guard, Link};
use platform::{HistoryFiles, Offered, Profile, signals};
use tokio::sync::OnceCell;

use super::Checks;

/// Whether the computer waits for an account's guard; without one there is nothing to check.
/// What the computer said stays in `waits`, so that it is asked once for all accounts.
pub(super) async fn guard(checks: &mut Checks, guard: Option<&Guard>, waits: &OnceCell<Offered>) {
    let Some(guard) = guard else { return };
    if !guard.delays() {
        return checks.skipped(
            "guard",
            "It needs nobody to wait: neither sleep nor shutdown is among its ways of leaving.",
        );
    }
    match waits.get_or_init(signals::waits).await {
        Offered::Yes => checks.ok(
            "guard",
            "Sleep and shutdown wait until you are switched, 4 seconds at most.",
        ),
        Offered::No => checks.failed(
            "guard",
            Failure::new(
                Code::Lacking,
                "Nothing can be asked to wait, so the computer may sleep or shut down before you are switched. \
                 Install or start logind (systemd-logind or elogind), or switch by hand before you leave.",
            ),
        ),
        Offered::NotKnown => checks.skipped("guard", "It cannot be told from here whether sleep and shutdown wait."),
    }
}

/// Whether an account's history can be read and go on.
pub(super) fn history(checks: &mut Checks, profile: &Profile, account: &AccountView) {
    if account.link == Link::SignedOut {
        return checks.skipped("history", "Nothing is kept while you are signed out.");
    }
    let examined = match HistoryFiles::new(profile).examine(&account.account) {
        Ok(Some(examined)) => examined,
        Ok(None) => return checks.skipped("history", "Nothing is kept yet."),
        Err(failure) => return checks.failed("history", failure),
    };
    let (path, entries) = (examined.path.display(), examined.stretches);
    let size = examined.size_bytes.div_ceil(1024);
    let lost = match examined.unreadable {
        0 => String::new(),
        unreadable => {
            format!(" {unreadable} more cannot be read; the next start of the app drops them.")
        }
    };
    checks.ok(
        "history",
        format!("{path} can be read and written: {size} KiB, {entries} entries.{lost}"),
    );
}
