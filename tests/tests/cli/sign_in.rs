//! Ways to sign in, accounts beside each other, and commands that were called wrongly.

use serde_json::{Value, json};
use simulator::sample;
use system_tests::command_line::{Server, Terminal};

fn authorizations(server: &Server) -> Vec<String> {
    let requests = server.zendesk.requests();
    let sent = requests
        .iter()
        .filter_map(|request| request.header("authorization"));
    sent.map(str::to_owned).collect()
}

#[test]
fn an_api_token_goes_with_the_email_and_signs_every_request() {
    let server = Server::http();
    let terminal = Terminal::open();
    let url = server.url();
    let token = format!("{}\n", sample::API_TOKEN);
    let _ = terminal
        .login_by_email(&url, sample::ADA_EMAIL, &token)
        .well();
    let status = terminal.run(&["status", "--json"]).well().json();
    assert_eq!(
        status["agent"],
        json!({"id": "10011", "name": "Ada Example"})
    );
    let _ = terminal.run(&["set", "Lunch"]).well();
    assert_eq!(server.current(), sample::LUNCH);
    let sent = authorizations(&server);
    assert!(!sent.is_empty() && sent.iter().all(|value| value.starts_with("Basic ")));
}

#[test]
fn signing_in_again_with_another_token_keeps_one_account() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.revoke_token(sample::ADA_TOKEN);
    let signed_out = terminal.run(&["status", "--json"]).with_code(3);
    assert_eq!(signed_out.error_code(), "signed_out");

    server
        .zendesk
        .add_token("ada-second-token", sample::ADA, "read write");
    let _ = terminal.login(&server.url(), "ada-second-token").well();
    assert_eq!(
        terminal
            .run(&["accounts", "--json"])
            .well()
            .json()
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    let _ = terminal.run(&["set", "Lunch"]).well();
}

#[test]
fn an_account_that_is_signed_out_says_so_everywhere() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    server.zendesk.revoke_token(sample::ADA_TOKEN);
    let alone = terminal.run(&["set", "Lunch", "--json"]).with_code(3);
    assert_eq!(alone.error_code(), "signed_out");

    let _app = terminal.app();
    let _ = terminal.run(&["status"]).with_code(3).saying(&["sign in"]);
    for arguments in [
        &["status", "--json"][..],
        &["list", "--json"],
        &["set", "Lunch", "--json"],
        &["back", "--json"],
    ] {
        let done = terminal.run(arguments).with_code(3);
        assert_eq!(done.error_code(), "signed_out", "{arguments:?}");
    }
    let accounts = terminal.run(&["accounts", "--json"]).well().json();
    assert_eq!(accounts[0]["link"], "signed_out");
    assert_eq!(server.writes(), [0_u64; 0]);
}

#[test]
fn two_agents_of_one_help_desk_are_two_accounts() {
    let server = Server::http();
    let terminal = Terminal::signed_in(&server);
    let _ = terminal.login(&server.url(), sample::BEN_TOKEN).well();
    let accounts = terminal.run(&["accounts", "--json"]).well().json();
    let column = |name: &str| -> Vec<Value> {
        accounts
            .as_array()
            .into_iter()
            .flatten()
            .map(|account| account[name].clone())
            .collect()
    };
    assert_eq!(column("account"), ["local", "local-2"]);
    assert_eq!(column("default"), [true, false]);
    let agent = |arguments: &[&str]| {
        terminal.run(arguments).well().json()["agent"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        agent(&["status", "--json"]),
        "Ada Example",
        "the default one"
    );
    assert_eq!(
        agent(&["status", "--json", "--account", "LOCAL-2"]),
        "Ben Billing"
    );

    let _ = terminal
        .run(&["set", "Lunch", "--account", "local-2"])
        .well();
    assert_eq!(server.current(), sample::ONLINE, "Ada's status is her own");
    let ben = server
        .zendesk
        .current_status(sample::BEN)
        .expect("Ben is there");
    assert_eq!(ben.id, sample::LUNCH);

    let accounts = terminal.run(&["accounts", "--default", "Local-2", "--json"]);
    let accounts = accounts.well().json();
    assert_eq!(
        (&accounts[0]["account"], &accounts[0]["default"]),
        (&json!("local-2"), &json!(true))
    );
    assert_eq!(agent(&["status", "--json"]), "Ben Billing");
    let _ = terminal
        .run(&["accounts", "--default", "elsewhere"])
        .with_code(3);

    let unknown = terminal
        .run(&["status", "--account", "elsewhere"])
        .with_code(3);
    let _ = unknown.saying(&["elsewhere", "local, local-2"]);
    let _ = terminal.run(&["logout", "local-2"]).well();
    let left = terminal.run(&["accounts", "--json"]).well().json();
    assert_eq!(
        (&left[0]["account"], &left[0]["default"]),
        (&json!("local"), &json!(true))
    );
}

#[test]
fn without_an_account_every_command_points_to_signing_in() {
    let terminal = Terminal::open();
    for with_app in [false, true] {
        let _app = with_app.then(|| terminal.app());
        for arguments in [
            &["status", "--json"][..],
            &["list", "--json"],
            &["set", "Lunch", "--json"],
            &["back", "--json"],
            &["watch", "--json"],
            &["logout", "acme", "--json"],
        ] {
            let done = terminal.run(arguments).with_code(3);
            assert_eq!(done.error_code(), "no_such_account", "{arguments:?}");
        }
        let _ = terminal.run(&["status"]).with_code(3).saying(&["sign in"]);
    }
}

#[test]
fn a_command_that_is_called_wrongly_ends_with_two_and_changes_nothing() {
    let server = Server::http();
    let terminal = Terminal::open();
    let url = server.url();
    for arguments in [
        &[][..],
        &["dance"],
        &["set"],
        &["status", "--loud"],
        &["logout"],
        &["login", "zendesk"],
        &["login", "zendesk", "--access-token-stdin"],
        &["login", "zendesk", "--url", &url],
        &["login", "zendesk", "--url", &url, "--api-token-stdin"],
        &[
            "login",
            "zendesk",
            "--url",
            &url,
            "--subdomain",
            "acme",
            "--access-token-stdin",
        ],
        &[
            "login",
            "zendesk",
            "--url",
            "http://acme.example",
            "--access-token-stdin",
        ],
        &[
            "login",
            "zendesk",
            "--url",
            "https://ada:pass@acme.example",
            "--access-token-stdin",
        ],
        &[
            "login",
            "zendesk",
            "--subdomain",
            "not a subdomain",
            "--access-token-stdin",
        ],
    ] {
        let done = terminal.run_with(arguments, sample::ADA_TOKEN).with_code(2);
        assert!(
            !done.err.trim().is_empty(),
            "{arguments:?} says what is wrong"
        );
    }
    for nothing in ["", "\n", "   \n"] {
        let _ = terminal
            .login(&url, nothing)
            .with_code(2)
            .saying(&["standard input"]);
    }
    assert!(
        server.zendesk.requests().is_empty(),
        "the help desk was not asked"
    );
    assert!(!terminal.settings().exists());
}

#[test]
fn a_secret_in_the_arguments_is_refused_and_not_repeated() {
    let terminal = Terminal::open();
    let (token, login) = (
        sample::ADA_TOKEN,
        ["login", "zendesk", "--subdomain", "acme"],
    );
    for typed in [
        &["--access-token", token][..],
        &[&format!("--access-token={token}")],
        &["--access-token-stdin", token],
        &[&format!("--access-token-stdin={token}")],
        &[
            &format!("--api-token-stdin={token}"),
            "--email",
            sample::ADA_EMAIL,
        ],
    ] {
        // The terminal fails the test if the token is printed.
        let _ = terminal.run(&[&login, typed].concat()).with_code(2);
    }
}

#[test]
fn a_script_that_calls_wrongly_reads_the_error_as_an_object() {
    let terminal = Terminal::open();
    for arguments in [&["set", "--json"][..], &["--json", "dance"]] {
        let done = terminal.run(arguments).with_code(2);
        assert_eq!(done.error_code(), "usage", "{arguments:?}");
    }
}
