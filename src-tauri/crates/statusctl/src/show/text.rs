//! Results as people read them.

use std::fmt::Write as _;

use domain::{
    AccountView, Certainty, Channel, Choosable, Light, Link, PhoneView, StatusKind, View, clock,
    short, tooltip,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::json;

/// As much of a name as a line has room for.
pub(super) const NAME: usize = 60;
/// As much of a sentence of somebody else's.
pub(super) const SENTENCE: usize = 200;

/// Whether colours can be seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    /// Colours a text like the light of its kind.
    pub(super) fn kind(self, kind: StatusKind, text: &str) -> String {
        self.code(
            match kind {
                StatusKind::Online => "32",
                StatusKind::Away => "33",
                StatusKind::TransfersOnly => "36",
                StatusKind::Offline => "2",
            },
            text,
        )
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The current status on one line: what it is, and how that is known.
pub(crate) fn line(account: &AccountView, zone: &TimeZone, paint: Paint) -> String {
    let view = View {
        accounts: vec![account.clone()],
        hints: Vec::new(),
    };
    let said = tooltip(&view, zone);
    let (headline, detail) = said.split_once('\n').unwrap_or((&said, ""));
    let mut line = match (account.light, &account.status) {
        (Light::Status(kind) | Light::Unconfirmed(kind), Some(status)) => {
            let unconfirmed = matches!(account.light, Light::Unconfirmed(_));
            let words = kind.words().to_lowercase();
            let known = [
                (status.name != kind.words(), words.as_str()),
                (unconfirmed, "unconfirmed"),
            ];
            let known: Vec<&str> = known
                .iter()
                .filter(|(is, _)| *is)
                .map(|(_, word)| *word)
                .collect();
            let name = paint.kind(kind, &short(&status.name, NAME));
            if known.is_empty() {
                name
            } else {
                format!("{name} ({})", known.join(", "))
            }
        }
        (Light::Status(kind), None) => paint.kind(kind, headline),
        _ => without_hope(account).unwrap_or(headline).to_owned(),
    };
    if !detail.is_empty() {
        let _ = write!(
            line,
            " - {}",
            decapitalized(detail, account.helpdesk.words())
        );
    }
    line
}

/// The current status with all that an agent may want to know of it.
pub(crate) fn status(account: &AccountView, zone: &TimeZone, paint: Paint) -> String {
    let trouble = account
        .trouble
        .as_ref()
        .filter(|_| account.certainty == Certainty::Unknown);
    let mut lines = vec![match trouble {
        // The trouble follows as a whole.
        Some(_) => {
            without_hope(account).map_or_else(|| short(&account.headline, NAME), str::to_owned)
        }
        None => line(account, zone, paint),
    }];
    let mut detail = |text: &str| lines.push(format!("  {}", short(text, SENTENCE)));
    if let Some(reason) = &account.reason_in_words {
        detail(reason);
    }
    if let Some(note) = &account.note {
        detail(note);
    }
    let back = account
        .offer
        .as_ref()
        .and_then(|offer| offer.put_back.as_ref());
    if let Some(back) = back {
        detail(&format!(
            "Back to {}: statusctl back",
            short(&back.name, NAME)
        ));
    }
    let phone = account.phone.as_ref();
    let phone = phone.map(|phone| self::phone(phone, account, zone));
    if let Some(phone) = phone.filter(|known| !known.is_empty()) {
        detail(&phone);
    }
    let channels: Vec<String> = account.channels.iter().map(channel).collect();
    if !channels.is_empty() {
        detail(&channels.join(", "));
    }
    // Of a status that is not readable at all, the first line says so.
    if let Some(limits) = account
        .limits
        .as_ref()
        .filter(|_| account.certainty != Certainty::Assumed)
    {
        detail(limits);
    }
    if let Some(trouble) = trouble {
        detail(&trouble.message);
    }
    lines.join("\n")
}

/// What to say in the place of "Checking" where that has failed.
fn without_hope(account: &AccountView) -> Option<&'static str> {
    let failed =
        account.light == Light::NotConfirmed && account.status.is_none() && account.as_of.is_none();
    (failed && account.trouble.is_some()).then_some("Not known")
}

/// Where calls ring, whether one is under way, and what follows it.
fn phone(phone: &PhoneView, account: &AccountView, zone: &TimeZone) -> String {
    let call = phone.call.map(|call| {
        let today = account.as_of.unwrap_or(Timestamp::UNIX_EPOCH);
        let since = phone
            .call_since
            .map(|since| format!(" since {}", clock(since, today, zone)))
            .unwrap_or_default();
        format!("{}{since}", call.words())
    });
    let then = phone
        .after_call
        .as_ref()
        .map(|status| format!("{} after the call", short(&status.name, NAME)));
    let via = phone.via.map(|via| format!("Calls: {}", via.words()));
    let known: Vec<String> = [call, then, via].into_iter().flatten().collect();
    known.join("; ")
}

pub(super) fn channel(channel: &Channel) -> String {
    let state = channel
        .kind()
        .map_or_else(|| channel.state.clone(), |kind| kind.words().to_lowercase());
    let mut text = format!("{} {state}", channel.name);
    match (channel.work_items, channel.capacity) {
        (Some(items), Some(capacity)) => {
            let _ = write!(text, " ({items} of {capacity})");
        }
        (Some(items), None) => {
            let _ = write!(text, " ({items})");
        }
        (None, _) => {}
    }
    text
}

/// The statuses to choose from; names come last, since some are wider than they are long.
pub(crate) fn list(account: &AccountView, paint: Paint) -> String {
    let width =
        |text: fn(&Choosable) -> usize| account.statuses.iter().map(text).max().unwrap_or_default();
    let id = width(|status| status.id.0.chars().count());
    let kind = width(|status| status.kind.words().chars().count());
    let current = account.status.as_ref().map(|status| &status.id);
    let row = |status: &Choosable| {
        let mark = if current == Some(&status.id) {
            '*'
        } else {
            ' '
        };
        let words = format!("{:kind$}", status.kind.words().to_lowercase());
        let name = short(&status.name, NAME);
        let barred = if status.eligible == Some(false) {
            "  (not for your groups)"
        } else {
            ""
        };
        let words = paint.kind(status.kind, &words);
        format!("{mark} {:id$}  {words}  {name}{barred}", status.id.0)
    };
    account
        .statuses
        .iter()
        .map(row)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The accounts and how each is doing.
pub(crate) fn accounts(accounts: &[AccountView]) -> String {
    let rows: Vec<[String; 5]> = accounts
        .iter()
        .map(|account| {
            [
                if account.default { "*" } else { " " }.to_owned(),
                account.account.0.clone(),
                link(json::link(account)).to_owned(),
                account.url.clone(),
                short(&account.agent.name, NAME),
            ]
        })
        .collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let (name, state, url) = (width(1), width(2), width(3));
    rows.iter()
        .map(|row| {
            format!(
                "{} {:name$}  {:state$}  {:url$}  {}",
                row[0], row[1], row[2], row[3], row[4]
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// How an account is doing, in a word or two.
fn link(link: Link) -> &'static str {
    match link {
        Link::Ok => "ok",
        Link::Unreachable => "unreachable",
        Link::RateLimited => "asked to wait",
        Link::SignedOut => "signed out",
        Link::Locked => "locked",
    }
}

/// A change as `watch` prints it.
pub(crate) fn change(
    account: &AccountView,
    named: bool,
    now: Timestamp,
    zone: &TimeZone,
    paint: Paint,
) -> String {
    let time = now.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string();
    let name = if named {
        format!("{}  ", account.account)
    } else {
        String::new()
    };
    format!("{time}  {name}{}", line(account, zone, paint))
}

/// A sentence as it goes on after a dash.
fn decapitalized(text: &str, proper: &str) -> String {
    let mut rest = text.chars();
    match rest.next() {
        Some(first) if !text.starts_with(proper) => first.to_lowercase().chain(rest).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
