//! Notifications: what has to be told at once, with buttons where the desktop has them.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use domain::{AccountId, AccountView, Action, Hint, HintTopic, Moved, Notice, Telling, Topic};
use engine::ports::{Notifier, Pending};
use engine::{Event, Handle};
use jiff::tz::TimeZone;
use tokio::runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;

#[cfg(target_os = "linux")]
use linux::show;
#[cfg(not(target_os = "linux"))]
use native::show;

/// Where a notification goes: a newer one takes the place of the older.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Slot {
    Of(AccountId, Topic),
    /// What several accounts have in common.
    Together,
}

/// The desktop's notifications; one at most for each account and topic.
pub(crate) struct Desktop {
    runtime: runtime::Handle,
    events: mpsc::Sender<Event>,
    open: Mutex<HashMap<Slot, Open>>,
}

/// A notification that is on the screen, or on its way there.
struct Open {
    task: JoinHandle<()>,
    /// Dropped, it takes the notification back.
    _withdraw: tokio::sync::oneshot::Sender<()>,
}

impl Desktop {
    pub(crate) fn new(runtime: runtime::Handle, events: mpsc::Sender<Event>) -> Self {
        Self {
            runtime,
            events,
            open: Mutex::default(),
        }
    }
}

impl Desktop {
    fn tell(&self, slot: Slot, telling: Telling, handle: &Handle) {
        let (withdraw, withdrawn) = tokio::sync::oneshot::channel();
        let (handle, events) = (handle.clone(), self.events.clone());
        let task = self.runtime.spawn(async move {
            let works = || {
                let _ = events.try_send(Event::Has(HintTopic::Notifications));
            };
            if let Err(error) = show(&telling, handle, withdrawn, works).await {
                tracing::warn!(%error, "a notification could not be shown");
                drop(events.send(Event::Lacks(no_notifications())).await);
            }
        });
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, open| !open.task.is_finished());
        // The older one in the slot is dropped, which takes it off the screen.
        open.insert(
            slot,
            Open {
                task,
                _withdraw: withdraw,
            },
        );
    }

    fn take_back(&self, slot: &Slot) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(slot);
    }
}

impl Notifier for Desktop {
    fn notify(&self, account: &AccountView, notice: &Notice, handle: &Handle) {
        let slot = Slot::Of(account.account.clone(), notice.topic());
        let telling = notice.telling(account, &TimeZone::system());
        self.tell(slot, telling, handle);
    }

    fn withdraw(&self, account: &AccountId, topic: Topic) {
        self.take_back(&Slot::Of(account.clone(), topic));
    }

    fn notify_together(&self, moved: &[Moved], handle: &Handle) {
        let telling = Moved::telling(moved, &TimeZone::system());
        self.tell(Slot::Together, telling, handle);
    }

    fn withdraw_together(&self) {
        self.take_back(&Slot::Together);
    }

    fn clear(&self) -> Pending<'_, ()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // Each that is dropped leaves the screen; its task ends when it has.
        let tasks: Vec<_> = open.drain().map(|(_, open)| open.task).collect();
        Box::pin(async move {
            for task in tasks {
                if let Err(error) = task.await {
                    tracing::warn!(%error, "a notification could not be taken back");
                }
            }
        })
    }
}

/// Does what was clicked in the menu or in a notification, and tells why it came to nothing where its account does not.
///
/// Boxed, since what it tells is a notification that may be clicked.
pub(crate) fn click(action: Action, handle: Handle) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let Err(failure) = handle.act(action.clone()).await else {
            return;
        };
        tracing::info!(code = ?failure.code, "a click was not carried out");
        if let Some(telling) = failure.telling(&action) {
            let (_stays, withdrawn) = tokio::sync::oneshot::channel();
            if let Err(error) = show(&telling, handle, withdrawn, || ()).await {
                tracing::warn!(%error, "a notification could not be shown");
            }
        }
    })
}

fn no_notifications() -> Hint {
    Hint {
        topic: HintTopic::Notifications,
        message: "This desktop shows no notifications, so a change behind your back is told by the light and in this \
                  window only. Start a notification service, such as your desktop\u{2019}s own or dunst."
            .to_owned(),
    }
}
