//! What results look like: for people in [`text`], for scripts in [`json`].

pub(crate) mod history;
pub(crate) mod json;
pub(crate) mod team;
pub(crate) mod text;

pub(crate) use text::Paint;
