//! Certificates and proxies.

use std::io::Write;
use std::net::TcpStream;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use reqwest::Proxy;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;

/// A certificate authority that nobody else knows.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        Self::called("Acme")
    }

    fn called(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    /// What a server shows that is certified as `name`.
    fn certify(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let shown = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        ServerConfig::builder_with_provider(ring())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![shown.der().clone()], key)
            .unwrap()
    }
}

fn ring() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// TLS that trusts these authorities and no other.
pub(super) fn trusting(authorities: &[&CertificateDer<'static>]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add((*authority).clone()).unwrap();
    }
    let builder = ClientConfig::builder_with_provider(ring());
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    negotiating(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Greets as `config` says and answers one request, if it comes to that.
fn answer(stream: TcpStream, config: ServerConfig) -> String {
    let connection = ServerConnection::new(Arc::new(config)).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    let request = head(&mut stream);
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        .ok();
    request
}

fn secure(config: ServerConfig) -> Server<String> {
    let Server { url, thread } = once(move |stream| answer(stream, config));
    let url = url.replace("http:", "https:");
    Server { url, thread }
}

fn direct(authority: &Authority) -> Https {
    Https::with(
        trusting(&[authority.0.der()]),
        LIMITS,
        ClientBuilder::no_proxy,
    )
    .unwrap()
}

#[tokio::test]
async fn a_trusted_certificate_is_accepted() {
    let authority = Authority::new();
    let server = secure(authority.certify("127.0.0.1", |_| ()));
    let answer = direct(&authority).send(get(&server.url)).await.unwrap();
    assert_eq!(answer.body(), b"{}");
    assert!(server.ended().await.contains("Bearer s3cret"));
}

#[tokio::test]
async fn a_certificate_that_is_not_to_be_trusted_is_named_and_sent_nothing() {
    let authority = Authority::new();
    let expired = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    };
    let early = |params: &mut CertificateParams| params.not_before = date_time_ymd(3000, 1, 1);
    let rows = [
        (
            Authority::called("Evil").certify("127.0.0.1", |_| ()),
            "unknown issuer",
        ),
        (
            Authority::new().certify("127.0.0.1", |_| ()),
            "unknown issuer",
        ),
        (authority.certify("127.0.0.1", expired), "expired"),
        (authority.certify("127.0.0.1", early), "not valid yet"),
        (
            authority.certify("acme.zendesk.com", |_| ()),
            "name does not match",
        ),
    ];
    for (config, why) in rows {
        let server = secure(config);
        let error = failure(&direct(&authority), &server.url).await;
        let named = DeskError::Certificate {
            host: "127.0.0.1".into(),
            detail: why.into(),
        };
        assert_eq!(error, named);
        assert_eq!(server.ended().await, "");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_not_reached() {
    let server = once(|mut stream| {
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .unwrap();
        stream.read_to_end(&mut Vec::new()).is_ok()
    });
    let error = failure(&patient(), &server.url.replace("http:", "https:")).await;
    assert!(
        matches!(&error, DeskError::Unreachable { detail } if detail.contains("TLS")),
        "{error:?}"
    );
    server.ended().await;
}

fn through(proxy: &str, authority: &Authority) -> Https {
    let proxy = Proxy::all(proxy).unwrap();
    let tls = trusting(&[authority.0.der()]);
    Https::with(tls, LIMITS, |client| client.no_proxy().proxy(proxy.clone())).unwrap()
}

#[tokio::test]
async fn a_proxy_carries_what_it_cannot_read() {
    let authority = Authority::new();
    let config = authority.certify("acme.zendesk.com", |_| ());
    let server = once(move |mut stream| {
        let asked = head(&mut stream);
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
        (asked, answer(stream, config))
    });
    let answer = through(&server.url, &authority)
        .send(get("https://acme.zendesk.com"))
        .await
        .unwrap();
    assert_eq!(answer.body(), b"{}");
    let (asked, carried) = server.ended().await;
    assert!(
        asked.starts_with("CONNECT acme.zendesk.com:443 "),
        "{asked}"
    );
    assert!(!asked.contains("s3cret"), "{asked}");
    assert!(carried.contains("Bearer s3cret"), "{carried}");
}

#[tokio::test]
async fn a_proxy_that_refuses_was_told_no_secret() {
    for refusal in [
        "403 Forbidden",
        "407 Proxy Authentication Required",
        "502 Bad Gateway",
    ] {
        let server = once(move |mut stream| {
            let asked = head(&mut stream);
            let answer = format!("HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            asked
        });
        let transport = through(&server.url, &Authority::new());
        let error = failure(&transport, "https://acme.zendesk.com").await;
        assert!(matches!(error, DeskError::Unreachable { .. }), "{error:?}");
        assert!(!server.ended().await.contains("s3cret"));
    }
}

#[tokio::test]
async fn what_is_not_encrypted_goes_past_the_proxy() {
    let server = once(|mut stream| {
        let request = head(&mut stream);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            .unwrap();
        request
    });
    // Nobody listens at this proxy: asking it would fail.
    let transport = through("http://127.0.0.1:9", &Authority::new());
    let answer = transport.send(get(&server.url)).await.unwrap();
    assert_eq!(answer.body(), b"{}");
    assert!(server.ended().await.starts_with("GET /api/v2/users/me"));
}
