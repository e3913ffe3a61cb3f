//! What the help desk told, and which of it counts.

use std::time::Duration;

use domain::{DeskError, Input};
use jiff::Timestamp;

use super::changes::Expected;
use super::clicks::Of;
use super::{ECHO, Eligible, Told, Witness};
use crate::asked::{Answer, Asks, Made};
use crate::model::{By, Change};
use crate::stage::Scene;
use crate::story::{Name, Readable};

/// So long after it was sent, a write may be applied.
const LONGEST_WRITE: Duration = Duration::from_secs(30);
/// A word on a websocket that lives takes no longer, so one that comes sooner after another may be the older one.
pub(super) const CROSSED: Duration = Duration::from_secs(5);

/// A word of the help desk on the status, which may be believed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) told: Told,
    /// Who made it so.
    pub(super) by: By,
    /// The answer to a write, not a read.
    pub(super) is_written: bool,
    pub(super) sent: Duration,
    /// When the help desk said so.
    pub(super) said: Duration,
    pub(super) at: Duration,
    pub(super) wall: Timestamp,
    /// Since when the help desk says it is so.
    pub(super) since: Option<Timestamp>,
    /// It may be the echo of a time before our last write, or older than another word.
    pub(super) may_be_echo: bool,
}

impl Word {
    /// Whether it was heard since a moment, and may have been said since then.
    pub(super) fn is_since(&self, at: Duration) -> bool {
        self.at >= at && self.said + CROSSED > at
    }
}

impl Witness {
    /// Takes in what arrives, before the session does.
    pub(crate) fn hears(&mut self, answer: &Answer, scene: &Scene) {
        self.requests.hears(answer, scene);
        self.pace.hears(answer);
        self.expected = Expected::default();
        match (&answer.asks, &answer.made) {
            (Asks::Status, Ok(made)) if !answer.mixed && !answer.is_blind => {
                let told = match scene.readable {
                    Readable::Status | Readable::TalkState | Readable::Libredesk => {
                        Told::Status(made.of.to)
                    }
                    Readable::PhoneChannel => Told::Phone(made.of.to.phone()),
                    Readable::Nothing => return,
                };
                self.reads(told, made, answer, scene);
            }
            (Asks::Write(number, name, _), result) => {
                self.write_answered(*number, *name, result.as_ref(), answer.sent, scene);
            }
            (Asks::List, Ok(_)) => {
                if let Input::Listed(Ok(listing)) = &answer.input {
                    self.has_list = true;
                    for status in &listing.statuses {
                        if let Some(name) = scene.model.name_of(&status.id) {
                            let may = status.eligible == Some(true);
                            let may = if may { Eligible::Yes } else { Eligible::No };
                            self.eligible.insert(name, may);
                        }
                    }
                }
            }
            _ => {}
        }
        self.phone.hears(answer, scene);
    }

    /// A read tells of the status.
    fn reads(&mut self, told: Told, made: &Made, answer: &Answer, scene: &Scene) {
        let now = scene.now;
        let of = made.of;
        let since = scene
            .readable
            .tells_reasons()
            .then(|| scene.model.since(of));
        let is_echo = made.is_echo && !Told::Status(scene.model.now()).fits(told);
        let may_be_echo = is_echo || self.may_be_echo(told, of, since, answer.sent);
        self.echoed |= may_be_echo && !answer.is_overtaken;
        let word = Word {
            told,
            by: of.by,
            is_written: false,
            sent: answer.sent,
            said: made.said,
            at: now.since_boot,
            wall: now.wall,
            since,
            may_be_echo: may_be_echo || answer.is_overtaken,
        };
        self.take_in(word, of, !is_echo, scene);
    }

    /// The help desk tells of a change by itself.
    pub(crate) fn hears_of(&mut self, change: Change, scene: &Scene) {
        self.expected = Expected::default();
        let now = scene.now;
        let told = Told::Status(change.to);
        let is_busy = self.is_wanting() || self.is_writing() || !self.in_doubt.is_empty();
        let last = self.last_word();
        let is_other = last.is_none_or(|word| word.told != told);
        let crossed = |at: Duration| now.since_boot < at + CROSSED;
        let may_cross = last.is_some_and(|word| crossed(word.at))
            || change.to == Name::Offline && self.presence.last_ping.is_some_and(crossed);
        let mut words = self.words.iter();
        let was_read = words.any(|word| !word.is_written && !word.may_be_echo);
        let may_be_echo = is_busy || !was_read || is_other && may_cross;
        self.echoed |= is_other && may_be_echo && !is_busy;
        let word = Word {
            told,
            by: change.by,
            is_written: false,
            sent: change.at,
            said: change.at,
            at: now.since_boot,
            wall: now.wall,
            since: None,
            may_be_echo,
        };
        self.take_in(word, change, true, scene);
        if !may_be_echo {
            self.requests.failures = 0;
        }
    }

    fn take_in(&mut self, word: Word, of: Change, is_true: bool, scene: &Scene) {
        let told = word.told;
        self.expected = self.expect(told, of, word.may_be_echo, scene);
        if is_true {
            self.words.push(word);
        }
        if word.may_be_echo {
            return;
        }
        self.echoed = false;
        for write in &mut self.writes {
            // It may have been applied, and here it is.
            let is_open = self.in_doubt.contains(&write.name) && write.in_doubt
                || self.unanswered == Some(write.name);
            write.accepted |= is_open && Told::Status(write.name).fits(told);
        }
        for name in &self.in_doubt {
            if Told::Status(*name).fits(told) {
                self.eligible.insert(*name, Eligible::Perhaps);
            }
        }
        self.in_doubt.clear();
        if word.sent >= self.began + LONGEST_WRITE {
            self.unanswered = None;
        }
        self.believe(told, scene);
        self.replaced.clear();
    }

    pub(super) fn believe(&mut self, told: Told, scene: &Scene) {
        self.presence.believes(self.believed, told, scene);
        if self.believed != Some(told) {
            if !self.presence.is_held_back() {
                self.yield_running(told);
            }
            self.aside = None;
            self.guarding.yields(told);
        }
        self.believed = Some(told);
    }

    /// Whether nobody can tell a read from an echo of the time before our write.
    fn may_be_echo(
        &self,
        told: Told,
        of: Change,
        since: Option<Timestamp>,
        sent: Duration,
    ) -> bool {
        let Some(word) = self.last_word() else {
            return false;
        };
        let doubts = self.in_doubt.iter();
        if doubts.copied().any(|name| Told::Status(name).fits(told)) {
            return false;
        }
        if !word.is_written || sent >= word.at + ECHO || word.told == told {
            return false;
        }
        match told {
            Told::Status(name) => self.replaced.iter().any(|(replaced, before)| {
                *replaced == name
                    && match (before, since) {
                        (_, None) => true,
                        (None, Some(_)) => of.is_like_a_write(),
                        (Some(before), Some(since)) => *before == since,
                    }
            }),
            Told::Phone(kind) => match word.told {
                Told::Status(name) => !name.fits_phone(kind),
                Told::Phone(_) => false,
            },
        }
    }

    fn write_answered(
        &mut self,
        number: usize,
        name: Name,
        made: Result<&Made, &DeskError>,
        sent: Duration,
        scene: &Scene,
    ) {
        let now = scene.now;
        let Some(write) = self.writes.iter_mut().find(|write| write.number == number) else {
            return;
        };
        write.under_way = false;
        write.answered = Some(now.since_boot);
        match made {
            Ok(made) => {
                let is_applied = made.of.to == name;
                let word = Word {
                    told: Told::Status(made.of.to),
                    by: made.of.by,
                    is_written: is_applied,
                    sent,
                    said: made.said,
                    at: now.since_boot,
                    wall: now.wall,
                    since: None,
                    may_be_echo: false,
                };
                if is_applied {
                    write.accepted = true;
                    let want = write.want;
                    self.write_accepted(want, name, word, scene);
                } else {
                    self.take_in(word, made.of, true, scene);
                }
            }
            Err(error) if error.leaves_write_in_doubt() => {
                write.in_doubt = true;
                self.in_doubt.push(name);
            }
            Err(DeskError::NotEligible) => {
                self.eligible.insert(name, Eligible::No);
            }
            Err(_) => {}
        }
    }

    fn write_accepted(&mut self, want: usize, name: Name, word: Word, scene: &Scene) {
        let want = &mut self.wants[want];
        want.is_accepted = true;
        let (of, is_over) = (want.of, !want.open || want.slept);
        self.words.push(word);
        self.in_doubt.clear();
        self.echoed = false;
        self.aside = None;
        if name != Name::Idle {
            self.eligible.insert(name, Eligible::Yes);
        }
        if is_over {
            self.yield_running(word.told);
        }
        if of == Of::Guard {
            self.running = None;
        }
        self.guarding.accepts(name, of);
        self.presence.believes(self.believed, word.told, scene);
        self.believed = Some(word.told);
    }
}
