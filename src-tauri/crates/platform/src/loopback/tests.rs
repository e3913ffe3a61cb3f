//! What gets through to a sign-in that waits, over real sockets.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

const STATE: &str = "the-state-of-this-very-sign-in";
/// Nothing here takes so long unless something is wrong.
const BOUND: Duration = Duration::from_secs(20);

struct Waiting {
    port: u16,
    code: tokio::task::JoinHandle<Result<SecretString, NoCode>>,
}

impl Waiting {
    async fn open() -> Self {
        let loopback = Loopback::on(&[0]).await.unwrap();
        let port = loopback.port;
        assert_eq!(
            loopback.address(),
            format!("http://127.0.0.1:{port}/callback")
        );
        let code = tokio::spawn(async move { Box::new(loopback).code(&STATE.into(), BOUND).await });
        Self { port, code }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))
            .await
            .unwrap()
    }

    /// Sends a request's first line with the right host; the whole answer.
    async fn send(&self, line: &str) -> String {
        self.send_to(line, &format!("127.0.0.1:{}", self.port))
            .await
    }

    async fn send_to(&self, line: &str, host: &str) -> String {
        let mut stream = self.connect().await;
        let request = format!("{line} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(BOUND, stream.read_to_string(&mut answer))
            .await
            .unwrap()
            .unwrap();
        answer
    }

    async fn outcome(self) -> Result<String, NoCode> {
        let code = timeout(BOUND, self.code).await.unwrap().unwrap();
        code.map(|code| code.expose_secret().to_owned())
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn the_right_answer_brings_the_code_and_a_page_that_says_what_to_do_next() {
    let waiting = Waiting::open().await;
    let answer = waiting
        .send(&format!("GET /callback?code=s3cret%2Bcode&state={STATE}"))
        .await;
    assert_eq!(status(&answer), "200");
    let answer = answer.to_lowercase();
    assert!(answer.contains("go back to statuslight"));
    for header in [
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "content-security-policy: default-src 'none'",
    ] {
        assert!(answer.contains(header), "{header}");
    }
    assert!(!answer.contains("s3cret"));
    assert_eq!(waiting.outcome().await, Ok("s3cret+code".to_owned()));
}

#[tokio::test]
async fn whatever_else_comes_is_refused_and_ends_nothing() {
    let waiting = Waiting::open().await;
    let right = format!("code=c&state={STATE}");
    for (line, wanted) in [
        ("GET /".to_owned(), "404"),
        ("GET /favicon.ico".to_owned(), "404"),
        (format!("GET /callback/?{right}"), "404"),
        (format!("POST /callback?{right}"), "404"),
        (format!("HEAD /callback?{right}"), "404"),
        ("GET /callback".to_owned(), "400"),
        ("GET /callback?code=theirs".to_owned(), "400"),
        ("GET /callback?code=theirs&state=forged".to_owned(), "400"),
        (format!("GET /callback?code=theirs&state={STATE}x"), "400"),
        (
            format!("GET /callback?code=theirs&state=forged&state={STATE}"),
            "400",
        ),
        (format!("GET /callback?code=&state={STATE}"), "400"),
        (format!("GET /callback?code=a&code=b&state={STATE}"), "400"),
        (format!("GET /callback?code=a&error=b&state={STATE}"), "400"),
        (
            "GET /callback?error=access_denied&state=forged".to_owned(),
            "400",
        ),
    ] {
        assert_eq!(status(&waiting.send(&line).await), wanted, "{line}");
    }
    // A page that had its name point here would come with its own.
    let rebound = waiting
        .send_to(&format!("GET /callback?{right}"), "evil.example")
        .await;
    assert_eq!(status(&rebound), "400");
    let huge = format!("GET /callback?{}", "x".repeat(2 * LONGEST_REQUEST));
    let mut stream = waiting.connect().await;
    // Whether it is read to its end is the listener's affair.
    let _ = stream.write_all(huge.as_bytes()).await;
    drop(stream);
    assert!(!waiting.code.is_finished());
    assert_eq!(
        status(&waiting.send(&format!("GET /callback?{right}")).await),
        "200"
    );
    assert_eq!(waiting.outcome().await, Ok("c".to_owned()));
}

#[tokio::test]
async fn who_says_nothing_keeps_nobody_waiting() {
    let waiting = Waiting::open().await;
    let _silent = [waiting.connect().await, waiting.connect().await];
    let answer = waiting
        .send(&format!("GET /callback?code=c&state={STATE}"))
        .await;
    assert_eq!(status(&answer), "200");
    assert_eq!(waiting.outcome().await, Ok("c".to_owned()));
}

#[tokio::test]
async fn a_refusal_ends_the_wait_with_its_word() {
    let waiting = Waiting::open().await;
    let line =
        format!("GET /callback?error=access_denied%3Cb%3E&error_description=No&state={STATE}");
    let answer = waiting.send(&line).await;
    assert!(answer.contains("You are not signed in"));
    assert_eq!(
        waiting.outcome().await,
        Err(NoCode::Refused("access_deniedb".to_owned()))
    );
}

#[tokio::test]
async fn nothing_in_time_is_told_so() {
    let loopback = Box::new(Loopback::on(&[0]).await.unwrap());
    let code = loopback.code(&STATE.into(), Duration::from_millis(1)).await;
    assert_eq!(code.unwrap_err(), NoCode::TimedOut);
}

#[tokio::test]
async fn a_port_that_another_program_has_is_passed_over_and_three_are_told() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let next = Loopback::on(&[port, 0]).await.unwrap();
    assert_ne!(next.port, port);
    let failure = Loopback::on(&[port]).await.unwrap_err();
    assert_eq!(failure.code, Code::Busy);
    assert!(failure.message.contains("47823"));
}
