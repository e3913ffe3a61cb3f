//! Notifications by the desktop's notification service.

use std::time::Duration;

use domain::{Action, Telling};
use engine::Handle;
use notify_rust::{Hint, Notification, NotificationHandle, NotificationResponse, Timeout, Urgency};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// A service that is being started may take its time, a hanging one for ever.
const LIMIT: Duration = Duration::from_secs(10);

/// Shows a notification until it is answered, closed or withdrawn.
pub(super) async fn show(
    telling: &Telling,
    handle: Handle,
    withdrawn: oneshot::Receiver<()>,
) -> Result<(), String> {
    let notification = notification(telling);
    let shown = timeout(LIMIT, notification.show_async())
        .await
        .map_err(|_| "no answer in time".to_owned())?;
    // The connection stays open as long as the notification: some desktops close both together.
    let shown = shown.map_err(|error| error.to_string())?;
    let answered = answer(&shown);
    tokio::select! {
        key = answered => {
            if let Some(action) = key.and_then(|key| action(telling, &key)) {
                if let Err(failure) = handle.act(action).await {
                    tracing::info!(code = ?failure.code, "a notification's button was not carried out");
                }
            }
        }
        _ = withdrawn => drop(timeout(LIMIT, shown.close_async()).await),
    }
    Ok(())
}

/// Waits for the button that is pressed; `None` for a notification that was closed.
async fn answer(shown: &NotificationHandle) -> Option<String> {
    let (pressed, mut press) = tokio::sync::mpsc::channel(1);
    shown
        .wait_for_action_async(move |response: &NotificationResponse| {
            let key = match response {
                NotificationResponse::Default => "default",
                NotificationResponse::Action(key) => key,
                _ => return,
            };
            let _ = pressed.try_send(key.to_owned());
        })
        .await;
    press.try_recv().ok()
}

fn notification(telling: &Telling) -> Notification {
    let mut notification = Notification::new();
    notification
        .appname("Statuslight")
        .summary(&telling.title)
        .body(&escaped(&telling.body))
        .icon("org.statuslight.desktop")
        .hint(Hint::DesktopEntry("org.statuslight.desktop".to_owned()))
        .urgency(Urgency::Normal)
        // It stays until it is answered: who was away from the desk reads it on coming back.
        .timeout(Timeout::Never)
        .action("default", "Open Statuslight");
    for (index, button) in telling.buttons.iter().enumerate() {
        notification.action(&index.to_string(), &button.label);
    }
    notification
}

fn action(telling: &Telling, key: &str) -> Option<Action> {
    if key == "default" {
        return Some(Action::Open);
    }
    let button = telling.buttons.get(key.parse::<usize>().ok()?)?;
    Some(button.action.clone())
}

/// A body may be read as markup: <https://specifications.freedesktop.org/notification-spec/latest/markup.html>.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, Button};

    use super::*;

    fn telling() -> Telling {
        let account = AccountId("acme".to_owned());
        let keep = Button {
            label: "Keep Away".to_owned(),
            action: Action::Keep { account },
        };
        Telling {
            title: "You were moved to Away".to_owned(),
            body: "<b>R&D</b>".to_owned(),
            buttons: vec![keep],
        }
    }

    #[test]
    fn a_button_does_its_own_action_and_an_unknown_key_does_nothing() {
        assert_eq!(
            action(&telling(), "0"),
            Some(telling().buttons[0].action.clone())
        );
        assert_eq!(action(&telling(), "default"), Some(Action::Open));
        assert_eq!(action(&telling(), "1"), None);
        assert_eq!(action(&telling(), "__closed"), None);
    }

    #[test]
    fn a_status_named_with_markup_is_shown_as_text() {
        assert_eq!(notification(&telling()).body, "&lt;b&gt;R&amp;D&lt;/b&gt;");
    }
}
