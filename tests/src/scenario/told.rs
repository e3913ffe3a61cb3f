//! What the agent was told.

use std::sync::Mutex;

use domain::{AccountId, AccountView, Moved, Notice, Topic};
use engine::Handle;
use engine::ports::{Notifier, Pending};

/// What the agent was told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) notices: Mutex<Vec<Notice>>,
    pub(super) withdrawn: Mutex<Vec<Topic>>,
    /// The offers on the screen: each notification as the accounts that it names.
    pub(super) offers: Mutex<Vec<Vec<AccountId>>>,
}

impl Notifier for Told {
    fn notify(&self, account: &AccountView, notice: &Notice, _: &Handle) {
        self.notices.lock().unwrap().push(notice.clone());
        if notice.topic() == Topic::Offer {
            let own = vec![account.account.clone()];
            let mut offers = self.offers.lock().unwrap();
            offers.retain(|offer| *offer != own);
            offers.push(own);
        }
    }

    fn withdraw(&self, account: &AccountId, topic: Topic) {
        self.withdrawn.lock().unwrap().push(topic);
        if topic == Topic::Offer {
            let mut offers = self.offers.lock().unwrap();
            offers.retain(|offer| *offer != [account.clone()]);
        }
    }

    fn notify_together(&self, moved: &[Moved], _: &Handle) {
        self.withdraw_together();
        let accounts = moved.iter().map(|moved| moved.account.clone());
        self.offers.lock().unwrap().push(accounts.collect());
    }

    fn withdraw_together(&self) {
        self.offers.lock().unwrap().retain(|offer| offer.len() == 1);
    }

    fn clear(&self) -> Pending<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
