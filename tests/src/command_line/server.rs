//! Zendesks and proxies on real sockets.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use simulator::{Certificate, ConnectProxy, Request, Simulator, Zendesk, sample};
use tokio::runtime::{Builder, Runtime};

/// One for all servers of the test process, since some outlive the thread that started them.
pub(super) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
});

/// A Zendesk on real sockets; it ends when dropped.
#[derive(Debug)]
pub struct Server {
    /// What it is and remembers.
    pub zendesk: Zendesk,
    simulator: Simulator,
}

impl Server {
    /// The sample account over http.
    #[track_caller]
    pub fn http() -> Self {
        Self::of(Zendesk::default())
    }

    /// This account over http.
    #[track_caller]
    pub fn of(zendesk: Zendesk) -> Self {
        let simulator = RUNTIME.block_on(Simulator::http(&zendesk, 0));
        Self {
            zendesk,
            simulator: simulator.expect("a free port"),
        }
    }

    /// The sample account over https, with a CA of its own.
    #[track_caller]
    pub fn https(certificate: Certificate) -> Self {
        let zendesk = Zendesk::default();
        let simulator = RUNTIME.block_on(Simulator::https(&zendesk, 0, certificate));
        Self {
            zendesk,
            simulator: simulator.expect("a free port"),
        }
    }

    /// Its address by number.
    pub fn url(&self) -> String {
        self.simulator.url()
    }

    /// Its address by the name that its certificate has.
    pub fn https_url(&self) -> String {
        format!("https://localhost:{}", self.simulator.addr().port())
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.simulator.addr()
    }

    /// The CA that signed its certificate.
    #[track_caller]
    pub fn ca_pem(&self) -> &str {
        self.simulator.ca_pem().expect("it serves https")
    }

    /// The writes so far, as the requests that arrived.
    pub fn puts(&self) -> Vec<Request> {
        let mut requests = self.zendesk.requests();
        requests.retain(|request| request.method == "PUT");
        requests
    }

    /// The writes so far, each as the status that it names.
    pub fn writes(&self) -> Vec<u64> {
        let id = |put: &Request| put.json()["id"].as_u64().unwrap_or_default();
        self.puts().iter().map(id).collect()
    }

    /// Ada's status.
    #[track_caller]
    pub fn current(&self) -> u64 {
        let current = self.zendesk.current_status(sample::ADA);
        current.expect("Ada is there").id
    }

    /// Moves Ada as somebody or something else would.
    #[track_caller]
    pub fn force(&self, status: u64, reason: &str) {
        let forced = self.zendesk.force_status(sample::ADA, status, reason);
        forced.expect("Ada and the status are there");
    }

    /// Waits until a write has arrived, answered or not.
    #[track_caller]
    pub fn wait_for_put(&self, limit: Duration) {
        self.wait_for_request("a write", limit, |request| request.method == "PUT");
    }

    /// Waits until such a request has arrived, answered or not.
    #[track_caller]
    pub fn wait_for_request(
        &self,
        what: &str,
        limit: Duration,
        is_it: impl FnMut(&Request) -> bool,
    ) {
        let seen = RUNTIME.block_on(self.zendesk.wait_for_request(is_it, limit));
        assert!(seen.is_some(), "waited {limit:?} in vain for {what}");
    }
}

/// A web proxy that tunnels one host to a server.
#[track_caller]
pub fn proxy(host: &str, to: &Server) -> ConnectProxy {
    let started = RUNTIME.block_on(ConnectProxy::start([(host, to.addr())]));
    started.expect("a free port")
}
