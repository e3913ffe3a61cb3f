//! What an account is asked beside the agent's own status: the team, capacity rules, a checkup.
//!
//! Nothing here reaches the session, so nothing here touches the agent's own light.

use std::sync::Arc;
use std::time::Duration;

use domain::{
    AccountView, Answer, Checkup, Code, DeskError, Examined, Failure, HelpDeskName, Narrowed,
    Power, Powers, Question, Status, StatusId, TeamFilter, capabilities, find_status,
};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::account::within;
use crate::desk::TeamDesk;

/// Where an answer goes.
pub(crate) type Answered = oneshot::Sender<Result<Answer, Failure>>;
/// Where an outcome goes.
pub(crate) type Outcome = oneshot::Sender<Result<(), Failure>>;

/// Admins change the account's statuses rarely, and each reading comes out of the company's limit.
const STATUSES_AGE: Duration = Duration::from_secs(10 * 60);
/// So rarely is it found out anew what role and plan allow, unless a refusal says otherwise.
const POWERS_AGE: Duration = Duration::from_secs(12 * 60 * 60);
/// After a failure, the next look waits.
const AFTER_FAILURE: Duration = Duration::from_secs(5 * 60);
/// Fifty pages at most, and a person waits.
const READ: Duration = Duration::from_secs(60);
const WRITE: Duration = Duration::from_secs(10);

/// What was found out beside the own status, and what is being found out.
pub(crate) struct Supervising {
    helpdesk: HelpDeskName,
    /// What role and plan allow.
    powers: Option<Powers>,
    ask_again_at: Option<Instant>,
    is_asking: bool,
    statuses: Option<(Instant, Vec<Status>)>,
    work: JoinSet<Learned>,
    /// Statuses of others that are being set.
    being_set: usize,
}

/// What came of a piece of work, and who waits for it.
enum Learned {
    Team {
        statuses: Option<Vec<Status>>,
        result: Result<Answer, DeskOrFailure>,
        answered: Answered,
    },
    Rules {
        result: Result<Answer, DeskError>,
        answered: Answered,
    },
    Powers {
        result: Result<Examined, DeskError>,
        answered: Option<Answered>,
    },
    Set {
        result: Result<(), NotSet>,
        outcome: Outcome,
    },
}

/// Why an agent's status was not set.
enum NotSet {
    /// The help desk's answer, or the want of one.
    Desk(DeskError),
    /// It was set, and is another one all the same.
    NotApplied,
}

/// What keeps the team from being shown.
enum DeskOrFailure {
    Desk(DeskError),
    Failure(Failure),
}

impl Supervising {
    pub(crate) fn new(helpdesk: HelpDeskName) -> Self {
        Self {
            helpdesk,
            powers: None,
            ask_again_at: None,
            is_asking: false,
            statuses: None,
            work: JoinSet::new(),
            being_set: 0,
        }
    }

    /// Puts what is known into the view.
    pub(crate) fn show(&self, view: &mut AccountView) {
        view.capabilities = capabilities(view, self.powers.as_ref());
    }

    /// Finds out what role and plan allow, if somebody looks and it is not known.
    pub(crate) fn looked<D: TeamDesk>(&mut self, desk: &Arc<D>) {
        let is_due = self.ask_again_at.is_none_or(|at| at <= Instant::now());
        if is_due && !self.is_asking {
            self.examine(desk, None);
        }
    }

    /// Begins to answer a question.
    pub(crate) fn ask<D: TeamDesk>(
        &mut self,
        question: Question,
        answered: Answered,
        desk: &Arc<D>,
    ) {
        match question {
            Question::Checkup { .. } => self.examine(desk, Some(answered)),
            Question::Team { narrowed, .. } => self.read_team(narrowed, answered, desk.clone()),
            Question::CapacityRules { .. } => {
                let desk = desk.clone();
                self.work.spawn(async move {
                    let result = within(READ, desk.capacity_rules()).await;
                    Learned::Rules {
                        result: result.map(Answer::CapacityRules),
                        answered,
                    }
                });
            }
            // It never comes this far: what is on this computer is told without the account.
            Question::History { .. } => drop(answered),
        }
    }

    fn examine<D: TeamDesk>(&mut self, desk: &Arc<D>, answered: Option<Answered>) {
        self.is_asking = true;
        let desk = desk.clone();
        self.work.spawn(async move {
            Learned::Powers {
                result: within(READ, desk.examine()).await,
                answered,
            }
        });
    }

    fn read_team<D: TeamDesk>(&mut self, narrowed: Narrowed, answered: Answered, desk: Arc<D>) {
        let known = self
            .statuses
            .as_ref()
            .filter(|(at, _)| at.elapsed() < STATUSES_AGE)
            .map(|(_, statuses)| statuses.clone());
        self.work.spawn(async move {
            let (statuses, is_new) = match known {
                Some(statuses) => (Ok(statuses), false),
                None => (within(READ, desk.team_statuses()).await, true),
            };
            let result = match &statuses {
                Ok(statuses) => team(&*desk, narrowed, statuses).await,
                Err(error) => Err(DeskOrFailure::Desk(error.clone())),
            };
            Learned::Team {
                statuses: statuses.ok().filter(|_| is_new),
                result,
                answered,
            }
        });
    }

    /// Begins to set another agent's status.
    pub(crate) fn set<D: TeamDesk>(
        &mut self,
        agent: String,
        status: StatusId,
        outcome: Outcome,
        desk: &Arc<D>,
    ) {
        let desk = desk.clone();
        self.being_set += 1;
        self.work.spawn(async move {
            Learned::Set {
                result: set(&*desk, &agent, &status).await,
                outcome,
            }
        });
    }

    /// Whether somebody's status is being set, which who ends now may lose.
    pub(crate) fn is_writing(&self) -> bool {
        self.being_set > 0
    }

    /// Waits for the next piece of work, and tells whoever waits for it. For ever, where there is none.
    pub(crate) async fn next(&mut self) -> Told {
        match self.work.join_next().await {
            Some(Ok(learned)) => Told(learned),
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => std::future::pending().await,
        }
    }

    /// Keeps what was learned and answers.
    pub(crate) fn take(&mut self, Told(learned): Told, view: &AccountView) {
        match learned {
            Learned::Team {
                statuses,
                result,
                answered,
            } => {
                if let Some(statuses) = statuses {
                    self.statuses = Some((Instant::now(), statuses));
                }
                let result = result.map_err(|error| match error {
                    DeskOrFailure::Desk(error) => {
                        self.refused(&error, |powers| &mut powers.team);
                        Failure::about_team(self.helpdesk, &error)
                    }
                    DeskOrFailure::Failure(failure) => failure,
                });
                drop(answered.send(result));
            }
            Learned::Rules { result, answered } => {
                let result = result.map_err(|error| {
                    self.refused(&error, |powers| &mut powers.capacity_rules);
                    Failure::about_team(self.helpdesk, &error)
                });
                drop(answered.send(result));
            }
            Learned::Set { result, outcome } => {
                self.being_set -= 1;
                let result = result.map_err(|not_set| match not_set {
                    NotSet::Desk(error) => {
                        // Only the role's 403 tells about all agents; a 404 is about this one.
                        if error == DeskError::Forbidden {
                            self.refused(&error, |powers| &mut powers.set_others);
                        }
                        Failure::setting_another(self.helpdesk, &error)
                    }
                    NotSet::NotApplied => Failure::not_applied(self.helpdesk),
                });
                drop(outcome.send(result));
            }
            Learned::Powers { result, answered } => {
                self.is_asking = false;
                let age = if result.is_ok() {
                    POWERS_AGE
                } else {
                    AFTER_FAILURE
                };
                self.ask_again_at = Some(Instant::now() + age);
                let result = result.map(|examined| self.examined(examined, view));
                if let Some(answered) = answered {
                    let failure = |error| Failure::of(self.helpdesk, &error);
                    drop(answered.send(result.map(Answer::Checkup).map_err(failure)));
                }
            }
        }
    }

    fn examined(&mut self, examined: Examined, view: &AccountView) -> Checkup {
        let powers = self.powers.insert(examined.powers);
        Checkup {
            capabilities: capabilities(view, Some(powers)),
            role: powers.role.clone(),
            unified_statuses: powers.unified_statuses,
            clock_ahead_s: examined
                .clock_ahead_s
                .map(|ahead| i32::try_from(ahead).unwrap_or(i32::MAX)),
        }
    }

    /// Notes that something is not there, and has the rest found out anew at the next look.
    fn refused(&mut self, error: &DeskError, power: fn(&mut Powers) -> &mut Power) {
        let refused = match error {
            DeskError::Forbidden => Power::NotForRole,
            DeskError::NotFound => Power::NotOffered,
            _ => return,
        };
        if let Some(powers) = &mut self.powers {
            *power(powers) = refused;
        }
        self.ask_again_at = None;
    }
}

/// A finished piece of work.
pub(crate) struct Told(Learned);

async fn team<D: TeamDesk>(
    desk: &D,
    narrowed: Narrowed,
    statuses: &[Status],
) -> Result<Answer, DeskOrFailure> {
    let status = match &narrowed.status {
        Some(wanted) => Some(
            find_status(statuses, wanted)
                .map_err(DeskOrFailure::Failure)?
                .id
                .clone(),
        ),
        None => None,
    };
    let filter = TeamFilter {
        status,
        channel: narrowed.channel,
    };
    let read = within(READ, desk.team(&filter, statuses)).await;
    let mut team = read.map_err(DeskOrFailure::Desk)?;
    // The help desk knows no filter for groups.
    if let Some(group) = &narrowed.group {
        team.agents.retain(|agent| agent.group_ids.contains(group));
    }
    Ok(Answer::Team(team))
}

/// Sets an agent's status; where the answer is unclear, reads what became of it. Nothing is sent twice.
async fn set<D: TeamDesk>(desk: &D, agent: &str, status: &StatusId) -> Result<(), NotSet> {
    let error = match within(WRITE, desk.push_for(agent, status)).await {
        Ok(written) if written.id == *status => return Ok(()),
        Ok(_) => return Err(NotSet::NotApplied),
        Err(error) => error,
    };
    if error.leaves_write_in_doubt() {
        match within(WRITE, desk.status_of(agent)).await {
            Ok(Some(now)) if now == *status => return Ok(()),
            Ok(Some(_)) => return Err(NotSet::NotApplied),
            Ok(None) | Err(_) => {}
        }
    }
    Err(NotSet::Desk(error))
}

/// Says that the account is too busy to answer.
pub(crate) fn too_busy() -> Failure {
    Failure::new(
        Code::Internal,
        "Statuslight is too busy to answer this. Nothing was changed. Try again.",
    )
}
