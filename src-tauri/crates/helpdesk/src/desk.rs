//! The help desks that the product knows, as one.

use domain::{
    Account, Agent, CapacityRule, Closed, DeskError, Examined, HelpDeskName, Listing, Phone,
    ReadPath, Reading, Status, StatusId, Team, TeamFilter, Via, Written,
};

use crate::{BadAddress, BaseUrl, Credentials, Libredesk, Socket, Transport, Zendesk};

/// One agent's access to one help desk instance, whichever help desk it is.
#[derive(Clone, Debug)]
pub enum HelpDesk<T> {
    /// Zendesk.
    Zendesk(Zendesk<T>),
    /// Libredesk.
    Libredesk(Libredesk<T>),
}

impl<T: Transport> HelpDesk<T> {
    /// Prepares the access for an account that is signed in; nothing is sent.
    ///
    /// # Errors
    /// An address that has become unusable, such as one changed by hand in the settings file.
    pub fn open(
        account: &Account,
        credentials: Credentials,
        transport: T,
    ) -> Result<Self, BadAddress> {
        let base = BaseUrl::new(account.helpdesk, &account.url, account.agreed.unencrypted)?;
        let agent_id = Some(account.agent.id.clone());
        Ok(Self::at(
            account.helpdesk,
            base,
            credentials,
            transport,
            agent_id,
        ))
    }

    /// Asks a help desk whom it takes the credentials for, before there is an account; the address may turn out to be
    /// one of its pages, so its own is told as well.
    ///
    /// # Errors
    /// See [`HelpDesk::who`].
    pub async fn probe(
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
        transport: T,
    ) -> Result<(BaseUrl, Agent), DeskError> {
        match Self::at(helpdesk, base.clone(), credentials, transport, None) {
            Self::Zendesk(desk) => Ok((base, desk.who().await?)),
            Self::Libredesk(desk) => desk.find().await,
        }
    }

    /// Ends a sign-in that leads to no account, where the help desk can.
    ///
    /// # Errors
    /// What the answer or the network means; the sign-in still works then.
    pub async fn end(
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
        transport: T,
    ) -> Result<(), DeskError> {
        let desk = Self::at(helpdesk, base, credentials, transport, None);
        desk.revoke().await
    }

    fn at(
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
        transport: T,
        agent_id: Option<String>,
    ) -> Self {
        match helpdesk {
            HelpDeskName::Zendesk => {
                Self::Zendesk(Zendesk::new(transport, base, credentials, agent_id))
            }
            HelpDeskName::Libredesk => {
                Self::Libredesk(Libredesk::new(transport, base, credentials, agent_id))
            }
        }
    }

    /// Asks whom the help desk takes the credentials for.
    ///
    /// # Errors
    /// [`DeskError::Unauthorized`] or [`DeskError::Anonymous`] for refused credentials,
    /// [`DeskError::NotAnAgent`] for somebody without a status; else what came between.
    pub async fn who(&self) -> Result<Agent, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.who().await,
            Self::Libredesk(desk) => desk.who().await,
        }
    }

    /// Ends the sign-in on the help desk's side, where it can.
    ///
    /// # Errors
    /// What the answer or the network means; the sign-in still works then.
    pub async fn revoke(&self) -> Result<(), DeskError> {
        match self {
            Self::Zendesk(desk) => desk.revoke().await,
            Self::Libredesk(_) => Ok(()),
        }
    }

    /// Lists the statuses on offer.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn list(&self) -> Result<Listing, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.list().await,
            Self::Libredesk(desk) => desk.list().await,
        }
    }

    /// Reads the current status, at `known` if it is still readable there.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn fetch(&self, known: Option<ReadPath>) -> Result<Reading, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.fetch(known).await,
            Self::Libredesk(desk) => desk.fetch().await,
        }
    }

    /// Switches to a status and tells which one it is now.
    ///
    /// # Errors
    /// What the answer or the network means; see [`DeskError::leaves_write_in_doubt`].
    pub async fn push(&self, status: &StatusId) -> Result<Written, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.push(status).await,
            Self::Libredesk(desk) => desk.push(status).await,
        }
    }

    /// Switches as idleness brings or ends a status, where the help desk knows such; tells which one it is now.
    ///
    /// # Errors
    /// As [`HelpDesk::push`].
    pub async fn push_idle(&self, status: &StatusId) -> Result<Written, DeskError> {
        match self {
            Self::Zendesk(_) => Err(DeskError::NoSuchStatus),
            Self::Libredesk(desk) => desk.push_idle(status).await,
        }
    }

    /// Opens the way by which the help desk speaks by itself.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn listen(&self) -> Result<Socket, Closed> {
        match self {
            Self::Zendesk(_) => Err(Closed::NotOffered("Zendesk has none".to_owned())),
            Self::Libredesk(desk) => desk.listen().await,
        }
    }

    /// Asks what role, plan and settings allow.
    ///
    /// # Errors
    /// What an answer or the network means.
    pub async fn examine(&self) -> Result<Examined, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.examine().await,
            Self::Libredesk(desk) => desk.examine().await,
        }
    }

    /// Lists all statuses of the account, whoever may choose them.
    ///
    /// # Errors
    /// What an answer or the network means; [`DeskError::Forbidden`] for who may not.
    pub async fn team_statuses(&self) -> Result<Vec<Status>, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.team_statuses().await,
            Self::Libredesk(_) => Ok(Libredesk::<T>::team_statuses()),
        }
    }

    /// Reads the team.
    ///
    /// # Errors
    /// What an answer or the network means; [`DeskError::Forbidden`] for who may not.
    pub async fn team(&self, filter: &TeamFilter, statuses: &[Status]) -> Result<Team, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.team(filter, statuses).await,
            Self::Libredesk(desk) => desk.team(filter, statuses).await,
        }
    }

    /// Reads which status an agent has.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn status_of(&self, agent: &str) -> Result<Option<StatusId>, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.status_of(agent).await,
            Self::Libredesk(desk) => desk.status_of(agent).await,
        }
    }

    /// Sets another agent's status and tells which one it is now.
    ///
    /// # Errors
    /// What the answer or the network means; see [`DeskError::leaves_write_in_doubt`].
    pub async fn push_for(&self, agent: &str, status: &StatusId) -> Result<Written, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.push_for(agent, status).await,
            Self::Libredesk(_) => Libredesk::<T>::push_for(),
        }
    }

    /// Lists the rules for how much work agents can have.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn capacity_rules(&self) -> Result<Vec<CapacityRule>, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.capacity_rules().await,
            Self::Libredesk(_) => Err(DeskError::NotFound),
        }
    }

    /// Reads the agent's phone; `None` where the agent has none.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn phone(&self) -> Result<Option<Phone>, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.phone().await,
            Self::Libredesk(_) => Ok(None),
        }
    }

    /// Lets calls ring elsewhere and tells where they ring then.
    ///
    /// # Errors
    /// What the answer or the network means; see [`DeskError::leaves_write_in_doubt`].
    pub async fn answer_by(&self, via: Via) -> Result<Phone, DeskError> {
        match self {
            Self::Zendesk(desk) => desk.answer_by(via).await,
            Self::Libredesk(_) => Err(DeskError::NotFound),
        }
    }
}
