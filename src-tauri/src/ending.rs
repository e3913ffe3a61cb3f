//! The system's wish that the program ends, as at the end of a session.

use std::time::Duration;

use domain::Action;
#[cfg(unix)]
use engine::Handle;
use engine::{Event, UNTIL_SETTLED};
use tokio::time::timeout;

use crate::app::Parts;
use crate::window::Window;

/// So long the engine lets anybody wait, and a moment to hear of it.
const UNTIL_ENDED: Duration = UNTIL_SETTLED.saturating_add(Duration::from_millis(500));

/// Quits as the menu does, though the window system ends the program already: at the end of a session on Windows and
/// macOS, and on Cmd-Q. Returns once nothing is being written; what follows ends the process.
///
/// Windows: <https://learn.microsoft.com/windows/win32/shutdown/wm-endsession>; there Tauri's loop ends the process as
/// soon as this returns. macOS: `applicationWillTerminate`.
pub(crate) async fn at_once(parts: &Parts, window: &Window) {
    let quitting = async {
        if parts.shutdown.is_near() {
            Event::settled(Some(Event::ShuttingDown), &parts.events).await;
        }
        drop(parts.handle.act(Action::Quit).await);
        window.quitting().await;
    };
    if timeout(UNTIL_ENDED, quitting).await.is_err() {
        tracing::warn!("ended while something was being written");
    }
}

/// Quits as the menu does when the system asks for it, so that what is being written is waited for; the second time at once.
#[cfg(unix)]
pub(crate) async fn on_request(handle: Handle) {
    use tokio::signal::unix::{SignalKind, signal};

    let listen = || {
        let kinds = [
            SignalKind::terminate(),
            SignalKind::interrupt(),
            SignalKind::hangup(),
        ];
        kinds.map(signal)
    };
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = listen() else {
        tracing::warn!("the system's wish to end the program is not heard");
        return;
    };
    let mut is_quitting = false;
    loop {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
        if std::mem::replace(&mut is_quitting, true) {
            std::process::exit(1);
        }
        tracing::info!("asked to end");
        let handle = handle.clone();
        tokio::spawn(async move { handle.act(Action::Quit).await });
    }
}
