//! What of an account's view becomes history.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{KEPT, Stretch, earlier};
use crate::words::short;
use crate::{AccountView, Certainty, ChangedBy, NamedStatus, Now};

/// A stretch that goes on is written anew so often: no more of it is lost when the program is killed.
const BETWEEN_WRITES: Duration = Duration::from_secs(60);
/// Two clocks may be so far apart and still tell of the same moment.
const SAME_MOMENT: SignedDuration = SignedDuration::from_secs(10);
/// However the light looks by then, two words further apart do not vouch for what lies between them.
const LONGEST_SILENCE: Duration = Duration::from_secs(600);
/// Where nothing can be read only the running program vouches, which looks at its clock more often than this.
const LONGEST_SLUMBER: Duration = Duration::from_secs(120);
/// More of a foreign text is not kept.
const LONGEST_TEXT: usize = 200;

/// Turns what an account shows, moment by moment, into stretches to be kept.
///
/// A stretch reaches from one word of the help desk to another, and is handed out again while it grows:
/// whoever keeps it lets the later one stand for the earlier.
#[derive(Debug, Default)]
pub struct Recorder {
    last: Option<Stretch>,
    /// The last stretch is not as it was handed out.
    is_changed: bool,
    /// When it was handed out, by the clock since boot.
    handed_out: Duration,
    /// When the last word came.
    heard: Option<Now>,
    /// The light has shown a status ever since.
    is_watched: bool,
    /// The beginning that our own clock gave to a write of ours; a help desk that tells no time leaves it standing.
    own_since: Option<Timestamp>,
    /// Since when the last status held, as the help desk said last.
    told_since: Option<Timestamp>,
}

/// What is known of the status at a moment.
struct Word<'a> {
    status: &'a NamedStatus,
    confirmed: bool,
    at: Timestamp,
}

impl Recorder {
    /// Goes on after the latest stretch that was kept.
    pub fn after(last: Option<Stretch>) -> Self {
        Self {
            last,
            ..Self::default()
        }
    }

    /// Takes in what an account shows, and gives what is to be kept of it.
    pub fn observe(&mut self, view: &AccountView, now: Now) -> Vec<Stretch> {
        let Some(word) = word(view, now) else {
            self.is_watched = false;
            return self.flush(now).into_iter().collect();
        };
        let is_news = self.heard.is_none_or(|heard| heard.wall != word.at);
        if is_news {
            self.hear(&word, view, now)
        } else {
            Vec::new()
        }
    }

    /// The last stretch, if more of it is known than was handed out.
    pub fn flush(&mut self, now: Now) -> Option<Stretch> {
        if !std::mem::take(&mut self.is_changed) {
            return None;
        }
        self.handed_out = now.since_boot;
        self.last.clone()
    }

    /// What was handed out could not be kept: it is handed out again.
    pub fn not_kept(&mut self) {
        self.is_changed = self.last.is_some();
    }

    fn hear(&mut self, word: &Word<'_>, view: &AccountView, now: Now) -> Vec<Stretch> {
        if view.since == Some(word.at) {
            self.own_since = view.since;
        }
        let jumped = self.is_clock_changed(word.at, now);
        let is_watched = !jumped && self.is_watched && self.is_recent(word, now);
        self.is_watched = true;
        self.heard = Some(Now {
            wall: word.at,
            ..now
        });
        // Only the help desk's own clock tells of time in which nobody looked.
        let told_since = view
            .since
            .filter(|_| word.confirmed && view.since != self.own_since);
        let told_before = std::mem::replace(&mut self.told_since, told_since);
        let continued = self.last.as_mut().filter(|last| {
            let told = told_since.is_some_and(|since| {
                since <= last.until || since.duration_since(last.from).abs() <= SAME_MOMENT
            });
            // It was something else between the two words, however short they came one after the other.
            let is_anew = !told && told_before.is_some_and(|before| told_since > Some(before));
            !jumped
                && !is_anew
                && last.status.id == word.status.id
                && last.confirmed == word.confirmed
                && last.until <= word.at
                && (is_watched || told)
        });
        if let Some(last) = continued {
            let status = named(word.status);
            let is_renamed = last.status != status;
            self.is_changed |= is_renamed || last.until < word.at;
            last.until = word.at;
            last.status = status;
            let is_due = now.since_boot >= self.handed_out.saturating_add(BETWEEN_WRITES);
            return if is_due || is_renamed {
                self.flush(now).into_iter().collect()
            } else {
                Vec::new()
            };
        }
        self.begin(word, view, now, is_watched, jumped)
    }

    fn begin(
        &mut self,
        word: &Word<'_>,
        view: &AccountView,
        now: Now,
        is_watched: bool,
        jumped: bool,
    ) -> Vec<Stretch> {
        let since = view
            .since
            .filter(|_| is_watched || word.confirmed && view.since != self.own_since);
        // No time is told twice, unless the clock lets it be lived twice.
        let ended = self.last.as_ref().map(|last| last.until);
        let earliest = match ended {
            Some(ended) if !jumped && ended <= word.at => ended,
            Some(_) => word.at,
            None => earlier(word.at, KEPT),
        };
        let from = since.map_or(word.at, |since| since.clamp(earliest, word.at));
        let is_other = |last: &Stretch| last.status.id != word.status.id;
        if let Some(last) = self
            .last
            .as_mut()
            .filter(|last| is_watched && since.is_some() && last.until < from && is_other(last))
        {
            // While the light was on, the status before held until this one began.
            last.until = from;
            self.is_changed = true;
        }
        let before = self.flush(now);
        let changed_by = view.changed_by.unwrap_or(ChangedBy::Unknown);
        let reason = view
            .reason
            .as_deref()
            .filter(|_| changed_by != ChangedBy::You);
        let stretch = Stretch {
            from,
            until: word.at,
            status: named(word.status),
            confirmed: word.confirmed,
            changed_by,
            reason: reason.map(|reason| short(reason, LONGEST_TEXT)),
        };
        self.last = Some(stretch.clone());
        self.handed_out = now.since_boot;
        before.into_iter().chain([stretch]).collect()
    }

    /// Whether the time of day went another way than time itself since the last word.
    fn is_clock_changed(&self, at: Timestamp, now: Now) -> bool {
        match (self.heard, &self.last) {
            (Some(heard), _) => {
                let by_boot = now.since_boot.saturating_sub(heard.since_boot);
                let by_boot = SignedDuration::try_from(by_boot).unwrap_or(SignedDuration::MAX);
                let apart = at.duration_since(heard.wall).saturating_sub(by_boot);
                apart.abs() > SAME_MOMENT
            }
            (None, Some(last)) => at < last.until,
            (None, None) => false,
        }
    }

    fn is_recent(&self, word: &Word<'_>, now: Now) -> bool {
        let longest = if word.confirmed {
            LONGEST_SILENCE
        } else {
            LONGEST_SLUMBER
        };
        self.heard
            .is_some_and(|heard| now.since_boot.saturating_sub(heard.since_boot) <= longest)
    }
}

/// What a view tells of the status, and of which moment.
fn word(view: &AccountView, now: Now) -> Option<Word<'_>> {
    let status = view.status.as_ref()?;
    let (confirmed, at) = match view.certainty {
        Certainty::Confirmed => (true, view.as_of?),
        Certainty::Projected => (false, view.as_of?),
        Certainty::Assumed => (false, now.wall),
        Certainty::Unknown => return None,
    };
    Some(Word {
        status,
        confirmed,
        at,
    })
}

/// The status with as much of its name as is kept.
fn named(status: &NamedStatus) -> NamedStatus {
    NamedStatus {
        name: short(&status.name, LONGEST_TEXT),
        ..status.clone()
    }
}
