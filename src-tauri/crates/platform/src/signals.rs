//! What the computer says about sleep, lock, idleness and network.

#[cfg(any(windows, target_os = "macos", test))]
mod away;
#[cfg(any(windows, target_os = "macos", test))]
mod idleness;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(any(target_os = "macos", test))]
mod notification;
mod shutdown;
#[cfg(any(windows, target_os = "macos", test))]
mod teller;
#[cfg(any(windows, test))]
mod window_message;
#[cfg(windows)]
mod windows;

use std::sync::Arc;

use domain::View;
use engine::Event;
use tokio::sync::{mpsc, watch};

use crate::Offered;

pub use self::shutdown::Shutdown;

/// Tells the engine of sleep, lock, idleness and network until nobody listens; returns at once.
///
/// Linux: by D-Bus, as far as the buses and services are there. Windows: by messages to a hidden window. macOS: by
/// notifications, which come while the main thread runs the program's loop; watched from that thread.
/// While something is being written, sleep and shutdown are asked to wait for it, where that can be asked.
/// Called inside a tokio runtime.
pub fn watch(events: mpsc::Sender<Event>, view: watch::Receiver<Arc<View>>) -> Shutdown {
    let shutdown = Shutdown::default();
    #[cfg(target_os = "linux")]
    linux::watch(events, view);
    #[cfg(target_os = "macos")]
    {
        // Nobody has to be asked beforehand to be waited for.
        drop(view);
        macos::watch(events, shutdown.clone());
    }
    #[cfg(windows)]
    windows::watch(events, view, shutdown.clone());
    shutdown
}

/// Whether the computer can be asked to wait for a guard before it sleeps or shuts down.
///
/// Linux: logind is asked to, and let go at once. Windows and macOS: nobody can be asked beforehand.
#[cfg_attr(
    not(target_os = "linux"),
    expect(clippy::unused_async, reason = "elsewhere nobody is asked")
)]
pub async fn waits() -> Offered {
    #[cfg(target_os = "linux")]
    {
        linux::waits().await
    }
    #[cfg(not(target_os = "linux"))]
    {
        Offered::NotKnown
    }
}
