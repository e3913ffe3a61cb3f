//! The log: one file a day, the last seven kept, without secrets.
//!
//! No type that holds a secret can be printed, and no request's body or header is logged.

use std::path::Path;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Our own words from this level on; of libraries only what is wrong.
const FILTER: &str = "warn,statuslight=info,engine=info,helpdesk=info,platform=info,domain=info";

/// Starts the log in `folder`; without a folder that can be written there is none.
pub(crate) fn start(folder: &Path) {
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("statuslight")
        .filename_suffix("log")
        .max_log_files(7)
        .build(folder);
    let Ok(file) = file else { return };
    let started = tracing_subscriber::fmt()
        .with_writer(std::sync::Mutex::new(file))
        .with_ansi(false)
        .with_env_filter(EnvFilter::new(FILTER))
        .try_init();
    drop(started);
}

/// Ends the program at the first fault: a part that stands still would leave its last light on.
pub(crate) fn end_on_panic() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        usual(panic);
        tracing::error!(place = ?panic.location(), "a fault of ours ended the app");
        std::process::abort();
    }));
}
