//! Rule 7: timed statuses end as promised, and yield to everything else.

use domain::{AccountView, Certainty, Link, Offer};
use jiff::{SignedDuration, Timestamp};

use super::{Eligible, Told, Witness, shown};
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::Name;

/// An end that passed by more than this is offered.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// A timed status that runs.
#[derive(Clone, Debug)]
pub(super) struct Running {
    pub(super) status: Name,
    pub(super) until: Timestamp,
    /// When that end was set.
    pub(super) set: Timestamp,
    /// What comes back, where the witness knows.
    pub(super) back: Option<Name>,
    /// It ended while the screen was locked.
    pub(super) is_unseen: bool,
}

impl Witness {
    /// A choice came about: its time begins, and any older one ends.
    pub(super) fn run(&mut self, place: usize, scene: &Scene) {
        let want = &self.wants[place];
        let Some(status) = want.to else {
            self.running = None;
            return;
        };
        let before = match want.before {
            Some(Told::Status(before)) if before != status && want.or_before_is_empty() => {
                Some(before)
            }
            _ => None,
        };
        // Idle is nobody's choice: what comes back is what was before it.
        let before = before.map(|before| {
            if before == Name::Idle && status != Name::Online {
                Name::Online
            } else {
                before
            }
        });
        let went_on = self
            .running
            .take()
            .filter(|running| running.status == status && before.is_none());
        self.ends.begins();
        self.running = want.until.map(|until| Running {
            status,
            until,
            set: scene.now.wall,
            back: before.or(went_on.and_then(|running| running.back)),
            is_unseen: false,
        });
    }

    /// What was told of another status ends the time.
    pub(super) fn yield_running(&mut self, told: Told) {
        self.running = self.running.take().filter(|running| match told {
            Told::Status(name) => running.status == name,
            Told::Phone(kind) => running.status.fits_phone(kind),
        });
    }

    /// A status that is chosen without a time, and holds already, has no end any more.
    pub(super) fn yield_running_to(&mut self, name: Name) {
        self.running.take_if(|running| running.status == name);
    }

    /// A switch by itself is a timed status's end, at its time.
    pub(super) fn time_is_over(&mut self, to: Option<Name>, scene: &Scene) -> Holds {
        let Some(running) = self.running.take() else {
            return Ok(());
        };
        let late = scene.now.wall.duration_since(running.until);
        holds(7, "a time ends at its end", !late.is_negative(), || {
            format!("{running:?}")
        })?;
        holds(7, "an end long past is offered", late <= LATE, || {
            format!("{late} after {running:?}")
        })?;
        let is_seen = !scene.locked && !scene.asleep && !running.is_unseen;
        holds(7, "an end that nobody saw is offered", is_seen, || {
            format!("{running:?}")
        })?;
        let is_back = running.back.is_none_or(|back| Some(back) == to);
        holds(7, "the status before comes back", is_back, || {
            format!("{to:?} after {running:?}")
        })?;
        let told = self.last_word().map(|word| word.told);
        let still_holds = told.is_none_or(|told| Told::Status(running.status).fits(told));
        holds(7, "a time yields to every change", still_holds, || {
            format!("{running:?}, and {told:?} was told")
        })
    }

    /// An end is offered.
    pub(super) fn end_is_offered(&mut self, offer: &Offer, scene: &Scene) -> Holds {
        let Some(running) = self.running.take() else {
            return holds(7, "a time that ran is offered", false, || {
                format!("{offer:?}")
            });
        };
        let late = scene.now.wall.duration_since(running.until);
        holds(7, "a time ends at its end", !late.is_negative(), || {
            format!("{running:?}")
        })?;
        let is_barred = running
            .back
            .is_none_or(|back| self.eligible.get(&back) != Some(&Eligible::Yes));
        let is_due = running.is_unseen || scene.locked || late > LATE || is_barred;
        holds(7, "an end that was seen comes by itself", is_due, || {
            format!("{running:?}")
        })
    }

    /// An end that could not be brought about is told as failed, and is over.
    fn end_failed(&mut self, view: &AccountView, scene: &Scene) {
        let now = scene.now.wall;
        let failed = view.failed.as_ref().filter(|failed| failed.at == now);
        let failed = failed.and_then(|failed| scene.model.name_of(&failed.to.id));
        let is_sure = view.certainty != Certainty::Unknown && view.timed.is_none();
        let shown = shown(view, &scene.model).filter(|_| is_sure && failed.is_some());
        self.running = self.running.take().filter(|running| {
            let is_end = running.back.is_none() || running.back == failed;
            running.until > now || shown != Some(running.status) || !is_end
        });
    }

    /// A time that runs is shown, and none is shown that is over.
    pub(super) fn times_hold(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        let now = scene.now.wall;
        if let Some(running) = &mut self.running
            && running.until <= now
            && scene.locked
        {
            running.is_unseen = true;
        }
        self.end_failed(view, scene);
        let Some(running) = &self.running else {
            return holds(
                7,
                "only a time that runs is shown",
                view.timed.is_none(),
                || format!("{:?}", view.timed),
            );
        };
        let is_it = shown(view, &scene.model) == Some(running.status);
        let is_calm = !self.is_wanting() && !scene.asleep;
        let is_sure = view.certainty == Certainty::Confirmed && !view.statuses.is_empty();
        if !is_it || !is_sure || !is_calm || view.link == Link::SignedOut {
            return Ok(());
        }
        holds(
            7,
            "a time that runs is shown",
            view.timed.as_ref().map(|timed| timed.until) == Some(running.until),
            || format!("{:?}, of {running:?}", view.timed),
        )?;
        self.end_was_announced(running, view, scene)?;
        holds(7, "a time that is over ends", running.until > now, || {
            format!("{running:?} at {now}")
        })
    }
}
