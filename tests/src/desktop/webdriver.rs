//! The `WebDriver` protocol, as far as the tests use it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

use super::place::Place;
use super::program::Program;
use super::wait::eventually;
use super::window::Window;

/// One driver with a port of its own.
#[derive(Debug)]
pub(super) struct Driver {
    program: Program,
    port: u16,
}

/// A driver session that begins once the program under it has a window.
#[derive(Debug)]
pub(super) struct PendingSession {
    answer: Receiver<Result<Window, String>>,
}

impl Driver {
    #[track_caller]
    pub(super) fn start(place: &Place, env: &[(String, String)]) -> Self {
        // The port is free when asked for; should somebody take it before the driver does, the next one is tried.
        (0..5)
            .find_map(|_| Self::try_start(place, env))
            .expect("the driver finds a port")
    }

    fn try_start(place: &Place, env: &[(String, String)]) -> Option<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|socket| socket.local_addr())
            .ok()?
            .port();
        let mut command = place.command("WebKitWebDriver");
        command.arg(format!("--port={port}"));
        command.envs([
            ("TAURI_AUTOMATION", "true"),
            ("TAURI_WEBVIEW_AUTOMATION", "true"),
        ]);
        command.envs(env.iter().map(|(name, value)| (name, value)));
        let mut program = Program::start(&format!("driver-{port}"), &place.logs(), command);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let ready = eventually(Duration::from_secs(10), || {
            let connected =
                TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok();
            (connected || !program.is_alive()).then_some(connected)
        });
        (ready == Some(true) && program.is_alive()).then_some(Self { program, port })
    }

    pub(super) fn pid(&self) -> u32 {
        self.program.pid()
    }

    pub(super) fn output(&self) -> String {
        self.program.output() + &self.program.errors()
    }

    /// Asks for a session; the driver starts `binary` at once and answers when it has a window.
    pub(super) fn request_session(&self, binary: &Path, args: &[String]) -> PendingSession {
        let (sender, answer) = channel();
        let (base, binary, args) = (
            format!("http://127.0.0.1:{}", self.port),
            PathBuf::from(binary),
            args.to_vec(),
        );
        thread::spawn(move || {
            let wire = Wire::new(base);
            let options = json!({"binary": binary, "args": args});
            let wanted =
                json!({"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}});
            let session = wire.ask("POST", "/session", &wanted);
            let id =
                session.map(|value| value["sessionId"].as_str().unwrap_or_default().to_owned());
            // Nobody may wait any more, which is fine.
            let _ = sender.send(id.map(|id| Window::new(wire.below(&format!("/session/{id}")))));
        });
        PendingSession { answer }
    }
}

impl PendingSession {
    #[track_caller]
    pub(super) fn window(self, limit: Duration) -> Window {
        match self.answer.recv_timeout(limit) {
            Ok(Ok(window)) => window,
            Ok(Err(error)) => panic!("the driver cannot take the window over: {error}"),
            Err(RecvTimeoutError::Timeout) => {
                panic!("waited {limit:?} in vain for a window to take over")
            }
            Err(RecvTimeoutError::Disconnected) => panic!("the driver is gone"),
        }
    }
}

/// Requests to one driver over connections that stay open.
#[derive(Debug)]
pub(super) struct Wire {
    agent: Agent,
    base: String,
}

impl Wire {
    fn new(base: String) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None);
        let agent = config
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Self { agent, base }
    }

    fn below(self, path: &str) -> Self {
        Self {
            base: self.base + path,
            ..self
        }
    }

    /// The value that the driver answers, or its error in words.
    pub(super) fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let url = format!("{}{path}", self.base);
        let answer = match method {
            "GET" => self.agent.get(&url).call(),
            "DELETE" => self.agent.delete(&url).call(),
            _ => self.agent.post(&url).send_json(body),
        };
        let mut answer = answer.map_err(|error| error.to_string())?;
        let text = answer
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_string()
            .map_err(|error| error.to_string())?;
        let mut content: Value =
            serde_json::from_str(&text).map_err(|error| format!("{error} in {text:?}"))?;
        if answer.status().is_success() {
            Ok(content["value"].take())
        } else {
            Err(content["value"].to_string())
        }
    }
}
