//! `cargo xtask test` and `cargo xtask check`: what each step does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::counts::Counts;
use crate::packages::{self, Group};
use crate::process::{program, run, run_counting};
use crate::report::Report;
use crate::soak::Search;
use crate::steps::Step;
use crate::workspace::Workspace;
use crate::{Result, icons, rules, soak, tools, ui};

/// The proof takes two minutes; a variant that nothing catches would go on for long.
const PROOF: Duration = Duration::from_secs(15 * 60);

/// The packages that the chosen steps need.
pub(crate) fn packages_for(steps: &[Step]) -> Vec<&'static Group> {
    if steps.contains(&Step::Desktop) {
        packages::for_desktop_tests()
    } else if steps.iter().any(|step| step.compiles_shell()) {
        vec![&packages::BUILD]
    } else {
        Vec::new()
    }
}

/// Runs every step, or only those named and what they need.
pub(crate) fn test(workspace: &Workspace, only: &[Step]) -> ExitCode {
    run_steps(workspace, &plan(only))
}

/// Runs the quick steps.
pub(crate) fn check(workspace: &Workspace) -> ExitCode {
    run_steps(workspace, &Step::QUICK)
}

fn plan(only: &[Step]) -> Vec<Step> {
    let needs_binaries = only.iter().any(|step| step.needs_binaries());
    Step::ALL
        .into_iter()
        .filter(|step| {
            only.is_empty() || only.contains(step) || (*step == Step::Build && needs_binaries)
        })
        .collect()
}

fn run_steps(workspace: &Workspace, steps: &[Step]) -> ExitCode {
    let mut report = Report::new(steps.len());
    for step in steps {
        report.run(*step, |counts| {
            if step.compiles_shell() && !ui::is_built(workspace) {
                build_ui(workspace, steps)?;
            }
            work(workspace, *step, counts)
        });
    }
    report.finish()
}

fn build_ui(workspace: &Workspace, steps: &[Step]) -> Result<()> {
    if steps.contains(&Step::Ui) {
        // It was tried under its own headline: trying it again for every step would bury the reason.
        return Err("not run: the app embeds the UI, and the UI was not built".into());
    }
    ui::build(workspace)
}

fn work(workspace: &Workspace, step: Step, counts: &mut Counts) -> Result<()> {
    let root = &workspace.root;
    match step {
        Step::Fmt => {
            tools::check_rust(root)?;
            run(program("cargo", root).args(["fmt", "--all", "--", "--check"]))
        }
        Step::Icons => icons::run(root, true),
        Step::Rules => rules::check(workspace),
        Step::UiLints => {
            ui::install(workspace)?;
            ui::script(workspace, "typecheck")?;
            ui::script(workspace, "lint")
        }
        Step::Ui => {
            ui::install(workspace)?;
            let (ran, outcome) = ui::test(workspace);
            *counts += ran;
            // The build says something of its own, so it runs after failed tests too.
            let built = ui::script(workspace, "build");
            outcome.and(built)
        }
        Step::Clippy => {
            packages::require(&[&packages::BUILD])?;
            run(workspace
                .cargo_on_all("clippy")
                .args(["--all-targets", "--", "-D", "warnings"]))
        }
        Step::Build => run(workspace.cargo("build").arg("--all-targets")),
        Step::Unit => unit_tests(workspace, counts),
        Step::Proof => soak::prove(workspace, Search::Known, PROOF, counts),
        Step::Contract | Step::Scenarios | Step::Cli | Step::Desktop => {
            let mut cargo = workspace.cargo_test();
            cargo.args(["--test", step.name()]);
            if step == Step::Desktop {
                // A target that has no step of its own, such as the desktop harness's own tests, is not forgotten.
                for name in workspace.integration_tests(true) {
                    if Step::named(&name).is_none() {
                        cargo.args(["--test", &name]);
                    }
                }
            }
            if step == Step::Cli {
                // They mostly wait for each other's answers, not for a core.
                cargo.args(["--", "--test-threads=6"]);
            }
            let (ran, outcome) = run_counting(&mut cargo);
            *counts += ran;
            outcome
        }
        Step::DocTests => {
            let (ran, outcome) = run_counting(workspace.cargo_test().arg("--doc"));
            *counts += ran;
            outcome
        }
        Step::Docs => run(workspace
            .cargo_on_all("doc")
            .args(["--no-deps", "--lib", "--bins", Workspace::AS_FOR_TESTS])
            .env("RUSTDOCFLAGS", "-D warnings")),
    }
}

fn unit_tests(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    let folder = workspace.generated_types();
    let before = contents(&folder);
    let mut cargo = workspace.cargo_test();
    cargo.args(["--lib", "--bins"]);
    for name in workspace.integration_tests(false) {
        cargo.args(["--test", &name]);
    }
    let (ran, outcome) = run_counting(&mut cargo);
    *counts += ran;
    let (ran, own_outcome) =
        run_counting(program("cargo", &workspace.root).args(["test", "--package", "xtask"]));
    *counts += ran;
    let changed = differences(&before, &contents(&folder));
    if changed.is_empty() {
        return outcome.and(own_outcome);
    }
    let changed: Vec<_> = changed
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    Err(format!(
        "the tests generated other TypeScript types than the committed ones; look at ui/src/generated and commit: {}",
        changed.join(" ")
    )
    .into())
}

/// The files below a folder with what they hold; nothing if there is no folder.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let (Ok(bytes), Ok(name)) = (fs::read(&path), path.strip_prefix(folder)) {
                found.insert(name.to_path_buf(), bytes);
            }
        }
    }
    found
}

fn differences(
    before: &BTreeMap<PathBuf, Vec<u8>>,
    after: &BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<PathBuf> {
    let mut changed: Vec<PathBuf> = before
        .keys()
        .chain(after.keys())
        .filter(|name| before.get(*name) != after.get(*name))
        .cloned()
        .collect();
    changed.sort();
    changed.dedup();
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        list.iter()
            .map(|(name, text)| (name.into(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn a_changed_a_new_and_a_vanished_type_are_each_named_once() {
        let before = files(&[("Action.ts", "1"), ("Kind.ts", "1"), ("View.ts", "1")]);
        let after = files(&[("Action.ts", "2"), ("Menu.ts", "1"), ("View.ts", "1")]);
        assert_eq!(
            differences(&before, &after),
            ["Action.ts", "Kind.ts", "Menu.ts"].map(PathBuf::from)
        );
        assert!(differences(&before, &before).is_empty());
    }

    #[test]
    fn a_chosen_group_brings_the_build_it_needs_and_nothing_else() {
        assert_eq!(plan(&[Step::Cli]), [Step::Build, Step::Cli]);
        assert_eq!(plan(&[Step::Fmt]), [Step::Fmt]);
        assert_eq!(plan(&[]), Step::ALL);
    }

    #[test]
    fn steps_run_in_their_order_however_they_were_named() {
        assert_eq!(
            plan(&[Step::Docs, Step::Ui, Step::Fmt]),
            [Step::Fmt, Step::Ui, Step::Docs]
        );
    }
}
