//! The click whose outcome the program did not live to hear: whoever runs next tells what became of it.

use super::known::What;
use super::{Effect, Session};
use crate::words::short;
use crate::{Code, Failure, NamedStatus, Now, ReadPath};

impl Session {
    /// Keeps on disk which click has no outcome yet, together with whatever else is kept now.
    pub(super) fn keep_open_click(&mut self, fx: &mut Vec<Effect>) {
        let mut newest = [&self.next, &self.choice, &self.interrupted]
            .into_iter()
            .flatten();
        // A guard's write is told by the guard, and a rule's end comes again by itself.
        let click = newest.find(|choice| !choice.waiting.is_empty());
        let click = click.map(|choice| choice.to.clone());
        if click.is_some() {
            self.unheard = None;
        }
        let open = click.or_else(|| self.unheard.clone());
        if self.remembered.open_click == open {
            return;
        }
        self.remembered.open_click.clone_from(&open);
        let mut is_kept = false;
        for effect in &mut *fx {
            if let Effect::Remember(remembered) = effect {
                remembered.open_click.clone_from(&open);
                is_kept = true;
            }
        }
        if !is_kept {
            self.remember(fx);
        }
    }

    /// Tells once, as soon as the status was read, that the program before ended without an answer to a click; where the
    /// click came about, there is nothing to tell.
    pub(super) fn tell_unheard(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(to) = self.unheard.clone() else {
            return;
        };
        let desk = self.desk.words();
        let (came_about, current) = match (&self.known.what, self.known.path) {
            (What::Status(known), _) => {
                let name = short(&known.status.name, 60);
                (known.status.id == to.id, format!("You are in {name}."))
            }
            (What::Channel(known), _) => {
                // What a custom status does to a channel only the list tells.
                if to.custom && self.statuses.is_empty() {
                    return;
                }
                let kind = known.channel.kind();
                let fits = kind.is_some_and(|kind| self.fits(&to, &known.channel.name, kind));
                let state = known.state_in_words();
                (fits, format!("Your phone channel is in {state}."))
            }
            (What::Nothing, Some(ReadPath::Nowhere)) => {
                let unreadable = format!("{desk} does not let your role read what came of it.");
                (false, unreadable)
            }
            (What::Nothing, _) => return,
        };
        self.unheard = None;
        if !came_about {
            self.fail_unheard(to, &current, now, fx);
        }
    }

    fn fail_unheard(&mut self, to: NamedStatus, current: &str, now: Now, fx: &mut Vec<Effect>) {
        let message = format!(
            "Statuslight ended before {} answered your switch to \u{201c}{}\u{201d}. {current} \
             Choose again if you still want it.",
            self.desk.words(),
            short(&to.name, 60),
        );
        self.show_failed(to, Failure::new(Code::Ended, message), now, fx);
    }
}
