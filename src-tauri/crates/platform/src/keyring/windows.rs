//! The Credential Manager.

use std::sync::Arc;

use engine::ports::SecretsError;
use keyring_core::{CredentialStore, Error};
use windows_native_keyring_store::Store;

/// Opens the Credential Manager.
///
/// # Errors
/// Says why there is none to ask.
pub(super) fn open() -> Result<Arc<CredentialStore>, SecretsError> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(error) => {
            tracing::warn!(%error, "the Credential Manager cannot be opened");
            Err(explain(&error))
        }
    }
}

/// Says what an error of the Credential Manager means for us.
pub(super) fn explain(error: &Error) -> SecretsError {
    match error {
        Error::NoStorageAccess(_) => SecretsError::Locked,
        _ => SecretsError::Failed,
    }
}

#[cfg(test)]
mod tests {
    use domain::AccountId;
    use engine::ports::{Kept, SecretName, Secrets};
    use secrecy::{ExposeSecret, SecretString};

    use super::super::Keyring;

    #[tokio::test]
    async fn a_secret_is_kept_read_replaced_and_forgotten() {
        let keyring = Keyring {
            service: Some("Statuslight test"),
        };
        let id = AccountId(format!("test-{}", std::process::id()));
        let name = SecretName::at(&id, "https://acme.example");
        for secret in ["first", "a second one, which is longer"] {
            let secret = SecretString::from(secret);
            let kept = keyring.store(&name, &secret).await.unwrap();
            assert_eq!(kept, Kept::InKeyring);
            let read = keyring.read(&name).await.unwrap().unwrap();
            assert_eq!(read.expose_secret(), secret.expose_secret());
        }
        keyring.forget(&name).await.unwrap();
        // Under Wine the error that says "none" is lost on the way, and it reads as one that says nothing.
        let read = keyring.read(&name).await;
        assert!(!matches!(read, Ok(Some(_))));
    }
}
