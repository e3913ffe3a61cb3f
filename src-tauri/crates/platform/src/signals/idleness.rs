//! Whether somebody is at the computer, where only the time since the last key or movement can be asked for.

use std::time::Duration;

use engine::Event;
use tokio::sync::mpsc;
use tokio::time::sleep;

/// So long nobody touches the computer before the agent counts as gone, as desktops on Linux have it.
const GONE_AFTER: Duration = Duration::from_secs(5 * 60);
/// While nobody is there, how soon it is noticed that somebody is.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// Tells the engine until nobody listens; `untouched` says for how long nobody has touched the computer.
pub(super) async fn watch(events: mpsc::Sender<Event>, untouched: impl Fn() -> Option<Duration>) {
    let mut is_idle = false;
    loop {
        let Some(untouched) = untouched() else {
            tracing::warn!("idleness is not watched: the computer does not say");
            return;
        };
        let event = match (is_idle, untouched >= GONE_AFTER) {
            (false, true) => Some(Event::Idle),
            (true, false) => Some(Event::Active),
            _ => None,
        };
        if let Some(event) = event {
            is_idle = !is_idle;
            tracing::debug!(?event, "told by the computer");
            if events.send(event).await.is_err() {
                return;
            }
        }
        let next = if is_idle {
            BETWEEN_LOOKS
        } else {
            // It cannot be sooner; a moment more, so that it is not just short of it.
            GONE_AFTER.saturating_sub(untouched).max(BETWEEN_LOOKS)
        };
        tokio::select! {
            () = sleep(next) => {}
            () = events.closed() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::time::{Instant, timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_agent_who_is_gone_for_five_minutes_and_back_is_told_with_few_looks() {
        let (events, mut told) = mpsc::channel(4);
        let begun = Instant::now();
        let gone = begun + Duration::from_secs(60);
        let back = begun + Duration::from_secs(30 * 60);
        let looks = Arc::new(AtomicU32::new(0));
        let counted = looks.clone();
        let untouched = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            let now = Instant::now();
            let touched = if now < gone || now >= back { now } else { gone };
            Some(now - touched)
        };
        tokio::spawn(watch(events, untouched));
        assert_eq!(told.recv().await, Some(Event::Idle));
        let noticed = gone + GONE_AFTER;
        assert!(Instant::now() >= noticed && Instant::now() <= noticed + BETWEEN_LOOKS);
        assert!(looks.load(Ordering::Relaxed) < 5);
        assert_eq!(told.recv().await, Some(Event::Active));
        assert!(Instant::now() <= back + BETWEEN_LOOKS);
        let more = timeout(Duration::from_secs(60 * 60), told.recv()).await;
        assert!(more.is_err(), "told of nothing: {more:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_watch_ends_with_the_engine() {
        let (events, told) = mpsc::channel(4);
        let watching = tokio::spawn(watch(events, || Some(Duration::ZERO)));
        drop(told);
        watching.await.unwrap();
    }
}
