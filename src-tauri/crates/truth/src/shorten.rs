//! Makes a story that breaks a rule as short as it can be.

use crate::story::{Fate, Step, Story};
use crate::{Broken, play};

/// The shortest story found that breaks the same rule in the same way, and what was found in it.
pub fn shortest(story: &Story, broken: &Broken) -> (Story, Broken) {
    let mut best = (story.clone(), broken.clone());
    loop {
        let before = best.0.clone();
        drop_steps(&mut best);
        simplify_steps(&mut best);
        if best.0 == before {
            return best;
        }
    }
}

fn takes_over(best: &mut (Story, Broken), shorter: Story) -> bool {
    match play(&shorter) {
        Err(broken) if (broken.rule, broken.what) == (best.1.rule, best.1.what) => {
            *best = (shorter, broken);
            true
        }
        _ => false,
    }
}

/// Leaves out as many steps together as possible, then single ones.
fn drop_steps(best: &mut (Story, Broken)) {
    let mut together = best.0.steps.len() / 2;
    while together > 0 {
        let mut from = 0;
        while from < best.0.steps.len() {
            let mut shorter = best.0.clone();
            let to = (from + together).min(shorter.steps.len());
            shorter.steps.drain(from..to);
            if !takes_over(best, shorter) {
                from += together;
            }
        }
        together /= 2;
    }
}

/// Puts something plainer in the place of each step.
fn simplify_steps(best: &mut (Story, Broken)) {
    for place in 0..best.0.steps.len() {
        for plainer in plainer(best.0.steps[place]) {
            let mut simpler = best.0.clone();
            simpler.steps[place] = plainer;
            if takes_over(best, simpler) {
                break;
            }
        }
    }
    if best.0.chance != 0 {
        let simpler = Story {
            chance: 0,
            ..best.0.clone()
        };
        takes_over(best, simpler);
    }
}

fn plainer(step: Step) -> Vec<Step> {
    let plain_fate = |fate: Fate| Fate {
        end: fate.end,
        ..Fate::FINE
    };
    match step {
        Step::Wait(ms) => {
            let round = [0, 1000, 5000, 10_000, 40_000, 60_000, 100_000];
            round
                .into_iter()
                .filter(|round| *round < ms)
                .map(Step::Wait)
                .collect()
        }
        Step::Restarted(seconds) if seconds > 0 => vec![Step::Restarted(0)],
        Step::Quit(seconds) if seconds > 0 => vec![Step::Quit(0), Step::Restarted(0)],
        Step::ShutDown(seconds) if seconds > 0 => vec![Step::ShutDown(0)],
        Step::Guards(name, ways) => {
            let less = |place: usize| {
                let mut less = ways;
                less[place] = false;
                less
            };
            let less = (0..ways.len()).filter(|place| ways[*place]).map(less);
            less.map(|ways| Step::Guards(name, ways)).collect()
        }
        Step::SleptUnseen(seconds) if seconds > 10 => vec![Step::SleptUnseen(10)],
        Step::ClickFor(name, minutes) => {
            let mut plainer = vec![Step::Click(name)];
            plainer.extend((minutes > 1).then_some(Step::ClickFor(name, 1)));
            plainer
        }
        Step::Read(fate) if fate != plain_fate(fate) => vec![Step::Read(plain_fate(fate))],
        Step::Write(fate) if fate != plain_fate(fate) => vec![Step::Write(plain_fate(fate))],
        Step::List(fate) if fate != plain_fate(fate) => vec![Step::List(plain_fate(fate))],
        Step::Probe(fate) if fate != plain_fate(fate) => vec![Step::Probe(plain_fate(fate))],
        _ => Vec::new(),
    }
}
