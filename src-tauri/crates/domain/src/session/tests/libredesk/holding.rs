//! Online as long as Statuslight runs, for who asked for it.

use std::time::Duration;

use super::office::*;
use crate::*;

#[test]
fn who_does_not_ask_to_be_kept_online_is_swept_told_and_put_back() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(420);
    assert_eq!(office.headline(), "Offline");
    assert!(!office.asked().contains(&"ping".to_owned()));
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
    let offer = office.view().offer.unwrap();
    assert!(
        offer.reason_in_words.contains("browser tab"),
        "{}",
        offer.reason_in_words
    );
    office.tickets += 1;
    office.happens(Input::PutBack {
        ticket: Ticket(office.tickets),
        status: None,
    });
    assert_eq!(office.headline(), "Online");
    assert_eq!(office.outcomes, [Ok(())]);
}

#[test]
fn online_is_held_for_an_hour_while_the_way_breaks_every_few_minutes() {
    let mut office = Office::held(ONLINE);
    for (minutes, seconds) in (0..30).zip([20, 170, 60, 240, 5, 110].into_iter().cycle()) {
        office.after(seconds);
        office.drop_socket();
        if minutes % 7 == 3 {
            // So does the network, for longer than the server waits.
            office.network = false;
            office.after(400);
            office.network = true;
            office.happens(Input::NetworkChanged);
            office.after(20);
        }
    }
    office.after(120);
    assert_eq!(office.status, ONLINE);
    assert!(
        office.worst_offline < Duration::from_secs(140),
        "{:?}",
        office.worst_offline
    );
    assert_eq!(office.headline(), "Online");
    let writes = office
        .asked()
        .into_iter()
        .filter(|it| it.starts_with("write"));
    assert_eq!(writes.count(), 0, "holding writes nothing");
}

#[test]
fn after_eight_hours_of_sleep_offline_is_told_and_nothing_pings_before_the_click() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.asked();
    office.sleep(8 * 3600);
    office.after(120);
    assert_eq!(office.headline(), "Offline");
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
    assert!(
        !office.asked().contains(&"ping".to_owned()),
        "no ping before the click"
    );
    office.click(ONLINE);
    office.after(400);
    assert_eq!(
        (office.headline().as_str(), office.status.as_str()),
        ("Online", ONLINE)
    );
    assert!(
        office.asked().contains(&"ping".to_owned()),
        "held from the click on"
    );
}

#[test]
fn nothing_pings_behind_a_locked_screen() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.happens(Input::Locked);
    office.asked();
    office.after(200);
    assert!(!office.asked().contains(&"ping".to_owned()));
    office.happens(Input::Unlocked);
    office.after(10);
    // A short absence: read first, then held on.
    let asked = office.asked();
    let read = asked.iter().position(|it| it == "read");
    let ping = asked.iter().position(|it| it == "ping");
    assert!(read.is_some() && read < ping, "{asked:?}");
    office.happens(Input::Locked);
    office.after(500);
    assert_eq!(office.status, OFFLINE);
    office.happens(Input::Unlocked);
    office.asked();
    office.after(200);
    assert_eq!(office.status, OFFLINE, "a long one is the agent's to undo");
    assert!(!office.asked().contains(&"ping".to_owned()));
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
}

#[test]
fn whoever_else_ends_online_ends_the_holding() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.set_elsewhere(OFFLINE);
    office.asked();
    office.after(600);
    assert_eq!(office.status, OFFLINE, "a supervisor's Offline stays");
    assert!(!office.asked().contains(&"ping".to_owned()));
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.click(AWAY);
    office.asked();
    office.after(600);
    assert!(!office.asked().contains(&"ping".to_owned()));
    assert_eq!(office.status, AWAY);
}

#[test]
fn the_sweep_in_a_gap_of_the_network_is_undone_without_a_word() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.swept_in_a_gap();
    office.happens(Input::NetworkChanged);
    office.after(15);
    assert_eq!(
        (office.headline().as_str(), office.status.as_str()),
        ("Online", ONLINE)
    );
    assert_eq!(office.view().changed_by, Some(ChangedBy::You));
    assert_eq!(office.view().offer, None);
}

#[test]
fn a_server_that_tells_no_changes_is_read_before_each_ping() {
    let mut office = Office::held(ONLINE);
    office.tells_changes = false;
    office.drop_socket();
    office.after(60);
    office.asked();
    office.after(600);
    let asked = office.asked();
    for (at, what) in asked.iter().enumerate() {
        assert!(what != "ping" || asked[at - 1] == "read", "{asked:?}");
    }
    assert!(
        asked.iter().filter(|it| *it == "ping").count() >= 5,
        "{asked:?}"
    );
    assert_eq!(office.status, ONLINE);
    assert!(matches!(
        office.view().presence.unwrap().tells_at_once,
        Has::No(_)
    ));
}

#[test]
fn keep_is_kept() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.refuses = Some(Closed::NotOffered("HTTP status 502".to_owned()));
    office.drop_socket();
    office.after(600);
    assert_eq!(office.status, OFFLINE);
    let offer = office.view().offer.expect("told");
    office.happens(Input::Keep { at: offer.at });
    office.asked();
    office.refuses = None;
    office.after(1200);
    assert!(
        !office.asked().contains(&"ping".to_owned()),
        "pinged back after Keep"
    );
    assert_eq!(office.status, OFFLINE);
}

#[test]
fn a_timed_online_outlives_a_sweep_that_is_undone() {
    let mut office = Office::held(AWAY);
    office.after(60);
    office.click_for_an_hour(ONLINE);
    office.after(60);
    assert!(office.view().timed.is_some());
    office.swept_in_a_gap();
    office.happens(Input::NetworkChanged);
    office.after(30);
    assert_eq!(office.headline(), "Online");
    assert!(
        office.view().timed.is_some(),
        "the end of the timed Online is lost"
    );
}

#[test]
fn a_long_lock_with_a_tab_open_does_not_weaken_the_hold_for_good() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.happens(Input::Locked);
    for _ in 0..10 {
        office.after(50);
        office.seen = Some(office.now.since_boot);
    }
    office.happens(Input::Unlocked);
    office.after(3600);
    assert_eq!(office.headline(), "Online");
    office.swept_in_a_gap();
    office.happens(Input::NetworkChanged);
    office.after(30);
    assert_eq!(office.headline(), "Online");
}

#[test]
fn offline_told_just_after_a_ping_is_checked() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.asked();
    // The supervisor's Offline and our ping cross.
    office.until_ping();
    // server: offline was set just before the ping, which flipped it; the word comes after the ping.
    office.status = ONLINE.to_owned();
    office.happens(Input::Heard(Heard::Status(StatusId::new(OFFLINE))));
    office.after(10);
    assert_ne!(
        office.headline(),
        "Offline",
        "the light says Offline, confirmed, while the server has Online"
    );
}

#[test]
fn a_restored_online_read_late_is_no_forced_change() {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.swept_in_a_gap();
    office.offers();
    // Reads are answered, then the one after the ping is slow.
    office.asked();
    office.happens(Input::NetworkChanged);
    office.until_ping();
    office.network = false;
    office.after(12);
    office.network = true;
    office.after(30);
    assert_eq!(office.headline(), "Online");
    let offers = office.offers();
    assert!(offers.is_empty(), "{offers:?}");
    assert_eq!(office.view().changed_by, Some(ChangedBy::You));
}

#[test]
fn an_offline_right_after_the_start_is_not_the_sweeps() {
    let mut office = Office::held(ONLINE);
    // Restart with the websocket late by two seconds.
    office.refuses = Some(Closed::Broken("reset".to_owned()));
    let mut office = {
        let now = office.now;
        office.session = Session::new(
            HelpDeskName::Libredesk,
            Duration::from_secs(30),
            Remembered::default(),
        )
        .agreeing(Agreed {
            keep_online: true,
            ..Agreed::default()
        });
        office.is_open = false;
        office.now = now;
        office.asked();
        office.seen = Some(now.since_boot);
        office.happens(Input::Timeout);
        office
    };
    assert_eq!(office.headline(), "Online");
    office.refuses = None;
    office.set(OFFLINE);
    office.after(10);
    assert_eq!(
        office.status, OFFLINE,
        "a supervisor's, seconds after the start: nobody can know of five minutes without presence"
    );
}
