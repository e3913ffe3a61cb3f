//! What the engine is built from, and its start.

use std::sync::Arc;

use domain::View;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::{Event, Hub, Presence};
use crate::Config;
use crate::account::Surroundings;
use crate::desk::Desks;
use crate::handle::{Asks, Handle};
use crate::ports::{Clock, Front, Histories, Notifier, Secrets, Store};
use crate::together::Together;

/// What the engine is built from.
pub struct Engine<D> {
    /// The settings as read at the start.
    pub config: Config,
    /// Opens accounts.
    pub desks: D,
    /// Keeps secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Keeps settings and what is remembered.
    pub store: Arc<dyn Store>,
    /// Keeps time in status.
    pub histories: Arc<dyn Histories>,
    /// Tells the agent at once.
    pub notifier: Arc<dyn Notifier>,
    /// Opens the window and ends the program.
    pub front: Arc<dyn Front>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
}

impl<D: Desks> Engine<D> {
    /// Starts the accounts; the work ends with the runtime it is started in.
    pub fn start(self, events: mpsc::Receiver<Event>) -> Handle {
        let (
            handle,
            Asks {
                asks,
                questions,
                view,
            },
        ) = Handle::pair(View::default());
        let (changed, changes) = mpsc::channel(1);
        let around = Surroundings {
            desks: Arc::new(self.desks),
            secrets: self.secrets,
            store: self.store,
            notifier: Arc::new(Together::new(self.notifier, handle.clone())),
            clock: self.clock,
            renewals: handle.renewals.clone(),
            handle: handle.clone(),
        };
        let mut hub = Hub {
            config: self.config,
            around,
            front: self.front,
            histories: self.histories,
            accounts: Vec::new(),
            hints: Vec::new(),
            presence: Presence::default(),
            shown: view,
            changed,
            choices: JoinSet::new(),
        };
        for account in hub.config.accounts.clone() {
            hub.run_account(account);
        }
        hub.show();
        tokio::spawn(hub.run(asks, questions, changes, events));
        handle
    }
}
