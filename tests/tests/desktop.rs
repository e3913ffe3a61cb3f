//! The product on a real desktop: Xvfb, a private bus, Xfce's panel, GNOME's keyring, a notification daemon,
//! the simulator over real sockets.

#![cfg(target_os = "linux")]

#[path = "desktop/accounts.rs"]
mod accounts;
#[path = "desktop/browser.rs"]
mod browser;
#[path = "desktop/guard.rs"]
mod guard;
#[path = "desktop/libredesk.rs"]
mod libredesk;
#[path = "desktop/team.rs"]
mod team;
#[path = "desktop/timed.rs"]
mod timed;
#[path = "desktop/window.rs"]
mod window;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use simulator::{MeRefusal, Readability, Zendesk, sample};
use system_tests::desktop::{
    App, HelpDesk, Keyring, KeyringState, Launch, MenuNode, NotificationMock, ScreenWindow,
    Session, TrayItem, Watcher, statusctl, wait_for,
};

const SOON: Duration = Duration::from_secs(10);
/// Two read intervals: what the help desk changed is known by then.
const SEEN: Duration = Duration::from_secs(15);

fn picture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("desktop")
        .join(name)
}

fn lit(item: &TrayItem, status: &str, limit: Duration) {
    item.wait_until(&format!("the light says {status}"), limit, |now| {
        now.tool_tip.title.starts_with(status)
    });
}

/// Ada signed in and the app in a session with a tray, a keyring and a notification server that records.
struct Scene {
    app: App,
    item: TrayItem,
    notifications: NotificationMock,
    _keyring: Keyring,
    _watcher: Watcher,
    desk: HelpDesk,
    session: Session,
}

impl Scene {
    fn start() -> Self {
        Self::after(|_, _| ())
    }

    /// Does something between the sign-in and the start of the app.
    fn after(first: impl FnOnce(&Session, &HelpDesk)) -> Self {
        let session = Session::start();
        let watcher = session.watcher();
        let notifications = session.notification_mock();
        let keyring = session.keyring(KeyringState::Unlocked);
        let desk = HelpDesk::start();
        desk.sign_in(&session);
        first(&session, &desk);
        let app = Launch::app().arg("--hidden").start(&session);
        let item = app.tray_item();
        Self {
            app,
            item,
            notifications,
            _keyring: keyring,
            _watcher: watcher,
            desk,
            session,
        }
    }
}

fn a_click_on_lunch(readability: Readability, talk: bool, before: &str, name: &str) {
    let session = Session::start();
    let panel = session.panel();
    let _notifications = session.notification_daemon();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.zendesk
        .set_readability(readability, MeRefusal::NotFound);
    desk.zendesk
        .set_talk_seat(sample::ADA, talk)
        .expect("Ada is an agent");
    desk.sign_in(&session);
    let mut app = Launch::app().arg("--hidden").start_driven(&session);
    let item = app.tray_item();
    lit(&item, before, SOON);
    item.wait_until_menu("statuses and phone are listed", SOON, |menu| {
        let phone = |entry: &MenuNode| entry.label.starts_with("Phone: in the browser");
        menu.find("Lunch").is_some() && menu.children.iter().any(phone) == talk
    });
    let icon_before = panel.wait_for_icon(&item, SOON);
    assert!(
        panel.area().contains(icon_before),
        "the icon is in the panel"
    );

    let mut menu = panel.open_menu(&item);
    menu.highlight("Lunch");
    menu.screenshot(&picture(&format!("{name}-menu.png")));
    menu.pick("Lunch");
    let answered = desk.wait_for_answer("the write", SOON, |request| request.method == "PUT");
    lit(&item, "Lunch", SOON);
    item.wait_until_menu("Lunch is checked", SOON, |menu| menu.chosen() == ["Lunch"]);
    assert!(
        answered.elapsed() < Duration::from_secs(1),
        "light, check and tooltip follow within a second"
    );
    panel.wait_for_icon(&item, SOON);
    assert_eq!(desk.writes(), [sample::LUNCH], "exactly one write");

    panel.left_click(&item);
    let window = app.window(SOON);
    window.wait_for_text(".headline", SOON, |text| text == "Lunch");
    window.screenshot(&picture(&format!("{name}-window.png")));
    let on_screen = session
        .screen()
        .wait_for_window("the app's window", SOON, |shown| {
            shown.title == "Statuslight"
        });
    session.screen().close_window(on_screen.id);
    app.wait_for_no_web_process(SOON);
    assert!(app.is_running(), "closing the window leaves the app alive");
    assert_eq!(item.menu().chosen(), ["Lunch"]);
    assert_eq!(desk.writes(), [sample::LUNCH], "looking writes nothing");
}

#[test]
fn a_click_on_lunch_where_the_own_status_is_readable() {
    a_click_on_lunch(Readability::Me, true, "Online", "me");
}

#[test]
fn a_click_on_lunch_where_only_talk_is_readable() {
    a_click_on_lunch(Readability::Nothing, true, "Phone: Online", "talk");
}

#[test]
fn a_click_on_lunch_where_nothing_is_readable() {
    a_click_on_lunch(Readability::Nothing, false, "Not known", "nothing");
}

#[test]
fn an_idle_timeout_is_told_once_and_its_button_puts_the_agent_back() {
    let session = Session::start();
    let _watcher = session.watcher();
    let notifications = session.notification_daemon();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::start();
    desk.sign_in(&session);
    let app = Launch::app().arg("--hidden").start(&session);
    let item = app.tray_item();
    lit(&item, "Online", SOON);

    desk.zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    lit(&item, "Away", SEEN);
    let notice = notifications.wait_for("the notice", SOON, |_| true);
    notifications.popup();
    session
        .screen()
        .settled_picture(notifications.popup().area)
        .save(&picture("notice.png"));
    assert_eq!(notice.summary, "You were moved to Away");
    for part in ["Online", "Away", "idle timeout"] {
        assert!(notice.body.contains(part), "{part} in {}", notice.body);
    }
    let is_time = |word: &str| {
        let digits = word.trim_end_matches(',').replace(':', "");
        digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    assert!(
        notice.body.split(' ').any(is_time),
        "a time in {}",
        notice.body
    );
    assert!(
        item.menu()
            .find("Put me back to Online")
            .is_some_and(|entry| entry.visible)
    );

    notifications.choose("Put me back to Online");
    lit(&item, "Online", SOON);
    assert_eq!(desk.writes(), [sample::ONLINE]);
    desk.wait_for_reads(2, SEEN);
    assert_eq!(notifications.all().len(), 1, "one notification");
}

#[test]
fn keep_writes_nothing_and_nothing_is_told_twice() {
    let scene = Scene::start();
    lit(&scene.item, "Online", SOON);
    scene
        .desk
        .zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    let notice = scene.notifications.wait_for("the notice", SEEN, |_| true);
    scene.notifications.press(notice.id, "Keep Away");
    scene
        .item
        .wait_until_menu("the offer is gone", SOON, |menu| {
            menu.find("Keep Away").is_none_or(|entry| !entry.visible)
        });
    scene.desk.wait_for_reads(2, SEEN);
    assert_eq!(scene.desk.writes(), [0u64; 0]);
    assert_eq!(scene.notifications.all().len(), 1);
}

#[test]
fn what_is_on_the_screen_goes_with_the_program() {
    let mut scene = Scene::start();
    lit(&scene.item, "Online", SOON);
    scene
        .desk
        .zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    let _ = scene.notifications.wait_for("the notice", SEEN, |_| true);
    scene.item.click("Quit");
    assert!(scene.app.wait_exit(SOON).success());
    assert_eq!(scene.notifications.open(), [], "its buttons would be dead");
}

#[test]
fn own_changes_and_those_in_the_browser_make_no_noise() {
    let scene = Scene::after(|session, _| {
        let before_the_app = statusctl(session, &["set", "Lunch"], "");
        assert!(before_the_app.status.success(), "{before_the_app:?}");
    });
    lit(&scene.item, "Lunch", SOON);
    scene.item.click("In a meeting");
    lit(&scene.item, "In a meeting", SOON);
    let beside_the_app = statusctl(&scene.session, &["set", "Away"], "");
    assert!(beside_the_app.status.success(), "{beside_the_app:?}");
    lit(&scene.item, "Away", SOON);
    scene.desk.wait_for_reads(2, SEEN);
    scene
        .desk
        .zendesk
        .force_status(sample::ADA, sample::OFFLINE, "AGENT_STATUS_SWITCHER")
        .unwrap();
    lit(&scene.item, "Offline", SEEN);
    scene.desk.wait_for_reads(1, SEEN);
    assert_eq!(scene.notifications.all(), []);
    assert_eq!(
        scene.desk.writes(),
        [sample::LUNCH, sample::MEETING, sample::AWAY]
    );
}

#[test]
fn a_second_launch_opens_the_window_of_the_first_with_and_without_a_bus() {
    for has_bus in [true, false] {
        let session = if has_bus {
            Session::start()
        } else {
            Session::without_bus()
        };
        let mut first = Launch::app().arg("--hidden").start(&session);
        let socket = session.runtime_dir().join("statuslight");
        let _ = wait_for("the first launch to listen", SOON, || {
            socket.read_dir().ok()?.next()
        });
        let mut second = Launch::app().start(&session);
        let ended = second.wait_exit(SOON);
        assert!(ended.success(), "{ended:?} {}", second.errors());
        session
            .screen()
            .wait_for_window("the first one's window", SOON, |window| {
                window.title == "Statuslight"
            });
        assert!(first.is_running());
        first.terminate(SOON);
    }
}

#[test]
fn the_demo_beside_a_signed_in_app_changes_none_of_its_files() {
    let scene = Scene::start();
    lit(&scene.item, "Online", SOON);
    scene.item.wait_until_listed("Lunch", SOON);
    let home = scene.session.home();
    let remembered = home.join(".local/share/statuslight/accounts/local.json");
    wait_for("the app to remember the phone", SEEN, || {
        let content = std::fs::read_to_string(&remembered).ok()?;
        content.contains("\"has_phone\":true").then_some(())
    });
    let files = || {
        let mut all = Vec::new();
        collect(&scene.session.home(), &mut all);
        // The graphics driver keeps a cache of its own for whatever draws.
        let is_others = |path: &str| {
            ["statuslight-demo", "mesa_shader_cache"]
                .iter()
                .any(|own| path.contains(own))
        };
        all.retain(|(path, _)| !is_others(&path.to_string_lossy()));
        all.sort();
        all
    };
    let before = files();
    let demo = Launch::app()
        .arg("--demo")
        .arg("--hidden")
        .start(&scene.session);
    let demo_item = demo.tray_item();
    lit(&demo_item, "Online", SOON);
    demo_item.wait_until_listed("Lunch", SOON);
    demo_item.click("Lunch");
    lit(&demo_item, "Lunch", SOON);
    demo_item.activate();
    let is_demos = |window: &ScreenWindow| window.title == "Statuslight demo";
    let screen = scene.session.screen();
    let window = screen.wait_for_window("the demo's window", SOON, is_demos);
    screen.settled_picture(window.area);
    let changed: Vec<PathBuf> = files()
        .into_iter()
        .filter(|file| !before.contains(file))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        changed,
        Vec::<PathBuf>::new(),
        "files beside the demo's own"
    );
    assert!(scene.item.tool_tip().starts_with("Online"));
    assert_eq!(scene.desk.writes(), [0u64; 0]);
    assert!(scene.app.is_running());
}

fn collect(folder: &std::path::Path, all: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, all);
        } else {
            all.push((path.clone(), std::fs::read(&path).unwrap_or_default()));
        }
    }
}

#[test]
fn a_start_takes_less_than_two_seconds_to_the_tray() {
    let session = Session::start();
    let watcher = session.watcher();
    let app = Launch::app().arg("--demo").arg("--hidden").start(&session);
    let begun = Instant::now();
    let took = app.time_to_tray(&watcher);
    assert!(
        took < Duration::from_secs(2),
        "{took:?} ({:?})",
        begun.elapsed()
    );
}

#[test]
fn two_launches_at_the_same_moment_leave_one_app() {
    let session = Session::start();
    let _watcher = session.watcher();
    let mut apps = [(); 2].map(|()| Launch::app().arg("--hidden").start(&session));
    wait_for("one of them to end", SOON, || {
        apps.iter().any(|app| !app.is_running()).then_some(())
    });
    let ended = apps.iter_mut().find(|app| !app.is_running());
    assert!(ended.is_some_and(|app| app.wait_exit(SOON).success()));
    assert_eq!(apps.iter().filter(|app| app.is_running()).count(), 1);
}

#[test]
fn five_hundred_statuses_and_awkward_names_fit_the_real_menu() {
    let mut account = simulator::Account::default();
    account.add_statuses(500);
    account.add_awkward_statuses();
    let session = Session::start();
    let panel = session.panel();
    let _keyring = session.keyring(KeyringState::Unlocked);
    let desk = HelpDesk::of(Zendesk::new(account));
    desk.sign_in(&session);
    let app = Launch::app().arg("--hidden").start(&session);
    let item = app.tray_item();
    lit(&item, "Online", SOON);
    let menu = item.wait_until_listed("More", SOON);
    let text = menu.to_string();
    assert!(text.lines().count() > 500);
    assert!(
        text.lines().all(|line| line.chars().count() < 100),
        "no line is as wide as the screen"
    );
    assert!(
        !text
            .chars()
            .any(|c| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c))
    );
    panel.wait_for_icon(&item, SOON);
    let menu = panel.open_menu(&item);
    menu.screenshot(&picture("many.png"));
    menu.close();
    item.click("More/Training");
    lit(&item, "Training", SOON);
    assert_eq!(desk.writes(), [sample::TRAINING]);
}
