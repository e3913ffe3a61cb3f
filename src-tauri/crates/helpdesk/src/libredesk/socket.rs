//! The websocket: what the server says by itself, and presence.
//!
//! <https://github.com/abhinavxd/libredesk>, `cmd/websocket.go`: upgraded with the key; an origin that is not taken is
//! answered with 200 and nothing; a text `ping` marks the agent as present; a binary frame ends it.

use std::fmt;
use std::time::Duration;

use domain::{Closed, DeskError, Heard, StatusId};
use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::version::TELLS_CHANGES;
use super::{Libredesk, wire};
use crate::answer::Answer;
use crate::transport::{Connection, Upgraded};
use crate::{Transport, USER_AGENT};

/// The server pings every two seconds: after so long without a word the connection is dead.
const SILENCE: Duration = Duration::from_secs(15);
/// A word takes no longer to send.
const SENDING: Duration = Duration::from_secs(5);
/// The largest word; the server's own are some kilobytes.
const LARGEST_WORD: usize = 1024 * 1024;

/// An open websocket of one agent.
pub struct Socket {
    stream: WebSocketStream<Connection>,
    agent_id: Option<String>,
    tells_changes: bool,
    heard_at: Instant,
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Socket(agent {:?})", self.agent_id)
    }
}

impl<T: Transport> Libredesk<T> {
    /// Opens the websocket.
    ///
    /// # Errors
    /// [`Closed::NotOffered`] where there is none; else what the answer or the network means.
    pub async fn listen(&self) -> Result<Socket, Closed> {
        let known = self.learned().version;
        let version = match known {
            Some(version) => Some(version),
            None => self.find_version().await.map_err(Closed::Failed)?,
        };
        let first = self.learned().origin;
        let mut attempt = first;
        loop {
            let key = generate_key();
            let Some(request) = self.requests.socket(&key, attempt) else {
                self.learned().origin = 0;
                return Err(Closed::NotOffered(
                    "the server takes none of our origins".to_owned(),
                ));
            };
            let request = request.map_err(Closed::Failed)?;
            match self.transport.upgrade(request).await {
                Err(error) => return Err(Closed::Failed(error)),
                Ok(Upgraded::Switched { accept, connection })
                    if accept.as_deref() == Some(derive_accept_key(key.as_bytes()).as_str()) =>
                {
                    self.learned().origin = attempt;
                    let tells_changes = version.is_some_and(|version| version >= TELLS_CHANGES);
                    return Ok(self.socket(connection, tells_changes).await);
                }
                Ok(Upgraded::Switched { .. }) => return Err(no_websocket("another protocol")),
                Ok(Upgraded::Answered(response)) => {
                    let answer = Answer::new(response, self.requests.base.host());
                    if answer.status() == 200 && answer.is_empty() {
                        // The origin was not taken.
                        attempt += 1;
                        continue;
                    }
                    return Err(self.not_upgraded(answer).await);
                }
            }
        }
    }

    async fn not_upgraded(&self, answer: Answer) -> Closed {
        let status = answer.status();
        match answer.accepted() {
            Err(DeskError::Unauthorized) => match self.is_well().await {
                Ok(()) => Closed::Failed(DeskError::Unauthorized),
                Err(error) => Closed::Failed(error),
            },
            Err(error @ (DeskError::Server { .. } | DeskError::RateLimited { .. })) => {
                Closed::Failed(error)
            }
            _ => no_websocket(&format!("HTTP status {status}")),
        }
    }

    async fn socket(&self, connection: Connection, tells_changes: bool) -> Socket {
        let config = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_WORD))
            .max_frame_size(Some(LARGEST_WORD));
        let stream = WebSocketStream::from_raw_socket(connection, Role::Client, Some(config)).await;
        tracing::debug!(tells_changes, agent = USER_AGENT, "the websocket is open");
        Socket {
            stream,
            agent_id: self.agent_id.clone(),
            tells_changes,
            heard_at: Instant::now(),
        }
    }
}

fn no_websocket(detail: &str) -> Closed {
    Closed::NotOffered(detail.to_owned())
}

impl Socket {
    /// Whether every change will be told.
    pub fn tells_changes(&self) -> bool {
        self.tells_changes
    }

    /// Waits for the next word about the agent; nothing is lost where the waiting is given up.
    pub async fn next(&mut self) -> Heard {
        loop {
            let Ok(word) = timeout_at(self.heard_at + SILENCE, self.stream.next()).await else {
                return Heard::Closed(Closed::Broken("it fell silent".to_owned()));
            };
            self.heard_at = Instant::now();
            match word {
                None => return broken("it ended"),
                Some(Err(error)) => return broken(in_words(&error)),
                Some(Ok(Message::Close(frame))) => {
                    let reason = frame.as_ref().map(|frame| frame.reason.as_str());
                    return match reason {
                        Some("kicked") => Heard::Closed(Closed::Kicked),
                        _ => broken("the server closed it"),
                    };
                }
                Some(Ok(Message::Text(text))) => {
                    if let Some(status) = self.own_status(&text) {
                        return Heard::Status(status);
                    }
                }
                Some(Ok(
                    Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_),
                )) => {}
            }
        }
    }

    /// Marks the agent as present.
    ///
    /// # Errors
    /// The connection is gone.
    pub async fn ping(&mut self) -> Result<(), Closed> {
        let sending = self.stream.send(Message::text("ping"));
        match timeout_at(Instant::now() + SENDING, sending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Closed::Broken(in_words(&error).to_owned())),
            Err(_) => Err(Closed::Broken("it takes no words".to_owned())),
        }
    }

    /// The agent's own status, where the word is about that; words of no known form are skipped.
    fn own_status(&self, text: &str) -> Option<StatusId> {
        let wire::Said::Availability {
            agent_id,
            availability_status,
        } = serde_json::from_str(text).ok()?;
        let is_own = Some(agent_id.to_string()) == self.agent_id;
        is_own.then_some(StatusId(availability_status))
    }
}

fn broken(detail: &str) -> Heard {
    Heard::Closed(Closed::Broken(detail.to_owned()))
}

fn in_words(error: &Error) -> &'static str {
    match error {
        Error::Io(_) => "the connection broke",
        Error::Capacity(_) => "a word was too large",
        Error::ConnectionClosed | Error::AlreadyClosed => "it was closed",
        _ => "what came is no websocket\u{2019}s",
    }
}
