//! The session's screen and what is on it.

use std::path::Path;
use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, ImageFormat, MapState,
    Window as WindowId,
};
use x11rb::rust_connection::{ReplyError, RustConnection};

use super::picture::{Area, Picture};
use super::wait::wait_for;

/// A window that can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenWindow {
    /// Its X id.
    pub id: u32,
    /// Where it is.
    pub area: Area,
    /// Its class, such as `Statuslight`; empty for windows without one.
    pub class: String,
    /// Its title.
    pub title: String,
    /// Its kind as the window says, such as `_NET_WM_WINDOW_TYPE_POPUP_MENU`; empty where it does not say.
    pub kind: String,
    /// True for menus, tooltips, notifications and other windows that no window manager touches.
    pub is_popup: bool,
}

/// A connection to the session's display.
#[derive(Debug)]
pub struct Screen {
    pub(super) connection: RustConnection,
    pub(super) root: WindowId,
    width: u16,
    height: u16,
}

impl Screen {
    /// Connects to a display such as `:3`.
    #[track_caller]
    pub fn open(display: &str) -> Self {
        Self::try_open(display)
            .unwrap_or_else(|error| panic!("cannot open the display {display}: {error}"))
    }

    pub(super) fn try_open(display: &str) -> Result<Self, x11rb::errors::ConnectError> {
        let (connection, number) = x11rb::connect(Some(display))?;
        let screen = &connection.setup().roots[number];
        let (root, width, height) = (screen.root, screen.width_in_pixels, screen.height_in_pixels);
        Ok(Self {
            connection,
            root,
            width,
            height,
        })
    }

    /// The whole screen.
    pub fn area(&self) -> Area {
        Area {
            x: 0,
            y: 0,
            width: u32::from(self.width),
            height: u32::from(self.height),
        }
    }

    /// A picture of the whole screen.
    #[track_caller]
    pub fn picture(&self) -> Picture {
        self.picture_of(self.area())
    }

    /// A picture of a part of the screen.
    #[track_caller]
    pub fn picture_of(&self, area: Area) -> Picture {
        self.try_picture_of(area)
            .unwrap_or_else(|error| panic!("cannot read the screen at {area:?}: {error}"))
    }

    /// A picture of a part of the screen; what hangs over its edge is cut off.
    pub(super) fn try_picture_of(&self, area: Area) -> Result<Picture, ReplyError> {
        let short = |value: u32| u16::try_from(value).unwrap_or(u16::MAX);
        let (x, y) = (
            short(area.x).min(self.width - 1),
            short(area.y).min(self.height - 1),
        );
        let (width, height) = (
            short(area.width).min(self.width - x),
            short(area.height).min(self.height - y),
        );
        let (left, top) = (x.cast_signed(), y.cast_signed());
        let all_planes = u32::MAX;
        let image = self.connection.get_image(
            ImageFormat::Z_PIXMAP,
            self.root,
            left,
            top,
            width,
            height,
            all_planes,
        )?;
        let mut pixels = image.reply()?.data;
        for pixel in pixels.chunks_exact_mut(4) {
            pixel.swap(0, 2);
            pixel[3] = u8::MAX;
        }
        Ok(Picture::new(u32::from(width), u32::from(height), pixels))
    }

    /// Saves a picture of the whole screen as a PNG file.
    #[track_caller]
    pub fn screenshot(&self, path: &Path) {
        self.picture().save(path);
    }

    /// A picture of `area` once it has stopped changing (equal twice in a row) and is not of one colour.
    #[track_caller]
    pub fn settled_picture(&self, area: Area) -> Picture {
        let mut last = None;
        wait_for(
            &format!("the screen at {area:?} to be painted"),
            Duration::from_secs(10),
            || {
                let picture = self.picture_of(area);
                let settled = !picture.is_plain() && last.as_ref() == Some(&picture);
                last = Some(picture.clone());
                settled.then_some(picture)
            },
        )
    }

    /// The windows that can be seen, lowest first.
    pub fn windows(&self) -> Vec<ScreenWindow> {
        let mut found = Vec::new();
        self.collect_windows(self.root, 0, &mut found);
        found
    }

    /// The first window for which `is_it` holds, waited for.
    #[track_caller]
    pub fn wait_for_window(
        &self,
        what: &str,
        limit: Duration,
        is_it: impl Fn(&ScreenWindow) -> bool,
    ) -> ScreenWindow {
        wait_for(&format!("a window: {what}"), limit, || {
            self.windows().into_iter().find(&is_it)
        })
    }

    /// Asks a window to close, as its close button does.
    #[track_caller]
    pub fn close_window(&self, window: u32) {
        let (protocols, delete) = (self.atom("WM_PROTOCOLS"), self.atom("WM_DELETE_WINDOW"));
        let event = ClientMessageEvent::new(
            32,
            window,
            protocols,
            [delete, x11rb::CURRENT_TIME, 0, 0, 0],
        );
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, event)
            .expect("the display lives");
        self.sync();
    }

    /// Paints the empty screen in one colour.
    pub fn set_background(&self, [red, green, blue]: [u8; 3]) {
        let pixel = u32::from_be_bytes([0, red, green, blue]);
        let change =
            x11rb::protocol::xproto::ChangeWindowAttributesAux::new().background_pixel(pixel);
        let _ = self.connection.change_window_attributes(self.root, &change);
        let _ = self.connection.clear_area(false, self.root, 0, 0, 0, 0);
        self.sync();
    }

    /// Waits until the display has done all that was asked.
    pub(super) fn sync(&self) {
        let _ = self
            .connection
            .get_input_focus()
            .map(x11rb::cookie::Cookie::reply);
    }

    fn collect_windows(&self, parent: WindowId, depth: u8, found: &mut Vec<ScreenWindow>) {
        let Some(tree) = self
            .connection
            .query_tree(parent)
            .ok()
            .and_then(|cookie| cookie.reply().ok())
        else {
            return;
        };
        for id in tree.children {
            // A window may be gone by now: then it is not on the screen either.
            if let Some(window) = self
                .describe(id)
                .filter(|window| !window.class.is_empty() || window.is_popup)
            {
                found.push(window);
            } else if depth < 2 {
                self.collect_windows(id, depth + 1, found);
            }
        }
    }

    fn describe(&self, id: WindowId) -> Option<ScreenWindow> {
        let attributes = self
            .connection
            .get_window_attributes(id)
            .ok()?
            .reply()
            .ok()?;
        let geometry = self.connection.get_geometry(id).ok()?.reply().ok()?;
        let origin = self
            .connection
            .translate_coordinates(id, self.root, 0, 0)
            .ok()?
            .reply()
            .ok()?;
        if attributes.map_state != MapState::VIEWABLE {
            return None;
        }
        let class = self.text(id, AtomEnum::WM_CLASS.into());
        let title = self.text(id, self.atom("_NET_WM_NAME"));
        let area = Area {
            x: u32::try_from(origin.dst_x).unwrap_or(0),
            y: u32::try_from(origin.dst_y).unwrap_or(0),
            width: geometry.width.into(),
            height: geometry.height.into(),
        };
        Some(ScreenWindow {
            id,
            area,
            class: class
                .trim_end_matches('\0')
                .rsplit('\0')
                .next()
                .unwrap_or_default()
                .to_owned(),
            title,
            kind: self.atom_name(id, self.atom("_NET_WM_WINDOW_TYPE")),
            is_popup: attributes.override_redirect && area.width > 1,
        })
    }

    fn text(&self, window: WindowId, property: u32) -> String {
        let reply = self
            .connection
            .get_property(false, window, property, AtomEnum::ANY, 0, 1024);
        let value = reply
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .map(|reply| reply.value);
        String::from_utf8_lossy(&value.unwrap_or_default()).into_owned()
    }

    /// The name of the first atom that a property of a window holds.
    fn atom_name(&self, window: WindowId, property: u32) -> String {
        let reply = self
            .connection
            .get_property(false, window, property, AtomEnum::ATOM, 0, 1);
        let reply = reply.ok().and_then(|cookie| cookie.reply().ok());
        let atom = reply.and_then(|reply| reply.value32().and_then(|mut values| values.next()));
        let name = atom
            .and_then(|atom| self.connection.get_atom_name(atom).ok())
            .and_then(|cookie| cookie.reply().ok());
        name.map(|reply| String::from_utf8_lossy(&reply.name).into_owned())
            .unwrap_or_default()
    }

    fn atom(&self, name: &str) -> u32 {
        let reply = self.connection.intern_atom(false, name.as_bytes());
        reply
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .map_or(0, |reply| reply.atom)
    }
}
