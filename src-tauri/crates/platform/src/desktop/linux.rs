//! D-Bus: who is there, and who can be started.

use zbus::Connection;
use zbus::fdo::DBusProxy;

use super::{Desktop, Offered};
use crate::bus::asked;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const NOTIFICATIONS: &str = "org.freedesktop.Notifications";

pub(super) async fn look() -> Desktop {
    asked("desktop", ask).await.unwrap_or(Desktop::NOT_KNOWN)
}

async fn ask() -> Desktop {
    let Ok(bus) = Connection::session().await else {
        return Desktop {
            bus: Offered::No,
            ..Desktop::NOT_KNOWN
        };
    };
    Desktop {
        bus: Offered::Yes,
        tray: offered(&tray(&bus).await),
        notifications: offered(&notifications(&bus).await),
    }
}

fn offered(answer: &zbus::Result<bool>) -> Offered {
    match answer {
        Ok(true) => Offered::Yes,
        Ok(false) => Offered::No,
        Err(_) => Offered::NotKnown,
    }
}

/// <https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/StatusNotifierWatcher/>
async fn tray(bus: &Connection) -> zbus::Result<bool> {
    let names = DBusProxy::new(bus).await?;
    if !names.name_has_owner(WATCHER.try_into()?).await? {
        return Ok(false);
    }
    let watcher = zbus::Proxy::new(bus, WATCHER, "/StatusNotifierWatcher", WATCHER).await?;
    watcher.get_property("IsStatusNotifierHostRegistered").await
}

async fn notifications(bus: &Connection) -> zbus::Result<bool> {
    let names = DBusProxy::new(bus).await?;
    if names.name_has_owner(NOTIFICATIONS.try_into()?).await? {
        return Ok(true);
    }
    // It may be started by the first notification.
    let started = names.list_activatable_names().await?;
    Ok(started.iter().any(|name| name.as_str() == NOTIFICATIONS))
}
