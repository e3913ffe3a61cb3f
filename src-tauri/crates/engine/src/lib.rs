//! One actor per account behind one handle; the only crate that knows time.
//!
//! A surface holds a [`Handle`]: it asks by [`Action`](domain::Action) and shows the
//! [`View`](domain::View). Whatever the engine needs of its surroundings is a port in [`ports`].

mod access;
mod account;
mod browser;
mod clock;
mod config;
mod delay;
mod desk;
mod ear;
mod everywhere;
mod handle;
mod hub;
pub mod ports;
mod recording;
mod secret_json;
mod sign_in;
mod supervising;
mod together;
mod tokens;

pub use access::Settled;
pub use browser::{BrowserForm, allowed};
pub use clock::SystemClock;
pub use config::{Config, POLL_INTERVAL_S, POLL_INTERVALS_S};
pub use delay::{Delay, Released};
pub use desk::{Desk, Desks, HelpDesks, TeamDesk};
pub use handle::{Ask, Asked, Asks, Handle};
pub use hub::{Engine, Event, UNTIL_SETTLED};
pub use secret_json::secret_json;
pub use sign_in::{Proof, SignInForm, give_back, sign_in};
pub use tokens::Tokens;
