//! A notification server that records, and answers what the test says.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use zbus::blocking::Connection;
use zbus::interface;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;

use super::log::NotificationLog;
use super::place::Place;

pub(super) const NOTIFICATIONS: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A running notification server without a screen; it leaves the bus when dropped.
#[derive(Debug)]
pub struct NotificationMock {
    connection: Option<Connection>,
    log: Arc<NotificationLog>,
}

#[derive(Debug)]
struct Service {
    log: Arc<NotificationLog>,
    last_id: AtomicU32,
}

impl NotificationMock {
    #[track_caller]
    pub(super) fn start(place: &Place) -> Self {
        let connection = place.connect();
        let log = Arc::<NotificationLog>::default();
        let service = Service {
            log: Arc::clone(&log),
            last_id: AtomicU32::new(0),
        };
        connection
            .object_server()
            .at(PATH, service)
            .expect("the path is free");
        connection
            .request_name(NOTIFICATIONS)
            .expect("no other notification server is on the bus");
        place.wait_for_name(NOTIFICATIONS, true, Duration::from_secs(5));
        Self {
            connection: Some(connection),
            log,
        }
    }

    /// Presses the button with this label on the notification `id`, which closes it.
    #[track_caller]
    pub fn press(&self, id: u32, label: &str) {
        let all = self.log.all();
        let key = all
            .iter()
            .rev()
            .find(|entry| entry.id == id)
            .and_then(|entry| entry.action_key(label));
        let key = key
            .unwrap_or_else(|| panic!("no button {label:?} on the notification {id} of {all:#?}"));
        self.invoke(id, key);
        self.close(id, 2);
    }

    /// Sends the signal that the action with this key was invoked.
    #[track_caller]
    pub fn invoke(&self, id: u32, key: &str) {
        self.emit("ActionInvoked", &(id, key));
    }

    /// Closes the notification `id`: 1 expired, 2 by the person, 3 by the application.
    #[track_caller]
    pub fn close(&self, id: u32, reason: u32) {
        self.log.close(id, reason);
        self.emit("NotificationClosed", &(id, reason));
    }

    /// Leaves the bus, as a crashed server does.
    pub fn stop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // On a bus that is gone there is nothing to leave.
            let _ = connection.release_name(NOTIFICATIONS);
            let _ = connection.close();
        }
    }

    #[track_caller]
    fn emit<B: serde::Serialize + zbus::zvariant::DynamicType>(&self, signal: &str, body: &B) {
        let connection = self
            .connection
            .as_ref()
            .expect("the notification server runs");
        connection
            .emit_signal(None::<&str>, PATH, NOTIFICATIONS, signal, body)
            .expect("the bus lives");
    }
}

impl Deref for NotificationMock {
    type Target = NotificationLog;

    fn deref(&self) -> &NotificationLog {
        &self.log
    }
}

impl Drop for NotificationMock {
    fn drop(&mut self) {
        self.stop();
    }
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the arguments of the interface")]
    fn notify(
        &self,
        app_name: String,
        replaces_id: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expire_timeout: i32,
    ) -> u32 {
        let id = if replaces_id == 0 {
            self.last_id.fetch_add(1, Ordering::Relaxed) + 1
        } else {
            replaces_id
        };
        self.log.add(
            id,
            (
                app_name,
                replaces_id,
                icon,
                summary,
                body,
                actions,
                hints,
                expire_timeout,
            ),
        );
        id
    }

    async fn close_notification(
        &self,
        id: u32,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        self.log.close(id, 3);
        Self::notification_closed(&emitter, id, 3).await?;
        Ok(())
    }

    #[expect(
        clippy::unused_self,
        reason = "a method of the interface that needs no state here"
    )]
    fn get_capabilities(&self) -> Vec<&str> {
        vec!["actions", "body", "body-markup", "persistence"]
    }

    #[expect(
        clippy::unused_self,
        reason = "a method of the interface that needs no state here"
    )]
    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("recorder", "system-tests", "1", "1.2")
    }

    #[zbus(signal)]
    async fn notification_closed(
        emitter: &SignalEmitter<'_>,
        id: u32,
        reason: u32,
    ) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, key: &str) -> zbus::Result<()>;
}
