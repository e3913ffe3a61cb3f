//! Rule 6 for offers that the agent puts aside: they come back once, ten minutes later, if nothing changed.

use std::time::Duration;

use domain::{AccountView, Certainty, Link, Offer};

use super::Witness;
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::Readable;

/// So long an offer is put aside.
const SNOOZE: Duration = Duration::from_secs(600);

/// An offer that is put aside.
#[derive(Clone, Debug)]
pub(super) struct Aside {
    offer: Offer,
    at: Duration,
}

impl Witness {
    /// The agent wants to be asked again later.
    pub(crate) fn puts_aside(&mut self, offer: Offer, scene: &Scene) {
        let at = scene.now.since_boot;
        self.presence.leaves_as_it_is();
        self.burst = None;
        self.aside = Some(Aside { offer, at });
    }

    /// Whether an offer that is told is one that comes back, which it may.
    pub(super) fn is_reminder(
        &mut self,
        offer: &Offer,
        scene: &Scene,
    ) -> Result<bool, crate::Broken> {
        let Some(aside) = self.aside.take() else {
            return Ok(false);
        };
        if (aside.offer.at, aside.offer.because) != (offer.at, offer.because) {
            return Ok(false);
        }
        let age = scene.now.since_boot.saturating_sub(aside.at);
        holds(
            6,
            "what is put aside comes back ten minutes later",
            age >= SNOOZE,
            || format!("{offer:?} after {age:?}"),
        )?;
        Ok(true)
    }

    pub(super) fn aside_holds(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        if view.link == Link::SignedOut {
            self.aside = None;
        }
        let Some(aside) = &self.aside else {
            return Ok(());
        };
        let shown = view.offer.as_ref().map(|offer| offer.at);
        holds(
            6,
            "what is put aside is not shown",
            shown != Some(aside.offer.at),
            || format!("{aside:?}"),
        )?;
        let can_be_told = !scene.is_away() && view.certainty != Certainty::Unknown;
        let is_whole = !matches!(scene.readable, Readable::PhoneChannel | Readable::Nothing);
        let is_due = scene.now.since_boot >= aside.at + SNOOZE;
        holds(
            6,
            "what is put aside is not forgotten",
            !(is_due && can_be_told && is_whole),
            || format!("{aside:?}"),
        )
    }
}
