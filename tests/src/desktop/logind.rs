//! A login service that says when the computer sleeps, and waits for who holds it up.

use std::io::{PipeWriter, Read as _, pipe};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use zbus::blocking::Connection;
use zbus::{fdo, interface, zvariant};

use super::place::Place;
use super::wait::wait_for;

const LOGIN: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";

/// A running login service on the session's bus; it leaves the bus when dropped.
#[derive(Debug)]
pub struct Logind {
    connection: Connection,
    taken: Taken,
}

/// What was taken to hold sleep or shutdown up.
#[derive(Clone, Debug)]
pub struct Inhibition {
    /// What is held up.
    pub what: String,
    /// By whom.
    pub who: String,
    /// How: `delay` or `block`.
    pub mode: String,
    /// When it was let go.
    pub released: Option<Instant>,
}

type Taken = Arc<Mutex<Vec<Inhibition>>>;

#[derive(Debug)]
struct Service(Taken);

impl Logind {
    #[track_caller]
    pub(super) fn start(place: &Place) -> Self {
        let connection = place.connect();
        let taken = Taken::default();
        connection
            .object_server()
            .at(PATH, Service(Arc::clone(&taken)))
            .expect("the path is free");
        connection
            .request_name(LOGIN)
            .expect("no other login service is on the bus");
        Self { connection, taken }
    }

    /// What was taken so far.
    pub fn taken(&self) -> Vec<Inhibition> {
        self.taken.lock().expect("no test panics here").clone()
    }

    /// Waits until something is held up for the `count`th time.
    #[track_caller]
    pub fn wait_until_held(&self, count: usize, limit: Duration) -> Inhibition {
        wait_for("sleep to be held up", limit, || {
            self.taken().get(count - 1).cloned()
        })
    }

    /// Waits until what was held up for the `count`th time is let go, and says when it was.
    #[track_caller]
    pub fn wait_until_released(&self, count: usize, limit: Duration) -> Instant {
        wait_for("sleep to be let go", limit, || {
            self.taken().get(count - 1).and_then(|taken| taken.released)
        })
    }

    /// Says that the computer goes to sleep, or woke up.
    #[track_caller]
    pub fn sleep(&self, begins: bool) {
        self.emit("PrepareForSleep", begins);
    }

    /// Says that the computer shuts down, or does not after all.
    #[track_caller]
    pub fn shut_down(&self, begins: bool) {
        self.emit("PrepareForShutdown", begins);
    }

    #[track_caller]
    fn emit(&self, signal: &str, begins: bool) {
        self.connection
            .emit_signal(None::<&str>, PATH, MANAGER, signal, &(begins,))
            .expect("the bus lives");
    }
}

#[interface(name = "org.freedesktop.login1.Manager")]
impl Service {
    fn inhibit(
        &self,
        what: String,
        who: String,
        why: &str,
        mode: String,
    ) -> fdo::Result<zvariant::OwnedFd> {
        if why.is_empty() {
            return Err(fdo::Error::InvalidArgs("it says no reason".to_owned()));
        }
        let (mut reader, writer): (_, PipeWriter) =
            pipe().map_err(|error| fdo::Error::Failed(error.to_string()))?;
        let mut taken = self.0.lock().expect("no test panics here");
        let index = taken.len();
        taken.push(Inhibition {
            what,
            who,
            mode,
            released: None,
        });
        let taken = Arc::clone(&self.0);
        thread::spawn(move || {
            // Nothing is ever written: the read ends when the last holder has closed its end.
            let _ = reader.read(&mut [0]);
            taken.lock().expect("no test panics here")[index].released = Some(Instant::now());
        });
        Ok(OwnedFd::from(writer).into())
    }
}
