//! logind's delay inhibitor: while a guard is on, sleep and shutdown wait for what it writes.
//!
//! <https://systemd.io/INHIBITOR_LOCKS/>: a file descriptor that is held until the signal has been acted on.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use domain::{Hint, HintTopic, View};
use engine::{Delay, Event};
use futures_lite::future;
use tokio::sync::{Notify, watch};
use zbus::Connection;
use zbus::zvariant::OwnedFd;

use super::message::{LOGIN, LOGIN_MANAGER};
use super::{Bus, LOGIN_PATH, Teller};

/// The inhibitor, held while a guard is on and nobody leaves.
#[derive(Default)]
pub(super) struct Inhibitor {
    held: RefCell<Option<OwnedFd>>,
    /// The computer goes to sleep or shuts down, so that it is too late to ask.
    is_leaving: Cell<bool>,
    stayed: Notify,
}

impl Inhibitor {
    /// Holds it while a guard is on, and says so where logind cannot be asked. Ends with the engine.
    pub(super) async fn keep(
        &self,
        bus: Option<&Bus>,
        mut view: watch::Receiver<Arc<View>>,
        teller: &Teller,
    ) {
        let mut lacks = false;
        loop {
            let is_wanted = view.borrow_and_update().guard_delays();
            if !is_wanted {
                drop(self.held.take());
            } else if self.held.borrow().is_none() && !self.is_leaving.get() {
                let taken = match bus {
                    Some(bus) => inhibit(&bus.connection).await,
                    None => Err(zbus::Error::InterfaceNotFound),
                };
                match taken {
                    // It may have begun to leave while logind was asked.
                    Ok(held) if !self.is_leaving.get() => drop(self.held.replace(Some(held))),
                    Ok(_) => {}
                    Err(error) => {
                        tracing::debug!(%error, "logind cannot be asked to wait");
                        lacks = true;
                        teller.tell(Event::Lacks(no_delay())).await;
                    }
                }
            }
            if lacks && (!is_wanted || self.held.borrow().is_some()) {
                lacks = false;
                teller.tell(Event::Has(HintTopic::Guard)).await;
            }
            let stayed = async {
                self.stayed.notified().await;
                Ok(())
            };
            if future::or(view.changed(), stayed).await.is_err() {
                return;
            }
        }
    }

    /// Lets the computer go once nothing is being written, or takes the inhibitor anew where it stays.
    pub(super) async fn hear(&self, event: &Event, bus: &Bus, teller: &Teller) {
        match event {
            Event::Slept | Event::ShuttingDown => {
                self.is_leaving.set(true);
                let Some(held) = self.held.take() else { return };
                let (delay, released) = Delay::pair();
                teller.tell(Event::Settle(delay)).await;
                let letting_go = async move {
                    released.wait().await;
                    drop(held);
                    tracing::debug!("the computer may go");
                };
                bus.connection
                    .executor()
                    .spawn(letting_go, "inhibitor")
                    .detach();
            }
            Event::Woke => {
                self.is_leaving.set(false);
                self.stayed.notify_one();
            }
            _ => {}
        }
    }
}

/// Asks logind to wait; it does until what it gives is dropped.
pub(super) async fn inhibit(bus: &Connection) -> zbus::Result<OwnedFd> {
    let asked = (
        "sleep:shutdown",
        "Statuslight",
        "Your help-desk status is being switched",
        "delay",
    );
    bus.call_method(
        Some(LOGIN),
        LOGIN_PATH,
        Some(LOGIN_MANAGER),
        "Inhibit",
        &asked,
    )
    .await?
    .body()
    .deserialize()
}

fn no_delay() -> Hint {
    Hint {
        topic: HintTopic::Guard,
        message: "Nothing on this computer (logind) can be asked to wait, so it may sleep or shut down before you are \
                  switched. If that fails, you are told on your return."
            .to_owned(),
    }
}
