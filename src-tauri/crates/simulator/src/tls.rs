//! Throw-away certificates: a CA that exists for one run, and what it signs.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// What is right or wrong with the server's certificate; every one is signed by the run's own CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// Right for `localhost`, `127.0.0.1` and `*.zendesk.test` and `*.libredesk.test`, to whoever trusts the CA.
    Trusted,
    /// Right, but it ended years ago.
    Expired,
    /// Made out to another name.
    Misnamed,
}

/// A listener's side of TLS, and the CA that a client may choose to trust.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_pem: String,
}

/// Makes a CA and a certificate of the wanted sort.
pub(crate) fn make(certificate: Certificate) -> io::Result<Tls> {
    let ca = authority().map_err(io::Error::other)?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let leaf = leaf(certificate)
        .and_then(|params| params.signed_by(&key, &ca))
        .map_err(io::Error::other)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![leaf.der().clone()], key)
            })
            .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Tls {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        ca_pem: ca.pem(),
    })
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Statuslight simulator throw-away CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn leaf(certificate: Certificate) -> Result<CertificateParams, rcgen::Error> {
    let names = match certificate {
        Certificate::Trusted | Certificate::Expired => {
            vec![
                "localhost",
                "127.0.0.1",
                "*.zendesk.test",
                "*.libredesk.test",
            ]
        }
        Certificate::Misnamed => vec!["someone-else.test"],
    };
    let mut params =
        CertificateParams::new(names.into_iter().map(str::to_owned).collect::<Vec<_>>())?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Statuslight simulator");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    if certificate == Certificate::Expired {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    }
    Ok(params)
}
