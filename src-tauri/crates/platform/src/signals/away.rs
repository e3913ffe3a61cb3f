//! Two ways of being away from the screen, which are told as one lock.

use engine::Event;

/// Which of the two it is, if any.
#[derive(Debug, Default)]
pub(super) struct Away {
    pub(super) is_locked: bool,
    /// Another user is at the screen, or the remote desktop is closed.
    pub(super) is_elsewhere: bool,
}

impl Away {
    /// Changes it, and gives what is to be told of that.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Self)) -> Option<Event> {
        let was_away = self.is_away();
        change(self);
        match (was_away, self.is_away()) {
            (false, true) => Some(Event::Locked),
            (true, false) => Some(Event::Unlocked),
            _ => None,
        }
    }

    /// Whoever unlocks is at the screen, whatever was missed before.
    pub(super) fn unlocks(&mut self) {
        *self = Self::default();
    }

    fn is_away(&self) -> bool {
        self.is_locked || self.is_elsewhere
    }
}
