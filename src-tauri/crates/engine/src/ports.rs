//! What the engine needs of its surroundings, each a trait of a few methods.

use std::io;
use std::pin::Pin;
use std::time::Duration;

use domain::{
    Account, AccountId, AccountView, Failure, History, Moved, Notice, Now, Remembered, Stretch,
    Topic,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use thiserror::Error;

use crate::{Config, Handle};

/// An answer that takes time.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Under what name a secret is kept: an account together with the address it is for.
///
/// So settings that somebody pointed at another address find no secret to send there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretName(String);

impl SecretName {
    /// The name for an account's secret.
    pub fn of(account: &Account) -> Self {
        Self::at(&account.id, &account.url)
    }

    /// The name for the secret of the account of this name at this address.
    pub fn at(id: &AccountId, url: &str) -> Self {
        Self(format!("{id} at {url}"))
    }

    /// The name as a keyring shows it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where secrets are kept.
pub trait Secrets: Send + Sync + 'static {
    /// Reads a secret; `None` where there is none.
    fn read<'a>(
        &'a self,
        name: &'a SecretName,
    ) -> Pending<'a, Result<Option<SecretString>, SecretsError>>;
    /// Keeps a secret in the place of an older one.
    fn store<'a>(
        &'a self,
        name: &'a SecretName,
        secret: &'a SecretString,
    ) -> Pending<'a, Result<Kept, SecretsError>>;
    /// Forgets a secret; having none is no error.
    fn forget<'a>(&'a self, name: &'a SecretName) -> Pending<'a, Result<(), SecretsError>>;
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the system's keyring.
    InKeyring,
    /// In this process's memory only, for the reason given.
    InMemory(SecretsError),
}

/// Why the keyring is no use now; that is never "signed out".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SecretsError {
    /// There is no keyring.
    #[error("no keyring was found")]
    Missing,
    /// It is locked and nobody unlocked it.
    #[error("the keyring is locked")]
    Locked,
    /// It did not answer in time.
    #[error("the keyring does not answer")]
    Silent,
    /// It failed.
    #[error("the keyring failed")]
    Failed,
}

/// Where settings and what is remembered are kept.
pub trait Store: Send + Sync + 'static {
    /// Keeps the settings.
    ///
    /// # Errors
    /// Says why they could not be written.
    fn save(&self, config: &Config) -> Result<(), Failure>;
    /// What was remembered of an account; nothing where nothing readable is there.
    fn recall(&self, account: &AccountId) -> Remembered;
    /// Keeps what is to be remembered of an account; a failure is logged, since the change itself went on.
    fn remember(&self, account: &AccountId, remembered: &Remembered);
    /// Forgets an account.
    fn forget(&self, account: &AccountId);
}

/// Where time in status is kept.
pub trait Histories: Send + Sync + 'static {
    /// Makes a history fit to go on: mends what a sudden end left and drops what is too old. Gives its latest stretch.
    ///
    /// # Errors
    /// It cannot be read or written; what was there stays.
    fn resume(&self, account: &AccountId, now: Timestamp) -> io::Result<Option<Stretch>>;
    /// Adds stretches; one that begins like the one before stands for it.
    ///
    /// # Errors
    /// They are not kept.
    fn keep(&self, account: &AccountId, stretches: &[Stretch]) -> io::Result<()>;
    /// All that is kept of an account.
    ///
    /// # Errors
    /// Says why it cannot be read.
    fn read(&self, account: &AccountId) -> Result<History, Failure>;
    /// Deletes an account's history; having none is no error.
    ///
    /// # Errors
    /// Says what is left.
    fn forget(&self, account: &AccountId) -> Result<(), Failure>;
}

/// How the agent is told at once.
pub trait Notifier: Send + Sync + 'static {
    /// Shows a notice in the place of an older one on the same topic; its buttons act by `handle`. Never blocks.
    fn notify(&self, account: &AccountView, notice: &Notice, handle: &Handle);
    /// Takes a notice back. Never blocks.
    fn withdraw(&self, account: &AccountId, topic: Topic);
    /// Shows forced changes of several accounts as one notification in the place of an older such one. Never blocks.
    fn notify_together(&self, moved: &[Moved], handle: &Handle);
    /// Takes that notification back. Never blocks.
    fn withdraw_together(&self);
    /// Takes all back that is on the screen now: when the program has ended, its buttons do nothing.
    fn clear(&self) -> Pending<'_, ()>;
}

/// Where the browser comes back to at the end of a sign-in, on this computer.
pub trait Redirect: Send + 'static {
    /// Its address.
    fn address(&self) -> String;
    /// Waits for the code that comes with this `state`; whatever else comes ends nothing.
    fn code(
        self: Box<Self>,
        state: &SecretString,
        limit: Duration,
    ) -> Pending<'_, Result<SecretString, NoCode>>;
}

/// Why the browser brought no code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoCode {
    /// The help desk sent an error instead: its word, free of secrets.
    #[error("the browser came back with {0}")]
    Refused(String),
    /// Nothing came in time.
    #[error("the browser did not come back in time")]
    TimedOut,
}

/// What only a front end with a window can do.
pub trait Front: Send + Sync + 'static {
    /// Opens the window; with an account, ready to type until when that one's next status holds.
    fn open(&self, for_a_time: Option<AccountId>);
    /// Ends the program.
    fn quit(&self);
}

/// The clocks.
pub trait Clock: Send + Sync + 'static {
    /// The moment by both clocks.
    fn now(&self) -> Now;
    /// A fresh random number from 0 up to 1.
    fn chance(&self) -> f64;
    /// Where the agent's clock on the wall hangs just now.
    fn zone(&self) -> TimeZone {
        TimeZone::system()
    }
}
