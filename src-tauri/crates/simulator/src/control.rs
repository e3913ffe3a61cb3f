//! The control API over HTTP: what the library offers, for a test or a demo in another process.
//!
//! It listens on loopback, beside the help desk and never on the same port, and refuses whatever a web page could send:
//! an `Origin` header, a foreign `Host` (DNS rebinding), a request without the run's random token.

mod commands;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::zendesk::Zendesk;

/// A control API that listens; it stops when dropped.
#[derive(Debug)]
pub struct Control {
    addr: SocketAddr,
    token: String,
    serving: JoinHandle<()>,
}

impl Control {
    /// Listens on `127.0.0.1` with a random token; port 0 takes any free one.
    ///
    /// # Errors
    ///
    /// When the port cannot be taken or there is no randomness.
    pub async fn start(zendesk: &Zendesk, port: u16) -> io::Result<Self> {
        let token = random_token()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let addr = listener.local_addr()?;
        let app = router(zendesk.clone(), &token, addr.port());
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, app).await {
                tracing::warn!(%error, "the control API ended");
            }
        });
        Ok(Self {
            addr,
            token,
            serving,
        })
    }

    /// The base address, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The token that every request must bear.
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// 32 random bytes as text.
///
/// # Errors
///
/// When the operating system has no randomness to give.
fn random_token() -> io::Result<String> {
    use base64::Engine as _;
    let mut bytes = [0_u8; 32];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("no randomness"))?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

fn router(zendesk: Zendesk, token: &str, port: u16) -> Router {
    let door = Door {
        hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")],
        authorization: format!("Bearer {token}"),
    };
    commands::routes()
        .layer(from_fn_with_state(door, guard))
        .with_state(zendesk)
}

/// Whom the door lets in.
#[derive(Clone)]
struct Door {
    hosts: [String; 2],
    authorization: String,
}

async fn guard(State(door): State<Door>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let refused = if headers.contains_key(header::ORIGIN) {
        Some((StatusCode::FORBIDDEN, "requests of web pages are refused"))
    } else if !text(headers, header::HOST)
        .is_some_and(|host| door.hosts.iter().any(|known| known == host))
    {
        Some((StatusCode::MISDIRECTED_REQUEST, "this is not that host"))
    } else if !text(headers, header::AUTHORIZATION)
        .is_some_and(|given| same(given, &door.authorization))
    {
        Some((StatusCode::UNAUTHORIZED, "the token is missing or wrong"))
    } else {
        None
    };
    match refused {
        Some((status, error)) => (status, Json(json!({"error": error}))).into_response(),
        None => next.run(request).await,
    }
}

/// The one value of a header; a repeated header counts as none.
fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    values
        .next()
        .filter(|_| values.next().is_none())?
        .to_str()
        .ok()
}

/// Compares in a time that does not depend on where the difference is.
fn same(given: &str, wanted: &str) -> bool {
    given.len() == wanted.len()
        && given
            .bytes()
            .zip(wanted.bytes())
            .fold(0, |difference, (one, other)| difference | (one ^ other))
            == 0
}
