//! The proof at length: plays invented stories until so many steps are played, and prints the shortest of each kind
//! that breaks a rule.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks on standard output and standard error"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use truth::{Broken, held, invented, play, shortest, told};

const HELP: &str = "\
Plays invented stories against the session and says which rules they break.

Usage: truth [--steps N] [--from SEED] [--first] [--rules] [--limit SECONDS]
       truth --tell FILE

  --steps N        Ends once N steps are played (default 1000000)
  --from SEED      The first story's seed (default 0); the next ones follow
  --first          Ends with the first broken rule, on one line and without making the story short
  --rules          Says at the end what was held against the session, and how often
  --tell FILE      Plays the story of that file and tells all that happens in it
  --limit SECONDS  Ends after that time in any case (default 1800)
";

/// A line of progress comes so often.
const BETWEEN_LINES: Duration = Duration::from_secs(5);
/// More kinds of broken rules tell nothing new.
const MOST: usize = 8;

struct Asked {
    steps: u64,
    from: u64,
    first: bool,
    rules: bool,
    limit: Duration,
    tell: Option<String>,
}

fn asked(mut words: impl Iterator<Item = String>) -> Option<Asked> {
    let mut asked = Asked {
        steps: 1_000_000,
        from: 0,
        first: false,
        rules: false,
        limit: Duration::from_secs(1800),
        tell: None,
    };
    while let Some(word) = words.next() {
        if word == "--tell" {
            asked.tell = Some(words.next()?);
            continue;
        }
        let mut number = || words.next()?.parse().ok();
        match word.as_str() {
            "--steps" => asked.steps = number()?,
            "--from" => asked.from = number()?,
            "--limit" => asked.limit = Duration::from_secs(number()?),
            "--first" => asked.first = true,
            "--rules" => asked.rules = true,
            _ => return None,
        }
    }
    Some(asked)
}

fn main() -> ExitCode {
    let Some(asked) = asked(std::env::args().skip(1)) else {
        eprintln!("{HELP}");
        return ExitCode::from(2);
    };
    if let Some(file) = &asked.tell {
        return tell(file);
    }
    let began = Instant::now();
    let mut said = began;
    let (mut steps, mut inputs) = (0, 0);
    let mut kinds: Vec<Broken> = Vec::new();
    let mut seed = asked.from;
    while steps < asked.steps && began.elapsed() < asked.limit && kinds.len() < MOST {
        let story = invented(seed);
        steps += story.steps.len() as u64;
        match play(&story) {
            Ok(happened) => inputs += happened,
            Err(broken) if asked.first => {
                println!(
                    "seed {seed}, after {} stories: {broken}",
                    seed - asked.from + 1
                );
                return ExitCode::FAILURE;
            }
            Err(broken) => {
                let is_known =
                    |known: &Broken| (known.rule, known.what) == (broken.rule, broken.what);
                if !kinds.iter().any(is_known) {
                    let (story, broken) = shortest(&story, &broken);
                    println!("seed {seed} breaks {broken}\n{}", story.to_text());
                    kinds.push(broken);
                }
            }
        }
        seed += 1;
        if said.elapsed() > BETWEEN_LINES {
            said = Instant::now();
            println!(
                "{:>3} s: {} stories, {steps} steps, {inputs} inputs, {} kinds of broken rules",
                began.elapsed().as_secs(),
                seed - asked.from,
                kinds.len()
            );
        }
    }
    if asked.rules {
        for (rule, what, times) in held() {
            println!("rule {rule:>2}: {times:>9} x {what}");
        }
    }
    println!(
        "{} stories, {steps} steps and {inputs} inputs in {:.1} s: {}",
        seed - asked.from,
        began.elapsed().as_secs_f64(),
        if kinds.is_empty() {
            "every rule held"
        } else {
            "rules were broken"
        }
    );
    if steps < asked.steps && kinds.is_empty() {
        println!("The time was over before all steps were played.");
    }
    if kinds.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn tell(file: &str) -> ExitCode {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string());
    match text.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string())) {
        Ok(story) => {
            for line in told(&story) {
                println!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{file}: {error}");
            ExitCode::from(2)
        }
    }
}
