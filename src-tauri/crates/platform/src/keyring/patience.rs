//! Asking something that may never answer.

use std::thread;
use std::time::Duration;

use engine::ports::SecretsError;
use tokio::sync::{Mutex, oneshot};
use tokio::time::{Instant, timeout_at};

/// Asks one question at a time, and gives up on an answer after a limit.
///
/// A question that was given up cannot be stopped. Until it ends by itself no other is asked, since each would only
/// wait on a thread of its own for the same prompt.
pub(super) struct Patience {
    limit: Duration,
    asked: Mutex<Option<Asked>>,
}

/// A question that may still be waiting for its answer.
struct Asked {
    until: Instant,
    ended: oneshot::Receiver<()>,
}

impl Patience {
    pub(super) const fn new(limit: Duration) -> Self {
        Self {
            limit,
            asked: Mutex::const_new(None),
        }
    }

    /// Asks on a thread of its own, which the process does not wait for when it ends.
    ///
    /// # Errors
    /// The question's own, or [`SecretsError::Silent`] when it, or one before it, is not answered in time.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce() -> Result<T, SecretsError> + Send + 'static,
    ) -> Result<T, SecretsError> {
        let mut asked = self.asked.lock().await;
        if let Some(before) = asked.as_mut() {
            // Whoever asked has gone or given up; a sender dropped in a panic is an end, too.
            if timeout_at(before.until, &mut before.ended).await.is_err() {
                return Err(SecretsError::Silent);
            }
            *asked = None;
        }
        let (answer, answered) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let until = Instant::now() + self.limit;
        let spawned = thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || {
                let end = end;
                // Nobody listens after the limit.
                let _ = answer.send(question());
                let _ = end.send(());
            });
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread to ask the keyring");
            return Err(SecretsError::Failed);
        }
        *asked = Some(Asked { until, ended });
        let Ok(answered) = timeout_at(until, answered).await else {
            tracing::warn!("the keyring does not answer");
            return Err(SecretsError::Silent);
        };
        *asked = None;
        answered.unwrap_or(Err(SecretsError::Failed))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const SHORT: Duration = Duration::from_millis(100);
    const LONG: Duration = Duration::from_secs(60);

    /// A question that waits until the sender is used or dropped.
    fn prompt() -> (
        mpsc::Sender<()>,
        impl FnOnce() -> Result<(), SecretsError> + Send + 'static,
    ) {
        let (answer, answered) = mpsc::channel();
        (answer, move || {
            answered.recv().map_err(|_| SecretsError::Locked)
        })
    }

    #[tokio::test]
    async fn an_answer_and_a_refusal_come_through() {
        let patience = Patience::new(LONG);
        assert_eq!(patience.ask(|| Ok(7)).await, Ok(7));
        assert_eq!(
            patience.ask(|| Err::<(), _>(SecretsError::Locked)).await,
            Err(SecretsError::Locked)
        );
    }

    #[tokio::test]
    async fn a_prompt_that_nobody_answers_is_silence() {
        let patience = Patience::new(SHORT);
        let (_nobody, prompt) = prompt();
        let begun = Instant::now();
        assert_eq!(patience.ask(prompt).await, Err(SecretsError::Silent));
        assert!(begun.elapsed() >= SHORT);
    }

    #[tokio::test]
    async fn while_one_question_is_stuck_no_other_is_asked() {
        let patience = Patience::new(SHORT);
        let (_nobody, prompt) = prompt();
        assert_eq!(patience.ask(prompt).await, Err(SecretsError::Silent));
        let begun = Instant::now();
        let second = patience
            .ask(|| -> Result<(), _> { panic!("asked all the same") })
            .await;
        assert_eq!(second, Err(SecretsError::Silent));
        assert!(begun.elapsed() < SHORT);
    }

    #[tokio::test]
    async fn when_the_prompt_is_answered_late_the_next_question_is_asked() {
        let patience = Patience::new(SHORT);
        let (late, prompt) = prompt();
        assert_eq!(patience.ask(prompt).await, Err(SecretsError::Silent));
        late.send(()).unwrap();
        let asked = async {
            while patience.ask(|| Ok(())).await.is_err() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(LONG, asked).await.unwrap();
    }

    #[tokio::test]
    async fn a_question_whose_asker_went_away_is_waited_for() {
        let patience = Patience::new(LONG);
        let (answer, prompt) = prompt();
        let gone = tokio::time::timeout(SHORT, patience.ask(prompt)).await;
        assert!(gone.is_err());
        let unlock = async { answer.send(()).unwrap() };
        let (next, ()) = tokio::join!(patience.ask(|| Ok("answered")), unlock);
        assert_eq!(next, Ok("answered"));
    }

    #[tokio::test]
    async fn a_question_that_panics_is_a_failure_and_not_the_end() {
        let patience = Patience::new(LONG);
        let failed = patience
            .ask(|| -> Result<(), _> { panic!("as a store's bug would") })
            .await;
        assert_eq!(failed, Err(SecretsError::Failed));
        assert_eq!(patience.ask(|| Ok(1)).await, Ok(1));
    }
}
