//! The hidden window, asked as Windows asks it.

use std::time::{Duration, Instant};

use engine::Event;
use tokio::runtime::Runtime;
use windows_sys::Win32::UI::WindowsAndMessaging::{IsWindow, SendMessageW};

use super::*;

/// More than enough for a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Windows' timers are as coarse as that.
const TICK: Duration = Duration::from_millis(50);

/// An engine that hears, and a window to be asked.
struct Computer {
    runtime: Runtime,
    told: mpsc::Receiver<Event>,
    window: Address,
    opened: thread_channel::Receiver<Address>,
    shutdown: Shutdown,
    _view: watch::Sender<Arc<View>>,
}

impl Computer {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let (events, told) = mpsc::channel(16);
        let (shown, view) = watch::channel(Arc::new(View::default()));
        let shutdown = Shutdown::default();
        let opened = {
            let _inside = runtime.enter();
            open(events, view, shutdown.clone())
        };
        let window = opened.recv_timeout(PATIENCE).expect("a window");
        Self {
            runtime,
            told,
            window,
            opened,
            shutdown,
            _view: shown,
        }
    }

    /// Sends a message and waits for the answer, as Windows does.
    #[expect(unsafe_code, reason = "a call of the system's")]
    fn ask(&self, message: u32, word: usize, long: isize) -> LRESULT {
        // SAFETY: no message that is sent here carries a pointer.
        unsafe { SendMessageW(self.window.window(), message, word, long) }
    }

    fn hears(&mut self) -> Event {
        let told = async { tokio::time::timeout(PATIENCE, self.told.recv()).await };
        let told = self.runtime.block_on(told).expect("told in time");
        told.expect("the watch goes on")
    }

    fn hears_nothing(&mut self) {
        assert!(self.told.try_recv().is_err());
    }

    /// Asks from another thread; gives when the question was put and answered, and what `meanwhile` gives.
    fn asks_and_meanwhile<T>(
        &mut self,
        (message, word): (u32, usize),
        meanwhile: impl FnOnce(&mut Self) -> T,
    ) -> (Instant, Instant, T) {
        let window = self.window;
        let asking = thread::spawn(move || {
            let begun = Instant::now();
            #[expect(unsafe_code, reason = "a call of the system's")]
            // SAFETY: no message that is sent here carries a pointer.
            unsafe {
                SendMessageW(window.window(), message, word, 0)
            };
            (begun, Instant::now())
        });
        let given = meanwhile(self);
        let (asked, answered) = asking.join().expect("an answer");
        (asked, answered, given)
    }

    fn is_asked_to_settle(&mut self) -> Event {
        let event = self.hears();
        assert!(matches!(event, Event::Settle(_)), "{event:?}");
        event
    }
}

/// When whoever writes has written.
fn written(delay: Event) -> Instant {
    let written = Instant::now();
    drop(delay);
    written
}

#[test]
fn sleep_waits_until_nothing_is_written_any_more() {
    let mut computer = Computer::new();
    let question = (message::POWER, message::SUSPEND);
    let (_, answered, written) = computer.asks_and_meanwhile(question, |computer| {
        assert_eq!(computer.hears(), Event::Slept);
        written(computer.is_asked_to_settle())
    });
    assert!(answered >= written);
    computer.ask(message::POWER, message::RESUME_AUTOMATIC, 0);
    assert_eq!(computer.hears(), Event::Woke);
}

#[test]
fn sleep_waits_no_longer_than_windows_does() {
    let mut computer = Computer::new();
    let question = (message::POWER, message::SUSPEND);
    let (asked, answered, _never_written) = computer.asks_and_meanwhile(question, |computer| {
        assert_eq!(computer.hears(), Event::Slept);
        computer.is_asked_to_settle()
    });
    assert!(answered.duration_since(asked) + TICK >= message::BEFORE_SLEEP);
}

#[test]
fn the_end_of_the_session_waits_until_the_guard_is_done() {
    let mut computer = Computer::new();
    assert_eq!(computer.ask(message::QUERY_END_SESSION, 0, 0), 1);
    computer.hears_nothing();
    assert!(computer.shutdown.is_near());
    let question = (message::END_SESSION, 1);
    let (_, answered, written) = computer.asks_and_meanwhile(question, |computer| {
        assert_eq!(computer.hears(), Event::ShuttingDown);
        written(computer.is_asked_to_settle())
    });
    assert!(answered >= written);
}

#[test]
fn the_end_of_the_session_waits_for_four_seconds_at_most() {
    let mut computer = Computer::new();
    let question = (message::END_SESSION, 1);
    let (asked, answered, _never_written) = computer.asks_and_meanwhile(question, |computer| {
        assert_eq!(computer.hears(), Event::ShuttingDown);
        computer.is_asked_to_settle()
    });
    let took = answered.duration_since(asked);
    assert!(
        took + TICK >= message::BEFORE_END && took < PATIENCE,
        "{took:?}"
    );
}

#[test]
fn a_shutdown_that_is_called_off_is_told_to_nobody() {
    let mut computer = Computer::new();
    assert_eq!(computer.ask(message::QUERY_END_SESSION, 0, 0), 1);
    assert_eq!(computer.ask(message::END_SESSION, 0, 0), 0);
    assert!(!computer.shutdown.is_near());
    computer.hears_nothing();
}

#[test]
fn lock_unlock_and_network_are_told() {
    let mut computer = Computer::new();
    computer.ask(message::SESSION, message::LOCK, 1);
    assert_eq!(computer.hears(), Event::Locked);
    computer.ask(message::SESSION, message::UNLOCK, 1);
    assert_eq!(computer.hears(), Event::Unlocked);
    computer.window.post(message::ADDRESS_CHANGED);
    assert_eq!(computer.hears(), Event::NetworkChanged);
}

#[test]
fn who_closes_all_windows_does_not_end_the_watch() {
    let mut computer = Computer::new();
    computer.ask(message::CLOSE, 0, 0);
    computer.ask(message::SESSION, message::LOCK, 1);
    assert_eq!(computer.hears(), Event::Locked);
}

#[test]
#[expect(unsafe_code, reason = "a call of the system's")]
fn the_window_goes_with_the_engine() {
    let computer = Computer::new();
    drop(computer.told);
    // The thread says no more once it has ended.
    assert!(computer.opened.recv_timeout(PATIENCE).is_err());
    // SAFETY: any number may be asked about.
    assert_eq!(unsafe { IsWindow(computer.window.window()) }, 0);
}

#[test]
fn windows_says_for_how_long_nobody_has_touched_the_computer() {
    assert!(untouched().is_some());
}
