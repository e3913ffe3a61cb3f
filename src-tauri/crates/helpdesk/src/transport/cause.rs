//! What a failed exchange means, found in the chain of its causes.
//!
//! Details are our own words or a library's about the connection: `reqwest`'s own sentence is never
//! used, since it quotes the address with its query.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;

use domain::DeskError;
use rustls::CertificateError;

/// Names a failure by its meaning to the agent; what matters most is whether the request was sent.
pub(super) fn of(error: &reqwest::Error, host: &str) -> DeskError {
    let refused_certificate = causes(error).find_map(|cause| match cause.downcast_ref() {
        Some(rustls::Error::InvalidCertificate(why)) => Some(why),
        _ => None,
    });
    if let Some(why) = refused_certificate {
        return DeskError::Certificate {
            host: host.to_owned(),
            detail: certificate(why),
        };
    }
    if error.is_connect() {
        return DeskError::Unreachable {
            detail: not_connected(error),
        };
    }
    if error.is_builder() {
        return DeskError::Unreachable {
            detail: innermost(error),
        };
    }
    if error.is_timeout() {
        return DeskError::TimedOut;
    }
    DeskError::Interrupted {
        detail: broken(error),
    }
}

/// Every cause, outermost first, through the box that an IO error keeps its own cause in.
fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> + 'a {
    iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        let boxed = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match boxed {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn innermost(error: &reqwest::Error) -> String {
    // The outermost is `reqwest`'s own, whose text has the address in it.
    causes(error)
        .skip(1)
        .last()
        .map_or_else(|| "no request".to_owned(), ToString::to_string)
}

fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    let kinds = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    kinds.map(io::Error::kind).last()
}

fn not_connected(error: &reqwest::Error) -> String {
    if error.is_dns() {
        return "the host's name is not known".to_owned();
    }
    if error.is_timeout() {
        return "no connection in time".to_owned();
    }
    if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return format!("no TLS connection: {tls}");
    }
    match io_kind(error) {
        Some(ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
        Some(
            ErrorKind::NetworkUnreachable
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable,
        ) => "no route to the host".to_owned(),
        Some(ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted) => {
            "the connection was reset at once".to_owned()
        }
        Some(ErrorKind::PermissionDenied) => "this computer does not allow it".to_owned(),
        _ => innermost(error),
    }
}

fn broken(error: &reqwest::Error) -> String {
    match io_kind(error) {
        Some(ErrorKind::ConnectionReset) => "connection reset".to_owned(),
        Some(ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted | ErrorKind::UnexpectedEof) => {
            "connection closed".to_owned()
        }
        _ => innermost(error),
    }
}

fn certificate(why: &CertificateError) -> String {
    match why {
        // A bad signature is a namesake of an authority that is trusted: made anew, or pretending.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "unknown issuer".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "not valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "name does not match".to_owned()
        }
        CertificateError::Revoked => "revoked".to_owned(),
        other => other.to_string(),
    }
}
