//! What reaches an account's actor.

use domain::{DeskError, Failure, Guard, Input, Question, StatusId, Until};
use tokio::sync::oneshot;

use crate::delay::Delay;
use crate::supervising::{Answered, Outcome};

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
