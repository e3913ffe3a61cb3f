//! The witness: knows what was asked, answered, clicked and shown, and holds the rules against it.
//!
//! It shares no code with the session and never asks for what the session believes. What a surface shows is compared
//! with the model account's history; what is sent, with what somebody wanted.

mod aside;
mod changes;
mod clicks;
mod cut_off;
mod ending;
mod guard;
mod light;
mod pace;
mod phone;
mod presence;
mod requests;
mod timed;
mod words;
mod writes;

use std::collections::HashMap;
use std::time::Duration;

use domain::{AccountView, Light, Link, NamedStatus, Notice, StatusKind, Topic};
use jiff::Timestamp;

use self::aside::Aside;
use self::changes::Expected;
use self::clicks::Want;
use self::cut_off::CutOff;
use self::ending::Ends;
use self::guard::Guarding;
use self::pace::Pace;
use self::phone::Phone;
use self::presence::Presence;
use self::requests::Requests;
use self::timed::Running;
use self::words::Word;
use self::writes::Write;
use crate::broken::{Holds, holds};
use crate::model::{By, Change, Model};
use crate::stage::Scene;
use crate::story::Name;

/// A help desk may tell the old status for so long after it accepted a new one.
const ECHO: Duration = Duration::from_secs(5);

/// What the help desk told of the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Status(Name),
    Phone(StatusKind),
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
    cut_off: CutOff,
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
    /// The list of statuses was told since the start of the program.
    has_list: bool,
    pace: Pace,
    presence: Presence,
    guarding: Guarding,
    ends: Ends,
    /// The offer that the agent has put aside.
    aside: Option<Aside>,
}

impl Witness {
    /// The program is gone: what it knew in memory counts no more, nor does whoever waited.
    pub(crate) fn restarted(&mut self) {
        self.words.clear();
        self.believed = None;
        self.burst = None;
        self.replaced.clear();
        let under_way = self.under_way();
        let doubted = self.in_doubt.last().copied();
        self.unanswered = under_way
            .map(|write| write.name)
            .or(doubted)
            .or(self.unanswered);
        self.in_doubt.clear();
        self.echoed = false;
        self.cuts_off();
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
        self.has_list = false;
        self.pace = Pace::default();
        self.presence.restarted();
        self.guarding.restarted();
        self.aside = None;
    }

    /// A program starts.
    pub(crate) fn begins(&mut self, scene: &Scene) {
        self.began = scene.now.since_boot;
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
            self.requests.failures = 0;
            self.believe(told, scene);
        }
        self.link_holds(view)?;
        self.changes_told()?;
        self.notices_stand(view)?;
        self.offers_hold(view, scene)?;
        self.failures_told(view, scene)?;
        self.cut_off_told(view, scene)?;
        self.closes_wants(view);
        let is_calm = !self.is_wanting() && !self.came_about && view.timed.is_none();
        self.came_about = false;
        if let Some((chosen, name)) = self.phone.followed_call(view) {
            // It takes the place of an older click on the same status, and lasts.
            let older = |want: &Want| want.ticket.is_some_and(|ticket| ticket.0 < chosen.0);
            let wants = self
                .wants
                .iter_mut()
                .filter(|want| want.open && older(want));
            for want in wants.filter(|want| want.to == Some(name)) {
                want.until = None;
            }
            if is_calm {
                self.yield_running_to(name);
            }
        }
        self.times_hold(view, scene)?;
        self.announcement_stands()?;
        self.aside_holds(view, scene)?;
        self.guard_holds(view, scene)?;
        self.presence_holds(view, scene)?;
        self.clicks_go_at_once(scene)?;
        self.phone.settles(scene)
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
        let tells_times = scene.readable.tells_reasons();
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
        !self.is_wanting() && self.phone.is_settled() && self.cut_off.is_settled()
    }

    pub(crate) fn first_offered(&self) -> Option<Name> {
        self.first_offered
    }

    /// The last word that is no echo.
    fn last_word(&self) -> Option<&Word> {
        self.words.iter().rev().find(|word| !word.may_be_echo)
    }

    /// The write under way, of which there is one at most.
    fn under_way(&self) -> Option<&Write> {
        self.writes.iter().rev().find(|write| write.under_way)
    }

    fn is_writing(&self) -> bool {
        self.under_way().is_some()
    }

    /// Whether something is wanted that has not come to its end.
    fn is_wanting(&self) -> bool {
        self.wants.iter().any(|want| want.open)
    }
}

/// Whether a shown status is that one.
fn shown(view: &AccountView, model: &Model) -> Option<Name> {
    named(view.status.as_ref(), model)
}

/// A status that the session speaks of.
fn named(status: Option<&NamedStatus>, model: &Model) -> Option<Name> {
    model.name_of(&status?.id)
}
