//! Forced changes of several accounts at once: one notification in the place of each account's own.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{AccountId, AccountView, Moved, Notice, Topic};

use crate::Handle;
use crate::ports::Notifier;

/// The way to the agent, on which forced changes that came together are told together.
pub(crate) struct Together {
    notifier: Arc<dyn Notifier>,
    open: Mutex<Open>,
}

/// The forced changes that were told and not yet answered.
#[derive(Default)]
struct Open {
    moved: Vec<Moved>,
    /// Those of them that were told together last.
    joint: Vec<AccountId>,
}

impl Open {
    fn close(&mut self, account: &AccountId) {
        self.moved.retain(|moved| moved.account != *account);
    }

    fn is_joint(&self, account: &AccountId) -> bool {
        self.joint.contains(account)
    }
}

impl Together {
    pub(crate) fn new(notifier: Arc<dyn Notifier>) -> Self {
        Self {
            notifier,
            open: Mutex::default(),
        }
    }

    /// Shows a notice, a forced change together with those of other accounts that came with it.
    pub(crate) fn notify(&self, account: &AccountView, notice: &Notice, handle: &Handle) {
        let Notice::Offer(offer) = notice else {
            return self.notifier.notify(account, notice, handle);
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.close(&account.account);
        if !offer.is_forced() {
            return self.notifier.notify(account, notice, handle);
        }
        let moved = Moved {
            account: account.account.clone(),
            offer: offer.clone(),
        };
        let together = moved.clone().with(&open.moved);
        open.moved.push(moved);
        if together.len() == 1 {
            return self.notifier.notify(account, notice, handle);
        }
        for moved in &together {
            if !open.is_joint(&moved.account) {
                self.notifier.withdraw(&moved.account, Topic::Offer);
            }
        }
        open.joint = together.iter().map(|moved| moved.account.clone()).collect();
        self.notifier.notify_together(&together, handle);
    }

    /// Takes all back that is on the screen now.
    pub(crate) async fn clear(&self) {
        self.notifier.clear().await;
    }

    /// Takes a notice back; what was told together goes with the last of them.
    pub(crate) fn withdraw(&self, account: &AccountId, topic: Topic) {
        if topic == Topic::Offer {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.close(account);
            if open.is_joint(account) {
                open.joint.retain(|joint| joint != account);
                if open.joint.is_empty() {
                    self.notifier.withdraw_together();
                }
                return;
            }
        }
        self.notifier.withdraw(account, topic);
    }
}
