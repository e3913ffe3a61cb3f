//! What is printed: results to standard output, sentences about failures to standard error.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use domain::{Code, Failure};
use serde::Serialize;

use crate::ended::{Ended, exit_code};
use crate::show::Paint;

/// Prints for people or for scripts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Whether a script reads.
    pub(crate) json: bool,
    /// Colours, where they can be seen.
    pub(crate) paint: Paint,
}

/// A failure as scripts read it.
#[derive(Serialize)]
struct Error<'a> {
    error: &'a Failure,
}

impl Output {
    /// Finds out who reads.
    pub(crate) fn new(json: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        // Older consoles of Windows print the codes.
        let coloured = cfg!(unix) || set("WT_SESSION");
        let paint =
            Paint(!json && coloured && !dumb && !set("NO_COLOR") && io::stdout().is_terminal());
        Self { json, paint }
    }

    /// Tells why the command ended, and the exit code for it.
    pub(crate) fn end(self, ended: &Ended) -> ExitCode {
        match ended {
            Ended::Failure(failure) => {
                if self.json {
                    drop(json(&Error { error: failure }));
                } else {
                    note(&failure.message);
                }
                ExitCode::from(exit_code(failure.code))
            }
            Ended::Usage(text) if self.json => {
                self.end(&Ended::Failure(Failure::new(Code::Usage, text)))
            }
            Ended::Usage(text) => {
                note(text);
                ExitCode::from(2)
            }
            Ended::Told(code) => ExitCode::from(*code),
            Ended::Unread => ExitCode::SUCCESS,
        }
    }
}

/// Prints a result for people.
///
/// # Errors
/// Nobody reads any more, or the disk is full.
pub(crate) fn line(text: &str) -> Result<(), Ended> {
    print(io::stdout(), text)?;
    Ok(())
}

/// Prints a result for scripts, on one line.
///
/// # Errors
/// Nobody reads any more, or the disk is full.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Ended> {
    let text = serde_json::to_string(value).map_err(io::Error::from)?;
    line(&text)
}

/// Tells people something beside the result.
pub(crate) fn note(text: &str) {
    // Where nobody reads it, nobody misses it.
    drop(print(io::stderr(), text));
}

fn print(mut to: impl Write, text: &str) -> io::Result<()> {
    to.write_all(format!("{text}\n").as_bytes())?;
    to.flush()
}

/// Whether nobody reads the output any more, as far as the system tells without writing.
#[cfg(unix)]
pub(crate) fn is_unread() -> bool {
    use std::os::fd::AsFd;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdout = io::stdout();
    let mut watched = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())];
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let gone = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
    poll(&mut watched, Some(&now)).is_ok() && watched[0].revents().intersects(gone)
}

/// Whether nobody reads the output any more, which only writing can tell here.
#[cfg(not(unix))]
pub(crate) fn is_unread() -> bool {
    false
}
