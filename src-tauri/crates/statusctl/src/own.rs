//! An engine of our own, for one operation while no app runs.

use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, AccountView, Code, Failure, Moved, Notice, Topic};
use engine::ports::{Front, Notifier, Pending, Store as _};
use engine::{Engine, Handle, HelpDesks, SystemClock};
use helpdesk::Https;
use platform::{Files, HistoryFiles, Keyring, Memory, Profile, ProfileLock};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use crate::frugal::{Frugal, Lists};
use crate::output::note;
use crate::{pick, wait};

/// A renewal of the sign-in takes no longer.
const UNTIL_SETTLED: Duration = Duration::from_secs(10);
/// The phone is asked for together with the status.
const UNTIL_HEARD: Duration = Duration::from_secs(2);

/// What an operation needs of the accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need<'a> {
    /// The named account, else the default one; the others are left alone.
    One(Option<&'a str>),
    /// Every account.
    All,
    /// Their names alone: no help desk is asked.
    Names,
    /// The same, and settings that had to be set aside are no hindrance.
    NewNames,
    /// What is kept on this computer: not even the keyring is asked.
    Kept,
}

/// The engine's life, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Own {
    /// A runtime of its own, so that nothing of the engine outlives the operation.
    runtime: Option<Runtime>,
    /// Tells when the engine may be ended.
    handle: Handle,
    /// Held for as long as the engine can act.
    lock: Option<ProfileLock>,
    /// The usual time between two reads.
    pub(crate) poll_interval: Duration,
    /// What was wrong with the settings.
    pub(crate) trouble: Option<Failure>,
    /// The accounts where nobody heard yet what became of a change of where calls ring.
    unheard: Vec<AccountId>,
}

impl Own {
    /// Starts the engine.
    ///
    /// # Errors
    /// The settings are of no use, the account needed is not there, or the system gives no thread or no TLS.
    pub(crate) fn start(
        profile: &Profile,
        lock: ProfileLock,
        need: Need<'_>,
        lists: &Lists,
    ) -> Result<(Handle, Self), Failure> {
        let files = Files::new(profile);
        let loaded = files.load();
        let mut config = loaded.config;
        let trouble = match loaded.trouble {
            Some(trouble) if need != Need::NewNames => return Err(trouble),
            trouble => trouble,
        };
        if let Need::One(wanted) = need {
            // The engine saves nothing unless an account comes or goes, so the others are safe.
            let known: Vec<(AccountId, bool)> = config
                .accounts
                .iter()
                .map(|account| (account.id.clone(), config.is_default(&account.id)))
                .collect();
            let one = pick::account(&known, wanted)?;
            config.accounts.retain(|account| account.id == one);
        }
        if matches!(need, Need::One(_) | Need::All) {
            // What a guard did is told by the app, which the agent comes back to.
            config.guards.clear();
        }
        let asks = !matches!(need, Need::Names | Need::NewNames | Need::Kept);
        let accounts = config.accounts.iter().filter(|_| asks);
        let unheard = accounts
            .filter(|account| files.recall(&account.id).of(account).open_via.is_some())
            .map(|account| account.id.clone())
            .collect();
        let poll_interval = config.poll_interval();
        // Before there is a runtime: one cannot be dropped in here.
        let https = https(profile)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| cannot_start(&error))?;
        let (_, no_events) = mpsc::channel(1);
        let engine = Engine {
            config,
            desks: Frugal {
                desks: HelpDesks(https),
                lists: lists.clone(),
                asks,
            },
            secrets: match need {
                Need::Kept => Arc::new(Memory::default()),
                _ => Arc::new(Keyring::new(profile)),
            },
            store: Arc::new(files),
            histories: Arc::new(HistoryFiles::new(profile)),
            notifier: Arc::new(Silent),
            front: Arc::new(Silent),
            clock: Arc::new(SystemClock),
        };
        let handle = {
            let _inside = runtime.enter();
            engine.start(no_events)
        };
        let own = Self {
            runtime: Some(runtime),
            handle: handle.clone(),
            lock: Some(lock),
            poll_interval,
            trouble,
            unheard,
        };
        Ok((handle, own))
    }

    /// Waits a moment for the phones that tell what became of a change that nobody heard: most operations are done before
    /// a phone is read.
    pub(crate) async fn hear_out(&self, handle: &Handle) {
        for account in &self.unheard {
            drop(wait::until(handle, account, UNTIL_HEARD, wait::phone).await);
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let (runtime, lock, handle) = (self.runtime.take(), self.lock.take(), self.handle.clone());
        // The lock goes after the engine's last step, and nobody waits for a keyring that never answers.
        let end = move || {
            if let Some(runtime) = runtime {
                // Half a renewal would sign the agent out; none begins until the runtime is gone.
                let _settled = runtime.block_on(async {
                    tokio::time::timeout(UNTIL_SETTLED, handle.settled()).await
                });
                runtime.shutdown_timeout(Duration::from_millis(100));
            }
            drop(lock);
        };
        // Where there is no thread, dropping it all is the second best.
        drop(
            std::thread::Builder::new()
                .spawn(end)
                .map(std::thread::JoinHandle::join),
        );
    }
}

/// The way to the help desks.
///
/// # Errors
/// The system's TLS or proxy settings are of no use, or the settings name certificates that are not.
pub(crate) fn https(profile: &Profile) -> Result<Https, Failure> {
    match Files::new(profile).authorities()? {
        Some(pem) => {
            Https::trusting(&pem).map_err(|error| Failure::bad_authorities(&error.to_string()))
        }
        None => Https::new().map_err(|error| cannot_start(&error)),
    }
}

fn cannot_start(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Code::Internal,
        format!("statusctl cannot start: {error}. Restart the computer or reinstall Statuslight."),
    )
}

/// Has no window and hardly tells anything: whoever runs a command reads its outcome.
#[derive(Debug)]
struct Silent;

impl Notifier for Silent {
    fn notify(&self, _: &AccountView, notice: &Notice, _: &Handle) {
        let failure = match notice {
            Notice::SwitchFailed(failed) => &failed.failure,
            Notice::ViaFailed(failed) => &failed.failure,
            _ => return,
        };
        // It is said once, and nobody else would say it.
        if failure.code == Code::Ended {
            note(&failure.message);
        }
    }

    fn withdraw(&self, _: &AccountId, _: Topic) {}
    fn notify_together(&self, _: &[Moved], _: &Handle) {}
    fn withdraw_together(&self) {}
    fn clear(&self) -> Pending<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

impl Front for Silent {
    fn open(&self, _: Option<AccountId>) {}
    fn quit(&self) {}
}
