//! Omnichannel routing switched on or off meanwhile: the account then has other statuses.

use std::time::Duration;

use super::known::What;
use super::{Effect, Notice, Session};
use crate::{ModeChange, Now, ReadPath, Status, StatusKind};

/// The statuses on offer change rarely; a loaded account is asked for them as much less often as for the status.
const BETWEEN_LISTS: Duration = Duration::from_secs(1800);
/// Talk goes on answering when routing is switched on, with a state that is no status any more: the settings tell.
const BETWEEN_SETTINGS: Duration = Duration::from_secs(300);
/// The same for who reads only the phone channel; the whole list costs more.
const BETWEEN_LISTS_BY_CHANNEL: Duration = Duration::from_secs(600);
/// Somebody looks, so a list older than this is read anew.
const LIST_AGE_ON_LOOK: Duration = Duration::from_secs(600);
/// Talk's four states are one request.
const SETTINGS_AGE_ON_LOOK: Duration = Duration::from_secs(60);

/// Whether these are Talk's states.
pub(super) fn are_of_talk(statuses: &[Status]) -> bool {
    statuses
        .iter()
        .all(|status| StatusKind::parse(&status.id.0).is_some())
}

impl Session {
    pub(super) fn between_lists(&self) -> Duration {
        match self.known.path {
            Some(ReadPath::TalkIsStatus) => BETWEEN_SETTINGS,
            Some(ReadPath::TalkChannel) => BETWEEN_LISTS_BY_CHANNEL,
            Some(ReadPath::Own | ReadPath::OwnById | ReadPath::Nowhere) | None => BETWEEN_LISTS,
        }
    }

    pub(super) fn list_age_on_look(&self) -> Duration {
        match self.known.path {
            Some(ReadPath::TalkIsStatus) => SETTINGS_AGE_ON_LOOK,
            _ => LIST_AGE_ON_LOOK,
        }
    }

    /// Whether the status was read where the statuses on the list are not read.
    pub(super) fn is_misfit(&self, path: ReadPath) -> bool {
        !self.statuses.is_empty() && (path == ReadPath::TalkIsStatus) != are_of_talk(&self.statuses)
    }

    /// Takes up a list; one of the other mode makes an end of all that the old statuses meant.
    pub(super) fn take_list(&mut self, statuses: Vec<Status>, now: Now, fx: &mut Vec<Effect>) {
        let had_talk = are_of_talk(&self.statuses);
        let is_change =
            !self.statuses.is_empty() && !statuses.is_empty() && had_talk != are_of_talk(&statuses);
        self.statuses = statuses;
        if !is_change {
            return;
        }
        self.close_offer(fx);
        self.yield_after_call(None, "There are other statuses now.", fx);
        self.previous = None;
        let ended = self.remembered.timed.take().is_some();
        self.remembered.last_write = None;
        self.settled_write = None;
        self.remember(fx);
        self.known.what = What::Nothing;
        self.known.at = None;
        self.known.replaced.clear();
        self.known.in_doubt.clear();
        self.due.fetch = now.since_boot;
        fx.push(Effect::Notify(Notice::ModeChanged(ModeChange {
            is_talk: !had_talk,
            ended_timed: ended,
        })));
    }
}
