//! What went wrong about the team, which says nothing of the agent's own status.

use crate::{Code, DeskError, Failure, HelpDeskName};

impl Failure {
    /// Explains a help desk's error to somebody who looks at the team.
    pub fn about_team(desk: HelpDeskName, error: &DeskError) -> Self {
        let name = desk.words();
        let general = Self::of(desk, error);
        let (code, message) = match error {
            DeskError::Forbidden => (
                Code::Refused,
                format!("{name} shows this to admins only. Nothing was changed. Ask an admin."),
            ),
            DeskError::NotFound => (
                Code::Refused,
                format!(
                    "Your company\u{2019}s {name} does not offer this. Its plan or its settings leave it out."
                ),
            ),
            DeskError::Conflict => (
                Code::Refused,
                format!(
                    "{name} is still busy with an earlier change of this agent\u{2019}s status. Nothing was changed. Try again."
                ),
            ),
            DeskError::Server { .. }
            | DeskError::Unreachable { .. }
            | DeskError::Unrenewed { .. }
            | DeskError::Interrupted { .. }
            | DeskError::TimedOut
            | DeskError::Unintelligible { .. }
            | DeskError::TooLarge => (
                general.code,
                general
                    .message
                    .replace("Your status is not confirmed.", "The team is not known."),
            ),
            _ => (general.code, general.message),
        };
        Self {
            code,
            message,
            retry_after_s: general.retry_after_s,
        }
    }

    /// Explains why another agent's status was not set.
    pub fn setting_another(desk: HelpDeskName, error: &DeskError) -> Self {
        let name = desk.words();
        match error {
            DeskError::Forbidden => Self::new(
                Code::Refused,
                format!(
                    "{name} lets only admins set another agent\u{2019}s status. Nothing was changed. Ask an admin."
                ),
            ),
            DeskError::NotFound => Self::new(
                Code::NoSuchAgent,
                format!(
                    "{name} knows no such agent any more. Nothing was changed. Read the team again."
                ),
            ),
            DeskError::NotEligible => Self::new(
                Code::NotEligible,
                "This agent\u{2019}s groups may not use this status. Nothing was changed. Choose another.",
            ),
            DeskError::NoSuchStatus => Self::new(
                Code::NoSuchStatus,
                format!(
                    "{name} no longer has this status. Nothing was changed. Read the team again and choose another."
                ),
            ),
            // Whether it was applied could be found out by nobody.
            error if error.leaves_write_in_doubt() => {
                let general = Self::of(desk, error);
                Self {
                    message: format!(
                        "{name} gave no clear answer, so it is not known whether this agent\u{2019}s status was changed. \
                         Read the team again before you try once more."
                    ),
                    ..general
                }
            }
            DeskError::Unreachable { detail } => Self::new(
                Code::Unreachable,
                format!(
                    "{name} cannot be reached ({detail}). Nothing was changed. Check your network."
                ),
            ),
            error => Self::about_team(desk, error),
        }
    }

    /// Says that an agent's status is another than the one that was set.
    pub fn not_applied(desk: HelpDeskName) -> Self {
        let name = desk.words();
        Self::new(
            Code::ChangedMeanwhile,
            format!(
                "{name} says that this agent has another status. The change was not applied, or was changed again at once. \
                 Read the team again."
            ),
        )
    }
}
