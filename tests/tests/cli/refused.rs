//! Signing in where something is wrong: a sentence that says what, the right exit code, and nothing kept.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use serde_json::json;
use simulator::{Fault, sample};
use system_tests::command_line::{Server, Terminal};

use crate::lacking::kept_secrets;

/// No account was added, no secret stored, and no file made that could hold one.
#[track_caller]
fn nothing_kept(terminal: &Terminal) {
    assert_eq!(
        terminal.run(&["accounts", "--json"]).well().json(),
        json!([])
    );
    assert_eq!(kept_secrets(terminal), 0, "the keyring has an entry");
    let remembered = fs::read_dir(
        terminal
            .session
            .home()
            .join(".local/share/statuslight/accounts"),
    );
    assert_eq!(
        remembered.map_or(0, Iterator::count),
        0,
        "something is remembered"
    );
}

#[test]
fn wrong_credentials_end_with_three() {
    let server = Server::http();
    let terminal = Terminal::open();
    let url = server.url();
    let _ = terminal.login(&url, "wrong-token").with_code(3).saying(&[
        "Zendesk",
        "did not accept",
        "not signed in",
    ]);
    nothing_kept(&terminal);
    let _ = terminal
        .login_by_email(&url, sample::ADA_EMAIL, "wrong-token")
        .with_code(3)
        .saying(&["anonymous", "token"]);
    nothing_kept(&terminal);
    let _ = terminal
        .login_by_email(&url, "nobody@example.test", sample::API_TOKEN)
        .with_code(3)
        .saying(&["e-mail"]);
    nothing_kept(&terminal);
    let done = terminal.login_json(&url, "wrong-token").with_code(3);
    assert_eq!(done.error_code(), "signed_out");
}

#[test]
fn people_without_a_status_end_with_five() {
    let server = Server::http();
    let terminal = Terminal::open();
    let end_user = terminal
        .login(&server.url(), sample::ERIN_TOKEN)
        .with_code(5);
    let _ = end_user.saying(&["role", "end-user", "agent"]);
    nothing_kept(&terminal);
    let _ = terminal
        .login(&server.url(), sample::LIAM_TOKEN)
        .with_code(5)
        .saying(&["Zendesk", "role"]);
    nothing_kept(&terminal);
}

#[test]
fn a_locked_company_ends_with_five() {
    let server = Server::http();
    let terminal = Terminal::open();
    server.zendesk.fault(Fault::status(423));
    let _ = terminal
        .login(&server.url(), sample::ADA_TOKEN)
        .with_code(5)
        .saying(&["locked", "admin"]);
    nothing_kept(&terminal);
}

#[test]
fn an_address_without_a_zendesk_ends_with_six() {
    let server = Server::http();
    let terminal = Terminal::open();
    let url = server.url();
    server.zendesk.set_exists(false);
    let _ = terminal
        .login(&url, sample::ADA_TOKEN)
        .with_code(6)
        .saying(&["no Zendesk", "subdomain"]);
    nothing_kept(&terminal);
    server.zendesk.set_exists(true);
    let redirect = Fault::Redirect {
        to: "https://elsewhere.example/login?token=x".to_owned(),
    };
    for (fault, words) in [
        (Fault::Html, &["is not Zendesk", "web page"][..]),
        (Fault::NotJson, &["is not Zendesk", "JSON"]),
        (Fault::CutJson, &["is not Zendesk", "cut off"]),
        (Fault::HugeBody, &["too large"]),
        (
            redirect,
            &["elsewhere.example", "credentials were not sent"],
        ),
    ] {
        server.zendesk.fault(fault.clone());
        let done = terminal
            .login(&url, sample::ADA_TOKEN)
            .with_code(6)
            .saying(words);
        assert!(!done.err.contains("token=x"), "{done:#?}");
        server.zendesk.clear_faults();
        nothing_kept(&terminal);
    }
    server.zendesk.fault(Fault::Html);
    let done = terminal.login_json(&url, sample::ADA_TOKEN).with_code(6);
    assert_eq!(done.error_code(), "not_this_help_desk");
}

#[test]
fn credentials_do_not_follow_a_redirect() {
    let (server, other) = (Server::http(), Server::http());
    let terminal = Terminal::open();
    server.zendesk.fault(Fault::Redirect {
        to: format!("{}/api/v2/users/me", other.url()),
    });
    let _ = terminal
        .login(&server.url(), sample::ADA_TOKEN)
        .with_code(6)
        .saying(&["127.0.0.1"]);
    assert!(
        other.zendesk.requests().is_empty(),
        "the other host was asked"
    );
    nothing_kept(&terminal);
}

#[test]
fn a_server_of_another_kind_ends_with_six() {
    let terminal = Terminal::open();
    for answer in [
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\nConnection: close\r\n\r\nNot Found",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>",
        "220 mail.example.test ESMTP\r\n",
    ] {
        let url = serve(answer);
        let _ = terminal
            .login(&url, sample::ADA_TOKEN)
            .with_code(6)
            .saying(&["Zendesk"]);
        nothing_kept(&terminal);
    }
}

/// Answers everything with the same bytes until the test process ends.
fn serve(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Whoever asks may leave at any moment.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn a_zendesk_that_fails_ends_with_six() {
    let server = Server::http();
    let terminal = Terminal::open();
    let url = server.url();
    for (fault, words) in [
        (Fault::status(500), &["Zendesk failed", "500"][..]),
        (Fault::status(503), &["Zendesk failed", "503"]),
        (Fault::Reset, &["connection", "reset"]),
        (Fault::TruncatedBody, &["connection"]),
    ] {
        server.zendesk.fault(fault.clone());
        let _ = terminal
            .login(&url, sample::ADA_TOKEN)
            .with_code(6)
            .saying(words);
        server.zendesk.clear_faults();
        nothing_kept(&terminal);
    }
    drop(server);
    let _ = terminal
        .login(&url, sample::ADA_TOKEN)
        .with_code(6)
        .saying(&["nothing answers", "refused"]);
    nothing_kept(&terminal);
}

#[test]
fn a_zendesk_that_never_answers_ends_with_six_in_time() {
    let server = Server::http();
    let terminal = Terminal::open();
    server.zendesk.fault(Fault::Hang);
    let done = terminal
        .login(&server.url(), sample::ADA_TOKEN)
        .with_code(6);
    assert!(done.took < Duration::from_secs(20), "{done:#?}");
    let _ = done.saying(&["no answer in time"]);
    server.zendesk.clear_faults();
    nothing_kept(&terminal);
}

#[test]
fn a_used_up_request_limit_ends_with_six_and_the_wait() {
    let server = Server::http();
    let terminal = Terminal::open();
    server.zendesk.fault(Fault::Status {
        code: 429,
        retry_after: Some(42),
    });
    let url = server.url();
    let done = terminal.login_json(&url, sample::ADA_TOKEN).with_code(6);
    assert_eq!(done.error_code(), "rate_limited");
    assert_eq!(done.json()["error"]["retry_after_s"], 42);
    nothing_kept(&terminal);
}

#[test]
fn a_failed_sign_in_leaves_who_is_signed_in_alone() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let before = fs::read(terminal.settings()).expect("they are there");
    for (fault, token, code) in [
        (None, "wrong-token", 3),
        (None, sample::ERIN_TOKEN, 5),
        (Some(Fault::Html), sample::ADA_TOKEN, 6),
    ] {
        if let Some(fault) = fault {
            server.zendesk.fault(fault);
        }
        let _ = terminal.login(&server.url(), token).with_code(code);
        server.zendesk.clear_faults();
    }
    assert_eq!(
        fs::read(terminal.settings()).expect("they are there"),
        before
    );
    let _ = terminal.run(&["set", "Lunch"]).well();
}
