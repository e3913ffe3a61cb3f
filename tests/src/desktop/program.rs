//! Programs that this harness starts and surely ends.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use super::wait::{eventually, wait_for};

/// One running program in a process group of its own, which is ended when this is dropped.
#[derive(Debug)]
pub struct Program {
    name: String,
    child: Child,
    log: PathBuf,
    exit: Option<ExitStatus>,
}

impl Program {
    /// Starts `command` with its standard output and error in `{folder}/{name}.out` and `.err`.
    pub(super) fn start(name: &str, folder: &Path, mut command: Command) -> Self {
        let log = folder.join(name);
        let file = |end: &str| {
            let path = log.with_extension(end);
            File::create(&path)
                .unwrap_or_else(|error| panic!("cannot create {}: {error}", path.display()))
        };
        command.stdout(file("out")).stderr(file("err"));
        Self::spawn(name, log, command)
    }

    /// Starts `command` and gives its standard output as a stream.
    pub(super) fn start_piped(
        name: &str,
        folder: &Path,
        mut command: Command,
    ) -> (Self, ChildStdout) {
        let log = folder.join(name);
        let errors = File::create(log.with_extension("err")).expect("the log folder is writable");
        command.stdout(Stdio::piped()).stderr(errors);
        let mut program = Self::spawn(name, log, command);
        let output = program
            .child
            .stdout
            .take()
            .expect("the standard output is piped");
        (program, output)
    }

    fn spawn(name: &str, log: PathBuf, mut command: Command) -> Self {
        command.process_group(0);
        let child = spawn_from_lasting_thread(command)
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        Self {
            name: name.to_owned(),
            child,
            log,
            exit: None,
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote to standard output so far.
    pub fn output(&self) -> String {
        fs::read_to_string(self.log.with_extension("out")).unwrap_or_default()
    }

    /// What it wrote to standard error so far.
    pub fn errors(&self) -> String {
        fs::read_to_string(self.log.with_extension("err")).unwrap_or_default()
    }

    /// Waits until its standard output holds `text`.
    #[track_caller]
    pub fn wait_for_output(&self, text: &str, limit: Duration) {
        let what = format!("{text:?} on the standard output of {}", self.name);
        wait_for(&what, limit, || self.output().contains(text).then_some(()));
    }

    /// Takes the pipe to its standard input.
    pub(super) fn take_input(&mut self) -> Option<std::process::ChildStdin> {
        self.child.stdin.take()
    }

    /// How it ended, if it has.
    pub fn exit(&mut self) -> Option<ExitStatus> {
        if self.exit.is_none() {
            self.exit = self.child.try_wait().ok().flatten();
        }
        self.exit
    }

    /// True while it runs.
    pub fn is_alive(&mut self) -> bool {
        self.exit().is_none()
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub fn wait_exit(&mut self, limit: Duration) -> ExitStatus {
        match eventually(limit, || self.exit()) {
            Some(status) => status,
            None => panic!(
                "{} still runs after {limit:?}; its errors:\n{}",
                self.name,
                self.errors()
            ),
        }
    }

    /// Asks it to end (SIGTERM) and waits; panics when it does not.
    #[track_caller]
    pub fn terminate(&mut self, limit: Duration) -> ExitStatus {
        if self.is_alive() {
            self.signal(Signal::TERM);
        }
        self.wait_exit(limit)
    }

    /// Ends it and its group at once.
    pub fn kill(&mut self) {
        if self.is_alive() {
            self.signal(Signal::KILL);
            self.exit = self.child.wait().ok();
        }
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.pid()).ok().and_then(Pid::from_raw) {
            // The group may be gone already, which is what is wanted.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The first line of `output`, or nothing when the stream ends or `limit` passes first.
pub(super) fn first_line(mut output: ChildStdout, limit: Duration) -> Option<String> {
    let (sender, line) = channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        let mut byte = [0];
        while output.read(&mut byte).is_ok_and(|count| count == 1) && byte[0] != b'\n' {
            text.push(byte[0]);
        }
        let _ = sender.send(String::from_utf8_lossy(&text).trim().to_owned());
        // Kept open: a program that writes to a closed pipe would die of it.
        let _ = io::copy(&mut output, &mut io::sink());
    });
    line.recv_timeout(limit)
        .ok()
        .filter(|line| !line.is_empty())
}

/// Starts `command` from a thread that lives as long as this process.
///
/// The kernel sends a death signal of `setpriv --pdeathsig` when the starting *thread* ends, and a test's thread ends
/// with the test.
fn spawn_from_lasting_thread(command: Command) -> io::Result<Child> {
    type Order = (Command, Sender<io::Result<Child>>);
    static SPAWNER: OnceLock<Sender<Order>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (sender, orders) = channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in orders {
                let _ = answer.send(command.spawn());
            }
        });
        sender
    });
    let (sender, answer) = channel();
    spawner
        .send((command, sender))
        .expect("the spawning thread lives");
    answer.recv().expect("the spawning thread answers")
}
