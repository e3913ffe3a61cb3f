//! Long runs: stories by the million, bytes made worse by the hundred thousand, broken variants and mutants of the
//! session.

mod broken;
mod mutants;
mod survivors;
mod variant;

use std::time::Duration;

pub(crate) use self::broken::{Search, prove};

use crate::Result;
use crate::counts::Counts;
use crate::process::{program, run};
use crate::workspace::Workspace;

/// Where the session is, below the workspace.
const SESSION: &str = "src-tauri/crates/domain/src/session";

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
    /// What is put to the test.
    pub(crate) on: On,
}

/// What a long run puts to the test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum On {
    /// The session, and those who read bytes from outside.
    Session,
    /// The stories, by broken variants of the session.
    Broken,
    /// The tests, by mutants of the session, or by one shard of them, as "1/8".
    Mutants { shard: Option<String> },
}

impl Default for Soak {
    fn default() -> Self {
        Self {
            steps: 1_000_000,
            from: 0,
            inputs: 100_000,
            limit: Duration::from_secs(30 * 60),
            on: On::Session,
        }
    }
}

/// Reads a list: blocks between empty lines, besides its head.
fn blocks<T>(list: &str, read: impl FnMut(&[&str]) -> Result<T>) -> Result<Vec<T>> {
    let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
    let blocks = lines
        .split(|line| line.is_empty())
        .filter(|block| !block.is_empty());
    blocks.map(read).collect()
}

/// Plays stories against the session and hands bytes made worse to those who read them; or puts stories and tests to
/// the test themselves.
///
/// # Errors
/// If a story breaks a rule, a reader takes bytes amiss, or no story or test catches a variant or mutant.
pub(crate) fn soak(workspace: &Workspace, soak: &Soak) -> Result<()> {
    match &soak.on {
        On::Session => {}
        On::Broken => {
            return prove(workspace, Search::All, soak.limit, &mut Counts::default());
        }
        On::Mutants { shard } => return mutants::run_all(workspace, shard.as_deref()),
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
