//! The app put together: who owns the profile, the engine, and what shows it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Action, Code, Failure, Hint, HintTopic, View};
use engine::ports::{Secrets, SecretsError};
use engine::{Config, Engine, Event, Handle, HelpDesks, SystemClock};
use helpdesk::Https;
use platform::signals::Shutdown;
use platform::{Files, HistoryFiles, KeyringOrMemory, Memory, Profile, ProfileLock, socket};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use crate::demo::Demo;
use crate::notifications::Desktop;
use crate::window::Window;

/// `statusctl` holds the profile for one operation, which takes 35 s at most.
const UNTIL_OWNED: Duration = Duration::from_secs(45);
/// At login the panel may come a little later than the app.
const UNTIL_STRANDED: Duration = Duration::from_secs(4);
const BETWEEN_TRIES: Duration = Duration::from_millis(50);
/// Events that may wait for the engine.
const QUEUE: usize = 64;

/// What the window's commands work with.
pub(crate) struct Parts {
    pub(crate) handle: Handle,
    pub(crate) desks: HelpDesks<Https>,
    pub(crate) secrets: Arc<dyn Secrets>,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) shutdown: Shutdown,
    /// Stops the sign-in that waits for the browser, by being dropped.
    pub(crate) waiting: Mutex<Option<oneshot::Sender<()>>>,
}

/// How the program was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// Against the built-in simulator, in a profile of its own.
    pub(crate) demo: bool,
    /// Without the window, as at login.
    pub(crate) hidden: bool,
}

/// Who has the profile.
pub(crate) enum Owner {
    /// This process, for as long as it holds the lock.
    Us(ProfileLock),
    /// Another app, which opened its window.
    Another,
}

/// Takes the profile, or opens the window of the app that has it.
///
/// # Errors
/// The profile's folder cannot be used, or somebody holds it and does not answer.
pub(crate) async fn own(profile: &Profile) -> Result<Owner, Failure> {
    let begun = Instant::now();
    loop {
        let lock = ProfileLock::try_acquire(profile).map_err(|error| {
            let folder = profile.data_dir().display();
            Failure::new(Code::Settings, format!("The folder {folder} cannot be used ({error}). Statuslight cannot start. Check its permissions."))
        })?;
        if let Some(lock) = lock {
            return Ok(Owner::Us(lock));
        }
        if let Ok(Some(handle)) = socket::connect(profile).await {
            handle.act(Action::Open).await?;
            return Ok(Owner::Another);
        }
        if begun.elapsed() > UNTIL_OWNED {
            return Err(Failure::new(
                Code::Busy,
                "Another Statuslight is running but does not answer. End it, then start Statuslight again.",
            ));
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
}

/// Starts the engine and all that shows it, the window excepted.
///
/// # Errors
/// TLS cannot be set up, or the demo finds no port.
pub(crate) async fn start(
    start: Start,
    profile: &Profile,
    window: Arc<Window>,
) -> Result<Parts, Failure> {
    let (events, heard) = mpsc::channel(QUEUE);
    let store = Arc::new(Files::new(profile));
    let histories = Arc::new(HistoryFiles::new(profile));
    let secrets: Arc<dyn Secrets> = if start.demo {
        Arc::new(Memory::default())
    } else {
        Arc::new(KeyringOrMemory::new(profile))
    };
    let config = if start.demo {
        demo_config(&*secrets, &store, &histories).await?
    } else {
        settings(&store, &events).await
    };
    let transport = match authorities(&store, &events) {
        Some(transport) => Ok(transport),
        None => Https::new(),
    };
    let desks = HelpDesks(transport.map_err(|error| {
        Failure::new(
            Code::Internal,
            format!(
                "Statuslight cannot start: {error}. Restart the computer or reinstall Statuslight."
            ),
        )
    })?);
    let runtime = tokio::runtime::Handle::current();
    let handle = Engine {
        config,
        desks: desks.clone(),
        secrets: secrets.clone(),
        store,
        histories,
        notifier: Arc::new(Desktop::new(runtime, events.clone())),
        front: window.clone(),
        clock: Arc::new(SystemClock),
    }
    .start(heard);
    match socket::serve(profile, handle.clone()) {
        Ok(server) => drop(tokio::spawn(async move {
            let _server = server;
            std::future::pending::<()>().await;
        })),
        Err(error) => tracing::error!(%error, "statusctl cannot reach the app"),
    }
    let shutdown = platform::signals::watch(events.clone(), handle.view());
    #[cfg(unix)]
    tokio::spawn(crate::ending::on_request(handle.clone()));
    tokio::spawn(show(handle.clone(), window));
    Ok(Parts {
        handle,
        desks,
        secrets,
        events,
        shutdown,
        waiting: Mutex::new(None),
    })
}

async fn demo_config(
    secrets: &dyn Secrets,
    store: &Files,
    histories: &HistoryFiles,
) -> Result<Config, Failure> {
    let demo = Demo::start().await.map_err(|error| {
        Failure::new(
            Code::Internal,
            format!("The demo cannot start: {error}. Try again."),
        )
    })?;
    let config = demo.config(secrets).await;
    for account in &config.accounts {
        // The demo's Zendesk is new each time, and remembers nothing either.
        engine::ports::Store::forget(store, &account.id);
        engine::ports::Histories::forget(histories, &account.id)?;
    }
    tokio::spawn(demo.live());
    Ok(config)
}

/// The way to the help desks with the authorities that the settings name, where they name usable ones.
fn authorities(store: &Files, events: &mpsc::Sender<Event>) -> Option<Https> {
    let trusting = store.authorities().and_then(|pem| match pem {
        Some(pem) => Https::trusting(&pem)
            .map(Some)
            .map_err(|error| Failure::bad_authorities(&error.to_string())),
        None => Ok(None),
    });
    trusting.unwrap_or_else(|failure| {
        let hint = Hint {
            topic: HintTopic::Settings,
            message: failure.message,
        };
        // There is room for it: nobody has told anything yet.
        drop(events.try_send(Event::Lacks(hint)));
        None
    })
}

async fn settings(store: &Files, events: &mpsc::Sender<Event>) -> Config {
    let loaded = store.load();
    if let Some(failure) = loaded.trouble {
        let hint = Hint {
            topic: HintTopic::Settings,
            message: failure.message,
        };
        drop(events.send(Event::Lacks(hint)).await);
    }
    loaded.config
}

/// Keeps the window true, and opens it when there is no other way to see the light.
async fn show(handle: Handle, window: Arc<Window>) {
    let mut view = handle.view();
    let mut stranded_since = None;
    let mut opened = false;
    loop {
        let now = Arc::clone(&view.borrow_and_update());
        window.show(&now);
        let stranded = is_stranded(&now);
        if !stranded {
            stranded_since = None;
        } else if stranded_since.is_none() {
            stranded_since = Some(Instant::now());
        }
        let due = stranded_since
            .filter(|_| !opened)
            .map(|since| since + UNTIL_STRANDED);
        tokio::select! {
            changed = view.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                opened = true;
                drop(handle.act(Action::Open).await);
            }
        }
    }
}

/// Whether no tray shows the light.
fn is_stranded(view: &View) -> bool {
    view.hints.iter().any(|hint| hint.topic == HintTopic::Tray)
}

/// Says where a secret is kept when the keyring did not take it.
pub(crate) fn no_keyring(reason: SecretsError) -> Hint {
    Hint {
        topic: HintTopic::Keyring,
        message: format!(
            "Your sign-in is kept only until Statuslight ends, since {reason}. \
             To stay signed in, start or unlock a keyring such as GNOME Keyring or KWallet, then sign in again."
        ),
    }
}
