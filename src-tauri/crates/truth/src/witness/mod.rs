//! The witness: knows what was asked, answered, clicked and shown, and holds the ten rules against it.
//!
//! It shares no code with the session and never asks for what the session believes. What a surface shows is compared
//! with the model account's history; what is sent, with what somebody wanted.

mod changes;
mod clicks;
mod light;
mod phone;
mod requests;
mod timed;

use std::collections::HashMap;
use std::time::Duration;

use domain::{AccountView, DeskError, Input, Light, Link, Notice, StatusKind, Topic};
use jiff::Timestamp;

use self::changes::Expected;
use self::clicks::{Want, Write};
use self::phone::Phone;
use self::requests::Requests;
use self::timed::Running;
use crate::asked::{Answer, Asks};
use crate::broken::{Holds, holds};
use crate::model::{By, Change, Model};
use crate::stage::Scene;
use crate::story::{Name, Readable};

/// A help desk may tell the old status for so long after it accepted a new one.
const ECHO: Duration = Duration::from_secs(5);

/// So long after it was sent, a write may be applied.
const LONGEST_WRITE: Duration = Duration::from_secs(30);

/// What the help desk told of the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Status(Name),
    Phone(StatusKind),
}

/// A word of the help desk on the status, which may be believed.
#[derive(Clone, Copy, Debug)]
struct Word {
    told: Told,
    /// The answer to a write, not a read.
    is_written: bool,
    sent: Duration,
    at: Duration,
    wall: Timestamp,
    /// Since when the help desk says it is so.
    since: Option<Timestamp>,
    /// It may be the echo of a time before our last write.
    may_be_echo: bool,
}

/// Whether a status may be chosen, as far as was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eligible {
    Yes,
    No,
    /// A write in doubt seems to have been applied, so it may, whatever the list said.
    Perhaps,
}

/// What was asked, answered, clicked and told.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    /// Oldest first, since the start of the program.
    words: Vec<Word>,
    /// The status that the last word told that was no echo, since the start of the program.
    believed: Option<Told>,
    /// The statuses that own writes replaced since the last read that was believed.
    replaced: Vec<(Name, Option<Timestamp>)>,
    /// A write may have been applied, and no read tells yet: which, and since when.
    in_doubt: Vec<Name>,
    /// An echo was read since the last write was accepted.
    echoed: bool,
    writes: Vec<Write>,
    /// A click has just ended well.
    came_about: bool,
    /// How many writes there were before the start of the program.
    writes_before: usize,
    /// What the program before wrote last, if it ended before the answer came.
    unanswered: Option<Name>,
    began: Duration,
    wants: Vec<Want>,
    /// Which statuses may be chosen, as the help desk told last.
    eligible: HashMap<Name, Eligible>,
    running: Option<Running>,
    expected: Expected,
    standing: HashMap<Topic, Notice>,
    first_offered: Option<Name>,
    /// A forced change that was told just now, and what was before the first of those in a row.
    burst: Option<(Duration, Told)>,
    requests: Requests,
    phone: Phone,
}

impl Witness {
    /// The program is gone: what it knew in memory counts no more, nor does whoever waited.
    pub(crate) fn restarted(&mut self) {
        self.words.clear();
        self.believed = None;
        self.burst = None;
        self.replaced.clear();
        let under_way = self.writes.iter().find(|write| write.under_way);
        let doubted = self.in_doubt.last().copied();
        self.unanswered = under_way
            .map(|write| write.name)
            .or(doubted)
            .or(self.unanswered);
        self.in_doubt.clear();
        self.echoed = false;
        self.wants.iter_mut().for_each(|want| want.open = false);
        self.writes
            .iter_mut()
            .for_each(|write| write.under_way = false);
        self.writes_before = self.writes.len();
        if let Some(running) = &mut self.running {
            running.is_unseen = false;
        }
        self.eligible.clear();
        self.standing.clear();
        self.expected = Expected::default();
        self.requests = Requests::default();
        self.phone = Phone::default();
    }

    /// A program starts.
    pub(crate) fn begins(&mut self, scene: &Scene) {
        self.began = scene.now.since_boot;
    }

    /// Takes in what arrives, before the session does.
    pub(crate) fn hears(&mut self, answer: &Answer, scene: &Scene) {
        self.requests.hears(answer, scene);
        self.expected = Expected::default();
        match (&answer.asks, &answer.made) {
            (Asks::Status, Ok(made)) if !answer.mixed && !answer.is_blind => {
                let told = match scene.readable {
                    Readable::Status | Readable::TalkState => Told::Status(made.of.to),
                    Readable::PhoneChannel => Told::Phone(made.of.to.phone()),
                    Readable::Nothing => return,
                };
                self.reads(told, made.of, made.is_echo, answer.sent, scene);
            }
            (Asks::Write(number, name), result) => {
                self.write_answered(*number, *name, result.as_ref().err(), answer.sent, scene);
            }
            (Asks::List, Ok(_)) => {
                if let Input::Listed(Ok(listing)) = &answer.input {
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
    fn reads(&mut self, told: Told, of: Change, is_echo: bool, sent: Duration, scene: &Scene) {
        let now = scene.now;
        let since = (scene.readable == Readable::Status).then(|| scene.model.since(of));
        let is_echo = is_echo && !Told::Status(scene.model.now()).fits(told);
        let may_be_echo = is_echo || self.may_be_echo(told, of, since, sent);
        self.expected = self.expect(told, of, may_be_echo, scene);
        self.echoed |= may_be_echo;
        if !is_echo {
            self.words.push(Word {
                told,
                is_written: false,
                sent,
                at: now.since_boot,
                wall: now.wall,
                since,
                may_be_echo,
            });
        }
        if may_be_echo {
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
        if sent >= self.began + LONGEST_WRITE {
            self.unanswered = None;
        }
        self.believe(told);
        self.replaced.clear();
    }

    fn believe(&mut self, told: Told) {
        self.yield_running(told);
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
        let Some(word) = self.words.iter().rev().find(|word| !word.may_be_echo) else {
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
        error: Option<&DeskError>,
        sent: Duration,
        scene: &Scene,
    ) {
        let now = scene.now;
        let Some(write) = self.writes.iter_mut().find(|write| write.number == number) else {
            return;
        };
        write.under_way = false;
        write.answered = Some(now.since_boot);
        match error {
            None => {
                write.accepted = true;
                let want = write.want;
                if let Some(want) = self.wants.get_mut(want) {
                    want.is_accepted = true;
                }
                self.words.push(Word {
                    told: Told::Status(name),
                    is_written: true,
                    sent,
                    at: now.since_boot,
                    wall: now.wall,
                    since: None,
                    may_be_echo: false,
                });
                self.in_doubt.clear();
                self.echoed = false;
                self.eligible.insert(name, Eligible::Yes);
                if self
                    .wants
                    .get(want)
                    .is_none_or(|want| !want.open || want.slept)
                {
                    self.yield_running(Told::Status(name));
                }
                self.believed = Some(Told::Status(name));
            }
            Some(error) if error.leaves_write_in_doubt() => {
                write.in_doubt = true;
                self.in_doubt.push(name);
            }
            Some(DeskError::NotEligible) => {
                self.eligible.insert(name, Eligible::No);
            }
            Some(_) => {}
        }
    }

    /// What the session did with it shows: what is told stands, what is offered holds.
    pub(crate) fn settles(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        // A read that might be an echo may be believed all the same, where it is shown as confirmed.
        if let Some(word) = self.words.last().filter(|word| word.may_be_echo)
            && view.as_of == Some(word.wall)
            && word.at == scene.now.since_boot
            && shown(view, &scene.model).is_none_or(|name| Told::Status(name).fits(word.told))
        {
            let told = word.told;
            if let Some(word) = self.words.last_mut() {
                word.may_be_echo = false;
            }
            self.echoed = false;
            self.in_doubt.clear();
            self.replaced.clear();
            self.believe(told);
        }
        self.link_holds(view)?;
        self.changes_told()?;
        self.notices_stand(view)?;
        self.offers_hold(view, scene)?;
        self.failures_told(view, scene)?;
        self.closes_wants(view);
        let is_calm =
            self.wants.iter().all(|want| !want.open) && !self.came_about && view.timed.is_none();
        self.came_about = false;
        if let Some(name) = self.phone.followed_call(view).filter(|_| is_calm) {
            self.yield_running_to(name);
        }
        self.times_hold(view, scene)?;
        self.phone.settles(view, scene)
    }

    /// What is shown is true.
    pub(crate) fn look(&self, view: &AccountView, scene: &Scene) -> Holds {
        self.light_holds(view, scene)?;
        self.phone.look(view, scene)
    }

    /// Everybody got a word.
    pub(crate) fn rests(&self, view: &AccountView, scene: &Scene) -> Holds {
        let waiting = self.wants.iter().find(|want| want.open);
        holds(
            3,
            "in the end every click got a word",
            waiting.is_none(),
            || format!("{waiting:?}"),
        )?;
        holds(
            1,
            "in the end no switch is under way",
            view.light != Light::Switching,
            || format!("{:?}", view.switching_to),
        )?;
        let is_told = view.link != Link::SignedOut || self.knows_of_sign_out();
        holds(
            9,
            "who is signed out is told",
            is_told || scene.asleep,
            String::new,
        )
    }

    pub(crate) fn knows_of_sign_out(&self) -> bool {
        self.requests.told_signed_out
    }

    /// Whether an own write has replaced what a change brought, since the last read that was believed.
    pub(crate) fn has_replaced(&self, change: Change, scene: &Scene) -> bool {
        let tells_times = scene.readable == Readable::Status;
        self.replaced.iter().any(|(replaced, since)| {
            let is_it = match since {
                Some(since) => *since == scene.model.since(change),
                None => !tells_times || matches!(change.by, By::Write(_)),
            };
            *replaced == change.to && is_it
        })
    }

    /// Whether nothing waits to be told.
    pub(crate) fn is_settled(&self) -> bool {
        self.wants.iter().all(|want| !want.open) && self.phone.is_settled()
    }

    pub(crate) fn first_offered(&self) -> Option<Name> {
        self.first_offered
    }

    /// The last word that is no echo.
    fn last_word(&self) -> Option<&Word> {
        self.words.iter().rev().find(|word| !word.may_be_echo)
    }

    fn is_writing(&self) -> bool {
        self.writes.iter().any(|write| write.under_way)
    }
}

/// Whether a shown status is that one.
fn shown(view: &AccountView, model: &Model) -> Option<Name> {
    let status = view.status.as_ref()?;
    model.name_of(&status.id)
}
