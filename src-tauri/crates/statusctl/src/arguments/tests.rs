use clap::CommandFactory;
use clap::error::ErrorKind;

use super::*;

fn parse(line: &str) -> Result<Arguments, ErrorKind> {
    Arguments::try_parse_from(line.split(' ')).map_err(|error| error.kind())
}

#[test]
fn the_arguments_fit_together() {
    Arguments::command().debug_assert();
}

#[test]
fn account_and_json_may_stand_anywhere() {
    for line in [
        "statusctl --json --account acme set Lunch",
        "statusctl set Lunch --json --account acme",
    ] {
        let arguments = parse(line).unwrap();
        assert!(arguments.json);
        assert_eq!(arguments.account.as_deref(), Some("acme"));
        assert!(
            matches!(arguments.command, Command::Set { status, after_call: false, minutes: None, until: None } if status == "Lunch")
        );
    }
}

#[test]
fn a_status_has_one_end_at_most() {
    for wrong in [
        "--for 30m --until 14:00",
        "--for 30m --after-call",
        "--until 14:00 --after-call",
    ] {
        let set = parse(&format!("statusctl set Lunch {wrong}"));
        assert_eq!(set.unwrap_err(), ErrorKind::ArgumentConflict, "{wrong}");
    }
    assert!(parse("statusctl set Lunch --until 14:00").is_ok());
}

#[test]
fn signing_in_needs_one_address_and_takes_one_way() {
    let login = |rest: &str| parse(&format!("statusctl login zendesk {rest}")).map(drop);
    for right in [
        "--subdomain acme --access-token-stdin",
        "--url https://acme.zendesk.com/agent --access-token-stdin",
        "--subdomain acme --email ada@example.com --api-token-stdin",
        "--subdomain acme --client-id statuslight",
        "--subdomain acme --client-id statuslight --no-browser",
    ] {
        assert_eq!(login(right), Ok(()), "{right}");
    }
    for (wrong, kind) in [
        ("--access-token-stdin", ErrorKind::MissingRequiredArgument),
        (
            "--subdomain acme --no-browser",
            ErrorKind::MissingRequiredArgument,
        ),
        (
            "--subdomain acme --client-id statuslight --access-token-stdin",
            ErrorKind::ArgumentConflict,
        ),
        (
            "--subdomain acme --api-token-stdin",
            ErrorKind::MissingRequiredArgument,
        ),
        (
            "--subdomain acme --access-token-stdin --email a@b.c",
            ErrorKind::ArgumentConflict,
        ),
        (
            "--subdomain acme --email a@b.c",
            ErrorKind::MissingRequiredArgument,
        ),
        (
            "--subdomain acme --url https://a.zendesk.com --access-token-stdin",
            ErrorKind::ArgumentConflict,
        ),
        (
            "--subdomain acme --access-token-stdin --no-browser",
            ErrorKind::ArgumentConflict,
        ),
        (
            "--subdomain acme --email a@b.c --api-token-stdin --no-browser",
            ErrorKind::ArgumentConflict,
        ),
        (
            "--subdomain acme --email a@b.c --api-token-stdin --access-token-stdin",
            ErrorKind::ArgumentConflict,
        ),
        (
            "--url http://acme.zendesk.com --access-token-stdin",
            ErrorKind::ValueValidation,
        ),
        (
            "--subdomain acme --access-token s3cret",
            ErrorKind::UnknownArgument,
        ),
    ] {
        assert_eq!(login(wrong), Err(kind), "{wrong}");
    }
}

#[test]
fn a_secret_in_the_arguments_is_not_repeated() {
    for rest in [
        "--subdomain acme --access-token s3cret",
        "--subdomain acme --access-token=s3cret",
        "--subdomain acme --access-token-stdin=s3cret",
        "--subdomain acme --access-token-stdin s3cret",
        "--subdomain acme --access-token-stdin -s3cret",
        "--url https://ada:s3cret@acme.zendesk.com --access-token-stdin",
    ] {
        let line = format!("statusctl login zendesk {rest}");
        let error = Arguments::read(line.split(' ').map(OsString::from)).unwrap_err();
        let text = error.render().to_string();
        assert!(!text.contains("s3cret"), "{text}");
        assert!(text.contains("Usage") || text.contains("--help"), "{text}");
    }
}

#[test]
fn a_bad_address_is_explained_all_the_same() {
    let line = "statusctl login zendesk --url http://acme.zendesk.com --access-token-stdin";
    let error = Arguments::read(line.split(' ').map(OsString::from)).unwrap_err();
    let text = error.render().to_string();
    assert!(
        text.contains("'--url <URL>': only https addresses can be used"),
        "{text}"
    );
}

#[test]
fn a_channel_may_name_the_state_it_is_to_be_in() {
    let of = |line: &str| match parse(line).unwrap().command {
        Command::Team(team) => team.channel.map(|channel| (channel.name, channel.state)),
        other => panic!("{other:?}"),
    };
    assert_eq!(of("statusctl team"), None);
    let talk = Some(("talk".to_owned(), None));
    assert_eq!(of("statusctl team --channel Talk"), talk);
    let transfers = Some(("talk".to_owned(), Some("transfers_only".to_owned())));
    assert_eq!(
        of("statusctl team --channel talk:Transfers-Only"),
        transfers
    );
    for wrong in ["--channel :", "--channel talk:", "--group 7 set Ben Lunch"] {
        assert!(
            parse(&format!("statusctl team {wrong}")).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn calls_ring_in_one_of_two_places() {
    for (typed, meant) in [("client", Via::Client), ("Phone", Via::Phone)] {
        let arguments = parse(&format!("statusctl via {typed}")).unwrap();
        assert!(matches!(arguments.command, Command::Via { via } if via == meant));
    }
    assert_eq!(
        parse("statusctl via fax").unwrap_err(),
        ErrorKind::ValueValidation
    );
}

#[test]
fn signing_out_names_the_account() {
    assert!(parse("statusctl logout acme").is_ok());
    assert_eq!(
        parse("statusctl logout").unwrap_err(),
        ErrorKind::MissingRequiredArgument
    );
}
