//! A web proxy on loopback that tunnels by CONNECT, whatever host is asked for, to a target on this machine.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A request's head is a line and a few headers.
const LARGEST_HEAD: usize = 8192;

/// A CONNECT proxy; it stops when dropped.
#[derive(Debug)]
pub struct ConnectProxy {
    addr: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl ConnectProxy {
    /// Listens on `127.0.0.1` and tunnels the named hosts (`"example.zendesk.test:443"`) to the given addresses.
    ///
    /// A loopback address that is asked for by itself is reached too; every other host is answered with 502.
    ///
    /// # Errors
    ///
    /// When no port can be taken.
    pub async fn start<H: Into<String>>(
        hosts: impl IntoIterator<Item = (H, SocketAddr)>,
    ) -> io::Result<Self> {
        let hosts = Arc::new(
            hosts
                .into_iter()
                .map(|(host, to)| (host.into(), to))
                .collect::<HashMap<String, _>>(),
        );
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = listener.local_addr()?;
        let seen = Arc::new(Mutex::default());
        let accepting = tokio::spawn(accept(listener, hosts, Arc::clone(&seen)));
        Ok(Self {
            addr,
            seen,
            accepting,
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its address as a proxy setting takes it.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// How many CONNECTs arrived.
    pub fn connects(&self) -> usize {
        self.targets().len()
    }

    /// The `host:port` of every CONNECT that arrived, in order.
    pub fn targets(&self) -> Vec<String> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for ConnectProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: TcpListener,
    hosts: Arc<HashMap<String, SocketAddr>>,
    seen: Arc<Mutex<Vec<String>>>,
) {
    let mut tunnels = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { return };
                let (hosts, seen) = (Arc::clone(&hosts), Arc::clone(&seen));
                tunnels.spawn(async move {
                    if let Err(error) = tunnel(stream, &hosts, &seen).await {
                        tracing::debug!(%error, "a tunnel ended");
                    }
                });
            }
            Some(_) = tunnels.join_next() => {}
        }
    }
}

async fn tunnel(
    mut client: TcpStream,
    hosts: &HashMap<String, SocketAddr>,
    seen: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let head = read_head(&mut client).await?;
    let mut line = head.lines().next().unwrap_or_default().split(' ');
    let (Some("CONNECT"), Some(host)) = (line.next(), line.next()) else {
        return client
            .write_all(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            .await;
    };
    seen.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(host.to_owned());
    let loopback = || {
        host.parse()
            .ok()
            .filter(|addr: &SocketAddr| addr.ip().is_loopback())
    };
    let Some(target) = hosts.get(host).copied().or_else(loopback) else {
        return client
            .write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            .await;
    };
    let mut server = TcpStream::connect(target).await?;
    client
        .write_all(b"HTTP/1.1 200 Connection Established\r\n\r\n")
        .await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Reads to the empty line and not a byte further: what follows belongs to the tunnel.
async fn read_head(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LARGEST_HEAD {
            return Err(io::Error::other("the head is too long"));
        }
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
