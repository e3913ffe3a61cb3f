//! Every refusal, with the status code and body that the documentation shows for it.

use serde_json::{Value, json};

use super::{Answer, answer};

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No account at this subdomain.
    NoHelpDesk,
    /// No such endpoint.
    NoEndpoint,
    /// The endpoint exists, but not for this method; the value is what it allows.
    Method(&'static str),
    /// The access token is not, or no longer, good.
    BadToken,
    /// The access token is good, but not for this.
    Scope(&'static str),
    /// Basic credentials that are wrong, or none at all, outside the availability family.
    NotSignedIn,
    /// The caller may not do this; outside the availability family.
    Forbidden,
    /// Nothing with this id; outside the availability family.
    NoRecord,
    /// A bad request body or query; outside the availability family.
    Bad(&'static str),
    /// A refusal of the availability family: status code, `code` and `title`.
    Family(u16, &'static str, String),
    /// The requests of this minute are used up; the value is `Retry-After`.
    TooMany(Option<u64>),
    /// The agent has no Talk seat; the value is the status code.
    NoTalk(u16),
}

impl Refusal {
    fn family(status: u16, code: &'static str, title: &str) -> Self {
        Self::Family(status, code, title.to_owned())
    }

    // The codes and titles of the availability family:
    // https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/

    pub(super) fn invalid_parameter() -> Self {
        Self::family(400, "InvalidParameter", "Bad Request")
    }

    pub(super) fn pagination(title: impl Into<String>) -> Self {
        Self::Family(400, "InvalidPaginationParameter", title.into())
    }

    /// Reads and writes are documented with different titles.
    pub(super) fn unauthorized(method: &str) -> Self {
        Self::family(
            401,
            "Unauthorized",
            if method == "GET" {
                "Unauthorized"
            } else {
                "Authentication error"
            },
        )
    }

    pub(super) fn permissions() -> Self {
        Self::family(403, "InvalidPermissions", "Forbidden")
    }

    /// Documented in prose only: <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/#group-permissions>
    pub(super) fn not_eligible() -> Self {
        Self::family(403, "NotEligibleForState", "Forbidden")
    }

    pub(super) fn no_agent() -> Self {
        Self::family(404, "AgentNotFound", "Not Found")
    }

    pub(super) fn not_acceptable() -> Self {
        Self::family(406, "NotAcceptable", "Not Acceptable")
    }

    pub(super) fn conflict() -> Self {
        let title = "The current agent state could not be updated because a previous update is still pending";
        Self::family(409, "ConflictUpdate", title)
    }

    pub(super) fn locked() -> Self {
        Self::family(423, "AccountLocked", "Account is locked")
    }

    pub(super) fn internal() -> Self {
        Self::family(500, "InternalServerError", "Internal Server Error")
    }

    /// The documentation only says that a write "requires" omnichannel routing; this is how a sibling API refuses it:
    /// <https://support.zendesk.com/hc/ko/community/posts/4582650460570>
    pub(super) fn api_unavailable() -> Self {
        Self::family(403, "APIUnavailable", "API is unavailable for this account")
    }

    /// The refusal as an HTTP answer.
    pub(super) fn answer(self) -> Answer {
        match self {
            Self::NoHelpDesk => {
                let mut answer =
                    Answer::new(b"There is no help desk configured at this address".to_vec());
                *answer.status_mut() = http::StatusCode::NOT_FOUND;
                header(answer, "content-type", "text/plain; charset=utf-8")
            }
            Self::NoEndpoint => answer(404, &talk("InvalidEndpoint", "Not found")),
            Self::Method(allowed) => header(
                answer(405, &talk("MethodNotAllowed", "Method not allowed")),
                "allow",
                allowed,
            ),
            Self::BadToken => header(
                answer(
                    401,
                    &json!({
                        "error": "invalid_token",
                        "error_description": "The access token provided is expired, revoked, malformed or invalid \
                                              for other reasons.",
                    }),
                ),
                "www-authenticate",
                "Bearer realm=\"Zendesk\", error=\"invalid_token\"",
            ),
            Self::Scope(scope) => answer(
                403,
                &talk(
                    "Forbidden",
                    &format!("You are missing the following required scopes: {scope}"),
                ),
            ),
            Self::NotSignedIn => header(
                answer(401, &json!({"error": "Couldn't authenticate you"})),
                "www-authenticate",
                "Basic realm=\"Web Password\"",
            ),
            Self::Forbidden => answer(
                403,
                &json!({"error": {
                    "title": "Forbidden",
                    "message": "You do not have access to this page. Please contact the account owner of this help \
                                desk for further help.",
                }}),
            ),
            Self::NoRecord => answer(404, &talk("RecordNotFound", "Not found")),
            Self::Bad(description) => answer(400, &talk("bad_request", description)),
            Self::Family(status, code, title) => {
                let mut error = json!({"code": code, "title": title});
                if code == "APIUnavailable" {
                    // The sample of this one error carries an id besides.
                    error["id"] = json!("999999999999-DUB");
                }
                answer(status, &json!({"errors": [error]}))
            }
            Self::TooMany(retry_after) => {
                let body =
                    json!({"errors": [{"code": "TooManyRequests", "title": "Too Many Requests"}]});
                match retry_after {
                    Some(seconds) => {
                        header(answer(429, &body), "retry-after", &seconds.to_string())
                    }
                    None => answer(429, &body),
                }
            }
            Self::NoTalk(403) => Self::Forbidden.answer(),
            Self::NoTalk(422) => answer(422, &talk("RecordInvalid", "Record validation errors")),
            Self::NoTalk(_) => Self::NoRecord.answer(),
        }
    }
}

/// Talk's and Support's envelope: <https://developer.zendesk.com/api-reference/voice/talk-api/availabilities/>.
fn talk(error: &str, description: &str) -> Value {
    json!({"error": error, "description": description})
}

fn header(mut answer: Answer, name: &'static str, value: &str) -> Answer {
    if let Ok(value) = value.parse() {
        answer.headers_mut().insert(name, value);
    }
    answer
}

/// The answer that is documented for a status code on a path, for faults that name a code alone.
pub(super) fn documented(
    method: &str,
    path: &str,
    status: u16,
    retry_after: Option<u32>,
) -> Answer {
    let family = path.starts_with("/api/v2/agent_availabilities");
    let refusal = match (family, status) {
        (true, 400) => Refusal::invalid_parameter(),
        (true, 401) => Refusal::unauthorized(method),
        (true, 403) => Refusal::permissions(),
        (true, 404) => Refusal::no_agent(),
        (true, 406) => Refusal::not_acceptable(),
        (true, 409) => Refusal::conflict(),
        (true, 423) => Refusal::locked(),
        (_, 429) => Refusal::TooMany(None),
        (true, 500) => Refusal::internal(),
        (false, 401) => Refusal::BadToken,
        (false, 403) => Refusal::Forbidden,
        (false, 404) => Refusal::NoRecord,
        _ => Refusal::Bad(""),
    };
    let mut documented = if matches!(refusal, Refusal::Bad(_)) {
        let reason = http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason());
        answer(
            status,
            &talk(
                &reason.unwrap_or("Error").replace(' ', ""),
                reason.unwrap_or("Error"),
            ),
        )
    } else {
        refusal.answer()
    };
    if let Some(seconds) = retry_after {
        documented = header(documented, "retry-after", &seconds.to_string());
    }
    documented
}
