//! Zendesk: unified statuses, agent availability and Talk availability.
//!
//! The facts behind every choice here are on the public pages named beside the requests and the
//! wire types. Some are not documented (who may read `agent_availabilities/me`, say): there, either
//! answer works.

mod list;
mod oauth;
mod phone;
mod read;
mod request;
mod team;
mod wire;
mod write;

use domain::{Agent, DeskError};

use crate::answer::{self, Answer};
use crate::{BaseUrl, Credentials, Transport};
pub use oauth::{Authorization, GrantError, Granted, renew};
use request::{Built, Requests};

/// One agent's access to one Zendesk instance.
#[derive(Clone, Debug)]
pub struct Zendesk<T> {
    transport: T,
    requests: Requests,
    agent_id: Option<String>,
}

impl<T: Transport> Zendesk<T> {
    /// Prepares the access; nothing is sent.
    ///
    /// Without `agent_id` whatever Zendesk offers only by the agent's number counts as not offered.
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
        }
    }

    /// Asks whom Zendesk takes the credentials for.
    ///
    /// # Errors
    /// [`DeskError::Anonymous`] and [`DeskError::NotAnAgent`], since Zendesk answers both with 200;
    /// else what the answer or the network means.
    pub async fn who(&self) -> Result<Agent, DeskError> {
        let answer = self.ask(self.requests.me()).await?.accepted()?;
        answer.json::<wire::Me>()?.agent()
    }

    /// Revokes the access token that signs the requests, and its refresh token with it.
    ///
    /// # Errors
    /// What an answer or the network means; the token still works then.
    pub async fn revoke(&self) -> Result<(), DeskError> {
        let answer = self.ask(self.requests.current_token()).await?.accepted()?;
        let id = answer.json::<wire::CurrentToken>()?.id();
        self.ask(self.requests.delete_token(&id))
            .await?
            .accepted()?;
        Ok(())
    }

    /// Whether Zendesk's unified statuses are switched on, as far as the agent may know.
    async fn has_unified_statuses(&self) -> Result<bool, DeskError> {
        let answer = self.ask(self.requests.account_settings()).await?;
        match answer.offered()? {
            Some(answer) => Ok(answer.json::<wire::Settings>()?.unified_statuses()),
            None => Ok(true),
        }
    }

    async fn ask(&self, request: Built) -> Result<Answer, DeskError> {
        answer::to(request?, &self.transport, self.requests.base.host()).await
    }
}
