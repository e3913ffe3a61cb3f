//! What Statuslight is about, and nothing of how it is done: statuses, actions, one account's state
//! machine, and what a surface shows.
//!
//! Pure: no IO, no async, no clock, no randomness. Time and chance are arguments.
//! Data flows one way: [`Action`] -> [`Session`] -> [`Effect`]s -> help desk -> [`Input`] -> session ->
//! [`View`] -> [`Menu`], [`Light`], window, notification, command line.

mod action;
mod capability;
mod desk;
mod everywhere;
mod failure;
mod guard;
mod history;
mod libredesk;
mod menu;
mod phone;
mod question;
mod session;
mod status;
mod team;
mod team_failure;
mod telling;
mod time;
mod timed;
mod together;
mod topic;
mod view;
mod words;

pub use action::{Account, AccountId, Action, Agreed, SignIn};
pub use capability::{Capability, CapabilityName, Examined, Has, Power, Powers, capabilities};
pub use desk::{
    Agent, Budget, Channel, DeskError, HelpDeskName, Listing, ReadPath, Reading, Seen, Written,
};
pub use everywhere::{Everywhere, KINDS, Mapping, outcome};
pub use failure::{Code, Failure};
pub use guard::{Guard, Leaving, Left};
pub use history::{Day, History, Recorder, Stretch, Total};
pub use libredesk::{Availability, known_word};
pub use menu::{Check, Entry, Item, Menu};
pub use phone::{CallStatus, FailedVia, Phone, PhoneView, Via};
pub use question::{Answer, Checkup, Question};
pub use session::{
    Closed, DroppedAfterCall, Effect, Heard, Input, LastWrite, ModeChange, Notice, Remembered,
    Session, Ticket, Timed, Topic,
};
pub use status::{NamedStatus, Status, StatusId, StatusKind};
pub use team::{
    CapacityRule, Group, Narrowed, NarrowedChannel, Team, TeamAgent, TeamFilter, find_status,
};
pub use telling::{Button, Telling};
pub use time::Now;
pub use timed::{EXTENSION, TimedView, Until};
pub use together::Moved;
pub use view::{
    AccountView, Certainty, ChangedBy, Choosable, FailedSwitch, Hint, HintTopic, Light, Link,
    Offer, OfferCause, PresenceView, View,
};
pub use words::{clock, error_word, reason_in_words, short, tooltip};
