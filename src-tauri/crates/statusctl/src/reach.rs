//! The way to a handle: the running app's, else that of an engine of our own.

use std::time::Duration;

use domain::{AccountId, Code, Failure};
use engine::Handle;
use platform::{Profile, ProfileLock, socket};
use tokio::time::{Instant, sleep};

use crate::frugal::Lists;
use crate::own::{Need, Own};
use crate::pick;

/// Whoever holds the profile needs it for one operation, or serves the socket soon.
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN_TRIES: Duration = Duration::from_millis(25);

/// A handle, and the engine behind it if that is ours.
#[derive(Debug)]
pub(crate) struct Reached {
    pub(crate) handle: Handle,
    /// Nothing while the app runs.
    pub(crate) own: Option<Own>,
}

/// The user's profile.
///
/// # Errors
/// The user has no home folder.
pub(crate) fn profile() -> Result<Profile, Failure> {
    Profile::of_user().map_err(|error| {
        let text = format!("There is no place for the settings: {error}. Set HOME and try again.");
        Failure::new(Code::Settings, text)
    })
}

/// Reaches the app, else takes its place for as long as the result lives.
///
/// # Errors
/// Another process holds the profile and does not answer in time, the profile cannot be used, or an engine of our own
/// does not start.
pub(crate) async fn reach(
    profile: &Profile,
    need: Need<'_>,
    lists: &Lists,
) -> Result<Reached, Failure> {
    let end = Instant::now() + PATIENCE;
    loop {
        let unreached = match socket::connect(profile).await {
            Ok(Some(handle)) => return Ok(Reached { handle, own: None }),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if let Some(lock) = lock(profile)? {
            let (handle, own) = Own::start(profile, lock, need, lists)?;
            own.hear_out(&handle).await;
            return Ok(Reached {
                handle,
                own: Some(own),
            });
        }
        if Instant::now() >= end {
            return Err(busy(unreached));
        }
        sleep(BETWEEN_TRIES).await;
    }
}

/// Takes the profile, unless another process has it.
///
/// # Errors
/// The profile's folder cannot be used.
pub(crate) fn lock(profile: &Profile) -> Result<Option<ProfileLock>, Failure> {
    ProfileLock::try_acquire(profile).map_err(|error| {
        let folder = profile.data_dir().display();
        let text = format!(
            "The folder {folder} cannot be used ({error}). Check its permissions and try again."
        );
        Failure::new(Code::Settings, text)
    })
}

fn busy(why: Option<std::io::Error>) -> Failure {
    let why = why.map(|error| format!(" ({error})")).unwrap_or_default();
    let text = format!(
        "Another Statuslight or statusctl is at work and does not answer{why}. Nothing was changed. \
         Try again in a moment; if it goes on, end that program."
    );
    Failure::new(Code::Busy, text)
}

/// Which account of the handle's view is meant.
///
/// # Errors
/// There is no such account, or none at all.
pub(crate) fn account(handle: &Handle, wanted: Option<&str>) -> Result<AccountId, Failure> {
    let view = handle.view();
    let view = view.borrow();
    let known: Vec<(AccountId, bool)> = view
        .accounts
        .iter()
        .map(|account| (account.account.clone(), account.default))
        .collect();
    pick::account(&known, wanted)
}
