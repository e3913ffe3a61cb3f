//! What runs, read from `/proc`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::wait::wait_for;

/// One process, as `/proc` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// Its parent's id.
    pub parent: u32,
    /// Its short name (at most 15 characters).
    pub name: String,
    /// Its command line.
    pub command: Vec<String>,
    /// Its proportional share of memory in KiB, 0 where it cannot be read.
    pub pss_kib: u64,
}

/// The process `root` and all its descendants that are alive, `root` first.
pub fn process_tree(root: u32) -> Vec<Process> {
    let all = all_stats();
    let mut found: Vec<(u32, u32, String)> =
        all.iter().filter(|stat| stat.0 == root).cloned().collect();
    let mut next = 0;
    while let Some(pid) = found.get(next).map(|stat| stat.0) {
        found.extend(all.iter().filter(|stat| stat.1 == pid).cloned());
        next += 1;
    }
    found
        .into_iter()
        .map(|(pid, parent, name)| Process {
            pid,
            parent,
            name,
            command: command_line(pid),
            pss_kib: pss_kib(pid),
        })
        .collect()
}

/// True while `root` has a web process, which is while one of its windows exists.
pub fn web_process_alive(root: u32) -> bool {
    // The kernel cuts `WebKitWebProcess` to 15 characters.
    process_tree(root)
        .iter()
        .any(|process| process.name.starts_with("WebKitWebProces"))
}

/// Waits until `root` has no web process any more.
#[track_caller]
pub fn wait_for_no_web_process(root: u32, limit: Duration) {
    wait_for("the web process to end", limit, || {
        (!web_process_alive(root)).then_some(())
    });
}

/// True while `pid` runs (a zombie does not).
pub(super) fn is_running(pid: u32) -> bool {
    stat(pid).is_some()
}

/// The processes whose environment has `entry` (`NAME=value`), as far as it can be read.
pub(super) fn with_environment(entry: &str) -> Vec<u32> {
    all_pids()
        .filter(|pid| {
            fs::read(format!("/proc/{pid}/environ")).is_ok_and(|text| {
                text.split(|byte| *byte == 0)
                    .any(|part| part == entry.as_bytes())
            })
        })
        .collect()
}

/// The program file of `pid`.
pub(super) fn executable(pid: u32) -> Option<std::path::PathBuf> {
    fs::read_link(format!("/proc/{pid}/exe")).ok()
}

fn all_pids() -> impl Iterator<Item = u32> {
    fs::read_dir(Path::new("/proc"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
        })
}

fn all_stats() -> Vec<(u32, u32, String)> {
    all_pids().filter_map(stat).collect()
}

/// Id, parent and name of a process that is not a zombie.
fn stat(pid: u32) -> Option<(u32, u32, String)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold anything, even parentheses.
    let (name, rest) = (
        text.get(text.find('(')? + 1..text.rfind(')')?)?,
        text.get(text.rfind(')')? + 2..)?,
    );
    let mut fields = rest.split(' ');
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then(|| (pid, parent, name.to_owned()))
}

fn command_line(pid: u32) -> Vec<String> {
    let text = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.trim_end_matches('\0')
        .split('\0')
        .map(str::to_owned)
        .collect()
}

fn pss_kib(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse().ok())
        .unwrap_or(0)
}
