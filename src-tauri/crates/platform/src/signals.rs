//! What the computer says about sleep, lock, idleness and network.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

use std::sync::Arc;
use std::time::Duration;

use domain::View;
use engine::Event;
use tokio::sync::{mpsc, watch};

use crate::Offered;

/// So long the computer may take to say whether it would wait.
const LIMIT: Duration = Duration::from_secs(3);

#[cfg(target_os = "linux")]
use self::linux as system;
#[cfg(not(target_os = "linux"))]
use self::other as system;

/// Tells the engine of sleep, lock and network until nobody listens; returns at once.
///
/// Linux: by D-Bus, as far as the buses and services are there. Windows and macOS: nothing is told yet. The engine
/// notices sleep by itself, from the gap between its clocks; a lock it does not notice, and it reads on meanwhile.
/// While `view` shows a guard that needs time, sleep and shutdown are asked to wait for it, where that can be asked.
pub fn watch(events: mpsc::Sender<Event>, view: watch::Receiver<Arc<View>>) {
    system::watch(events, view);
}

/// Whether the computer can be asked to wait for a guard before it sleeps or shuts down.
///
/// Linux: logind is asked to, and let go at once. Windows and macOS: it is not known.
pub async fn waits() -> Offered {
    let asked = tokio::time::timeout(LIMIT, system::waits()).await;
    asked.unwrap_or(Offered::NotKnown)
}
