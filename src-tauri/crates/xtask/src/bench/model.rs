//! The account that a fleet shares: who is in which status, and how many requests are left this minute.

use std::time::Duration;

use domain::{
    Budget, DeskError, Listing, ReadPath, Reading, Seen, Status, StatusId, StatusKind, Written,
};

/// Requests a minute for the whole account, whoever asks:
/// <https://developer.zendesk.com/api-reference/agent-availability/introduction/>.
pub(super) const REQUESTS_A_MINUTE: u32 = 200;
const MINUTE: Duration = Duration::from_secs(60);
/// The statuses of the account: Zendesk's own four.
const STATUSES: [(u64, StatusKind); 4] = [
    (2, StatusKind::Online),
    (3, StatusKind::Away),
    (4, StatusKind::Offline),
    (5, StatusKind::TransfersOnly),
];

/// The account that a fleet shares.
pub(super) struct Model {
    headers: bool,
    minute_began: Duration,
    used: u32,
    agents: Vec<usize>,
}

impl Model {
    pub(super) fn new(agents: usize, headers: bool) -> Self {
        Self {
            headers,
            minute_began: Duration::ZERO,
            used: 0,
            agents: vec![0; agents],
        }
    }

    pub(super) fn status(&self, agent: usize) -> StatusId {
        id(self.agents[agent])
    }

    /// Moves an agent to the status that is so many places further; the status it is then.
    pub(super) fn moves(&mut self, agent: usize, by: usize) -> StatusId {
        self.agents[agent] = (self.agents[agent] + by) % STATUSES.len();
        self.status(agent)
    }

    pub(super) fn fetch(&mut self, agent: usize, now: Duration) -> Result<Reading, DeskError> {
        let budget = self.take(now)?;
        Ok(Reading {
            path: ReadPath::Own,
            seen: Seen::Status {
                id: self.status(agent),
                name: STATUSES[self.agents[agent]].1.words().to_owned(),
                reason: Some("AGENT_IDLE_TIMEOUT".to_owned()),
                since: None,
                channels: Vec::new(),
            },
            phone: None,
            budget: self.headers.then_some(budget),
        })
    }

    pub(super) fn push(
        &mut self,
        agent: usize,
        status: &StatusId,
        now: Duration,
    ) -> Result<Written, DeskError> {
        self.take(now)?;
        let place = (0..STATUSES.len()).find(|place| id(*place) == *status);
        self.agents[agent] = place.ok_or(DeskError::NoSuchStatus)?;
        Ok(Written {
            id: status.clone(),
            name: STATUSES[self.agents[agent]].1.words().to_owned(),
        })
    }

    pub(super) fn list(&mut self, now: Duration) -> Result<Listing, DeskError> {
        self.take(now)?;
        let statuses = STATUSES.iter().enumerate();
        Ok(Listing {
            statuses: statuses
                .map(|(place, (_, kind))| listed(place, *kind))
                .collect(),
        })
    }

    /// Counts a request; a refused one costs nothing. A minute begins with its first request.
    fn take(&mut self, now: Duration) -> Result<Budget, DeskError> {
        if self.used == 0 || now >= self.minute_began + MINUTE {
            self.minute_began = now;
            self.used = 0;
        }
        let left = (self.minute_began + MINUTE).saturating_sub(now);
        // Both headers are whole seconds, rounded up.
        let left = Duration::from_secs(left.as_millis().div_ceil(1000).try_into().unwrap_or(60));
        if self.used >= REQUESTS_A_MINUTE {
            return Err(DeskError::RateLimited {
                retry_after: Some(left),
            });
        }
        self.used += 1;
        Ok(Budget {
            limit: REQUESTS_A_MINUTE,
            remaining: REQUESTS_A_MINUTE - self.used,
            resets_in: Some(left),
        })
    }
}

fn id(place: usize) -> StatusId {
    StatusId::new(STATUSES[place].0)
}

fn listed(place: usize, kind: StatusKind) -> Status {
    Status {
        id: id(place),
        name: kind.words().to_owned(),
        kind,
        custom: false,
        eligible: Some(true),
        description: String::new(),
        channels: std::collections::BTreeMap::new(),
        group_ids: Vec::new(),
    }
}
