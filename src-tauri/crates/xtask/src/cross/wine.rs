//! Tests for Windows, run under Wine: pipes, files, locks, Credential Manager, messages to windows.
//!
//! Wine is not Windows. It answers the same calls, but sleeps, locks and ends no session by itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::Target;
use super::toolchain::Rust;
use crate::Result;
use crate::process::{output_of, program, run};
use crate::workspace::Workspace;

/// The crates with tests that run there: those without a window.
const PACKAGES: [&str; 10] = [
    "-p",
    "domain",
    "-p",
    "helpdesk",
    "-p",
    "engine",
    "-p",
    "platform",
    "-p",
    "statusctl",
];

/// Runs the unit tests for Windows.
///
/// # Errors
/// If Wine does not start or a test fails.
pub(super) fn test(workspace: &Workspace, rust: &Rust, folder: &Path) -> Result<()> {
    let triple = Target::Windows.triple();
    let runner = format!(
        "CARGO_TARGET_{}_RUNNER",
        triple.replace('-', "_").to_uppercase()
    );
    let computer = start(&folder.join("wine"))?;
    // Wine shows this system's files as a drive.
    let seen = |path: &Path| format!("Z:{}", path.display());
    println!("\nUnder Wine:");
    run(rust
        .cargo("test", &workspace.root)
        .args(PACKAGES)
        .args(["--lib", "--bins", "--locked", "--no-fail-fast"])
        .args(["--target", triple])
        // A test that hangs ends the run and not the day.
        .env(runner, "timeout --verbose 600 wine")
        .env("INSTA_WORKSPACE_ROOT", seen(&workspace.root))
        .env("INSTA_UPDATE", "no")
        .env("TS_RS_EXPORT_DIR", seen(&folder.join("generated")))
        // Each that is written to a file takes its time there.
        .env("TRUTH_INPUTS", "100")
        .envs(&computer))
}

/// Makes the folder of a computer of its own for Wine, and gives the variables that name it.
fn start(folder: &Path) -> Result<BTreeMap<&'static str, PathBuf>> {
    fs::create_dir_all(folder)?;
    let computer = BTreeMap::from([
        ("WINEPREFIX", folder.to_owned()),
        // Neither asks whether to install .NET and a browser, which nothing here needs.
        ("WINEDLLOVERRIDES", "mscoree,mshtml=".into()),
        ("WINEDEBUG", "-all".into()),
    ]);
    let wine = |arguments: &[&str]| {
        let mut wine = program("wine", folder);
        output_of(wine.args(arguments).envs(&computer))
    };
    wine(&["wineboot", "--init"])?;
    // Windows that nobody sees need no screen.
    wine(&[
        "reg",
        "add",
        r"HKCU\Software\Wine\Drivers",
        "/v",
        "Graphics",
        "/d",
        "null",
        "/f",
    ])?;
    let library = folder.join("drive_c/windows/system32/bcryptprimitives.dll");
    if !library.exists() {
        let source = folder.join("bcryptprimitives.c");
        fs::write(&source, include_str!("stand-ins/bcryptprimitives.c"))?;
        output_of(
            program("x86_64-w64-mingw32-gcc", folder)
                .args(["-O1", "-shared", "-o"])
                .args([&library, &source])
                .arg("-ladvapi32"),
        )?;
    }
    Ok(computer)
}
