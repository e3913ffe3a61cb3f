//! A real panel with a tray on the session's screen (xfce4-panel under openbox).

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use zbus::MatchRule;
use zbus::message::Type;

use super::icon_match::find_icon;
use super::open_menu::OpenMenu;
use super::overhear::overhear;
use super::picture::{Area, Picture};
use super::place::Place;
use super::program::Program;
use super::screen::Screen;
use super::tray_item::{MENU, TrayItem};
use super::wait::{eventually, wait_for};
use super::watcher::WATCHER;

/// How the panel looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelLook {
    /// Edge of an icon in pixels: 16, 22, 24 are usual.
    pub icon_size: u32,
    /// Dark, as the dark variant of the theme has it.
    pub dark: bool,
}

impl Default for PanelLook {
    fn default() -> Self {
        Self {
            icon_size: 16,
            dark: false,
        }
    }
}

/// A running panel.
#[derive(Debug)]
pub struct Panel {
    place: Arc<Place>,
    screen: Screen,
    /// How often the panel told the owner of a menu that it is about to be shown.
    openings: Arc<AtomicUsize>,
    // Dropped before the window manager, as at the end of a real session.
    program: Option<Program>,
    _window_manager: Program,
}

const START_LIMIT: Duration = Duration::from_secs(15);

impl Panel {
    #[track_caller]
    pub(super) fn start(place: &Arc<Place>, look: PanelLook) -> Self {
        let settings = place
            .home()
            .join(".config/xfce4/xfconf/xfce-perchannel-xml");
        fs::create_dir_all(&settings).expect("own folders are writable");
        fs::write(settings.join("xfce4-panel.xml"), configuration(look))
            .expect("own folders are writable");
        place.allow_activation("org.xfce.Xfconf.service");
        let mut command = place.command("openbox");
        command.arg("--sm-disable");
        let window_manager = Program::start("openbox", &place.logs(), command);
        let screen = Screen::open(place.display());
        // A black screen would hide dark windows.
        screen.set_background([60, 96, 130]);
        // Without it the pointer rests in the middle, where windows and menus open.
        screen.point_at((1, screen.area().height - 1));
        let openings = count_openings(place);
        let mut panel = Self {
            place: Arc::clone(place),
            screen,
            openings,
            program: None,
            _window_manager: window_manager,
        };
        panel.start_again();
        panel
    }

    /// Ends the panel, as a crash of it would; the window manager stays.
    #[track_caller]
    pub fn stop(&mut self) {
        if let Some(mut panel) = self.program.take() {
            panel.kill();
        }
        self.place.wait_for_name(WATCHER, false, START_LIMIT);
    }

    /// Starts the panel where it does not run.
    #[track_caller]
    pub fn start_again(&mut self) {
        if self.program.is_some() {
            return;
        }
        let mut command = self.place.command("xfce4-panel");
        command.arg("--disable-wm-check");
        self.program = Some(Program::start("xfce4-panel", &self.place.logs(), command));
        self.place.wait_for_name(WATCHER, true, START_LIMIT);
    }

    /// Ends the panel and starts it again.
    #[track_caller]
    pub fn restart(&mut self) {
        self.stop();
        self.start_again();
    }

    /// Where the panel is on the screen.
    #[track_caller]
    pub fn area(&self) -> Area {
        let is_panel = |class: &str| class.eq_ignore_ascii_case("xfce4-panel");
        self.screen
            .wait_for_window("the panel", START_LIMIT, |window| is_panel(&window.class))
            .area
    }

    /// A picture of the panel.
    #[track_caller]
    pub fn picture(&self) -> Picture {
        self.screen.picture_of(self.area())
    }

    /// Where `icon` is drawn in the panel now.
    #[track_caller]
    pub fn find(&self, icon: &Picture) -> Option<Area> {
        let panel = self.area();
        let found = find_icon(&self.screen.picture_of(panel), icon)?;
        Some(Area {
            x: panel.x + found.x,
            y: panel.y + found.y,
            ..found
        })
    }

    /// Waits until the panel draws the icon that `item` has now, and tells where.
    #[track_caller]
    pub fn wait_for_icon(&self, item: &TrayItem, limit: Duration) -> Area {
        wait_for("the icon of the tray item in the panel", limit, || {
            self.find(&item.icon())
        })
    }

    /// Waits until the panel no longer draws `icon`.
    #[track_caller]
    pub fn wait_for_icon_gone(&self, icon: &Picture, limit: Duration) {
        wait_for("the icon to leave the panel", limit, || {
            self.find(icon).is_none().then_some(())
        });
    }

    /// Clicks the icon of `item` with the left button.
    #[track_caller]
    pub fn left_click(&self, item: &TrayItem) {
        let icon = self.wait_for_icon(item, Duration::from_secs(5));
        // A hand is slow: the panel shows the pointer, then the button down, then up, before the next step comes.
        self.until_it_looks_different(icon, || self.screen.point_at(icon.middle()));
        self.until_it_looks_different(icon, || self.screen.hold_button(1));
        self.until_it_looks_different(icon, || self.screen.release_button(1));
        self.point_away();
    }

    /// Opens the menu of `item` by a right click on its icon.
    ///
    /// A panel takes a moment to fetch a menu; a click that comes before that opens nothing, or a menu of the panel's
    /// own, and is made once more.
    #[track_caller]
    pub fn open_menu(&self, item: &TrayItem) -> OpenMenu {
        let icon = self.wait_for_icon(item, Duration::from_secs(5));
        if !icon.contains_point(self.screen.pointer()) {
            self.until_it_looks_different(icon, || self.screen.point_at(icon.middle()));
        }
        let opened = eventually(Duration::from_secs(10), || {
            let known = self.openings.load(Ordering::Acquire);
            self.screen.click(icon.middle(), 3);
            let menu = OpenMenu::appear(&self.place, item, Duration::from_secs(2))?;
            let told = || (self.openings.load(Ordering::Acquire) > known).then_some(());
            let is_ours = eventually(Duration::from_secs(1), told).is_some();
            if is_ours {
                return Some(menu);
            }
            menu.close();
            None
        });
        opened.unwrap_or_else(|| {
            panic!("a right click on the icon at {icon:?} opens no menu of the tray item")
        })
    }

    /// Rests the pointer on the icon of `item`, waits for the tooltip window and gives its picture.
    #[track_caller]
    pub fn hover(&self, item: &TrayItem) -> Picture {
        let icon = self.wait_for_icon(item, Duration::from_secs(5));
        let (x, y) = icon.middle();
        self.screen.point_at((x - 1, y));
        self.screen.point_at((x, y));
        let tip = self
            .screen
            .wait_for_window("the tooltip", Duration::from_secs(5), |window| {
                window.kind.ends_with("_TOOLTIP")
            });
        let picture = self.screen.settled_picture(tip.area);
        self.point_away();
        picture
    }

    /// Does something that the panel shows at an icon, and waits for that a little: not every theme shows everything.
    fn until_it_looks_different(&self, icon: Area, act: impl FnOnce()) {
        let button = icon.grown(4);
        let before = self.screen.picture_of(button);
        act();
        eventually(Duration::from_millis(500), || {
            (self.screen.picture_of(button) != before).then_some(())
        });
    }

    fn point_away(&self) {
        self.screen.point_at((1, self.screen.area().height - 1));
    }
}

/// Counts what a panel says to the owner of a menu when it opens it.
#[track_caller]
fn count_openings(place: &Place) -> Arc<AtomicUsize> {
    let rules = ["AboutToShow", "AboutToShowGroup"].map(|member| {
        let rule = MatchRule::builder()
            .msg_type(Type::MethodCall)
            .interface(MENU)
            .expect("an interface name");
        rule.member(member).expect("a member name").build()
    });
    let openings = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&openings);
    overhear(place, &rules, move |_| {
        counted.fetch_add(1, Ordering::AcqRel);
    });
    openings
}

fn configuration(look: PanelLook) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="{dark}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="icon-size" type="uint" value="{icon}"/>
      <property name="size" type="uint" value="{size}"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="icon-size" type="int" value="{icon}"/>
    </property>
  </property>
</channel>
"#,
        icon = look.icon_size,
        dark = look.dark,
        size = look.icon_size + 10,
    )
}
