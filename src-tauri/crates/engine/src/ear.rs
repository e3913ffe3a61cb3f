//! The way by which a help desk speaks by itself: a task that holds it open, and what comes from it.

use std::sync::Arc;
use std::time::Duration;

use domain::{Closed, DeskError, Heard};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::desk::Desk;

/// Opening takes no longer: three origins, each with a request of its own.
const OPENING: Duration = Duration::from_secs(30);
/// Words that may wait; the help desk's own rarely follow one another within a second.
const QUEUE: usize = 64;

/// The way, open or not.
#[derive(Debug, Default)]
pub(crate) struct Ear(Option<Open>);

#[derive(Debug)]
struct Open {
    heard: mpsc::Receiver<Heard>,
    pings: mpsc::Sender<()>,
    task: JoinHandle<()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Ear {
    /// Opens the way; what comes of it is heard.
    pub(crate) fn open<D: Desk>(&mut self, desk: Arc<D>) {
        let (hears, heard) = mpsc::channel(QUEUE);
        let (pings, asked) = mpsc::channel(1);
        let task = tokio::spawn(attend(desk, hears, asked));
        self.0 = Some(Open { heard, pings, task });
    }

    /// Closes the way; nothing more is heard.
    pub(crate) fn close(&mut self) {
        self.0 = None;
    }

    /// Says that the agent is there, unless the way is just being closed.
    pub(crate) fn ping(&self) {
        if let Some(open) = &self.0 {
            // One that still waits to be said says as much.
            let _ = open.pings.try_send(());
        }
    }

    /// Waits for the next word; for ever where the way is closed.
    pub(crate) async fn next(&mut self) -> Heard {
        let Some(open) = &mut self.0 else {
            return std::future::pending().await;
        };
        let heard = open.heard.recv().await;
        let heard = heard.unwrap_or_else(|| Heard::Closed(Closed::Broken("it ended".to_owned())));
        if let Heard::Closed(why) = &heard {
            tracing::debug!(?why, "the help desk is heard no more");
            self.0 = None;
        }
        heard
    }
}

async fn attend<D: Desk>(desk: Arc<D>, hears: mpsc::Sender<Heard>, mut pings: mpsc::Receiver<()>) {
    let opened = timeout(OPENING, desk.listen())
        .await
        .unwrap_or(Err(Closed::Failed(DeskError::TimedOut)));
    let mut socket = match opened {
        Ok(socket) => socket,
        Err(why) => return drop(hears.send(Heard::Closed(why)).await),
    };
    let tells_changes = socket.tells_changes();
    if hears.send(Heard::Open { tells_changes }).await.is_err() {
        return;
    }
    loop {
        let heard = tokio::select! {
            heard = socket.next() => heard,
            Some(()) = pings.recv() => match socket.ping().await {
                Ok(()) => continue,
                Err(why) => Heard::Closed(why),
            },
        };
        let is_last = matches!(heard, Heard::Closed(_));
        if hears.send(heard).await.is_err() || is_last {
            return;
        }
    }
}
