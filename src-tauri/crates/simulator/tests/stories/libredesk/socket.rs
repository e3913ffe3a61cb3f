//! The websocket: who gets in, what is said, what is not.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::HeaderValue;
use simulator::libredesk::sample;
use simulator::{Libredesk, Simulator, WebsocketMode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{adas, basic, put};

const HOST: &str = "127.0.0.1:59000";

async fn open<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    authorization: &str,
    origin: Option<&str>,
) -> Result<WebSocketStream<S>, (u16, Vec<u8>)> {
    let mut request = format!("ws://{HOST}/ws").into_client_request().unwrap();
    let headers = request.headers_mut();
    let value = |text: &str| HeaderValue::from_str(text).unwrap();
    headers.insert("authorization", value(authorization));
    if let Some(origin) = origin {
        headers.insert("origin", value(origin));
    }
    match client_async(request, stream).await {
        Ok((stream, _)) => Ok(stream),
        Err(Error::Http(answer)) => Err((
            answer.status().as_u16(),
            answer.body().clone().unwrap_or_default(),
        )),
        Err(other) => panic!("{other}"),
    }
}

async fn adas_socket(desk: &Libredesk) -> WebSocketStream<tokio::io::DuplexStream> {
    let opened = open(desk.connect(), &adas(), Some("http://localhost")).await;
    opened.expect("it opens")
}

/// The next text, else that the way is closed and why.
async fn word<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>) -> String {
    let next = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => return text.to_string(),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return format!("closed {} {}", u16::from(frame.code), frame.reason);
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return "closed".to_owned(),
                Some(Ok(_)) => {}
            }
        }
    };
    timeout(Duration::from_secs(30), next)
        .await
        .unwrap_or_else(|_| "silence".to_owned())
}

/// The next text that has this in it.
async fn word_with<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    part: &str,
) -> String {
    loop {
        let word = word(socket).await;
        assert_ne!(word, "silence", "awaited {part}");
        if word.contains(part) {
            return word;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_origin_is_https_with_the_very_host_or_localhost() {
    let desk = Libredesk::default();
    for (origin, is_taken) in [
        (None, false),
        (Some("http://127.0.0.1:59000"), false),
        (Some("https://127.0.0.1:59000"), true),
        (Some("https://127.0.0.1"), false),
        (Some("http://localhost"), true),
        (Some("tauri://localhost"), true),
        (Some("https://tauri.localhost"), false),
    ] {
        let opened = open(desk.connect(), &adas(), origin).await;
        match opened {
            Ok(_) => assert!(is_taken, "{origin:?}"),
            Err(refused) => assert_eq!((is_taken, refused), (false, (200, Vec::new()))),
        }
    }
    desk.set_version("v2.0.9");
    assert!(
        open(desk.connect(), &adas(), None).await.is_ok(),
        "before 2.1.0"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wrong_key_a_proxy_and_a_missing_route_open_nothing() {
    let desk = Libredesk::default();
    let wrong = basic(sample::KEY, "wrong");
    let refused = open(desk.connect(), &wrong, Some("http://localhost")).await;
    assert_eq!(refused.unwrap_err().0, 401);
    desk.set_websocket(WebsocketMode::Stripped);
    let refused = open(desk.connect(), &adas(), Some("http://localhost")).await;
    assert_eq!(refused.unwrap_err().0, 400);
    desk.set_websocket(WebsocketMode::NoRoute);
    let refused = open(desk.connect(), &adas(), Some("http://localhost")).await;
    assert_eq!(refused.unwrap_err().0, 404);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_told_to_all_and_the_flip_by_ping_to_nobody() {
    let desk = Libredesk::default();
    let mut adas = adas_socket(&desk).await;
    let bens = basic(sample::BEN_KEY, sample::BEN_SECRET);
    let mut bens = open(desk.connect(), &bens, Some("http://localhost"))
        .await
        .unwrap();
    put(&desk, r#"{"status":"away_manual"}"#).await;
    let told = r#"{"data":{"agent_id":2,"availability_status":"away_manual"},"type":"agent_availability_update"}"#;
    assert_eq!(word(&mut adas).await, told);
    assert_eq!(word(&mut bens).await, told);
    put(&desk, r#"{"status":"away_manual"}"#).await;
    assert_eq!(word(&mut bens).await, "silence", "the same is no change");

    desk.set_in_browser(sample::ADA, "offline");
    word(&mut adas).await;
    adas.send(Message::text("ping")).await.unwrap();
    assert_eq!(word(&mut adas).await, "pong");
    assert_eq!(desk.status(sample::ADA).as_deref(), Some("online"));
    assert_eq!(desk.pings(sample::ADA), 1);
    assert_eq!(word(&mut adas).await, "silence");
    word(&mut bens).await;
    assert_eq!(word(&mut bens).await, "silence");
}

#[tokio::test(start_paused = true)]
async fn presence_keeps_online_and_the_sweep_is_told() {
    let desk = Libredesk::default();
    let mut socket = adas_socket(&desk).await;
    for _ in 0..20 {
        socket.send(Message::text("ping")).await.unwrap();
        word_with(&mut socket, "pong").await;
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
    assert_eq!(desk.status(sample::ADA).as_deref(), Some("online"));
    tokio::time::sleep(Duration::from_secs(400)).await;
    let told = word_with(&mut socket, "\"agent_id\":2").await;
    assert!(told.contains("\"offline\""), "{told}");
}

#[tokio::test(start_paused = true)]
async fn without_its_database_it_still_says_pong_and_nobody_is_present() {
    let desk = Libredesk::default();
    let mut socket = adas_socket(&desk).await;
    desk.set_in_browser(sample::ADA, "offline");
    word(&mut socket).await;
    desk.database_down(true);
    socket.send(Message::text("ping")).await.unwrap();
    assert_eq!(word(&mut socket).await, "pong");
    assert_eq!(desk.status(sample::ADA).as_deref(), Some("offline"));
}

#[tokio::test(start_paused = true)]
async fn an_admins_edit_is_told_to_nobody_and_kicks() {
    let desk = Libredesk::default();
    let mut socket = adas_socket(&desk).await;
    assert!(desk.edit_as_admin(sample::ADA, "away_manual"));
    assert_eq!(word(&mut socket).await, "closed 1000 kicked");
    assert_eq!(desk.sockets(sample::ADA), 0);
}

#[tokio::test(start_paused = true)]
async fn other_words_are_an_error_and_a_binary_frame_is_the_end() {
    let desk = Libredesk::default();
    let mut socket = adas_socket(&desk).await;
    socket.send(Message::text("hello")).await.unwrap();
    assert_eq!(
        word(&mut socket).await,
        r#"{"type":"error","data":"invalid message format"}"#
    );
    socket
        .send(Message::text(r#"{"type":"typing"}"#))
        .await
        .unwrap();
    assert_eq!(word(&mut socket).await, "silence");
    socket.send(Message::binary(vec![1])).await.unwrap();
    assert!(word(&mut socket).await.starts_with("closed"));
}

#[tokio::test(start_paused = true)]
async fn an_open_websocket_outlives_its_key_and_can_be_cut_or_fall_silent() {
    let desk = Libredesk::default();
    let mut socket = adas_socket(&desk).await;
    desk.revoke_key(sample::ADA);
    desk.set_in_browser(sample::ADA, "away");
    assert!(word(&mut socket).await.contains("\"away\""));
    desk.silence_sockets(true);
    desk.set_in_browser(sample::ADA, "online");
    assert_eq!(word(&mut socket).await, "silence");
    desk.drop_sockets();
    assert_eq!(word(&mut socket).await, "closed");
}

#[tokio::test]
async fn a_goodbye_arrives_whatever_was_said_meanwhile_and_the_end_of_the_server_is_the_end() {
    let desk = Libredesk::default();
    let server = Simulator::http(&desk, 0).await.unwrap();
    for _ in 0..50 {
        let stream = TcpStream::connect(server.addr()).await.unwrap();
        let mut socket = open(stream, &adas(), Some("http://localhost"))
            .await
            .unwrap();
        for _ in 0..20 {
            socket
                .send(Message::text(r#"{"type":"typing"}"#))
                .await
                .unwrap();
        }
        desk.edit_as_admin(sample::ADA, "away_manual");
        assert_eq!(word(&mut socket).await, "closed 1000 kicked");
    }
    let stream = TcpStream::connect(server.addr()).await.unwrap();
    let mut socket = open(stream, &adas(), Some("http://localhost"))
        .await
        .unwrap();
    drop(server);
    assert_eq!(word(&mut socket).await, "closed");
}

#[tokio::test(start_paused = true)]
async fn before_2_3_0_nothing_is_told() {
    let desk = Libredesk::default();
    desk.set_version("v2.2.0");
    let mut socket = adas_socket(&desk).await;
    put(&desk, r#"{"status":"away_manual"}"#).await;
    assert_eq!(word(&mut socket).await, "silence");
}

#[tokio::test]
async fn on_a_real_socket_it_pings_every_two_seconds_and_idle_connections_are_closed_after_eight() {
    let desk = Libredesk::default();
    let server = Simulator::http(&desk, 0).await.unwrap();
    let stream = TcpStream::connect(server.addr()).await.unwrap();
    let mut socket = open(stream, &adas(), Some("http://localhost"))
        .await
        .unwrap();
    let began = std::time::Instant::now();
    let mut pings = 0;
    while pings < 3 {
        let next = timeout(Duration::from_secs(20), socket.next())
            .await
            .unwrap();
        pings += u32::from(matches!(next, Some(Ok(Message::Ping(_)))));
    }
    assert!(
        began.elapsed() >= Duration::from_secs(3),
        "{:?}",
        began.elapsed()
    );

    let mut idle = TcpStream::connect(server.addr()).await.unwrap();
    let request = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
    idle.write_all(request.as_bytes()).await.unwrap();
    let began = std::time::Instant::now();
    let mut answer = Vec::new();
    let read = timeout(Duration::from_secs(30), idle.read_to_end(&mut answer)).await;
    read.expect("the server closes it").unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("\"data\":true"));
    assert!(
        began.elapsed() >= Duration::from_secs(7),
        "{:?}",
        began.elapsed()
    );
}
