//! The app's side: shows every visitor the view and does what they ask.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use domain::{Answer, Code, Failure, View};
use engine::Handle;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::system::Listener;
use super::wire::{FromApp, LONGEST_FROM_APP, LONGEST_TO_APP, Lines, ToApp, send};

/// More visitors at a time have no true cause.
const MOST_VISITORS: usize = 64;
/// A visitor that asks for more at a time is read no further until something is done.
const MOST_ASKED: usize = 32;
/// After a failed accept, such as for want of file handles, the next one waits.
const AFTER_FAILURE: Duration = Duration::from_millis(200);

/// Lets visitors in, for ever.
pub(super) async fn serve(mut listener: Listener, handle: Handle) {
    let mut visitors = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = visitors.join_next() => {}
            visitor = listener.accept(), if visitors.len() < MOST_VISITORS => match visitor {
                Ok(stream) => drop(visitors.spawn(visited(stream, handle.clone()))),
                Err(error) => {
                    tracing::warn!(%error, "a visitor of the local socket was not let in");
                    sleep(AFTER_FAILURE).await;
                }
            },
        }
    }
}

async fn visited(stream: impl AsyncRead + AsyncWrite, handle: Handle) {
    if let Err(error) = attend(stream, handle).await {
        tracing::debug!(%error, "a visit over the local socket broke off");
    }
}

/// Attends to one visitor until one of both ends.
async fn attend(stream: impl AsyncRead + AsyncWrite, handle: Handle) -> io::Result<()> {
    let (read, write) = tokio::io::split(stream);
    let (finished, outcomes) = mpsc::channel(MOST_ASKED);
    let view = handle.view();
    let tell = async {
        if let Err(error) = tell(write, view, outcomes).await {
            // Who does not listen any more may have asked for something before it left.
            tracing::debug!(%error, "a visitor of the local socket does not listen");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = hear(read, handle, finished) => ended,
        () = tell => Ok(()),
    }
}

/// What came of a request, with its number.
enum Outcome {
    /// Something was to be done.
    Done(u64, Option<Failure>),
    /// Something was to be told.
    Told(u64, Result<Answer, Failure>),
}

async fn hear(
    read: impl AsyncRead + Unpin,
    handle: Handle,
    finished: mpsc::Sender<Outcome>,
) -> io::Result<()> {
    let mut lines = Lines::new(read, LONGEST_TO_APP);
    let mut acts = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = acts.join_next() => {}
            message = lines.next(), if acts.len() < MOST_ASKED => match message {
                Ok(Some(ToApp::Act { id, action })) => {
                    let (handle, finished) = (handle.clone(), finished.clone());
                    acts.spawn(async move {
                        let failure = handle.act(action).await.err();
                        // The visitor may be gone by now.
                        drop(finished.send(Outcome::Done(id, failure)).await);
                    });
                }
                Ok(Some(ToApp::Ask { id, question })) => {
                    let (handle, finished) = (handle.clone(), finished.clone());
                    acts.spawn(async move {
                        let answer = handle.ask(question).await;
                        drop(finished.send(Outcome::Told(id, answer)).await);
                    });
                }
                ended => {
                    // What was asked is done all the same, though nobody waits for it.
                    acts.detach_all();
                    return ended.map(drop);
                }
            },
        }
    }
}

/// Shows the view and the outcomes; while the visitor reads slowly, only the latest view is kept for it.
async fn tell(
    mut write: impl AsyncWrite + Unpin,
    mut view: watch::Receiver<Arc<View>>,
    mut outcomes: mpsc::Receiver<Outcome>,
) -> io::Result<()> {
    let hello = FromApp::Hello {
        version: env!("CARGO_PKG_VERSION").into(),
    };
    send(&mut write, &hello, LONGEST_FROM_APP).await?;
    view.mark_changed();
    loop {
        tokio::select! {
            changed = view.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
                show(&mut write, &mut view).await?;
            }
            Some(outcome) = outcomes.recv() => {
                // What came of it may have been shown just now, and goes before it.
                if view.has_changed().unwrap_or_default() {
                    show(&mut write, &mut view).await?;
                }
                let (id, said) = match outcome {
                    Outcome::Done(id, error) => (id, FromApp::Done { id, error }),
                    Outcome::Told(id, answer) => (id, FromApp::Answer { id, answer }),
                };
                match send(&mut write, &said, LONGEST_FROM_APP).await {
                    // Nothing of it was sent, and a visitor must not lose the app over it.
                    Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                        let answer = Err(too_long());
                        let said = FromApp::Answer { id, answer };
                        send(&mut write, &said, LONGEST_FROM_APP).await?;
                    }
                    sent => sent?,
                }
            }
        }
    }
}

async fn show(
    write: &mut (impl AsyncWrite + Unpin),
    view: &mut watch::Receiver<Arc<View>>,
) -> io::Result<()> {
    let now = Arc::clone(&view.borrow_and_update());
    let shown = FromApp::View(Cow::Borrowed(&now));
    send(write, &shown, LONGEST_FROM_APP).await
}

fn too_long() -> Failure {
    Failure::new(
        Code::Internal,
        "The answer is too large to be told at once. Ask for a part of it: of the team by status or channel, of the history by a later --since.",
    )
}
