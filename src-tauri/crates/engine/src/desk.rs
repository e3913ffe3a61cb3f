//! What the engine asks of a help desk.

use domain::{
    Account, Agent, CapacityRule, Closed, DeskError, Examined, HelpDeskName, Listing, Phone,
    ReadPath, Reading, Status, StatusId, Team, TeamFilter, Via, Written,
};
use helpdesk::{
    Authorization, BadAddress, BaseUrl, Credentials, GrantError, Granted, HelpDesk, Socket,
    Transport,
};
use secrecy::SecretString;

/// One account on a help desk.
pub trait Desk: TeamDesk {
    /// Who is signed in.
    fn who(&self) -> impl Future<Output = Result<Agent, DeskError>> + Send;
    /// The statuses on offer.
    fn list(&self) -> impl Future<Output = Result<Listing, DeskError>> + Send;
    /// The current status, read where it was readable the last time.
    fn fetch(
        &self,
        known: Option<ReadPath>,
    ) -> impl Future<Output = Result<Reading, DeskError>> + Send;
    /// Switches.
    fn push(&self, status: &StatusId) -> impl Future<Output = Result<Written, DeskError>> + Send;
    /// The agent's phone; `None` where the agent has none.
    fn phone(&self) -> impl Future<Output = Result<Option<Phone>, DeskError>> + Send;
    /// Lets calls ring elsewhere.
    fn answer_by(&self, via: Via) -> impl Future<Output = Result<Phone, DeskError>> + Send;
    /// Switches as idleness brings or ends a status.
    fn push_idle(
        &self,
        status: &StatusId,
    ) -> impl Future<Output = Result<Written, DeskError>> + Send;
    /// Opens the way by which the help desk speaks by itself.
    fn listen(&self) -> impl Future<Output = Result<Socket, Closed>> + Send;
    /// Ends the sign-in on the help desk's side.
    fn revoke(&self) -> impl Future<Output = Result<(), DeskError>> + Send;
}

/// What one account may tell of all agents, and of itself.
pub trait TeamDesk: Send + Sync + 'static {
    /// What role, plan and settings allow.
    fn examine(&self) -> impl Future<Output = Result<Examined, DeskError>> + Send;
    /// All statuses of the account, whoever may choose them.
    fn team_statuses(&self) -> impl Future<Output = Result<Vec<Status>, DeskError>> + Send;
    /// The agents that pass the filter.
    fn team(
        &self,
        filter: &TeamFilter,
        statuses: &[Status],
    ) -> impl Future<Output = Result<Team, DeskError>> + Send;
    /// Which status an agent has.
    fn status_of(
        &self,
        agent: &str,
    ) -> impl Future<Output = Result<Option<StatusId>, DeskError>> + Send;
    /// Sets another agent's status.
    fn push_for(
        &self,
        agent: &str,
        status: &StatusId,
    ) -> impl Future<Output = Result<Written, DeskError>> + Send;
    /// The rules for how much work agents can have.
    fn capacity_rules(&self) -> impl Future<Output = Result<Vec<CapacityRule>, DeskError>> + Send;
}

/// Opens accounts.
pub trait Desks: Send + Sync + 'static {
    /// What it opens.
    type Desk: Desk;
    /// Opens an account with its secret.
    ///
    /// # Errors
    /// The account's address is none that may be used.
    fn open(&self, account: &Account, secret: SecretString) -> Result<Self::Desk, BadAddress>;
    /// Asks a help desk who somebody is and where exactly it is, before there is an account.
    fn probe(
        &self,
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
    ) -> impl Future<Output = Result<(BaseUrl, Agent), DeskError>> + Send;
    /// Ends a sign-in that leads to no account.
    fn end(
        &self,
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
    ) -> impl Future<Output = Result<(), DeskError>> + Send;
    /// Redeems the code of a browser sign-in.
    fn redeem(
        &self,
        authorization: Authorization,
        code: &SecretString,
    ) -> impl Future<Output = Result<Granted, GrantError>> + Send;
    /// Exchanges a refresh token for the next pair.
    fn renew(
        &self,
        account: &Account,
        client_id: &str,
        refresh: &SecretString,
    ) -> impl Future<Output = Result<Granted, GrantError>> + Send;
}

/// The real help desks over one transport.
#[derive(Clone, Debug)]
pub struct HelpDesks<T>(pub T);

impl<T: Transport> Desk for HelpDesk<T> {
    async fn who(&self) -> Result<Agent, DeskError> {
        Self::who(self).await
    }

    async fn list(&self) -> Result<Listing, DeskError> {
        Self::list(self).await
    }

    async fn fetch(&self, known: Option<ReadPath>) -> Result<Reading, DeskError> {
        Self::fetch(self, known).await
    }

    async fn push(&self, status: &StatusId) -> Result<Written, DeskError> {
        Self::push(self, status).await
    }

    async fn phone(&self) -> Result<Option<Phone>, DeskError> {
        Self::phone(self).await
    }

    async fn answer_by(&self, via: Via) -> Result<Phone, DeskError> {
        Self::answer_by(self, via).await
    }

    async fn push_idle(&self, status: &StatusId) -> Result<Written, DeskError> {
        Self::push_idle(self, status).await
    }

    async fn listen(&self) -> Result<Socket, Closed> {
        Self::listen(self).await
    }

    async fn revoke(&self) -> Result<(), DeskError> {
        Self::revoke(self).await
    }
}

impl<T: Transport> TeamDesk for HelpDesk<T> {
    async fn examine(&self) -> Result<Examined, DeskError> {
        Self::examine(self).await
    }

    async fn team_statuses(&self) -> Result<Vec<Status>, DeskError> {
        Self::team_statuses(self).await
    }

    async fn team(&self, filter: &TeamFilter, statuses: &[Status]) -> Result<Team, DeskError> {
        Self::team(self, filter, statuses).await
    }

    async fn status_of(&self, agent: &str) -> Result<Option<StatusId>, DeskError> {
        Self::status_of(self, agent).await
    }

    async fn push_for(&self, agent: &str, status: &StatusId) -> Result<Written, DeskError> {
        Self::push_for(self, agent, status).await
    }

    async fn capacity_rules(&self) -> Result<Vec<CapacityRule>, DeskError> {
        Self::capacity_rules(self).await
    }
}

impl<T: Transport + Clone> Desks for HelpDesks<T> {
    type Desk = HelpDesk<T>;

    fn open(&self, account: &Account, secret: SecretString) -> Result<Self::Desk, BadAddress> {
        HelpDesk::open(
            account,
            Credentials::new(&account.sign_in, secret),
            self.0.clone(),
        )
    }

    async fn probe(
        &self,
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
    ) -> Result<(BaseUrl, Agent), DeskError> {
        HelpDesk::probe(helpdesk, base, credentials, self.0.clone()).await
    }

    async fn end(
        &self,
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
    ) -> Result<(), DeskError> {
        HelpDesk::end(helpdesk, base, credentials, self.0.clone()).await
    }

    async fn redeem(
        &self,
        authorization: Authorization,
        code: &SecretString,
    ) -> Result<Granted, GrantError> {
        authorization.redeem(code, &self.0).await
    }

    async fn renew(
        &self,
        account: &Account,
        client_id: &str,
        refresh: &SecretString,
    ) -> Result<Granted, GrantError> {
        let base =
            BaseUrl::new(account.helpdesk, &account.url, false).map_err(|_| DeskError::NotFound)?;
        helpdesk::renew(&base, client_id, refresh, &self.0).await
    }
}
