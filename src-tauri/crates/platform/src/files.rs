//! Settings and what is remembered, as JSON files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use domain::{AccountId, Code, Failure, Remembered};
use engine::Config;
use engine::ports::Store;
use serde_json::{Map, Value};

use crate::Profile;
use crate::folder::{self, Durability};

#[cfg(test)]
mod nonsense;
#[cfg(test)]
mod tests;

/// Longer names than this are no account's: file systems end at 255 bytes.
const LONGEST_ID: usize = 100;
/// More unreadable settings than these within a second are a fault that must not fill the disk.
const MOST_SET_ASIDE: u32 = 100;

/// A profile's files.
#[derive(Debug)]
pub struct Files {
    settings: PathBuf,
    accounts: PathBuf,
    /// Settings that are there but could not be read must not be replaced by what we made up instead.
    untouchable: AtomicBool,
}

/// The settings as found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The settings; the default ones where none could be read.
    pub config: Config,
    /// What the agent must be told.
    pub trouble: Option<Failure>,
}

/// Why settings that are there are of no use.
enum Unusable {
    /// They are no settings that this version understands.
    Unintelligible(String),
    /// They could not be read; there may be nothing wrong with them.
    Unreadable(io::Error),
}

/// Settings that were understood.
struct Understood {
    config: Config,
    /// All that the file says, also what only a later version understands.
    fields: Map<String, Value>,
}

impl Files {
    /// The files of a profile; nothing is read yet.
    pub fn new(profile: &Profile) -> Self {
        Self {
            settings: profile.config_dir().join("settings.json"),
            accounts: profile.data_dir().join("accounts"),
            untouchable: AtomicBool::new(false),
        }
    }

    /// Reads the settings; what cannot be understood is set aside under another name.
    pub fn load(&self) -> Loaded {
        let read = match self.read() {
            Ok(understood) => Ok(understood.map_or_else(Config::default, |it| it.config)),
            Err(Unusable::Unintelligible(why)) => {
                Err(self.set_aside().map(|kept| set_aside(&why, &kept)))
            }
            Err(Unusable::Unreadable(error)) => Err(Err(error)),
        };
        self.untouchable
            .store(matches!(read, Err(Err(_))), Ordering::Relaxed);
        match read {
            Ok(config) => Loaded {
                config,
                trouble: None,
            },
            Err(trouble) => Loaded {
                config: Config::default(),
                trouble: Some(trouble.unwrap_or_else(|error| self.unreadable(&error))),
            },
        }
    }

    /// Reads the certificate authorities that the settings name, as PEM; nothing is set aside.
    ///
    /// # Errors
    /// They name a file that cannot be read.
    pub fn authorities(&self) -> Result<Option<Vec<u8>>, Failure> {
        let Ok(Some(Understood { config, .. })) = self.read() else {
            return Ok(None);
        };
        let Some(path) = config.ca_file else {
            return Ok(None);
        };
        fs::read(&path)
            .map(Some)
            .map_err(|error| Failure::bad_authorities(&format!("{}: {error}", path.display())))
    }

    fn read(&self) -> Result<Option<Understood>, Unusable> {
        let bytes = match folder::read(&self.settings) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Unusable::Unreadable(error)),
        };
        understand(&bytes)
            .map(Some)
            .map_err(Unusable::Unintelligible)
    }

    /// Renames the settings to a name that nothing has yet.
    fn set_aside(&self) -> io::Result<PathBuf> {
        let time = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        let name = |number: u32| match number {
            1 => format!("settings.unreadable-{time}.json"),
            _ => format!("settings.unreadable-{time}-{number}.json"),
        };
        let free = (1..=MOST_SET_ASIDE)
            .map(|number| self.settings.with_file_name(name(number)))
            .find(|path| fs::symlink_metadata(path).is_err())
            .ok_or_else(|| io::Error::from(io::ErrorKind::AlreadyExists))?;
        fs::rename(&self.settings, &free)?;
        tracing::warn!(kept = %free.display(), "settings set aside");
        Ok(free)
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        let path = self.settings.display();
        Failure::new(
            Code::Settings,
            format!(
                "The settings in {path} cannot be read ({error}). Statuslight knows no account and saves nothing, \
                 so that they stay as they are. Check the file's permissions, then start Statuslight again."
            ),
        )
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        let path = self.settings.display();
        Failure::new(
            Code::Settings,
            format!(
                "The settings could not be written to {path} ({error}). Nothing was changed. \
                 Check the folder's permissions and the disk's free space, then try again."
            ),
        )
    }

    /// The file of what is remembered of an account; `None` for a name that could lead elsewhere.
    fn of_account(&self, account: &AccountId) -> Option<PathBuf> {
        file_name(account, "json").map(|name| self.accounts.join(name))
    }
}

/// The name of an account's file; `None` for an account whose name could lead elsewhere.
pub(crate) fn file_name(account: &AccountId, extension: &str) -> Option<String> {
    let AccountId(id) = account;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    let fits = (1..=LONGEST_ID).contains(&id.len()) && !id.starts_with('.');
    if fits && id.chars().all(plain) {
        return Some(format!("{id}.{extension}"));
    }
    tracing::error!(
        account = id,
        "this name cannot name a file: nothing is kept of it"
    );
    None
}

impl Store for Files {
    fn save(&self, config: &Config) -> Result<(), Failure> {
        if self.untouchable.load(Ordering::Relaxed) {
            let unread = io::Error::other("they could not be read at the start");
            return Err(self.unreadable(&unread));
        }
        let fields = match self.read() {
            Ok(understood) => understood.map(|it| it.fields).unwrap_or_default(),
            Err(Unusable::Unintelligible(_)) => {
                self.set_aside().map_err(|error| self.unwritable(&error))?;
                Map::new()
            }
            Err(Unusable::Unreadable(error)) => return Err(self.unreadable(&error)),
        };
        let content = written(config, fields).map_err(|error| self.unwritable(&error))?;
        // Settings that live elsewhere behind a link stay there.
        let target = fs::canonicalize(&self.settings).unwrap_or_else(|_| self.settings.clone());
        folder::replace(&target, &content, Durability::Synced)
            .map_err(|error| self.unwritable(&error))
    }

    fn recall(&self, account: &AccountId) -> Remembered {
        let Some(path) = self.of_account(account) else {
            return Remembered::default();
        };
        let read = folder::read(&path).and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
        read.unwrap_or_else(|error: io::Error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(%account, %error, "what was remembered cannot be read");
            }
            Remembered::default()
        })
    }

    fn remember(&self, account: &AccountId, remembered: &Remembered) {
        let Some(path) = self.of_account(account) else {
            return;
        };
        let written = serde_json::to_vec(remembered)
            .map_err(io::Error::from)
            .and_then(|content| folder::replace(&path, &content, Durability::Quick));
        if let Err(error) = written {
            tracing::error!(%account, %error, "cannot be remembered");
        }
    }

    fn forget(&self, account: &AccountId) {
        let Some(path) = self.of_account(account) else {
            return;
        };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::error!(%account, %error, "what was remembered cannot be removed");
            }
            _ => {}
        }
    }
}

fn understand(bytes: &[u8]) -> Result<Understood, String> {
    let fields: Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let newest = u64::from(Config::default().version);
    if fields
        .get("version")
        .and_then(Value::as_u64)
        .is_some_and(|version| version > newest)
    {
        return Err("a newer Statuslight wrote them".to_owned());
    }
    let config =
        serde_json::from_value(Value::Object(fields.clone())).map_err(|error| error.to_string())?;
    Ok(Understood { config, fields })
}

/// The file's new content; `fields` are the old ones, of which those unknown here stay.
fn written(config: &Config, fields: Map<String, Value>) -> io::Result<Vec<u8>> {
    let config = Config {
        version: Config::default().version,
        ..config.clone()
    };
    let mut new = serde_json::to_value(config)?;
    if let Some(accounts) = new.get_mut("accounts").and_then(Value::as_array_mut) {
        for account in accounts {
            let same = |old: &&Value| old.get("id") == account.get("id");
            let old = fields.get("accounts").and_then(Value::as_array);
            if let Some(old) = old.and_then(|old| old.iter().find(same)).cloned() {
                keep_unknown(old, account);
            }
        }
    }
    keep_unknown(Value::Object(fields), &mut new);
    let mut content = serde_json::to_vec_pretty(&new)?;
    content.push(b'\n');
    Ok(content)
}

fn keep_unknown(old: Value, new: &mut Value) {
    if let (Value::Object(old), Value::Object(new)) = (old, new) {
        for (name, value) in old {
            new.entry(name).or_insert(value);
        }
    }
}

fn set_aside(why: &str, kept: &Path) -> Failure {
    let kept = kept.display();
    Failure::new(
        Code::Settings,
        format!(
            "The settings could not be understood ({why}). Statuslight starts without an account; \
             the old settings were kept as {kept}. Sign in again, or mend that file and name it settings.json."
        ),
    )
}
