//! A working day of a whole fleet in virtual time: real sessions, one model account.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use domain::{
    Account, AccountId, Agent, Agreed, Effect, HelpDeskName, Input, Now, Remembered, Session,
    SignIn, Ticket,
};
use jiff::{SignedDuration, Timestamp};

use super::model::Model;
use super::report::Row;

/// Everybody starts within this.
const RUSH: Duration = Duration::from_secs(300);
/// What happens before is the morning rush, which is told apart.
const MEASURED_FROM: Duration = Duration::from_secs(2 * 3600);
const DAY: Duration = Duration::from_secs(8 * 3600);
/// The usual time between two reads.
pub(super) const USUAL: Duration = Duration::from_secs(30);
/// How long a request and its answer take.
const ROUND_TRIP: Duration = Duration::from_millis(150);
/// How often something else changes an agent's status.
const BETWEEN_CHANGES: Duration = Duration::from_secs(1200);
/// How often an agent clicks.
pub(super) const BETWEEN_CLICKS: Duration = Duration::from_secs(2880);
/// How often an agent's computer sleeps, and for how long.
const BETWEEN_BREAKS: Duration = Duration::from_secs(3 * 3600);
const BREAK: Duration = Duration::from_secs(1200);

enum Event {
    Happens(Input),
    /// The session asked to be called, unless something else happened since.
    Timeout(u64),
    Change,
    Click,
}

struct Scheduled {
    at: Duration,
    order: u64,
    tray: usize,
    event: Event,
}

impl PartialEq for Scheduled {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Scheduled {}

impl PartialOrd for Scheduled {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scheduled {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

struct Tray {
    session: Session,
    calls: u64,
    asleep: bool,
    /// When it started, until its light is on.
    starts: Option<Duration>,
    /// When something else changed the status that the session does not show yet.
    changed_at: Option<Duration>,
    clicked_at: Option<Duration>,
    reads: u32,
}

struct Fleet {
    model: Model,
    trays: Vec<Tray>,
    queue: BinaryHeap<Reverse<Scheduled>>,
    order: u64,
    dice: fastrand::Rng,
    account: Account,
    row: Row,
}

/// Runs a working day of so many trays.
pub(super) fn run(trays: usize, headers: bool) -> Row {
    let mut fleet = Fleet {
        model: Model::new(trays, headers),
        trays: (0..trays).map(|_| Tray::new()).collect(),
        queue: BinaryHeap::new(),
        order: 0,
        dice: fastrand::Rng::with_seed(trays as u64),
        account: account(),
        row: Row::new(trays, headers),
    };
    for tray in 0..trays {
        let start = RUSH.mul_f64(fleet.dice.f64());
        fleet.trays[tray].starts = Some(start);
        fleet.at(start, tray, Event::Happens(Input::Timeout));
        fleet.after(start, BETWEEN_CHANGES, tray, Event::Change);
        fleet.after(start, BETWEEN_CLICKS, tray, Event::Click);
        fleet.after(start, BETWEEN_BREAKS, tray, Event::Happens(Input::Slept));
    }
    while let Some(Reverse(next)) = fleet.queue.pop() {
        if next.at > DAY {
            break;
        }
        fleet.happens(next);
    }
    fleet.row.reads = fleet.trays.iter().map(|tray| tray.reads).collect();
    fleet.row
}

impl Tray {
    fn new() -> Self {
        Self {
            session: Session::new(HelpDeskName::Zendesk, USUAL, Remembered::default()),
            calls: 0,
            asleep: false,
            starts: None,
            changed_at: None,
            clicked_at: None,
            reads: 0,
        }
    }
}

impl Fleet {
    fn at(&mut self, at: Duration, tray: usize, event: Event) {
        self.order += 1;
        self.queue.push(Reverse(Scheduled {
            at,
            order: self.order,
            tray,
            event,
        }));
    }

    /// Some time after `from`, `mean` on average, as things happen that have nothing to do with each other.
    fn after(&mut self, from: Duration, mean: Duration, tray: usize, event: Event) {
        let times_mean = -(1.0 - self.dice.f64()).ln();
        self.at(from + mean.mul_f64(times_mean), tray, event);
    }

    fn happens(
        &mut self,
        Scheduled {
            at, tray, event, ..
        }: Scheduled,
    ) {
        match event {
            Event::Happens(input) => {
                match input {
                    Input::Slept => {
                        self.trays[tray].asleep = true;
                        self.trays[tray].changed_at = None;
                        self.at(at + BREAK, tray, Event::Happens(Input::Woke));
                    }
                    Input::Woke => {
                        self.trays[tray].asleep = false;
                        self.after(at, BETWEEN_BREAKS, tray, Event::Happens(Input::Slept));
                    }
                    _ => {}
                }
                self.input(tray, input, at);
            }
            Event::Timeout(calls) if calls == self.trays[tray].calls => {
                self.input(tray, Input::Timeout, at);
            }
            Event::Timeout(_) => {}
            Event::Change => {
                self.model.moves(tray, 1);
                if !self.trays[tray].asleep {
                    self.trays[tray].changed_at = Some(at);
                }
                self.after(at, BETWEEN_CHANGES, tray, Event::Change);
            }
            Event::Click => {
                if !self.trays[tray].asleep {
                    self.click(tray, at);
                }
                self.after(at, BETWEEN_CLICKS, tray, Event::Click);
            }
        }
    }

    fn click(&mut self, tray: usize, at: Duration) {
        let now = now(at);
        let view = self.trays[tray].session.view(&self.account, false, now);
        let current = view.status.map(|status| status.id);
        let other = view
            .statuses
            .iter()
            .find(|status| Some(&status.id) != current.as_ref());
        let Some(other) = other else { return };
        self.trays[tray].clicked_at = Some(at);
        if at > MEASURED_FROM {
            self.row.clicks += 1;
        }
        let choose = Input::Choose {
            ticket: Ticket(0),
            status: other.id.clone(),
            until: None,
        };
        self.input(tray, choose, at);
    }

    fn input(&mut self, tray: usize, input: Input, at: Duration) {
        let was_click = matches!(input, Input::Choose { .. });
        let was_read = matches!(input, Input::Fetched(Ok(_)));
        let chance = self.dice.f64();
        let effects = self.trays[tray].session.handle(input, now(at), chance);
        let pushes = effects
            .iter()
            .any(|effect| matches!(effect, Effect::Push { .. }));
        if was_click && !pushes && at > MEASURED_FROM {
            self.row.clicks_refused += 1;
        }
        for effect in effects {
            self.carry_out(tray, effect, at, was_click);
        }
        if was_read {
            self.look(tray, at);
        }
        let seat = &mut self.trays[tray];
        seat.calls += 1;
        let calls = seat.calls;
        if let Some(due) = seat.session.poll_timeout(now(at)) {
            self.at(due.max(at), tray, Event::Timeout(calls));
        }
    }

    fn carry_out(&mut self, tray: usize, effect: Effect, at: Duration, clicked: bool) {
        let answer = match effect {
            Effect::Fetch { .. } => Input::Fetched(self.model.fetch(tray, at)),
            Effect::List => Input::Listed(self.model.list(at)),
            Effect::Push { status } => Input::Pushed(self.model.push(tray, &status, at)),
            Effect::Finished { result, .. } => {
                let clicked_at = self.trays[tray].clicked_at.take();
                if let Some(clicked_at) = clicked_at.filter(|at| *at > MEASURED_FROM) {
                    match result {
                        Ok(()) => self.row.click_delays.push(at.saturating_sub(clicked_at)),
                        Err(_) => self.row.clicks_failed += 1,
                    }
                }
                return;
            }
            _ => return,
        };
        let refused = matches!(
            answer,
            Input::Fetched(Err(_)) | Input::Listed(Err(_)) | Input::Pushed(Err(_))
        );
        let seat = &mut self.trays[tray];
        if at <= MEASURED_FROM {
            self.row.rush_requests += 1;
            self.row.rush_refused += u64::from(refused);
        } else {
            self.row.requests += 1;
            self.row.refused += u64::from(refused);
            self.row.clicks_refused += u64::from(refused && clicked);
            seat.reads += u32::from(matches!(answer, Input::Fetched(Ok(_))));
        }
        if matches!(answer, Input::Pushed(Ok(_))) {
            seat.changed_at = None;
        }
        self.at(at + ROUND_TRIP, tray, Event::Happens(answer));
    }

    /// Looks at the light: whether it shows what something else made of the status.
    fn look(&mut self, tray: usize, at: Duration) {
        let view = self.trays[tray].session.view(&self.account, false, now(at));
        if let Some(start) = self.trays[tray].starts.take() {
            self.row.lit_after.push(at.saturating_sub(start));
        }
        let truth = self.model.status(tray);
        if view.status.is_some_and(|status| status.id == truth)
            && let Some(changed_at) = self.trays[tray].changed_at.take()
            && changed_at > MEASURED_FROM
        {
            self.row.detections.push(at.saturating_sub(changed_at));
        }
    }
}

fn now(at: Duration) -> Now {
    let since = SignedDuration::try_from(at).unwrap_or_default();
    Now {
        since_boot: at,
        wall: Timestamp::UNIX_EPOCH + since,
    }
}

fn account() -> Account {
    Account {
        id: AccountId("fleet".to_owned()),
        helpdesk: HelpDeskName::Zendesk,
        url: "https://fleet.example".to_owned(),
        agent: Agent {
            id: "1".to_owned(),
            name: "Ada".to_owned(),
        },
        sign_in: SignIn::AccessToken,
        agreed: Agreed::default(),
    }
}
