//! A real keyring in the session (gnome-keyring).

use std::io::Write as _;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use super::hand::Key;
use super::place::Place;
use super::program::Program;
use super::screen::Screen;

const SECRETS: &str = "org.freedesktop.secrets";
const LIMIT: Duration = Duration::from_secs(10);

/// The password of the session's keyring.
pub const KEYRING_PASSWORD: &str = "correct horse";

/// How the keyring is found by those who ask it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyringState {
    /// Open, as after a log-in.
    Unlocked,
    /// Locked, and nothing there that could ask the person: requests are refused at once.
    Locked,
    /// Locked, and the question for the password stands on the screen until somebody answers.
    LockedNobodyAnswers,
}

/// A running keyring.
#[derive(Debug)]
pub struct Keyring {
    place: Arc<Place>,
    daemon: Option<Program>,
}

impl Keyring {
    #[track_caller]
    pub(super) fn start(place: &Arc<Place>, state: KeyringState) -> Self {
        let mut keyring = Self {
            place: Arc::clone(place),
            daemon: None,
        };
        // Unlocking makes the keyring where there is none yet.
        keyring.launch(true);
        if state != KeyringState::Unlocked {
            keyring.lock(state == KeyringState::LockedNobodyAnswers);
        }
        keyring
    }

    /// Locks the keyring with all that it holds by starting it anew; `can_ask` lets it ask for the password.
    #[track_caller]
    pub fn lock(&mut self, can_ask: bool) {
        self.stop();
        if can_ask {
            self.place
                .allow_activation("org.gnome.keyring.SystemPrompter.service");
        }
        self.launch(false);
    }

    /// Ends the daemon and starts it again, unlocked: old sessions with it are void.
    #[track_caller]
    pub fn restart(&mut self) {
        self.stop();
        self.launch(true);
    }

    /// Ends the daemon.
    #[track_caller]
    pub fn stop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill();
            self.place.wait_for_name(SECRETS, false, LIMIT);
        }
    }

    /// Waits until the question for the password stands on the screen.
    #[track_caller]
    pub fn wait_for_question(&self, limit: Duration) {
        let screen = Screen::open(self.place.display());
        let window = screen.wait_for_window("the keyring's question", limit, |window| {
            window.class == "Gcr-prompter"
        });
        screen.settled_picture(window.area);
    }

    /// Types the password into the question and confirms.
    #[track_caller]
    pub fn answer_question(&self) {
        let screen = Screen::open(self.place.display());
        screen.type_text(KEYRING_PASSWORD);
        screen.press(Key::Return);
    }

    #[track_caller]
    fn launch(&mut self, unlock: bool) {
        let mut command = self.place.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if unlock {
            command.arg("--unlock").stdin(Stdio::piped());
        } else {
            command.arg("--start").stdin(Stdio::null());
        }
        let mut daemon = Program::start("gnome-keyring", &self.place.logs(), command);
        if let Some(mut input) = daemon.take_input() {
            // The end of the input is the end of the password: no line end.
            input
                .write_all(KEYRING_PASSWORD.as_bytes())
                .expect("the keyring reads its password");
        }
        self.daemon = Some(daemon);
        self.place.wait_for_name(SECRETS, true, LIMIT);
    }
}
