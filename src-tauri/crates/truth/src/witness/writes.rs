//! Rules 2, 3 and 4 for what is written.

use std::time::Duration;

use super::clicks::{Of, Want};
use super::{Told, Witness};
use crate::asked::Source;
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::{Name, Readable};

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
    pub(super) fn may_write(
        &mut self,
        number: usize,
        (name, source): (Name, Source),
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
        // Clicks on the same status are one, which has the time of the last.
        let same = open.clone().take_while(|(_, want)| wanted(want));
        let latest = same.clone().map(|(_, want)| want.latest).max();
        let same = same.last();
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
        let (rule, what) = match want.of {
            Of::Guard => (13, "the guard writes while there is time"),
            _ => (3, "no click is sent late"),
        };
        holds(
            rule,
            what,
            latest.is_some_and(|latest| now <= latest),
            || format!("{name:?} at {now:?}, after {latest:?}"),
        )?;
        if want.of == Of::Idleness {
            holds(
                12,
                "idleness moves nobody who is away by choice",
                source == Source::Idleness,
                || format!("{name:?}"),
            )?;
        }
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
            word.told == Told::Status(name)
                && scene.now.since_boot <= word.at + scene.interval() * 3
        }) && self.in_doubt.is_empty()
            && !self.echoed
            && self.requests.is_well()
            && self.words.last().is_none_or(|word| !word.may_be_echo)
    }
}
