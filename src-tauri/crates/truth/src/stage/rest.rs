//! The end of a story: everything comes to rest.

use std::time::Duration;

use domain::{Input, Light, Link};

use super::Stage;
use crate::broken::{Holds, holds};
use crate::story::Readable;

/// In the end, everything has come to rest within this.
const REST: Duration = Duration::from_secs(3 * 3600);

impl Stage {
    /// In the end everybody has got a word, and the light rests on the truth.
    pub(crate) fn rest(&mut self) -> Holds {
        self.fates = Default::default();
        self.network = true;
        self.socket.openings.clear();
        self.scene.model.load = None;
        if self.scene.asleep {
            self.wake()?;
        }
        self.scene.locked = false;
        self.input(Input::Unlocked)?;
        let end = self.scene.now.since_boot + REST;
        while self.scene.now.since_boot < end {
            self.wait(Duration::from_secs(35))?;
            if self.is_at_rest() {
                return self.witness.rests(&self.shown, &self.scene);
            }
        }
        holds(1, "in the end the light rests on the truth", false, || {
            format!(
                "{:?} {:?} {:?}, and the status is {:?}",
                self.shown.light,
                self.shown.certainty,
                self.shown.status,
                self.scene.model.latest()
            )
        })
    }

    fn is_at_rest(&self) -> bool {
        if self.shown.link == Link::SignedOut || self.scene.model.revoked {
            return self.witness.knows_of_sign_out();
        }
        self.shown.switching_to.is_none()
            && self.shown.link == Link::Ok
            && self.witness.is_settled()
            && match self.shown.light {
                Light::Status(kind) => {
                    let shown = self.shown.status.as_ref();
                    let shown = shown.and_then(|status| self.scene.model.name_of(&status.id));
                    let truth = self.scene.model.now();
                    if self.scene.readable == Readable::PhoneChannel {
                        shown.map_or(kind == truth.phone(), |name| name.fits_phone(truth.phone()))
                    } else {
                        shown == Some(truth)
                    }
                }
                _ => self.scene.readable == Readable::Nothing,
            }
    }
}
