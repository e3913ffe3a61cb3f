//! Time in status as files: one per account, a line of JSON per stretch, the latest last.
//!
//! Lines are only ever added; one that begins like the line before stands for it. Killing the program at any moment
//! costs at most the line that was being written, which the next start takes away. Once a day what is too old is
//! dropped, and what was told again is told once, by a new file in the place of the old one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use domain::{AccountId, Code, Failure, History, Stretch};
use engine::ports::Histories;
use jiff::Timestamp;

use crate::Profile;
use crate::files::file_name;
use crate::folder::{self, Durability};

#[cfg(test)]
mod tests;

/// The histories of a profile's accounts.
#[derive(Debug)]
pub struct HistoryFiles {
    folder: PathBuf,
}

/// How a history was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// Its file.
    pub path: PathBuf,
    /// How large that is.
    pub size_bytes: u64,
    /// How many stretches are in it.
    pub stretches: usize,
    /// Entries that cannot be read.
    pub unreadable: u32,
}

impl HistoryFiles {
    /// The histories of a profile; nothing is read yet.
    pub fn new(profile: &Profile) -> Self {
        Self {
            folder: profile.data_dir().join("history"),
        }
    }

    fn path(&self, account: &AccountId) -> io::Result<PathBuf> {
        let name = file_name(account, "jsonl").ok_or(io::ErrorKind::InvalidFilename)?;
        Ok(self.folder.join(name))
    }

    /// Whether an account's history can go on: its size and what of it can be read; nothing where it did not begin yet.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn examine(&self, account: &AccountId) -> Result<Option<Examined>, Failure> {
        let path = self
            .path(account)
            .map_err(|error| unwritable(&self.folder, &error))?;
        let file = match OpenOptions::new().append(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unwritable(&path, &error)),
        };
        let size = file
            .metadata()
            .map_err(|error| unwritable(&path, &error))?
            .len();
        let history = self.read(account)?;
        Ok(Some(Examined {
            path,
            size_bytes: size,
            stretches: history.stretches.len(),
            unreadable: history.unreadable,
        }))
    }

    /// What a replacement that was cut short left beside the file.
    fn remove_leftovers(&self, path: &Path) -> io::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let begin = folder::temporary_prefix(&name);
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&begin) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

impl Histories for HistoryFiles {
    fn resume(&self, account: &AccountId, now: Timestamp) -> io::Result<Option<Stretch>> {
        let path = self.path(account)?;
        self.remove_leftovers(&path)?;
        let Some(bytes) = read(&path)? else {
            return Ok(None);
        };
        let mut history = understand(&bytes);
        if history.unreadable > 0 {
            tracing::warn!(%account, entries = history.unreadable, "parts of the history cannot be read and are dropped");
        }
        history.drop_old(now);
        let whole = lines(&history.stretches)?;
        if whole != bytes {
            folder::replace(&path, &whole, Durability::Synced)?;
        }
        Ok(history.stretches.pop())
    }

    fn keep(&self, account: &AccountId, stretches: &[Stretch]) -> io::Result<()> {
        let path = self.path(account)?;
        folder::make(&self.folder)?;
        // Nobody else writes, so that no append mode is needed; on Windows it could not shorten the file.
        let mut options = OpenOptions::new();
        let mut file = folder::open(&path, options.read(true).create(true).truncate(false))?;
        mend_end(&mut file)?;
        file.seek(SeekFrom::End(0))?;
        // One write, so that a status and the end of the one before come together.
        file.write_all(&lines(stretches)?)
    }

    fn read(&self, account: &AccountId) -> Result<History, Failure> {
        let unreadable = |path: &Path, error: &io::Error| {
            let path = path.display();
            Failure::new(
                Code::History,
                format!(
                    "The history in {path} cannot be read ({error}), so the time in status is not known. \
                     Your status is not affected. Check the file\u{2019}s permissions and try again."
                ),
            )
        };
        let path = self
            .path(account)
            .map_err(|error| unreadable(&self.folder, &error))?;
        let read = read(&path).map_err(|error| unreadable(&path, &error))?;
        Ok(read.map_or_else(History::default, |bytes| understand(&bytes)))
    }

    fn forget(&self, account: &AccountId) -> Result<(), Failure> {
        let Ok(path) = self.path(account) else {
            // Without a file's name there is no file.
            return Ok(());
        };
        let removed = match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        };
        removed
            .and_then(|()| self.remove_leftovers(&path))
            .map_err(|error| {
                let path = path.display();
                Failure::new(
                    Code::History,
                    format!("The history in {path} could not be deleted ({error}). Delete that file yourself."),
                )
            })
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    Failure::new(
        Code::History,
        format!(
            "The history in {path} cannot be written ({error}), so your time in status is not kept. \
             Your status is not affected. Check the permissions and the disk."
        ),
    )
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Takes away half a line at the end, and ends a whole one that lacks its end.
fn mend_end(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" {
        return Ok(());
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    let end = bytes.iter().rposition(|byte| *byte == b'\n');
    let whole = end.map_or(0, |end| end + 1);
    if serde_json::from_slice::<Stretch>(&bytes[whole..]).is_ok() {
        file.write_all(b"\n")
    } else {
        tracing::warn!("an entry of the history that was cut short is dropped");
        file.set_len(u64::try_from(whole).map_err(io::Error::other)?)
    }
}

fn understand(bytes: &[u8]) -> History {
    let mut history = History::default();
    let (whole, rest) = match bytes.iter().rposition(|byte| *byte == b'\n') {
        Some(end) => bytes.split_at(end + 1),
        None => (&[][..], bytes),
    };
    for line in whole.split(|byte| *byte == b'\n') {
        match serde_json::from_slice(line) {
            Ok(stretch) => history.add(stretch),
            Err(_) if line.trim_ascii().is_empty() => {}
            Err(_) => history.unreadable = history.unreadable.saturating_add(1),
        }
    }
    // What was being written when the program was killed was never kept, unless only the line's end is missing.
    if let Ok(stretch) = serde_json::from_slice(rest) {
        history.add(stretch);
    }
    history
}

fn lines(stretches: &[Stretch]) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for stretch in stretches {
        serde_json::to_writer(&mut lines, stretch)?;
        lines.push(b'\n');
    }
    Ok(lines)
}
