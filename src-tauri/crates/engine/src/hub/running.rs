//! The accounts' actors as the hub sees them: how one starts, and what it is told.

use std::sync::Arc;

use domain::{Account, AccountId, AccountView, Input};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::Hub;
use crate::account::{Actor, Order};
use crate::desk::Desks;
use crate::recording::Recording;

/// Orders that may wait for one account.
const QUEUE: usize = 64;

/// An account's actor as the hub sees it.
pub(super) struct Running {
    pub(super) id: AccountId,
    pub(super) orders: mpsc::Sender<Order>,
    pub(super) view: watch::Receiver<AccountView>,
    pub(super) recording: Arc<Recording>,
    task: JoinHandle<()>,
}

impl Running {
    /// Tells the actor what happened.
    pub(super) fn happened(&self, input: Input) {
        self.order(Order::Happened(input));
    }

    pub(super) fn order(&self, order: Order) {
        if self.orders.try_send(order).is_err() {
            tracing::warn!(account = %self.id, "an account did not hear what happened");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
        self.recording.close();
    }
}

impl<D: Desks> Hub<D> {
    /// Starts an account's actor in the place of an older one.
    pub(super) fn run_account(&mut self, account: Account) {
        let id = account.id.clone();
        let (orders, ordered) = mpsc::channel(QUEUE);
        let recording = Arc::new(Recording::new(id.clone(), self.histories.clone()));
        let (actor, view) = Actor::new(
            account,
            self.around.clone(),
            self.config.poll_interval(),
            self.config.guards.get(&id).cloned(),
            ordered,
            recording.clone(),
        );
        let mut changes = view.clone();
        let changed = self.changed.clone();
        let task = tokio::spawn(async move {
            let watching = async {
                while changes.changed().await.is_ok() {
                    // One pending mark is enough: whoever takes it looks at everything.
                    let _ = changed.try_send(());
                }
            };
            tokio::join!(actor.run(), watching);
        });
        let running = Running {
            id: id.clone(),
            orders,
            view,
            recording,
            task,
        };
        for input in self.presence.inputs() {
            running.happened(input);
        }
        match self.accounts.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = running,
            None => self.accounts.push(running),
        }
    }
}
