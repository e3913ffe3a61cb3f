//! Forced changes of several accounts at once: one notification in the place of each account's own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{AccountId, AccountView, Moved, Notice, Topic};

use crate::Handle;
use crate::ports::Notifier;

/// The way to the agent, on which forced changes that came together are told together.
pub(crate) struct Together {
    notifier: Arc<dyn Notifier>,
    handle: Handle,
    open: Mutex<Open>,
}

/// The forced changes that were told and not yet answered.
#[derive(Default)]
struct Open(Vec<Told>);

/// A forced change, and how it was told.
struct Told {
    /// The account as it was then.
    account: AccountView,
    moved: Moved,
    is_joint: bool,
}

impl Open {
    /// Ends one account's, and says whether it was told together with others.
    fn close(&mut self, account: &AccountId) -> bool {
        let told = self
            .0
            .iter()
            .position(|told| told.moved.account == *account);
        told.is_some_and(|index| self.0.remove(index).is_joint)
    }

    fn moved(&self, is_wanted: impl Fn(&Told) -> bool) -> Vec<Moved> {
        let wanted = self.0.iter().filter(|told| is_wanted(told));
        wanted.map(|told| told.moved.clone()).collect()
    }

    fn joint(&self) -> Vec<Moved> {
        let mut joint = self.moved(|told| told.is_joint);
        joint.sort_by_key(|moved| moved.offer.at);
        joint
    }
}

impl Together {
    pub(crate) fn new(notifier: Arc<dyn Notifier>, handle: Handle) -> Self {
        Self {
            notifier,
            handle,
            open: Mutex::default(),
        }
    }

    /// Shows a notice, a forced change together with those of other accounts that came with it.
    pub(crate) fn notify(&self, account: &AccountView, notice: &Notice) {
        let Notice::Offer(offer) = notice else {
            return self.notifier.notify(account, notice, &self.handle);
        };
        let mut open = self.open();
        let was_joint = open.close(&account.account);
        let moved = Moved {
            account: account.account.clone(),
            offer: offer.clone(),
        };
        let mut together = vec![moved.clone()];
        if offer.is_forced() {
            together = moved.clone().with(&open.moved(|_| true));
            open.0.push(Told {
                account: account.clone(),
                moved,
                is_joint: false,
            });
        }
        if together.len() == 1 {
            if was_joint {
                self.tell_rest(&mut open);
            }
            return self.notifier.notify(account, notice, &self.handle);
        }
        for told in &mut open.0 {
            let account = &told.moved.account;
            if !told.is_joint && together.iter().any(|moved| moved.account == *account) {
                self.notifier.withdraw(account, Topic::Offer);
                told.is_joint = true;
            }
        }
        // With those that an older one names: it is replaced, and they are not answered yet.
        self.notifier.notify_together(&open.joint(), &self.handle);
    }

    /// Takes all back that is on the screen now.
    pub(crate) async fn clear(&self) {
        self.open().0.clear();
        self.notifier.clear().await;
    }

    /// Takes a notice back; those that were told together with it are told anew without it.
    pub(crate) fn withdraw(&self, account: &AccountId, topic: Topic) {
        if topic == Topic::Offer {
            let mut open = self.open();
            if open.close(account) {
                return self.tell_rest(&mut open);
            }
        }
        self.notifier.withdraw(account, topic);
    }

    /// Tells what is left of a notification of several accounts, which is off the screen once a button was pressed.
    fn tell_rest(&self, open: &mut Open) {
        let rest = open.joint();
        if rest.len() > 1 {
            return self.notifier.notify_together(&rest, &self.handle);
        }
        self.notifier.withdraw_together();
        if let Some(last) = open.0.iter_mut().find(|told| told.is_joint) {
            last.is_joint = false;
            let notice = Notice::Offer(last.moved.offer.clone());
            self.notifier.notify(&last.account, &notice, &self.handle);
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // A change that a panic cut short leaves a notice too much or too few, and nothing worse.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
