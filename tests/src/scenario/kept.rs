//! What outlives an engine.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use domain::{AccountId, Code, Failure, Remembered};
use engine::Config;
use engine::ports::Store;

use super::histories::KeptHistories;

/// What outlives an engine: a restart finds it again.
#[derive(Clone, Default)]
pub struct KeptThings {
    remembered: Arc<Mutex<HashMap<AccountId, Remembered>>>,
    /// Time in status.
    pub histories: KeptHistories,
    is_full: Arc<AtomicBool>,
}

impl KeptThings {
    /// Fails to keep settings from now on.
    pub fn fill_disk(&self) {
        self.is_full.store(true, Ordering::Relaxed);
    }
}

impl Store for KeptThings {
    fn save(&self, _: &Config) -> Result<(), Failure> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(Failure::new(Code::Settings, "The disk is full."));
        }
        Ok(())
    }

    fn recall(&self, account: &AccountId) -> Remembered {
        self.remembered
            .lock()
            .unwrap()
            .get(account)
            .cloned()
            .unwrap_or_default()
    }

    fn remember(&self, account: &AccountId, remembered: &Remembered) {
        self.remembered
            .lock()
            .unwrap()
            .insert(account.clone(), remembered.clone());
    }

    fn forget(&self, account: &AccountId) {
        self.remembered.lock().unwrap().remove(account);
    }
}
