//! Who is asking: <https://developer.zendesk.com/api-reference/introduction/security-and-auth/>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;

use super::account::Role;
use super::refusal::Refusal;
use super::state::State;

/// Who is asking, as far as the credentials tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// No credentials, or Basic ones that are wrong: `users/me` answers those with an anonymous user.
    Anonymous,
    /// A person, with the scopes of their token.
    Known { id: u64, role: Role, scope: String },
}

impl Caller {
    /// Whether the token's scopes allow this method.
    pub(super) fn may(&self, method: &str) -> Result<(), Refusal> {
        let needed = if method == "GET" { "read" } else { "write" };
        match self {
            Self::Known { scope, .. } if !scope.split(' ').any(|scope| scope == needed) => {
                Err(Refusal::Scope(needed))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn is_admin(&self) -> bool {
        matches!(
            self,
            Self::Known {
                role: Role::Admin,
                ..
            }
        )
    }

    pub(super) fn id(&self) -> Option<u64> {
        match self {
            Self::Known { id, .. } => Some(*id),
            Self::Anonymous => None,
        }
    }
}

/// Reads the `Authorization` header.
pub(super) fn caller(state: &State, parts: &Parts) -> Result<Caller, Refusal> {
    let header = parts
        .headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let Some((scheme, credentials)) = header.and_then(|header| header.split_once(' ')) else {
        return Ok(Caller::Anonymous);
    };
    if scheme.eq_ignore_ascii_case("bearer") {
        let token = state
            .tokens
            .get(credentials.trim())
            .filter(|_| !state.grants.is_over(credentials.trim(), state.clock.now()))
            .ok_or(Refusal::BadToken)?;
        let person = state.people.get(&token.agent).ok_or(Refusal::BadToken)?;
        return Ok(Caller::Known {
            id: token.agent,
            role: person.agent.role,
            scope: token.scope.clone(),
        });
    }
    if scheme.eq_ignore_ascii_case("basic") {
        return Ok(basic(state, credentials.trim()).unwrap_or(Caller::Anonymous));
    }
    Ok(Caller::Anonymous)
}

/// `email/token:api_token`: the token is the account's, the e-mail address chooses whom it impersonates.
fn basic(state: &State, credentials: &str) -> Option<Caller> {
    let decoded = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (user, token) = decoded.split_once(':')?;
    // Without the suffix it would be a password, and those ended in January 2026.
    let email = user.strip_suffix("/token")?;
    if state.api_token.as_deref() != Some(token) {
        return None;
    }
    let person = state
        .people
        .values()
        .find(|person| person.agent.email.eq_ignore_ascii_case(email))?;
    Some(Caller::Known {
        id: person.agent.id,
        role: person.agent.role,
        scope: "read write".to_owned(),
    })
}
