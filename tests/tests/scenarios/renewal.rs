//! A browser sign-in that renews itself, for a month of virtual time.

use std::time::Duration;

use domain::{Action, Code, Link, Notice};
use engine::{Config, Event};
use simulator::{Fault, FaultRule, Zendesk, sample};
use system_tests::scenario::{KeptSecrets, Renewals, Stage, allowed, pass};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const TOKENS: &str = "/oauth/tokens";

fn seldom() -> Config {
    Config {
        poll_interval_s: 300,
        ..Config::default()
    }
}

/// Ada, signed in by the browser on `zendesk`, with the light lit.
async fn lit(zendesk: &Zendesk) -> (Stage, KeptSecrets, Renewals) {
    let (secrets, renewals) = (allowed(zendesk).await, Renewals::default());
    let stage = Stage::lit_allowed(zendesk, seldom(), &secrets, &renewals).await;
    (stage, secrets, renewals)
}

/// Requests to the token endpoint since the sign-in.
fn renewals(zendesk: &Zendesk) -> usize {
    let requests = zendesk.requests();
    requests
        .iter()
        .filter(|request| request.path == TOKENS)
        .count()
        - 1
}

fn signed_out(stage: &Stage) -> usize {
    let notices = stage.notices();
    notices
        .iter()
        .filter(|notice| matches!(notice, Notice::SignedOut(_)))
        .count()
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_ends_and_nobody_notices() {
    let zendesk = Zendesk::default();
    let (stage, secrets, _) = lit(&zendesk).await;
    for _ in 0..8 {
        pass(15 * MINUTE).await;
        assert_eq!(stage.ada().link, Link::Ok);
    }
    assert!((4..=5).contains(&secrets.stored()), "{}", secrets.stored());
    let refused = zendesk
        .requests()
        .iter()
        .filter(|request| request.status == Some(401))
        .count();
    assert_eq!(refused, 0);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ended_early_costs_a_click_nothing() {
    let zendesk = Zendesk::default();
    let (stage, secrets, renewing) = lit(&zendesk).await;
    zendesk.end_access_tokens();
    stage.click("Lunch").await.unwrap();
    assert_eq!((secrets.stored(), renewing.most()), (1, 1));
    assert_eq!(zendesk.reused_refresh_tokens(), 0);
    assert_eq!(zendesk.current_status(sample::ADA).unwrap().name, "Lunch");
}

#[tokio::test(start_paused = true)]
async fn a_month_of_work_sleep_and_faults_signs_nobody_out() {
    let zendesk = Zendesk::default();
    let (stage, secrets, renewing) = lit(&zendesk).await;
    let faults = [
        Fault::status(500),
        Fault::status(429),
        Fault::Reset,
        Fault::Hang,
        Fault::Html,
        Fault::status(503),
    ];
    let mut kept = 0;
    for day in 0..30_u32 {
        for hour in 0..12 {
            // Now and then the authorization server is away for one or several tries.
            let fault = &faults[((day * 12 + hour) % 6) as usize];
            if hour % 3 == 1 {
                zendesk.fault(
                    FaultRule::new(fault.clone())
                        .path(TOKENS)
                        .times(1 + day % 4),
                );
            }
            if hour % 4 == 2 {
                zendesk.end_access_tokens();
            }
            pass(HOUR).await;
        }
        zendesk.clear_faults();
        stage.events.send(Event::Slept).await.unwrap();
        pass(12 * HOUR).await;
        stage.events.send(Event::Woke).await.unwrap();
        let _ = stage
            .until("the light is lit after the night", |ada| {
                ada.link == Link::Ok && ada.trouble.is_none()
            })
            .await;
        assert!(secrets.stored() > kept, "nothing was renewed on day {day}");
        kept = secrets.stored();
        zendesk.clear_requests();
    }
    assert_eq!(signed_out(&stage), 0, "needless");
    assert_eq!(renewing.most(), 1, "renewals at once");
    assert_eq!(zendesk.reused_refresh_tokens(), 0);
    // Twelve hours of half-hour tokens a day, renewed after eight tenths of their lives or when they were ended early.
    assert!((700..1200).contains(&kept), "{kept}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_refresh_token_signs_out_once_and_asks_no_more() {
    let zendesk = Zendesk::default();
    let (stage, _, _) = lit(&zendesk).await;
    zendesk.end_grants();
    zendesk.end_access_tokens();
    let _ = stage
        .until("Ada is signed out", |ada| ada.link == Link::SignedOut)
        .await;
    let failure = stage.click("Lunch").await.unwrap_err();
    assert_eq!(failure.code, Code::SignedOut);
    let asked = zendesk.requests().len();
    pass(5 * HOUR).await;
    assert_eq!(zendesk.requests().len(), asked, "nothing loops");
    assert_eq!((signed_out(&stage), renewals(&zendesk)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_after_the_server_renewed_ends_in_one_clear_word() {
    let zendesk = Zendesk::default();
    let (stage, _, _) = lit(&zendesk).await;
    zendesk.fault(FaultRule::new(Fault::Reset).path(TOKENS).times(1).applied());
    zendesk.end_access_tokens();
    let _ = stage
        .until("Ada is signed out", |ada| ada.link == Link::SignedOut)
        .await;
    pass(5 * HOUR).await;
    assert_eq!((signed_out(&stage), renewals(&zendesk)), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn an_authorization_server_that_is_away_is_no_sign_out() {
    let zendesk = Zendesk::default();
    let (stage, _, _) = lit(&zendesk).await;
    zendesk.fault(FaultRule::new(Fault::Reset).path(TOKENS));
    pass(5 * HOUR).await;
    assert_eq!(
        (signed_out(&stage), stage.ada().link),
        (0, Link::Unreachable)
    );
    zendesk.clear_faults();
    let _ = stage.until("it is back", |ada| ada.link == Link::Ok).await;
    assert_eq!(zendesk.reused_refresh_tokens(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_restart_goes_on_with_the_pair_that_was_kept_last() {
    let zendesk = Zendesk::default();
    let (stage, secrets, renewing) = lit(&zendesk).await;
    pass(5 * HOUR).await;
    drop(stage);
    pass(24 * HOUR).await;
    let stage = Stage::start_allowed(&zendesk, seldom(), &secrets, &renewing);
    let _ = stage
        .until("the light is lit again", |ada| ada.as_of.is_some())
        .await;
    assert_eq!(
        (signed_out(&stage), zendesk.reused_refresh_tokens()),
        (0, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_without_being_tokens_asks_to_sign_in() {
    let zendesk = Zendesk::default();
    let secrets = KeptSecrets::holding("no tokens at all");
    let stage = Stage::start_allowed(&zendesk, seldom(), &secrets, &Renewals::default());
    let ada = stage
        .until("Ada is signed out", |ada| ada.link == Link::SignedOut)
        .await;
    assert_eq!(ada.client_id.as_deref(), Some(sample::CLIENT_ID));
    assert_eq!(zendesk.requests().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_passing_refusal_in_the_authorization_servers_own_word_is_no_sign_out() {
    let zendesk = Zendesk::default();
    let (stage, secrets, _) = lit(&zendesk).await;
    zendesk.fault(FaultRule::new(Fault::status(400)).path(TOKENS).times(3));
    zendesk.end_access_tokens();
    pass(5 * HOUR).await;
    assert_eq!((signed_out(&stage), stage.ada().link), (0, Link::Ok));
    assert!(secrets.stored() > 0);
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_is_gone_from_the_keyring_is_written_anew() {
    let zendesk = Zendesk::default();
    let (stage, secrets, _) = lit(&zendesk).await;
    secrets.lose();
    pass(HOUR).await;
    assert_eq!((signed_out(&stage), stage.ada().link), (0, Link::Ok));
    assert!(secrets.stored() > 0);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_under_way_leaves_nothing_behind_after_signing_out() {
    let zendesk = Zendesk::default();
    let (stage, secrets, _) = lit(&zendesk).await;
    zendesk.fault(
        FaultRule::new(Fault::delay(5 * MINUTE))
            .path(TOKENS)
            .times(1)
            .applied(),
    );
    zendesk.end_access_tokens();
    pass(10 * MINUTE).await;
    let account = stage.ada().account;
    let _ = stage.act(Action::RemoveAccount { account }).await;
    pass(HOUR).await;
    assert!(secrets.is_empty());
}

#[tokio::test(start_paused = true)]
async fn tokens_that_could_not_be_saved_are_saved_later_and_still_renewed() {
    let zendesk = Zendesk::default();
    let (stage, secrets, _) = lit(&zendesk).await;
    secrets.refuse_to_store(true);
    zendesk.end_access_tokens();
    pass(10 * MINUTE).await;
    assert_eq!((stage.ada().link, secrets.stored()), (Link::Ok, 0));
    zendesk.end_access_tokens();
    secrets.refuse_to_store(false);
    pass(HOUR).await;
    assert_eq!((signed_out(&stage), stage.ada().link), (0, Link::Ok));
    assert!(secrets.stored() > 1);
    assert_eq!(zendesk.reused_refresh_tokens(), 0);
}
