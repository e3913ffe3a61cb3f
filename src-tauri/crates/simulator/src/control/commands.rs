//! What the control API can be asked: one route for each thing that the library offers.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::FaultRule;
use crate::zendesk::{Account, Settings, Unknown, Zendesk};

/// The routes, still without their guard.
pub(super) fn routes() -> Router<Zendesk> {
    Router::new()
        .route("/settings", get(settings).patch(change_settings))
        .route(
            "/agents/{agent}/status",
            get(current_status).put(force_status),
        )
        .route("/agents/{agent}/call_status", post(set_call_status))
        .route("/agents/{agent}/talk_state", post(set_talk_state))
        .route("/agents/{agent}/groups", post(set_groups))
        .route("/statuses/{status}", delete(delete_status))
        .route("/statuses/many", post(many_statuses))
        .route("/statuses/awkward", post(awkward_statuses))
        .route("/tokens/{token}", delete(revoke_token))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/requests", get(requests).delete(clear_requests))
}

impl IntoResponse for Unknown {
    fn into_response(self) -> Response {
        (
            StatusCode::NOT_FOUND,
            Json(json!({"error": self.to_string()})),
        )
            .into_response()
    }
}

async fn settings(State(zendesk): State<Zendesk>) -> Json<Settings> {
    Json(zendesk.settings())
}

/// Changes the named settings and leaves the others.
async fn change_settings(State(zendesk): State<Zendesk>, Json(changes): Json<Value>) -> Response {
    let merged = serde_json::to_value(zendesk.settings()).and_then(|mut settings| {
        merge(&mut settings, changes);
        serde_json::from_value::<Settings>(settings)
    });
    match merged {
        Ok(settings) => {
            zendesk.configure(|present| present.clone_from(&settings));
            Json(settings).into_response()
        }
        Err(error) => (
            StatusCode::BAD_REQUEST,
            Json(json!({"error": error.to_string()})),
        )
            .into_response(),
    }
}

fn merge(into: &mut Value, changes: Value) {
    match (into, changes) {
        (Value::Object(into), Value::Object(changes)) => {
            for (key, change) in changes {
                merge(into.entry(key).or_insert(Value::Null), change);
            }
        }
        (into, change) => *into = change,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forced {
    status: u64,
    #[serde(default = "Forced::usual")]
    reason: String,
}

impl Forced {
    fn usual() -> String {
        "AGENT_STATUS_SWITCHER".to_owned()
    }
}

async fn current_status(State(zendesk): State<Zendesk>, Path(agent): Path<u64>) -> Response {
    zendesk.current_status(agent).map_or_else(
        || Unknown::Agent(agent).into_response(),
        |now| Json(now).into_response(),
    )
}

async fn force_status(
    State(zendesk): State<Zendesk>,
    Path(agent): Path<u64>,
    Json(forced): Json<Forced>,
) -> Result<StatusCode, Unknown> {
    zendesk.force_status(agent, forced.status, &forced.reason)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_call_status(
    State(zendesk): State<Zendesk>,
    Path(agent): Path<u64>,
    Json(call_status): Json<Option<String>>,
) -> Result<StatusCode, Unknown> {
    zendesk.set_call_status(agent, call_status.as_deref())?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_talk_state(
    State(zendesk): State<Zendesk>,
    Path(agent): Path<u64>,
    Json(state): Json<String>,
) -> Result<StatusCode, Unknown> {
    zendesk.set_talk_state(agent, &state)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_groups(
    State(zendesk): State<Zendesk>,
    Path(agent): Path<u64>,
    Json(groups): Json<Vec<u64>>,
) -> Result<StatusCode, Unknown> {
    zendesk.set_groups(agent, &groups)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete_status(
    State(zendesk): State<Zendesk>,
    Path(status): Path<u64>,
) -> Result<StatusCode, Unknown> {
    zendesk.delete_status(status)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn many_statuses(State(zendesk): State<Zendesk>, Json(count): Json<u64>) -> StatusCode {
    add(&zendesk, |account| account.add_statuses(count.min(5_000)))
}

async fn awkward_statuses(State(zendesk): State<Zendesk>) -> StatusCode {
    add(&zendesk, Account::add_awkward_statuses)
}

fn add(zendesk: &Zendesk, fill: impl FnOnce(&mut Account)) -> StatusCode {
    let mut account = Account {
        statuses: Vec::new(),
        ..Account::default()
    };
    fill(&mut account);
    account
        .statuses
        .into_iter()
        .for_each(|status| zendesk.add_status(status));
    StatusCode::NO_CONTENT
}

async fn revoke_token(State(zendesk): State<Zendesk>, Path(token): Path<String>) -> StatusCode {
    if zendesk.revoke_token(&token) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn faults(State(zendesk): State<Zendesk>) -> Json<Vec<FaultRule>> {
    Json(zendesk.pending_faults())
}

async fn add_fault(State(zendesk): State<Zendesk>, Json(rule): Json<FaultRule>) -> StatusCode {
    zendesk.fault(rule);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(zendesk): State<Zendesk>) -> StatusCode {
    zendesk.clear_faults();
    StatusCode::NO_CONTENT
}

/// The log; credentials stay out of it, because whoever reads it may print it.
async fn requests(State(zendesk): State<Zendesk>) -> Json<Vec<Value>> {
    let shown = zendesk.requests().into_iter().map(|request| {
        let headers: Vec<_> = request
            .headers
            .iter()
            .filter(|(name, _)| name != header::AUTHORIZATION.as_str())
            .collect();
        json!({
            "number": request.number,
            "at": request.at,
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": headers,
            "body": String::from_utf8_lossy(&request.body),
            "status": request.status,
        })
    });
    Json(shown.collect())
}

async fn clear_requests(State(zendesk): State<Zendesk>) -> StatusCode {
    zendesk.clear_requests();
    StatusCode::NO_CONTENT
}
