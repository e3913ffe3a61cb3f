//! Help desks that are asked for no more than one operation needs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{
    Account, AccountId, Agent, CapacityRule, Closed, DeskError, Examined, HelpDeskName, Listing,
    Phone, ReadPath, Reading, Status, StatusId, Team, TeamFilter, Via, Written,
};
use engine::{Desk, Desks, TeamDesk};
use helpdesk::{Authorization, BadAddress, BaseUrl, Credentials, GrantError, Granted, Socket};
use secrecy::SecretString;

/// As rarely as the engine itself reads the statuses on offer.
const LIST_AGE: Duration = Duration::from_secs(30 * 60);

/// Lists that were read already, for whoever runs several engines one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists(Arc<Mutex<HashMap<AccountId, (Instant, Listing)>>>);

impl Lists {
    fn get(&self, account: &AccountId) -> Option<Listing> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, listing) = lists.get(account)?;
        (read.elapsed() < LIST_AGE).then(|| listing.clone())
    }

    fn keep(&self, account: &AccountId, listing: &Listing) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(account.clone(), (Instant::now(), listing.clone()));
    }
}

/// Help desks behind a limit of what they are asked.
#[derive(Clone, Debug)]
pub(crate) struct Frugal<D> {
    pub(crate) desks: D,
    pub(crate) lists: Lists,
    /// Whether accounts are asked at all: who only signs in or out has no use for their statuses.
    pub(crate) asks: bool,
}

/// One account behind that limit.
#[derive(Debug)]
pub(crate) struct FrugalDesk<D> {
    desk: D,
    account: AccountId,
    lists: Lists,
    asks: bool,
}

impl<D: Desks> Desks for Frugal<D> {
    type Desk = FrugalDesk<D::Desk>;

    fn open(&self, account: &Account, secret: SecretString) -> Result<Self::Desk, BadAddress> {
        Ok(FrugalDesk {
            desk: self.desks.open(account, secret)?,
            account: account.id.clone(),
            lists: self.lists.clone(),
            asks: self.asks,
        })
    }

    async fn probe(
        &self,
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
    ) -> Result<(BaseUrl, Agent), DeskError> {
        self.desks.probe(helpdesk, base, credentials).await
    }

    async fn end(
        &self,
        helpdesk: HelpDeskName,
        base: BaseUrl,
        credentials: Credentials,
    ) -> Result<(), DeskError> {
        self.desks.end(helpdesk, base, credentials).await
    }

    async fn redeem(
        &self,
        authorization: Authorization,
        code: &SecretString,
    ) -> Result<Granted, GrantError> {
        self.desks.redeem(authorization, code).await
    }

    async fn renew(
        &self,
        account: &Account,
        client_id: &str,
        refresh: &SecretString,
    ) -> Result<Granted, GrantError> {
        self.desks.renew(account, client_id, refresh).await
    }
}

impl<D: Desk> FrugalDesk<D> {
    async fn asked(&self) {
        if !self.asks {
            std::future::pending::<()>().await;
        }
    }
}

impl<D: Desk> Desk for FrugalDesk<D> {
    async fn who(&self) -> Result<Agent, DeskError> {
        self.asked().await;
        self.desk.who().await
    }

    async fn list(&self) -> Result<Listing, DeskError> {
        self.asked().await;
        if let Some(listing) = self.lists.get(&self.account) {
            return Ok(listing);
        }
        let listing = self.desk.list().await?;
        self.lists.keep(&self.account, &listing);
        Ok(listing)
    }

    async fn fetch(&self, known: Option<ReadPath>) -> Result<Reading, DeskError> {
        self.asked().await;
        self.desk.fetch(known).await
    }

    async fn push(&self, status: &StatusId) -> Result<Written, DeskError> {
        self.desk.push(status).await
    }

    async fn phone(&self) -> Result<Option<Phone>, DeskError> {
        self.asked().await;
        self.desk.phone().await
    }

    async fn answer_by(&self, via: Via) -> Result<Phone, DeskError> {
        self.desk.answer_by(via).await
    }

    async fn push_idle(&self, status: &StatusId) -> Result<Written, DeskError> {
        self.desk.push_idle(status).await
    }

    /// One operation is over before anything could be heard.
    async fn listen(&self) -> Result<Socket, Closed> {
        std::future::pending().await
    }

    async fn revoke(&self) -> Result<(), DeskError> {
        self.desk.revoke().await
    }
}

impl<D: Desk> TeamDesk for FrugalDesk<D> {
    async fn examine(&self) -> Result<Examined, DeskError> {
        self.asked().await;
        self.desk.examine().await
    }

    async fn team_statuses(&self) -> Result<Vec<Status>, DeskError> {
        self.desk.team_statuses().await
    }

    async fn team(&self, filter: &TeamFilter, statuses: &[Status]) -> Result<Team, DeskError> {
        self.desk.team(filter, statuses).await
    }

    async fn status_of(&self, agent: &str) -> Result<Option<StatusId>, DeskError> {
        self.desk.status_of(agent).await
    }

    async fn push_for(&self, agent: &str, status: &StatusId) -> Result<Written, DeskError> {
        self.desk.push_for(agent, status).await
    }

    async fn capacity_rules(&self) -> Result<Vec<CapacityRule>, DeskError> {
        self.desk.capacity_rules().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use domain::{Agreed, SignIn};

    use super::*;

    /// Counts how often it is asked for its list.
    #[derive(Clone, Default)]
    struct Counting(Arc<AtomicU32>);

    impl Desks for Counting {
        type Desk = Self;

        fn open(&self, _: &Account, _: SecretString) -> Result<Self, BadAddress> {
            Ok(self.clone())
        }

        async fn probe(
            &self,
            _: HelpDeskName,
            base: BaseUrl,
            _: Credentials,
        ) -> Result<(BaseUrl, Agent), DeskError> {
            Ok((base, ada()))
        }

        async fn end(&self, _: HelpDeskName, _: BaseUrl, _: Credentials) -> Result<(), DeskError> {
            Ok(())
        }

        async fn redeem(&self, _: Authorization, _: &SecretString) -> Result<Granted, GrantError> {
            Err(GrantError::Over)
        }

        async fn renew(
            &self,
            _: &Account,
            _: &str,
            _: &SecretString,
        ) -> Result<Granted, GrantError> {
            Err(GrantError::Over)
        }
    }

    impl Desk for Counting {
        async fn revoke(&self) -> Result<(), DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn who(&self) -> Result<Agent, DeskError> {
            Ok(ada())
        }

        async fn list(&self) -> Result<Listing, DeskError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(Listing::default())
        }

        async fn fetch(&self, _: Option<ReadPath>) -> Result<Reading, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn push(&self, _: &StatusId) -> Result<Written, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn phone(&self) -> Result<Option<Phone>, DeskError> {
            Ok(None)
        }

        async fn answer_by(&self, _: Via) -> Result<Phone, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn push_idle(&self, _: &StatusId) -> Result<Written, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn listen(&self) -> Result<Socket, Closed> {
            Err(Closed::Failed(DeskError::TimedOut))
        }
    }

    impl TeamDesk for Counting {
        async fn examine(&self) -> Result<Examined, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn team_statuses(&self) -> Result<Vec<Status>, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn team(&self, _: &TeamFilter, _: &[Status]) -> Result<Team, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn status_of(&self, _: &str) -> Result<Option<StatusId>, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn push_for(&self, _: &str, _: &StatusId) -> Result<Written, DeskError> {
            Err(DeskError::TimedOut)
        }

        async fn capacity_rules(&self) -> Result<Vec<CapacityRule>, DeskError> {
            Err(DeskError::TimedOut)
        }
    }

    fn ada() -> Agent {
        Agent {
            id: "7".to_owned(),
            name: "Ada".to_owned(),
        }
    }

    fn open(desks: &Counting, lists: &Lists, account: &str, asks: bool) -> FrugalDesk<Counting> {
        let account = Account {
            id: AccountId(account.to_owned()),
            helpdesk: HelpDeskName::Zendesk,
            url: "https://acme.zendesk.com".to_owned(),
            agent: ada(),
            sign_in: SignIn::AccessToken,
            agreed: Agreed::default(),
        };
        let frugal = Frugal {
            desks: desks.clone(),
            lists: lists.clone(),
            asks,
        };
        frugal.open(&account, SecretString::from("s3cret")).unwrap()
    }

    #[tokio::test]
    async fn engines_one_after_the_other_share_what_was_listed() {
        let (desks, lists) = (Counting::default(), Lists::default());
        for _ in 0..3 {
            open(&desks, &lists, "acme", true).list().await.unwrap();
        }
        assert_eq!(desks.0.load(Ordering::Relaxed), 1);
        open(&desks, &lists, "beta", true).list().await.unwrap();
        assert_eq!(desks.0.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn who_needs_names_alone_asks_nobody() {
        let desks = Counting::default();
        let desk = open(&desks, &Lists::default(), "acme", false);
        let long = Duration::from_secs(3600);
        assert!(tokio::time::timeout(long, desk.list()).await.is_err());
        assert!(tokio::time::timeout(long, desk.fetch(None)).await.is_err());
        assert!(tokio::time::timeout(long, desk.who()).await.is_err());
        assert!(tokio::time::timeout(long, desk.examine()).await.is_err());
        assert_eq!(desks.0.load(Ordering::Relaxed), 0);
    }
}
