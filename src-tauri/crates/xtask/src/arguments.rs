//! What was asked for on the command line.

use std::time::Duration;

use crate::Result;
use crate::cross::{Cross, Target};
use crate::soak::{On, Soak};
use crate::steps::Step;

pub(crate) const HELP: &str = "\
Runs, tests and checks the project.

Usage: cargo xtask COMMAND

Commands:
  demo [--skip-install]
      Installs what is missing, builds, and starts the app with a simulated help desk: no account is
      needed and nothing of yours is touched. Without a display it starts one of its own, clicks
      through the tray menu and leaves pictures below target/demo/.
  test [--skip-install] [STEP]...
      Installs what is missing and runs everything that CI runs, or these steps of it, also as --only STEP:
      fmt icons rules ui-lints ui clippy build unit proof contract scenarios cli desktop doc-tests docs
  check
      The quick part of test: formatting, lints, icons and dependency rules. Installs no system package.
  cross [--skip-install] [--wine] [windows|macos]...
      Compiles and lints every crate for Windows and macOS, with the Rust in use or on Debian 12 with one that it puts
      together below target/cross; with --wine runs what can run under Wine.
  bench fleet [--trays N] [--json]
      Runs 10 to 3,000 sessions, or N, in virtual time against one account's 200 requests a minute, and
      prints how soon they see a change, how many clicks are refused, and how fairly they share.
  soak [--steps N] [--from SEED] [--inputs N] [--minutes N] [--broken | --mutants [--shard K/N]]
      Plays stories of a million steps, or N, against the session, holds the rules of docs/TRUTH.md against it,
      and hands 100,000 inputs, or N, to each reader of bytes from outside; with --broken plays the stories against
      broken variants of the session, in a copy, and says which rule catches each; with --mutants runs the tests
      on each mutant that cargo mutants makes of the session, or on the Kth of N parts of them.
  icons [--check]
      Renders the icons from icons/statuslight.svg; with --check says which are out of date.

Options:
  -h, --help  Shows this text
";

/// One of the commands, with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Demo { install: bool },
    Test { only: Vec<Step>, install: bool },
    Check,
    Cross(Cross),
    Icons { check: bool },
    BenchFleet { trays: Option<usize>, json: bool },
    Soak(Soak),
}

/// Reads the arguments behind `cargo xtask`.
///
/// # Errors
///
/// If there is no command, or an unknown one, or an option that it does not have.
pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Command> {
    let arguments: Vec<String> = arguments.collect();
    let mut words = arguments.iter().map(String::as_str);
    if arguments
        .iter()
        .any(|word| word == "-h" || word == "--help")
    {
        return Ok(Command::Help);
    }
    let mut command = match words.next().ok_or("a command is missing")? {
        "help" => Command::Help,
        "demo" => Command::Demo { install: true },
        "test" => Command::Test {
            only: Vec::new(),
            install: true,
        },
        "check" => Command::Check,
        "cross" => Command::Cross(Cross::default()),
        "icons" => Command::Icons { check: false },
        "soak" => Command::Soak(Soak::default()),
        "bench" => match words.next() {
            Some("fleet") => Command::BenchFleet {
                trays: None,
                json: false,
            },
            _ => return Err("bench needs to know what: fleet".into()),
        },
        other => return Err(format!("unknown command \"{other}\"").into()),
    };
    while let Some(word) = words.next() {
        match (&mut command, word) {
            (
                Command::Demo { install }
                | Command::Test { install, .. }
                | Command::Cross(Cross { install, .. }),
                "--skip-install",
            ) => *install = false,
            (Command::Cross(cross), "--wine") => cross.wine = true,
            (Command::Cross(cross), name) if !name.starts_with('-') => {
                let target = Target::named(name);
                let target = target.ok_or_else(|| format!("unknown system \"{name}\""))?;
                cross.only.push(target);
            }
            (Command::Test { only, .. }, "--only") => {
                let name = words.next().ok_or("--only needs the name of a step")?;
                only.push(step(name)?);
            }
            (Command::Test { only, .. }, name) if !name.starts_with('-') => only.push(step(name)?),
            (Command::Icons { check }, "--check") => *check = true,
            (Command::Soak(soak), "--broken") => soak.on = On::Broken,
            (Command::Soak(soak), "--mutants") => soak.on = On::Mutants { shard: None },
            (
                Command::Soak(Soak {
                    on: On::Mutants { shard },
                    ..
                }),
                "--shard",
            ) => {
                let part = words.next().ok_or("--shard needs a part, as 0/8")?;
                *shard = Some(part.to_owned());
            }
            (Command::Soak(soak), "--steps") => soak.steps = number(word, words.next())?,
            (Command::Soak(soak), "--inputs") => soak.inputs = number(word, words.next())?,
            (Command::Soak(soak), "--from") => soak.from = number(word, words.next())?,
            (Command::Soak(soak), "--minutes") => {
                soak.limit = Duration::from_secs(60 * number(word, words.next())?);
            }
            (Command::BenchFleet { json, .. }, "--json") => *json = true,
            (Command::BenchFleet { trays, .. }, "--trays") => {
                let number = words.next().and_then(|word| word.parse().ok());
                *trays = Some(
                    number
                        .filter(|trays| *trays > 0)
                        .ok_or("--trays needs a number")?,
                );
            }
            _ => return Err(format!("unknown option \"{word}\"").into()),
        }
    }
    Ok(command)
}

fn number(option: &str, word: Option<&str>) -> Result<u64> {
    let number = word.and_then(|word| word.parse().ok());
    Ok(number.ok_or_else(|| format!("{option} needs a number"))?)
}

fn step(name: &str) -> Result<Step> {
    Ok(Step::named(name).ok_or_else(|| format!("unknown step \"{name}\""))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_test_run_installs_and_runs_everything_unless_told_otherwise() {
        assert_eq!(
            parsed("test").unwrap(),
            Command::Test {
                only: vec![],
                install: true
            }
        );
        assert_eq!(
            parsed("test --skip-install unit --only desktop").unwrap(),
            Command::Test {
                only: vec![Step::Unit, Step::Desktop],
                install: false
            }
        );
    }

    #[test]
    fn other_systems_are_all_looked_at_unless_one_is_named() {
        assert_eq!(parsed("cross").unwrap(), Command::Cross(Cross::default()));
        assert_eq!(
            parsed("cross macos --wine --skip-install").unwrap(),
            Command::Cross(Cross {
                only: vec![Target::MacOs],
                wine: true,
                install: false
            })
        );
    }

    #[test]
    fn help_wins_wherever_it_stands() {
        assert_eq!(parsed("test --help").unwrap(), Command::Help);
        assert_eq!(parsed("-h").unwrap(), Command::Help);
    }

    #[test]
    fn a_long_run_plays_a_million_steps_unless_told_otherwise() {
        assert_eq!(parsed("soak").unwrap(), Command::Soak(Soak::default()));
        assert_eq!(
            parsed("soak --broken --steps 5 --minutes 2").unwrap(),
            Command::Soak(Soak {
                steps: 5,
                limit: Duration::from_secs(120),
                on: On::Broken,
                ..Soak::default()
            })
        );
        let shard = Some("0/8".to_owned());
        assert_eq!(
            parsed("soak --mutants --shard 0/8").unwrap(),
            Command::Soak(Soak {
                on: On::Mutants { shard },
                ..Soak::default()
            })
        );
    }

    #[test]
    fn a_mistyped_word_is_named_and_nothing_runs() {
        for (line, named) in [
            ("", "command"),
            ("tset", "tset"),
            ("icons --chek", "--chek"),
            ("check --skip-install", "--skip-install"),
            ("test --only", "--only"),
            ("cross beos", "beos"),
            ("cross --whine", "--whine"),
            ("bench", "fleet"),
            ("bench flet", "fleet"),
            ("bench fleet --trays many", "--trays"),
            ("bench fleet --trays 0", "--trays"),
            ("soak --steps many", "--steps"),
            ("soak --minutes", "--minutes"),
            ("soak --shard 0/8", "--shard"),
            ("soak --brokn", "--brokn"),
            ("test --only units", "units"),
            ("test unit desktpo", "desktpo"),
        ] {
            let fault = parsed(line).unwrap_err().to_string();
            assert!(fault.contains(named), "{line}: {fault}");
        }
    }

    #[test]
    fn the_help_names_every_step() {
        for step in Step::ALL {
            assert!(HELP.contains(step.name()), "{}", step.name());
        }
    }
}
