//! One account's actor: feeds its session with what happens and does what the session says.

mod closed;
mod effects;
mod order;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{Account, AccountView, Failure, Guard, Input, Now, Session, Ticket};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

pub(crate) use self::closed::{not_forgotten, not_kept};
pub(crate) use self::effects::{limit, within};
pub(crate) use self::order::{Choice, Order, Revoked};
use crate::access::{Access, Renewals};
use crate::delay::Delay;
use crate::desk::{Desk, Desks};
use crate::ear::Ear;
use crate::handle::Handle;
use crate::ports::{Clock, Secrets, Store};
use crate::recording::Recording;
use crate::supervising::Supervising;
use crate::together::Together;

/// Timers stand still while the computer sleeps, so none is trusted for longer.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// A gap between the two clocks that only sleep can explain.
const SLEPT: Duration = Duration::from_secs(5);

/// What an actor works with.
pub(crate) struct Surroundings<D> {
    pub(crate) desks: Arc<D>,
    pub(crate) secrets: Arc<dyn Secrets>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) notifier: Arc<Together>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) renewals: Renewals,
    pub(crate) handle: Handle,
}

impl<D> Clone for Surroundings<D> {
    fn clone(&self) -> Self {
        Self {
            desks: self.desks.clone(),
            secrets: self.secrets.clone(),
            store: self.store.clone(),
            notifier: self.notifier.clone(),
            clock: self.clock.clone(),
            renewals: self.renewals.clone(),
            handle: self.handle.clone(),
        }
    }
}

/// One account's actor.
pub(crate) struct Actor<D: Desks> {
    pub(crate) account: Account,
    pub(crate) around: Surroundings<D>,
    pub(crate) session: Session,
    pub(crate) orders: mpsc::Receiver<Order>,
    pub(crate) view: watch::Sender<AccountView>,
    waiting: HashMap<Ticket, oneshot::Sender<Result<(), Failure>>>,
    tickets: u64,
    supervising: Supervising,
    recording: Arc<Recording>,
    ear: Ear,
    /// Who waits until nothing is being written.
    delays: Vec<Delay>,
}

impl<D: Desks> Actor<D> {
    pub(crate) fn new(
        account: Account,
        around: Surroundings<D>,
        poll_interval: Duration,
        guard: Option<Guard>,
        orders: mpsc::Receiver<Order>,
        recording: Arc<Recording>,
    ) -> (Self, watch::Receiver<AccountView>) {
        let remembered = around.store.recall(&account.id).of(&account);
        let mut session =
            Session::new(account.helpdesk, poll_interval, remembered).agreeing(account.agreed);
        session.set_guard(guard);
        let supervising = Supervising::new(account.helpdesk);
        let mut view = session.view(&account, false, around.clock.now());
        supervising.show(&mut view);
        let (view, shown) = watch::channel(view);
        let actor = Self {
            account,
            around,
            session,
            orders,
            view,
            waiting: HashMap::new(),
            tickets: 0,
            supervising,
            recording,
            ear: Ear::default(),
            delays: Vec::new(),
        };
        (actor, shown)
    }

    /// Works until nobody can give orders any more.
    pub(crate) async fn run(mut self) {
        let Some(desk) = self.open().await else {
            return;
        };
        let desk = Arc::new(desk);
        let mut answers: JoinSet<Input> = JoinSet::new();
        let mut clocks = (self.around.clock.now().since_boot, Instant::now());
        self.take(Input::Timeout, &desk, &mut answers);
        loop {
            if !self.session.is_writing() && !self.supervising.is_writing() {
                self.delays.clear();
            }
            let now = self.around.clock.now();
            let due = self
                .session
                .poll_timeout(now)
                .map(|at| at.saturating_sub(now.since_boot));
            let input = tokio::select! {
                order = self.orders.recv() => match order {
                    None => return,
                    Some(Order::Happened(input)) => input,
                    Some(Order::Chosen(choice, outcome)) => self.ticket(choice, outcome),
                    Some(Order::Guard(guard)) => {
                        self.session.set_guard(guard);
                        Input::Timeout
                    }
                    Some(Order::Settle(delay)) => {
                        self.delays.push(delay);
                        continue;
                    }
                    Some(Order::Asked(question, answered)) => {
                        self.supervising.ask(question, answered, &desk);
                        continue;
                    }
                    Some(Order::Set(agent, status, outcome)) => {
                        self.supervising.set(agent, status, outcome, &desk);
                        continue;
                    }
                    Some(Order::Revoke(outcome)) => {
                        let desk = desk.clone();
                        tokio::spawn(async move {
                            let revoked = within(limit::REVOKE, desk.revoke()).await;
                            drop(outcome.send(revoked.map(|()| Revoked::Ended)));
                        });
                        continue;
                    }
                },
                told = self.supervising.next() => {
                    self.supervising.take(told, &self.view.borrow());
                    self.show(self.around.clock.now());
                    continue;
                }
                heard = self.ear.next() => Input::Heard(heard),
                Some(answer) = answers.join_next() => match answer {
                    Ok(input) => input,
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                },
                () = sleep(due.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP)) => Input::Timeout,
            };
            let before = std::mem::replace(
                &mut clocks,
                (self.around.clock.now().since_boot, Instant::now()),
            );
            let gap = clocks
                .0
                .saturating_sub(before.0)
                .saturating_sub(clocks.1.duration_since(before.1));
            if gap > SLEPT && input != Input::Woke {
                self.take(Input::Woke, &desk, &mut answers);
            }
            if input == Input::Looked {
                self.supervising.looked(&desk);
            }
            self.take(input, &desk, &mut answers);
        }
    }

    fn ticket(&mut self, choice: Choice, outcome: oneshot::Sender<Result<(), Failure>>) -> Input {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.waiting.insert(ticket, outcome);
        match choice {
            Choice::Status(status, until) => Input::Choose {
                ticket,
                status,
                until: until.and_then(|until| {
                    let clock = &self.around.clock;
                    until.moment(clock.now().wall, &clock.zone())
                }),
            },
            Choice::Longer(until) => Input::Extend { ticket, until },
            Choice::Back(status) => Input::PutBack { ticket, status },
            Choice::AfterCall(status) => Input::ChooseAfterCall { ticket, status },
            Choice::AnswerBy(via) => Input::AnswerBy { ticket, via },
        }
    }

    /// Feeds the session, does what it says, and shows what came of it.
    fn take(&mut self, input: Input, desk: &Arc<Access<D>>, answers: &mut JoinSet<Input>) {
        let now = self.around.clock.now();
        let chance = self.around.clock.chance();
        let effects = self.session.handle(input, now, chance);
        self.show(now);
        for effect in effects {
            self.carry_out(effect, desk, answers);
        }
    }

    fn show(&self, now: Now) {
        let mut view = self.session.view(&self.account, false, now);
        self.supervising.show(&mut view);
        self.view.send_if_modified(|shown| {
            let changed = *shown != view;
            if (shown.light, shown.link) != (view.light, view.link) {
                tracing::info!(
                    account = %view.account,
                    light = view.light.picture(),
                    link = ?view.link,
                    certainty = ?view.certainty,
                    trouble = ?view.trouble.as_ref().map(|trouble| trouble.code),
                    "the light changed"
                );
            }
            if changed {
                *shown = view;
            }
            changed
        });
        // After the light, which does not wait for the disk.
        self.recording.observe(&self.view.borrow(), now);
    }
}
