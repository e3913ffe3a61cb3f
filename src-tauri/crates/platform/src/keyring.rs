//! Secrets in the system's keyring, or in memory where there is none.
//!
//! Each operation opens the keyring anew: a kept connection is of no use once the keyring was restarted.

mod entry;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod memory;
mod patience;
#[cfg(windows)]
mod windows;

use std::time::Duration;

use engine::ports::{Kept, Pending, SecretName, Secrets, SecretsError};
use keyring_core::{Entry, Error};
use secrecy::SecretString;
use zeroize::Zeroizing;

#[cfg(target_os = "linux")]
use self::linux as system;
#[cfg(target_os = "macos")]
use self::macos as system;
pub use self::memory::{KeyringOrMemory, Memory};
use self::patience::Patience;
#[cfg(windows)]
use self::windows as system;
use crate::Profile;

/// So long a keyring may take; behind a longer silence is a prompt that nobody answers.
const LIMIT: Duration = Duration::from_secs(5);

/// One for the whole process, so that however many accounts ask, one thread at most is stuck.
static PATIENCE: Patience = Patience::new(LIMIT);

/// The system's keyring; an account's entry bears the profile's name and the account's.
#[derive(Clone, Copy, Debug)]
pub struct Keyring {
    service: Option<&'static str>,
}

impl Keyring {
    /// The keyring as `profile` uses it: for a profile that must not ask it, there is none.
    pub fn new(profile: &Profile) -> Self {
        Self {
            service: profile.keyring_service(),
        }
    }

    async fn ask<T: Send + 'static>(
        self,
        account: &SecretName,
        question: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<Option<T>, SecretsError> {
        let service = self.service.ok_or(SecretsError::Missing)?;
        let user = account.as_str().to_owned();
        PATIENCE
            .ask(move || {
                let store = system::open()?;
                match store
                    .build(service, &user, None)
                    .and_then(|entry| question(&entry))
                {
                    Ok(answer) => Ok(Some(answer)),
                    Err(Error::NoEntry) => Ok(None),
                    Err(error) => {
                        // Its text names no secret; its other fields might.
                        tracing::warn!(%error, "the keyring refuses");
                        Err(system::explain(&error))
                    }
                }
            })
            .await
    }
}

impl Secrets for Keyring {
    fn read<'a>(
        &'a self,
        account: &'a SecretName,
    ) -> Pending<'a, Result<Option<SecretString>, SecretsError>> {
        Box::pin(async move {
            let read = self
                .ask(account, |entry| entry.get_secret().map(Zeroizing::new))
                .await?;
            Ok(read.and_then(|content| entry::read(&content)))
        })
    }

    fn store<'a>(
        &'a self,
        account: &'a SecretName,
        secret: &'a SecretString,
    ) -> Pending<'a, Result<Kept, SecretsError>> {
        Box::pin(async move {
            let content = entry::written(secret).ok_or(SecretsError::Failed)?;
            let stored = self
                .ask(account, move |entry| entry.set_secret(&content))
                .await?;
            stored.map(|()| Kept::InKeyring).ok_or(SecretsError::Failed)
        })
    }

    fn forget<'a>(&'a self, account: &'a SecretName) -> Pending<'a, Result<(), SecretsError>> {
        Box::pin(async move {
            self.ask(account, Entry::delete_credential)
                .await
                .map(Option::unwrap_or_default)
        })
    }
}
