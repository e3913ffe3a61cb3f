//! Zendesk's side of the crate against a scripted transport, one story per test.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod list;
mod oauth;
mod push;
mod read;
mod script;
mod who;
