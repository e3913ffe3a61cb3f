//! The window: made when it is asked for, destroyed when it is closed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use domain::AccountId;
use engine::ports::Front;
use platform::Profile;
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindowBuilder};
use tokio::sync::Notify;

const LABEL: &str = "main";

/// The window and the program's end, as the engine asks for them.
pub(crate) struct Window {
    app: OnceLock<AppHandle>,
    /// It was asked for before there was an app to make it.
    wanted: AtomicBool,
    /// Whose next status it was opened to choose for a time, until the page has asked.
    for_a_time: Mutex<Option<AccountId>>,
    /// The engine has done what there was to do.
    quitting: Notify,
    /// What stands in its title.
    title: &'static str,
    /// Where the web view keeps what it must.
    folder: PathBuf,
}

impl Window {
    /// A window that is not there yet; the demo's must not be taken for the agent's own.
    pub(crate) fn new(demo: bool, profile: &Profile) -> Self {
        Self {
            app: OnceLock::new(),
            wanted: AtomicBool::default(),
            for_a_time: Mutex::default(),
            quitting: Notify::new(),
            title: if demo {
                "Statuslight demo"
            } else {
                "Statuslight"
            },
            folder: profile.data_dir().join("window"),
        }
    }

    /// The app is there: make the window if somebody asked for it meanwhile.
    pub(crate) fn ready(&self, app: AppHandle) {
        if self.app.set(app).is_ok() && self.wanted.load(Ordering::SeqCst) {
            self.make();
        }
    }

    /// Whose next status the window was opened to choose for a time; told once.
    pub(crate) fn take_for_a_time(&self) -> Option<AccountId> {
        self.for_a_time().take()
    }

    fn for_a_time(&self) -> MutexGuard<'_, Option<AccountId>> {
        self.for_a_time
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn make(&self) {
        let Some(app) = self.app.get() else { return };
        let (inner, title, folder) = (app.clone(), self.title, self.folder.clone());
        let asked = app.run_on_main_thread(move || {
            if let Err(error) = open(&inner, title, &folder) {
                tracing::error!(%error, "the window could not be opened");
            }
        });
        if let Err(error) = asked {
            tracing::error!(%error, "the window could not be asked for");
        }
    }

    /// Waits until the engine says that the program may end.
    pub(crate) async fn quitting(&self) {
        self.quitting.notified().await;
    }

    /// Sends what there is to show, where there is a window.
    pub(crate) fn show(&self, view: &domain::View) {
        let Some(window) = self.app.get().and_then(|app| app.get_webview_window(LABEL)) else {
            return;
        };
        if let Err(error) = window.emit_to(LABEL, "view", view) {
            tracing::warn!(%error, "the window could not be told");
        }
    }
}

impl Front for Window {
    fn open(&self, for_a_time: Option<AccountId>) {
        *self.for_a_time() = for_a_time;
        self.wanted.store(true, Ordering::SeqCst);
        self.make();
    }

    fn quit(&self) {
        self.quitting.notify_one();
        match self.app.get() {
            Some(app) => app.exit(0),
            None => std::process::exit(0),
        }
    }
}

fn open(app: &AppHandle, title: &str, folder: &Path) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(LABEL) {
        window.unminimize()?;
        window.show()?;
        window.set_focus()?;
        // A page that is there already asks again what it was opened for.
        return window.emit_to(LABEL, "opened", ());
    }
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title(title)
        .inner_size(440.0, 640.0)
        .min_inner_size(340.0, 400.0)
        .center()
        .data_directory(folder.to_owned())
        // No other page is ever shown.
        .on_navigation(is_ours)
        .build()?
        .set_focus()
}

/// Whether an address is the window's own page: a link dropped onto the window leads nowhere.
fn is_ours(address: &tauri::Url) -> bool {
    address.scheme() == "tauri" || address.host_str() == Some("tauri.localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_goes_nowhere_but_to_its_own_page() {
        let goes = |address: &str| is_ours(&address.parse().unwrap());
        assert!(goes("tauri://localhost/index.html"));
        assert!(goes("http://tauri.localhost/"));
        assert!(!goes("https://acme.zendesk.com/"));
        assert!(!goes("https://tauri.localhost.example.com/"));
        assert!(!goes("data:text/html,hello"));
    }
}
