//! From a request to its endpoint, past everything that is refused before an endpoint looks at it.

use http::request::Parts;
use serde_json::Value;

use super::auth::{self, Caller};
use super::refusal::Refusal;
use super::state::State;
use super::{Answer, admin, availability, oauth, statuses, talk, users};

/// Whom a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Me,
    Id(u64),
    /// Neither `me` nor a number.
    Unreadable,
}

impl Who {
    fn parse(segment: &str) -> Self {
        match segment {
            "me" => Self::Me,
            _ => segment.parse().map_or(Self::Unreadable, Self::Id),
        }
    }
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Endpoint {
    UsersMe,
    Memberships(Who),
    UsersMany,
    Groups,
    CapacityRules(Option<String>),
    AccountSettings,
    TalkAvailability(Who),
    Statuses,
    MyStatuses,
    SetStatus(Who),
    Availabilities,
    Availability(Who),
    WorkItems(Who, String),
    CurrentToken,
    Token(Option<u64>),
}

impl Endpoint {
    fn find(path: &str) -> Option<Self> {
        let path = path.strip_prefix("/api/v2/")?;
        if let Some(family) = path.strip_prefix("agent_availabilities") {
            return Self::find_in_family(family);
        }
        // Support and Talk take a format suffix; the availability family's pages show none.
        let segments: Vec<&str> = path
            .strip_suffix(".json")
            .unwrap_or(path)
            .split('/')
            .collect();
        match *segments.as_slice() {
            ["users", "me"] => Some(Self::UsersMe),
            ["users", who, "group_memberships"] => Some(Self::Memberships(Who::parse(who))),
            ["users", "show_many"] => Some(Self::UsersMany),
            ["groups"] => Some(Self::Groups),
            ["capacity", "rules"] => Some(Self::CapacityRules(None)),
            ["capacity", "rules", id] => Some(Self::CapacityRules(Some(id.to_owned()))),
            ["oauth", "tokens", "current"] => Some(Self::CurrentToken),
            ["oauth", "tokens", id] => Some(Self::Token(id.parse().ok())),
            ["account", "settings"] => Some(Self::AccountSettings),
            ["channels", "voice", "availabilities", who] => {
                Some(Self::TalkAvailability(Who::parse(who)))
            }
            _ => None,
        }
    }

    fn find_in_family(path: &str) -> Option<Self> {
        match *path.split('/').collect::<Vec<_>>().as_slice() {
            [""] => Some(Self::Availabilities),
            ["", "agent_statuses"] => Some(Self::Statuses),
            ["", "agent_statuses", "me"] => Some(Self::MyStatuses),
            ["", "agent_statuses", "agents", who] => Some(Self::SetStatus(Who::parse(who))),
            ["", who] => Some(Self::Availability(Who::parse(who))),
            ["", who, "channels", channel, "relationships", "work_items"] => {
                Some(Self::WorkItems(Who::parse(who), channel.to_owned()))
            }
            _ => None,
        }
    }

    fn methods(&self) -> &'static str {
        match self {
            Self::SetStatus(_) => "PUT",
            Self::Token(_) => "DELETE",
            Self::TalkAvailability(_) => "GET, PUT",
            _ => "GET",
        }
    }

    fn in_family(&self) -> bool {
        !matches!(
            self,
            Self::UsersMe
                | Self::Memberships(_)
                | Self::UsersMany
                | Self::Groups
                | Self::CapacityRules(_)
                | Self::AccountSettings
                | Self::TalkAvailability(_)
                | Self::CurrentToken
                | Self::Token(_)
        )
    }
}

/// A request that has passed the doors.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) caller: Caller,
    /// Scheme and host, for links.
    pub(super) base: String,
    pub(super) path: &'a str,
    pub(super) query: Vec<(String, String)>,
    parts: &'a Parts,
    body: &'a [u8],
}

impl Call<'_> {
    /// A query parameter.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body, where it says that it is JSON and is.
    pub(super) fn json(&self) -> Option<Value> {
        let content_type = self
            .parts
            .headers
            .get(http::header::CONTENT_TYPE)?
            .to_str()
            .ok()?;
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        essence
            .eq_ignore_ascii_case("application/json")
            .then(|| serde_json::from_slice(self.body).ok())
            .flatten()
    }

    /// The access token that signs the request.
    pub(super) fn bearer(&self) -> Option<&str> {
        let header = self.parts.headers.get(http::header::AUTHORIZATION)?;
        let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The caller, where it must be somebody; for the availability family.
    pub(super) fn agent(&self) -> Result<u64, Refusal> {
        match self.caller {
            Caller::Known { id, role, .. } if role.has_status() => Ok(id),
            _ => Err(Refusal::permissions()),
        }
    }
}

/// Carries a request out.
pub(super) fn answer(state: &mut State, scheme: &str, parts: &Parts, body: &[u8]) -> Answer {
    if parts.uri.path().starts_with("/oauth/") && state.settings.exists {
        return oauth::serve(state, parts, body);
    }
    let mut limits = Vec::new();
    let mut answer = admit(state, scheme, parts, body, &mut limits).unwrap_or_else(Refusal::answer);
    for (name, value) in limits {
        answer
            .headers_mut()
            .insert(name, http::HeaderValue::from(value));
    }
    answer
}

fn admit(
    state: &mut State,
    scheme: &str,
    parts: &Parts,
    body: &[u8],
    limits: &mut Vec<(&'static str, u32)>,
) -> Result<Answer, Refusal> {
    if !state.settings.exists {
        return Err(Refusal::NoHelpDesk);
    }
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let endpoint = Endpoint::find(path).ok_or(Refusal::NoEndpoint)?;
    if !endpoint
        .methods()
        .split(", ")
        .any(|allowed| allowed == method)
    {
        return Err(Refusal::Method(endpoint.methods()));
    }
    if !accepts_json(parts) {
        return Err(Refusal::not_acceptable());
    }
    let caller = match auth::caller(state, parts) {
        Err(Refusal::BadToken) | Ok(Caller::Anonymous) if endpoint.in_family() => {
            return Err(Refusal::unauthorized(method));
        }
        Ok(Caller::Anonymous) if endpoint != Endpoint::UsersMe => return Err(Refusal::NotSignedIn),
        caller => caller?,
    };
    if endpoint.in_family() {
        let quota = state.settings.quota;
        let verdict = state.window.take(quota, state.clock.elapsed());
        if quota.headers {
            limits.extend([
                ("x-rate-limit", quota.per_minute),
                ("x-rate-limit-remaining", verdict.remaining),
                ("ratelimit-limit", quota.per_minute),
                ("ratelimit-remaining", verdict.remaining),
                ("ratelimit-reset", verdict.resets_in_s),
            ]);
        }
        if !verdict.allowed {
            return Err(Refusal::TooMany(
                quota.retry_after.then_some(u64::from(verdict.resets_in_s)),
            ));
        }
        if state.settings.locked {
            return Err(Refusal::locked());
        }
    }
    caller.may(method)?;
    let call = Call {
        caller,
        base: base(scheme, parts),
        path,
        query: query(parts),
        parts,
        body,
    };
    match endpoint {
        Endpoint::UsersMe => Ok(users::me(state, &call)),
        Endpoint::CurrentToken => oauth::current(state, &call),
        Endpoint::Token(id) => oauth::revoke(state, &call, id),
        Endpoint::Memberships(who) => users::memberships(state, &call, who),
        Endpoint::UsersMany => admin::users(state, &call),
        Endpoint::Groups => admin::groups(state, &call),
        Endpoint::CapacityRules(id) => admin::capacity_rules(state, &call, id.as_deref()),
        Endpoint::AccountSettings => users::settings(state, &call),
        Endpoint::TalkAvailability(who) if method == "PUT" => talk::set(state, &call, who),
        Endpoint::TalkAvailability(who) => talk::show(state, &call, who),
        Endpoint::Statuses => statuses::all(state, &call),
        Endpoint::MyStatuses => statuses::mine(state, &call),
        Endpoint::SetStatus(who) => statuses::set(state, &call, who),
        Endpoint::Availabilities => availability::list(state, &call),
        Endpoint::Availability(who) => availability::show(state, &call, who),
        Endpoint::WorkItems(who, channel) => availability::work_items(state, &call, who, &channel),
    }
}

/// Whether the request says that it takes JSON. The documentation wants it said
/// (<https://developer.zendesk.com/api-reference/agent-availability/introduction/>); it is wanted of every endpoint here, so
/// that a client which forgets it anywhere is found out.
fn accepts_json(parts: &Parts) -> bool {
    parts
        .headers
        .get_all(http::header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| {
            range
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        })
        .any(|range| ["application/json", "application/*", "*/*"].contains(&range.as_str()))
}

fn base(scheme: &str, parts: &Parts) -> String {
    let scheme = parts.uri.scheme_str().unwrap_or(scheme);
    let host = parts
        .headers
        .get(http::header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.or_else(|| parts.uri.authority().map(http::uri::Authority::as_str));
    format!("{scheme}://{}", host.unwrap_or("example.zendesk.com"))
}

fn query(parts: &Parts) -> Vec<(String, String)> {
    let query = parts.uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}
