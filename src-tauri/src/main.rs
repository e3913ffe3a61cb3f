//! Your help-desk status as a light in the tray.
//!
//! The desktop shell: it wires the engine to tray, window and notifications, and knows no rule.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod app;
mod commands;
mod demo;
mod ending;
mod icons;
mod logging;
mod notifications;
mod tray;
mod window;

use std::process::ExitCode;
use std::sync::Arc;

use domain::Failure;
use platform::Profile;
use tauri::RunEvent;

use crate::app::{Owner, Parts, Start};
use crate::window::Window;

const USAGE: &str = "\
Statuslight: your help-desk status as a light in the tray.

Usage: statuslight [--demo] [--hidden]

  --demo      run against the built-in simulator, in a profile of its own
  --hidden    start without the window, as at login
  --version   print the version
  --help      print this help

To switch from a terminal, use statusctl.";

fn main() -> ExitCode {
    let start = match arguments(std::env::args().skip(1)) {
        Ok(start) => start,
        Err(ended) => return ended,
    };
    match run(start) {
        Ok(code) => code,
        Err(failure) => {
            tracing::error!(code = ?failure.code, message = failure.message, "not started");
            complain(&failure.message);
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "what was asked for on the command line"
)]
fn arguments(arguments: impl Iterator<Item = String>) -> Result<Start, ExitCode> {
    let mut start = Start::default();
    for argument in arguments {
        match argument.as_str() {
            "--demo" => start.demo = true,
            "--hidden" => start.hidden = true,
            "--version" => {
                println!("statuslight {}", env!("CARGO_PKG_VERSION"));
                return Err(ExitCode::SUCCESS);
            }
            "--help" => {
                println!("{USAGE}");
                return Err(ExitCode::SUCCESS);
            }
            other => {
                complain(&format!(
                    "{other} is not an option of statuslight.\n\n{USAGE}"
                ));
                return Err(ExitCode::from(2));
            }
        }
    }
    Ok(start)
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn complain(message: &str) {
    eprintln!("{message}");
}

fn run(start: Start) -> Result<ExitCode, Failure> {
    let internal = |error: &dyn std::fmt::Display| {
        Failure::new(
            domain::Code::Internal,
            format!("Statuslight cannot start: {error}."),
        )
    };
    let profile = if start.demo {
        Profile::demo()
    } else {
        Profile::of_user()
    };
    let profile = profile.map_err(|error| internal(&error))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| internal(&error))?;
    let Owner::Us(lock) = runtime.block_on(app::own(&profile))? else {
        return Ok(ExitCode::SUCCESS);
    };
    logging::start(profile.log_dir());
    logging::end_on_panic();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        demo = start.demo,
        "started"
    );
    tauri::async_runtime::set(runtime.handle().clone());
    let window = Arc::new(Window::new(start.demo, &profile));
    let parts = Arc::new(runtime.block_on(app::start(start, &profile, window.clone()))?);
    // The light does not wait for the window system.
    #[cfg(target_os = "linux")]
    runtime.block_on(async { tray::start(parts.handle.clone(), parts.events.clone()) });
    #[cfg_attr(
        not(target_os = "macos"),
        expect(unused_mut, reason = "only macOS has a Dock to stay out of")
    )]
    let mut app = build(&parts, &window).map_err(|error| internal(&error))?;
    #[cfg(target_os = "macos")]
    app.set_activation_policy(tauri::ActivationPolicy::Accessory);
    #[cfg(not(target_os = "linux"))]
    tray::start(app.handle(), parts.handle.clone()).map_err(|error| internal(&error))?;
    let nobody_signed_in = parts.handle.view().borrow().accounts.is_empty();
    if nobody_signed_in && !start.hidden {
        engine::ports::Front::open(&*window, None);
    }
    window.ready(app.handle().clone());
    let runtime_at_end = runtime.handle().clone();
    let mut is_asked_for = false;
    app.run(move |_, event| match event {
        // The last window's end is not the app's.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => api.prevent_exit(),
        RunEvent::ExitRequested { code: Some(_), .. } => is_asked_for = true,
        RunEvent::Exit if !is_asked_for => {
            runtime_at_end.block_on(ending::at_once(&parts, &window));
        }
        _ => {}
    });
    drop(lock);
    Ok(ExitCode::SUCCESS)
}

fn build(parts: &Arc<Parts>, window: &Arc<Window>) -> tauri::Result<tauri::App> {
    tauri::Builder::default()
        .manage(parts.clone())
        .manage(window.clone())
        .invoke_handler(tauri::generate_handler![
            commands::view,
            commands::act,
            commands::ask,
            commands::sign_in,
            commands::sign_in_by_browser,
            commands::stop_sign_in,
            commands::for_a_time
        ])
        .build(tauri::generate_context!())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Option<Start> {
        arguments(words.iter().map(ToString::to_string)).ok()
    }

    #[test]
    fn the_options_are_read_and_an_unknown_one_is_refused() {
        assert_eq!(read(&[]), Some(Start::default()));
        assert_eq!(
            read(&["--demo", "--hidden"]),
            Some(Start {
                demo: true,
                hidden: true
            })
        );
        assert_eq!(read(&["--token=x"]), None);
    }
}
