//! What the engine asks of a help desk.

use domain::{
    Account, Agent, DeskError, HelpDeskName, Listing, ReadPath, Reading, StatusId, Written,
};
use helpdesk::{BadAddress, BaseUrl, Credentials, HelpDesk, Transport};
use secrecy::SecretString;

/// One account on a help desk.
pub trait Desk: Send + Sync + 'static {
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
    /// Asks a help desk who somebody is, before there is an account.
    fn probe(
        &self,
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
    ) -> impl Future<Output = Result<Agent, DeskError>> + Send;
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
    ) -> Result<Agent, DeskError> {
        HelpDesk::probe(helpdesk, base, credentials, self.0.clone()).await
    }
}
