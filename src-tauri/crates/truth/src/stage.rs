//! Plays a story: the real session, the model account, and time.

use std::collections::VecDeque;
use std::time::Duration;

use domain::{
    Account, AccountId, AccountView, Agreed, Effect, HelpDeskName, Input, Light, Link, Now,
    Remembered, Session, SignIn, Ticket, Via,
};
use jiff::{SignedDuration, Timestamp};

use crate::asked::{Asked, Asks, ada};
use crate::broken::{Broken, Holds, holds};
use crate::model::{By, Model};
use crate::story::{End, Fate, Name, Readable, Step, Story};
use crate::witness::Witness;

/// The usual time between two reads.
pub(crate) const INTERVAL: Duration = Duration::from_secs(30);
/// The engine trusts no timer for longer.
const LONGEST_TIMER: Duration = Duration::from_secs(30);
/// So long a computer goes on after it said that it goes to sleep.
const FALLS_ASLEEP_IN: Duration = Duration::from_secs(2);
/// A help desk tells an old status for less than this after it accepted a new one.
const ECHO: Duration = Duration::from_secs(4);
/// In the end, everything has come to rest within this.
const REST: Duration = Duration::from_secs(3 * 3600);

/// What is so at a moment, whoever knows it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) now: Now,
    pub(crate) model: Model,
    pub(crate) readable: Readable,
    pub(crate) locked: bool,
    pub(crate) asleep: bool,
}

/// A story being played.
pub(crate) struct Stage {
    scene: Scene,
    session: Session,
    dice: fastrand::Rng,
    account: Account,
    disk: String,
    /// What every surface shows: the view of the last thing that happened.
    shown: AccountView,
    asked: Vec<Asked>,
    /// What is still under way of programs that are gone.
    orphans: Vec<Asked>,
    fates: [VecDeque<Fate>; 6],
    network: bool,
    fell_asleep: Option<Duration>,
    last_input: Duration,
    /// When a write was last accepted.
    accepted: Option<Duration>,
    /// An answer has arrived that the session does not know yet.
    hears: bool,
    writes: usize,
    tickets: u64,
    witness: Witness,
    pub(crate) inputs: u64,
    /// What happened, in so many lines, where somebody wants to read it.
    pub(crate) told: Option<Vec<String>>,
}

impl Stage {
    pub(crate) fn new(story: &Story) -> Self {
        let began: Timestamp = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 56);
        let now = Now {
            since_boot: Duration::from_secs(50),
            wall: began + SignedDuration::from_secs(50),
        };
        let account = Account {
            id: AccountId("acme".to_owned()),
            helpdesk: HelpDeskName::Zendesk,
            url: "https://acme.zendesk.com".to_owned(),
            agent: ada(),
            sign_in: SignIn::AccessToken,
            agreed: Agreed::default(),
        };
        let session = Session::new(HelpDeskName::Zendesk, INTERVAL, Remembered::default());
        let shown = session.view(&account, true, now);
        Self {
            scene: Scene {
                now,
                model: Model::new(story.readable, began),
                readable: story.readable,
                locked: false,
                asleep: false,
            },
            session,
            dice: fastrand::Rng::with_seed(story.chance),
            account,
            disk: String::new(),
            shown,
            asked: Vec::new(),
            orphans: Vec::new(),
            fates: Default::default(),
            network: true,
            fell_asleep: None,
            last_input: now.since_boot,
            accepted: None,
            hears: false,
            writes: 0,
            tickets: 0,
            witness: Witness::default(),
            inputs: 0,
            told: None,
        }
    }

    pub(crate) fn start(&mut self) -> Holds {
        self.witness.begins(&self.scene);
        self.input(Input::Timeout)
    }

    pub(crate) fn step(&mut self, step: Step) -> Holds {
        let now = self.scene.now.since_boot;
        if self.fell_asleep.is_some_and(|asleep| now > asleep) && step.needs_the_computer() {
            return Ok(());
        }
        self.tell("step", &step);
        if let Some((of, fate)) = step.fate() {
            self.fates[of].push_back(fate);
            return Ok(());
        }
        match step {
            Step::Click(name) => self.click(name, None),
            Step::ClickFor(name, minutes) => {
                let until = self.scene.now.wall + SignedDuration::from_mins(minutes.into());
                self.click(name, Some(until))
            }
            Step::PutBack => {
                let offered = self.shown.offer.as_ref();
                let offered = offered.and_then(|offer| offer.put_back.clone());
                match offered {
                    Some(status) => self.put_back(Some(status.id)),
                    None => Ok(()),
                }
            }
            Step::PutBackByName => self.put_back(None),
            Step::PutBackOfOld => match self.witness.first_offered() {
                Some(name) => self.put_back(Some(self.scene.model.id(name))),
                None => Ok(()),
            },
            Step::Keep => match &self.shown.offer {
                Some(offer) => {
                    let at = offer.at;
                    self.input(Input::Keep { at })
                }
                None => Ok(()),
            },
            Step::Moved(name, why) => {
                let name = self.scene.model.near(name);
                let at = self.scene.now.since_boot;
                self.scene.model.change(name, By::Else(why), at);
                Ok(())
            }
            Step::Barred(name, bars) => {
                let name = self.scene.model.near(name);
                self.scene.model.bar(name, bars);
                Ok(())
            }
            Step::Slept => self.sleep(),
            Step::Woke => self.wake(),
            Step::SleptUnseen(seconds) => {
                let end = self.scene.now.since_boot + Duration::from_secs(seconds.into());
                self.fell_asleep = Some(Duration::ZERO);
                self.pass_until(end)?;
                self.wake()
            }
            Step::Locked => {
                self.scene.locked = true;
                self.input(Input::Locked)
            }
            Step::Unlocked => {
                self.scene.locked = false;
                self.input(Input::Unlocked)
            }
            Step::NetworkChanged => self.input(Input::NetworkChanged),
            Step::Looked => self.input(Input::Looked),
            Step::Network(up) => {
                self.network = up;
                if !up {
                    self.asked.iter_mut().for_each(Asked::cut_off);
                }
                Ok(())
            }
            Step::Revoked => {
                self.scene.model.revoked = true;
                Ok(())
            }
            Step::ClockSet(seconds) => {
                self.scene.now.wall += SignedDuration::from_secs(seconds.into());
                Ok(())
            }
            Step::Wait(ms) => self.wait(Duration::from_millis(ms.into())),
            Step::Restarted(seconds) => self.restart(Duration::from_secs(seconds.into())),
            Step::AnswerByPhone(by_phone) => {
                let via = if by_phone { Via::Phone } else { Via::Client };
                let ticket = self.ticket();
                self.witness.wants_via(ticket, via, &self.scene);
                self.input(Input::AnswerBy { ticket, via })
            }
            Step::AfterCall(name) => {
                let name = self.scene.model.near(name);
                let status = self.scene.model.id(name);
                let ticket = self.ticket();
                self.witness.wants_after_call(ticket, name, &self.scene);
                self.input(Input::ChooseAfterCall { ticket, status })
            }
            Step::RingsByPhone(by_phone) => {
                self.scene.model.rings(by_phone);
                Ok(())
            }
            Step::OnCall(on_call) => {
                self.scene.model.calls(on_call);
                Ok(())
            }
            Step::Read(_)
            | Step::Write(_)
            | Step::List(_)
            | Step::Probe(_)
            | Step::ReadPhone(_)
            | Step::WritePhone(_) => Ok(()),
        }
    }

    fn tell(&mut self, what: &str, of: &impl std::fmt::Debug) {
        if let Some(told) = &mut self.told {
            let at = self.scene.now.since_boot.as_secs_f64();
            let truth = self.scene.model.now();
            told.push(format!("{at:>9.2} s  {truth:?}  {what} {of:?}"));
        }
    }

    fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    fn click(&mut self, name: Name, until: Option<Timestamp>) -> Holds {
        let name = self.scene.model.near(name);
        let ticket = self.ticket();
        self.witness.wants(ticket, Some(name), until, &self.scene);
        self.input(Input::Choose {
            ticket,
            status: self.scene.model.id(name),
            until,
        })
    }

    fn put_back(&mut self, named: Option<domain::StatusId>) -> Holds {
        let ticket = self.ticket();
        self.witness
            .wants_back(ticket, named.as_ref(), &self.shown, &self.scene);
        self.input(Input::PutBack {
            ticket,
            status: named,
        })
    }

    fn sleep(&mut self) -> Holds {
        // The system may say so twice.
        let falls = self.scene.now.since_boot + FALLS_ASLEEP_IN;
        self.fell_asleep.get_or_insert(falls);
        self.scene.asleep = true;
        self.witness.falls_asleep();
        self.input(Input::Slept)
    }

    fn wake(&mut self) -> Holds {
        self.fell_asleep = None;
        self.scene.asleep = false;
        self.input(Input::Woke)?;
        self.witness.is_awake()?;
        // What arrived in sleep is found now.
        self.wait(Duration::ZERO)
    }

    fn restart(&mut self, after: Duration) -> Holds {
        if self.scene.asleep {
            return Ok(());
        }
        // Of a program before that one, nothing arrives any more.
        self.orphans = std::mem::take(&mut self.asked);
        self.witness.restarted();
        self.accepted = None;
        self.fell_asleep = Some(Duration::ZERO);
        let end = self.scene.now.since_boot + after;
        self.pass_until(end)?;
        self.fell_asleep = None;
        let remembered = serde_json::from_str(&self.disk).unwrap_or_default();
        self.session = Session::new(HelpDeskName::Zendesk, INTERVAL, remembered);
        self.shown = self.session.view(&self.account, true, self.scene.now);
        self.last_input = self.scene.now.since_boot;
        self.witness.begins(&self.scene);
        if self.scene.locked {
            return self.input(Input::Locked);
        }
        self.input(Input::Timeout)
    }

    fn wait(&mut self, time: Duration) -> Holds {
        let end = self.scene.now.since_boot + time;
        self.pass_until(end)
    }

    /// Time passes, and whatever falls due in it happens.
    fn pass_until(&mut self, end: Duration) -> Holds {
        let mut at_once = 0;
        loop {
            let now = self.scene.now.since_boot;
            let requests = self.asked.iter().chain(&self.orphans);
            let handled = requests.filter_map(|asked| asked.handled).min();
            let alive = |at: &Duration| self.fell_asleep.is_none_or(|asleep| *at <= asleep);
            let arrives = self.asked.iter().map(|asked| asked.arrives.max(now)).min();
            let arrives = arrives.filter(alive);
            let timer = self.session.poll_timeout(self.scene.now);
            let timer = timer.map_or(self.last_input + LONGEST_TIMER, |at| {
                at.min(self.last_input + LONGEST_TIMER)
            });
            let timer = Some(timer.max(now)).filter(alive);
            let next = handled.into_iter().chain(arrives).chain(timer).min();
            let Some(next) = next.filter(|next| *next <= end) else {
                break;
            };
            at_once = if next > now { 0 } else { at_once + 1 };
            holds(0, "it never runs in circles", at_once < 30, || {
                format!("at {now:?}: {:?}", self.session)
            })?;
            if next > now {
                self.is_in_time()?;
            }
            self.pass(next);
            if handled.is_some_and(|at| at <= next) {
                self.handle();
            } else if arrives.is_some_and(|at| at <= next) {
                self.arrive(next)?;
            } else {
                self.input(Input::Timeout)?;
            }
        }
        self.is_in_time()?;
        self.pass(end);
        Ok(())
    }

    /// All that was due at this moment has happened.
    fn is_in_time(&self) -> Holds {
        if self.fell_asleep.is_some() {
            return Ok(());
        }
        self.witness.clicks_end(&self.scene)
    }

    fn pass(&mut self, until: Duration) {
        let time = until.saturating_sub(self.scene.now.since_boot);
        self.scene.now.since_boot += time;
        self.scene.now.wall += SignedDuration::try_from(time).unwrap_or_default();
    }

    fn handle(&mut self) {
        let now = self.scene.now.since_boot;
        let may_echo = self.accepted.is_some_and(|at| now < at + ECHO)
            && matches!(self.scene.model.latest().by, By::Write(_))
            && self
                .witness
                .has_replaced(self.scene.model.before(), &self.scene);
        for asked in self.asked.iter_mut().chain(&mut self.orphans) {
            if asked.handled.is_some_and(|at| at <= now) {
                asked.handle(self.scene.readable, &mut self.scene.model, may_echo);
            }
        }
        self.orphans.retain(|asked| asked.handled.is_some());
    }

    fn arrive(&mut self, by: Duration) -> Holds {
        let Some(place) = self.asked.iter().position(|asked| asked.arrives <= by) else {
            return Ok(());
        };
        let answer = self.asked.remove(place).answer();
        if matches!(answer.asks, Asks::Write(..)) {
            self.accepted = answer.made.is_ok().then_some(self.scene.now.since_boot);
        }
        self.look()?;
        self.witness.hears(&answer, &self.scene);
        self.hears = true;
        let holds = self.input(answer.input);
        self.hears = false;
        holds
    }

    /// What is on the screens still holds.
    fn look(&self) -> Holds {
        if self.scene.asleep {
            return Ok(());
        }
        self.witness.look(&self.shown, &self.scene)
    }

    fn input(&mut self, input: Input) -> Holds {
        self.inputs += 1;
        if input == Input::Woke {
            self.witness.wakes(&self.scene);
        } else if !self.hears {
            self.look()?;
        }
        let chance = self.dice.f64();
        self.tell("input", &input);
        let effects = self.session.handle(input, self.scene.now, chance);
        self.last_input = self.scene.now.since_boot;
        let before = std::mem::replace(
            &mut self.shown,
            self.session.view(&self.account, true, self.scene.now),
        );
        let light = (
            self.shown.light,
            self.shown.certainty,
            self.shown.headline.clone(),
        );
        self.tell("light", &light);
        for effect in &effects {
            self.tell("effect", effect);
        }
        let is_word = |effect: &Effect| matches!(effect, Effect::Finished { .. });
        let (words, effects): (Vec<_>, Vec<_>) = effects.into_iter().partition(is_word);
        for word in words {
            self.carry_out(word)?;
        }
        self.witness
            .wants_by_itself(&before, &self.shown, &self.scene)?;
        for effect in effects {
            self.carry_out(effect)?;
        }
        self.witness.settles(&self.shown, &self.scene)?;
        self.look()
    }

    fn carry_out(&mut self, effect: Effect) -> Holds {
        let now = self.scene.now;
        let (asks, queue) = match effect {
            Effect::Fetch { .. } => (Asks::Status, 0),
            Effect::Push { status } => {
                self.writes += 1;
                let name = self.scene.model.name_of(&status);
                let name = name.ok_or_else(|| Broken {
                    rule: 4,
                    what: "only what the account has is written",
                    found: status.to_string(),
                })?;
                (Asks::Write(self.writes, name), 1)
            }
            Effect::List => (Asks::List, 2),
            Effect::Probe => (Asks::Probe, 3),
            Effect::FetchPhone => (Asks::Phone, 4),
            Effect::PushVia { via } => (Asks::Via(via), 5),
            Effect::PushIdle { .. } | Effect::Listen | Effect::Deafen | Effect::Ping => {
                return holds(
                    4,
                    "Zendesk is never told of idleness or presence",
                    false,
                    || format!("{effect:?}"),
                );
            }
            Effect::Remember(remembered) => {
                self.disk = serde_json::to_string(&remembered).unwrap_or_default();
                return Ok(());
            }
            Effect::Finished { ticket, result } => {
                return self.witness.ends(ticket, &result, &self.scene);
            }
            Effect::Notify(notice) => {
                return self.witness.is_told(notice, &self.scene);
            }
            Effect::Withdraw(topic) => {
                self.witness.is_withdrawn(topic);
                return Ok(());
            }
        };
        self.witness.asks(asks, &self.disk, &self.scene)?;
        for asked in &mut self.asked {
            asked.mixed |= matches!(asks, Asks::Write(..));
            asked.phone_mixed |= matches!(asks, Asks::Via(_));
        }
        let mut fate = self.fates[queue].pop_front().unwrap_or(Fate::FINE);
        if !self.network {
            fate.end = End::Unreachable;
        }
        let mut asked = Asked::new(asks, fate, now.since_boot);
        let under_way = |asks: fn(&Asks) -> bool| self.asked.iter().any(|asked| asks(&asked.asks));
        asked.mixed = under_way(|asks| matches!(asks, Asks::Write(..)));
        asked.phone_mixed = under_way(|asks| matches!(asks, Asks::Via(_)));
        self.asked.push(asked);
        Ok(())
    }

    /// In the end everybody has got a word, and the light rests on the truth.
    pub(crate) fn rest(&mut self) -> Holds {
        self.fates = Default::default();
        self.network = true;
        if self.scene.asleep {
            self.wake()?;
        }
        self.scene.locked = false;
        self.input(Input::Unlocked)?;
        let end = self.scene.now.since_boot + REST;
        while self.scene.now.since_boot < end {
            self.wait(Duration::from_secs(35))?;
            if self.is_at_rest() {
                return self.witness.rests(&self.shown, &self.scene);
            }
        }
        holds(1, "in the end the light rests on the truth", false, || {
            format!(
                "{:?} {:?} {:?}, and the status is {:?}",
                self.shown.light,
                self.shown.certainty,
                self.shown.status,
                self.scene.model.latest()
            )
        })
    }

    fn is_at_rest(&self) -> bool {
        if self.shown.link == Link::SignedOut || self.scene.model.revoked {
            return self.witness.knows_of_sign_out();
        }
        self.shown.switching_to.is_none()
            && self.shown.link == Link::Ok
            && self.witness.is_settled()
            && match self.shown.light {
                Light::Status(kind) => {
                    let shown = self.shown.status.as_ref();
                    let shown = shown.and_then(|status| self.scene.model.name_of(&status.id));
                    let truth = self.scene.model.now();
                    if self.scene.readable == Readable::PhoneChannel {
                        shown.map_or(kind == truth.phone(), |name| name.fits_phone(truth.phone()))
                    } else {
                        shown == Some(truth)
                    }
                }
                _ => self.scene.readable == Readable::Nothing,
            }
    }
}
