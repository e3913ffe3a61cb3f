//! How the server behaves; all of it may change while the server runs.

use serde::{Deserialize, Serialize};

use super::oauth::OAuthClient;

/// How an agent without admin rights may read their own availability.
///
/// The documentation allows reading by id to admins and does not name `me`, so every reading of it must be tried:
/// <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_availabilities/>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readability {
    /// By `agent_availabilities/me` alone.
    Me,
    /// By `agent_availabilities/{own id}` alone.
    OwnId,
    /// Not at all.
    Nothing,
}

/// How `agent_availabilities/me` is answered where it cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeRefusal {
    /// 404 `AgentNotFound`.
    NotFound,
    /// 400 `InvalidParameter`: `me` taken for a bad id.
    BadRequest,
    /// 403 `InvalidPermissions`.
    Forbidden,
}

/// Which pages of a status list carry the default statuses; the documentation does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultsOn {
    /// Every page repeats them.
    EveryPage,
    /// Only the first page carries them; later ones have an empty array.
    FirstPage,
}

/// What `agent_statuses/me` lists; the documentation does not say whether it looks at groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListMode {
    /// Only what the agent's groups may use.
    Eligible,
    /// Everything the account has.
    All,
}

/// How many requests the account has for `agent_availabilities` and everything under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quota {
    /// Requests a minute. <https://developer.zendesk.com/api-reference/agent-availability/introduction/>
    pub per_minute: u32,
    /// Whether answers carry `x-rate-limit`, `x-rate-limit-remaining` and `ratelimit-*` with the time of the reset; the
    /// latter are documented for tickets and users, none for these endpoints.
    pub headers: bool,
    /// Whether a 429 carries `Retry-After`.
    pub retry_after: bool,
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            per_minute: 200,
            headers: true,
            retry_after: true,
        }
    }
}

/// Everything about the server's behaviour that can be switched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether the help desk exists; if not, everything is a 404.
    pub exists: bool,
    /// Whether the account is locked (423).
    pub locked: bool,
    /// Whether omnichannel routing, and with it unified statuses, is on.
    pub omnichannel: bool,
    /// Whether the account has Talk.
    pub voice: bool,
    /// How non-admins may read their own availability.
    pub readability: Readability,
    /// How `agent_availabilities/me` is refused.
    pub me_refusal: MeRefusal,
    /// Which pages carry the default statuses.
    pub defaults_on: DefaultsOn,
    /// What `agent_statuses/me` lists.
    pub list_mode: ListMode,
    /// The status code for an agent without a Talk seat: 403, 404 or 422.
    pub no_talk_seat: u16,
    /// The requests a minute.
    pub quota: Quota,
    /// The OAuth client that the account's admin made.
    pub oauth: OAuthClient,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            exists: true,
            locked: false,
            omnichannel: true,
            voice: true,
            readability: Readability::Me,
            me_refusal: MeRefusal::NotFound,
            defaults_on: DefaultsOn::EveryPage,
            list_mode: ListMode::Eligible,
            no_talk_seat: 404,
            quota: Quota::default(),
            oauth: OAuthClient::default(),
        }
    }
}
