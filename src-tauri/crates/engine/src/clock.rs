//! The real clocks.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use domain::Now;
use jiff::Timestamp;

use crate::ports::Clock;

/// The computer's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Now {
        Now {
            since_boot: since_boot(),
            wall: Timestamp::now(),
        }
    }

    fn chance(&self) -> f64 {
        // Each `RandomState` has keys of its own, which is all the randomness that spreading polls needs.
        let bits = RandomState::new().hash_one(0u8) >> 12;
        #[expect(
            clippy::cast_precision_loss,
            reason = "52 bits fit a double's mantissa"
        )]
        let chance = bits as f64 / (1u64 << 52) as f64;
        chance
    }
}

/// Monotonic time that goes on while the computer sleeps.
#[cfg(unix)]
fn since_boot() -> Duration {
    #[cfg(target_os = "linux")]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    // Apple's CLOCK_MONOTONIC goes on during sleep.
    #[cfg(not(target_os = "linux"))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
    let time = rustix::time::clock_gettime(CLOCK);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

/// Monotonic time; the performance counter behind it goes on while the computer sleeps.
#[cfg(windows)]
fn since_boot() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    // Far from zero, so that nothing computed back from it is cut off.
    Duration::from_secs(86_400) + START.elapsed()
}
