//! Messages and lines.

use std::borrow::Cow;
use std::io;

use domain::{Action, Answer, Failure, Question, View};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

/// The longest line from the app: 500 statuses with long names and descriptions are some 1 MiB.
pub(super) const LONGEST_FROM_APP: usize = 4 * 1024 * 1024;
/// The longest line to the app: an action is a few names.
pub(super) const LONGEST_TO_APP: usize = 64 * 1024;

/// What the app says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FromApp<'a> {
    /// The greeting, before anything else.
    Hello {
        /// The app's version.
        version: Cow<'a, str>,
    },
    /// What there is to show now.
    View(Cow<'a, View>),
    /// What was asked is done or failed.
    Done {
        /// The number it was asked with.
        id: u64,
        /// Why it did not come about.
        error: Option<Failure>,
    },
    /// The answer to a question, or why there is none.
    Answer {
        /// The number it was asked with.
        id: u64,
        /// The answer.
        answer: Result<Answer, Failure>,
    },
}

/// What the other side asks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToApp {
    /// Do this.
    Act {
        /// A number that the answer carries too.
        id: u64,
        /// What to do.
        action: Action,
    },
    /// Tell this.
    Ask {
        /// A number that the answer carries too.
        id: u64,
        /// What to tell.
        question: Question,
    },
}

/// Reads messages, one a line, none longer than the limit.
pub(super) struct Lines<R> {
    io: BufReader<R>,
    line: Vec<u8>,
    limit: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn new(io: R, limit: usize) -> Self {
        Self {
            io: BufReader::new(io),
            line: Vec::new(),
            limit,
        }
    }

    /// The next message; `None` at the end. Given up halfway, it goes on where it was.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        loop {
            let read = self.io.fill_buf().await?;
            if read.is_empty() {
                // Half a line is what an app that died left behind.
                return Ok(None);
            }
            let end = read.iter().position(|byte| *byte == b'\n');
            let part = end.unwrap_or(read.len());
            if self.line.len() + part > self.limit {
                return Err(invalid("a line is too long"));
            }
            self.line.extend_from_slice(&read[..part]);
            let Some(end) = end else {
                self.io.consume(part);
                continue;
            };
            self.io.consume(end + 1);
            let message = serde_json::from_slice(&self.line).map_err(invalid);
            self.line.clear();
            return message.map(Some);
        }
    }
}

/// Writes one message as a line.
pub(super) async fn send<T: Serialize>(
    io: &mut (impl AsyncWrite + Unpin),
    message: &T,
    limit: usize,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(message).map_err(invalid)?;
    if line.len() > limit {
        return Err(invalid("a line is too long"));
    }
    line.push(b'\n');
    io.write_all(&line).await?;
    io.flush().await
}

pub(super) fn invalid(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
