//! Choices: from the click to the write.

use std::time::Duration;

use jiff::Timestamp;

use super::outcome::{finish, overtaken};
use super::{Effect, Session, Ticket};
use crate::{DeskError, Failure, NamedStatus, Now, StatusId, StatusKind};

/// No try begins later than this after the click.
pub(super) const TRY_FOR: Duration = Duration::from_secs(25);
/// Whatever is under way then, the agent gets a word; `statusctl` waits a little longer.
pub(super) const REPORT_AFTER: Duration = Duration::from_secs(30);

/// A status that the agent wants.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) to: NamedStatus,
    pub(super) until: Option<Timestamp>,
    pub(super) waiting: Vec<Waiting>,
    /// No write begins later.
    pub(super) last_try: Duration,
    /// It is given up then.
    pub(super) report_by: Duration,
    pub(super) stage: Stage,
    pub(super) attempts: u32,
    /// The status it replaces: a write in doubt is sent again only while this one still holds,
    pub(super) before: Option<NamedStatus>,
    /// or while the channel is as it was, where only that was read,
    pub(super) before_on_channel: Option<StatusKind>,
    /// or one that an older write in doubt may have brought about.
    pub(super) or_before: Vec<NamedStatus>,
    pub(super) last_error: Option<DeskError>,
    pub(super) origin: Origin,
}

/// A click that waits for a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) ticket: Ticket,
    /// It gets one by then, also where a later click on the same goes on.
    word_by: Duration,
}

/// Who wants a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The agent, by a click or a time that was set.
    Agent,
    /// The agent's own rule for idleness; nobody clicked.
    Idleness,
    /// The guard, when the agent left.
    Guard,
    /// The agent, by a click to where the guard leads as well, so that sleep waits for it.
    Awaited,
}

impl Origin {
    /// Whether the end of the computer's or the program's day waits for it, and it ends with the return.
    pub(super) fn is_waited_for(self) -> bool {
        matches!(self, Self::Guard | Self::Awaited)
    }
}

/// How far a choice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// To be written at this time.
    Due(Duration),
    /// The write is under way.
    InFlight,
    /// The write may have been applied: to be read at this time.
    InDoubt(Duration),
    /// That read is under way.
    Reading,
}

impl Stage {
    /// When to work on it, if no answer comes before: `writes_wait` and `reads_wait` while none may begin.
    pub(super) fn due(
        self,
        last_try: Duration,
        report_by: Duration,
        writes_wait: bool,
        reads_wait: bool,
    ) -> Duration {
        match self {
            Self::Due(_) if writes_wait => last_try,
            Self::Due(at) => at.min(last_try),
            Self::InDoubt(at) if !reads_wait => at.min(report_by),
            Self::InDoubt(_) | Self::InFlight | Self::Reading => report_by,
        }
    }
}

/// How long to wait after so many tries: 1, 2, 4, then 8 seconds.
pub(super) fn pause(attempts: u32) -> Duration {
    Duration::from_secs(1 << attempts.saturating_sub(1).min(3))
}

/// Of what is being worked on and what waits for its answer: the older, if there are both, and the newest.
pub(super) fn newest<T>(current: Option<T>, next: Option<T>) -> (Option<T>, Option<T>) {
    match (current, next) {
        (older, Some(newest)) => (older, Some(newest)),
        (only, None) => (None, only),
    }
}

/// Whether another try may succeed soon; a refused sign-in may yet prove good.
pub(super) fn can_pass(error: &DeskError) -> bool {
    error.is_retryable() || matches!(error, DeskError::Unauthorized | DeskError::Anonymous)
}

impl Choice {
    pub(super) fn new(
        to: NamedStatus,
        until: Option<Timestamp>,
        tickets: Vec<Ticket>,
        now: Now,
    ) -> Self {
        let word_by = now.since_boot + REPORT_AFTER;
        let waiting = tickets.into_iter();
        let waiting = waiting.map(|ticket| Waiting { ticket, word_by }).collect();
        Self {
            to,
            until,
            waiting,
            last_try: now.since_boot + TRY_FOR,
            report_by: now.since_boot + REPORT_AFTER,
            stage: Stage::Due(now.since_boot),
            attempts: 0,
            before: None,
            before_on_channel: None,
            or_before: Vec::new(),
            last_error: None,
            origin: Origin::Agent,
        }
    }

    /// No write begins any more.
    pub(super) fn try_no_more(&mut self, now: Now) {
        self.last_try = self.last_try.min(now.since_boot);
    }

    /// When the click that waits longest gets its word at the latest.
    pub(super) fn first_word_by(&self) -> Option<Duration> {
        self.waiting.iter().map(|one| one.word_by).min()
    }

    /// The same for a rule of the agent's, which nobody waits for.
    pub(super) fn by_rule(origin: Origin, to: NamedStatus, now: Now) -> Self {
        Self {
            origin,
            ..Self::new(to, None, Vec::new(), now)
        }
    }
}

impl Session {
    pub(super) fn choose(
        &mut self,
        ticket: Ticket,
        id: &StatusId,
        until: Option<Timestamp>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        self.yield_after_call(Some(id), "You chose something else meanwhile.", fx);
        self.choose_for(vec![ticket], id, until, now, fx);
    }

    pub(super) fn choose_for(
        &mut self,
        tickets: Vec<Ticket>,
        id: &StatusId,
        until: Option<Timestamp>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        match self.may_choose(id, until, now) {
            Ok(to) => self.want(to, until, tickets, now, fx),
            Err(failure) => {
                self.retire_older(now, fx);
                let choice = Choice::new(self.name_of(id), until, tickets, now);
                self.report(choice, failure, now, fx);
            }
        }
    }

    /// The newest of what is wanted, which alone counts.
    pub(super) fn newest(&self) -> Option<&Choice> {
        self.next.as_ref().or(self.choice.as_ref())
    }

    /// Takes up a choice in the place of all older ones.
    pub(super) fn want(
        &mut self,
        to: NamedStatus,
        until: Option<Timestamp>,
        tickets: Vec<Ticket>,
        now: Now,
        fx: &mut Vec<Effect>,
    ) {
        // An end that comes by itself does not hide that a click failed.
        if !tickets.is_empty() {
            self.clear_failed(fx);
        }
        if self.remembered.left.take().is_some() {
            self.remember(fx);
        }
        self.take_up(Choice::new(to, until, tickets, now), fx);
    }

    pub(super) fn take_up(&mut self, mut wanted: Choice, fx: &mut Vec<Effect>) {
        if let Some(older) = self.next.take() {
            finish(older, &Err(overtaken()), fx);
        }
        match self.choice.take() {
            Some(mut current) if current.to.id == wanted.to.id => {
                if wanted.origin != Origin::Guard {
                    current.until = wanted.until;
                }
                current.last_try = wanted.last_try;
                current.report_by = wanted.report_by;
                current.waiting.append(&mut wanted.waiting);
                current.origin = wanted.origin;
                self.choice = Some(current);
            }
            Some(current) if current.stage == Stage::InFlight => {
                self.choice = Some(current);
                self.next = Some(wanted);
            }
            Some(older) => {
                finish(older, &Err(overtaken()), fx);
                self.choice = Some(wanted);
            }
            None => self.choice = Some(wanted),
        }
    }

    /// The agent wants something newer, even if it cannot be: what is older is not tried again.
    fn retire_older(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if let Some(older) = self.next.take() {
            finish(older, &Err(overtaken()), fx);
        }
        if let Some(older) = self
            .choice
            .take_if(|choice| choice.stage != Stage::InFlight)
        {
            finish(older, &Err(overtaken()), fx);
            self.read_soon(now);
        }
        if let Some(in_flight) = &mut self.choice {
            in_flight.try_no_more(now);
        }
    }

    /// Gives its word to each click whose time is over while a later one on the same goes on.
    fn answer_earlier(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = &mut self.choice else {
            return;
        };
        if now.since_boot >= choice.report_by {
            return;
        }
        let error = choice.last_error.as_ref().unwrap_or(&DeskError::TimedOut);
        for late in choice
            .waiting
            .extract_if(.., |one| one.word_by <= now.since_boot)
        {
            fx.push(Effect::Finished {
                ticket: late.ticket,
                result: Err(Failure::of(self.desk, error)),
            });
        }
    }

    /// Brings the choice one step further, where its time has come.
    pub(super) fn work_on_choice(&mut self, now: Now, fx: &mut Vec<Effect>) {
        self.answer_earlier(now, fx);
        let Some(choice) = &self.choice else { return };
        let is_last_try_over =
            now.since_boot >= choice.last_try && matches!(choice.stage, Stage::Due(_));
        if is_last_try_over || now.since_boot >= choice.report_by {
            let error = choice.last_error.clone().unwrap_or(DeskError::TimedOut);
            self.fail(&error, now, fx);
            return;
        }
        match choice.stage {
            // A write that nobody waits for any more may still be under way: this one waits its turn.
            Stage::Due(at)
                if at <= now.since_boot && !self.requests.push && !self.link.is_doubted() =>
            {
                self.write(now, fx);
            }
            Stage::InDoubt(at)
                if at <= now.since_boot
                    && self.requests.fetch.is_none()
                    && !self.link.is_doubted() =>
            {
                self.read_for_choice(now, fx);
            }
            Stage::Due(_) | Stage::InDoubt(_) | Stage::InFlight | Stage::Reading => {}
        }
    }

    fn write(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let held_until = self.link.hold_until.filter(|until| *until > now.since_boot);
        let shown = self.shown(now).cloned();
        let channel = self.channel_kind();
        let confirmed = self.confirmed(now).map(|status| status.id.clone());
        let Some(choice) = &mut self.choice else {
            return;
        };
        if confirmed.as_ref() == Some(&choice.to.id) {
            self.take_as_done(now, fx);
            return;
        }
        if let Some(until) = held_until {
            if until < choice.last_try {
                choice.stage = Stage::Due(until);
            } else {
                let retry_after = Some(until.saturating_sub(now.since_boot));
                self.fail(&DeskError::RateLimited { retry_after }, now, fx);
            }
            return;
        }
        choice.stage = Stage::InFlight;
        choice.attempts = choice.attempts.saturating_add(1);
        let to = choice.to.clone();
        if choice.attempts == 1 {
            choice.before = shown;
            choice.before_on_channel = channel;
            choice.or_before.clone_from(&self.known.in_doubt);
            if matches!(choice.origin, Origin::Agent | Origin::Awaited) {
                let uses = self.remembered.uses.entry(to.id.clone()).or_default();
                *uses = uses.saturating_add(1);
            }
        }
        let origin = choice.origin;
        // The time of an answer to a write is ours, and tells nothing to compare with.
        let replaced = self.known.status().map(|known| {
            (
                known.status.id.clone(),
                known.since.filter(|_| !known.written),
            )
        });
        self.known.replaced.extend(replaced);
        if let Some(fetch) = &mut self.requests.fetch {
            fetch.overtaken = true;
        }
        self.requests.push = true;
        let status = to.id.clone();
        self.remember_write(to, now, fx);
        fx.push(match origin {
            Origin::Idleness => Effect::PushIdle { status },
            Origin::Agent | Origin::Guard | Origin::Awaited => Effect::Push { status },
        });
    }

    /// The status is confirmed already, so nothing is written; a click still ends what was offered or timed.
    fn take_as_done(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = self.choice.take() else {
            return;
        };
        let had_timed = self.remembered.timed.is_some();
        if choice.origin == Origin::Guard {
            // It had nothing to do.
            self.remembered.left = None;
            self.remember(fx);
        } else if had_timed || choice.until.is_some() {
            self.set_timed(&choice.to.id, choice.until, None, now, fx);
        }
        self.close_offer(fx);
        finish(choice, &Ok(()), fx);
        self.take_up_next(now);
    }

    pub(super) fn take_up_next(&mut self, now: Now) {
        if let Some(mut next) = self.next.take() {
            next.stage = Stage::Due(now.since_boot);
            self.choice = Some(next);
        }
    }
}
