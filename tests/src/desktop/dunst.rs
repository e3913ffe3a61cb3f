//! A real notification daemon on the session's screen (dunst).

use std::collections::HashMap;
use std::fs;
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use zbus::MatchRule;
use zbus::blocking::{Connection, Proxy};
use zbus::message::{Message, Type};

use super::log::{NotificationLog, NotifyArguments};
use super::notification_mock::NOTIFICATIONS;
use super::overhear::overhear;
use super::picture::Picture;
use super::place::Place;
use super::program::Program;
use super::screen::{Screen, ScreenWindow};
use super::wait::wait_for;

const LIMIT: Duration = Duration::from_secs(10);

/// A running notification daemon; what passes between it and its clients is recorded by listening on the bus.
#[derive(Debug)]
pub struct Dunst {
    place: Arc<Place>,
    screen: Screen,
    connection: Connection,
    log: Arc<NotificationLog>,
    program: Program,
}

impl Dunst {
    #[track_caller]
    pub(super) fn start(place: &Arc<Place>) -> Self {
        let log = Arc::<NotificationLog>::default();
        record(place, &log);
        let config = place.folder().join("dunstrc");
        let chooser = place.folder().join("choose");
        fs::write(&config, configuration(&chooser.display().to_string()))
            .expect("own folders are writable");
        let wanted = place.folder().join("choice");
        // Stands in for the menu program that dunst asks: the entries come in, the chosen one goes out.
        let script = format!("#!/bin/sh\nexec grep -F -m 1 -f '{}'\n", wanted.display());
        fs::write(&chooser, script).expect("own folders are writable");
        fs::set_permissions(&chooser, fs::Permissions::from_mode(0o755))
            .expect("own files can be made executable");
        let mut command = place.command("dunst");
        command.arg("-config").arg(&config);
        let program = Program::start("dunst", &place.logs(), command);
        place.wait_for_name(NOTIFICATIONS, true, LIMIT);
        let screen = Screen::open(place.display());
        Self {
            place: Arc::clone(place),
            screen,
            connection: place.connect(),
            log,
            program,
        }
    }

    /// The window that shows the notifications, waited for.
    #[track_caller]
    pub fn popup(&self) -> ScreenWindow {
        self.screen
            .wait_for_window("a notification", LIMIT, |window| window.class == "Dunst")
    }

    /// A picture of the window that shows the notifications.
    #[track_caller]
    pub fn picture(&self) -> Picture {
        let popup = self.popup();
        self.screen.settled_picture(popup.area)
    }

    /// Clicks the notification with the left button: its default action.
    #[track_caller]
    pub fn click(&self) {
        let popup = self.popup();
        self.screen.click(popup.area.middle(), 1);
    }

    /// Picks the action with this label from the context menu of the notifications.
    #[track_caller]
    pub fn choose(&self, label: &str) {
        fs::write(self.place.folder().join("choice"), label).expect("own folders are writable");
        let popup = self.popup();
        self.screen.click(popup.area.middle(), 2);
    }

    /// Clicks the notification away with the right button.
    #[track_caller]
    pub fn dismiss(&self) {
        let popup = self.popup();
        self.screen.click(popup.area.middle(), 3);
    }

    /// How many notifications are on the screen.
    #[track_caller]
    pub fn shown(&self) -> u32 {
        let path = "/org/freedesktop/Notifications";
        let dunst = Proxy::new(
            &self.connection,
            NOTIFICATIONS,
            path,
            "org.dunstproject.cmd0",
        );
        dunst
            .and_then(|dunst| dunst.get_property("displayedLength"))
            .expect("dunst answers")
    }

    /// Waits until this many notifications are on the screen.
    #[track_caller]
    pub fn wait_until_shown(&self, count: u32, limit: Duration) {
        wait_for(
            &format!("{count} notifications on the screen"),
            limit,
            || (self.shown() == count).then_some(()),
        );
    }

    /// Ends the daemon, as a crash of it would.
    #[track_caller]
    pub fn stop(&mut self) {
        self.program.kill();
        self.place.wait_for_name(NOTIFICATIONS, false, LIMIT);
    }
}

impl Deref for Dunst {
    type Target = NotificationLog;

    fn deref(&self) -> &NotificationLog {
        &self.log
    }
}

/// Records calls to the notification server, its answers (which carry the ids) and its signals.
#[track_caller]
fn record(place: &Place, log: &Arc<NotificationLog>) {
    let of = |kind| MatchRule::builder().msg_type(kind);
    let of_notifications = |kind| {
        of(kind)
            .interface(NOTIFICATIONS)
            .expect("an interface name")
            .build()
    };
    let rules = [
        of_notifications(Type::MethodCall),
        of_notifications(Type::Signal),
        of(Type::MethodReturn).build(),
    ];
    let (log, mut asked) = (Arc::clone(log), HashMap::new());
    overhear(place, &rules, move |message| {
        note(&log, &mut asked, message);
    });
}

/// Notes what one message says about notifications; `asked` holds the calls that are not answered yet.
fn note(
    log: &NotificationLog,
    asked: &mut HashMap<(String, u32), NotifyArguments>,
    message: &Message,
) {
    let header = message.header();
    let name = |name: Option<&dyn ToString>| name.map(ToString::to_string).unwrap_or_default();
    let (sender, receiver) = (
        name(header.sender().map(|sender| sender as &dyn ToString)),
        name(
            header
                .destination()
                .map(|receiver| receiver as &dyn ToString),
        ),
    );
    let member = header.member().map(ToString::to_string).unwrap_or_default();
    match (message.message_type(), member.as_str()) {
        (Type::MethodCall, "Notify") => {
            if let Ok(arguments) = message.body().deserialize() {
                asked.insert((sender, header.primary().serial_num().get()), arguments);
            }
        }
        (Type::MethodReturn, _) => {
            let call = header
                .reply_serial()
                .and_then(|serial| asked.remove(&(receiver, serial.get())));
            if let (Some(arguments), Ok(id)) = (call, message.body().deserialize()) {
                log.add(id, arguments);
            }
        }
        (Type::Signal, "NotificationClosed") => {
            if let Ok((id, reason)) = message.body().deserialize() {
                log.close(id, reason);
            }
        }
        _ => {}
    }
}

fn configuration(chooser: &str) -> String {
    format!(
        "[global]\n\
         width = 340\n\
         height = 200\n\
         origin = top-right\n\
         offset = 12x48\n\
         font = DejaVu Sans 10\n\
         markup = full\n\
         format = \"<b>%s</b>\\n%b\"\n\
         show_indicators = yes\n\
         idle_threshold = 0\n\
         dmenu = {chooser}\n\
         mouse_left_click = do_action\n\
         mouse_middle_click = context\n\
         mouse_right_click = close_current\n"
    )
}
