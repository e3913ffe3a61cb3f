//! The help desk of a story, and what is on it.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::*;

/// The help desk of a story. It answers at once unless told to hold.
pub(in crate::session::tests) struct Desk {
    pub(in crate::session::tests) status: StatusId,
    pub(in crate::session::tests) reason: Option<String>,
    pub(in crate::session::tests) since: Option<Timestamp>,
    pub(in crate::session::tests) path: ReadPath,
    pub(in crate::session::tests) statuses: Vec<Status>,
    /// What an answer to a read says of the account's requests.
    pub(in crate::session::tests) budget: Option<Budget>,
    /// What every read, list and probe ends with.
    pub(in crate::session::tests) fails: Option<DeskError>,
    /// What every list ends with.
    pub(in crate::session::tests) list_fails: Option<DeskError>,
    pub(in crate::session::tests) phone_fails: Option<DeskError>,
    /// What the next writes end with.
    pub(in crate::session::tests) write_fails: VecDeque<(DeskError, Applied)>,
    pub(in crate::session::tests) holds_reads: bool,
    pub(in crate::session::tests) holds_writes: bool,
    pub(in crate::session::tests) holds_probes: bool,
    /// The agent's phone, if there is one.
    pub(in crate::session::tests) phone: Option<Phone>,
    /// What the next changes of where calls ring end with.
    pub(in crate::session::tests) via_fails: VecDeque<(DeskError, Applied)>,
    pub(in crate::session::tests) holds_vias: bool,
    pub(super) held_via: Option<Via>,
    pub(super) held: VecDeque<Input>,
    pub(super) held_write: Option<StatusId>,
}

/// Whether a write that failed was applied all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session::tests) enum Applied {
    Yes,
    No,
}

impl Desk {
    pub(super) fn online(since: Timestamp) -> Self {
        Self {
            status: id("Online"),
            reason: Some("AGENT_STATUS_SWITCHER".to_owned()),
            since: Some(since),
            path: ReadPath::Own,
            statuses: statuses(),
            budget: None,
            fails: None,
            list_fails: None,
            phone_fails: None,
            write_fails: VecDeque::new(),
            holds_reads: false,
            holds_writes: false,
            holds_probes: false,
            phone: None,
            via_fails: VecDeque::new(),
            holds_vias: false,
            held_via: None,
            held: VecDeque::new(),
            held_write: None,
        }
    }

    pub(in crate::session::tests) fn name(&self, id: &StatusId) -> String {
        let status = self.statuses.iter().find(|status| status.id == *id);
        status.map_or_else(|| id.to_string(), |status| status.name.clone())
    }

    pub(super) fn read(&self, known: Option<ReadPath>) -> Result<Reading, DeskError> {
        if let Some(error) = &self.fails {
            return Err(error.clone());
        }
        let path = if known == Some(ReadPath::Nowhere) {
            ReadPath::Nowhere
        } else {
            self.path
        };
        let seen = match path {
            ReadPath::Nowhere => Seen::Nothing,
            ReadPath::TalkChannel => Seen::Channel(self.talk()),
            ReadPath::Own | ReadPath::OwnById | ReadPath::TalkIsStatus => Seen::Status {
                id: self.status.clone(),
                name: self.name(&self.status),
                reason: self.reason.clone(),
                since: self.since,
                channels: vec![self.talk()],
            },
        };
        let comes_along = matches!(path, ReadPath::TalkChannel | ReadPath::TalkIsStatus);
        Ok(Reading {
            path,
            seen,
            budget: self.budget,
            phone: self.phone.filter(|_| comes_along),
        })
    }

    fn talk(&self) -> Channel {
        let status = self.statuses.iter().find(|status| status.id == self.status);
        let state = status
            .and_then(|status| status.channels.get("talk"))
            .cloned()
            .unwrap_or_else(|| self.name(&self.status).to_lowercase().replace(' ', "_"));
        Channel {
            name: "talk".to_owned(),
            state,
            work_items: None,
            capacity: None,
        }
    }

    pub(in crate::session::tests) fn answer_by(&mut self, via: Via) -> Result<Phone, DeskError> {
        let failing = self.via_fails.pop_front();
        let applied = failing
            .as_ref()
            .is_none_or(|(_, applied)| *applied == Applied::Yes);
        let phone = self.phone.as_mut().ok_or(DeskError::NotFound)?;
        if applied {
            phone.via = Some(via);
        }
        failing.map_or(Ok(*phone), |(error, _)| Err(error))
    }

    pub(in crate::session::tests) fn write(
        &mut self,
        status: StatusId,
        now: Timestamp,
    ) -> Result<Written, DeskError> {
        let failing = self.write_fails.pop_front();
        if failing
            .as_ref()
            .is_none_or(|(_, applied)| *applied == Applied::Yes)
        {
            self.status = status.clone();
            self.reason = Some("PUBLIC_API".to_owned());
            // The two clocks differ a little.
            self.since = Some(now + SignedDuration::from_secs(2));
        }
        match failing {
            Some((error, _)) => Err(error),
            None => Ok(Written {
                name: self.name(&status),
                id: status,
            }),
        }
    }
}

pub(in crate::session::tests) fn ada() -> Agent {
    Agent {
        id: "10011".to_owned(),
        name: "Ada".to_owned(),
    }
}

pub(in crate::session::tests) fn account() -> Account {
    Account {
        id: AccountId("acme".to_owned()),
        helpdesk: HelpDeskName::Zendesk,
        url: "https://acme.zendesk.com".to_owned(),
        agent: ada(),
        sign_in: SignIn::AccessToken,
        agreed: Agreed::default(),
    }
}

const STATUSES: [(&str, &str, &[&str]); 8] = [
    ("2", "Offline", &[]),
    ("3", "Online", &[]),
    ("4", "Away", &[]),
    ("5", "Transfers only", &[]),
    ("10", "Lunch", &["offline", "away", "away"]),
    ("11", "Coffee", &["away", "away", "away"]),
    ("12", "Meeting", &["online", "away", "offline"]),
    ("13", "Training", &["offline", "offline", "transfers_only"]),
];

pub(in crate::session::tests) fn statuses() -> Vec<Status> {
    let status = |(id, name, states): (&str, &str, &[&str])| Status {
        id: StatusId::new(id),
        name: name.to_owned(),
        kind: StatusKind::parse(name)
            .unwrap_or_else(|| StatusKind::inferred(states.iter().copied())),
        custom: !states.is_empty(),
        description: String::new(),
        channels: ["messaging", "support", "talk"]
            .iter()
            .zip(states)
            .map(|(c, s)| ((*c).into(), (*s).into()))
            .collect(),
        group_ids: Vec::new(),
        eligible: Some(true),
    };
    STATUSES.into_iter().map(status).collect()
}

/// The identifier of the status of that name.
pub(in crate::session::tests) fn id(name: &str) -> StatusId {
    let known = STATUSES.iter().find(|(_, known, _)| *known == name);
    StatusId::new(known.map_or(name, |(id, _, _)| id))
}

pub(in crate::session::tests) fn unreachable() -> DeskError {
    DeskError::Unreachable {
        detail: "no route to host".to_owned(),
    }
}

pub(in crate::session::tests) fn limited(seconds: u64) -> DeskError {
    DeskError::RateLimited {
        retry_after: Some(Duration::from_secs(seconds)),
    }
}
