//! The Secret Service, which GNOME Keyring, `KWallet` and `KeePassXC` offer.

use std::sync::Arc;

use engine::ports::SecretsError;
use keyring_core::{CredentialStore, Error};
use secret_service::Error as ServiceError;
use zbus_secret_service_keyring_store::Store;

/// Connects to the keyring.
///
/// # Errors
/// Says why there is none to ask.
pub(super) fn open() -> Result<Arc<CredentialStore>, SecretsError> {
    match Store::new() {
        Ok(store) => Ok(store),
        Err(error) => {
            tracing::warn!(%error, "the keyring cannot be opened");
            Err(explain(&error))
        }
    }
}

/// Says what an error of the keyring means for us.
pub(super) fn explain(error: &Error) -> SecretsError {
    let (Error::PlatformFailure(cause) | Error::NoStorageAccess(cause)) = error else {
        return SecretsError::Failed;
    };
    match cause.downcast_ref::<ServiceError>() {
        // No result: there is a service, but it has no keyring to keep things in.
        Some(ServiceError::Unavailable | ServiceError::NoResult) => SecretsError::Missing,
        Some(ServiceError::Locked | ServiceError::Prompt) => SecretsError::Locked,
        Some(ServiceError::Zbus(error)) => of_bus(error),
        Some(ServiceError::ZbusFdo(error)) => of_call(error),
        _ => SecretsError::Failed,
    }
}

fn of_bus(error: &zbus::Error) -> SecretsError {
    match error {
        zbus::Error::FDO(error) => of_call(error),
        zbus::Error::MethodError(name, ..) => of_name(name),
        // There is no bus, or it is not ours.
        zbus::Error::Address(_)
        | zbus::Error::Connection(..)
        | zbus::Error::Handshake(_)
        | zbus::Error::InputOutput(_) => SecretsError::Missing,
        _ => SecretsError::Failed,
    }
}

fn of_call(error: &zbus::fdo::Error) -> SecretsError {
    match error {
        zbus::fdo::Error::ZBus(error) => of_bus(error),
        error => of_name(&zbus::DBusError::name(error)),
    }
}

fn of_name(name: &str) -> SecretsError {
    const NOBODY: [&str; 4] = [
        "ServiceUnknown",
        "NameHasNoOwner",
        "NoServer",
        "Disconnected",
    ];
    match name.strip_prefix("org.freedesktop.DBus.Error.") {
        Some(word) if NOBODY.contains(&word) || word.starts_with("Spawn.") => SecretsError::Missing,
        Some("NoReply" | "Timeout" | "TimedOut") => SecretsError::Silent,
        None if name == "org.freedesktop.Secret.Error.IsLocked" => SecretsError::Locked,
        _ => SecretsError::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(cause: ServiceError) -> SecretsError {
        explain(&Error::PlatformFailure(Box::new(cause)))
    }

    #[test]
    fn an_error_means_what_the_agent_can_do_about_it() {
        assert_eq!(failure(ServiceError::Unavailable), SecretsError::Missing);
        assert_eq!(failure(ServiceError::NoResult), SecretsError::Missing);
        assert_eq!(failure(ServiceError::Prompt), SecretsError::Locked);
        assert_eq!(failure(ServiceError::Locked), SecretsError::Locked);
        assert_eq!(
            failure(ServiceError::PromptDisconnected),
            SecretsError::Failed
        );
        assert_eq!(explain(&Error::NoDefaultStore), SecretsError::Failed);
    }

    #[test]
    fn an_error_of_the_bus_is_told_by_its_name() {
        for (name, means) in [
            (
                "org.freedesktop.DBus.Error.ServiceUnknown",
                SecretsError::Missing,
            ),
            (
                "org.freedesktop.DBus.Error.NameHasNoOwner",
                SecretsError::Missing,
            ),
            (
                "org.freedesktop.DBus.Error.Spawn.ChildExited",
                SecretsError::Missing,
            ),
            ("org.freedesktop.DBus.Error.NoReply", SecretsError::Silent),
            (
                "org.freedesktop.Secret.Error.IsLocked",
                SecretsError::Locked,
            ),
            (
                "org.freedesktop.Secret.Error.NoSession",
                SecretsError::Failed,
            ),
        ] {
            assert_eq!(of_name(name), means, "{name}");
        }
        let no_bus = zbus::Error::InputOutput(Arc::new(std::io::ErrorKind::NotFound.into()));
        assert_eq!(failure(ServiceError::Zbus(no_bus)), SecretsError::Missing);
        let nobody = zbus::fdo::Error::ServiceUnknown(String::new());
        assert_eq!(
            failure(ServiceError::ZbusFdo(nobody.clone())),
            SecretsError::Missing
        );
        assert_eq!(
            failure(ServiceError::Zbus(nobody.into())),
            SecretsError::Missing
        );
    }
}
