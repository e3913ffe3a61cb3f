//! The words people read, made in one place.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use crate::libredesk::Availability;
use crate::{
    AccountView, Certainty, ChangedBy, EXTENSION, HelpDeskName, Light, Link, OfferCause, View,
};

/// Explains a help desk's word for why a status changed; unknown words are shown as they came.
///
/// Zendesk's list: <https://developer.zendesk.com/api-reference/agent-availability/agent-availability-api/agent_status/>
pub fn reason_in_words(desk: HelpDeskName, reason: Option<&str>) -> String {
    let desk = desk.words();
    match reason {
        None | Some("UNKNOWN") => format!("{desk} does not say why."),
        Some("AGENT_STATUS_SWITCHER") => {
            format!("It was changed in {desk}\u{2019}s own status menu.")
        }
        Some("SWITCHER_AUTO_RECONNECT") => {
            format!("{desk} restored it when your browser reconnected.")
        }
        Some("AGENT_LOGOUT") => format!("You signed out of {desk} in the browser."),
        Some("AGENT_STATUS_DELETED") => "An admin deleted the status you had.".to_owned(),
        Some("AGENT_DISCONNECTED") => format!("{desk} lost the connection to your browser."),
        Some("AGENT_IDLE_TIMEOUT") => {
            format!("{desk}\u{2019}s idle timeout: it saw no activity in its browser tab.")
        }
        Some("OMNICHANNEL_ROUTING_ENABLED") => {
            "An admin switched omnichannel routing on.".to_owned()
        }
        Some("PUBLIC_API") => "Another program or an admin changed it.".to_owned(),
        Some("EXPLORE_TAKE_AN_ACTION" | "MONITORING_ASSISTANT_UPDATE") => {
            "A supervisor changed it from a dashboard.".to_owned()
        }
        Some("WFM_STATUS_UPDATE") => "Workforce management changed it by your schedule.".to_owned(),
        Some("INTERNAL_TEST") => format!("{desk} changed it in a test of its own."),
        Some(other) => format!("{desk}\u{2019}s reason: {}.", short(other, 60)),
    }
}

/// A help desk's word for an error as far as it can be one: it comes from outside, and may go into a sentence.
pub fn error_word(error: &str) -> String {
    let is_word = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    error.chars().filter(is_word).take(40).collect()
}

/// The time of day, with the date where that is not today's.
pub fn clock(at: Timestamp, today: Timestamp, zone: &TimeZone) -> String {
    let (at, today) = (at.to_zoned(zone.clone()), today.to_zoned(zone.clone()));
    if at.date() == today.date() {
        at.strftime("%H:%M").to_string()
    } else if at
        .date()
        .until((Unit::Day, today.date()))
        .is_ok_and(|days| days.get_days().abs() < 7)
    {
        at.strftime("%a %H:%M").to_string()
    } else {
        at.strftime("%-d %b %H:%M").to_string()
    }
}

/// Asks again later.
pub(crate) const SNOOZE: &str = "Snooze 10 min";

/// What *Extend* does.
pub(crate) fn extend_in_words() -> String {
    format!("Extend by {} min", EXTENSION.as_mins())
}

/// What a status is called that no list and no answer named.
pub(crate) const UNKNOWN_STATUS: &str = "a status that is not known";

/// Shortens a foreign text to one line of at most `limit` characters, without what could reorder its surroundings.
///
/// ```
/// use domain::short;
/// assert_eq!(short("Lunch\nbreak", 20), "Lunch break");
/// assert_eq!(short("a very long name", 8), "a very\u{2026}");
/// ```
pub fn short(text: &str, limit: usize) -> String {
    let clean: String = text
        .chars()
        .filter(|c| !is_reordering(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.chars().count() <= limit {
        return clean;
    }
    let cut: String = clean.chars().take(limit.saturating_sub(1)).collect();
    format!("{}\u{2026}", cut.trim_end())
}

/// Embeddings, overrides and isolates: they can make a text show what it does not say.
fn is_reordering(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// How sure the status is and since when, in one line; it changes only when one of these does.
pub(crate) fn detail(account: &AccountView, zone: &TimeZone) -> String {
    let desk = account.helpdesk.words();
    // A status that nothing told today is shown with its date.
    let today = account.as_of.unwrap_or(Timestamp::UNIX_EPOCH);
    let clock = |at: Timestamp| clock(at, today, zone);
    let status = account
        .status
        .as_ref()
        .map(|status| short(&status.name, 40));
    match (account.link, account.light) {
        (Link::SignedOut, _) => return "Open Statuslight to sign in again".to_owned(),
        (Link::Locked, _) => {
            return "Statuses cannot be changed until an admin unlocks it".to_owned();
        }
        (_, Light::Switching) => {
            return status.map_or_else(
                || format!("Asking {desk}"),
                |status| format!("From {status}"),
            );
        }
        (Link::Unreachable, _) => {
            if let Some((status, as_of)) = status.as_ref().zip(account.as_of) {
                return format!("Was {status} at {}; trying again", clock(as_of));
            }
        }
        (Link::Ok | Link::RateLimited, _) => {}
    }
    if let Some(trouble) = account
        .trouble
        .as_ref()
        .filter(|_| account.certainty == Certainty::Unknown)
    {
        let sentence = trouble
            .message
            .split_inclusive(". ")
            .next()
            .unwrap_or(&trouble.message);
        return short(sentence.trim_end_matches(['.', ' ']), 90);
    }
    if let Some(ended) = account
        .offer
        .as_ref()
        .filter(|offer| offer.because == OfferCause::TimedStatusEnded)
    {
        return format!("Its time ended {}", clock(ended.at));
    }
    if account
        .offer
        .as_ref()
        .is_some_and(|offer| offer.because == OfferCause::CallEnded)
    {
        return "Your call is over".to_owned();
    }
    if account
        .offer
        .as_ref()
        .is_some_and(|offer| offer.because == OfferCause::Guarded)
    {
        return "Set by your guard while you were away".to_owned();
    }
    match (account.certainty, account.since, account.as_of) {
        (Certainty::Confirmed | Certainty::Projected, Some(since), _)
            if account.timed.is_some() =>
        {
            let until = account
                .timed
                .as_ref()
                .map(|timed| clock(timed.until))
                .unwrap_or_default();
            format!("Since {}, until {until}", clock(since))
        }
        (Certainty::Confirmed, Some(since), _) => {
            format!("Since {}{}{}", clock(since), by(account), work(account))
        }
        (Certainty::Confirmed, None, _) => format!("Confirmed by {desk}{}", work(account)),
        (Certainty::Projected, Some(since), _) if status.is_none() => {
            format!(
                "Since {}; only your phone channel can be read",
                clock(since)
            )
        }
        (Certainty::Projected, None, _) if status.is_none() => {
            "Only your phone channel can be read".to_owned()
        }
        (Certainty::Projected, Some(since), _) => {
            format!("Since {}, as your phone channel shows", clock(since))
        }
        (Certainty::Projected, None, _) => "As your phone channel shows".to_owned(),
        (Certainty::Assumed, Some(since), _) => {
            format!(
                "Set by you {}; {desk} does not let your role read it",
                clock(since)
            )
        }
        (Certainty::Assumed, None, _) => {
            format!("Set by you; {desk} does not let your role read it")
        }
        (Certainty::Unknown, _, Some(as_of)) => format!("Last confirmed {}", clock(as_of)),
        (Certainty::Unknown, _, None) if account.limits.is_some() => {
            format!("{desk} does not let your role read it")
        }
        (Certainty::Unknown, _, None) => format!("Asking {desk}"),
    }
}

/// That work still comes, where the status's name lets one think that it does not.
fn work(account: &AccountView) -> &'static str {
    let status = account.status.as_ref();
    let availability = status
        .filter(|_| account.helpdesk == HelpDeskName::Libredesk)
        .and_then(|status| Availability::parse(&status.id.0));
    match availability {
        Some(Availability::Idle | Availability::Offline) => "; you still receive conversations",
        _ => "",
    }
}

fn by(account: &AccountView) -> &'static str {
    match account.changed_by {
        Some(ChangedBy::You) => ", set by you",
        Some(ChangedBy::Other) => ", not set by you",
        Some(ChangedBy::Unknown) | None => "",
    }
}

/// What the tray icon says when pointed at; the status comes first, since some desktops cut it.
pub fn tooltip(view: &View, zone: &TimeZone) -> String {
    let Some(account) = view.worst() else {
        return "Not signed in\nOpen Statuslight to sign in".to_owned();
    };
    let headline = short(&account.headline, 60);
    let detail = detail(account, zone);
    if view.accounts.len() > 1 {
        format!("{headline}\n{}: {detail}", short(&account.account.0, 40))
    } else {
        format!("{headline}\n{detail}")
    }
}
