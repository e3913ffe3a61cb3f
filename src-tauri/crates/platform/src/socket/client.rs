//! The other side: a handle that leads to the app.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Answer, Failure, View};
use engine::{Ask, Asked, Asks, Handle};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::wire::{FromApp, LONGEST_FROM_APP, LONGEST_TO_APP, Lines, ToApp, invalid, send};

/// A living app greets at once.
const GREETING: Duration = Duration::from_secs(2);

/// Who waits for which number.
type Waiting = Mutex<HashMap<u64, Waiter>>;

/// Somebody who waits for the app.
enum Waiter {
    /// For something to be done.
    Outcome(oneshot::Sender<Result<(), Failure>>),
    /// For something to be told.
    Answer(oneshot::Sender<Result<Answer, Failure>>),
}

/// Waits for the greeting and the first view, then carries asks and views to and fro in a task.
pub(super) async fn attach(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
) -> io::Result<Handle> {
    let (read, write) = tokio::io::split(stream);
    let mut lines = Lines::new(read, LONGEST_FROM_APP);
    let view = timeout(GREETING, greeting(&mut lines))
        .await
        .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the app does not greet"))??;
    let (handle, others) = Handle::pair(view);
    let Asks {
        asks,
        questions,
        view,
    } = others;
    tokio::spawn(async move {
        let waiting = Waiting::default();
        // Whichever ends first ends the other; whoever still waits then is told so by the handle.
        tokio::select! {
            ended = listen(&mut lines, &view, &waiting) => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "the app's end of the local socket broke");
                }
            }
            () = forward(write, asks, questions, &view, &waiting) => {}
        }
    });
    Ok(handle)
}

async fn greeting<R: AsyncRead + Unpin>(lines: &mut Lines<R>) -> io::Result<View> {
    let own = env!("CARGO_PKG_VERSION");
    let version = match lines.next::<FromApp<'_>>().await? {
        Some(FromApp::Hello { version }) => version.into_owned(),
        Some(_) => return Err(invalid("the app does not greet")),
        None => return Err(closed()),
    };
    let other = |error: io::Error| match error.kind() {
        io::ErrorKind::InvalidData if version != own => invalid(format!(
            "the running app is version {version}, and this is version {own}"
        )),
        _ => error,
    };
    match lines.next::<FromApp<'_>>().await.map_err(other)? {
        Some(FromApp::View(view)) => Ok(view.into_owned()),
        Some(_) => Err(invalid("the app shows nothing")),
        None => Err(closed()),
    }
}

fn closed() -> io::Error {
    io::Error::new(
        io::ErrorKind::ConnectionReset,
        "the app closed the connection",
    )
}

/// Takes in views and outcomes until the app ends.
async fn listen<R: AsyncRead + Unpin>(
    lines: &mut Lines<R>,
    shown: &watch::Sender<Arc<View>>,
    waiting: &Waiting,
) -> io::Result<()> {
    while let Some(message) = lines.next::<FromApp<'_>>().await? {
        match message {
            FromApp::Hello { .. } => {}
            FromApp::View(view) => drop(shown.send_replace(Arc::new(view.into_owned()))),
            FromApp::Done { id, error } => {
                if let Some(Waiter::Outcome(outcome)) = lock(waiting).remove(&id) {
                    // Whoever asked may be gone by now.
                    drop(outcome.send(error.map_or(Ok(()), Err)));
                }
            }
            FromApp::Answer { id, answer } => {
                if let Some(Waiter::Answer(waiter)) = lock(waiting).remove(&id) {
                    drop(waiter.send(answer));
                }
            }
        }
    }
    Ok(())
}

/// Passes on what is asked until nobody asks, waits or looks any more.
async fn forward(
    mut write: impl AsyncWrite + Unpin,
    mut asks: mpsc::Receiver<Ask>,
    mut questions: mpsc::Receiver<Asked>,
    shown: &watch::Sender<Arc<View>>,
    waiting: &Waiting,
) {
    let mut id = 0;
    loop {
        id += 1;
        // Both come from the same handles, so both end together.
        let (asked, waiter) = tokio::select! {
            Some(Ask { action, outcome }) = asks.recv() => {
                (ToApp::Act { id, action }, Waiter::Outcome(outcome))
            }
            Some(Asked { question, answer }) = questions.recv() => {
                (ToApp::Ask { id, question }, Waiter::Answer(answer))
            }
            else => break,
        };
        lock(waiting).insert(id, waiter);
        if let Err(error) = send(&mut write, &asked, LONGEST_TO_APP).await {
            tracing::debug!(%error, "the app could not be asked");
            return;
        }
    }
    // Nobody can ask any more, but somebody may still look.
    shown.closed().await;
}

fn lock(waiting: &Waiting) -> MutexGuard<'_, HashMap<u64, Waiter>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
