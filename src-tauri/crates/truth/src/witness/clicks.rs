//! Rules 2, 3 and 4: the last click wins, none is lost and none comes back, and nothing is written that nobody wants.

use std::time::Duration;

use domain::{AccountView, Certainty, Code, Failure, StatusId, Ticket};
use jiff::Timestamp;

use super::{Told, Witness};
use crate::broken::{Holds, holds};
use crate::stage::{INTERVAL, Scene};
use crate::story::{Name, Readable};

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
    or_before: Vec<Name>,
}

impl Want {
    pub(super) fn or_before_is_empty(&self) -> bool {
        self.or_before.is_empty()
    }
}

/// A write that was sent.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) number: usize,
    pub(super) name: Name,
    /// Its place among the wants.
    pub(super) want: usize,
    pub(super) sent: Duration,
    pub(super) under_way: bool,
    pub(super) answered: Option<Duration>,
    pub(super) accepted: bool,
    pub(super) in_doubt: bool,
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
        self.want(Some(ticket), to, until, scene);
    }

    pub(super) fn want(
        &mut self,
        ticket: Option<Ticket>,
        to: Option<Name>,
        until: Option<Timestamp>,
        scene: &Scene,
    ) {
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
            (None, Some(offer)) => {
                let back = offer.put_back.as_ref();
                back.and_then(|status| scene.model.name_of(&status.id))
            }
            (None, None) => self.running.as_ref().and_then(|running| running.back),
        };
        self.want(Some(ticket), to, None, scene);
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
        let newest = self.wants.iter().rev().find(|want| want.open);
        if newest.is_some_and(|want| want.to.is_none() || want.to == to) {
            return Ok(());
        }
        if self.phone.follows_call(before, view, scene)? {
            self.want(None, to, None, scene);
            return Ok(());
        }
        let newest = format!("{newest:?}");
        holds(
            4,
            "what is switched to was wanted",
            self.running.is_some(),
            || format!("{to:?}, and the newest is {newest}"),
        )?;
        self.time_is_over(to, scene)?;
        self.want(None, to, None, scene);
        Ok(())
    }

    pub(super) fn may_write(
        &mut self,
        number: usize,
        name: Name,
        disk: &str,
        scene: &Scene,
    ) -> Holds {
        let now = scene.now.since_boot;
        holds(2, "one write at a time", !self.is_writing(), || {
            format!("{name:?}")
        })?;
        let open = self.wants.iter().enumerate().rev();
        let open = open.filter(|(_, want)| want.open && !want.slept);
        let wanted = |want: &Want| want.to.is_none_or(|to| to == name);
        // Clicks on the same status are one.
        let same = open.clone().take_while(|(_, want)| wanted(want)).last();
        let newest = open.clone().next().map(|(_, want)| want.to);
        let Some((place, want)) = same else {
            let older = open.clone().any(|(_, want)| wanted(want));
            let rule = if older { 2 } else { 4 };
            let what = if older {
                "an older click is never sent after a newer one"
            } else {
                "what is written was wanted"
            };
            return holds(rule, what, false, || {
                format!("{name:?}, and the newest is {newest:?}")
            });
        };
        let age = now.saturating_sub(want.at);
        holds(3, "no click is sent late", age <= LONGEST, || {
            format!("{name:?} after {age:?}")
        })?;
        holds(3, "no click is sent after a sleep", !want.slept, || {
            format!("{want:?}")
        })?;
        holds(
            4,
            "what was accepted is not sent again",
            !want.is_accepted,
            || format!("{want:?}"),
        )?;
        holds(
            4,
            "what is confirmed is not written",
            want.writes > 0 || !self.is_surely_confirmed(name, scene),
            || format!("{name:?} by {:?}", self.words.last()),
        )?;
        self.reads_before_it_resends(place, name, scene)?;
        let is_kept = disk.contains(&format!("\"id\":\"{}\"", scene.model.id(name)))
            && disk.contains("\"accepted\":false");
        holds(5, "a write is kept before it is sent", is_kept, || {
            disk.to_owned()
        })?;
        let (told, since) = match self.last_word() {
            Some(word) => (Some(word.told), word.since),
            None => (None, None),
        };
        let in_doubt = self.in_doubt.clone();
        let want = &mut self.wants[place];
        if want.writes == 0 {
            want.before = told;
            want.or_before = in_doubt;
        }
        want.writes += 1;
        want.to = Some(name);
        if let Some(Told::Status(before)) = told {
            self.replaced.push((before, since));
        }
        self.writes.push(Write {
            number,
            name,
            want: place,
            sent: now,
            under_way: true,
            answered: None,
            accepted: false,
            in_doubt: false,
        });
        Ok(())
    }

    /// After an answer that leaves a write in doubt, a read comes first, and only the old status is written over.
    fn reads_before_it_resends(&self, place: usize, name: Name, scene: &Scene) -> Holds {
        let last = self
            .writes
            .last()
            .filter(|write| write.want == place && write.name == name && write.in_doubt);
        let Some(doubted) = last.and_then(|write| write.answered) else {
            return Ok(());
        };
        if scene.readable == Readable::Nothing || self.requests.saw_nothing {
            return Ok(());
        }
        let read = self.words.iter().rev().find(|word| word.sent >= doubted);
        let Some(read) = read else {
            return holds(
                3,
                "a write in doubt is read before it is sent again",
                false,
                || format!("{name:?}"),
            );
        };
        let want = &self.wants[place];
        let befores = want.or_before.iter().map(|name| Told::Status(*name));
        let old_holds = want.before.is_none_or(|before| before.fits(read.told))
            || befores.into_iter().any(|before| before.fits(read.told));
        holds(3, "only the old status is written over", old_holds, || {
            format!(
                "{:?} was read, before was {:?} {:?}",
                read.told, want.before, want.or_before
            )
        })
    }

    /// Whether nothing can make a status any surer.
    fn is_surely_confirmed(&self, name: Name, scene: &Scene) -> bool {
        self.last_word().is_some_and(|word| {
            word.told == Told::Status(name) && scene.now.since_boot <= word.at + INTERVAL * 3
        }) && self.in_doubt.is_empty()
            && !self.echoed
            && self.requests.is_well()
            && self.words.last().is_none_or(|word| !word.may_be_echo)
    }

    /// A click gets its word.
    pub(crate) fn ends(
        &mut self,
        ticket: Ticket,
        result: &Result<(), Failure>,
        scene: &Scene,
    ) -> Holds {
        if self.phone.ends(ticket, result, scene)? {
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
                let is_news = !matches!(failure.code, Code::Overtaken | Code::NothingToPutBack);
                let want = &self.wants[place];
                if failure.code == Code::Overtaken {
                    let has_newer = self.wants.len() > place + 1 || self.phone.follows_a_call();
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
        let old = self.last_word().is_none_or(|word| {
            let limit = if self.requests.was_limited { 600 } else { 90 };
            scene.now.since_boot > word.at + Duration::from_secs(limit) + LAG
        });
        let is_sure = !old && self.in_doubt.is_empty() && self.requests.failures < 3;
        holds(
            4,
            "what is not confirmed is written",
            self.wrote_since(want.at) || is_sure,
            || format!("{want:?}, by {:?}", self.last_word()),
        )?;
        self.answers_offer();
        self.came_about = true;
        self.run(place);
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
    pub(crate) fn falls_asleep(&mut self) {
        for want in self.wants.iter_mut().filter(|want| want.open) {
            want.slept = true;
            want.open &= want.ticket.is_some();
        }
        self.phone.falls_asleep();
    }

    /// It has woken, and the session knows.
    pub(crate) fn is_awake(&self) -> Holds {
        let forgotten = self.wants.iter().find(|want| want.open && want.slept);
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
        let under_way = self.writes.iter().find(|write| write.under_way);
        let under_way = under_way.map(|write| write.want);
        let wants = self.wants.iter_mut().enumerate();
        for (place, want) in wants.filter(|(_, want)| want.open && want.ticket.is_none()) {
            let is_wanted = switching_to.map(String::as_str) == want.to.map(Name::words);
            want.open = !want.is_accepted && (is_wanted || under_way == Some(place));
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
            let is_shown = fails_now
                || (view.certainty == Certainty::Confirmed
                    && super::shown(view, &scene.model) == Some(to));
            holds(3, "a click that failed is shown", is_shown, || {
                format!("{to:?}")
            })?;
        }
        let Some(failed) = failed else {
            return Ok(());
        };
        if scene.asleep || self.requests.is_quiet(scene) {
            return Ok(());
        }
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
