//! Plays a story: the real session, the model account, and time.

mod clicks;
mod input;
mod leaving;
mod rest;
mod socket;
mod time;

use std::collections::VecDeque;
use std::time::Duration;

use domain::{
    Account, AccountId, AccountView, Agreed, Closed, Guard, HelpDeskName, Input, Leaving, Now,
    Remembered, Session, SignIn, Ticket, Via,
};
use jiff::{SignedDuration, Timestamp};

use self::socket::Socket;
use crate::asked::{Asked, ada};
use crate::broken::Holds;
use crate::model::{By, Model};
use crate::story::{Fate, Readable, Step, Story, Why};
use crate::witness::Witness;

/// The usual time between two reads.
pub(crate) const INTERVAL: Duration = Duration::from_secs(30);
/// The same on a Libredesk, where each read costs the server much.
const LIBREDESK_INTERVAL: Duration = Duration::from_secs(90);
/// What is so at a moment, whoever knows it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) now: Now,
    pub(crate) model: Model,
    pub(crate) readable: Readable,
    pub(crate) locked: bool,
    pub(crate) asleep: bool,
    /// The program or the computer is about to end.
    pub(crate) ending: bool,
}

impl Scene {
    /// Whether nobody can see what happens.
    pub(crate) fn is_away(&self) -> bool {
        self.locked || self.asleep || self.ending
    }

    /// The usual time between two reads.
    pub(crate) fn interval(&self) -> Duration {
        if self.readable.is_libredesk() {
            LIBREDESK_INTERVAL
        } else {
            INTERVAL
        }
    }
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
    socket: Socket,
    guard: Option<Guard>,
    network: bool,
    fell_asleep: Option<Duration>,
    last_input: Duration,
    /// When a write was last accepted.
    accepted: Option<Duration>,
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
        let (helpdesk, sign_in) = match story.readable {
            Readable::Libredesk => {
                let key = String::new();
                (HelpDeskName::Libredesk, SignIn::ApiKey { key })
            }
            _ => (HelpDeskName::Zendesk, SignIn::AccessToken),
        };
        let account = Account {
            id: AccountId("acme".to_owned()),
            helpdesk,
            url: "https://acme.example".to_owned(),
            agent: ada(),
            sign_in,
            agreed: Agreed::default(),
        };
        let session = Session::new(helpdesk, INTERVAL, Remembered::default());
        let shown = session.view(&account, true, now);
        Self {
            scene: Scene {
                now,
                model: Model::new(story.readable, began),
                readable: story.readable,
                locked: false,
                asleep: false,
                ending: false,
            },
            session,
            dice: fastrand::Rng::with_seed(story.chance),
            account,
            disk: String::new(),
            shown,
            asked: Vec::new(),
            orphans: Vec::new(),
            fates: Default::default(),
            socket: Socket::default(),
            guard: None,
            network: true,
            fell_asleep: None,
            last_input: now.since_boot,
            accepted: None,
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
        if self.scene.readable.is_libredesk() && step.is_of_phone() {
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
            Step::Snooze => match &self.shown.offer {
                Some(offer) => {
                    let at = offer.at;
                    self.witness.puts_aside(offer.clone(), &self.scene);
                    self.input(Input::Snooze { at })
                }
                None => Ok(()),
            },
            Step::Extend => match &self.shown.timed {
                Some(timed) => self.extend(timed.until),
                None => Ok(()),
            },
            Step::ExtendOfOld => match self.witness.first_end() {
                Some(until) => self.extend(until),
                None => Ok(()),
            },
            Step::Guards(name, on) => self.guards(name, on),
            Step::GuardsNoMore => {
                self.guard = None;
                self.witness.guards(None);
                self.session.set_guard(None);
                self.input(Input::Timeout)
            }
            Step::Agrees(keep_online, away_when_idle) => {
                self.account.agreed = Agreed {
                    keep_online,
                    away_when_idle,
                    ..Agreed::default()
                };
                self.witness.agrees(self.account.agreed);
                self.input(Input::Agreed(self.account.agreed))
            }
            Step::Moved(name, why) => {
                let name = self.scene.model.near(name);
                let (by, at) = (By::Else(why), self.scene.now.since_boot);
                self.scene.model.tell_change(name, by, at);
                self.tell_listeners();
                Ok(())
            }
            Step::Edited(name) => {
                let name = self.scene.model.near(name);
                let at = self.scene.now.since_boot;
                let by = By::Else(Why::ByProgram);
                self.scene.model.change(name, by, at);
                self.socket.ends(Closed::Kicked, at);
                Ok(())
            }
            Step::TabPings => {
                self.tab_pings();
                Ok(())
            }
            Step::Opening(opening) => {
                self.socket.openings.push_back(opening);
                Ok(())
            }
            Step::Pushed(travel) => {
                self.socket.travels.push_back(travel);
                Ok(())
            }
            Step::SocketBreaks => {
                let why = Closed::Broken("an end".to_owned());
                self.socket.ends(why, self.scene.now.since_boot);
                Ok(())
            }
            Step::SocketFallsSilent => {
                self.falls_silent();
                Ok(())
            }
            Step::Load(load) => {
                self.scene.model.load = load;
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
            Step::Locked => self.lock(),
            Step::Unlocked => {
                self.scene.locked = false;
                self.input(Input::Unlocked)
            }
            Step::Idle => self.input(Input::Idle),
            Step::Active => self.input(Input::Active),
            Step::Quit(seconds) => self.end(Leaving::Quit, Duration::from_secs(seconds.into())),
            Step::ShutDown(seconds) => {
                self.end(Leaving::Shutdown, Duration::from_secs(seconds.into()))
            }
            Step::ShutDownStopped => self.stop_shutdown(),
            Step::NetworkChanged => self.input(Input::NetworkChanged),
            Step::Looked => self.input(Input::Looked),
            Step::Network(up) => {
                self.network = up;
                if !up {
                    self.asked.iter_mut().for_each(Asked::cut_off);
                    self.falls_silent();
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
                let name = self.scene.model.near_choice(name);
                let status = self.scene.model.id(name);
                let ticket = self.ticket();
                self.witness.wants_after_call(ticket, name);
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
}
