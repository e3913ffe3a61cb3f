//! What macOS says by notifications, and what it means.

use engine::Event;

use super::away::Away;

/// Of the screen, by the distributed centre; documented nowhere, and what every program on macOS goes by.
#[cfg(target_os = "macos")]
pub(super) const SCREEN: [&str; 2] = [LOCKED, UNLOCKED];

const LOCKED: &str = "com.apple.screenIsLocked";
const UNLOCKED: &str = "com.apple.screenIsUnlocked";
/// The workspace's, by their names (<https://developer.apple.com/documentation/appkit/nsworkspace>).
const WILL_SLEEP: &str = "NSWorkspaceWillSleepNotification";
const DID_WAKE: &str = "NSWorkspaceDidWakeNotification";
const WILL_POWER_OFF: &str = "NSWorkspaceWillPowerOffNotification";
const RESIGNED: &str = "NSWorkspaceSessionDidResignActiveNotification";
const BECAME: &str = "NSWorkspaceSessionDidBecomeActiveNotification";

/// What is to be done about a notification.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing.
    Nothing,
    /// Tell the engine.
    Tell(Event),
    /// Tell the engine, and return once nothing is being written: until then the computer stays awake.
    Hold(Event),
    /// The agent asked for the end of the session. It may still be called off, and nobody would tell.
    MayEnd,
}

/// Reads notifications, and knows whether the agent is away from the screen.
#[derive(Debug, Default)]
pub(super) struct Reader(Away);

impl Reader {
    /// Reads the name of a notification.
    pub(super) fn read(&mut self, name: &str) -> Meaning {
        match name {
            WILL_SLEEP => return Meaning::Hold(Event::Slept),
            DID_WAKE => return Meaning::Tell(Event::Woke),
            WILL_POWER_OFF => return Meaning::MayEnd,
            _ => {}
        }
        let told = self.0.change(|away| match name {
            LOCKED => away.is_locked = true,
            UNLOCKED => away.unlocks(),
            RESIGNED => away.is_elsewhere = true,
            BECAME => away.is_elsewhere = false,
            _ => {}
        });
        told.map_or(Meaning::Nothing, Meaning::Tell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_waits_for_what_is_written_and_waking_is_told() {
        let mut reader = Reader::default();
        assert_eq!(reader.read(WILL_SLEEP), Meaning::Hold(Event::Slept));
        assert_eq!(reader.read(DID_WAKE), Meaning::Tell(Event::Woke));
        assert_eq!(
            reader.read("NSWorkspaceScreensDidSleepNotification"),
            Meaning::Nothing
        );
    }

    #[test]
    fn nothing_is_told_of_an_end_that_may_still_be_called_off() {
        assert_eq!(Reader::default().read(WILL_POWER_OFF), Meaning::MayEnd);
    }

    #[test]
    fn a_lock_and_another_user_at_the_screen_are_told_as_one() {
        let mut reader = Reader::default();
        let mut told = Vec::new();
        for name in [RESIGNED, LOCKED, BECAME, UNLOCKED, UNLOCKED, LOCKED, LOCKED] {
            if let Meaning::Tell(event) = reader.read(name) {
                told.push(event);
            }
        }
        assert_eq!(told, [Event::Locked, Event::Unlocked, Event::Locked]);
    }
}
