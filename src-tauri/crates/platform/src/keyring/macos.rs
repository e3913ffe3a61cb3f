//! The login keychain.

use std::sync::Arc;

use apple_native_keyring_store::keychain::Store;
use engine::ports::SecretsError;
use keyring_core::{CredentialStore, Error};

/// Opens the keychain.
///
/// # Errors
/// Says why there is none to ask.
pub(super) fn open() -> Result<Arc<CredentialStore>, SecretsError> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(error) => {
            tracing::warn!(%error, "the keychain cannot be opened");
            Err(explain(&error))
        }
    }
}

/// Says what an error of the keychain means for us.
pub(super) fn explain(error: &Error) -> SecretsError {
    match error {
        Error::NoStorageAccess(_) => SecretsError::Locked,
        _ => SecretsError::Failed,
    }
}
