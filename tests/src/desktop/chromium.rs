//! A real browser without a screen, driven over `WebDriver`.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

use super::program::Program;
use super::session::Session;
use super::wait::wait_for;

const SOON: Duration = Duration::from_secs(60);
/// The key of an element's reference in the protocol: <https://www.w3.org/TR/webdriver2/#elements>.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Whether this distribution has a Chromium of its own: Ubuntu's package only fetches a snap.
pub fn has_chromium() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line == "ID=debian")
}

/// A running browser; it ends with this value.
#[derive(Debug)]
pub struct Chromium {
    _driver: Program,
    agent: Agent,
    session: String,
}

impl Chromium {
    /// Starts it in `session`; it reaches this computer alone.
    ///
    /// # Panics
    /// It is not installed, or does not start.
    #[track_caller]
    pub fn start(session: &Session) -> Self {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = socket.local_addr().expect("it has one").port();
        drop(socket);
        let driver = session.run("chromedriver", "chromedriver", &[&format!("--port={port}")]);
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(SOON))
            .build()
            .into();
        let base = format!("http://127.0.0.1:{port}");
        wait_for("the browser's driver", SOON, || {
            let status = agent.get(format!("{base}/status")).call().ok()?;
            (status.status() == 200).then_some(())
        });
        let profile = session.home().join("chromium");
        let options = json!({"args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            format!("--user-data-dir={}", profile.display()),
        ]});
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let mut browser = Self {
            _driver: driver,
            agent,
            session: base,
        };
        let begun = browser.post("/session", &wanted);
        let id = begun["sessionId"].as_str().expect("a browser starts");
        browser.session = format!("{}/session/{id}", browser.session);
        browser
    }

    /// Opens a page.
    #[track_caller]
    pub fn open(&self, address: &str) {
        let _ = self.post("/url", &json!({"url": address}));
    }

    /// Clicks an element.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let found = self.post("/element", &json!({"using": "css selector", "value": css}));
        let element = found[ELEMENT]
            .as_str()
            .unwrap_or_else(|| panic!("no {css}: {found}"));
        let _ = self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Waits until the page says it.
    #[track_caller]
    pub fn says(&self, words: &str) {
        wait_for(&format!("the browser to say {words:?}"), SOON, || {
            let text = "return document.body ? document.body.innerText : ''";
            let text = self.post("/execute/sync", &json!({"script": text, "args": []}));
            text.as_str()?.contains(words).then_some(())
        });
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        let sent = self
            .agent
            .post(format!("{}{path}", self.session))
            .header("content-type", "application/json")
            .send(body.to_string());
        let text = sent
            .expect("the driver answers")
            .into_body()
            .read_to_string()
            .expect("it answers in text");
        let answer: Value = serde_json::from_str(&text).expect("it answers in JSON");
        answer["value"].clone()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The driver ends its browser, which would otherwise outlive it.
        let _ = self.agent.delete(&self.session).call();
    }
}
