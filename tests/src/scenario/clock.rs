//! The clocks, both from the runtime's virtual one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::Now;
use engine::ports::Clock;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;

/// Both clocks from the runtime's virtual one, as the simulator's are.
pub(crate) struct VirtualClock {
    wall: Box<dyn Fn() -> Timestamp + Send + Sync>,
    start: Instant,
    zone: Arc<Mutex<TimeZone>>,
}

impl VirtualClock {
    /// With the wall time of a simulator.
    pub(crate) fn of(wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            wall: Box::new(wall),
            start: Instant::now(),
            zone: Arc::new(Mutex::new(TimeZone::UTC)),
        }
    }

    /// The same in a zone that a test may change.
    pub(crate) fn in_zone(self, zone: Arc<Mutex<TimeZone>>) -> Self {
        Self { zone, ..self }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Now {
        Now {
            since_boot: Duration::from_secs(3600) + self.start.elapsed(),
            wall: (self.wall)(),
        }
    }

    fn chance(&self) -> f64 {
        0.5
    }

    fn zone(&self) -> TimeZone {
        self.zone.lock().unwrap().clone()
    }
}
