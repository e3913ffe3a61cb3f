//! Two clients: one in process, one that speaks bare HTTP over a socket.

use std::io;
use std::net::SocketAddr;

use serde_json::Value;
use simulator::Zendesk;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, as a test looks at it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
    /// Null where the body is no JSON.
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status code, code and title of the availability family's envelope.
    pub(crate) fn refusal(&self) -> (u16, &str, &str) {
        let error = &self.body["errors"][0];
        (
            self.status,
            error["code"].as_str().unwrap_or_default(),
            error["title"].as_str().unwrap_or_default(),
        )
    }
}

/// A request of a well-behaved client, to be spoilt where a test wants it.
pub(crate) fn request(
    method: &str,
    path: &str,
    bearer: &str,
    body: &str,
) -> http::Request<Vec<u8>> {
    let mut request = http::Request::builder()
        .method(method)
        .uri(format!("https://example.zendesk.test{path}"))
        .header("accept", "application/json")
        .header("authorization", format!("Bearer {bearer}"));
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    request.body(body.as_bytes().to_vec()).unwrap()
}

pub(crate) async fn send(zendesk: &Zendesk, request: http::Request<Vec<u8>>) -> Reply {
    let (parts, body) = zendesk.handle(request).await.unwrap().into_parts();
    Reply {
        status: parts.status.as_u16(),
        headers: parts.headers,
        text: String::from_utf8_lossy(&body).into_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}

pub(crate) async fn get(zendesk: &Zendesk, bearer: &str, path: &str) -> Reply {
    send(zendesk, request("GET", path, bearer, "")).await
}

pub(crate) async fn put(zendesk: &Zendesk, bearer: &str, path: &str, body: &str) -> Reply {
    send(zendesk, request("PUT", path, bearer, body)).await
}

/// The bytes of a request on a connection that ends after it.
pub(crate) fn on_the_wire(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Vec<u8> {
    let mut lines = vec![
        format!("{method} {path} HTTP/1.1"),
        "Connection: close".to_owned(),
    ];
    lines.extend(
        headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}")),
    );
    if !body.is_empty() {
        lines.push("Content-Type: application/json".to_owned());
        lines.push(format!("Content-Length: {}", body.len()));
    }
    format!("{}\r\n\r\n{body}", lines.join("\r\n")).into_bytes()
}

/// Sends bytes and reads to the end of the connection.
pub(crate) async fn exchange(addr: SocketAddr, request: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.write_all(request).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Asks a socket as an agent would.
pub(crate) async fn ask(
    addr: SocketAddr,
    method: &str,
    path: &str,
    bearer: &str,
    body: &str,
) -> io::Result<String> {
    let (host, authorization) = (addr.to_string(), format!("Bearer {bearer}"));
    let headers = [
        ("Host", host.as_str()),
        ("Accept", "application/json"),
        ("Authorization", &authorization),
    ];
    exchange(addr, &on_the_wire(method, path, &headers, body)).await
}
