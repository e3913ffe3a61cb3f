//! Time passes, and whatever falls due in it happens.

use std::time::Duration;

use domain::Input;
use jiff::SignedDuration;

use super::Stage;
use crate::asked::Asks;
use crate::broken::{Holds, holds};
use crate::model::By;

/// The engine trusts no timer for longer.
const LONGEST_TIMER: Duration = Duration::from_secs(30);
/// A help desk tells an old status for less than this after it accepted a new one.
const ECHO: Duration = Duration::from_secs(4);

impl Stage {
    pub(super) fn wait(&mut self, time: Duration) -> Holds {
        let end = self.scene.now.since_boot + time;
        self.pass_until(end)
    }

    /// Time passes, and whatever falls due in it happens.
    pub(super) fn pass_until(&mut self, end: Duration) -> Holds {
        let mut at_once = 0;
        loop {
            let now = self.scene.now.since_boot;
            let requests = self.asked.iter().chain(&self.orphans);
            let handled = requests.filter_map(|asked| asked.handled).min();
            let alive = |at: &Duration| self.fell_asleep.is_none_or(|asleep| *at <= asleep);
            let arrives = self.asked.iter().map(|asked| asked.arrives.max(now)).min();
            let arrives = arrives.filter(alive);
            let timer = self.session.poll_timeout(self.scene.now);
            let timer = timer.map_or(self.last_input + LONGEST_TIMER, |at| {
                at.min(self.last_input + LONGEST_TIMER)
            });
            let timer = Some(timer.max(now)).filter(alive);
            let by_itself = self.libredesk_due().map(|at| at.max(now));
            let frame = self.socket.next_frame().map(|at| at.max(now));
            let frame = frame.filter(alive);
            let next = [handled, by_itself, arrives, frame, timer];
            let next = next.into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else {
                break;
            };
            at_once = if next > now { 0 } else { at_once + 1 };
            holds(0, "it never runs in circles", at_once < 30, || {
                format!("at {now:?}: {:?}", self.session)
            })?;
            if next > now {
                self.is_in_time()?;
            }
            self.pass(next);
            if handled.is_some_and(|at| at <= next) {
                self.handle();
            } else if by_itself.is_some_and(|at| at <= next) {
                self.libredesk_acts()?;
            } else if frame.is_some_and(|at| at <= next) {
                self.hear()?;
            } else if arrives.is_some_and(|at| at <= next) {
                self.arrive(next)?;
            } else {
                self.input(Input::Timeout)?;
            }
        }
        self.is_in_time()?;
        self.pass(end);
        Ok(())
    }

    /// All that was due at this moment has happened.
    fn is_in_time(&self) -> Holds {
        if self.fell_asleep.is_some() {
            return Ok(());
        }
        self.witness.clicks_end(&self.scene)
    }

    fn pass(&mut self, until: Duration) {
        let time = until.saturating_sub(self.scene.now.since_boot);
        self.scene.now.since_boot += time;
        self.scene.now.wall += SignedDuration::try_from(time).unwrap_or_default();
    }

    fn handle(&mut self) {
        let now = self.scene.now.since_boot;
        let may_echo = !self.scene.readable.is_libredesk()
            && self.accepted.is_some_and(|at| now < at + ECHO)
            && matches!(self.scene.model.latest().by, By::Write(_))
            && self
                .witness
                .has_replaced(self.scene.model.before(), &self.scene);
        for asked in self.asked.iter_mut().chain(&mut self.orphans) {
            if asked.handled.is_some_and(|at| at <= now) {
                asked.handle(self.scene.readable, &mut self.scene.model, may_echo);
            }
        }
        self.orphans.retain(|asked| asked.handled.is_some());
        self.tell_listeners();
    }

    fn arrive(&mut self, by: Duration) -> Holds {
        let Some(place) = self.asked.iter().position(|asked| asked.arrives <= by) else {
            return Ok(());
        };
        let answer = self.asked.remove(place).answer();
        if matches!(answer.asks, Asks::Write(..)) {
            self.accepted = answer.made.is_ok().then_some(self.scene.now.since_boot);
        }
        self.look()?;
        self.witness.hears(&answer, &self.scene);
        self.take_in(answer.input)
    }
}
