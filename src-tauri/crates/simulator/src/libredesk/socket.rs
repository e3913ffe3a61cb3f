//! A websocket: what comes in, and what goes out.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use super::Libredesk;
use super::state::{Out, State};

/// The server's own pings, which are frames and say nothing of presence.
const BETWEEN_PINGS: Duration = Duration::from_secs(2);
/// So long the other side has to answer a goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// Serves an agent's websocket once the connection is upgraded.
pub(super) fn open(libredesk: &Libredesk, state: &mut State, agent: u64, upgrade: OnUpgrade) {
    let (out, outgoing) = mpsc::unbounded_channel();
    state.add_socket(agent, out);
    let shared = std::sync::Arc::downgrade(&libredesk.shared);
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let stream =
            WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
        // The instance may be gone while somebody still listens.
        let pinged = move || {
            let Some(shared) = shared.upgrade() else {
                return;
            };
            Libredesk { shared }.state().pinged(agent);
        };
        if let Err(error) = converse(stream, outgoing, pinged).await {
            tracing::debug!(%error, "a websocket ended");
        }
    });
}

/// Reads on after a goodbye: what is left unread would reset the connection and take the goodbye with it.
async fn drain<S>(
    mut stream: WebSocketStream<S>,
) -> Result<(), tokio_tungstenite::tungstenite::Error>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let rest = async { while let Some(Ok(_)) = stream.next().await {} };
    // Who never answers is left.
    drop(tokio::time::timeout(GOODBYE, rest).await);
    Ok(())
}

async fn converse<S>(
    mut stream: WebSocketStream<S>,
    mut outgoing: mpsc::UnboundedReceiver<Out>,
    pinged: impl Fn(),
) -> Result<(), tokio_tungstenite::tungstenite::Error>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut silent = false;
    let mut ticks = tokio::time::interval_at(Instant::now() + BETWEEN_PINGS, BETWEEN_PINGS);
    loop {
        tokio::select! {
            out = outgoing.recv() => match out {
                Some(Out::Text(word)) if !silent => stream.send(Message::text(word)).await?,
                Some(Out::Text(_)) => {}
                Some(Out::Close(code, reason)) => {
                    let frame = CloseFrame { code: code.into(), reason: reason.into() };
                    stream.close(Some(frame)).await?;
                    return drain(stream).await;
                }
                Some(Out::Silent(is_silent)) => silent = is_silent,
                // Dropped without a word.
                Some(Out::Cut) | None => return Ok(()),
            },
            _ = ticks.tick() => if !silent {
                stream.send(Message::Ping(Vec::new().into())).await?;
            },
            word = stream.next() => match word.transpose()? {
                None | Some(Message::Close(_)) => return Ok(()),
                Some(Message::Text(text)) if text.as_str() == "ping" => {
                    pinged();
                    if !silent {
                        stream.send(Message::text("pong")).await?;
                    }
                }
                Some(Message::Text(text)) => {
                    if serde_json::from_str::<serde_json::Value>(&text).is_err() {
                        let word = r#"{"type":"error","data":"invalid message format"}"#;
                        stream.send(Message::text(word)).await?;
                    }
                }
                Some(Message::Binary(_)) => {
                    stream.close(None).await?;
                    return drain(stream).await;
                }
                Some(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            },
        }
    }
}
