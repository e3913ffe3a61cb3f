//! When presence is given, what is looked at again, and how often a way that fails is tried.

use std::time::Duration;

use super::office::*;
use crate::*;

fn count(asked: &[String], what: &str) -> usize {
    asked.iter().filter(|asked| *asked == what).count()
}

/// Online, held; just now presence was given, and the last word of the help desk is older.
fn just_pinged() -> Office {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.asked();
    let mut since_read_s = 0;
    loop {
        office.after(1);
        let asked = office.asked();
        since_read_s = match count(&asked, "read") {
            0 => since_read_s + 1,
            _ => 0,
        };
        if count(&asked, "ping") > 0 && since_read_s > 5 {
            return office;
        }
    }
}

#[test]
fn presence_is_given_every_half_minute() {
    let mut office = just_pinged();
    office.after(600);
    assert_eq!(count(&office.asked(), "ping"), 20);
}

#[test]
fn a_rule_that_is_agreed_to_meanwhile_holds_from_then_on() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(60);
    office.happens(Input::Agreed(Agreed {
        keep_online: true,
        ..Agreed::default()
    }));
    office.after(60);
    assert!(count(&office.asked(), "ping") > 0);
}

/// Swept in a gap of the network, which is over now, but presence does not help.
fn swept_for_good() -> Office {
    let mut office = Office::held(ONLINE);
    office.after(60);
    office.swept_in_a_gap();
    office.heeds_pings = false;
    office.asked();
    office.happens(Input::NetworkChanged);
    assert_eq!(count(&office.asked, "ping"), 1, "{:?}", office.asked);
    office
}

#[test]
fn an_offline_that_presence_does_not_end_is_told_after_ten_seconds() {
    let mut office = swept_for_good();
    office.after(9);
    assert_eq!(office.offers(), Vec::<String>::new());
    office.after(3);
    assert_eq!(office.offers(), ["Online -> Offline, back to Online"]);
}

#[test]
fn while_presence_may_take_effect_it_is_looked_at_every_two_seconds() {
    let mut office = swept_for_good();
    // One for the network that is back, one for the way that opened: none before presence can have taken effect.
    assert_eq!(count(&office.asked(), "read"), 2);
    office.after(9);
    let reads = count(&office.asked(), "read");
    assert!((4..=6).contains(&reads), "{reads}");
}

#[test]
fn a_word_that_cannot_have_crossed_presence_is_not_checked() {
    let mut office = just_pinged();
    office.after(15);
    office.asked();
    office.set_elsewhere(OFFLINE);
    office.after(5);
    assert_eq!(count(&office.asked(), "read"), 0, "it is long ago");

    let mut office = just_pinged();
    office.set_elsewhere(AWAY);
    office.after(5);
    assert_eq!(count(&office.asked(), "read"), 0, "presence ends no Away");
}

#[test]
fn a_word_that_may_have_crossed_presence_is_checked_and_confirms_nothing_before() {
    let mut office = just_pinged();
    let word = Input::Heard(Heard::Status(StatusId::new(OFFLINE)));
    let effects = office.only(word);
    assert!(effects.contains(&Effect::Fetch {
        known: Some(ReadPath::Own)
    }));
    assert_ne!(office.headline(), "Offline");
}

#[test]
fn a_computer_that_wakes_with_nobody_there_stays_idle() {
    let mut office = Office::idling(ONLINE);
    office.happens(Input::Idle);
    office.asked();
    office.sleep(30);
    office.after(10);
    assert_eq!(office.status, IDLE);
}

#[test]
fn a_way_that_lived_is_opened_again_at_once_however_often_it_breaks() {
    let mut office = Office::open(ONLINE, Agreed::default());
    for _ in 0..10 {
        office.after(120);
        office.drop_socket();
        office.asked();
        office.after(2);
        assert_eq!(count(&office.asked(), "listen"), 1);
    }
}

#[test]
fn a_way_that_breaks_at_once_is_opened_more_and_more_slowly() {
    let mut office = Office::open(ONLINE, Agreed::default());
    for _ in 0..8 {
        while !office.is_open {
            office.after(1);
        }
        office.drop_socket();
    }
    office.asked();
    office.after(30);
    assert_eq!(count(&office.asked(), "listen"), 0);
    office.after(40);
    assert_eq!(count(&office.asked(), "listen"), 1);
}

#[test]
fn a_way_that_fails_five_times_in_a_row_is_said_to_be_missing() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.after(120);
    office.refuses = Some(Closed::Failed(DeskError::TimedOut));
    office.drop_socket();
    let tells = |office: &Office| office.view().presence.unwrap().tells_at_once;
    // One second after it broke, then after 2, 4 and 8.
    office.after(14);
    assert_eq!(count(&office.asked(), "listen"), 4);
    assert!(matches!(tells(&office), Has::NotKnown(_)));
    office.after(16);
    assert!(matches!(tells(&office), Has::No(_)));
}

#[test]
fn a_word_that_comes_before_the_first_read_confirms_nothing() {
    let mut office = Office::open(ONLINE, Agreed::default());
    office.session = Session::new(
        HelpDeskName::Libredesk,
        Duration::from_secs(30),
        Remembered::default(),
    );
    office.only(Input::Timeout);
    office.only(Input::Heard(Heard::Open {
        tells_changes: true,
    }));
    office.only(Input::Heard(Heard::Status(StatusId::new(ONLINE))));
    assert_eq!(office.view().light, Light::NotConfirmed);
}

#[test]
fn presence_that_takes_effect_a_little_later_still_explains_that_the_agent_is_online() {
    let mut office = swept_for_good();
    office.after(2);
    office.set(ONLINE);
    office.after(5);
    assert_eq!(
        (office.headline().as_str(), office.view().changed_by),
        ("Online", Some(ChangedBy::You))
    );
    assert_eq!(office.offers(), Vec::<String>::new());
}
