//! Proves the session: plays stories of anything in any order against a model account, in virtual time, and holds the
//! rules against what is shown and sent.
//!
//! A story is made from a seed by [`invented`], played by [`play`], and made as short as it can be by [`shortest`].

pub mod bytes;

mod asked;
mod broken;
mod invent;
mod model;
mod shorten;
mod stage;
mod story;
#[cfg(test)]
mod tests;
mod witness;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use broken::{Broken, held};
pub use invent::invented;
pub use shorten::shortest;
pub use story::{End, Fate, Name, Readable, Step, Story, Why};

use stage::Stage;

/// Plays a story to its end and beyond, until everything rests; how much happened in it.
///
/// # Errors
/// The first rule that does not hold.
pub fn play(story: &Story) -> Result<u64, Broken> {
    let mut stage = Stage::new(story);
    play_on(&mut stage, story).map(|()| stage.inputs)
}

/// Plays a story and tells all that happens in it, line by line.
pub fn told(story: &Story) -> Vec<String> {
    let mut stage = Stage::new(story);
    stage.told = Some(Vec::new());
    let end = play_on(&mut stage, story);
    let mut told = stage.told.unwrap_or_default();
    told.push(end.map_or_else(
        |broken| broken.to_string(),
        |()| "every rule held".to_owned(),
    ));
    told
}

fn play_on(stage: &mut Stage, story: &Story) -> Result<(), Broken> {
    let played = catch_unwind(AssertUnwindSafe(|| {
        stage.start()?;
        for step in &story.steps {
            stage.step(*step)?;
        }
        stage.rest()
    }));
    played.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Broken {
            rule: 0,
            what: "it never panics",
            found: words.unwrap_or_default(),
        })
    })
}
