//! The account's requests a minute: one bucket, whoever asks.

use std::time::Duration;

use super::settings::Quota;

const MINUTE: Duration = Duration::from_secs(60);

/// The minute that is counted at present; it begins with the first request after the one before has ended.
#[derive(Debug, Default)]
pub(super) struct Window {
    began: Duration,
    used: u32,
}

/// What the bucket says to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) allowed: bool,
    pub(super) remaining: u32,
    /// Whole seconds until the minute ends.
    pub(super) resets_in_s: u32,
}

impl Window {
    /// Counts a request that arrives at this time since the start; a refused one costs nothing.
    pub(super) fn take(&mut self, quota: Quota, now: Duration) -> Verdict {
        if self.used == 0 || now >= self.began + MINUTE {
            self.began = now;
            self.used = 0;
        }
        let allowed = self.used < quota.per_minute;
        if allowed {
            self.used += 1;
        }
        let left = (self.began + MINUTE).saturating_sub(now);
        Verdict {
            allowed,
            remaining: quota.per_minute.saturating_sub(self.used),
            resets_in_s: left
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u32::MAX),
        }
    }
}
