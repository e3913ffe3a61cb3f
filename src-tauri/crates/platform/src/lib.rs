//! Adapters that both front ends need: keyring, settings, lock, local socket, signals, browser.

mod browser;
#[cfg(target_os = "linux")]
mod bus;
mod desktop;
mod files;
mod folder;
mod history;
mod keyring;
mod lock;
mod loopback;
#[cfg(test)]
mod nonsense;
mod profile;
pub mod signals;
pub mod socket;

pub use browser::open_browser;
pub use desktop::{Desktop, Offered};
pub use files::{Files, Loaded};
pub use history::{Examined, HistoryFiles};
pub use keyring::{Keyring, KeyringOrMemory, Memory};
pub use lock::ProfileLock;
pub use loopback::{Loopback, REDIRECT_PORTS};
pub use profile::Profile;
