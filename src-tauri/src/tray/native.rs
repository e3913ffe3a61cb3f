//! The tray on Windows and macOS, as Tauri draws it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Action, Check, Entry, Item, Light, Menu};
use engine::Handle;
use tauri::image::Image;
use tauri::menu::{
    CheckMenuItem, IconMenuItem, IsMenuItem, Menu as NativeMenu, MenuItem, PredefinedMenuItem,
    Submenu,
};
use tauri::tray::{MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

use super::Drawing;
use crate::icons;

/// Twice the height of a menu bar's icon, so that it is sharp on dense screens.
const TRAY_PICTURE: u32 = 44;

type Clicks = Arc<Mutex<HashMap<String, Action>>>;

/// Puts the light into the tray and keeps it true.
///
/// # Errors
/// The system refused the tray icon.
pub(crate) fn start(app: &AppHandle, handle: Handle) -> tauri::Result<()> {
    let clicks = Clicks::default();
    let mut view = handle.view();
    let first = Drawing::of(&view.borrow_and_update());
    let tray = build(app, &first, &clicks, handle)?;
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut drawn = first;
        while view.changed().await.is_ok() {
            let drawing = Drawing::of(&view.borrow_and_update());
            if drawing == drawn {
                continue;
            }
            let (before, tray, clicks, main) = (drawn, tray.clone(), clicks.clone(), app.clone());
            drawn = drawing.clone();
            let drawing_done = app.run_on_main_thread(move || {
                if let Err(error) = redraw(&main, &tray, &before, &drawing, &clicks) {
                    tracing::warn!(%error, "the tray could not be redrawn");
                }
            });
            if drawing_done.is_err() {
                return;
            }
        }
    });
    Ok(())
}

fn build(
    app: &AppHandle,
    drawing: &Drawing,
    clicks: &Clicks,
    handle: Handle,
) -> tauri::Result<TrayIcon> {
    let clicked = clicks.clone();
    let looking = handle.clone();
    let builder = TrayIconBuilder::with_id("statuslight")
        .tooltip("Statuslight")
        .menu(&menu(app, &drawing.menu, clicks)?)
        .show_menu_on_left_click(true)
        .on_menu_event(move |_, event| {
            let action = clicked
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(event.id().as_ref())
                .cloned();
            if let Some(action) = action {
                act(&handle, action);
            }
        })
        .on_tray_icon_event(move |_, event| {
            if let TrayIconEvent::Click {
                button_state: MouseButtonState::Down,
                ..
            } = event
            {
                act(&looking, Action::Look);
            }
        });
    let tray = match image(drawing.light) {
        Some(image) => builder.icon(image).build(app)?,
        None => builder.build(app)?,
    };
    // A pinned icon is recognised by its first tooltip, so the status comes after it.
    tray.set_tooltip(Some(&drawing.tooltip))?;
    Ok(tray)
}

fn redraw(
    app: &AppHandle,
    tray: &TrayIcon,
    before: &Drawing,
    drawing: &Drawing,
    clicks: &Clicks,
) -> tauri::Result<()> {
    if before.light != drawing.light {
        tray.set_icon(image(drawing.light))?;
    }
    if before.tooltip != drawing.tooltip {
        tray.set_tooltip(Some(&drawing.tooltip))?;
    }
    if before.menu != drawing.menu {
        tray.set_menu(Some(menu(app, &drawing.menu, clicks)?))?;
    }
    Ok(())
}

fn act(handle: &Handle, action: Action) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(crate::notifications::click(action, handle));
}

fn menu(app: &AppHandle, menu: &Menu, clicks: &Clicks) -> tauri::Result<NativeMenu<Wry>> {
    let mut actions = HashMap::new();
    let items = items(app, &menu.entries, &mut actions)?;
    *clicks.lock().unwrap_or_else(PoisonError::into_inner) = actions;
    NativeMenu::with_items(app, &items.iter().map(AsRef::as_ref).collect::<Vec<_>>())
}

fn items(
    app: &AppHandle,
    entries: &[Entry],
    actions: &mut HashMap<String, Action>,
) -> tauri::Result<Vec<Box<dyn IsMenuItem<Wry>>>> {
    let mut items: Vec<Box<dyn IsMenuItem<Wry>>> = Vec::new();
    for entry in entries {
        match entry {
            Entry::Separator => items.push(Box::new(PredefinedMenuItem::separator(app)?)),
            Entry::Submenu { visible: false, .. } => {}
            Entry::Submenu { label, entries, .. } => {
                let inner = self::items(app, entries, actions)?;
                let inner: Vec<&dyn IsMenuItem<Wry>> = inner.iter().map(AsRef::as_ref).collect();
                items.push(Box::new(Submenu::with_items(
                    app,
                    plain(label),
                    true,
                    &inner,
                )?));
            }
            Entry::Item(item) if item.visible => items.push(native_item(app, item, actions)?),
            Entry::Item(_) => {}
        }
    }
    Ok(items)
}

fn native_item(
    app: &AppHandle,
    item: &Item,
    actions: &mut HashMap<String, Action>,
) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    let id = actions.len().to_string();
    let enabled = item.action.is_some();
    let label = plain(&item.label);
    if let Some(action) = &item.action {
        actions.insert(id.clone(), action.clone());
    }
    Ok(match (item.check, item.light) {
        (Check::On | Check::Marked, _) => Box::new(CheckMenuItem::with_id(
            app,
            id,
            label,
            enabled,
            true,
            None::<&str>,
        )?),
        (Check::Off | Check::None, Some(light)) => Box::new(IconMenuItem::with_id(
            app,
            id,
            label,
            enabled,
            image(light),
            None::<&str>,
        )?),
        (Check::Off, None) | (Check::Unmarked, _) => Box::new(CheckMenuItem::with_id(
            app,
            id,
            label,
            enabled,
            false,
            None::<&str>,
        )?),
        (Check::None, None) => Box::new(MenuItem::with_id(app, id, label, enabled, None::<&str>)?),
    })
}

/// In a menu, an ampersand marks the letter to press; a doubled one is itself.
fn plain(label: &str) -> String {
    label.replace('&', "&&")
}

fn image(light: Light) -> Option<Image<'static>> {
    icons::picture(light, TRAY_PICTURE)
        .map(|picture| Image::new_owned(picture.rgba, picture.width, picture.height))
}
