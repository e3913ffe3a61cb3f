//! One Zendesk account: what it knows, and how it answers.

mod account;
mod admin;
mod auth;
mod availability;
mod oauth;
mod page;
mod quota;
mod refusal;
mod remote;
mod route;
pub mod sample;
mod settings;
mod state;
mod statuses;
mod talk;
mod users;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

pub use self::account::{Account, Agent, CapacityRule, CustomStatus, Role, Token, WorkItem};
pub use self::oauth::OAuthClient;
pub use self::settings::{DefaultsOn, ListMode, MeRefusal, Quota, Readability, Settings};
pub use self::state::{CurrentStatus, Unknown};

use self::state::State;
use crate::body::WireBody;
use crate::clock::Clock;
use crate::entrance::Entrance;
use crate::fault::Faults;
use crate::listener::ConnectionReset;

/// An answer whose body is whole.
type Answer = http::Response<Vec<u8>>;

/// An answer with a JSON body.
fn answer(status: u16, body: &Value) -> Answer {
    let mut answer = Answer::new(body.to_string().into_bytes());
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json; charset=utf-8"),
    );
    answer
}

/// A time as the availability family writes it, with microseconds.
fn precise(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// A time as the rest of the API writes it, in whole seconds.
fn whole_seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A Zendesk account; clones share it.
///
/// It answers in process through [`handle`](Self::handle), and on a socket through [`Simulator`](crate::Simulator).
#[derive(Clone, Debug)]
pub struct Zendesk {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    entrance: Entrance,
    state: Mutex<State>,
}

impl Default for Zendesk {
    fn default() -> Self {
        Self::new(Account::default())
    }
}

impl Zendesk {
    /// Opens an account.
    pub fn new(account: Account) -> Self {
        let clock = Clock::starting_at(account.starts_at.unwrap_or_else(Timestamp::now));
        let state = Mutex::new(State::new(account, clock));
        Self {
            shared: Arc::new(Shared {
                entrance: Entrance::new(clock),
                state,
            }),
        }
    }

    /// Answers a request in process, with no socket in between.
    ///
    /// Everything works as on a socket, faults included: a hang never returns.
    ///
    /// # Errors
    ///
    /// Where a socket would see the connection reset, or end before the promised length.
    pub async fn handle(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, ConnectionReset> {
        let (parts, body) = self.answer("https", request).await?.into_parts();
        Ok(http::Response::from_parts(
            parts,
            body.collect().map_err(|_| ConnectionReset)?,
        ))
    }

    /// Logs a request, lets it meet its faults, and answers it.
    pub(crate) async fn answer(
        &self,
        scheme: &str,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<WireBody>, ConnectionReset> {
        let (parts, body) = request.into_parts();
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        self.shared
            .entrance
            .pass(
                &parts,
                &body,
                || self.state(),
                |state| route::answer(state, scheme, &parts, &body),
                |code, retry_after| refusal::documented(method, path, code, retry_after),
            )
            .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.shared.entrance.faults()
    }
}
