//! Where the browser comes back to at the end of a sign-in: a listener that takes one right answer and no other.

#[cfg(test)]
mod nonsense;
#[cfg(test)]
mod tests;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use domain::{Code, Failure, error_word};
use engine::ports::{NoCode, Pending, Redirect};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use url::form_urlencoded;

/// The ports whose addresses the company's admin registers, in the order in which they are tried.
pub const REDIRECT_PORTS: [u16; 3] = [47823, 47824, 47825];
const PATH: &str = "/callback";
/// A browser says what it wants at once.
const HEADERS_WITHIN: Duration = Duration::from_secs(5);
/// No browser's request is longer.
const LONGEST_REQUEST: usize = 16 * 1024;
/// More at a time come from no browser.
const CONNECTIONS: usize = 64;
/// So long the page may take to reach the browser.
const PAGE_WITHIN: Duration = Duration::from_secs(2);
const BETWEEN_FAILURES: Duration = Duration::from_millis(100);

/// A listener on this computer alone.
#[derive(Debug)]
pub struct Loopback {
    listener: TcpListener,
    port: u16,
}

/// What a connection needs to know.
struct Awaited {
    state: SecretString,
    host: String,
    /// Takes the first right answer.
    answer: mpsc::Sender<Result<SecretString, NoCode>>,
}

impl Loopback {
    /// Listens on the first port that is free.
    ///
    /// # Errors
    /// Other programs have them all.
    pub async fn open() -> Result<Self, Failure> {
        Self::on(&REDIRECT_PORTS).await
    }

    async fn on(ports: &[u16]) -> Result<Self, Failure> {
        for port in ports {
            if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await {
                let port = listener
                    .local_addr()
                    .map_or(*port, |address| address.port());
                return Ok(Self { listener, port });
            }
        }
        let [one, two, three] = REDIRECT_PORTS;
        Err(Failure::new(
            Code::Busy,
            format!(
                "Other programs use the ports {one}, {two} and {three} of this computer, so your browser could not come back. \
                 You are not signed in. End one of those programs, perhaps another sign-in that still waits, and try again."
            ),
        ))
    }

    async fn first_code(
        self,
        state: SecretString,
        limit: Duration,
    ) -> Result<SecretString, NoCode> {
        let (answer, mut answers) = mpsc::channel(1);
        let awaited = Arc::new(Awaited {
            state,
            host: format!("{}:{}", Ipv4Addr::LOCALHOST, self.port),
            answer,
        });
        let mut connections = JoinSet::new();
        let late = sleep(limit);
        tokio::pin!(late);
        let code = loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    match accepted {
                        Ok((stream, _)) if connections.len() < CONNECTIONS => {
                            connections.spawn(serve(stream, awaited.clone()));
                        }
                        Ok(_) => {}
                        // Such as too many open files: it passes, and must not be asked about without a pause.
                        Err(_) => sleep(BETWEEN_FAILURES).await,
                    }
                }
                Some(_) = connections.join_next() => {}
                Some(code) = answers.recv() => break code,
                () = &mut late => return Err(NoCode::TimedOut),
            }
        };
        drop(self.listener);
        // The page that says what to do next is still on its way.
        let _ = timeout(PAGE_WITHIN, async {
            while connections.join_next().await.is_some() {}
        })
        .await;
        code
    }
}

impl Redirect for Loopback {
    fn address(&self) -> String {
        format!("http://{}:{}{PATH}", Ipv4Addr::LOCALHOST, self.port)
    }

    fn code(
        self: Box<Self>,
        state: &SecretString,
        limit: Duration,
    ) -> Pending<'_, Result<SecretString, NoCode>> {
        Box::pin(self.first_code(state.clone(), limit))
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, awaited: Arc<Awaited>) {
    let answering = service_fn(|request: Request<Incoming>| {
        let response = awaited.answer(&request);
        async { Ok::<_, std::convert::Infallible>(response) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(LONGEST_REQUEST)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), answering)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the sign-in's listener ended early");
    }
}

impl Awaited {
    fn answer<B>(&self, request: &Request<B>) -> Response<String> {
        if request.method() != Method::GET || request.uri().path() != PATH {
            return page(StatusCode::NOT_FOUND, "There is nothing here.");
        }
        let host = request
            .headers()
            .get(HOST)
            .and_then(|host| host.to_str().ok());
        let query = request.uri().query().unwrap_or_default();
        let stranger = || {
            page(
                StatusCode::BAD_REQUEST,
                "This does not belong to a sign-in that Statuslight waits for. Nothing was changed.",
            )
        };
        let is_ours = host == Some(&self.host)
            && only(query, "state").is_some_and(|state| same(&state, self.state.expose_secret()));
        let brought = match (only(query, "code"), only(query, "error")) {
            (Some(code), None) if !code.is_empty() => Ok(SecretString::from(code)),
            (None, Some(error)) => Err(NoCode::Refused(error_word(&error))),
            _ => return stranger(),
        };
        if !is_ours {
            return stranger();
        }
        let is_allowed = brought.is_ok();
        // The channel has room for one: whatever comes later finds it full, or gone.
        if self.answer.try_send(brought).is_err() {
            return stranger();
        }
        if is_allowed {
            page(
                StatusCode::OK,
                "Your browser has done its part. Close this page and go back to Statuslight, which signs you in now.",
            )
        } else {
            page(
                StatusCode::OK,
                "You are not signed in. Close this page and go back to Statuslight, which says why.",
            )
        }
    }
}

/// A parameter that is there once.
fn only(query: &str, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known == name);
    let (_, value) = values.next()?;
    values.next().is_none().then(|| value.into_owned())
}

/// Compares without telling by its time how far two texts agree.
fn same(one: &str, other: &str) -> bool {
    let differences = one
        .bytes()
        .zip(other.bytes())
        .fold(0, |differences, (a, b)| differences | (a ^ b));
    one.len() == other.len() && differences == 0
}

fn page(status: StatusCode, text: &str) -> Response<String> {
    let mut response = Response::new(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Statuslight</title></head>\
         <body><h1>Statuslight</h1><p>{text}</p></body></html>\n"
    ));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (CACHE_CONTROL, "no-store"),
        // The address has the code in it.
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
