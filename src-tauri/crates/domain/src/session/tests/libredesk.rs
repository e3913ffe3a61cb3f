//! Libredesk: pushes, presence and idleness, against a small server of its kind.

mod holding;
mod idle;
mod office;
mod rhythm;

use std::time::Duration;

use self::office::*;
use crate::*;

#[test]
fn a_change_that_the_help_desk_tells_is_confirmed_at_once() {
    let mut office = Office::open(AWAY, Agreed::default());
    office.after(8);
    office.asked();
    office.set_elsewhere(ONLINE);
    let view = office.view();
    assert_eq!(
        (view.headline.as_str(), view.certainty),
        ("Online", Certainty::Confirmed)
    );
    assert_eq!(view.changed_by, Some(ChangedBy::Other));
    assert_eq!(view.since, Some(office.now.wall));
    assert_eq!(office.offers(), ["Away -> Online, back to Away"]);
    assert!(office.asked().is_empty(), "nothing had to be asked");
}

#[test]
fn what_is_told_just_after_a_read_may_be_older_and_is_read_first() {
    let mut office = Office::open(AWAY, Agreed::default());
    office.after(3);
    office.asked();
    office.set_elsewhere(ONLINE);
    assert_eq!(office.asked(), ["read"]);
    assert_eq!(office.headline(), "Online");
    assert_eq!(office.offers(), ["Away -> Online, back to Away"]);
}

#[test]
fn where_there_is_no_websocket_the_status_is_read_every_ninety_seconds_and_that_is_said() {
    let mut office = Office::held(ONLINE);
    office.refuses = Some(Closed::NotOffered("HTTP status 404".to_owned()));
    office.drop_socket();
    office.after(120);
    office.asked();
    office.after(900);
    let asked = office.asked();
    let reads = asked.iter().filter(|it| *it == "read").count();
    assert!((9..=11).contains(&reads), "{asked:?}");
    assert!(
        asked.iter().filter(|it| *it == "listen").count() <= 2,
        "{asked:?}"
    );
    let view = office.view();
    let Has::No(why) = view.presence.unwrap().tells_at_once else {
        panic!("it is missing");
    };
    assert!(
        why.contains("HTTP status 404") && why.contains("90 seconds"),
        "{why}"
    );
}

#[test]
fn a_kick_is_followed_by_a_read() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    // An admin's edit is told to nobody; the way is closed in its place.
    office.set(AWAY);
    office.is_open = false;
    office.asked();
    office.happens(Input::Heard(Heard::Closed(Closed::Kicked)));
    assert_eq!(office.asked(), ["read"]);
    assert_eq!(office.headline(), "Away");
    office.after(5);
    assert!(office.is_open, "and opened again");
}

#[test]
fn a_word_that_may_be_older_than_a_write_is_checked_and_not_believed() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    office.click(AWAY);
    office.offers();
    office.asked();
    let older = Heard::Status(StatusId::new(ONLINE));
    office.happens(Input::Heard(older));
    assert_eq!(office.headline(), "Away");
    assert_eq!(office.asked(), ["read"]);
    assert!(office.offers().is_empty());
}

#[test]
fn every_status_says_what_it_means_for_work() {
    let mut said = Vec::new();
    for status in [
        "online",
        "away_manual",
        "away_and_reassigning",
        "away",
        "offline",
    ] {
        let mut office = Office::open(status, Agreed::default());
        office.after(5);
        let view = office.view();
        let zone = jiff::tz::TimeZone::UTC;
        let tip = tooltip(
            &View {
                accounts: vec![view.clone()],
                hints: Vec::new(),
            },
            &zone,
        );
        said.push(format!("{tip}\n  {}", view.note.unwrap_or_default()));
    }
    let mut held = Office::held(ONLINE);
    held.after(5);
    said.push(format!("held\n  {}", held.view().note.unwrap()));
    held.refuses = Some(Closed::NotOffered("HTTP status 404".to_owned()));
    held.drop_socket();
    held.after(5);
    let note = held.view().note.unwrap();
    said.push(format!("held without a websocket\n  {note}"));
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_word_during_the_read_for_a_doubted_write_does_not_strand_the_click() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(30);
    let fx = office.click_unanswered(AWAY);
    assert!(fx.iter().any(|e| matches!(e, Effect::Push { .. })));
    // Applied, but the answer is lost.
    office.status = AWAY.to_owned();
    office.only(Input::Pushed(Err(DeskError::TimedOut)));
    office.pass(Duration::from_millis(600));
    let fx = office.only(Input::Timeout);
    assert!(
        fx.iter().any(|e| matches!(e, Effect::Fetch { .. })),
        "{fx:?}"
    );
    // The server's own word about that write comes while the read is under way.
    office.only(Input::Heard(Heard::Status(StatusId::new(AWAY))));
    let answer = office.reading();
    office.happens(Input::Fetched(answer));
    office.after(5);
    assert_eq!(office.outcomes, [Ok(())], "{}", office.headline());
}
