//! Runs, tests and checks the project: `cargo xtask --help`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks on standard output and standard error"
)]

mod arguments;
mod bench;
mod counts;
mod cross;
mod demo;
mod icons;
mod packages;
mod process;
mod report;
mod rules;
mod soak;
mod steps;
mod suite;
mod tools;
mod ui;
mod workspace;

use std::process::ExitCode;

use arguments::Command;
use workspace::Workspace;

/// What a step gives, with a fault told in one sentence or more.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    let command = match arguments::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(fault) => {
            eprintln!("error: {fault}\n\n{}", arguments::HELP);
            return ExitCode::from(2);
        }
    };
    match run(&command) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("error: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Help => {
            println!("{}", arguments::HELP);
            Ok(ExitCode::SUCCESS)
        }
        Command::Icons { check } => {
            icons::run(&workspace::root(), *check)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::BenchFleet { trays, json } => {
            bench::fleet(*trays, *json)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Soak(wanted) => {
            soak::soak(&Workspace::open()?, wanted)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Cross(wanted) => {
            cross::cross(&Workspace::open()?, wanted)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => Ok(suite::check(&Workspace::open()?)),
        Command::Test { only, install } => {
            if *install {
                let whole = only.is_empty();
                packages::install(&if whole {
                    packages::for_desktop_tests()
                } else {
                    suite::packages_for(only)
                })?;
            }
            Ok(suite::test(&Workspace::open()?, only))
        }
        Command::Demo { install } => demo::start_demo(*install),
    }
}
