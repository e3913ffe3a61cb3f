//! Questions to D-Bus, for whoever runs on tokio.

use std::thread;
use std::time::Duration;

use futures_lite::future;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// So long the services may take to answer.
const LIMIT: Duration = Duration::from_secs(3);

/// Asks on a thread of its own: zbus must not meet tokio, and a bus that hangs must hold nobody up.
/// Nothing where no answer came in time.
pub(crate) async fn asked<T, F>(
    thread: &str,
    question: impl FnOnce() -> F + Send + 'static,
) -> Option<T>
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let (tell, told) = oneshot::channel();
    let asking = thread::Builder::new()
        .name(thread.to_owned())
        .spawn(move || {
            // Whoever asked may have lost patience.
            let _ = tell.send(future::block_on(question()));
        });
    asking.ok()?;
    timeout(LIMIT, told).await.ok()?.ok()
}
