//! A watcher of tray items without a panel.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, fdo::DBusProxy};
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::{fdo, interface};

use super::place::Place;
use super::wait::wait_for;

pub(super) const WATCHER: &str = "org.kde.StatusNotifierWatcher";
pub(super) const WATCHER_PATH: &str = "/StatusNotifierWatcher";

/// A running watcher of tray items; it leaves the bus when dropped.
#[derive(Debug)]
pub struct Watcher {
    connection: Option<Connection>,
    items: Items,
}

/// The registered items, each with the moment when it came.
type Items = Arc<Mutex<Vec<(String, Instant)>>>;

#[derive(Debug)]
struct Service {
    items: Items,
    has_host: bool,
}

impl Watcher {
    #[track_caller]
    pub(super) fn start(place: &Place, has_host: bool) -> Self {
        let connection = place.connect();
        let service = Service {
            items: Arc::default(),
            has_host,
        };
        let items = Arc::clone(&service.items);
        connection
            .object_server()
            .at(WATCHER_PATH, service)
            .expect("the path is free");
        forget_items_that_leave(&connection, Arc::clone(&items));
        connection
            .request_name(WATCHER)
            .expect("no other watcher is on the bus");
        place.wait_for_name(WATCHER, true, Duration::from_secs(5));
        Self {
            connection: Some(connection),
            items,
        }
    }

    /// The items that are registered now, each with the moment when it came.
    pub fn items(&self) -> Vec<(String, Instant)> {
        self.items.lock().expect("no test panics here").clone()
    }

    /// Waits until an item is registered, and tells when that was.
    #[track_caller]
    pub fn wait_for_item(&self, limit: Duration) -> Instant {
        wait_for("a tray item", limit, || {
            self.items().first().map(|(_, at)| *at)
        })
    }

    /// Leaves the bus, as a crashed panel does.
    pub fn stop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // On a bus that is gone there is nothing to leave.
            let _ = connection.release_name(WATCHER);
            let _ = connection.close();
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop();
    }
}

fn forget_items_that_leave(connection: &Connection, items: Items) {
    let bus = DBusProxy::new(connection).expect("the bus answers");
    let changes = bus
        .receive_name_owner_changed()
        .expect("the bus accepts the match");
    thread::spawn(move || {
        for change in changes {
            let Ok(change) = change.args() else { continue };
            if change.new_owner().is_none() {
                let gone = format!("{}/", change.name());
                items
                    .lock()
                    .expect("no test panics here")
                    .retain(|(item, _)| !item.starts_with(&gone));
            }
        }
    });
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Service {
    async fn register_status_notifier_item(
        &self,
        service: &str,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> fdo::Result<()> {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') {
            format!("{sender}{service}")
        } else {
            format!("{service}/StatusNotifierItem")
        };
        {
            let mut items = self.items.lock().expect("no test panics here");
            if items.iter().any(|(known, _)| *known == item) {
                return Ok(());
            }
            items.push((item.clone(), Instant::now()));
        }
        Self::status_notifier_item_registered(&emitter, &item).await?;
        Ok(())
    }

    #[expect(
        clippy::unused_self,
        reason = "a method of the interface that needs no state here"
    )]
    fn register_status_notifier_host(&self, service: &str) {
        let _ = service;
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items
            .lock()
            .expect("no test panics here")
            .iter()
            .map(|(item, _)| item.clone())
            .collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        self.has_host
    }

    #[zbus(property)]
    #[expect(
        clippy::unused_self,
        reason = "a property of the interface that needs no state here"
    )]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(
        emitter: &SignalEmitter<'_>,
        item: &str,
    ) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}
