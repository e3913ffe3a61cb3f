//! The socket as a named pipe that only the same user can open, and only of the same user is believed.

mod owner;
#[cfg(test)]
mod tests;

use std::io;
use std::os::windows::io::AsHandle;
use std::path::{Path, PathBuf};

use interprocess::os::windows::named_pipe::PipeListenerOptions;
use interprocess::os::windows::named_pipe::pipe_mode::Bytes;
use interprocess::os::windows::named_pipe::tokio::{DuplexPipeStream, PipeListener};
use interprocess::os::windows::security_descriptor::SecurityDescriptor;
use widestring::u16cstr;

use crate::Profile;

/// Where visitors come in; pipes of other computers are refused by default.
#[derive(Debug)]
pub(super) struct Listener(PipeListener<Bytes, Bytes>);

/// A pipe leaves nothing behind.
#[derive(Debug)]
pub(super) struct Place;

impl Listener {
    /// Lets in the next process; the pipe's own access list turns other users away.
    pub(super) async fn accept(&mut self) -> io::Result<DuplexPipeStream<Bytes>> {
        self.0.accept().await
    }
}

/// What a profile's pipe is called: pipes of all users share one room, so the whole path names it.
pub(super) fn place(profile: &Profile) -> PathBuf {
    let path = profile.runtime_dir().to_string_lossy();
    let name: String = path
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    PathBuf::from(format!(r"\\.\pipe\{name}"))
}

/// Opens the pipe named `path`.
pub(super) fn listen(path: &Path) -> io::Result<(Listener, Place)> {
    // Protected, and everything for the owner, who is the user that made it; nothing for anybody else.
    let access = SecurityDescriptor::deserialize(u16cstr!("D:P(A;;GA;;;OW)"))?;
    let listener = PipeListenerOptions::new()
        .path(path)
        .security_descriptor(Some(access))
        .create_tokio_duplex::<Bytes>()?;
    Ok((Listener(listener), Place))
}

/// Connects to the pipe named `path`; `None` where there is none.
///
/// # Errors
/// It is somebody else's, or the system refuses.
pub(super) async fn connect(path: &Path) -> io::Result<Option<DuplexPipeStream<Bytes>>> {
    match DuplexPipeStream::connect_by_path(path).await {
        Ok(stream) if owner::is_ours(stream.as_handle())? => Ok(Some(stream)),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "another user serves there",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
