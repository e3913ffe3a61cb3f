//! Notifications by the desktop's notification service:
//! <https://specifications.freedesktop.org/notification-spec/latest/protocol.html>.

use std::collections::HashMap;
use std::time::Duration;

use domain::{Action, Telling};
use engine::Handle;
use futures_lite::StreamExt;
use tokio::sync::oneshot;
use tokio::time::timeout;
use zbus::zvariant::Value;
use zbus::{Connection, Proxy};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// A service that is being started may take its time, a hanging one for ever.
const LIMIT: Duration = Duration::from_secs(10);
/// It stays until it is answered: who was away from the desk reads it on coming back.
const NEVER: i32 = 0;

/// Shows a notification until it is answered, closed or withdrawn, or the service is gone.
pub(super) async fn show(
    telling: &Telling,
    handle: Handle,
    withdrawn: oneshot::Receiver<()>,
    works: impl FnOnce(),
) -> Result<(), String> {
    // The connection stays open as long as the notification: some desktops close both together.
    let shown = timeout(LIMIT, Shown::new(telling)).await;
    let shown = shown.map_err(|_| "no answer in time".to_owned())?;
    let mut shown = shown.map_err(|error| error.to_string())?;
    works();
    tokio::select! {
        key = shown.answer() => {
            if let Some(action) = key.and_then(|key| action(telling, &key)) {
                super::click(action, handle).await;
            }
        }
        _ = withdrawn => {
            let id = (shown.id,);
            drop(timeout(LIMIT, shown.proxy.call::<_, _, ()>("CloseNotification", &id)).await);
        }
    }
    Ok(())
}

/// A notification on the screen.
struct Shown {
    proxy: Proxy<'static>,
    id: u32,
    pressed: zbus::proxy::SignalStream<'static>,
    closed: zbus::proxy::SignalStream<'static>,
    owner: zbus::proxy::OwnerChangedStream<'static>,
}

impl Shown {
    async fn new(telling: &Telling) -> zbus::Result<Self> {
        let bus = Connection::session().await?;
        let proxy = Proxy::new(&bus, SERVICE, PATH, SERVICE).await?;
        // First listen, then show: a press comes as early as it likes.
        let pressed = proxy.receive_signal("ActionInvoked").await?;
        let closed = proxy.receive_signal("NotificationClosed").await?;
        let hints = HashMap::from([("desktop-entry", Value::from("org.statuslight.desktop"))]);
        let id = proxy
            .call(
                "Notify",
                &(
                    "Statuslight",
                    0u32,
                    "org.statuslight.desktop",
                    telling.title.as_str(),
                    escaped(&telling.body),
                    buttons(telling),
                    hints,
                    NEVER,
                ),
            )
            .await?;
        let owner = proxy.receive_owner_changed().await?;
        Ok(Self {
            proxy,
            id,
            pressed,
            closed,
            owner,
        })
    }

    /// Waits for the button that is pressed; `None` for a notification that is gone.
    async fn answer(&mut self) -> Option<String> {
        loop {
            tokio::select! {
                // A press is followed by the closing; it must not be missed for it.
                biased;
                pressed = self.pressed.next() => {
                    let (id, key): (u32, String) = pressed?.body().deserialize().ok()?;
                    if id == self.id {
                        return Some(key);
                    }
                }
                closed = self.closed.next() => {
                    let (id, _reason): (u32, u32) = closed?.body().deserialize().ok()?;
                    if id == self.id {
                        return None;
                    }
                }
                owner = self.owner.next() => {
                    owner.flatten()?;
                }
            }
        }
    }
}

/// Keys and labels by turns; `default` is a click on the notification itself.
fn buttons(telling: &Telling) -> Vec<String> {
    let mut buttons = vec!["default".to_owned(), "Open Statuslight".to_owned()];
    for (index, button) in telling.buttons.iter().enumerate() {
        buttons.extend([index.to_string(), button.label.clone()]);
    }
    buttons
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
            action: Action::Keep {
                account,
                at: jiff::Timestamp::UNIX_EPOCH,
            },
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
        assert_eq!(escaped(&telling().body), "&lt;b&gt;R&amp;D&lt;/b&gt;");
    }
}
