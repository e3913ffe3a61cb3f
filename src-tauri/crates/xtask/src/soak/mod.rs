//! Long runs: stories by the million, bytes made worse by the hundred thousand, and broken variants of the session.

mod broken;
mod variant;

use std::time::Duration;

use crate::Result;
use crate::process::{program, run};
use crate::workspace::Workspace;

/// What a long run does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Soak {
    /// Steps of stories to be played.
    pub(crate) steps: u64,
    /// The first story's seed.
    pub(crate) from: u64,
    /// Inputs made worse for each reader of bytes from outside.
    pub(crate) inputs: u64,
    /// Each part but that one ends after this in any case.
    pub(crate) limit: Duration,
    /// Play them on broken variants of the session in place of the session.
    pub(crate) broken: bool,
}

impl Default for Soak {
    fn default() -> Self {
        Self {
            steps: 1_000_000,
            from: 0,
            inputs: 100_000,
            limit: Duration::from_secs(30 * 60),
            broken: false,
        }
    }
}

/// Plays stories against the session and hands bytes made worse to those who read them; or plays stories against
/// broken variants of the session.
///
/// # Errors
/// If a story breaks a rule, a reader takes bytes amiss, or no story catches a variant.
pub(crate) fn soak(workspace: &Workspace, soak: &Soak) -> Result<()> {
    if soak.broken {
        return broken::run_all(workspace, soak.limit);
    }
    let number = |number: u64| number.to_string();
    run(program("cargo", &workspace.root)
        .args([
            "run",
            "--quiet",
            "--profile",
            "soak",
            "--package",
            "truth",
            "--",
        ])
        .args(["--steps", &number(soak.steps), "--from", &number(soak.from)])
        .args(["--limit", &number(soak.limit.as_secs())]))?;
    run(program("cargo", &workspace.root)
        .args(["test", "--package", "helpdesk", "--package", "platform"])
        .args(["--lib", "--test", "bytes", "nonsense"])
        .env("TRUTH_INPUTS", number(soak.inputs)))
}
