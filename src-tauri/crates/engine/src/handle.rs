//! The one way in: ask by an action, watch the view.

use std::sync::Arc;

use domain::{Action, Code, Failure, View};
use tokio::sync::{mpsc, oneshot, watch};

/// Actions that may wait unanswered; more are not clicked by anybody.
const QUEUE: usize = 64;

/// The one way in, for every surface; it may lead to another process.
#[derive(Clone, Debug)]
pub struct Handle {
    asks: mpsc::Sender<Ask>,
    view: watch::Receiver<Arc<View>>,
}

/// An action and who waits for its outcome.
#[derive(Debug)]
pub struct Ask {
    /// What is asked.
    pub action: Action,
    /// Where the outcome goes; dropped, it counts as a fault.
    pub outcome: oneshot::Sender<Result<(), Failure>>,
}

/// The other end of a handle.
#[derive(Debug)]
pub struct Asks {
    /// What surfaces ask.
    pub asks: mpsc::Receiver<Ask>,
    /// What they are shown.
    pub view: watch::Sender<Arc<View>>,
}

impl Handle {
    /// A handle and its other end, which starts with `view`.
    pub fn pair(view: View) -> (Self, Asks) {
        let (asks, asked) = mpsc::channel(QUEUE);
        let (shown, view) = watch::channel(Arc::new(view));
        (
            Self { asks, view },
            Asks {
                asks: asked,
                view: shown,
            },
        )
    }

    /// Does what is asked and waits for the confirmed outcome.
    ///
    /// # Errors
    /// Says why it did not come about.
    pub async fn act(&self, action: Action) -> Result<(), Failure> {
        let (outcome, answer) = oneshot::channel();
        let gone = || {
            Failure::new(
                Code::Internal,
                "Statuslight ended before this was done. Start it again and look at your status.",
            )
        };
        self.asks
            .send(Ask { action, outcome })
            .await
            .map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// What there is to show, now and whenever it changes.
    pub fn view(&self) -> watch::Receiver<Arc<View>> {
        self.view.clone()
    }
}
