//! Other systems' code, compiled and linted from Linux, and run under Wine.

mod toolchain;
mod wine;

use crate::Result;
use crate::packages::{self, Group};
use crate::process::run;
use crate::ui;
use crate::workspace::{FEATURES, Workspace};

/// A system that this one is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Windows,
    MacOs,
}

impl Target {
    /// Every one.
    pub(crate) const ALL: [Self; 2] = [Self::Windows, Self::MacOs];

    /// The word for it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::MacOs => "macos",
        }
    }

    /// The target of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// What Rust calls it. Windows' is the one that Debian has a C compiler for.
    fn triple(self) -> &'static str {
        match self {
            Self::Windows => "x86_64-pc-windows-gnu",
            Self::MacOs => "aarch64-apple-darwin",
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cross {
    /// For which systems; none stands for all.
    pub(crate) only: Vec<Target>,
    /// Run what can run under Wine as well.
    pub(crate) wine: bool,
    /// Install the system's packages that are missing.
    pub(crate) install: bool,
}

impl Default for Cross {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            wine: false,
            install: true,
        }
    }
}

impl Cross {
    fn targets(&self) -> Vec<Target> {
        let wanted = |target: &Target| self.only.is_empty() || self.only.contains(target);
        Target::ALL.into_iter().filter(wanted).collect()
    }

    fn packages(&self) -> Vec<&'static Group> {
        let mut groups = Vec::new();
        if self.wine || self.targets().contains(&Target::Windows) {
            groups.push(&packages::MINGW);
        }
        if self.wine {
            groups.push(&packages::WINE);
        }
        groups
    }
}

/// Checks and lints every crate for other systems, and runs what can run under Wine where that is wanted.
///
/// # Errors
/// If a tool is missing that cannot be had from here, something does not compile, a lint warns or a test fails.
pub(crate) fn cross(workspace: &Workspace, wanted: &Cross) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Err(
            "this looks at other systems from Linux; here, `cargo xtask check` looks at this one"
                .into(),
        );
    }
    if wanted.install {
        packages::install(&wanted.packages())?;
    } else {
        packages::require(&wanted.packages())?;
    }
    let folder = workspace.target().join("cross");
    let targets = wanted.targets();
    let rust = toolchain::find_or_make(&folder, &targets)?;
    if !ui::is_built(workspace) {
        ui::build(workspace)?;
    }
    for target in &targets {
        println!("\nFor {}:", target.triple());
        run(rust
            .cargo("clippy", &workspace.root)
            .args(["--workspace", "--all-targets", "--locked"])
            .args(FEATURES)
            .args(["--target", target.triple(), "--", "-D", "warnings"])
            // With Windows' thread-locals it takes what is const for what is not.
            .args(["-A", "clippy::missing_const_for_thread_local"]))?;
    }
    if wanted.wine {
        wine::test(workspace, &rust, &folder)?;
    }
    Ok(())
}
