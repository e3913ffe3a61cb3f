//! What is found: a rule that does not hold.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

/// A rule that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which of them, as `docs/TRUTH.md` numbers them; 0 for a panic or a loop without end.
    pub rule: u8,
    /// What has to hold, in a few words that name it.
    pub what: &'static str,
    /// What was found in its place.
    pub found: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}: {}: {}", self.rule, self.what, self.found)
    }
}

/// Whether a rule holds.
pub(crate) type Holds = Result<(), Broken>;

thread_local! {
    static HELD: RefCell<BTreeMap<(u8, &'static str), u64>> = const { RefCell::new(BTreeMap::new()) };
}

/// What was held against the session on this thread so far: the rule, what has to hold, and how often it was looked at.
pub fn held() -> Vec<(u8, &'static str, u64)> {
    let lines = |held: &BTreeMap<(u8, &'static str), u64>| {
        let held = held.iter();
        held.map(|((rule, what), times)| (*rule, *what, *times))
            .collect()
    };
    HELD.with_borrow(lines)
}

/// Has to hold, or the story ends here.
pub(crate) fn holds(
    rule: u8,
    what: &'static str,
    is_so: bool,
    found: impl FnOnce() -> String,
) -> Holds {
    HELD.with_borrow_mut(|held| *held.entry((rule, what)).or_default() += 1);
    if is_so {
        return Ok(());
    }
    Err(Broken {
        rule,
        what,
        found: found(),
    })
}
