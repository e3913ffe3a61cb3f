//! One account's way to its help desk, whose tokens renew themselves where the sign-in has such.
//!
//! There is one renewal at a time: within this process by the lock in here, among processes by the
//! profile's owner lock, which whoever runs an engine holds. A new pair is saved before it is used, and a
//! renewal once begun goes on whatever becomes of the request that needed it: half of one would sign out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::{
    Account, Agent, CapacityRule, Closed, DeskError, Examined, Listing, Phone, ReadPath, Reading,
    SignIn, Status, StatusId, Team, TeamFilter, Via, Written,
};
use helpdesk::{BadAddress, GrantError, Socket};
use secrecy::SecretString;
use tokio::sync::{Mutex, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::account::Surroundings;
use crate::desk::{Desk, Desks, TeamDesk};
use crate::ports::SecretName;
use crate::tokens::Tokens;

/// Between two tries to renew, or to save what could not be saved.
const BETWEEN_TRIES: Duration = Duration::from_secs(30);

/// The renewals under way, which nobody may cut short by ending.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renewals(Arc<RwLock<()>>);

impl Renewals {
    async fn begin(&self) -> OwnedRwLockReadGuard<()> {
        self.0.clone().read_owned().await
    }

    /// Waits until none is under way; none begins as long as the result lives.
    pub(crate) async fn settled(&self) -> Settled {
        Settled(self.0.clone().write_owned().await)
    }
}

/// No sign-in is being renewed, as long as this lives.
#[derive(Debug)]
#[must_use]
pub struct Settled(#[expect(dead_code, reason = "it is held, not read")] OwnedRwLockWriteGuard<()>);

/// One account's way to its help desk: a desk whose every question renews what signs it, where that is due.
pub(crate) struct Access<D: Desks>(Arc<Inner<D>>);

struct Inner<D: Desks> {
    account: Account,
    around: Surroundings<D>,
    /// Nobody asks any more, or the sign-in was ended: nothing of it may be saved.
    retired: AtomicBool,
    now: Mutex<Current<D::Desk>>,
}

struct Current<K> {
    desk: Arc<K>,
    /// None for a sign-in that does not renew itself.
    tokens: Option<Tokens>,
    /// The refresh token was refused: only signing in helps.
    refused: bool,
    /// The tokens are not in the keyring.
    unsaved: bool,
    /// When the last renewal or saving failed, by the clock since boot, and why.
    failed: Option<(Duration, DeskError)>,
}

/// Why an account cannot be asked at all.
pub(crate) enum Unusable {
    /// Its address may not be used.
    Address(BadAddress),
    /// What is kept are no tokens.
    Secret,
}

impl<D: Desks> Access<D> {
    /// Opens an account with the secret that is kept for it.
    pub(crate) fn open(
        account: &Account,
        secret: SecretString,
        around: &Surroundings<D>,
    ) -> Result<Self, Unusable> {
        let (access, tokens) = match account.sign_in {
            SignIn::OAuth { .. } => {
                let tokens = Tokens::read(&secret).ok_or(Unusable::Secret)?;
                (tokens.access.clone(), Some(tokens))
            }
            SignIn::AccessToken | SignIn::ApiToken { .. } | SignIn::ApiKey { .. } => (secret, None),
        };
        let desk = around
            .desks
            .open(account, access)
            .map_err(Unusable::Address)?;
        Ok(Self(Arc::new(Inner {
            account: account.clone(),
            around: around.clone(),
            retired: AtomicBool::new(false),
            now: Mutex::new(Current {
                desk: Arc::new(desk),
                tokens,
                refused: false,
                unsaved: false,
                failed: None,
            }),
        })))
    }
}

impl<D: Desks> Drop for Access<D> {
    fn drop(&mut self) {
        self.0.retired.store(true, Ordering::Release);
    }
}

/// Marks a sign-in as ended, also where its end was not waited for.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl<D: Desks> Inner<D> {
    /// Asks something; where the token is refused, once more with a renewed one.
    async fn ask<T, F>(self: &Arc<Self>, ask: impl Fn(Arc<D::Desk>) -> F) -> Result<T, DeskError>
    where
        F: Future<Output = Result<T, DeskError>>,
    {
        let desk = self.desk(None).await?;
        let answer = ask(desk.clone()).await;
        if !matches!(answer, Err(DeskError::Unauthorized | DeskError::Anonymous)) {
            return answer;
        }
        let renewed = self.desk(Some(desk.clone())).await?;
        if Arc::ptr_eq(&desk, &renewed) {
            return answer;
        }
        ask(renewed).await
    }

    /// The desk to ask, with tokens that are not due, and other ones than those of `refused`.
    async fn desk(
        self: &Arc<Self>,
        refused: Option<Arc<D::Desk>>,
    ) -> Result<Arc<D::Desk>, DeskError> {
        {
            let now = self.now.lock().await;
            if let Some(settled) = self.settled(&now, refused.as_ref()) {
                return settled;
            }
        }
        let access = self.clone();
        match tokio::spawn(async move { access.renewed(refused).await }).await {
            Ok(renewed) => renewed,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// The desk, where there is nothing to renew or save.
    fn settled(
        &self,
        now: &Current<D::Desk>,
        refused: Option<&Arc<D::Desk>>,
    ) -> Option<Result<Arc<D::Desk>, DeskError>> {
        let Some(tokens) = &now.tokens else {
            return Some(Ok(now.desk.clone()));
        };
        if now.refused {
            return Some(Err(DeskError::Unauthorized));
        }
        let is_refused = refused.is_some_and(|desk| Arc::ptr_eq(desk, &now.desk));
        let clock = self.around.clock.now();
        if !is_refused && !now.unsaved && !tokens.are_due(clock.wall) {
            return Some(Ok(now.desk.clone()));
        }
        let (at, error) = now.failed.as_ref()?;
        if clock.since_boot >= *at + BETWEEN_TRIES {
            return None;
        }
        Some(if is_refused {
            Err(error.clone())
        } else {
            Ok(now.desk.clone())
        })
    }

    async fn renewed(&self, refused: Option<Arc<D::Desk>>) -> Result<Arc<D::Desk>, DeskError> {
        let mut now = self.now.lock().await;
        if let Some(settled) = self.settled(&now, refused.as_ref()) {
            return settled;
        }
        let _under_way = self.around.renewals.begin().await;
        let is_refused = refused.is_some_and(|desk| Arc::ptr_eq(&desk, &now.desk));
        match self.renew(&mut now, is_refused).await {
            Ok(()) => {
                if !now.unsaved {
                    now.failed = None;
                }
                Ok(now.desk.clone())
            }
            Err(error) => {
                now.failed = Some((self.around.clock.now().since_boot, error.clone()));
                if is_refused || now.refused {
                    Err(error)
                } else {
                    // The token may still be good; what it is asked for tells.
                    Ok(now.desk.clone())
                }
            }
        }
    }

    async fn renew(&self, now: &mut Current<D::Desk>, is_refused: bool) -> Result<(), DeskError> {
        let (Some(tokens), SignIn::OAuth { client_id }) =
            (now.tokens.clone(), &self.account.sign_in)
        else {
            return Ok(());
        };
        // Somebody may have signed in anew meanwhile, and what cannot be saved must not be renewed.
        if let Some(other) = self.other(&tokens, now.unsaved).await? {
            now.unsaved = false;
            return self.take(now, other);
        }
        if now.unsaved {
            self.save(now, &tokens).await?;
            if !is_refused && !tokens.are_due(self.around.clock.now().wall) {
                return Ok(());
            }
        }
        let renewing = self
            .around
            .desks
            .renew(&self.account, client_id, &tokens.refresh);
        match renewing.await {
            Ok(granted) => {
                let clock = self.around.clock.now();
                let chance = self.around.clock.chance();
                let new = Tokens::granted(granted, &tokens.refresh, clock.wall, chance);
                match self.other(&tokens, false).await {
                    Ok(Some(other)) => return self.take(now, other),
                    // The sign-in was ended, or one of another kind took its place.
                    Err(DeskError::Unauthorized) => return Err(DeskError::Unauthorized),
                    // What a silent keyring holds is not known; this pair is good in any case.
                    Ok(None) | Err(_) => {}
                }
                let saved = self.save(now, &new).await;
                // The pair before is gone, so this one is the only one there is, saved or not.
                self.take(now, new)?;
                if let Err(error) = saved {
                    tracing::warn!(account = %self.account.id, "renewed tokens are not in the keyring yet");
                    now.failed = Some((self.around.clock.now().since_boot, error));
                }
                Ok(())
            }
            Err(GrantError::Desk(error)) => Err(error),
            Err(GrantError::Over) => {
                tracing::info!(account = %self.account.id, "the sign-in is over");
                now.refused = true;
                Err(DeskError::Unauthorized)
            }
            // It says nothing against the refresh token, and an admin's slip is mended soon.
            Err(GrantError::NoSuchClient) => {
                tracing::warn!(account = %self.account.id, %client_id, "the OAuth client is not known");
                Err(DeskError::Unrenewed {
                    detail: "it knows no OAuth client of your client ID any more".to_owned(),
                })
            }
            Err(refusal) => {
                // A passing word, or one that the admin mends: tried again.
                tracing::warn!(account = %self.account.id, %refusal, "the sign-in is not renewed");
                Err(DeskError::Refused { status: 400 })
            }
        }
    }

    /// Other tokens than these that the keyring holds, if it does: a newer sign-in's.
    ///
    /// An entry that is gone while the account is not is written anew from memory.
    async fn other(&self, tokens: &Tokens, unsaved: bool) -> Result<Option<Tokens>, DeskError> {
        if self.retired.load(Ordering::Acquire) {
            return Err(DeskError::Unauthorized);
        }
        let name = SecretName::of(&self.account);
        let Some(kept) = self
            .around
            .secrets
            .read(&name)
            .await
            .map_err(unsaved_because)?
        else {
            return Ok(None);
        };
        // Anything else there is a sign-in of another kind.
        let kept = Tokens::read(&kept).ok_or(DeskError::Unauthorized)?;
        // What could not be saved is newer than what is there.
        Ok((!unsaved && !kept.is(tokens)).then_some(kept))
    }

    async fn save(&self, now: &mut Current<D::Desk>, tokens: &Tokens) -> Result<(), DeskError> {
        if self.retired.load(Ordering::Acquire) {
            return Err(DeskError::Unauthorized);
        }
        let name = SecretName::of(&self.account);
        let saved = self.around.secrets.store(&name, &tokens.written()).await;
        now.unsaved = saved.is_err();
        // A slow keyring may have kept it after the agent signed out.
        if saved.is_ok() && self.retired.load(Ordering::Acquire) {
            self.unsave(&name, tokens).await;
        }
        saved.map(drop).map_err(unsaved_because)
    }

    /// Takes back what was saved too late, unless a newer sign-in's is there.
    async fn unsave(&self, name: &SecretName, tokens: &Tokens) {
        let kept = self.around.secrets.read(name).await;
        let is_ours = match &kept {
            Ok(Some(kept)) => Tokens::read(kept).is_some_and(|kept| kept.is(tokens)),
            Ok(None) | Err(_) => false,
        };
        if is_ours && let Err(error) = self.around.secrets.forget(name).await {
            tracing::warn!(%error, "tokens of a sign-in that was ended are still in the keyring");
        }
    }

    fn take(&self, now: &mut Current<D::Desk>, tokens: Tokens) -> Result<(), DeskError> {
        let desk = self.around.desks.open(&self.account, tokens.access.clone());
        now.desk = Arc::new(desk.map_err(|_| DeskError::NotFound)?);
        now.tokens = Some(tokens);
        Ok(())
    }
}

impl<D: Desks> Desk for Access<D> {
    async fn who(&self) -> Result<Agent, DeskError> {
        self.0.ask(|desk| async move { desk.who().await }).await
    }

    async fn list(&self) -> Result<Listing, DeskError> {
        self.0.ask(|desk| async move { desk.list().await }).await
    }

    async fn fetch(&self, known: Option<ReadPath>) -> Result<Reading, DeskError> {
        self.0
            .ask(|desk| async move { desk.fetch(known).await })
            .await
    }

    async fn push(&self, status: &StatusId) -> Result<Written, DeskError> {
        self.0
            .ask(|desk| async move { desk.push(status).await })
            .await
    }

    async fn phone(&self) -> Result<Option<Phone>, DeskError> {
        self.0.ask(|desk| async move { desk.phone().await }).await
    }

    async fn answer_by(&self, via: Via) -> Result<Phone, DeskError> {
        self.0
            .ask(|desk| async move { desk.answer_by(via).await })
            .await
    }

    async fn push_idle(&self, status: &StatusId) -> Result<Written, DeskError> {
        self.0
            .ask(|desk| async move { desk.push_idle(status).await })
            .await
    }

    async fn listen(&self) -> Result<Socket, Closed> {
        let desk = self.0.desk(None).await.map_err(Closed::Failed)?;
        desk.listen().await
    }

    async fn revoke(&self) -> Result<(), DeskError> {
        // However this ends, nothing of the sign-in is saved any more.
        let _ended = Ended(&self.0.retired);
        self.0.ask(|desk| async move { desk.revoke().await }).await
    }
}

impl<D: Desks> TeamDesk for Access<D> {
    async fn examine(&self) -> Result<Examined, DeskError> {
        self.0.ask(|desk| async move { desk.examine().await }).await
    }

    async fn team_statuses(&self) -> Result<Vec<Status>, DeskError> {
        self.0
            .ask(|desk| async move { desk.team_statuses().await })
            .await
    }

    async fn team(&self, filter: &TeamFilter, statuses: &[Status]) -> Result<Team, DeskError> {
        self.0
            .ask(|desk| async move { desk.team(filter, statuses).await })
            .await
    }

    async fn status_of(&self, agent: &str) -> Result<Option<StatusId>, DeskError> {
        self.0
            .ask(|desk| async move { desk.status_of(agent).await })
            .await
    }

    async fn push_for(&self, agent: &str, status: &StatusId) -> Result<Written, DeskError> {
        self.0
            .ask(|desk| async move { desk.push_for(agent, status).await })
            .await
    }

    async fn capacity_rules(&self) -> Result<Vec<CapacityRule>, DeskError> {
        self.0
            .ask(|desk| async move { desk.capacity_rules().await })
            .await
    }
}

fn unsaved_because(error: crate::ports::SecretsError) -> DeskError {
    DeskError::Unrenewed {
        detail: error.to_string(),
    }
}
