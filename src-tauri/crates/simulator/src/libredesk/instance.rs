//! What an instance is made of.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an instance starts with.
#[derive(Clone, Debug)]
pub struct LibredeskInstance {
    /// The wall time at the start; the computer's where none is given.
    pub starts_at: Option<Timestamp>,
    /// Its agents.
    pub agents: Vec<LibredeskAgent>,
}

/// An agent.
#[derive(Clone, Debug)]
pub struct LibredeskAgent {
    /// The number.
    pub id: u64,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The e-mail address; the server writes an empty one as null.
    pub email: Option<String>,
    /// The availability in the server's word.
    pub status: String,
    /// Whether the role has `users:manage`.
    pub is_admin: bool,
    /// Whether it is an assistant of the server's own.
    pub is_assistant: bool,
    /// Whether the agent may use the server.
    pub enabled: bool,
    /// The key and its secret.
    pub key: Option<(String, String)>,
    /// The password for the browser.
    pub password: Option<String>,
    /// Whether a browser tab was there until the start.
    pub seen_at_start: bool,
    /// When a websocket last gave presence.
    pub last_active_at: Option<Timestamp>,
}

/// What becomes of a websocket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebsocketMode {
    /// It works.
    #[default]
    Works,
    /// A proxy drops what asks for it, so the server sees a plain request.
    Stripped,
    /// A proxy knows no such path.
    NoRoute,
}
