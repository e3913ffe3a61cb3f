//! The session hears what happened, and what it does about it is carried out.

use domain::{Effect, Input};

use super::Stage;
use crate::asked::{Asked, Asks, Source};
use crate::broken::{Broken, Holds, holds};
use crate::story::{End, Fate};

impl Stage {
    /// What is on the screens still holds.
    pub(super) fn look(&self) -> Holds {
        if self.scene.asleep {
            return Ok(());
        }
        self.witness.look(&self.shown, &self.scene)
    }

    pub(super) fn input(&mut self, input: Input) -> Holds {
        if input == Input::Woke {
            self.witness.wakes(&self.scene);
        } else {
            self.look()?;
        }
        self.take_in(input)
    }

    /// The same for an answer that has arrived and that the session does not know yet: what is shown may be old by now.
    pub(super) fn take_in(&mut self, input: Input) -> Holds {
        self.inputs += 1;
        self.witness.happens(&input, &self.scene);
        if self.scene.readable.is_libredesk()
            && match input {
                Input::Heard(_) | Input::Woke | Input::Unlocked => true,
                Input::Active => self.witness.is_idle_set(),
                _ => false,
            }
        {
            let reads = self.asked.iter_mut();
            for read in reads.filter(|asked| asked.asks == Asks::Status) {
                read.overtaken = true;
            }
        }
        let chance = self.dice.f64();
        self.tell("input", &input);
        let effects = self.session.handle(input, self.scene.now, chance);
        self.last_input = self.scene.now.since_boot;
        let before = std::mem::replace(
            &mut self.shown,
            self.session.view(&self.account, true, self.scene.now),
        );
        let light = (
            self.shown.light,
            self.shown.certainty,
            self.shown.headline.clone(),
        );
        self.tell("light", &light);
        for effect in &effects {
            self.tell("effect", effect);
        }
        let is_word = |effect: &Effect| matches!(effect, Effect::Finished { .. });
        let (words, effects): (Vec<_>, Vec<_>) = effects.into_iter().partition(is_word);
        for word in words {
            self.carry_out(word)?;
        }
        self.witness
            .wants_by_itself(&before, &self.shown, &self.scene)?;
        for effect in effects {
            self.carry_out(effect)?;
        }
        self.witness.settles(&self.shown, &self.scene)?;
        self.look()
    }

    fn carry_out(&mut self, effect: Effect) -> Holds {
        let now = self.scene.now;
        let (asks, queue) = match effect {
            Effect::Fetch { .. } => (Asks::Status, 0),
            Effect::Push { status } => (self.write(&status, Source::Agent)?, 1),
            Effect::PushIdle { status } => (self.write(&status, Source::Idleness)?, 1),
            Effect::List => (Asks::List, 2),
            Effect::Probe => (Asks::Probe, 3),
            Effect::FetchPhone => (Asks::Phone, 4),
            Effect::PushVia { via } => (Asks::Via(via), 5),
            Effect::Listen => {
                self.only_on_libredesk(&effect)?;
                self.witness.listens(&self.scene)?;
                self.socket.open(self.network, now.since_boot);
                return Ok(());
            }
            Effect::Deafen => {
                self.socket.close();
                return Ok(());
            }
            Effect::Ping => {
                self.only_on_libredesk(&effect)?;
                self.witness.pings(&self.scene)?;
                self.socket.ping(self.network, now.since_boot);
                return Ok(());
            }
            Effect::Remember(remembered) => {
                self.disk = serde_json::to_string(&remembered).unwrap_or_default();
                return Ok(());
            }
            Effect::Finished { ticket, result } => {
                return self.witness.ends(ticket, &result, &self.scene);
            }
            Effect::Notify(notice) => {
                return self.witness.is_told(notice, &self.scene);
            }
            Effect::Withdraw(topic) => {
                self.witness.is_withdrawn(topic);
                return Ok(());
            }
        };
        self.witness.asks(asks, &self.disk, &self.scene)?;
        for asked in &mut self.asked {
            asked.mixed |= matches!(asks, Asks::Write(..));
            asked.phone_mixed |= matches!(asks, Asks::Via(_));
        }
        let mut fate = self.fates[queue].pop_front().unwrap_or(Fate::FINE);
        if self.scene.readable.is_libredesk() && fate.end == End::Blind {
            // Whoever may sign in there may read.
            fate.end = End::Fine;
        }
        if !self.network {
            fate.end = End::Unreachable;
        }
        let mut asked = Asked::new(asks, fate, now.since_boot);
        let under_way = |asks: fn(&Asks) -> bool| self.asked.iter().any(|asked| asks(&asked.asks));
        asked.mixed = under_way(|asks| matches!(asks, Asks::Write(..)));
        asked.phone_mixed = under_way(|asks| matches!(asks, Asks::Via(_)));
        self.asked.push(asked);
        Ok(())
    }

    fn write(&mut self, status: &domain::StatusId, source: Source) -> Result<Asks, Broken> {
        self.writes += 1;
        let name = self.scene.model.name_of(status);
        let name = name.ok_or_else(|| Broken {
            rule: 4,
            what: "only what the account has is written",
            found: status.to_string(),
        })?;
        Ok(Asks::Write(self.writes, name, source))
    }

    fn only_on_libredesk(&self, effect: &Effect) -> Holds {
        holds(
            4,
            "Zendesk is never told of presence",
            self.scene.readable.is_libredesk(),
            || format!("{effect:?}"),
        )
    }
}
