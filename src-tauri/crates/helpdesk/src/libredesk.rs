//! Libredesk: agents' availability, by HTTP and by websocket.
//!
//! Its published page of the availability endpoint names values that the server does not have. What is done here
//! follows what release 2.7.0 does (its source is at <https://github.com/abhinavxd/libredesk>), with the gates of
//! older releases named where they matter.

mod found;
mod read;
mod request;
mod socket;
mod team;
mod version;
mod wire;

use std::sync::{Arc, Mutex, PoisonError};

use domain::DeskError;

use crate::answer::{self, Answer};
use crate::{BaseUrl, Credentials, Transport};
use request::{Built, Requests};
pub use socket::Socket;
use version::Version;

/// One agent's access to one Libredesk instance.
#[derive(Clone, Debug)]
pub struct Libredesk<T> {
    transport: T,
    requests: Requests,
    agent_id: Option<String>,
    learned: Arc<Mutex<Learned>>,
}

/// What was found out about the server.
#[derive(Debug, Default)]
struct Learned {
    version: Option<Version>,
    /// Which `Origin` its websocket took, of those that are tried.
    origin: usize,
}

impl<T: Transport> Libredesk<T> {
    /// Prepares the access; nothing is sent.
    pub fn new(
        transport: T,
        base: BaseUrl,
        credentials: Credentials,
        agent_id: Option<String>,
    ) -> Self {
        Self {
            transport,
            requests: Requests { base, credentials },
            agent_id,
            learned: Arc::default(),
        }
    }

    /// Sends a request that needs the credentials.
    ///
    /// The server says 401 also while its database is down, so whoever gets one asks what needs no credentials; and a
    /// write whose credentials got lost on the way is refused as a forgery (403).
    async fn ask(&self, request: Built) -> Result<Answer, DeskError> {
        let request = request?;
        let is_write = request.method() != http::Method::GET;
        let answer = self.send(request).await?;
        match answer.status() {
            401 => {
                self.is_well().await?;
                Err(DeskError::Unauthorized)
            }
            403 if is_write && !answer.is_web_page() => {
                self.is_well().await?;
                // Who is known all the same is forbidden to write by something in between.
                match self.send(self.requests.me()?).await?.status() {
                    200 => Err(DeskError::Forbidden),
                    _ => Err(DeskError::Unauthorized),
                }
            }
            _ => Ok(answer),
        }
    }

    /// Asks whether the server works at all, which needs no credentials.
    ///
    /// # Errors
    /// It does not, or does not say so.
    async fn is_well(&self) -> Result<(), DeskError> {
        let answer = self.send(self.requests.config()?).await?;
        match answer.accepted() {
            // Releases before 0.7.4 have no such page.
            Ok(_) | Err(DeskError::NotFound) => Ok(()),
            Err(error) => Err(without_key(error)),
        }
    }

    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<Answer, DeskError> {
        answer::to(request, &self.transport, self.requests.base.host()).await
    }

    fn learned(&self) -> std::sync::MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a refusal of a request without a key means: it was never a Libredesk that refused.
fn without_key(error: DeskError) -> DeskError {
    match error {
        DeskError::Unauthorized | DeskError::Forbidden => DeskError::Unintelligible {
            detail: "a sign-in of something in front of it".to_owned(),
        },
        other => other,
    }
}
