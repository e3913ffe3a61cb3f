//! The phone of the model: where calls ring, and what has to hold of what is shown of it.

use std::time::Duration;

use super::world::{Asked, World};
use crate::session::tests::story::statuses;
use crate::*;

/// What can happen to a phone.
#[derive(Clone, Debug)]
pub(super) enum PhoneEvent {
    AnswerBy(Via),
    AfterCall(usize),
    /// Somebody else lets calls ring elsewhere, or a call begins or ends.
    Becomes(Phone),
    Fetched(Option<DeskError>),
    Pushed(Option<(DeskError, bool)>),
}

/// The phone as it truly is, and what is asked of it.
pub(super) struct PhoneWorld {
    pub(super) truth: Phone,
    read: Option<Asked<Phone>>,
    write: Option<Asked<Via>>,
    with_status: Option<Asked<Phone>>,
    /// What the last answer told, where nothing was in doubt since.
    told: Option<Via>,
    /// The newest click and when it was.
    newest: Option<(Via, Duration)>,
}

impl Default for PhoneWorld {
    fn default() -> Self {
        Self {
            truth: Phone {
                via: Some(Via::Client),
                call: None,
            },
            read: None,
            write: None,
            with_status: None,
            told: None,
            newest: None,
        }
    }
}

impl PhoneWorld {
    fn ask(&self, at: Duration) -> Asked<Phone> {
        Asked {
            at,
            what: self.truth,
            mixed: self.write.is_some(),
        }
    }

    pub(super) fn status_asked(&mut self) {
        self.with_status = Some(self.ask(Duration::ZERO));
    }

    pub(super) fn read(&mut self, at: Duration) {
        assert!(self.read.is_none() && self.write.is_none());
        self.read = Some(self.ask(at));
    }

    pub(super) fn write(&mut self, via: Via, at: Duration) {
        assert!(self.write.is_none(), "two changes of the phone in flight");
        let (newest, clicked_at) = self.newest.expect("nobody wanted a change");
        assert_eq!(newest, via, "an older change was sent after a newer one");
        assert!(
            at < clicked_at + Duration::from_secs(26),
            "a change came back to haunt"
        );
        for asked in self.read.iter_mut().chain(&mut self.with_status) {
            asked.mixed = true;
        }
        self.write = Some(Asked {
            at,
            what: via,
            mixed: false,
        });
    }

    pub(super) fn is_worked_on(&self, now: Duration) -> bool {
        self.newest
            .is_some_and(|(_, at)| now <= at + Duration::from_secs(30))
    }

    pub(super) fn limit(&self) -> Option<Duration> {
        let read = self.read.as_ref().map(|asked| asked.at);
        let write = self.write.as_ref().map(|asked| asked.at);
        let first = read.into_iter().chain(write).min();
        first.map(|at| at + Duration::from_secs(10))
    }

    /// What is shown is what the help desk told last.
    pub(super) fn check(&self, shown: Option<&PhoneView>) {
        if let Some(via) = shown.and_then(|phone| phone.via) {
            assert_eq!(Some(via), self.told, "a phone that rings elsewhere");
        }
    }
}

impl World {
    pub(super) fn phone_happens(&mut self, event: PhoneEvent) {
        match event {
            PhoneEvent::AnswerBy(via) => {
                self.tickets += 1;
                let ticket = Ticket(self.tickets);
                self.phone.newest = Some((via, self.now.since_boot));
                self.open.insert(ticket);
                self.input(Input::AnswerBy { ticket, via });
            }
            PhoneEvent::AfterCall(index) => {
                self.tickets += 1;
                let ticket = Ticket(self.tickets);
                let status = statuses()[index % statuses().len()].id.clone();
                self.open.insert(ticket);
                self.input(Input::ChooseAfterCall { ticket, status });
                assert!(
                    !self.open.contains(&ticket),
                    "it is said at once whether it is set"
                );
            }
            PhoneEvent::Becomes(phone) => self.phone.truth = phone,
            PhoneEvent::Fetched(error) => {
                let Some(asked) = self.phone.read.take() else {
                    return;
                };
                self.hold(error.as_ref());
                if error.is_none() && !asked.mixed {
                    self.phone.told = asked.what.via;
                }
                self.input(Input::PhoneFetched(error.map_or(Ok(Some(asked.what)), Err)));
            }
            PhoneEvent::Pushed(error) => {
                let Some(asked) = self.phone.write.take() else {
                    return;
                };
                let applied = error
                    .as_ref()
                    .is_none_or(|(error, applied)| *applied && error.leaves_write_in_doubt());
                if applied {
                    self.phone.truth.via = Some(asked.what);
                }
                let error = error.map(|(error, _)| error);
                self.hold(error.as_ref());
                match &error {
                    None => self.phone.told = self.phone.truth.via,
                    Some(error) if error.leaves_write_in_doubt() => self.phone.told = None,
                    Some(_) => {}
                }
                self.input(Input::ViaPushed(error.map_or(Ok(self.phone.truth), Err)));
            }
        }
    }

    /// What a read of the status tells of the phone besides.
    pub(super) fn phone_with_status(&mut self, late: bool, is_answered: bool) -> Option<Phone> {
        let asked = self.phone.with_status.take()?;
        if !matches!(self.path, ReadPath::TalkIsStatus | ReadPath::TalkChannel) {
            return None;
        }
        let phone = if late { self.phone.truth } else { asked.what };
        if is_answered && !asked.mixed && self.phone.write.is_none() {
            self.phone.told = phone.via;
        }
        Some(phone)
    }

    pub(super) fn phone_times_out(&mut self) {
        let late = |at: Duration| self.now.since_boot >= at + Duration::from_secs(10);
        if self
            .phone
            .write
            .as_ref()
            .is_some_and(|asked| late(asked.at))
        {
            self.phone_happens(PhoneEvent::Pushed(Some((DeskError::TimedOut, false))));
        } else {
            self.phone_happens(PhoneEvent::Fetched(Some(DeskError::TimedOut)));
        }
    }
}
