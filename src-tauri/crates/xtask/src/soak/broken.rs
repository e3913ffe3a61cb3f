//! Shows that the stories bite: each broken variant of the session is to be caught.
//!
//! The variants are made in a copy below the target folder, so that nothing in the tree changes, whatever happens.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::SESSION;
use super::variant::{self, Variant};
use crate::Result;
use crate::counts::Counts;
use crate::process::{output_of, program};
use crate::workspace::Workspace;

/// The crates that are copied.
const CRATES: [&str; 2] = ["domain", "truth"];
/// So many stories are enough to catch any variant; each is caught by far fewer.
const STEPS: u64 = 2_000_000;
/// So many show what is held against the session.
const HELD_STEPS: u64 = 100_000;
/// So many rules are held against the session.
const RULES: u8 = 13;
/// Against each rule there are at least so many variants.
const LEAST: usize = 2;

/// How a variant was found out.
struct Caught {
    /// The rule that did not hold, and in what.
    by: String,
    stories: String,
}

/// How a story is looked for that catches a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// First the one that is known to have caught it.
    Known,
    /// From the first story on.
    All,
}

/// Plays stories on the session, says what was held against it, then makes every variant and plays stories on it until
/// one breaks a rule. Each caught variant counts as a passed test.
///
/// # Errors
/// If the session breaks a rule, a variant cannot be made or is not caught, or a rule has too few.
pub(crate) fn prove(
    workspace: &Workspace,
    search: Search,
    limit: Duration,
    counts: &mut Counts,
) -> Result<()> {
    let crates = workspace.root.join("src-tauri/crates");
    let variants = variant::read(&fs::read_to_string(crates.join("truth/broken.txt"))?)?;
    for rule in 1..=RULES {
        let count = variants
            .iter()
            .filter(|variant| variant.rule == rule)
            .count();
        if count < LEAST {
            return Err(
                format!("rule {rule} has {count} variants, and should have {LEAST}").into(),
            );
        }
    }
    variant::check(&variants, &workspace.root.join(SESSION))?;
    let began = Instant::now();
    let first = Copy::make(workspace, "broken")?;
    println!("{}", first.hold()?);
    let copies = [&first, &first.another(workspace, "broken-2")?];
    let left = || {
        limit
            .saturating_sub(began.elapsed())
            .max(Duration::from_secs(1))
    };
    let outcomes = Mutex::new(BTreeMap::new());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for copy in copies {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(variant) = variants.get(number) else {
                        return;
                    };
                    let outcome = copy.with(variant, |copy| copy.catch(variant, search, left()));
                    let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                    outcomes.insert(number, outcome);
                }
            });
        }
    });
    let outcomes = outcomes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    println!("| rule | broken variant | caught by | stories |\n|---|---|---|---|");
    let mut missed = Vec::new();
    for (variant, outcome) in variants.iter().zip(outcomes.into_values()) {
        let caught = outcome?;
        if caught.is_none() {
            missed.push(format!("rule {}: {}", variant.rule, variant.what));
        }
        let (by, stories) = caught.map_or_else(
            || ("**nothing**".to_owned(), "-".to_owned()),
            |caught| (caught.by, caught.stories),
        );
        println!("| {} | {} | {by} | {stories} |", variant.rule, variant.what);
    }
    println!(
        "\n{} of {} variants were caught, in {:.0} s",
        variants.len() - missed.len(),
        variants.len(),
        began.elapsed().as_secs_f64()
    );
    *counts += Counts {
        passed: u32::try_from(variants.len() - missed.len())?,
        failed: u32::try_from(missed.len())?,
        ignored: 0,
    };
    if missed.is_empty() {
        return Ok(());
    }
    Err(format!("not caught: {}", missed.join("; ")).into())
}

/// A copy of the crates, in a workspace of its own.
struct Copy {
    root: PathBuf,
}

impl Copy {
    fn make(workspace: &Workspace, name: &str) -> Result<Self> {
        let root = workspace.target().join(name);
        let manifest = fs::read_to_string(workspace.root.join("Cargo.toml"))?;
        let manifest: Vec<String> = manifest
            .lines()
            .map(|line| {
                if line.starts_with("members = ") {
                    "members = [\"src-tauri/crates/*\"]".to_owned()
                } else {
                    line.to_owned()
                }
            })
            .collect();
        fs::create_dir_all(&root)?;
        fs::write(root.join("Cargo.toml"), manifest.join("\n"))?;
        fs::copy(workspace.root.join("Cargo.lock"), root.join("Cargo.lock"))?;
        for name in CRATES {
            let place = Path::new("src-tauri/crates").join(name);
            let copy = root.join(&place);
            if copy.exists() {
                fs::remove_dir_all(&copy)?;
            }
            copy_folder(&workspace.root.join(&place), &copy)?;
        }
        Ok(Self { root })
    }

    /// A second copy beside it, with what the first has compiled already.
    fn another(&self, workspace: &Workspace, name: &str) -> Result<Self> {
        let copy = Self::make(workspace, name)?;
        let target = copy.root.join("target");
        if !target.exists() {
            copy_folder(&self.root.join("target"), &target)?;
        }
        Ok(copy)
    }

    /// Does something while the variant is made.
    fn with<T>(&self, variant: &Variant, work: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        let file = self.root.join(SESSION).join(&variant.file);
        let text = fs::read_to_string(&file)?;
        fs::write(&file, variant.made_in(&text)?)?;
        let outcome = work(self);
        fs::write(&file, text)?;
        outcome.map_err(|fault| format!("rule {}: {}: {fault}", variant.rule, variant.what).into())
    }

    /// Plays stories on the session as it is, and says what was held against it.
    fn hold(&self) -> Result<String> {
        self.build()?;
        let steps = HELD_STEPS.to_string();
        output_of(self.truth().args(["--rules", "--steps", &steps]))
    }

    /// Looks for a story that breaks a rule.
    fn catch(&self, variant: &Variant, search: Search, limit: Duration) -> Result<Option<Caught>> {
        self.build()?;
        if search == Search::Known
            && let Some(seed) = variant.seed
            && let Some(caught) = self.play(seed, 1, limit)?
        {
            let stories = format!("story {seed}");
            return Ok(Some(Caught { stories, ..caught }));
        }
        self.play(0, STEPS, limit)
    }

    /// Plays stories from one on, for so many steps, until one breaks a rule.
    fn play(&self, from: u64, steps: u64, limit: Duration) -> Result<Option<Caught>> {
        let output = self
            .truth()
            .args(["--first", "--steps", &steps.to_string()])
            .args(["--from", &from.to_string()])
            .args(["--limit", &limit.as_secs().to_string()])
            .stderr(std::process::Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            return Ok(None);
        }
        let line = said.lines().last().unwrap_or_default();
        Ok(Some(
            caught(line).ok_or_else(|| format!("it said: {line}"))?,
        ))
    }

    fn build(&self) -> Result<()> {
        let cargo = &mut program("cargo", &self.root);
        output_of(
            cargo
                .args(["build", "--quiet", "--offline", "--package", "truth"])
                .env("CARGO_TARGET_DIR", self.root.join("target"))
                // A variant may leave something unused.
                .env("RUSTFLAGS", "--cap-lints allow"),
        )?;
        Ok(())
    }

    fn truth(&self) -> Command {
        let binary = format!("truth{}", std::env::consts::EXE_SUFFIX);
        program(self.root.join("target/debug").join(binary), &self.root)
    }
}

/// Reads "seed 7, after 8 stories: rule 3: what has to hold: what was found".
fn caught(line: &str) -> Option<Caught> {
    let (_, rest) = line.split_once("after ")?;
    let (stories, rest) = rest.split_once(" stories: ")?;
    let (rule, rest) = rest.split_once(": ")?;
    let (what, _) = rest.split_once(": ")?;
    Some(Caught {
        by: format!("{rule}: {what}"),
        stories: stories.to_owned(),
    })
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_stories_say_is_read() {
        let line = "seed 7, after 8 stories: rule 3: a click gets one word: Ticket(1): Ok(())";
        let caught = caught(line).unwrap();
        assert_eq!(
            (caught.by.as_str(), caught.stories.as_str()),
            ("rule 3: a click gets one word", "8")
        );
    }
}
