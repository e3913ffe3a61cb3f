//! What happened: a headline per step while it runs, a table and the faults at the end.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::Result;
use crate::counts::Counts;
use crate::steps::Step;

/// One finished step.
struct Entry {
    step: Step,
    took: Duration,
    counts: Counts,
    faults: Vec<String>,
}

/// Everything that ran so far.
pub(crate) struct Report {
    planned: usize,
    started: Instant,
    entries: Vec<Entry>,
}

impl Report {
    /// A report on so many steps.
    pub(crate) fn new(planned: usize) -> Self {
        Self {
            planned,
            started: Instant::now(),
            entries: Vec::new(),
        }
    }

    /// Runs a step under its headline. A failed one is told at once and again at the end; the others run all the same.
    pub(crate) fn run(&mut self, step: Step, work: impl FnOnce(&mut Counts) -> Result<()>) {
        println!(
            "\n=== {}/{} {}: {} ===",
            self.entries.len() + 1,
            self.planned,
            step.name(),
            step.headline()
        );
        let started = Instant::now();
        let mut counts = Counts::default();
        let outcome = work(&mut counts);
        let took = started.elapsed();
        let faults = faults(step, counts, outcome);
        for fault in &faults {
            println!("FAILED: {fault}");
        }
        println!("--- {} took {}", step.name(), seconds(took));
        self.entries.push(Entry {
            step,
            took,
            counts,
            faults,
        });
    }

    /// Prints the table, the faults and the sum, and says how the program shall end.
    pub(crate) fn finish(&self) -> ExitCode {
        println!("\n{}", self.table());
        for entry in &self.entries {
            for fault in &entry.faults {
                println!("FAILED {}: {fault}", entry.step.name());
            }
        }
        let (passed, failed) = self.sum();
        if self
            .entries
            .iter()
            .any(|entry| entry.step.minimum().is_some())
        {
            println!("\n{passed} passed, {failed} failed");
        }
        if failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn table(&self) -> String {
        let mut lines = vec![format!(
            "{:<11}{:>8}{:>8}{:>9}{:>9}{:>10}  outcome",
            "step", "passed", "failed", "ignored", "minimum", "time"
        )];
        for entry in &self.entries {
            let numbers = match entry.step.minimum() {
                Some(minimum) => format!(
                    "{:>8}{:>8}{:>9}{minimum:>9}",
                    entry.counts.passed, entry.counts.failed, entry.counts.ignored
                ),
                None => " ".repeat(34),
            };
            let outcome = if entry.faults.is_empty() {
                "ok"
            } else {
                "FAILED"
            };
            lines.push(format!(
                "{:<11}{numbers}{:>10}  {outcome}",
                entry.step.name(),
                seconds(entry.took)
            ));
        }
        lines.push(format!(
            "{:<45}{:>10}",
            "all",
            seconds(self.started.elapsed())
        ));
        lines.join("\n")
    }

    /// Passed and failed tests. A step that failed without a failed test counts as one, so that "0 failed" is the truth.
    fn sum(&self) -> (u32, u32) {
        self.entries.iter().fold((0, 0), |(passed, failed), entry| {
            let least = u32::from(!entry.faults.is_empty());
            (
                passed + entry.counts.passed,
                failed + entry.counts.failed.max(least),
            )
        })
    }
}

fn faults(step: Step, counts: Counts, outcome: Result<()>) -> Vec<String> {
    let mut faults: Vec<String> = outcome
        .err()
        .map(|fault| fault.to_string())
        .into_iter()
        .collect();
    if counts.failed > 0 && faults.is_empty() {
        faults.push(format!("{} tests failed", counts.failed));
    }
    if let Some(minimum) = step.minimum() {
        let ran = counts.passed + counts.failed;
        if ran < minimum {
            faults.push(format!("{ran} tests ran, at least {minimum} must"));
        }
    }
    faults
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u32, failed: u32) -> Counts {
        Counts {
            passed,
            failed,
            ignored: 0,
        }
    }

    fn report(steps: &[(Step, Counts, Result<()>)]) -> Report {
        let mut report = Report::new(steps.len());
        for (step, counts, outcome) in steps {
            report.run(*step, |sum| {
                *sum += *counts;
                match outcome {
                    Ok(()) => Ok(()),
                    Err(fault) => Err(fault.to_string().into()),
                }
            });
        }
        report
    }

    #[test]
    fn a_group_without_tests_fails_although_nothing_did() {
        let report = report(&[(Step::Desktop, counts(0, 0), Ok(()))]);
        assert_eq!(report.sum(), (0, 1));
        assert!(report.table().contains("FAILED"));
    }

    #[test]
    fn a_failed_step_without_tests_is_in_the_sum() {
        let report = report(&[
            (Step::Clippy, counts(0, 0), Err("a lint".into())),
            (Step::Unit, counts(12, 2), Err("exit status 101".into())),
        ]);
        assert_eq!(report.sum(), (12, 3));
    }

    #[test]
    fn failed_tests_fail_the_run_whatever_the_runner_returned() {
        let enough = Step::Ui.minimum().unwrap_or_default();
        let report = report(&[(Step::Ui, counts(enough, 1), Ok(()))]);
        assert_eq!(report.sum(), (enough, 1));
        assert_eq!(report.entries[0].faults.len(), 1);
    }

    #[test]
    fn a_clean_run_adds_up() {
        let [ui, unit] = [Step::Ui, Step::Unit].map(|step| step.minimum().unwrap_or_default());
        let report = report(&[
            (Step::Ui, counts(ui, 0), Ok(())),
            (Step::Unit, counts(unit, 0), Ok(())),
            (Step::Docs, counts(0, 0), Ok(())),
        ]);
        assert_eq!(report.sum(), (ui + unit, 0));
        assert!(!report.table().contains("FAILED"));
    }
}
