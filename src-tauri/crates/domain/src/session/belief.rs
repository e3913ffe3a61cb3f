//! What to believe of a read, and whether something else changed the status.

use std::time::Duration;

use jiff::Timestamp;

use super::hold::is;
use super::known::{ECHO, KnownStatus, What};
use super::{Effect, Session};
use crate::libredesk::Availability;
use crate::words::reason_in_words;
use crate::{
    ChangedBy, Channel, HelpDeskName, NamedStatus, Now, Offer, OfferCause, ReadPath, Seen,
    StatusId, StatusKind,
};

/// Why what waits for the end of a call is given up.
pub(super) const STATUS_CHANGED: &str = "Your status was changed by somebody else meanwhile.";
/// The two clocks may differ by so much for a write to explain a status found at the start.
const CLOCK_SKEW_S: i64 = 120;

/// A status as a read tells it.
struct Told {
    status: NamedStatus,
    reason: Option<String>,
    since: Option<Timestamp>,
    channels: Vec<Channel>,
    /// When it was asked, by the clock since boot.
    asked_at: Duration,
}

/// A change of the status, as it was told.
#[derive(Debug)]
pub(super) struct Change {
    before: Option<NamedStatus>,
    status: NamedStatus,
    reason: Option<String>,
    at: Timestamp,
    changed_by: Option<ChangedBy>,
}

impl Told {
    /// Whether the help desk's reason is one that a write of ours may bring about.
    fn fits_a_write(&self) -> bool {
        matches!(
            self.reason.as_deref(),
            None | Some("UNKNOWN" | "PUBLIC_API")
        )
    }
}

impl Session {
    pub(super) fn believe(&mut self, seen: Seen, now: Now, fx: &mut Vec<Effect>) {
        match seen {
            Seen::Status {
                id,
                name,
                reason,
                since,
                channels,
            } => {
                if let Some(path) = self.known.path {
                    self.expect_phone(path, &channels, now);
                }
                let is_strange = !self.statuses.is_empty() && self.find(&id).is_none();
                // With routing just switched, the list that is on its way says what the status is.
                let awaits_list = self.requests.list || self.due.list <= now.since_boot;
                if is_strange
                    && awaits_list
                    && self.known.path.is_some_and(|path| self.is_misfit(path))
                {
                    return;
                }
                if is_strange
                    && self.known.path == Some(ReadPath::TalkIsStatus)
                    && self.look_for_better_path(now)
                {
                    return;
                }
                let status = self.name_status(id, name, &channels);
                self.believe_status(
                    Told {
                        status,
                        reason,
                        since,
                        channels,
                        asked_at: self.due.last_fetch.unwrap_or(now.since_boot),
                    },
                    now,
                    fx,
                );
            }
            Seen::Channel(channel) => self.believe_channel(channel, now, fx),
            Seen::Nothing => self.schedule_probe(now),
        }
    }

    fn believe_status(&mut self, told: Told, now: Now, fx: &mut Vec<Effect>) {
        if self.is_echo(&told) {
            self.read_past_echo(now);
            return;
        }
        self.presence.untold = false;
        let before = self.known.status().map(|known| known.status.clone());
        let changed = before
            .as_ref()
            .is_none_or(|before| before.id != told.status.id);
        let doubts = &self.known.in_doubt;
        let came_about = doubts.iter().any(|status| status.id == told.status.id);
        let changed_by = if changed || came_about {
            Some(self.changed_by(&told))
        } else {
            self.known.status().and_then(|known| known.changed_by)
        };
        let kept_since = self
            .known
            .status()
            .filter(|_| !changed)
            .and_then(|known| known.since);
        let Told {
            status,
            reason,
            since,
            channels,
            asked_at,
        } = told;
        let was_in_doubt = !self.known.in_doubt.is_empty();
        let known = KnownStatus {
            status: status.clone(),
            reason: reason.clone(),
            since: since.or(kept_since),
            channels,
            changed_by,
            written: false,
        };
        self.known.learn(What::Status(known), now);
        self.known.replaced.clear();
        if came_about || self.explained_from_before(&status) {
            self.found_applied(&status, fx);
        } else if was_in_doubt {
            self.forget_write(fx);
        }
        self.outlive_unanswered(asked_at, fx);
        self.clear_failed_to(&status, fx);
        if !changed {
            self.still_held(&status.id, now, fx);
            return;
        }
        let is_restored = self.is_restored(&status.id);
        let is_held = self.follow_hold(&status.id, now);
        if is_restored {
            // It is as if Offline had never been: whatever was told of it is over.
            self.close_offer(fx);
            return;
        }
        let change = Change {
            before,
            status,
            reason,
            at: since.unwrap_or(now.wall),
            changed_by,
        };
        if is_held {
            self.close_offer(fx);
            self.hold_back(change, now);
        } else {
            self.follow_change(change, now, fx);
        }
    }

    /// What a change of the status brings about.
    pub(super) fn follow_change(&mut self, change: Change, now: Now, fx: &mut Vec<Effect>) {
        let Change {
            before,
            status,
            reason,
            at,
            changed_by,
        } = change;
        self.yield_timed(Some(&status.id), fx);
        if changed_by != Some(ChangedBy::You) {
            self.yield_after_call(Some(&status.id), STATUS_CHANGED, fx);
        }
        let Some(before) = before else { return };
        self.yield_guard(&status.id, fx);
        self.previous = Some(before.clone());
        let earlier = self.burst.take();
        self.close_offer(fx);
        if changed_by == Some(ChangedBy::Other) {
            let offer = Offer {
                because: OfferCause::ForcedChange,
                from: before.name.clone(),
                put_back: Some(self.before_idle(before)),
                to: status.name.clone(),
                at,
                changes: 1,
                reason_in_words: self.why(&status.id, reason.as_deref()),
            };
            if let Some(offer) = self.join_burst(earlier, offer, now) {
                self.make_offer(offer, fx);
            }
        }
    }

    /// Believes a status that the help desk told by itself just now.
    pub(super) fn believe_told(&mut self, status: NamedStatus, now: Now, fx: &mut Vec<Effect>) {
        let told = Told {
            status,
            reason: None,
            since: Some(now.wall),
            channels: Vec::new(),
            asked_at: now.since_boot,
        };
        self.believe_status(told, now, fx);
    }

    /// What *Put me back* and the end of a time lead to: not to Idle, which is nobody's choice, but to what was before it.
    pub(super) fn before_idle(&self, before: NamedStatus) -> NamedStatus {
        if self.desk == HelpDeskName::Libredesk && is(&before.id, Availability::Idle) {
            return Availability::Online.named();
        }
        before
    }

    /// Why a status came about, in plain words: the help desk's, else what its own rules make likely.
    fn why(&self, to: &StatusId, reason: Option<&str>) -> String {
        let likely = match self.desk {
            HelpDeskName::Zendesk => None,
            HelpDeskName::Libredesk => {
                Availability::parse(&to.0).and_then(Availability::likely_reason)
            }
        };
        likely.map_or_else(|| reason_in_words(self.desk, reason), str::to_owned)
    }

    /// Whether a read just after our write still tells of a status before it.
    fn is_echo(&self, told: &Told) -> bool {
        let is_other = self
            .known
            .status()
            .is_some_and(|known| known.status.id != told.status.id);
        let mut doubts = self.known.in_doubt.iter();
        let came_about = doubts.any(|write| write.id == told.status.id);
        is_other
            && !came_about
            && self.is_just_written(told.asked_at)
            && self.known.replaced.iter().any(|(replaced, since)| {
                // Where the times are known they tell an echo from somebody who put the old status back;
                // a write of our own has none that the help desk told, yet no reason of somebody else's.
                *replaced == told.status.id
                    && match (since, told.since) {
                        (_, None) => true,
                        (None, Some(_)) => told.fits_a_write(),
                        (Some(before), Some(since)) => *before == since,
                    }
            })
    }

    /// Looks again soon: an echo does not last.
    pub(super) fn read_past_echo(&mut self, now: Now) {
        self.known.echoed = true;
        self.due.fetch = now.since_boot + Duration::from_secs(1);
    }

    /// Whether a read that was asked at that moment was asked just after a write of ours, however long its answer took.
    pub(super) fn is_just_written(&self, asked_at: Duration) -> bool {
        self.known.status().is_some_and(|known| known.written)
            && self
                .known
                .at
                .is_some_and(|at| asked_at < at.since_boot + ECHO)
    }

    fn changed_by(&self, told: &Told) -> ChangedBy {
        let written = self
            .remembered
            .last_write
            .as_ref()
            .filter(|write| write.status.id == told.status.id);
        let explained = written.is_some_and(|write| match (self.known.at, told.since) {
            (Some(_), _) => self.wrote_since_told(),
            (None, Some(since)) => (since.as_second() - write.at.as_second()).abs() <= CLOCK_SKEW_S,
            (None, None) => true,
        });
        let in_doubt = self
            .known
            .in_doubt
            .iter()
            .any(|status| status.id == told.status.id)
            || self.explained_from_before(&told.status);
        match told.reason.as_deref() {
            _ if told.fits_a_write() && (explained || in_doubt) => ChangedBy::You,
            None if self.is_restored(&told.status.id) => ChangedBy::You,
            Some("AGENT_STATUS_SWITCHER" | "SWITCHER_AUTO_RECONNECT") => ChangedBy::Unknown,
            _ => ChangedBy::Other,
        }
    }

    /// Names a status by the list, else by what came with it.
    pub(super) fn name_status(
        &self,
        id: StatusId,
        name: String,
        channels: &[Channel],
    ) -> NamedStatus {
        if let Some(listed) = self.find(&id) {
            return listed.named();
        }
        if self.desk == HelpDeskName::Libredesk
            && let Some(availability) = Availability::parse(&id.0)
        {
            return availability.named();
        }
        let by_name = StatusKind::parse(&name);
        NamedStatus {
            kind: by_name.unwrap_or_else(|| {
                StatusKind::inferred(channels.iter().map(|channel| channel.state.as_str()))
            }),
            custom: by_name.is_none(),
            name: by_name.map_or(name, |kind| kind.words().to_owned()),
            id,
        }
    }

    /// Takes names and kinds from a list that came after the read.
    pub(super) fn rename_known(&mut self) {
        let listed = self
            .known
            .status()
            .and_then(|known| self.find(&known.status.id))
            .map(crate::Status::named);
        if let (What::Status(known), Some(named)) = (&mut self.known.what, listed) {
            known.status = named;
        }
    }
}
