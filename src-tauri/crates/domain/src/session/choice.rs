//! Choices: from the click to the write.

use std::time::Duration;

use jiff::Timestamp;

use super::outcome::{finish, overtaken};
use super::{Effect, Session, Ticket};
use crate::{Code, DeskError, Failure, NamedStatus, Now, StatusId, StatusKind};

/// No try begins later than this after the click.
pub(super) const TRY_FOR: Duration = Duration::from_secs(25);
/// Whatever is under way then, the agent gets a word; `statusctl` waits a little longer.
pub(super) const REPORT_AFTER: Duration = Duration::from_secs(30);

/// A status that the agent wants.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) to: NamedStatus,
    pub(super) until: Option<Timestamp>,
    pub(super) tickets: Vec<Ticket>,
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

/// Who wants a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The agent, by a click or a time that was set.
    Agent,
    /// The agent's own rule for idleness; nobody clicked.
    Idleness,
    /// The guard, when the agent left.
    Guard,
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
        Self {
            to,
            until,
            tickets,
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

    pub(super) fn may_choose(
        &self,
        id: &StatusId,
        until: Option<Timestamp>,
        now: Now,
    ) -> Result<NamedStatus, Failure> {
        if self.link.signed_out {
            return Err(Failure::of(self.desk, &DeskError::Unauthorized));
        }
        if self.statuses.is_empty() {
            return Err(match &self.link.trouble {
                Some(trouble) => Failure::of(self.desk, trouble),
                None => Failure::new(
                    Code::Unreachable,
                    format!(
                        "{} has not told its statuses yet. Nothing was changed. Try again in a moment.",
                        self.desk.words()
                    ),
                ),
            });
        }
        let to = match self.find(id) {
            Some(status) if status.eligible == Some(false) => {
                return Err(Failure::of(self.desk, &DeskError::NotEligible));
            }
            Some(status) => status.named(),
            None => return Err(Failure::of(self.desk, &DeskError::NoSuchStatus)),
        };
        let replaces_another = self.shown(now).is_some_and(|shown| shown.id != *id);
        if until.is_some() && !replaces_another && self.back_from(id).is_none() {
            return Err(Failure::new(
                Code::NothingToPutBack,
                "Your status before is not known, so nothing could come back when the time is over. \
                 Nothing was changed. Choose the status without a time.",
            ));
        }
        Ok(to)
    }

    /// A status's name, by whatever knows it.
    pub(super) fn name_of(&self, id: &StatusId) -> NamedStatus {
        let listed = self.find(id).map(crate::Status::named);
        let known = self.known.status().map(|known| &known.status);
        let written = self
            .remembered
            .last_write
            .as_ref()
            .map(|write| &write.status);
        let timed = self.remembered.timed.as_ref().map(|timed| &timed.back_to);
        let offered = self
            .offer
            .as_ref()
            .and_then(|offered| offered.offer.put_back.as_ref());
        let seen = || {
            [known, written, timed, offered]
                .into_iter()
                .flatten()
                .find(|status| status.id == *id)
                .cloned()
        };
        listed.or_else(seen).unwrap_or_else(|| NamedStatus {
            id: id.clone(),
            name: id.to_string(),
            kind: StatusKind::Offline,
            custom: true,
        })
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
                current.tickets.append(&mut wanted.tickets);
                if wanted.origin != Origin::Guard {
                    current.until = wanted.until;
                }
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
            in_flight.last_try = in_flight.last_try.min(now.since_boot);
        }
    }

    /// Brings the choice one step further, where its time has come.
    pub(super) fn work_on_choice(&mut self, now: Now, fx: &mut Vec<Effect>) {
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
            if choice.origin == Origin::Agent {
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
            Origin::Agent | Origin::Guard => Effect::Push { status },
        });
    }

    /// The status is confirmed already, so nothing is written; a click still ends what was offered or timed.
    fn take_as_done(&mut self, now: Now, fx: &mut Vec<Effect>) {
        let Some(choice) = self.choice.take() else {
            return;
        };
        let had_timed = self.remembered.timed.is_some();
        if choice.origin != Origin::Guard && (had_timed || choice.until.is_some()) {
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
