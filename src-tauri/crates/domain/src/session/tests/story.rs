//! A session, a small help desk that answers it, and a clock: enough to tell a story.

mod desk;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

pub(super) use self::desk::*;
use crate::*;

/// The usual time between two reads in these stories.
pub(super) const INTERVAL_S: u64 = 30;

pub(super) struct Story {
    pub(super) session: Session,
    pub(super) now: Now,
    pub(super) desk: Desk,
    pub(super) disk: Remembered,
    /// What was asked of the help desk, oldest first: "fetch", "list", "probe", or the status written.
    pub(super) asked: Vec<String>,
    /// Notices and withdrawals, oldest first.
    pub(super) told: Vec<Effect>,
    /// Where calls were told to ring, and how often the phone was read.
    pub(super) vias: Vec<Via>,
    pub(super) phone_reads: u32,
    outcomes: HashMap<Ticket, Result<(), Failure>>,
    tickets: u64,
}

impl Story {
    /// An agent who is online, with a session that has read it and the list.
    pub(super) fn online() -> Self {
        let mut story = Self::begin(Remembered::default());
        story.start();
        story.told.clear();
        story.asked.clear();
        story
    }

    /// The same, but what the agent may read is `path`.
    pub(super) fn online_reading(path: ReadPath) -> Self {
        let mut story = Self::begin(Remembered::default());
        story.desk.path = path;
        story.start();
        story.asked.clear();
        story
    }

    /// Before anything was read.
    pub(super) fn begin(disk: Remembered) -> Self {
        let now = Now {
            since_boot: Duration::from_secs(1000),
            wall: "2026-11-23T14:00:00Z".parse().unwrap(),
        };
        let interval = Duration::from_secs(INTERVAL_S);
        Self {
            session: Session::new(HelpDeskName::Zendesk, interval, disk.clone()),
            now,
            desk: Desk::online(now.wall - SignedDuration::from_hours(1)),
            disk,
            asked: Vec::new(),
            told: Vec::new(),
            vias: Vec::new(),
            phone_reads: 0,
            outcomes: HashMap::new(),
            tickets: 0,
        }
    }

    pub(super) fn start(&mut self) {
        self.happens(Input::Timeout);
    }

    /// The program ends and starts again; answers under way are lost.
    pub(super) fn restart(&mut self) {
        self.desk.held.clear();
        self.desk.held_write = None;
        self.desk.held_via = None;
        self.session = Session::new(
            HelpDeskName::Zendesk,
            Duration::from_secs(INTERVAL_S),
            self.disk.clone(),
        );
        self.told.clear();
        self.asked.clear();
        self.start();
    }

    pub(super) fn click(&mut self, name: &str) -> Ticket {
        self.click_until(name, None)
    }

    pub(super) fn click_for(&mut self, name: &str, minutes: i64) -> Ticket {
        let until = self.now.wall + SignedDuration::from_mins(minutes);
        self.click_until(name, Some(until))
    }

    fn click_until(&mut self, name: &str, until: Option<Timestamp>) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.happens(Input::Choose {
            ticket,
            status: id(name),
            until,
        });
        ticket
    }

    pub(super) fn click_after_call(&mut self, name: &str) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.happens(Input::ChooseAfterCall {
            ticket,
            status: id(name),
        });
        ticket
    }

    pub(super) fn answer_by(&mut self, via: Via) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.happens(Input::AnswerBy { ticket, via });
        ticket
    }

    /// The change of the phone that was held is applied or fails now.
    pub(super) fn answer_via(&mut self) {
        let via = self.desk.held_via.take().expect("no change is held");
        let answer = self.desk.answer_by(via);
        self.happens(Input::ViaPushed(answer));
    }

    pub(super) fn put_back(&mut self) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.happens(Input::PutBack {
            ticket,
            status: None,
        });
        ticket
    }

    pub(super) fn extend(&mut self, until: Timestamp) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.happens(Input::Extend { ticket, until });
        ticket
    }

    /// When the timed status ends.
    pub(super) fn end(&self) -> Timestamp {
        self.view().timed.expect("no timed status").until
    }

    /// Something else changes the status.
    pub(super) fn moved_to(&mut self, name: &str, reason: &str) {
        self.desk.status = id(name);
        self.desk.reason = Some(reason.to_owned());
        self.desk.since = Some(self.now.wall);
    }

    /// Something happens, and the help desk answers what is asked of it.
    pub(super) fn happens(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.session.handle(input, self.now, 0.5) {
                inputs.extend(self.carry_out(effect));
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Fetch { known } => {
                self.asked.push("fetch".to_owned());
                let answer = Input::Fetched(self.desk.read(known));
                if self.desk.holds_reads {
                    self.desk.held.push_back(answer);
                    return None;
                }
                Some(answer)
            }
            Effect::List => {
                self.asked.push("list".to_owned());
                let failure = self.desk.fails.clone().or(self.desk.list_fails.clone());
                let listing = Listing {
                    statuses: self.desk.statuses.clone(),
                };
                Some(Input::Listed(failure.map_or(Ok(listing), Err)))
            }
            Effect::FetchPhone => {
                self.phone_reads += 1;
                let failure = self.desk.fails.clone();
                let failure = failure.or(self.desk.phone_fails.clone());
                let failure = failure.filter(|_| self.desk.phone.is_some());
                Some(Input::PhoneFetched(
                    failure.map_or(Ok(self.desk.phone), Err),
                ))
            }
            Effect::PushVia { via } => {
                self.vias.push(via);
                if self.desk.holds_vias {
                    let held = self.desk.held_via.replace(via);
                    assert_eq!(held, None, "two changes of the phone in flight");
                    return None;
                }
                Some(Input::ViaPushed(self.desk.answer_by(via)))
            }
            Effect::Probe => {
                self.asked.push("probe".to_owned());
                let answer = Input::Probed(self.desk.fails.clone().map_or_else(|| Ok(ada()), Err));
                if self.desk.holds_probes {
                    self.desk.held.push_back(answer);
                    return None;
                }
                Some(answer)
            }
            Effect::Push { status } => {
                let name = self.desk.name(&status);
                self.asked.push(name);
                if self.desk.holds_writes {
                    assert_eq!(
                        self.desk.held_write.replace(status),
                        None,
                        "two writes in flight"
                    );
                    return None;
                }
                Some(Input::Pushed(self.desk.write(status, self.now.wall)))
            }
            Effect::PushIdle { .. } | Effect::Listen | Effect::Deafen | Effect::Ping => {
                panic!("Zendesk has nothing of that: {effect:?}")
            }
            Effect::Notify(_) | Effect::Withdraw(_) => {
                self.told.push(effect);
                None
            }
            Effect::Remember(remembered) => {
                self.disk = *remembered;
                None
            }
            Effect::Finished { ticket, result } => {
                assert_eq!(self.outcomes.insert(ticket, result), None, "finished twice");
                None
            }
        }
    }

    /// The oldest read or probe that was held is answered.
    pub(super) fn answer(&mut self) {
        let input = self.desk.held.pop_front().expect("nothing is held");
        self.happens(input);
    }

    /// The write that was held is applied or fails now.
    pub(super) fn answer_write(&mut self) {
        let status = self.desk.held_write.take().expect("no write is held");
        let answer = self.desk.write(status, self.now.wall);
        self.happens(Input::Pushed(answer));
    }

    /// Time passes, and whatever falls due in it happens.
    pub(super) fn after(&mut self, seconds: u64) {
        let end = self.now.since_boot + Duration::from_secs(seconds);
        let mut at_once = 0;
        while let Some(due) = self
            .session
            .poll_timeout(self.now)
            .filter(|due| *due <= end)
        {
            at_once = if due > self.now.since_boot {
                0
            } else {
                at_once + 1
            };
            assert!(
                at_once < 10,
                "it runs in circles at {:?}: {:?}",
                self.now,
                self.session
            );
            self.pass(due.saturating_sub(self.now.since_boot));
            self.happens(Input::Timeout);
        }
        self.pass(end.saturating_sub(self.now.since_boot));
    }

    /// Time passes unnoticed, as in sleep.
    pub(super) fn sleep(&mut self, seconds: u64) {
        self.happens(Input::Slept);
        self.pass(Duration::from_secs(seconds));
        self.happens(Input::Woke);
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now.since_boot += time;
        self.now.wall += SignedDuration::try_from(time).unwrap();
    }

    pub(super) fn view(&self) -> AccountView {
        self.session.view(&account(), true, self.now)
    }

    pub(super) fn light(&self) -> Light {
        self.view().light
    }

    pub(super) fn headline(&self) -> String {
        self.view().headline
    }

    /// How a choice ended; `None` while it has not.
    pub(super) fn outcome(&self, ticket: Ticket) -> Option<Result<(), Code>> {
        self.outcomes
            .get(&ticket)
            .cloned()
            .map(|result| result.map_err(|failure| failure.code))
    }

    /// What was written since the last time this was asked.
    pub(super) fn writes(&mut self) -> Vec<String> {
        let asked = std::mem::take(&mut self.asked);
        asked
            .into_iter()
            .filter(|asked| !matches!(asked.as_str(), "fetch" | "list" | "probe"))
            .collect()
    }

    /// How often something was asked since `asked` was last cleared.
    pub(super) fn count(&self, what: &str) -> usize {
        self.asked.iter().filter(|asked| *asked == what).count()
    }

    /// The notices since the last time this was asked.
    pub(super) fn notices(&mut self) -> Vec<Notice> {
        let told = std::mem::take(&mut self.told);
        told.into_iter()
            .filter_map(|told| {
                if let Effect::Notify(notice) = told {
                    Some(notice)
                } else {
                    None
                }
            })
            .collect()
    }

    /// The topics withdrawn since the last time anything told was taken.
    pub(super) fn withdrawn(&self) -> Vec<Topic> {
        self.told
            .iter()
            .filter_map(|told| {
                if let Effect::Withdraw(topic) = told {
                    Some(*topic)
                } else {
                    None
                }
            })
            .collect()
    }
}
