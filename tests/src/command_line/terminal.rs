//! A terminal and what runs in it.

use std::fs;
use std::io::{Read, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use simulator::sample;

use super::{Done, Server, secrets};
use crate::desktop::{
    App, Keyring, KeyringState, Launch, Program, Session, Watcher, eventually, required_bin,
    wait_for,
};

/// No command takes longer; `set`, the most patient one, gives up after 35 s.
const LONGEST: Duration = Duration::from_secs(45);
/// So long an app may take to serve its socket.
const UNTIL_SERVED: Duration = Duration::from_secs(20);

/// A terminal in a private session.
///
/// No command that runs in it may print a secret of the sample account: that fails the test at once.
#[derive(Debug)]
pub struct Terminal {
    /// Where it is.
    pub session: Session,
    /// The session's keyring, where it has one.
    pub keyring: Option<Keyring>,
    variables: Vec<(String, String)>,
    is_verbose: bool,
    tray: Mutex<Option<Watcher>>,
    printed: Mutex<String>,
}

impl Terminal {
    /// A terminal in a session with an open keyring.
    #[track_caller]
    pub fn open() -> Self {
        Self::in_session(Session::start(), Some(KeyringState::Unlocked))
    }

    /// A terminal in such a session, with this keyring or none.
    #[track_caller]
    pub fn in_session(session: Session, keyring: Option<KeyringState>) -> Self {
        let keyring = keyring.map(|state| session.keyring(state));
        Self {
            session,
            keyring,
            variables: Vec::new(),
            is_verbose: false,
            tray: Mutex::new(None),
            printed: Mutex::default(),
        }
    }

    /// A terminal in which Ada is signed in.
    #[track_caller]
    pub fn signed_in(server: &Server) -> Self {
        let terminal = Self::open();
        terminal.sign_in(server);
        terminal
    }

    /// The same terminal, whose commands tell what they do.
    #[must_use]
    pub fn verbose(mut self) -> Self {
        self.is_verbose = true;
        self
    }

    /// Sets a variable for all that runs from now on.
    pub fn set_variable(&mut self, name: &str, value: impl Into<String>) {
        self.variables.push((name.to_owned(), value.into()));
    }

    /// Takes a variable back.
    pub fn unset_variable(&mut self, name: &str) {
        self.variables.retain(|(known, _)| known != name);
    }

    /// Runs a command to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Done {
        self.run_with(arguments, "")
    }

    /// Runs a command with this on its standard input.
    #[track_caller]
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Done {
        let begun = Instant::now();
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("statusctl starts");
        if let Some(mut stdin) = child.stdin.take() {
            // It may end without reading what it does not need.
            let _ = stdin.write_all(input.as_bytes());
        }
        let out = read_aside(child.stdout.take());
        let err = read_aside(child.stderr.take());
        let code = end(&mut child, arguments);
        let text = |reader: thread::JoinHandle<String>| reader.join().expect("pipes can be read");
        let done = Done {
            code,
            out: text(out),
            err: text(err),
            took: begun.elapsed(),
        };
        self.keep(&format!("{}{}", done.out, done.err));
        done
    }

    /// Starts a command and leaves it running; its output goes to the session's logs under `name`.
    #[track_caller]
    pub fn start(&self, name: &str, arguments: &[&str]) -> Program {
        let binary = required_bin("STATUSCTL_BIN");
        self.session.run(name, binary, arguments)
    }

    /// A command that is not started yet.
    #[track_caller]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.session.command(required_bin("STATUSCTL_BIN"));
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        let verbose = self.is_verbose.then_some("--verbose");
        command.args(arguments).args(verbose).envs(variables);
        command
    }

    /// Tries to sign in with an access token.
    #[track_caller]
    pub fn login(&self, url: &str, token: &str) -> Done {
        let arguments = ["login", "zendesk", "--url", url, "--access-token-stdin"];
        self.run_with(&arguments, token)
    }

    /// Tries the same as a script.
    #[track_caller]
    pub fn login_json(&self, url: &str, token: &str) -> Done {
        let arguments = ["login", "zendesk", "--json", "--access-token-stdin"];
        self.run_with(&[&arguments[..], &["--url", url]].concat(), token)
    }

    /// Tries to sign in with an API token and the e-mail address that it goes with.
    #[track_caller]
    pub fn login_by_email(&self, url: &str, email: &str, token: &str) -> Done {
        let arguments = ["login", "zendesk", "--api-token-stdin"];
        let rest = ["--url", url, "--email", email];
        self.run_with(&[&arguments[..], &rest].concat(), token)
    }

    /// Signs Ada in.
    #[track_caller]
    pub fn sign_in(&self, server: &Server) {
        let _ = self.login(&server.url(), sample::ADA_TOKEN).well();
    }

    /// Lets accounts be read every 5 s by whatever starts from now on.
    #[track_caller]
    pub fn read_often(&self) {
        let path = self.settings();
        let read = fs::read(&path);
        let mut settings: Value = read.map_or_else(
            |_| serde_json::json!({"version": 1}),
            |bytes| serde_json::from_slice(&bytes).expect("the settings are JSON"),
        );
        settings["poll_interval_s"] = 5.into();
        let folder = path.parent().expect("it is in a folder");
        fs::create_dir_all(folder).expect("own folders are writable");
        fs::write(&path, settings.to_string()).expect("own folders are writable");
    }

    /// Where the settings are.
    pub fn settings(&self) -> PathBuf {
        self.session.settings()
    }

    /// Starts the app without its window and waits until it serves commands.
    #[track_caller]
    pub fn app(&self) -> App {
        let app = self.app_soon();
        self.wait_until_served();
        app
    }

    /// Starts the app without its window.
    #[track_caller]
    pub fn app_soon(&self) -> App {
        // Without a tray the app opens its window, which costs a test seconds.
        let mut tray = self.tray.lock().unwrap_or_else(PoisonError::into_inner);
        tray.get_or_insert_with(|| self.session.watcher());
        let variables = self.variables.iter();
        let launch = Launch::app().arg("--hidden");
        let launch = variables.fold(launch, |launch, (name, value)| launch.env(name, value));
        launch.start(&self.session)
    }

    /// Waits until an app serves commands.
    #[track_caller]
    pub fn wait_until_served(&self) {
        let socket = self.session.runtime_dir().join("statuslight/socket");
        wait_for("the app to serve commands", UNTIL_SERVED, || {
            UnixStream::connect(&socket).ok().map(drop)
        });
    }

    /// Asks for the status until it is as wanted.
    #[track_caller]
    pub fn wait_for_status(
        &self,
        what: &str,
        limit: Duration,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let mut last = Value::Null;
        let found = eventually(limit, || {
            last = self.run(&["status", "--json"]).well().json();
            wanted(&last).then(|| last.clone())
        });
        found.unwrap_or_else(|| panic!("waited {limit:?} in vain for {what}; it is {last:#}"))
    }

    /// All that commands printed so far.
    pub fn printed(&self) -> String {
        let printed = self.printed.lock();
        printed.unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[track_caller]
    fn keep(&self, text: &str) {
        for secret in secrets() {
            assert!(!text.contains(&secret), "{secret:?} was printed: {text}");
        }
        let printed = self.printed.lock();
        printed
            .unwrap_or_else(PoisonError::into_inner)
            .push_str(text);
    }
}

fn read_aside(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).expect("pipes can be read");
        }
        String::from_utf8(bytes).expect("what is printed is text")
    })
}

#[track_caller]
fn end(child: &mut Child, arguments: &[&str]) -> i32 {
    let ended = eventually(LONGEST, || child.try_wait().ok().flatten());
    let Some(status) = ended else {
        // Its end may come at this moment.
        let _ = child.kill();
        panic!("statusctl {arguments:?} still runs after {LONGEST:?}");
    };
    status.code().unwrap_or(-1)
}
