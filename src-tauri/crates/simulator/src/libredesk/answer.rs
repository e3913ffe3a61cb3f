//! The wrapping of every answer, and the words of refusals.

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use super::state::State;

/// An answer whose body is whole.
pub(super) type Answer = Response<Vec<u8>>;

pub(super) fn json_with(status: u16, body: &Value) -> Answer {
    let mut answer = Answer::new(body.to_string().into_bytes());
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    answer.headers_mut().insert(CONTENT_TYPE, json);
    answer
}

pub(super) fn success(data: &Value) -> Answer {
    json_with(200, &json!({"status": "success", "data": data}))
}

/// A refusal; its message is in the server's language, so that nobody can rely on it.
pub(super) fn refusal(state: &State, status: u16, error_type: &str, message: &str) -> Answer {
    let message = if state.language == "de-DE" {
        german(message)
    } else {
        message
    };
    let body =
        json!({"status": "error", "message": message, "data": null, "error_type": error_type});
    json_with(status, &body)
}

pub(super) fn went_wrong(state: &State, status: u16) -> Answer {
    refusal(state, status, "GeneralException", "Something went wrong")
}

/// What the routes for signing in answer to too many: without data, and without a type.
pub(super) fn too_many() -> Answer {
    let body = json!({"status": "error", "message": "Rate limit exceeded"});
    let mut answer = json_with(429, &body);
    let headers = answer.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
    headers.insert("x-ratelimit-limit", HeaderValue::from_static("30"));
    headers.insert("x-ratelimit-remaining", HeaderValue::from_static("0"));
    answer
}

/// The answer of an ordered fault.
pub(super) fn refusal_with(state: &State, code: u16, retry_after: Option<u32>) -> Answer {
    let mut answer = match code {
        429 => too_many(),
        code => went_wrong(state, code),
    };
    if let Some(seconds) = retry_after {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    answer
}

fn german(message: &str) -> &str {
    match message {
        "Something went wrong" => "Etwas ist schiefgelaufen",
        "Invalid credential" => "Ungültige Zugangsdaten",
        "Invalid or expired session" => "Ungültige oder abgelaufene Sitzung",
        "Permission denied" => "Zugriff verweigert",
        "Error parsing request" => "Fehler beim Lesen der Anfrage",
        other => other,
    }
}
