//! Rules 11 and 12: who agreed to it is kept Online, and is Idle while nobody is there; and nothing else is.
//!
//! What presence did is judged by the model's own history; what the session was told, by the words that arrived.

use std::time::Duration;

use domain::{AccountView, Agreed, Certainty, Input, Light, Link};

use super::words::CROSSED;
use super::{Told, Witness, shown};
use crate::broken::{Holds, holds};
use crate::model::By;
use crate::stage::Scene;
use crate::story::Name;

/// Libredesk takes whoever gave no presence for so long for gone.
const UNTIL_SWEPT: Duration = Duration::from_secs(300);
/// Nobody can tell Libredesk's own Offline from another's when it comes so long after the last presence.
const ABOUT_UNTIL_SWEPT: Duration = Duration::from_secs(285);
/// A browser tab gives presence so often.
const BETWEEN_PINGS: Duration = Duration::from_secs(30);
/// Where presence does not end Offline by then, the agent is told.
const PATIENCE: Duration = Duration::from_secs(12);
/// Idle has ended by the first word that was asked for so long after somebody was there again.
const ENDED_WITHIN: Duration = Duration::from_secs(60);

/// What the agent agreed to, and what the session was told of it.
#[derive(Debug, Default)]
pub(super) struct Presence {
    agreed: Agreed,
    pub(super) last_ping: Option<Duration>,
    /// When the first status was told.
    began: Option<Duration>,
    /// The agent is back, or the way is open, since.
    returned: Duration,
    /// The agent was away for so long that Offline is told and not undone.
    was_away: bool,
    /// The agent left Offline as it is.
    is_left: bool,
    /// Somebody touches the computer again since.
    touched: Duration,
    is_open: bool,
    /// When presence was given last before Offline was told, if it was.
    ping_before: Option<Duration>,
    /// Offline was told, and may be undone before the agent is told.
    held_back: Option<(Told, Duration)>,
    /// All that keeping Online needs is there since.
    kept_since: Option<Duration>,
    /// Nobody touches the computer.
    idle: bool,
    /// Idle was set by the agent's rule.
    pub(super) is_idle_set: bool,
}

impl Presence {
    pub(super) fn leaves_as_it_is(&mut self) {
        self.is_left = true;
    }

    pub(super) fn restarted(&mut self) {
        *self = Self {
            agreed: self.agreed,
            ..Self::default()
        };
    }

    pub(super) fn believes(&mut self, before: Option<Told>, told: Told, scene: &Scene) {
        let now = scene.now.since_boot;
        self.began.get_or_insert(now);
        match told {
            Told::Status(Name::Offline) if before != Some(told) => {
                self.ping_before = self.last_ping;
                let may_be_held = before
                    .is_some_and(|before| self.may_hold_back(before, told, scene))
                    && !self.was_away
                    && !scene.is_away();
                self.held_back = before.filter(|_| may_be_held).map(|before| (before, now));
            }
            Told::Status(Name::Offline) => {}
            Told::Status(Name::Online) => {
                self.held_back = None;
                self.was_away = false;
                self.is_left = false;
            }
            Told::Status(_) | Told::Phone(_) => self.held_back = None,
        }
    }

    /// Whether Offline may be kept from the agent for a moment, since presence is about to undo it.
    pub(super) fn may_hold_back(&self, before: Told, told: Told, scene: &Scene) -> bool {
        self.agreed.keep_online
            && before == Told::Status(Name::Online)
            && told == Told::Status(Name::Offline)
            && self.is_unseen_for(ABOUT_UNTIL_SWEPT, scene.now.since_boot)
    }

    /// Whether no presence was given for so long, nor anything told before.
    fn is_unseen_for(&self, time: Duration, now: Duration) -> bool {
        let last = self.last_ping.or(self.began);
        last.is_none_or(|last| now >= last + time)
    }

    pub(super) fn is_held_back(&self) -> bool {
        self.held_back.is_some()
    }

    /// What was before an Offline that was kept from the agent, who is told now.
    pub(super) fn tells_held_back(&mut self) -> Option<(Told, Told)> {
        let (before, _) = self.held_back.take()?;
        Some((before, Told::Status(Name::Offline)))
    }

    /// Whether presence was given since the last word.
    pub(super) fn pinged_since(&self, at: Duration) -> bool {
        self.last_ping.is_some_and(|ping| ping + CROSSED >= at)
    }
}

impl Witness {
    pub(crate) fn agrees(&mut self, agreed: Agreed) {
        self.presence.agreed = agreed;
        self.presence.kept_since = None;
    }

    /// Something happens that no answer is.
    pub(crate) fn happens(&mut self, input: &Input, scene: &Scene) {
        let now = scene.now.since_boot;
        self.pace.happens(input);
        let presence = &mut self.presence;
        match input {
            Input::Woke | Input::Unlocked => {
                presence.returned = now;
                presence.idle &= *input == Input::Woke;
                presence.was_away |= presence.is_unseen_for(UNTIL_SWEPT, now);
                presence.kept_since = None;
            }
            Input::Idle => presence.idle = true,
            Input::Active => {
                presence.idle = false;
                presence.touched = now;
            }
            Input::Heard(domain::Heard::Open { .. }) => {
                presence.is_open = true;
                presence.returned = now;
                presence.kept_since = None;
            }
            Input::Heard(domain::Heard::Closed(_)) => self.is_cut_off(),
            Input::Keep { .. } => presence.leaves_as_it_is(),
            _ => {}
        }
    }

    /// Whether it is Offline, and presence is to undo that.
    pub(super) fn is_to_be_undone(&self) -> bool {
        self.presence.agreed.keep_online && self.believed == Some(Told::Status(Name::Offline))
    }

    /// Nothing passes the websocket any more.
    pub(crate) fn is_cut_off(&mut self) {
        self.presence.is_open = false;
        self.presence.kept_since = None;
    }

    pub(crate) fn is_idle_set(&self) -> bool {
        self.presence.is_idle_set
    }

    pub(crate) fn listens(&mut self, scene: &Scene) -> Holds {
        self.is_cut_off();
        holds(
            8,
            "nobody listens in the agent's absence",
            !scene.is_away(),
            String::new,
        )
    }

    /// The session says that the agent is there.
    pub(crate) fn pings(&mut self, scene: &Scene) -> Holds {
        let now = scene.now.since_boot;
        let presence = &self.presence;
        let is_agreed = presence.agreed.keep_online;
        holds(
            11,
            "presence is given to who wants it",
            is_agreed,
            String::new,
        )?;
        holds(
            11,
            "nobody is said to be there who is not",
            !scene.is_away(),
            String::new,
        )?;
        let is_rare = presence
            .last_ping
            .is_none_or(|last| now >= last + BETWEEN_PINGS);
        holds(11, "presence is given as a tab gives it", is_rare, || {
            format!("{now:?}, after {:?}", presence.last_ping)
        })?;
        let told = self.last_word();
        let was_told = told.is_some_and(|word| word.is_since(presence.returned));
        holds(11, "a return is followed by a read", was_told, || {
            format!("{told:?}, and back since {:?}", presence.returned)
        })?;
        let is_free = !self.is_wanting() && !self.is_writing();
        holds(11, "a click goes before presence", is_free, String::new)?;
        let newest = self.words.iter().max_by_key(|word| word.said);
        let may_undo = newest.is_none_or(|word| match word.told {
            Told::Status(Name::Online) => true,
            Told::Status(Name::Offline) => {
                let before = presence.ping_before.or(presence.began);
                word.by == By::Sweep || before.is_some_and(|at| word.at >= at + ABOUT_UNTIL_SWEPT)
            }
            Told::Status(_) | Told::Phone(_) => false,
        });
        holds(
            11,
            "presence undoes nothing but the sweep",
            may_undo,
            || format!("{newest:?}"),
        )?;
        let is_offline = newest.is_some_and(|word| word.told == Told::Status(Name::Offline));
        holds(
            11,
            "Offline after a long absence is the agent's to undo",
            !is_offline || !presence.was_away,
            || format!("{newest:?}"),
        )?;
        holds(
            11,
            "what the agent leaves as it is stays",
            !is_offline || !presence.is_left,
            || format!("{newest:?}"),
        )?;
        self.presence.last_ping = Some(now);
        self.pace.is_disturbed = true;
        Ok(())
    }

    /// Libredesk has swept: nobody is found who is kept Online.
    pub(crate) fn is_swept(&mut self, scene: &Scene) -> Holds {
        let now = scene.now.since_boot;
        let kept = self.presence.kept_since;
        holds(
            11,
            "who is to be kept Online is Online",
            kept.is_none_or(|since| now < since + UNTIL_SWEPT),
            || format!("swept, and all is well since {kept:?}"),
        )
    }

    /// Whether a switch by itself is the rule for idleness, which then has to be right.
    pub(super) fn is_of_idleness(
        &mut self,
        to: Option<Name>,
        scene: &Scene,
    ) -> Result<bool, crate::Broken> {
        if !scene.readable.is_libredesk() {
            return Ok(false);
        }
        let told = self.last_word();
        let is_told = |name| told.is_some_and(|word| word.told == Told::Status(name));
        let presence = &self.presence;
        let is_gone = scene.is_away() || presence.idle;
        let mut running = self.running.iter();
        let is_time_over =
            running.any(|running| running.until <= scene.now.wall) && !is_told(Name::Idle);
        match to {
            Some(Name::Idle) => {
                let is_agreed = presence.agreed.away_when_idle;
                holds(12, "who wants it is Idle", is_agreed, String::new)?;
                holds(12, "who is there is not Idle", is_gone, String::new)?;
                holds(12, "Idle follows Online", is_told(Name::Online), || {
                    format!("{told:?}")
                })?;
                self.presence.is_idle_set = true;
                Ok(true)
            }
            Some(Name::Online) if presence.is_idle_set && !is_time_over => {
                holds(12, "who is not there stays Idle", !is_gone, String::new)?;
                holds(12, "what is ended is Idle", is_told(Name::Idle), || {
                    format!("{told:?}")
                })?;
                let back = presence.returned.max(presence.touched);
                let was_read = told.is_some_and(|word| word.is_since(back));
                holds(12, "Idle is ended after a read", was_read, || {
                    format!("{told:?}, and back since {:?}", presence.returned)
                })?;
                self.presence.is_idle_set = false;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    pub(super) fn presence_holds(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        if !scene.readable.is_libredesk() {
            return Ok(());
        }
        let now = scene.now.since_boot;
        let is_online = self.believed == Some(Told::Status(Name::Online));
        let is_steady = matches!(view.light, Light::Status(_)) && view.link == Link::Ok;
        let is_kept = self.presence.agreed.keep_online
            && self.presence.is_open
            && is_online
            && is_steady
            && view.certainty == Certainty::Confirmed
            && shown(view, &scene.model) == Some(Name::Online)
            && !scene.is_away()
            && !self.echoed;
        if is_kept {
            self.presence.kept_since.get_or_insert(now);
        } else {
            self.presence.kept_since = None;
        }
        if view.offer.is_some() || self.is_wanting() || scene.is_away() {
            self.presence.held_back = None;
        }
        self.idle_ends(view, scene)?;
        let Some((_, since)) = self.presence.held_back else {
            return Ok(());
        };
        let is_over = self
            .last_word()
            .is_some_and(|word| word.at > since + PATIENCE && word.at == now);
        holds(11, "Offline is undone or told", !is_over, || {
            format!("Offline since {since:?}")
        })
    }

    /// Whoever is there again is Idle no more, where the rule made it so.
    fn idle_ends(&self, view: &AccountView, scene: &Scene) -> Holds {
        let presence = &self.presence;
        let back = presence.returned.max(presence.touched);
        let is_idle = presence.is_idle_set && self.believed == Some(Told::Status(Name::Idle));
        let is_there = !scene.is_away() && !presence.idle;
        let is_calm = view.link == Link::Ok
            && view.switching_to.is_none()
            && view.certainty == Certainty::Confirmed;
        let was_read = self
            .last_word()
            .is_some_and(|word| word.sent >= back + ENDED_WITHIN);
        holds(
            12,
            "Idle ends when somebody is there",
            !(is_idle && is_there && is_calm && was_read),
            || format!("Idle, and there since {back:?}"),
        )
    }
}
