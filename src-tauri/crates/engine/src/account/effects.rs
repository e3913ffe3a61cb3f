//! What the session says is done: requests to the help desk, each within its limit, notices, and what is kept.

use std::sync::Arc;
use std::time::Duration;

use domain::{DeskError, Effect, Input};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Actor;
use crate::access::Access;
use crate::desk::{Desk, Desks};

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

impl<D: Desks> Actor<D> {
    pub(super) fn carry_out(
        &mut self,
        effect: Effect,
        desk: &Arc<Access<D>>,
        answers: &mut JoinSet<Input>,
    ) {
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
