//! The same rules for where calls ring, and for what comes after a call.

use std::time::Duration;

use domain::{AccountView, CallStatus, Failure, Input, StatusId, Ticket, Via};
use jiff::{SignedDuration, Timestamp};

use crate::asked::{Answer, Asks};
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::Name;

/// What was read is not shown for longer.
const OLDEST: Duration = Duration::from_secs(600);
/// A click is worked on for so long.
const LONGEST: Duration = Duration::from_secs(30);
/// A timer may be so late.
const LAG: Duration = Duration::from_millis(50);
/// A call that was last seen longer ago may have ended at any time since.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// A place where calls are wanted.
#[derive(Debug)]
struct Want {
    ticket: Ticket,
    via: Via,
    at: Duration,
    slept: bool,
}

/// What was asked, answered and clicked of the phone, since the start of the program.
#[derive(Debug, Default)]
pub(super) struct Phone {
    /// Where calls ring and whether one is under way, as the help desk told last.
    via: Option<Via>,
    call: Option<CallStatus>,
    at: Duration,
    is_writing: bool,
    /// Those that are open.
    wants: Vec<Want>,
    after_call: Option<(Ticket, Name)>,
    /// It is still to come, as was shown last.
    waited: bool,
    call_seen: Option<Timestamp>,
}

impl Phone {
    pub(super) fn hears(&mut self, answer: &Answer, scene: &Scene) {
        let phone = match (&answer.asks, &answer.input) {
            (Asks::Phone, Input::PhoneFetched(Ok(Some(phone)))) if !answer.phone_mixed => *phone,
            (Asks::Status, Input::Fetched(Ok(reading))) if !answer.phone_mixed => {
                match reading.phone {
                    Some(phone) => phone,
                    None => return,
                }
            }
            (Asks::Via(_), Input::ViaPushed(result)) => {
                self.is_writing = false;
                match result {
                    Ok(phone) => *phone,
                    Err(error) => {
                        if error.leaves_write_in_doubt() {
                            self.via = None;
                        }
                        return;
                    }
                }
            }
            _ => return,
        };
        self.via = phone.via;
        self.call = phone.call;
        self.at = scene.now.since_boot;
        if phone.call.is_some() {
            self.call_seen = Some(scene.now.wall);
        }
    }

    pub(super) fn may_write(&mut self, via: Via, scene: &Scene) -> Holds {
        holds(
            2,
            "one change of the phone at a time",
            !self.is_writing,
            || format!("{via:?}"),
        )?;
        let newest = self.wants.last();
        let is_newest = newest.is_some_and(|want| want.via == via);
        holds(2, "the last click on the phone wins", is_newest, || {
            format!("{via:?}, not {newest:?}")
        })?;
        let awake = self.wants.iter().rev().filter(|want| !want.slept);
        let same = awake.take_while(|want| want.via == via).last();
        let is_soon =
            same.is_some_and(|want| !want.slept && scene.now.since_boot <= want.at + LONGEST);
        holds(3, "no click on the phone is sent late", is_soon, || {
            format!("{same:?}")
        })?;
        self.is_writing = true;
        Ok(())
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.wants.iter().any(|want| !want.slept)
    }

    /// What was to follow a call and waits no more: it has been taken up, or given up.
    pub(super) fn followed_call(&mut self, view: &AccountView) -> Option<(Ticket, Name)> {
        let waits = view
            .phone
            .as_ref()
            .is_some_and(|phone| phone.after_call.is_some());
        let had_waited = std::mem::replace(&mut self.waited, waits);
        self.after_call.filter(|_| had_waited && !waits)
    }

    /// Whether a status was chosen for after a call.
    pub(super) fn follows_a_call(&self) -> bool {
        self.after_call.is_some()
    }

    /// Where the newest click that is open wants calls to ring.
    pub(super) fn newest(&self) -> Option<Via> {
        self.wants.last().map(|want| want.via)
    }

    pub(super) fn is_settled(&self) -> bool {
        self.wants.is_empty()
    }

    pub(super) fn ends(
        &mut self,
        ticket: Ticket,
        result: &Result<(), Failure>,
        scene: &Scene,
    ) -> Result<bool, crate::Broken> {
        if let Some(place) = self.wants.iter().position(|want| want.ticket == ticket) {
            let want = self.wants.remove(place);
            let is_told = result.is_err() || self.via == Some(want.via);
            holds(
                3,
                "a click on the phone that ended well came about",
                is_told,
                || {
                    format!(
                        "{want:?}, and calls ring {:?} since {:?}",
                        self.via, scene.now
                    )
                },
            )?;
            return Ok(true);
        }
        if let Some((_, name)) = self.after_call.filter(|(own, _)| *own == ticket) {
            let on_call = result.is_err() || self.call.is_some();
            holds(3, "only a call has an end", on_call, || format!("{name:?}"))?;
            return Ok(true);
        }
        Ok(false)
    }

    pub(super) fn falls_asleep(&mut self) {
        self.wants.iter_mut().for_each(|want| want.slept = true);
    }

    /// Whether a switch is what was to follow a call: then the call is over, and that was seen.
    pub(super) fn follows_call(
        &self,
        before: &AccountView,
        view: &AccountView,
        scene: &Scene,
    ) -> Result<bool, crate::Broken> {
        let after_call = |view: &AccountView| {
            let after = view
                .phone
                .as_ref()
                .and_then(|phone| phone.after_call.as_ref());
            after.map(|status| status.id.clone())
        };
        let to: Option<StatusId> = view.switching_to.as_ref().map(|status| status.id.clone());
        if after_call(view).is_some() || after_call(before).is_none() || after_call(before) != to {
            return Ok(false);
        }
        let is_over = self.call.is_none();
        holds(4, "what follows a call comes after it", is_over, || {
            format!("{to:?}")
        })?;
        let was_seen = self
            .call_seen
            .is_some_and(|seen| scene.now.wall.duration_since(seen) <= LATE);
        let is_seen = was_seen && !scene.locked && !scene.asleep;
        holds(
            7,
            "a call whose end nobody saw is followed by an offer",
            is_seen,
            || format!("{to:?}"),
        )?;
        Ok(true)
    }

    pub(super) fn clicks_end(&self, scene: &Scene) -> Holds {
        let late = self
            .wants
            .iter()
            .find(|want| scene.now.since_boot > want.at + LONGEST + LAG);
        holds(
            3,
            "a click on the phone gets a word in time",
            late.is_none(),
            || format!("{late:?}"),
        )
    }

    pub(super) fn look(&self, view: &AccountView, scene: &Scene) -> Holds {
        let Some(phone) = &view.phone else {
            return Ok(());
        };
        let is_told = phone.via.is_none() || phone.via == self.via && !self.is_writing;
        holds(1, "calls ring where it is shown", is_told, || {
            format!("{:?} is shown, {:?} was told", phone.via, self.via)
        })?;
        let is_call = phone.call.is_none() || phone.call == self.call;
        holds(1, "a call is shown while there is one", is_call, || {
            format!("{:?}", phone.call)
        })?;
        let is_fresh = phone.via.is_none() || scene.now.since_boot <= self.at + OLDEST + LAG;
        holds(1, "what is old of the phone is not shown", is_fresh, || {
            format!("{:?}", self.at)
        })
    }

    pub(super) fn settles(&self, scene: &Scene) -> Holds {
        let forgotten = self.wants.iter().find(|want| want.slept && !scene.asleep);
        holds(
            3,
            "what sleep interrupted on the phone is told on waking",
            forgotten.is_none(),
            || format!("{forgotten:?}"),
        )
    }
}

impl super::Witness {
    pub(crate) fn wants_via(&mut self, ticket: Ticket, via: Via, scene: &Scene) {
        self.cut_off.via = None;
        self.phone.wants.push(Want {
            ticket,
            via,
            at: scene.now.since_boot,
            slept: false,
        });
    }

    pub(crate) fn wants_after_call(&mut self, ticket: Ticket, to: Name) {
        self.phone.after_call = Some((ticket, to));
    }
}
