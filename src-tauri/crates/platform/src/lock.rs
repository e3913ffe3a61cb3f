//! One owner per profile.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;

use crate::{Profile, folder};

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

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error_and_not_another_owner() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("data"), "a file in the way").unwrap();
        assert!(ProfileLock::try_acquire(&Profile::below(root.path())).is_err());
    }
}
