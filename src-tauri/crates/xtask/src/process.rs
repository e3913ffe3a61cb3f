//! Programs that are started, in sight of the person.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;
use crate::counts::{Counts, LineCounter};

/// Variables that cargo sets for the program it runs, and that must not reach a cargo started from here.
///
/// Build scripts watch some of them: with them, `cargo xtask` and a plain `cargo build` would undo each other's work.
const CARGO_LEAKS: [&str; 6] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// A program to be started in `folder`, without standard input.
pub(crate) fn program(name: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || CARGO_LEAKS.contains(&name))
        {
            command.env_remove(name);
        }
    }
    command
}

/// Starts a program, shows what it says, and waits.
///
/// # Errors
///
/// If it cannot be started or does not end with 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = announce(command);
    let status = command
        .status()
        .map_err(|error| format!("cannot start `{line}`: {error}"))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{line}` failed: {status}").into())
}

/// Starts a program, shows what it says, and counts the tests that it reports.
///
/// The counts hold for a failed run too, so both are given.
pub(crate) fn run_counting(command: &mut Command) -> (Counts, Result<()>) {
    let line = announce(command);
    let mut counter = LineCounter::default();
    let outcome = stream(command, &line, &mut counter, &mut std::io::stdout());
    (counter.finish(), outcome)
}

fn stream(
    command: &mut Command,
    line: &str,
    counter: &mut LineCounter,
    terminal: &mut impl Write,
) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start `{line}`: {error}"))?;
    let mut output = child.stdout.take().ok_or("the output is not readable")?;
    let mut piece = [0; 8192];
    // Piece by piece, not line by line: a test that hangs has its name on an unfinished line.
    loop {
        let length = output.read(&mut piece)?;
        if length == 0 {
            break;
        }
        counter.feed(&piece[..length]);
        terminal.write_all(&piece[..length])?;
        terminal.flush()?;
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{line}` failed: {status}").into())
}

/// Starts a program silently and gives its standard output.
///
/// # Errors
///
/// If it cannot be started or does not end with 0; then with what it said.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let line = line_of(command);
    let output = command
        .output()
        .map_err(|error| format!("cannot start `{line}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!(
        "`{line}` failed: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim_end()
    )
    .into())
}

/// Whether a program of that name is on the path.
pub(crate) fn is_installed(name: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path)
        .any(|folder| folder.join(name).is_file() || folder.join(format!("{name}.exe")).is_file())
}

fn announce(command: &Command) -> String {
    let line = line_of(command);
    println!("$ {line}");
    line
}

fn line_of(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| quoted(&word.to_string_lossy()))
        .collect::<Vec<_>>()
        .join(" ")
}

fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains([' ', '"', '$', '*', '\'']) {
        format!("'{}'", word.replace('\'', r"'\''"))
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_command_can_be_copied_into_a_shell() {
        let mut command = Command::new("cargo");
        command.args(["clippy", "--", "-D", "all warnings", "it's"]);
        assert_eq!(
            line_of(&command),
            r"cargo clippy -- -D 'all warnings' 'it'\''s'"
        );
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let fault = run(&mut program("no-such-program-here", Path::new("."))).unwrap_err();
        assert!(fault.to_string().contains("no-such-program-here"));
    }

    #[cfg(unix)]
    #[test]
    fn tests_are_counted_even_when_the_run_fails() {
        let said = "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured";
        let mut command = program("sh", Path::new("."));
        command.args(["-c", &format!("echo '{said}'; exit 101")]);
        let (mut counter, mut shown) = (LineCounter::default(), Vec::new());
        // Not onto the real terminal: the run that counts this test would count that line too.
        let outcome = stream(&mut command, "sh", &mut counter, &mut shown);
        let counts = counter.finish();
        assert_eq!((counts.passed, counts.failed), (3, 1));
        assert_eq!(String::from_utf8(shown).unwrap().trim(), said);
        assert!(outcome.is_err());
    }
}
