//! What notifications were shown.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use zbus::zvariant::OwnedValue;

/// One notification, as its sender asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The id that the server gave it.
    pub id: u32,
    /// The name of the application.
    pub app_name: String,
    /// The id of the notification that it replaces, or 0.
    pub replaces_id: u32,
    /// The icon by name or path.
    pub icon: String,
    /// The headline.
    pub summary: String,
    /// The text.
    pub body: String,
    /// The buttons: key and label.
    pub actions: Vec<(String, String)>,
    /// The hints, sorted, each value in the notation of the bus.
    pub hints: Vec<(String, String)>,
    /// How long it wants to stay, in milliseconds; -1 leaves it to the server, 0 is for ever.
    pub expire_timeout: i32,
    /// Why it was closed, once it was: 1 expired, 2 by the person, 3 by the application.
    pub closed: Option<u32>,
    /// When it was asked for.
    pub at: Instant,
}

impl Notification {
    /// The key of the button with this label.
    pub fn action_key(&self, label: &str) -> Option<&str> {
        self.actions
            .iter()
            .find(|(_, text)| text == label)
            .map(|(key, _)| key.as_str())
    }

    /// The labels of its buttons.
    pub fn action_labels(&self) -> Vec<&str> {
        self.actions
            .iter()
            .map(|(_, label)| label.as_str())
            .collect()
    }
}

/// The arguments of `Notify` on the bus.
pub(super) type NotifyArguments = (
    String,
    u32,
    String,
    String,
    String,
    Vec<String>,
    HashMap<String, OwnedValue>,
    i32,
);

/// All notifications of a session's notification server, oldest first.
#[derive(Debug, Default)]
pub struct NotificationLog {
    entries: Mutex<Vec<Notification>>,
    changed: Condvar,
}

impl NotificationLog {
    /// All that were asked for so far.
    pub fn all(&self) -> Vec<Notification> {
        self.entries.lock().expect("no test panics here").clone()
    }

    /// Those that are not closed.
    pub fn open(&self) -> Vec<Notification> {
        self.all()
            .into_iter()
            .filter(|entry| entry.closed.is_none())
            .collect()
    }

    /// Waits for a notification for which `is_it` holds: one that was already there counts.
    #[track_caller]
    pub fn wait_for(
        &self,
        what: &str,
        limit: Duration,
        is_it: impl Fn(&Notification) -> bool,
    ) -> Notification {
        let entries = self.entries.lock().expect("no test panics here");
        let missing = |entries: &mut Vec<Notification>| !entries.iter().any(&is_it);
        let (entries, _) = self
            .changed
            .wait_timeout_while(entries, limit, missing)
            .expect("no test panics here");
        let found = entries.iter().find(|entry| is_it(entry)).cloned();
        let all = entries.clone();
        drop(entries);
        found.unwrap_or_else(|| {
            panic!("waited {limit:?} in vain for a notification: {what}; there are {all:#?}")
        })
    }

    pub(super) fn add(&self, id: u32, arguments: NotifyArguments) {
        let (app_name, replaces_id, icon, summary, body, actions, hints, expire_timeout) =
            arguments;
        let actions = actions
            .chunks_exact(2)
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect();
        let mut hints: Vec<_> = hints
            .into_iter()
            .map(|(name, value)| (name, value.to_string()))
            .collect();
        hints.sort();
        let (closed, at) = (None, Instant::now());
        let entry = Notification {
            id,
            app_name,
            replaces_id,
            icon,
            summary,
            body,
            actions,
            hints,
            expire_timeout,
            closed,
            at,
        };
        self.change(|entries| entries.push(entry));
    }

    pub(super) fn close(&self, id: u32, reason: u32) {
        self.change(|entries| {
            let open = entries
                .iter_mut()
                .rev()
                .find(|entry| entry.id == id && entry.closed.is_none());
            if let Some(entry) = open {
                entry.closed = Some(reason);
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Notification>)) {
        change(&mut self.entries.lock().expect("no test panics here"));
        self.changed.notify_all();
    }
}
