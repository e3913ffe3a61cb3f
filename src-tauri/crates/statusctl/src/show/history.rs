//! Time in status as people, spreadsheets and scripts read it.

use std::fmt::Write as _;

use domain::{
    AccountId, ChangedBy, Day, HelpDeskName, History, NamedStatus, Stretch, Total, reason_in_words,
    short,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use serde::Serialize;

use super::Paint;
use super::text::NAME;

/// Shorter gaps are the moment between two answers.
const WORTH_TELLING: SignedDuration = SignedDuration::from_secs(60);

/// What was asked for, and what there is.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) since: Timestamp,
    pub(crate) history: &'a History,
}

/// All of it: `history`; the shape is a promise.
#[derive(Debug, Serialize)]
pub(crate) struct Json<'a> {
    account: &'a AccountId,
    since: Timestamp,
    stretches: Vec<JsonStretch<'a>>,
    days: Vec<JsonDay>,
    unreadable: u32,
}

#[derive(Debug, Serialize)]
struct JsonStretch<'a> {
    from: Timestamp,
    until: Timestamp,
    seconds: i64,
    status: &'a NamedStatus,
    confirmed: bool,
    changed_by: ChangedBy,
    reason: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct JsonDay {
    date: Date,
    totals: Vec<Total>,
}

impl<'a> Told<'a> {
    /// For scripts.
    pub(crate) fn json(&self, zone: &TimeZone) -> Json<'a> {
        let stretch = |stretch: &'a Stretch| JsonStretch {
            from: stretch.from,
            until: stretch.until,
            seconds: stretch.lasted().as_secs(),
            status: &stretch.status,
            confirmed: stretch.confirmed,
            changed_by: stretch.changed_by,
            reason: stretch.reason.as_deref(),
        };
        let day = |day: Day| JsonDay {
            date: day.date,
            totals: day.totals,
        };
        Json {
            account: self.account,
            since: self.since,
            stretches: self.history.stretches.iter().map(stretch).collect(),
            days: self.history.days(zone).into_iter().map(day).collect(),
            unreadable: self.history.unreadable,
        }
    }

    /// For spreadsheets, after RFC 4180: a line per stretch, cut at midnight, with the agent's own times.
    pub(crate) fn csv(&self, zone: &TimeZone) -> String {
        let mut text =
            "account,from,until,seconds,status_id,status,kind,confirmed,changed_by,reason"
                .to_owned();
        let days = self.history.days(zone);
        for stretch in days.iter().flat_map(|day| &day.stretches) {
            let time = |at: Timestamp| {
                let at = at.to_zoned(zone.clone());
                at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
            };
            let fields = [
                cell(&self.account.0),
                time(stretch.from),
                time(stretch.until),
                stretch.lasted().as_secs().to_string(),
                cell(&stretch.status.id.0),
                cell(&stretch.status.name),
                word(&stretch.status.kind),
                stretch.confirmed.to_string(),
                word(&stretch.changed_by),
                cell(stretch.reason.as_deref().unwrap_or_default()),
            ];
            let _ = write!(text, "\n{}", fields.join(","));
        }
        text
    }

    /// For people: the days with their stretches, and what they add up to.
    pub(crate) fn text(&self, desk: HelpDeskName, now: &Zoned, paint: Paint) -> String {
        let days = self.history.days(now.time_zone());
        if days.is_empty() {
            let since = self.since.to_zoned(now.time_zone().clone());
            return format!(
                "Nothing is known since {}.",
                since.strftime("%-d %b %Y %H:%M")
            );
        }
        let mut lines = Vec::new();
        for day in &days {
            lines.push(day.date.strftime("%a %-d %b %Y").to_string());
            self::day(day, desk, now.time_zone(), paint, &mut lines);
        }
        lines.join("\n")
    }
}

fn day(day: &Day, desk: HelpDeskName, zone: &TimeZone, paint: Paint, lines: &mut Vec<String>) {
    let mut ended: Option<Timestamp> = None;
    for stretch in &day.stretches {
        if let Some(ended) = ended
            && stretch.from.duration_since(ended) >= WORTH_TELLING
        {
            lines.push(format!(
                "  {}  {:>11}  not known",
                between(ended, stretch.from, zone),
                lasted(stretch.from.duration_since(ended))
            ));
        }
        ended = Some(stretch.until);
        let mut line = format!(
            "  {}  {:>11}  {}",
            between(stretch.from, stretch.until, zone),
            lasted(stretch.lasted()),
            name(&stretch.status, stretch.confirmed, paint)
        );
        let reason = || reason_in_words(desk, stretch.reason.as_deref());
        let _ = match stretch.changed_by {
            ChangedBy::You => write!(line, " - set by you"),
            ChangedBy::Other => write!(line, " - not set by you: {}", reason()),
            ChangedBy::Unknown => match stretch.reason {
                Some(_) => write!(line, " - {}", reason()),
                None => Ok(()),
            },
        };
        lines.push(line);
    }
    let totals = day.totals.iter().filter(|total| total.seconds > 0);
    let totals: Vec<String> = totals
        .map(|total| {
            let time = lasted(SignedDuration::from_secs(total.seconds));
            format!("{} {time}", name(&total.status, total.confirmed, paint))
        })
        .collect();
    if !totals.is_empty() {
        lines.push(format!("  In all: {}", totals.join(", ")));
    }
}

/// The status's name, with its colour where the name does not say it.
fn name(status: &NamedStatus, confirmed: bool, paint: Paint) -> String {
    let kind = status.kind.words();
    let name = short(&status.name, NAME);
    let known: Vec<String> = [
        (name != kind).then(|| kind.to_lowercase()),
        (!confirmed).then(|| "unconfirmed".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let painted = paint.kind(status.kind, &name);
    if known.is_empty() {
        painted
    } else {
        format!("{painted} ({})", known.join(", "))
    }
}

fn between(from: Timestamp, until: Timestamp, zone: &TimeZone) -> String {
    let from = from.to_zoned(zone.clone());
    let until = until.to_zoned(zone.clone());
    let end = if until.date() == from.date() {
        until.strftime("%H:%M").to_string()
    } else {
        "24:00".to_owned()
    };
    format!("{} - {end}", from.strftime("%H:%M"))
}

/// So long in hours and minutes, as they are added up.
fn lasted(time: SignedDuration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60) {
        // One word of the help desk, and none after it that says how long.
        (0, 0) if seconds == 0 => "seen".to_owned(),
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// A foreign text as a field that stays a text: in quotes where it must be, and never a formula.
///
/// What makes spreadsheets calculate: <https://owasp.org/www-community/attacks/CSV_Injection>
fn cell(text: &str) -> String {
    let text = short(text, usize::MAX);
    let calculates = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]);
    let text = if calculates { format!("'{text}") } else { text };
    if text.contains([',', '"', ';', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// A word of ours as it stands in JSON.
fn word(word: &impl Serialize) -> String {
    serde_json::to_value(word)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
