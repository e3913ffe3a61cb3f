//! The UI's side: npm packages and scripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::counts::Counts;
use crate::process::{output_of, program, run, run_counting};
use crate::tools;
use crate::workspace::Workspace;

/// Installs the packages of the lock file, unless they are there already.
///
/// # Errors
///
/// If Node is missing or too old, or npm fails.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let folder = folder(workspace);
    tools::check_node(&folder)?;
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .map_err(|error| format!("cannot read ui/package-lock.json: {error}"))?;
    let node = output_of(program("node", &folder).arg("--version"))?;
    // Packages may hold parts that are built for one version of Node.
    let wanted = format!("{node}{lock}");
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("npm packages are up to date");
        return Ok(());
    }
    run(npm(&folder).args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted)
        .map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
    Ok(())
}

/// Runs one script of `package.json`.
///
/// # Errors
///
/// If it fails.
pub(crate) fn script(workspace: &Workspace, name: &str) -> Result<()> {
    run(npm(&folder(workspace)).args(["run", name]))
}

/// Installs what is missing and builds the UI.
///
/// # Errors
///
/// If either fails.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    install(workspace)?;
    script(workspace, "build")
}

/// Runs the UI's tests and counts them.
pub(crate) fn test(workspace: &Workspace) -> (Counts, Result<()>) {
    run_counting(npm(&folder(workspace)).args(["run", "test"]))
}

/// Whether the UI was built at least once: without it the shell does not compile.
pub(crate) fn is_built(workspace: &Workspace) -> bool {
    workspace.built_ui().join("index.html").is_file()
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("ui")
}

fn npm(folder: &Path) -> Command {
    program(if cfg!(windows) { "npm.cmd" } else { "npm" }, folder)
}
