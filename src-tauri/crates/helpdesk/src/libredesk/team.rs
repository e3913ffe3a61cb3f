//! The other agents, whom any agent may see.

use domain::{
    DeskError, Examined, Power, Powers, Status, StatusId, Team, TeamAgent, TeamFilter, Written,
};
use jiff::Timestamp;

use super::version::TELLS_CHANGES;
use super::{Libredesk, wire};
use crate::Transport;

impl<T: Transport> Libredesk<T> {
    /// Asks which role the agent has and what the server's release offers.
    ///
    /// # Errors
    /// What an answer or the network means.
    pub async fn examine(&self) -> Result<Examined, DeskError> {
        let version = self.find_version().await?;
        let answer = self.ask(self.requests.me()).await?.accepted()?;
        let clock_ahead_s = answer
            .sent_at()
            .map(|sent| Timestamp::now().as_second() - sent.as_second());
        let me = answer.json::<wire::Wrapped<wire::Me>>()?.data;
        let is_old = version.is_some_and(|version| version < TELLS_CHANGES);
        Ok(Examined {
            powers: Powers {
                role: me.role(),
                unified_statuses: None,
                talk: Power::NotOffered,
                team: if is_old {
                    Power::NotOffered
                } else {
                    Power::Given
                },
                set_others: Power::NotOffered,
                capacity_rules: Power::NotOffered,
            },
            clock_ahead_s,
        })
    }

    /// All availabilities there are.
    pub fn team_statuses() -> Vec<Status> {
        wire::statuses()
    }

    /// Reads the team: those that pass the filter.
    ///
    /// # Errors
    /// What an answer or the network means; [`DeskError::NotFound`] for channels, which Libredesk has not.
    pub async fn team(&self, filter: &TeamFilter, statuses: &[Status]) -> Result<Team, DeskError> {
        if filter.channel.is_some() {
            return Err(DeskError::NotFound);
        }
        let mut agents = self.agents().await?;
        if let Some(wanted) = &filter.status {
            agents.retain(|agent| agent.status.as_ref().is_some_and(|it| it.id == *wanted));
        }
        agents.sort_by_cached_key(|agent| (agent.name.to_lowercase(), agent.id.clone()));
        Ok(Team {
            agents,
            groups: Vec::new(),
            statuses: wire::choosable(statuses),
            as_of: Timestamp::now(),
        })
    }

    async fn agents(&self) -> Result<Vec<TeamAgent>, DeskError> {
        let answer = self.ask(self.requests.agents()).await?.accepted()?;
        let all = answer.json::<wire::Wrapped<Vec<wire::Compact>>>()?.data;
        let own = self.agent_id.as_deref();
        Ok(all.into_iter().filter_map(|one| one.agent(own)).collect())
    }

    /// Reads which status an agent has.
    ///
    /// # Errors
    /// What the answer or the network means; [`DeskError::NotFound`] for an agent that is not there.
    pub async fn status_of(&self, agent: &str) -> Result<Option<StatusId>, DeskError> {
        let agents = self.agents().await?;
        let found = agents.into_iter().find(|one| one.id == agent);
        let found = found.ok_or(DeskError::NotFound)?;
        Ok(found.status.map(|status| status.id))
    }

    /// Never sets another agent's status: the only request that could would replace all else that is known of the
    /// agent as well (`PUT /api/v1/agents/{id}`).
    ///
    /// # Errors
    /// Always [`DeskError::Forbidden`].
    pub fn push_for() -> Result<Written, DeskError> {
        Err(DeskError::Forbidden)
    }
}
