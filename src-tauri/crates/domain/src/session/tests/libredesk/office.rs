//! A session, a small server with presence, and a clock.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::*;

pub(super) const ONLINE: &str = "online";
pub(super) const AWAY: &str = "away_manual";
pub(super) const IDLE: &str = "away";
pub(super) const OFFLINE: &str = "offline";

/// A session, a server with presence, and a clock.
pub(super) struct Office {
    pub(super) session: Session,
    pub(super) now: Now,
    pub(super) status: String,
    /// When the server last had presence.
    pub(super) seen: Option<Duration>,
    pub(super) last_sweep: Duration,
    /// Whether a way to speak is open, and whether one can be opened.
    pub(super) is_open: bool,
    pub(super) refuses: Option<Closed>,
    pub(super) tells_changes: bool,
    pub(super) network: bool,
    /// Whether presence makes Online of Offline.
    pub(super) heeds_pings: bool,
    pub(super) asked: Vec<String>,
    pub(super) told: Vec<Notice>,
    pub(super) tickets: u64,
    pub(super) outcomes: Vec<Result<(), Code>>,
    pub(super) worst_offline: Duration,
    pub(super) offline_since: Option<Duration>,
}

impl Office {
    pub(super) fn open(status: &str, agreed: Agreed) -> Self {
        let now = Now {
            since_boot: Duration::from_secs(1000),
            wall: "2026-11-27T09:00:00Z".parse().unwrap(),
        };
        let usual = Duration::from_secs(30);
        let mut office = Self {
            session: Session::new(HelpDeskName::Libredesk, usual, Remembered::default())
                .agreeing(agreed),
            now,
            status: status.to_owned(),
            // A browser tab was there until now.
            seen: Some(now.since_boot),
            last_sweep: now.since_boot,
            is_open: false,
            refuses: None,
            tells_changes: true,
            network: true,
            heeds_pings: true,
            asked: Vec::new(),
            told: Vec::new(),
            tickets: 0,
            outcomes: Vec::new(),
            worst_offline: Duration::ZERO,
            offline_since: None,
        };
        office.happens(Input::Timeout);
        office
    }

    pub(super) fn held(status: &str) -> Self {
        Self::open(
            status,
            Agreed {
                keep_online: true,
                ..Agreed::default()
            },
        )
    }

    /// An agent who asked to be Idle in absence, some time after the start.
    pub(super) fn idling(status: &str) -> Self {
        let mut office = Self::open(
            status,
            Agreed {
                away_when_idle: true,
                ..Agreed::default()
            },
        );
        office.after(30);
        office
    }

    pub(super) fn happens(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.session.handle(input, self.now, 0.5) {
                inputs.extend(self.carry_out(effect));
            }
        }
    }

    /// Handles an input, and lets neither writes nor reads be answered: what was asked is handed back.
    pub(super) fn only(&mut self, input: Input) -> Vec<Effect> {
        self.session.handle(input, self.now, 0.5)
    }

    pub(super) fn reading(&self) -> Result<Reading, DeskError> {
        if !self.network {
            return Err(DeskError::TimedOut);
        }
        Ok(Reading {
            path: ReadPath::Own,
            seen: Seen::Status {
                id: StatusId::new(&self.status),
                name: self.status.clone(),
                reason: None,
                since: None,
                channels: Vec::new(),
            },
            budget: None,
            phone: None,
        })
    }

    pub(super) fn carry_out(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Fetch { .. } => {
                self.asked.push("read".to_owned());
                Some(Input::Fetched(self.reading()))
            }
            Effect::List => Some(Input::Listed(Ok(Listing {
                statuses: Availability::CHOOSABLE.map(Availability::status).into(),
            }))),
            Effect::Push { status } => {
                self.asked.push(format!("write {status}"));
                self.set(&status.0);
                Some(Input::Pushed(Ok(self.written())))
            }
            Effect::PushIdle { status } => {
                self.asked.push(format!("idle {status}"));
                // Dropped where the agent is away by choice.
                if !self.status.starts_with("away_") {
                    self.set(&status.0);
                }
                Some(Input::Pushed(Ok(self.written())))
            }
            Effect::Listen => {
                self.asked.push("listen".to_owned());
                let refuses = self.refuses.clone();
                let refuses =
                    refuses.or((!self.network).then_some(Closed::Failed(DeskError::TimedOut)));
                let heard = if let Some(why) = refuses {
                    Heard::Closed(why)
                } else {
                    self.is_open = true;
                    Heard::Open {
                        tells_changes: self.tells_changes,
                    }
                };
                Some(Input::Heard(heard))
            }
            Effect::Deafen => {
                self.is_open = false;
                None
            }
            Effect::Ping => {
                assert!(self.is_open, "a ping into nothing");
                self.asked.push("ping".to_owned());
                self.seen = Some(self.now.since_boot);
                // Nobody is told of this flip.
                if self.status == OFFLINE && self.heeds_pings {
                    self.set(ONLINE);
                }
                None
            }
            Effect::Notify(notice) => {
                self.told.push(notice);
                None
            }
            Effect::Finished { result, .. } => {
                self.outcomes.push(result.map_err(|failure| failure.code));
                None
            }
            Effect::Withdraw(_) | Effect::Remember(_) => None,
            Effect::Probe | Effect::FetchPhone | Effect::PushVia { .. } => {
                panic!("Libredesk is never asked for that: {effect:?}")
            }
        }
    }

    pub(super) fn written(&self) -> Written {
        Written {
            id: StatusId::new(&self.status),
            name: self.status.clone(),
        }
    }

    pub(super) fn set(&mut self, status: &str) {
        status.clone_into(&mut self.status);
        match (status == OFFLINE, self.offline_since) {
            (true, None) => self.offline_since = Some(self.now.since_boot),
            (false, Some(since)) => {
                self.offline_since = None;
                self.worst_offline = self
                    .worst_offline
                    .max(self.now.since_boot.saturating_sub(since));
            }
            _ => {}
        }
    }

    /// Somebody else sets the status, and whoever listens hears it.
    pub(super) fn set_elsewhere(&mut self, status: &str) {
        self.set(status);
        if self.is_open && self.tells_changes {
            self.happens(Input::Heard(Heard::Status(StatusId::new(status))));
        }
    }

    pub(super) fn drop_socket(&mut self) {
        if std::mem::take(&mut self.is_open) {
            let broken = Closed::Broken("reset".to_owned());
            self.happens(Input::Heard(Heard::Closed(broken)));
        }
    }

    /// The network is gone for longer than the sweep waits.
    pub(super) fn swept_in_a_gap(&mut self) {
        self.network = false;
        self.drop_socket();
        self.after(420);
        assert_eq!(self.status, OFFLINE);
        self.network = true;
    }

    pub(super) fn sweep(&mut self) {
        self.last_sweep = self.now.since_boot;
        let unseen = self
            .seen
            .is_none_or(|seen| self.now.since_boot > seen + Duration::from_secs(300));
        if unseen && (self.status == ONLINE || self.status == IDLE) {
            self.set_elsewhere(OFFLINE);
        }
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now.since_boot += time;
        self.now.wall += SignedDuration::try_from(time).unwrap();
    }

    /// Time passes; what falls due happens, on both sides.
    pub(super) fn after(&mut self, seconds: u64) {
        let end = self.now.since_boot + Duration::from_secs(seconds);
        loop {
            let due = self.session.poll_timeout(self.now);
            let sweep = self.last_sweep + Duration::from_secs(60);
            let next = due.map_or(sweep, |due| due.min(sweep));
            if next > end {
                break;
            }
            self.pass(next.saturating_sub(self.now.since_boot));
            if sweep <= self.now.since_boot {
                self.sweep();
            } else {
                self.happens(Input::Timeout);
            }
        }
        self.pass(end.saturating_sub(self.now.since_boot));
    }

    /// Time passes until presence is given, since what was asked was last taken.
    pub(super) fn until_ping(&mut self) {
        for _ in 0..100 {
            if self.asked.contains(&"ping".to_owned()) {
                return;
            }
            self.after(1);
        }
        panic!("no presence is given: {:?}", self.asked);
    }

    /// The computer sleeps; the server does not.
    pub(super) fn sleep(&mut self, seconds: u64) {
        self.happens(Input::Slept);
        assert!(!self.is_open, "nobody listens in sleep");
        self.pass(Duration::from_secs(seconds));
        self.sweep();
        self.happens(Input::Woke);
    }

    pub(super) fn click(&mut self, status: &str) {
        let click = self.chosen(status, None);
        self.happens(click);
    }

    pub(super) fn click_for_an_hour(&mut self, status: &str) {
        let until = self.now.wall + SignedDuration::from_hours(1);
        let click = self.chosen(status, Some(until));
        self.happens(click);
    }

    /// A click whose write is under way until its answer is told.
    pub(super) fn click_unanswered(&mut self, status: &str) -> Vec<Effect> {
        let click = self.chosen(status, None);
        self.only(click)
    }

    fn chosen(&mut self, status: &str, until: Option<Timestamp>) -> Input {
        self.tickets += 1;
        Input::Choose {
            ticket: Ticket(self.tickets),
            status: StatusId::new(status),
            until,
        }
    }

    pub(super) fn view(&self) -> AccountView {
        let account = Account {
            id: AccountId("desk".to_owned()),
            helpdesk: HelpDeskName::Libredesk,
            url: "https://help.example.com".to_owned(),
            agent: Agent {
                id: "2".to_owned(),
                name: "Ada".to_owned(),
            },
            sign_in: SignIn::ApiKey {
                key: "k3y".to_owned(),
            },
            agreed: Agreed::default(),
        };
        self.session.view(&account, true, self.now)
    }

    pub(super) fn headline(&self) -> String {
        self.view().headline
    }

    pub(super) fn asked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.asked)
    }

    pub(super) fn offers(&mut self) -> Vec<String> {
        let told = std::mem::take(&mut self.told);
        told.into_iter()
            .map(|notice| match notice {
                Notice::Offer(offer) => {
                    let back = offer.put_back.map_or("-".to_owned(), |status| status.name);
                    format!("{} -> {}, back to {back}", offer.from, offer.to)
                }
                other => format!("{other:?}"),
            })
            .collect()
    }
}
