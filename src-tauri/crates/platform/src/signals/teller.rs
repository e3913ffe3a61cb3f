//! Tells the engine from a thread that belongs to the system and may be made to wait.

use std::time::Duration;

use engine::Event;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// The engine takes what it is told at once; where it does not, nobody is held up for long, and it is told later.
const UNTIL_HEARD: Duration = Duration::from_secs(1);

/// Tells the engine; not from inside its own runtime.
#[derive(Clone)]
pub(super) struct Teller {
    runtime: Handle,
    events: mpsc::Sender<Event>,
}

impl Teller {
    /// A teller for other threads, made inside the engine's runtime.
    pub(super) fn new(events: mpsc::Sender<Event>) -> Self {
        Self {
            runtime: Handle::current(),
            events,
        }
    }

    /// Tells the engine.
    pub(super) fn tell(&self, event: Event) {
        tracing::debug!(?event, "told by the computer");
        // Inside the runtime, where the timer is. Once nobody listens, there is nobody to tell.
        let telling = async { timeout(UNTIL_HEARD, self.events.reserve()).await };
        match self.runtime.block_on(telling) {
            Ok(Ok(place)) => place.send(event),
            Ok(Err(_)) => {}
            Err(_) => {
                let events = self.events.clone();
                self.runtime.spawn(async move { events.send(event).await });
            }
        }
    }

    /// Tells the engine, and returns once nothing is being written, or after `limit`.
    pub(super) fn hold(&self, event: Option<Event>, limit: Duration) {
        tracing::debug!(?event, "the computer is asked to wait");
        let waiting = async { timeout(limit, Event::settled(event, &self.events)).await };
        let in_time = self.runtime.block_on(waiting).is_ok();
        tracing::debug!(in_time, "the computer may go");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::runtime::Runtime;

    use super::*;

    fn teller(runtime: &Runtime) -> (Teller, mpsc::Receiver<Event>) {
        let (events, told) = mpsc::channel(4);
        let _inside = runtime.enter();
        (Teller::new(events), told)
    }

    #[test]
    fn what_is_told_is_heard() {
        let runtime = Runtime::new().unwrap();
        let (teller, mut told) = teller(&runtime);
        teller.tell(Event::Locked);
        assert_eq!(told.try_recv(), Ok(Event::Locked));
    }

    #[test]
    fn what_the_engine_has_no_time_for_is_heard_later() {
        let runtime = Runtime::new().unwrap();
        let (teller, mut told) = teller(&runtime);
        for _ in 0..4 {
            teller.tell(Event::NetworkChanged);
        }
        teller.tell(Event::Woke);
        let heard = runtime.block_on(async {
            let mut heard = Vec::new();
            for _ in 0..5 {
                heard.push(told.recv().await);
            }
            heard
        });
        assert_eq!(heard.last(), Some(&Some(Event::Woke)));
    }

    #[test]
    fn who_is_held_goes_once_nothing_is_written() {
        let runtime = Runtime::new().unwrap();
        let (teller, mut told) = teller(&runtime);
        let engine = runtime.spawn(async move {
            let first = told.recv().await;
            let second = told.recv().await;
            // Dropped with this task: nothing is written any more.
            (first, matches!(second, Some(Event::Settle(_))))
        });
        teller.hold(Some(Event::Slept), Duration::from_secs(60));
        let (first, asked) = runtime.block_on(engine).unwrap();
        assert_eq!((first, asked), (Some(Event::Slept), true));
    }

    #[test]
    fn who_is_held_goes_after_the_limit_though_the_engine_hangs() {
        let runtime = Runtime::new().unwrap();
        let (teller, told) = teller(&runtime);
        let begun = Instant::now();
        teller.hold(Some(Event::ShuttingDown), Duration::from_millis(50));
        assert!(begun.elapsed() >= Duration::from_millis(50));
        drop(told);
        teller.hold(Some(Event::ShuttingDown), Duration::from_secs(60));
    }
}
