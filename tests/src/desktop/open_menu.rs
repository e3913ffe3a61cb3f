//! The tray menu while it is open on the screen.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::hand::Key;
use super::menu::MenuNode;
use super::picture::{Area, Picture};
use super::place::Place;
use super::screen::{Screen, ScreenWindow};
use super::tray_item::TrayItem;
use super::wait::{eventually, wait_for};

const LIMIT: Duration = Duration::from_secs(5);

/// A menu that a right click on the panel's icon opened.
#[derive(Debug)]
pub struct OpenMenu {
    screen: Screen,
    layout: MenuNode,
    /// The windows of the menu and its open submenus, outermost first.
    windows: Vec<ScreenWindow>,
    /// The row that is highlighted, on the screen.
    highlighted: Option<Area>,
    /// Its place among the rows of the top level that can be reached.
    position: Option<usize>,
    _place: Arc<Place>,
}

impl OpenMenu {
    /// Waits until the menu is painted.
    pub(super) fn appear(place: &Arc<Place>, item: &TrayItem, limit: Duration) -> Option<Self> {
        let screen = Screen::open(place.display());
        let window = eventually(limit, || menus(&screen).pop())?;
        screen.settled_picture(window.area);
        let (layout, windows) = (item.menu(), vec![window]);
        Some(Self {
            screen,
            layout,
            windows,
            highlighted: None,
            position: None,
            _place: Arc::clone(place),
        })
    }

    /// The layout at the moment when it opened.
    pub fn layout(&self) -> &MenuNode {
        &self.layout
    }

    /// The windows of the menu and its open submenus, outermost first.
    pub fn windows(&self) -> &[ScreenWindow] {
        &self.windows
    }

    /// A picture of the menu without its submenus.
    #[track_caller]
    pub fn picture(&self) -> Picture {
        self.screen.settled_picture(self.windows[0].area)
    }

    /// Saves a picture of the whole screen with the open menu.
    #[track_caller]
    pub fn screenshot(&self, path: &Path) {
        self.screen.screenshot(path);
    }

    /// True while it is on the screen.
    pub fn is_open(&self) -> bool {
        menus(&self.screen)
            .iter()
            .any(|window| window.id == self.windows[0].id)
    }

    /// The row that [`Self::highlight`] reached last, on the screen.
    pub fn highlighted(&self) -> Option<Area> {
        self.highlighted
    }

    /// Goes to the entry at a path of labels with the arrow keys; each step must show on the screen.
    ///
    /// From within a submenu there is no way back.
    #[track_caller]
    pub fn highlight(&mut self, path: &str) {
        assert_eq!(self.windows.len(), 1, "a submenu is open already");
        let layout = self.layout.clone();
        let Some(trail) = layout.trail(path) else {
            panic!("no menu entry {path:?} in:\n{layout}")
        };
        let mut siblings = layout.children.as_slice();
        for (depth, entry) in trail.iter().enumerate() {
            let reachable: Vec<&MenuNode> =
                siblings.iter().filter(|node| node.is_reachable()).collect();
            let position = reachable.iter().position(|node| node.id == entry.id);
            let position =
                position.unwrap_or_else(|| panic!("{path:?} cannot be picked in:\n{layout}"));
            // A submenu opens with its first entry highlighted, the menu itself with none; below the last is the first.
            let steps = match (depth, self.position) {
                (0, None) => position + 1,
                (0, Some(from)) => (position + reachable.len() - from) % reachable.len(),
                _ => position,
            };
            self.position = self.position.filter(|_| depth > 0).or(Some(position));
            (0..steps).for_each(|_| self.step_down());
            if depth + 1 < trail.len() {
                self.open_submenu();
            }
            siblings = &entry.children;
        }
    }

    /// Picks an entry by its path of labels with the keyboard, and waits until the menu is gone.
    #[track_caller]
    pub fn pick(mut self, path: &str) {
        self.highlight(path);
        self.screen.press(Key::Return);
        self.wait_closed();
    }

    /// Picks an entry of the top level with the pointer, and waits until the menu is gone.
    #[track_caller]
    pub fn pick_by_pointer(mut self, label: &str) {
        self.highlight(label);
        let row = self
            .highlighted
            .unwrap_or_else(|| panic!("the row of {label:?} does not show"));
        self.screen.click(row.middle(), 1);
        self.wait_closed();
    }

    /// Closes it without picking anything.
    #[track_caller]
    pub fn close(self) {
        for _ in 0..menus(&self.screen).len() {
            self.screen.press(Key::Escape);
        }
        self.wait_closed();
    }

    #[track_caller]
    fn wait_closed(&self) {
        wait_for("the menu to close", LIMIT, || {
            menus(&self.screen).is_empty().then_some(())
        });
    }

    /// Presses the arrow down and waits until another row is highlighted.
    #[track_caller]
    fn step_down(&mut self) {
        let area = self.windows.last().expect("a menu has a window").area;
        let before = self.screen.settled_picture(area);
        self.screen.press(Key::Down);
        let what = "the next menu entry to be highlighted";
        let after = wait_for(what, LIMIT, || {
            Some(self.screen.settled_picture(area)).filter(|after| *after != before)
        });
        self.highlighted = new_row(&before, &after).map(|row| Area {
            x: area.x + row.x,
            y: area.y + row.y,
            ..row
        });
    }

    #[track_caller]
    fn open_submenu(&mut self) {
        let known = self.windows.len();
        self.screen.press(Key::Right);
        let what = "the submenu to open";
        let window = wait_for(what, LIMIT, || menus(&self.screen).into_iter().nth(known));
        self.screen.settled_picture(window.area);
        self.windows.push(window);
    }
}

/// The menu windows on the screen, lowest first.
fn menus(screen: &Screen) -> Vec<ScreenWindow> {
    screen
        .windows()
        .into_iter()
        .filter(|window| window.kind.ends_with("_MENU"))
        .collect()
}

/// The rows that changed, without the rows that lost their highlight: those above, when two rows changed.
fn new_row(before: &Picture, after: &Picture) -> Option<Area> {
    let changed = before.difference(after)?;
    let ground = before.pixel(
        changed.x + changed.width - 1,
        changed.y + changed.height - 1,
    );
    // The highlighted row has another colour at its right edge, where no text is.
    let edge = changed.x + changed.width - 1;
    let is_lit = |y: u32| after.pixel(edge, y) != ground && before.pixel(edge, y) == ground;
    let lit = (changed.y..changed.y + changed.height).filter(|y| is_lit(*y));
    let (top, bottom) = lit.fold((u32::MAX, 0), |(top, bottom), y| {
        (top.min(y), bottom.max(y))
    });
    (top <= bottom).then(|| Area {
        x: changed.x,
        y: top,
        width: changed.width,
        height: bottom - top + 1,
    })
}
