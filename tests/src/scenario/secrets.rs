//! Keyrings: one that holds what is needed, and one that keeps what it is given or fails.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::ports::{Kept, Pending, SecretName, Secrets, SecretsError};
use secrecy::{ExposeSecret as _, SecretString};

use super::pass;

/// Secrets that outlive an engine, and how often they were kept anew.
#[derive(Clone, Default)]
pub struct KeptSecrets(Arc<Mutex<KeptSecret>>);

#[derive(Default)]
struct KeptSecret {
    secret: Option<String>,
    stored: u32,
    refuses: bool,
    unreadable: bool,
    forgets: Option<SecretsError>,
    takes: Duration,
    forgetting_takes: Duration,
}

impl KeptSecrets {
    /// With this secret for whoever asks.
    pub fn holding(secret: &str) -> Self {
        let kept = Self::default();
        kept.0.lock().unwrap().secret = Some(secret.to_owned());
        kept
    }

    /// How often something was kept.
    pub fn stored(&self) -> u32 {
        self.0.lock().unwrap().stored
    }

    /// Counts what is kept from now on.
    pub(super) fn count_anew(&self) {
        self.0.lock().unwrap().stored = 0;
    }

    /// Loses what is kept.
    pub fn lose(&self) {
        self.0.lock().unwrap().secret = None;
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap().secret.is_none()
    }

    /// Fails to keep anything, or does so no longer.
    pub fn refuse_to_store(&self, refuses: bool) {
        self.0.lock().unwrap().refuses = refuses;
    }

    /// What is kept.
    pub fn kept(&self) -> Option<String> {
        self.0.lock().unwrap().secret.clone()
    }

    /// Fails to read anything.
    pub fn refuse_to_read(&self) {
        self.0.lock().unwrap().unreadable = true;
    }

    /// Fails to forget anything.
    pub fn refuse_to_forget(&self) {
        self.0.lock().unwrap().forgets = Some(SecretsError::Locked);
    }

    /// Takes so long to forget something.
    pub fn take_time_to_forget(&self, takes: Duration) {
        self.0.lock().unwrap().forgetting_takes = takes;
    }

    /// Takes so long to keep something.
    pub fn take_time_to_store(&self, takes: Duration) {
        self.0.lock().unwrap().takes = takes;
    }
}

/// A keyring that holds a secret for everybody, and to which nothing else matters.
pub(crate) struct Holding(pub(crate) fn(&SecretName) -> &'static str);

impl Secrets for Holding {
    fn read<'a>(
        &'a self,
        name: &'a SecretName,
    ) -> Pending<'a, Result<Option<SecretString>, SecretsError>> {
        Box::pin(async { Ok(Some((self.0)(name).into())) })
    }

    fn store<'a>(
        &'a self,
        _: &'a SecretName,
        _: &'a SecretString,
    ) -> Pending<'a, Result<Kept, SecretsError>> {
        Box::pin(async { Ok(Kept::InKeyring) })
    }

    fn forget<'a>(&'a self, _: &'a SecretName) -> Pending<'a, Result<(), SecretsError>> {
        Box::pin(async { Ok(()) })
    }
}

impl Secrets for KeptSecrets {
    fn read<'a>(
        &'a self,
        _: &'a SecretName,
    ) -> Pending<'a, Result<Option<SecretString>, SecretsError>> {
        Box::pin(async {
            let kept = self.0.lock().unwrap();
            if kept.unreadable {
                return Err(SecretsError::Missing);
            }
            Ok(kept.secret.clone().map(SecretString::from))
        })
    }

    fn store<'a>(
        &'a self,
        _: &'a SecretName,
        secret: &'a SecretString,
    ) -> Pending<'a, Result<Kept, SecretsError>> {
        Box::pin(async {
            let takes = self.0.lock().unwrap().takes;
            pass(takes).await;
            let mut kept = self.0.lock().unwrap();
            if kept.refuses {
                return Err(SecretsError::Failed);
            }
            kept.secret = Some(secret.expose_secret().to_owned());
            kept.stored += 1;
            Ok(Kept::InKeyring)
        })
    }

    fn forget<'a>(&'a self, _: &'a SecretName) -> Pending<'a, Result<(), SecretsError>> {
        Box::pin(async {
            let takes = self.0.lock().unwrap().forgetting_takes;
            pass(takes).await;
            if let Some(error) = self.0.lock().unwrap().forgets {
                return Err(error);
            }
            self.lose();
            Ok(())
        })
    }
}
