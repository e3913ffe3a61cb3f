//! One Libredesk instance: what it knows, and how it answers.
//!
//! It behaves as release 2.7.0 was seen to behave, which is not what the published page of the availability endpoint
//! says; [`Libredesk::set_version`] takes away what older releases lack.

mod answer;
mod auth;
mod instance;
mod record;
mod route;
pub mod sample;
mod socket;
mod state;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hyper::upgrade::OnUpgrade;
use jiff::Timestamp;

pub use self::instance::{LibredeskAgent, LibredeskInstance, WebsocketMode};

use self::state::State;
use crate::body::WireBody;
use crate::clock::Clock;
use crate::entrance::Entrance;
use crate::fault::{FaultRule, Faults};
use crate::listener::{self, ConnectionReset};
use crate::log::Request;

/// A Libredesk instance; clones share it.
///
/// It answers in process through [`handle`](Self::handle) and [`connect`](Self::connect), and on a socket through
/// [`Simulator`](crate::Simulator).
#[derive(Clone, Debug)]
pub struct Libredesk {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    entrance: Entrance,
    state: Mutex<State>,
    /// Whether a task sweeps by the clock.
    sweeps: AtomicBool,
}

impl Default for Libredesk {
    fn default() -> Self {
        Self::new(LibredeskInstance::default())
    }
}

impl Libredesk {
    /// Opens an instance.
    pub fn new(instance: LibredeskInstance) -> Self {
        let clock = Clock::starting_at(instance.starts_at.unwrap_or_else(Timestamp::now));
        Self {
            shared: Arc::new(Shared {
                entrance: Entrance::new(clock),
                state: Mutex::new(State::new(instance, clock)),
                sweeps: AtomicBool::new(false),
            }),
        }
    }

    /// Answers a request in process, with no socket in between; a websocket needs [`connect`](Self::connect).
    ///
    /// # Errors
    ///
    /// Where a socket would see the connection reset, or end before the promised length.
    pub async fn handle(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, ConnectionReset> {
        let answer = self.answer("https", request, None).await?;
        let (parts, body) = answer.into_parts();
        Ok(http::Response::from_parts(
            parts,
            body.collect().map_err(|_| ConnectionReset)?,
        ))
    }

    /// Opens an HTTP/1.1 connection in memory, which runs on a paused clock too; it ends with this value.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn connect(&self) -> tokio::io::DuplexStream {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let served = self.clone().into();
        tokio::spawn(async move {
            if let Err(error) = listener::serve(theirs, "https", Arc::default(), served).await {
                tracing::debug!(%error, "a connection ended");
            }
        });
        ours
    }

    /// Logs a request, lets it meet its faults, and answers it.
    pub(crate) async fn answer(
        &self,
        scheme: &str,
        request: http::Request<Vec<u8>>,
        upgrade: Option<OnUpgrade>,
    ) -> Result<http::Response<WireBody>, ConnectionReset> {
        self.sweep_by_the_clock();
        let (parts, body) = request.into_parts();
        let mut upgrade = upgrade;
        let carry_out = |state: &mut MutexGuard<'_, State>| {
            let answer = route::answer(state, scheme, &parts, &body);
            if answer.status() == http::StatusCode::SWITCHING_PROTOCOLS
                && let (Some(upgrade), Ok(agent)) = (upgrade.take(), auth::agent(state, &parts))
            {
                socket::open(self, state, agent, upgrade);
            }
            answer
        };
        self.shared
            .entrance
            .pass(
                &parts,
                &body,
                || self.state(),
                carry_out,
                |code, retry_after| answer::refusal_with(&self.state(), code, retry_after),
            )
            .await
    }

    /// Lets the sweep run by the clock as well, for who only listens.
    fn sweep_by_the_clock(&self) {
        if self.shared.sweeps.swap(true, Ordering::AcqRel) {
            return;
        }
        let shared: Weak<Shared> = Arc::downgrade(&self.shared);
        tokio::spawn(async move {
            while let Some(shared) = shared.upgrade() {
                let next = Self { shared }.state().until_next_sweep();
                tokio::time::sleep(next.max(Duration::from_millis(1))).await;
            }
        });
    }

    /// The state as of now: sweeps that are due have been done.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self
            .shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        state.sweep();
        state
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.shared.entrance.faults()
    }

    /// An agent's availability in the server's word.
    pub fn status(&self, agent: u64) -> Option<String> {
        self.state().agent(agent).map(|one| one.status.clone())
    }

    /// When an agent was last seen.
    pub fn last_active_at(&self, agent: u64) -> Option<Timestamp> {
        self.state().agent(agent)?.last_active_at
    }

    /// Sets an agent's availability as a browser tab does for its user; whether there is such an agent and word.
    pub fn set_in_browser(&self, agent: u64, status: &str) -> bool {
        self.state().set(agent, status, false).is_some()
    }

    /// Sets it as a browser tab does for idleness: dropped where the agent is away by choice.
    pub fn idle_in_browser(&self, agent: u64, status: &str) -> bool {
        self.state().set(agent, status, true).is_some()
    }

    /// Sets it as an admin's edit does: nobody is told, and the agent's websockets are closed.
    pub fn edit_as_admin(&self, agent: u64, status: &str) -> bool {
        self.state().edit(agent, status)
    }

    /// Lets the database be down, or no longer.
    pub fn database_down(&self, down: bool) {
        self.state().database_down = down;
    }

    /// Takes an agent's key away; open websockets go on.
    pub fn revoke_key(&self, agent: u64) {
        if let Some(one) = self.state().agent_mut(agent) {
            one.key = None;
        }
    }

    /// Disables an agent.
    pub fn disable(&self, agent: u64) {
        if let Some(one) = self.state().agent_mut(agent) {
            one.enabled = false;
        }
    }

    /// Cuts all websockets without a word.
    pub fn drop_sockets(&self) {
        self.state().drop_sockets();
    }

    /// Closes all websockets with a close frame.
    pub fn close_sockets(&self, code: u16, reason: &str) {
        self.state().close_sockets(None, code, reason);
    }

    /// Lets all websockets fall silent, or speak again.
    pub fn silence_sockets(&self, silent: bool) {
        self.state().silence(silent);
    }

    /// How many websockets an agent has open.
    pub fn sockets(&self, agent: u64) -> usize {
        self.state().sockets_of(agent)
    }

    /// How often an agent has sent a text `ping`.
    pub fn pings(&self, agent: u64) -> u64 {
        self.state().pings.get(&agent).copied().unwrap_or_default()
    }

    /// Moves the server's clock, which sweeps whoever is due.
    pub fn advance(&self, time: Duration) {
        self.state().advance(time);
    }

    /// Makes it another release, such as `v2.2.0`.
    pub fn set_version(&self, version: &str) {
        version.clone_into(&mut self.state().version);
    }

    /// Lets its websocket work, or not.
    pub fn set_websocket(&self, mode: WebsocketMode) {
        self.state().websocket = mode;
    }

    /// Lets it speak another language: `de-DE`, else English.
    pub fn set_language(&self, language: &str) {
        language.clone_into(&mut self.state().language);
    }

    /// Puts it behind a proxy that strips this path, such as `/desk`.
    pub fn set_prefix(&self, prefix: Option<&str>) {
        self.state().prefix = prefix.map(str::to_owned);
    }

    /// Puts it behind a proxy that sends this `Host` in the place of the client's.
    pub fn set_host(&self, host: Option<&str>) {
        self.state().host = host.map(str::to_owned);
    }

    /// Adds a fault.
    pub fn fault(&self, rule: impl Into<FaultRule>) {
        self.faults().add(rule.into());
    }

    /// The faults that are still to be met.
    pub fn pending_faults(&self) -> Vec<FaultRule> {
        self.faults().list()
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        self.faults().clear();
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.entrance.log.list()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.entrance.log.clear();
    }

    /// Waits until a request, past or future, satisfies the predicate.
    pub async fn wait_for_request(
        &self,
        predicate: impl FnMut(&Request) -> bool,
        timeout: Duration,
    ) -> Option<Request> {
        self.shared.entrance.log.wait_for(predicate, timeout).await
    }

    /// The wall time of its clock.
    pub fn now(&self) -> Timestamp {
        self.state().now()
    }
}
