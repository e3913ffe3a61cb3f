//! The engine: all accounts behind one handle.

mod presence;
mod running;
mod settings;
mod signing;
mod start;

use std::sync::Arc;

use domain::{
    AccountId, AccountView, Action, Answer, Code, Failure, Hint, Input, Question, StatusId, View,
};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use self::presence::Presence;
pub use self::presence::{Event, UNTIL_SETTLED};
use self::running::Running;
use self::signing::Forgotten;
pub use self::start::Engine;
use crate::Config;
use crate::account::{Choice, Order, Surroundings};
use crate::desk::Desks;
use crate::handle::{Ask, Asked};
use crate::ports::{Front, Histories};
use crate::supervising::too_busy;

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
    /// Choices under way.
    choices: JoinSet<Chosen>,
}

/// What came of a choice, and who waits for it.
struct Chosen {
    result: Result<(), Failure>,
    outcome: oneshot::Sender<Result<(), Failure>>,
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
                    self.forgotten(forgotten, &mut forgetting);
                },
                Some(chosen) = self.choices.join_next() => if let Ok(chosen) = chosen {
                    // Whoever hears of the outcome looks, and must not see what was before it.
                    self.show();
                    // Whoever asked may be gone by now.
                    drop(chosen.outcome.send(chosen.result));
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
                self.front.open(None);
                Ok(())
            }
            Action::OpenForATime { account } => {
                self.front.open(Some(account));
                Ok(())
            }
            Action::Quit => {
                self.quit();
                Ok(())
            }
        };
        drop(outcome.send(result));
    }

    pub(crate) fn choose(
        &mut self,
        account: &AccountId,
        choice: Choice,
        outcome: oneshot::Sender<Result<(), Failure>>,
    ) {
        let Some(running) = self.running(account) else {
            return drop(outcome.send(Err(no_such_account(account))));
        };
        let (finished, result) = oneshot::channel();
        // Sent at once, so that two clicks never change places.
        let sent = running.orders.try_send(Order::Chosen(choice, finished));
        if sent.is_err() {
            let failure = Failure::new(
                Code::Internal,
                "Statuslight is too busy to take this click. Nothing was changed. Choose again.",
            );
            return drop(outcome.send(Err(failure)));
        }
        self.choices.spawn(async move {
            let result = result.await.unwrap_or_else(|_| Err(account_gone()));
            Chosen { result, outcome }
        });
    }

    /// Sets another agent's status; the agent's own is chosen like any other choice.
    fn set_agent(
        &mut self,
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
            let desk = running.view.borrow().helpdesk;
            tokio::task::spawn_blocking(move || {
                let history = recording.since(since, now);
                drop(answer.send(history.map(|told| Answer::History(told.explained(desk)))));
            });
            return;
        }
        let sent = running.orders.try_send(Order::Asked(question, answer));
        if let Err(Order::Asked(_, answer)) = sent.map_err(TrySendError::into_inner) {
            drop(answer.send(Err(too_busy())));
        }
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

fn no_such_account(id: &AccountId) -> Failure {
    Failure::new(
        Code::NoSuchAccount,
        format!("There is no account \u{201c}{id}\u{201d} here. Sign in first."),
    )
}

fn account_gone() -> Failure {
    Failure::new(
        Code::SignedOut,
        "The account was signed out, or in again, before this was confirmed. Look at your status before you try again.",
    )
}
