//! The product's window, as a person uses it (`WebDriver`).

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::picture::Picture;
use super::wait::eventually;
use super::webdriver::Wire;

/// The name under which the protocol hands elements out.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A window that a driver has taken over.
///
/// One value serves all windows of a program, one after the other: after a window was closed and another opened,
/// [`Window::follow`] goes on with the new one.
#[derive(Debug)]
pub struct Window {
    wire: Wire,
}

impl Window {
    pub(super) fn new(wire: Wire) -> Self {
        Self { wire }
    }

    /// Goes to an address.
    #[track_caller]
    pub fn open(&self, address: &str) {
        self.must("go", self.post("/url", &json!({"url": address})));
    }

    /// Clicks the first element that matches the CSS selector, waited for.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.on_element(css, "click", |element| {
            self.post(&format!("/element/{element}/click"), &json!({}))
                .map(drop)
        });
    }

    /// Types into the first element that matches the CSS selector, waited for.
    #[track_caller]
    pub fn type_into(&self, css: &str, text: &str) {
        let keys = json!({"text": text});
        self.on_element(css, "type into", |element| {
            self.post(&format!("/element/{element}/value"), &keys)
                .map(drop)
        });
    }

    /// Presses keys, whichever element has the focus.
    ///
    /// `\u{e007}` is Enter, `\u{e015}` arrow down; the `WebDriver` standard has the others.
    #[track_caller]
    pub fn press_keys(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key.to_string()}))
            })
            .collect();
        self.must(
            "keys",
            self.post(
                "/actions",
                &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}),
            ),
        );
    }

    /// The text of the first element that matches the CSS selector, as it is shown.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        self.on_element(css, "read", |element| self.try_text(element))
    }

    /// Waits until the text of the first element that matches is as wanted, and gives it.
    #[track_caller]
    pub fn wait_for_text(
        &self,
        css: &str,
        limit: Duration,
        wanted: impl Fn(&str) -> bool,
    ) -> String {
        let mut last = None;
        let found = eventually(limit, || {
            last = self
                .try_find(css)
                .and_then(|element| self.try_text(&element))
                .ok();
            last.clone().filter(|text| wanted(text))
        });
        found.unwrap_or_else(|| {
            panic!("waited {limit:?} in vain for the text of {css:?}; it is {last:?}")
        })
    }

    /// How many elements match the CSS selector now.
    #[track_caller]
    pub fn count(&self, css: &str) -> usize {
        let found = self.must(
            css,
            self.post("/elements", &json!({"using": "css selector", "value": css})),
        );
        found.as_array().map_or(0, Vec::len)
    }

    /// Runs the body of a script function in the page and gives what it returns.
    #[track_caller]
    pub fn js(&self, script: &str) -> Value {
        self.must(
            script,
            self.post("/execute/sync", &json!({"script": script, "args": []})),
        )
    }

    /// The whole document as text, hidden parts included.
    #[track_caller]
    pub fn source(&self) -> String {
        self.js("return document.documentElement.outerHTML")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The title of the document.
    #[track_caller]
    pub fn title(&self) -> String {
        self.must("title", self.get("/title"))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// A picture of the page.
    #[track_caller]
    pub fn picture(&self) -> Picture {
        let encoded = self.must("screenshot", self.get("/screenshot"));
        Picture::from_png(
            &STANDARD
                .decode(encoded.as_str().unwrap_or_default())
                .expect("the driver sends a PNG file"),
        )
    }

    /// Saves a picture of the page.
    #[track_caller]
    pub fn screenshot(&self, path: &Path) {
        self.picture().save(path);
    }

    /// The program's windows by their handles.
    #[track_caller]
    pub fn handles(&self) -> Vec<String> {
        let handles = self.must("handles", self.get("/window/handles"));
        handles
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|handle| handle.as_str().map(str::to_owned))
            .collect()
    }

    /// Waits until the program has a window and goes on with it.
    #[track_caller]
    pub fn follow(&self, limit: Duration) {
        let found = eventually(limit, || {
            let handle = self.handles().pop()?;
            self.post("/window", &json!({"handle": handle})).ok()
        });
        assert!(
            found.is_some(),
            "waited {limit:?} in vain for another window"
        );
    }

    /// Waits until the program has no window.
    #[track_caller]
    pub fn wait_closed(&self, limit: Duration) {
        let closed = eventually(limit, || self.handles().is_empty().then_some(()));
        assert!(
            closed.is_some(),
            "waited {limit:?} in vain for the window to close"
        );
    }

    /// Ends the driver's hold, which ends the program too.
    pub fn quit(self) {
        // The program may be gone already.
        let _ = self.wire.ask("DELETE", "", &Value::Null);
    }

    /// Does something with the first element that matches; a page that is just being drawn gets some time.
    #[track_caller]
    fn on_element<T>(&self, css: &str, what: &str, act: impl Fn(&str) -> Result<T, String>) -> T {
        let mut last = String::new();
        let done = eventually(Duration::from_secs(5), || {
            self.try_find(css)
                .and_then(|element| act(&element))
                .map_err(|error| last = error)
                .ok()
        });
        done.unwrap_or_else(|| panic!("cannot {what} {css:?}: {last}"))
    }

    fn try_find(&self, css: &str) -> Result<String, String> {
        let found = self.post("/element", &json!({"using": "css selector", "value": css}))?;
        found[ELEMENT]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| found.to_string())
    }

    fn try_text(&self, element: &str) -> Result<String, String> {
        self.get(&format!("/element/{element}/text"))
            .map(|text| text.as_str().unwrap_or_default().to_owned())
    }

    fn get(&self, path: &str) -> Result<Value, String> {
        self.wire.ask("GET", path, &Value::Null)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.wire.ask("POST", path, body)
    }

    #[track_caller]
    #[expect(clippy::unused_self, reason = "reads as part of the call")]
    fn must(&self, what: &str, answer: Result<Value, String>) -> Value {
        answer.unwrap_or_else(|error| panic!("the window refuses {what:?}: {error}"))
    }
}
