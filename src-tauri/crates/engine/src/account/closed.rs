//! An account before its secret is read, and what is said where a keyring is of no use.

use std::time::Duration;

use domain::{Code, DeskError, Failure, HelpDeskName, Input, Light, Link};
use tokio::time::{Instant, sleep};

use super::{Actor, Order, Revoked};
use crate::access::{Access, Unusable};
use crate::desk::Desks;
use crate::ports::{SecretName, SecretsError};
use crate::sign_in::bad_address;

/// A keyring that does not answer now may do so soon.
const BETWEEN_KEYRING_TRIES: Duration = Duration::from_secs(15);
/// Who dismissed the keyring's question is not asked again by a timer for so long.
const AFTER_A_REFUSED_KEYRING: Duration = Duration::from_secs(600);
/// Nor by looking at the menu.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(60);

impl<D: Desks> Actor<D> {
    /// Gets the secret and opens the desk; shows why that takes its time.
    pub(super) async fn open(&mut self) -> Option<Access<D>> {
        let name = SecretName::of(&self.account);
        loop {
            let read = self.around.secrets.read(&name).await;
            let refused = matches!(read, Err(SecretsError::Locked));
            let failure = match read {
                Ok(Some(secret)) => match Access::open(&self.account, secret, &self.around) {
                    Ok(desk) => return Some(desk),
                    Err(Unusable::Address(bad)) => bad_address(self.account.helpdesk, bad),
                    Err(Unusable::Secret) => {
                        Failure::of(self.account.helpdesk, &DeskError::Unauthorized)
                    }
                },
                Ok(None) => Failure::of(self.account.helpdesk, &DeskError::Unauthorized),
                Err(error) => keyring_failure(error),
            };
            self.show_closed(&failure);
            // Each try may ask the agent for the keyring's password.
            let pause = if refused {
                AFTER_A_REFUSED_KEYRING
            } else {
                BETWEEN_KEYRING_TRIES
            };
            let may_ask_again = Instant::now()
                + if refused {
                    BETWEEN_QUESTIONS
                } else {
                    Duration::ZERO
                };
            let retry = sleep(pause);
            tokio::pin!(retry);
            loop {
                tokio::select! {
                    () = &mut retry => break,
                    order = self.orders.recv() => match order? {
                        Order::Guard(guard) => {
                            self.session.set_guard(guard);
                            self.show_closed(&failure);
                        }
                        // Nothing can be written, so nobody waits.
                        Order::Settle(delay) => drop(delay),
                        Order::Asked(_, answered) => drop(answered.send(Err(failure.clone()))),
                        Order::Chosen(_, outcome) | Order::Set(_, _, outcome) => drop(outcome.send(Err(failure.clone()))),
                        // Without a secret there is nothing that could be revoked; one that cannot be read may be good.
                        Order::Revoke(outcome) => drop(outcome.send(match failure.code {
                            Code::SignedOut => Ok(Revoked::Nothing),
                            _ => Err(DeskError::TimedOut),
                        })),
                        Order::Happened(input) => {
                            self.session.bear_in_mind(&input);
                            self.show_closed(&failure);
                            let is_look = matches!(
                                input,
                                Input::Looked | Input::Unlocked | Input::Woke
                            );
                            if is_look && Instant::now() >= may_ask_again {
                                break;
                            }
                        }
                    },
                }
            }
        }
    }

    /// Shows an account that cannot be asked for want of its secret.
    fn show_closed(&self, failure: &Failure) {
        let mut view = self
            .session
            .view(&self.account, false, self.around.clock.now());
        self.supervising.show(&mut view);
        if failure.code == Code::SignedOut {
            view.link = Link::SignedOut;
            view.light = Light::SignedOut;
            "Signed out".clone_into(&mut view.headline);
        } else if failure.code == Code::NoSecretStore {
            "Waiting for the keyring".clone_into(&mut view.headline);
        } else {
            "Address cannot be used".clone_into(&mut view.headline);
        }
        view.trouble = Some(failure.clone());
        self.view.send_replace(view);
    }
}

/// What the keyring's state is, and what mends it.
fn keyring_state(error: SecretsError) -> (&'static str, &'static str) {
    match error {
        SecretsError::Missing => (
            "This computer has no keyring",
            "Install or start one, such as GNOME Keyring or KWallet",
        ),
        SecretsError::Locked => ("The keyring is locked", "Unlock it"),
        SecretsError::Silent => (
            "The keyring does not answer",
            "Look for its password prompt, or restart it",
        ),
        SecretsError::Failed => ("The keyring failed", "Restart it"),
    }
}

/// Explains why a sign-in cannot be read.
fn keyring_failure(error: SecretsError) -> Failure {
    let (state, mend) = keyring_state(error);
    Failure::new(
        Code::NoSecretStore,
        format!(
            "{state}, so your sign-in cannot be read and your status is not known. \
             {mend}; it is tried again by itself."
        ),
    )
}

/// Explains why a sign-in cannot be kept.
pub(crate) fn not_kept(error: SecretsError) -> Failure {
    let (state, mend) = keyring_state(error);
    Failure::new(
        Code::NoSecretStore,
        format!("{state}, so your sign-in cannot be kept. {mend}, then sign in again."),
    )
}

/// Explains why a sign-in cannot be forgotten, which may have been ended at the help desk already.
pub(crate) fn not_forgotten(error: SecretsError, ended: Option<HelpDeskName>) -> Failure {
    let (state, mend) = keyring_state(error);
    let message = match ended {
        Some(desk) => format!(
            "{state}, so what is left of your sign-in may still be in it. It was ended in {} already and is of no use \
             any more. {mend}, then sign out again.",
            desk.words()
        ),
        None => format!(
            "{state}, so your sign-in may still be in it and you are not signed out. \
             {mend}, then sign out again."
        ),
    };
    Failure::new(Code::NoSecretStore, message)
}
