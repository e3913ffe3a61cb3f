//! How many tests ran, read from what the test runners print.

use std::ops::AddAssign;

/// Tests by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) ignored: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// Adds up the summary lines in a stream of bytes.
#[derive(Default)]
pub(crate) struct LineCounter {
    line: Vec<u8>,
    counts: Counts,
}

impl LineCounter {
    /// Takes the next piece of output; a line may be spread over several.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if *byte == b'\n' {
                self.end_line();
            } else {
                self.line.push(*byte);
            }
        }
    }

    /// The counts, a last line without an end included.
    pub(crate) fn finish(mut self) -> Counts {
        self.end_line();
        self.counts
    }

    fn end_line(&mut self) {
        let line = String::from_utf8_lossy(&self.line);
        if let Some(counts) = summary(&line) {
            self.counts += counts;
        }
        self.line.clear();
    }
}

/// Reads a summary line of Rust's test harness or of vitest.
fn summary(line: &str) -> Option<Counts> {
    let line = without_colors(line);
    let line = line.trim();
    let numbers = if let Some(rest) = line.strip_prefix("test result: ") {
        rest.split_once(". ")?.1
    } else {
        // "Tests  2 failed | 14 passed (16)", but not "Test Files  3 passed (3)".
        line.strip_prefix("Tests ")?
    };
    let mut counts = Counts::default();
    for part in numbers.split([';', '|']) {
        let mut words = part.split_whitespace();
        let (Some(number), Some(outcome)) = (words.next(), words.next()) else {
            continue;
        };
        // Anything but a number here is a sentence of a test, not a summary.
        let number: u32 = match number.parse() {
            Ok(number) => number,
            Err(_) if counts == Counts::default() => return None,
            Err(_) => continue,
        };
        match outcome {
            "passed" => counts.passed += number,
            "failed" => counts.failed += number,
            "ignored" | "skipped" | "todo" => counts.ignored += number,
            _ => {}
        }
    }
    Some(counts)
}

fn without_colors(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // An escape sequence ends with its first letter.
            for letter in letters.by_ref() {
                if letter.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(pieces: &[&str]) -> (u32, u32, u32) {
        let mut counter = LineCounter::default();
        for piece in pieces {
            counter.feed(piece.as_bytes());
        }
        let counts = counter.finish();
        (counts.passed, counts.failed, counts.ignored)
    }

    #[test]
    fn every_test_binary_adds_to_the_sum() {
        let output = "running 2 tests\ntest a ... ok\n\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 5 passed; 1 failed; 2 ignored; 0 measured; 7 filtered out; finished in 1.20s\n";
        assert_eq!(counted(&[output]), (7, 1, 2));
    }

    #[test]
    fn a_summary_cut_in_two_by_the_pipe_counts_once() {
        assert_eq!(
            counted(&["test result: ok. 1", "2 passed; 0 fai", "led; 0 ignored"]),
            (12, 0, 0)
        );
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let output = " Test Files  3 passed (3)\n      Tests  16 passed (16)\n";
        assert_eq!(counted(&[output]), (16, 0, 0));
        let output = "      Tests  2 failed | 14 passed | 1 skipped (17)\n";
        assert_eq!(counted(&[output]), (14, 2, 1));
    }

    #[test]
    fn colors_do_not_hide_a_summary() {
        let output = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m4 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (4)\u{1b}[39m\n";
        assert_eq!(counted(&[output]), (4, 0, 0));
        let output = "test result: \u{1b}[32mok\u{1b}[0m. 3 passed; 0 failed; 0 ignored\n";
        assert_eq!(counted(&[output]), (3, 0, 0));
    }

    #[test]
    fn a_test_that_talks_of_results_is_not_counted() {
        let output = "it printed: test result: ok. 99 passed; 0 failed\nTests are 5 passed\n\
            test result: nonsense\nTests  none\n";
        assert_eq!(counted(&[output]), (0, 0, 0));
    }
}
