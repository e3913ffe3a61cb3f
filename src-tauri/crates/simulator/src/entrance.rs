//! What every help desk does with a request before and after it is answered: the log, and what goes wrong on request.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::request::Parts;

use crate::body::WireBody;
use crate::broken::break_answer;
use crate::clock::Clock;
use crate::fault::{Fault, FaultRule, Faults};
use crate::listener::ConnectionReset;
use crate::log::Log;

/// A help desk's clock, its faults and its log.
#[derive(Debug)]
pub(crate) struct Entrance {
    pub(crate) clock: Clock,
    faults: Mutex<Faults>,
    pub(crate) log: Log,
}

/// An answer whose body is whole.
type Answer = http::Response<Vec<u8>>;

impl Entrance {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            faults: Mutex::default(),
            log: Log::new(),
        }
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs a request, lets it meet its faults, and has it carried out on the state that `lock` gives.
    ///
    /// `documented` makes the body that goes with a status code.
    pub(crate) async fn pass<G>(
        &self,
        parts: &Parts,
        body: &[u8],
        lock: impl Fn() -> G,
        mut carry_out: impl FnMut(&mut G) -> Answer,
        documented: impl FnOnce(u16, Option<u32>) -> Answer,
    ) -> Result<http::Response<WireBody>, ConnectionReset> {
        let met = self.faults().meet(parts.method.as_str(), parts.uri.path());
        let needs_answer = met.fault.as_ref().is_none_or(FaultRule::needs_the_answer);
        let at_once = met.delay.as_ref().map_or(needs_answer, |late| late.applied);
        let (number, mut carried_out) = {
            // One lock for both: whoever finds a request in the log finds what it has done.
            let mut state = lock();
            let number = self.log.arrived(self.clock, parts, body);
            (number, at_once.then(|| carry_out(&mut state)))
        };
        if let Some(Fault::Delay { millis }) = met.delay.map(|late| late.fault) {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        if carried_out.is_none() && needs_answer {
            carried_out = Some(carry_out(&mut lock()));
        }
        let response = match met.fault {
            None => carried_out.unwrap_or_default().map(WireBody::whole),
            Some(rule) => break_answer(&rule.fault, carried_out, documented).await?,
        };
        self.log.answered(number, response.status().as_u16());
        Ok(response)
    }
}
