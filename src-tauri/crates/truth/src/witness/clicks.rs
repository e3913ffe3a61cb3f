//! Rules 2, 3 and 4: the last click wins, none is lost and none comes back, and nothing is written that nobody wants.

use std::time::Duration;

use domain::{AccountView, Certainty, Code, Failure, StatusId, Ticket};
use jiff::Timestamp;

use super::{Told, Witness};
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::Name;

/// A click is worked on for so long.
const LONGEST: Duration = Duration::from_secs(30);
/// A timer may be so late.
const LAG: Duration = Duration::from_millis(50);

/// A status that is wanted: by a click, or by a rule.
#[derive(Debug)]
pub(super) struct Want {
    /// Nothing where only the session may know what the agent means.
    pub(super) to: Option<Name>,
    pub(super) at: Duration,
    pub(super) until: Option<Timestamp>,
    /// Nothing for a rule's.
    pub(super) ticket: Option<Ticket>,
    pub(super) open: bool,
    /// The computer went to sleep since.
    pub(super) slept: bool,
    pub(super) writes: u32,
    pub(super) is_accepted: bool,
    /// What was told before the first write, and what older writes in doubt may have brought about.
    pub(super) before: Option<Told>,
    pub(super) or_before: Vec<Name>,
    pub(super) of: Of,
    /// Nothing is sent for it later.
    pub(super) latest: Duration,
}

/// What a want comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Click,
    TimeOver,
    CallOver,
    Guard,
    Idleness,
}

impl Want {
    pub(super) fn or_before_is_empty(&self) -> bool {
        self.or_before.is_empty()
    }
}

impl Witness {
    /// The agent chooses.
    pub(crate) fn wants(
        &mut self,
        ticket: Ticket,
        to: Option<Name>,
        until: Option<Timestamp>,
        scene: &Scene,
    ) {
        self.guarding.is_overtaken();
        self.want(Of::Click, Some(ticket), to, until, scene);
    }

    fn want(
        &mut self,
        of: Of,
        ticket: Option<Ticket>,
        to: Option<Name>,
        until: Option<Timestamp>,
        scene: &Scene,
    ) {
        if ticket.is_some() {
            self.cut_off.status = None;
        }
        self.wants.push(Want {
            to,
            at: scene.now.since_boot,
            until,
            ticket,
            open: true,
            slept: false,
            writes: 0,
            is_accepted: false,
            before: None,
            or_before: Vec::new(),
            of,
            latest: scene.now.since_boot + LONGEST,
        });
    }

    /// The agent wants to be put back: to what is named, else to what is offered, else to what a timed status replaced.
    pub(crate) fn wants_back(
        &mut self,
        ticket: Ticket,
        named: Option<&StatusId>,
        view: &AccountView,
        scene: &Scene,
    ) {
        let to = match (named, &view.offer) {
            (Some(id), _) => scene.model.name_of(id),
            (None, Some(offer)) => super::named(offer.put_back.as_ref(), &scene.model),
            (None, None) => self.running.as_ref().and_then(|running| running.back),
        };
        self.guarding.is_overtaken();
        self.want(Of::Click, Some(ticket), to, None, scene);
    }

    /// A switch that no click asked for has to be a rule's that the agent switched on.
    pub(crate) fn wants_by_itself(
        &mut self,
        before: &AccountView,
        view: &AccountView,
        scene: &Scene,
    ) -> Holds {
        self.closes_wants(view);
        let Some(to) = &view.switching_to else {
            return Ok(());
        };
        let to = scene.model.name_of(&to.id);
        if self.is_guards(to, scene)? {
            self.want(Of::Guard, None, to, None, scene);
            return Ok(());
        }
        let newest = self.wants.iter().rev();
        let newest = newest.clone().find(|want| want.open && !want.slept);
        if newest.is_some_and(|want| want.to.is_none() || want.to == to)
            || self.under_way().is_some_and(|write| Some(write.name) == to)
            || self.is_interrupted(to)
        {
            return Ok(());
        }
        if self.phone.follows_call(before, view, scene)? {
            self.want(Of::CallOver, None, to, None, scene);
            return Ok(());
        }
        let newest = format!("{newest:?}");
        if self.is_of_idleness(to, scene)? {
            self.want(Of::Idleness, None, to, None, scene);
            return Ok(());
        }
        holds(
            4,
            "what is switched to was wanted",
            self.running.is_some(),
            || format!("{to:?}, and the newest is {newest}"),
        )?;
        self.time_is_over(to, scene)?;
        self.want(Of::TimeOver, None, to, None, scene);
        Ok(())
    }

    /// A click gets its word.
    pub(crate) fn ends(
        &mut self,
        ticket: Ticket,
        result: &Result<(), Failure>,
        scene: &Scene,
    ) -> Holds {
        if self.phone.ends(ticket, result, scene)? || self.extension_ends(ticket, result, scene)? {
            return Ok(());
        }
        let mut wants = self.wants.iter();
        let place = wants.position(|want| want.open && want.ticket == Some(ticket));
        let Some(place) = place else {
            return holds(3, "a click gets one word", false, || {
                format!("{ticket:?}: {result:?}")
            });
        };
        self.wants[place].open = false;
        match result {
            Ok(()) => self.comes_about(place, scene),
            Err(failure) => {
                let (to, clicked) = (self.wants[place].to, self.wants[place].at);
                let mut guarded = self.wants.iter().filter(|want| want.of == Of::Guard);
                let is_guards =
                    guarded.any(|want| want.to == to && (want.open || want.at >= clicked));
                let is_news =
                    !is_guards && !matches!(failure.code, Code::Overtaken | Code::NothingToPutBack);
                let want = &self.wants[place];
                if failure.code == Code::Overtaken {
                    let has_newer = self.wants.len() > place + 1
                        || self.phone.follows_a_call()
                        || self.guarding.leaving.is_some();
                    return holds(3, "only a newer click overtakes", has_newer, || {
                        format!("{want:?}")
                    });
                }
                if is_news {
                    self.requests.untold_failure = want.to;
                }
                Ok(())
            }
        }
    }

    fn comes_about(&mut self, place: usize, scene: &Scene) -> Holds {
        let want = &self.wants[place];
        let told = self.last_word().map(|word| word.told);
        let is_told = match (want.to, told) {
            (None, _) => true,
            (Some(to), Some(told)) => Told::Status(to).fits(told),
            (Some(_), None) => false,
        };
        holds(3, "a click that ended well came about", is_told, || {
            format!("{want:?}, and {told:?} was told")
        })?;
        let old = self
            .last_word()
            .is_none_or(|word| scene.now.since_boot > word.at + self.oldest(scene) + LAG);
        let is_sure = !old && self.in_doubt.is_empty() && self.requests.failures < 3;
        holds(
            4,
            "what is not confirmed is written",
            self.wrote_since(want.at) || is_sure,
            || format!("{want:?}, by {:?}", self.last_word()),
        )?;
        self.answers_offer();
        self.aside = None;
        self.came_about = true;
        self.run(place, scene);
        Ok(())
    }

    fn wrote_since(&self, at: Duration) -> bool {
        self.writes
            .iter()
            .any(|write| write.answered.is_none_or(|answered| answered >= at))
    }

    /// Whoever waits, waits no longer than promised.
    pub(crate) fn clicks_end(&self, scene: &Scene) -> Holds {
        let late = self.wants.iter().find(|want| {
            want.open && want.ticket.is_some() && scene.now.since_boot > want.at + LONGEST + LAG
        });
        holds(3, "a click gets a word in time", late.is_none(), || {
            format!("{late:?}")
        })?;
        self.phone.clicks_end(scene)
    }

    /// The computer goes to sleep: what is open may not come back.
    pub(crate) fn falls_asleep(&mut self, scene: &Scene) {
        // What the guard wants too, it takes over.
        let guarded = self.guard_for(domain::Leaving::Sleep);
        let is_guards = |want: &Want| want.open && want.of == Of::Guard;
        self.guarding.is_on_at_sleep = guarded.is_some() || self.wants.iter().any(is_guards);
        for want in self.wants.iter_mut().filter(|want| want.open) {
            if guarded.is_some() && want.to == guarded {
                want.latest = want
                    .latest
                    .min(scene.now.since_boot + super::guard::LONGEST);
            } else if want.of != Of::Guard {
                want.slept = true;
                want.open &= want.ticket.is_some();
            }
        }
        self.phone.falls_asleep();
    }

    /// Whether sleep came before what was sent for it was answered, which a read may still decide.
    fn is_interrupted(&self, to: Option<Name>) -> bool {
        let mut wants = self.wants.iter();
        wants.any(|want| want.open && want.slept && want.writes > 0 && want.to == to)
    }

    /// It has woken, and the session knows.
    pub(crate) fn is_awake(&self) -> Holds {
        // The guard lets what is under way come to its end.
        let has_guard = self.guarding.is_on_at_sleep;
        let under_way = self.under_way().map(|write| write.name);
        let under_way = under_way.filter(|_| has_guard);
        let mut wants = self.wants.iter();
        // A click after sleep was announced takes older ones on the same status along.
        let is_taken_along = |want: &Want| {
            let mut newer = self.wants.iter().filter(|newer| newer.open && !newer.slept);
            newer.any(|newer| newer.to == want.to)
        };
        let forgotten = wants.find(|want| {
            want.open
                && want.slept
                && want.ticket.is_some()
                && (under_way.is_none() || want.to != under_way)
                && !is_taken_along(want)
        });
        holds(
            3,
            "what sleep interrupted is told on waking",
            forgotten.is_none(),
            || format!("{forgotten:?}"),
        )
    }

    /// A rule's want is over when it is switched to no more.
    pub(super) fn closes_wants(&mut self, view: &AccountView) {
        let switching_to = view.switching_to.as_ref().map(|status| &status.name);
        let under_way = self.under_way().map(|write| write.want);
        let clicked = self.wants.iter();
        let clicked = clicked.filter(|want| want.open && want.ticket.is_some());
        let clicked: Vec<Option<Name>> = clicked.map(|want| want.to).collect();
        let wants = self.wants.iter_mut().enumerate();
        for (place, want) in wants.filter(|(_, want)| want.open && want.ticket.is_none()) {
            let is_wanted = switching_to.map(String::as_str) == want.to.map(Name::words);
            want.open = !want.is_accepted && (is_wanted || under_way == Some(place));
            // Given up, though its write may still be answered.
            want.slept = !is_wanted || want.slept && clicked.contains(&want.to);
        }
    }

    /// A failure is shown, and told once the agent may be bothered.
    pub(super) fn failures_told(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        let failed = view.failed.as_ref().map(|failed| &failed.to.id);
        if let Some(to) = self.requests.untold_failure.take() {
            // The end of a timed status may fail at the same moment.
            let fails_now = view
                .failed
                .as_ref()
                .is_some_and(|failed| failed.at == scene.now.wall);
            // A later click on the same goes on, and has a word of its own to come.
            let goes_on = self
                .wants
                .iter()
                .any(|want| want.open && want.ticket.is_some() && want.to == Some(to));
            let is_shown = fails_now
                || goes_on
                || (view.certainty == Certainty::Confirmed
                    && super::shown(view, &scene.model) == Some(to));
            holds(3, "a click that failed is shown", is_shown, || {
                format!("{to:?}")
            })?;
        }
        if scene.asleep || self.requests.is_quiet(scene) {
            return Ok(());
        }
        let phone = view.phone.as_ref();
        if let Some(failed) = phone.and_then(|phone| phone.failed.as_ref()) {
            let told = self.standing.get(&domain::Topic::Phone);
            let is_told =
                matches!(told, Some(domain::Notice::ViaFailed(told)) if told.to == failed.to);
            holds(
                3,
                "a click on the phone that failed is told",
                is_told,
                || format!("{told:?}"),
            )?;
        }
        let Some(failed) = failed else {
            return Ok(());
        };
        let told = match self.standing.get(&domain::Topic::SwitchFailed) {
            Some(domain::Notice::SwitchFailed(told)) => Some(&told.to.id),
            _ => None,
        };
        holds(
            3,
            "a click that failed is told",
            told == Some(failed),
            || format!("{told:?}"),
        )
    }
}

impl Told {
    /// Whether both may be told of one status.
    pub(super) fn fits(self, other: Self) -> bool {
        match (self, other) {
            (Self::Status(name), Self::Phone(kind)) | (Self::Phone(kind), Self::Status(name)) => {
                name.fits_phone(kind)
            }
            (one, other) => one == other,
        }
    }
}
