//! What the computer tells: whether the agent is there, goes or comes back, and what waits for that.

use std::time::Duration;

use domain::{Hint, HintTopic, Input};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};

use super::Hub;
use crate::account::Order;
use crate::delay::{Delay, Released};
use crate::desk::Desks;

/// Whoever sleeps, shuts down or quits waits no longer for a write or a renewal of a sign-in.
pub const UNTIL_SETTLED: Duration = Duration::from_secs(4);

/// What the surroundings tell the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The computer is going to sleep.
    Slept,
    /// The computer is going to shut down; [`Event::Woke`] where it does not after all.
    ShuttingDown,
    /// Whoever told what came before waits until nothing is being written, for 4 s at most.
    Settle(Delay),
    /// The computer woke up.
    Woke,
    /// The screen was locked.
    Locked,
    /// The screen was unlocked.
    Unlocked,
    /// Nobody has touched the computer for a while.
    Idle,
    /// Somebody touches it again.
    Active,
    /// The network came or went.
    NetworkChanged,
    /// This computer lacks something.
    Lacks(Hint),
    /// This computer lacks it no longer.
    Has(HintTopic),
}

impl Event {
    /// Tells the engine of it, if anything, and waits until nothing is being written.
    pub async fn settled(first: Option<Self>, events: &mpsc::Sender<Self>) {
        let (delay, written) = Delay::pair();
        for event in first.into_iter().chain([Self::Settle(delay)]) {
            // Without an engine nothing is being written.
            if events.send(event).await.is_err() {
                return;
            }
        }
        written.wait().await;
    }
}

/// What the computer said last, for accounts that come later.
#[derive(Debug, Default)]
pub(super) struct Presence {
    locked: bool,
    idle: bool,
}

impl Presence {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Locked => self.locked = true,
            Event::Unlocked => *self = Self::default(),
            Event::Idle => self.idle = true,
            Event::Active => self.idle = false,
            _ => {}
        }
    }

    pub(super) fn inputs(&self) -> impl Iterator<Item = Input> {
        let locked = self.locked.then_some(Input::Locked);
        locked.into_iter().chain(self.idle.then_some(Input::Idle))
    }
}

impl<D: Desks> Hub<D> {
    pub(super) fn hear(&mut self, event: Event) {
        self.presence.hear(&event);
        let input = match event {
            Event::Slept => Input::Slept,
            Event::ShuttingDown => Input::ShuttingDown,
            Event::Settle(asked) => {
                let written = self.settle();
                tokio::spawn(async move {
                    let _ = timeout(UNTIL_SETTLED, written.wait()).await;
                    drop(asked);
                });
                return;
            }
            Event::Woke => Input::Woke,
            Event::Locked => Input::Locked,
            Event::Unlocked => Input::Unlocked,
            Event::Idle => Input::Idle,
            Event::Active => Input::Active,
            Event::NetworkChanged => Input::NetworkChanged,
            Event::Lacks(hint) => {
                self.hints.retain(|known| known.topic != hint.topic);
                self.hints.push(hint);
                return self.show();
            }
            Event::Has(topic) => {
                self.hints.retain(|known| known.topic != topic);
                return self.show();
            }
        };
        self.tell_all(&input);
    }

    /// Ends the program once nothing is being written any more, or the time for that is over.
    pub(super) fn quit(&self) {
        self.tell_all(&Input::Quitting);
        let written = self.settle();
        let clock = self.around.clock.clone();
        let recordings: Vec<_> = self
            .accounts
            .iter()
            .map(|running| running.recording.clone())
            .collect();
        let (front, handle) = (self.front.clone(), self.around.handle.clone());
        let notifier = self.around.notifier.clone();
        tokio::spawn(async move {
            let until = Instant::now() + UNTIL_SETTLED;
            // What is told from now on stays: it is what became of the last click.
            let clearing = timeout_at(until, notifier.clear());
            // A write may need the sign-in renewed, so it comes first.
            let _ = tokio::join!(clearing, timeout_at(until, written.wait()));
            for recording in recordings {
                recording.end(clock.now());
            }
            let settled = timeout_at(until, handle.settled()).await;
            front.quit();
            // Until the process is gone, no renewal may begin.
            std::mem::forget(settled);
        });
    }

    /// Has every account hold on until it has nothing to write; the wait for that.
    fn settle(&self) -> Released {
        let (delay, written) = Delay::pair();
        for running in &self.accounts {
            running.order(Order::Settle(delay.clone()));
        }
        written
    }
}
