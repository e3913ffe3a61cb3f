//! One account's actor: feeds its session with what happens and does what the session says.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{
    Account, AccountView, Code, DeskError, Effect, Failure, Guard, HelpDeskName, Input, Light,
    Link, Now, Question, Session, StatusId, Ticket, Until,
};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::access::{Access, Renewals, Unusable};
use crate::delay::Delay;
use crate::desk::{Desk, Desks};
use crate::ear::Ear;
use crate::handle::Handle;
use crate::ports::{Clock, SecretName, Secrets, SecretsError, Store};
use crate::recording::Recording;
use crate::sign_in::bad_address;
use crate::supervising::{Answered, Outcome, Supervising};
use crate::together::Together;

/// A keyring that does not answer now may do so soon.
const BETWEEN_KEYRING_TRIES: Duration = Duration::from_secs(15);
/// Who dismissed the keyring's question is not asked again by a timer for so long.
const AFTER_A_REFUSED_KEYRING: Duration = Duration::from_secs(600);
/// Nor by looking at the menu.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(60);
/// Timers stand still while the computer sleeps, so none is trusted for longer.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// A gap between the two clocks that only sleep can explain.
const SLEPT: Duration = Duration::from_secs(5);

/// The transport has limits of its own; these end what it lets pass.
pub(crate) mod limit {
    use std::time::Duration;
    pub(super) const PUSH: Duration = Duration::from_secs(10);
    pub(super) const FETCH: Duration = Duration::from_secs(30);
    pub(super) const LIST: Duration = Duration::from_secs(60);
    pub(super) const PHONE: Duration = Duration::from_secs(10);
    pub(super) const PROBE: Duration = Duration::from_secs(10);
    pub(crate) const REVOKE: Duration = Duration::from_secs(10);
}

/// What reaches an account's actor.
#[derive(Debug)]
pub(crate) enum Order {
    /// Something happened.
    Happened(Input),
    /// The agent chose, and somebody waits for the outcome.
    Chosen(Choice, oneshot::Sender<Result<(), Failure>>),
    /// Somebody wants to know something beside the own status.
    Asked(Question, Answered),
    /// Somebody sets another agent's status.
    Set(String, StatusId, Outcome),
    /// What happens when the agent leaves is set.
    Guard(Option<Guard>),
    /// Somebody waits until nothing is being written.
    Settle(Delay),
    /// The sign-in is to be ended on the help desk's side.
    Revoke(oneshot::Sender<Result<Revoked, DeskError>>),
}

/// What became of the help desk's side of a sign-in that was to be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revoked {
    /// The help desk ended it.
    Ended,
    /// There was nothing that it could be asked to end.
    Nothing,
}

/// What the agent chose.
#[derive(Debug)]
pub(crate) enum Choice {
    Status(StatusId, Option<Until>),
    Longer(jiff::Timestamp),
    Back(Option<StatusId>),
    AnswerBy(domain::Via),
    AfterCall(StatusId),
}

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

    /// Gets the secret and opens the desk; shows why that takes its time.
    async fn open(&mut self) -> Option<Access<D>> {
        let name = SecretName::of(&self.account);
        loop {
            let read = self.around.secrets.read(&name).await;
            let refused = matches!(read, Err(SecretsError::Locked));
            let failure = match read {
                Ok(Some(secret)) => match Access::open(&self.account, secret, &self.around) {
                    Ok(desk) => return Some(desk),
                    Err(Unusable::Address(bad)) => bad_address(self.account.helpdesk, bad),
                    Err(Unusable::Secret) => {
                        Failure::of(self.account.helpdesk, &DeskError::Unauthorized)
                    }
                },
                Ok(None) => Failure::of(self.account.helpdesk, &DeskError::Unauthorized),
                Err(error) => keyring_failure(error),
            };
            self.show_closed(&failure);
            // Each try may ask the agent for the keyring's password.
            let pause = if refused {
                AFTER_A_REFUSED_KEYRING
            } else {
                BETWEEN_KEYRING_TRIES
            };
            let may_ask_again = Instant::now()
                + if refused {
                    BETWEEN_QUESTIONS
                } else {
                    Duration::ZERO
                };
            let retry = sleep(pause);
            tokio::pin!(retry);
            loop {
                tokio::select! {
                    () = &mut retry => break,
                    order = self.orders.recv() => match order? {
                        Order::Guard(guard) => {
                            self.session.set_guard(guard);
                            self.show_closed(&failure);
                        }
                        // Nothing can be written, so nobody waits.
                        Order::Settle(delay) => drop(delay),
                        Order::Asked(_, answered) => drop(answered.send(Err(failure.clone()))),
                        Order::Chosen(_, outcome) | Order::Set(_, _, outcome) => drop(outcome.send(Err(failure.clone()))),
                        // Without a secret there is nothing that could be revoked; one that cannot be read may be good.
                        Order::Revoke(outcome) => drop(outcome.send(match failure.code {
                            Code::SignedOut => Ok(Revoked::Nothing),
                            _ => Err(DeskError::TimedOut),
                        })),
                        Order::Happened(input) => {
                            self.session.bear_in_mind(&input);
                            self.show_closed(&failure);
                            let is_look = matches!(
                                input,
                                Input::Looked | Input::Unlocked | Input::Woke
                            );
                            if is_look && Instant::now() >= may_ask_again {
                                break;
                            }
                        }
                    },
                }
            }
        }
    }

    /// Shows an account that cannot be asked for want of its secret.
    fn show_closed(&self, failure: &Failure) {
        let mut view = self
            .session
            .view(&self.account, false, self.around.clock.now());
        self.supervising.show(&mut view);
        if failure.code == Code::SignedOut {
            view.link = Link::SignedOut;
            view.light = Light::SignedOut;
            "Signed out".clone_into(&mut view.headline);
        } else if failure.code == Code::NoSecretStore {
            "Waiting for the keyring".clone_into(&mut view.headline);
        } else {
            "Address cannot be used".clone_into(&mut view.headline);
        }
        view.trouble = Some(failure.clone());
        self.view.send_replace(view);
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

    fn carry_out(&mut self, effect: Effect, desk: &Arc<Access<D>>, answers: &mut JoinSet<Input>) {
        let desk = desk.clone();
        match effect {
            Effect::Fetch { known } => {
                answers.spawn(async move {
                    Input::Fetched(within(limit::FETCH, desk.fetch(known)).await)
                });
            }
            Effect::Push { status } => {
                answers.spawn(async move {
                    Input::Pushed(within(limit::PUSH, desk.push(&status)).await)
                });
            }
            Effect::PushIdle { status } => {
                answers.spawn(async move {
                    Input::Pushed(within(limit::PUSH, desk.push_idle(&status)).await)
                });
            }
            Effect::Listen => self.ear.open(desk),
            Effect::Deafen => self.ear.close(),
            Effect::Ping => self.ear.ping(),
            Effect::FetchPhone => {
                answers.spawn(async move {
                    Input::PhoneFetched(within(limit::PHONE, desk.phone()).await)
                });
            }
            Effect::PushVia { via } => {
                answers.spawn(async move {
                    Input::ViaPushed(within(limit::PUSH, desk.answer_by(via)).await)
                });
            }
            Effect::List => {
                answers.spawn(async move { Input::Listed(within(limit::LIST, desk.list()).await) });
            }
            Effect::Probe => {
                answers.spawn(async move { Input::Probed(within(limit::PROBE, desk.who()).await) });
            }
            Effect::Notify(notice) => {
                self.around.notifier.notify(&self.view.borrow(), &notice);
            }
            Effect::Withdraw(topic) => self.around.notifier.withdraw(&self.account.id, topic),
            Effect::Remember(remembered) => {
                self.around.store.remember(&self.account.id, &remembered);
            }
            Effect::Finished { ticket, result } => {
                if let Some(outcome) = self.waiting.remove(&ticket) {
                    // Whoever asked may be gone by now.
                    drop(outcome.send(result));
                }
            }
        }
    }
}

pub(crate) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, DeskError>>,
) -> Result<T, DeskError> {
    timeout(limit, work)
        .await
        .unwrap_or(Err(DeskError::TimedOut))
}

/// What the keyring's state is, and what mends it.
fn keyring_state(error: SecretsError) -> (&'static str, &'static str) {
    match error {
        SecretsError::Missing => (
            "This computer has no keyring",
            "Install or start one, such as GNOME Keyring or KWallet",
        ),
        SecretsError::Locked => ("The keyring is locked", "Unlock it"),
        SecretsError::Silent => (
            "The keyring does not answer",
            "Look for its password prompt, or restart it",
        ),
        SecretsError::Failed => ("The keyring failed", "Restart it"),
    }
}

/// Explains why a sign-in cannot be read.
fn keyring_failure(error: SecretsError) -> Failure {
    let (state, mend) = keyring_state(error);
    Failure::new(
        Code::NoSecretStore,
        format!(
            "{state}, so your sign-in cannot be read and your status is not known. \
             {mend}; it is tried again by itself."
        ),
    )
}

/// Explains why a sign-in cannot be kept.
pub(crate) fn not_kept(error: SecretsError) -> Failure {
    let (state, mend) = keyring_state(error);
    Failure::new(
        Code::NoSecretStore,
        format!("{state}, so your sign-in cannot be kept. {mend}, then sign in again."),
    )
}

/// Explains why a sign-in cannot be forgotten, which may have been ended at the help desk already.
pub(crate) fn not_forgotten(error: SecretsError, ended: Option<HelpDeskName>) -> Failure {
    let (state, mend) = keyring_state(error);
    let message = match ended {
        Some(desk) => format!(
            "{state}, so what is left of your sign-in may still be in it. It was ended in {} already and is of no use \
             any more. {mend}, then sign out again.",
            desk.words()
        ),
        None => format!(
            "{state}, so your sign-in may still be in it and you are not signed out. \
             {mend}, then sign out again."
        ),
    };
    Failure::new(Code::NoSecretStore, message)
}
