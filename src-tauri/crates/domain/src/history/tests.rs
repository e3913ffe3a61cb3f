//! What becomes history, and what never does.

mod adding_up;
mod recording;
mod truth;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::{
    Account, AccountId, AccountView, Agent, Agreed, Certainty, HelpDeskName, NamedStatus, Now,
    Remembered, Session, SignIn, StatusId, StatusKind,
};

/// An agent's day, told by what the light shows.
pub(super) struct Diary {
    pub(super) recorder: Recorder,
    pub(super) now: Now,
    /// All that was handed out, in its order.
    pub(super) handed_out: Vec<Stretch>,
    view: AccountView,
}

pub(super) fn at(time: &str) -> Timestamp {
    format!("2026-11-23T{time}Z").parse().unwrap()
}

pub(super) fn named(name: &str) -> NamedStatus {
    NamedStatus {
        id: StatusId(format!("id of {name}")),
        name: name.to_owned(),
        kind: StatusKind::parse(name).unwrap_or(StatusKind::Away),
        custom: StatusKind::parse(name).is_none(),
    }
}

impl Diary {
    pub(super) fn begin(time: &str) -> Self {
        let now = Now {
            since_boot: Duration::from_secs(1000),
            wall: at(time),
        };
        let account = Account {
            id: AccountId("acme".to_owned()),
            helpdesk: HelpDeskName::Zendesk,
            url: "https://acme.zendesk.com".to_owned(),
            agent: Agent {
                id: "7".to_owned(),
                name: "Ada Example".to_owned(),
            },
            sign_in: SignIn::AccessToken,
            agreed: Agreed::default(),
        };
        let session = Session::new(
            HelpDeskName::Zendesk,
            Duration::from_secs(30),
            Remembered::default(),
        );
        Self {
            recorder: Recorder::default(),
            now,
            handed_out: Vec::new(),
            view: session.view(&account, true, now),
        }
    }

    /// Time goes by, by both clocks.
    pub(super) fn pass(&mut self, seconds: u32) {
        self.now.since_boot += Duration::from_secs(seconds.into());
        self.now.wall += SignedDuration::from_secs(seconds.into());
    }

    pub(super) fn until(&mut self, time: &str) {
        let seconds = at(time).duration_since(self.now.wall).as_secs();
        self.pass(seconds.try_into().unwrap());
    }

    /// Somebody sets the clock.
    pub(super) fn set_clock(&mut self, time: &str) {
        self.now.wall = at(time);
    }

    /// The help desk says what the status is, and since when.
    pub(super) fn read(&mut self, name: &str, since: Option<&str>, by: ChangedBy) {
        self.view.status = Some(named(name));
        self.view.since = since.map(at);
        self.view.changed_by = Some(by);
        self.view.reason = (by == ChangedBy::Other).then(|| "AGENT_IDLE_TIMEOUT".to_owned());
        self.light_is(Certainty::Confirmed);
    }

    /// The help desk confirms a write of ours.
    pub(super) fn set(&mut self, name: &str) {
        self.view.status = Some(named(name));
        self.view.since = Some(self.now.wall);
        self.view.changed_by = Some(ChangedBy::You);
        self.view.reason = None;
        self.light_is(Certainty::Confirmed);
    }

    /// The light is on, and a word of the help desk has just come.
    pub(super) fn light_is(&mut self, certainty: Certainty) {
        self.view.certainty = certainty;
        self.view.as_of = Some(self.now.wall);
        self.look();
    }

    /// The light goes out.
    pub(super) fn dark(&mut self) {
        self.view.certainty = Certainty::Unknown;
        self.look();
    }

    /// Something happened that tells nothing new.
    pub(super) fn look(&mut self) {
        let kept = self.recorder.observe(&self.view, self.now);
        self.handed_out.extend(kept);
    }

    /// Reads every half minute until then.
    pub(super) fn read_until(&mut self, time: &str) {
        while self.now.wall < at(time) {
            self.pass(30);
            self.light_is(Certainty::Confirmed);
        }
    }

    /// The program ends without a word and starts again.
    pub(super) fn restart(&mut self) {
        let last = self.history().stretches.last().cloned();
        self.recorder = Recorder::after(last);
        self.view.status = None;
        self.view.certainty = Certainty::Unknown;
    }

    /// What was kept so far.
    pub(super) fn history(&self) -> History {
        let mut history = History::default();
        for stretch in &self.handed_out {
            history.add(stretch.clone());
        }
        history
    }

    /// The same in words, with what is not written yet.
    pub(super) fn told(&mut self) -> Vec<String> {
        let rest = self.recorder.flush(self.now);
        self.handed_out.extend(rest);
        let words = |stretch: &Stretch| {
            let time = |at: Timestamp| at.strftime("%H:%M:%S").to_string();
            let unconfirmed = if stretch.confirmed {
                ""
            } else {
                " unconfirmed"
            };
            let by = match stretch.changed_by {
                ChangedBy::You => "you",
                ChangedBy::Other => "other",
                ChangedBy::Unknown => "unknown",
            };
            let (from, until) = (time(stretch.from), time(stretch.until));
            format!(
                "{from}-{until} {}{unconfirmed} by {by}",
                stretch.status.name
            )
        };
        self.history().stretches.iter().map(words).collect()
    }
}
