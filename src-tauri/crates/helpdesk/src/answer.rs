//! What an answer means, before anybody looks at its content.

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use domain::{Budget, DeskError};
use http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use http::{HeaderName, Request, Response, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use tracing::debug;
use url::Url;

use crate::Transport;

/// No wait that is asked for is taken to be longer; a proxy's nonsense must not silence the app for good.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Sends a request and notes, without any header or body, what became of it.
pub(crate) async fn to(
    request: Request<Vec<u8>>,
    transport: &impl Transport,
    host: &str,
) -> Result<Answer, DeskError> {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let begun = Instant::now();
    let result = transport.send(request).await;
    let ms = begun.elapsed().as_millis();
    match result {
        Ok(response) => {
            let status = response.status().as_u16();
            debug!(%method, path, status, ms, "answered");
            Ok(Answer::new(response, host))
        }
        Err(error) => {
            debug!(%method, path, ms, %error, "not answered");
            Err(error)
        }
    }
}

/// A whole answer of whatever status.
#[derive(Clone)]
pub(crate) struct Answer {
    response: Response<Vec<u8>>,
    host: String,
}

impl Answer {
    /// Takes an answer from `host`.
    pub(crate) fn new(response: Response<Vec<u8>>, host: &str) -> Self {
        Self {
            response,
            host: host.to_owned(),
        }
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// Whether there is no content.
    pub(crate) fn is_empty(&self) -> bool {
        self.response.body().trim_ascii().is_empty()
    }

    /// The answer if the request was granted, else what its refusal means.
    pub(crate) fn accepted(self) -> Result<Self, DeskError> {
        match self.response.status() {
            status if status.is_success() => Ok(self),
            status => Err(self.refusal(status)),
        }
    }

    /// The answer to a read that not every agent is offered; `None` where this one is not.
    ///
    /// 400 is `me` taken for a bad number; 403, 404 and 422 are the role, the plan, or no seat in
    /// Talk. A web page with such a status, or an instance that does not exist, is none of these.
    pub(crate) fn offered(self) -> Result<Option<Self>, DeskError> {
        let not_offered = matches!(self.response.status().as_u16(), 400 | 403 | 404 | 422);
        if not_offered && !self.is_web_page() && !self.is_no_help_desk() {
            return Ok(None);
        }
        self.accepted().map(Some)
    }

    /// The answer to a write of a status, whose refusals mean more than a read's.
    ///
    /// Codes: <https://developer.zendesk.com/api-reference/agent-availability/unified-agent-status-api/unified_agent_statuses/>.
    pub(crate) fn written(self) -> Result<Self, DeskError> {
        let about_status = match self.response.status().as_u16() {
            400 => self.has_code("InvalidParameter"),
            // What is not available is unified statuses as such: somebody switched them off.
            // <https://support.zendesk.com/hc/ko/community/posts/4582650460570> shows the code.
            403 => self.has_code("APIUnavailable"),
            404 => !self.is_web_page() && !self.is_no_help_desk(),
            _ => false,
        };
        if about_status {
            return Err(DeskError::NoSuchStatus);
        }
        self.accepted()
    }

    /// The answer to a write of another agent's status: there, 404 is about the agent.
    pub(crate) fn written_for_another(self) -> Result<Self, DeskError> {
        match self.response.status().as_u16() {
            404 => self.accepted(),
            _ => self.written(),
        }
    }

    /// When it was sent, by the server's clock.
    pub(crate) fn sent_at(&self) -> Option<Timestamp> {
        self.header(DATE).and_then(date)
    }

    /// The content, which must have what `T` needs and may have anything besides.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, DeskError> {
        let body = self.response.body();
        let detail = if body.trim_ascii().is_empty() {
            "an empty answer".to_owned()
        } else if self.is_web_page() {
            "a web page".to_owned()
        } else {
            match serde_json::from_slice(body) {
                Ok(content) => return Ok(content),
                Err(error) => in_words(&error),
            }
        };
        Err(DeskError::Unintelligible { detail })
    }

    fn refusal(&self, status: StatusCode) -> DeskError {
        match status.as_u16() {
            300..=399 => match self.header(LOCATION) {
                Some(location) => DeskError::Redirected {
                    target: self.target(location),
                },
                None => DeskError::Refused {
                    status: status.as_u16(),
                },
            },
            401 => DeskError::Unauthorized,
            403 if self.has_code("NotEligibleForState") => DeskError::NotEligible,
            // Somebody between us and the help desk: nothing is known about the agent's role.
            403 if self.is_web_page() => DeskError::Unintelligible {
                detail: "a web page that forbids access".to_owned(),
            },
            403 => DeskError::Forbidden,
            404 => DeskError::NotFound,
            409 => DeskError::Conflict,
            423 => DeskError::AccountLocked,
            429 => DeskError::RateLimited {
                retry_after: self.retry_after(),
            },
            500.. => DeskError::Server {
                status: status.as_u16(),
                retry_after: self.retry_after(),
            },
            status => DeskError::Refused { status },
        }
    }

    /// How much of the account's requests are left, where the answer says so. Of the spellings in use, the one with
    /// the time of the reset is the better: <https://developer.zendesk.com/api-reference/introduction/rate-limits/>.
    pub(crate) fn budget(&self) -> Option<Budget> {
        let number = |name: &'static str| {
            self.header(HeaderName::from_static(name))?
                .trim()
                .parse()
                .ok()
        };
        let either = |one, other| number(one).or_else(|| number(other));
        Some(Budget {
            limit: either("ratelimit-limit", "x-rate-limit")?,
            remaining: either("ratelimit-remaining", "x-rate-limit-remaining")?,
            resets_in: number("ratelimit-reset").map(|seconds| Duration::from_secs(seconds.into())),
        })
    }

    fn header(&self, name: HeaderName) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// Whether this is somebody's page: a help desk's interface is asked for JSON and answers so.
    pub(crate) fn is_web_page(&self) -> bool {
        let says = self.header(CONTENT_TYPE).unwrap_or_default();
        says.contains("html") || self.response.body().trim_ascii_start().starts_with(b"<")
    }

    /// Whether Zendesk says that nobody has this subdomain, in whatever form it says so.
    fn is_no_help_desk(&self) -> bool {
        let text = String::from_utf8_lossy(self.response.body()).to_lowercase();
        self.response.status() == StatusCode::NOT_FOUND && text.contains("no help desk")
    }

    /// Whether the refusal names `code`, as `{"errors":[{"code":…}]}` or `{"error":…}` as Talk does.
    fn has_code(&self, code: &str) -> bool {
        let Ok(body) = serde_json::from_slice::<Value>(self.response.body()) else {
            return false;
        };
        let listed = body["errors"].as_array().into_iter().flatten();
        listed
            .map(|error| &error["code"])
            .chain([&body["error"]])
            .any(|found| found == code)
    }

    /// The host that a redirect points to, and no more of it: the rest may be a secret.
    fn target(&self, location: &str) -> String {
        let own = Url::parse(&format!("https://{}", self.host));
        let target = Url::options().base_url(own.as_ref().ok()).parse(location);
        let host = target.as_ref().ok().and_then(Url::host_str);
        host.unwrap_or("an unknown address").to_owned()
    }

    /// The wait that is asked for, in seconds or until a date:
    /// <https://developer.zendesk.com/api-reference/introduction/rate-limits/>, RFC 9110 section 10.2.3.
    fn retry_after(&self) -> Option<Duration> {
        let value = self.header(RETRY_AFTER)?.trim();
        let wait = if let Ok(seconds) = value.parse() {
            Duration::from_secs(seconds)
        } else {
            let until = date(value)?;
            // The server's own clock wrote the date, so only its own clock can tell how long it is.
            let now = self.header(DATE).and_then(date);
            let wait = until.duration_since(now.unwrap_or_else(Timestamp::now));
            Duration::try_from(wait).unwrap_or_default()
        };
        Some(wait.min(LONGEST_WAIT))
    }
}

fn date(value: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(value).ok()
}

/// What is wrong with JSON, without any of its values: they may be anybody's.
fn in_words(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Eof => "JSON that is cut off".to_owned(),
        Category::Syntax | Category::Io => "no JSON".to_owned(),
        Category::Data => {
            let text = error.to_string();
            let missing = text.strip_prefix("missing field `");
            match missing.and_then(|rest| rest.split('`').next()) {
                Some(field) => format!("JSON without \u{201c}{field}\u{201d}"),
                None => "JSON of another shape".to_owned(),
            }
        }
    }
}
