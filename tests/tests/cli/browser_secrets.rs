//! Where nothing secret of a browser sign-in may ever be: its code, its tokens, its PKCE verifier.

use std::thread;
use std::time::Duration;

use simulator::{Fault, FaultRule, sample};
use system_tests::command_line::{Server, Terminal};
use system_tests::consent;
use system_tests::desktop::Program;

use crate::browser::ports;
use crate::secrets::{files_below, overhear, processes};

const SOON: Duration = Duration::from_secs(30);
const LATE: Duration = Duration::from_secs(2);
const TOKENS: &str = "/oauth/tokens";

/// What was seen, and where.
#[derive(Default)]
struct Seen(Vec<(String, String)>);

impl Seen {
    fn keep(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.0.push((place.into(), text.into()));
    }

    fn look_at_processes(&mut self, when: &str, terminal: &Terminal) {
        let all = processes(terminal);
        assert!(all.len() >= 3, "bus, keyring and program are seen");
        for one in all {
            self.keep(format!("a process {when}"), one);
        }
    }

    fn keep_output(&mut self, program: &Program) {
        self.keep("what was printed", program.output() + &program.errors());
    }

    /// That none of these secrets was seen, and no file holds one.
    #[track_caller]
    fn hold_none_of(mut self, secrets: &[String], terminal: &Terminal) {
        self.keep("what was printed", terminal.printed());
        for (path, bytes) in files_below(terminal.session.folder()) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            self.keep(path.display().to_string(), text);
        }
        for (place, text) in &self.0 {
            for secret in secrets {
                assert!(!text.contains(secret), "{secret} in {place}: {text}");
            }
        }
    }
}

fn last_request(server: &Server) -> Option<u64> {
    let requests = server.zendesk.requests();
    requests.last().map(|request| request.number)
}

/// Signs Ada in by the browser and looks at every process meanwhile.
fn sign_in(terminal: &Terminal, server: &Server, seen: &mut Seen) {
    let _ports = ports();
    let url = server.url();
    let client = sample::CLIENT_ID;
    let arguments = ["login", "zendesk", "--no-browser", "--verbose", "--url"];
    let arguments = [&arguments[..], &[&url, "--client-id", client]].concat();
    let mut login = terminal.start("login", &arguments);
    let address = consent::printed_address(&login, SOON);
    seen.look_at_processes("that waits for the browser", terminal);
    let late = FaultRule::new(Fault::delay(LATE)).path(TOKENS).times(1);
    server.zendesk.fault(late);
    let before = last_request(server);
    let page = thread::scope(|scope| {
        let decide = scope.spawn(|| consent::decide(&address, "allow"));
        server.wait_for_request("the code", SOON, |request| {
            request.path == TOKENS && Some(request.number) > before
        });
        seen.look_at_processes("that redeems the code", terminal);
        decide.join().expect("the agent allows it")
    });
    assert!(login.wait_exit(SOON).success(), "{}", login.errors());
    seen.keep("the page that the browser shows last", page);
    seen.keep_output(&login);
}

/// Switches, renews what ended, fails, and signs out.
fn a_life(terminal: &Terminal, server: &Server, seen: &mut Seen) {
    sign_in(terminal, server, seen);
    let _ = terminal.run(&["set", "Lunch"]).well();
    server.zendesk.end_access_tokens();
    let late = FaultRule::new(Fault::delay(LATE)).path(TOKENS).times(1);
    server.zendesk.fault(late);
    let before = last_request(server);
    let mut set = terminal.start("set", &["set", "Online", "--verbose"]);
    server.wait_for_request("the renewal", SOON, |request| {
        request.path == TOKENS && Some(request.number) > before
    });
    seen.look_at_processes("that renews its tokens", terminal);
    assert!(set.wait_exit(SOON).success(), "{}", set.errors());
    seen.keep_output(&set);
    for fault in [Fault::Html, Fault::status(500), Fault::status(401)] {
        server.zendesk.end_access_tokens();
        server.zendesk.fault(FaultRule::new(fault).path(TOKENS));
        let _ = terminal.run(&["list", "--json"]);
        server.zendesk.clear_faults();
    }
    let _ = terminal.run(&["history"]);
    let _ = terminal.run(&["doctor"]);
    let _ = terminal.run(&["accounts", "--json"]).well();
    let _ = terminal.run(&["logout", "local"]);
}

/// The secrets of the life, of every kind.
#[track_caller]
fn secrets_of(server: &Server) -> Vec<String> {
    let secrets = server.zendesk.exchanged();
    for kind in ["code-", "access-", "refresh-"] {
        let is_there = secrets.iter().any(|secret| secret.starts_with(kind));
        assert!(is_there, "{kind} in {secrets:?}");
    }
    let is_verifier = |secret: &&String| (43..=128).contains(&secret.len());
    let others = secrets.iter().filter(is_verifier);
    assert!(others.count() >= 2, "a verifier and more: {secrets:?}");
    secrets
}

#[test]
fn without_the_app_nothing_of_a_browser_sign_in_leaves_keyring_and_memory() {
    let server = Server::http();
    let terminal = Terminal::open().verbose();
    let mut seen = Seen::default();
    a_life(&terminal, &server, &mut seen);
    seen.hold_none_of(&secrets_of(&server), &terminal);
}

#[test]
fn with_the_app_nothing_of_a_browser_sign_in_passes_the_local_socket_either() {
    let server = Server::http();
    let terminal = Terminal::open().verbose();
    let app = terminal.app();
    let traffic = overhear(&terminal.session.runtime_dir().join("statuslight/socket"));
    let watch = terminal.start("watch", &["watch", "--json"]);
    let mut seen = Seen::default();
    a_life(&terminal, &server, &mut seen);
    seen.keep_output(&watch);
    seen.keep("what the app says", app.output() + &app.errors());
    let traffic = traffic.lock().expect("nobody panics with it").clone();
    let traffic = String::from_utf8_lossy(&traffic).into_owned();
    for word in ["\"act\"", "\"view\"", "\"ask\"", "add_account", "Lunch"] {
        assert!(
            traffic.contains(word),
            "both directions are heard: {word} in {traffic}"
        );
    }
    seen.keep("the local socket", traffic);
    seen.hold_none_of(&secrets_of(&server), &terminal);
}
