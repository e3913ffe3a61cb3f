//! What this computer has to offer: settings, whoever owns them, a desktop, a keyring.

use domain::{AccountId, AccountView, Code, Failure, HintTopic, View};
use engine::ports::{SecretName, Secrets as _, SecretsError};
use platform::{Desktop, Keyring, Offered, Profile};

use super::Checks;
use crate::frugal::Lists;
use crate::own::Need;
use crate::reach::{self, Reached};

pub(super) fn folder(checks: &mut Checks, profile: &Profile) {
    let folder = profile.config_dir();
    let shown = folder.display();
    match std::fs::read_dir(folder) {
        Ok(_) => checks.ok("settings_folder", format!("{shown} is readable.")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => checks.ok(
            "settings_folder",
            format!("{shown} is not there yet; signing in makes it."),
        ),
        Err(error) => checks.failed(
            "settings_folder",
            Failure::new(
                Code::Settings,
                format!("{shown} cannot be read ({error}). Check its permissions."),
            ),
        ),
    }
}

/// Who owns the profile, and whether the settings are of use.
pub(super) async fn owner(checks: &mut Checks, profile: &Profile) -> Option<Reached> {
    let reached = reach::reach(profile, Need::All, &Lists::default()).await;
    match reached {
        Ok(reached) => {
            let by = if reached.own.is_some() {
                "The app is not running, so statusctl acts by itself."
            } else {
                "The app is running and answers."
            };
            checks.ok("app", by);
            let hints = reached.handle.view().borrow().hints.clone();
            let hint = hints.iter().find(|hint| hint.topic == HintTopic::Settings);
            match hint {
                Some(hint) => checks.failed(
                    "settings",
                    Failure::new(Code::Settings, hint.message.clone()),
                ),
                None => checks.ok("settings", "They are understood."),
            }
            Some(reached)
        }
        Err(failure) => {
            let check = if failure.code == Code::Settings {
                "settings"
            } else {
                "app"
            };
            checks.failed(check, failure);
            None
        }
    }
}

pub(super) fn desktop(checks: &mut Checks, desktop: Desktop) {
    let lacks = |message: &str| Failure::new(Code::Lacking, message);
    let not_known = "It cannot be told from here.";
    match desktop.bus {
        Offered::Yes => checks.ok("session_bus", "It answers."),
        Offered::No => checks.failed(
            "session_bus",
            lacks(
                "There is no session bus, so there is no keyring, no tray and no notification. \
                 Log in to a desktop, or run statusctl below dbus-run-session.",
            ),
        ),
        Offered::NotKnown => checks.skipped("session_bus", not_known),
    }
    match desktop.tray {
        Offered::Yes => checks.ok("tray", "Something shows tray icons."),
        Offered::No => checks.failed(
            "tray",
            lacks(
                "Nothing on this desktop shows tray icons, so the light is in the window only. \
                 On GNOME, install the extension \u{201c}AppIndicator and KStatusNotifierItem Support\u{201d}.",
            ),
        ),
        Offered::NotKnown => checks.skipped("tray", not_known),
    }
    match desktop.notifications {
        Offered::Yes => checks.ok("notifications", "Something shows notifications."),
        Offered::No => checks.failed(
            "notifications",
            lacks(
                "Nothing on this desktop shows notifications, so a forced change is told by the light alone. \
                 Install or start a notification service, such as your desktop\u{2019}s own or dunst.",
            ),
        ),
        Offered::NotKnown => checks.skipped("notifications", not_known),
    }
}

/// Whether the keyring gives each account's secret, which is looked at by nobody.
pub(super) async fn keyring(
    checks: &mut Checks,
    profile: &Profile,
    accounts: &[AccountView],
    shown: Option<&View>,
) {
    let keyring = Keyring::new(profile);
    let mut names: Vec<SecretName> = accounts
        .iter()
        .map(|account| SecretName::at(&account.account, &account.url))
        .collect();
    if names.is_empty() {
        // Nothing is there under this name, and a keyring that works says so.
        names.push(SecretName::at(&AccountId("nobody".to_owned()), "nowhere"));
    }
    let mut missing = 0;
    for name in &names {
        match keyring.read(name).await {
            Ok(Some(_)) => {}
            Ok(None) => missing += 1,
            Err(error) => return checks.failed("keyring", no_keyring(error)),
        }
    }
    let in_memory = shown.is_some_and(|view| {
        view.hints
            .iter()
            .any(|hint| hint.topic == HintTopic::Keyring)
    });
    if accounts.is_empty() || missing == 0 {
        checks.ok("keyring", "It answers.");
    } else if in_memory {
        checks.ok(
            "keyring",
            "It answers; a sign-in that came before it did is kept by the app until that ends.",
        );
    } else {
        checks.failed(
            "keyring",
            Failure::new(
                Code::SignedOut,
                format!(
                    "It answers, and {missing} of {} sign-ins are not in it. Sign in again.",
                    names.len()
                ),
            ),
        );
    }
}

fn no_keyring(error: SecretsError) -> Failure {
    let mend = match error {
        SecretsError::Missing => "Install or start one, such as GNOME Keyring or KWallet.",
        SecretsError::Locked => "Unlock it.",
        SecretsError::Silent => "Look for its password prompt, or restart it.",
        SecretsError::Failed => "Restart it.",
    };
    Failure::new(
        Code::NoSecretStore,
        format!("Sign-ins cannot be kept or read, since {error}. {mend}"),
    )
}
