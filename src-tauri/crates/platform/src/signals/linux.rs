//! D-Bus: logind, the screen savers, `NetworkManager` and systemd-networkd.
//!
//! Only signals are listened to, so that a service that is missing or comes later makes no difference.

mod inhibitor;
mod message;

use std::cell::Cell;
use std::sync::Arc;
use std::thread;

use domain::View;
use engine::Event;
use futures_lite::{StreamExt, future};
use tokio::sync::{mpsc, watch};
use zbus::zvariant::{OwnedObjectPath, OwnedValue};
use zbus::{Connection, MatchRule, MessageStream, connection};

use self::inhibitor::Inhibitor;
use self::message::{BUS, LOGIN, LOGIN_MANAGER, LOGIN_SESSION, LOGIN_USER, PROPERTIES, event_of};

use crate::Offered;
use crate::bus::asked;

const BUS_PATH: &str = "/org/freedesktop/DBus";
const LOGIN_PATH: &str = "/org/freedesktop/login1";

/// Watches on a thread of its own: zbus must not meet tokio, and a bus that hangs must hold nobody up.
pub(super) fn watch(events: mpsc::Sender<Event>, view: watch::Receiver<Arc<View>>) {
    let watching = thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let teller = Teller {
                events,
                locked: Cell::new(false),
            };
            let buses = async {
                future::zip(system_bus(&teller, view), session_bus(&teller)).await;
            };
            future::block_on(future::or(buses, teller.events.closed()));
        });
    if let Err(error) = watching {
        tracing::warn!(%error, "sleep, lock and network are not watched");
    }
}

/// Asks logind to wait and lets it go at once.
pub(super) async fn waits() -> Offered {
    let ask = async || inhibitor::inhibit(&Connection::system().await?).await;
    match asked("logind", ask).await {
        None => Offered::NotKnown,
        Some(Ok(_)) => Offered::Yes,
        Some(Err(error)) => {
            tracing::debug!(%error, "logind cannot be asked to wait");
            Offered::No
        }
    }
}

/// Tells the engine.
struct Teller {
    events: mpsc::Sender<Event>,
    /// Several services speak of the same lock.
    locked: Cell<bool>,
}

impl Teller {
    async fn tell(&self, event: Event) {
        let news = match event {
            Event::Locked => !self.locked.replace(true),
            Event::Unlocked => self.locked.replace(false),
            _ => true,
        };
        if news {
            tracing::debug!(?event, "told by the computer");
            // Once nobody listens, the watch ends.
            let _ = self.events.send(event).await;
        }
    }
}

async fn system_bus(teller: &Teller, view: watch::Receiver<Arc<View>>) {
    let inhibitor = Inhibitor::default();
    let guarded = view.clone();
    let watched = async {
        let bus = Bus::connect(connection::Builder::system()?).await?;
        let ready = async {
            for rule in message::system_rules()? {
                bus.listen(&rule).await?;
            }
            bus.watch_session(teller).await
        };
        let telling = bus.tell(teller, Some(&inhibitor), ready);
        let keeping = async {
            inhibitor.keep(Some(&bus), guarded, teller).await;
            Ok(())
        };
        future::or(telling, keeping).await
    };
    end("system", watched.await);
    Inhibitor::default().keep(None, view, teller).await;
}

async fn session_bus(teller: &Teller) {
    let watched = async {
        let bus = Bus::connect(connection::Builder::session()?).await?;
        let ready = async {
            for rule in message::screensaver_rules()? {
                bus.listen(&rule).await?;
            }
            Ok(())
        };
        bus.tell(teller, None, ready).await
    };
    end("session", watched.await);
}

fn end(bus: &str, watched: zbus::Result<()>) {
    match watched {
        Ok(()) => tracing::debug!(bus, "the bus is gone"),
        Err(error) => tracing::debug!(bus, %error, "the bus cannot be watched"),
    }
}

struct Bus {
    connection: Connection,
}

impl Bus {
    async fn connect(builder: connection::Builder<'_>) -> zbus::Result<Self> {
        // It runs on this thread in place of one more of its own.
        let connection = builder.internal_executor(false).build().await?;
        Ok(Self { connection })
    }

    /// Passes on what the bus says until it is gone; `ready` asks it to speak.
    async fn tell(
        &self,
        teller: &Teller,
        inhibitor: Option<&Inhibitor>,
        ready: impl Future<Output = zbus::Result<()>>,
    ) -> zbus::Result<()> {
        let mut messages = MessageStream::from(&self.connection);
        let telling = async {
            while let Some(message) = messages.next().await {
                if let Some(event) = event_of(&message?) {
                    teller.tell(event.clone()).await;
                    if let Some(inhibitor) = inhibitor {
                        inhibitor.hear(&event, self, teller).await;
                    }
                }
            }
            Ok(())
        };
        let asking = async {
            if let Err(error) = ready.await {
                tracing::debug!(%error, "not all can be watched");
            }
            future::pending().await
        };
        let running = async {
            loop {
                self.connection.executor().tick().await;
            }
        };
        future::or(future::or(telling, asking), running).await
    }

    async fn listen(&self, rule: &MatchRule<'_>) -> zbus::Result<()> {
        self.connection
            .call_method(
                Some(BUS),
                BUS_PATH,
                Some(BUS),
                "AddMatch",
                &rule.to_string(),
            )
            .await?;
        Ok(())
    }

    /// Listens for the lock of this login session.
    async fn watch_session(&self, teller: &Teller) -> zbus::Result<()> {
        let session = self.session().await?;
        for rule in message::session_rules(&session)? {
            self.listen(&rule).await?;
        }
        if bool::try_from(self.property(&session, LOGIN_SESSION, "LockedHint").await?)? {
            teller.tell(Event::Locked).await;
        }
        Ok(())
    }

    /// The login session that this process is part of, else the one that the user sits at.
    async fn session(&self) -> zbus::Result<OwnedObjectPath> {
        if let Ok(id) = std::env::var("XDG_SESSION_ID") {
            let found = self
                .connection
                .call_method(
                    Some(LOGIN),
                    LOGIN_PATH,
                    Some(LOGIN_MANAGER),
                    "GetSession",
                    &id,
                )
                .await;
            // The variable outlives the session in tmux and the like.
            if let Ok(found) = found {
                return found.body().deserialize();
            }
        }
        let user = rustix::process::getuid().as_raw();
        let user: OwnedObjectPath = self
            .connection
            .call_method(
                Some(LOGIN),
                LOGIN_PATH,
                Some(LOGIN_MANAGER),
                "GetUser",
                &user,
            )
            .await?
            .body()
            .deserialize()?;
        let display = self.property(&user, LOGIN_USER, "Display").await?;
        let (_, session) = <(String, OwnedObjectPath)>::try_from(display)?;
        Ok(session)
    }

    async fn property(
        &self,
        path: &OwnedObjectPath,
        interface: &str,
        name: &str,
    ) -> zbus::Result<OwnedValue> {
        self.connection
            .call_method(
                Some(LOGIN),
                path,
                Some(PROPERTIES),
                "Get",
                &(interface, name),
            )
            .await?
            .body()
            .deserialize()
    }
}
