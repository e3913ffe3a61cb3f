//! What may be chosen, and what it is called.

use jiff::Timestamp;

use super::Session;
use crate::{Code, DeskError, Failure, NamedStatus, Now, Status, StatusId, StatusKind};

impl Session {
    /// Whether a status may be chosen now, for a time if one is given.
    ///
    /// # Errors
    /// Why not, for the agent.
    pub(super) fn may_choose(
        &self,
        id: &StatusId,
        until: Option<Timestamp>,
        now: Now,
    ) -> Result<NamedStatus, Failure> {
        if self.link.signed_out {
            return Err(Failure::of(self.desk, &DeskError::Unauthorized));
        }
        if self.statuses.is_empty() {
            return Err(match &self.link.trouble {
                Some(trouble) => Failure::of(self.desk, trouble),
                None => Failure::unlisted(self.desk),
            });
        }
        let to = match self.find(id) {
            Some(status) if status.eligible == Some(false) => {
                return Err(Failure::of(self.desk, &DeskError::NotEligible));
            }
            Some(status) => status.named(),
            None => return Err(Failure::of(self.desk, &DeskError::NoSuchStatus)),
        };
        let replaces_another = self.shown(now).is_some_and(|shown| shown.id != *id);
        if until.is_some() && !replaces_another && self.back_from(id).is_none() {
            return Err(Failure::new(
                Code::NothingToPutBack,
                "Your status before is not known, so nothing could come back when the time is over. \
                 Nothing was changed. Choose the status without a time.",
            ));
        }
        Ok(to)
    }

    /// A status's name, by whatever knows it.
    pub(super) fn name_of(&self, id: &StatusId) -> NamedStatus {
        let listed = self.find(id).map(Status::named);
        let known = self.known.status().map(|known| &known.status);
        let written = self
            .remembered
            .last_write
            .as_ref()
            .map(|write| &write.status);
        let timed = self.remembered.timed.as_ref().map(|timed| &timed.back_to);
        let offered = self
            .offer
            .as_ref()
            .and_then(|offered| offered.offer.put_back.as_ref());
        let seen = || {
            [known, written, timed, offered]
                .into_iter()
                .flatten()
                .find(|status| status.id == *id)
                .cloned()
        };
        listed.or_else(seen).unwrap_or_else(|| NamedStatus {
            id: id.clone(),
            name: id.to_string(),
            kind: StatusKind::Offline,
            custom: true,
        })
    }

    pub(super) fn find(&self, id: &StatusId) -> Option<&Status> {
        self.statuses.iter().find(|status| status.id == *id)
    }

    /// Whether the status may be offered: it is on the list and not known to be barred.
    pub(super) fn is_choosable(&self, id: &StatusId) -> bool {
        self.find(id)
            .is_some_and(|status| status.eligible != Some(false))
    }
}
