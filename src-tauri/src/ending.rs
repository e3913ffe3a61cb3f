//! The system's wish that the program ends, as at the end of a session.

use domain::Action;
use engine::Handle;

/// Quits as the menu does when the system asks for it, so that what is being written is waited for; the second time at once.
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
