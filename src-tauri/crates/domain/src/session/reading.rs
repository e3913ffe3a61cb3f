//! Reads: what to believe, and whether something else changed the status.

use std::time::Duration;

use jiff::Timestamp;

use super::known::{KnownStatus, What};
use super::{Effect, Notice, Session, Topic};
use crate::words::reason_in_words;
use crate::{
    Certainty, ChangedBy, Channel, DeskError, NamedStatus, Now, Offer, OfferCause, ReadPath, Reading, Seen, StatusId,
    StatusKind,
};

/// A help desk may answer with the old status for so long after it accepted a new one.
const ECHO: Duration = Duration::from_secs(5);
/// The two clocks may differ by so much for a write to explain a status found at the start.
const CLOCK_SKEW_S: i64 = 120;

/// A status as a read tells it.
struct Told {
    status: NamedStatus,
    reason: Option<String>,
    since: Option<Timestamp>,
    channels: Vec<Channel>,
}

impl Session {
    pub(super) fn fetched(
        &mut self,
        result: Result<Reading, DeskError>,
        now: Now,
        chance: f64,
        fx: &mut Vec<Effect>,
    ) {
        let overtaken = self.requests.fetch.take().is_some_and(|fetch| fetch.overtaken);
        match result {
            Ok(reading) => {
                self.answered();
                self.link.load = self.link.load.saturating_sub(1).max(1);
                self.due.fetch = now.since_boot + self.pace().mul_f64(0.8 + 0.4 * chance);
                if overtaken {
                    self.due.fetch = now.since_boot;
                    return;
                }
                self.found_path(reading.path, fx);
                let resolved = self.resolve_doubt(&reading.seen, now, fx);
                if !resolved {
                    self.believe(reading.seen, now, fx);
                }
            }
            Err(error) => {
                self.troubled(&error, now);
                self.due.fetch = now.since_boot + self.back_off().mul_f64(0.8 + 0.4 * chance);
                self.read_failed(&error, now, fx);
            }
        }
    }

    /// Makes a read due at once, 5 s after the last one at the soonest.
    pub(super) fn read_soon(&mut self, now: Now) {
        let soonest = self.due.last_fetch.map_or(now.since_boot, |last| last + Duration::from_secs(5));
        self.due.fetch = self.due.fetch.min(soonest.max(now.since_boot));
    }

    fn found_path(&mut self, path: ReadPath, fx: &mut Vec<Effect>) {
        self.known.path = Some(path);
        if self.remembered.read_path != Some(path) {
            self.remembered.read_path = Some(path);
            fx.push(Effect::Remember(self.remembered.clone()));
        }
    }

    fn believe(&mut self, seen: Seen, now: Now, fx: &mut Vec<Effect>) {
        match seen {
            Seen::Status { id, name, reason, since, channels } => {
                let status = self.name_status(id, name, &channels);
                self.believe_status(Told { status, reason, since, channels }, now, fx);
            }
            Seen::Channel(channel) => self.believe_channel(channel, now, fx),
            Seen::Nothing => self.schedule_probe(now),
        }
    }

    fn believe_status(&mut self, told: Told, now: Now, fx: &mut Vec<Effect>) {
        if self.is_echo(&told.status.id, told.since, now) {
            self.due.fetch = now.since_boot + Duration::from_secs(1);
            return;
        }
        let before = self.known.status().map(|known| known.status.clone());
        let last_told = self.known.at.map(|at| at.wall);
        let changed = before.as_ref().is_none_or(|before| before.id != told.status.id);
        let changed_by = if changed {
            Some(self.changed_by(&told, last_told))
        } else {
            self.known.status().and_then(|known| known.changed_by)
        };
        let Told { status, reason, since, channels } = told;
        let kept_since = self.known.status().filter(|_| !changed).and_then(|known| known.since);
        let kept_reason = self.known.status().filter(|known| !changed && known.written).and_then(|k| k.reason.clone());
        self.known.what = What::Status(KnownStatus {
            status: status.clone(),
            reason: if changed_by == Some(ChangedBy::You) { kept_reason } else { reason.clone() },
            since: since.or(kept_since),
            channels,
            changed_by,
            written: false,
        });
        self.known.at = Some(now);
        if !changed {
            return;
        }
        self.yield_timed(&status.id, fx);
        let Some(before) = before else { return };
        self.previous = Some(before.clone());
        self.close_offer(fx);
        if changed_by == Some(ChangedBy::Other) {
            self.make_offer(
                Offer {
                    because: OfferCause::ForcedChange,
                    put_back: self.is_choosable(&before.id).then(|| before.clone()),
                    from: before.name,
                    to: status.name,
                    at: since.unwrap_or(now.wall),
                    reason_in_words: reason_in_words(self.desk, reason.as_deref()),
                },
                fx,
            );
        }
    }

    fn believe_channel(&mut self, channel: Channel, now: Now, fx: &mut Vec<Effect>) {
        let Some(kind) = channel.kind() else { return };
        let before = match &self.known.what {
            What::Status(known) => self.channel_in(&known.status, &channel.name),
            What::Channel { channel: before, .. } => before.kind(),
            What::Nothing => None,
        };
        let changed = before.is_some_and(|before| before != kind);
        if changed && self.known.status().is_some_and(|known| known.written) && self.is_just_written(now) {
            self.due.fetch = now.since_boot + Duration::from_secs(1);
            return;
        }
        let before_in_words = self.channel_label(before, &channel, now);
        let shown_before = self.shown(now).cloned();
        let changed_at = match &self.known.what {
            _ if changed => Some(now.wall),
            What::Channel { changed_at, .. } => *changed_at,
            What::Status(known) => known.since,
            What::Nothing => None,
        };
        self.known.what = What::Channel { channel: channel.clone(), changed_at };
        self.known.at = Some(now);
        if !changed {
            return;
        }
        self.remembered.timed = None;
        self.previous.clone_from(&shown_before);
        self.close_offer(fx);
        let put_back = shown_before.filter(|status| self.is_choosable(&status.id));
        let to = self.channel_label(Some(kind), &channel, now);
        self.make_offer(
            Offer {
                because: OfferCause::ForcedChange,
                put_back,
                from: before_in_words,
                to,
                at: now.wall,
                reason_in_words: "Only your phone channel can be read with your role, so the reason is not known."
                    .to_owned(),
            },
            fx,
        );
    }

    /// The status where it agrees with the channel, else the channel's own state, named so.
    fn channel_label(&self, kind: Option<StatusKind>, channel: &Channel, now: Now) -> String {
        match (self.shown(now), kind) {
            (Some(status), _) => status.name.clone(),
            (None, Some(kind)) => format!("Phone: {}", kind.words()),
            (None, None) => format!("Phone: {}", channel.state),
        }
    }

    fn make_offer(&mut self, offer: Offer, fx: &mut Vec<Effect>) {
        self.offer = Some(offer.clone());
        fx.push(Effect::Notify(Notice::Offer(offer)));
    }

    /// Offers the end of a timed status that could not be applied.
    pub(super) fn offer_end(&mut self, offer: Offer, fx: &mut Vec<Effect>) {
        self.make_offer(offer, fx);
    }

    /// Stops offering to put something back.
    pub(super) fn close_offer(&mut self, fx: &mut Vec<Effect>) {
        if self.offer.take().is_some() {
            fx.push(Effect::Withdraw(Topic::Offer));
        }
    }

    /// Whether a read just after our write still tells of the status before it.
    fn is_echo(&self, id: &StatusId, since: Option<Timestamp>, now: Now) -> bool {
        self.is_just_written(now)
            && self.known.replaced.as_ref().is_some_and(|(replaced, replaced_since)| {
                replaced == id && (since.is_none() || since == *replaced_since)
            })
    }

    fn is_just_written(&self, now: Now) -> bool {
        self.known.status().is_some_and(|known| known.written)
            && self.known.at.is_some_and(|at| now.since_boot < at.since_boot + ECHO)
    }

    fn changed_by(&self, told: &Told, last_told: Option<Timestamp>) -> ChangedBy {
        let reason = told.reason.as_deref().unwrap_or("UNKNOWN");
        let fits_a_write = matches!(reason, "UNKNOWN" | "PUBLIC_API");
        let written = self.remembered.last_write.as_ref().filter(|write| write.status.id == told.status.id);
        let explained = written.is_some_and(|write| match (last_told, told.since) {
            (Some(last_told), _) => write.at >= last_told,
            (None, Some(since)) => (since.as_second() - write.at.as_second()).abs() <= CLOCK_SKEW_S,
            (None, None) => true,
        });
        match reason {
            _ if fits_a_write && explained => ChangedBy::You,
            "AGENT_STATUS_SWITCHER" | "SWITCHER_AUTO_RECONNECT" => ChangedBy::Unknown,
            _ => ChangedBy::Other,
        }
    }

    /// Names a status by the list, else by what came with it.
    pub(super) fn name_status(&self, id: StatusId, name: String, channels: &[Channel]) -> NamedStatus {
        if let Some(listed) = self.find(&id) {
            return listed.named();
        }
        let by_name = StatusKind::parse(&name);
        NamedStatus {
            kind: by_name.unwrap_or_else(|| StatusKind::inferred(channels.iter().map(|channel| channel.state.as_str()))),
            custom: by_name.is_none(),
            name: by_name.map_or(name, |kind| kind.words().to_owned()),
            id,
        }
    }

    /// Takes names and kinds from a list that came after the read.
    pub(super) fn rename_known(&mut self) {
        let listed = self.known.status().and_then(|known| self.find(&known.status.id)).map(crate::Status::named);
        if let (What::Status(known), Some(named)) = (&mut self.known.what, listed) {
            known.status = named;
        }
    }

    pub(super) fn is_readable(&self, now: Now) -> bool {
        self.known.path != Some(ReadPath::Nowhere) || self.certainty(now) == Certainty::Confirmed
    }
}
