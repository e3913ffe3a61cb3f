//! The websocket between the session and the model's Libredesk: when it is open, and what travels on it.

use std::collections::VecDeque;
use std::time::Duration;

use domain::{Closed, DeskError, Heard, Input};

use super::Stage;
use crate::broken::Holds;
use crate::model::{By, Change};
use crate::story::{Opening, Travel, Why};

/// A word that takes longer is none of a connection that lives.
const LONGEST_TRAVEL: Duration = Duration::from_secs(4);
/// A word, presence, or the end of the connection usually takes so long.
const TRAVEL: Duration = Duration::from_millis(60);
/// Whoever hears nothing for so long takes the connection for broken.
const SILENCE: Duration = Duration::from_secs(15);

/// The websocket, as it truly is.
#[derive(Debug, Default)]
pub(super) struct Socket {
    line: Line,
    /// What is on its way to the session, in the order in which it arrives.
    frames: VecDeque<Frame>,
    /// When presence arrives at the help desk.
    pings: VecDeque<Duration>,
    pub(super) openings: VecDeque<Opening>,
    pub(super) travels: VecDeque<Travel>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Line {
    #[default]
    Closed,
    Opening,
    Open {
        tells_changes: bool,
    },
    /// Nothing passes any more, and the session is still to find out.
    Dead,
}

#[derive(Debug)]
struct Frame {
    arrives: Duration,
    heard: Heard,
    /// The change that it tells of.
    change: Option<Change>,
}

impl Socket {
    /// The session opens it.
    pub(super) fn open(&mut self, network: bool, now: Duration) {
        self.frames.clear();
        self.line = Line::Opening;
        let opening = self.openings.pop_front().unwrap_or(Opening::Opens(100));
        let opening = if network {
            opening
        } else {
            Opening::Unreachable
        };
        let detail = String::new;
        let failed = |error| Heard::Closed(Closed::Failed(error));
        let (ms, heard) = match opening {
            Opening::Opens(ms) => (
                ms,
                Heard::Open {
                    tells_changes: true,
                },
            ),
            Opening::Mute => (
                100,
                Heard::Open {
                    tells_changes: false,
                },
            ),
            Opening::NotOffered => (100, Heard::Closed(Closed::NotOffered(detail()))),
            Opening::Unreachable => (50, failed(DeskError::Unreachable { detail: detail() })),
            Opening::Refused401 => (100, failed(DeskError::Unauthorized)),
            Opening::Limited(wait) => {
                let retry_after = wait.map(|wait| Duration::from_secs(wait.into()));
                (100, failed(DeskError::RateLimited { retry_after }))
            }
        };
        self.send(heard, None, now + Duration::from_millis(ms.into()));
    }

    /// The session closes it, or is gone: nothing more is heard.
    pub(super) fn close(&mut self) {
        self.line = Line::Closed;
        self.frames.clear();
    }

    /// The help desk ends it, after all that it has said.
    pub(super) fn ends(&mut self, why: Closed, now: Duration) {
        if matches!(self.line, Line::Open { .. }) {
            self.line = Line::Dead;
            self.send(Heard::Closed(why), None, now + TRAVEL);
        }
    }

    /// Nothing arrives any more.
    pub(super) fn falls_silent(&mut self, now: Duration) {
        if matches!(self.line, Line::Open { .. } | Line::Opening) {
            self.line = Line::Dead;
            self.frames.clear();
            let why = Closed::Broken("silence".to_owned());
            self.send(Heard::Closed(why), None, now + SILENCE);
        }
    }

    /// The help desk tells of a change.
    fn tells(&mut self, change: Change, heard: &Heard) {
        if self.line
            != (Line::Open {
                tells_changes: true,
            })
        {
            return;
        }
        let travel = self.travels.pop_front().unwrap_or(Travel::FINE);
        let takes = Duration::from_millis(travel.ms.into()).min(LONGEST_TRAVEL);
        for _ in 0..=u8::from(travel.twice) {
            self.send(heard.clone(), Some(change), change.at + takes);
        }
    }

    fn send(&mut self, heard: Heard, change: Option<Change>, arrives: Duration) {
        let last = self.frames.back().map(|frame| frame.arrives);
        self.frames.push_back(Frame {
            arrives: arrives.max(last.unwrap_or_default()),
            heard,
            change,
        });
    }

    /// The session says that the agent is there.
    pub(super) fn ping(&mut self, network: bool, now: Duration) {
        if network && matches!(self.line, Line::Open { .. }) {
            self.pings.push_back(now + TRAVEL);
        }
    }

    pub(super) fn next_frame(&self) -> Option<Duration> {
        self.frames.front().map(|frame| frame.arrives)
    }

    pub(super) fn next_ping(&self) -> Option<Duration> {
        self.pings.front().copied()
    }
}

impl Stage {
    /// When Libredesk does something by itself next.
    pub(super) fn libredesk_due(&self) -> Option<Duration> {
        let sweep = self.scene.model.sweep_due();
        sweep.into_iter().chain(self.socket.next_ping()).min()
    }

    /// What is due on the help desk's own side happens.
    pub(super) fn libredesk_acts(&mut self) -> Holds {
        let now = self.scene.now.since_boot;
        while self.socket.next_ping().is_some_and(|at| at <= now) {
            self.socket.pings.pop_front();
            self.scene.model.presence(By::Presence, now);
        }
        if self.scene.model.sweep_due().is_some_and(|at| at <= now) {
            self.scene.model.sweep(now);
            if self.fell_asleep.is_none() {
                self.witness.is_swept(&self.scene)?;
            }
        }
        self.tell_listeners();
        Ok(())
    }

    pub(super) fn tab_pings(&mut self) {
        let now = self.scene.now.since_boot;
        if self.scene.readable.is_libredesk() {
            self.scene.model.presence(By::Else(Why::InTheBrowser), now);
        }
    }

    /// Those who listen are told what changed.
    pub(super) fn tell_listeners(&mut self) {
        for change in self.scene.model.take_untold() {
            let heard = Heard::Status(self.scene.model.id(change.to));
            self.socket.tells(change, &heard);
        }
    }

    pub(super) fn falls_silent(&mut self) {
        self.socket.falls_silent(self.scene.now.since_boot);
        self.witness.is_cut_off();
    }

    /// The next word on the websocket arrives.
    pub(super) fn hear(&mut self) -> Holds {
        let Some(frame) = self.socket.frames.pop_front() else {
            return Ok(());
        };
        self.look()?;
        match (&frame.heard, frame.change) {
            (Heard::Open { tells_changes }, _) => {
                self.socket.line = Line::Open {
                    tells_changes: *tells_changes,
                };
            }
            (Heard::Closed(_), _) => self.socket.close(),
            (Heard::Status(_), Some(change)) => self.witness.hears_of(change, &self.scene),
            (Heard::Status(_), None) => {}
        }
        self.take_in(Input::Heard(frame.heard))
    }
}
