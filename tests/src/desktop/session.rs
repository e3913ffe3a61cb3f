//! One private desktop session.

use std::cell::RefCell;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};
use std::time::Duration;
use std::{panic, thread};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::bus::start_bus;
use super::dunst::Dunst;
use super::keyring::{Keyring, KeyringState};
use super::logind::Logind;
use super::notification_mock::NotificationMock;
use super::panel::{Panel, PanelLook};
use super::place::Place;
use super::processes;
use super::program::{Program, first_line};
use super::screen::Screen;
use super::tray_item::TrayItem;
use super::wait::eventually;
use super::watcher::Watcher;

/// A display, a bus and folders that nobody else sees; the other parts start on demand.
///
/// Dropping it ends every program that runs in it. When its test panics, its folder is kept with a picture of the
/// screen at that moment and the logs, and its path is printed.
#[derive(Debug)]
pub struct Session {
    place: Arc<Place>,
    bus: Option<Program>,
    display: Program,
    folder: Option<TempDir>,
}

impl Session {
    /// A session with a display and a bus, and nothing else on it.
    #[track_caller]
    pub fn start() -> Self {
        Self::new(true)
    }

    /// A session with a display and no bus at all.
    #[track_caller]
    pub fn without_bus() -> Self {
        Self::new(false)
    }

    #[track_caller]
    fn new(has_bus: bool) -> Self {
        super::require_tools();
        let folder = tempfile::Builder::new()
            .prefix("desk-")
            .tempdir_in("/tmp")
            .expect("/tmp is writable");
        Place::prepare(folder.path());
        let (display, number) = start_display(folder.path());
        let place = Arc::new(Place::new(folder.path(), format!(":{number}"), has_bus));
        let bus = has_bus.then(|| start_bus(&place));
        picture_on_panic(&place);
        Self {
            place,
            bus,
            display,
            folder: Some(folder),
        }
    }

    /// Its folders and addresses, for parts that outlive a borrow of the session.
    pub fn place(&self) -> &Arc<Place> {
        &self.place
    }

    /// Its screen, mouse and keyboard.
    #[track_caller]
    pub fn screen(&self) -> Screen {
        Screen::open(self.display())
    }

    /// A panel with a tray, as most desktops have.
    #[track_caller]
    pub fn panel(&self) -> Panel {
        Panel::start(&self.place, PanelLook::default())
    }

    /// A panel of a certain size and colour.
    #[track_caller]
    pub fn panel_with(&self, look: PanelLook) -> Panel {
        Panel::start(&self.place, look)
    }

    /// A watcher of tray items that says nobody shows them.
    #[track_caller]
    pub fn watcher_without_host(&self) -> Watcher {
        Watcher::start(&self.place, false)
    }

    /// A watcher of tray items that says they are shown: a tray without a screen, for tests that need no panel.
    #[track_caller]
    pub fn watcher(&self) -> Watcher {
        Watcher::start(&self.place, true)
    }

    /// A real notification daemon.
    #[track_caller]
    pub fn notification_daemon(&self) -> Dunst {
        Dunst::start(&self.place)
    }

    /// A notification server that records, and answers what the test says.
    #[track_caller]
    pub fn notification_mock(&self) -> NotificationMock {
        NotificationMock::start(&self.place)
    }

    /// A login service that says when the computer sleeps, on the session's own bus.
    #[track_caller]
    pub fn logind(&self) -> Logind {
        Logind::start(&self.place)
    }

    /// The variable that makes the session's bus a program's system bus too: its name and value.
    pub fn system_bus(&self) -> (&'static str, String) {
        ("DBUS_SYSTEM_BUS_ADDRESS", self.place.bus_address())
    }

    /// A real keyring.
    #[track_caller]
    pub fn keyring(&self, state: KeyringState) -> Keyring {
        Keyring::start(&self.place, state)
    }

    /// The tray item of the process `pid`, waited for.
    #[track_caller]
    pub fn tray_item(&self, pid: u32) -> TrayItem {
        TrayItem::wait(&self.place, pid, Duration::from_secs(10))
    }

    /// Starts a program in the session; its output goes to the session's logs.
    #[track_caller]
    pub fn run(&self, name: &str, program: impl AsRef<Path>, args: &[&str]) -> Program {
        let mut command = self.command(program);
        command.args(args);
        Program::start(name, &self.logs(), command)
    }

    /// Ends the bus, as a crash of it would.
    pub fn stop_bus(&mut self) {
        self.bus = None;
    }
}

impl Deref for Session {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.bus = None;
        self.display.kill();
        end_all_in(&self.place.runtime_dir());
        if let Some(folder) = self.folder.take().filter(|_| thread::panicking()) {
            let path = folder.keep();
            eprint_line(&format!(
                "the session's logs and the screen at the failure are kept in {}",
                path.display()
            ));
        }
    }
}

fn start_display(folder: &Path) -> (Program, String) {
    // The display needs none of the session's environment; a place without a display gives it all the same.
    let place = Place::new(folder, String::new(), false);
    let mut command = place.command("Xvfb");
    command.args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1280x800x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]);
    let (program, output) = Program::start_piped("Xvfb", &place.logs(), command);
    let number = first_line(output, Duration::from_secs(20));
    let number =
        number.unwrap_or_else(|| panic!("the display does not start: {}", program.errors()));
    (program, number)
}

/// Ends every process whose runtime folder is `runtime_dir`: services that the bus started, and strays.
fn end_all_in(runtime_dir: &Path) {
    let mark = format!("XDG_RUNTIME_DIR={}", runtime_dir.display());
    let gone = eventually(Duration::from_secs(5), || {
        let left: Vec<u32> = processes::with_environment(&mark)
            .into_iter()
            .filter(|pid| processes::is_running(*pid))
            .collect();
        for pid in left
            .iter()
            .filter_map(|pid| i32::try_from(*pid).ok().and_then(Pid::from_raw))
        {
            // It may end by itself at this moment.
            let _ = kill_process(pid, Signal::KILL);
        }
        left.is_empty().then_some(())
    });
    // A second panic would end the whole test run.
    assert!(
        gone.is_some() || thread::panicking(),
        "some processes of the session in {} do not end",
        runtime_dir.display()
    );
}

thread_local! {
    /// The sessions that this thread started.
    static SESSIONS: RefCell<Vec<(String, PathBuf)>> = const { RefCell::new(Vec::new()) };
}

/// Lets a panic of this thread save the screen before the session's parts are dropped.
fn picture_on_panic(place: &Place) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            usual(info);
            let sessions = SESSIONS.with(|sessions| {
                sessions
                    .try_borrow()
                    .map(|all| all.clone())
                    .unwrap_or_default()
            });
            for (display, folder) in sessions.iter().filter(|(_, folder)| folder.is_dir()) {
                // A second panic here would end the process: what fails is left out.
                let picture = Screen::try_open(display)
                    .ok()
                    .and_then(|screen| screen.try_picture_of(screen.area()).ok());
                let _ = picture.map(|picture| picture.try_save(&folder.join("failure.png")));
            }
        }));
    });
    let entry = (place.display().to_owned(), place.folder().to_owned());
    SESSIONS.with(|sessions| sessions.borrow_mut().push(entry));
}

#[expect(
    clippy::print_stderr,
    reason = "the person who reads a failed test needs the path"
)]
fn eprint_line(line: &str) {
    eprintln!("{line}");
}
