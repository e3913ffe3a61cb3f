//! `cargo xtask demo`: the app with a simulated help desk.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::process::{program, run};
use crate::workspace::Workspace;
use crate::{Result, packages, ui};

/// Builds the app and shows it, on the person's display or on one of its own.
///
/// # Errors
///
/// If something cannot be installed, built or started.
pub(crate) fn start_demo(install: bool) -> Result<ExitCode> {
    let display = has_display();
    if install {
        packages::install(if display {
            &[&packages::BUILD]
        } else {
            &[&packages::BUILD, &packages::DESKTOP]
        })?;
    }
    let workspace = Workspace::open()?;
    ui::build(&workspace)?;
    run(workspace
        .cargo("build")
        .args(["--bins", Workspace::AS_FOR_TESTS]))?;
    if display {
        println!(
            "\nThe app starts. Look for the light in the tray; end it there with Quit, or here with Ctrl+C."
        );
        let mut app = program(workspace.binary("statuslight"), &workspace.root);
        return start(app.arg("--demo").envs(workspace.binaries()));
    }
    println!("\nThere is no display here: the demo brings one of its own and takes pictures.");
    let pictures = workspace.demo_pictures();
    // Pictures of an earlier run must not pass for new ones.
    if pictures.exists() {
        fs::remove_dir_all(&pictures)?;
    }
    fs::create_dir_all(&pictures)?;
    let mut tour = program(workspace.binary("demo-tour"), &workspace.root);
    let code = start(tour.envs(workspace.binaries()))?;
    list(&pictures)?;
    Ok(code)
}

fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn start(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().map_err(|error| {
        format!(
            "cannot start {}: {error}",
            command.get_program().to_string_lossy()
        )
    })?;
    // Ended by a signal there is no code; that is no success either.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn list(folder: &Path) -> Result<()> {
    let mut pictures: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    pictures.sort();
    println!("\n{} pictures:", pictures.len());
    for picture in pictures {
        println!("  {}", picture.display());
    }
    Ok(())
}
