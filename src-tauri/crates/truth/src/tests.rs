//! The proof in little: two thousand stories, and all that once broke a rule.

use std::path::Path;

use crate::{Broken, Story, invented, play, shortest};

/// Stories that are played in each test run.
const SEEDS: u64 = 2000;

#[test]
fn every_rule_holds_in_two_thousand_invented_stories() {
    for seed in 0..SEEDS {
        let story = invented(seed);
        if let Err(broken) = play(&story) {
            let (story, broken) = shortest(&story, &broken);
            panic!(
                "seed {seed} breaks {broken}\nThe shortest story of it, to be kept below src-tauri/crates/truth/stories:\n{}",
                story.to_text()
            );
        }
    }
}

#[test]
fn no_story_breaks_a_rule_that_it_once_broke() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let story = std::fs::read_to_string(&path).unwrap();
        let story: Story = serde_json::from_str(&story).unwrap();
        if let Err(broken) = play(&story) {
            panic!("{}: {broken}", path.display());
        }
        count += 1;
    }
    assert!(count >= 40, "{count} stories are kept");
}

#[test]
fn a_story_is_kept_as_it_was_told() {
    let story = invented(7);
    let kept: Story = serde_json::from_str(&story.to_text()).unwrap();
    assert_eq!(kept, story);
}

#[test]
fn the_same_story_goes_the_same_way_each_time() {
    let played: Vec<Result<u64, Broken>> = (0..2).map(|_| play(&invented(3))).collect();
    assert_eq!(played[0], played[1]);
}
