//! What Windows says to a hidden window, and what it means.
//!
//! The numbers are those of `winuser.h`; where the window is made, each is compared with the system's own.

use std::time::Duration;

use engine::{Event, UNTIL_SETTLED};

use super::away::Away;

pub(super) const QUERY_END_SESSION: u32 = 0x0011;
pub(super) const END_SESSION: u32 = 0x0016;
pub(super) const CLOSE: u32 = 0x0010;
pub(super) const POWER: u32 = 0x0218;
pub(super) const SESSION: u32 = 0x02B1;
/// Sent by ourselves when an address of this computer came or went.
pub(super) const ADDRESS_CHANGED: u32 = 0x8001;

pub(super) const SUSPEND: usize = 4;
/// After `RESUME_AUTOMATIC`, when somebody is there.
pub(super) const RESUME_SUSPEND: usize = 7;
pub(super) const RESUME_AUTOMATIC: usize = 18;

pub(super) const CONSOLE_CONNECT: usize = 1;
pub(super) const CONSOLE_DISCONNECT: usize = 2;
pub(super) const REMOTE_CONNECT: usize = 3;
pub(super) const REMOTE_DISCONNECT: usize = 4;
pub(super) const LOCK: usize = 7;
pub(super) const UNLOCK: usize = 8;

/// The program alone is to end, so that its files can be replaced.
pub(super) const CLOSE_APP: u32 = 1;
/// The user logs off and the computer stays on.
pub(super) const LOG_OFF: u32 = 0x8000_0000;

/// So long Windows waits for an answer before it sleeps all the same
/// (<https://learn.microsoft.com/windows/win32/power/pbt-apmsuspend>: approximately two seconds).
pub(super) const BEFORE_SLEEP: Duration = Duration::from_secs(2);
/// As long as the engine lets anybody wait. Windows takes a program for hanging after five seconds
/// (<https://learn.microsoft.com/previous-versions/windows/desktop/ms700677(v=vs.85)>).
pub(super) const BEFORE_END: Duration = UNTIL_SETTLED;

/// What is to be done about a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// What Windows does by itself.
    Nothing,
    /// What Windows would do by itself is not to be done: the window stays until the engine ends.
    Stay,
    /// Tell the engine.
    Tell(Event),
    /// Tell the engine, and answer once nothing is being written, or after this time.
    Hold(Option<Event>, Duration),
    /// Windows asks whether the session may end; it may, and more programs are asked.
    MayEnd {
        /// The computer shuts down with it.
        shuts_down: bool,
    },
    /// The session goes on after all.
    GoesOn,
}

/// Reads messages, and knows whether the agent is away from the screen and the computer asleep.
#[derive(Debug, Default)]
pub(super) struct Reader {
    is_asleep: bool,
    away: Away,
}

impl Reader {
    /// Reads a message to the window.
    pub(super) fn read(&mut self, message: u32, word: usize, long: isize) -> Meaning {
        match (message, word) {
            (POWER, SUSPEND) => {
                self.is_asleep = true;
                Meaning::Hold(Some(Event::Slept), BEFORE_SLEEP)
            }
            // The one of the three that comes after every sleep.
            (POWER, RESUME_AUTOMATIC) => {
                self.is_asleep = false;
                Meaning::Tell(Event::Woke)
            }
            // Should that one be missed, nobody would ever be asked again.
            (POWER, RESUME_SUSPEND) if std::mem::take(&mut self.is_asleep) => {
                Meaning::Tell(Event::Woke)
            }
            (SESSION, change) => self.session(change),
            (QUERY_END_SESSION, _) => Meaning::MayEnd {
                shuts_down: shuts_down(long),
            },
            (END_SESSION, 0) => Meaning::GoesOn,
            // Only now nobody can object any more, so that the guard does not act on a shutdown that is called off.
            (END_SESSION, _) => {
                let event = shuts_down(long).then_some(Event::ShuttingDown);
                Meaning::Hold(event, BEFORE_END)
            }
            (ADDRESS_CHANGED, _) => Meaning::Tell(Event::NetworkChanged),
            (CLOSE, _) => Meaning::Stay,
            _ => Meaning::Nothing,
        }
    }

    fn session(&mut self, change: usize) -> Meaning {
        let told = self.away.change(|away| match change {
            LOCK => away.is_locked = true,
            UNLOCK => away.unlocks(),
            CONSOLE_DISCONNECT | REMOTE_DISCONNECT => away.is_elsewhere = true,
            CONSOLE_CONNECT | REMOTE_CONNECT => away.is_elsewhere = false,
            _ => {}
        });
        told.map_or(Meaning::Nothing, Meaning::Tell)
    }
}

/// Whether the computer shuts down, by the flags of a message on the end of the session.
fn shuts_down(long: isize) -> bool {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the flags are the lower 32 bits"
    )]
    let flags = long as u32;
    flags & (CLOSE_APP | LOG_OFF) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: u32, word: usize, long: isize) -> Meaning {
        Reader::default().read(message, word, long)
    }

    #[test]
    fn sleep_waits_for_what_is_written_and_waking_is_told() {
        assert_eq!(
            read(POWER, SUSPEND, 0),
            Meaning::Hold(Some(Event::Slept), BEFORE_SLEEP)
        );
        assert_eq!(read(POWER, RESUME_AUTOMATIC, 0), Meaning::Tell(Event::Woke));
        let mut reader = Reader::default();
        reader.read(POWER, SUSPEND, 0);
        assert_eq!(
            reader.read(POWER, RESUME_SUSPEND, 0),
            Meaning::Tell(Event::Woke)
        );
        // The battery and the like, and the second word on waking when somebody is there.
        for other in [7, 9, 10, 11, 0x8013] {
            assert_eq!(read(POWER, other, 0), Meaning::Nothing);
        }
    }

    #[test]
    fn nothing_is_told_of_a_shutdown_that_may_still_be_called_off() {
        assert_eq!(
            read(QUERY_END_SESSION, 0, 0),
            Meaning::MayEnd { shuts_down: true }
        );
        assert_eq!(read(END_SESSION, 0, 0), Meaning::GoesOn);
        assert_eq!(
            read(END_SESSION, 1, 0),
            Meaning::Hold(Some(Event::ShuttingDown), BEFORE_END)
        );
    }

    #[test]
    fn logging_off_and_an_update_are_no_shutdown_but_are_held_all_the_same() {
        // On 64 bits the flag may come with or without its sign.
        for flags in [1, 0x8000_0000_u32.cast_signed() as isize, 0x8000_0001] {
            assert_eq!(read(END_SESSION, 1, flags), Meaning::Hold(None, BEFORE_END));
            assert_eq!(
                read(QUERY_END_SESSION, 0, flags),
                Meaning::MayEnd { shuts_down: false }
            );
        }
        // A forced shutdown is one.
        assert_eq!(
            read(END_SESSION, 1, 0x4000_0000),
            Meaning::Hold(Some(Event::ShuttingDown), BEFORE_END)
        );
    }

    #[test]
    fn a_lock_is_told_once_and_so_is_its_end() {
        let mut reader = Reader::default();
        let mut told = Vec::new();
        for change in [LOCK, LOCK, 9, UNLOCK, UNLOCK] {
            if let Meaning::Tell(event) = reader.read(SESSION, change, 0) {
                told.push(event);
            }
        }
        assert_eq!(told, [Event::Locked, Event::Unlocked]);
    }

    #[test]
    fn another_user_at_the_screen_is_a_lock_and_coming_back_to_a_locked_one_is_no_unlock() {
        let mut reader = Reader::default();
        let mut read = |change| reader.read(SESSION, change, 0);
        assert_eq!(read(CONSOLE_DISCONNECT), Meaning::Tell(Event::Locked));
        assert_eq!(read(LOCK), Meaning::Nothing);
        assert_eq!(read(CONSOLE_CONNECT), Meaning::Nothing);
        assert_eq!(read(UNLOCK), Meaning::Tell(Event::Unlocked));
        assert_eq!(read(REMOTE_DISCONNECT), Meaning::Tell(Event::Locked));
        assert_eq!(read(REMOTE_CONNECT), Meaning::Tell(Event::Unlocked));
    }

    #[test]
    fn the_window_is_not_closed_by_others() {
        assert_eq!(read(CLOSE, 0, 0), Meaning::Stay);
    }
}
