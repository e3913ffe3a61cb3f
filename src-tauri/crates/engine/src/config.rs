//! The settings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use domain::{
    Account, AccountId, Choosable, Code, Everywhere, Failure, Guard, Mapping, StatusId, StatusKind,
};
use serde::{Deserialize, Serialize};

/// The usual seconds between two reads of an account.
pub const POLL_INTERVAL_S: u64 = 30;
/// The seconds that may be set: below, the company's shared request limit suffers; above, the light is old.
pub const POLL_INTERVALS_S: std::ops::RangeInclusive<u64> = 5..=300;

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The format's version.
    pub version: u32,
    /// The accounts; their secrets are in the keyring.
    pub accounts: Vec<Account>,
    /// The account that commands without one mean; the first where there is none.
    pub default_account: Option<AccountId>,
    /// The accounts that do not count for the one light; where all are named, all count.
    pub not_relevant: BTreeSet<AccountId>,
    /// What a kind means in an account, where the agent said so.
    pub everywhere: BTreeMap<AccountId, Mapping>,
    /// What happens when the agent leaves the computer, where that was switched on for an account.
    pub guards: BTreeMap<AccountId, Guard>,
    /// The usual seconds between two reads of an account.
    pub poll_interval_s: u64,
    /// A PEM file of certificate authorities that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            version: 1,
            accounts: Vec::new(),
            default_account: None,
            not_relevant: BTreeSet::new(),
            everywhere: BTreeMap::new(),
            guards: BTreeMap::new(),
            poll_interval_s: POLL_INTERVAL_S,
            ca_file: None,
        }
    }
}

impl Config {
    /// The usual time between two reads, within what may be set.
    pub fn poll_interval(&self) -> Duration {
        Duration::from_secs(
            self.poll_interval_s
                .clamp(*POLL_INTERVALS_S.start(), *POLL_INTERVALS_S.end()),
        )
    }

    /// Whether the account counts for the one light.
    pub fn is_relevant(&self, account: &AccountId) -> bool {
        let counts = |id: &AccountId| !self.not_relevant.contains(id);
        counts(account) || !self.accounts.iter().any(|known| counts(&known.id))
    }

    /// What each kind means in an account with these statuses.
    pub fn meaning(&self, account: &AccountId, statuses: &[Choosable]) -> Vec<Everywhere> {
        match self.everywhere.get(account) {
            Some(mapping) => mapping.of(statuses),
            None => Mapping::default().of(statuses),
        }
    }

    /// Says what a kind means in an account; nothing leaves it to the help desk's own.
    pub fn map(&mut self, account: &AccountId, kind: StatusKind, status: Option<StatusId>) {
        let Mapping(known) = self.everywhere.entry(account.clone()).or_default();
        match status {
            Some(status) => drop(known.insert(kind, status)),
            None => drop(known.remove(&kind)),
        }
    }

    /// Lets an account count for the one light, or not.
    ///
    /// # Errors
    /// It is the last one that counts: a light that stands for no account would show nothing true.
    pub fn mark(&mut self, account: &AccountId, relevant: bool) -> Result<(), Failure> {
        let others = |known: &Account| known.id != *account && self.is_relevant(&known.id);
        if !relevant && !self.accounts.iter().any(others) {
            return Err(Failure::new(
                Code::LastMark,
                "This is the last account that counts for the light, so it goes on counting. \
                 Let another account count first.",
            ));
        }
        self.tidy_marks();
        if relevant {
            self.not_relevant.remove(account);
        } else {
            self.not_relevant.insert(account.clone());
        }
        Ok(())
    }

    /// Names as left out only who is: where none counted by itself and all do, they go on doing so.
    fn tidy_marks(&mut self) {
        self.not_relevant = self
            .accounts
            .iter()
            .filter(|known| !self.is_relevant(&known.id))
            .map(|known| known.id.clone())
            .collect();
    }

    /// Says what happens when the agent leaves the computer; a guard that acts on nothing is none.
    pub fn guard(&mut self, account: &AccountId, guard: Option<Guard>) {
        match guard.filter(|guard| !guard.on.is_empty()) {
            Some(guard) => drop(self.guards.insert(account.clone(), guard)),
            None => drop(self.guards.remove(account)),
        }
    }

    /// Forgets an account and all that was said of it.
    ///
    /// Where the last one that counted is gone and so all others count, they go on counting beside whatever comes.
    pub fn forget(&mut self, account: &AccountId) {
        self.accounts.retain(|known| known.id != *account);
        self.default_account.take_if(|default| default == account);
        self.everywhere.remove(account);
        self.guards.remove(account);
        self.tidy_marks();
    }

    /// Whether commands without an account mean this one.
    pub fn is_default(&self, account: &AccountId) -> bool {
        match &self.default_account {
            Some(default) if self.accounts.iter().any(|known| known.id == *default) => {
                default == account
            }
            _ => self
                .accounts
                .first()
                .is_some_and(|first| first.id == *account),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Agent, Agreed, HelpDeskName, Leaving, SignIn};

    use super::*;

    fn id(name: &str) -> AccountId {
        AccountId(name.to_owned())
    }

    fn three() -> Config {
        let account = |name: &str| Account {
            id: id(name),
            helpdesk: HelpDeskName::Zendesk,
            url: format!("https://{name}.zendesk.com"),
            agent: Agent {
                id: "7".to_owned(),
                name: "Ada Example".to_owned(),
            },
            sign_in: SignIn::AccessToken,
            agreed: Agreed::default(),
        };
        Config {
            accounts: ["acme", "globex", "initech"].map(account).into(),
            ..Config::default()
        }
    }

    fn counting(config: &Config) -> Vec<&str> {
        let ids = config.accounts.iter().map(|account| &account.id);
        ids.filter(|id| config.is_relevant(id))
            .map(|AccountId(name)| name.as_str())
            .collect()
    }

    #[test]
    fn every_account_counts_until_it_is_taken_out() {
        let mut config = three();
        assert_eq!(counting(&config), ["acme", "globex", "initech"]);
        config.mark(&id("globex"), false).unwrap();
        assert_eq!(counting(&config), ["acme", "initech"]);
        config.mark(&id("globex"), true).unwrap();
        assert_eq!(counting(&config), ["acme", "globex", "initech"]);
    }

    #[test]
    fn a_guard_that_acts_on_nothing_is_none_and_goes_with_its_account() {
        let mut config = three();
        let guard = |on: &[Leaving]| Guard {
            to: StatusId::new(2),
            on: on.iter().copied().collect(),
        };
        config.guard(&id("acme"), Some(guard(&[Leaving::Sleep])));
        config.guard(&id("globex"), Some(guard(&[Leaving::Sleep])));
        config.guard(&id("globex"), Some(guard(&[])));
        assert_eq!(config.guards.len(), 1);
        config.forget(&id("acme"));
        assert!(config.guards.is_empty());
    }

    #[test]
    fn the_last_one_that_counts_goes_on_counting() {
        let mut config = three();
        config.mark(&id("acme"), false).unwrap();
        config.mark(&id("globex"), false).unwrap();
        let refused = config.mark(&id("initech"), false).unwrap_err();
        assert_eq!(refused.code, Code::LastMark);
        assert_eq!(counting(&config), ["initech"]);
    }

    #[test]
    fn where_the_last_one_that_counts_is_gone_the_others_count_again() {
        let mut config = three();
        config.mark(&id("acme"), false).unwrap();
        config.mark(&id("globex"), false).unwrap();
        config.accounts.pop();
        assert_eq!(counting(&config), ["acme", "globex"]);
        config.mark(&id("acme"), false).unwrap();
        assert_eq!(counting(&config), ["globex"]);
    }

    #[test]
    fn who_counts_since_the_last_one_is_gone_goes_on_beside_a_new_account() {
        let mut config = three();
        let initech = config.accounts[2].clone();
        config.mark(&id("acme"), false).unwrap();
        config.mark(&id("globex"), false).unwrap();
        config.forget(&id("initech"));
        assert_eq!(counting(&config), ["acme", "globex"]);
        config.accounts.push(initech);
        assert_eq!(counting(&config), ["acme", "globex", "initech"]);
    }
}
