//! Systems whose signals are not read yet.

use std::sync::Arc;

use domain::View;
use engine::Event;
use tokio::sync::{mpsc, watch};

use crate::Offered;

/// Tells nothing, and lets go of the engine.
pub(super) fn watch(events: mpsc::Sender<Event>, _: watch::Receiver<Arc<View>>) {
    drop(events);
    tracing::info!("sleep, lock and network are not watched on this system");
}

/// Nobody was asked.
pub(super) async fn waits() -> Offered {
    Offered::NotKnown
}
