//! Libredesks on real sockets.

use std::net::SocketAddr;

use simulator::libredesk::sample;
use simulator::{Certificate, ConnectProxy, Libredesk, Served, Simulator};

use super::server::RUNTIME;
use super::{Done, Terminal};

/// A Libredesk on real sockets; it ends when dropped.
#[derive(Debug)]
pub struct Office {
    /// What it is and remembers.
    pub desk: Libredesk,
    simulator: Simulator,
}

impl Office {
    /// The sample instance over http.
    #[track_caller]
    pub fn http() -> Self {
        let desk = Libredesk::default();
        let simulator = RUNTIME.block_on(Simulator::http(&desk, 0));
        Self {
            desk,
            simulator: simulator.expect("a free port"),
        }
    }

    /// The sample instance over https, with a CA of its own.
    #[track_caller]
    pub fn https() -> Self {
        let desk = Libredesk::default();
        let served = Served::from(&desk);
        let simulator = RUNTIME.block_on(Simulator::https(served, 0, Certificate::Trusted));
        Self {
            desk,
            simulator: simulator.expect("a free port"),
        }
    }

    /// Its address by number.
    pub fn url(&self) -> String {
        self.simulator.url()
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

    /// A web proxy that tunnels this host to it.
    #[track_caller]
    pub fn behind_proxy(&self, host: &str) -> ConnectProxy {
        let started = RUNTIME.block_on(ConnectProxy::start([(host, self.addr())]));
        started.expect("a free port")
    }

    /// Ada's availability in the server's word.
    #[track_caller]
    pub fn status(&self) -> String {
        self.desk.status(sample::ADA).expect("Ada is there")
    }
}

impl Terminal {
    /// Tries to sign in to a Libredesk with Ada's key and this secret.
    #[track_caller]
    pub fn login_libredesk(&self, url: &str, secret: &str, more: &[&str]) -> Done {
        let login = ["login", "libredesk", "--url", url];
        let key = ["--key", sample::KEY, "--secret-stdin"];
        self.run_with(&[&login[..], &key, more].concat(), secret)
    }
}
