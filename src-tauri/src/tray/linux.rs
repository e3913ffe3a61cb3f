//! The tray on Linux, as a StatusNotifierItem.

use std::time::Duration;

use domain::{Action, Check, Entry, Hint, HintTopic, Item, Light};
use engine::{Event, Handle};
use ksni::menu::{CheckmarkItem, StandardItem, SubMenu};
use ksni::{Icon, MenuItem, OfflineReason, ToolTip, TrayMethods};
use tokio::runtime;
use tokio::sync::mpsc;

use super::Drawing;
use crate::icons;

/// A watcher that hangs must not keep the hint back.
const REGISTRATION_LIMIT: Duration = Duration::from_secs(5);
/// The size of the lights in the menu.
const MENU_PICTURE: u32 = 16;

struct Tray {
    drawing: Drawing,
    handle: Handle,
    events: mpsc::Sender<Event>,
    runtime: runtime::Handle,
}

/// Puts the light into the tray and keeps it true; without a tray, says so once.
pub(crate) fn start(handle: Handle, events: mpsc::Sender<Event>) {
    tokio::spawn(run(handle, events));
}

async fn run(handle: Handle, events: mpsc::Sender<Event>) {
    let mut view = handle.view();
    let drawing = Drawing::of(&view.borrow_and_update());
    let tray = Tray {
        drawing,
        handle,
        events: events.clone(),
        runtime: runtime::Handle::current(),
    };
    let spawned =
        tokio::time::timeout(REGISTRATION_LIMIT, tray.assume_sni_available(true).spawn()).await;
    let tray = match spawned {
        Ok(Ok(tray)) => tray,
        failed => {
            tracing::warn!(reason = %failed.map_or_else(|slow| slow.to_string(), |tried| tried.err().map_or_else(String::new, |error| error.to_string())), "no tray");
            drop(events.send(Event::Lacks(no_tray())).await);
            return;
        }
    };
    tokio::spawn(watch_host(events));
    while view.changed().await.is_ok() {
        let drawing = Drawing::of(&view.borrow_and_update());
        // `update` compares with what was sent before and sends only what differs.
        tray.update(|tray| tray.drawing = drawing).await;
    }
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
    std::future::poll_fn(|context| {
        zbus::export::futures_core::Stream::poll_next(std::pin::Pin::new(&mut registered), context)
    })
    .await;
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
        self.runtime.spawn(async move {
            if let Err(failure) = handle.act(action).await {
                tracing::info!(code = ?failure.code, "a click was not carried out");
            }
        });
    }

    fn tell(&self, event: Event) {
        let events = self.events.clone();
        self.runtime
            .spawn(async move { drop(events.send(event).await) });
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
        icons::SIZES
            .iter()
            .filter_map(|size| icons::picture(self.drawing.light, *size))
            .map(argb)
            .collect()
    }

    fn tool_tip(&self) -> ToolTip {
        // Some hosts read markup in the description; a title is plain text everywhere.
        ToolTip {
            title: self.drawing.tooltip.clone(),
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
        self.drawing.menu.entries.iter().map(entry).collect()
    }

    fn watcher_online(&self) {
        self.tell(Event::Has(HintTopic::Tray));
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        tracing::info!(?reason, "no tray for now");
        self.tell(Event::Lacks(no_tray()));
        true
    }
}

fn entry(entry: &Entry) -> MenuItem<Tray> {
    match entry {
        Entry::Separator => MenuItem::Separator,
        Entry::Submenu { label, entries } => SubMenu {
            label: plain(label),
            submenu: entries.iter().map(self::entry).collect(),
            ..SubMenu::default()
        }
        .into(),
        Entry::Item(item) => item_of(item),
    }
}

fn item_of(item: &Item) -> MenuItem<Tray> {
    let action = item.action.clone();
    let activate: Box<dyn Fn(&mut Tray) + Send> = Box::new(move |tray: &mut Tray| {
        if let Some(action) = &action {
            tray.act(action.clone());
        }
    });
    let (label, enabled, visible, icon_data) = (
        plain(&item.label),
        item.action.is_some(),
        item.visible,
        item.light.map_or_else(Vec::new, menu_picture),
    );
    match item.check {
        Check::None => StandardItem {
            label,
            enabled,
            visible,
            icon_data,
            activate,
            ..StandardItem::default()
        }
        .into(),
        Check::On | Check::Off => CheckmarkItem {
            label,
            enabled,
            visible,
            icon_data,
            checked: item.check == Check::On,
            activate,
            ..CheckmarkItem::default()
        }
        .into(),
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
