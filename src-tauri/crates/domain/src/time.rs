//! Time as a value: nothing in this crate reads a clock.

use std::time::Duration;

use jiff::Timestamp;

/// A moment by two clocks.
///
/// Delays and retry limits go by `since_boot`; "until" and history go by `wall`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Monotonic time since the computer started, counting sleep.
    pub since_boot: Duration,
    /// The time of day, which can jump.
    pub wall: Timestamp,
}
