//! Zendesk and Libredesk as strict local servers, with faults.
//!
//! A request that the real server would refuse is refused here too, with the documented body; where the documentation is
//! silent, a setting chooses between the plausible answers. The wire shapes are the crate's own: sharing a type with a
//! client would hide a wrong field name from every test.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use simulator::{Simulator, Zendesk, sample};
//!
//! let zendesk = Zendesk::default();
//! let server = Simulator::http(&zendesk, 0).await.unwrap();
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! zendesk.force_status(sample::ADA, 4, "AGENT_IDLE_TIMEOUT").unwrap();
//! assert_eq!(zendesk.current_status(sample::ADA).unwrap().name, "away");
//! # });
//! ```

mod body;
mod broken;
mod clock;
mod control;
mod entrance;
mod fault;
pub mod libredesk;
mod listener;
mod log;
mod proxy;
mod tls;
mod zendesk;

pub use control::Control;
pub use fault::{Fault, FaultRule};
pub use libredesk::{Libredesk, LibredeskAgent, LibredeskInstance, WebsocketMode};
pub use listener::{ConnectionReset, Served, Simulator};
pub use log::Request;
pub use proxy::ConnectProxy;
pub use tls::Certificate;
pub use zendesk::{
    Account, Agent, CapacityRule, CurrentStatus, CustomStatus, DefaultsOn, ListMode, MeRefusal,
    OAuthClient, Quota, Readability, Role, Settings, Token, Unknown, WorkItem, Zendesk, sample,
};
