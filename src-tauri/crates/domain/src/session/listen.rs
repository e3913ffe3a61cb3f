//! The way by which a help desk speaks by itself: when it is open, and what is believed of what comes.

use std::time::Duration;

use super::known::ECHO;
use super::{Closed, Effect, Heard, Session};
use crate::libredesk::Availability;
use crate::{DeskError, Has, HelpDeskName, Now, StatusId};

/// Where there is no such way, it is looked for anew no more often than this.
const BETWEEN_SEARCHES: Duration = Duration::from_secs(600);
/// So many failures in a row are no hiccup.
const FAILURES_TO_MISSING: u32 = 4;
/// The longest wait after failures in a row.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A way that lived so long was no failure.
const LIVED: Duration = Duration::from_secs(60);

/// The way by which the help desk speaks by itself.
#[derive(Debug, Default)]
pub(super) struct Listening {
    pub(super) ear: Ear,
    /// When it is to be opened, by the clock since boot.
    due: Duration,
    failures: u32,
    /// Why there is none.
    missing: Option<String>,
}

/// Whether it is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ear {
    #[default]
    Closed,
    Opening,
    Open {
        tells_changes: bool,
        since: Duration,
    },
}

impl Session {
    /// Opens the way, where there is one and its time has come.
    pub(super) fn open_ear(&mut self, now: Now, fx: &mut Vec<Effect>) {
        if self.may_listen() && self.listening.due <= now.since_boot {
            self.listening.ear = Ear::Opening;
            fx.push(Effect::Listen);
        }
    }

    /// Whether the help desk can speak by itself at all.
    pub(super) fn listens(&self) -> bool {
        self.desk == HelpDeskName::Libredesk
    }

    /// When that is due.
    pub(super) fn listen_due(&self) -> Option<Duration> {
        self.may_listen().then_some(self.listening.due)
    }

    /// Like a read, it is not opened in the agent's absence; one that is open stays so behind a locked screen.
    fn may_listen(&self) -> bool {
        self.listens()
            && self.listening.ear == Ear::Closed
            && !self.presence.is_away()
            && !self.link.signed_out
            && !self.link.is_doubted()
    }

    /// The network or the computer is back: no wait is worth anything any more.
    pub(super) fn listen_soon(&mut self, now: Now) {
        self.listening.due = now.since_boot;
        self.listening.failures = 0;
    }

    /// Closes the way, since nobody will be there.
    pub(super) fn close_ear(&mut self, fx: &mut Vec<Effect>) {
        if self.listening.ear != Ear::Closed {
            self.listening.ear = Ear::Closed;
            fx.push(Effect::Deafen);
        }
    }

    pub(super) fn heard(&mut self, heard: Heard, now: Now, chance: f64, fx: &mut Vec<Effect>) {
        // A word that was on its way when the way was closed is about another time.
        if self.listening.ear == Ear::Closed {
            return;
        }
        match heard {
            Heard::Open { tells_changes } => {
                self.listening.ear = Ear::Open {
                    tells_changes,
                    since: now.since_boot,
                };
                self.listening.missing = None;
                // What happened before was told to nobody.
                self.read_first(now);
            }
            Heard::Status(id) => self.told_status(&id, now, fx),
            Heard::Closed(why) => self.ear_closed(why, now, chance),
        }
    }

    fn ear_closed(&mut self, why: Closed, now: Now, chance: f64) {
        if let Ear::Open { since, .. } = self.listening.ear
            && now.since_boot >= since + LIVED
        {
            self.listening.failures = 0;
        }
        let was_open = matches!(self.listening.ear, Ear::Open { .. });
        self.listening.ear = Ear::Closed;
        let usual = Duration::from_secs(1 << self.listening.failures.min(6)).min(LONGEST_WAIT);
        self.listening.failures = self.listening.failures.saturating_add(1);
        let wait = match why {
            Closed::NotOffered(detail) => {
                self.listening.missing = Some(detail);
                BETWEEN_SEARCHES
            }
            Closed::Failed(DeskError::RateLimited { retry_after }) => {
                retry_after.map_or(LONGEST_WAIT, |wait| wait.max(usual))
            }
            Closed::Failed(error) => {
                if matches!(error, DeskError::Unauthorized) {
                    // A read finds out what that means.
                    self.read_first(now);
                }
                if self.listening.failures > FAILURES_TO_MISSING {
                    self.listening.missing = Some(error.to_string());
                }
                usual
            }
            Closed::Kicked | Closed::Broken(_) => usual,
        };
        if was_open {
            self.read_first(now);
        }
        self.listening.due = now.since_boot + wait.mul_f64(0.75 + 0.5 * chance);
    }

    /// Believes what the help desk says, unless it may be older than what is known: then a read decides, and until it
    /// does, nothing is sure.
    fn told_status(&mut self, id: &StatusId, now: Now, fx: &mut Vec<Effect>) {
        if let Some(fetch) = &mut self.requests.fetch {
            fetch.overtaken = true;
        }
        let is_other = self
            .known
            .status()
            .is_none_or(|known| known.status.id != *id);
        let may_be_older = !self.known.in_doubt.is_empty()
            || is_other && (self.was_told_lately(now) || self.may_cross(id, now));
        let is_sure = self.known.path.is_some() && !self.link.signed_out;
        match Availability::parse(&id.0) {
            Some(status)
                if is_sure && self.choice.is_none() && !self.requests.push && !may_be_older =>
            {
                self.answered();
                self.believe_told(status.named(), now, fx);
            }
            _ => {
                self.known.echoed |= is_other;
                self.read_first(now);
                self.doubt_again(now);
            }
        }
    }

    /// Whether the last word is so young that another one, which took longer, may be the older.
    fn was_told_lately(&self, now: Now) -> bool {
        let told_at = self.known.at.map(|at| at.since_boot);
        told_at.is_some_and(|at| now.since_boot < at + ECHO)
    }

    /// Whether it was found out that there is no such way.
    pub(super) fn is_way_missing(&self) -> bool {
        self.listening.missing.is_some()
    }

    /// Whether changes are told at once; nothing for a help desk that never does so.
    pub(super) fn tells_at_once(&self) -> Option<Has> {
        if !self.listens() {
            return None;
        }
        Some(match (self.listening.ear, &self.listening.missing) {
            (
                Ear::Open {
                    tells_changes: true,
                    ..
                },
                _,
            ) => Has::Yes,
            (Ear::Open { .. }, _) => Has::No(
                "This Libredesk tells no changes by itself; releases from 2.3.0 on do. Your status is read every 90 seconds."
                    .to_owned(),
            ),
            (Ear::Closed | Ear::Opening, Some(detail)) => Has::No(format!(
                "No websocket can be opened ({detail}). Your status is read every 90 seconds. \
                 A proxy in front of Libredesk may have to let websockets to /ws through."
            )),
            (Ear::Closed | Ear::Opening, None) => {
                Has::NotKnown("The websocket is not open now.".to_owned())
            }
        })
    }
}
