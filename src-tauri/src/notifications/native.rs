//! Notifications by Windows and macOS.

use domain::Telling;
use engine::Handle;
use notify_rust::Notification;
use tokio::sync::oneshot;

/// What the installers register the app as.
const IDENTIFIER: &str = "org.statuslight.desktop";

/// Shows a notification. Its buttons come with the installers, which register what they need;
/// until then the tray menu and the window hold the same offer.
pub(super) async fn show(
    telling: &Telling,
    _handle: Handle,
    _withdrawn: oneshot::Receiver<()>,
    works: impl FnOnce(),
) -> Result<(), String> {
    let mut notification = Notification::new();
    notification
        .appname("Statuslight")
        .summary(&telling.title)
        .body(&telling.body);
    // Unset, the notification is shown as another program's.
    #[cfg(windows)]
    notification.app_id(IDENTIFIER);
    let shown = tokio::task::spawn_blocking(move || {
        // Unset, macOS asks the agent where an application of no name is.
        #[cfg(target_os = "macos")]
        let _ = notify_rust::set_application(IDENTIFIER);
        notification.show().map(drop)
    });
    shown
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    works();
    Ok(())
}
