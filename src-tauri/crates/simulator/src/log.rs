//! Every request that arrived, so that a test can ask what was sent and wait for what is to come.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

/// A demo may run for days: older requests are forgotten.
const KEPT: usize = 10_000;

/// One request as it arrived, and how it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its number, counted from 0 and never used twice.
    pub number: u64,
    /// When it arrived, by the simulator's wall clock.
    pub at: Timestamp,
    /// When it arrived, since the simulator's start.
    pub elapsed: Duration,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query as sent, without `?`; empty without one.
    pub query: String,
    /// The headers as sent, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as sent.
    pub body: Vec<u8>,
    /// The status code of the answer; none while there is no answer, or when the connection was reset or hung.
    pub status: Option<u16>,
}

impl Request {
    /// The first header of this name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The log; it tells those who wait about every arrival and every answer.
#[derive(Debug)]
pub(crate) struct Log {
    entries: Mutex<VecDeque<Request>>,
    changes: watch::Sender<u64>,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self {
            entries: Mutex::default(),
            changes: watch::Sender::new(0),
        }
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Request>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down an arrival and gives its number.
    pub(crate) fn arrived(
        &self,
        clock: crate::clock::Clock,
        parts: &http::request::Parts,
        body: &[u8],
    ) -> u64 {
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        let mut entries = self.entries();
        let mut number = 0;
        self.changes.send_modify(|count| {
            number = *count;
            *count += 1;
        });
        entries.push_back(Request {
            number,
            at: clock.now(),
            elapsed: clock.elapsed(),
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers,
            body: body.to_vec(),
            status: None,
        });
        if entries.len() > KEPT {
            entries.pop_front();
        }
        number
    }

    /// Writes down how a request was answered.
    pub(crate) fn answered(&self, number: u64, status: u16) {
        if let Some(entry) = self
            .entries()
            .iter_mut()
            .rev()
            .find(|entry| entry.number == number)
        {
            entry.status = Some(status);
        }
        self.changes.send_modify(|_| ());
    }

    pub(crate) fn list(&self) -> Vec<Request> {
        self.entries().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    /// Waits until a request, past or future, satisfies the predicate.
    pub(crate) async fn wait_for(
        &self,
        mut predicate: impl FnMut(&Request) -> bool,
        timeout: Duration,
    ) -> Option<Request> {
        // Subscribed before the first look, so that nothing falls between the two.
        let mut changes = self.changes.subscribe();
        let found = async {
            loop {
                if let Some(found) = self
                    .entries()
                    .iter()
                    .find(|entry| predicate(entry))
                    .cloned()
                {
                    return Some(found);
                }
                changes.changed().await.ok()?;
            }
        };
        tokio::time::timeout(timeout, found).await.ok().flatten()
    }
}
