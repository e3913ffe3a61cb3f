//! Notifications by Windows and macOS.

use domain::Telling;
use engine::Handle;
use notify_rust::Notification;
use tokio::sync::oneshot;

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
    let shown = tokio::task::spawn_blocking(move || notification.show().map(drop));
    shown
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    works();
    Ok(())
}
