//! Choosing a status.

use domain::{DeskError, StatusId, StatusKind, Written};

use super::{Zendesk, wire};
use crate::Transport;

impl<T: Transport> Zendesk<T> {
    /// Switches the agent to a status and tells which one Zendesk says it is now.
    ///
    /// Numbers are unified statuses; Talk's words are its states, for where unified ones are off.
    ///
    /// # Errors
    /// What the answer or the network means; [`DeskError::NoSuchStatus`] without a request for an
    /// identifier that Zendesk never gives out.
    pub async fn push(&self, status: &StatusId) -> Result<Written, DeskError> {
        if let Ok(number) = status.0.parse() {
            return self.push_unified(number).await;
        }
        match (StatusKind::parse(&status.0), self.agent_id.as_deref()) {
            (Some(kind), Some(agent)) => self.push_talk(agent, wire::talk_word(kind)).await,
            _ => Err(DeskError::NoSuchStatus),
        }
    }

    async fn push_unified(&self, number: u64) -> Result<Written, DeskError> {
        let answer = self.ask(self.requests.choose(number)).await?.written()?;
        let written = answer.json::<wire::Availability>()?.written();
        written.ok_or_else(|| without("agent_status"))
    }

    async fn push_talk(&self, agent: &str, state: &str) -> Result<Written, DeskError> {
        let request = self.requests.choose_talk(agent, state);
        let answer = match self.ask(request).await?.written() {
            // "If omnichannel routing is enabled, agent_state can not be updated": then Talk's states
            // are no statuses any more, and the list must be read anew.
            Err(DeskError::Refused { status: 400 }) => return Err(DeskError::NoSuchStatus),
            answer => answer?,
        };
        let state = answer.json::<wire::Talk>()?.state();
        let state = state.ok_or_else(|| without("agent_state"))?;
        Ok(wire::talk_status(state))
    }
}

/// The answer says that it was done, and not what.
pub(super) fn without(field: &str) -> DeskError {
    DeskError::Unintelligible {
        detail: format!("JSON without \u{201c}{field}\u{201d}"),
    }
}
