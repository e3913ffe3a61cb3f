//! Results as scripts read them; the shapes are a promise.

use std::collections::BTreeMap;

use domain::{
    AccountId, AccountView, Agent, Certainty, ChangedBy, Channel, Choosable, HelpDeskName, Link,
    NamedStatus, StatusId, StatusKind,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::wait;

/// The clocks of help desk and computer may tell the same moment so much apart.
const SAME_MOMENT_S: i64 = 5;

/// The current status: `status`, `set`, `back`, and each line of `watch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Current {
    account: AccountId,
    helpdesk: HelpDeskName,
    agent: Agent,
    status: Option<NamedStatus>,
    certainty: Certainty,
    as_of: Option<Timestamp>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    previous: Option<NamedStatus>,
    changed_by: Option<ChangedBy>,
    reason: Option<String>,
    channels: Vec<Channel>,
    link: Link,
}

/// A status to choose from: `list`.
#[derive(Debug, Serialize)]
pub(crate) struct Listed<'a> {
    id: &'a StatusId,
    name: &'a str,
    kind: StatusKind,
    custom: bool,
    eligible: Option<bool>,
    description: &'a str,
    channels: &'a BTreeMap<String, String>,
    group_ids: &'a [String],
}

/// An account: `accounts`, `login`.
#[derive(Debug, Serialize)]
pub(crate) struct SignedIn<'a> {
    account: &'a AccountId,
    helpdesk: HelpDeskName,
    agent: &'a Agent,
    url: &'a str,
    default: bool,
    link: Link,
}

/// An account that is no more: `logout`.
#[derive(Debug, Serialize)]
pub(crate) struct SignedOut<'a> {
    pub(crate) account: &'a AccountId,
}

impl From<&AccountView> for Current {
    fn from(account: &AccountView) -> Self {
        Self {
            account: account.account.clone(),
            helpdesk: account.helpdesk,
            agent: account.agent.clone(),
            status: account.status.clone(),
            certainty: account.certainty,
            as_of: account.as_of,
            since: account.since,
            until: account.timed.as_ref().map(|timed| timed.until),
            previous: account.previous.clone(),
            changed_by: account.changed_by,
            reason: account.reason.clone(),
            channels: account.channels.clone(),
            link: link(account),
        }
    }
}

impl Current {
    /// Fills in what was before from an older line, where nothing else tells it.
    pub(crate) fn come_after(&mut self, older: &Self) {
        let id = |status: &Option<NamedStatus>| status.as_ref().map(|status| status.id.clone());
        if self.previous.is_none() {
            let same = id(&self.status) == id(&older.status);
            self.previous
                .clone_from(if same { &older.previous } else { &older.status });
        }
    }

    /// Whether it says the same as an older line, whenever that was read.
    pub(crate) fn tells_the_same_as(&self, older: &Self) -> bool {
        let same_moment = match (self.since, older.since) {
            (Some(one), Some(other)) => {
                (one.as_second() - other.as_second()).abs() <= SAME_MOMENT_S
            }
            (one, other) => one == other,
        };
        let own = self.changed_by == Some(ChangedBy::You);
        let told = Self {
            as_of: self.as_of,
            since: self.since,
            // Nobody needs to be told why they did something.
            reason: if own {
                self.reason.clone()
            } else {
                older.reason.clone()
            },
            channels: self.channels.clone(),
            ..older.clone()
        };
        same_moment && told == *self && agree(&self.channels, &older.channels)
    }
}

/// Whether two lists of channels say the same as far as both say something.
///
/// The answer to a switch says nothing of the channels, or what the status means for them; the next read says more.
fn agree(some: &[Channel], others: &[Channel]) -> bool {
    let same = |one: Option<u32>, other: Option<u32>| {
        one.zip(other).is_none_or(|(one, other)| one == other)
    };
    some.iter().all(|channel| {
        let other = others.iter().find(|other| other.name == channel.name);
        other.is_none_or(|other| {
            other.state.eq_ignore_ascii_case(&channel.state)
                && same(other.work_items, channel.work_items)
                && same(other.capacity, channel.capacity)
        })
    })
}

impl<'a> From<&'a Choosable> for Listed<'a> {
    fn from(status: &'a Choosable) -> Self {
        Self {
            id: &status.id,
            name: &status.name,
            kind: status.kind,
            custom: status.custom,
            eligible: status.eligible,
            description: &status.description,
            channels: &status.channels,
            group_ids: &status.group_ids,
        }
    }
}

impl<'a> From<&'a AccountView> for SignedIn<'a> {
    fn from(account: &'a AccountView) -> Self {
        Self {
            account: &account.account,
            helpdesk: account.helpdesk,
            agent: &account.agent,
            url: &account.url,
            default: account.default,
            link: link(account),
        }
    }
}

/// How the account is doing; one that failed to answer ever since the start is not called well.
pub(crate) fn link(account: &AccountView) -> Link {
    let failed = account.trouble.is_some() && !wait::has_answered(account);
    match account.link {
        Link::Ok if failed => Link::Unreachable,
        link => link,
    }
}

#[cfg(test)]
mod tests {
    use domain::{Code, Failure};
    use insta::assert_snapshot;

    use super::*;
    use crate::sample;

    fn pretty(value: &impl Serialize) -> String {
        serde_json::to_string_pretty(value).unwrap()
    }

    #[test]
    fn a_status_says_all_that_is_known() {
        assert_snapshot!(pretty(&Current::from(&sample::at_lunch())));
    }

    #[test]
    fn a_status_that_is_not_known_has_every_field_all_the_same() {
        assert_snapshot!(pretty(&Current::from(&sample::checking())));
    }

    #[test]
    fn a_list_says_who_may_choose_what() {
        let account = sample::at_lunch();
        let listed: Vec<Listed<'_>> = account.statuses.iter().map(Listed::from).collect();
        assert_snapshot!(pretty(&listed));
    }

    #[test]
    fn an_account_says_where_and_how_it_is() {
        assert_snapshot!(pretty(&[SignedIn::from(&sample::at_lunch())]));
    }

    #[test]
    fn a_later_read_of_the_same_is_no_change() {
        let mut read_again = sample::at_lunch();
        read_again.as_of = Some(sample::at("12:32:00"));
        read_again.since = Some(sample::at("12:03:02"));
        assert!(Current::from(&read_again).tells_the_same_as(&Current::from(&sample::at_lunch())));
    }

    #[test]
    fn the_read_after_a_switch_of_our_own_is_no_second_change() {
        let mut switched = sample::at_lunch();
        switched.channels[0].state = "AWAY".to_owned();
        switched.channels[0].work_items = None;
        switched.channels.truncate(1);
        let mut read = sample::at_lunch();
        read.reason = Some("PUBLIC_API".to_owned());
        assert!(Current::from(&read).tells_the_same_as(&Current::from(&switched)));
        read.changed_by = Some(ChangedBy::Other);
        assert!(!Current::from(&read).tells_the_same_as(&Current::from(&switched)));
    }

    #[test]
    fn whatever_else_a_line_shows_is_a_change() {
        let changes: [fn(&mut AccountView); 7] = [
            |account| account.status = None,
            |account| account.certainty = Certainty::Unknown,
            |account| account.since = Some(sample::at("12:20:00")),
            |account| account.since = None,
            |account| account.link = Link::Unreachable,
            |account| account.channels[0].work_items = Some(3),
            |account| account.channels[0].state = "online".to_owned(),
        ];
        for change in changes {
            let mut changed = sample::at_lunch();
            change(&mut changed);
            let older = Current::from(&sample::at_lunch());
            assert!(
                !Current::from(&changed).tells_the_same_as(&older),
                "{changed:?}"
            );
        }
    }

    #[test]
    fn what_was_before_comes_from_the_older_line() {
        let mut older = sample::at_lunch();
        older.previous = Some(sample::named("4", "Away", StatusKind::Away));
        let older = Current::from(&older);
        let mut read_anew = sample::at_lunch();
        read_anew.previous = None;
        let mut same = Current::from(&read_anew);
        same.come_after(&older);
        assert_eq!(same.previous, older.previous);
        read_anew.status = Some(sample::named("3", "Online", StatusKind::Online));
        let mut changed = Current::from(&read_anew);
        changed.come_after(&older);
        assert_eq!(changed.previous, older.status);
    }

    #[test]
    fn an_account_that_never_answered_is_not_called_well() {
        let mut account = sample::checking();
        assert_eq!(link(&account), Link::Ok);
        account.trouble = Some(Failure::new(Code::NoSecretStore, "The keyring is locked."));
        assert_eq!(link(&account), Link::Unreachable);
        let mut answered = sample::at_lunch();
        answered.trouble.clone_from(&account.trouble);
        assert_eq!(link(&answered), Link::Ok);
    }
}
