//! Time in status that outlives an engine.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};

use domain::{AccountId, Failure, History, Stretch};
use engine::ports::Histories;
use jiff::Timestamp;

/// Time in status that outlives an engine.
#[derive(Clone, Default)]
pub struct KeptHistories(Arc<Mutex<HashMap<AccountId, History>>>);

impl KeptHistories {
    /// What is kept of an account.
    pub fn of(&self, account: &AccountId) -> History {
        self.0
            .lock()
            .unwrap()
            .get(account)
            .cloned()
            .unwrap_or_default()
    }
}

impl Histories for KeptHistories {
    fn resume(&self, account: &AccountId, now: Timestamp) -> io::Result<Option<Stretch>> {
        let mut kept = self.0.lock().unwrap();
        let history = kept.entry(account.clone()).or_default();
        history.drop_old(now);
        Ok(history.stretches.last().cloned())
    }

    fn keep(&self, account: &AccountId, stretches: &[Stretch]) -> io::Result<()> {
        let mut kept = self.0.lock().unwrap();
        let history = kept.entry(account.clone()).or_default();
        for stretch in stretches {
            history.add(stretch.clone());
        }
        Ok(())
    }

    fn read(&self, account: &AccountId) -> Result<History, Failure> {
        Ok(self.of(account))
    }

    fn forget(&self, account: &AccountId) -> Result<(), Failure> {
        self.0.lock().unwrap().remove(account);
        Ok(())
    }
}
