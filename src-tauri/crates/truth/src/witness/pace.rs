//! Rule 8 for how often an account is read: never faster than its pace, and more slowly the more it is used.

use std::time::Duration;

use domain::{Input, Reading};

use super::Witness;
use crate::asked::{Answer, Asks};
use crate::broken::{Holds, holds};
use crate::stage::Scene;

/// Each time between two reads is longer or shorter by up to a tenth.
const SHORTEST: f64 = 0.9;
const LONGEST: f64 = 1.1;
/// An answer and a timer may take so long.
const LAG: Duration = Duration::from_secs(33);
/// After so many answers in a row that told of too much use, the pace is another.
const TOLD_ENOUGH: u32 = 5;
/// So many times slower at least.
const SLOWED: f64 = 1.2;

/// No confirmation is older.
const OLDEST: Duration = Duration::from_secs(600);

/// How the account is read.
#[derive(Debug, Default)]
pub(super) struct Pace {
    last: Option<Duration>,
    /// Something happened since that wants a read soon, or keeps it waiting.
    pub(super) is_disturbed: bool,
    /// So many answers in a row said that too much is used.
    overloaded: u32,
    /// An answer said how much is used.
    is_told: bool,
}

impl Pace {
    /// Whatever happens but the passing of time is no matter of pace.
    pub(super) fn happens(&mut self, input: &Input) {
        self.is_disturbed |= !matches!(input, Input::Timeout | Input::Fetched(Ok(_)));
    }

    pub(super) fn hears(&mut self, answer: &Answer) {
        self.is_disturbed |=
            answer.made.is_err() || answer.mixed || answer.is_blind || answer.is_overtaken;
        let Input::Fetched(Ok(Reading {
            budget: Some(budget),
            ..
        })) = &answer.input
        else {
            return;
        };
        self.is_told = true;
        let used = 1.0 - f64::from(budget.remaining) / f64::from(budget.limit);
        let left = budget.resets_in.unwrap_or_default();
        let passed = 1.0 - left.as_secs_f64() / 60.0;
        if passed >= 0.3 && used >= passed * 1.2 {
            self.overloaded += 1;
        } else if used < passed {
            self.overloaded = 0;
        }
    }

    /// The status is read.
    fn reads(&mut self, may_be_slow: bool, is_in_doubt: bool, scene: &Scene) -> Holds {
        let now = scene.now.since_boot;
        let last = self.last.replace(now);
        let is_disturbed = std::mem::replace(&mut self.is_disturbed, is_in_doubt) || is_in_doubt;
        let Some(last) = last.filter(|_| !is_disturbed) else {
            return Ok(());
        };
        let (gap, usual) = (now.saturating_sub(last), scene.interval());
        holds(
            8,
            "an account is read no faster than it may be",
            gap >= usual.mul_f64(SHORTEST),
            || format!("{gap:?} after the last read"),
        )?;
        holds(
            8,
            "an account that is used too much is read more slowly",
            self.overloaded < TOLD_ENOUGH || gap >= usual.mul_f64(SLOWED),
            || format!("{gap:?} after the last read"),
        )?;
        holds(
            8,
            "a calm account is read at its pace",
            may_be_slow || gap <= usual.mul_f64(LONGEST) + LAG,
            || format!("{gap:?} after the last read"),
        )
    }
}

impl Witness {
    pub(super) fn pace_holds(&mut self, asks: Asks, scene: &Scene) -> Holds {
        if asks != Asks::Status {
            self.pace.is_disturbed |= !matches!(asks, Asks::Phone | Asks::List);
            return Ok(());
        }
        let is_in_doubt = self.echoed
            || !self.in_doubt.is_empty()
            || self.phone.follows_a_call()
            || self.is_to_be_undone()
            || self.is_wanting();
        let may_be_slow = self.may_be_slow();
        self.pace.reads(may_be_slow, is_in_doubt, scene)
    }

    /// Whether the account may be read more slowly than usual.
    pub(super) fn may_be_slow(&self) -> bool {
        self.requests.was_limited || self.pace.is_told
    }

    /// How old a word of the help desk may be and count as sure.
    pub(super) fn oldest(&self, scene: &Scene) -> Duration {
        if self.may_be_slow() {
            OLDEST
        } else {
            scene.interval() * 3
        }
    }

    /// A click is sent at the moment when it is made, where nothing that was told forbids it.
    pub(super) fn clicks_go_at_once(&self, scene: &Scene) -> Holds {
        let now = scene.now.since_boot;
        let may_go = !self.is_writing() && self.requests.may_ask(now);
        let mut open = self.wants.iter().rev().filter(|want| want.open);
        let newest = open.next();
        // A click on what is wanted already goes with the one before.
        let is_new = open.next().is_none_or(|older| {
            let to = newest.and_then(|want| want.to);
            older.to.is_some() && to.is_some() && older.to != to
        });
        let waits = newest.filter(|want| {
            let is_now = want.at == now && want.ticket.is_some() && !want.slept;
            is_new && is_now && want.writes == 0
        });
        holds(
            8,
            "a click goes at once",
            waits.is_none() || !may_go,
            || format!("{waits:?}"),
        )
    }
}
