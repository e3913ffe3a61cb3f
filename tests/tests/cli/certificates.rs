//! Encrypted connections: which certificates are believed, and the way through a proxy.

use std::fs;

use serde_json::json;
use simulator::{Certificate, sample};
use system_tests::command_line::{Server, Terminal, proxy};

const HOST: &str = "example.zendesk.test";

/// Lets all that runs in the terminal trust the server's CA, as IT does by the system's store.
fn trust(terminal: &mut Terminal, server: &Server) {
    let path = terminal.session.folder().join("company-ca.pem");
    fs::write(&path, server.ca_pem()).expect("own folders are writable");
    terminal.set_variable("SSL_CERT_FILE", path.display().to_string());
}

#[track_caller]
fn refused(terminal: &Terminal, server: &Server, words: &[&str]) {
    let url = server.https_url();
    let done = terminal.login(&url, sample::ADA_TOKEN).with_code(6);
    let _ = done
        .saying(&["certificate of localhost", "not trusted"])
        .saying(words);
    let done = terminal.login_json(&url, sample::ADA_TOKEN).with_code(6);
    assert_eq!(done.error_code(), "certificate");
    assert!(server.zendesk.requests().is_empty(), "nothing was sent");
    assert_eq!(
        terminal.run(&["accounts", "--json"]).well().json(),
        json!([])
    );
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused() {
    let server = Server::https(Certificate::Trusted);
    refused(&Terminal::open(), &server, &["unknown issuer"]);
}

#[test]
fn an_expired_certificate_is_refused() {
    let server = Server::https(Certificate::Expired);
    let mut terminal = Terminal::open();
    trust(&mut terminal, &server);
    refused(&terminal, &server, &["expired"]);
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let server = Server::https(Certificate::Misnamed);
    let mut terminal = Terminal::open();
    trust(&mut terminal, &server);
    refused(&terminal, &server, &["name does not match"]);
}

#[test]
fn an_authority_that_only_the_system_knows_is_believed() {
    let server = Server::https(Certificate::Trusted);
    let mut terminal = Terminal::open();
    trust(&mut terminal, &server);
    let _ = terminal
        .login(&server.https_url(), sample::ADA_TOKEN)
        .well();
    let _ = terminal.run(&["set", "Lunch"]).well();
    assert_eq!(server.writes(), [sample::LUNCH]);
    let _app = terminal.app();
    let _ = terminal.run(&["set", "Online"]).well();
    assert_eq!(
        server.writes(),
        [sample::LUNCH, sample::ONLINE],
        "the app believes it too"
    );
}

#[test]
fn a_certificate_that_goes_bad_later_is_named_and_the_account_stays() {
    let server = Server::https(Certificate::Trusted);
    let mut terminal = Terminal::open();
    trust(&mut terminal, &server);
    let _ = terminal
        .login(&server.https_url(), sample::ADA_TOKEN)
        .well();
    terminal.unset_variable("SSL_CERT_FILE");
    let _ = terminal
        .run(&["list"])
        .with_code(6)
        .saying(&["certificate of localhost", "unknown issuer"]);
    let set = terminal.run(&["set", "Lunch", "--json"]).with_code(6);
    assert_eq!(set.error_code(), "certificate");
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(status["certainty"], "unknown");
    assert_eq!(server.writes(), [0_u64; 0]);
    trust(&mut terminal, &server);
    let _ = terminal.run(&["set", "Lunch"]).well();
}

#[test]
fn a_name_that_only_the_proxy_knows_is_reached_through_it() {
    let server = Server::https(Certificate::Trusted);
    let proxy = proxy(&format!("{HOST}:443"), &server);
    let mut terminal = Terminal::open();
    trust(&mut terminal, &server);
    let url = format!("https://{HOST}");
    let done = terminal.login_json(&url, sample::ADA_TOKEN).with_code(6);
    assert_eq!(done.error_code(), "unreachable");
    assert_eq!(proxy.connects(), 0);

    terminal.set_variable("HTTPS_PROXY", proxy.url());
    let login = terminal.login(&url, sample::ADA_TOKEN).well();
    assert!(login.out.contains(HOST), "{login:#?}");
    let accounts = terminal.run(&["accounts", "--json"]).well().json();
    assert_eq!(
        (&accounts[0]["account"], &accounts[0]["url"]),
        (&json!("example"), &json!(url))
    );
    let _ = terminal.run(&["set", "Lunch"]).well();
    assert_eq!(server.current(), sample::LUNCH);
    let targets = proxy.targets();
    assert!(
        !targets.is_empty()
            && targets
                .iter()
                .all(|target| *target == format!("{HOST}:443")),
        "{targets:?}"
    );
}

#[test]
fn a_proxy_sees_no_plain_request_to_this_computer() {
    let server = Server::http();
    let proxy = proxy(&format!("{HOST}:443"), &server);
    let mut terminal = Terminal::open();
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        terminal.set_variable(name, proxy.url());
    }
    terminal.sign_in(&server);
    let _ = terminal.run(&["status"]).well();
    assert_eq!(proxy.targets(), [""; 0]);
}

#[test]
fn a_proxy_that_is_not_there_is_said_to_be_unreachable() {
    let server = Server::https(Certificate::Trusted);
    let mut terminal = Terminal::open();
    trust(&mut terminal, &server);
    let gone = proxy(&format!("{HOST}:443"), &server).url();
    terminal.set_variable("HTTPS_PROXY", gone);
    let url = format!("https://{HOST}");
    let _ = terminal
        .login(&url, sample::ADA_TOKEN)
        .with_code(6)
        .saying(&["nothing answers"]);
}
