//! A writer that is killed at moments that nobody chose.

#![cfg(unix)]

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use super::*;

/// Where the writer writes; only the story sets it.
const WRITES_IN: &str = "STATUSLIGHT_TEST_WRITES_HISTORY_IN";

/// The writer, which the story below runs as a program of its own; among the other tests it has nothing to do.
#[test]
fn a_writer_goes_on_until_it_is_killed() {
    let Some(root) = env::var_os(WRITES_IN) else {
        return;
    };
    let files = HistoryFiles::new(&Profile::below(Path::new(&root)));
    let last = files.resume(&acme(), start()).unwrap();
    let first = last.map_or(0, |last| last.status.id.0.parse::<i64>().unwrap() + 1);
    let mut said = io::stdout();
    for number in first.. {
        files.keep(&acme(), &[stretch(number)]).unwrap();
        writeln!(said, "kept {number}").unwrap();
        // Told again, so that the next tidying has something to do.
        files.keep(&acme(), &[stretch(number)]).unwrap();
        // As once a day, the file is replaced as a whole.
        if number % 7 == 0 {
            files.resume(&acme(), stretch(number).until).unwrap();
        }
    }
}

#[test]
fn a_killed_writer_loses_nothing_that_it_kept() {
    let place = place();
    let mut kept = -1;
    for round in 0..25_u32 {
        let mut writer = Command::new(env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("history::tests::killed::a_writer_goes_on_until_it_is_killed")
            .env(WRITES_IN, place.root.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(writer.stdout.take().unwrap()).lines();
        let number = |line: &str| -> Option<i64> {
            // The test harness begins the first line.
            line.rsplit_once("kept ")?.1.parse().ok()
        };
        let mut heard = 0;
        while heard < 1 + round * 5 % 13 {
            let line = said.next().expect("the writer writes").unwrap();
            if let Some(number) = number(&line) {
                kept = number;
                heard += 1;
            }
        }
        writer.kill().unwrap();
        // What it said before it heard of it.
        kept = said
            .map_while(Result::ok)
            .filter_map(|line| number(&line))
            .last()
            .unwrap_or(kept);
        assert_eq!(writer.wait().unwrap().signal(), Some(9));

        let read = place.files.read(&acme()).unwrap();
        assert_eq!(read.unreadable, 0);
        let count = i64::try_from(read.stretches.len()).unwrap();
        // One more may be there, of which it could not say so any more.
        assert!([kept + 1, kept + 2].contains(&count), "{kept} and {count}");
        assert_eq!(read.stretches, stretches(count));
    }
    assert!(kept > 100, "{kept}");
}
