//! Where a session lives: its folders, its addresses and the environment of its programs.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::sample;
use zbus::blocking::{Connection, connection, fdo::DBusProxy};
use zbus::names::BusName;

use super::wait::wait_for;

/// The folders and addresses of one [`Session`](super::Session); every part of it keeps a share.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    display: String,
    has_bus: bool,
    control: Mutex<Option<Connection>>,
}

impl Place {
    pub(super) fn new(folder: &Path, display: String, has_bus: bool) -> Self {
        Self {
            folder: folder.to_owned(),
            display,
            has_bus,
            control: Mutex::new(None),
        }
    }

    /// Makes the folders of a session.
    pub(super) fn prepare(folder: &Path) {
        for name in [
            "home/.config/gtk-3.0",
            "home/.local/share",
            "run",
            "tmp",
            "logs",
            "services",
        ] {
            let path = folder.join(name);
            fs::create_dir_all(&path)
                .unwrap_or_else(|error| panic!("cannot make {}: {error}", path.display()));
        }
        fs::set_permissions(folder.join("run"), fs::Permissions::from_mode(0o700))
            .expect("own folders can be closed");
        let settings = "[Settings]\ngtk-enable-animations=0\ngtk-menu-popup-delay=0\n";
        fs::write(folder.join("home/.config/gtk-3.0/settings.ini"), settings)
            .expect("own folders are writable");
    }

    /// The folder that holds everything of the session.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `$HOME` of the session's programs.
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// Where the app keeps its settings.
    pub fn settings(&self) -> PathBuf {
        self.home().join(".config/statuslight/settings.json")
    }

    /// Writes into the settings that the one account has a guard to Offline, for these ways of leaving.
    ///
    /// # Panics
    /// Nobody has signed in yet.
    pub fn set_guard(&self, on: &[&str]) {
        let path = self.settings();
        let settings = fs::read(&path).expect("signing in wrote the settings");
        let mut settings: Value = serde_json::from_slice(&settings).expect("the settings are JSON");
        settings["guards"] = json!({"local": {"to": sample::OFFLINE.to_string(), "on": on}});
        fs::write(&path, settings.to_string()).expect("the settings are the session's own");
    }

    /// `$XDG_RUNTIME_DIR` of the session's programs.
    pub fn runtime_dir(&self) -> PathBuf {
        self.folder.join("run")
    }

    /// Where the output of the session's programs goes.
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// The X display, such as `:3`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The address of the session bus; nobody listens there in a session without a bus.
    pub fn bus_address(&self) -> String {
        let name = if self.has_bus { "bus" } else { "no-bus" };
        format!("unix:path={}", self.runtime_dir().join(name).display())
    }

    /// A command with the environment of the session and nothing else, which dies with this process.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program.as_ref());
        command
            .env_clear()
            .envs(self.environment())
            .current_dir(self.home());
        command
    }

    /// The environment of the session's programs.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let path = |path: PathBuf| path.display().to_string();
        let home = self.home();
        let mut all = vec![
            ("HOME", path(home.clone())),
            ("XDG_CONFIG_HOME", path(home.join(".config"))),
            ("XDG_DATA_HOME", path(home.join(".local/share"))),
            ("XDG_STATE_HOME", path(home.join(".local/state"))),
            ("XDG_CACHE_HOME", path(home.join(".cache"))),
            ("XDG_RUNTIME_DIR", path(self.runtime_dir())),
            ("TMPDIR", path(self.folder.join("tmp"))),
            ("DISPLAY", self.display.clone()),
            ("DBUS_SESSION_BUS_ADDRESS", self.bus_address()),
            (
                "DBUS_SYSTEM_BUS_ADDRESS",
                format!("unix:path={}/no-system-bus", path(self.runtime_dir())),
            ),
            ("XDG_SESSION_TYPE", "x11".to_owned()),
            ("XDG_CURRENT_DESKTOP", "XFCE".to_owned()),
            ("GDK_BACKEND", "x11".to_owned()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("GTK_A11Y", "none".to_owned()),
            ("GSETTINGS_BACKEND", "memory".to_owned()),
            ("GIO_USE_VFS", "local".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
        ];
        for name in ["PATH", "RUST_BACKTRACE", "LLVM_PROFILE_FILE"] {
            all.extend(env::var(name).ok().map(|value| (name, value)));
        }
        all
    }

    /// A new connection to the session bus.
    #[track_caller]
    pub fn connect(&self) -> Connection {
        connection::Builder::address(self.bus_address().as_str())
            .and_then(connection::Builder::build)
            .unwrap_or_else(|error| panic!("cannot connect to the session bus: {error}"))
    }

    /// Calls `ask` with the bus itself, over a connection that all parts share.
    pub(super) fn ask_bus<T>(&self, ask: impl FnOnce(&DBusProxy<'static>) -> T) -> T {
        let connection = self
            .control
            .lock()
            .expect("no test panics here")
            .get_or_insert_with(|| self.connect())
            .clone();
        ask(&DBusProxy::new(&connection).expect("the bus answers"))
    }

    /// True while somebody owns `name` on the bus.
    pub fn has_owner(&self, name: &str) -> bool {
        let name = BusName::try_from(name.to_owned()).expect("a bus name");
        self.ask_bus(|bus| bus.name_has_owner(name))
            .unwrap_or(false)
    }

    /// The process that owns `name` on the bus.
    pub fn owner_pid(&self, name: &str) -> Option<u32> {
        let name = BusName::try_from(name.to_owned()).ok()?;
        self.ask_bus(|bus| bus.get_connection_unix_process_id(name))
            .ok()
    }

    /// Waits until somebody owns `name` on the bus, or nobody any more.
    #[track_caller]
    pub fn wait_for_name(&self, name: &str, owned: bool, limit: Duration) {
        let what = format!(
            "the bus name {name} to {} an owner",
            if owned { "have" } else { "lose" }
        );
        wait_for(&what, limit, || {
            (self.has_owner(name) == owned).then_some(())
        });
    }

    /// Lets the bus start the service `file` of the system's service folder on demand.
    #[track_caller]
    pub(super) fn allow_activation(&self, file: &str) {
        let source = Path::new("/usr/share/dbus-1/services").join(file);
        let text = fs::read(&source)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", source.display()));
        fs::write(self.folder.join("services").join(file), text).expect("own folders are writable");
        self.ask_bus(DBusProxy::reload_config)
            .expect("the bus reads its configuration again");
    }
}
