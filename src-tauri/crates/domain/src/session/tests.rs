//! Stories: what happens to one agent, rule by rule.

mod after_call;
mod certainty;
mod clicks;
mod ending;
mod failures;
mod forced;
mod guard;
mod libredesk;
mod limits;
mod mode;
mod own;
mod phone;
mod reads;
mod sign_in;
mod sleep;
mod snooze;
mod story;
mod surfaces;
mod talk;
mod timed;
mod unheard;
