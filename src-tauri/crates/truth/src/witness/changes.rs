//! Rules 5 and 6: own changes make no noise, and a forced change is told once.

use std::time::Duration;

use domain::{AccountView, Certainty, ChangedBy, Link, Notice, Offer, OfferCause, Topic};

use super::{Eligible, Told, Witness, shown};
use crate::broken::{Holds, holds};
use crate::model::{By, Change};
use crate::stage::Scene;
use crate::story::{Name, Why};

/// Changes that follow one another so soon are told as one.
const BURST: Duration = Duration::from_secs(10);

/// Whether a forced change is to be told of a read.
#[derive(Debug, Default)]
pub(super) struct Expected {
    is_allowed: bool,
    is_required: bool,
    change: Option<(Told, Told)>,
    /// What was before several changes in a row: they are told as one, and not at all once they led back.
    before_burst: Option<Told>,
    told: u32,
    /// An offer that a click has answered.
    answered: Option<Offer>,
}

impl Change {
    /// Whether the help desk's reason for it is one that a write may bring about.
    pub(super) fn is_like_a_write(self) -> bool {
        !matches!(
            self.by,
            By::Else(Why::Idle | Why::InTheBrowser | Why::NewWord)
        )
    }
}

impl Witness {
    /// What a read means: whether something else has changed the status since the last word.
    pub(super) fn expect(
        &self,
        told: Told,
        of: Change,
        may_be_echo: bool,
        scene: &Scene,
    ) -> Expected {
        let Some((before, word)) = self.believed.zip(self.last_word()) else {
            return Expected::default();
        };
        if before.fits(told) {
            return Expected::default();
        }
        let by_else = |change: &Change| change.by.is_else();
        if let Told::Phone(_) = told {
            let now = scene.now.since_boot;
            let mut since = scene
                .model
                .held(word.sent, now)
                .filter(|change| change.at >= word.sent);
            return Expected {
                is_allowed: since.any(|change| by_else(&change)),
                ..Expected::default()
            };
        }
        let tells_reasons = scene.readable.tells_reasons();
        let is_quiet = tells_reasons && of.by == By::Else(Why::InTheBrowser);
        let explains = |write: &super::Write| {
            Told::Status(write.name) == told
                && (write.sent >= word.at || self.in_doubt.contains(&write.name))
        };
        let is_explained =
            (!tells_reasons || of.is_like_a_write()) && self.writes.iter().any(explains);
        // What a write in doubt was to bring about is as the agent wants it, whoever did it.
        let wants = self.wants.iter().filter(|want| want.open);
        let wants = wants.filter_map(|want| want.to.as_ref());
        let mut doubts = self.in_doubt.iter().chain(&self.unanswered).chain(wants);
        let is_wanted = doubts.any(|name| Told::Status(*name) == told);
        let is_allowed = by_else(&of) && !is_quiet;
        let burst = self
            .burst
            .filter(|(at, _)| scene.now.since_boot <= *at + BURST);
        let before_burst = burst.map(|(_, before)| before);
        let has_led_back = before_burst == Some(told);
        let is_undone = told == Told::Status(Name::Online) && self.presence.pinged_since(word.at);
        let may_wait = is_undone || self.presence.may_hold_back(before, told, scene);
        let is_required =
            is_allowed && !may_wait && !is_explained && !is_wanted && !may_be_echo && !has_led_back;
        Expected {
            is_allowed,
            is_required,
            change: Some((before, told)),
            before_burst,
            ..Expected::default()
        }
    }

    /// The agent is told something.
    pub(crate) fn is_told(&mut self, notice: Notice, scene: &Scene) -> Holds {
        match &notice {
            Notice::Offer(offer) => {
                if self.is_reminder(offer, scene)? {
                    self.standing.insert(notice.topic(), notice);
                    return Ok(());
                }
                if let Some(back) = &offer.put_back {
                    let name = scene.model.name_of(&back.id);
                    self.first_offered = self.first_offered.or(name);
                }
                match offer.because {
                    OfferCause::ForcedChange | OfferCause::PhoneMoved => {
                        self.forced_change_is_told(offer, scene)?;
                    }
                    OfferCause::TimedStatusEnded => self.end_is_offered(offer, scene)?,
                    OfferCause::Guarded => self.guard_is_told(offer, scene)?,
                    OfferCause::CallEnded => {}
                }
            }
            Notice::SwitchFailed(_) | Notice::ViaFailed(_) => {
                holds(10, "quiet on wake", !self.requests.is_quiet(scene), || {
                    format!("{notice:?}")
                })?;
                if let Notice::SwitchFailed(failed) = &notice {
                    self.guard_failure_is_told(failed)?;
                }
            }
            Notice::Ending(timed) => self.end_is_announced(timed, scene)?,
            Notice::SignedOut(_) => {
                holds(10, "quiet on wake", !self.requests.is_quiet(scene), || {
                    format!("{notice:?}")
                })?;
                let is_first = !self.requests.told_signed_out;
                holds(9, "a sign-out is told once", is_first, String::new)?;
                self.requests.told_signed_out = true;
            }
            _ => {}
        }
        self.standing.insert(notice.topic(), notice);
        Ok(())
    }

    fn forced_change_is_told(&mut self, offer: &Offer, scene: &Scene) -> Holds {
        let expected = &mut self.expected;
        expected.told += 1;
        if !expected.is_allowed
            && let Some(change) = self.presence.tells_held_back()
        {
            expected.is_allowed = true;
            expected.change = Some(change);
            self.yield_running(change.1);
        }
        let expected = &mut self.expected;
        holds(5, "own changes make no noise", expected.is_allowed, || {
            format!("{offer:?}")
        })?;
        holds(
            6,
            "a forced change is told once",
            expected.told == 1,
            || format!("{offer:?}"),
        )?;
        if let Some((before, _)) = expected.change {
            let first = expected.before_burst.unwrap_or(before);
            self.burst = Some((scene.now.since_boot, first));
        }
        let first = expected.before_burst.zip(expected.change);
        let change = first.map_or(expected.change, |(first, (_, after))| Some((first, after)));
        let Some((Told::Status(before), Told::Status(after))) = change else {
            return Ok(());
        };
        let is_right = offer.from == before.words()
            && offer.to == after.words()
            && !offer.reason_in_words.is_empty();
        holds(6, "a forced change is told as it was", is_right, || {
            format!("{before:?} -> {after:?}: {offer:?}")
        })?;
        let back = offer.put_back.as_ref().map(|status| status.name.as_str());
        // Idle is nobody's choice: what was before it is Online.
        let before = if before == Name::Idle {
            Name::Online
        } else {
            before
        };
        let is_offered = match self.eligible.get(&before) {
            Some(Eligible::Yes) => back == Some(before.words()),
            Some(Eligible::No) | None => back.is_none(),
            Some(Eligible::Perhaps) => true,
        };
        holds(
            6,
            "the status before is offered while it may be chosen",
            is_offered,
            || format!("{offer:?}"),
        )
    }

    pub(crate) fn is_withdrawn(&mut self, topic: Topic) {
        self.standing.remove(&topic);
        if topic == Topic::Offer {
            self.burst = None;
        }
    }

    /// A click came about, so nothing is asked any more.
    pub(super) fn answers_offer(&mut self) {
        self.burst = None;
        if let Some(Notice::Offer(offer)) = self.standing.get(&Topic::Offer) {
            self.expected.answered = Some(offer.clone());
        }
    }

    /// What had to be told was.
    pub(super) fn changes_told(&mut self) -> Holds {
        let expected = &mut self.expected;
        let is_told = !std::mem::take(&mut expected.is_required) || expected.told == 1;
        expected.is_allowed = false;
        let change = expected.change.take();
        holds(6, "a forced change is told", is_told, || {
            format!("{change:?}")
        })
    }

    /// A notice stands as long as what it tells, and no longer.
    pub(super) fn notices_stand(&self, view: &AccountView) -> Holds {
        let stands = |topic| self.standing.contains_key(&topic);
        let offered = view.offer.is_some();
        holds(
            6,
            "an offer is told and shown",
            stands(Topic::Offer) == offered,
            || format!("shown: {offered}"),
        )?;
        let failed = view.failed.is_some();
        holds(
            10,
            "a failure is withdrawn when it is over",
            failed || !stands(Topic::SwitchFailed),
            || format!("{:?}", self.standing.get(&Topic::SwitchFailed)),
        )?;
        let is_out = view.link == Link::SignedOut;
        holds(
            9,
            "a sign-out that is told stays",
            is_out || !stands(Topic::SignedOut),
            String::new,
        )
    }

    /// What is offered may be taken up, and nothing has happened since.
    pub(super) fn offers_hold(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        let answered = self.expected.answered.take();
        if view.changed_by == Some(ChangedBy::Other) && view.certainty == Certainty::Confirmed {
            let name = shown(view, &scene.model);
            let own = self.last_word().is_some_and(|word| {
                let mut held = scene
                    .model
                    .held(word.sent, word.at)
                    .filter(|change| Some(change.to) == name);
                held.all(
                    |change| matches!(change.by, By::Write(number) if number > self.writes_before),
                ) && name.is_some()
            });
            holds(5, "an own change is the agent's", !own, || {
                format!("{:?}", view.status)
            })?;
        }
        let Some(offer) = &view.offer else {
            return Ok(());
        };
        let is_open = answered.is_none_or(|answered| answered.at != offer.at);
        holds(6, "a click answers an offer", is_open, || {
            format!("{offer:?}")
        })?;
        if let Some(back) = &offer.put_back {
            let name = scene.model.name_of(&back.id);
            let may = name.is_some_and(|name| {
                let may = self.eligible.get(&name);
                matches!(may, Some(Eligible::Yes | Eligible::Perhaps))
            });
            holds(6, "only what may be chosen is offered", may, || {
                format!("{offer:?}")
            })?;
        }
        if let (OfferCause::ForcedChange, Some(Told::Status(name))) = (offer.because, self.believed)
        {
            holds(
                6,
                "an offer is withdrawn when anything changes",
                offer.to == name.words(),
                || format!("{offer:?}, and it is {name:?}"),
            )?;
        }
        Ok(())
    }
}
