//! The model account: what the agent's status truly is, and was at any time.

mod budget;
mod libredesk;
mod names;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use domain::{CallStatus, Channel, Phone, Status, StatusId, StatusKind, Via};
use jiff::{SignedDuration, Timestamp};

use crate::asked::Source;
use crate::story::{Name, Readable, Why};

/// The help desk's clock differs from the computer's by so much.
const SKEW: SignedDuration = SignedDuration::from_millis(1700);

/// One change of the status.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) at: Duration,
    pub(crate) to: Name,
    pub(crate) by: By,
}

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Start,
    /// The write of that number.
    Write(usize),
    Else(Why),
    /// Libredesk's own rule, since it saw nobody for five minutes.
    Sweep,
    /// Our word that the agent is there, which makes Online of Offline.
    Presence,
}

impl By {
    /// Whether it was nothing of ours.
    pub(crate) fn is_else(self) -> bool {
        matches!(self, Self::Else(_) | Self::Sweep)
    }
}

/// The help desk, as far as one agent goes.
#[derive(Debug)]
pub(crate) struct Model {
    readable: Readable,
    began: Timestamp,
    /// Oldest first, and never empty.
    history: Vec<Change>,
    barred: HashSet<Name>,
    pub(crate) revoked: bool,
    pub(crate) phone: Phone,
    /// When Libredesk last saw somebody.
    last_active: Duration,
    /// What Libredesk is still to tell those who listen.
    untold: Vec<Change>,
    /// What others use of the account's requests, in percent.
    pub(crate) load: Option<u32>,
}

impl Model {
    /// `began` is the help desk's time of day at the beginning of all time.
    pub(crate) fn new(readable: Readable, began: Timestamp) -> Self {
        Self {
            readable,
            began: began + SKEW,
            history: vec![Change {
                at: Duration::ZERO,
                to: Name::Online,
                by: By::Start,
            }],
            barred: HashSet::new(),
            revoked: false,
            phone: Phone {
                via: Some(Via::Client),
                call: None,
            },
            last_active: Duration::ZERO,
            untold: Vec::new(),
            load: None,
        }
    }

    pub(crate) fn names(&self) -> &'static [Name] {
        match self.readable {
            Readable::TalkState => &Name::OF_TALK,
            Readable::Libredesk => &Name::OF_LIBREDESK,
            Readable::Status | Readable::PhoneChannel | Readable::Nothing => &Name::ALL,
        }
    }

    /// The status of that name, or one in its place where the account has none of that name.
    pub(crate) fn near(&self, name: Name) -> Name {
        let names = self.names();
        names[name as usize % names.len()]
    }

    /// The same, of those that the agent can choose.
    pub(crate) fn near_choice(&self, name: Name) -> Name {
        let names = self.choosable();
        names[name as usize % names.len()]
    }

    fn choosable(&self) -> &'static [Name] {
        match self.readable {
            Readable::Libredesk => &Name::OFFERED_BY_LIBREDESK,
            _ => self.names(),
        }
    }

    pub(crate) fn id(&self, name: Name) -> StatusId {
        match self.readable {
            Readable::TalkState => StatusId::new(name.words().to_lowercase().replace(' ', "_")),
            Readable::Libredesk => StatusId::new(name.libredesk_word()),
            Readable::Status | Readable::PhoneChannel | Readable::Nothing => {
                StatusId::new(name as usize + 2)
            }
        }
    }

    pub(crate) fn name_of(&self, id: &StatusId) -> Option<Name> {
        let mut names = self.names().iter().copied();
        names.find(|name| self.id(*name) == *id)
    }

    pub(crate) fn latest(&self) -> Change {
        self.history[self.history.len() - 1]
    }

    pub(crate) fn now(&self) -> Name {
        self.latest().to
    }

    /// The status before the last change.
    pub(crate) fn before(&self) -> Change {
        self.history[self.history.len().saturating_sub(2)]
    }

    /// Since when, by the help desk's clock, a change holds.
    pub(crate) fn since(&self, change: Change) -> Timestamp {
        self.began + SignedDuration::try_from(change.at).unwrap_or_default()
    }

    /// Changes the status, unless it is so already.
    pub(crate) fn change(&mut self, to: Name, by: By, at: Duration) {
        if self.now() != to {
            self.history.push(Change { at, to, by });
        }
    }

    /// A write is applied; who moves as idleness has it may not go where it wants.
    pub(crate) fn write(&mut self, to: Name, number: usize, source: Source, at: Duration) {
        let by = By::Write(number);
        match (self.readable, source) {
            (Readable::Libredesk, Source::Idleness) => self.change_by_idleness(to, by, at),
            (Readable::Libredesk, Source::Agent) => self.tell_change(to, by, at),
            _ => self.change(to, by, at),
        }
    }

    /// Whether the status was so at some time between two moments.
    pub(crate) fn was(&self, name: Name, from: Duration, to: Duration) -> bool {
        self.held(from, to).any(|change| change.to == name)
    }

    /// The changes that held at some time between two moments.
    pub(crate) fn held(&self, from: Duration, to: Duration) -> impl Iterator<Item = Change> {
        let ends = |place: usize| {
            self.history
                .get(place + 1)
                .map_or(Duration::MAX, |next| next.at)
        };
        let changes = self.history.iter().enumerate();
        changes
            .filter(move |(place, change)| change.at <= to && ends(*place) >= from)
            .map(|(_, change)| *change)
    }

    pub(crate) fn bar(&mut self, name: Name, bars: bool) {
        if bars {
            self.barred.insert(name);
        } else {
            self.barred.remove(&name);
        }
    }

    pub(crate) fn may_choose(&self, name: Name) -> bool {
        !self.barred.contains(&name)
    }

    pub(crate) fn statuses(&self) -> Vec<Status> {
        let status = |name: &Name| Status {
            id: self.id(*name),
            name: name.words().to_owned(),
            kind: name.kind(),
            custom: name.channels().is_some(),
            description: String::new(),
            channels: name.channels().map_or_else(BTreeMap::new, |states| {
                let names = ["support", "messaging", "talk"].map(str::to_owned);
                names.into_iter().zip(states.map(str::to_owned)).collect()
            }),
            group_ids: Vec::new(),
            eligible: Some(self.may_choose(*name)),
        };
        self.choosable().iter().map(status).collect()
    }

    /// What the phone channel does in a status.
    pub(crate) fn talk(name: Name) -> Channel {
        channel("talk", word(name.phone()))
    }

    /// What all channels do in a status.
    pub(crate) fn channels(name: Name) -> Vec<Channel> {
        let states = name.channels().map(|states| states.map(str::to_owned));
        let states = states.unwrap_or_else(|| [name.kind(); 3].map(word));
        let names = ["support", "messaging", "talk"].into_iter();
        names
            .zip(states)
            .map(|(name, state)| channel(name, state))
            .collect()
    }

    pub(crate) fn rings(&mut self, by_phone: bool) {
        self.phone.via = Some(if by_phone { Via::Phone } else { Via::Client });
    }

    pub(crate) fn calls(&mut self, on_call: bool) {
        self.phone.call = on_call.then_some(CallStatus::OnCall);
    }
}

fn word(kind: StatusKind) -> String {
    kind.words().to_lowercase().replace(' ', "_")
}

fn channel(name: &str, state: String) -> Channel {
    Channel {
        name: name.to_owned(),
        state,
        work_items: None,
        capacity: None,
    }
}
