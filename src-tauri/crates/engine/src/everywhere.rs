//! One choice for all accounts: every one is asked at once, and what fails is told by account.

use domain::{AccountId, Failure, StatusKind, outcome};
use tokio::sync::oneshot;

use crate::account::Choice;
use crate::desk::Desks;
use crate::hub::Hub;

impl<D: Desks> Hub<D> {
    /// Switches every account to the status that stands for the kind there.
    pub(crate) fn choose_everywhere(
        &mut self,
        kind: StatusKind,
        asked: oneshot::Sender<Result<(), Failure>>,
    ) {
        let view = self.shown.borrow().clone();
        let switched: Vec<_> = view
            .accounts
            .iter()
            .map(|account| {
                let (sent, switched) = oneshot::channel();
                match account.status_for(kind) {
                    Ok(status) => {
                        let choice = Choice::Status(status.id.clone(), None);
                        self.choose(&account.account, choice, sent);
                    }
                    Err(failure) => drop(sent.send(Err(failure))),
                }
                (account.account.clone(), switched)
            })
            .collect();
        tokio::spawn(async move {
            let mut results = Vec::with_capacity(switched.len());
            for (AccountId(account), switched) in switched {
                let Ok(result) = switched.await else { return };
                results.push((account, result));
            }
            // Whoever asked may be gone by now.
            drop(asked.send(outcome(&results)));
        });
    }
}
