//! The agents of the sample instance and their keys, all invented.

use super::{LibredeskAgent, LibredeskInstance};

/// An admin.
pub const ADMIN: u64 = 1;
/// Ada, an agent.
pub const ADA: u64 = 2;
/// Ben, an agent.
pub const BEN: u64 = 3;
/// An assistant, which is no person.
pub const BOT: u64 = 4;

/// The admin's key.
pub const ADMIN_KEY: &str = "AdminInventedKey0123456789abcdef";
/// The admin's secret.
pub const ADMIN_SECRET: &str = "AdminInventedSecret0123456789abcdefghijklmnopqrstuvwxyz0123456789";
/// Ada's key.
pub const KEY: &str = "AdasInventedKey00123456789abcdef";
/// Ada's secret.
pub const SECRET: &str = "AdasInventedSecret00123456789abcdefghijklmnopqrstuvwxyz012345678";
/// Ben's key.
pub const BEN_KEY: &str = "BensInventedKey00123456789abcdef";
/// Ben's secret.
pub const BEN_SECRET: &str = "BensInventedSecret00123456789abcdefghijklmnopqrstuvwxyz012345678";
/// Ada's password for the browser.
pub const PASSWORD: &str = "an invented password";
/// Ada's e-mail address.
pub const ADA_EMAIL: &str = "ada@example.com";

impl Default for LibredeskInstance {
    /// An admin, Ada, Ben and an assistant; Ada has just closed her browser tab while Online.
    fn default() -> Self {
        let agent = |id, first: &str, key: Option<(&str, &str)>| LibredeskAgent {
            id,
            first_name: first.to_owned(),
            last_name: "Example".to_owned(),
            email: Some(format!("{}@example.com", first.to_lowercase())),
            status: "online".to_owned(),
            is_admin: id == ADMIN,
            is_assistant: id == BOT,
            enabled: true,
            key: key.map(|(key, secret)| (key.to_owned(), secret.to_owned())),
            password: Some(PASSWORD.to_owned()),
            seen_at_start: true,
            last_active_at: None,
        };
        Self {
            starts_at: None,
            agents: vec![
                agent(ADMIN, "Grace", Some((ADMIN_KEY, ADMIN_SECRET))),
                agent(ADA, "Ada", Some((KEY, SECRET))),
                agent(BEN, "Ben", Some((BEN_KEY, BEN_SECRET))),
                agent(BOT, "Otto", None),
            ],
        }
    }
}
