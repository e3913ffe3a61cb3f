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
