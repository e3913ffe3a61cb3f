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
