//! What the server knows: agents, presence, sessions, websockets; and the sweep.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::mpsc;

use super::instance::{LibredeskAgent, LibredeskInstance, WebsocketMode};
use crate::clock::Clock;

/// The sweep's ticker.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// Who was not seen for longer is swept.
const UNSEEN: Duration = Duration::from_secs(300);

/// The words of the database's enumeration.
const WORDS: [&str; 5] = [
    "online",
    "away",
    "away_manual",
    "away_and_reassigning",
    "offline",
];

/// What a websocket's task is told to send.
#[derive(Debug)]
pub(super) enum Out {
    Text(String),
    Close(u16, String),
    Cut,
    Silent(bool),
}

#[derive(Debug)]
pub(crate) struct State {
    clock: Clock,
    /// By how much the server's clock was moved.
    moved: Duration,
    last_sweep: Timestamp,
    pub(super) agents: Vec<LibredeskAgent>,
    pub(super) database_down: bool,
    pub(super) version: String,
    pub(super) websocket: WebsocketMode,
    pub(super) language: String,
    pub(super) prefix: Option<String>,
    /// What a proxy puts into the place of the `Host` header.
    pub(super) host: Option<String>,
    sockets: Vec<(u64, mpsc::UnboundedSender<Out>)>,
    silent: bool,
    pub(super) pings: BTreeMap<u64, u64>,
    /// Sessions of browsers: cookie, CSRF token, whose.
    pub(super) sessions: Vec<(String, String, u64)>,
    /// When the routes for signing in were asked.
    pub(super) sign_ins: Vec<Timestamp>,
    pub(super) made: u64,
}

impl State {
    pub(super) fn new(instance: LibredeskInstance, clock: Clock) -> Self {
        let now = clock.now();
        let mut agents = instance.agents;
        for agent in agents.iter_mut().filter(|agent| agent.seen_at_start) {
            agent.last_active_at = Some(now);
        }
        Self {
            clock,
            moved: Duration::ZERO,
            last_sweep: now,
            agents,
            database_down: false,
            version: "v2.7.0".to_owned(),
            websocket: WebsocketMode::Works,
            language: "en-US".to_owned(),
            prefix: None,
            host: None,
            sockets: Vec::new(),
            silent: false,
            pings: BTreeMap::new(),
            sessions: Vec::new(),
            sign_ins: Vec::new(),
            made: 0,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        after(self.clock.now(), self.moved)
    }

    pub(super) fn advance(&mut self, time: Duration) {
        self.moved += time;
        self.sweep();
    }

    pub(super) fn agent(&self, id: u64) -> Option<&LibredeskAgent> {
        self.agents.iter().find(|agent| agent.id == id)
    }

    pub(super) fn agent_mut(&mut self, id: u64) -> Option<&mut LibredeskAgent> {
        self.agents.iter_mut().find(|agent| agent.id == id)
    }

    /// Whether the release is at least this one; a home build, which says nothing, is the newest.
    pub(super) fn is_at_least(&self, wanted: (u32, u32, u32)) -> bool {
        if self.version.is_empty() {
            return true;
        }
        let mut parts = self.version.trim_start_matches('v').split(['.', '-']);
        let mut part = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
        (part(), part(), part()) >= wanted
    }

    /// How long until the next sweep.
    pub(super) fn until_next_sweep(&self) -> Duration {
        let next = after(self.last_sweep, SWEEP_EVERY);
        Duration::try_from(next.duration_since(self.now())).unwrap_or_default()
    }

    /// Does all sweeps that are due by now.
    pub(super) fn sweep(&mut self) {
        let now = self.now();
        while after(self.last_sweep, SWEEP_EVERY) <= now {
            self.last_sweep = after(self.last_sweep, SWEEP_EVERY);
            let at = self.last_sweep;
            if self.database_down {
                continue;
            }
            let is_unseen = |agent: &LibredeskAgent| {
                agent
                    .last_active_at
                    .is_none_or(|seen| after(seen, UNSEEN) < at)
            };
            let swept: Vec<u64> = self
                .agents
                .iter_mut()
                .filter(|agent| matches!(agent.status.as_str(), "online" | "away"))
                .filter(|agent| !agent.is_assistant && is_unseen(agent))
                .map(|agent| {
                    "offline".clone_into(&mut agent.status);
                    agent.id
                })
                .collect();
            for agent in swept {
                self.tell_availability(agent);
            }
        }
    }

    /// Sets an availability; the word that holds then, or nothing for a word that the database does not know.
    pub(super) fn set(&mut self, id: u64, status: &str, by_idleness: bool) -> Option<String> {
        let protects = self.is_at_least((2, 2, 0));
        if !WORDS.contains(&status) {
            return None;
        }
        let agent = self.agent_mut(id)?;
        let is_dropped = by_idleness && protects && agent.status.starts_with("away_");
        if is_dropped || agent.status == status {
            return Some(agent.status.clone());
        }
        status.clone_into(&mut agent.status);
        self.tell_availability(id);
        Some(status.to_owned())
    }

    /// Sets it by an admin's edit; whether there is such an agent and word.
    pub(super) fn edit(&mut self, id: u64, status: &str) -> bool {
        if !WORDS.contains(&status) {
            return false;
        }
        let Some(agent) = self.agent_mut(id) else {
            return false;
        };
        status.clone_into(&mut agent.status);
        self.close_sockets(Some(id), 1000, "kicked");
        true
    }

    /// A text `ping`: the agent is there, and Offline ends; nobody is told.
    pub(super) fn pinged(&mut self, id: u64) {
        self.sweep();
        *self.pings.entry(id).or_default() += 1;
        if self.database_down {
            return;
        }
        let now = self.now();
        if let Some(agent) = self.agent_mut(id) {
            agent.last_active_at = Some(now);
            if agent.status == "offline" {
                "online".clone_into(&mut agent.status);
            }
        }
    }

    fn tell_availability(&mut self, id: u64) {
        if !self.is_at_least((2, 3, 0)) {
            return;
        }
        let Some(agent) = self.agent(id) else { return };
        let word = json!({
            "type": "agent_availability_update",
            "data": {"agent_id": id, "availability_status": agent.status},
        });
        self.tell_all(&word.to_string());
    }

    fn tell_all(&mut self, word: &str) {
        self.sockets
            .retain(|(_, out)| out.send(Out::Text(word.to_owned())).is_ok());
    }

    pub(super) fn add_socket(&mut self, agent: u64, out: mpsc::UnboundedSender<Out>) {
        drop(out.send(Out::Silent(self.silent)));
        self.sockets.push((agent, out));
    }

    pub(super) fn sockets_of(&mut self, agent: u64) -> usize {
        self.sockets.retain(|(_, out)| !out.is_closed());
        self.sockets
            .iter()
            .filter(|(whose, _)| *whose == agent)
            .count()
    }

    pub(super) fn close_sockets(&mut self, agent: Option<u64>, code: u16, reason: &str) {
        self.sockets.retain(|(whose, out)| {
            let is_meant = agent.is_none_or(|agent| agent == *whose);
            if is_meant {
                drop(out.send(Out::Close(code, reason.to_owned())));
            }
            !is_meant
        });
    }

    pub(super) fn drop_sockets(&mut self) {
        for (_, out) in self.sockets.drain(..) {
            drop(out.send(Out::Cut));
        }
    }

    pub(super) fn silence(&mut self, silent: bool) {
        self.silent = silent;
        self.sockets
            .retain(|(_, out)| out.send(Out::Silent(silent)).is_ok());
    }
}

fn after(time: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| time.checked_add(by).ok())
        .unwrap_or(Timestamp::MAX)
}
