//! The engine: all accounts behind one handle.

use std::sync::Arc;
use std::time::Duration;

use domain::{
    Account, AccountId, AccountView, Action, Agreed, Answer, Code, DeskError, Failure, Guard,
    HelpDeskName, Hint, HintTopic, Input, Question, SignIn, StatusId, Topic, View,
};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, timeout, timeout_at};

use crate::Config;
use crate::account::{Actor, Choice, Order, Surroundings, not_forgotten};
use crate::delay::Delay;
use crate::desk::Desks;
use crate::handle::{Ask, Asked, Asks, Handle};
use crate::ports::{Clock, Front, Histories, Notifier, SecretName, Secrets, SecretsError, Store};
use crate::recording::Recording;
use crate::supervising::too_busy;

/// Orders that may wait for one account.
const QUEUE: usize = 64;
/// Whoever sleeps, shuts down or quits waits no longer for a write or a renewal of a sign-in.
const UNTIL_SETTLED: Duration = Duration::from_secs(4);

/// What the engine is built from.
pub struct Engine<D> {
    /// The settings as read at the start.
    pub config: Config,
    /// Opens accounts.
    pub desks: D,
    /// Keeps secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Keeps settings and what is remembered.
    pub store: Arc<dyn Store>,
    /// Keeps time in status.
    pub histories: Arc<dyn Histories>,
    /// Tells the agent at once.
    pub notifier: Arc<dyn Notifier>,
    /// Opens the window and ends the program.
    pub front: Arc<dyn Front>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
}

/// What the surroundings tell the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The computer is going to sleep.
    Slept,
    /// The computer is going to shut down; [`Event::Woke`] where it does not after all.
    ShuttingDown,
    /// Whoever told what came before waits until nothing is being written, for 4 s at most.
    Settle(Delay),
    /// The computer woke up.
    Woke,
    /// The screen was locked.
    Locked,
    /// The screen was unlocked.
    Unlocked,
    /// Nobody has touched the computer for a while.
    Idle,
    /// Somebody touches it again.
    Active,
    /// The network came or went.
    NetworkChanged,
    /// This computer lacks something.
    Lacks(Hint),
    /// This computer lacks it no longer.
    Has(HintTopic),
}

pub(crate) struct Hub<D: Desks> {
    config: Config,
    around: Surroundings<D>,
    front: Arc<dyn Front>,
    histories: Arc<dyn Histories>,
    accounts: Vec<Running>,
    hints: Vec<Hint>,
    presence: Presence,
    pub(crate) shown: watch::Sender<Arc<View>>,
    changed: mpsc::Sender<()>,
}

/// What the computer said last, for accounts that come later.
#[derive(Debug, Default)]
struct Presence {
    locked: bool,
    idle: bool,
}

impl Presence {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Locked => self.locked = true,
            Event::Unlocked => *self = Self::default(),
            Event::Idle => self.idle = true,
            Event::Active => self.idle = false,
            _ => {}
        }
    }

    fn inputs(&self) -> impl Iterator<Item = Input> {
        let locked = self.locked.then_some(Input::Locked);
        locked.into_iter().chain(self.idle.then_some(Input::Idle))
    }
}

/// An account's actor as the hub sees it.
struct Running {
    id: AccountId,
    orders: mpsc::Sender<Order>,
    view: watch::Receiver<AccountView>,
    recording: Arc<Recording>,
    task: JoinHandle<()>,
}

/// An account whose secret was to be forgotten.
struct Forgotten {
    id: AccountId,
    result: Result<(), SecretsError>,
    /// Why the help desk's side of the sign-in may go on.
    unrevoked: Option<Failure>,
    outcome: oneshot::Sender<Result<(), Failure>>,
}

impl Running {
    /// Tells the actor what happened.
    fn happened(&self, input: Input) {
        self.order(Order::Happened(input));
    }

    fn order(&self, order: Order) {
        if self.orders.try_send(order).is_err() {
            tracing::warn!(account = %self.id, "an account did not hear what happened");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
        self.recording.close();
    }
}

impl<D: Desks> Engine<D> {
    /// Starts the accounts; the work ends with the runtime it is started in.
    pub fn start(self, events: mpsc::Receiver<Event>) -> Handle {
        let (
            handle,
            Asks {
                asks,
                questions,
                view,
            },
        ) = Handle::pair(View::default());
        let (changed, changes) = mpsc::channel(1);
        let around = Surroundings {
            desks: Arc::new(self.desks),
            secrets: self.secrets,
            store: self.store,
            notifier: self.notifier,
            clock: self.clock,
            renewals: handle.renewals.clone(),
            handle: handle.clone(),
        };
        let mut hub = Hub {
            config: self.config,
            around,
            front: self.front,
            histories: self.histories,
            accounts: Vec::new(),
            hints: Vec::new(),
            presence: Presence::default(),
            shown: view,
            changed,
        };
        for account in hub.config.accounts.clone() {
            hub.run_account(account);
        }
        hub.show();
        tokio::spawn(hub.run(asks, questions, changes, events));
        handle
    }
}

impl<D: Desks> Hub<D> {
    async fn run(
        mut self,
        mut asks: mpsc::Receiver<Ask>,
        mut questions: mpsc::Receiver<Asked>,
        mut changes: mpsc::Receiver<()>,
        mut events: mpsc::Receiver<Event>,
    ) {
        let mut forgetting = JoinSet::new();
        let mut hears = true;
        loop {
            tokio::select! {
                ask = asks.recv() => match ask {
                    Some(ask) => self.answer(ask, &mut forgetting),
                    None => return,
                },
                Some(asked) = questions.recv() => self.tell(asked),
                event = events.recv(), if hears => match event {
                    Some(event) => self.hear(event),
                    None => hears = false,
                },
                Some(()) = changes.recv() => self.show(),
                Some(forgotten) = forgetting.join_next() => if let Ok(forgotten) = forgotten {
                    self.forgotten(forgotten);
                },
            }
        }
    }

    fn answer(&mut self, ask: Ask, forgetting: &mut JoinSet<Forgotten>) {
        let Ask { action, outcome } = ask;
        let result = match action {
            Action::Choose {
                account,
                status,
                until,
            } => {
                return self.choose(&account, Choice::Status(status, until), outcome);
            }
            Action::Extend { account, until } => {
                return self.choose(&account, Choice::Longer(until), outcome);
            }
            Action::PutBack { account, status } => {
                return self.choose(&account, Choice::Back(status), outcome);
            }
            Action::ChooseAfterCall { account, status } => {
                return self.choose(&account, Choice::AfterCall(status), outcome);
            }
            Action::AnswerBy { account, via } => {
                return self.choose(&account, Choice::AnswerBy(via), outcome);
            }
            Action::Keep { account, at } => self.happened_to(&account, Input::Keep { at }),
            Action::Snooze { account, at } => self.happened_to(&account, Input::Snooze { at }),
            Action::ForgetAfterCall { account } => {
                self.happened_to(&account, Input::ForgetAfterCall)
            }
            Action::SetAgent {
                account,
                agent,
                status,
            } => return self.set_agent(&account, agent, status, outcome),
            Action::Look => {
                self.tell_all(&Input::Looked);
                Ok(())
            }
            Action::AddAccount { account } => self.add(account),
            Action::RemoveAccount { account } => return self.forget(account, outcome, forgetting),
            Action::ChooseEverywhere { kind } => return self.choose_everywhere(kind, outcome),
            Action::MapEverywhere {
                account,
                kind,
                status,
            } => self.change(&account, |config| {
                config.map(&account, kind, status);
                Ok(())
            }),
            Action::Mark { account, relevant } => {
                self.change(&account, |config| config.mark(&account, relevant))
            }
            Action::KeepOnline { account, on } => {
                self.agree(&account, |agreed| agreed.keep_online = on)
            }
            Action::AwayWhenIdle { account, on } => {
                self.agree(&account, |agreed| agreed.away_when_idle = on)
            }
            Action::MakeDefault { account } => self.change(&account, |config| {
                config.default_account = Some(account.clone());
                Ok(())
            }),
            Action::SetGuard { account, guard } => self.set_guard(&account, guard),
            Action::Open => {
                self.front.open();
                Ok(())
            }
            Action::Quit => {
                self.tell_all(&Input::Quitting);
                let (delay, written) = Delay::pair();
                self.settle(&delay);
                drop(delay);
                let clock = self.around.clock.clone();
                let recordings: Vec<_> = self
                    .accounts
                    .iter()
                    .map(|running| running.recording.clone())
                    .collect();
                let (front, handle) = (self.front.clone(), self.around.handle.clone());
                tokio::spawn(async move {
                    let until = Instant::now() + UNTIL_SETTLED;
                    // A write may need the sign-in renewed, so it comes first.
                    let _ = timeout_at(until, written.wait()).await;
                    for recording in recordings {
                        recording.end(clock.now());
                    }
                    let settled = timeout_at(until, handle.settled()).await;
                    front.quit();
                    // Until the process is gone, no renewal may begin.
                    std::mem::forget(settled);
                });
                Ok(())
            }
        };
        drop(outcome.send(result));
    }

    pub(crate) fn choose(
        &self,
        account: &AccountId,
        choice: Choice,
        outcome: oneshot::Sender<Result<(), Failure>>,
    ) {
        let Some(running) = self.running(account) else {
            return drop(outcome.send(Err(no_such_account(account))));
        };
        // Sent at once, so that two clicks never change places.
        let sent = running.orders.try_send(Order::Chosen(choice, outcome));
        if let Err(Order::Chosen(_, outcome)) = sent.map_err(TrySendError::into_inner) {
            let failure = Failure::new(
                Code::Internal,
                "Statuslight is too busy to take this click. Nothing was changed. Choose again.",
            );
            drop(outcome.send(Err(failure)));
        }
    }

    /// Sets another agent's status; the agent's own is chosen like any other choice.
    fn set_agent(
        &self,
        account: &AccountId,
        agent: String,
        status: StatusId,
        outcome: oneshot::Sender<Result<(), Failure>>,
    ) {
        let Some(running) = self.running(account) else {
            return drop(outcome.send(Err(no_such_account(account))));
        };
        if running.view.borrow().agent.id == agent {
            return self.choose(account, Choice::Status(status, None), outcome);
        }
        let sent = running.orders.try_send(Order::Set(agent, status, outcome));
        if let Err(Order::Set(_, _, outcome)) = sent.map_err(TrySendError::into_inner) {
            drop(outcome.send(Err(too_busy())));
        }
    }

    /// Has a question answered.
    fn tell(&self, asked: Asked) {
        let Asked { question, answer } = asked;
        let Some(running) = self.running(question.account()) else {
            let failure = no_such_account(question.account());
            return drop(answer.send(Err(failure)));
        };
        if let Question::History { since, .. } = question {
            // It is on this computer, so that neither keyring nor help desk is waited for.
            let (recording, now) = (running.recording.clone(), self.around.clock.now());
            tokio::task::spawn_blocking(move || {
                drop(answer.send(recording.since(since, now).map(Answer::History)));
            });
            return;
        }
        let sent = running.orders.try_send(Order::Asked(question, answer));
        if let Err(Order::Asked(_, answer)) = sent.map_err(TrySendError::into_inner) {
            drop(answer.send(Err(too_busy())));
        }
    }

    fn add(&mut self, mut account: Account) -> Result<(), Failure> {
        let mut config = self.config.clone();
        match config
            .accounts
            .iter_mut()
            .find(|known| known.id == account.id)
        {
            Some(known) => {
                let is_same = known.agent.id == account.agent.id && known.url == account.url;
                if is_same {
                    // No form asks for it, so signing in again says nothing about it.
                    account.agreed.away_when_idle = known.agreed.away_when_idle;
                } else {
                    // What another agent did is nobody else's.
                    self.forget_history(&account.id)?;
                }
                *known = account.clone();
            }
            None => config.accounts.push(account.clone()),
        }
        self.around.store.save(&config)?;
        self.config = config;
        self.withdraw_all(&account.id);
        let id = account.id.clone();
        self.run_account(account);
        if let Some(running) = self.running(&id) {
            // Whoever signs in looks, and is told what the role may do.
            running.happened(Input::Looked);
        }
        self.show();
        Ok(())
    }

    /// Begins to remove an account by its secret: an account that is still listed can be signed out again.
    ///
    /// The keyring may take its time, and nothing else waits for it.
    fn forget(
        &self,
        id: AccountId,
        outcome: oneshot::Sender<Result<(), Failure>>,
        forgetting: &mut JoinSet<Forgotten>,
    ) {
        let known = self.config.accounts.iter().find(|known| known.id == id);
        let Some(account) = known else {
            return drop(outcome.send(Err(no_such_account(&id))));
        };
        let name = SecretName::of(account);
        let desk = account.helpdesk;
        let secrets = self.around.secrets.clone();
        let revoking = match account.sign_in {
            SignIn::OAuth { .. } => self.running(&id).map(|running| running.orders.clone()),
            SignIn::AccessToken | SignIn::ApiToken { .. } | SignIn::ApiKey { .. } => None,
        };
        forgetting.spawn(async move {
            let unrevoked = match revoking {
                Some(orders) => unrevoked(desk, revoke(&orders).await),
                None => None,
            };
            let result = secrets.forget(&name).await;
            Forgotten {
                id,
                result,
                unrevoked,
                outcome,
            }
        });
    }

    /// Removes an account whose secret is gone.
    fn forgotten(&mut self, forgotten: Forgotten) {
        let Forgotten {
            id,
            result,
            unrevoked,
            outcome,
        } = forgotten;
        let result = result
            .map_err(not_forgotten)
            .and_then(|()| self.remove(&id))
            .and_then(|()| unrevoked.map_or(Ok(()), Err));
        drop(outcome.send(result));
    }

    fn remove(&mut self, id: &AccountId) -> Result<(), Failure> {
        let mut config = self.config.clone();
        config.forget(id);
        // First, since afterwards nobody knows that there is one.
        let forgotten = self.forget_history(id);
        let saved = self.around.store.save(&config);
        self.config = config;
        self.accounts.retain(|running| running.id != *id);
        self.around.store.forget(id);
        self.withdraw_all(id);
        self.show();
        saved.map_err(|failure| {
            let message = format!(
                "You are signed out, but the settings still name the account. {}",
                failure.message
            );
            Failure { message, ..failure }
        })?;
        forgotten.map_err(|failure| {
            let message = format!("You are signed out. {}", failure.message);
            Failure { message, ..failure }
        })
    }

    /// Deletes an account's history; nothing is added to it any more.
    fn forget_history(&self, id: &AccountId) -> Result<(), Failure> {
        if let Some(running) = self.running(id) {
            running.recording.close();
        }
        self.histories.forget(id)
    }

    /// Changes the settings of a known account, keeps them, and shows what came of it.
    fn change(
        &mut self,
        account: &AccountId,
        change: impl FnOnce(&mut Config) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if self.running(account).is_none() {
            return Err(no_such_account(account));
        }
        let mut config = self.config.clone();
        change(&mut config)?;
        self.around.store.save(&config)?;
        self.config = config;
        self.show();
        Ok(())
    }

    /// Changes what the agent agreed to, keeps it, and lets the account go by it.
    fn agree(
        &mut self,
        account: &AccountId,
        change: impl FnOnce(&mut Agreed),
    ) -> Result<(), Failure> {
        let mut now = None;
        self.change(account, |config| {
            let known = config
                .accounts
                .iter_mut()
                .find(|known| known.id == *account);
            if let Some(known) = known {
                change(&mut known.agreed);
                now = Some(known.agreed);
            }
            Ok(())
        })?;
        match now {
            Some(agreed) => self.happened_to(account, Input::Agreed(agreed)),
            None => Ok(()),
        }
    }

    fn set_guard(&mut self, account: &AccountId, guard: Option<Guard>) -> Result<(), Failure> {
        let running = self.running(account);
        let running = running.ok_or_else(|| no_such_account(account))?;
        if let Some(guard) = &guard {
            guard.check(&running.view.borrow().statuses)?;
        }
        self.change(account, |config| {
            config.guard(account, guard);
            Ok(())
        })?;
        if let Some(running) = self.running(account) {
            let guard = self.config.guards.get(account).cloned();
            running.order(Order::Guard(guard));
        }
        Ok(())
    }

    /// Has every account hold on until it has nothing to write.
    fn settle(&self, delay: &Delay) {
        for running in &self.accounts {
            running.order(Order::Settle(delay.clone()));
        }
    }

    fn withdraw_all(&self, id: &AccountId) {
        for topic in [
            Topic::Offer,
            Topic::SwitchFailed,
            Topic::SignedOut,
            Topic::Phone,
            Topic::Mode,
            Topic::AfterCall,
        ] {
            self.around.notifier.withdraw(id, topic);
        }
    }

    /// Starts an account's actor in the place of an older one.
    fn run_account(&mut self, account: Account) {
        let id = account.id.clone();
        let (orders, ordered) = mpsc::channel(QUEUE);
        let recording = Arc::new(Recording::new(id.clone(), self.histories.clone()));
        let (actor, view) = Actor::new(
            account,
            self.around.clone(),
            self.config.poll_interval(),
            self.config.guards.get(&id).cloned(),
            ordered,
            recording.clone(),
        );
        let mut changes = view.clone();
        let changed = self.changed.clone();
        let task = tokio::spawn(async move {
            let watching = async {
                while changes.changed().await.is_ok() {
                    // One pending mark is enough: whoever takes it looks at everything.
                    let _ = changed.try_send(());
                }
            };
            tokio::join!(actor.run(), watching);
        });
        let running = Running {
            id: id.clone(),
            orders,
            view,
            recording,
            task,
        };
        for input in self.presence.inputs() {
            running.happened(input);
        }
        match self.accounts.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = running,
            None => self.accounts.push(running),
        }
    }

    fn hear(&mut self, event: Event) {
        self.presence.hear(&event);
        let input = match event {
            Event::Slept => Input::Slept,
            Event::ShuttingDown => Input::ShuttingDown,
            Event::Settle(asked) => {
                let (delay, written) = Delay::pair();
                self.settle(&delay);
                drop(delay);
                tokio::spawn(async move {
                    let _ = timeout(UNTIL_SETTLED, written.wait()).await;
                    drop(asked);
                });
                return;
            }
            Event::Woke => Input::Woke,
            Event::Locked => Input::Locked,
            Event::Unlocked => Input::Unlocked,
            Event::Idle => Input::Idle,
            Event::Active => Input::Active,
            Event::NetworkChanged => Input::NetworkChanged,
            Event::Lacks(hint) => {
                self.hints.retain(|known| known.topic != hint.topic);
                self.hints.push(hint);
                return self.show();
            }
            Event::Has(topic) => {
                self.hints.retain(|known| known.topic != topic);
                return self.show();
            }
        };
        self.tell_all(&input);
    }

    fn happened_to(&self, account: &AccountId, input: Input) -> Result<(), Failure> {
        let running = self.running(account);
        let running = running.ok_or_else(|| no_such_account(account))?;
        running.happened(input);
        Ok(())
    }

    fn tell_all(&self, input: &Input) {
        for running in &self.accounts {
            running.happened(input.clone());
        }
    }

    fn running(&self, account: &AccountId) -> Option<&Running> {
        self.accounts.iter().find(|running| running.id == *account)
    }

    /// Shows the accounts, the default one first.
    fn show(&mut self) {
        let mut accounts: Vec<AccountView> = self
            .accounts
            .iter_mut()
            .map(|running| running.view.borrow_and_update().clone())
            .collect();
        for account in &mut accounts {
            account.default = self.config.is_default(&account.account);
            account.everywhere = self.config.meaning(&account.account, &account.statuses);
            account.relevant = self.config.is_relevant(&account.account);
        }
        accounts.sort_by_key(|account| !account.default);
        let view = View {
            accounts,
            hints: self.hints.clone(),
        };
        self.shown.send_if_modified(|shown| {
            let changed = **shown != view;
            if changed {
                *shown = Arc::new(view);
            }
            changed
        });
    }
}

/// Asks an account's actor to end the sign-in on the help desk's side.
async fn revoke(orders: &mpsc::Sender<Order>) -> Result<(), DeskError> {
    let (outcome, answer) = oneshot::channel();
    if orders.send(Order::Revoke(outcome)).await.is_err() {
        return Ok(());
    }
    answer.await.unwrap_or(Ok(()))
}

/// What is to be said where that failed.
fn unrevoked(desk: HelpDeskName, result: Result<(), DeskError>) -> Option<Failure> {
    let error = result.err()?;
    if matches!(error, DeskError::Unauthorized | DeskError::Anonymous) {
        return None;
    }
    let code = Failure::of(desk, &error).code;
    let name = desk.words();
    Some(Failure::new(
        code,
        format!(
            "You are signed out and nothing of the sign-in is left on this computer, but {name} could not be told ({}). \
             There it stays valid until it ends by itself, after 90 days at the latest; your admin can end it sooner.",
            code.words()
        ),
    ))
}

fn no_such_account(id: &AccountId) -> Failure {
    Failure::new(
        Code::NoSuchAccount,
        format!("There is no account \u{201c}{id}\u{201d} here. Sign in first."),
    )
}
