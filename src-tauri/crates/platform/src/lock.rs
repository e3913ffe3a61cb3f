//! One owner per profile.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::time::{Duration, Instant};

use crate::{Profile, folder};

/// The time between two tries.
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// The right to act for a profile, until it is dropped.
///
/// The operating system's kernel holds the lock and releases it when the process dies, however it dies.
#[derive(Debug)]
pub struct ProfileLock {
    _file: File,
}

impl ProfileLock {
    /// Takes the profile, unless another process has it.
    ///
    /// # Errors
    /// The lock's file cannot be opened, or its file system knows no locks.
    pub fn try_acquire(profile: &Profile) -> io::Result<Option<Self>> {
        folder::make(profile.data_dir())?;
        let path = profile.data_dir().join("lock");
        let file = folder::open(&path, OpenOptions::new().create(true).truncate(false))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes the profile within a time; `None` when another process still has it after that.
    ///
    /// # Errors
    /// As of [`ProfileLock::try_acquire`].
    pub async fn acquire_within(profile: &Profile, limit: Duration) -> io::Result<Option<Self>> {
        let begun = Instant::now();
        loop {
            if let Some(lock) = Self::try_acquire(profile)? {
                return Ok(Some(lock));
            }
            let left = limit.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Ok(None);
            }
            tokio::time::sleep(left.min(BETWEEN_TRIES)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_one_owner_and_is_free_again_when_that_one_is_gone() {
        let root = tempfile::tempdir().unwrap();
        let profile = Profile::below(root.path());
        let first = ProfileLock::try_acquire(&profile).unwrap();
        assert!(first.is_some());
        assert!(ProfileLock::try_acquire(&profile).unwrap().is_none());
        drop(first);
        assert!(ProfileLock::try_acquire(&profile).unwrap().is_some());
    }

    #[test]
    fn two_profiles_do_not_disturb_each_other() {
        let one = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let _held = ProfileLock::try_acquire(&Profile::below(one.path())).unwrap();
        assert!(
            ProfileLock::try_acquire(&Profile::below(other.path()))
                .unwrap()
                .is_some()
        );
    }

    #[tokio::test]
    async fn who_waits_gets_the_profile_soon_after_it_is_free() {
        let root = tempfile::tempdir().unwrap();
        let profile = Profile::below(root.path());
        let held = ProfileLock::try_acquire(&profile).unwrap();
        let freed = async {
            tokio::time::sleep(Duration::from_millis(120)).await;
            drop(held);
        };
        let waited = ProfileLock::acquire_within(&profile, Duration::from_secs(5));
        let (lock, ()) = tokio::join!(waited, freed);
        assert!(lock.unwrap().is_some());
    }

    #[tokio::test]
    async fn who_waits_in_vain_is_told_so() {
        let root = tempfile::tempdir().unwrap();
        let profile = Profile::below(root.path());
        let _held = ProfileLock::try_acquire(&profile).unwrap();
        let begun = Instant::now();
        let lock = ProfileLock::acquire_within(&profile, Duration::from_millis(120)).await;
        assert!(lock.unwrap().is_none());
        assert!(begun.elapsed() >= Duration::from_millis(120));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error_and_not_another_owner() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("data"), "a file in the way").unwrap();
        assert!(ProfileLock::try_acquire(&Profile::below(root.path())).is_err());
    }
}
