//! What Zendesk writes, as far as it is read here.
//!
//! Unknown fields are skipped; optional ones may be missing, null or of another type; identifiers
//! may be numbers or strings. What a light cannot do without must be there.

mod account;
mod availability;
mod paging;
mod statuses;
mod talk;
mod team;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

pub(super) use account::{CurrentToken, Me, Memberships, Settings};
pub(super) use availability::Availability;
pub(super) use paging::Next;
pub(super) use statuses::Statuses;
pub(super) use talk::{Talk, talk_status, talk_word, via_word};
pub(super) use team::{CapacityRules, Groups, Named, TeamPage, Users};

/// An identifier; the pages show the same ones both as numbers and as strings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(pub(super) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Number(id) if !id.is_f64() => Ok(Self(id.to_string())),
            Value::String(id) if !id.is_empty() => Ok(Self(id)),
            _ => Err(D::Error::custom("no identifier")),
        }
    }
}

/// Reads an optional field: whatever is wrong with it, it counts as missing.
fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}
