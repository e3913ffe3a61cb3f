//! What the agent sets for an account.

use domain::{AccountId, Agreed, Failure, Guard, Input};

use super::{Hub, no_such_account};
use crate::Config;
use crate::account::Order;
use crate::desk::Desks;

impl<D: Desks> Hub<D> {
    /// Changes the settings of a known account, keeps them, and shows what came of it.
    pub(super) fn change(
        &mut self,
        account: &AccountId,
        change: impl FnOnce(&mut Config) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if self.running(account).is_none() {
            return Err(no_such_account(account));
        }
        let mut config = self.config.clone();
        change(&mut config)?;
        self.around.store.save(&config)?;
        self.config = config;
        self.show();
        Ok(())
    }

    /// Changes what the agent agreed to, keeps it, and lets the account go by it.
    pub(super) fn agree(
        &mut self,
        account: &AccountId,
        change: impl FnOnce(&mut Agreed),
    ) -> Result<(), Failure> {
        let mut now = None;
        self.change(account, |config| {
            let known = config
                .accounts
                .iter_mut()
                .find(|known| known.id == *account);
            if let Some(known) = known {
                change(&mut known.agreed);
                now = Some(known.agreed);
            }
            Ok(())
        })?;
        match now {
            Some(agreed) => self.happened_to(account, Input::Agreed(agreed)),
            None => Ok(()),
        }
    }

    pub(super) fn set_guard(
        &mut self,
        account: &AccountId,
        guard: Option<Guard>,
    ) -> Result<(), Failure> {
        let running = self.running(account);
        let running = running.ok_or_else(|| no_such_account(account))?;
        if let Some(guard) = &guard {
            guard.check(&running.view.borrow().statuses)?;
        }
        self.change(account, |config| {
            config.guard(account, guard);
            Ok(())
        })?;
        if let Some(running) = self.running(account) {
            let guard = self.config.guards.get(account).cloned();
            running.order(Order::Guard(guard));
        }
        Ok(())
    }
}
