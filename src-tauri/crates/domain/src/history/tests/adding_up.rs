//! Stretches by day, totals, and what is dropped.

use jiff::tz::TimeZone;

use super::*;

fn stretch(from: &str, until: &str, name: &str) -> Stretch {
    Stretch {
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
        status: named(name),
        confirmed: true,
        changed_by: ChangedBy::You,
        reason: None,
    }
}

fn history(stretches: impl IntoIterator<Item = Stretch>) -> History {
    let mut history = History::default();
    for stretch in stretches {
        history.add(stretch);
    }
    history
}

fn told(days: &[Day]) -> Vec<String> {
    let total = |total: &Total| format!("{} {} s", total.status.name, total.seconds);
    let day = |day: &Day| {
        let totals: Vec<String> = day.totals.iter().map(total).collect();
        format!("{}: {}", day.date, totals.join(", "))
    };
    days.iter().map(day).collect()
}

#[test]
fn a_night_belongs_to_two_days() {
    let days = history([
        stretch("2026-11-23T08:00:00Z", "2026-11-23T17:00:00Z", "Online"),
        stretch("2026-11-23T17:00:00Z", "2026-11-24T08:00:00Z", "Offline"),
        stretch("2026-11-24T08:00:00Z", "2026-11-24T08:00:30Z", "Online"),
    ])
    .days(&TimeZone::get("Europe/Berlin").unwrap());
    assert_eq!(
        told(&days),
        [
            "2026-11-23: Online 32400 s, Offline 21600 s",
            "2026-11-24: Offline 32400 s, Online 30 s"
        ]
    );
}

#[test]
fn the_day_on_which_clocks_go_back_has_25_hours() {
    let days = history([stretch(
        "2026-10-24T22:00:00Z",
        "2026-10-25T23:00:00Z",
        "Offline",
    )])
    .days(&TimeZone::get("Europe/Berlin").unwrap());
    assert_eq!(told(&days), ["2026-10-25: Offline 90000 s"]);
}

#[test]
fn unconfirmed_time_is_added_up_by_itself() {
    let assumed = Stretch {
        confirmed: false,
        ..stretch("2026-11-23T09:00:00Z", "2026-11-23T09:10:00Z", "Online")
    };
    let days = history([
        stretch("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z", "Online"),
        assumed,
    ])
    .days(&TimeZone::UTC);
    let totals = days[0].totals.iter();
    let totals: Vec<_> = totals.map(|it| (it.confirmed, it.seconds)).collect();
    assert_eq!(totals, [(true, 3600), (false, 600)]);
}

#[test]
fn a_stretch_told_again_stands_for_itself_once() {
    let history = history([
        stretch("2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", "Online"),
        stretch("2026-11-23T08:00:00Z", "2026-11-23T08:05:00Z", "Online"),
        stretch("2026-11-23T08:00:00Z", "2026-11-23T08:04:00Z", "Away"),
        stretch("2026-11-23T09:00:00Z", "2026-11-23T08:00:00Z", "Away"),
    ]);
    assert_eq!(history.stretches.len(), 2);
    assert_eq!(history.unreadable, 1, "time does not run backwards");
}

#[test]
fn what_ended_ninety_days_ago_goes_and_the_rest_stays() {
    let mut kept = history([
        stretch("2026-08-20T08:00:00Z", "2026-08-24T08:00:00Z", "Online"),
        stretch("2026-08-24T08:00:00Z", "2026-08-26T08:00:00Z", "Away"),
        stretch("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z", "Online"),
    ]);
    kept.drop_old(at("12:00:00"));
    let names: Vec<_> = kept.stretches.iter().map(|it| &it.status.name).collect();
    assert_eq!(names, ["Away", "Online"]);
}

#[test]
fn a_clock_that_is_years_ahead_for_a_moment_drops_nothing() {
    let whole = history([
        stretch("2026-10-01T08:00:00Z", "2026-10-01T09:00:00Z", "Away"),
        stretch("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z", "Online"),
    ]);
    let mut kept = whole.clone();
    kept.drop_old("2036-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(kept, whole);
}

#[test]
fn what_is_left_after_a_moment_begins_with_it() {
    let left = history([
        stretch("2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z", "Away"),
        stretch("2026-11-23T08:00:00Z", "2026-11-23T10:00:00Z", "Online"),
    ])
    .since(at("09:00:00"));
    assert_eq!(left.stretches.len(), 1);
    assert_eq!(left.stretches[0].from, at("09:00:00"));
}

#[test]
fn what_the_help_desk_gave_as_a_reason_is_told_in_plain_words() {
    let mut forced = stretch("2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z", "Away");
    forced.reason = Some("AGENT_IDLE_TIMEOUT".to_owned());
    let told = history([
        forced,
        stretch("2026-11-23T08:00:00Z", "2026-11-23T10:00:00Z", "Online"),
    ])
    .explained(HelpDeskName::Zendesk);
    assert_eq!(told.reasons.len(), 1);
    assert!(told.reasons["AGENT_IDLE_TIMEOUT"].contains("idle timeout"));
}
