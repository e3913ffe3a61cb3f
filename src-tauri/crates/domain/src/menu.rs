//! The tray menu as plain data, made from the view and nothing else.

mod accounts;
mod for_a_time;
mod phone;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::words::{SNOOZE, detail, short};
use crate::{AccountView, Action, Certainty, Choosable, Light, Link, OfferCause, View};

/// More statuses than this go to a submenu, the rarely used ones first.
const TOP_LEVEL: usize = 12;
/// Longer names are cut: a menu as wide as the screen helps nobody.
const LABEL_LENGTH: usize = 60;

/// A menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Menu {
    /// From top to bottom.
    pub entries: Vec<Entry>,
}

/// One line of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A line that can be clicked, or only read.
    Item(Item),
    /// A line that opens further ones.
    Submenu {
        /// Its text.
        label: String,
        /// What it opens.
        entries: Vec<Entry>,
        /// One that does not apply now keeps its place too.
        visible: bool,
    },
    /// A rule between two groups.
    Separator,
}

/// A line that can be clicked, or only read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its text.
    pub label: String,
    /// The light beside it.
    pub light: Option<Light>,
    /// Whether it is one of several that exclude each other.
    pub check: Check,
    /// What a click does; a line without it is disabled.
    pub action: Option<Action>,
    /// A line that does not apply now keeps its place, so that the layout stays put.
    pub visible: bool,
}

/// Whether a line is one of several that exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// It is not.
    None,
    /// It is, and another one holds.
    Off,
    /// It is the one that holds.
    On,
    /// It stands for itself and does not hold.
    Unmarked,
    /// It stands for itself and holds.
    Marked,
}

impl Menu {
    /// The menu that shows `view`, with times of day in `zone`.
    pub fn of(view: &View, zone: &TimeZone) -> Self {
        let mut entries = Vec::new();
        match view.accounts.split_first() {
            None => entries.push(Item::text("Not signed in")),
            Some((first, further)) => {
                let several =
                    |account: &AccountView| format!("{}: {}", account.account, account.headline);
                let header = if further.is_empty() {
                    first.headline.clone()
                } else {
                    several(first)
                };
                entries.extend(account_entries(first, &header, zone));
                if !further.is_empty() {
                    entries.push(accounts::mark(view, first));
                    entries.push(Entry::Separator);
                    entries.push(accounts::all(view));
                }
                entries.extend(further.iter().map(|account| {
                    let mut entries = account_entries(account, &account.headline, zone);
                    entries.push(Entry::Separator);
                    entries.push(accounts::mark(view, account));
                    entries.push(accounts::make_default(account));
                    Entry::Submenu {
                        label: label(&several(account)),
                        entries,
                        visible: true,
                    }
                }));
            }
        }
        entries.push(Entry::Separator);
        entries.push(Item::click("Open Statuslight", Action::Open));
        entries.push(Item::click("Quit", Action::Quit));
        Self { entries }
    }
}

fn account_entries(account: &AccountView, header: &str, zone: &TimeZone) -> Vec<Entry> {
    let mut entries = vec![
        Entry::Item(Item {
            light: Some(account.light),
            ..Item::new(label(header))
        }),
        Item::text(detail(account, zone)),
        failed(account),
        put_back(account),
        keep(account),
        snooze(account),
        for_a_time::back(account),
        for_a_time::extend(account),
    ];
    if !account.statuses.is_empty() {
        entries.push(Entry::Separator);
    }
    let (top, rest) = split(&account.statuses);
    entries.extend(top.into_iter().map(|status| status_entry(account, status)));
    if !rest.is_empty() {
        let entries_of_rest = rest
            .into_iter()
            .map(|status| status_entry(account, status))
            .collect();
        entries.push(Entry::Submenu {
            label: "More".to_owned(),
            entries: entries_of_rest,
            visible: true,
        });
    }
    if !account.statuses.is_empty() {
        entries.push(for_a_time::submenu(account));
        entries.push(phone::submenu(account, zone));
    }
    entries
}

/// The most used statuses in the list's order, and the rest.
fn split(statuses: &[Choosable]) -> (Vec<&Choosable>, Vec<&Choosable>) {
    if statuses.len() <= TOP_LEVEL {
        return (statuses.iter().collect(), Vec::new());
    }
    let mut by_use: Vec<&Choosable> = statuses.iter().collect();
    by_use.sort_by_key(|status| (status.custom, std::cmp::Reverse(status.uses)));
    by_use.truncate(TOP_LEVEL);
    statuses
        .iter()
        .partition(|status| by_use.iter().any(|used| used.id == status.id))
}

fn status_entry(account: &AccountView, status: &Choosable) -> Entry {
    // What is not known to hold is not checked, even where it was the last that was known.
    let is_known = account.certainty != Certainty::Unknown;
    let current = is_known
        && account
            .status
            .as_ref()
            .is_some_and(|current| current.id == status.id);
    let can_switch = !matches!(account.link, Link::SignedOut | Link::Locked);
    let barred = status.eligible == Some(false);
    let name = name_of(status);
    Entry::Item(Item {
        label: if barred {
            format!("{name} (not for your groups)")
        } else {
            name
        },
        light: Some(Light::Status(status.kind)),
        check: if current { Check::On } else { Check::Off },
        action: (can_switch && !barred).then(|| Action::Choose {
            account: account.account.clone(),
            status: status.id.clone(),
            until: None,
        }),
        visible: true,
    })
}

/// A name of nothing but blanks still has to be clicked.
fn name_of(status: &Choosable) -> String {
    let name = Some(label(&status.name)).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| format!("Status {}", status.id))
}

fn failed(account: &AccountView) -> Entry {
    let failed = account.failed.as_ref();
    let label = failed.map_or_else(String::new, |failed| {
        format!(
            "Not switched to {}: {}",
            short(&failed.to.name, 40),
            failed.failure.code.words()
        )
    });
    Entry::Item(Item {
        visible: failed.is_some(),
        ..Item::new(label)
    })
}

fn put_back(account: &AccountView) -> Entry {
    let offer = account.offer.as_ref();
    let to = offer.and_then(|offer| Some((offer.because, offer.put_back.as_ref()?)));
    let label = to.map_or_else(String::new, |(because, to)| {
        let name = short(&to.name, 40);
        match because {
            OfferCause::ForcedChange | OfferCause::PhoneMoved => format!("Put me back to {name}"),
            OfferCause::TimedStatusEnded | OfferCause::Guarded => format!("Back to {name}"),
            OfferCause::CallEnded => format!("Switch to {name}"),
        }
    });
    let action = to.map(|(_, to)| Action::PutBack {
        account: account.account.clone(),
        status: Some(to.id.clone()),
    });
    Entry::Item(Item {
        visible: to.is_some(),
        action,
        ..Item::new(label)
    })
}

fn keep(account: &AccountView) -> Entry {
    let offer = account.offer.as_ref();
    let label = offer.map_or_else(String::new, |offer| match &account.status {
        Some(_) => format!("Keep {}", short(&offer.to, 40)),
        None => "Keep it as it is".to_owned(),
    });
    let action = offer.map(|offer| Action::Keep {
        account: account.account.clone(),
        at: offer.at,
    });
    Entry::Item(Item {
        visible: offer.is_some(),
        action,
        ..Item::new(label)
    })
}

fn snooze(account: &AccountView) -> Entry {
    let offer = account.offer.as_ref();
    Entry::Item(Item {
        visible: offer.is_some(),
        action: offer.map(|offer| Action::Snooze {
            account: account.account.clone(),
            at: offer.at,
        }),
        ..Item::new(SNOOZE)
    })
}

fn label(text: &str) -> String {
    short(text, LABEL_LENGTH)
}

impl Item {
    fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            light: None,
            check: Check::None,
            action: None,
            visible: true,
        }
    }

    fn text(label: impl Into<String>) -> Entry {
        Entry::Item(Self::new(label))
    }

    fn click(label: &str, action: Action) -> Entry {
        Entry::Item(Self {
            action: Some(action),
            ..Self::new(label)
        })
    }
}
