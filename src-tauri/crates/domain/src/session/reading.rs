//! Reads: when the next one is due, and where the status is looked for.

use std::time::Duration;

use super::choice::Stage;
use super::{Effect, Session};
use crate::{DeskError, Now, ReadPath, Reading};

/// However often somebody looks, reads are so far apart.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);
/// Where the status is readable is looked for anew, at three requests at most, no more often than this.
const BETWEEN_SEARCHES: Duration = Duration::from_secs(600);
/// After such a search another one waits for its turn.
const BETWEEN_HURRIED_SEARCHES: Duration = Duration::from_secs(20);
impl Session {
    pub(super) fn fetched(
        &mut self,
        result: Result<Reading, DeskError>,
        now: Now,
        chance: f64,
        fx: &mut Vec<Effect>,
    ) {
        let (overtaken, phone_overtaken) =
            self.requests.fetch.take().map_or((false, false), |fetch| {
                (fetch.overtaken, fetch.phone_overtaken)
            });
        match result {
            Ok(reading) => {
                self.answered();
                self.line.comes_along = reading.phone.is_some();
                if let Some(phone) = reading.phone.filter(|_| !phone_overtaken) {
                    self.phone_told(phone, now, fx);
                }
                self.link.pace.answered(reading.budget);
                self.due.fetch = self.next_try(self.link.failures, now, chance);
                if overtaken {
                    self.due.fetch = now.since_boot;
                    // A write in doubt waits for a read that counts.
                    if let Some(choice) = &mut self.choice
                        && choice.stage == Stage::Reading
                    {
                        choice.stage = Stage::InDoubt(now.since_boot);
                    }
                    return;
                }
                if self.is_passing_blindness(reading.path, now) {
                    return;
                }
                self.found_path(reading.path, now, fx);
                if !self.resolve_doubt(&reading.seen, now, fx) {
                    self.believe(reading.seen, now, fx);
                }
                self.follow_call(now, fx);
            }
            Err(error) => {
                self.troubled(&error, now);
                self.due.fetch = self.next_try(self.link.failures, now, chance);
                self.read_failed(&error, now, fx);
            }
        }
    }

    /// Makes a read due at once, 5 s after the last one at the soonest.
    pub(super) fn read_soon(&mut self, now: Now) {
        let soonest = self
            .due
            .last_fetch
            .map_or(now.since_boot, |last| last + BETWEEN_LOOKS);
        self.due.fetch = self.due.fetch.min(soonest.max(now.since_boot));
        // Where nothing is readable, the probe tells whether an account that failed lives again.
        if self.link.failures > 0 && !self.link.is_doubted() {
            self.due.probe = self
                .due
                .probe
                .map(|at| at.min(now.since_boot + BETWEEN_LOOKS));
        }
    }

    /// Looks anew where the status is readable, unless that was done a while ago; whether it does.
    ///
    /// A role may have gained a right, and an account may have switched omnichannel routing, after which Talk's states
    /// are the statuses no longer, or have become them.
    pub(super) fn look_for_better_path(&mut self, now: Now) -> bool {
        let path = self.known.path.or(self.remembered.read_path);
        let misfit = path.is_some_and(|path| self.is_misfit(path));
        let looked_lately = self
            .due
            .looked_anew
            .is_some_and(|at| now.since_boot < at + BETWEEN_SEARCHES);
        self.due.anew = misfit || !looked_lately && path.is_some_and(|path| path != ReadPath::Own);
        // Where list and place do not fit for long, it is not asked in a hurry.
        let just_looked = self
            .due
            .looked_anew
            .is_some_and(|at| now.since_boot < at + BETWEEN_HURRIED_SEARCHES);
        if self.due.anew && !just_looked {
            self.read_soon(now);
        }
        self.due.anew
    }

    /// Whether a read that found nothing readable, where something was, is to be repeated before it is believed.
    fn is_passing_blindness(&mut self, path: ReadPath, now: Now) -> bool {
        let was_readable = self
            .known
            .path
            .is_some_and(|known| known != ReadPath::Nowhere);
        let waited_for = self
            .choice
            .as_ref()
            .is_some_and(|choice| choice.stage == Stage::Reading);
        let first = path == ReadPath::Nowhere && was_readable && !waited_for && !self.due.blind;
        self.due.blind = first;
        if first {
            self.due.anew = true;
            self.due.fetch = now.since_boot + BETWEEN_LOOKS;
        }
        first
    }

    fn found_path(&mut self, path: ReadPath, now: Now, fx: &mut Vec<Effect>) {
        let is_news = self.known.path != Some(path);
        self.known.path = Some(path);
        if is_news && self.is_misfit(path) {
            // Somebody switched omnichannel routing: there are other statuses now.
            self.due.list = now.since_boot;
        }
        if self.remembered.read_path != Some(path) {
            self.remembered.read_path = Some(path);
            self.remember(fx);
        }
    }
}
