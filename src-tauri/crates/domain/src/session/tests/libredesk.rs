//! Libredesk: pushes, presence and idleness, against a small server of its kind.

mod rhythm;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::SignedDuration;

use crate::*;

const ONLINE: &str = "online";
const AWAY: &str = "away_manual";
const IDLE: &str = "away";
const OFFLINE: &str = "offline";

/// A session, a server with presence, and a clock.
struct Office {
    session: Session,
    now: Now,
    status: String,
    /// When the server last had presence.
    seen: Option<Duration>,
    last_sweep: Duration,
    /// Whether a way to speak is open, and whether one can be opened.
    is_open: bool,
    refuses: Option<Closed>,
    tells_changes: bool,
    network: bool,
    /// Whether presence makes Online of Offline.
    heeds_pings: bool,
    asked: Vec<String>,
    told: Vec<Notice>,
    tickets: u64,
    outcomes: Vec<Result<(), Code>>,
    worst_offline: Duration,
    offline_since: Option<Duration>,
}

impl Office {
    fn open(status: &str, agreed: Agreed) -> Self {
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

    fn held(status: &str) -> Self {
        Self::open(
            status,
            Agreed {
                keep_online: true,
                ..Agreed::default()
            },
        )
    }

    /// An agent who asked to be Idle in absence, some time after the start.
    fn idling(status: &str) -> Self {
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

    fn happens(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.session.handle(input, self.now, 0.5) {
                inputs.extend(self.carry_out(effect));
            }
        }
    }

    /// Handles an input, and lets neither writes nor reads be answered: what was asked is handed back.
    fn only(&mut self, input: Input) -> Vec<Effect> {
        self.session.handle(input, self.now, 0.5)
    }

    fn reading(&self) -> Result<Reading, DeskError> {
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

    fn carry_out(&mut self, effect: Effect) -> Option<Input> {
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

    fn written(&self) -> Written {
        Written {
            id: StatusId::new(&self.status),
            name: self.status.clone(),
        }
    }

    fn set(&mut self, status: &str) {
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
    fn set_elsewhere(&mut self, status: &str) {
        self.set(status);
        if self.is_open && self.tells_changes {
            self.happens(Input::Heard(Heard::Status(StatusId::new(status))));
        }
    }

    fn drop_socket(&mut self) {
        if std::mem::take(&mut self.is_open) {
            let broken = Closed::Broken("reset".to_owned());
            self.happens(Input::Heard(Heard::Closed(broken)));
        }
    }

    /// The network is gone for longer than the sweep waits.
    fn swept_in_a_gap(&mut self) {
        self.network = false;
        self.drop_socket();
        self.after(420);
        assert_eq!(self.status, OFFLINE);
        self.network = true;
    }

    fn sweep(&mut self) {
        self.last_sweep = self.now.since_boot;
        let unseen = self
            .seen
            .is_none_or(|seen| self.now.since_boot > seen + Duration::from_secs(300));
        if unseen && (self.status == ONLINE || self.status == IDLE) {
            self.set_elsewhere(OFFLINE);
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now.since_boot += time;
        self.now.wall += SignedDuration::try_from(time).unwrap();
    }

    /// Time passes; what falls due happens, on both sides.
    fn after(&mut self, seconds: u64) {
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
    fn until_ping(&mut self) {
        for _ in 0..100 {
            if self.asked.contains(&"ping".to_owned()) {
                return;
            }
            self.after(1);
        }
        panic!("no presence is given: {:?}", self.asked);
    }

    /// The computer sleeps; the server does not.
    fn sleep(&mut self, seconds: u64) {
        self.happens(Input::Slept);
        assert!(!self.is_open, "nobody listens in sleep");
        self.pass(Duration::from_secs(seconds));
        self.sweep();
        self.happens(Input::Woke);
    }

    fn click(&mut self, status: &str) {
        self.tickets += 1;
        self.happens(Input::Choose {
            ticket: Ticket(self.tickets),
            status: StatusId::new(status),
            until: None,
        });
    }

    fn view(&self) -> AccountView {
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

    fn headline(&self) -> String {
        self.view().headline
    }

    fn asked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.asked)
    }

    fn offers(&mut self) -> Vec<String> {
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

#[test]
fn a_change_that_the_help_desk_tells_is_confirmed_at_once() {
    let mut office = Office::open(AWAY, Agreed::default());
    office.after(8);
    office.asked();
    office.set_elsewhere(ONLINE);
    let view = office.view();
    assert_eq!(
        (view.headline.as_str(), view.certainty),
        ("Online", Certainty::Confirmed)
    );
    assert_eq!(view.changed_by, Some(ChangedBy::Other));
    assert_eq!(view.since, Some(office.now.wall));
    assert_eq!(office.offers(), ["Away -> Online, back to Away"]);
    assert!(office.asked().is_empty(), "nothing had to be asked");
}

#[test]
fn what_is_told_just_after_a_read_may_be_older_and_is_read_first() {
    let mut office = Office::open(AWAY, Agreed::default());
    office.after(3);
    office.asked();
    office.set_elsewhere(ONLINE);
    assert_eq!(office.asked(), ["read"]);
    assert_eq!(office.headline(), "Online");
    assert_eq!(office.offers(), ["Away -> Online, back to Away"]);
}

#[test]
fn who_does_not_ask_to_be_kept_online_is_swept_told_and_put_back() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(420);
    assert_eq!(office.headline(), "Offline");
    assert!(!office.asked().contains(&"ping".to_owned()));
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
    let offer = office.view().offer.unwrap();
    assert!(
        offer.reason_in_words.contains("browser tab"),
        "{}",
        offer.reason_in_words
    );
    office.tickets += 1;
    office.happens(Input::PutBack {
        ticket: Ticket(office.tickets),
        status: None,
    });
    assert_eq!(office.headline(), "Online");
    assert_eq!(office.outcomes, [Ok(())]);
}

#[test]
fn online_is_held_for_an_hour_while_the_way_breaks_every_few_minutes() {
    let mut office = Office::held(ONLINE);
    for (minutes, seconds) in (0..30).zip([20, 170, 60, 240, 5, 110].into_iter().cycle()) {
        office.after(seconds);
        office.drop_socket();
        if minutes % 7 == 3 {
            // So does the network, for longer than the server waits.
            office.network = false;
            office.after(400);
            office.network = true;
            office.happens(Input::NetworkChanged);
            office.after(20);
        }
    }
    office.after(120);
    assert_eq!(office.status, ONLINE);
    assert!(
        office.worst_offline < Duration::from_secs(140),
        "{:?}",
        office.worst_offline
    );
    assert_eq!(office.headline(), "Online");
    let writes = office
        .asked()
        .into_iter()
        .filter(|it| it.starts_with("write"));
    assert_eq!(writes.count(), 0, "holding writes nothing");
}

#[test]
fn after_eight_hours_of_sleep_offline_is_told_and_nothing_pings_before_the_click() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.asked();
    office.sleep(8 * 3600);
    office.after(120);
    assert_eq!(office.headline(), "Offline");
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
    assert!(
        !office.asked().contains(&"ping".to_owned()),
        "no ping before the click"
    );
    office.click(ONLINE);
    office.after(400);
    assert_eq!(
        (office.headline().as_str(), office.status.as_str()),
        ("Online", ONLINE)
    );
    assert!(
        office.asked().contains(&"ping".to_owned()),
        "held from the click on"
    );
}

#[test]
fn nothing_pings_behind_a_locked_screen() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.happens(Input::Locked);
    office.asked();
    office.after(200);
    assert!(!office.asked().contains(&"ping".to_owned()));
    office.happens(Input::Unlocked);
    office.after(10);
    // A short absence: read first, then held on.
    let asked = office.asked();
    let read = asked.iter().position(|it| it == "read");
    let ping = asked.iter().position(|it| it == "ping");
    assert!(read.is_some() && read < ping, "{asked:?}");
    office.happens(Input::Locked);
    office.after(500);
    assert_eq!(office.status, OFFLINE);
    office.happens(Input::Unlocked);
    office.asked();
    office.after(200);
    assert_eq!(office.status, OFFLINE, "a long one is the agent's to undo");
    assert!(!office.asked().contains(&"ping".to_owned()));
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
}

#[test]
fn whoever_else_ends_online_ends_the_holding() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.set_elsewhere(OFFLINE);
    office.asked();
    office.after(600);
    assert_eq!(office.status, OFFLINE, "a supervisor's Offline stays");
    assert!(!office.asked().contains(&"ping".to_owned()));
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.click(AWAY);
    office.asked();
    office.after(600);
    assert!(!office.asked().contains(&"ping".to_owned()));
    assert_eq!(office.status, AWAY);
}

#[test]
fn the_sweep_in_a_gap_of_the_network_is_undone_without_a_word() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.swept_in_a_gap();
    office.happens(Input::NetworkChanged);
    office.after(15);
    assert_eq!(
        (office.headline().as_str(), office.status.as_str()),
        ("Online", ONLINE)
    );
    assert_eq!(office.view().changed_by, Some(ChangedBy::You));
    assert_eq!(office.view().offer, None);
}

#[test]
fn a_server_that_tells_no_changes_is_read_before_each_ping() {
    let mut office = Office::held(ONLINE);
    office.tells_changes = false;
    office.drop_socket();
    office.after(60);
    office.asked();
    office.after(600);
    let asked = office.asked();
    for (at, what) in asked.iter().enumerate() {
        assert!(what != "ping" || asked[at - 1] == "read", "{asked:?}");
    }
    assert!(
        asked.iter().filter(|it| *it == "ping").count() >= 5,
        "{asked:?}"
    );
    assert_eq!(office.status, ONLINE);
    assert!(matches!(
        office.view().presence.unwrap().tells_at_once,
        Has::No(_)
    ));
}

#[test]
fn where_there_is_no_websocket_the_status_is_read_every_ninety_seconds_and_that_is_said() {
    let mut office = Office::held(ONLINE);
    office.refuses = Some(Closed::NotOffered("HTTP status 404".to_owned()));
    office.drop_socket();
    office.after(120);
    office.asked();
    office.after(900);
    let asked = office.asked();
    let reads = asked.iter().filter(|it| *it == "read").count();
    assert!((9..=11).contains(&reads), "{asked:?}");
    assert!(
        asked.iter().filter(|it| *it == "listen").count() <= 2,
        "{asked:?}"
    );
    let view = office.view();
    let Has::No(why) = view.presence.unwrap().tells_at_once else {
        panic!("it is missing");
    };
    assert!(
        why.contains("HTTP status 404") && why.contains("90 seconds"),
        "{why}"
    );
}

#[test]
fn a_kick_is_followed_by_a_read() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    // An admin's edit is told to nobody; the way is closed in its place.
    office.set(AWAY);
    office.is_open = false;
    office.asked();
    office.happens(Input::Heard(Heard::Closed(Closed::Kicked)));
    assert_eq!(office.asked(), ["read"]);
    assert_eq!(office.headline(), "Away");
    office.after(5);
    assert!(office.is_open, "and opened again");
}

#[test]
fn a_word_that_may_be_older_than_a_write_is_checked_and_not_believed() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    office.click(AWAY);
    office.offers();
    office.asked();
    let older = Heard::Status(StatusId::new(ONLINE));
    office.happens(Input::Heard(older));
    assert_eq!(office.headline(), "Away");
    assert_eq!(office.asked(), ["read"]);
    assert!(office.offers().is_empty());
}

#[test]
fn idle_comes_and_goes_with_the_agent_who_asked_for_it() {
    let mut office = Office::idling(ONLINE);
    office.asked();
    office.happens(Input::Idle);
    assert_eq!(office.asked(), ["idle away"]);
    assert_eq!(office.headline(), "Idle");
    office.after(60);
    office.asked();
    office.happens(Input::Active);
    assert_eq!(office.asked(), ["read", "idle online"]);
    assert_eq!(office.headline(), "Online");
    assert!(
        office.offers().is_empty(),
        "the agent's own rule makes no noise"
    );
    office.happens(Input::Locked);
    assert_eq!(office.headline(), "Idle");
}

#[test]
fn idleness_never_touches_what_the_agent_chose() {
    let mut office = Office::idling(AWAY);
    office.asked();
    office.happens(Input::Idle);
    office.happens(Input::Active);
    assert!(office.asked().iter().all(|it| it == "read"));
    // And what was chosen elsewhere in between stays.
    let mut office = Office::idling(ONLINE);
    office.happens(Input::Idle);
    office.set_elsewhere(AWAY);
    office.asked();
    office.happens(Input::Active);
    assert_eq!(office.asked(), ["read"]);
    assert_eq!(
        (office.headline().as_str(), office.status.as_str()),
        ("Away", AWAY)
    );
}

#[test]
fn without_the_rule_idleness_changes_nothing() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    office.asked();
    office.happens(Input::Idle);
    office.happens(Input::Locked);
    office.happens(Input::Unlocked);
    office.happens(Input::Active);
    assert!(office.asked().iter().all(|it| it == "read"));
}

#[test]
fn every_status_says_what_it_means_for_work() {
    let mut said = Vec::new();
    for status in [
        "online",
        "away_manual",
        "away_and_reassigning",
        "away",
        "offline",
    ] {
        let mut office = Office::open(status, Agreed::default());
        office.after(5);
        let view = office.view();
        let zone = jiff::tz::TimeZone::UTC;
        let tip = tooltip(
            &View {
                accounts: vec![view.clone()],
                hints: Vec::new(),
            },
            &zone,
        );
        said.push(format!("{tip}\n  {}", view.note.unwrap_or_default()));
    }
    let mut held = Office::held(ONLINE);
    held.after(5);
    said.push(format!("held\n  {}", held.view().note.unwrap()));
    held.refuses = Some(Closed::NotOffered("HTTP status 404".to_owned()));
    held.drop_socket();
    held.after(5);
    let note = held.view().note.unwrap();
    said.push(format!("held without a websocket\n  {note}"));
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_word_during_the_read_for_a_doubted_write_does_not_strand_the_click() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    let fx = office.only(Input::Choose {
        ticket: Ticket(77),
        status: StatusId::new(AWAY),
        until: None,
    });
    assert!(fx.iter().any(|e| matches!(e, Effect::Push { .. })));
    // Applied, but the answer is lost.
    office.status = AWAY.to_owned();
    office.only(Input::Pushed(Err(DeskError::TimedOut)));
    office.pass(Duration::from_millis(600));
    let fx = office.only(Input::Timeout);
    assert!(
        fx.iter().any(|e| matches!(e, Effect::Fetch { .. })),
        "{fx:?}"
    );
    // The server's own word about that write comes while the read is under way.
    office.only(Input::Heard(Heard::Status(StatusId::new(AWAY))));
    let answer = office.reading();
    office.happens(Input::Fetched(answer));
    office.after(5);
    assert_eq!(office.outcomes, [Ok(())], "{}", office.headline());
}

#[test]
fn keep_is_kept() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.refuses = Some(Closed::NotOffered("HTTP status 502".to_owned()));
    office.drop_socket();
    office.after(600);
    assert_eq!(office.status, OFFLINE);
    let offer = office.view().offer.expect("told");
    office.happens(Input::Keep { at: offer.at });
    office.asked();
    office.refuses = None;
    office.after(1200);
    assert!(
        !office.asked().contains(&"ping".to_owned()),
        "pinged back after Keep"
    );
    assert_eq!(office.status, OFFLINE);
}

#[test]
fn a_timed_online_outlives_a_sweep_that_is_undone() {
    let mut office = Office::held(AWAY);
    office.after(60);
    office.happens(Input::Choose {
        ticket: Ticket(5),
        status: StatusId::new(ONLINE),
        until: Some(office.now.wall + SignedDuration::from_mins(60)),
    });
    office.after(60);
    assert!(office.view().timed.is_some());
    office.swept_in_a_gap();
    office.happens(Input::NetworkChanged);
    office.after(30);
    assert_eq!(office.headline(), "Online");
    assert!(
        office.view().timed.is_some(),
        "the end of the timed Online is lost"
    );
}

#[test]
fn a_long_lock_with_a_tab_open_does_not_weaken_the_hold_for_good() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.happens(Input::Locked);
    for _ in 0..10 {
        office.after(50);
        office.seen = Some(office.now.since_boot);
    }
    office.happens(Input::Unlocked);
    office.after(3600);
    assert_eq!(office.headline(), "Online");
    office.swept_in_a_gap();
    office.happens(Input::NetworkChanged);
    office.after(30);
    assert_eq!(office.headline(), "Online");
}

#[test]
fn a_timed_online_outlives_idleness() {
    let mut office = Office::idling(AWAY);
    office.happens(Input::Choose {
        ticket: Ticket(5),
        status: StatusId::new(ONLINE),
        until: Some(office.now.wall + SignedDuration::from_mins(60)),
    });
    office.after(30);
    assert!(office.view().timed.is_some());
    office.happens(Input::Locked);
    office.after(60);
    office.happens(Input::Unlocked);
    office.after(10);
    assert_eq!(office.headline(), "Online");
    assert!(office.view().timed.is_some(), "its end is lost");
}

#[test]
fn idleness_does_not_hide_that_a_click_failed() {
    let mut office = Office::idling(ONLINE);
    office.only(Input::Choose {
        ticket: Ticket(5),
        status: StatusId::new(AWAY),
        until: None,
    });
    office.happens(Input::Pushed(Err(DeskError::Refused { status: 405 })));
    assert!(office.view().failed.is_some());
    office.happens(Input::Locked);
    office.after(60);
    office.happens(Input::Unlocked);
    office.after(10);
    assert!(
        office.view().failed.is_some(),
        "nothing says any more that Away failed"
    );
}

#[test]
fn offline_told_just_after_a_ping_is_checked() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.asked();
    // The supervisor's Offline and our ping cross.
    office.until_ping();
    // server: offline was set just before the ping, which flipped it; the word comes after the ping.
    office.status = ONLINE.to_owned();
    office.happens(Input::Heard(Heard::Status(StatusId::new(OFFLINE))));
    office.after(10);
    assert_ne!(
        office.headline(),
        "Offline",
        "the light says Offline, confirmed, while the server has Online"
    );
}

#[test]
fn a_restored_online_read_late_is_no_forced_change() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.swept_in_a_gap();
    office.offers();
    // Reads are answered, then the one after the ping is slow.
    office.asked();
    office.happens(Input::NetworkChanged);
    office.until_ping();
    office.network = false;
    office.after(12);
    office.network = true;
    office.after(30);
    assert_eq!(office.headline(), "Online");
    let offers = office.offers();
    assert!(offers.is_empty(), "{offers:?}");
    assert_eq!(office.view().changed_by, Some(ChangedBy::You));
}

#[test]
fn what_idleness_finds_is_somebody_elses() {
    let mut office = Office::idling(ONLINE);
    // Set elsewhere, not told yet (older server, proxy without websocket).
    office.set(AWAY);
    office.happens(Input::Locked);
    assert_eq!(office.headline(), "Away");
    assert_eq!(office.view().changed_by, Some(ChangedBy::Other));
}

#[test]
fn a_read_caught_by_unlocking_does_not_strand_the_click() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    office.only(Input::Choose {
        ticket: Ticket(77),
        status: StatusId::new(AWAY),
        until: None,
    });
    office.status = AWAY.to_owned();
    office.only(Input::Pushed(Err(DeskError::TimedOut)));
    office.pass(Duration::from_millis(600));
    office.only(Input::Timeout);
    // The websocket broke with the network, as is usual.
    office.is_open = false;
    office.only(Input::Heard(Heard::Closed(Closed::Broken(
        "reset".to_owned(),
    ))));
    let answer = office.reading();
    office.happens(Input::Fetched(answer));
    office.after(60);
    assert_eq!(office.outcomes, [Ok(())]);
}

#[test]
fn an_offline_right_after_the_start_is_not_the_sweeps() {
    let mut office = Office::held(ONLINE);
    // Restart with the websocket late by two seconds.
    office.refuses = Some(Closed::Broken("reset".to_owned()));
    let mut office = {
        let now = office.now;
        office.session = Session::new(
            HelpDeskName::Libredesk,
            Duration::from_secs(30),
            Remembered::default(),
        )
        .agreeing(Agreed {
            keep_online: true,
            ..Agreed::default()
        });
        office.is_open = false;
        office.now = now;
        office.asked();
        office.seen = Some(now.since_boot);
        office.happens(Input::Timeout);
        office
    };
    assert_eq!(office.headline(), "Online");
    office.refuses = None;
    office.set(OFFLINE);
    office.after(10);
    assert_eq!(
        office.status, OFFLINE,
        "a supervisor's, seconds after the start: nobody can know of five minutes without presence"
    );
}
