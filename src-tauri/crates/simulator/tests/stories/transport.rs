//! Certificates good and bad, and the way through a web proxy.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use simulator::{Certificate, ConnectProxy, Simulator, Zendesk, sample};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::client::{exchange, on_the_wire};

fn trusting(ca_pem: Option<&str>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = ca_pem {
        roots
            .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .unwrap();
    }
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn ask_over_tls(
    stream: TcpStream,
    name: &str,
    connector: TlsConnector,
) -> io::Result<String> {
    let mut stream = connector
        .connect(ServerName::try_from(name.to_owned()).unwrap(), stream)
        .await?;
    let authorization = format!("Bearer {}", sample::ADA_TOKEN);
    let headers = [
        ("Host", name),
        ("Accept", "application/json"),
        ("Authorization", &authorization),
    ];
    stream
        .write_all(&on_the_wire("GET", "/api/v2/users/me", &headers, ""))
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

async fn connect(addr: SocketAddr, name: &str, connector: TlsConnector) -> io::Result<String> {
    ask_over_tls(TcpStream::connect(addr).await.unwrap(), name, connector).await
}

#[tokio::test]
async fn whoever_trusts_the_throw_away_ca_gets_through() {
    let server = Simulator::https(&Zendesk::default(), 0, Certificate::Trusted)
        .await
        .unwrap();
    assert!(server.url().starts_with("https://127.0.0.1:"));
    for name in ["localhost", "127.0.0.1", "example.zendesk.test"] {
        let answer = connect(server.addr(), name, trusting(server.ca_pem()))
            .await
            .unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{name}");
    }
    let stranger = connect(server.addr(), "localhost", trusting(None))
        .await
        .unwrap_err();
    assert!(stranger.to_string().contains("UnknownIssuer"), "{stranger}");
}

#[tokio::test]
async fn an_expired_and_a_misnamed_certificate_are_refused_by_the_client() {
    for (certificate, complaint) in [
        (Certificate::Expired, "expired"),
        (Certificate::Misnamed, "not valid for name"),
    ] {
        let server = Simulator::https(&Zendesk::default(), 0, certificate)
            .await
            .unwrap();
        let error = connect(server.addr(), "localhost", trusting(server.ca_pem()))
            .await
            .unwrap_err();
        assert!(error.to_string().contains(complaint), "{error}");
    }
}

#[tokio::test]
async fn a_proxy_tunnels_to_the_server_that_stands_for_the_host() {
    let server = Simulator::https(&Zendesk::default(), 0, Certificate::Trusted)
        .await
        .unwrap();
    let proxy = ConnectProxy::start([("example.zendesk.test:443", server.addr())])
        .await
        .unwrap();

    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    let connect = on_the_wire(
        "CONNECT",
        "example.zendesk.test:443",
        &[("Host", "example.zendesk.test:443")],
        "",
    );
    stream.write_all(&connect).await.unwrap();
    let mut line = [0; "HTTP/1.1 200 Connection Established\r\n\r\n".len()];
    stream.read_exact(&mut line).await.unwrap();
    assert!(line.starts_with(b"HTTP/1.1 200 "));

    let answer = ask_over_tls(stream, "example.zendesk.test", trusting(server.ca_pem()))
        .await
        .unwrap();
    assert!(answer.contains("Ada Example"));
    assert_eq!(
        (proxy.connects(), proxy.targets()),
        (1, vec!["example.zendesk.test:443".to_owned()])
    );
}

#[tokio::test]
async fn a_proxy_goes_nowhere_else() {
    let proxy = ConnectProxy::start([("example.zendesk.test:443", ([127, 0, 0, 1], 9).into())])
        .await
        .unwrap();
    let elsewhere = exchange(
        proxy.addr(),
        &on_the_wire("CONNECT", "203.0.113.9:443", &[], ""),
    )
    .await
    .unwrap();
    assert!(elsewhere.starts_with("HTTP/1.1 502 "));
    let plain = exchange(
        proxy.addr(),
        &on_the_wire("GET", "http://example.test/", &[], ""),
    )
    .await
    .unwrap();
    assert!(plain.starts_with("HTTP/1.1 405 "));
    assert_eq!(proxy.connects(), 1);
}
