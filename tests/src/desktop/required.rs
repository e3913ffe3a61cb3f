//! What a desktop test cannot do without: it fails and names it, it never skips.

use std::env;
use std::path::{Path, PathBuf};

/// Programs that the parts of a session run, each with the Debian package that brings it.
const TOOLS: [(&str, &str); 10] = [
    ("Xvfb", "xvfb"),
    ("dbus-daemon", "dbus-daemon"),
    ("dunst", "dunst"),
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("notify-send", "libnotify-bin"),
    ("openbox", "openbox"),
    ("secret-tool", "libsecret-tools"),
    ("setpriv", "util-linux"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("xfce4-panel", "xfce4-panel"),
];

/// The tools that are not on this machine, as `tool (package)`.
pub fn missing_tools() -> Vec<String> {
    TOOLS
        .iter()
        .filter(|(tool, _)| find_program(tool).is_none())
        .map(|(tool, package)| format!("{tool} ({package})"))
        .collect()
}

/// Fails the test when a tool is missing.
#[track_caller]
pub fn require_tools() {
    let missing = missing_tools();
    assert!(
        missing.is_empty(),
        "desktop tests need these programs (Debian package): {}",
        missing.join(", ")
    );
}

/// The binary that the environment variable `name` points to; fails the test when there is none.
#[track_caller]
pub fn required_bin(name: &str) -> PathBuf {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else {
        panic!(
            "{name} is not set: it must hold the path of the built binary (`cargo xtask test` sets it)"
        );
    };
    let path = PathBuf::from(value);
    assert!(
        path.is_file(),
        "{name} points to {}, which is not a file",
        path.display()
    );
    path
}

/// Where `tool` lies on the search path.
fn find_program(tool: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(tool))
        .find(|path: &PathBuf| Path::is_file(path))
}
