//! The tray on Linux, as a StatusNotifierItem.

use std::sync::Arc;
use std::time::Duration;

use domain::{Action, Check, Entry, Hint, HintTopic, Item, Light};
use engine::{Event, Handle};
use futures_lite::StreamExt;
use ksni::menu::{CheckmarkItem, RadioGroup, RadioItem, StandardItem, SubMenu};
use ksni::{Icon, MenuItem, OfflineReason, ToolTip, TrayMethods};
use tokio::runtime;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until};

use super::Drawing;
use crate::icons;

/// A watcher that hangs must not keep the hint back.
const REGISTRATION_LIMIT: Duration = Duration::from_secs(5);
/// A session bus may come late, or a watcher that hangs may be restarted.
const BETWEEN_REGISTRATIONS: Duration = Duration::from_secs(15);
/// A host that is just starting may read the item and only then listen for its changes, and one that is still reading
/// misses a change that comes meanwhile: Xfce's panel would show a switch under way for ever. So long after a change, or
/// after a host appeared, everything is announced again.
const SAY_AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];
/// The size of the lights in the menu.
const MENU_PICTURE: u32 = 16;

struct Tray {
    drawing: Drawing,
    handle: Handle,
    events: mpsc::Sender<Event>,
    runtime: runtime::Handle,
    /// A host appeared.
    host: Arc<Notify>,
    /// Flips each time everything is announced again.
    said_again: bool,
}

/// Puts the light into the tray and keeps it true; without a tray, says so once.
pub(crate) fn start(handle: Handle, events: mpsc::Sender<Event>) {
    tokio::spawn(run(handle, events));
}

async fn run(handle: Handle, events: mpsc::Sender<Event>) {
    let mut view = handle.view();
    let host = Arc::new(Notify::new());
    let mut told = false;
    let tray = loop {
        let tray = Tray {
            drawing: Drawing::of(&view.borrow_and_update()),
            handle: handle.clone(),
            events: events.clone(),
            runtime: runtime::Handle::current(),
            host: host.clone(),
            said_again: false,
        };
        let registered = tray.assume_sni_available(true).spawn();
        match tokio::time::timeout(REGISTRATION_LIMIT, registered).await {
            Ok(Ok(tray)) => break tray,
            Ok(Err(error)) => tracing::info!(%error, "no tray for now"),
            Err(_) => tracing::info!("the tray does not answer"),
        }
        if !told {
            told = true;
            drop(events.send(Event::Lacks(no_tray())).await);
        }
        tokio::time::sleep(BETWEEN_REGISTRATIONS).await;
    };
    if told {
        drop(events.send(Event::Has(HintTopic::Tray)).await);
    }
    tokio::spawn(watch_host(events));
    let mut again = announcements();
    loop {
        let next = again.last().copied();
        tokio::select! {
            changed = view.changed() => {
                if changed.is_err() {
                    return;
                }
                let drawing = Drawing::of(&view.borrow_and_update());
                // `update` compares with what was sent before and sends only what differs.
                let redrawn = tray.update(|tray| {
                    let differs = tray.drawing != drawing;
                    tray.drawing = drawing;
                    differs
                });
                if redrawn.await == Some(true) {
                    again = announcements();
                }
            }
            () = host.notified() => again = announcements(),
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {
                again.pop();
                tray.update(|tray| tray.said_again = !tray.said_again).await;
            }
        }
    }
}

/// When to announce everything again to a host that appears now, the last one first.
fn announcements() -> Vec<Instant> {
    SAY_AGAIN
        .iter()
        .rev()
        .map(|after| Instant::now() + *after)
        .collect()
}

/// Says so when the desktop has a watcher for tray icons but nothing that shows them.
async fn watch_host(events: mpsc::Sender<Event>) {
    if let Err(error) = watch_host_by_bus(&events).await {
        tracing::debug!(%error, "whether a panel shows tray icons is not known");
    }
}

async fn watch_host_by_bus(events: &mpsc::Sender<Event>) -> zbus::Result<()> {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let bus = zbus::Connection::session().await?;
    let proxy = zbus::Proxy::new(&bus, WATCHER, "/StatusNotifierWatcher", WATCHER).await?;
    let mut registered = proxy.receive_signal("StatusNotifierHostRegistered").await?;
    if proxy
        .get_property::<bool>("IsStatusNotifierHostRegistered")
        .await?
    {
        return Ok(());
    }
    drop(events.send(Event::Lacks(no_tray())).await);
    registered.next().await;
    drop(events.send(Event::Has(HintTopic::Tray)).await);
    Ok(())
}

fn no_tray() -> Hint {
    Hint {
        topic: HintTopic::Tray,
        message: "Nothing on this desktop shows tray icons, so your light is only in this window. \
                  On GNOME, install the extension \u{201c}AppIndicator and KStatusNotifierItem Support\u{201d}. \
                  Start Statuslight again at any time to open this window."
            .to_owned(),
    }
}

impl Tray {
    fn act(&self, action: Action) {
        let handle = self.handle.clone();
        self.runtime
            .spawn(crate::notifications::click(action, handle));
    }

    fn tell(&self, event: Event) {
        // Sent at once, so that two never change places.
        if let Err(error) = self.events.try_send(event) {
            tracing::warn!(%error, "the tray's state could not be told");
        }
    }
}

impl ksni::Tray for Tray {
    fn id(&self) -> String {
        "statuslight".to_owned()
    }

    fn title(&self) -> String {
        "Statuslight".to_owned()
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        // The same sizes in another order: equal to look at, and still announced as new.
        let mut sizes = icons::SIZES;
        if self.said_again {
            sizes.reverse();
        }
        sizes
            .iter()
            .filter_map(|size| icons::picture(self.drawing.light, *size))
            .map(argb)
            .collect()
    }

    fn tool_tip(&self) -> ToolTip {
        // Some hosts read markup in the description; a title is plain text everywhere.
        let icon_name = if self.said_again {
            "org.statuslight.desktop"
        } else {
            ""
        };
        ToolTip {
            title: self.drawing.tooltip.clone(),
            icon_name: icon_name.to_owned(),
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.act(Action::Open);
    }

    fn menu_about_to_show(&mut self) {
        self.act(Action::Look);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        entries(&self.drawing.menu.entries)
    }

    fn watcher_online(&self) {
        self.host.notify_one();
        self.tell(Event::Has(HintTopic::Tray));
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        tracing::info!(?reason, "no tray for now");
        self.tell(Event::Lacks(no_tray()));
        true
    }
}

/// Draws entries; neighbours that exclude each other become one group.
fn entries(entries: &[Entry]) -> Vec<MenuItem<Tray>> {
    entries
        .chunk_by(|one, next| exclusive(one).is_some() && exclusive(next).is_some())
        .flat_map(
            |chunk| match chunk.iter().filter_map(exclusive).collect::<Vec<_>>() {
                group if group.is_empty() => chunk.iter().map(single).collect(),
                group => vec![radio_group(&group)],
            },
        )
        .collect()
}

/// The item, if it is one of several that exclude each other.
fn exclusive(entry: &Entry) -> Option<&Item> {
    match entry {
        Entry::Item(item) if matches!(item.check, Check::Off | Check::On) => Some(item),
        Entry::Item(_) | Entry::Submenu { .. } | Entry::Separator => None,
    }
}

fn radio_group(items: &[&Item]) -> MenuItem<Tray> {
    let actions: Vec<Option<Action>> = items.iter().map(|item| item.action.clone()).collect();
    RadioGroup {
        // Where none holds, none is selected.
        selected: items
            .iter()
            .position(|item| item.check == Check::On)
            .unwrap_or(usize::MAX),
        select: Box::new(move |tray: &mut Tray, index| {
            if let Some(Some(action)) = actions.get(index) {
                tray.act(action.clone());
            }
        }),
        options: items
            .iter()
            .map(|item| RadioItem {
                label: plain(&item.label),
                enabled: item.action.is_some(),
                visible: item.visible,
                icon_data: item.light.map_or_else(Vec::new, menu_picture),
                ..RadioItem::default()
            })
            .collect(),
    }
    .into()
}

fn single(entry: &Entry) -> MenuItem<Tray> {
    match entry {
        Entry::Separator => MenuItem::Separator,
        Entry::Submenu {
            label,
            entries,
            visible,
        } => SubMenu {
            label: plain(label),
            visible: *visible,
            submenu: self::entries(entries),
            ..SubMenu::default()
        }
        .into(),
        Entry::Item(item) if item.check != Check::None => {
            let action = item.action.clone();
            CheckmarkItem {
                label: plain(&item.label),
                enabled: item.action.is_some(),
                visible: item.visible,
                checked: item.check == Check::Marked,
                activate: Box::new(move |tray: &mut Tray| {
                    if let Some(action) = &action {
                        tray.act(action.clone());
                    }
                }),
                ..CheckmarkItem::default()
            }
            .into()
        }
        Entry::Item(item) => {
            let action = item.action.clone();
            StandardItem {
                label: plain(&item.label),
                enabled: item.action.is_some(),
                visible: item.visible,
                icon_data: item.light.map_or_else(Vec::new, menu_picture),
                activate: Box::new(move |tray: &mut Tray| {
                    if let Some(action) = &action {
                        tray.act(action.clone());
                    }
                }),
                ..StandardItem::default()
            }
            .into()
        }
    }
}

/// In a menu, an underscore marks the letter to press; a doubled one is itself.
fn plain(label: &str) -> String {
    label.replace('_', "__")
}

fn menu_picture(light: Light) -> Vec<u8> {
    icons::png(light, MENU_PICTURE).to_vec()
}

/// StatusNotifierItem wants alpha, red, green, blue.
fn argb(picture: icons::Picture) -> Icon {
    let mut data = picture.rgba;
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    Icon {
        width: i32::try_from(picture.width).unwrap_or_default(),
        height: i32::try_from(picture.height).unwrap_or_default(),
        data,
    }
}
