//! Adapters that both front ends need: keyring, settings, lock, local socket, signals.

mod desktop;
mod files;
mod folder;
mod keyring;
mod lock;
mod profile;
pub mod signals;
pub mod socket;

pub use desktop::{Desktop, Offered};
pub use files::{Files, Loaded};
pub use keyring::{Keyring, KeyringOrMemory, Memory};
pub use lock::ProfileLock;
pub use profile::Profile;
