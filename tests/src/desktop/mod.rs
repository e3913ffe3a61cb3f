//! A private Linux desktop for one test, made of real parts.
//!
//! A [`Session`] is a display, a bus and folders that nobody else sees. Its parts (panel, notification daemon, keyring,
//! watcher) are started when a test asks for them and end with it, also when the test panics. [`Launch`] starts the
//! product, [`TrayItem`] reads and clicks its tray item over the bus, [`Panel`] shows it on the screen and takes real
//! clicks, [`Window`] drives its window through `WebDriver`.
//!
//! Everything here panics with a clear message where a test cannot go on. Nothing waits for a fixed time: each wait
//! ends with what it waits for, or panics after its limit.

mod app;
mod bus;
mod chromium;
mod dunst;
mod hand;
mod help_desk;
mod icon_match;
mod keyring;
mod log;
mod logind;
mod menu;
mod notification_mock;
mod open_menu;
mod overhear;
mod panel;
mod picture;
mod place;
mod processes;
mod program;
mod required;
mod screen;
mod session;
mod tray_item;
mod wait;
mod watcher;
mod webdriver;
mod window;

pub use app::{App, DrivenApp, Launch, Running};
pub use chromium::{Chromium, has_chromium};
pub use dunst::Dunst;
pub use hand::Key;
pub use help_desk::{HelpDesk, statusctl};
pub use keyring::{KEYRING_PASSWORD, Keyring, KeyringState};
pub use log::{Notification, NotificationLog};
pub use logind::{Inhibition, Logind};
pub use menu::{MenuNode, Toggle};
pub use notification_mock::NotificationMock;
pub use open_menu::OpenMenu;
pub use panel::{Panel, PanelLook};
pub use picture::{Area, Picture};
pub use place::Place;
pub use processes::{Process, process_tree, wait_for_no_web_process, web_process_alive};
pub use program::Program;
pub use required::{missing_tools, require_tools, required_bin};
pub use screen::{Screen, ScreenWindow};
pub use session::Session;
pub use tray_item::{ItemSignal, ToolTip, TrayItem, TrayProperties};
pub use wait::{eventually, wait_for};
pub use watcher::Watcher;
pub use window::Window;
