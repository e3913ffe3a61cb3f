//! What outlives the program.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Effect, Session};
use crate::{Account, Left, NamedStatus, Now, ReadPath, StatusId, Via};

/// So long after it was sent, a write may be applied.
pub(super) const LONGEST_WRITE: Duration = Duration::from_secs(30);

/// What outlives the program: it is read by whoever runs next, and never shown as current.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// Whose it is; see [`Remembered::of`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whose: Option<String>,
    /// The last write, kept before it is sent.
    pub last_write: Option<LastWrite>,
    /// The timed status under way.
    pub timed: Option<Timed>,
    /// Where the status was readable.
    pub read_path: Option<ReadPath>,
    /// What the guard did or tried, until the agent is back.
    pub left: Option<Left>,
    /// The status of the newest click whose outcome is not known yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_click: Option<NamedStatus>,
    /// Where calls shall ring by the newest such click whose outcome is not known yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_via: Option<Via>,
    /// The help desk had a phone for the agent.
    pub has_phone: bool,
    /// How often each status was chosen.
    pub uses: BTreeMap<StatusId, u32>,
}

/// A write of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastWrite {
    /// The status that was written.
    pub status: NamedStatus,
    /// When.
    pub at: Timestamp,
    /// Whether the help desk accepted it; until its answer came, no.
    pub accepted: bool,
}

/// A status chosen for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timed {
    /// The status.
    pub status: StatusId,
    /// When it ends.
    pub until: Timestamp,
    /// What comes back then.
    pub back_to: NamedStatus,
    /// Its end is still to be announced.
    #[serde(default)]
    pub announces: bool,
}

impl Remembered {
    /// This, unless it is another agent's who had the account's name before: then a new beginning.
    #[must_use]
    pub fn of(self, account: &Account) -> Self {
        let whose = Some(whose(account));
        if self.whose.is_some() && self.whose != whose {
            return Self {
                whose,
                ..Self::default()
            };
        }
        Self { whose, ..self }
    }

    /// Whether this is known to be the agent's.
    pub fn is_of(&self, account: &Account) -> bool {
        self.whose == Some(whose(account))
    }
}

/// The same number is another agent on another instance.
fn whose(account: &Account) -> String {
    format!("{} at {}", account.agent.id, account.url)
}

impl Session {
    pub(super) fn remember(&self, fx: &mut Vec<Effect>) {
        fx.push(Effect::Remember(Box::new(self.remembered.clone())));
    }

    /// Our last write that the help desk accepted.
    pub(super) fn accepted_write(&self) -> Option<&NamedStatus> {
        self.remembered
            .last_write
            .as_ref()
            .filter(|write| write.accepted)
            .map(|write| &write.status)
    }

    /// Keeps a write before it is sent, so that whoever runs next can explain the change.
    pub(super) fn remember_write(&mut self, status: NamedStatus, now: Now, fx: &mut Vec<Effect>) {
        if self.known.in_doubt.is_empty() {
            self.settled_write.clone_from(&self.remembered.last_write);
        }
        self.wrote_at = Some(now.since_boot);
        self.remembered.last_write = Some(LastWrite {
            status,
            at: now.wall,
            accepted: false,
        });
        self.remember(fx);
    }

    /// Goes back to the write before one that was not applied: that one still explains the status.
    pub(super) fn forget_write(&mut self, fx: &mut Vec<Effect>) {
        let before = match (self.known.in_doubt.last(), &self.remembered.last_write) {
            (Some(doubted), Some(write)) => Some(LastWrite {
                status: doubted.clone(),
                ..write.clone()
            }),
            _ => self.settled_write.clone(),
        };
        self.wrote_at = None;
        if self.remembered.last_write != before {
            self.remembered.last_write = before;
            self.remember(fx);
        }
    }

    /// Whether the last write was begun after the last word of the help desk. The clock since boot tells: the time of
    /// day may have been set meanwhile.
    pub(super) fn wrote_since_told(&self) -> bool {
        let told_at = self.known.at.map(|at| at.since_boot);
        self.wrote_at
            .zip(told_at)
            .is_some_and(|(wrote, told)| wrote >= told)
    }

    /// A read found that a write in doubt was applied, perhaps not the last one.
    pub(super) fn found_applied(&mut self, status: &NamedStatus, fx: &mut Vec<Effect>) {
        let Some(write) = self.remembered.last_write.as_mut() else {
            return;
        };
        if write.status.id != status.id || !write.accepted {
            write.status = status.clone();
            write.accepted = true;
            self.remember(fx);
        }
    }

    /// Whether a write of the program that ran before, whose answer nobody saw, explains a status that is found now: it
    /// may have been applied even after the first read.
    pub(super) fn explained_from_before(&self, status: &NamedStatus) -> bool {
        let write = self.unanswered.as_ref();
        write.is_some_and(|write| write.id == status.id)
    }

    /// A word that was asked for when no older write can be under way any more leaves nothing for one to explain.
    pub(super) fn outlive_unanswered(&mut self, asked_at: Duration, fx: &mut Vec<Effect>) {
        let is_over = self
            .began
            .is_some_and(|began| asked_at >= began + LONGEST_WRITE);
        let Some(status) = self.unanswered.take_if(|_| is_over) else {
            return;
        };
        let is_it = |write: &LastWrite| !write.accepted && write.status.id == status.id;
        self.settled_write.take_if(|write| is_it(write));
        if self.remembered.last_write.as_ref().is_some_and(is_it) {
            self.forget_write(fx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, Agent, Agreed, HelpDeskName, SignIn};

    #[test]
    fn what_is_remembered_of_one_agent_is_nothing_to_another() {
        let at = |agent: &str, url: &str| Account {
            id: AccountId("acme".to_owned()),
            helpdesk: HelpDeskName::Zendesk,
            url: url.to_owned(),
            agent: Agent {
                id: agent.to_owned(),
                name: "Ada Example".to_owned(),
            },
            sign_in: SignIn::AccessToken,
            agreed: Agreed::default(),
        };
        let ada = at("7", "https://acme.zendesk.com");
        let before = Remembered {
            read_path: Some(ReadPath::Own),
            ..Remembered::default()
        };
        let hers = before.of(&ada);
        assert!(hers.is_of(&ada) && hers.read_path.is_some());
        assert_eq!(hers.clone().of(&ada), hers);
        for other in [
            at("8", "https://acme.zendesk.com"),
            at("7", "https://acme.example.com"),
        ] {
            assert!(!hers.is_of(&other));
            let his = hers.clone().of(&other);
            assert!(his.is_of(&other) && his.read_path.is_none());
        }
    }
}
