//! Folders and files that are the user's alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Makes a folder that nobody else can enter, with those above it.
///
/// # Errors
/// It could not be made.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    close(path);
    Ok(())
}

/// Shuts others out of a folder that was there before.
#[cfg(unix)]
fn close(path: &Path) {
    use std::os::unix::fs::PermissionsExt;

    let open = fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
    if open && let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(0o700)) {
        tracing::warn!(path = %path.display(), %error, "others may read this folder");
    }
}

#[cfg(not(unix))]
fn close(_: &Path) {}

/// Opens a file for writing that nobody else can read.
///
/// # Errors
/// It could not be opened.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let file = options.write(true).open(path)?;
    #[cfg(unix)]
    close_file(&file)?;
    Ok(file)
}

/// Shuts others out of a file that was there before.
#[cfg(unix)]
fn close_file(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// No file of ours is larger; whatever is in the place of one must not fill the memory.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Reads a whole file.
///
/// # Errors
/// It could not be read, or is larger than any of ours.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than 4 MiB",
        ));
    }
    Ok(bytes)
}

/// How surely a written file outlives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It is on the disk when the call returns.
    Synced,
    /// The system writes it when it likes: a click must not wait for the disk.
    Quick,
}

/// Replaces a file as a whole: whoever reads it meanwhile sees the old one or the new one.
///
/// # Errors
/// It could not be written; the old file is still there then.
pub(crate) fn replace(path: &Path, content: &[u8], durability: Durability) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make(folder)?;
    let temporary = temporary_beside(path);
    let written =
        write(&temporary, content, durability).and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = written {
        // It may never have come into being.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    if durability == Durability::Synced {
        sync_folder(folder);
    }
    Ok(())
}

fn write(path: &Path, content: &[u8], durability: Durability) -> io::Result<()> {
    let mut file = open(path, OpenOptions::new().create_new(true))?;
    file.write_all(content)?;
    match durability {
        Durability::Synced => file.sync_all(),
        Durability::Quick => Ok(()),
    }
}

/// A name in the same folder that no other writer uses now.
fn temporary_beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);

    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let process = std::process::id();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // A left-over of a process of the same number that died would be in the way for ever.
    let start = jiff::Timestamp::now().as_nanosecond();
    let begin = temporary_prefix(&name);
    path.with_file_name(format!("{begin}{process}-{count}-{start}.tmp"))
}

/// What the names of a file's unfinished replacements begin with.
pub(crate) fn temporary_prefix(name: &str) -> String {
    format!(".{name}.")
}

#[cfg(unix)]
fn sync_folder(folder: &Path) {
    // Some file systems cannot; the file itself is synced all the same.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_replaced_file_is_whole_and_leaves_nothing_beside_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("deep/file.json");
        replace(&path, b"old and longer", Durability::Synced).unwrap();
        replace(&path, b"new", Durability::Quick).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(&root.path().join("deep")), ["file.json"]);
    }

    #[test]
    fn a_failed_replacement_leaves_nothing_beside_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file.json");
        fs::create_dir(&path).unwrap();
        assert!(replace(&path, b"new", Durability::Synced).is_err());
        assert_eq!(names(root.path()), ["file.json"]);
    }

    #[test]
    fn a_file_that_is_none_of_ours_does_not_fill_the_memory() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("settings.json");
        File::create(&path).unwrap().set_len(LARGEST + 1).unwrap();
        assert_eq!(read(&path).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        File::create(&path).unwrap().set_len(LARGEST).unwrap();
        assert_eq!(read(&path).unwrap().len() as u64, LARGEST);
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folders_are_closed_to_others_even_when_they_were_open() {
        use std::os::unix::fs::PermissionsExt;

        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("open");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let path = folder.join("file.json");
        fs::write(&path, "old").unwrap();
        replace(&path, b"new", Durability::Quick).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&path), 0o600);
    }
}
