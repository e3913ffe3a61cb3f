//! The transport on real sockets, against servers that misbehave.

mod server;
mod tls;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener};

use http::StatusCode;
use reqwest::dns::{Name, Resolve, Resolving};

use super::*;
use server::{Server, head, once};

const MIB: usize = 1024 * 1024;

/// A request with a secret in each place that an error text could quote.
fn get(url: &str) -> Request<Vec<u8>> {
    Request::get(format!("{url}/api/v2/users/me?cursor=s3cret"))
        .header("authorization", "Bearer s3cret")
        .body(Vec::new())
        .unwrap()
}

/// A transport that trusts nobody, and waits for little once connected.
fn hasty() -> Https {
    let limits = Limits {
        whole: Duration::from_millis(600),
        ..LIMITS
    };
    Https::with(tls::trusting(&[]), limits, ClientBuilder::no_proxy).unwrap()
}

fn patient() -> Https {
    Https::with(tls::trusting(&[]), LIMITS, ClientBuilder::no_proxy).unwrap()
}

async fn failure(transport: &Https, url: &str) -> DeskError {
    let error = transport.send(get(url)).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains("s3cret"), "{text}");
    error
}

fn interrupted(error: &DeskError) -> bool {
    matches!(error, DeskError::Interrupted { .. })
}

#[tokio::test]
async fn an_answer_comes_back_whole_whatever_its_status() {
    let server = once(|mut stream| {
        let request = head(&mut stream);
        let answer = b"HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow";
        stream.write_all(answer).unwrap();
        request
    });
    let answer = Https::new().unwrap().send(get(&server.url)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers()["retry-after"], "7");
    assert_eq!(answer.body(), b"slow");
    let request = server.ended().await;
    assert!(
        request.starts_with("GET /api/v2/users/me?cursor=s3cret HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains(&format!("user-agent: {USER_AGENT}\r\n")),
        "{request}"
    );
    assert!(
        request.contains("authorization: Bearer s3cret\r\n"),
        "{request}"
    );
}

#[tokio::test]
async fn a_body_is_sent_as_it_was_built() {
    let server = once(|mut stream| {
        let head = head(&mut stream);
        let mut body = [0; 8];
        stream.read_exact(&mut body).unwrap();
        stream
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
            .unwrap();
        (head, body)
    });
    let request = Request::put(&server.url)
        .body(br#"{"id":3}"#.to_vec())
        .unwrap();
    let answer = patient().send(request).await.unwrap();
    assert!(answer.body().is_empty());
    let (head, body) = server.ended().await;
    assert!(head.contains("content-length: 8\r\n"), "{head}");
    assert_eq!(&body, br#"{"id":3}"#);
}

#[tokio::test]
async fn nobody_there_means_that_nothing_was_sent() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let refused = failure(&patient(), &format!("http://{address}")).await;
    assert_eq!(
        refused,
        DeskError::Unreachable {
            detail: "connection refused".into()
        }
    );
    let lost = Https::with(tls::trusting(&[]), LIMITS, |client| {
        client.no_proxy().dns_resolver(KnowsNobody)
    });
    let unknown = failure(&lost.unwrap(), "https://acme.zendesk.com").await;
    assert_eq!(
        unknown,
        DeskError::Unreachable {
            detail: "the host's name is not known".into()
        }
    );
}

/// A resolver without a network.
struct KnowsNobody;

impl Resolve for KnowsNobody {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async { Err("Temporary failure in name resolution".into()) })
    }
}

#[tokio::test]
async fn a_server_that_never_greets_was_sent_nothing() {
    let server = once(|mut stream| {
        let mut received = Vec::new();
        stream.read_to_end(&mut received).ok();
        received
    });
    let limits = Limits {
        connect: Duration::from_millis(300),
        ..LIMITS
    };
    let shy = Https::with(tls::trusting(&[]), limits, ClientBuilder::no_proxy).unwrap();
    let error = failure(&shy, &server.url.replace("http:", "https:")).await;
    assert_eq!(
        error,
        DeskError::Unreachable {
            detail: "no connection in time".into()
        }
    );
    let received = server.ended().await;
    assert!(!received.windows(6).any(|window| window == b"s3cret"));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let server = once(|mut stream| stream.read_to_end(&mut Vec::new()).is_ok());
    assert_eq!(failure(&hasty(), &server.url).await, DeskError::TimedOut);
    server.ended().await;
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_is_given_up() {
    let server = once(|mut stream| {
        head(&mut stream);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"user\":")
            .unwrap();
        stream.read_to_end(&mut Vec::new()).is_ok()
    });
    assert_eq!(failure(&hasty(), &server.url).await, DeskError::TimedOut);
    server.ended().await;
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_leaves_it_in_doubt() {
    // Closing with the request unread resets the connection.
    let reset = once(|mut stream| stream.read_exact(&mut [0]).unwrap());
    let error = failure(&patient(), &reset.url).await;
    assert!(interrupted(&error), "{error:?}");
    // Elsewhere the system may say that it was closed.
    if cfg!(target_os = "linux") {
        let detail = "connection reset".into();
        assert_eq!(error, DeskError::Interrupted { detail });
    }
    assert!(error.leaves_write_in_doubt());

    let closed = once(|mut stream| {
        head(&mut stream);
        stream.shutdown(Shutdown::Both).unwrap();
    });
    let error = failure(&patient(), &closed.url).await;
    assert!(interrupted(&error), "{error:?}");
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_no_answer() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"user\":{}}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"user\":{}}\r\n",
    ] {
        let server = once(move |mut stream| {
            head(&mut stream);
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let error = failure(&patient(), &server.url).await;
        assert!(interrupted(&error), "{error:?}");
        server.ended().await;
    }
}

#[tokio::test]
async fn what_speaks_no_http_is_no_answer() {
    let server = once(|mut stream| {
        head(&mut stream);
        stream.write_all(b"220 mail.example.com ESMTP\r\n").unwrap();
    });
    let error = failure(&patient(), &server.url).await;
    assert!(interrupted(&error), "{error:?}");
    server.ended().await;
}

#[tokio::test]
async fn forty_megabytes_are_not_read_to_the_end() {
    let server = once(|mut stream| {
        head(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let part = vec![b' '; 64 * 1024];
        let parts = (0..40 * MIB / part.len()).take_while(|_| stream.write_all(&part).is_ok());
        parts.count() * part.len()
    });
    assert_eq!(failure(&patient(), &server.url).await, DeskError::TooLarge);
    let written = server.ended().await;
    assert!(written < 40 * MIB, "{written} bytes were taken");
}

#[tokio::test]
async fn an_announced_excess_is_not_read_at_all() {
    let server = once(|mut stream| {
        head(&mut stream);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 41943040\r\n\r\n")
            .unwrap();
        stream.read_to_end(&mut Vec::new()).is_ok()
    });
    assert_eq!(failure(&patient(), &server.url).await, DeskError::TooLarge);
    server.ended().await;
}

#[tokio::test]
async fn exactly_one_mebibyte_is_an_answer() {
    let server = once(|mut stream| {
        head(&mut stream);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n")
            .unwrap();
        stream.write_all(&vec![b' '; MIB]).unwrap();
    });
    let answer = patient().send(get(&server.url)).await.unwrap();
    assert_eq!(answer.body().len(), MIB);
    server.ended().await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let target = format!("http://{}/", elsewhere.local_addr().unwrap());
    for status in [301, 302, 307, 308] {
        let location = target.clone();
        let server = once(move |mut stream| {
            head(&mut stream);
            let answer = format!(
                "HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let answer = patient().send(get(&server.url)).await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(answer.headers()["location"], target);
        server.ended().await;
    }
    let nobody = elsewhere.accept().unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::WouldBlock);
}

#[tokio::test]
async fn nothing_unencrypted_leaves_this_computer() {
    let error = failure(&patient(), "http://acme.zendesk.com").await;
    let detail = "only https may leave this computer".to_owned();
    assert_eq!(error, DeskError::Unreachable { detail });
    assert!(patient().send(Request::new(Vec::new())).await.is_err());
}
