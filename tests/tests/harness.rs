//! The desktop harness itself, tried on a stand-in for the product.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::time::Duration;

use system_tests::desktop::{
    App, KeyringState, Launch, PanelLook, Program, Session, Toggle, TrayItem, missing_tools,
    process_tree, required_bin, wait_for,
};

const SOON: Duration = Duration::from_secs(5);

/// A program with a web page in a window; it comes with the library that the product's window uses.
const BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

fn standin() -> Launch {
    Launch::of(env!("CARGO_BIN_EXE_tray-standin"))
}

/// Where pictures go that a person may want to look at.
fn picture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("harness")
        .join(name)
}

fn start(session: &Session) -> (App, TrayItem) {
    let app = standin().start(session);
    let item = app.tray_item();
    (app, item)
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(missing_tools(), Vec::<String>::new());
}

#[test]
#[should_panic(expected = "STATUSLIGHT_NO_SUCH_BIN is not set")]
fn missing_binary_fails_the_test() {
    required_bin("STATUSLIGHT_NO_SUCH_BIN");
}

#[test]
fn tray_item_is_read_and_clicked_over_the_bus() {
    let session = Session::start();
    let _watcher = session.watcher();
    let (app, item) = start(&session);

    let properties = item.properties();
    assert_eq!(
        (properties.id.as_str(), properties.title.as_str()),
        ("tray-standin", "Stand-in")
    );
    assert_eq!(item.tool_tip(), "Online\nsince now");
    assert_eq!(item.icon().pixel(22, 22), [40, 170, 80, 255]);
    assert_eq!(
        item.menu().to_string(),
        "Online since now (disabled)\n----\n(•) Online\n( ) Away\n( ) Lunch\n----\n\
         For… >\n    15 min\n    30 min\n    60 min\n[ ] Sound\nQuit\n"
    );

    item.click("Lunch");
    let menu = item.wait_until_menu("Lunch is chosen", SOON, |menu| menu.chosen() == ["Lunch"]);
    assert_eq!(
        menu.find("Lunch").and_then(|entry| entry.toggle),
        Some(Toggle::Radio(true))
    );
    let properties = item.wait_until("the tooltip follows", SOON, |now| {
        now.tool_tip.title == "Lunch"
    });
    assert_ne!(properties.icon, None);
    item.wait_for_signal("NewToolTip", SOON);
    item.click("For…/30 min");
    item.activate();
    app.wait_for_output("picked Lunch\nfor 30\nleft click\n", SOON);
}

#[test]
fn panel_shows_the_icon_and_its_menu_takes_keys() {
    let session = Session::start();
    let panel = session.panel();
    let (app, item) = start(&session);
    let icon = panel.wait_for_icon(&item, SOON);
    assert!(panel.area().contains(icon), "{icon:?}");
    assert_eq!((icon.width, icon.height), (16, 16));

    let mut menu = panel.open_menu(&item);
    assert_eq!(menu.layout().chosen(), ["Online"]);
    menu.highlight("Lunch");
    menu.screenshot(&picture("menu.png"));
    menu.pick("Away");
    app.wait_for_output("picked Away\n", SOON);
    panel.wait_for_icon(&item, SOON);
    session.screen().screenshot(&picture("panel.png"));
}

#[test]
fn menu_takes_the_pointer() {
    let session = Session::start();
    let panel = session.panel();
    let (app, item) = start(&session);
    let menu = panel.open_menu(&item);
    assert!(menu.is_open());
    menu.close();
    panel.open_menu(&item).pick_by_pointer("Lunch");
    app.wait_for_output("picked Lunch\n", SOON);
}

#[test]
fn menu_opens_submenus() {
    let session = Session::start();
    let panel = session.panel();
    let (app, item) = start(&session);
    let mut menu = panel.open_menu(&item);
    menu.highlight("For…/60 min");
    menu.screenshot(&picture("submenu.png"));
    assert_eq!(menu.windows().len(), 2);
    menu.close();
    panel.open_menu(&item).pick("For…/30 min");
    app.wait_for_output("for 30\n", SOON);
}

#[test]
fn left_click_and_tooltip_in_a_dark_panel() {
    let session = Session::start();
    let panel = session.panel_with(PanelLook {
        icon_size: 24,
        dark: true,
    });
    let (app, item) = start(&session);
    assert_eq!(panel.wait_for_icon(&item, SOON).width, 24);
    panel.hover(&item).save(&picture("tooltip.png"));
    panel.left_click(&item);
    app.wait_for_output("left click\n", SOON);
    session.screen().screenshot(&picture("dark-panel.png"));
}

#[test]
fn panel_can_come_late_and_come_again() {
    let session = Session::start();
    let mut app = standin().start(&session);
    let mut panel = session.panel();
    let item = app.tray_item();
    panel.wait_for_icon(&item, SOON);
    panel.restart();
    panel.wait_for_icon(&app.tray_item(), SOON);
    let icon = item.icon();
    app.kill();
    panel.wait_for_icon_gone(&icon, SOON);
}

#[test]
fn watcher_without_host_lists_items_until_they_leave() {
    let session = Session::start();
    let mut watcher = session.watcher_without_host();
    let (mut app, _item) = start(&session);
    assert!(app.time_to_tray(&watcher) < SOON);
    assert_eq!(TrayItem::registered(&session).len(), 1);
    app.terminate(SOON);
    wait_for("the item to leave", SOON, || {
        TrayItem::registered(&session).is_empty().then_some(())
    });
    watcher.stop();
    assert!(!session.has_owner("org.kde.StatusNotifierWatcher"));
}

#[test]
fn bus_can_end_under_all_parts() {
    let mut session = Session::start();
    let _watcher = session.watcher();
    let _mock = session.notification_mock();
    let (mut app, _item) = start(&session);
    session.stop_bus();
    assert!(!session.has_owner("org.kde.StatusNotifierWatcher"));
    app.terminate(SOON);
}

#[test]
fn session_without_bus_has_a_screen_and_no_bus() {
    let session = Session::without_bus();
    let mut said = session.run("notify", "notify-send", &["anyone there?"]);
    assert!(!said.wait_exit(SOON).success());
    assert_eq!(session.screen().area().width, 1280);
}

#[test]
fn recorded_notifications_are_answered() {
    let session = Session::start();
    let mock = session.notification_mock();
    let mut sender = session.run(
        "notify",
        "notify-send",
        &[
            "--action=back=Put me back",
            "--action=keep=Keep",
            "Moved",
            "to Away",
        ],
    );
    let seen = mock.wait_for("the move", SOON, |entry| entry.summary == "Moved");
    assert_eq!(
        (seen.body.as_str(), seen.action_labels()),
        ("to Away", vec!["Put me back", "Keep"])
    );
    mock.press(seen.id, "Put me back");
    sender.wait_exit(SOON);
    assert_eq!(sender.output(), "back\n");
    assert!(mock.open().is_empty());
}

#[test]
fn real_notifications_are_seen_and_clicked() {
    let session = Session::start();
    let dunst = session.notification_daemon();
    let actions = [
        "--action=default=Open",
        "--action=back=Put me back",
        "--action=keep=Keep",
    ];
    let send = |name: &str, summary: &str| {
        session.run(
            name,
            "notify-send",
            &[&actions[..], &[summary, "to Away"]].concat(),
        )
    };

    let mut first = send("first", "First");
    let seen = dunst.wait_for("the first", SOON, |entry| entry.summary == "First");
    assert_eq!(seen.action_labels(), ["Open", "Put me back", "Keep"]);
    dunst.picture().save(&picture("notification.png"));
    session
        .screen()
        .screenshot(&picture("notification-screen.png"));
    dunst.click();
    first.wait_exit(SOON);
    assert_eq!(first.output(), "default\n");

    dunst.wait_until_shown(0, SOON);
    let mut second = send("second", "Second");
    dunst.wait_for("the second", SOON, |entry| entry.summary == "Second");
    dunst.choose("Keep");
    second.wait_exit(SOON);
    assert_eq!(second.output(), "keep\n");

    dunst.wait_until_shown(0, SOON);
    let mut third = send("third", "Third");
    dunst.wait_for("the third", SOON, |entry| entry.summary == "Third");
    dunst.dismiss();
    third.wait_exit(SOON);
    let third = dunst.wait_for("the third to be closed", SOON, |entry| {
        entry.summary == "Third" && entry.closed.is_some()
    });
    assert_eq!(third.closed, Some(2));
}

/// Asks the keyring for a secret that may be there.
fn look_up(session: &Session, name: &str) -> Program {
    session.run(name, "secret-tool", &["lookup", "account", "test"])
}

/// Stores a secret; true when the keyring took it.
fn store(session: &Session) -> bool {
    let script = "printf secret | secret-tool store --label=Test account test";
    session
        .run("store", "sh", &["-c", script])
        .wait_exit(SOON)
        .success()
}

#[test]
fn unlocked_keyring_keeps_secrets_over_a_restart() {
    let session = Session::start();
    let mut keyring = session.keyring(KeyringState::Unlocked);
    assert!(store(&session));
    keyring.restart();
    let mut answer = look_up(&session, "look-up");
    answer.wait_exit(SOON);
    assert_eq!(answer.output(), "secret");
    keyring.stop();
    assert!(!look_up(&session, "again").wait_exit(SOON).success());
}

#[test]
fn locked_keyring_refuses() {
    let session = Session::start();
    let _keyring = session.keyring(KeyringState::Locked);
    assert!(!store(&session));
}

#[test]
fn locked_keyring_waits_for_its_person() {
    let session = Session::start();
    let mut keyring = session.keyring(KeyringState::Unlocked);
    assert!(store(&session));
    keyring.lock(true);
    let mut answer = look_up(&session, "look-up");
    keyring.wait_for_question(SOON);
    session.screen().screenshot(&picture("prompt.png"));
    assert!(answer.is_alive());
    keyring.answer_question();
    assert!(answer.wait_exit(SOON).success());
    assert_eq!(answer.output(), "secret");
}

#[test]
fn window_is_driven_once_a_click_opens_it() {
    let session = Session::start();
    let _watcher = session.watcher();
    let page = "data:text/html,<title>Page</title><p>Hello</p><input><button%20onclick=\"document.querySelector('p').textContent=document.querySelector('input').value\">Go</button>";
    let launch = standin().env("STANDIN_ON_CLICK", format!("{BROWSER} --automation {page}"));
    let mut app = launch.start_driven(&session);
    let item = app.tray_item();
    assert!(!app.web_process_alive());
    item.activate();
    let window = app.window(Duration::from_secs(15));
    window.open(page);
    assert_eq!(window.text("p"), "Hello");
    window.type_into("input", "Bye");
    window.click("button");
    assert_eq!(window.wait_for_text("p", SOON, |text| text == "Bye"), "Bye");
    assert_eq!(
        (window.title().as_str(), window.js("return 6 * 7").as_i64()),
        ("Page", Some(42))
    );
    window.screenshot(&picture("window.png"));
    session.screen().screenshot(&picture("window-screen.png"));
    assert!(app.web_process_alive());
    window.click("input");
    window.press_keys("!");
    assert_eq!(
        window.js("return document.querySelector('input').value"),
        "Bye!"
    );
    assert!(
        app.processes().iter().all(|process| process.pss_kib > 0),
        "{:#?}",
        app.processes()
    );
    window.quit();
    wait_for("the browser to end", SOON, || {
        (!app.web_process_alive()).then_some(())
    });
}

#[test]
fn closing_a_window_ends_its_web_process_only() {
    let session = Session::start();
    let panel = session.panel();
    let app = standin().env("STANDIN_ON_CLICK", BROWSER).start(&session);
    panel.left_click(&app.tray_item());
    let screen = session.screen();
    let window =
        screen.wait_for_window("the browser", SOON, |window| window.class == "MiniBrowser");
    wait_for("the web process", SOON, || {
        app.web_process_alive().then_some(())
    });
    screen.close_window(window.id);
    app.wait_for_no_web_process(SOON);
    assert!(app.is_running());
}

#[test]
fn nothing_is_left_when_a_test_panics() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let test = std::thread::spawn(move || {
        let session = Session::start();
        let _panel = session.panel();
        let (app, _item) = start(&session);
        sender
            .send((app.pid(), session.folder().to_owned()))
            .unwrap();
        panic!("on purpose");
    });
    let (pid, folder) = receiver.recv().unwrap();
    assert!(test.join().is_err());
    assert!(process_tree(pid).is_empty());
    assert!(folder.join("failure.png").is_file());
    let mark = format!("{}", folder.display());
    let left: Vec<_> = process_tree(1)
        .into_iter()
        .filter(|process| process.command.concat().contains(&mark))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
    std::fs::remove_dir_all(folder).unwrap();
}
