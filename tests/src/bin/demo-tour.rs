//! Shows the demo where there is no display: in a private one, with pictures of what a person would see.
//!
//! It clicks one status in the real tray menu, waits for the confirmation and for the notice of the demo's idle timeout,
//! and saves pictures below `target/demo/`.

#[cfg(target_os = "linux")]
fn main() {
    linux::tour();
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
#[expect(clippy::print_stdout, reason = "it is a tour guide")]
mod linux {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use system_tests::desktop::{Launch, Session, TrayItem, require_tools, wait_for};

    const SOON: Duration = Duration::from_secs(10);
    /// The demo's idle timeout comes after a minute, and is seen by the next read.
    const UNTIL_IDLE: Duration = Duration::from_secs(90);

    pub(super) fn tour() {
        require_tools();
        let pictures = PathBuf::from("target/demo");
        fs::create_dir_all(&pictures).expect("target/demo can be written");

        say(
            "There is no display, so the demo runs in a private one: Xvfb, a session bus, xfce4-panel and dunst.",
        );
        let session = Session::start();
        let panel = session.panel();
        let notifications = session.notification_daemon();
        let app = Launch::app().arg("--demo").start(&session);
        let item = app.tray_item();
        lit(&item, "Online");
        panel.wait_for_icon(&item, SOON);
        say(&format!(
            "The light is in the panel: {}",
            one_line(&item.tool_tip())
        ));
        session.screen().screenshot(&kept(&pictures, "1-panel.png"));

        // A menu that grows while it is open scrolls.
        item.wait_until_menu("the phone is read", SOON, |menu| {
            menu.find("Phone: in the browser").is_some()
        });
        let mut menu = panel.open_menu(&item);
        say(&format!("The menu:\n\n{}", menu.layout()));
        menu.highlight("Lunch");
        menu.screenshot(&kept(&pictures, "2-menu.png"));
        menu.pick("Lunch");
        lit(&item, "Lunch");
        say(&format!(
            "Picked Lunch, and it is confirmed: {}",
            one_line(&item.tool_tip())
        ));

        panel.left_click(&item);
        let window = session
            .screen()
            .wait_for_window("the app's window", SOON, |window| {
                window.title == "Statuslight demo"
            });
        let before = session.screen().settled_picture(window.area);
        before.save(&kept(&pictures, "3-window.png"));

        say("In a minute the demo's Zendesk finds the agent idle\u{2026}");
        notifications.wait_until_shown(1, UNTIL_IDLE);
        lit(&item, "Away");
        session
            .screen()
            .settled_picture(notifications.popup().area)
            .save(&kept(&pictures, "4-notification.png"));
        wait_for("the window to follow", SOON, || {
            let now = session.screen().picture_of(window.area);
            now.difference(&before).map(|_| ())
        });
        session.screen().settled_picture(window.area);
        session.screen().screenshot(&kept(&pictures, "5-all.png"));
        say(&format!(
            "It was told at once: {}",
            one_line(&item.tool_tip())
        ));
    }

    fn lit(item: &TrayItem, status: &str) {
        item.wait_until(&format!("the light says {status}"), SOON, |now| {
            now.tool_tip.title.starts_with(status)
        });
    }

    fn kept(folder: &Path, name: &str) -> PathBuf {
        folder.join(name)
    }

    fn one_line(text: &str) -> String {
        text.replace('\n', ", ")
    }

    fn say(text: &str) {
        println!("{text}");
    }
}
