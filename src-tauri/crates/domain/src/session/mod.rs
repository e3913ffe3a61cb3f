//! One account's state machine: what happened goes in, what to do comes out.
//!
//! Reads and writes are never mixed: a read that was under way when a write began is not believed, and
//! none begins before the write is answered. So every status shown as confirmed was the help desk's own
//! word, and its age is the age of that word.

mod after_call;
mod belief;
mod channel;
mod choice;
mod clockwork;
mod doubt;
mod eligible;
mod ending;
mod guard;
mod hold;
mod idle;
mod known;
mod link;
mod listen;
mod look;
mod mode;
mod offer;
mod outcome;
mod pace;
mod phone;
mod presence;
mod protocol;
mod reading;
mod remembered;
#[cfg(test)]
mod tests;
mod timed;
mod unheard;
mod via;

use std::time::Duration;

use jiff::Timestamp;

use self::after_call::AfterCall;
use self::choice::Choice;
use self::clockwork::{Due, Requests};
use self::hold::Hold;
use self::idle::Idle;
use self::known::Known;
use self::link::LinkState;
use self::listen::Listening;
use self::offer::{Burst, Offered};
use self::phone::Line;
use self::presence::Presence;
pub use self::protocol::{
    Closed, DroppedAfterCall, Effect, Heard, Input, ModeChange, Notice, Ticket, Topic,
};
pub use self::remembered::{LastWrite, Remembered, Timed};
use crate::{Agreed, FailedSwitch, Guard, HelpDeskName, Leaving, NamedStatus, Now, Status};

/// Each request costs a Libredesk server a slow hash, and it tells of changes by itself.
const BETWEEN_LIBREDESK_READS: Duration = Duration::from_secs(90);

/// One account's state machine.
///
/// ```
/// use std::time::Duration;
/// use domain::{Effect, HelpDeskName, Input, Now, Remembered, Session};
///
/// let mut session = Session::new(HelpDeskName::Zendesk, Duration::from_secs(30), Remembered::default());
/// let now = Now { since_boot: Duration::from_secs(100), wall: "2026-11-23T14:00:00Z".parse()? };
/// let effects = session.handle(Input::Timeout, now, 0.5);
/// assert_eq!(effects, [Effect::Fetch { known: None }, Effect::List]);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug)]
pub struct Session {
    desk: HelpDeskName,
    interval: Duration,
    remembered: Remembered,
    /// The write before the last one, which is the last one again where that was not applied.
    settled_write: Option<LastWrite>,
    /// When the last write was begun, by the clock since boot.
    wrote_at: Option<Duration>,
    /// What the program before wrote last, where it ended before the answer came.
    unanswered: Option<NamedStatus>,
    /// The click that the program before did not hear answered, until it is told what became of it.
    unheard: Option<NamedStatus>,
    /// When the first input came, by the clock since boot.
    began: Option<Duration>,
    statuses: Vec<Status>,
    known: Known,
    previous: Option<NamedStatus>,
    offer: Option<Offered>,
    /// The forced change that was told last, as long as nothing answered it.
    burst: Option<Burst>,
    failed: Option<FailedSwitch>,
    /// The agent has not been notified of it yet.
    failed_untold: bool,
    /// The choice being worked on, and the newer one that waits for its answer.
    choice: Option<Choice>,
    next: Option<Choice>,
    /// The choice that sleep interrupted, to be reported on waking.
    interrupted: Option<Choice>,
    link: LinkState,
    line: Line,
    /// What waits for the end of a call. It ends with the program: nobody knows which call it was for then.
    after_call: Option<AfterCall>,
    requests: Requests,
    due: Due,
    presence: Presence,
    agreed: Agreed,
    listening: Listening,
    hold: Hold,
    idle: Idle,
    /// The end of a timed status that came while the screen was locked.
    unseen_end: Option<Timestamp>,
    /// The end that a notice on the screen announces.
    announced: Option<Timestamp>,
    /// What to do when the agent leaves the computer.
    guard: Option<Guard>,
}

impl Session {
    /// Starts with what was remembered and a usual time between two reads.
    pub fn new(desk: HelpDeskName, interval: Duration, remembered: Remembered) -> Self {
        let unanswered = remembered.last_write.as_ref();
        let unanswered = unanswered
            .filter(|write| !write.accepted)
            .map(|write| write.status.clone());
        let unheard = remembered.open_click.clone();
        let line = Line::new(remembered.open_via);
        Self {
            desk,
            interval: match desk {
                HelpDeskName::Zendesk => interval,
                HelpDeskName::Libredesk => interval.max(BETWEEN_LIBREDESK_READS),
            },
            remembered,
            settled_write: None,
            wrote_at: None,
            unanswered,
            unheard,
            began: None,
            statuses: Vec::new(),
            known: Known::default(),
            previous: None,
            offer: None,
            burst: None,
            failed: None,
            failed_untold: false,
            choice: None,
            next: None,
            interrupted: None,
            link: LinkState::default(),
            line,
            after_call: None,
            requests: Requests::default(),
            due: Due::default(),
            presence: Presence::default(),
            agreed: Agreed::default(),
            listening: Listening::default(),
            hold: Hold::default(),
            idle: Idle::default(),
            unseen_end: None,
            announced: None,
            guard: None,
        }
    }

    /// The same for an agent who agreed to this.
    #[must_use]
    pub fn agreeing(mut self, agreed: Agreed) -> Self {
        self.agreed = agreed;
        self
    }

    /// Takes in what happened and says what to do. `chance` is a fresh random number from 0 up to 1.
    pub fn handle(&mut self, input: Input, now: Now, chance: f64) -> Vec<Effect> {
        self.began.get_or_insert(now.since_boot);
        self.bear_in_mind(&input);
        self.overtake_unheard(&input);
        let mut effects = Vec::new();
        let fx = &mut effects;
        match input {
            Input::Choose {
                ticket,
                status,
                until,
            } => self.choose(ticket, &status, until, now, fx),
            Input::Extend { ticket, until } => self.extend(ticket, until, now, fx),
            Input::PutBack { ticket, status } => {
                self.put_back(ticket, status.as_ref(), now, fx);
            }
            Input::AnswerBy { ticket, via } => self.answer_by(ticket, via, now, fx),
            Input::ChooseAfterCall { ticket, status } => {
                self.choose_after_call(ticket, &status, now, fx);
            }
            Input::ForgetAfterCall => self.after_call = None,
            Input::Keep { at } => self.keep(at, fx),
            Input::Snooze { at } => self.snooze(at, now, fx),
            Input::Fetched(result) => self.fetched(result, now, chance, fx),
            Input::Pushed(result) => self.pushed(result, now, fx),
            Input::PhoneFetched(result) => self.phone_fetched(result, now, fx),
            Input::ViaPushed(result) => self.via_pushed(result, now, fx),
            Input::Listed(result) => self.listed(result, now, chance, fx),
            Input::Probed(result) => self.probed(result, now, fx),
            Input::Slept => self.slept(now, fx),
            Input::Woke => self.woke(now, fx),
            // What is under way has a little time left.
            Input::ShuttingDown => self.leave(Leaving::Shutdown, now, fx),
            Input::Quitting => self.leave(Leaving::Quit, now, fx),
            Input::Locked => {
                self.leave(Leaving::Lock, now, fx);
                self.call_out_of_sight();
                self.left(now);
            }
            Input::Unlocked => {
                self.stop_guarding(now, fx);
                self.read_soon(now);
                self.read_phone_soon(now);
                self.hold_after_absence(now);
                self.came_back(now);
            }
            Input::Idle => self.left(now),
            Input::Active => self.came_back(now),
            Input::Heard(heard) => self.heard(heard, now, chance, fx),
            Input::NetworkChanged => {
                self.read_soon(now);
                self.listen_soon(now);
            }
            Input::Looked => self.looked(now),
            Input::Agreed(_) | Input::Timeout => {}
        }
        self.advance(now, fx);
        self.keep_open_clicks(fx);
        effects
    }
}
