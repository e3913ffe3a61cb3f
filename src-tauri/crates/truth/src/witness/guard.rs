//! Rule 13: the guard writes once when the agent leaves, never more work, and says so when the agent is back.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{AccountView, Certainty, FailedSwitch, Leaving, Link, Offer};

use super::clicks::{Of, Want};
use super::{Eligible, Told, Witness, named, shown};
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::{Name, Readable};

/// A computer that sleeps or ends waits no longer.
pub(super) const LONGEST: Duration = Duration::from_secs(4);
/// So long after the return, whatever was to be told has been.
const TOLD_WITHIN: Duration = Duration::from_secs(200);

/// What the agent set, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Guarding {
    rule: Option<(Name, BTreeSet<Leaving>)>,
    /// The leaving that is under way and that the guard is for.
    pub(super) leaving: Option<Leaving>,
    left: Option<Left>,
    /// The agent is there since.
    here_since: Option<Duration>,
    /// What was to be shown when the agent left.
    expected: Option<Name>,
    /// When the computer went to sleep last, there was a guard for that.
    pub(super) is_on_at_sleep: bool,
    /// What the agent wanted when leaving.
    wanted: Wanted,
}

/// What the agent wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wanted {
    #[default]
    Nothing,
    /// Only the session may know what.
    Something,
    Status(Name),
}

/// What the guard did, and is still to be told.
#[derive(Debug)]
struct Left {
    to: Name,
    /// The status before, where nothing else is possible.
    back: Option<Name>,
    is_accepted: bool,
    /// Something happened since that may make an end of it.
    is_optional: bool,
}

impl Guarding {
    /// The help desk tells another status than before.
    pub(super) fn yields(&mut self, told: Told) {
        if let Some(left) = &mut self.left
            && !Told::Status(left.to).fits(told)
        {
            left.is_optional = true;
        }
    }

    pub(super) fn accepts(&mut self, name: Name, of: Of) {
        if let Some(left) = &mut self.left {
            left.is_accepted |= of == Of::Guard && left.to == name;
            left.is_optional |= left.to != name;
        }
    }

    /// The agent chooses: whatever the guard did is over.
    pub(super) fn is_overtaken(&mut self) {
        if let Some(left) = &mut self.left {
            left.is_optional = true;
        }
    }

    /// Errors are told later now.
    pub(super) fn has_just_woken(&mut self) {
        self.here_since = None;
    }

    pub(super) fn restarted(&mut self) {
        self.leaving = None;
        self.here_since = None;
    }
}

impl Witness {
    pub(crate) fn guards(&mut self, rule: Option<(Name, BTreeSet<Leaving>)>) {
        self.guarding.rule = rule;
        self.guarding.is_overtaken();
    }

    /// The agent leaves, by what is shown.
    pub(crate) fn leaves(&mut self, on: Leaving, view: &AccountView, scene: &Scene) {
        let now = scene.now.since_boot;
        self.guarding.here_since = None;
        let Some(to) = self.guard_for(on) else {
            return;
        };
        self.guarding.leaving = Some(on);
        if on != Leaving::Lock {
            let wants = self.wants.iter_mut();
            for want in wants.filter(|want| want.open && want.of == Of::Guard) {
                want.latest = want.latest.min(now + LONGEST);
            }
        }
        let mut wanted = self.wants.iter().rev();
        let is_over = scene.asleep && !self.guarding.is_on_at_sleep;
        let wanted = wanted.find(|want| want.open && !(want.slept && is_over));
        self.guarding.wanted = wanted.map_or(Wanted::Nothing, |want| {
            want.to.map_or(Wanted::Something, Wanted::Status)
        });
        let current = shown(view, &scene.model);
        let may_choose = |name| matches!(self.eligible.get(&name), Some(Eligible::Yes));
        let is_calm = !self.is_wanting() && !self.is_writing();
        let is_sure = view.certainty == Certainty::Confirmed && view.link == Link::Ok;
        let brings_less = current.is_some_and(|current| current.rank() > to.rank());
        let is_break = view.timed.is_some() && current.is_some_and(|current| current.rank() < 2);
        let is_due = is_calm
            && is_sure
            && self.has_list
            && may_choose(to)
            && brings_less
            && !is_break
            && self.requests.may_ask(now);
        self.guarding.expected = is_due.then_some(to);
    }

    /// The agent has left: whoever set a guard for that is on the way to its status.
    pub(crate) fn has_left(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        let switching_to = named(view.switching_to.as_ref(), &scene.model);
        let on = self.guarding.leaving.take();
        if on == Some(Leaving::Sleep) && switching_to.is_none() {
            // The guard took nothing over.
            self.guarding.is_on_at_sleep = false;
            self.wants
                .iter_mut()
                .for_each(|want| want.slept |= want.open);
        }
        let Some(to) = self.guarding.expected.take() else {
            return Ok(());
        };
        holds(
            13,
            "whoever leaves goes where the guard says",
            switching_to == Some(to),
            || format!("{switching_to:?}, not {to:?}"),
        )
    }

    pub(super) fn guard_for(&self, on: Leaving) -> Option<Name> {
        let (to, ways) = self.guarding.rule.as_ref()?;
        ways.contains(&on).then_some(*to)
    }

    /// Whether a switch by itself is the guard's, which then has to be right.
    pub(super) fn is_guards(
        &mut self,
        to: Option<Name>,
        scene: &Scene,
    ) -> Result<bool, crate::Broken> {
        let guard = self.guarding.leaving.and_then(|on| self.guard_for(on));
        let Some(to) = to.filter(|to| guard == Some(*to)) else {
            return Ok(false);
        };
        let is_on_its_way =
            |want: &Want| want.open && !want.slept && want.of == Of::Guard && want.to == guard;
        if self.wants.iter().any(is_on_its_way) {
            return Ok(false);
        }
        let is_known = self.guarding.wanted != Wanted::Something;
        let wanted = match self.guarding.wanted {
            Wanted::Status(name) if name != to => Some(name),
            _ => None,
        };
        let told = self.believed;
        let rank = match (wanted, told) {
            (Some(name), _) | (None, Some(Told::Status(name))) => Some(name.rank()),
            (None, Some(Told::Phone(_)) | None) => None,
        };
        let brings_less = !is_known || rank.is_none_or(|rank| rank > to.rank());
        let in_break = self.running.as_ref().is_some_and(|running| {
            running.status.rank() < 2 && told == Some(Told::Status(running.status))
        });
        let is_clicked = self.guarding.wanted == Wanted::Status(to);
        if is_clicked && (!brings_less || in_break) {
            // The agent's own click goes there, and the guard has nothing to do.
            return Ok(false);
        }
        holds(13, "the guard brings no more work", brings_less, || {
            format!("{to:?} in place of {wanted:?} {told:?}")
        })?;
        let is_break = in_break && self.guarding.wanted == Wanted::Nothing;
        holds(13, "the guard leaves a break alone", !is_break, || {
            format!("{:?}", self.running)
        })?;
        let is_sure = !matches!(scene.readable, Readable::PhoneChannel | Readable::Nothing)
            && !self.is_wanting()
            && self.in_doubt.is_empty()
            && !self.echoed;
        let before = match (self.guarding.wanted, told) {
            (Wanted::Nothing, Some(Told::Status(name))) if is_sure => Some(name),
            _ => None,
        };
        let earlier = self.guarding.left.take();
        let back = match earlier {
            Some(earlier) if before == Some(earlier.to) || earlier.is_optional => None,
            Some(earlier) if before.is_some() && before != Some(earlier.to) => {
                before.filter(|_| earlier.back.is_none() || earlier.back == before)
            }
            _ => before,
        };
        self.guarding.left = Some(Left {
            to,
            back,
            is_accepted: false,
            is_optional: is_clicked || !is_known,
        });
        Ok(true)
    }

    /// What the guard did is told.
    pub(super) fn guard_is_told(&mut self, offer: &Offer, scene: &Scene) -> Holds {
        let left = self.guarding.left.take();
        holds(
            13,
            "what the guard did is told once",
            left.is_some(),
            || format!("{offer:?}"),
        )?;
        holds(
            13,
            "what the guard did is told to who is back",
            !scene.is_away(),
            || format!("{offer:?}"),
        )?;
        let Some(left) = left else { return Ok(()) };
        let back = named(offer.put_back.as_ref(), &scene.model);
        let leads_back = back != Some(left.to)
            && left
                .back
                .filter(|_| !left.is_optional)
                .is_none_or(|before| {
                    let may = self.eligible.get(&before) == Some(&Eligible::Yes);
                    back == Some(before) || !may
                });
        holds(13, "the guard's offer leads back", leads_back, || {
            format!("{offer:?}, of {left:?}")
        })?;
        holds(
            13,
            "what the guard is said to have done is so",
            offer.to == left.to.words()
                && self
                    .believed
                    .is_none_or(|told| Told::Status(left.to).fits(told)),
            || format!("{offer:?}, and {:?} was told", self.believed),
        )
    }

    /// What the guard could not do is told.
    pub(super) fn guard_failure_is_told(&mut self, failed: &FailedSwitch) -> Holds {
        if !failed.failure.message.starts_with("Your guard") {
            return Ok(());
        }
        let left = self.guarding.left.take();
        let was_done = left
            .is_some_and(|left| left.is_accepted && self.believed == Some(Told::Status(left.to)));
        holds(
            13,
            "what the guard did is not called a failure",
            !was_done,
            || format!("{failed:?}"),
        )
    }

    /// Whoever is back learns what the guard did.
    pub(super) fn guard_holds(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        let now = scene.now.since_boot;
        let switching_to = view.switching_to.as_ref();
        let is_guarding = self
            .wants
            .iter()
            .any(|want| want.open && want.of == Of::Guard);
        if scene.is_away() {
            self.guarding.here_since = None;
        } else {
            self.guarding.here_since.get_or_insert(now);
        }
        let Some((left, here_since)) = self
            .guarding
            .left
            .as_ref()
            .filter(|left| !left.is_optional)
            .zip(self.guarding.here_since)
        else {
            return Ok(());
        };
        let is_so = if left.is_accepted {
            self.believed == Some(Told::Status(left.to))
        } else {
            left.back.is_some() && self.believed == left.back.map(Told::Status)
        };
        let is_calm = switching_to.is_none() && !is_guarding && !self.is_writing();
        let was_read = self.last_word().is_some_and(|word| word.sent >= here_since);
        let is_sure = view.certainty == Certainty::Confirmed && view.link == Link::Ok;
        let is_due = is_calm
            && was_read
            && is_sure
            && self.has_list
            && self.guarding.rule.is_some()
            && is_so
            && now >= here_since + TOLD_WITHIN;
        holds(13, "what the guard did is told on return", !is_due, || {
            format!("{left:?} since {here_since:?}")
        })
    }
}
