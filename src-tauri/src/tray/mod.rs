//! The tray: draws what the view says and sends what is clicked. It holds no state of its own.

use domain::{Light, Menu, View};
use jiff::tz::TimeZone;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;

#[cfg(target_os = "linux")]
pub(crate) use linux::start;
#[cfg(not(target_os = "linux"))]
pub(crate) use native::start;

/// All that a tray draws; an equal one is not drawn again.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Drawing {
    light: Light,
    tooltip: String,
    menu: Menu,
}

impl Drawing {
    fn of(view: &View) -> Self {
        let zone = TimeZone::system();
        Self {
            light: view.light(),
            tooltip: domain::tooltip(view, &zone),
            menu: Menu::of(view, &zone),
        }
    }
}
