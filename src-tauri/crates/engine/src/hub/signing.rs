//! Accounts that come by signing in and go by signing out.

use domain::{Account, AccountId, Code, DeskError, Failure, HelpDeskName, Input, SignIn, Topic};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::running::Running;
use super::{Hub, no_such_account};
use crate::account::{Order, Revoked, not_forgotten};
use crate::desk::Desks;
use crate::ports::{SecretName, SecretsError};

/// An account that is being signed out: the help desk was told, then the secret was to be forgotten.
pub(super) struct Forgotten {
    id: AccountId,
    desk: HelpDeskName,
    /// The way to the actor of the sign-in that ends, by which a newer one is told from it.
    orders: Option<mpsc::Sender<Order>>,
    /// What became of the help desk's side of the sign-in.
    revoked: Result<Revoked, DeskError>,
    /// Nothing until it was tried.
    secret: Option<Result<(), SecretsError>>,
    outcome: oneshot::Sender<Result<(), Failure>>,
}

impl<D: Desks> Hub<D> {
    pub(super) fn add(&mut self, mut account: Account) -> Result<(), Failure> {
        let mut config = self.config.clone();
        let mut accounts = config.accounts.iter_mut();
        let is_same = if let Some(known) = accounts.find(|known| known.id == account.id) {
            let is_same = known.agent.id == account.agent.id && known.url == account.url;
            if is_same {
                // No form asks for it, so signing in again says nothing about it.
                account.agreed.away_when_idle = known.agreed.away_when_idle;
            }
            *known = account.clone();
            is_same
        } else {
            config.accounts.push(account.clone());
            // Settings that were lost leave the rest behind.
            self.around.store.recall(&account.id).is_of(&account)
        };
        if !is_same {
            // What another agent did and chose is nobody else's.
            config.everywhere.remove(&account.id);
            config.guards.remove(&account.id);
        }
        self.around.store.save(&config)?;
        if !is_same && let Err(failure) = self.forget_history(&account.id) {
            // The one who was signed in goes on, as the answer says.
            self.around.store.save(&self.config)?;
            return Err(failure);
        }
        self.config = config;
        self.withdraw_all(&account.id);
        let id = account.id.clone();
        self.run_account(account);
        if let Some(running) = self.running(&id) {
            // Whoever signs in looks, and is told what the role may do.
            running.happened(Input::Looked);
        }
        self.show();
        Ok(())
    }

    /// Begins to remove an account by its secret: an account that is still listed can be signed out again.
    ///
    /// The keyring may take its time, and nothing else waits for it.
    pub(super) fn forget(
        &self,
        id: AccountId,
        outcome: oneshot::Sender<Result<(), Failure>>,
        forgetting: &mut JoinSet<Forgotten>,
    ) {
        let Some(account) = self.configured(&id) else {
            return drop(outcome.send(Err(no_such_account(&id))));
        };
        let desk = account.helpdesk;
        let orders = self.running(&id).map(|running| running.orders.clone());
        let revoking = match account.sign_in {
            SignIn::OAuth { .. } => orders.clone(),
            SignIn::AccessToken | SignIn::ApiToken { .. } | SignIn::ApiKey { .. } => None,
        };
        forgetting.spawn(async move {
            let revoked = match revoking {
                Some(orders) => revoke(&orders).await,
                // What an agent made there by hand, only the agent ends.
                None => Ok(Revoked::Nothing),
            };
            Forgotten {
                id,
                desk,
                orders,
                revoked,
                secret: None,
                outcome,
            }
        });
    }

    /// Takes the next step: forgets the secret, then removes the account, unless somebody signed in again meanwhile.
    pub(super) fn forgotten(
        &mut self,
        mut forgotten: Forgotten,
        forgetting: &mut JoinSet<Forgotten>,
    ) {
        let known = self.configured(&forgotten.id);
        let newer = known.filter(|_| self.is_newer(&forgotten)).cloned();
        if let Some(newer) = newer {
            if forgotten.secret.is_some() {
                // What was forgotten may be the new secret: what is left is read and shown.
                self.run_account(newer);
                self.show();
            }
            return drop(forgotten.outcome.send(Err(signed_in_again())));
        }
        let name = known.map(SecretName::of);
        let Some(result) = forgotten.secret.take() else {
            let secrets = self.around.secrets.clone();
            forgetting.spawn(async move {
                let secret = match name {
                    Some(name) => secrets.forget(&name).await,
                    // Another one signed it out before.
                    None => Ok(()),
                };
                Forgotten {
                    secret: Some(secret),
                    ..forgotten
                }
            });
            return;
        };
        let Forgotten {
            id,
            desk,
            revoked,
            outcome,
            ..
        } = forgotten;
        let is_revoked = revoked == Ok(Revoked::Ended);
        let result = result
            .map_err(|error| not_forgotten(error, is_revoked.then_some(desk)))
            .and_then(|()| self.remove(&id))
            .and_then(|()| unrevoked(desk, revoked).map_or(Ok(()), Err));
        drop(outcome.send(result));
    }

    /// Whether the account runs by a newer sign-in than the one that ends.
    fn is_newer(&self, forgotten: &Forgotten) -> bool {
        let is_its = |running: &Running| {
            let ending = forgotten.orders.as_ref();
            ending.is_some_and(|ending| ending.same_channel(&running.orders))
        };
        self.running(&forgotten.id)
            .is_some_and(|running| !is_its(running))
    }

    fn configured(&self, id: &AccountId) -> Option<&Account> {
        self.config.accounts.iter().find(|known| known.id == *id)
    }

    fn remove(&mut self, id: &AccountId) -> Result<(), Failure> {
        let mut config = self.config.clone();
        config.forget(id);
        // First, since afterwards nobody knows that there is one.
        let forgotten = self.forget_history(id);
        let saved = self.around.store.save(&config);
        self.config = config;
        self.accounts.retain(|running| running.id != *id);
        self.around.store.forget(id);
        self.withdraw_all(id);
        self.show();
        saved.map_err(|failure| {
            let message = format!(
                "You are signed out, but the settings still name the account. {}",
                failure.message
            );
            Failure { message, ..failure }
        })?;
        forgotten.map_err(|failure| {
            let message = format!("You are signed out. {}", failure.message);
            Failure { message, ..failure }
        })
    }

    /// Deletes an account's history; nothing is added to it any more.
    fn forget_history(&self, id: &AccountId) -> Result<(), Failure> {
        match self.running(id) {
            Some(running) => running.recording.delete(),
            None => self.histories.forget(id),
        }
    }

    fn withdraw_all(&self, id: &AccountId) {
        for topic in Topic::all() {
            self.around.notifier.withdraw(id, topic);
        }
    }
}

/// Asks an account's actor to end the sign-in on the help desk's side.
async fn revoke(orders: &mpsc::Sender<Order>) -> Result<Revoked, DeskError> {
    let (outcome, answer) = oneshot::channel();
    let gone = || DeskError::Interrupted {
        detail: "the account ended before".to_owned(),
    };
    let sent = orders.send(Order::Revoke(outcome)).await;
    sent.map_err(|_| gone())?;
    answer.await.unwrap_or_else(|_| Err(gone()))
}

/// What is to be said where that failed.
fn unrevoked(desk: HelpDeskName, result: Result<Revoked, DeskError>) -> Option<Failure> {
    let error = result.err()?;
    if matches!(error, DeskError::Unauthorized | DeskError::Anonymous) {
        return None;
    }
    let code = Failure::of(desk, &error).code;
    let name = desk.words();
    Some(Failure::new(
        code,
        format!(
            "You are signed out and nothing of the sign-in is left on this computer, but {name} could not be told ({}). \
             There it stays valid until it ends by itself, after 90 days at the latest; your admin can end it sooner.",
            code.words()
        ),
    ))
}

fn signed_in_again() -> Failure {
    Failure::new(
        Code::Overtaken,
        "Somebody signed in to this account again meanwhile, and that sign-in stays. Sign out again if you do not want it.",
    )
}
