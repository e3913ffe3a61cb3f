//! Delays: who sleeps, shuts down or quits waits until nothing is being written.

use std::convert::Infallible;

use tokio::sync::mpsc;

/// Held by whoever still has something to write; once the last one is dropped, the wait is over.
#[derive(Clone, Debug)]
pub struct Delay(mpsc::Sender<Infallible>);

/// The wait.
#[derive(Debug)]
pub struct Released(mpsc::Receiver<Infallible>);

impl Delay {
    /// A delay and the wait for its end.
    pub fn pair() -> (Self, Released) {
        let (delay, released) = mpsc::channel(1);
        (Self(delay), Released(released))
    }
}

impl PartialEq for Delay {
    /// Whether both hold up the same wait.
    fn eq(&self, other: &Self) -> bool {
        self.0.same_channel(&other.0)
    }
}

impl Eq for Delay {}

impl Released {
    /// Waits until nobody holds any more.
    pub async fn wait(mut self) {
        // Nothing is ever sent.
        let _ = self.0.recv().await;
    }
}
