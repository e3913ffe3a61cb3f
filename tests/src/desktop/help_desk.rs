//! A Zendesk on real sockets for a session, and an agent who is signed in to it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use simulator::{Request, Simulator, Zendesk, sample};
use tokio::runtime::{Builder, Runtime};

use super::required::required_bin;
use super::session::Session;

/// A Zendesk on real sockets; it ends when dropped.
#[derive(Debug)]
pub struct HelpDesk {
    /// What it is and remembers.
    pub zendesk: Zendesk,
    server: Simulator,
    runtime: Runtime,
}

impl HelpDesk {
    /// Starts it with the sample account.
    #[track_caller]
    pub fn start() -> Self {
        Self::of(Zendesk::default())
    }

    /// Starts it with an account of the test's own.
    #[track_caller]
    pub fn of(zendesk: Zendesk) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let server = runtime
            .block_on(Simulator::http(&zendesk, 0))
            .expect("a free port");
        Self {
            zendesk,
            server,
            runtime,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Signs Ada in by `statusctl`, and lets her account be read every 5 s.
    #[track_caller]
    pub fn sign_in(&self, session: &Session) {
        let url = self.url();
        let login = ["login", "zendesk", "--url", &url, "--access-token-stdin"];
        let output = statusctl(session, &login, sample::ADA_TOKEN);
        assert!(output.status.success(), "{output:?}");
        let path = session.home().join(".config/statuslight/settings.json");
        let settings = std::fs::read(&path).expect("signing in wrote the settings");
        let mut settings: serde_json::Value =
            serde_json::from_slice(&settings).expect("the settings are JSON");
        settings["poll_interval_s"] = 5.into();
        std::fs::write(&path, settings.to_string()).expect("the settings are the session's own");
    }

    /// The writes so far, each as the status that it names.
    pub fn writes(&self) -> Vec<u64> {
        let requests = self.zendesk.requests();
        let puts = requests.iter().filter(|request| request.method == "PUT");
        puts.map(|put| put.json()["id"].as_u64().unwrap_or_default())
            .collect()
    }

    /// Waits for a request that was answered, and says when it was seen.
    #[track_caller]
    pub fn wait_for_answer(
        &self,
        what: &str,
        limit: Duration,
        mut is_it: impl FnMut(&Request) -> bool,
    ) -> Instant {
        let answered = |request: &Request| request.status.is_some() && is_it(request);
        let seen = self
            .runtime
            .block_on(self.zendesk.wait_for_request(answered, limit));
        assert!(seen.is_some(), "waited {limit:?} in vain for {what}");
        Instant::now()
    }

    /// Waits until the current status was read that many times more.
    #[track_caller]
    pub fn wait_for_reads(&self, count: usize, limit: Duration) {
        let is_read = |request: &Request| {
            request.method == "GET"
                && (request.path.starts_with("/api/v2/agent_availabilities/me")
                    || request.path.starts_with("/api/v2/channels/voice"))
        };
        let requests = self.zendesk.requests();
        let last = requests.last().map_or(0, |request| request.number);
        let mut seen = BTreeSet::new();
        self.wait_for_answer("the status to be read again", limit, move |request| {
            if request.number > last && is_read(request) {
                seen.insert(request.number);
            }
            seen.len() >= count
        });
    }
}

/// Runs `statusctl` in the session with this on its standard input.
#[track_caller]
pub fn statusctl(session: &Session, arguments: &[&str], input: &str) -> Output {
    let mut child = session
        .command(required_bin("STATUSCTL_BIN"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("statusctl starts");
    let mut stdin = child.stdin.take().expect("its input is a pipe");
    // It may end without reading what it does not need.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("statusctl ends")
}
