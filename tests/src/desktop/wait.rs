//! Waiting with a limit.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a probe rests before it is asked again.
pub(super) const PAUSE: Duration = Duration::from_millis(10);

/// Asks `probe` until it gives a value, for `limit` at most.
pub fn eventually<T>(limit: Duration, mut probe: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + limit;
    loop {
        // The clock is read first, so that a slow machine still gets one probe after the limit.
        let late = Instant::now() >= end;
        if let Some(value) = probe() {
            return Some(value);
        }
        if late {
            return None;
        }
        sleep(PAUSE);
    }
}

/// Asks `probe` until it gives a value and panics with `what` when `limit` has passed.
#[track_caller]
pub fn wait_for<T>(what: &str, limit: Duration, probe: impl FnMut() -> Option<T>) -> T {
    match eventually(limit, probe) {
        Some(value) => value,
        None => panic!("waited {limit:?} in vain for: {what}"),
    }
}
