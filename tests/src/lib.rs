//! Contract, scenario, command line and desktop tests of the whole product.
//!
//! The functions of this crate serve tests only: where a test cannot go on, they panic with a message that says what
//! was awaited, for how long, and what was there instead.

pub mod consent;
pub mod office;
pub mod scenario;

#[cfg(target_os = "linux")]
pub mod command_line;

#[cfg(target_os = "linux")]
pub mod desktop;
