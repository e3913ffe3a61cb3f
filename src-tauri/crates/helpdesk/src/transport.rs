//! How a request gets to a help desk and its answer back.

mod cause;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::DeskError;
use http::header::SEC_WEBSOCKET_ACCEPT;
use http::{Request, Response, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::USER_AGENT;
use crate::address::{AgreedUnencrypted, is_private, is_safe};

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

    /// Sends `request`, which asks to speak another protocol from then on.
    ///
    /// # Errors
    /// What lies between us and the help desk.
    fn upgrade(
        &self,
        request: Request<Vec<u8>>,
    ) -> impl Future<Output = Result<Upgraded, DeskError>> + Send;
}

/// A connection on which another protocol is spoken.
pub type Connection = Box<dyn Duplex>;

/// What can be read and written.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// What came of asking for another protocol.
pub enum Upgraded {
    /// It is spoken from now on.
    Switched {
        /// The `Sec-WebSocket-Accept` header.
        accept: Option<String>,
        /// Where.
        connection: Connection,
    },
    /// It is not: this is the answer.
    Answered(Response<Vec<u8>>),
}

impl<T: Transport> Transport for Arc<T> {
    fn upgrade(
        &self,
        request: Request<Vec<u8>>,
    ) -> impl Future<Output = Result<Upgraded, DeskError>> + Send {
        T::upgrade(self, request)
    }

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
    /// For http to this computer or into a private network: what is not encrypted must reach no proxy.
    inward: Client,
    /// As `outward`, for what HTTP/2 has no room for.
    outward_http1: Client,
}

impl Https {
    /// Reads the system's certificates and proxy settings.
    ///
    /// # Errors
    /// [`DeskError::Unreachable`] where the system's TLS or proxy settings cannot be used at all.
    pub fn new() -> Result<Self, DeskError> {
        Self::trusting_all(Vec::new())
    }

    /// The same, trusting the authorities of a PEM file beside the system's.
    ///
    /// # Errors
    /// As [`Https::new`]; [`DeskError::Unintelligible`] where the file has no certificate.
    pub fn trusting(pem: &[u8]) -> Result<Self, DeskError> {
        let authorities: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match authorities {
            Ok(authorities) if !authorities.is_empty() => Self::trusting_all(authorities),
            _ => Err(DeskError::Unintelligible {
                detail: "there is no certificate in the file".to_owned(),
            }),
        }
    }

    fn trusting_all(authorities: Vec<CertificateDer<'static>>) -> Result<Self, DeskError> {
        let tls = system_tls(authorities).map_err(|error| DeskError::Unreachable {
            detail: format!("TLS could not be set up: {error}"),
        })?;
        Self::with(tls, LIMITS, |client| client)
    }

    fn with(
        tls: ClientConfig,
        limits: Limits,
        outward: impl Fn(ClientBuilder) -> ClientBuilder,
    ) -> Result<Self, DeskError> {
        let built = || -> reqwest::Result<Self> {
            Ok(Self {
                inward: client(tls.clone(), limits).no_proxy().build()?,
                outward_http1: outward(client(speaking_http1(tls.clone()), limits).http1_only())
                    .build()?,
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
        let (host, answer) = self.execute(request, &self.outward).await?;
        whole(answer, &host).await
    }

    async fn upgrade(&self, request: Request<Vec<u8>>) -> Result<Upgraded, DeskError> {
        let (host, answer) = self.execute(request, &self.outward_http1).await?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok(Upgraded::Answered(whole(answer, &host).await?));
        }
        let accept = answer.headers().get(SEC_WEBSOCKET_ACCEPT);
        let accept = accept
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let connection = answer.upgrade().await.map_err(|e| cause::of(&e, &host))?;
        Ok(Upgraded::Switched {
            accept,
            connection: Box::new(connection),
        })
    }
}

impl Https {
    /// Sends a request, if it may leave this computer, and gives the host with the answer's beginning.
    async fn execute(
        &self,
        request: Request<Vec<u8>>,
        outward: &Client,
    ) -> Result<(String, reqwest::Response), DeskError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let is_agreed = request.extensions().get::<AgreedUnencrypted>().is_some();
        let request = reqwest::Request::try_from(request).map_err(|e| cause::of(&e, &host))?;
        let url = request.url();
        let may_leave = is_safe(url) || (is_agreed && is_private(url));
        if !may_leave {
            return Err(DeskError::Unreachable {
                detail: "only https may leave this computer".to_owned(),
            });
        }
        let client = match url.scheme() {
            "http" => &self.inward,
            _ => outward,
        };
        let answer = client
            .execute(request)
            .await
            .map_err(|e| cause::of(&e, &host))?;
        Ok((host, answer))
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
        // A connection that slept with the computer looks alive and is not; and Libredesk closes one after 8 s.
        .pool_idle_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
}

/// TLS by rustls and ring; the system decides whom to trust, so a company's own authority counts.
fn system_tls(authorities: Vec<CertificateDer<'static>>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?;
    let builder = match Verifier::new_with_extra_roots(authorities, provider) {
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

/// Offers HTTP/1.1 alone.
fn speaking_http1(mut tls: ClientConfig) -> ClientConfig {
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    tls
}

/// Offers HTTP/2 and HTTP/1.1, which a ready-made configuration has to say itself.
fn negotiating(mut tls: ClientConfig) -> ClientConfig {
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    tls
}
