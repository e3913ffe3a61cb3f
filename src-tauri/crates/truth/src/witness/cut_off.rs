//! Rule 3 over the end of the program: a click that nobody heard answered gets its word from whoever runs next.

use domain::{AccountView, Certainty, Via};

use super::{Told, Witness};
use crate::broken::{Holds, holds};
use crate::stage::Scene;
use crate::story::Name;

/// The newest clicks that were open when the program ended, until something was heard of them.
#[derive(Debug, Default)]
pub(super) struct CutOff {
    pub(super) status: Option<Name>,
    pub(super) via: Option<Via>,
}

impl CutOff {
    pub(super) fn is_settled(&self) -> bool {
        self.status.is_none() && self.via.is_none()
    }
}

impl Witness {
    /// The program is gone, and with it whoever would have heard.
    pub(super) fn cuts_off(&mut self) {
        let mut clicks = self.wants.iter().rev();
        let newest = clicks.find(|want| want.open && want.ticket.is_some());
        if let Some(newest) = newest {
            self.cut_off.status = newest.to;
        }
        self.cut_off.via = self.phone.newest().or(self.cut_off.via);
    }

    /// What was read either shows that a click came about, or comes with a word on it.
    pub(super) fn cut_off_told(&mut self, view: &AccountView, scene: &Scene) -> Holds {
        if let Some(to) = self.cut_off.status {
            let came_about = self
                .last_word()
                .is_some_and(|word| Told::Status(to).fits(word.told));
            let failed = view.failed.as_ref();
            let is_told = failed.is_some_and(|failed| failed.to.id == scene.model.id(to));
            if came_about || is_told {
                self.cut_off.status = None;
            } else {
                let is_read = view.certainty == Certainty::Confirmed;
                holds(3, "a click that was cut off is told", !is_read, || {
                    format!("{to:?}, and {:?}", view.status)
                })?;
            }
        }
        let (Some(to), Some(phone)) = (self.cut_off.via, &view.phone) else {
            return Ok(());
        };
        let is_told = phone.failed.as_ref().is_some_and(|failed| failed.to == to);
        if phone.via == Some(to) || is_told {
            self.cut_off.via = None;
            return Ok(());
        }
        holds(
            3,
            "a click on the phone that was cut off is told",
            phone.via.is_none(),
            || format!("{to:?}, and {phone:?}"),
        )
    }
}
