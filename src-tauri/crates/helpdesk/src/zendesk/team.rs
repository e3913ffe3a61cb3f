//! What admins may read and set of all agents, and whether this agent is one.

use std::collections::BTreeMap;

use domain::{
    CapacityRule, DeskError, Examined, Group, Power, Powers, Status, StatusId, Team, TeamFilter,
    Written,
};
use jiff::Timestamp;

use super::list::Pages;
use super::write::without;
use super::{Zendesk, wire};
use crate::Transport;

/// Users whose names are asked for at a time; the most that is allowed:
/// <https://developer.zendesk.com/api-reference/ticketing/users/users/#show-many-users>.
const NAMES_AT_A_TIME: usize = 100;

impl<T: Transport> Zendesk<T> {
    /// Asks who the agent is and what role, plan and settings allow.
    ///
    /// The team itself is not asked for: the documentation gives it to admins, and each request to that family comes
    /// out of a limit that the whole company shares.
    ///
    /// # Errors
    /// What an answer or the network means; what is not offered to this agent is no error.
    pub async fn examine(&self) -> Result<Examined, DeskError> {
        let answer = self.ask(self.requests.me()).await?.accepted()?;
        let clock_ahead_s = answer
            .sent_at()
            .map(|sent| Timestamp::now().as_second() - sent.as_second());
        let me: wire::Me = answer.json()?;
        let role = me.role().unwrap_or_default().to_owned();
        me.agent()?;
        let settings = self.ask(self.requests.account_settings()).await?;
        let settings: Option<wire::Settings> = match settings.offered()? {
            Some(answer) => Some(answer.json()?),
            None => None,
        };
        let switch = |part, name| settings.as_ref()?.switch(part, name);
        let unified_statuses = switch("agents", "unified_agent_statuses");
        let talk = if switch("voice", "enabled") == Some(false) {
            Power::NotOffered
        } else {
            self.talk_power().await?
        };
        let is_admin = role == "admin";
        let by_role = |power| if is_admin { power } else { Power::NotForRole };
        let capacity_rules = if is_admin {
            match self.ask(self.requests.capacity_rules()).await?.offered()? {
                Some(_) => Power::Given,
                None => Power::NotOffered,
            }
        } else {
            Power::NotForRole
        };
        Ok(Examined {
            powers: Powers {
                role,
                unified_statuses,
                talk,
                team: by_role(Power::Given),
                set_others: by_role(match unified_statuses {
                    Some(false) => Power::NotOffered,
                    _ => Power::Given,
                }),
                capacity_rules,
            },
            clock_ahead_s,
        })
    }

    async fn talk_power(&self) -> Result<Power, DeskError> {
        let Some(agent) = self.agent_id.as_deref() else {
            return Ok(Power::NotForRole);
        };
        let answer = self.ask(self.requests.talk(agent)).await?.offered()?;
        Ok(answer.map_or(Power::NotForRole, |_| Power::Given))
    }

    /// Lists all statuses of the account, whoever may choose them.
    ///
    /// # Errors
    /// What an answer or the network means; [`DeskError::Forbidden`] for who is no admin.
    pub async fn team_statuses(&self) -> Result<Vec<Status>, DeskError> {
        self.all_statuses(|after| self.requests.statuses(after))
            .await
    }

    /// Reads the team: those that pass the filter, with names and groups where these may be read.
    ///
    /// # Errors
    /// What an answer or the network means; [`DeskError::Forbidden`] for who is no admin.
    pub async fn team(&self, filter: &TeamFilter, statuses: &[Status]) -> Result<Team, DeskError> {
        let mut found = Vec::new();
        let mut pages = Pages::default();
        loop {
            let request = self.requests.availabilities(filter, pages.cursor());
            let page: wire::TeamPage = self.ask(request).await?.accepted()?.json()?;
            let next = page.paging.next();
            found.extend(page.agents());
            if !pages.turn(next) {
                break;
            }
        }
        let ids: Vec<&str> = found.iter().map(|agent| agent.id.as_str()).collect();
        let names = self.names(&ids).await?;
        let mut agents: Vec<domain::TeamAgent> = found
            .into_iter()
            .map(|agent| {
                let name = names.get(&agent.id).cloned();
                agent.named(name, self.agent_id.as_deref(), statuses)
            })
            .collect();
        agents.sort_by_cached_key(|agent| (agent.name.to_lowercase(), agent.id.clone()));
        Ok(Team {
            agents,
            groups: self.group_names().await?,
            statuses: statuses.iter().map(domain::Choosable::from).collect(),
            as_of: Timestamp::now(),
        })
    }

    async fn names(&self, ids: &[&str]) -> Result<BTreeMap<String, String>, DeskError> {
        let mut names = BTreeMap::new();
        for some in ids.chunks(NAMES_AT_A_TIME) {
            let Some(answer) = self.ask(self.requests.users(some)).await?.offered()? else {
                break;
            };
            let page: wire::Users = answer.json()?;
            names.extend(page.users.into_iter().filter_map(wire::Named::pair));
        }
        Ok(names)
    }

    async fn group_names(&self) -> Result<Vec<Group>, DeskError> {
        let mut groups = Vec::new();
        let mut pages = Pages::default();
        loop {
            let request = self.requests.groups(pages.cursor());
            let Some(answer) = self.ask(request).await?.offered()? else {
                break;
            };
            let page: wire::Groups = answer.json()?;
            let next = page.paging.next();
            let found = page.groups.into_iter().filter_map(wire::Named::pair);
            groups.extend(found.map(|(id, name)| Group { id, name }));
            if !pages.turn(next) {
                break;
            }
        }
        groups.sort_by_cached_key(|group| group.name.to_lowercase());
        Ok(groups)
    }

    /// Reads which status an agent has; none where statuses over all channels are off.
    ///
    /// # Errors
    /// What the answer or the network means.
    pub async fn status_of(&self, agent: &str) -> Result<Option<StatusId>, DeskError> {
        let answer = self.ask(self.requests.availability(agent)).await?;
        let availability = answer.accepted()?.json::<wire::Availability>()?;
        Ok(availability.written().map(|status| status.id))
    }

    /// Sets an agent's status and tells which one Zendesk says it is now.
    ///
    /// # Errors
    /// What the answer or the network means; [`DeskError::NotFound`] for an agent that is not there.
    pub async fn push_for(&self, agent: &str, status: &StatusId) -> Result<Written, DeskError> {
        let number = status.0.parse().map_err(|_| DeskError::NoSuchStatus)?;
        let request = self.requests.choose_for(agent, number);
        let answer = self.ask(request).await?.written_for_another()?;
        let written = answer.json::<wire::Availability>()?.written();
        written.ok_or_else(|| without("agent_status"))
    }

    /// Lists the rules for how much work agents can have.
    ///
    /// # Errors
    /// What the answer or the network means; [`DeskError::Forbidden`] and [`DeskError::NotFound`] where role or plan
    /// leave them out.
    pub async fn capacity_rules(&self) -> Result<Vec<CapacityRule>, DeskError> {
        let answer = self.ask(self.requests.capacity_rules()).await?;
        Ok(answer.accepted()?.json::<wire::CapacityRules>()?.rules())
    }
}
