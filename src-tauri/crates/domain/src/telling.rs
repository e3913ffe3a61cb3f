//! Notices in words: what a notification says and what its buttons do.

use jiff::tz::TimeZone;

use crate::words::{SNOOZE, clock, extend_in_words, short};
use crate::{AccountView, Action, Code, Failure, Notice, OfferCause};

/// What a notification says and what its buttons do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The first line.
    pub title: String,
    /// What happened and why, as plain text.
    pub body: String,
    /// What the agent can do about it at once, the likeliest first.
    pub buttons: Vec<Button>,
}

/// One thing that the agent can do at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// A few words.
    pub label: String,
    /// What it does.
    pub action: Action,
}

impl Failure {
    /// What is told of a click in the menu that came to nothing, unless its account tells that by itself.
    pub fn telling(&self, action: &Action) -> Option<Telling> {
        let title = match action {
            Action::ChooseEverywhere { .. } => "Not all accounts were switched",
            Action::PutBack { .. } | Action::Keep { .. } if self.code == Code::NothingToPutBack => {
                "Nothing was put back"
            }
            Action::Extend { .. } => "Nothing was extended",
            Action::Mark { .. } | Action::MakeDefault { .. } => "Nothing was changed",
            _ => return None,
        };
        Some(Telling {
            title: title.to_owned(),
            body: self.message.clone(),
            buttons: Vec::new(),
        })
    }
}

impl Notice {
    /// The notice in words, with times of day in `zone`.
    pub fn telling(&self, account: &AccountView, zone: &TimeZone) -> Telling {
        match self {
            Self::Offer(offer) => {
                let (from, to) = (short(&offer.from, 40), short(&offer.to, 40));
                let at = clock(offer.at, account.as_of.unwrap_or(offer.at), zone);
                let put_back = offer.put_back.as_ref().map(|status| Button {
                    label: match offer.because {
                        OfferCause::ForcedChange
                        | OfferCause::PhoneMoved
                        | OfferCause::TimedStatusEnded => {
                            format!("Put me back to {}", short(&status.name, 40))
                        }
                        OfferCause::Guarded => {
                            format!("Back to {}", short(&status.name, 40))
                        }
                        OfferCause::CallEnded => {
                            format!("Switch to {}", short(&status.name, 40))
                        }
                    },
                    action: Action::PutBack {
                        account: account.account.clone(),
                        status: Some(status.id.clone()),
                    },
                });
                let keep = Button {
                    label: match account.status {
                        Some(_) => format!("Keep {to}"),
                        None => "Keep it as it is".to_owned(),
                    },
                    action: Action::Keep {
                        account: account.account.clone(),
                        at: offer.at,
                    },
                };
                let snooze = Button {
                    label: SNOOZE.to_owned(),
                    action: Action::Snooze {
                        account: account.account.clone(),
                        at: offer.at,
                    },
                };
                let together = match offer.changes {
                    0 | 1 => String::new(),
                    several => format!(", the last of {several} changes in a row"),
                };
                let (title, body) = match offer.because {
                    OfferCause::ForcedChange => (
                        format!("You were moved to {to}"),
                        format!(
                            "At {at}, from {from} to {to}{together}. {}",
                            offer.reason_in_words
                        ),
                    ),
                    OfferCause::PhoneMoved => (
                        format!("Your phone channel went {}", phone_state(&to)),
                        format!("At {at}, from {from}{together}. {}", offer.reason_in_words),
                    ),
                    OfferCause::CallEnded => (
                        "Your call is over".to_owned(),
                        format!("You are still in {from}. {}", offer.reason_in_words),
                    ),
                    OfferCause::Guarded => (
                        format!("Welcome back: you are in {to}"),
                        format!("At {at}, from {from} to {to}. {}", offer.reason_in_words),
                    ),
                    OfferCause::TimedStatusEnded => (
                        format!("Your time in {from} ended at {at}"),
                        format!("You are still in {from}. {}", offer.reason_in_words),
                    ),
                };
                Telling {
                    title,
                    body,
                    buttons: put_back.into_iter().chain([keep, snooze]).collect(),
                }
            }
            Self::Ending(ending) => {
                let until = clock(ending.until, account.as_of.unwrap_or(ending.until), zone);
                let current = account.status.as_ref();
                let name = current.map_or_else(String::new, |status| short(&status.name, 40));
                Telling {
                    title: format!("{name} ends at {until}"),
                    body: format!(
                        "Then you are switched back to {}.",
                        short(&ending.back_to.name, 40)
                    ),
                    buttons: vec![Button {
                        label: extend_in_words(),
                        action: Action::Extend {
                            account: account.account.clone(),
                            until: ending.until,
                        },
                    }],
                }
            }
            Self::SwitchFailed(failed) => Telling {
                title: format!("Not switched to {}", short(&failed.to.name, 40)),
                body: failed.failure.message.clone(),
                buttons: Vec::new(),
            },
            Self::ViaFailed(failed) => Telling {
                title: format!("Calls do not reach you {} yet", failed.to.words()),
                body: failed.failure.message.clone(),
                buttons: Vec::new(),
            },
            Self::AfterCallDropped(dropped) => Telling {
                title: dropped.title(),
                body: dropped.because.clone(),
                buttons: Vec::new(),
            },
            Self::ModeChanged(change) => {
                let desk = account.helpdesk.words();
                let (switched, statuses) = if change.is_talk {
                    (
                        "off",
                        "Your statuses are Talk\u{2019}s now: Online, Away, Transfers only, Offline.",
                    )
                } else {
                    (
                        "on",
                        "Your statuses count for all channels now, and there may be more of them.",
                    )
                };
                let ended = if change.ended_timed {
                    " The time you set for your status is over with it."
                } else {
                    ""
                };
                Telling {
                    title: format!("{desk} has other statuses for you"),
                    body: format!(
                        "Omnichannel routing was switched {switched}. {statuses}{ended} Look at your light."
                    ),
                    buttons: Vec::new(),
                }
            }
            Self::SignedOut(failure) => Telling {
                title: format!("Signed out of {}", account.helpdesk.words()),
                body: failure.message.clone(),
                buttons: vec![Button {
                    label: "Sign in".to_owned(),
                    action: Action::Open,
                }],
            },
        }
    }
}

/// The state alone of what is called "Phone: Away" where nothing else says that it is the phone's.
fn phone_state(to: &str) -> &str {
    to.strip_prefix("Phone: ").unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, StatusId, StatusKind};

    #[test]
    fn a_click_that_came_to_nothing_is_told_once() {
        let account = AccountId("acme".to_owned());
        let stale = Failure::new(Code::NothingToPutBack, "That offer is over.");
        let put_back = Action::PutBack {
            account: account.clone(),
            status: Some(StatusId::new(2)),
        };
        assert_eq!(
            stale.telling(&put_back).unwrap().body,
            "That offer is over."
        );
        let everywhere = Action::ChooseEverywhere {
            kind: StatusKind::Away,
        };
        let partly = Failure::new(Code::NoSuchStatus, "1 of 2 accounts were switched.");
        assert!(partly.telling(&everywhere).is_some());
        // The account itself tells a switch that failed.
        let unreachable = Failure::new(Code::Unreachable, "No answer.");
        assert_eq!(unreachable.telling(&put_back), None);
        let choose = Action::Choose {
            account,
            status: StatusId::new(2),
            until: None,
        };
        assert_eq!(unreachable.telling(&choose), None);
    }
}
