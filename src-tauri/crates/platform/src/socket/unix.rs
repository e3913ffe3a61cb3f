//! The socket as a file, readable and writable by its owner alone.

use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener as BlockingListener;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;
use tokio::net::{UnixListener, UnixStream};

use crate::Profile;

/// Where visitors come in.
#[derive(Debug)]
pub(super) struct Listener {
    io: UnixListener,
    /// Whose processes are let in.
    owner: u32,
}

/// The socket's file, taken away when dropped.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    /// Device and number of the file: one that somebody else put there meanwhile stays.
    file: (u64, u64),
}

impl Drop for Place {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|found| identity(&found) == self.file) {
            // Whoever runs next replaces a file that could not be removed.
            drop(fs::remove_file(&self.path));
        }
    }
}

impl Listener {
    /// Lets in the next process of the same user; others are turned away without a word.
    pub(super) async fn accept(&mut self) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.io.accept().await?;
            match belongs_to(&stream, self.owner) {
                Ok(()) => return Ok(stream),
                Err(error) => {
                    tracing::warn!(%error, "a visitor of the local socket was turned away");
                }
            }
        }
    }
}

/// Where a profile's socket is.
pub(super) fn place(profile: &Profile) -> PathBuf {
    profile.runtime_dir().join("socket")
}

/// Opens the socket at `path` in the place of a dead one.
pub(super) fn listen(path: &Path) -> io::Result<(Listener, Place)> {
    listen_for(path, geteuid().as_raw())
}

/// Opens the socket for the processes of one user.
pub(super) fn listen_for(path: &Path, owner: u32) -> io::Result<(Listener, Place)> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    close_off(folder)?;
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => fs::remove_file(path)?,
        Ok(_) => {
            let text = format!("{} is in the way and is no socket", path.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let io = BlockingListener::bind(path)?;
    // The closed folder protects it until here.
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    io.set_nonblocking(true)?;
    let place = Place {
        path: path.to_owned(),
        file: identity(&fs::symlink_metadata(path)?),
    };
    let io = UnixListener::from_std(io)?;
    Ok((Listener { io, owner }, place))
}

/// Connects to the same user's process at `path`; `None` where none listens.
pub(super) async fn connect(path: &Path) -> io::Result<Option<UnixStream>> {
    connect_to(path, geteuid().as_raw()).await
}

/// Connects to a process of one user.
pub(super) async fn connect_to(path: &Path, owner: u32) -> io::Result<Option<UnixStream>> {
    match UnixStream::connect(path).await {
        Ok(stream) => belongs_to(&stream, owner).map(|()| Some(stream)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Makes sure that nobody else can reach into the folder.
fn close_off(folder: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let found = fs::symlink_metadata(folder)?;
    if !found.is_dir() || found.uid() != geteuid().as_raw() {
        let text = format!("{} is not this user's own folder", folder.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Whether the process at the other end is `owner`'s, by the kernel's word.
fn belongs_to(stream: &UnixStream, owner: u32) -> io::Result<()> {
    let found = stream.peer_cred()?.uid();
    if found == owner {
        return Ok(());
    }
    let text = format!("the process at the other end belongs to user {found}, not {owner}");
    Err(io::Error::new(io::ErrorKind::PermissionDenied, text))
}

fn identity(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}
