//! Where a profile's files are.

use std::io;
use std::path::{Path, PathBuf};

use crate::folder;

/// The folders and names of one independent set of settings, accounts and secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    config: PathBuf,
    data: PathBuf,
    runtime: PathBuf,
    log: PathBuf,
    keyring_service: Option<&'static str>,
}

impl Profile {
    /// The user's own profile.
    ///
    /// The folders are made as far as possible: whoever needs one that could not be made says so.
    ///
    /// # Errors
    /// The user has no home folder.
    pub fn of_user() -> io::Result<Self> {
        let profile = Places::of_this_computer()?.profile("statuslight", Some("Statuslight"));
        profile.make_folders();
        Ok(profile)
    }

    /// The demo's profile, which has nothing in common with the user's and never asks the keyring.
    ///
    /// # Errors
    /// The user has no home folder.
    pub fn demo() -> io::Result<Self> {
        let profile = Places::of_this_computer()?.profile("statuslight-demo", None);
        profile.make_folders();
        Ok(profile)
    }

    /// A profile that lives below `root` alone and never asks the keyring, as tests use it.
    pub fn below(root: &Path) -> Self {
        let profile = Self {
            config: root.join("config"),
            data: root.join("data"),
            runtime: root.join("run"),
            log: root.join("log"),
            keyring_service: None,
        };
        profile.make_folders();
        profile
    }

    /// Where the settings are.
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// Where the lock is and what is remembered.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// Where the socket is.
    pub fn runtime_dir(&self) -> &Path {
        &self.runtime
    }

    /// Where the logs are.
    pub fn log_dir(&self) -> &Path {
        &self.log
    }

    /// The name that keyring entries bear; `None` where the keyring is not to be asked.
    pub fn keyring_service(&self) -> Option<&'static str> {
        self.keyring_service
    }

    fn make_folders(&self) {
        for path in [&self.config, &self.data, &self.runtime, &self.log] {
            if let Err(error) = folder::make(path) {
                tracing::warn!(path = %path.display(), %error, "folder not made");
            }
        }
    }
}

/// The platform's places for the files of all programs.
struct Places {
    config: PathBuf,
    data: PathBuf,
    /// For logs; where the platform knows none, they go to the data.
    state: Option<PathBuf>,
    /// For sockets; where the platform knows none, they go to the data.
    runtime: Option<PathBuf>,
}

impl Places {
    fn of_this_computer() -> io::Result<Self> {
        let no_home = || {
            io::Error::new(
                io::ErrorKind::NotFound,
                "the user has no home folder to work in",
            )
        };
        // `dirs` ignores what is empty or relative in the XDG variables, but believes HOME.
        let absolute = |path: PathBuf| path.is_absolute().then_some(path);
        Ok(Self {
            config: dirs::config_dir().and_then(absolute).ok_or_else(no_home)?,
            data: dirs::data_local_dir()
                .and_then(absolute)
                .ok_or_else(no_home)?,
            state: dirs::state_dir().and_then(absolute),
            runtime: runtime(),
        })
    }

    fn profile(self, name: &str, keyring_service: Option<&'static str>) -> Profile {
        let data = self.data.join(name);
        Profile {
            config: self.config.join(name),
            runtime: self
                .runtime
                .map_or_else(|| data.join("run"), |place| place.join(name)),
            log: self
                .state
                .map_or_else(|| data.join("logs"), |place| place.join(name).join("logs")),
            data,
            keyring_service,
        }
    }
}

#[cfg(target_os = "linux")]
fn runtime() -> Option<PathBuf> {
    // cron jobs and some terminals lack the variable, yet their statusctl must find the same socket.
    let usual = format!("/run/user/{}", rustix::process::getuid().as_raw());
    first_own([dirs::runtime_dir(), Some(PathBuf::from(usual))])
}

#[cfg(not(target_os = "linux"))]
fn runtime() -> Option<PathBuf> {
    None
}

/// The first folder that belongs to this user; after `su` the variable still names another's.
#[cfg(target_os = "linux")]
fn first_own(candidates: [Option<PathBuf>; 2]) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt;

    let user = rustix::process::getuid().as_raw();
    candidates.into_iter().flatten().find(|path| {
        std::fs::metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == user)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(state: Option<&str>, runtime: Option<&str>) -> Places {
        Places {
            config: PathBuf::from("/home/ada/.config"),
            data: PathBuf::from("/home/ada/.local/share"),
            state: state.map(PathBuf::from),
            runtime: runtime.map(PathBuf::from),
        }
    }

    #[test]
    fn a_profile_follows_the_platforms_places() {
        let profile = places(Some("/home/ada/.local/state"), Some("/run/user/7"))
            .profile("statuslight", None);
        assert_eq!(
            profile.config_dir(),
            Path::new("/home/ada/.config/statuslight")
        );
        assert_eq!(
            profile.data_dir(),
            Path::new("/home/ada/.local/share/statuslight")
        );
        assert_eq!(profile.runtime_dir(), Path::new("/run/user/7/statuslight"));
        assert_eq!(
            profile.log_dir(),
            Path::new("/home/ada/.local/state/statuslight/logs")
        );
    }

    #[test]
    fn what_the_platform_does_not_know_goes_to_the_data() {
        let profile = places(None, None).profile("statuslight", None);
        assert_eq!(
            profile.runtime_dir(),
            Path::new("/home/ada/.local/share/statuslight/run")
        );
        assert_eq!(
            profile.log_dir(),
            Path::new("/home/ada/.local/share/statuslight/logs")
        );
    }

    #[test]
    fn the_demo_shares_no_folder_with_the_user_and_has_no_keyring() {
        let user = places(None, Some("/run/user/7")).profile("statuslight", Some("Statuslight"));
        let demo = places(None, Some("/run/user/7")).profile("statuslight-demo", None);
        for own in [
            user.config_dir(),
            user.data_dir(),
            user.runtime_dir(),
            user.log_dir(),
        ] {
            for demos in [
                demo.config_dir(),
                demo.data_dir(),
                demo.runtime_dir(),
                demo.log_dir(),
            ] {
                assert!(!demos.starts_with(own) && !own.starts_with(demos));
            }
        }
        assert_eq!(demo.keyring_service(), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_runtime_folder_of_another_user_or_of_nobody_is_passed_over() {
        let own = tempfile::tempdir().unwrap();
        let missing = own.path().join("missing");
        assert_eq!(
            first_own([Some(missing.clone()), Some(own.path().to_owned())]),
            Some(own.path().to_owned())
        );
        assert_eq!(first_own([Some(missing), None]), None);
        if !rustix::process::getuid().is_root() {
            assert_eq!(first_own([Some(PathBuf::from("/")), None]), None);
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_folders_are_the_users_alone() {
        use std::os::unix::fs::PermissionsExt;

        let root = tempfile::tempdir().unwrap();
        let profile = Profile::below(root.path());
        for folder in [
            profile.config_dir(),
            profile.data_dir(),
            profile.runtime_dir(),
            profile.log_dir(),
        ] {
            let mode = std::fs::metadata(folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        }
    }
}
