//! What is written to the log, and what is not: one test, since it listens to its whole process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use domain::{DeskError, StatusId};
use helpdesk::{Credentials, Https, Zendesk};
use tracing_subscriber::filter::LevelFilter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Answers one request by its path; hangs up where there is nothing to say.
fn answer(mut stream: TcpStream) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        request.push(byte[0]);
    }
    let request = String::from_utf8(request).unwrap();
    let (status, body) = if request.contains("/users/me") {
        let kim = r#"{"user":{"id":7,"name":"Kim Private","role":"agent","authenticity_token":"s3cret-csrf"}}"#;
        (200, kim)
    } else if request.contains("/agents/me") {
        (500, "s3cret-body")
    } else {
        return;
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n");
    write!(stream, "{head}Set-Cookie: s3cret-cookie\r\n\r\n{body}").unwrap();
}

#[tokio::test]
async fn the_log_tells_what_was_asked_and_neither_secrets_nor_bodies() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || listener.incoming().flatten().for_each(answer));

    let credentials = Credentials::ApiToken {
        email: "kim.private@example.com".into(),
        token: "s3cret-token".into(),
    };
    let transport = Https::new().unwrap();
    let zendesk = Zendesk::new(transport, base.parse().unwrap(), credentials, None);
    assert_eq!(zendesk.who().await.unwrap().id, "7");
    let failed = zendesk.push(&StatusId::new(3)).await.unwrap_err();
    assert!(
        matches!(failed, DeskError::Server { status: 500, .. }),
        "{failed:?}"
    );
    let broken = zendesk.list().await.unwrap_err();
    assert!(
        matches!(broken, DeskError::Interrupted { .. }),
        "{broken:?}"
    );

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for told in [
        "/api/v2/users/me",
        "status=200",
        "status=500",
        "the connection broke",
    ] {
        assert!(text.contains(told), "{told} is missing in {text}");
    }
    // The middle one is how `kim.private@…` begins in the Authorization header.
    for secret in ["s3cret", "a2ltLnByaXZhdGV", "rivate"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    let printed = format!("{zendesk:?} {failed:?} {broken:?}");
    assert!(
        !printed.contains("s3cret") && !printed.contains("rivate"),
        "{printed}"
    );
}
