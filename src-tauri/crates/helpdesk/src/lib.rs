//! The help desks' HTTP interfaces: requests, wire formats, errors named by meaning.
//!
//! Three layers: requests are built and answers understood without IO (`zendesk::request`,
//! `zendesk::wire`), a [`Transport`] carries them, and [`Zendesk`] and [`Libredesk`] put both together.
//! [`HelpDesk`] is what the rest of the product sees. No other crate knows an address or a header.

mod address;
mod answer;
mod credentials;
mod desk;
mod libredesk;
mod transport;
mod zendesk;

pub use address::{BadAddress, BaseUrl};
pub use credentials::Credentials;
pub use desk::HelpDesk;
pub use libredesk::{Libredesk, Socket};
pub use transport::{Connection, Duplex, Https, Transport, Upgraded};
pub use zendesk::{Authorization, GrantError, Granted, Zendesk, renew};

/// What every request says it comes from.
pub const USER_AGENT: &str = concat!("Statuslight/", env!("CARGO_PKG_VERSION"));
