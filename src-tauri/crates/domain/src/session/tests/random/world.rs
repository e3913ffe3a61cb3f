//! A model of help desk and clock, and what has to hold in it.

use std::collections::HashSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::phone::{PhoneEvent, PhoneWorld};
use crate::session::tests::story::{account, ada, statuses};
use crate::*;

/// What can happen.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Choose(usize, Option<i64>),
    Say(Input),
    /// Something else changes the status.
    Move(usize, &'static str),
    Phone(PhoneEvent),
    /// An answer comes, the read's being of when it was asked or of now.
    Fetched(Option<DeskError>, bool),
    Pushed(Option<(DeskError, bool)>),
    Listed(Option<DeskError>),
    Probed(Option<DeskError>),
    Wait(u64),
    Restart,
}

/// The help desk, the clock, and what has to hold.
pub(super) struct World {
    session: Session,
    pub(super) now: Now,
    pub(super) path: ReadPath,
    /// What the agent's status truly is, and since when.
    truth: (StatusId, Timestamp, &'static str),
    fetch: Option<Asked<(StatusId, Timestamp, &'static str)>>,
    push: Option<Asked<StatusId>>,
    list: Option<Asked<()>>,
    probe: Option<Asked<()>>,
    pub(super) phone: PhoneWorld,
    disk: Remembered,
    /// What the last answer told, where nothing was in doubt since.
    told: Option<StatusId>,
    accepted_at: Option<Duration>,
    held_until: Duration,
    away: bool,
    asleep: bool,
    /// The newest click, when it was, and the choices that have not ended.
    newest: Option<(StatusId, Duration)>,
    pub(super) open: HashSet<Ticket>,
    pub(super) tickets: u64,
    /// How often something else changed the status, and how often the agent was told so.
    moves: u32,
    forced: u32,
}

pub(super) struct Asked<T> {
    pub(super) at: Duration,
    pub(super) what: T,
    /// A write was under way at some time since.
    pub(super) mixed: bool,
}

impl World {
    pub(super) fn new(path: ReadPath, disk: Remembered) -> Self {
        let now = Now {
            since_boot: Duration::from_secs(50),
            wall: "2026-11-23T09:00:00Z".parse().unwrap(),
        };
        Self {
            session: Session::new(HelpDeskName::Zendesk, Duration::from_secs(30), disk.clone()),
            now,
            path,
            truth: (StatusId::new("3"), now.wall, "UNKNOWN"),
            fetch: None,
            push: None,
            list: None,
            probe: None,
            phone: PhoneWorld::default(),
            disk,
            told: None,
            accepted_at: None,
            held_until: Duration::ZERO,
            away: false,
            asleep: false,
            newest: None,
            open: HashSet::new(),
            tickets: 0,
            moves: 0,
            forced: 0,
        }
    }

    pub(super) fn happens(&mut self, event: Event) {
        match event {
            Event::Choose(index, minutes) => {
                self.tickets += 1;
                let ticket = Ticket(self.tickets);
                let status = statuses()[index % statuses().len()].id.clone();
                let until =
                    minutes.map(|minutes| self.now.wall + SignedDuration::from_mins(minutes));
                self.newest = Some((status.clone(), self.now.since_boot));
                self.open.insert(ticket);
                self.input(Input::Choose {
                    ticket,
                    status,
                    until,
                });
            }
            Event::Say(Input::PutBack { .. }) => {
                self.tickets += 1;
                let ticket = Ticket(self.tickets);
                let offered = self
                    .view()
                    .offer
                    .and_then(|offer| offer.put_back)
                    .map(|status| status.id);
                let timed = self
                    .disk
                    .timed
                    .as_ref()
                    .map(|timed| timed.back_to.id.clone());
                if let Some(status) = offered.or(timed) {
                    self.newest = Some((status, self.now.since_boot));
                }
                self.open.insert(ticket);
                self.input(Input::PutBack {
                    ticket,
                    status: None,
                });
            }
            Event::Say(Input::Keep { .. }) => {
                if let Some(offer) = self.view().offer {
                    self.input(Input::Keep { at: offer.at });
                }
            }
            Event::Say(input) => {
                match input {
                    Input::Slept => self.asleep = true,
                    Input::Woke => self.asleep = false,
                    Input::Locked => self.away = true,
                    Input::Unlocked => self.away = false,
                    _ => {}
                }
                self.input(input);
            }
            Event::Move(index, reason) => {
                self.moves += 1;
                self.set_truth(statuses()[index % statuses().len()].id.clone(), reason);
            }
            Event::Phone(event) => self.phone_happens(event),
            Event::Fetched(error, late) => self.answer_fetch(error, late),
            Event::Pushed(error) => self.answer_push(error),
            Event::Listed(error) => {
                if self.list.take().is_some() {
                    self.hold(error.as_ref());
                    self.input(Input::Listed(error.map_or_else(
                        || {
                            Ok(Listing {
                                statuses: statuses(),
                            })
                        },
                        Err,
                    )));
                }
            }
            Event::Probed(error) => {
                if self.probe.take().is_some() {
                    self.hold(error.as_ref());
                    self.input(Input::Probed(error.map_or_else(|| Ok(ada()), Err)));
                }
            }
            Event::Wait(seconds) => self.wait(Duration::from_secs(seconds)),
            Event::Restart => self.restart(),
        }
    }

    fn restart(&mut self) {
        let remade = World::new(self.path, self.disk.clone());
        let old = std::mem::replace(self, remade);
        (self.now, self.truth) = (old.now, old.truth);
        self.phone.truth = old.phone.truth;
        (self.moves, self.forced) = (old.moves, old.forced);
        self.input(Input::Timeout);
    }

    fn set_truth(&mut self, status: StatusId, reason: &'static str) {
        self.now.wall += SignedDuration::from_millis(1);
        self.truth = (status, self.now.wall, reason);
    }

    fn answer_fetch(&mut self, error: Option<DeskError>, late: bool) {
        let Some(asked) = self.fetch.take() else {
            return;
        };
        self.hold(error.as_ref());
        let (id, since, reason) = if late { self.truth.clone() } else { asked.what };
        let phone = self.phone_with_status(late, error.is_none());
        let tells_status = matches!(self.path, ReadPath::Own | ReadPath::TalkIsStatus);
        if error.is_none() && !asked.mixed && tells_status {
            self.told = Some(id.clone());
        }
        let status = statuses()
            .into_iter()
            .find(|status| status.id == id)
            .unwrap();
        let state = status.channels.get("talk").cloned().unwrap_or(status.name);
        let seen = match self.path {
            ReadPath::Own => Seen::Status {
                name: id.to_string(),
                id,
                reason: Some(reason.to_owned()),
                since: Some(since),
                channels: Vec::new(),
            },
            ReadPath::TalkIsStatus => Seen::Status {
                name: id.to_string(),
                id,
                reason: None,
                since: None,
                channels: Vec::new(),
            },
            ReadPath::TalkChannel => Seen::Channel(Channel {
                name: "talk".to_owned(),
                state,
                work_items: None,
                capacity: None,
            }),
            ReadPath::OwnById | ReadPath::Nowhere => Seen::Nothing,
        };
        self.input(Input::Fetched(error.map_or(
            Ok(Reading {
                path: self.path,
                seen,
                budget: None,
                phone,
            }),
            Err,
        )));
    }

    fn answer_push(&mut self, error: Option<(DeskError, bool)>) {
        let Some(asked) = self.push.take() else {
            return;
        };
        let applied = error
            .as_ref()
            .is_none_or(|(error, applied)| *applied && error.leaves_write_in_doubt());
        if applied {
            self.set_truth(asked.what.clone(), "PUBLIC_API");
        }
        let error = error.map(|(error, _)| error);
        self.hold(error.as_ref());
        match &error {
            None => {
                self.told = Some(asked.what.clone());
                self.accepted_at = Some(self.now.since_boot);
            }
            Some(error) if error.leaves_write_in_doubt() => self.told = None,
            Some(_) => {}
        }
        let written = Written {
            name: asked.what.to_string(),
            id: asked.what,
        };
        self.input(Input::Pushed(error.map_or(Ok(written), Err)));
    }

    pub(super) fn hold(&mut self, error: Option<&DeskError>) {
        if self.view().link == Link::SignedOut {
            return;
        }
        if let Some(wait) = error.and_then(DeskError::retry_after) {
            self.held_until = self.held_until.max(self.now.since_boot + wait);
        }
    }

    pub(super) fn input(&mut self, input: Input) {
        let was_timed = self.disk.timed.clone();
        let after_call = self.after_call();
        for effect in self.session.handle(input, self.now, 0.5) {
            if let (Effect::Push { status }, Some(after)) = (&effect, &after_call)
                && status == after
                && self.after_call().is_none()
            {
                self.newest = Some((status.clone(), self.now.since_boot));
            }
            self.carry_out(effect, was_timed.as_ref());
        }
        // What waited for the end of a call and is taken up now.
        if after_call.is_some()
            && self.after_call().is_none()
            && self.view().switching_to.map(|status| status.id) == after_call
        {
            self.newest = after_call.map(|status| (status, self.now.since_boot));
        }
        // The end of a timed status that has to wait until it may be written.
        let ended = was_timed.filter(|timed| timed.until <= self.now.wall && self.open.is_empty());
        let waiting = self.view().switching_to.map(|status| status.id);
        if let Some(back_to) = ended.map(|timed| timed.back_to.id)
            && self.disk.timed.is_none()
            && waiting.as_ref() == Some(&back_to)
        {
            self.newest = Some((back_to, self.now.since_boot));
        }
        self.check();
    }

    /// What waits for the end of a call.
    fn after_call(&self) -> Option<StatusId> {
        let after = self.view().phone?.after_call?;
        Some(after.id)
    }

    fn carry_out(&mut self, effect: Effect, was_timed: Option<&Timed>) {
        let at = self.now.since_boot;
        match effect {
            Effect::Push { status } => {
                assert!(self.push.is_none(), "two writes in flight");
                assert!(at >= self.held_until, "a write before its time");
                let ends = was_timed
                    .filter(|timed| timed.until <= self.now.wall && timed.back_to.id == status);
                if ends.is_some() && self.open.is_empty() {
                    self.newest = Some((status.clone(), at));
                }
                let (newest, clicked_at) = self.newest.clone().expect("nobody wanted a write");
                assert_eq!(newest, status, "an older choice was sent after a newer one");
                assert!(
                    at < clicked_at + Duration::from_secs(26),
                    "it came back to haunt"
                );
                if let Some(fetch) = &mut self.fetch {
                    fetch.mixed = true;
                }
                self.push = Some(Asked {
                    at,
                    what: status,
                    mixed: false,
                });
            }
            Effect::Fetch { .. } => {
                self.may_ask();
                assert!(
                    self.fetch.is_none() && self.push.is_none(),
                    "a read amid another request"
                );
                self.phone.status_asked();
                self.fetch = Some(Asked {
                    at,
                    what: self.truth.clone(),
                    mixed: false,
                });
            }
            Effect::List => {
                self.may_ask();
                assert!(!self.away && !self.asleep && self.list.is_none());
                self.list = Some(Asked {
                    at,
                    what: (),
                    mixed: false,
                });
            }
            Effect::PushIdle { .. } | Effect::Listen | Effect::Deafen | Effect::Ping => {
                panic!("Zendesk has nothing of that: {effect:?}")
            }
            Effect::Probe => {
                self.may_ask();
                assert!(self.probe.is_none());
                self.probe = Some(Asked {
                    at,
                    what: (),
                    mixed: false,
                });
            }
            Effect::FetchPhone => {
                self.may_ask();
                self.phone.read(at);
            }
            Effect::PushVia { via } => {
                assert!(at >= self.held_until, "a write before its time");
                self.phone.write(via, at);
            }
            Effect::Finished { ticket, .. } => assert!(self.open.remove(&ticket), "finished twice"),
            Effect::Remember(remembered) => self.disk = remembered,
            Effect::Notify(Notice::Offer(offer)) if offer.because == OfferCause::ForcedChange => {
                self.forced += 1;
                assert!(
                    self.forced <= self.moves,
                    "a forced change that nobody made: {offer:?}"
                );
            }
            Effect::Notify(_) | Effect::Withdraw(_) => {}
        }
    }

    fn may_ask(&self) {
        assert!(
            self.now.since_boot >= self.held_until,
            "asked before its time"
        );
        let works_on_a_click = self
            .newest
            .as_ref()
            .is_some_and(|(_, at)| self.now.since_boot <= *at + Duration::from_secs(30));
        let works_on_a_click = works_on_a_click || self.phone.is_worked_on(self.now.since_boot);
        assert!(
            works_on_a_click || !self.away && !self.asleep,
            "asked in the agent's absence"
        );
        assert_ne!(self.view().link, Link::SignedOut);
    }

    pub(super) fn view(&self) -> AccountView {
        self.session.view(&account(), true, self.now)
    }

    /// What is shown as confirmed is what the help desk told last; just after a write, an echo does not count.
    fn check(&self) {
        let view = self.view();
        self.phone.check(view.phone.as_ref());
        let echoes = self
            .accepted_at
            .is_some_and(|at| self.now.since_boot <= at + Duration::from_secs(5));
        if view.certainty == Certainty::Confirmed && !echoes {
            assert_eq!(view.status.map(|status| status.id), self.told.clone());
        }
    }

    /// Time passes; no request stays unanswered for longer than the engine allows.
    pub(super) fn wait(&mut self, time: Duration) {
        let end = self.now.since_boot + time;
        let mut at_once = 0;
        loop {
            let timer = self.session.poll_timeout(self.now);
            let limits = [
                self.fetch
                    .as_ref()
                    .map(|asked| asked.at + Duration::from_secs(30)),
                self.push
                    .as_ref()
                    .map(|asked| asked.at + Duration::from_secs(10)),
                self.list
                    .as_ref()
                    .map(|asked| asked.at + Duration::from_secs(60)),
                self.probe
                    .as_ref()
                    .map(|asked| asked.at + Duration::from_secs(10)),
                self.phone.limit(),
            ];
            let limit = limits.into_iter().flatten().min();
            let Some(next) = timer.into_iter().chain(limit).min().filter(|at| *at <= end) else {
                break;
            };
            at_once = if next > self.now.since_boot {
                0
            } else {
                at_once + 1
            };
            assert!(at_once < 12, "it runs in circles");
            self.pass(next);
            if limit.is_some_and(|limit| limit <= next) {
                self.time_out();
            } else {
                self.input(Input::Timeout);
            }
        }
        self.pass(end);
        self.check();
    }

    fn time_out(&mut self) {
        let late =
            |at: Duration, limit: u64| self.now.since_boot >= at + Duration::from_secs(limit);
        if self.fetch.as_ref().is_some_and(|asked| late(asked.at, 30)) {
            self.answer_fetch(Some(DeskError::TimedOut), false);
        } else if self.push.as_ref().is_some_and(|asked| late(asked.at, 10)) {
            self.answer_push(Some((DeskError::TimedOut, false)));
        } else if self.list.as_ref().is_some_and(|asked| late(asked.at, 60)) {
            self.happens(Event::Listed(Some(DeskError::TimedOut)));
        } else if self.probe.as_ref().is_some_and(|asked| late(asked.at, 10)) {
            self.happens(Event::Probed(Some(DeskError::TimedOut)));
        } else {
            self.phone_times_out();
        }
    }

    fn pass(&mut self, until: Duration) {
        let time = until.saturating_sub(self.now.since_boot);
        self.now.since_boot += time;
        self.now.wall += SignedDuration::try_from(time).unwrap();
    }
}
