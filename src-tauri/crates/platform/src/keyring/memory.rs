//! Secrets in this process's memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::ports::{Kept, Pending, SecretName, Secrets, SecretsError};
use secrecy::SecretString;

use super::Keyring;
use crate::Profile;

/// Secrets in memory alone, as the demo has them.
#[derive(Debug, Default)]
pub struct Memory {
    secrets: Mutex<HashMap<SecretName, SecretString>>,
}

impl Memory {
    fn secrets(&self) -> MutexGuard<'_, HashMap<SecretName, SecretString>> {
        // Each change is one call, so that none is half done when a holder panics.
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, account: &SecretName) -> Option<SecretString> {
        self.secrets().get(account).cloned()
    }

    fn keep(&self, account: &SecretName, secret: &SecretString) {
        self.secrets().insert(account.clone(), secret.clone());
    }

    /// Forgets a secret and says whether there was one.
    fn drop(&self, account: &SecretName) -> bool {
        self.secrets().remove(account).is_some()
    }
}

impl Secrets for Memory {
    fn read<'a>(
        &'a self,
        account: &'a SecretName,
    ) -> Pending<'a, Result<Option<SecretString>, SecretsError>> {
        let secret = self.get(account);
        Box::pin(async move { Ok(secret) })
    }

    fn store<'a>(
        &'a self,
        account: &'a SecretName,
        secret: &'a SecretString,
    ) -> Pending<'a, Result<Kept, SecretsError>> {
        self.keep(account, secret);
        Box::pin(async { Ok(Kept::InMemory(SecretsError::Missing)) })
    }

    fn forget<'a>(&'a self, account: &'a SecretName) -> Pending<'a, Result<(), SecretsError>> {
        self.drop(account);
        Box::pin(async { Ok(()) })
    }
}

/// The keyring, and memory for as long as the keyring is of no use.
#[derive(Debug)]
pub struct KeyringOrMemory<K = Keyring> {
    keyring: K,
    memory: Memory,
}

impl KeyringOrMemory {
    /// The keyring as `profile` uses it.
    pub fn new(profile: &Profile) -> Self {
        Self::over(Keyring::new(profile))
    }
}

impl<K: Secrets> KeyringOrMemory<K> {
    /// Another keeper of secrets in the keyring's place.
    pub fn over(keyring: K) -> Self {
        Self {
            keyring,
            memory: Memory::default(),
        }
    }
}

impl<K: Secrets> Secrets for KeyringOrMemory<K> {
    fn read<'a>(
        &'a self,
        account: &'a SecretName,
    ) -> Pending<'a, Result<Option<SecretString>, SecretsError>> {
        Box::pin(async move {
            // What is in memory is newer than what the keyring may hold: it did not take it.
            match self.memory.get(account) {
                Some(secret) => Ok(Some(secret)),
                None => self.keyring.read(account).await,
            }
        })
    }

    fn store<'a>(
        &'a self,
        account: &'a SecretName,
        secret: &'a SecretString,
    ) -> Pending<'a, Result<Kept, SecretsError>> {
        Box::pin(async move {
            match self.keyring.store(account, secret).await {
                Ok(kept) => {
                    self.memory.drop(account);
                    Ok(kept)
                }
                Err(error) => {
                    self.memory.keep(account, secret);
                    Ok(Kept::InMemory(error))
                }
            }
        })
    }

    fn forget<'a>(&'a self, account: &'a SecretName) -> Pending<'a, Result<(), SecretsError>> {
        Box::pin(async move {
            let was_in_memory = self.memory.drop(account);
            match self.keyring.forget(account).await {
                Err(SecretsError::Missing) if was_in_memory => Ok(()),
                forgotten => forgotten,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use domain::{Account, AccountId, Agent, Agreed, HelpDeskName, SignIn};

    use super::*;

    /// A keyring that may break.
    #[derive(Default)]
    struct Fragile {
        inside: Memory,
        broken: Mutex<Option<SecretsError>>,
    }

    impl Fragile {
        fn set(&self, broken: Option<SecretsError>) {
            *self.broken.lock().unwrap() = broken;
        }

        fn check(&self) -> Result<(), SecretsError> {
            self.broken.lock().unwrap().map_or(Ok(()), Err)
        }
    }

    impl Secrets for Fragile {
        fn read<'a>(
            &'a self,
            account: &'a SecretName,
        ) -> Pending<'a, Result<Option<SecretString>, SecretsError>> {
            Box::pin(async move { self.check().map(|()| self.inside.get(account)) })
        }

        fn store<'a>(
            &'a self,
            account: &'a SecretName,
            secret: &'a SecretString,
        ) -> Pending<'a, Result<Kept, SecretsError>> {
            Box::pin(async move {
                self.check()?;
                self.inside.keep(account, secret);
                Ok(Kept::InKeyring)
            })
        }

        fn forget<'a>(&'a self, account: &'a SecretName) -> Pending<'a, Result<(), SecretsError>> {
            Box::pin(async move {
                self.check()?;
                self.inside.drop(account);
                Ok(())
            })
        }
    }

    fn acme() -> SecretName {
        SecretName::of(&Account {
            id: AccountId("acme".to_owned()),
            helpdesk: HelpDeskName::Zendesk,
            url: "https://acme.zendesk.com".to_owned(),
            agent: Agent {
                id: "1".to_owned(),
                name: "Kim Example".to_owned(),
            },
            sign_in: SignIn::AccessToken,
            agreed: Agreed::default(),
        })
    }

    fn both() -> KeyringOrMemory<Fragile> {
        KeyringOrMemory::over(Fragile::default())
    }

    async fn text(secrets: &impl Secrets) -> Option<String> {
        let read = secrets.read(&acme()).await.unwrap();
        read.map(|secret| secret.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn a_secret_goes_to_the_keyring_and_leaves_memory() {
        let secrets = both();
        assert_eq!(
            secrets.store(&acme(), &"one".into()).await,
            Ok(Kept::InKeyring)
        );
        assert_eq!(
            secrets.keyring.inside.get(&acme()).unwrap().expose_secret(),
            "one"
        );
        assert!(secrets.memory.get(&acme()).is_none());
        assert_eq!(text(&secrets).await.as_deref(), Some("one"));
    }

    #[tokio::test]
    async fn a_secret_that_the_keyring_does_not_take_is_kept_in_memory() {
        for error in [
            SecretsError::Missing,
            SecretsError::Locked,
            SecretsError::Silent,
            SecretsError::Failed,
        ] {
            let secrets = both();
            secrets.keyring.set(Some(error));
            assert_eq!(
                secrets.store(&acme(), &"one".into()).await,
                Ok(Kept::InMemory(error))
            );
            assert_eq!(text(&secrets).await.as_deref(), Some("one"));
        }
    }

    #[tokio::test]
    async fn memory_wins_over_an_older_secret_in_the_keyring_until_that_takes_a_new_one() {
        let secrets = both();
        secrets.store(&acme(), &"one".into()).await.unwrap();
        secrets.keyring.set(Some(SecretsError::Locked));
        secrets.store(&acme(), &"two".into()).await.unwrap();
        secrets.keyring.set(None);
        assert_eq!(text(&secrets).await.as_deref(), Some("two"));
        assert_eq!(
            secrets.store(&acme(), &"three".into()).await,
            Ok(Kept::InKeyring)
        );
        assert_eq!(text(&secrets).await.as_deref(), Some("three"));
        assert!(secrets.memory.get(&acme()).is_none());
    }

    #[tokio::test]
    async fn a_keyring_of_no_use_is_not_the_lack_of_a_secret() {
        let secrets = both();
        secrets.keyring.set(Some(SecretsError::Locked));
        assert_eq!(
            secrets.read(&acme()).await.unwrap_err(),
            SecretsError::Locked
        );
    }

    #[tokio::test]
    async fn forgetting_forgets_both() {
        let secrets = both();
        secrets.store(&acme(), &"one".into()).await.unwrap();
        secrets.keyring.set(Some(SecretsError::Locked));
        secrets.store(&acme(), &"two".into()).await.unwrap();
        secrets.keyring.set(None);
        secrets.forget(&acme()).await.unwrap();
        assert_eq!(text(&secrets).await, None);
        secrets.forget(&acme()).await.unwrap();
    }

    #[tokio::test]
    async fn without_a_keyring_a_secret_in_memory_can_be_forgotten() {
        let secrets = both();
        secrets.keyring.set(Some(SecretsError::Missing));
        assert_eq!(secrets.forget(&acme()).await, Err(SecretsError::Missing));
        secrets.store(&acme(), &"one".into()).await.unwrap();
        assert_eq!(secrets.forget(&acme()).await, Ok(()));
    }

    #[tokio::test]
    async fn a_locked_keyring_may_still_hold_what_was_to_be_forgotten() {
        let secrets = both();
        secrets.store(&acme(), &"one".into()).await.unwrap();
        secrets.keyring.set(Some(SecretsError::Locked));
        assert_eq!(secrets.forget(&acme()).await, Err(SecretsError::Locked));
    }

    #[tokio::test]
    async fn a_profile_without_a_keyring_keeps_secrets_in_memory() {
        let root = tempfile::tempdir().unwrap();
        let secrets = KeyringOrMemory::new(&Profile::below(root.path()));
        let kept = secrets.store(&acme(), &"one".into()).await;
        assert_eq!(kept, Ok(Kept::InMemory(SecretsError::Missing)));
        assert_eq!(text(&secrets).await.as_deref(), Some("one"));
    }

    #[tokio::test]
    async fn nothing_that_can_be_printed_shows_a_secret() {
        let memory = Memory::default();
        memory.store(&acme(), &"s3cret".into()).await.unwrap();
        let secrets = KeyringOrMemory::over(memory);
        assert!(!format!("{secrets:?}").contains("s3cret"));
    }
}
