//! How a request gets to a help desk and its answer back.

mod cause;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::DeskError;
use http::{Request, Response};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::USER_AGENT;
use crate::address::is_safe;

/// Carries one request to a help desk and brings back the whole answer, whatever its status.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`, whose URI is absolute.
    ///
    /// # Errors
    /// Only what lies between us and the help desk: an answer with a status of failure is an answer.
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> impl Future<Output = Result<Response<Vec<u8>>, DeskError>> + Send;
}

impl<T: Transport> Transport for Arc<T> {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> impl Future<Output = Result<Response<Vec<u8>>, DeskError>> + Send {
        T::send(self, request)
    }
}

/// The largest answer that is read; 100 statuses, the most on one page, are some 50 KiB.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// How long an exchange may take.
#[derive(Clone, Copy)]
struct Limits {
    /// Until connected, through proxy and TLS.
    connect: Duration,
    /// From the first byte sent to the last one received, connecting included.
    whole: Duration,
}

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    whole: Duration::from_secs(10),
};

/// HTTP over the network: TLS with the system's certificates, through the system's proxy.
///
/// Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Https {
    /// For https, by the system's proxy where one is set.
    outward: Client,
    /// For http to this computer: what is not encrypted must reach no proxy.
    inward: Client,
}

impl Https {
    /// Reads the system's certificates and proxy settings.
    ///
    /// # Errors
    /// [`DeskError::Unreachable`] where the system's TLS or proxy settings cannot be used at all.
    pub fn new() -> Result<Self, DeskError> {
        let tls = system_tls().map_err(|error| DeskError::Unreachable {
            detail: format!("TLS could not be set up: {error}"),
        })?;
        Self::with(tls, LIMITS, |client| client)
    }

    fn with(
        tls: ClientConfig,
        limits: Limits,
        outward: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Self, DeskError> {
        let built = || -> reqwest::Result<Self> {
            Ok(Self {
                inward: client(tls.clone(), limits).no_proxy().build()?,
                outward: outward(client(tls, limits)).build()?,
            })
        };
        built().map_err(|error| cause::of(&error, ""))
    }
}

/// Says nothing of its proxy, whose address may carry a password.
impl fmt::Debug for Https {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Https")
    }
}

impl Transport for Https {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, DeskError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let request = reqwest::Request::try_from(request).map_err(|e| cause::of(&e, &host))?;
        if !is_safe(request.url()) {
            return Err(DeskError::Unreachable {
                detail: "only https may leave this computer".to_owned(),
            });
        }
        let client = match request.url().scheme() {
            "http" => &self.inward,
            _ => &self.outward,
        };
        let answer = client
            .execute(request)
            .await
            .map_err(|e| cause::of(&e, &host))?;
        whole(answer, &host).await
    }
}

/// Reads an answer to its end, or to where it becomes too large.
async fn whole(mut answer: reqwest::Response, host: &str) -> Result<Response<Vec<u8>>, DeskError> {
    let announced = answer.content_length().unwrap_or_default();
    if announced > LARGEST_ANSWER as u64 {
        return Err(DeskError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|e| cause::of(&e, host))? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(DeskError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let mut response = Response::new(body);
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}

fn client(tls: ClientConfig, limits: Limits) -> ClientBuilder {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(USER_AGENT)
        .connect_timeout(limits.connect)
        .timeout(limits.whole)
        // A redirect would take the credentials along.
        .redirect(Policy::none())
        .referer(false)
        // A connection that slept with the computer looks alive and is not.
        .pool_idle_timeout(Duration::from_secs(30))
        .tcp_nodelay(true)
}

/// TLS by rustls and ring; the system decides whom to trust, so a company's own authority counts.
fn system_tls() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?;
    let builder = match Verifier::new(provider) {
        Ok(verifier) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier)),
        // Trusting nobody fails each https request by name, and leaves http to this computer.
        Err(error) => {
            tracing::warn!(%error, "the system has no certificates to trust");
            builder.with_root_certificates(RootCertStore::empty())
        }
    };
    Ok(negotiating(builder.with_no_client_auth()))
}

/// Offers HTTP/2 and HTTP/1.1, which a ready-made configuration has to say itself.
fn negotiating(mut tls: ClientConfig) -> ClientConfig {
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    tls
}
