//! The agent's own availability: reading and choosing it.

use domain::{
    Availability, DeskError, Listing, ReadPath, Reading, Seen, StatusId, Written as Told,
};

use super::version::{PROTECTS_CHOICES, Version};
use super::{Libredesk, wire};
use crate::Transport;

impl<T: Transport> Libredesk<T> {
    /// Lists the availabilities that an agent can choose, and asks which release the server is.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn list(&self) -> Result<Listing, DeskError> {
        self.find_version().await?;
        Ok(Listing {
            statuses: Availability::CHOOSABLE
                .into_iter()
                .map(Availability::status)
                .collect(),
        })
    }

    /// Which release the server is, where it says so.
    pub(super) async fn find_version(&self) -> Result<Option<Version>, DeskError> {
        let answer = self.ask(self.requests.settings()).await?;
        let version = match answer.accepted() {
            Ok(answer) => answer
                .json::<wire::Wrapped<wire::Settings>>()?
                .data
                .version
                .as_deref()
                .and_then(Version::parse),
            Err(DeskError::NotFound | DeskError::Forbidden) => None,
            Err(error) => return Err(error),
        };
        self.learned().version = version;
        Ok(version)
    }

    /// Reads the agent's availability.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn fetch(&self) -> Result<Reading, DeskError> {
        let status = self.me().await?.availability()?.named();
        Ok(Reading {
            path: ReadPath::Own,
            seen: Seen::Status {
                id: status.id,
                name: status.name,
                reason: None,
                since: None,
                channels: Vec::new(),
            },
            budget: None,
            phone: None,
        })
    }

    /// Sets the agent's availability and tells which one it is now, which may be another one.
    ///
    /// # Errors
    /// What the answer or the network means; [`DeskError::NoSuchStatus`] without a request for what no agent can
    /// choose, since the server answers words that it does not know with a failure of its own.
    pub async fn push(&self, status: &StatusId) -> Result<Told, DeskError> {
        match Availability::parse(&status.0) {
            Some(availability) if Availability::CHOOSABLE.contains(&availability) => {
                self.write(availability, false).await
            }
            _ => Err(DeskError::NoSuchStatus),
        }
    }

    /// Sets the agent's availability as idleness brings or ends it; the server drops it where the agent is away by
    /// choice (from release 2.2.0 on).
    ///
    /// # Errors
    /// As [`Libredesk::push`].
    pub async fn push_idle(&self, status: &StatusId) -> Result<Told, DeskError> {
        match Availability::parse(&status.0) {
            Some(Availability::Online) => {
                self.replace(Availability::Idle, Availability::Online).await
            }
            Some(Availability::Idle) => {
                self.replace(Availability::Online, Availability::Idle).await
            }
            _ => Err(DeskError::NoSuchStatus),
        }
    }

    /// Sets an availability in the place of another one, on older releases only if that one is still there.
    async fn replace(&self, from: Availability, to: Availability) -> Result<Told, DeskError> {
        let version = self.learned().version;
        if version.is_none_or(|version| version < PROTECTS_CHOICES) {
            let now = self.me().await?.availability()?;
            if now != from {
                return Ok(told(now));
            }
        }
        self.write(to, true).await
    }

    async fn write(
        &self,
        availability: Availability,
        by_idleness: bool,
    ) -> Result<Told, DeskError> {
        let request = self.requests.choose(availability, by_idleness);
        let answer = self.ask(request).await?.accepted()?;
        let now = match answer.json::<wire::Wrapped<wire::Written>>()?.data {
            wire::Written::Agent(me) => me.availability()?,
            // Who only says that it was done is asked what it is.
            wire::Written::Done(true) => self.me().await?.availability()?,
            wire::Written::Done(false) => {
                return Err(DeskError::Unintelligible {
                    detail: "JSON of another shape".to_owned(),
                });
            }
        };
        Ok(told(now))
    }
}

fn told(availability: Availability) -> Told {
    let status = availability.named();
    Told {
        id: status.id,
        name: status.name,
    }
}
