//! Whether the computer is about to shut down.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A shutdown that has not come by then was called off, which macOS tells nobody.
const COMES_WITHIN: Duration = Duration::from_secs(2 * 60);

/// Whether the computer is about to shut down, for whoever is ended without being told why.
///
/// On Linux it never says so: there logind's word goes to the engine.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    asked: Arc<Mutex<Option<Instant>>>,
}

impl Shutdown {
    /// Whether it was asked for, so that an end that comes now is part of it.
    pub fn is_near(&self) -> bool {
        let asked = *self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.is_some_and(|asked| asked.elapsed() < COMES_WITHIN)
    }

    /// Notes that it was asked for, or called off.
    #[cfg(any(windows, target_os = "macos"))]
    pub(super) fn note(&self, is_near: bool) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        *asked = is_near.then(Instant::now);
    }
}
