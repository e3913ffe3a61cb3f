//! Finding a Libredesk: whether there is one at an address, and under which path.

use domain::{Agent, DeskError};
use serde_json::Value;

use super::{Libredesk, wire};
use crate::answer::Answer;
use crate::{BaseUrl, Transport};

impl<T: Transport> Libredesk<T> {
    /// Asks whom Libredesk takes the key for, at the address as given or at one that it is a page of.
    ///
    /// No key is sent before a Libredesk is found: <https://github.com/abhinavxd/libredesk>, `GET /api/v1/config`.
    ///
    /// # Errors
    /// [`DeskError::Unintelligible`] names what else is there; [`DeskError::Unauthorized`] for a refused key; else
    /// what the answer or the network means.
    pub async fn find(mut self) -> Result<(BaseUrl, Agent), DeskError> {
        let mut first = None;
        loop {
            match self.recognize().await {
                Ok(()) => break,
                Err(
                    error @ (DeskError::NotFound
                    | DeskError::Unintelligible { .. }
                    | DeskError::Refused { .. }
                    | DeskError::Forbidden
                    | DeskError::Redirected { .. }),
                ) => {
                    let first = first.get_or_insert(error);
                    // Agents paste what their browser shows.
                    match self.requests.base.parent() {
                        Some(parent) => self.requests.base = parent,
                        None => return Err(self.named(first.clone()).await),
                    }
                }
                Err(error) => return Err(error),
            }
        }
        let agent = self.who().await?;
        Ok((self.requests.base, agent))
    }

    /// Asks whom Libredesk takes the key for.
    ///
    /// # Errors
    /// [`DeskError::Unauthorized`] for a refused key; else what the answer or the network means.
    pub async fn who(&self) -> Result<Agent, DeskError> {
        self.me().await?.agent()
    }

    pub(super) async fn me(&self) -> Result<wire::Me, DeskError> {
        let answer = self.ask(self.requests.me()).await?.accepted()?;
        Ok(answer.json::<wire::Wrapped<wire::Me>>()?.data)
    }

    /// Whether this is a Libredesk, as its public settings tell, or before release 0.7.4 its health.
    async fn recognize(&self) -> Result<(), DeskError> {
        let config = self.send(self.requests.config()?).await?;
        let is_page = config.is_web_page();
        match config.accepted() {
            Ok(answer) => match answer.json::<wire::Config>() {
                Ok(config) if config.is_libredesk() => Ok(()),
                Ok(_) => Err(other("JSON of something else")),
                Err(error) => Err(error),
            },
            Err(DeskError::NotFound) if !is_page => {
                let health = self.send(self.requests.health()?).await?.accepted()?;
                match health.json::<wire::Health>() {
                    Ok(health) if health.is_libredesk() => Ok(()),
                    _ => Err(DeskError::NotFound),
                }
            }
            Err(error) => Err(super::without_key(error)),
        }
    }

    /// Names what is at the address in a Libredesk's place.
    async fn named(&self, error: DeskError) -> DeskError {
        if let DeskError::Redirected { .. } = error {
            return error;
        }
        let Ok(request) = self.requests.zendesk_me() else {
            return error;
        };
        let is_zendesk = |answer: Answer| {
            let body: Result<Value, _> = answer.accepted().and_then(|answer| answer.json());
            body.is_ok_and(|body| body["user"].get("role").is_some())
        };
        match self.send(request).await {
            Ok(answer) if is_zendesk(answer.clone()) => other("a Zendesk"),
            // Who lacks the one page and answers the other with a page of its own is a plain web site.
            Ok(answer) if error == DeskError::NotFound && answer.is_web_page() => {
                other("a web page")
            }
            _ => error,
        }
    }
}

fn other(what: &str) -> DeskError {
    DeskError::Unintelligible {
        detail: what.to_owned(),
    }
}
