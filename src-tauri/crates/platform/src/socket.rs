//! The local socket: the app's [`Handle`] for another process of the same user.
//!
//! Lines of JSON. The app greets with its version, then shows the view, at once and on each change;
//! the other side asks with a number, and the app answers with that number when it is done:
//!
//! ```text
//! <- {"hello":{"version":"0.1.0"}}
//! <- {"view":{"accounts":[],"hints":[]}}
//! -> {"act":{"id":1,"action":{"do":"look"}}}
//! <- {"done":{"id":1,"error":null}}
//! -> {"ask":{"id":2,"question":{"ask":"checkup","account":"acme"}}}
//! <- {"answer":{"id":2,"answer":{"Ok":{"checkup":{}}}}}
//! ```
//!
//! No message carries a secret. Only the same user is served, and only the same user is believed.

mod client;
#[cfg(test)]
mod nonsense;
mod server;
#[cfg(test)]
mod testing;
#[cfg(test)]
#[cfg(unix)]
mod tests;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;
mod wire;

use std::io;
use std::path::Path;

use engine::Handle;
use tokio::task::JoinHandle;

use crate::Profile;

#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

/// Serves the app's handle until it is dropped.
#[derive(Debug)]
pub struct Server {
    task: JoinHandle<()>,
    /// Takes the socket's file away with it.
    _place: system::Place,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves the profile's app in the place of one that died.
///
/// The caller holds the profile's lock and runs in a tokio runtime, which the serving ends with.
///
/// # Errors
/// The folder is somebody else's or cannot be made, something that is no socket is in the way, or the system refuses.
pub fn serve(profile: &Profile, handle: Handle) -> io::Result<Server> {
    serve_at(&system::place(profile), handle)
}

/// The handle of the profile's running app; `None` where none runs.
///
/// When that app ends, what was asked ends with a failure and the view has no further changes.
///
/// # Errors
/// Somebody else's process serves there, it does not answer in time, or it is of another version.
pub async fn connect(profile: &Profile) -> io::Result<Option<Handle>> {
    connect_at(&system::place(profile)).await
}

fn serve_at(path: &Path, handle: Handle) -> io::Result<Server> {
    let (listener, place) = system::listen(path)?;
    let task = tokio::spawn(server::serve(listener, handle));
    Ok(Server {
        task,
        _place: place,
    })
}

async fn connect_at(path: &Path) -> io::Result<Option<Handle>> {
    match system::connect(path).await? {
        Some(stream) => client::attach(stream).await.map(Some),
        None => Ok(None),
    }
}
