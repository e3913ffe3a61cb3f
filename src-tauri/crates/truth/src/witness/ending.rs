//! Rule 7 for the notice before a timed status's end, and its *Extend*.

use domain::{AccountView, EXTENSION, Failure, Ticket, TimedView};
use jiff::{SignedDuration, Timestamp};

use super::Witness;
use super::timed::Running;
use crate::broken::{Holds, holds};
use crate::stage::Scene;

/// So long before the end it is announced.
const NOTICE: SignedDuration = SignedDuration::from_mins(2);
/// Whoever chose a status for no longer than this is told nothing.
const SHORT: SignedDuration = SignedDuration::from_mins(3);
/// A timer may be so late.
const LAG: SignedDuration = SignedDuration::from_millis(50);

/// What was said of ends.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// The first one that was ever announced.
    first: Option<Timestamp>,
    /// The one that was announced last.
    announced: Option<Timestamp>,
    /// Who wants the time to last longer than until then.
    extending: Option<(Ticket, Timestamp)>,
}

impl Ends {
    /// A time begins, or goes on: its end is to be announced anew.
    pub(super) fn begins(&mut self) {
        self.announced = None;
    }
}

impl Witness {
    pub(crate) fn first_end(&self) -> Option<Timestamp> {
        self.ends.first
    }

    /// The agent wants a time to last longer.
    pub(crate) fn extends(&mut self, ticket: Ticket, until: Timestamp) {
        self.ends.extending = Some((ticket, until));
    }

    /// Whether it was that what has ended.
    pub(super) fn extension_ends(
        &mut self,
        ticket: Ticket,
        result: &Result<(), Failure>,
        scene: &Scene,
    ) -> Result<bool, crate::Broken> {
        let Some((_, until)) = self.ends.extending.take_if(|(own, _)| *own == ticket) else {
            return Ok(false);
        };
        let running = self
            .running
            .as_mut()
            .filter(|running| running.until == until);
        match (running, result) {
            (Some(running), Ok(())) => {
                let from = until.max(scene.now.wall);
                running.until = from.saturating_add(EXTENSION).unwrap_or(from);
                running.set = scene.now.wall;
                running.is_unseen = false;
                self.ends.begins();
            }
            (None, Ok(())) => holds(7, "only a time that runs is extended", false, || {
                format!("{until}, and {:?} runs", self.running)
            })?,
            (_, Err(_)) => {}
        }
        Ok(true)
    }

    /// The end of a time is announced.
    pub(super) fn end_is_announced(&mut self, timed: &TimedView, scene: &Scene) -> Holds {
        let until = timed.until;
        self.ends.first.get_or_insert(until);
        let runs = self.running.as_ref().is_some_and(|r| r.until == until);
        holds(7, "an end that is announced will come", runs, || {
            format!("{timed:?}, and {:?} runs", self.running)
        })?;
        let left = until.duration_since(scene.now.wall);
        let is_near = left.is_positive() && left <= NOTICE;
        holds(7, "an end is announced shortly before", is_near, || {
            format!("{left:#} before")
        })?;
        holds(
            7,
            "an end is announced to who is there",
            !scene.is_away(),
            || format!("{timed:?}"),
        )?;
        let is_first = self.ends.announced.replace(until) != Some(until);
        holds(7, "an end is announced once", is_first, || {
            format!("{timed:?}")
        })
    }

    /// An end that is announced is the one that will come.
    pub(super) fn announcement_stands(&self) -> Holds {
        let told = match self.standing.get(&domain::Topic::Ending) {
            Some(domain::Notice::Ending(told)) => Some(told.until),
            _ => None,
        };
        let runs = self.running.as_ref().map(|running| running.until);
        holds(
            7,
            "a notice of an end goes when the end does",
            told.is_none() || told == runs,
            || format!("{told:?}, and {:?} runs", self.running),
        )
    }

    /// Whoever is there learns of an end before it comes.
    pub(super) fn end_was_announced(
        &self,
        running: &Running,
        view: &AccountView,
        scene: &Scene,
    ) -> Holds {
        let left = running.until.duration_since(scene.now.wall);
        let is_near = left.is_positive() && left < NOTICE - LAG;
        let is_long = running.until.duration_since(running.set) > SHORT;
        let back = view.timed.as_ref().map(|timed| &timed.back_to);
        let may_come_back = back.is_some_and(|back| {
            let mut statuses = view.statuses.iter();
            statuses.any(|status| status.id == back.id && status.eligible != Some(false))
        });
        let is_due = is_near && is_long && may_come_back && !scene.is_away();
        holds(
            7,
            "an end is announced before it comes",
            !is_due || self.ends.announced == Some(running.until),
            || format!("{running:?} at {}", scene.now.wall),
        )
    }
}
