//! Stories of timed statuses: they end on time, wherever the agent, the computer and the clock on the wall have been.

use domain::{Action, Code, Notice, OfferCause, Topic, Until};
use engine::Event;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use simulator::{Zendesk, sample};
use system_tests::scenario::{Stage, ada, pass};

use super::{minutes, offers, secs, truth};

async fn at_lunch(zendesk: &Zendesk, until: Until) -> Stage {
    let stage = Stage::lit(zendesk).await;
    let switched = stage.click_until("Lunch", until).await;
    switched.expect("Ada goes to lunch");
    stage
}

fn end(stage: &Stage) -> Timestamp {
    stage.ada().timed.expect("a timed status").until
}

fn announcements(stage: &Stage) -> usize {
    stage
        .notices()
        .iter()
        .filter(|notice| matches!(notice, Notice::Ending(_)))
        .count()
}

#[tokio::test(start_paused = true)]
async fn lunch_for_half_an_hour_is_announced_and_ends_by_itself() {
    let zendesk = Zendesk::default();
    let stage = at_lunch(&zendesk, minutes(30)).await;
    assert_eq!(
        end(&stage).duration_since(zendesk.now()).as_mins(),
        30,
        "by the click, not by the answer"
    );
    assert_eq!(stage.ada().timed.unwrap().back_to.name, "Online");
    pass(secs(27 * 60)).await;
    assert_eq!(
        (announcements(&stage), truth(&zendesk).as_str()),
        (0, "Lunch")
    );
    pass(secs(70)).await;
    assert_eq!(announcements(&stage), 1);
    pass(secs(2 * 60)).await;
    assert_eq!(stage.writes(), [sample::LUNCH, sample::ONLINE]);
    assert_eq!(
        (truth(&zendesk).as_str(), stage.ada().timed),
        ("online", None)
    );
    assert_eq!(stage.withdrawn().last(), Some(&Topic::Ending));
    pass(secs(3600)).await;
    assert_eq!((stage.writes().len(), stage.notices().len()), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hears_of_an_outcome_sees_what_came_of_it() {
    let zendesk = Zendesk::default();
    let stage = Stage::lit(&zendesk).await;
    for click in 0..25 {
        stage.click_until("Lunch", minutes(30)).await.unwrap();
        assert!(stage.ada().timed.is_some(), "click {click}");
        let back = Action::PutBack {
            account: ada().id,
            status: None,
        };
        stage.act(back).await.unwrap();
        let shown = stage.ada();
        assert_eq!(
            (shown.status.unwrap().name.as_str(), shown.timed),
            ("Online", None),
            "click {click}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn extend_by_the_notice_puts_the_end_off_once() {
    let zendesk = Zendesk::default();
    let stage = at_lunch(&zendesk, minutes(30)).await;
    let first = end(&stage);
    pass(secs(29 * 60)).await;
    let extend = || Action::Extend {
        account: ada().id,
        until: first,
    };
    stage.act(extend()).await.unwrap();
    assert_eq!(
        end(&stage).duration_since(first),
        SignedDuration::from_mins(15)
    );
    let again = stage.act(extend()).await;
    assert_eq!(again.unwrap_err().code, Code::NothingToExtend);
    pass(secs(15 * 60)).await;
    assert_eq!((announcements(&stage), stage.writes().len()), (2, 1));
    pass(secs(70)).await;
    assert_eq!(truth(&zendesk), "online");
}

#[tokio::test(start_paused = true)]
async fn a_restart_changes_nothing_about_the_end() {
    let zendesk = Zendesk::default();
    let first = at_lunch(&zendesk, minutes(30)).await;
    let (kept, until) = (first.kept.clone(), end(&first));
    // An engine lives as long as its runtime; asleep it does no more than one that has ended.
    first.events.send(Event::Slept).await.unwrap();
    pass(secs(10 * 60)).await;
    let second = Stage::start(&zendesk, kept);
    let ada = second.until("lit", |ada| ada.timed.is_some()).await;
    assert_eq!(ada.timed.unwrap().until, until);
    pass(secs(20 * 60 + 10)).await;
    assert_eq!(truth(&zendesk), "online");
    assert_eq!(second.writes(), [sample::LUNCH, sample::ONLINE]);
}

#[tokio::test(start_paused = true)]
async fn an_end_slept_through_for_long_is_offered_and_a_short_nap_over_it_is_not_noticed() {
    let zendesk = Zendesk::default();
    let stage = at_lunch(&zendesk, minutes(30)).await;
    let until = end(&stage);
    stage.events.send(Event::Slept).await.unwrap();
    pass(secs(2 * 3600)).await;
    assert_eq!(truth(&zendesk), "Lunch", "asleep, nothing is written");
    stage.events.send(Event::Woke).await.unwrap();
    let ada = stage.until("offered", |ada| ada.offer.is_some()).await;
    let offer = ada.offer.unwrap();
    assert_eq!(
        (offer.because, offer.at),
        (OfferCause::TimedStatusEnded, until)
    );
    assert_eq!((offers(&stage), announcements(&stage)), (1, 0));
    assert_eq!(truth(&zendesk), "Lunch");
    stage
        .act(Action::PutBack {
            account: system_tests::scenario::ada().id,
            status: offer.put_back.map(|status| status.id),
        })
        .await
        .unwrap();
    assert_eq!(truth(&zendesk), "online");

    stage.click_until("Lunch", minutes(30)).await.unwrap();
    pass(secs(28 * 60)).await;
    stage.events.send(Event::Slept).await.unwrap();
    pass(secs(4 * 60)).await;
    stage.events.send(Event::Woke).await.unwrap();
    pass(secs(60)).await;
    assert_eq!(truth(&zendesk), "online");
    assert_eq!(offers(&stage), 1);
}

#[tokio::test(start_paused = true)]
async fn until_a_time_of_day_is_by_the_clock_on_the_wall_where_it_was_chosen() {
    let zendesk = Zendesk::default();
    let stage = Stage::lit(&zendesk).await;
    stage.hang_clock(9);
    let in_an_hour = zendesk.now() + SignedDuration::from_hours(1);
    let shown = in_an_hour.to_zoned(TimeZone::fixed(jiff::tz::offset(9)));
    let time = Time::new(shown.hour(), shown.minute(), 0, 0).unwrap();
    stage
        .click_until("Lunch", Until::Clock(time))
        .await
        .unwrap();
    let until = end(&stage);
    let left = until.duration_since(zendesk.now());
    assert!(
        (59 * 60..=3600).contains(&left.as_secs()),
        "an hour, cut to the minute: {left:?}"
    );
    // A flight, or the last Sunday in October: the moment stays, and the clock calls it otherwise.
    stage.hang_clock(-5);
    pass(secs(30 * 60)).await;
    assert_eq!((end(&stage), truth(&zendesk).as_str()), (until, "Lunch"));
    pass(secs(30 * 60)).await;
    assert_eq!(truth(&zendesk), "online");
    let kept = stage.writes();
    assert_eq!(kept, [sample::LUNCH, sample::ONLINE]);
}

#[tokio::test(start_paused = true)]
async fn a_forced_change_ends_the_time_and_takes_the_announcement_back() {
    let zendesk = Zendesk::default();
    let stage = at_lunch(&zendesk, minutes(30)).await;
    pass(secs(28 * 60 + 30)).await;
    assert_eq!(announcements(&stage), 1);
    zendesk
        .force_status(sample::ADA, sample::OFFLINE, "AGENT_DISCONNECTED")
        .unwrap();
    stage.until("moved", |ada| ada.headline == "Offline").await;
    assert_eq!(stage.ada().timed, None);
    assert!(stage.withdrawn().contains(&Topic::Ending));
    pass(secs(3600)).await;
    assert_eq!(
        stage.writes(),
        [sample::LUNCH],
        "it never comes back to haunt"
    );
}

#[tokio::test(start_paused = true)]
async fn who_signs_out_is_not_told_any_more_that_lunch_ends() {
    let zendesk = Zendesk::default();
    let stage = at_lunch(&zendesk, minutes(30)).await;
    pass(secs(28 * 60 + 10)).await;
    assert_eq!(announcements(&stage), 1);
    assert!(!stage.withdrawn().contains(&Topic::Ending));
    let account = ada().id;
    let removed = stage.act(Action::RemoveAccount { account }).await;
    removed.expect("Ada signs out");
    assert!(stage.withdrawn().contains(&Topic::Ending));
}
