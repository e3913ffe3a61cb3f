//! The clicks whose outcome the program did not live to hear: whoever runs next tells what became of them.

use super::known::What;
use super::remembered::LONGEST_WRITE;
use super::{Effect, Input, Session};
use crate::words::short;
use crate::{Code, Failure, NamedStatus, Now, ReadPath, Via};

impl Session {
    /// Keeps on disk which clicks have no outcome yet, together with whatever else is kept now.
    pub(super) fn keep_open_clicks(&mut self, fx: &mut Vec<Effect>) {
        let mut newest = [&self.next, &self.choice, &self.interrupted]
            .into_iter()
            .flatten();
        // A guard's write is told by the guard, and a rule's end comes again by itself.
        let click = newest.find(|choice| !choice.waiting.is_empty());
        let click = click.map(|choice| choice.to.clone());
        let line = &self.line;
        let via = [&line.next, &line.choice, &line.interrupted];
        let via = via.into_iter().flatten().next().map(|choice| choice.to);
        let open = (click.or_else(|| self.unheard.clone()), via.or(line.unheard));
        let remembered = &mut self.remembered;
        if (&remembered.open_click, remembered.open_via) == (&open.0, open.1) {
            return;
        }
        (remembered.open_click, remembered.open_via) = open;
        for effect in &mut *fx {
            if let Effect::Remember(kept) = effect {
                kept.open_click.clone_from(&remembered.open_click);
                kept.open_via = remembered.open_via;
            }
        }
        let mut until_sent = fx
            .iter()
            .take_while(|effect| !matches!(effect, Effect::Push { .. } | Effect::PushVia { .. }));
        // It is kept before anything is sent for it.
        if !until_sent.any(|effect| matches!(effect, Effect::Remember(_))) {
            fx.insert(0, Effect::Remember(Box::new(self.remembered.clone())));
        }
    }

    /// What the agent wants now takes the place of what nobody heard the answer to.
    pub(super) fn overtake_unheard(&mut self, input: &Input) {
        match input {
            Input::Choose { .. } | Input::PutBack { .. } => self.unheard = None,
            Input::AnswerBy { .. } => self.line.unheard = None,
            _ => {}
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

    /// The same for where calls ring, as soon as the phone was read.
    pub(super) fn tell_unheard_via(&mut self, now: Now) {
        let Some(to) = self.line.unheard else { return };
        let desk = self.desk.words();
        let current = match &self.line.told {
            Some(told) => match told.phone.via {
                Some(via) if via == to => {
                    self.line.unheard = None;
                    return;
                }
                Some(via) => format!("You answer {}.", via.words()),
                None => format!("{desk} does not say where calls ring."),
            },
            None if self.line.is_absent => format!("{desk} tells of no phone for you."),
            None => return,
        };
        self.fail_unheard_via(to, &current, now);
    }

    fn fail_unheard_via(&mut self, to: Via, current: &str, now: Now) {
        self.line.unheard = None;
        let message = format!(
            "Statuslight ended before it was confirmed that you answer {}. {current} \
             Choose again if you still want it.",
            to.words(),
        );
        self.show_failed_via(to, Failure::new(Code::Ended, message), now);
        // What was sent for it may be applied until then.
        let settled = self.began.unwrap_or(now.since_boot) + LONGEST_WRITE;
        self.line.due = self.line.due.map(|due| due.min(settled));
    }
}
