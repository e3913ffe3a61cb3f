//! Statuslight's command line: the help-desk status from a terminal, a hotkey or a script.
//!
//! Every command is written against [`engine::Handle`]: over the local socket it leads to the running
//! app, else to an engine of our own that lives for one operation.

mod arguments;
mod commands;
mod ended;
mod frugal;
mod how_long;
mod output;
mod own;
mod pick;
mod reach;
#[cfg(test)]
mod sample;
mod show;
mod since;
mod wait;

use std::process::ExitCode;

use domain::{Code, Failure};

use crate::arguments::Arguments;
use crate::ended::Ended;
use crate::output::Output;

fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        // Help and version are what was asked for.
        Err(asked) if !asked.use_stderr() => asked.exit(),
        Err(error) if std::env::args_os().any(|word| word == "--json") => {
            let text = error.to_string();
            return Output::new(true).end(&Ended::Usage(text.trim().to_owned()));
        }
        Err(error) => error.exit(),
    };
    if arguments.verbose {
        log();
    }
    let output = Output::new(arguments.json);
    match run(&arguments, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(ended) => output.end(&ended),
    }
}

fn run(arguments: &Arguments, output: Output) -> Result<(), Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(
                Code::Internal,
                format!("statusctl cannot start ({error}). Try again."),
            )
        })?;
    let done = runtime.block_on(commands::run(arguments, output));
    // A keyring that never answers must not keep the program from ending.
    runtime.shutdown_background();
    done
}

/// Logs what our own crates do; those of others might log what they send.
fn log() {
    let filter = "off,statusctl=debug,engine=debug,helpdesk=debug,platform=debug,domain=debug";
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
