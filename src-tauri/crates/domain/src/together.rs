//! Forced changes of several accounts at once, told as one.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::words::{clock, short};
use crate::{AccountId, Action, Button, Offer, OfferCause, Telling};

/// Forced changes of several accounts that lie no further apart are one story.
const TOGETHER: SignedDuration = SignedDuration::from_secs(10);
/// Desktops show no more buttons.
const MOST_BUTTONS: usize = 3;

/// A forced change of one account, and what is offered after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which account.
    pub account: AccountId,
    /// What is offered there.
    pub offer: Offer,
}

impl Offer {
    /// Whether something else moved the agent, as it may do in several accounts at once.
    pub fn is_forced(&self) -> bool {
        matches!(
            self.because,
            OfferCause::ForcedChange | OfferCause::PhoneMoved
        )
    }
}

impl Moved {
    /// This change and those of `others` that came with it, each no more than 10 s from another; the oldest first.
    pub fn with(self, others: &[Self]) -> Vec<Self> {
        let mut together = vec![self];
        let mut others: Vec<&Self> = others.iter().collect();
        loop {
            let near = |other: &&Self| {
                let mut known = together.iter();
                known.any(|known| known.offer.at.duration_since(other.offer.at).abs() <= TOGETHER)
            };
            let (joining, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(near);
            if joining.is_empty() {
                break;
            }
            together.extend(joining.into_iter().cloned());
            others = rest;
        }
        together.sort_by_key(|moved| moved.offer.at);
        together
    }

    /// Several changes as one notification, which names each account; times of day are in `zone`.
    pub fn telling(together: &[Self], zone: &TimeZone) -> Telling {
        let today = together.iter().map(|moved| moved.offer.at).max();
        let line = |moved: &Self| {
            let offer = &moved.offer;
            format!(
                "{}: at {}, from {} to {}. {}",
                moved.account,
                clock(offer.at, today.unwrap_or(offer.at), zone),
                short(&offer.from, 40),
                short(&offer.to, 40),
                offer.reason_in_words
            )
        };
        let button = |moved: &Self| {
            let status = moved.offer.put_back.as_ref()?;
            Some(Button {
                label: format!(
                    "Put me back to {} ({})",
                    short(&status.name, 40),
                    moved.account
                ),
                action: Action::PutBack {
                    account: moved.account.clone(),
                    status: Some(status.id.clone()),
                },
            })
        };
        Telling {
            title: format!("You were moved in {} accounts", together.len()),
            body: together.iter().map(line).collect::<Vec<_>>().join("\n"),
            buttons: together
                .iter()
                .filter_map(button)
                .take(MOST_BUTTONS)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{NamedStatus, StatusId, StatusKind};

    fn moved(account: &str, second: i64) -> Moved {
        let online = NamedStatus {
            id: StatusId::new(2),
            name: "Online".to_owned(),
            kind: StatusKind::Online,
            custom: false,
        };
        Moved {
            account: AccountId(account.to_owned()),
            offer: Offer {
                because: OfferCause::ForcedChange,
                from: "Online".to_owned(),
                put_back: (account != "initech").then_some(online),
                to: "Offline".to_owned(),
                at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second),
                changes: 1,
                reason_in_words: "Your browser lost its connection.".to_owned(),
            },
        }
    }

    fn accounts(together: &[Moved]) -> Vec<&str> {
        let accounts = together.iter().map(|moved| moved.account.0.as_str());
        accounts.collect()
    }

    #[test]
    fn changes_that_follow_each_other_within_ten_seconds_are_one_story() {
        let others = [moved("acme", 0), moved("globex", 10), moved("hooli", 31)];
        let together = moved("initech", 20).with(&others);
        assert_eq!(accounts(&together), ["acme", "globex", "initech"]);
        assert_eq!(accounts(&moved("initech", 60).with(&others)), ["initech"]);
    }

    #[test]
    fn the_one_notification_names_each_account_with_its_way_back() {
        let together = moved("globex", 4).with(&[moved("acme", 0), moved("initech", 7)]);
        let telling = Moved::telling(&together, &TimeZone::UTC);
        let labels: Vec<&str> = telling
            .buttons
            .iter()
            .map(|button| button.label.as_str())
            .collect();
        insta::assert_snapshot!(format!("{}\n{}\n{labels:?}", telling.title, telling.body), @r#"
        You were moved in 3 accounts
        acme: at 00:00, from Online to Offline. Your browser lost its connection.
        globex: at 00:00, from Online to Offline. Your browser lost its connection.
        initech: at 00:00, from Online to Offline. Your browser lost its connection.
        ["Put me back to Online (acme)", "Put me back to Online (globex)"]
        "#);
    }
}
