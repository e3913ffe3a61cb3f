//! The product's tray item, as a tray sees it over the bus (`org.kde.StatusNotifierItem`).

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, MessageIterator, Proxy};
use zbus::message::Type;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{MatchRule, names::BusName};

use super::menu::{MenuNode, RawNode};
use super::picture::Picture;
use super::place::Place;
use super::wait::wait_for;
use super::watcher::{WATCHER, WATCHER_PATH};

const ITEM: &str = "org.kde.StatusNotifierItem";
pub(super) const MENU: &str = "com.canonical.dbusmenu";
/// How long a wait rests when no signal comes: hosts, too, rely on signals, but a test must not hang on a missing one.
const FALLBACK: Duration = Duration::from_millis(20);

/// What the item shows besides its menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayProperties {
    /// The name of the application.
    pub id: String,
    /// The title.
    pub title: String,
    /// `Active`, `Passive` or `NeedsAttention`.
    pub status: String,
    /// The text that appears under the pointer.
    pub tool_tip: ToolTip,
    /// The name of a themed icon, empty where pixels are given.
    pub icon_name: String,
    /// The largest icon given as pixels.
    pub icon: Option<Picture>,
}

/// The text that appears under the pointer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolTip {
    /// First line.
    pub title: String,
    /// The rest, which hosts may read as markup.
    pub text: String,
}

/// A signal that the item sent.
#[derive(Debug, Clone)]
pub struct ItemSignal {
    /// When it came.
    pub at: Instant,
    /// Its name, such as `NewIcon`, `LayoutUpdated` or `ItemsPropertiesUpdated`.
    pub name: String,
}

#[derive(Debug, Default)]
struct Signals {
    seen: Mutex<Vec<ItemSignal>>,
    came: Condvar,
}

/// A tray item on the bus.
#[derive(Debug)]
pub struct TrayItem {
    connection: Connection,
    bus_name: String,
    path: String,
    signals: Arc<Signals>,
}

impl TrayItem {
    /// Waits until the process `pid` has registered an item with the watcher.
    #[track_caller]
    pub fn wait(place: &Place, pid: u32, limit: Duration) -> Self {
        let connection = place.connect();
        let address = wait_for(&format!("a tray item of the process {pid}"), limit, || {
            registered(&connection)
                .into_iter()
                .find(|address| place.owner_pid(&split(address).0) == Some(pid))
        });
        let (bus_name, path) = split(&address);
        let signals = Arc::new(Signals::default());
        listen(&connection, &bus_name, &signals);
        Self {
            connection,
            bus_name,
            path,
            signals,
        }
    }

    /// The items that are registered with the session's watcher now, as the watcher names them.
    pub fn registered(place: &Place) -> Vec<String> {
        registered(&place.connect())
    }

    /// What it shows besides its menu.
    #[track_caller]
    pub fn properties(&self) -> TrayProperties {
        let mut all = self.all_properties();
        let mut text = |name| {
            all.remove(name)
                .and_then(|value| String::try_from(value).ok())
                .unwrap_or_default()
        };
        let (id, title, status, icon_name) =
            (text("Id"), text("Title"), text("Status"), text("IconName"));
        let tool_tip = all
            .remove("ToolTip")
            .and_then(read_tool_tip)
            .unwrap_or_default();
        let icon = all.remove("IconPixmap").and_then(read_icon);
        TrayProperties {
            id,
            title,
            status,
            tool_tip,
            icon_name,
            icon,
        }
    }

    /// Its icon as pixels.
    #[track_caller]
    pub fn icon(&self) -> Picture {
        self.properties()
            .icon
            .expect("the tray item has an icon of pixels")
    }

    /// Its tooltip in one text: title and text.
    #[track_caller]
    pub fn tool_tip(&self) -> String {
        let tool_tip = self.properties().tool_tip;
        [tool_tip.title, tool_tip.text]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Its menu as a tree.
    #[track_caller]
    pub fn menu(&self) -> MenuNode {
        let everything: (i32, i32, Vec<&str>) = (0, -1, Vec::new());
        let layout: Result<(u32, RawNode), _> = self.menu_proxy().call("GetLayout", &everything);
        let (_, root) =
            layout.unwrap_or_else(|error| panic!("the tray menu cannot be read: {error}"));
        MenuNode::from_raw(root)
    }

    /// Picks a menu entry by its path of labels (`Lunch`, `For…/30 min`) as a host does, and tells when.
    #[track_caller]
    pub fn click(&self, path: &str) -> Instant {
        self.about_to_show(0);
        let menu = self.menu();
        let Some(trail) = menu.trail(path) else {
            panic!("no menu entry {path:?} in:\n{menu}")
        };
        let (entry, parents) = trail.split_last().expect("a trail ends with the entry");
        for parent in parents {
            self.about_to_show(parent.id);
        }
        assert!(
            trail.iter().all(|node| node.enabled),
            "the menu entry {path:?} is disabled in:\n{menu}"
        );
        let at = Instant::now();
        let event = (entry.id, "clicked", Value::I32(0), 0_u32);
        let sent: Result<(), _> = self.menu_proxy().call("Event", &event);
        // Whoever ends by the click may be gone before it answers.
        let is_gone = |error: &zbus::Error| matches!(error, zbus::Error::MethodError(name, ..) if name.ends_with(".NoReply"));
        if let Err(error) = sent
            && !is_gone(&error)
        {
            panic!("the click on {path:?} is refused: {error}");
        }
        at
    }

    /// The left click.
    #[track_caller]
    pub fn activate(&self) {
        self.call("Activate");
    }

    /// The middle click.
    #[track_caller]
    pub fn secondary_activate(&self) {
        self.call("SecondaryActivate");
    }

    /// Waits until the item's properties are as wanted, and gives them.
    #[track_caller]
    pub fn wait_until(
        &self,
        what: &str,
        limit: Duration,
        wanted: impl Fn(&TrayProperties) -> bool,
    ) -> TrayProperties {
        self.wait_on_signals(limit, || self.properties(), wanted)
            .unwrap_or_else(|last| {
                panic!("waited {limit:?} in vain for the tray item: {what}; it is {last:#?}")
            })
    }

    /// Waits until the menu is as wanted, and gives it.
    #[track_caller]
    pub fn wait_until_menu(
        &self,
        what: &str,
        limit: Duration,
        wanted: impl Fn(&MenuNode) -> bool,
    ) -> MenuNode {
        self.wait_on_signals(limit, || self.menu(), wanted)
            .unwrap_or_else(|last| {
                panic!("waited {limit:?} in vain for the tray menu: {what}; it is\n{last}")
            })
    }

    /// The menu once it has an entry of that name, as a status has once the list was read.
    #[track_caller]
    pub fn wait_until_listed(&self, name: &str, limit: Duration) -> MenuNode {
        self.wait_until_menu("the statuses are listed", limit, |menu| {
            menu.find(name).is_some()
        })
    }

    /// The signals that it sent since this value was made.
    pub fn signals(&self) -> Vec<ItemSignal> {
        self.signals
            .seen
            .lock()
            .expect("no test panics here")
            .clone()
    }

    /// Waits until it has sent the signal `name` since this value was made or [`Self::forget_signals`] was called.
    #[track_caller]
    pub fn wait_for_signal(&self, name: &str, limit: Duration) -> ItemSignal {
        let sent = self.wait_on_signals(
            limit,
            || {
                self.signals()
                    .into_iter()
                    .find(|signal| signal.name == name)
            },
            Option::is_some,
        );
        sent.ok().flatten().unwrap_or_else(|| {
            panic!(
                "waited {limit:?} in vain for {name}; there were {:?}",
                self.signals()
            )
        })
    }

    /// Forgets the signals seen so far.
    pub fn forget_signals(&self) {
        self.signals
            .seen
            .lock()
            .expect("no test panics here")
            .clear();
    }

    /// Reads again after each signal until `wanted` holds; gives the last value as an error when the limit passes.
    fn wait_on_signals<T>(
        &self,
        limit: Duration,
        read: impl Fn() -> T,
        wanted: impl Fn(&T) -> bool,
    ) -> Result<T, T> {
        let end = Instant::now() + limit;
        loop {
            let known = self.signals().len();
            let late = Instant::now() >= end;
            let value = read();
            if wanted(&value) {
                return Ok(value);
            }
            if late {
                return Err(value);
            }
            let seen = self.signals.seen.lock().expect("no test panics here");
            // A signal or the time-out: both lead to another look.
            let _ = self
                .signals
                .came
                .wait_timeout_while(seen, FALLBACK, |seen| seen.len() == known);
        }
    }

    #[track_caller]
    fn all_properties(&self) -> HashMap<String, OwnedValue> {
        let all = self
            .proxy(&self.path, "org.freedesktop.DBus.Properties")
            .call("GetAll", &ITEM);
        all.unwrap_or_else(|error| panic!("the tray item cannot be read: {error}"))
    }

    #[track_caller]
    fn menu_proxy(&self) -> Proxy<'_> {
        let path: Result<OwnedValue, _> = self
            .proxy(&self.path, "org.freedesktop.DBus.Properties")
            .call("Get", &(ITEM, "Menu"));
        let path = path.unwrap_or_else(|error| panic!("the tray item has no menu: {error}"));
        let path =
            zbus::zvariant::OwnedObjectPath::try_from(path).expect("the menu is named by a path");
        self.proxy(path.as_str(), MENU)
    }

    fn about_to_show(&self, id: i32) {
        // Hosts, too, go on when this is not answered.
        let _: Result<bool, _> = self.menu_proxy().call("AboutToShow", &id);
    }

    #[track_caller]
    fn call(&self, method: &str) {
        let done: Result<(), _> = self.proxy(&self.path, ITEM).call(method, &(0_i32, 0_i32));
        done.unwrap_or_else(|error| panic!("the tray item refuses {method}: {error}"));
    }

    #[track_caller]
    fn proxy(&self, path: &str, interface: &'static str) -> Proxy<'static> {
        Proxy::new(
            &self.connection,
            self.bus_name.clone(),
            path.to_owned(),
            interface,
        )
        .expect("a valid address")
    }
}

/// Notes every signal of `bus_name` until the connection ends.
#[track_caller]
fn listen(connection: &Connection, bus_name: &str, signals: &Arc<Signals>) {
    let sender = BusName::try_from(bus_name.to_owned()).expect("a bus name");
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender(sender)
        .expect("a bus name")
        .build();
    let messages =
        MessageIterator::for_match_rule(rule, connection, None).expect("the bus accepts the match");
    let signals = Arc::clone(signals);
    thread::spawn(move || {
        for message in messages.flatten() {
            let name = message
                .header()
                .member()
                .map(ToString::to_string)
                .unwrap_or_default();
            signals
                .seen
                .lock()
                .expect("no test panics here")
                .push(ItemSignal {
                    at: Instant::now(),
                    name,
                });
            signals.came.notify_all();
        }
    });
}

fn registered(connection: &Connection) -> Vec<String> {
    // Asked in full each time: a cached value would miss a restart of the watcher.
    let properties = Proxy::new(
        connection,
        WATCHER,
        WATCHER_PATH,
        "org.freedesktop.DBus.Properties",
    );
    let name = (WATCHER, "RegisteredStatusNotifierItems");
    properties
        .and_then(|properties| properties.call::<_, _, OwnedValue>("Get", &name))
        .ok()
        .and_then(|value| Vec::<String>::try_from(value).ok())
        .unwrap_or_default()
}

/// Bus name and object path of an item as watchers name it (`:1.5/StatusNotifierItem`, or a bus name alone).
fn split(address: &str) -> (String, String) {
    match address.find('/') {
        Some(at) => (address[..at].to_owned(), address[at..].to_owned()),
        None => (address.to_owned(), "/StatusNotifierItem".to_owned()),
    }
}

type RawIcon = (i32, i32, Vec<u8>);

fn read_tool_tip(value: OwnedValue) -> Option<ToolTip> {
    let (_, _, title, text): (String, Vec<RawIcon>, String, String) =
        Value::from(value).try_into().ok()?;
    Some(ToolTip { title, text })
}

fn read_icon(value: OwnedValue) -> Option<Picture> {
    let icons: Vec<RawIcon> = Value::from(value).try_into().ok()?;
    let (width, height, argb) = icons.into_iter().max_by_key(|icon| icon.0)?;
    Some(Picture::from_argb(
        width.try_into().ok()?,
        height.try_into().ok()?,
        &argb,
    ))
}
