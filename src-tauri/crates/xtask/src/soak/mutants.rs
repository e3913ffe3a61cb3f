//! Shows that the tests bite: each mutant of the session, as `cargo mutants` makes them, is to be caught by a test of
//! `domain` or `truth`, or its survival is explained.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::Path;

use super::SESSION;
use super::survivors::{self, Survivor};
use crate::Result;
use crate::process::{program, run};
use crate::workspace::Workspace;

/// The tool that makes mutants, and the version whose words for them the list of survivors uses.
const TOOL: (&str, &str) = ("cargo-mutants", "27.1.0");
/// A test run takes some seconds; a mutant that never ends is caught by that.
const LONGEST_RUN_S: u32 = 40;

/// Makes all mutants of the session, or a shard of them, in a copy, and runs the tests on each.
///
/// # Errors
/// If a mutant survives that is not on the list, or one on the list is caught.
pub(super) fn run_all(workspace: &Workspace, shard: Option<&str>) -> Result<()> {
    let tools = workspace.target().join("tools");
    let tool = tools
        .join("bin")
        .join(format!("{}{}", TOOL.0, std::env::consts::EXE_SUFFIX));
    if !tool.is_file() {
        run(program("cargo", &workspace.root)
            .args(["install", "--locked", TOOL.0, "--version", TOOL.1, "--root"])
            .arg(&tools))?;
    }
    let listed = workspace.root.join("src-tauri/crates/truth/survivors.txt");
    let listed = survivors::read(&fs::read_to_string(listed)?)?;
    let place = workspace.target().join("mutants");
    let said = place.join("mutants.out");
    if said.exists() {
        fs::remove_dir_all(&said)?;
    }
    fs::create_dir_all(&place)?;
    let lines = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(said.join(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    };
    let mut endless = Vec::new();
    // Most are caught by the quicker tests; the stories are played on what is left. Of a part, what is left would be
    // another part.
    let runs: &[(&str, Option<&str>)] = if shard.is_some() {
        &[("domain,truth", None)]
    } else {
        &[("domain", None), ("truth", Some("--iterate"))]
    };
    for (tests, further) in runs {
        let mut command = program(&tool, &workspace.root);
        command
            .args([
                "mutants",
                "--no-shuffle",
                "--colors=never",
                "--cap-lints=true",
            ])
            .args(["--package=domain", "--test-package", tests])
            .args(["--file", &format!("{SESSION}/*.rs")])
            .args(["--timeout", &LONGEST_RUN_S.to_string(), "--jobs=2"])
            .arg("--output")
            .arg(&place)
            .args(further)
            .args(shard.iter().flat_map(|shard| ["--shard", shard]))
            .args(["--", "--lib"])
            // Half of a mutant's time is its build.
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_PROFILE_TEST_DEBUG", "0");
        // It ends with another code where a mutant survives, which is judged below.
        if let Err(fault) = run(&mut command)
            && !said.join("caught.txt").exists()
        {
            return Err(fault);
        }
        endless.extend(lines("timeout.txt"));
    }
    // What the first run caught or could not compile, the second counts as caught before.
    let caught = [lines("previously_caught.txt"), lines("caught.txt"), endless].concat();
    let mut missed = lines("missed.txt");
    missed.retain(|mutant| !caught.contains(mutant));
    let missed = located(&workspace.root, &missed)?;
    if caught.is_empty() {
        return Err("no mutant was tried".into());
    }
    println!(
        "{} mutants: {} survived",
        caught.len() + missed.len(),
        missed.len()
    );
    judge(&listed, &missed, &located(&workspace.root, &caught)?)
}

/// Where each mutant was made.
fn located(root: &Path, lines: &[String]) -> Result<Vec<Survivor>> {
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut located = Vec::new();
    for line in lines {
        let (file, number, mutation) =
            survivors::named(line).ok_or_else(|| format!("not a mutant: {line}"))?;
        let text = match texts.entry(file) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(fs::read_to_string(root.join(SESSION).join(file))?),
        };
        let stands = text.lines().nth(number.saturating_sub(1));
        located.push(Survivor {
            file: file.to_owned(),
            mutation: mutation.to_owned(),
            stands: stands.unwrap_or_default().trim().to_owned(),
            why: String::new(),
        });
    }
    Ok(located)
}

/// Whether what survived is what is explained.
fn judge(listed: &[Survivor], missed: &[Survivor], caught: &[Survivor]) -> Result<()> {
    let unexplained: Vec<String> = missed
        .iter()
        .filter(|mutant| !listed.iter().any(|listed| listed.is_same(mutant)))
        .map(Survivor::to_string)
        .collect();
    // Two mutants may be made in one line in the same words: then it is enough that one of them survives.
    let stale: Vec<String> = listed
        .iter()
        .filter(|listed| caught.iter().any(|mutant| mutant.is_same(listed)))
        .filter(|listed| !missed.iter().any(|mutant| mutant.is_same(listed)))
        .map(Survivor::to_string)
        .collect();
    for (what, mutants) in [
        ("survived, and nothing explains it", &unexplained),
        ("is on the list of survivors, and was caught", &stale),
    ] {
        for mutant in mutants {
            println!("{what}:\n{mutant}");
        }
    }
    if unexplained.is_empty() && stale.is_empty() {
        println!("All others were caught; truth/survivors.txt says why these are not.");
        return Ok(());
    }
    Err(format!(
        "{} mutants survived without an explanation, {} explanations are out of date",
        unexplained.len(),
        stale.len()
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant(mutation: &str, why: &str) -> Survivor {
        Survivor {
            file: "hold.rs".to_owned(),
            mutation: mutation.to_owned(),
            stands: "a < b".to_owned(),
            why: why.to_owned(),
        }
    }

    #[test]
    fn what_survives_needs_an_explanation_and_an_explanation_needs_what_survives() {
        let (known, new) = (
            mutant("replace < with <=", ""),
            mutant("replace < with >", ""),
        );
        let listed = [mutant("replace < with <=", "the same instant")];
        judge(
            &listed,
            std::slice::from_ref(&known),
            std::slice::from_ref(&new),
        )
        .unwrap();
        let fault = judge(&listed, &[known.clone(), new], &[]).unwrap_err();
        assert!(
            fault.to_string().starts_with("1 mutants survived"),
            "{fault}"
        );
        let fault = judge(&listed, &[], &[known]).unwrap_err();
        assert!(fault.to_string().contains("1 explanations"), "{fault}");
    }

    #[test]
    fn an_explanation_of_another_shard_is_left_alone() {
        judge(&[mutant("replace < with <=", "the same instant")], &[], &[]).unwrap();
    }
}
