//! Signing in by the browser, and what becomes of the tokens, with the real listener on its fixed ports.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use simulator::{Fault, FaultRule, sample};
use system_tests::command_line::{Server, Terminal};
use system_tests::consent;
use system_tests::desktop::{Program, wait_for};

const SOON: Duration = Duration::from_secs(30);
const TOKENS: &str = "/oauth/tokens";

/// The three ports belong to the whole computer, so one test at a time uses them.
static PORTS: Mutex<()> = Mutex::new(());

pub(crate) fn ports() -> MutexGuard<'static, ()> {
    PORTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a sign-in, and waits for the address that it prints.
fn begin(terminal: &Terminal, url: &str, client: &str) -> (Program, String) {
    let arguments = [
        "login",
        "zendesk",
        "--url",
        url,
        "--client-id",
        client,
        "--no-browser",
    ];
    let login = terminal.start("login", &arguments);
    let address = consent::printed_address(&login, SOON);
    (login, address)
}

/// Signs Ada in by the browser.
fn signed_in(server: &Server) -> Terminal {
    let terminal = Terminal::open();
    sign_in(&terminal, server);
    terminal
}

fn sign_in(terminal: &Terminal, server: &Server) {
    let _ports = ports();
    let (mut login, address) = begin(terminal, &server.url(), sample::CLIENT_ID);
    let page = consent::decide(&address, "allow");
    assert!(page.contains("go back to Statuslight"), "{page}");
    assert!(login.wait_exit(SOON).success(), "{}", login.errors());
    assert!(
        login.output().contains("as Ada Example"),
        "{}",
        login.output()
    );
}

/// Requests to the token endpoint.
fn asked_for_tokens(server: &Server) -> usize {
    let requests = server.zendesk.requests();
    requests
        .iter()
        .filter(|request| request.path == TOKENS)
        .count()
}

/// That nothing secret of the sign-in was printed.
fn no_secret_in(text: &str, server: &Server) {
    for secret in server.zendesk.exchanged() {
        assert!(!text.contains(&secret), "{text}");
    }
}

#[test]
fn allowing_in_the_browser_signs_in_and_everything_works() {
    let server = Server::http();
    let terminal = signed_in(&server);
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["agent"]["name"], "Ada Example");
    let _ = terminal.run(&["set", "Lunch"]).well();
    assert_eq!(server.current(), sample::LUNCH);
    no_secret_in(&terminal.printed(), &server);
}

#[test]
fn the_running_app_learns_of_it_and_renews_what_ends() {
    let server = Server::http();
    let terminal = Terminal::open();
    let _app = terminal.app();
    sign_in(&terminal, &server);
    let _ = terminal.run(&["set", "Lunch"]).well();
    server.zendesk.end_access_tokens();
    let _ = terminal.run(&["set", "Online"]).well();
    assert_eq!(server.current(), sample::ONLINE);
    assert_eq!(
        (
            asked_for_tokens(&server),
            server.zendesk.reused_refresh_tokens()
        ),
        (2, 0)
    );
}

#[test]
fn a_token_that_ended_is_renewed_once_and_the_next_command_has_the_new_one() {
    let server = Server::http();
    let terminal = signed_in(&server);
    server.zendesk.end_access_tokens();
    let _ = terminal.run(&["status"]).well();
    let _ = terminal.run(&["status"]).well();
    assert_eq!(asked_for_tokens(&server), 2);
    let five: Vec<Program> = (0..5)
        .map(|number| {
            if number == 0 {
                server.zendesk.end_access_tokens();
            }
            terminal.start(&format!("status-{number}"), &["status"])
        })
        .collect();
    for mut command in five {
        assert!(command.wait_exit(SOON).success(), "{}", command.errors());
    }
    assert_eq!(
        (
            asked_for_tokens(&server),
            server.zendesk.reused_refresh_tokens()
        ),
        (3, 0)
    );
}

#[test]
fn not_allowing_it_is_told_and_nothing_is_kept() {
    let server = Server::http();
    let terminal = Terminal::open();
    let _ports = ports();
    let (mut login, address) = begin(&terminal, &server.url(), sample::CLIENT_ID);
    let page = consent::decide(&address, "deny");
    assert!(page.contains("You are not signed in"), "{page}");
    assert_eq!(login.wait_exit(SOON).code(), Some(5));
    assert!(
        login.errors().contains("choose Allow"),
        "{}",
        login.errors()
    );
    let _ = terminal.run(&["status"]).with_code(3);
}

#[test]
fn a_code_that_is_refused_and_a_grant_that_cannot_be_renewed_are_told_apart() {
    let server = Server::http();
    let terminal = Terminal::open();
    let _ports = ports();
    server
        .zendesk
        .configure(|settings| settings.oauth.refreshes = false);
    let (mut login, address) = begin(&terminal, &server.url(), sample::CLIENT_ID);
    let _ = consent::decide(&address, "allow");
    assert_eq!(login.wait_exit(SOON).code(), Some(5));
    assert!(
        login.errors().contains("cannot be renewed"),
        "{}",
        login.errors()
    );
    server
        .zendesk
        .configure(|settings| settings.oauth.refreshes = true);

    // A code that another program had for itself: with this sign-in's state, not with its verifier.
    let (mut login, address) = begin(&terminal, &server.url(), sample::CLIENT_ID);
    let state = address
        .split("state=")
        .nth(1)
        .and_then(|rest| rest.split('&').next());
    let forged = format!(
        "?code=code-of-somebody-else&state={}",
        state.expect("a state")
    );
    let redirect = address
        .split("redirect_uri=")
        .nth(1)
        .and_then(|rest| rest.split('&').next());
    let redirect = redirect
        .expect("an address")
        .replace("%3A", ":")
        .replace("%2F", "/");
    let _ = consent::follow(&format!("{redirect}{forged}"));
    assert_eq!(login.wait_exit(SOON).code(), Some(5));
    assert!(
        login.errors().contains("no longer takes the code"),
        "{}",
        login.errors()
    );
    let _ = terminal.run(&["status"]).with_code(3);
}

#[test]
fn forged_answers_get_nothing_and_the_right_one_still_counts() {
    let server = Server::http();
    let terminal = Terminal::open();
    let _ports = ports();
    let taken = std::net::TcpListener::bind("127.0.0.1:47823").expect("the first port");
    let (mut login, address) = begin(&terminal, &server.url(), sample::CLIENT_ID);
    assert!(address.contains("47824"), "the next port: {address}");
    let page = consent::follow("http://127.0.0.1:47824/callback?code=stolen&state=forged");
    assert!(page.contains("does not belong to a sign-in"), "{page}");
    let _ = consent::decide(&address, "allow");
    assert!(login.wait_exit(SOON).success(), "{}", login.errors());
    assert_eq!(asked_for_tokens(&server), 1);
    drop(taken);
}

#[test]
fn ports_that_others_have_are_named() {
    let server = Server::http();
    let terminal = Terminal::open();
    let _ports = ports();
    let _taken: Vec<_> = [47823, 47824, 47825]
        .map(|port| std::net::TcpListener::bind(("127.0.0.1", port)))
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("the three ports");
    let url = server.url();
    let arguments = [
        "login",
        "zendesk",
        "--url",
        &url,
        "--client-id",
        "statuslight",
        "--no-browser",
    ];
    let _ = terminal
        .run(&arguments)
        .with_code(6)
        .saying(&["47823, 47824 and 47825"]);
}

#[test]
fn without_a_client_id_it_says_where_to_get_one() {
    let terminal = Terminal::open();
    let arguments = ["login", "zendesk", "--subdomain", "acme"];
    let _ = terminal
        .run(&arguments)
        .with_code(2)
        .saying(&["--client-id", "admin"]);
}

#[test]
fn signing_out_revokes_and_says_so_where_it_cannot() {
    let server = Server::http();
    let terminal = signed_in(&server);
    let _ = terminal.run(&["logout", "local"]).well();
    let requests = server.zendesk.requests();
    let deleted = requests.iter().find(|request| request.method == "DELETE");
    assert_eq!(deleted.and_then(|request| request.status), Some(204));

    sign_in(&terminal, &server);
    server
        .zendesk
        .fault(FaultRule::new(Fault::status(500)).path("/api/v2/oauth"));
    let _ = terminal
        .run(&["logout", "local"])
        .with_code(6)
        .saying(&["You are signed out", "could not be told"]);
    let accounts = terminal.run(&["accounts", "--json"]).well().json();
    assert_eq!(accounts.as_array().map(Vec::len), Some(0));
}

#[test]
fn killed_before_a_renewal_arrives_nothing_is_lost() {
    let server = Server::http();
    let terminal = signed_in(&server);
    server.zendesk.end_access_tokens();
    server
        .zendesk
        .fault(FaultRule::new(Fault::Hang).path(TOKENS).times(1));
    let mut command = terminal.start("killed", &["status"]);
    server.wait_for_request("the renewal", SOON, |request| {
        request.path == TOKENS && request.number > 3
    });
    command.kill();
    let _ = terminal.run(&["status"]).well();
    assert_eq!(server.zendesk.reused_refresh_tokens(), 0);
}

#[test]
fn killed_after_the_server_renewed_it_asks_to_sign_in_once_and_never_loops() {
    let server = Server::http();
    let terminal = signed_in(&server);
    server.zendesk.end_access_tokens();
    server
        .zendesk
        .fault(FaultRule::new(Fault::Hang).path(TOKENS).times(1).applied());
    let before = asked_for_tokens(&server);
    let mut command = terminal.start("killed", &["status"]);
    wait_for("the renewal", SOON, || {
        (asked_for_tokens(&server) > before).then_some(())
    });
    command.kill();
    let _ = terminal
        .run(&["status"])
        .with_code(3)
        .saying(&["Sign in again"]);
    assert_eq!(
        asked_for_tokens(&server),
        before + 2,
        "one more try, then no more"
    );
    sign_in(&terminal, &server);
    let _ = terminal.run(&["status"]).well();
}

#[test]
fn killed_at_any_moment_around_the_saving_it_works_or_asks_to_sign_in() {
    let server = Server::http();
    let terminal = signed_in(&server);
    for millis in [0, 3, 6, 10, 15, 25, 40] {
        server.zendesk.end_access_tokens();
        let before = asked_for_tokens(&server);
        let mut command = terminal.start(&format!("killed-{millis}"), &["status"]);
        wait_for("the renewal", SOON, || {
            (asked_for_tokens(&server) > before).then_some(())
        });
        // Not a wait for something: the moments are what is tried.
        sleep(Duration::from_millis(millis));
        command.kill();
        let next = terminal.run(&["status", "--json"]);
        match next.code {
            0 => {}
            3 => sign_in(&terminal, &server),
            code => panic!("{code} after {millis} ms: {}", next.err),
        }
        assert!(asked_for_tokens(&server) <= before + 4, "it loops");
    }
}
