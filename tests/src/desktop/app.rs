//! Starting the product.

use std::ops::Deref;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::place::Place;
use super::processes::{self, Process, process_tree, wait_for_no_web_process, web_process_alive};
use super::program::Program;
use super::required::required_bin;
use super::session::Session;
use super::tray_item::TrayItem;
use super::wait::wait_for;
use super::watcher::Watcher;
use super::webdriver::{Driver, PendingSession};
use super::window::Window;

/// What to start, and how.
#[derive(Debug, Clone)]
pub struct Launch {
    binary: PathBuf,
    args: Vec<String>,
    env: Vec<(String, String)>,
}

impl Launch {
    /// The product: the binary that `STATUSLIGHT_BIN` names.
    #[track_caller]
    pub fn app() -> Self {
        Self::of(required_bin("STATUSLIGHT_BIN"))
    }

    /// Another binary.
    pub fn of(binary: impl Into<PathBuf>) -> Self {
        Self {
            binary: binary.into(),
            args: Vec::new(),
            env: Vec::new(),
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Starts it in `session`.
    #[track_caller]
    pub fn start(&self, session: &Session) -> App {
        let mut command = session.command(&self.binary);
        command
            .args(&self.args)
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        let started = Instant::now();
        let program = Program::start(&self.log_name(session), &session.logs(), command);
        let running = Running {
            place: Arc::clone(session.place()),
            pid: program.pid(),
            started,
        };
        App { running, program }
    }

    /// Starts it in `session` under a driver that can take its windows over.
    ///
    /// The driver starts the binary by itself and waits until a first window exists.
    #[track_caller]
    pub fn start_driven(&self, session: &Session) -> DrivenApp {
        let driver = Driver::start(session.place(), &self.env);
        let started = Instant::now();
        let pending = driver.request_session(&self.binary, &self.args);
        let binary = self.binary.canonicalize().expect("the binary is there");
        let pid = wait_for(
            &format!("{} to be started by the driver", binary.display()),
            Duration::from_secs(20),
            || {
                let tree = process_tree(driver.pid());
                tree.into_iter()
                    .map(|process| process.pid)
                    .find(|pid| processes::executable(*pid).as_ref() == Some(&binary))
            },
        );
        let running = Running {
            place: Arc::clone(session.place()),
            pid,
            started,
        };
        DrivenApp {
            running,
            pending: Some(pending),
            driver,
        }
    }

    /// A name for its log files that no earlier start in the session has.
    fn log_name(&self, session: &Session) -> String {
        let name = self
            .binary
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_free = |name: &String| !session.logs().join(name).with_extension("out").exists();
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        std::iter::once(name.clone())
            .chain(numbered)
            .find(is_free)
            .expect("there is always a next number")
    }
}

/// A process of the product, however it was started.
#[derive(Debug)]
pub struct Running {
    place: Arc<Place>,
    pid: u32,
    started: Instant,
}

impl Running {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// When its start was asked for.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Its tray item, waited for.
    #[track_caller]
    pub fn tray_item(&self) -> TrayItem {
        TrayItem::wait(&self.place, self.pid, Duration::from_secs(10))
    }

    /// The time from its start until its tray item was registered with `watcher`, waited for.
    #[track_caller]
    pub fn time_to_tray(&self, watcher: &Watcher) -> Duration {
        watcher.wait_for_item(Duration::from_secs(10)) - self.started
    }

    /// It and its descendants.
    pub fn processes(&self) -> Vec<Process> {
        process_tree(self.pid)
    }

    /// True while it runs.
    pub fn is_running(&self) -> bool {
        processes::is_running(self.pid)
    }

    /// True while one of its windows has a web process.
    pub fn web_process_alive(&self) -> bool {
        web_process_alive(self.pid)
    }

    /// Waits until none of its windows has a web process.
    #[track_caller]
    pub fn wait_for_no_web_process(&self, limit: Duration) {
        wait_for_no_web_process(self.pid, limit);
    }
}

/// A running program of the product; it ends when dropped.
#[derive(Debug)]
pub struct App {
    running: Running,
    program: Program,
}

impl App {
    /// What it wrote to standard output so far.
    pub fn output(&self) -> String {
        self.program.output()
    }

    /// What it wrote to standard error so far.
    pub fn errors(&self) -> String {
        self.program.errors()
    }

    /// Waits until its standard output holds `text`.
    #[track_caller]
    pub fn wait_for_output(&self, text: &str, limit: Duration) {
        self.program.wait_for_output(text, limit);
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub fn wait_exit(&mut self, limit: Duration) -> ExitStatus {
        self.program.wait_exit(limit)
    }

    /// Asks it to end and waits.
    #[track_caller]
    pub fn terminate(&mut self, limit: Duration) -> ExitStatus {
        self.program.terminate(limit)
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        self.program.kill();
    }
}

impl Deref for App {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

/// A running program of the product whose windows can be taken over; it ends when dropped.
#[derive(Debug)]
pub struct DrivenApp {
    running: Running,
    pending: Option<PendingSession>,
    driver: Driver,
}

impl DrivenApp {
    /// Takes its first window over, once it exists: something must have opened it. It can be taken once.
    #[track_caller]
    pub fn window(&mut self, limit: Duration) -> Window {
        self.pending
            .take()
            .expect("the window is taken over once")
            .window(limit)
    }

    /// What it and its driver wrote to standard output and error so far.
    pub fn output(&self) -> String {
        self.driver.output()
    }
}

impl Deref for DrivenApp {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}
