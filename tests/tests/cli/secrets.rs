//! Where no secret may ever be: files, output, command lines, environments.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use simulator::libredesk::sample as desk;
use simulator::{Fault, FaultRule, sample};
use system_tests::command_line::{Office, Server, Terminal, secrets};
use system_tests::desktop::wait_for;

use crate::lacking::kept_secrets;

const SOON: Duration = Duration::from_secs(20);

/// The files below `folder`, the keyring's own excepted.
pub(crate) fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.ends_with(".local/share/keyrings") || path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                let bytes = fs::read(&path).unwrap_or_default();
                files.push((path, bytes));
            }
        }
    }
    files
}

/// The secrets in files below `folder`, the keyring's own files excepted.
pub(crate) fn found_below(folder: &Path) -> Vec<String> {
    let secrets = secrets();
    let mut found = Vec::new();
    for (path, bytes) in files_below(folder) {
        let holds = |secret: &&String| {
            let mut parts = bytes.windows(secret.len());
            parts.any(|part| part == secret.as_bytes())
        };
        let held = secrets.iter().filter(holds);
        found.extend(held.map(|secret| format!("{secret} in {}", path.display())));
    }
    found
}

/// What everybody may read of the session's processes: their command lines and environments.
pub(crate) fn processes(terminal: &Terminal) -> Vec<String> {
    let mark = format!(
        "XDG_RUNTIME_DIR={}",
        terminal.session.runtime_dir().display()
    );
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    folders
        .filter_map(|folder| {
            let folder = folder.path();
            let environment = fs::read(folder.join("environ")).unwrap_or_default();
            let environment = String::from_utf8_lossy(&environment).into_owned();
            let is_ours = environment.split('\0').any(|entry| entry == mark);
            let line = fs::read(folder.join("cmdline")).unwrap_or_default();
            is_ours.then(|| environment + &String::from_utf8_lossy(&line))
        })
        .collect()
}

/// The secrets in there; how many processes there were.
fn found_in_processes(terminal: &Terminal) -> (usize, Vec<String>) {
    let all = processes(terminal);
    let mut found = secrets();
    found.retain(|secret| all.iter().any(|one| one.contains(secret)));
    (all.len(), found)
}

/// Signs in by both kinds of token, switches, fails, signs out.
fn a_life(terminal: &Terminal, server: &Server) {
    let url = server.url();
    let _ = terminal.login(&url, sample::ADA_TOKEN).well();
    let _ = terminal
        .login_by_email(&url, sample::GRACE_EMAIL, sample::API_TOKEN)
        .well();
    assert_eq!(kept_secrets(terminal), 2, "they are where they belong");
    let _ = terminal.run(&["set", "Lunch"]).well();
    let _ = terminal
        .run(&["set", "Away", "--account", "local-2"])
        .well();
    let _ = terminal.run(&["status"]).well();
    let _ = terminal.login(&url, sample::ERIN_TOKEN).with_code(5);
    for fault in [
        Fault::Html,
        Fault::Reset,
        Fault::status(500),
        Fault::status(401),
    ] {
        server.zendesk.fault(fault);
        let done = terminal.login(&url, sample::BEN_TOKEN);
        assert_ne!(done.code, 0, "{done:#?}");
        let _ = terminal.run(&["list", "--account", "local-2"]);
        server.zendesk.clear_faults();
    }
    assert_eq!(found_below(terminal.session.folder()), [""; 0]);
    let _ = terminal.run(&["logout", "local"]).well();
    let _ = terminal.run(&["logout", "local-2"]).well();
    assert_eq!(kept_secrets(terminal), 0, "signing out forgets");
    assert_eq!(found_below(terminal.session.folder()), [""; 0]);
    let printed = terminal.printed();
    assert!(
        printed.contains("Signed in"),
        "something was printed: {printed}"
    );
    assert!(
        secrets().iter().all(|secret| !printed.contains(secret)),
        "{printed}"
    );
}

#[test]
fn a_libredesk_key_stays_in_the_keyring_while_the_app_listens_with_it() {
    let office = Office::http();
    let terminal = Terminal::open().verbose();
    let app = terminal.app();
    let login = |secret: &str| terminal.login_libredesk(&office.url(), secret, &["--keep-online"]);
    let _ = login(desk::SECRET).well();
    assert_eq!(kept_secrets(&terminal), 1, "it is where it belongs");
    wait_for("the app to listen", SOON, || {
        (office.desk.sockets(desk::ADA) == 1).then_some(())
    });
    let _ = terminal.run(&["set", "busy"]).well();
    office.desk.database_down(true);
    office.desk.drop_sockets();
    let _ = terminal.run(&["set", "available"]);
    let _ = login(desk::BEN_SECRET);
    let (processes, found) = found_in_processes(&terminal);
    assert!(processes > 1, "{processes}");
    assert_eq!(found, [""; 0]);
    office.desk.database_down(false);
    let _ = terminal.run(&["logout", "local"]).well();
    assert_eq!(kept_secrets(&terminal), 0, "signing out forgets");
    drop(app);
    assert_eq!(found_below(terminal.session.folder()), [""; 0]);
}

#[test]
fn without_the_app_no_secret_leaves_the_keyring() {
    let server = Server::http();
    a_life(&Terminal::open().verbose(), &server);
}

#[test]
fn with_the_app_no_secret_leaves_the_keyring() {
    let server = Server::http();
    let terminal = Terminal::open().verbose();
    let app = terminal.app();
    a_life(&terminal, &server);
    let said = app.output() + &app.errors();
    assert!(
        secrets().iter().all(|secret| !said.contains(secret)),
        "{said}"
    );
}

#[test]
fn no_running_process_shows_a_secret() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let late = FaultRule::new(Fault::delay(Duration::from_secs(3)))
        .method("PUT")
        .times(1);
    server.zendesk.fault(late);
    let mut set = terminal.start("set", &["set", "Lunch"]);
    server.wait_for_put(SOON);
    let (count, found) = found_in_processes(&terminal);
    assert!(count >= 3, "bus, keyring and command are seen, not {count}");
    assert_eq!(found, [""; 0]);
    assert_eq!(
        found_below(terminal.session.folder()),
        [""; 0],
        "nor does a file meanwhile"
    );
    assert!(set.wait_exit(SOON).success());
}

#[test]
fn no_running_process_shows_the_token_that_it_signs_in_with() {
    let server = Server::http();
    let terminal = Terminal::open();
    let late = FaultRule::new(Fault::delay(Duration::from_secs(3))).times(1);
    server.zendesk.fault(late);
    let login = thread::scope(|scope| {
        let login = scope.spawn(|| terminal.login(&server.url(), sample::ADA_TOKEN));
        server.wait_for_request("the sign-in", SOON, |_| true);
        let (count, found) = found_in_processes(&terminal);
        assert!(count >= 3, "bus, keyring and command are seen, not {count}");
        assert_eq!(found, [""; 0]);
        assert_eq!(found_below(terminal.session.folder()), [""; 0]);
        login.join().expect("it ran to its end")
    });
    let _ = login.well();
}

#[test]
fn the_local_socket_carries_no_secret() {
    let server = Server::http();
    let terminal = Terminal::open();
    let _app = terminal.app();
    let traffic = overhear(&terminal.session.runtime_dir().join("statuslight/socket"));
    a_life(&terminal, &server);
    let traffic = traffic.lock().expect("nobody panics with it");
    let text = String::from_utf8_lossy(&traffic);
    for word in [
        "\"act\"",
        "\"done\"",
        "\"view\"",
        "add_account",
        "Ada Example",
    ] {
        assert!(
            text.contains(word),
            "both directions are heard: {word} in {text}"
        );
    }
    assert!(
        secrets().iter().all(|secret| !text.contains(secret)),
        "{text}"
    );
}

/// Stands between the commands and the app's socket, and keeps what passes in both directions.
pub(crate) fn overhear(socket: &Path) -> Arc<Mutex<Vec<u8>>> {
    let apps = socket.with_extension("app");
    fs::rename(socket, &apps).expect("the app serves there");
    let listener = UnixListener::bind(socket).expect("the place is free");
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(socket, private).expect("it is ours");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let traffic = Arc::clone(&heard);
    thread::spawn(move || {
        for visitor in listener.incoming().flatten() {
            let Ok(app) = UnixStream::connect(&apps) else {
                return;
            };
            relay(&visitor, &app, &heard);
            relay(&app, &visitor, &heard);
        }
    });
    traffic
}

/// Passes on what comes until it ends.
fn relay(from: &UnixStream, to: &UnixStream, heard: &Arc<Mutex<Vec<u8>>>) {
    let ends = from
        .try_clone()
        .and_then(|from| Ok((from, to.try_clone()?)));
    let (mut from, mut to) = ends.expect("there are file descriptors left");
    let heard = Arc::clone(heard);
    thread::spawn(move || {
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut part) {
            let part = &part[..count];
            heard
                .lock()
                .expect("nobody panics with it")
                .extend_from_slice(part);
            if to.write_all(part).is_err() {
                break;
            }
        }
        // The other side may have left first.
        let _ = to.shutdown(Shutdown::Write);
    });
}

#[test]
fn the_search_would_find_a_secret() {
    let terminal = Terminal::open();
    let home = terminal.session.home();
    fs::create_dir_all(home.join(".local/share/keyrings")).expect("own folders are writable");
    fs::write(home.join(".local/share/keyrings/x"), sample::ADA_TOKEN)
        .expect("own folders are writable");
    assert_eq!(
        found_below(&home),
        [""; 0],
        "the keyring's own folder is not searched"
    );
    fs::write(
        home.join("leak.log"),
        format!("token={}!", sample::API_TOKEN),
    )
    .expect("own folders are writable");
    assert_eq!(found_below(&home).len(), 1);
}
