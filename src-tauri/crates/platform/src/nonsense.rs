//! Bytes from outside, made worse: what each reader of them is tried with.

use std::path::Path;
use std::time::Duration;

use fastrand::Rng;
use truth::bytes::{Corpus, Counted, cost_of, inputs};

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// Inputs that each reader gets in each test run.
const INPUTS: u64 = 1000;
/// None takes longer, however slow the computer.
const LONGEST: Duration = Duration::from_secs(10);
/// None takes more memory; the largest input is 1 MiB.
const MOST_MEMORY: usize = 64 * 1024 * 1024;

/// The corpus of that name.
pub(crate) fn corpus(name: &str) -> Corpus {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    Corpus::read(&folder).unwrap()
}

/// Hands what is made of a corpus to a reader.
pub(crate) fn try_with(corpus: &Corpus, mut read: impl FnMut(&[u8])) {
    for seed in 0..inputs(INPUTS) {
        let bytes = corpus.worse(None, &mut Rng::with_seed(seed));
        let cost = cost_of(|| read(&bytes));
        assert!(
            cost.took < LONGEST && cost.peak < MOST_MEMORY,
            "seed {seed}, {} bytes: {cost:?}",
            bytes.len()
        );
    }
}
