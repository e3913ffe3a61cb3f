//! One channel's state, where the status itself is not readable.

use jiff::Timestamp;

use super::belief::STATUS_CHANGED;
use super::known::{KnownChannel, What};
use super::{Effect, LastWrite, Session};
use crate::words::{UNKNOWN_STATUS, short};
use crate::{ChangedBy, Channel, NamedStatus, Now, Offer, OfferCause, StatusKind};

/// What can be said of a reason where only a channel is readable.
const NO_REASON: &str = "Your role may read only your phone channel, so the reason is not known.";
/// A sentence names no more statuses.
const MOST_NAMED: usize = 4;

impl Session {
    /// Whether a channel's state is what a status makes of it.
    pub(super) fn fits(&self, status: &NamedStatus, channel: &str, kind: StatusKind) -> bool {
        let mapped = self
            .find(&status.id)
            .and_then(|listed| listed.mapped(channel));
        match mapped {
            Some(mapped) => mapped == kind,
            // Zendesk's documents contradict each other on what its own "Away" does to a channel.
            None if status.kind == StatusKind::Away => {
                matches!(kind, StatusKind::Away | StatusKind::Offline)
            }
            None => status.kind == kind,
        }
    }

    pub(super) fn believe_channel(&mut self, channel: Channel, now: Now, fx: &mut Vec<Effect>) {
        let Some(kind) = channel.kind() else { return };
        let changed = match &self.known.what {
            What::Status(known) => !self.fits(&known.status, &channel.name, kind),
            What::Channel(known) => {
                let fits_both = self.accepted_write().is_some_and(|write| {
                    let before = known.channel.kind();
                    self.fits(write, &channel.name, kind)
                        && before.is_some_and(|before| self.fits(write, &channel.name, before))
                });
                known.channel.kind() != Some(kind) && !fits_both
            }
            What::Nothing => false,
        };
        let mut doubts = self.known.in_doubt.iter();
        let came_about = doubts.any(|write| self.fits(write, &channel.name, kind));
        let asked_at = self.due.last_fetch.unwrap_or(now.since_boot);
        if changed && !came_about && self.is_just_written(asked_at) {
            self.read_past_echo(now);
            return;
        }
        let own = self
            .own_write_behind(&channel, kind, now)
            .filter(|_| changed);
        let refuted = !self.known.in_doubt.is_empty() && !came_about;
        let channel_name = channel.name.clone();
        let shown_before = self.shown(now).cloned();
        let from = self.label(shown_before.as_ref());
        let (changed_at, changed_by) = match &self.known.what {
            _ if own.is_some() => (Some(now.wall), Some(ChangedBy::You)),
            _ if changed => (Some(now.wall), Some(ChangedBy::Other)),
            What::Channel(known) => (known.changed_at, known.changed_by),
            What::Status(known) => (known.since, known.changed_by),
            What::Nothing => (self.written_at(&channel, kind), None),
        };
        self.known.learn(
            What::Channel(KnownChannel {
                channel,
                changed_at,
                changed_by,
            }),
            now,
        );
        self.known.replaced.clear();
        self.outlive_unanswered(asked_at, fx);
        if let Some(write) = own {
            let id = write.status.id.clone();
            self.clear_failed_to(&write.status, fx);
            self.remembered.last_write = Some(write);
            self.remember(fx);
            self.yield_timed(Some(&id), fx);
            self.close_offer(fx);
            self.previous = shown_before
                .filter(|before| before.id != id)
                .or(self.previous.take());
            return;
        }
        if refuted {
            self.forget_write(fx);
        }
        if !changed {
            self.yield_timed_to_channel(fx);
            return;
        }
        self.yield_timed(None, fx);
        self.yield_after_call(None, STATUS_CHANGED, fx);
        let earlier = self.burst.take();
        self.close_offer(fx);
        self.previous.clone_from(&shown_before);
        let shown = self.shown(now).cloned();
        let to = self.label(shown.as_ref());
        let offer = Offer {
            because: if shown.is_some() {
                OfferCause::ForcedChange
            } else {
                OfferCause::PhoneMoved
            },
            put_back: shown_before,
            from,
            to,
            at: now.wall,
            changes: 1,
            reason_in_words: match &shown {
                Some(_) => NO_REASON.to_owned(),
                None => format!("{}{NO_REASON}", self.explained_by(&channel_name, kind)),
            },
        };
        if let Some(offer) = self.join_burst(earlier, offer, now) {
            self.make_offer(offer, fx);
        }
    }

    /// Which statuses would bring the phone channel into this state.
    fn explained_by(&self, channel: &str, kind: StatusKind) -> String {
        let mut names: Vec<String> = self
            .statuses
            .iter()
            .filter(|status| self.fits(&status.named(), channel, kind))
            .map(|status| short(&status.name, 40))
            .collect();
        let further = names.len().saturating_sub(MOST_NAMED);
        names.truncate(MOST_NAMED);
        if further > 0 {
            names.push(format!("{further} more"));
        }
        match names.split_last() {
            None => String::new(),
            Some((only, [])) => format!("{only} would explain it. "),
            Some((last, rest)) => format!("{} or {last} would explain it. ", rest.join(", ")),
        }
    }

    /// A channel that a timed status does not bring about ends its time, as soon as the list tells what it brings about.
    pub(super) fn yield_timed_to_channel(&mut self, fx: &mut Vec<Effect>) {
        let timed = self.remembered.timed.as_ref();
        let listed = timed.and_then(|timed| self.find(&timed.status));
        let contradicts = match (&self.known.what, listed) {
            (What::Channel(known), Some(listed)) => known
                .channel
                .kind()
                .is_some_and(|kind| !self.fits(&listed.named(), &known.channel.name, kind)),
            _ => false,
        };
        if contradicts {
            self.yield_timed(None, fx);
        }
    }

    /// A write of ours since the last read that explains the channel's state.
    fn own_write_behind(&self, channel: &Channel, kind: StatusKind, now: Now) -> Option<LastWrite> {
        let last = self.remembered.last_write.as_ref();
        let last = last.filter(|_| self.wrote_since_told()).cloned();
        let in_doubt = self.known.in_doubt.iter().rev();
        let in_doubt = in_doubt.chain(&self.unanswered).cloned();
        let in_doubt = in_doubt.map(|status| LastWrite {
            status,
            at: now.wall,
            accepted: true,
        });
        last.into_iter()
            .chain(in_doubt)
            .find(|write| {
                // What a custom status does to a channel only the list tells: until then, this may be it.
                let is_unmapped = write.status.custom && self.find(&write.status.id).is_none();
                is_unmapped || self.fits(&write.status, &channel.name, kind)
            })
            .map(|write| LastWrite {
                accepted: true,
                ..write
            })
    }

    /// When the last accepted write was, where the channel agrees with it.
    fn written_at(&self, channel: &Channel, kind: StatusKind) -> Option<Timestamp> {
        let write = self
            .remembered
            .last_write
            .as_ref()
            .filter(|write| write.accepted)?;
        self.fits(&write.status, &channel.name, kind)
            .then_some(write.at)
    }

    /// The status where it agrees with the channel, else the channel's own state, named so.
    fn label(&self, shown: Option<&NamedStatus>) -> String {
        match (shown, &self.known.what) {
            (Some(status), _) => status.name.clone(),
            (None, What::Channel(known)) => known.words(),
            (None, What::Status(_) | What::Nothing) => UNKNOWN_STATUS.to_owned(),
        }
    }
}

impl KnownChannel {
    /// The channel's state, said to be no more than that: "Phone: Away".
    pub(super) fn words(&self) -> String {
        format!("Phone: {}", self.state_in_words())
    }

    pub(super) fn state_in_words(&self) -> &str {
        match self.channel.kind() {
            Some(kind) => kind.words(),
            None => &self.channel.state,
        }
    }
}
