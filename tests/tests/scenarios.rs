//! Stories of one agent's day: the real engine and wire code against the simulator, on a paused clock.

#[path = "scenarios/another_agent.rs"]
mod another_agent;
#[path = "scenarios/everywhere.rs"]
mod everywhere;
#[path = "scenarios/guard.rs"]
mod guard;
#[path = "scenarios/history.rs"]
mod history;
#[path = "scenarios/libredesk.rs"]
mod libredesk;
#[path = "scenarios/renewal.rs"]
mod renewal;
#[path = "scenarios/several.rs"]
mod several;
#[path = "scenarios/signing.rs"]
mod signing;
#[path = "scenarios/snooze.rs"]
mod snooze;
#[path = "scenarios/stories.rs"]
mod stories;
#[path = "scenarios/team.rs"]
mod team;
#[path = "scenarios/timed.rs"]
mod timed;

use std::num::NonZeroU16;
use std::time::Duration;

use domain::{
    AccountView, Action, CallStatus, Certainty, ChangedBy, Code, Light, Link, Notice, StatusKind,
    Topic, Until, Via,
};
use engine::Event;
use simulator::{Fault, FaultRule, MeRefusal, Quota, Readability, Zendesk, sample};
use system_tests::scenario::{KeptThings, Stage, ada, pass};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn minutes(count: u16) -> Until {
    Until::InMinutes(NonZeroU16::new(count).expect("a time of some minutes"))
}

/// The name of the status that Zendesk says Ada has.
fn truth(zendesk: &Zendesk) -> String {
    zendesk
        .current_status(sample::ADA)
        .expect("Ada is an agent")
        .name
}

fn offers(stage: &Stage) -> usize {
    stage
        .notices()
        .iter()
        .filter(|notice| matches!(notice, Notice::Offer(_)))
        .count()
}

#[tokio::test(start_paused = true)]
async fn a_click_becomes_one_write_and_a_confirmed_light() {
    let stage = Stage::lit(&Zendesk::default()).await;
    assert_eq!(stage.ada().light, Light::Status(StatusKind::Online));

    stage.click("Lunch").await.unwrap();

    let ada = stage.ada();
    assert_eq!(ada.status.unwrap().name, "Lunch");
    assert_eq!(
        (ada.certainty, ada.light),
        (Certainty::Confirmed, Light::Status(StatusKind::Away))
    );
    assert_eq!(ada.changed_by, Some(ChangedBy::You));
    assert_eq!(stage.writes(), [sample::LUNCH]);
    pass(secs(600)).await;
    assert_eq!(
        stage.writes(),
        [sample::LUNCH],
        "nothing is ever written without a click"
    );
    assert_eq!(stage.notices(), [], "own changes make no noise");
    assert_eq!(stage.ada().changed_by, Some(ChangedBy::You));
}

#[tokio::test(start_paused = true)]
async fn choosing_the_confirmed_status_writes_nothing() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.click("Online").await.unwrap();
    assert_eq!(stage.writes(), [0u64; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_last_of_three_quick_clicks_wins_and_no_older_one_comes_after_it() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .fault(FaultRule::new(Fault::delay(secs(1))).method("PUT"));
    let (lunch, meeting, away) = tokio::join!(
        stage.click("Lunch"),
        stage.click("In a meeting"),
        stage.click("Away")
    );
    lunch.unwrap();
    assert_eq!(meeting.unwrap_err().code, Code::Overtaken);
    away.unwrap();
    assert_eq!(stage.writes(), [sample::LUNCH, sample::AWAY]);
    assert_eq!(truth(&stage.zendesk), "away");
}

#[tokio::test(start_paused = true)]
async fn an_idle_timeout_is_told_once_and_put_back_writes_once() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();

    let ada = stage
        .until("the light is away", |ada| {
            ada.light == Light::Status(StatusKind::Away)
        })
        .await;
    assert_eq!(ada.changed_by, Some(ChangedBy::Other));
    let offered = ada.offer.unwrap().put_back.unwrap();
    assert_eq!(offered.name, "Online");
    let ada_offered = offered.id;
    pass(secs(300)).await;
    let notices = stage.notices();
    let [Notice::Offer(offer)] = notices.as_slice() else {
        panic!("one notice, not {notices:?}")
    };
    assert_eq!((offer.from.as_str(), offer.to.as_str()), ("Online", "Away"));
    assert!(
        offer.reason_in_words.contains("idle timeout"),
        "{}",
        offer.reason_in_words
    );

    stage
        .act(Action::PutBack {
            account: ada.account,
            status: Some(ada_offered),
        })
        .await
        .unwrap();

    assert_eq!(stage.writes(), [sample::ONLINE]);
    assert_eq!(stage.ada().offer, None);
    assert!(stage.withdrawn().contains(&Topic::Offer));
}

#[tokio::test(start_paused = true)]
async fn keep_writes_nothing_and_ends_the_offer() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    let forced = stage.until("an offer", |ada| ada.offer.is_some()).await;
    let keep = Action::Keep {
        account: forced.account,
        at: forced.offer.unwrap().at,
    };
    stage.act(keep).await.unwrap();
    stage.until("no offer", |ada| ada.offer.is_none()).await;
    assert_eq!(stage.writes(), [0u64; 0]);
    let nothing = stage
        .act(Action::PutBack {
            account: ada().id,
            status: None,
        })
        .await
        .unwrap_err();
    assert_eq!(nothing.code, Code::NothingToPutBack);
}

#[tokio::test(start_paused = true)]
async fn a_switch_in_the_browser_moves_the_light_quietly_and_withdraws_an_open_notice() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    stage.until("an offer", |ada| ada.offer.is_some()).await;

    stage
        .zendesk
        .force_status(sample::ADA, sample::OFFLINE, "AGENT_STATUS_SWITCHER")
        .unwrap();

    let ada = stage
        .until("offline", |ada| {
            ada.light == Light::Status(StatusKind::Offline)
        })
        .await;
    assert_eq!(
        (ada.offer, ada.changed_by),
        (None, Some(ChangedBy::Unknown))
    );
    assert_eq!(offers(&stage), 1);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_retried_until_it_succeeds() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .fault(FaultRule::new(Fault::status(409)).method("PUT").times(2));
    stage.click("Lunch").await.unwrap();
    assert_eq!(stage.writes().len(), 3);
    assert_eq!(truth(&stage.zendesk), "Lunch");
}

#[tokio::test(start_paused = true)]
async fn a_conflict_that_never_ends_is_told_within_35_seconds_and_dropped() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .fault(FaultRule::new(Fault::status(409)).method("PUT"));
    let failure = tokio::time::timeout(secs(35), stage.click("Lunch"))
        .await
        .expect("a clear word")
        .unwrap_err();
    assert_eq!(failure.code, Code::Refused);
    let writes = stage.writes().len();
    stage.zendesk.clear_faults();
    pass(secs(600)).await;
    assert_eq!(
        stage.writes().len(),
        writes,
        "a click that failed never comes back to haunt"
    );
    assert_eq!(stage.ada().failed.unwrap().to.name, "Lunch");
    assert_eq!(stage.ada().light, Light::Status(StatusKind::Online));
}

#[tokio::test(start_paused = true)]
async fn a_short_retry_after_is_waited_for_and_a_long_one_is_told_at_once() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.zendesk.fault(
        FaultRule::new(Fault::Status {
            code: 429,
            retry_after: Some(7),
        })
        .method("PUT")
        .times(1),
    );
    stage.click("Lunch").await.unwrap();
    let puts: Vec<_> = stage
        .zendesk
        .requests()
        .into_iter()
        .filter(|request| request.method == "PUT")
        .collect();
    assert!(
        puts[1].elapsed >= puts[0].elapsed + secs(7),
        "Retry-After wins"
    );

    stage.zendesk.fault(
        FaultRule::new(Fault::Status {
            code: 429,
            retry_after: Some(120),
        })
        .method("PUT")
        .times(1),
    );
    let failure = tokio::time::timeout(secs(1), stage.click("Away"))
        .await
        .expect("at once")
        .unwrap_err();
    assert_eq!(
        (failure.code, failure.retry_after_s),
        (Code::RateLimited, Some(120))
    );
    let before = stage.zendesk.requests().len();
    pass(secs(115)).await;
    assert_eq!(
        stage.zendesk.requests().len(),
        before,
        "no poll before its time"
    );
    stage
        .until("reads go on", |ada| {
            ada.link == Link::Ok && ada.certainty == Certainty::Confirmed
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_applied_before_the_server_failed_is_not_sent_again() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.zendesk.fault(
        FaultRule::new(Fault::status(500))
            .method("PUT")
            .applied()
            .times(1),
    );
    stage.click("Lunch").await.unwrap();
    assert_eq!(stage.writes(), [sample::LUNCH]);
    assert_eq!(stage.ada().status.unwrap().name, "Lunch");
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_lost_is_sent_again_after_a_look() {
    let stage = Stage::lit(&Zendesk::default()).await;
    for fault in [
        Fault::Reset,
        Fault::Hang,
        Fault::status(500),
        Fault::CutJson,
        Fault::Html,
    ] {
        stage
            .zendesk
            .force_status(sample::ADA, sample::ONLINE, "AGENT_STATUS_SWITCHER")
            .unwrap();
        stage
            .until("online", |ada| {
                ada.status
                    .as_ref()
                    .is_some_and(|status| status.name == "Online")
            })
            .await;
        stage.zendesk.clear_requests();
        stage
            .zendesk
            .fault(FaultRule::new(fault.clone()).method("PUT").times(1));
        stage
            .click("Lunch")
            .await
            .unwrap_or_else(|failure| panic!("{fault:?}: {failure:?}"));
        assert_eq!(truth(&stage.zendesk), "Lunch", "{fault:?}");
        let order: Vec<String> = stage
            .zendesk
            .requests()
            .into_iter()
            .map(|request| format!("{} {}", request.method, request.path))
            .filter(|line| !line.contains("agent_statuses/me"))
            .collect();
        assert!(
            order[1].starts_with("GET /api/v2/agent_availabilities/me"),
            "{fault:?}: a look first: {order:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_who_acts_while_a_write_is_in_doubt_is_not_overruled() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .fault(FaultRule::new(Fault::Hang).method("PUT").times(1));
    let click = stage.click("Lunch");
    let supervisor = async {
        pass(secs(5)).await;
        stage
            .zendesk
            .force_status(sample::ADA, sample::MEETING, "MONITORING_ASSISTANT_UPDATE")
            .unwrap();
    };
    let (clicked, ()) = tokio::join!(click, supervisor);
    assert_eq!(clicked.unwrap_err().code, Code::ChangedMeanwhile);
    pass(secs(300)).await;
    assert_eq!(truth(&stage.zendesk), "In a meeting");
    assert_eq!(stage.writes(), [sample::LUNCH]);
    assert_eq!(stage.ada().status.unwrap().name, "In a meeting");
}

#[tokio::test(start_paused = true)]
async fn a_network_that_is_gone_turns_the_light_and_back_again() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.zendesk.fault(Fault::Reset);
    let down = stage
        .until("unreachable", |ada| ada.light == Light::Unreachable)
        .await;
    assert_eq!(
        (down.link, down.certainty),
        (Link::Unreachable, Certainty::Unknown)
    );
    assert_eq!(down.trouble.unwrap().code, Code::Unreachable);
    let failure = tokio::time::timeout(secs(35), stage.click("Lunch"))
        .await
        .expect("a clear word")
        .unwrap_err();
    assert_eq!(failure.code, Code::Unreachable);
    stage.zendesk.clear_faults();
    stage.events.send(Event::NetworkChanged).await.unwrap();
    stage
        .until("confirmed again", |ada| {
            ada.light == Light::Status(StatusKind::Online)
        })
        .await;
    assert_eq!(offers(&stage), 0);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_token_is_told_once_and_ends_all_requests() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.zendesk.revoke_token(sample::ADA_TOKEN);
    stage
        .until("signed out", |ada| ada.light == Light::SignedOut)
        .await;
    pass(secs(1)).await;
    let requests = stage.zendesk.requests().len();
    pass(secs(3600)).await;
    assert_eq!(stage.zendesk.requests().len(), requests);
    let told = stage.notices();
    assert!(
        matches!(told.as_slice(), [Notice::SignedOut(_)]),
        "{told:?}"
    );
    assert_eq!(
        stage.click("Lunch").await.unwrap_err().code,
        Code::SignedOut
    );
}

#[tokio::test(start_paused = true)]
async fn one_401_is_not_a_sign_out() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .fault(FaultRule::new(Fault::status(401)).times(1));
    pass(secs(120)).await;
    assert_eq!(
        (stage.ada().link, stage.ada().certainty),
        (Link::Ok, Certainty::Confirmed)
    );
    assert_eq!(stage.notices(), []);
}

#[tokio::test(start_paused = true)]
async fn with_only_talk_readable_the_light_is_projected_and_a_forced_change_names_the_phone() {
    let zendesk = Zendesk::default();
    zendesk.set_readability(Readability::Nothing, MeRefusal::NotFound);
    let stage = Stage::lit(&zendesk).await;
    assert_eq!(
        (stage.ada().certainty, stage.ada().headline.as_str()),
        (Certainty::Projected, "Phone: Online")
    );

    stage.click("Lunch").await.unwrap();
    pass(secs(60)).await;
    let ada = stage.ada();
    assert_eq!(
        (ada.certainty, ada.headline.as_str()),
        (Certainty::Projected, "Lunch")
    );
    assert_eq!(offers(&stage), 0);

    zendesk
        .force_status(sample::ADA, sample::OFFLINE, "AGENT_DISCONNECTED")
        .unwrap();
    let ada = stage
        .until("the phone is offline", |ada| {
            ada.headline == "Phone: Offline"
        })
        .await;
    assert_eq!(
        (ada.status, ada.light),
        (None, Light::Status(StatusKind::Offline))
    );
    assert_eq!(offers(&stage), 1);
}

#[tokio::test(start_paused = true)]
async fn with_nothing_readable_the_light_is_the_last_write_and_marked_so() {
    let zendesk = Zendesk::default();
    zendesk.set_readability(Readability::Nothing, MeRefusal::Forbidden);
    zendesk.set_talk_seat(sample::ADA, false).unwrap();
    let stage = Stage::start(&zendesk, KeptThings::default());
    let ada = stage
        .until("it is said", |ada| {
            ada.limits.is_some() && !ada.statuses.is_empty()
        })
        .await;
    assert_eq!(
        (ada.light, ada.status, ada.certainty),
        (Light::NotConfirmed, None, Certainty::Unknown)
    );

    stage.click("Lunch").await.unwrap();
    let ada = stage
        .until("assumed", |ada| ada.certainty == Certainty::Assumed)
        .await;
    assert_eq!(
        (ada.light, ada.status.unwrap().name.as_str()),
        (Light::Unconfirmed(StatusKind::Away), "Lunch")
    );
    zendesk
        .force_status(sample::ADA, sample::OFFLINE, "AGENT_LOGOUT")
        .unwrap();
    pass(secs(3600)).await;
    assert_eq!(offers(&stage), 0, "what cannot be read is no forced change");
    assert_eq!(stage.ada().light, Light::Unconfirmed(StatusKind::Away));
}

#[tokio::test(start_paused = true)]
async fn a_status_deleted_meanwhile_is_refused_in_words_and_leaves_the_list() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.zendesk.delete_status(sample::LUNCH).unwrap();
    assert_eq!(
        stage.click("Lunch").await.unwrap_err().code,
        Code::NoSuchStatus
    );
    stage
        .until("it is gone", |ada| {
            ada.statuses.iter().all(|status| status.name != "Lunch")
        })
        .await;
    assert_eq!(stage.ada().light, Light::Status(StatusKind::Online));
}

#[tokio::test(start_paused = true)]
async fn a_status_that_the_groups_no_longer_allow_is_barred_until_the_next_list() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.zendesk.set_groups(sample::ADA, &[]).unwrap();
    assert_eq!(
        stage.click("In a meeting").await.unwrap_err().code,
        Code::NotEligible
    );
    let barred = stage
        .ada()
        .statuses
        .into_iter()
        .find(|status| status.name == "In a meeting")
        .unwrap();
    assert_eq!(barred.eligible, Some(false));
}

#[tokio::test(start_paused = true)]
async fn a_locked_account_is_named_and_comes_back() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.zendesk.lock_account(true);
    stage
        .until("locked", |ada| ada.light == Light::Locked)
        .await;
    assert_eq!(
        stage.click("Lunch").await.unwrap_err().code,
        Code::AccountLocked
    );
    stage.zendesk.lock_account(false);
    stage
        .until("back", |ada| ada.light == Light::Status(StatusKind::Online))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_restart_shows_nothing_remembered_as_current_and_knows_its_own_write() {
    let zendesk = Zendesk::default();
    let first = Stage::lit(&zendesk).await;
    first.click("Lunch").await.unwrap();
    let kept = first.kept.clone();
    drop(first);

    let second = Stage::start(&zendesk, kept);
    assert_eq!(
        (second.ada().light, second.ada().status),
        (Light::NotConfirmed, None)
    );
    let ada = second
        .until("lit", |ada| ada.certainty == Certainty::Confirmed)
        .await;
    assert_eq!(ada.changed_by, Some(ChangedBy::You));
    pass(secs(120)).await;
    assert_eq!(second.notices(), []);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_while_the_screen_is_locked_and_unlocking_reads_at_once() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage.events.send(Event::Locked).await.unwrap();
    pass(secs(1)).await;
    let before = stage.zendesk.requests().len();
    pass(secs(3600)).await;
    assert_eq!(stage.zendesk.requests().len(), before);
    assert_eq!(
        stage.ada().light,
        Light::NotConfirmed,
        "an old word is no confirmation"
    );
    stage.events.send(Event::Unlocked).await.unwrap();
    pass(secs(1)).await;
    assert_eq!(stage.ada().light, Light::Status(StatusKind::Online));
}

#[tokio::test(start_paused = true)]
async fn a_click_that_sleep_interrupts_is_reported_on_waking_and_not_sent_again() {
    let stage = Stage::lit(&Zendesk::default()).await;
    stage
        .zendesk
        .fault(FaultRule::new(Fault::status(409)).method("PUT").times(1));
    let click = stage.click("Lunch");
    let sleep = async {
        pass(Duration::from_millis(500)).await;
        stage.events.send(Event::Slept).await.unwrap();
        pass(secs(8 * 3600)).await;
        stage.events.send(Event::Woke).await.unwrap();
    };
    let (clicked, ()) = tokio::join!(click, sleep);
    assert_eq!(clicked.unwrap_err().code, Code::Slept);
    pass(secs(120)).await;
    assert_eq!(stage.writes(), [sample::LUNCH]);
    assert_eq!(truth(&stage.zendesk), "online");
    assert_eq!(stage.ada().light, Light::Status(StatusKind::Online));
}

#[tokio::test(start_paused = true)]
async fn an_account_at_its_limit_is_read_again_when_it_may_be() {
    let zendesk = Zendesk::default();
    let stage = Stage::lit(&zendesk).await;
    zendesk.set_quota(Quota {
        per_minute: 0,
        headers: true,
        retry_after: true,
    });
    stage
        .until("rate limited", |ada| ada.link == Link::RateLimited)
        .await;
    assert_eq!(
        stage.ada().light,
        Light::Status(StatusKind::Online),
        "one refused read is no doubt yet"
    );
    zendesk.set_quota(Quota {
        per_minute: 200,
        headers: true,
        retry_after: true,
    });
    stage
        .until("read again", |ada| {
            ada.link == Link::Ok && ada.certainty == Certainty::Confirmed
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn five_hundred_statuses_with_awkward_names_are_all_there() {
    let mut account = simulator::Account::default();
    account.add_statuses(500);
    account.add_awkward_statuses();
    let stage = Stage::lit(&Zendesk::new(account)).await;
    assert!(stage.ada().statuses.len() > 500);
}

/// How often the agent was told of other statuses.
fn mode_changes(stage: &Stage) -> usize {
    let is_change = |notice: &Notice| matches!(notice, Notice::ModeChanged(_));
    stage
        .notices()
        .iter()
        .filter(|notice| is_change(notice))
        .count()
}

#[tokio::test(start_paused = true)]
async fn an_account_that_switches_omnichannel_routing_on_is_read_by_its_new_statuses() {
    let zendesk = Zendesk::default();
    zendesk.set_omnichannel(false);
    let stage = Stage::lit(&zendesk).await;
    assert_eq!(stage.ada().statuses.len(), 4);
    zendesk
        .force_status(sample::ADA, sample::MEETING, "AGENT_STATUS_SWITCHER")
        .unwrap();
    zendesk.set_omnichannel(true);
    let refused = stage.click("Away").await.unwrap_err();
    assert_eq!(refused.code, Code::NoSuchStatus, "a clear word");
    stage
        .until("the true status is shown", |ada| {
            ada.certainty == Certainty::Confirmed
                && ada
                    .status
                    .as_ref()
                    .is_some_and(|status| status.id.0 == sample::MEETING.to_string())
        })
        .await;
    stage.click("Lunch").await.unwrap();
    pass(secs(120)).await;
    let ada = stage.ada();
    assert_eq!(ada.status.unwrap().name, "Lunch");
    assert_eq!(
        (ada.certainty, ada.changed_by),
        (Certainty::Confirmed, Some(ChangedBy::You))
    );
    assert_eq!((offers(&stage), mode_changes(&stage)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_switches_omnichannel_routing_off_is_read_by_talks_states() {
    let zendesk = Zendesk::default();
    let stage = Stage::lit(&zendesk).await;
    zendesk.set_omnichannel(false);
    zendesk.set_talk_state(sample::ADA, "away").unwrap();
    let refused = stage.click("Lunch").await.unwrap_err();
    assert_eq!(refused.code, Code::NoSuchStatus, "a clear word");
    stage
        .until("Talk's states are the statuses", |ada| {
            ada.statuses.len() == 4
                && ada.certainty == Certainty::Confirmed
                && ada.headline == "Away"
        })
        .await;
    stage.click("Transfers only").await.unwrap();
    pass(secs(3600)).await;
    assert_eq!(
        zendesk.talk_state(sample::ADA).as_deref(),
        Some("transfers_only")
    );
    assert_eq!((offers(&stage), mode_changes(&stage)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn calls_ring_where_the_agent_says_and_lunch_follows_the_call() {
    for omnichannel in [true, false] {
        let zendesk = Zendesk::default();
        zendesk.set_omnichannel(omnichannel);
        zendesk
            .set_call_status(sample::ADA, Some("on_call"))
            .unwrap();
        let stage = Stage::lit(&zendesk).await;
        let on_call = |ada: &AccountView| {
            ada.phone.as_ref().and_then(|phone| phone.call) == Some(CallStatus::OnCall)
        };
        stage.until("the call is seen", on_call).await;
        let account = ada().id;
        stage
            .act(Action::AnswerBy {
                account: account.clone(),
                via: Via::Phone,
            })
            .await
            .unwrap();
        assert_eq!(zendesk.via(sample::ADA).as_deref(), Some("phone"));
        let away = stage.status("Away");
        stage
            .act(Action::ChooseAfterCall {
                account,
                status: away.clone(),
            })
            .await
            .unwrap();
        pass(secs(300)).await;
        assert_eq!(stage.ada().headline, "Online", "the call goes on");
        zendesk
            .set_call_status(sample::ADA, Some("wrap_up"))
            .unwrap();
        pass(secs(60)).await;
        assert_eq!(stage.ada().headline, "Online", "so does the work after it");
        zendesk.set_call_status(sample::ADA, None).unwrap();
        pass(secs(15)).await;
        let ada = stage.ada();
        assert_eq!(
            (ada.headline.as_str(), ada.certainty),
            ("Away", Certainty::Confirmed),
            "{omnichannel}"
        );
        assert_eq!(stage.notices().len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_moment_in_which_nothing_is_readable_does_not_end_all_reading() {
    let stage = Stage::lit(&Zendesk::default()).await;
    for family in ["/api/v2/agent_availabilities", "/api/v2/channels"] {
        stage.zendesk.fault(
            FaultRule::new(Fault::status(404))
                .method("GET")
                .path(family),
        );
    }
    pass(secs(32)).await;
    stage.zendesk.clear_faults();
    stage
        .zendesk
        .force_status(sample::ADA, sample::AWAY, "AGENT_IDLE_TIMEOUT")
        .unwrap();
    stage
        .until("the light is away", |ada| {
            ada.light == Light::Status(StatusKind::Away)
        })
        .await;
    assert_eq!(offers(&stage), 1);
}

#[tokio::test(start_paused = true)]
async fn a_role_that_gains_the_right_to_read_is_read() {
    let zendesk = Zendesk::default();
    zendesk.set_readability(Readability::Nothing, MeRefusal::Forbidden);
    let stage = Stage::lit(&zendesk).await;
    assert_eq!(stage.ada().certainty, Certainty::Projected);
    zendesk.set_readability(Readability::Me, MeRefusal::NotFound);
    stage
        .until("it is confirmed", |ada| {
            ada.certainty == Certainty::Confirmed
        })
        .await;
}
