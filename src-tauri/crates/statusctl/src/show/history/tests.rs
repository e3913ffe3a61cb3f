use domain::{StatusId, StatusKind};
use insta::assert_snapshot;

use super::*;

fn stretch(from: &str, until: &str, status: NamedStatus, changed_by: ChangedBy) -> Stretch {
    Stretch {
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
        status,
        confirmed: true,
        changed_by,
        reason: None,
    }
}

fn status(id: &str, name: &str, kind: StatusKind) -> NamedStatus {
    NamedStatus {
        id: StatusId::new(id),
        name: name.to_owned(),
        kind,
        custom: name != kind.words(),
    }
}

/// Two days: a night, a lunch, an idle timeout, a gap, a look, and what nobody confirms.
fn history() -> History {
    let online = || status("3", "Online", StatusKind::Online);
    let away = || status("4", "Away", StatusKind::Away);
    let lunch = status("201", "Lunch", StatusKind::Away);
    let offline = status("2", "Offline", StatusKind::Offline);
    let mut history = History::default();
    for stretch in [
        stretch(
            "2026-11-23T17:00:00Z",
            "2026-11-24T08:00:00Z",
            offline,
            ChangedBy::Unknown,
        ),
        stretch(
            "2026-11-24T08:00:00Z",
            "2026-11-24T11:00:20Z",
            online(),
            ChangedBy::You,
        ),
        stretch(
            "2026-11-24T11:00:20Z",
            "2026-11-24T11:45:00Z",
            lunch,
            ChangedBy::You,
        ),
        Stretch {
            reason: Some("AGENT_IDLE_TIMEOUT".to_owned()),
            ..stretch(
                "2026-11-24T11:45:00Z",
                "2026-11-24T11:50:00Z",
                away(),
                ChangedBy::Other,
            )
        },
        Stretch {
            reason: Some("AGENT_STATUS_SWITCHER".to_owned()),
            ..stretch(
                "2026-11-24T12:30:00Z",
                "2026-11-24T12:30:40Z",
                online(),
                ChangedBy::Unknown,
            )
        },
        stretch(
            "2026-11-24T12:31:00Z",
            "2026-11-24T12:31:00Z",
            away(),
            ChangedBy::You,
        ),
        Stretch {
            confirmed: false,
            ..stretch(
                "2026-11-24T13:00:00Z",
                "2026-11-24T14:05:00Z",
                online(),
                ChangedBy::You,
            )
        },
    ] {
        history.add(stretch);
    }
    history
}

fn berlin() -> Zoned {
    "2026-11-24T15:30:00+01:00[Europe/Berlin]".parse().unwrap()
}

fn told<'a>(account: &'a AccountId, history: &'a History) -> Told<'a> {
    Told {
        account,
        since: "2026-11-23T15:00:00Z".parse().unwrap(),
        history,
    }
}

#[test]
fn people_read_days_with_gaps_and_totals() {
    let (account, history) = (AccountId("acme".to_owned()), history());
    let text = told(&account, &history).text(HelpDeskName::Zendesk, &berlin(), Paint(false));
    assert_snapshot!(text);
}

#[test]
fn where_nothing_is_known_that_is_said() {
    let (account, history) = (AccountId("acme".to_owned()), History::default());
    let told = told(&account, &history);
    let text = told.text(HelpDeskName::Zendesk, &berlin(), Paint(false));
    assert_eq!(text, "Nothing is known since 23 Nov 2026 16:00.");
    assert_eq!(told.csv(berlin().time_zone()).lines().count(), 1);
}

#[test]
fn spreadsheets_read_a_line_per_stretch() {
    let (account, history) = (AccountId("acme".to_owned()), history());
    assert_snapshot!(told(&account, &history).csv(berlin().time_zone()));
}

#[test]
fn scripts_read_stretches_and_totals_by_day() {
    let (account, mut history) = (AccountId("acme".to_owned()), history());
    history.stretches.truncate(3);
    let json = told(&account, &history).json(berlin().time_zone());
    assert_snapshot!(serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn no_text_of_the_help_desk_becomes_a_formula_or_another_field() {
    for (text, field) in [
        ("Lunch", "Lunch"),
        ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
        ("  =1+1", "\"'=1+1\""),
        ("@SUM(A1)", "\"'@SUM(A1)\""),
        ("+49", "\"'+49\""),
        ("-", "\"'-\""),
        ("\u{ff1d}1", "\"'\u{ff1d}1\""),
        ("\t=1", "\"'=1\""),
        ("a,b;c", "\"a,b;c\""),
        ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("two\nlines\r\n=1", "two lines =1"),
        ("\u{202e}hcnuL", "hcnuL"),
        ("", ""),
    ] {
        assert_eq!(cell(text), field, "{text:?}");
    }
}
