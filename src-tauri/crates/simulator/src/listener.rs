//! The simulator on a real socket: accepts, speaks HTTP/1.1 with or without TLS, and breaks connections on demand.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Incoming};
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::body::WireBody;
use crate::libredesk::Libredesk;
use crate::tls::{self, Certificate};
use crate::zendesk::Zendesk;

/// No documented request comes near this size.
const LARGEST_REQUEST: usize = 1 << 20;

/// The connection was reset before any answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("connection reset by the simulator")]
pub struct ConnectionReset;

/// Which help desk listens.
#[derive(Clone, Debug)]
pub enum Served {
    /// A Zendesk.
    Zendesk(Zendesk),
    /// A Libredesk.
    Libredesk(Libredesk),
}

impl From<&Zendesk> for Served {
    fn from(zendesk: &Zendesk) -> Self {
        Self::Zendesk(zendesk.clone())
    }
}

impl From<&Libredesk> for Served {
    fn from(libredesk: &Libredesk) -> Self {
        Self::Libredesk(libredesk.clone())
    }
}

impl From<Libredesk> for Served {
    fn from(libredesk: Libredesk) -> Self {
        Self::Libredesk(libredesk)
    }
}

impl Served {
    async fn answer(
        &self,
        scheme: &str,
        request: http::Request<Vec<u8>>,
        upgrade: OnUpgrade,
    ) -> Result<http::Response<WireBody>, ConnectionReset> {
        match self {
            Self::Zendesk(zendesk) => zendesk.answer(scheme, request).await,
            Self::Libredesk(libredesk) => libredesk.answer(scheme, request, Some(upgrade)).await,
        }
    }

    /// How long a connection may be idle before it is closed.
    fn idles_for(&self) -> Duration {
        match self {
            Self::Zendesk(_) => Duration::from_secs(30),
            Self::Libredesk(_) => Duration::from_secs(8),
        }
    }
}

/// A help desk that listens on loopback; it stops, and drops every open connection, when this value is dropped.
#[derive(Debug)]
pub struct Simulator {
    served: Served,
    addr: SocketAddr,
    ca_pem: Option<String>,
    accepting: JoinHandle<()>,
}

impl Simulator {
    /// Listens for plain HTTP on `127.0.0.1`; port 0 takes any free one.
    ///
    /// # Errors
    ///
    /// When the port cannot be taken.
    pub async fn http(served: impl Into<Served>, port: u16) -> io::Result<Self> {
        Self::listen(served.into(), port, None).await
    }

    /// Listens for HTTPS on `127.0.0.1` with a certificate signed by a CA made for this run.
    ///
    /// # Errors
    ///
    /// When the port cannot be taken or the certificate cannot be made.
    pub async fn https(
        served: impl Into<Served>,
        port: u16,
        certificate: Certificate,
    ) -> io::Result<Self> {
        Self::listen(served.into(), port, Some(tls::make(certificate)?)).await
    }

    async fn listen(served: Served, port: u16, tls: Option<tls::Tls>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let addr = listener.local_addr()?;
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();
        let accepting = tokio::spawn(accept(listener, acceptor, served.clone()));
        Ok(Self {
            served,
            addr,
            ca_pem,
            accepting,
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base address, without a slash at its end.
    pub fn url(&self) -> String {
        let scheme = if self.ca_pem.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.addr)
    }

    /// The CA's certificate, for a client's trust store; none over plain HTTP.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.accepting.abort();
        if let Served::Libredesk(libredesk) = &self.served {
            // A websocket is no part of the connection that it came by.
            libredesk.drop_sockets();
        }
    }
}

async fn accept(listener: TcpListener, acceptor: Option<TlsAcceptor>, served: Served) {
    // Owned by this task, so that the connections end with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let (acceptor, served) = (acceptor.clone(), served.clone());
                    connections.spawn(async move {
                        if let Err(error) = converse(stream, acceptor, served).await {
                            tracing::debug!(%error, "a connection ended");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "accepting failed");
                    // Out of file descriptors: trying again at once would spin.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(
    stream: TcpStream,
    acceptor: Option<TlsAcceptor>,
    served: Served,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let reset = Arc::new(AtomicBool::new(false));
    let socket = Socket {
        stream,
        reset: reset.clone(),
    };
    match acceptor {
        Some(acceptor) => serve(acceptor.accept(socket).await?, "https", reset, served).await,
        None => serve(socket, "http", reset, served).await,
    }
}

pub(crate) async fn serve<S>(
    stream: S,
    scheme: &'static str,
    reset: Arc<AtomicBool>,
    served: Served,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let idles_for = served.idles_for();
    let service = service_fn(move |mut request: http::Request<Incoming>| {
        let (served, reset) = (served.clone(), reset.clone());
        async move {
            let upgrade = hyper::upgrade::on(&mut request);
            let (parts, body) = request.into_parts();
            let body = read(body).await?;
            served
                .answer(scheme, http::Request::from_parts(parts, body), upgrade)
                .await
                .inspect_err(|_| {
                    reset.store(true, Ordering::Release);
                })
        }
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(idles_for)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await
        .map_err(io::Error::other)
}

/// Reads a request's body; one that breaks off or is far too large ends the connection.
async fn read(mut body: Incoming) -> Result<Vec<u8>, ConnectionReset> {
    let mut all = Vec::new();
    while let Some(frame) =
        std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        let data: Bytes = frame
            .map_err(|_| ConnectionReset)?
            .into_data()
            .unwrap_or_default();
        all.extend_from_slice(&data);
        if all.len() > LARGEST_REQUEST {
            return Err(ConnectionReset);
        }
    }
    Ok(all)
}

/// A TCP stream that can end with RST instead of FIN.
struct Socket {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Acquire) {
            // Closing with a linger time of zero makes the kernel send RST.
            if let Err(error) = self.stream.set_zero_linger() {
                tracing::warn!(%error, "a connection could not be reset");
            }
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
