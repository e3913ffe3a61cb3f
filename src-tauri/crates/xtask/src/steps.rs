//! The steps of a test run, in the order in which they run.

/// One step of `cargo xtask test`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Fmt,
    Icons,
    Rules,
    UiLints,
    Ui,
    Clippy,
    Build,
    Unit,
    Proof,
    Contract,
    Scenarios,
    Cli,
    Desktop,
    DocTests,
    Docs,
}

impl Step {
    /// Every step. Quick faults come first; the shell embeds the built UI, so that comes before any Rust build.
    pub(crate) const ALL: [Self; 15] = [
        Self::Fmt,
        Self::Icons,
        Self::Rules,
        Self::UiLints,
        Self::Ui,
        Self::Clippy,
        Self::Build,
        Self::Unit,
        Self::Proof,
        Self::Contract,
        Self::Scenarios,
        Self::Cli,
        Self::Desktop,
        Self::DocTests,
        Self::Docs,
    ];

    /// The word for it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Icons => "icons",
            Self::Rules => "rules",
            Self::UiLints => "ui-lints",
            Self::Ui => "ui",
            Self::Clippy => "clippy",
            Self::Build => "build",
            Self::Unit => "unit",
            Self::Proof => "proof",
            Self::Contract => "contract",
            Self::Scenarios => "scenarios",
            Self::Cli => "cli",
            Self::Desktop => "desktop",
            Self::DocTests => "doc-tests",
            Self::Docs => "docs",
        }
    }

    /// The step of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// What a person is told when it starts.
    pub(crate) fn headline(self) -> &'static str {
        match self {
            Self::Fmt => "Formatting of the Rust code",
            Self::Icons => "Icons are rendered from their source",
            Self::Rules => "Who may depend on whom",
            Self::UiLints => "Packages, types and lints of the UI",
            Self::Ui => "Tests and build of the UI",
            Self::Clippy => "Lints of the Rust code",
            Self::Build => "Build of every binary and test",
            Self::Unit => "Unit and snapshot tests",
            Self::Proof => "The rules of the session, and broken variants of it",
            Self::Contract => "Contract tests",
            Self::Scenarios => "Scenario tests",
            Self::Cli => "Command line tests",
            Self::Desktop => "Desktop tests",
            Self::DocTests => "Tests in the documentation",
            Self::Docs => "Documentation of the Rust code",
        }
    }

    /// The least number of tests that must have run, or nothing for a step without tests.
    ///
    /// A number rises with the tests; it falls only with a reason in the same commit.
    pub(crate) fn minimum(self) -> Option<u32> {
        match self {
            Self::Ui => Some(173),
            Self::Unit => Some(947),
            Self::Proof => Some(65),
            Self::Contract => Some(48),
            Self::Scenarios => Some(109),
            Self::Cli => Some(146),
            Self::Desktop => Some(63),
            Self::DocTests => Some(7),
            Self::Fmt
            | Self::Icons
            | Self::Rules
            | Self::UiLints
            | Self::Clippy
            | Self::Build
            | Self::Docs => None,
        }
    }

    /// The steps of `cargo xtask check`.
    pub(crate) const QUICK: [Self; 5] = [
        Self::Fmt,
        Self::Icons,
        Self::Rules,
        Self::UiLints,
        Self::Clippy,
    ];

    /// Whether it starts the product's binaries, so that they must be built first.
    pub(crate) fn needs_binaries(self) -> bool {
        matches!(
            self,
            Self::Unit | Self::Contract | Self::Scenarios | Self::Cli | Self::Desktop
        )
    }

    /// Whether it compiles the shell, which needs the system's libraries and the built UI.
    pub(crate) fn compiles_shell(self) -> bool {
        self.needs_binaries()
            || matches!(
                self,
                Self::Clippy | Self::Build | Self::DocTests | Self::Docs
            )
    }
}
