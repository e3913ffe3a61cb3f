//! The settings.

use std::time::Duration;

use domain::{Account, AccountId};
use serde::{Deserialize, Serialize};

/// The usual seconds between two reads of an account.
pub const POLL_INTERVAL_S: u64 = 30;
/// The seconds that may be set: below, the company's shared request limit suffers; above, the light is old.
pub const POLL_INTERVALS_S: std::ops::RangeInclusive<u64> = 5..=300;

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The format's version.
    pub version: u32,
    /// The accounts; their secrets are in the keyring.
    pub accounts: Vec<Account>,
    /// The account that commands without one mean; the first where there is none.
    pub default_account: Option<AccountId>,
    /// The usual seconds between two reads of an account.
    pub poll_interval_s: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            version: 1,
            accounts: Vec::new(),
            default_account: None,
            poll_interval_s: POLL_INTERVAL_S,
        }
    }
}

impl Config {
    /// The usual time between two reads, within what may be set.
    pub fn poll_interval(&self) -> Duration {
        Duration::from_secs(
            self.poll_interval_s
                .clamp(*POLL_INTERVALS_S.start(), *POLL_INTERVALS_S.end()),
        )
    }

    /// Whether commands without an account mean this one.
    pub fn is_default(&self, account: &AccountId) -> bool {
        match &self.default_account {
            Some(default) if self.accounts.iter().any(|known| known.id == *default) => {
                default == account
            }
            _ => self
                .accounts
                .first()
                .is_some_and(|first| first.id == *account),
        }
    }
}
