//! Stories: what happens to one agent, rule by rule.

mod certainty;
mod clicks;
mod failures;
mod forced;
mod limits;
mod own;
mod random;
mod sign_in;
mod sleep;
mod story;
mod surfaces;
mod talk;
mod timed;
