//! The one way in: ask by an action, watch the view.

use std::sync::Arc;

use domain::{Action, Answer, Code, Failure, Question, View};
use tokio::sync::{mpsc, oneshot, watch};

use crate::access::{Renewals, Settled};

/// Actions that may wait unanswered; more are not clicked by anybody.
const QUEUE: usize = 64;

/// The one way in, for every surface; it may lead to another process.
#[derive(Clone, Debug)]
pub struct Handle {
    asks: mpsc::Sender<Ask>,
    questions: mpsc::Sender<Asked>,
    view: watch::Receiver<Arc<View>>,
    pub(crate) renewals: Renewals,
}

/// An action and who waits for its outcome.
#[derive(Debug)]
pub struct Ask {
    /// What is asked.
    pub action: Action,
    /// Where the outcome goes; dropped, it counts as a fault.
    pub outcome: oneshot::Sender<Result<(), Failure>>,
}

/// A question and who waits for its answer.
#[derive(Debug)]
pub struct Asked {
    /// What is asked.
    pub question: Question,
    /// Where the answer goes; dropped, it counts as a fault.
    pub answer: oneshot::Sender<Result<Answer, Failure>>,
}

/// The other end of a handle.
#[derive(Debug)]
pub struct Asks {
    /// What surfaces ask.
    pub asks: mpsc::Receiver<Ask>,
    /// What they want to know beside the view.
    pub questions: mpsc::Receiver<Asked>,
    /// What they are shown.
    pub view: watch::Sender<Arc<View>>,
}

impl Handle {
    /// A handle and its other end, which starts with `view`.
    pub fn pair(view: View) -> (Self, Asks) {
        let (asks, asked) = mpsc::channel(QUEUE);
        let (questions, questioned) = mpsc::channel(QUEUE);
        let (shown, view) = watch::channel(Arc::new(view));
        (
            Self {
                asks,
                questions,
                view,
                renewals: Renewals::default(),
            },
            Asks {
                asks: asked,
                questions: questioned,
                view: shown,
            },
        )
    }

    /// Does what is asked and waits for the confirmed outcome. What came of a choice is in the view by then.
    ///
    /// # Errors
    /// Says why it did not come about.
    pub async fn act(&self, action: Action) -> Result<(), Failure> {
        let (outcome, answer) = oneshot::channel();
        self.asks
            .send(Ask { action, outcome })
            .await
            .map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Asks something that the view does not tell.
    ///
    /// # Errors
    /// Says why there is no answer.
    pub async fn ask(&self, question: Question) -> Result<Answer, Failure> {
        let (answer, answered) = oneshot::channel();
        self.questions
            .send(Asked { question, answer })
            .await
            .map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Waits until no sign-in is being renewed: whoever ends before loses it. None begins while the result lives.
    pub async fn settled(&self) -> Settled {
        self.renewals.settled().await
    }

    /// What there is to show, now and whenever it changes.
    pub fn view(&self) -> watch::Receiver<Arc<View>> {
        self.view.clone()
    }
}

fn gone() -> Failure {
    Failure::new(
        Code::Internal,
        "Statuslight ended before this was done. Start it again and look at your status.",
    )
}
