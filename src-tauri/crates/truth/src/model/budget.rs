//! The account's requests of a minute, which many use.

use std::time::Duration;

use domain::Budget;

use super::Model;

/// So many requests an account may make in a minute.
const LIMIT: u32 = 200;
const MINUTE: Duration = Duration::from_secs(60);

impl Model {
    /// What the headers of an answer say, where they say anything.
    pub(crate) fn budget(&self, at: Duration) -> Option<Budget> {
        let load = self.load.filter(|_| !self.readable.is_libredesk())?;
        let passed = at.as_secs() % MINUTE.as_secs();
        let used = u64::from(LIMIT) * u64::from(load) * passed / 100 / MINUTE.as_secs();
        Some(Budget {
            limit: LIMIT,
            remaining: LIMIT.saturating_sub(u32::try_from(used).unwrap_or(LIMIT)),
            resets_in: Some(MINUTE.saturating_sub(Duration::from_secs(passed))),
        })
    }

    /// How long to wait, where the account's requests are used up.
    pub(crate) fn used_up(&self, at: Duration) -> Option<Duration> {
        let budget = self.budget(at).filter(|budget| budget.remaining == 0)?;
        budget.resets_in
    }
}
