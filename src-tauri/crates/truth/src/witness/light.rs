//! Rule 1: the light never lies. And of rule 10: three failures before "unreachable".

use std::time::Duration;

use domain::{AccountView, Certainty, Light, Link};

use super::{ECHO, Told, Witness, shown};
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::{Name, Readable};

/// A surface follows its timer by so much.
const LAG: Duration = Duration::from_millis(50);

impl Witness {
    pub(super) fn light_holds(&self, view: &AccountView, scene: &Scene) -> Holds {
        match view.certainty {
            Certainty::Confirmed => self.confirmed_holds(view, scene)?,
            Certainty::Projected => self.projected_holds(view, scene)?,
            Certainty::Assumed => self.assumed_holds(view, scene)?,
            Certainty::Unknown => holds(
                1,
                "what is remembered is never shown as current",
                !self.words.is_empty() || view.status.is_none(),
                || format!("{:?}", view.status),
            )?,
        }
        let kind = shown(view, &scene.model).map(Name::kind);
        let is_certain = matches!(view.certainty, Certainty::Confirmed | Certainty::Projected);
        let is_shown_so = match view.light {
            Light::Status(lit) => is_certain && kind.is_none_or(|kind| kind == lit),
            Light::Unconfirmed(lit) => view.certainty == Certainty::Assumed && kind == Some(lit),
            Light::Switching => self.is_writing() || self.is_wanting(),
            Light::Unreachable => view.link == Link::Unreachable,
            Light::Locked => view.link == Link::Locked,
            Light::SignedOut => view.link == Link::SignedOut,
            Light::NotConfirmed => true,
        };
        holds(1, "the light is the status's own", is_shown_so, || {
            format!("{:?} {:?} {:?}", view.light, view.certainty, view.status)
        })?;
        let is_steady = matches!(view.light, Light::Status(_) | Light::Unconfirmed(_));
        holds(
            1,
            "a switch in flight is shown as switching",
            !is_steady || !self.is_writing(),
            || format!("{:?}", view.light),
        )?;
        holds(
            10,
            "three failures before it is unreachable",
            view.link != Link::Unreachable || self.requests.failures >= 3,
            || format!("after {}", self.requests.failures),
        )
    }

    fn confirmed_holds(&self, view: &AccountView, scene: &Scene) -> Holds {
        let name = shown(view, &scene.model);
        let words = self.words.iter().rev();
        let word = words.filter(|word| !word.may_be_echo).find(|word| {
            Some(word.wall) == view.as_of && name.map(Told::Status) == Some(word.told)
        });
        let Some((word, name)) = word.zip(name) else {
            return holds(
                1,
                "what is confirmed was the help desk's word",
                false,
                || {
                    format!(
                        "{:?} at {:?}, of {:?}",
                        view.status,
                        view.as_of,
                        self.words.last()
                    )
                },
            );
        };
        holds(
            1,
            "what is confirmed was true when it was read",
            scene.model.was(name, word.sent, word.at),
            || {
                format!(
                    "{name:?} by {word:?}, and it was {:?}",
                    scene.model.latest()
                )
            },
        )?;
        self.is_fresh(word.at, "confirmed", scene)?;
        let said = self.words.iter().filter(|word| !word.may_be_echo);
        let newest = said.max_by_key(|word| word.said);
        let is_newest = newest.is_some_and(|newest| newest.told == word.told);
        holds(1, "the newest word counts", is_newest, || {
            format!("{name:?} is shown, and {newest:?} came")
        })?;
        let may_last = !self.echoed || scene.now.since_boot <= word.at + ECHO + LAG;
        holds(1, "an echo is no excuse for long", may_last, || {
            format!("{word:?}")
        })?;
        holds(
            1,
            "nothing is confirmed while a write is in doubt",
            self.in_doubt.is_empty(),
            || format!("{:?} may have been applied", self.in_doubt),
        )
    }

    /// What was told then still counts now.
    fn is_fresh(&self, at: Duration, what: &str, scene: &Scene) -> Holds {
        let age = scene.now.since_boot.saturating_sub(at);
        holds(
            1,
            "what is old is not confirmed",
            age <= self.oldest(scene) + LAG,
            || format!("{what} at an age of {age:?}"),
        )?;
        holds(
            1,
            "after three failures nothing is confirmed",
            self.requests.failures < 3,
            || format!("{what} after {}", self.requests.failures),
        )
    }

    fn projected_holds(&self, view: &AccountView, scene: &Scene) -> Holds {
        let words = self.words.iter().rev();
        let word = words
            .filter(|word| !word.may_be_echo)
            .find(|word| Some(word.wall) == view.as_of && matches!(word.told, Told::Phone(_)));
        let Some((word, Told::Phone(kind))) = word.map(|word| (word, word.told)) else {
            return holds(
                1,
                "what is projected was the help desk's word",
                false,
                || format!("{:?} at {:?}", view.status, view.as_of),
            );
        };
        let mut held = scene.model.held(word.sent, word.at);
        holds(
            1,
            "what is projected was true when it was read",
            held.any(|change| change.to.fits_phone(kind)),
            || format!("{word:?}, and it was {:?}", scene.model.latest()),
        )?;
        self.is_fresh(word.at, "projected", scene)?;
        holds(
            1,
            "nothing is projected while a write is in doubt",
            self.in_doubt.is_empty(),
            || format!("{:?} may have been applied", self.in_doubt),
        )?;
        let Some(name) = shown(view, &scene.model) else {
            let lit = matches!(view.light, Light::Status(lit) if lit != kind);
            return holds(1, "the channel's kind is shown", !lit, || {
                format!("{:?} of {kind:?}", view.light)
            });
        };
        holds(
            1,
            "a projected status fits what is readable",
            name.fits_phone(kind) && self.was_written(name),
            || format!("{name:?} beside {kind:?}"),
        )
    }

    fn assumed_holds(&self, view: &AccountView, scene: &Scene) -> Holds {
        let name = shown(view, &scene.model);
        let accepted = self.writes.iter().rev().find(|write| write.accepted);
        holds(
            1,
            "what is assumed is the last accepted write",
            (scene.readable == Readable::Nothing || self.requests.saw_nothing)
                && name.is_some()
                && accepted.map(|write| write.name) == name,
            || format!("{name:?} after {accepted:?}"),
        )?;
        holds(
            1,
            "nothing is assumed while a write is in doubt",
            self.in_doubt.is_empty(),
            || format!("{:?} may have been applied", self.in_doubt),
        )
    }

    /// Whether an own write may have brought a status about.
    fn was_written(&self, name: Name) -> bool {
        let mut writes = self.writes.iter();
        writes.any(|write| {
            write.name == name && (write.accepted || write.in_doubt || write.answered.is_none())
        })
    }
}
